"""One pass over the XML of a worksheet, for what a reader of its values does not tell.

Where errors stand (#REF!), and formulas that no value is stored for; how many cells there are
and how far out the last of them lies, so that one cell in the last row and column of Excel is
found before anybody makes room for all the cells between.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from liantu.ingest.formats.containers import MOST_CELLS, Container
from liantu.ingest.intake import quoted, refused

MOST_AREA, MOST_FAULTS = 2 * MOST_CELLS, 10_000
_LONGEST_GAP, _LONGEST_ROW, _PAD = 96 << 20, 8 << 20, 16
_WIDE, _SPARSE = 1_000, 100
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
# No pattern passes over a "<", so that none can be made to go through the same text again.
_CELL = rb"<(?:\w+:)?c\s([^<>]*)>\s*"
_F = rb"<(?:\w+:)?f(?:(?:\s[^<>]*)?/>|(?:\s[^<>]*)?>([^<]*)</(?:\w+:)?f>)\s*"
_BLANK_V = rb"(?:(<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"
_ADDRESSED = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]*?\s)?r=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_IS_ERROR = re.compile(rb"\st=[\"']e[\"']")
_ERROR = re.compile(_CELL + rb"(?:" + _F + rb")?<(?:\w+:)?v>([^<]*)</")
_ENDS_UNVALUED = re.compile(rb"(?:f>|<(?:\w+:)?f(?:\s[^<>]*)?/>)\s*" + _BLANK_V)
_UNVALUED = re.compile(_CELL + _F + _BLANK_V)
_FORMATTED = re.compile(rb"<(?:\w+:)?c\s[^<>]*/>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_MOST_TRIED, _LONGEST_CELL = 100_000, 1 << 16


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell that its reader would take for blank: row and column from 1, and what it holds.

    Both are 0 where the cell goes without its address.
    """

    row: int
    column: int
    code: str
    found: str

    @property
    def cell(self) -> str | None:
        """The cell as Excel names it, such as F18."""
        return xl_rowcol_to_cell(self.row - 1, self.column - 1) if self.row else None


@dataclass(slots=True)
class Scan:
    """What was found in a worksheet.

    ``far`` is a cell too far out to be read, and ``strayed`` one that stands twice or below
    later rows, so that its reader would lose one of the two, if any.
    """

    cells: int = 0
    marks: list[Mark] = field(default_factory=list)
    first_formula: Mark | None = None
    far: Mark | None = None
    strayed: Mark | None = None
    most_row: int = 0
    most_column: int = 0
    tried: int = 0


