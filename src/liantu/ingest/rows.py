"""Typed rows from a raw table, and a problem for each cell that cannot be one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from liantu.errors import Problem
from liantu.ingest.books.example_rows import without_examples
from liantu.ingest.contents.amounts import agreeing
from liantu.ingest.contents.cell_problems import cell_problems, format_problems
from liantu.ingest.contents.column_numbers import without_column_numbers
from liantu.ingest.contents.fills import filled
from liantu.ingest.contents.plain_text import blank_cells
from liantu.ingest.contents.totals import without_totals
from liantu.ingest.contents.values import parsed
from liantu.ingest.headings.headers import Header, header_of
from liantu.ingest.headings.measures import measures
from liantu.ingest.headings.name_columns import can_be_made
from liantu.ingest.intake import Raw
from liantu.schema import TABLES, arrow_schema, columns


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one sheet: typed, with ``origin_row``; blank rows are left out.

    ``positions`` tells at which position of the raw table each column stood; ``present`` names
    the columns that the sheet had, and those that its headers fill in.
    """

    table: pa.Table
    positions: dict[str, int]
    problems: tuple[Problem, ...]
    present: frozenset[str] = frozenset()


def typed(raw: Raw, table: str, meant: Mapping[str, str] | None = None) -> Rows:
    """The rows of a sheet in the columns of its table, with every problem in them.

    ``meant`` maps plain words of headers to the columns that a user says they mean.
    """
    header = header_of(raw, table, meant)
    problems = [*raw.problems, *header.problems]
    schema = arrow_schema(TABLES[table]).append(pa.field("origin_row", pa.int32()))
    if not header.positions:
        return Rows(schema.empty_table(), {}, tuple(problems))
    scale = measures(raw, table, header)
    kept, left = _kept(raw, table, header)
    entries = [entry for entry in columns(TABLES[table]) if entry.name in header.positions]
    factors = scale.factors
    plain = {
        entry.name: parsed(
            entry, kept.cells[header.positions[entry.name]], factors.get(entry.name, 1.0)
        )
        for entry in entries
    }
    units = filled(kept, table, plain, scale.claims)
    found = agreeing(units.found)
    problems += [*scale.problems, *left, *units.problems]
    problems += format_problems(kept, {header.positions[item.name]: item for item in entries})
    for entry in entries:
        bad = replace(found[entry.name], values=plain[entry.name].values)
        asked = replace(entry, nullable=True) if can_be_made(table, entry) else entry
        problems += cell_problems(kept, asked, header.positions[entry.name], bad)
    values = [
        found[entry.name].values
        if entry.name in found
        else pa.nulls(len(kept.rows), entry.arrow)
        for entry in columns(TABLES[table])
    ]
    read = pa.Table.from_arrays([*values, kept.rows], schema=schema)
    return Rows(read, header.positions, tuple(problems), frozenset(found))


def _kept(raw: Raw, table: str, header: Header) -> tuple[Raw, list[Problem]]:
    """The rows that are read: without blank ones, numbers of columns, sums, notes, examples."""
    rows, blank = _parted(raw, header.positions.values())
    # Rows that hold something in other columns alone may be sums and notes too.
    beside, _ = _parted(blank, range(len(blank.cells)))
    unnoted, told = without_totals(beside, table, header.positions)
    before = pa.concat_arrays([beside.rows, rows.rows])
    rows, numbers = without_column_numbers(rows)
    rows, left = without_totals(rows, table, header.positions)
    kept, marked = without_examples(rows, table, header.positions)
    after = pa.concat_arrays([unnoted.rows, kept.rows])
    return _sound(kept, before, after), [*numbers, *told, *left, *marked]


def _sound(kept: Raw, before: pa.Array, after: pa.Array) -> Raw:
    """The rows without the bad cells of rows that were left out: sums may be formulas."""
    if not kept.faults:
        return kept
    left = {*before.to_pylist()} - {*after.to_pylist()}
    return replace(kept, faults=tuple(item for item in kept.faults if item.row not in left))


def _parted(raw: Raw, positions: Iterable[int]) -> tuple[Raw, Raw]:
    """The rows in which one of the columns is filled, and those in which all are blank."""
    blank = np.ones(len(raw.rows), dtype=bool)
    for position in positions:
        cells = raw.cells[position]
        if cells.null_count == 0 and not pa.types.is_string(cells.type):
            blank[:] = False
            break
        blank &= blank_cells(cells)
        if not blank.any():
            break
    return raw if not blank.any() else raw.only(~blank), raw.only(blank)
