"""Typed rows from a raw table, and a problem for each cell that cannot be one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import Problem, did_you_mean
from liantu.ingest.headers import header_of
from liantu.ingest.intake import Raw, quoted
from liantu.ingest.values import Parsed, as_text, parsed
from liantu.locale import translated
from liantu.schema import TABLES, Column, arrow_schema, columns

MOST, SHOWN = 10_000, 1_000


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one sheet: typed, with ``origin_row``; blank rows are left out."""

    table: pa.Table
    present: frozenset[str]
    problems: tuple[Problem, ...]


def typed(raw: Raw, table: str) -> Rows:
    """The rows of a sheet in the columns of its table, with every problem in them."""
    header = header_of(raw, table)
    problems = [*raw.problems, *header.problems]
    schema = arrow_schema(TABLES[table]).append(pa.field("origin_row", pa.int32()))
    if not header.positions:
        return Rows(schema.empty_table(), frozenset(), tuple(problems))
    kept = _without_blank_rows(raw, tuple(header.positions.values()))
    values: list[pa.Array] = []
    for entry in columns(TABLES[table]):
        position = header.positions.get(entry.name)
        if position is None:
            values.append(pa.nulls(len(kept.rows), entry.arrow))
            continue
        result = parsed(entry, kept.cells[position])
        problems += _cell_problems(kept, entry, position, result)
        values.append(result.values)
    filled = pa.Table.from_arrays([*values, kept.rows], schema=schema)
    return Rows(filled, frozenset(header.positions), tuple(problems))


def _without_blank_rows(raw: Raw, positions: tuple[int, ...]) -> Raw:
    """The raw table without the rows in which every known column is blank."""
    blank = np.ones(len(raw.rows), dtype=bool)
    for position in positions:
        cells = raw.cells[position]
        if cells.null_count == 0 and not pa.types.is_string(cells.type):
            return raw
        empty = pc.is_null(cells)
        if pa.types.is_string(cells.type):
            empty = pc.or_kleene(empty, pc.equal(pc.utf8_trim_whitespace(cells), ""))
        blank &= empty.to_numpy(zero_copy_only=False)
        if not blank.any():
            return raw
    mask = pa.array(~blank)
    return Raw(
        raw.sheet,
        raw.table,
        raw.headers,
        tuple(cells.filter(mask) for cells in raw.cells),
        raw.rows.filter(mask),
        header_row=raw.header_row,
    )


def _cell_problems(raw: Raw, entry: Column, position: int, result: Parsed) -> Iterator[Problem]:
    """A problem for each bad cell of a column; past ten thousand, a thousand and a count."""
    faults = dict(result.faults)
    if not entry.nullable and result.values.null_count:
        faults["missing-value"] = _blank(result)
    found = sorted(
        (int(row), code)
        for code, mask in faults.items()
        for row in np.flatnonzero(mask.to_numpy(zero_copy_only=False))
    )
    shown = found if len(found) <= MOST else found[:SHOWN]
    indices = pa.array([row for row, _ in shown], pa.int32())
    cells = as_text(raw.cells[position].take(indices)).to_pylist()
    rows = raw.rows.take(indices).to_pylist()
    for (_, code), cell, row in zip(shown, cells, rows, strict=True):
        yield _cell_problem(code, entry, cell, (raw, row))
    if len(found) > len(shown):
        yield more(len(found) - len(shown), entry.name, raw.sheet.file, raw.sheet.sheet)


def _blank(result: Parsed) -> pa.Array:
    """Where a value is missing because the cell is blank, not because it is bad."""
    blank = pc.is_null(result.values)
    for mask in result.faults.values():
        blank = pc.and_not(blank, mask)
    return blank


def _cell_problem(
    code: str, entry: Column, cell: str | None, where: tuple[Raw, int]
) -> Problem:
    raw, row = where
    return Problem(
        code,
        entry.expected,
        "a blank cell" if code == "missing-value" else quoted(cell),
        _remedy(code, entry, cell or ""),
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=row,
        column=entry.name,
    )


def _remedy(code: str, entry: Column, cell: str) -> str:
    blank = " or leave the cell blank" if entry.nullable else ""
    if code == "missing-value":
        return "fill in the cell"
    if code == "unknown-choice":
        chinese = [translated(word, "zh") for word in entry.choices]
        near = did_you_mean(cell.strip(), list(dict.fromkeys([*entry.choices, *chinese])))
        return near if near.startswith("did") else f"write one of these words{blank}"
    if code == "not-finite":
        return f"write a finite number{blank}"
    if code == "out-of-bounds":
        return f"correct the number{blank}"
    return f"correct the cell{blank}"


def more(count: int, column: str, file: str | None, sheet: str | None) -> Problem:
    """The problem that stands for those that a column has beyond the thousand listed."""
    return Problem(
        "more-problems",
        f"at most {MOST:,} problems in a column",
        f"{count:,} more than are listed",
        "correct those that are listed, then import again",
        file=file,
        sheet=sheet,
        column=column,
    )
