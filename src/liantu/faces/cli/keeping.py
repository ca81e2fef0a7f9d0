"""The commands that keep a workspace: make, fill, go back, copy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liantu.errors import Problem, Refusal
from liantu.faces.cli.application import (
    Folder,
    Lang,
    Language,
    app,
    import_work,
    note_lang,
    tell_problems,
)

if TYPE_CHECKING:
    from liantu.workspace import Diff


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    name: Annotated[
        str | None, typer.Option(help="Name; the folder's where not given.")
    ] = None,
    lang: Annotated[Language, typer.Option("--lang", help="Language.")] = "en",
) -> None:
    """Make an empty workspace in a new folder."""
    from liantu.workspace import Workspace  # noqa: PLC0415

    Workspace.create(folder, name=name or folder.absolute().name, language=lang)
    typer.echo(f"workspace {folder}: set its defaults in {folder / 'workspace.toml'}")


@app.command()
def template(
    book: Annotated[Path, typer.Argument(metavar="BOOK.xlsx")],
    lang: Lang = None,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            "-w",
            metavar="DIR",
            help="A workspace; its identifiers can then be chosen from lists.",
        ),
    ] = None,
) -> None:
    """Write an empty workbook with a sheet for each table."""
    from liantu.ingest import write_template  # noqa: PLC0415
    from liantu.workspace import Workspace  # noqa: PLC0415

    if workspace is None:
        write_template(book, lang or "en")
    else:
        opened = Workspace.open(workspace)
        opened.template(book, language=lang or opened.settings.language)
    typer.echo(f"template {book}")


@app.command(name="import")
def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    workspace: Folder,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show, and change nothing.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take each file as the whole table.")
    ] = False,
    sheet: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORDS=TABLE",
            help="Which table a sheet or file is, such as 企业名录=organisations; - leaves it "
            "out; repeatable.",
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[SHEET!]WORDS=COLUMN",
            help="Which column a header is, such as 登记全称=name_local; - leaves it out; "
            "repeatable.",
        ),
    ] = None,
    mark: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.xlsx",
            help="Where there are problems, write the file again with each marked in its cell, "
            "and a list of them; several files come back as OUT-NAME.xlsx.",
        ),
    ] = None,
    lang: Annotated[
        Language | None,
        typer.Option(
            "--lang",
            help="Language of problems and marks; the workspace's if not given.",
            callback=note_lang,
        ),
    ] = None,
) -> None:
    """Take in tables: print what changes and commit it, or print every problem.

    What --sheet and --column say is remembered in the workspace's settings.
    """
    from liantu.ingest import wording_of  # noqa: PLC0415
    from liantu.workspace import Workspace  # noqa: PLC0415

    opened = Workspace.open(workspace)
    with _marking(files, mark, lang or opened.settings.language) as found:
        with import_work():
            done = opened.import_files(
                files,
                dry_run=dry_run,
                replace=replace,
                wording=wording_of(sheet or (), column or ()),
            )
        found.extend(done.warnings)
    tell_problems(done.warnings)
    print_counts(done.diff)
    if dry_run:
        typer.echo("nothing was written: this was a dry run")
    elif done.generation is None:
        typer.echo("nothing changed: no new generation")
    else:
        typer.echo(f"generation {done.generation.number}")


@contextmanager
def _marking(
    files: list[Path], out: Path | None, language: Language
) -> Iterator["list[Problem]"]:
    """Takes the problems of an import, also those that it is refused for, and marks them."""
    from liantu.ingest import mark, targets  # noqa: PLC0415

    found: list[Problem] = []
    if out is None:
        yield found
        return
    targets(files, out)
    refused: tuple[Problem, ...] = ()
    try:
        yield found
    except Refusal as refusal:
        refused = refusal.problems
    try:
        written = mark(files, [*refused, *found], out, language)
    except Refusal as refusal:
        raise Refusal([*refused, *refusal.problems]) from None
    for path in written:
        typer.echo(f"marked {path}")
    if refused:
        raise Refusal(refused)


@app.command()
def undo(workspace: Folder) -> None:
    """Go back to the generation before; what words were said to mean stays remembered."""
    from liantu.workspace import Workspace  # noqa: PLC0415

    typer.echo(f"generation {Workspace.open(workspace).undo().number}")


@app.command()
def history(workspace: Folder) -> None:
    """List every generation with its time and what it changed."""
    from liantu.workspace import Workspace  # noqa: PLC0415

    opened = Workspace.open(workspace)
    current = opened.generation().number
    for generation in opened.history():
        mark = "*" if generation.number == current else " "
        changed = [
            f"{name} +{counts.added} ~{counts.changed} -{counts.removed}"
            for name, counts in generation.changes.items()
            if not counts.is_empty
        ]
        listed = ", ".join(changed) or "empty"
        typer.echo(
            f"{mark}{generation.number:>5}  {generation.when}  {listed}  {generation.note}"
        )


@app.command()
def diff(
    workspace: Folder,
    start: Annotated[int, typer.Argument(metavar="FROM")],
    end: Annotated[int | None, typer.Argument(metavar="[TO]")] = None,
    limit: Annotated[int, typer.Option(help="At most so many rows of each table.")] = 20,
) -> None:
    """Print what differs between two generations."""
    from liantu.workspace import Workspace  # noqa: PLC0415

    found = Workspace.open(workspace).diff(start, end, limit=limit)
    print_counts(found)
    signs = {"added": "+", "changed": "~", "removed": "-"}
    for change in found:
        key = ", ".join(
            f"{name}={value}" for name, value in change.key.items() if value is not None
        )
        cells = "; ".join(
            f"{name}: {before} -> {after}" for name, (before, after) in change.cells.items()
        )
        typer.echo(
            f"{signs[change.kind]} {change.table} {key}" + (f"  {cells}" if cells else "")
        )


@app.command()
def prune(
    workspace: Folder, keep: Annotated[int, typer.Option(min=1, help="Generations to keep.")]
) -> None:
    """Drop old generations, what only they used, and what long runs kept."""
    from liantu.workspace import Workspace  # noqa: PLC0415

    dropped = Workspace.open(workspace).prune(keep)
    typer.echo(f"dropped {len(dropped)} generations: {', '.join(map(str, dropped)) or 'none'}")


@app.command()
def export(
    workspace: Folder,
    target: Annotated[Path, typer.Argument(metavar="BOOK.xlsx|FOLDER")],
    lang: Lang = None,
) -> None:
    """Write all tables as a workbook, or as a folder of CSV files."""
    from liantu.workspace import Workspace  # noqa: PLC0415

    opened = Workspace.open(workspace)
    opened.export(target, language=lang or opened.settings.language)
    typer.echo(f"export {target}")


@app.command()
def backup(
    workspace: Folder, file: Annotated[Path, typer.Argument(metavar="FILE.tar")]
) -> None:
    """Write the whole workspace, with its history, as one file."""
    from liantu.workspace import Workspace  # noqa: PLC0415

    Workspace.open(workspace).backup(file)
    typer.echo(f"backup {file}")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE.tar")],
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
) -> None:
    """Make a workspace from a backup, in a new folder."""
    from liantu.workspace import restore as restored  # noqa: PLC0415

    typer.echo(f"workspace {folder}, generation {restored(file, folder).generation().number}")


def print_counts(found: "Diff") -> None:
    """Print how many rows of each table differ."""
    typer.echo(f"{'table':<20}{'added':>10}{'changed':>10}{'unchanged':>11}{'removed':>10}")
    for name, counts in found.counts.items():
        numbers = (counts.added, counts.changed, counts.unchanged, counts.removed)
        row = "".join(
            f"{n:>{width}}" for n, width in zip(numbers, (10, 10, 11, 10), strict=True)
        )
        typer.echo(f"{name:<20}{row}")