def scanned(container: Container, part: str) -> Scan:
    """The worksheet gone through once; refused where it has more cells than are read."""
    scan = Scan()
    gap, last, has_strayed = 0, 0, False
    for rows in _by_rows(container, part):
        columns, numbers = _references(rows)
        count = len(columns)
        if count * _SPARSE < len(rows):  # cells may go without their address
            count = max(count, rows.count(b"v>") // 2)
        scan.cells += count
        gap = 0 if count else gap + len(rows)
        if gap > _LONGEST_GAP:
            words = ("cells of a table", f"{gap >> 20} MiB without one", "save it again")
            raise refused(container.file, "too-large", words)
        if scan.cells > MOST_CELLS:
            raise _too_many(container.file)
        if len(columns):
            places = np.append(last, numbers * np.int64(1 << 14) + columns)
            has_strayed |= bool((places[1:] <= places[:-1]).any())
            last = int(places[-1])
            scan.most_row = max(scan.most_row, int(numbers.max()))
            scan.most_column = max(scan.most_column, int(columns.max()))
        _mark(scan, rows)
    if scan.most_row * scan.most_column > MOST_AREA:
        scan.far = _far(container, part)
    if has_strayed:  # or words in a cell look like an address
        scan.strayed = _strayed(container, part)
    return scan


def _by_rows(container: Container, part: str) -> Iterator[bytes]:
    """The part in pieces that end where a row ends, or a tag begins if a row is very long."""
    left = b""
    for chunk in container.chunks(part):
        whole = left + chunk
        cut = whole.rfind(b"row>") + 4
        if cut < 4 and len(whole) > _LONGEST_ROW:
            cut = max(whole.rfind(b"<"), 0) or len(whole)
        if cut < 4:
            left = whole
            continue
        yield whole[:cut]
        left = whole[cut:]
    if left:
        yield left


def _references(rows: bytes) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Column and row of every cell that names them, counted from 1."""
    signs = np.frombuffer(rows + bytes(_PAD), np.uint8)
    blank, r, equal, quote = (signs[k : len(signs) - _PAD + k] for k in range(4))
    # 5 is what tells the two quotes apart.
    found = (r == ord("r")) & (equal == ord("=")) & ((quote | 5) == ord("'")) & (blank <= 32)
    at = np.flatnonzero(found) + 4
    at = at[signs[at] - np.uint8(65) < 26]
    column = (signs[at] - np.uint8(64)).astype(np.int32)
    at += 1
    for _ in range(2):
        letter = signs[at] - np.uint8(64)
        is_letter = (letter >= 1) & (letter <= 26)
        if not is_letter.any():
            break
        column = np.where(is_letter, column * 26 + letter, column)
        at += is_letter
    number = np.zeros(len(at), np.int32)
    for _ in range(7):
        digit = signs[at] - np.uint8(48)
        is_digit = digit < 10
        if is_digit.all():
            number = number * 10 + digit
            at += 1
            continue
        if not is_digit.any():
            break
        number = np.where(is_digit, number * 10 + digit, number)
        at += is_digit
    return column, number


def _mark(scan: Scan, rows: bytes) -> None:
    """Note errors and formulas; only a piece that has any is looked at more closely."""
    if b"#" in rows:
        for match in _cells(scan, rows, _IS_ERROR, _ERROR):
            _note(scan, match, "error-cell", quoted(_words(match[3])))
    is_prefixed = b"</row>" not in rows
    if b"<f" not in rows and not (is_prefixed and b":f" in rows):
        return
    if scan.first_formula is None and (begins := _FORMULA.search(rows)):
        before = list(_REFERENCE.finditer(rows, 0, begins.start()))
        scan.first_formula = _at(before[-1], "", "") if before else None
    for match in _cells(scan, rows, _ENDS_UNVALUED, _UNVALUED):
        is_empty_text = b't="str"' in match[1] and match[3] is not None
        if not is_empty_text:
            shown = quoted(f"={_words(match[2])}") if match[2] else "a formula"
            _note(scan, match, "formula-without-value", shown)


def _cells(
    scan: Scan, rows: bytes, sign: re.Pattern[bytes], cell: re.Pattern[bytes]
) -> Iterator[re.Match[bytes]]:
    """The cells that have the sign somewhere in them."""
    for found in sign.finditer(rows):
        if scan.tried > _MOST_TRIED or len(scan.marks) > MOST_FAULTS:
            return
        scan.tried += 1
        at = found.start() + 1
        for _ in range(3):  # from the end of a formula back to its cell
            at = rows.rfind(b"<", max(0, at - _LONGEST_CELL), at)
            match = cell.match(rows, at) if at >= 0 else None
            if match:
                yield match
                break


def _note(scan: Scan, cell: re.Match[bytes], code: str, found: str) -> None:
    at = _REFERENCE.search(cell[1])
    scan.marks.append(_at(at, code, found) if at else Mark(0, 0, code, found))


def _at(reference: re.Match[bytes], code: str, found: str) -> Mark:
    column = 0
    for letter in reference[1]:
        column = column * 26 + letter - 64
    return Mark(int(reference[2]), column, code, found)


def _words(text: bytes) -> str:
    return html.unescape(text.decode("utf-8", "replace"))


def _far(container: Container, part: str) -> Mark | None:
    """The cell with a value that stretches the sheet beyond what is read; None if none does."""
    widest = lowest = (0, 0)
    for rows in _by_rows(container, part):
        columns, numbers = _valued(rows)
        if len(columns):
            k, n = int(columns.argmax()), int(numbers.argmax())
            widest = max(widest, (int(columns[k]), int(numbers[k])))
            lowest = max(lowest, (int(numbers[n]), int(columns[n])))
    if widest[0] * lowest[0] <= MOST_AREA:
        return None
    row, column = widest[::-1] if widest[0] > _WIDE else lowest
    return Mark(row, column, "far-cell", f"a cell in {xl_rowcol_to_cell(row - 1, column - 1)}")


def _strayed(container: Container, part: str) -> Mark | None:
    """The first cell that stands twice, or in a row above one that came before it."""
    row, seen = 0, set[bytes]()
    for rows in _by_rows(container, part):
        for found in _ADDRESSED.finditer(rows):
            number = int(found[2])
            if number < row or (number == row and found[1] in seen):
                column = xl_cell_to_rowcol(f"{found[1].decode()}1")[1] + 1
                return Mark(number, column, "stray-cell", "one that stands there again")
            seen = seen if number == row else set()
            row = number
            seen.add(found[1])
    return None


def _valued(rows: bytes) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Column and row of the cells that are more than a format: those with an end tag."""
    return _references(_FORMATTED.sub(b"", rows))


def _too_many(file: str) -> Exception:
    words = (
        f"at most {MOST_CELLS:,} cells in a workbook",
        "more than that",
        "save the sheet as CSV, of which any number of rows is read, or part it",
    )
    return refused(file, "too-large", words)
