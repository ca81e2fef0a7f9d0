"""The commands that ask: ``lenses`` and ``run``, made from the registration of the lenses."""

import ast
import json
import sys
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from liantu.errors import Problem, Refusal
from liantu.faces.cli.application import Lang, app, note_folder, tell, tell_problems

if TYPE_CHECKING:
    from liantu.faces.words import Words
    from liantu.lens import Lens
    from liantu.parameters import Parameters
    from liantu.result import Result

SHOWN_ROWS = 40
WIDEST = 36


class _Usage(Refusal):
    """A command that is not written as commands are."""


@app.command()
def lenses(
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="With parameters and columns.")
    ] = False,
) -> None:
    """List every lens with the question that it answers."""
    if not as_json:
        for name, question in questions().items():
            typer.echo(f"{name:<20}{question}")
        return
    from liantu.lens import discover  # noqa: PLC0415 - --help needs no lens

    typer.echo(json.dumps([_described(lens) for lens in discover().values()], indent=2))


def questions() -> dict[str, str]:
    """Every lens with its question, read from the files: loading them takes half a second.

    A lens is one file with a function of its name, whose first line is the question.
    """
    found = {}
    for file in files("liantu.lenses").iterdir():
        name = file.name.removesuffix(".py")
        for node in ast.parse(file.read_text("utf-8")).body if file.name != name else ():
            if isinstance(node, ast.FunctionDef) and node.name == name:
                found[name] = (ast.get_docstring(node) or "").split("\n", 1)[0]
    return dict(sorted(found.items()))


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def run(
    context: typer.Context,
    lens: Annotated[str, typer.Argument(metavar="LENS")],
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", "-w", metavar="DIR", callback=note_folder),
    ] = None,
    form: Annotated[Literal["text", "json", "csv", "xlsx"], typer.Option("--format")] = "text",
    lang: Lang = None,
) -> None:
    """Ask a lens; LENS --help lists its parameters."""
    from liantu.faces.bar import bar  # noqa: PLC0415
    from liantu.faces.study import Study  # noqa: PLC0415
    from liantu.faces.words import Words  # noqa: PLC0415
    from liantu.lens import find  # noqa: PLC0415

    if lens in ("--help", "-h") or {"--help", "-h"} & set(context.args):
        typer.echo(context.get_help() if lens.startswith("-") else _help(find(lens)))
        return
    if workspace is None:
        tell("liantu run: give the workspace's folder: -w DIR")
        raise typer.Exit(2)
    study = Study.open(workspace)
    given = given_in(context.args, find(lens).parameters, f"liantu run {lens} --help")
    words = Words(lang or study.language, study.names)
    with bar(words):
        result = study.run(lens, given)
    if form == "text":
        typer.echo(_text(result, words))
        return
    from liantu.faces import render  # noqa: PLC0415

    if form == "json":
        typer.echo(json.dumps(render.result_json(result), ensure_ascii=False, indent=2))
    else:
        written = {"csv": render.result_csv, "xlsx": render.result_xlsx}[form](result, words)
        sys.stdout.buffer.write(written)


def given_in(
    arguments: list[str], parameters: "type[Parameters]", told_by: str
) -> dict[str, Any]:
    """Parameters from ``--name value`` or ``--name=value``; a repeated one is a list.

    A command that is not written so ends with its usage; ``told_by`` says what there is.
    """
    try:
        return _given(arguments, parameters, told_by)
    except _Usage as wrong:
        tell_problems(wrong.problems)
        raise typer.Exit(2) from None


def _given(
    arguments: list[str], parameters: "type[Parameters]", told_by: str
) -> dict[str, Any]:
    from liantu.schema import columns  # noqa: PLC0415

    given: dict[str, list[str]] = {}
    rest = iter(arguments)
    for argument in rest:
        if not argument.startswith("--"):
            raise _Usage(_stray(parameters, argument))
        name, equals, value = argument[2:].partition("=")
        if not equals:
            value = next(rest, "--")
            if value.startswith("--"):
                raise _Usage(_without_value(argument, told_by))
        given.setdefault(name.replace("-", "_"), []).append(value)
    lists = {entry.name for entry in columns(parameters) if entry.is_list}
    repeated = [name for name, values in given.items() if len(values) > 1 and name not in lists]
    if repeated:
        raise _Usage([_twice(name, given[name]) for name in repeated])
    return {name: values if name in lists else values[0] for name, values in given.items()}


