"""Write the generated pages of docs/: the schema, a page for each lens, commands, problems.

``python docs/generate.py`` builds the worked example, asks every lens its example, and writes
what it finds; tests/test_docs.py holds the files to it.
"""

import ast
import inspect
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import typer.main

import liantu
from liantu.faces import demo
from liantu.faces.cli import app
from liantu.faces.study import Study
from liantu.faces.words import Words
from liantu.ingest.codes import CODES
from liantu.lens import Lens, discover
from liantu.result import Entry
from liantu.schema import TABLES, Column, Table, columns

DOCS = Path(__file__).parent
SOURCE = Path(inspect.getfile(liantu)).parent
NOTE = "<!-- Written by docs/generate.py; change the code it describes instead. -->"


def pages(study: Study) -> dict[str, str]:
    """The text of every generated page, by its path under docs/."""
    found = {
        "schema.md": schema_page(),
        "commands.md": commands_page(),
        "python.md": python_page(),
        "problems.md": problems_page(),
    }
    lenses = {f"lenses/{lens.name}.md": lens_page(lens, study) for lens in discover().values()}
    return found | lenses | {"lenses/README.md": lenses_page()}


# The schema.


def schema_page() -> str:
    """Every table with its columns."""
    listed = [[f"[{name}](#{name})", _line(table)] for name, table in TABLES.items()]
    return _page(
        "Tables",
        "A table is a worksheet, a CSV file named after it, and a class in `liantu.schema`. "
        "Column names are the same in every format; the template has them in Chinese too.",
        "A key column names the row: rows with the same key replace each other. Required "
        "columns must be there and filled. Every table may also have `source_id` and `evidence`.",
        _grid(["Table", "One row is"], listed),
        *(_table_part(name, table) for name, table in TABLES.items()),
    )


def _table_part(name: str, table: type[Table]) -> str:
    rows = [
        [
            f"`{entry.name}`",
            entry.type,
            entry.unit or "",
            "key" if entry.key and entry.nullable else "key, required" if entry.key
            else "" if entry.nullable else "required",
            entry.meaning + _allowed(entry),
        ]
        for entry in columns(table)
    ]  # fmt: skip
    return f"## {name}\n\n{_line(table)}\n\n" + _grid(
        ["Column", "Type", "Unit", "", "Meaning"], rows
    )


def _allowed(entry: Column) -> str:
    """What may stand in a column, as far as its meaning does not say."""
    bounds = [
        f"{word} {limit:g}"
        for limit, word in (
            (entry.above, "above"),
            (entry.minimum, "at least"),
            (entry.maximum, "at most"),
        )
        if limit is not None
    ]
    choices = ", ".join(f"`{choice}`" for choice in entry.choices)
    said = [f"One of {choices}."] if choices else []
    said += [f"{', '.join(bounds).capitalize()}."] if bounds else []
    if entry.references:
        tables = " or ".join(f"[{name}](#{name})" for name in entry.references)
        which = f", as `{entry.depends_on}` says" if entry.depends_on else ""
        said.append(f"Refers to {tables}{which}.")
    return "".join(f" {sentence}" for sentence in said)


# Lenses.


def lenses_page() -> str:
    """Every lens with its question, by group."""
    listed = sorted(discover().values(), key=lambda lens: (lens.group, lens.name))
    rows = [[lens.group, f"[{lens.name}]({lens.name}.md)", lens.question] for lens in listed]
    return _page("Lenses", _grid(["group", "lens", "question"], rows))


def lens_page(lens: Lens, study: Study) -> str:
    """One lens: what it asks, with which parameters, what it answers and how."""
    result = study.run(lens.name, lens.example)
    words = Words("en", study.names)
    flags = "".join(
        f" --{name.replace('_', '-')} {','.join(value) if isinstance(value, list) else value}"
        for name, value in lens.example.items()
    )
    answered = "\n".join(f"> {words.say(finding)}\n>" for finding in result.findings)
    return _page(
        lens.title,
        f"**{lens.question}**",
        "## Example",
        f"```sh\nliantu run {lens.name} -w zhuzhou{flags}\n```",
        "On the worked example, generated rows included and marked, it finds:",
        answered.removesuffix("\n>"),
        "## How it is computed",
        lens.method,
        "## Parameters",
        _grid(["Parameter", "Type", "Unit", "Without it", "Meaning"], _parameter_rows(lens)),
        "## Columns",
        _grid(["Column", "Type", "Unit", "Meaning"], list(map(_column_row, columns(lens.row)))),
        "## Numbers in the summary",
        _grid(["Name", "Unit", "What it is, here"], _summary_rows(result.summary, words)),
    )


def _parameter_rows(lens: Lens) -> Iterator[list[str]]:
    for entry in columns(lens.parameters):
        field = lens.parameters.model_fields[entry.name]
        default = field.get_default()
        without = (
            "the workspace's default"
            if field.is_required()
            else "none"
            if default in (None, [])
            else f"`{str(default).lower() if isinstance(default, bool) else default}`"
        )
        meaning = entry.meaning + _allowed(entry).replace("(#", "(../schema.md#")
        kind = f"list of {entry.type}" if entry.is_list else entry.type
        yield [f"`{entry.name}`", kind, entry.unit or "", without, meaning]


