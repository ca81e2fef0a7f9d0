"""Lines above a table: titles, who filled it in, and the unit that its figures are in."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from liantu.errors import Problem
from liantu.ingest.headings.units import Unit, unit_of
from liantu.ingest.intake import Raw, quoted

_SAYS_UNIT = re.compile(
    r"[(\[（【\s]*(?:金额|计量|货币|数据|统计)?(?:单位|units?)\s*[:：]\s*(.*?)[)\]）】\s]*",
    re.IGNORECASE | re.DOTALL,
)
# The same beside a title or other words, up to the next label; not 填报单位：.
_BESIDE = re.compile(
    r"(?:^|[\s(\[（【,，;；])(?:金额|计量|货币|数据|统计)?(?:单位|units?)\s*[:：]\s*"
    r"(.*?)(?=\s{2,}|\s+\S{0,9}[:：]|[)\]）】]|$)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST = 500
_BETWEEN = re.compile(r"[、;；/]|[,，](?!\s*\d{3})|\s+(?!\d|million|billion)")
_LABEL = re.compile(
    "[:：]|填报|填表|制表|编制|报送|统计|审核|截至|日期|年度|表号|文号|机关|印发|批准|备案"
)


def unit_line(cells: Sequence[str]) -> str | None:
    """What a line says the unit is: 万元 of "单位：万元"; None where it says none."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not 1 <= len(filled) <= 2:
        return None
    found = _SAYS_UNIT.fullmatch("".join(filled))
    return found[1].strip() if found and found[1].strip() else None


def is_unit_line(cells: Sequence[str]) -> bool:
    """Whether a line says a unit, and nothing else."""
    return unit_line(cells) is not None


def units_said(cells: Sequence[str]) -> list[str]:
    """What a line says the units are, alone or beside a title or who filled it in."""
    alone = unit_line(cells)
    if alone is not None:
        return [alone]
    text = "   ".join(cell.strip()[:_LONGEST] for cell in cells if cell.strip())
    return [found for words in _BESIDE.findall(text) if (found := words.strip())]


def units_above(raw: Raw) -> list[Unit]:
    """The units that the lines above a table give for its figures."""
    return [
        unit
        for cells in raw.above
        for words in units_said(cells)
        for part in _parts(words)
        if (unit := unit_of(part)) is not None
    ]


def doubtful_lines(raw: Raw) -> Iterator[Problem]:
    """A problem for each line above the header that may be a row, or a unit not understood.

    A title, words with a colon, and groups of columns with blanks between them are none.
    """
    first = (raw.header_row or 1) - len(raw.above)
    for row, cells in enumerate(raw.above, start=first):
        said = units_said(cells)
        if not said and _is_data(cells):
            yield _row_above(raw, row, cells)
        for words in said:
            if not all(map(unit_of, _parts(words))):
                yield _no_unit(raw, row, words)


def _parts(words: str) -> list[str]:
    """The units of a line; a stroke parts two of them, unless the second is a year or month."""
    unit = unit_of(words)
    if unit and (unit.parts is None or unit.parts[1].kind == "period"):
        return [words]
    return [part for part in _BETWEEN.split(words) if part]


def _is_data(cells: Sequence[str]) -> bool:
    filled = [position for position, cell in enumerate(cells) if cell.strip()]
    if len(filled) < 2 or any(_LABEL.search(cell) for cell in cells):
        return False
    has_digit = any(sign.isdigit() for cell in cells for sign in cell)
    is_side_by_side = any(b - a == 1 for a, b in pairwise(filled))
    return has_digit or is_side_by_side


def _row_above(raw: Raw, row: int, cells: Sequence[str]) -> Problem:
    return Problem(
        "row-above-header",
        "titles alone above the names of the columns",
        quoted(", ".join(cell for cell in cells if cell.strip())),
        "put the row below the names of the columns; a title goes into one cell",
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=row,
    )


def _no_unit(raw: Raw, row: int, words: str) -> Problem:
    return Problem(
        "unknown-unit",
        "a unit in which the figures below are",
        quoted(words),
        "nothing is converted; if it is a unit, write it into the headers: 产值（万元）",
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=row,
        severity="warning",
    )
