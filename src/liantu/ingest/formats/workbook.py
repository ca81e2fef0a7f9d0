"""The tables of an Excel workbook, one for each sheet.

A sheet's cells come typed from Excel: text, number, true or false, date. What their reader
would take for a blank cell, an error or a formula without a value, is found beforehand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from liantu.errors import Problem, Refusal
from liantu.ingest.formats import cells
from liantu.ingest.formats.containers import opened
from liantu.ingest.formats.merges import fill_down, merged_warnings
from liantu.ingest.formats.packages import Package, Page, check_parts, described
from liantu.ingest.formats.sheet_scan import MOST_FAULTS, Mark, Scan, scanned
from liantu.ingest.headings.header_search import Span, header_at
from liantu.ingest.headings.own_sheets import is_ours
from liantu.ingest.intake import CellFault, Raw, Sheet, quoted, refused

_HEAD = 30
# What the reader of values knows; at any other error it would stop.
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
_STORE = "open it in Excel and save it once, so that the value is stored"
_WORDS = {
    "stray-cell": ("each cell once, row below row", "open it in Excel and save it again"),
    "error-cell": ("a value", "correct the formula, or write the value"),
    "formula-without-value": ("a formula whose value is stored", _STORE),
    "far-cell": (
        "cells near the table",
        "clear the cell, or delete the rows and columns between",
    ),
}


@dataclass(frozen=True, slots=True)
class _Block:
    """The rows of a sheet that hold anything, with its first row and column, from 0."""

    rows: Sequence[Sequence[object]]
    first: int
    left: int
    merged: Sequence[Span]


def sheets(path: Path, file: str) -> Iterator[Raw]:
    """Every sheet that holds anything, except charts and the template's own sheets.

    The archive is looked through first; a sheet that cannot be read is left out, and refused
    once the others are read.
    """
    container = opened(path, file)
    package = described(container)
    pages = [page for page in package.pages if not is_ours(page.name)]
    check_parts(container, pages)
    scans = [(page, scanned(container, page.part)) for page in pages]
    is_alone = sum(scan.cells > 0 for _, scan in scans) == 1
    notes = list(package.links)
    problems: list[Problem] = []
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for page, scan in scans:
                where = Sheet(file, page.name)
                if unread := _unread(scan, where):
                    problems += unread
                    continue
                raw = _raw(book.get_sheet_by_name(page.name), where, scan)
                if raw is not None:
                    notes += _notes(package, page, scan, where)
                    alone = path.stem if is_alone else None
                    yield replace(raw, problems=(*notes, *raw.problems), book=alone)
                    notes = []
    except PasswordError:
        words = ("a workbook that opens", "a password", "take off the password")
        raise refused(file, "unreadable-file", words) from None
    except (CalamineError, OSError) as error:
        words = ("a whole Excel workbook", quoted(error, 200), "save the workbook again")
        raise refused(file, "unreadable-file", words) from None
    if problems:
        raise Refusal(problems)


def _raw(sheet: CalamineSheet, where: Sheet, scan: Scan) -> Raw | None:
    """The sheet as columns below its header; None if there is nothing in it."""
    block = _block(sheet)
    if block is None:
        return None
    head = [[cells.text(cell) or "" for cell in row] for row in block.rows[:_HEAD]]
    names = (where.sheet or "", Path(where.file).stem)
    at = header_at(head, names, [span for span in block.merged if span[0] < _HEAD])
    begun = at.above + at.height
    body = block.rows[begun:]
    wide = len(block.rows[0])
    values = [list(map(itemgetter(position), body)) for position in range(wide)]
    below = [span for span in block.merged if span[0] >= begun]
    fill_down(values, below, begun)
    header_row = block.first + at.above + 1
    numbers = np.arange(len(body), dtype=np.int32) + np.int32(block.first + begun + 1)
    raw = Raw(
        where,
        where.sheet or "",
        (*at.words, *("",) * (wide - len(at.words)))[:wide],
        tuple(map(cells.array, values)),
        pa.array(numbers),
        header_row=header_row,
        problems=merged_warnings(below, where, (block.first, block.left)),
        first_column=block.left,
        above=at.lines,
    )
    return _with_faults(raw, scan)


def _block(sheet: CalamineSheet) -> _Block | None:
    if sheet.start is None:
        return None
    first, left = sheet.start
    merged = [
        (top - first, start - left, bottom - first, end - left)
        for (top, start), (bottom, end) in sheet.merged_cell_ranges or ()
    ]
    return _Block(sheet.to_python(skip_empty_area=True), first, left, merged)


def _with_faults(raw: Raw, scan: Scan) -> Raw:
    """The table with the cells that are bad; those outside its rows become problems at once."""
    faults: list[CellFault] = []
    problems: list[Problem] = []
    least = raw.rows[0].as_py() if len(raw.rows) else 0
    for mark in scan.marks:
        if 0 < mark.row < (raw.header_row or 0):
            continue
        position = mark.column - 1 - raw.first_column
        is_inside = 0 <= position < len(raw.headers) and 0 <= mark.row - least < len(raw.rows)
        if is_inside:
            faults.append(CellFault(mark.row, position, mark.code, mark.found))
        else:
            problems.append(_problem(mark, raw.sheet))
    return replace(raw, faults=tuple(faults), problems=(*raw.problems, *problems))


def _unread(scan: Scan, where: Sheet) -> list[Problem]:
    """Why a sheet is not given to its reader: a cell far out, or errors it does not know."""
    if cell := scan.far or scan.strayed:
        return [_problem(cell, where)]
    errors = [mark for mark in scan.marks if mark.code == "error-cell"]
    is_known = {mark.found for mark in errors} <= set(map(quoted, _ERRORS))
    return [] if is_known else [_problem(mark, where) for mark in errors]


def _problem(mark: Mark, where: Sheet) -> Problem:
    expected, remedy = _WORDS[mark.code]
    return Problem(
        mark.code,
        expected,
        mark.found,
        remedy,
        file=where.file,
        sheet=where.sheet,
        row=mark.row or None,
        cell=mark.cell,
    )


def _notes(package: Package, page: Page, scan: Scan, where: Sheet) -> list[Problem]:
    """Warnings of what one does not see in a sheet: that it is hidden, or not computed."""
    notes = []
    if page.is_hidden:
        remedy = "the sheet was read; delete it, if it is not meant"
        notes.append(
            _note("hidden-sheet", ("sheets that show", "a hidden sheet", remedy), where)
        )
    has_blank = any(mark.code == "formula-without-value" for mark in scan.marks)
    if package.computes_anew and scan.first_formula and not has_blank:
        words = (
            "formulas with the values that Excel computed",
            "formulas that are to be computed when the workbook is opened",
            f"the stored values were read; {_STORE}",
        )
        note = _note("formula-not-computed", words, where)
        first = scan.first_formula
        notes.append(replace(note, row=first.row, cell=first.cell))
    if len(scan.marks) > MOST_FAULTS:
        notes.append(_more(where))
    return notes


def _more(where: Sheet) -> Problem:
    return Problem(
        "more-problems",
        f"at most {MOST_FAULTS:,} errors and formulas without a value in a sheet",
        "more than that",
        "correct those that are listed, then import again",
        file=where.file,
        sheet=where.sheet,
    )


def _note(code: str, words: tuple[str, str, str], where: Sheet) -> Problem:
    return Problem(code, *words, file=where.file, sheet=where.sheet, severity="warning")
