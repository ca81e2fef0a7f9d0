"""Rows that lead back to themselves: products that are part of themselves, and parents."""

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from liantu.errors import Problem
from liantu.ingest.references.located import Located

_SHOWN, _ROUNDS = 20, 50
# table: from which column to which, the table of the items, and what an arrow says
_LINKS: dict[str, tuple[str, str, str, str]] = {
    "parts": ("product_id", "part_id", "products", "a product that is no part of itself"),
    "places": ("place_id", "parent_id", "places", "a place that does not lie in itself"),
    "products": ("product_id", "parent_id", "products", "a product that is no kind of itself"),
    "organisations": (
        "org_id",
        "parent_org_id",
        "organisations",
        "an organisation that does not belong to itself",
    ),
}


def loops(located: Located, merged: Mapping[str, pa.Table]) -> Iterator[Problem]:
    """A problem for each cycle, with its items in order, at one of the rows that close it."""
    if located.name not in _LINKS or _LINKS[located.name][2] not in merged:
        return
    above, below, items, expected = _LINKS[located.name]
    names = merged[items].column(_LINKS[items][0]).combine_chunks()
    from_, to = (
        pc.index_in(
            located.table.column(end).combine_chunks(), value_set=names, skip_nulls=True
        )
        for end in (above, below)
    )
    whole = pc.and_(pc.is_valid(from_), pc.is_valid(to))
    rows = np.flatnonzero(whole.to_numpy(zero_copy_only=False))
    if not len(rows):
        return
    start, end = (side.filter(whole).to_numpy().astype(np.int32) for side in (from_, to))
    for cycle in _cycles(start, end, len(names)):
        row = _row_of(cycle, (start, end, rows), located)
        found = _ring(names.take(pa.array(cycle)).to_pylist())
        words = (expected, found, "take out or correct one of these rows")
        yield located.problem("cycle", row, below, words)


def _cycles(
    start: NDArray[np.int32], end: NDArray[np.int32], n_items: int
) -> Iterator[tuple[int, ...]]:
    """Every item that leads to itself at once, then a cycle of each knot of several."""
    alone = start == end
    yield from ((int(item),) for item in np.unique(start[alone]))
    start, end = _leading_on(start[~alone], end[~alone])
    if len(start):
        from liantu.kernels.bill_of_materials import cycles  # noqa: PLC0415 - loads numba

        yield from cycles(start, end, n_items)


def _leading_on(
    start: NDArray[np.int32], end: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The links that may lie on a cycle: those that come from a link and lead to one.

    Others are taken off from both ends, at most ``_ROUNDS`` times, which leaves none where
    there is no cycle and no chain is long; then the kernel need not be loaded.
    """
    for _ in range(_ROUNDS):
        inner = np.isin(start, end) & np.isin(end, start)
        if inner.all():
            break
        start, end = start[inner], end[inner]
    return start, end


def _row_of(
    cycle: tuple[int, ...],
    links: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.intp]],
    located: Located,
) -> int:
    """A row that is a step of the cycle: of this import if one is, else the first."""
    start, end, rows = links
    after = np.full(int(max(start.max(), end.max())) + 1, -1, dtype=np.int64)
    after[list(cycle)] = [*cycle[1:], cycle[0]]
    steps = rows[after[start] == end]
    return next((int(row) for row in steps if located.is_ours(int(row))), int(steps[0]))


def _ring(items: list[str]) -> str:
    """``A -> B -> A``; of a long cycle the first twenty items and a count."""
    if len(items) <= _SHOWN:
        return " -> ".join([*items, items[0]])
    head = " -> ".join(items[:_SHOWN])
    return f"{head} -> … ({len(items) - _SHOWN:,} more) -> {items[0]}"
