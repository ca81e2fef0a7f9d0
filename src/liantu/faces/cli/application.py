"""The application of the command line, and what its commands share."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

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


def tell(line: str) -> None:
    """Print a line to standard error."""
    typer.echo(line, err=True)
