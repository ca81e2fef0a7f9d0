"""The pairs that an analyst has answered in a file of proposals."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc

from liantu.errors import Problem, Refusal
from liantu.ingest.contents.plain_text import as_text, stripped
from liantu.ingest.formats import csv_text, workbook
from liantu.ingest.formats.kinds import kind
from liantu.ingest.intake import Raw, quoted

HEADS = {
    "same": ("same", "same firm", "同一企业", "是否同一企业"),
    "keep": ("keep", "保留"),
    "drop": ("drop", "并入", "去掉"),
}
_YES = frozenset({"yes", "y", "true", "1", "是", "√", "✓", "对"})
_NO = frozenset({"no", "n", "false", "0", "否", "×", "不是"})  # noqa: RUF001 - as written

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answers:
    """The pairs (kept, dropped) that are the same firm, and those that are not."""

    same: tuple[Pair, ...]
    apart: tuple[Pair, ...]


def confirmed(path: Path) -> Answers:
    """The pairs marked yes, and those marked no; a refusal with every bad cell.

    A row whose ``same`` is blank is left open. Columns may stand in any order, others are not
    looked at.
    """
    read = {"csv": csv_text.sheets, "xlsx": workbook.sheets}.get(kind(path, path.name))
    if read is None:
        raise Refusal(_wrong(path.name, "CSV or XLSX", "another kind of file"))
    sheets = list(read(path, path.name))
    for sheet in sheets:
        places = _places(sheet)
        if len(places) == len(HEADS):
            return _answers(sheet, places)
    found = ", ".join(sheets[0].headers[:8]) if sheets else "nothing"
    raise Refusal(_wrong(path.name, "columns same, keep and drop", quoted(found, 120)))


def _places(sheet: Raw) -> dict[str, int]:
    """Where the columns stand that are needed, those of them that are there."""
    heads = [head.strip().lower() for head in sheet.headers]
    return {
        name: heads.index(head)
        for name, known in HEADS.items()
        for head in known
        if head in heads
    }


def _answers(sheet: Raw, places: dict[str, int]) -> Answers:
    columns = {
        name: pc.fill_null(stripped(as_text(sheet.cells[place])), "").to_pylist()
        for name, place in places.items()
    }
    problems: list[Problem] = []
    said: dict[bool, dict[Pair, int]] = {True: {}, False: {}}
    marks = zip(
        columns["same"], columns["keep"], columns["drop"], sheet.rows.to_pylist(), strict=True
    )
    for same, keep, drop, row in marks:
        wrong = list(_problems((same, keep, drop), sheet, row))
        problems += wrong
        if same and not wrong:
            said[same.lower() in _YES][keep, drop] = row
    problems += _contrary(said, sheet)
    if problems:
        raise Refusal(problems)
    return Answers(tuple(said[True]), tuple(said[False]))


def _problems(cells: tuple[str, str, str], sheet: Raw, row: int) -> Iterator[Problem]:
    same, keep, drop = cells
    if not same:
        return
    if same.lower() not in _YES | _NO:
        words = ("yes or no (是, 否), or a blank", quoted(same), "write yes, no, or nothing")
        yield _at("unknown-choice", words, sheet, (row, "same"))
        return
    for name, value in (("keep", keep), ("drop", drop)):
        if not value:
            words = ("an organisation", "a blank", "write its org_id")
            yield _at("missing-value", words, sheet, (row, name))


def _contrary(said: dict[bool, dict[Pair, int]], sheet: Raw) -> Iterator[Problem]:
    """A problem for each pair that is the same firm in one row, and is not in another."""
    for (keep, drop), row in said[False].items():
        rows = {said[True].get((keep, drop)), said[True].get((drop, keep))} - {None}
        if rows:
            words = (
                f"one answer for {keep} and {drop}",
                f"no, and yes in row {min(filter(None, rows))}",
                "write the one that holds",
            )
            yield _at("unknown-choice", words, sheet, (row, "same"))


def _at(code: str, words: tuple[str, str, str], sheet: Raw, where: tuple[int, str]) -> Problem:
    row, column = where
    file, name = sheet.sheet.file, sheet.sheet.sheet
    return Problem(code, *words, file=file, sheet=name, row=row, column=column)


def _wrong(file: str, expected: str, found: str) -> Problem:
    remedy = "give the file that liantu match --format xlsx or csv wrote, with same filled in"
    return Problem("unreadable-file", expected, found, remedy, file=file)
