"""A table from a file of JSON lines: one object a line, keyed by column."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from liantu.errors import Problem, Refusal
from liantu.ingest.formats import cells
from liantu.ingest.intake import Raw, Sheet, quoted, refused
from liantu.ingest.many import more, n_listed

_LONGEST, _MOST_COLUMNS = 16 << 20, 1_000


def sheets(path: Path, file: str) -> Iterator[Raw]:
    """The table of a JSON lines file; its rows are numbered by line, from 1."""
    columns: dict[str, list[object]] = {}
    numbers: list[int] = []
    problems: list[Problem] = []
    for number, line in _lines(path, file):
        try:
            row = _row(line)
        except ValueError as error:
            problems.append(_problem(file, number, (line, str(error))))
            continue
        for name in [name for name in row if name not in columns]:
            columns[name] = [None] * len(numbers)
        if len(columns) > _MOST_COLUMNS:
            most = f"at most {_MOST_COLUMNS:,} names in all lines"
            raise _refused(file, number, (most, "more"))
        numbers.append(number)
        for name, column in columns.items():
            column.append(row.get(name))
    if not numbers and not problems:
        words = ("an object a line", "nothing but blanks", "fill it in, or leave it out")
        raise refused(file, "empty-file", words)
    if len(problems) > (shown := n_listed(len(problems))):
        problems[shown:] = [more(len(problems) - shown, "", file, None)]
    yield Raw(
        Sheet(file),
        path.stem,
        tuple(columns),
        tuple(map(cells.array, columns.values())),
        pa.array(numbers, pa.int32()),
        header_row=None,
        problems=tuple(problems),
    )


def _lines(path: Path, file: str) -> Iterator[tuple[int, str]]:
    number = 0
    try:
        with path.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(iter(lambda: stream.readline(_LONGEST), ""), start=1):
                if len(line) == _LONGEST and not line.endswith("\n"):
                    raise _refused(file, number, ("lines of at most 16 MiB", "a longer one"))
                if "\0" in line:
                    raise _refused(file, number, ("text", "a NUL byte"))
                if line.strip():
                    yield number, line
    except UnicodeDecodeError as error:
        # Of what was decoded before, a part of a line is left at most.
        row = number + 1 + error.object[: error.start].count(b"\n")
        found = f"byte 0x{error.object[error.start]:02x}"
        raise _refused(file, row, ("text in UTF-8", found)) from None


def _row(line: str) -> dict[str, object]:
    """The object of a line; refused if it is none, or names a column twice."""
    try:
        row = json.loads(line, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        message = f"{error.msg} at character {error.pos + 1}"
        raise ValueError(message) from None
    except RecursionError:
        message = "too many brackets within brackets"
        raise ValueError(message) from None
    if not isinstance(row, dict):
        message = "no object"
        raise ValueError(message)  # noqa: TRY004 - the caller tells what is wrong with the line
    return row


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    row = dict(pairs)
    if len(row) < len(pairs):
        message = "a name that stands twice"
        raise ValueError(message)
    return row


def _problem(file: str, number: int, found: tuple[str, str]) -> Problem:
    line, wrong = found
    return Problem(
        "unreadable-file",
        'a JSON object, such as {"place_id": "P1", "name": "Park"}',
        f"{quoted(line.strip())}: {wrong}",
        "write one object a line, each name once",
        file=file,
        row=number,
    )


def _refused(file: str, row: int, words: tuple[str, str]) -> Refusal:
    expected, found = words
    remedy = "save the file as UTF-8 text, one object a line"
    return Refusal(Problem("unreadable-file", expected, found, remedy, file=file, row=row))
