"""Rows of one import that have the same key, across files and sheets too."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from liantu.errors import Problem
from liantu.ingest.intake import ORIGIN, Sheet, quoted
from liantu.ingest.many import more, n_listed
from liantu.schema import TABLES, columns, key_columns

_ORIGIN = [name for name, _ in ORIGIN]


def key_numbers(table: pa.Table, names: Sequence[str]) -> NDArray[np.int64]:
    """One number for each row, the same for rows with the same key; blank is a value of it.

    Each number from 0 to the largest is that of a row.

    Returns
    -------
    (n,) int64
    """
    numbers = np.zeros(len(table), dtype=np.int64)
    for name in names:
        column = table.column(name).combine_chunks()
        met = pc.dictionary_encode(column, null_encoding="encode")
        numbers = numbers * len(met.dictionary) + met.indices.to_numpy()
        if len(names) > 1:
            _, numbers = np.unique(numbers, return_inverse=True)
    return numbers


def once(name: str, table: pa.Table, sheets: Sequence[Sheet]) -> tuple[pa.Table, list[Problem]]:
    """The rows without those that repeat an earlier row of the import, and what was found.

    A row that says the same as the first with its key is left out, with a warning for each
    sheet; one that says something else is a problem that names both. A row without a part of
    its key that it must have is not compared.
    """
    keys = key_columns(TABLES[name])
    whole = np.ones(len(table), dtype=bool)
    for entry in keys:
        if not entry.nullable and table.column(entry.name).null_count:
            whole &= pc.is_valid(table.column(entry.name)).to_numpy()
    rows = np.flatnonzero(whole)
    kept = table if len(rows) == len(table) else table.take(rows)
    again, earlier = (rows[at] for at in _again(key_numbers(kept, [key.name for key in keys])))
    if not len(again):
        return table, []
    later, first = table.take(again), table.take(earlier)
    is_same = _same(later, first, [entry.name for entry in columns(TABLES[name])])
    same, other = pa.array(is_same), pa.array(~is_same)
    problems = [
        *_repeats(later.filter(same), first.filter(same), sheets),
        *_differing(name, later.filter(other), first.filter(other), sheets),
    ]
    left = np.ones(len(table), dtype=bool)
    left[again[is_same]] = False
    return table if left.all() else table.filter(pa.array(left)), problems


def place(row: Mapping[str, object], sheets: Sequence[Sheet]) -> str:
    """Where a row stands, from its origin columns."""
    where = sheets[int(str(row["origin_sheet"]))]
    return Problem("", "", "", "", where.file, where.sheet, int(str(row["origin_row"]))).address


def _same(one: pa.Table, other: pa.Table, names: Sequence[str]) -> NDArray[np.bool_]:
    """Whether two aligned rows hold the same in every column."""
    same = np.ones(len(one), dtype=bool)
    for name in names:
        left, right = one.column(name), other.column(name)
        both_blank = pc.and_(pc.is_null(left), pc.is_null(right))
        equal = pc.fill_null(pc.equal(left, right), fill_value=False)
        same &= pc.or_(equal, both_blank).to_numpy()
    return same


def _repeats(later: pa.Table, first: pa.Table, sheets: Sequence[Sheet]) -> Iterator[Problem]:
    """One warning for each sheet with rows that say again what an earlier row says."""
    numbers, starts, counts = np.unique(
        later.column("origin_sheet").to_numpy(), return_index=True, return_counts=True
    )
    for number, start, count in zip(numbers, starts.tolist(), counts, strict=True):
        (row,) = later.select(_ORIGIN).slice(start, 1).to_pylist()
        (other,) = first.select(_ORIGIN).slice(start, 1).to_pylist()
        yield Problem(
            "repeated-row",
            "each row once in an import",
            f"{count:,} {'row' if count == 1 else 'rows'} again; this one is the same as "
            f"{place(other, sheets)}",
            "nothing needs to be done: one of each is kept",
            file=sheets[number].file,
            sheet=sheets[number].sheet,
            row=row["origin_row"],
            severity="warning",
        )


def _differing(
    name: str, later: pa.Table, first: pa.Table, sheets: Sequence[Sheet]
) -> Iterator[Problem]:
    """A problem for each row that has the key of an earlier one and says something else."""
    names = [entry.name for entry in key_columns(TABLES[name])]
    shown = n_listed(len(later))
    wanted = [*names, *_ORIGIN]
    rows, others = (side.select(wanted).slice(0, shown).to_pylist() for side in (later, first))
    for row, other in zip(rows, others, strict=True):
        found = ", ".join("" if row[part] is None else str(row[part]) for part in names)
        where = sheets[row["origin_sheet"]]
        yield Problem(
            "duplicate-key",
            f"each {' with '.join(names)} once in an import",
            f"{quoted(found)} again, which stands in {place(other, sheets)}",
            "keep one of the two rows",
            file=where.file,
            sheet=where.sheet,
            row=row["origin_row"],
            column=names[0],
        )
    if len(later) > shown:
        yield more(len(later) - shown, ", ".join(names), sheets[0].file, sheets[0].sheet)


def _again(
    numbers: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows whose number stands before, in order, and the first row that has the number."""
    if len(numbers) == 0 or numbers.max() + 1 == len(numbers):
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing
    _, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    earlier = first[inverse]
    again = np.flatnonzero(earlier != np.arange(len(numbers)))
    return again, earlier[again]
