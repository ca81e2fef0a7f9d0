"""The application of the command line, and what its commands share."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from liantu.ingest import Stage

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


@contextmanager
def work(doing: str) -> Iterator[None]:
    """Say on standard error what takes its time, where somebody is looking."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415

    from liantu.methods.long_runs import Progress, running  # noqa: PLC0415

    with Console(stderr=True).status(doing) as status:

        def report(far: Progress) -> None:
            status.update(f"{doing}: {far.done:,} of {far.total:,}")

        with running(report=report):
            yield


@contextmanager
def import_work() -> Iterator[None]:
    """Say on standard error how far an import is, where somebody is looking."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from liantu.ingest import reporting  # noqa: PLC0415

    with (
        Console(stderr=True).status("beginning") as status,
        reporting(lambda stage: status.update(Text(_words(stage)))),
    ):
        yield


def _words(stage: "Stage") -> str:
    """What an import is doing, and how many rows it has read: ``reading a.csv, 1,200 rows``."""
    doing = f"{stage.doing} {stage.file}" if stage.file else stage.doing
    return f"{doing}, {stage.rows:,} rows" if stage.rows else doing


def tell(line: str) -> None:
    """Print a line to standard error."""
    typer.echo(line, err=True)
