"""What nobody needs any more."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from liantu.disk import ASIDE, entries, remove, sync
from liantu.errors import Problem, Refusal
from liantu.workspace.generations import (
    GENERATIONS,
    TABLE_FILES,
    manifest_path,
    named_imports,
    numbers,
    read_generation,
    read_pointer,
    written_numbers,
)
from liantu.workspace.received import IMPORTS, import_folders

KEPT = "kept"  # written by long runs; no generation names anything in it


def drop_old(folder: Path, keep: int) -> list[int]:
    """Drop all but ``keep`` generations, and what long runs kept; the numbers dropped.

    Kept are the one in use and those that undo leads to, then the newest of the others.
    """
    if keep < 1:
        expected = "a number of generations to keep, at least 1"
        raise Refusal(Problem("keep", expected, str(keep), "keep at least the newest"))
    written = numbers(folder)
    line = _line(folder, set(written))
    others = [number for number in reversed(written) if number not in line]
    kept = set([*line, *others][:keep])
    dropped = [number for number in written if number not in kept]
    for number in dropped:
        remove(manifest_path(folder, number))
    sync(folder / GENERATIONS)
    remove(folder / KEPT)
    sweep(folder)
    return dropped


def _line(folder: Path, written: set[int]) -> list[int]:
    """The generation in use, and those that undo leads to one after the other."""
    line: list[int] = []
    number: int | None = read_pointer(folder).number
    while number in written:
        line.append(number)
        number = read_generation(folder, number).parent
    return line


@contextmanager
def swept_after_failure(folder: Path) -> Iterator[None]:
    """Sweep where the block ends badly, so that a full disk has its room back."""
    try:
        yield
    except BaseException:
        with suppress(OSError, Refusal):
            sweep(folder)
        raise


def sweep(folder: Path) -> None:
    """Remove what a killed writer left, and table files and imports that no one names."""
    for place in (folder, folder / GENERATIONS, folder / TABLE_FILES, folder / IMPORTS):
        for path in entries(place):
            if path.name.startswith(ASIDE):
                remove(path)
    last = read_pointer(folder).last
    for number in written_numbers(folder):
        if number > last:
            remove(manifest_path(folder, number))
    generations = [read_generation(folder, number) for number in numbers(folder)]
    named = {file for generation in generations for file in generation.files.values()}
    for path in entries(folder / TABLE_FILES):
        if path not in named:
            remove(path)
    imports = named_imports(generations)
    for number, path in import_folders(folder).items():
        if number not in imports:
            remove(path)
