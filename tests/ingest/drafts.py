"""A file in the making: what stands in each cell, what it means, and what is wrong with it.

A draft knows the truth of every row and where each fault lies, so that rows and columns may be
moved about before anything is written. Addresses are counted only when the file is.
"""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from liantu.locale import translated
from liantu.schema import TABLES, columns

Address = tuple[str | int | None, ...]
_NEVER = "__never computed__"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and the value that Excel stored beside it; None where it stored none."""

    text: str
    value: object


@dataclass(eq=False)
class Line:
    """A row: its cells by the heads they stand under, and what it says if it is data.

    ``faulty`` names the heads under which a problem must be found, "" for the row as a whole.
    """

    cells: dict["Head", object]
    truth: dict[str, object] | None = None
    faulty: set["Head | None"] = field(default_factory=set)


@dataclass(eq=False)
class Head:
    """A column of the file: the column of the table that it means, and the words above it.

    A fault of a head is a problem in the row of the header; ``with_cells`` has its letter.
    """

    name: str | None
    words: str
    is_faulty: bool = False


@dataclass(eq=False)
class Page:
    """One table of the file: title rows, header, rows; and blank columns before them."""

    table: str
    title: str
    heads: list[Head]
    lines: list[Line]
    above: list[list[object]] = field(default_factory=list)
    left: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    # Rows of a CSV file that are written with so many cells more.
    is_faulty: bool = False
    ragged: dict[Line, int] = field(default_factory=dict)

    @property
    def data(self) -> list[Line]:
        return [line for line in self.lines if line.truth is not None]

    @property
    def named(self) -> list[Head]:
        """The columns of the file that mean one of the table."""
        return [head for head in self.heads if head.name]

    def head(self, name: str) -> Head | None:
        return next((head for head in self.heads if head.name == name), None)

    @property
    def header_row(self) -> int:
        return len(self.above) + 1

    def grid(self) -> list[list[object]]:
        """Every row as it is written, titles and header among them."""
        pad: list[object] = [None] * self.left
        rows = [[*pad, *row] for row in self.above]
        rows.append([*pad, *(head.words for head in self.heads)])
        for line in self.lines:
            cells = [*(line.cells.get(head) for head in self.heads), "x"]
            rows.append([*pad, *cells[: len(self.heads) + self.ragged.get(line, 0)]])
        return rows


Kind = Literal["csv", "xlsx"]
Change = Callable[[bytes], bytes]


@dataclass(eq=False)
class Draft:
    """The files of one import, before they are written.

    ``causes`` are codes of which one must be given for a file as a whole. ``stopped`` are
    files whose other faults may stay unseen, because reading ends before them.
    """

    kind: Kind
    language: str
    pages: list[Page]
    encoding: str = "utf-8"
    newline: str = "\n"
    delimiter: str = ","
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL
    changes: dict[Page, list[Change]] = field(default_factory=dict)
    suffix: str | None = None
    causes: dict[Page, frozenset[str]] = field(default_factory=dict)
    stopped: dict[Page, Line] = field(default_factory=dict)
    applied: list[str] = field(default_factory=list)
    extras: Callable[[xlsxwriter.Workbook], None] | None = None

    def page(self, table: str) -> Page | None:
        return next((page for page in self.pages if page.table == table), None)

    def changed(self, page: Page, change: Change) -> None:
        """Change the bytes of the page's file once it is written."""
        self.changes.setdefault(page, []).append(change)

    def file(self, page: Page) -> str:
        """The name of the file in which the page is written."""
        ending = self.suffix or self.kind
        return f"book.{ending}" if self.kind == "xlsx" else f"{page.title}.{ending}"

    def sheet(self, page: Page) -> str | None:
        return page.title if self.kind == "xlsx" else None

    def truth(self) -> dict[str, list[dict[str, object]]]:
        """The rows that must be read, by table, in no order."""
        return {page.table: [line.truth for line in page.data] for page in self.pages}

    def stops(self) -> set[Address]:
        """Where reading of a file must end: file, sheet, row."""
        return {
            (self.file(page), self.sheet(page), page.header_row + 1 + page.lines.index(line))
            for page, line in self.stopped.items()
        }

    @property
    def ended(self) -> list[Page]:
        """The pages of which nothing is read, or not all."""
        return [page for page in self.pages if page in self.causes or page in self.stopped]

    def unjudged(self) -> set[Address]:
        """Faults in references to such pages: they may be told, and need not be."""
        lost = {page.table for page in self.ended}
        faults = [
            (page, line, head)
            for page in self.pages
            for line in page.lines
            for head in line.faulty
            if head and lost & set(_references(page, head))
        ]
        return {self._fault(*fault) for fault in faults}

    def spoilt(self) -> set[object]:
        """What stood in a cell before it was made faulty, to which other rows may refer."""
        lines = [line for page in self.pages for line in page.data]
        return {line.truth[head.name] for line in lines for head in line.faulty if head}

    def _fault(self, page: Page, line: Line, head: Head | None) -> Address:
        row = page.header_row + 1 + page.lines.index(line)
        cell = head and _cell(row, page.left + page.heads.index(head))
        return self.file(page), self.sheet(page), row, cell

    def faults(self) -> set[Address]:
        """Every place at which a problem must be found: file, sheet, row, cell as in Excel."""
        found: set[Address] = set()
        for page in self.pages:
            if page in self.ended:
                continue
            file, sheet = self.file(page), self.sheet(page)
            if page.is_faulty:
                found.add((file, sheet, None, None))
                continue
            header = page.header_row
            for position, head in enumerate(page.heads):
                if head.is_faulty:
                    found.add((file, sheet, header, _cell(header, page.left + position)))
            for line in page.lines:
                found |= {self._fault(page, line, head) for head in line.faulty}
        return found

    def write(self, folder: Path) -> list[Path]:
        """Write the files into a folder that is new."""
        if self.kind == "xlsx":
            path = folder / self.file(self.pages[0])
            made = _workbook(self)
            for page in self.pages:
                for change in self.changes.get(page, []):
                    made = change(made)
            path.write_bytes(made)
            return [path]
        paths = []
        for page in self.pages:
            made = _text(self, page).encode(self.encoding)
            for change in self.changes.get(page, []):
                made = change(made)
            paths.append(folder / self.file(page))
            paths[-1].write_bytes(made)
        return paths


