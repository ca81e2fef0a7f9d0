"""Files that are either wholly there or not there at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from liantu.errors import Problem, Refusal

ASIDE = ".new-"


def sync(path: Path) -> None:
    """Make what was written to a file or folder outlive a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A name beside ``target`` to write a file or folder under.

    It takes the place of ``target`` in one step when the block ends well, and is removed when
    it does not. What a killed process leaves behind begins with ``ASIDE``.
    """
    aside = target.with_name(f"{ASIDE}{target.name}")
    remove(aside)
    try:
        yield aside
        sync(aside)
        os.replace(aside, target)  # noqa: PTH105 - the tests watch the three calls of os
    except BaseException:
        remove(aside)
        raise
    sync(target.parent)


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """A folder to write files in, which then take their places in ``folder``.

    None does before all are written, and each does in one step. A folder that was not there is
    gone again when the block does not end well.
    """
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / ASIDE
    try:
        remove(aside)
        aside.mkdir()
        yield aside
        written = entries(aside)
        for path in written:
            sync(path)
        for path in written:
            os.replace(path, folder / path.name)  # noqa: PTH105 - as above
        aside.rmdir()
    except BaseException:
        remove(folder if is_new else aside)
        raise
    sync(folder)


def write_text(target: Path, text: str) -> None:
    """Write a small file in one step."""
    with replacing(target) as aside:
        aside.write_text(text, encoding="utf-8")


def remove(path: Path) -> None:
    """Remove a file or folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def entries(folder: Path) -> list[Path]:
    """What lies in a folder, by name; nothing where there is no folder."""
    return sorted(folder.iterdir()) if folder.is_dir() else []


def refuse_occupied(folder: Path) -> None:
    """Refuse a place where something is already."""
    if (folder.exists() or folder.is_symlink()) and not folder.is_dir():
        found = "a file"
    elif entries(folder):
        found = "a folder that is not empty"
    else:
        return
    remedy = "choose another place, or empty it first"
    expected = "a new or empty folder"
    raise Refusal(Problem("not-empty", expected, found, remedy, file=str(folder)))


@contextmanager
def refusing(purpose: str, remedy: str) -> Iterator[None]:
    """Turn a failure of the disk into a refusal in words; ``purpose`` says what was tried."""
    try:
        yield
    except OSError as error:
        known = os.strerror(error.errno) if error.errno else None  # Arrow has words of its own
        reason = known or str(error) or type(error).__name__
        problem = Problem("disk", f"to {purpose}", reason.lower(), remedy, file=_named(error))
        raise Refusal(problem) from error


def _named(error: OSError) -> str | None:
    """The file that could not be written, as it would be called when it is whole."""
    if not isinstance(error.filename, str):
        return None
    return str(Path(*(part.removeprefix(ASIDE) for part in Path(error.filename).parts)))
