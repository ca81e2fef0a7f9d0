"""Years side by side, read as rows: a column of figures for each year becomes a row of each.

Every year is read as a sheet of its own, in which the columns of the others are blank. So each
cell keeps its address, and what is wrong with it is told where it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from xlsxwriter.utility import xl_rowcol_to_cell

from liantu.errors import Problem
from liantu.ingest.contents.column_numbers import without_column_numbers
from liantu.ingest.contents.plain_text import blank_cells, is_blank_word
from liantu.ingest.contents.totals import without_totals
from liantu.ingest.headings.headers import column_at, plain
from liantu.ingest.headings.years import (
    YEAR,
    OfYear,
    figures,
    figures_of,
    is_by_year,
    is_of_several,
    of_year,
    year_in,
)
from liantu.ingest.intake import Raw, quoted
from liantu.ingest.placing import heads, placed
from liantu.ingest.rows import Rows, typed
from liantu.locale import translated


@dataclass(frozen=True, slots=True)
class _Years:
    """The positions of the columns that are of one year each, and what those are."""

    found: Mapping[int, OfYear]

    @property
    def each(self) -> list[int]:
        """Every year, in its order."""
        return sorted({entry.year for entry in self.found.values()})

    def of(self, year: int) -> list[int]:
        """The positions of the columns of a year."""
        return [position for position, entry in self.found.items() if entry.year == year]


def rows_of(raw: Raw, table: str, meant: Mapping[str, str]) -> Rows:
    """The rows of a sheet, as ``typed`` gives them, also where years stand side by side."""
    if raw.header_row is None or not is_by_year(table):
        return typed(raw, table, meant)
    years = _years(raw, table, meant)
    unclear = _unclear(raw, table, meant, years)
    meant = {**meant, **{plain(raw.headers[position]): "" for position in unclear}}
    again = _again(raw, years)
    years = _Years({at: entry for at, entry in years.found.items() if at not in again})
    meant = {**meant, **{plain(raw.headers[position]): "" for position in again}}
    problems = [*unclear.values(), *again.values()]
    own = [at for at, words in enumerate(raw.headers) if _means(words, table, meant)]
    filled = [at for at in own if not blank_cells(raw.cells[at]).all()]
    if years.found and filled:
        problems += [_two_years(raw, filled[0], position) for position in years.found]
        without = {plain(raw.headers[position]): "" for position in years.found}
        years, meant = _Years({}), {**meant, **without}
    if not years.found:
        read = typed(raw, table, meant)
        return replace(read, problems=(*problems, *read.problems))
    undated = _undated(raw, table, meant, years)
    problems += undated.values()
    meant = {**meant, **{plain(raw.headers[position]): "" for position in undated}}
    headers = ("" if at in own else words for at, words in enumerate(raw.headers))
    raw, notes = _without_notes(replace(raw, headers=tuple(headers)), table, years)
    return _across(raw, table, meant, (years, [*problems, *notes]))


def _years(raw: Raw, table: str, meant: Mapping[str, str]) -> _Years:
    """The columns whose headers name a year, and that no user has said to mean another."""
    named = {
        position: of_year(words, table)
        for position, words in enumerate(raw.headers)
        if plain(words) not in meant and column_at(words, table) is None
    }
    return _Years({position: entry for position, entry in named.items() if entry})


def _means(words: str, table: str, meant: Mapping[str, str]) -> bool:
    """Whether a header means the year of each row."""
    found = column_at(words, table)
    return meant.get(plain(words), found.column if found else "") == YEAR


def _undated(
    raw: Raw, table: str, meant: Mapping[str, str], years: _Years
) -> dict[int, Problem]:
    """A problem for each filled column of figures that would be said again of every year."""
    found: dict[int, Problem] = {}
    names = {entry.name for entry in figures_of(table)}
    for position, words in enumerate(raw.headers):
        met = column_at(words, table)
        called = meant.get(plain(words), met.column if met else "")
        if called not in names or position in years.found or len(years.each) == 1:
            continue
        if not blank_cells(raw.cells[position]).all():
            said = " ".join(words.split())
            example, option = quoted(f"{years.each[-1]}年{said}"), f"--column '{said}=-'"
            remedy = f"write the year too, such as {example}; or leave it out: {option}"
            text = (
                "undated-figure",
                "a year in the header, as beside it",
                quoted(said),
                remedy,
            )
            found[position] = _problem(raw, position, text)
    return found


def _without_notes(raw: Raw, table: str, years: _Years) -> tuple[Raw, list[Problem]]:
    """The sheet without blank rows, numbers of columns, and notes and sums without a figure."""
    raw = raw.only(~np.logical_and.reduce([blank_cells(cells) for cells in raw.cells]))
    raw, numbers = without_column_numbers(raw)
    is_kept = np.ones(len(raw.rows), dtype=bool)
    without = np.flatnonzero(
        np.logical_and.reduce([_absent(raw.cells[at]) for at in years.found])
    )
    is_kept[without] = False
    empty = raw.only(~is_kept)
    met = ((column_at(words, table), at) for at, words in enumerate(raw.headers))
    positions = {found.column: at for found, at in met if found}
    left, notes = without_totals(empty, table, positions)
    is_kept[without] = np.isin(empty.rows.to_numpy(), left.rows.to_numpy())
    out = {*raw.rows.filter(pa.array(~is_kept)).to_pylist()}
    sound = tuple(fault for fault in raw.faults if fault.row not in out)
    return replace(raw.only(is_kept), faults=sound), [*numbers, *notes]


def _across(
    raw: Raw, table: str, meant: Mapping[str, str], known: tuple[_Years, list[Problem]]
) -> Rows:
    """The rows of every year, one after the other."""
    years, problems = known
    has_none = np.logical_and.reduce([_absent(raw.cells[at]) for at in years.found])
    positions: dict[str, int] = {}
    parts: list[Rows] = []
    for year in years.each:
        part = _of_year(raw, years, year, has_none)
        read = typed(part, table, meant)
        problems += placed(read.problems, [heads(raw, read.positions)])
        positions |= read.positions
        parts.append(read)
        has_none = np.zeros(len(raw.rows), dtype=bool)
    for position, entry in years.found.items():
        positions.pop(entry.column, None)
        positions.setdefault(raw.headers[position].strip(), position)
    positions.pop(YEAR, None)
    return Rows(
        pa.concat_tables([part.table for part in parts]),
        positions,
        (*problems, _note(raw, years)),
        frozenset().union(*(part.present for part in parts)),
    )


def _of_year(raw: Raw, years: _Years, year: int, extra: NDArray[np.bool_]) -> Raw:
    """The sheet as it would be of one year: rows that have a figure, and those ``extra``."""
    own = years.of(year)
    others = years.found.keys() - set(own)
    headers, cells = list(raw.headers), list(raw.cells)
    for position in others:
        headers[position], cells[position] = "", pa.nulls(len(raw.rows))
    for position in own:
        headers[position] = years.found[position].words
    whole = replace(
        raw,
        headers=(*headers, YEAR),
        cells=(*cells, pa.array(np.full(len(raw.rows), year, dtype=np.int64))),
        faults=tuple(fault for fault in raw.faults if fault.position not in others),
    )
    is_absent = np.logical_and.reduce([_absent(raw.cells[position]) for position in own])
    return whole.only(~is_absent | extra)


def _absent(cells: pa.Array) -> NDArray[np.bool_]:
    """Where there is no figure: a blank cell, or a word for nothing such as a dash."""
    if not pa.types.is_string(cells.type):
        return blank_cells(cells)
    met = pc.dictionary_encode(cells, null_encoding="encode")
    said = [
        word is None or not word.strip() or is_blank_word(word)
        for word in met.dictionary.to_pylist()
    ]
    is_absent: NDArray[np.bool_] = np.array(said, dtype=bool)[met.indices.to_numpy()]
    return is_absent


def _unclear(
    raw: Raw, table: str, meant: Mapping[str, str], years: _Years
) -> dict[int, Problem]:
    """A problem for each filled column whose header names a year, but no column of figures."""
    return {
        position: _of_what(raw, table, position)
        for position, words in enumerate(raw.headers)
        if position not in years.found
        and plain(words) not in meant
        and year_in(words) is not None
        and column_at(words, table) is None
        and not blank_cells(raw.cells[position]).all()
    }


def _again(raw: Raw, years: _Years) -> dict[int, Problem]:
    """A problem for each column of figures that another one holds for the same year."""
    first: dict[tuple[int, str], int] = {}
    for position, entry in years.found.items():
        first.setdefault((entry.year, entry.column), position)
    return {
        position: _repeated(raw, (first[entry.year, entry.column], position), entry)
        for position, entry in years.found.items()
        if first[entry.year, entry.column] != position
    }


def _repeated(raw: Raw, both: tuple[int, int], entry: OfYear) -> Problem:
    one, other = (" ".join(raw.headers[position].split()) for position in both)
    expected = f"one column for {entry.column} of {entry.year}"
    or_left_out = "" if one == other else f", or leave it out: --column '{other}=-'"
    remedy = f"keep one of the two{or_left_out}"
    words = ("repeated-column", expected, f"{quoted(one)} and {quoted(other)}", remedy)
    return _problem(raw, both[1], words)


def _of_what(raw: Raw, table: str, position: int) -> Problem:
    """What to do about a header that names a year and does not say of what."""
    said, known = " ".join(raw.headers[position].split()), figures(table)
    year = year_in(said)
    expected = f"a year and the name of a column of figures of {table}"
    if is_of_several(said):
        remedy = f"write one year; or leave it out: --column '{said}=-'"
    elif len(known) == 1:
        remedy = (
            f"write '{year}年' alone, and what is counted into a column beside; or leave it "
            f"out: --column '{said}=-'"
        )
    else:
        example = f"{year}年{translated(known[0].title, 'zh')}"
        remedy = (
            f"write which figures of the year they are, such as '{example}'; or leave it out: "
            f"--column '{said}=-'"
        )
    return _problem(raw, position, ("unknown-column", expected, quoted(said), remedy))


def _two_years(raw: Raw, own: int, position: int) -> Problem:
    """A problem of a year in a header where each row has its own year too."""
    both = f"{quoted(raw.headers[own])} and {quoted(raw.headers[position])}"
    remedy = "keep one of the two: a column of years, or a year in each header"
    words = ("repeated-column", "one year for each figure", both, remedy)
    return _problem(raw, position, words)


def _note(raw: Raw, years: _Years) -> Problem:
    """The note that years side by side were read as rows."""
    first, last = years.each[0], years.each[-1]
    found = f"{len(years.each)} years side by side, from {first} to {last}"
    if first == last:
        found = f"the year {first} in a header"
    remedy = "nothing need be done: each figure is read as a row of its year"
    words = ("years-across", "a row for each year", found, remedy)
    return replace(_problem(raw, min(years.found), words), severity="warning")


def _problem(raw: Raw, position: int, words: tuple[str, str, str, str]) -> Problem:
    row = raw.header_row or 1
    said = " ".join(raw.headers[position].split())
    return Problem(
        *words,
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=raw.header_row,
        column=said or None,
        cell=xl_rowcol_to_cell(row - 1, raw.first_column + position),
    )
