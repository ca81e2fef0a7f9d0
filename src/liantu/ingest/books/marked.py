"""The process that marks a file: ``python -m liantu.ingest.books.marked FOLDER``.

The folder holds ``job.json``; ``marked.xlsx`` is left in it. A workbook keeps what openpyxl
keeps of it; a CSV file becomes a sheet of its rows as they stand in it.
"""

import json
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell, WriteOnlyCell
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from liantu.errors import Problem
from liantu.ingest.books.marks import Mark, Place, as_text, fit, marks, put, take_back
from liantu.ingest.books.problem_list import add_list
from liantu.ingest.books.sheet_text import sheet_text, sheet_title
from liantu.ingest.bounded import end_with_parent, limit_memory
from liantu.ingest.formats.csv_records import records
from liantu.ingest.formats.kinds import kind
from liantu.ingest.headings.own_sheets import PROBLEMS
from liantu.locale import LANGUAGES, Language, translated

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_MOST_COMMENTS = 10_000


def main(folder: Path) -> None:
    """Mark the file of the job, or list its problems alone where no file is named."""
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    limit_memory(job["memory_bytes"])
    warnings.simplefilter("ignore")  # of parts that openpyxl leaves out
    problems = [Problem(**problem) for problem in job["problems"]]
    path = Path(job["path"]) if job["path"] else None
    is_ = kind(path, path.name) if path else None
    if path and is_ == "xlsx":
        book = _workbook(path, problems, job["language"])
    elif path and is_ == "csv":
        book = _csv(path, problems, job["language"])
    else:
        book = Workbook(write_only=True)
        add_list(book, list(map(Place, problems)), job["language"])
    book.save(folder / "marked.xlsx")


def _workbook(path: Path, problems: Sequence[Problem], language: Language) -> Workbook:
    """The workbook itself, with marks in place of those of an earlier time."""
    book = load_workbook(path, rich_text=True)
    _take_back(book)
    for cell in _cells(book):
        fit(cell)
    pages = {page.title: page for page in book.worksheets}
    places = [_place(item, pages) for item in problems]
    for number, ((sheet, cell), mark) in enumerate(marks(places, language).items()):
        put(pages[sheet][cell], mark, with_comment=number < _MOST_COMMENTS)
    add_list(book, places, language)
    return book


def _take_back(book: Workbook) -> None:
    titles = {translated(PROBLEMS, language) for language in LANGUAGES} & set(book.sheetnames)
    if not titles:
        return
    for title in titles:
        book.remove(book[title])
    for cell in _cells(book):
        if cell.has_style:
            take_back(cell)


def _cells(book: Workbook) -> Iterator[Cell]:
    """Every cell of a workbook but those that are hidden behind merged ones."""
    rows = (row for page in book.worksheets for row in page.iter_rows())
    return (cell for row in rows for cell in row if isinstance(cell, Cell))


def _place(problem: Problem, pages: dict[str, Worksheet]) -> Place:
    """The cell of a problem: of a row its first that is filled, of merged cells the first."""
    page = pages.get(problem.sheet or "") if problem.file else None
    if page is None:
        return Place(problem)
    at = problem.cell or _first_filled(page, problem.row)
    if isinstance(page[at], MergedCell):
        at = next(area.start_cell.coordinate for area in page.merged_cells if at in area)
    return Place(problem, page.title, at)


def _first_filled(page: Worksheet, row: int | None) -> str:
    """The first cell that is filled in a row, or in the sheet where no row is named."""
    rows = page.iter_rows(min_row=row or 1, max_row=row)
    filled = (cell.coordinate for cells in rows for cell in cells if cell.value is not None)
    return next(filled, f"A{row or 1}")


def _csv(path: Path, problems: Sequence[Problem], language: Language) -> Workbook:
    """A new workbook with the rows of the file, each at the number that its problems name."""
    book = Workbook(write_only=True)
    title = sheet_title(path.stem)
    places = [
        Place(item, title, item.cell or f"A{item.row or 1}") if item.file else Place(item)
        for item in problems
    ]
    add_list(book, places, language)
    page = book.create_sheet(title)
    page.freeze_panes = "A2"
    marked: dict[int, dict[int, Mark]] = {}
    for (_, cell), mark in marks(places, language).items():
        row, column = coordinate_to_tuple(cell)
        marked.setdefault(row, {})[column] = mark
    commented = 0
    for row, record in enumerate(records(path), start=1):
        if row > _MOST_ROWS:
            break
        of_row = marked.get(row, {})
        commented += len(of_row)
        page.append(_line(page, record, of_row, with_comment=commented <= _MOST_COMMENTS))
    return book


def _line(
    page: Worksheet, record: Sequence[str], marks_: dict[int, Mark], *, with_comment: bool
) -> list[str | Cell | None]:
    """The cells of a row; only those that are marked, or look like a formula, are dressed."""
    line: list[str | Cell | None] = [_text(page, text) for text in record[:_MOST_COLUMNS]]
    line += [None] * (max(marks_, default=0) - len(line))
    for column, mark in marks_.items():
        cell = WriteOnlyCell(page)
        as_text(cell, record[column - 1] if column <= len(record) else "")
        put(cell, mark, with_comment=with_comment)
        line[column - 1] = cell
    return line


def _text(page: Worksheet, text: str) -> str | Cell | None:
    if not text.startswith(("=", "#")):
        return sheet_text(text) or None
    cell = WriteOnlyCell(page)
    as_text(cell, text)
    return cell


if __name__ == "__main__":
    end_with_parent()
    main(Path(sys.argv[1]))
    # All is written: leave at once, for threads of Arrow that still end may abort a slow exit.
    os._exit(0)
