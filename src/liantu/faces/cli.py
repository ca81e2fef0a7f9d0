"""The command line: every way to keep a workspace, and to ask it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from liantu.errors import Problem, Refusal

if TYPE_CHECKING:
    from liantu.workspace import Diff

app = typer.Typer(
    name="liantu",
    help="An open observatory of industrial chains.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Folder = Annotated[
    Path, typer.Option("--workspace", "-w", metavar="DIR", help="The workspace's folder.")
]
Language = Literal["en", "zh"]
Lang = Annotated[
    Language | None, typer.Option("--lang", help="Language; the workspace's where not given.")
]


def main() -> None:
    """Run the command; a refusal prints every problem and ends with status 1."""
    try:
        app()
    except Refusal as refusal:
        for problem in refusal.problems:
            _tell(str(problem))
        sys.exit(1)
    except KeyboardInterrupt:
        _tell("stopped; nothing half done is left behind")
        sys.exit(130)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path("zhuzhou"),
    *,
    serve: Annotated[bool, typer.Option(help="Serve the observatory when it is built.")] = True,
    host: str = "127.0.0.1",
    port: int = 8765,
) -> None:
    """Build the example workspace, write its report, and serve it."""
    from liantu.faces.demo import build  # noqa: PLC0415 - each command loads what it needs

    with _work("building the Zhuzhou example"):
        build(folder)
    written = folder / "report.html"
    with _work("writing its report"):
        _write_report(folder, written)
    typer.echo(f"workspace {folder}\nreport    {written}")
    if serve:
        _serve(folder, host, port)


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
    lang: Annotated[Language, typer.Option("--lang", help="Language.")] = "en",
) -> None:
    """Write an empty workbook with a sheet for each table."""
    from liantu.ingest import write_template  # noqa: PLC0415

    write_template(book, lang)
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
) -> None:
    """Take in tables: print what changes and commit it, or print every problem."""
    from liantu.workspace import Workspace  # noqa: PLC0415

    with _work("reading and checking"):
        done = Workspace.open(workspace).import_files(files, dry_run=dry_run, replace=replace)
    for warning in done.warnings:
        _tell(str(warning))
    _print_counts(done.diff)
    if dry_run:
        typer.echo("nothing was written: this was a dry run")
    elif done.generation is None:
        typer.echo("nothing changed: no new generation")
    else:
        typer.echo(f"generation {done.generation.number}")


@app.command()
def undo(workspace: Folder) -> None:
    """Go back to the generation before."""
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
    _print_counts(found)
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
    """Drop old generations and what only they used."""
    from liantu.workspace import Workspace  # noqa: PLC0415

    dropped = Workspace.open(workspace).prune(keep)
    typer.echo(f"dropped {len(dropped)} generations: {', '.join(map(str, dropped)) or 'none'}")


@app.command()
def export(
    workspace: Folder,
    target: Annotated[Path, typer.Argument(metavar="BOOK.xlsx|FOLDER")],
    lang: Annotated[Language, typer.Option("--lang", help="Language of the heads.")] = "en",
) -> None:
    """Write all tables as a workbook, or as a folder of CSV files."""
    from liantu.workspace import Workspace  # noqa: PLC0415

    Workspace.open(workspace).export(target, language=lang)
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


@app.command()
def report(
    workspace: Folder,
    out: Annotated[Path, typer.Option("-o", metavar="FILE.html", help="Where to write it.")],
    lens: Annotated[
        list[str] | None, typer.Option(help="Only this lens; may be repeated.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Write the report: every lens that has something to say, in one file."""
    with _work("writing the report"):
        _write_report(workspace, out, lang, lens)
    typer.echo(f"report {out}")


@app.command()
def serve(
    workspace: Folder,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 8765,
) -> None:
    """Serve the observatory."""
    _serve(workspace, host, port)


def _write_report(
    folder: Path, out: Path, lang: Language | None = None, lenses: list[str] | None = None
) -> None:
    from liantu.faces.report import report_html  # noqa: PLC0415
    from liantu.faces.study import Study  # noqa: PLC0415

    if out.suffix.lower() not in (".html", ".htm"):
        raise Refusal(
            Problem(
                "unknown-report",
                "a report's file to end in .html",
                f'"{out.name}"',
                "write FILE.html; a browser prints it as PDF",
            )
        )
    study = Study.open(folder)
    text = report_html(study, lang or study.language, lenses)
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refusal(
            Problem(
                "unwritable", f"to write {out}", str(error.strerror), "choose another place"
            )
        ) from error


def _serve(folder: Path, host: str, port: int) -> None:
    import socket  # noqa: PLC0415

    import uvicorn  # noqa: PLC0415

    from liantu.faces.study import Study  # noqa: PLC0415
    from liantu.faces.web import app as observatory  # noqa: PLC0415

    served = observatory(Study.open(folder))
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        raise Refusal(
            Problem(
                "address-in-use",
                f"to listen at {host}:{port}",
                str(error.strerror or error),
                "choose another with --port, or stop what listens there",
            )
        ) from error
    typer.echo(f"serving   http://{host}:{port}/   (stop with Ctrl-C)")
    uvicorn.run(served, host=host, port=port, log_level="warning")


def _print_counts(found: "Diff") -> None:
    typer.echo(f"{'table':<20}{'added':>10}{'changed':>10}{'unchanged':>11}{'removed':>10}")
    for name, counts in found.counts.items():
        numbers = (counts.added, counts.changed, counts.unchanged, counts.removed)
        row = "".join(
            f"{n:>{width}}" for n, width in zip(numbers, (10, 10, 11, 10), strict=True)
        )
        typer.echo(f"{name:<20}{row}")


@contextmanager
def _work(doing: str) -> Iterator[None]:
    """Say on standard error what takes its time, where somebody is looking."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415

    with Console(stderr=True).status(doing):
        yield


def _tell(line: str) -> None:
    typer.echo(line, err=True)


from liantu.faces import cli_ask  # noqa: E402, F401 - it adds the commands that ask
