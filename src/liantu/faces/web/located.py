"""Where a problem stands in a file, as Excel names cells: F18, from the headers of the file."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from liantu.errors import Problem
from liantu.faces.words import Words
from liantu.ingest.headers import column_names, plain, table_names
from liantu.result import say

_FILE_BYTES = 8 * 2**20
_OPENED_BYTES = 64 * 2**20
_HEADER_LETTERS = 2**20

Headers = Mapping[str | None, Mapping[str, int]]


def cells(problems: Sequence[Problem], paths: Iterable[Path], words: Words) -> list[str]:
    """For each problem its cell where the file says which, else its row, else nothing.

    Files are short here: of a long one the headers are not read again for this.
    """
    wanted = {problem.file for problem in problems if problem.row and problem.column}
    headers = {path.name: _headers(path) for path in paths if path.name in wanted}
    return [_cell(problem, headers, words) for problem in problems]


def in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems in the order of the files, whichever check found them first."""
    sheets = list(dict.fromkeys((problem.file, problem.sheet) for problem in problems))
    return tuple(sorted(problems, key=lambda p: (sheets.index((p.file, p.sheet)), p.row or 0)))


def letters(position: int) -> str:
    """The letters of a column, counted from 0: A, Z, AA."""
    name, rest = "", position + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def _cell(problem: Problem, headers: Mapping[str, Headers], words: Words) -> str:
    if not problem.row:
        return ""
    known = headers.get(problem.file or "", {}).get(problem.sheet, {})
    position = known.get(problem.column or "")
    if position is None:
        return words.say(say("row {row}", row=str(problem.row)))
    return f"{letters(position)}{problem.row}"


def _headers(path: Path) -> Headers:
    """For each sheet of a file, at which position each column stands."""
    try:
        if path.stat().st_size > _FILE_BYTES:
            return {}
        if path.suffix.lower() == ".csv":
            return {None: _positions(path.stem, 0, _first_record(path))}
        return _sheets(path) if path.suffix.lower() == ".xlsx" else {}
    except (OSError, ValueError, csv.Error, BadZipFile, CalamineError):
        return {}


def _first_record(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        line = stream.readline(_HEADER_LETTERS)
    sign = next((sign for sign in ",;\t" if sign in line), ",")
    return next(csv.reader([line], delimiter=sign), [])


def _sheets(path: Path) -> Headers:
    with ZipFile(path) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > _OPENED_BYTES:
            return {}
    found: dict[str | None, Mapping[str, int]] = {}
    with CalamineWorkbook.from_path(str(path)) as book:
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=True, nrows=1) if sheet.start else []
            if rows and sheet.start:
                found[name] = _positions(name, sheet.start[1], [str(cell) for cell in rows[0]])
    return found


def _positions(table: str, first: int, headers: Sequence[str]) -> dict[str, int]:
    """Where each column stands; the first of those with the same name."""
    meant = table_names().get(plain(table))
    known = column_names(meant) if meant else {}
    found: dict[str, int] = {}
    for position, words in enumerate(headers, start=first):
        found.setdefault(known.get(plain(words), words.strip()), position)
    return found
