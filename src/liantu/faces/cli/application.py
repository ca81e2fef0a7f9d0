"""The application of the command line, and what its commands share."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from liantu.errors import Problem, Refusal

if TYPE_CHECKING:
    from liantu.ingest import Stage

app = typer.Typer(
    name="liantu",
    help="An open observatory of industrial chains.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Language = Literal["en", "zh"]

# What the command was given, which decides the language in which its problems are told.
_folder: ContextVar[Path | None] = ContextVar("folder", default=None)
_lang: ContextVar[Language | None] = ContextVar("lang", default=None)


def note_folder(folder: Path | None) -> Path | None:
    """The workspace's folder as it was given, from now on that of the command."""
    _folder.set(folder)
    return folder


def note_lang(lang: Language | None) -> Language | None:
    """The language as it was given, from now on that of the command."""
    _lang.set(lang)
    return lang


Folder = Annotated[
    Path,
    typer.Option(
        "--workspace",
        "-w",
        metavar="DIR",
        help="The workspace's folder.",
        callback=note_folder,
    ),
]
Lang = Annotated[
    Language | None,
    typer.Option(
        "--lang", help="Language; the workspace's where not given.", callback=note_lang
    ),
]


@contextmanager
def work(doing: str) -> Iterator[None]:
    """Say on standard error what takes its time, where somebody is looking."""
    if not sys.stderr.isatty():
        yield
        return
    from liantu.methods.long_runs import Progress, running  # noqa: PLC0415

    with _drawn(doing) as draw:

        def report(far: Progress) -> None:
            draw(f"{doing}: {far.done:,} of {far.total:,}")

        with running(report=report):
            yield


@contextmanager
def import_work() -> Iterator[None]:
    """Say on standard error how far an import is, where somebody is looking."""
    if not sys.stderr.isatty():
        yield
        return
    from liantu.ingest import reporting  # noqa: PLC0415

    with _drawn("beginning") as draw, reporting(lambda stage: draw(_words(stage))):
        yield


@contextmanager
def _drawn(words: str) -> Iterator[Callable[[str], None]]:
    """A turning sign with words on standard error; other words are drawn the moment they come.

    A stage that is shorter than a turn of the sign is seen, too.
    """
    from rich.console import Console  # noqa: PLC0415
    from rich.live import Live  # noqa: PLC0415
    from rich.spinner import Spinner  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    sign = Spinner("dots", Text(words), style="status.spinner")
    console = Console(stderr=True)
    with Live(sign, console=console, refresh_per_second=12.5, transient=True) as live:

        def draw(words: str) -> None:
            sign.update(text=Text(words))
            live.refresh()

        yield draw


def _words(stage: "Stage") -> str:
    """What an import is doing, and how many rows it has read: ``reading a.csv, 1,200 rows``."""
    doing = f"{stage.doing} {stage.file}" if stage.file else stage.doing
    return f"{doing}, {stage.rows:,} rows" if stage.rows else doing


def tell(line: str) -> None:
    """Print a line to standard error."""
    typer.echo(line, err=True)


def tell_problems(problems: Iterable[Problem]) -> None:
    """Print problems to standard error, each on a line, in the language of the command."""
    from liantu.locale import line  # noqa: PLC0415

    language = _language()
    for problem in problems:
        tell(line(problem, language))


def _language() -> Language:
    """The language that was asked for, else that of the workspace; English where neither is."""
    from liantu.workspace.settings import read_settings  # noqa: PLC0415

    folder = _folder.get()
    if (lang := _lang.get()) or folder is None:
        return lang or "en"
    try:
        return read_settings(folder).language
    except Refusal:
        return "en"
