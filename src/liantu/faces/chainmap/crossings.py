"""The order in the columns: barycentres, swept up and down, keeping the fewest crossings."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from liantu.faces.chainmap.packing import Block, Column

_SWEEPS = 4
_HEAD_ROWS = 2

Spots = dict[int, tuple[int, int]]


def arranged(columns: Sequence[Column], links: Iterable[tuple[int, int]]) -> list[Column]:
    """Columns whose segments and products stand near what they are linked to.

    Four sweeps down the chain and four up; the order with the fewest crossings is kept, the
    first of equals, and the first of all is by name.
    """
    near: dict[int, list[int]] = defaultdict(list)
    for a, b in links:
        near[a].append(b)
        near[b].append(a)
    current = [list(column) for column in columns]
    best, fewest = current, n_crossings(current, links)
    for sweep in range(2 * _SWEEPS):
        if fewest == 0:
            break
        current = _swept(current, near, down=sweep % 2 == 0)
        crossings = n_crossings(current, links)
        if crossings < fewest:
            best, fewest = current, crossings
    return best


def spots(columns: Sequence[Column]) -> Spots:
    """Column and row of each product."""
    found: Spots = {}
    for c, column in enumerate(columns):
        found |= _column_spots(column, c)
    return found


def n_crossings(columns: Sequence[Column], links: Iterable[tuple[int, int]]) -> int:
    """How many pairs of links between the same two columns cross."""
    at = spots(columns)
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for a, b in links:
        (left, y), (right, z) = sorted((at[a], at[b]))
        if left < right:
            pairs[left, right].append((y, z))
    return sum(_inversions(ends) for ends in pairs.values())


def _inversions(ends: list[tuple[int, int]]) -> int:
    seen: list[int] = []
    count = 0
    for _, z in sorted(ends):
        count += len(seen) - bisect_right(seen, z)
        insort(seen, z)
    return count


def _column_spots(column: Column, c: int) -> Spots:
    found: Spots = {}
    y = 0
    for block in column:
        y += _HEAD_ROWS
        for member in block.members:
            found[member] = (c, y)
            y += 1
    return found


def _swept(
    columns: Sequence[Column], near: Mapping[int, Sequence[int]], *, down: bool
) -> list[Column]:
    at = spots(columns)
    result = [list(column) for column in columns]
    for c in range(len(columns)) if down else range(len(columns) - 1, -1, -1):
        result[c] = _ordered(result[c], c, at, near, down=down)
        at |= _column_spots(result[c], c)
    return result


def _ordered(
    column: Column, c: int, at: Spots, near: Mapping[int, Sequence[int]], *, down: bool
) -> Column:
    """A column in the order of the barycentres of what stands before it in the sweep."""
    before = {
        node: [at[o][1] for o in near.get(node, ()) if (at[o][0] < c if down else at[o][0] > c)]
        for block in column
        for node in block.members
    }

    def place(block: Block) -> tuple[float, int, int]:
        ys = [y for node in block.members for y in before[node]]
        own = [at[node][1] for node in block.members]
        return _mean(ys or own), block.segment, block.piece

    def rank(node: int) -> tuple[float, int]:
        return _mean(before[node] or [at[node][1]]), node

    return [
        replace(block, members=tuple(sorted(block.members, key=rank)))
        for block in sorted(column, key=place)
    ]


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values)
