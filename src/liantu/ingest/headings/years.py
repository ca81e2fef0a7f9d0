"""Headers that name a year: 2021年, 2021年产值（万元）, 产值2021（万元）, output 2021.

Beside the year stands the name of a column of figures. Where a table has one such column that
must be filled in, the year alone means that one.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from liantu.ingest.headings.headers import column_at
from liantu.ingest.headings.units import unit_of
from liantu.schema import TABLES, Column, columns

YEAR = "year"
_NUMBER = r"((?:19|20)\d\d)"
_AHEAD = re.compile(rf"{_NUMBER}(?!\d)\s*(?:年度|年末|年底|年)?[\s_:：]*(.*)", re.DOTALL)
_BEHIND = re.compile(
    rf"(.*?\D)[\s_:：]*[(\[【]?\s*{_NUMBER}\s*(?:年度|年末|年底|年)?\s*[)\]】]?", re.DOTALL
)
_WITHIN = re.compile(
    rf"(.*?\D)[\s_:：]*{_NUMBER}\s*(?:年度|年末|年底|年)?\s*([(\[【][^()\[\]【】]*[)\]】])",
    re.DOTALL,
)
_UNIT = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class OfYear:
    """A header that names a year: which, and the words and column of what is counted in it."""

    year: int
    words: str
    column: str


@lru_cache(maxsize=1 << 14)
def of_year(header: str, table: str) -> OfYear | None:
    """The figures of one year that a header names; None where it names none of the table."""
    if not is_by_year(table):
        return None
    for year, rest in _parted(header):
        words = _figure(table, rest) if not rest or _UNIT.fullmatch(rest) else rest
        found = column_at(words, table) if words else None
        if found and _is_figure(found.entry):
            return OfYear(year, words, found.column)
    return None


def year_in(header: str) -> int | None:
    """The year that a header names; None where there is none."""
    return next((year for year, _ in _parted(header)), None)


@cache
def is_by_year(table: str) -> bool:
    """Whether the rows of a table are figures of a year each."""
    has_year = any(entry.name == YEAR and entry.key for entry in columns(TABLES[table]))
    return has_year and bool(figures(table))


@cache
def figures(table: str) -> tuple[Column, ...]:
    """The columns of figures of a table: the one that must be filled in, or else all."""
    found = figures_of(table)
    required = tuple(entry for entry in found if not entry.nullable)
    return required if len(required) == 1 else found


@cache
def figures_of(table: str) -> tuple[Column, ...]:
    """Every column of figures of a table."""
    return tuple(entry for entry in columns(TABLES[table]) if _is_figure(entry))


def is_of_several(header: str) -> bool:
    """Whether a header names several years, or a year and months: 2021-2022, 2021年1-6月."""
    even = unicodedata.normalize("NFKC", header)[:_LONGEST]
    return re.search(rf"{_NUMBER}\D*\d|\d\D*{_NUMBER}", even) is not None


def _is_figure(entry: Column) -> bool:
    return entry.type in ("number", "integer") and not entry.key


def _figure(table: str, rest: str) -> str:
    """The words of the one column of figures, with the unit that stands behind the year."""
    only = figures(table)
    unit = _UNIT.fullmatch(rest)
    if len(only) != 1 or (unit and unit_of(unit[1]) is None):
        return ""
    return f"{only[0].name}{rest}"


def _parted(header: str) -> Iterator[tuple[int, str]]:
    """Every year that a header begins or ends with, or has before a unit, and the rest."""
    even = unicodedata.normalize("NFKC", header).strip()
    if len(even) > _LONGEST:
        return
    if found := _AHEAD.fullmatch(even):
        yield int(found[1]), found[2].strip()
    if found := _BEHIND.fullmatch(even):
        yield int(found[2]), found[1].strip(" _:")
    if found := _WITHIN.fullmatch(even):
        yield int(found[2]), f"{found[1].strip(' _:')}{found[3]}"