def page_of(table: str, rows: list[dict[str, Any]], language: str, *, kind: Kind) -> Page:
    """A page that says the rows as a careful person would write them."""
    entries = {entry.name: entry for entry in columns(TABLES[table])}
    names = [name for name in entries if any(row.get(name) is not None for row in rows)]
    heads = [Head(name, heading(table, name, language)) for name in names]
    lines = []
    for row in rows:
        truth = {name: row.get(name) for name in names}
        cells = {
            head: written(truth[head.name], table, head.name, language, kind=kind)
            for head in heads
        }
        lines.append(Line(cells, truth))
    return Page(table, translated(table, language), heads, lines)


def _references(page: Page, head: Head) -> tuple[str, ...]:
    """The tables to which a column refers."""
    entries = columns(TABLES[page.table])
    return next((entry.references for entry in entries if entry.name == head.name), ())


def heading(table: str, name: str, language: str) -> str:
    """The words above a column, as the template writes them."""
    entry = next(entry for entry in columns(TABLES[table]) if entry.name == name)
    return name if language == "en" else translated(entry.title, language)


def written(value: object, table: str, name: str, language: str, *, kind: Kind) -> object:
    """A value as one would write it: in a workbook typed, in text plain."""
    entry = next(entry for entry in columns(TABLES[table]) if entry.name == name)
    if value is None:
        return None
    if entry.choices:
        return translated(str(value), language)
    if isinstance(value, bool):
        return {"en": ("no", "yes"), "zh": ("否", "是")}[language][value]
    if kind == "csv":
        return plain(value)
    return value


def plain(value: object) -> str:
    """A value as text, with every digit."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _cell(row: int, column: int) -> str:
    return str(xl_rowcol_to_cell(row - 1, column))


def _text(draft: Draft, page: Page) -> str:
    wide = max(len(page.heads), *(len(row) for row in page.above), 0)
    lines = []
    for number, row in enumerate(page.grid(), -page.header_row):
        cells = ["" if cell is None else plain(cell) for cell in row]
        is_ragged = 0 <= number < len(page.lines) and page.lines[number] in page.ragged
        lines.append(_line(draft, cells if is_ragged else cells + [""] * (wide - len(cells))))
    return "".join(lines)


def _line(draft: Draft, cells: list[str]) -> str:
    """A row of CSV, in which line breaks of every kind stand in quotes."""
    stream = io.StringIO()
    signs = {"delimiter": draft.delimiter, "quoting": draft.quoting}
    csv.writer(stream, lineterminator="\r\n", **signs).writerow(cells)
    return stream.getvalue().removesuffix("\r\n") + draft.newline


def _workbook(draft: Draft) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for page in draft.pages:
            sheet = book.add_worksheet(page.title)
            for row, cells in enumerate(page.grid()):
                for position, cell in enumerate(cells):
                    _put(sheet, (row, position), cell, day)
            for first_row, first, last_row, last in page.merged:
                cell = page.grid()[first_row][first]
                sheet.merge_range(first_row, first, last_row, last, cell)
        if draft.extras:
            draft.extras(book)
    return _without_values(stream.getvalue())


def _put(sheet: Any, place: tuple[int, int], cell: object, day: Any) -> None:
    if isinstance(cell, Formula):
        value = _NEVER if cell.value is None else cell.value
        sheet.write_formula(*place, cell.text, None, value)
    elif isinstance(cell, str):
        sheet.write_string(*place, cell)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(*place, cell, day)
    elif cell is not None:
        sheet.write(*place, cell)


def _without_values(made: bytes) -> bytes:
    """The workbook with formulas that were never computed as other programs write them."""
    mark = f"<v>{_NEVER}</v>".encode()
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in source.namelist():
            content = source.read(name)
            while mark in content:
                before, after = content.split(mark, 1)
                head, tail = before.rsplit(b"<c ", 1)
                content = head + b"<c " + tail.replace(b' t="str"', b"") + after
            copy.writestr(name, content)
    return target.getvalue()
