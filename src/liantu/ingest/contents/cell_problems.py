"""A problem for each bad cell of a column, in words, with where it stands."""

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import Problem
from liantu.ingest.contents.numeric import is_event
from liantu.ingest.contents.plain_text import as_text
from liantu.ingest.contents.remedies import blank_note, remedy, year_note
from liantu.ingest.contents.values import Parsed
from liantu.ingest.intake import CellFault, Raw, quoted
from liantu.ingest.many import more, n_listed
from liantu.schema import Column

_STORE = "open the workbook in Excel and save it once, so that the value is stored"
_WITH_MONTH = r"\p{Nd}[^.,\p{Nd}]+\p{Nd}|\.\p{Nd}+\.|年.*月"
# What to do about a cell that its format knows to be bad, and what stands there in its stead.
_FORMATS = {
    "error-cell": ("correct the formula, or write the value", "a value"),
    "formula-without-value": (_STORE, "a formula whose value is stored"),
}


def cell_problems(raw: Raw, entry: Column, position: int, result: Parsed) -> Iterator[Problem]:
    """A problem for each bad cell of a column; past ten thousand, a thousand and a count."""
    faults = dict(result.faults)
    known = [fault for fault in raw.faults if fault.position == position]
    if not entry.nullable and result.values.null_count:
        faults["missing-value"] = _blank(raw, result, {fault.row for fault in known})
    found = sorted(
        (int(row), code)
        for code, mask in faults.items()
        for row in np.flatnonzero(mask.to_numpy(zero_copy_only=False))
    )
    shown = found[: n_listed(len(found))]
    indices = pa.array([row for row, _ in shown], pa.int32())
    cells = as_text(raw.cells[position].take(indices)).to_pylist()
    rows = raw.rows.take(indices).to_pylist()
    for (_, code), cell, row in zip(shown, cells, rows, strict=True):
        yield _cell_problem(code, entry, cell, (raw, row))
    if len(found) > len(shown):
        rest = more(len(found) - len(shown), entry.name, raw.sheet.file, raw.sheet.sheet)
        yield replace(rest, row=raw.header_row)
    if result.blanks is not None and entry.nullable:
        yield blank_note(raw, entry, position, result.blanks)
    if is_event(entry):
        dated = _dated(raw.cells[position], result.values)
        if pc.any(dated).as_py():
            yield year_note(raw, entry, position, dated)


def format_problems(raw: Raw, names: dict[int, Column]) -> Iterator[Problem]:
    """A problem for each cell that its format knows to be bad, in the columns that are read."""
    for fault in raw.faults:
        entry = names.get(fault.position)
        if entry is not None:
            yield _format_problem(raw, entry, fault)


def _dated(cells: pa.Array, years: pa.Array) -> pa.Array:
    """Where a year was read of a cell that holds a month too; plain years are passed over."""
    if pa.types.is_integer(cells.type):
        return pa.nulls(0, pa.bool_())
    text = as_text(cells)
    is_long = pc.and_(pc.is_valid(years), pc.greater(pc.binary_length(text), 4))
    if not pc.any(is_long).as_py():
        return is_long
    return pc.fill_null(
        pc.and_(is_long, pc.match_substring_regex(text, _WITH_MONTH)), fill_value=False
    )


def _blank(raw: Raw, result: Parsed, known: Collection[int]) -> pa.Array:
    """Where a value is missing because the cell is blank, not because it is bad."""
    blank = pc.is_null(result.values)
    for mask in result.faults.values():
        blank = pc.and_not(blank, mask)
    if known:
        blank = pc.and_not(blank, pc.is_in(raw.rows, value_set=pa.array(known, pa.int32())))
    return blank


def _cell_problem(
    code: str, entry: Column, cell: str | None, where: tuple[Raw, int]
) -> Problem:
    raw, row = where
    return Problem(
        code,
        entry.expected,
        quoted(cell) if cell and cell.strip() else "a blank cell",
        remedy(code, entry, cell or ""),
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=row,
        column=entry.name,
    )


def _format_problem(raw: Raw, entry: Column, fault: CellFault) -> Problem:
    what, instead = _FORMATS.get(fault.code, ("correct the cell", "a value"))
    return Problem(
        fault.code,
        f"{entry.expected}: {instead}"
        if fault.code == "formula-without-value"
        else entry.expected,
        fault.found,
        what,
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=fault.row,
        column=entry.name,
    )