def _column_row(entry: Column) -> list[str]:
    kind = f"list of {entry.type}" if entry.is_list else entry.type
    meaning = entry.meaning + _allowed(entry).replace("(#", "(../schema.md#")
    return [f"`{entry.name}`", kind, entry.unit or "", meaning]


def _summary_rows(summary: Sequence[Entry], words: Words) -> Iterator[list[str]]:
    seen: set[str] = set()
    for entry in summary:
        if entry.name not in seen:
            seen.add(entry.name)
            yield [f"`{entry.name}`", entry.unit or "", words.say(entry.title)]


# Commands and Python.


def commands_page() -> str:
    """Every command with its arguments and options."""
    group = typer.main.get_group(app)
    return _page(
        "Commands",
        "Results go to standard output, everything else to standard error. Exit codes: 0 done, "
        "1 refused with Problems on standard error, 2 wrong usage.",
        *(_command_part(name, command) for name, command in group.commands.items()),
    )


def _command_part(name: str, command: click.Command) -> str:
    usage = [f"liantu {name}"]
    rows = []
    for entry in command.params:
        if entry.param_type_name == "argument":
            usage.append(str(entry.metavar or entry.name))
        elif entry.name != "help":
            names = ", ".join(f"`{flag}`" for flag in (*entry.opts, *entry.secondary_opts))
            if entry.required:
                usage.append(f"{entry.opts[-1]} {entry.metavar or (entry.name or '').upper()}")
            rows.append([names, "required" if entry.required else "", entry.help or ""])
    if name == "run":
        usage.append("[--PARAM VALUE ...]")
    parts = [f"## {name}", command.help or "", f"```\n{' '.join(usage)}\n```"]
    if rows:
        parts.append(_grid(["Option", "", "What it is"], rows))
    return "\n\n".join(parts)


def python_page() -> str:
    """Every public name of the package."""
    parts = []
    for name in liantu.__all__:
        thing = getattr(liantu, name)
        signature = str(inspect.signature(thing))
        shown = f"```python\n{name}{signature}\n```"
        parts += [f"## liantu.{name}", shown, inspect.getdoc(thing) or ""]
        if inspect.isclass(thing) and not issubclass(thing, Exception):
            parts += [_method_part(name, *method) for method in _methods(thing)]
    return _page("Python", "What `import liantu` offers.", *parts)


def _methods(thing: type) -> Iterator[tuple[str, object]]:
    for name, member in vars(thing).items():
        if not name.startswith("_") and (callable(member) or isinstance(member, classmethod)):
            yield name, getattr(thing, name)


def _method_part(owner: str, name: str, method: object) -> str:
    first = (inspect.getdoc(method) or "").splitlines()[0]
    return f"- `{owner}.{name}`: {first}"


# Problems.


def problems_page() -> str:
    """Every stable code, with what it means or what was expected."""
    imports = [[f"`{code}`", meaning] for code, meaning in sorted(CODES.items())]
    others = [
        [f"`{code}`", expected]
        for code, expected in sorted(_raised().items())
        if code not in CODES
    ]
    return _page(
        "Problems",
        "Every refusal carries all its Problems, each with a code that stays the same, so that "
        "a script may rely on it: on the command line as `address code: expected; found; what to "
        "do`, over HTTP as JSON with status 422 (404 for what does not exist).",
        "## In files that are imported",
        _grid(["Code", "Meaning"], imports),
        "## Elsewhere",
        "… stands for what depends on the question.",
        _grid(["Code", "Expected"], others),
    )


def _raised() -> dict[str, str]:
    """The codes that the source refuses with, each with what it expects."""
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Problem":
                given = dict(zip(("code", "expected"), node.args, strict=False)) | {
                    word.arg: word.value for word in node.keywords if word.arg
                }
                for code in _codes(given.get("code")):
                    found.setdefault(code, _literal(given.get("expected")))
    return found


def _codes(node: ast.expr | None) -> list[str]:
    """The texts that an expression may be, where it is written out."""
    if isinstance(node, ast.IfExp):
        return _codes(node.body) + _codes(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and node.value else []


def _literal(node: ast.expr | None) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_literal(part) for part in node.values)
    return "…"


# Markdown.


def _line(table: type[Table]) -> str:
    return (inspect.getdoc(table) or "").splitlines()[0]


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", NOTE, *parts]) + "\n"


def _grid(head: list[str], rows: Sequence[list[str]] | Iterator[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |"
        for line in lines
    )


def main() -> None:
    """Write every page, and take away pages of lenses that are gone."""
    with tempfile.TemporaryDirectory() as folder:
        demo.build(Path(folder) / "zhuzhou")
        study = Study.open(Path(folder) / "zhuzhou")
        found = pages(study)
        study.close()
    (DOCS / "lenses").mkdir(exist_ok=True)
    for path in (DOCS / "lenses").glob("*.md"):
        if f"lenses/{path.name}" not in found:
            path.unlink()
    for name, text in found.items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
