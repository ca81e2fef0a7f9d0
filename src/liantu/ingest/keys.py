"""Rows of one import that have the same key, across files and sheets too."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from liantu.errors import Problem
from liantu.ingest.intake import Sheet, quoted
from liantu.ingest.rows import MOST, SHOWN, more
from liantu.schema import TABLES, key_columns


def key_numbers(table: pa.Table, names: Sequence[str]) -> NDArray[np.int64]:
    """One number for each row, the same for rows with the same key; blank is a value of it.

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


def duplicates(name: str, table: pa.Table, sheets: Sequence[Sheet]) -> Iterator[Problem]:
    """A problem for each row whose key stands in an earlier row of the import."""
    keys = key_columns(TABLES[name])
    whole = np.ones(len(table), dtype=bool)
    for entry in keys:
        if not entry.nullable and table.column(entry.name).null_count:
            whole &= pc.is_valid(table.column(entry.name)).to_numpy()
    table = table.filter(pa.array(whole)) if not whole.all() else table
    names = [entry.name for entry in keys]
    again, earlier = _again(key_numbers(table, names))
    shown = len(again) if len(again) <= MOST else SHOWN
    wanted = [*names, "origin_sheet", "origin_row"]
    later = table.select(wanted).take(pa.array(again[:shown])).to_pylist()
    first = table.select(wanted).take(pa.array(earlier[:shown])).to_pylist()
    for row, other in zip(later, first, strict=True):
        found = ", ".join("" if row[part] is None else str(row[part]) for part in names)
        where = sheets[row["origin_sheet"]]
        yield Problem(
            "duplicate-key",
            f"each {' with '.join(names)} once in an import",
            f"{quoted(found)} again, which stands in {_place(other, sheets)}",
            "keep one of the two rows",
            file=where.file,
            sheet=where.sheet,
            row=row["origin_row"],
            column=names[0],
        )
    if len(again) > shown:
        yield more(len(again) - shown, ", ".join(names), sheets[0].file, sheets[0].sheet)


def _again(
    numbers: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows whose number stands before, in order, and the first row that has the number."""
    if len(numbers) == 0 or len(np.unique(numbers)) == len(numbers):
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing
    _, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    earlier = first[inverse]
    again = np.flatnonzero(earlier != np.arange(len(numbers)))
    return again, earlier[again]


def _place(row: dict[str, object], sheets: Sequence[Sheet]) -> str:
    where = sheets[int(str(row["origin_sheet"]))]
    return Problem("", "", "", "", where.file, where.sheet, int(str(row["origin_row"]))).address