def _text(result: "Result", words: "Words") -> str:
    """The findings, what was left out, the summary and the rows, for a terminal."""
    from liantu.faces.grid import is_blank  # noqa: PLC0415
    from liantu.result import say  # noqa: PLC0415
    from liantu.schema import columns  # noqa: PLC0415

    blank = [entry for entry in columns(result.row) if is_blank(result.table, entry)]
    declared = [entry for entry in columns(result.row) if entry not in blank]
    lines = [words.say(finding) for finding in result.findings]
    lines += [words.say(sentence) for sentence in result.answer.left_out]
    lines.append("")
    for entry in result.summary:
        value, unit = words.measured(entry)
        base = f"  {words.say(entry.base)}" if entry.base else ""
        marks = f"  [{entry.synthetic} {words.say('synthetic')}]" if entry.synthetic else ""
        about = f" ({words.label(entry.subject)})" if entry.subject else ""
        lines.append(f"{words.say(entry.title)}{about}: {value} {unit}".rstrip() + base + marks)
    rows = result.table.slice(0, SHOWN_ROWS).to_pylist()
    cells = [[words.cell(row[entry.name], entry) for entry in declared] for row in rows]
    lines += ["", *_aligned([[words.head(entry) for entry in declared], *cells])]
    if (left := result.table.num_rows - len(rows)) > 0:
        lines.append(f"… {left} more rows: --format csv")
    if blank:
        titles = words.say(", ").join(words.say(entry.title) for entry in blank)
        lines.append(
            words.say(
                say("In the files too, without a value in any row: {columns}.", columns=titles)
            )
        )
    stamp = result.provenance.stamp
    sources = ", ".join(result.provenance.sources) or "none"
    lines += ["", f"generation {stamp.generation} {stamp.fingerprint}; sources {sources}"]
    return "\n".join(lines)


def _aligned(rows: list[list[str]]) -> Iterable[str]:
    cut = [
        [cell if len(cell) <= WIDEST else cell[: WIDEST - 1] + "…" for cell in row]
        for row in rows
    ]
    widths = [max(map(_width, cells)) for cells in zip(*cut, strict=True)]
    for row in cut:
        yield "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()


def _width(text: str) -> int:
    """Columns that a text takes on a terminal: a Han character takes two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _help(lens: "Lens") -> str:
    from liantu.schema import columns  # noqa: PLC0415

    lines = [f"liantu run {lens.name} -w DIR [--PARAM VALUE ...]", "", lens.question, ""]
    for entry in columns(lens.parameters):
        default = lens.parameters.model_fields[entry.name].get_default()
        tail = "" if lens.parameters.model_fields[entry.name].is_required() else f" [{default}]"
        lines.append(
            f"  --{entry.name.replace('_', '-'):<14}{entry.meaning} {entry.expected}{tail}"
        )
    return "\n".join([*lines, "", lens.method])


def _described(lens: "Lens") -> dict[str, Any]:
    return {
        "name": lens.name,
        "title": lens.title,
        "group": lens.group,
        "question": lens.question,
        "parameters": lens.parameters.model_json_schema(),
        "row": lens.row.model_json_schema(),
    }


def _stray(parameters: "type[Parameters]", found: str) -> Problem:
    from liantu.schema import columns  # noqa: PLC0415

    names = ", ".join(f"--{entry.name.replace('_', '-')}" for entry in columns(parameters))
    return Problem(
        "stray-argument", "a parameter, as --name value", f'"{found}"', f"use {names}"
    )


def _without_value(found: str, told_by: str) -> Problem:
    return Problem(
        "missing-value",
        f"a value after {found}: every parameter takes one, booleans too",
        "none",
        f"write {found} VALUE; {told_by} lists what each may be",
    )


def _twice(name: str, values: list[str]) -> Problem:
    return Problem(
        "repeated-parameter",
        f"{name} once",
        ", ".join(f'"{value}"' for value in values),
        "keep the one that is meant",
        column=name,
    )
