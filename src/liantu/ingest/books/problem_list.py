"""The sheet of a marked workbook that lists every problem, with a link to its cell."""

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from liantu.ingest.books.marks import Place, as_text
from liantu.ingest.books.sheet_text import width_of
from liantu.ingest.headings.own_sheets import PROBLEMS
from liantu.locale import Language, column_called, told, translated

# What stands above the columns, and how wide they are.
_COLUMNS = {
    "Severity": 10,
    "File": 22,
    "Sheet": 18,
    "Row": 8,
    "Column": 20,
    "Cell": 9,
    "Code": 30,
    "Expected": 44,
    "Found": 40,
    "What to do": 50,
}
_MOST_LINKS = 60_000  # a sheet of Excel holds 65,530
_A4 = 9
_LINE_HEIGHT, _TALLEST = 15, 405  # Excel makes no row taller than 409
_BOLD, _LINK = Font(bold=True), Font(color="FF0563C1", underline="single")
_TOP = Alignment(vertical="top", wrap_text=True)


def add_list(book: Workbook, places: Sequence[Place], language: Language) -> None:
    """Add the list as the first sheet of the book, and open the book there."""
    page: Worksheet = book.create_sheet(translated(PROBLEMS, language), 0)
    for position, width in enumerate(_COLUMNS.values(), start=1):
        page.column_dimensions[get_column_letter(position)].width = width
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(_COLUMNS))}{len(places) + 1}"
    page.append([_cell(page, translated(words, language), _BOLD) for words in _COLUMNS])
    for row, place in enumerate(places, start=2):
        line = _line(page, place, row, language)
        page.append(line)
        page.row_dimensions[row].height = _height(line)
    _print_wide(page)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False  # what is typed would go into all that are


def _height(line: Sequence[Cell]) -> int:
    """How tall a row is in which all that is said can be read."""
    lines = max(
        -(-width_of(str(cell.value or "")) // (width - 1))
        for cell, width in zip(line, _COLUMNS.values(), strict=True)
    )
    return min(_LINE_HEIGHT * max(lines, 1), _TALLEST)


def _print_wide(page: Worksheet) -> None:
    """On paper the list is as wide as a page, with its header on each."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", _A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


def _line(page: Worksheet, place: Place, row: int, language: Language) -> list[Cell]:
    problem = place.problem
    words = (
        translated(problem.severity, language),
        problem.file,
        problem.sheet if problem.file else translated(problem.sheet or "", language),
        None,
        column_called(problem, language),
        place.cell,
        _code(problem.code, language),
        told(problem.expected, language),
        told(problem.found, language),
        told(problem.remedy, language),
    )
    cells = [_cell(page, text or "") for text in words]
    names = list(_COLUMNS)
    if problem.row:
        cells[names.index("Row")] = WriteOnlyCell(page, problem.row)
        cells[names.index("Row")].alignment = _TOP
    if place.sheet and place.cell and row <= _MOST_LINKS:
        at = names.index("Cell")
        location = f"{quote_sheetname(place.sheet)}!{place.cell}"
        cells[at].hyperlink = Hyperlink(ref="", location=location)
        cells[at].hyperlink.ref = f"{get_column_letter(at + 1)}{row}"
        cells[at].font = _LINK
    return cells


def _code(code: str, language: Language) -> str:
    """The code of a problem, behind what it says in the language."""
    said = translated(code, language)
    return code if said == code else f"{said}（{code}）"


def _cell(page: Worksheet, text: str, font: Font | None = None) -> Cell:
    cell = WriteOnlyCell(page)
    if text:
        as_text(cell, text)
    cell.alignment = _TOP
    if font:
        cell.font = font
    return cell
