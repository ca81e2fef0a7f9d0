"""Blocks into columns: which segment stands in which column."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

HEAD = 25
ROW = 17
GAP = 12
MOST_ROWS = 35


@dataclass(frozen=True, slots=True)
class Block:
    """A segment, or a piece of one that is too long, with the rows that it takes.

    ``piece`` counts from 0; ``members`` are the products that it holds.
    """

    segment: int
    depth: int
    piece: int
    members: tuple[int, ...]
    slots: int

    @property
    def height(self) -> int:
        """Height in px, with its head."""
        return HEAD + ROW * self.slots


Column = list[Block]


def height_of(column: Sequence[Block]) -> int:
    """Height of a column in px."""
    return sum(block.height for block in column) + GAP * (len(column) - 1)


def rows_in(column: Sequence[Block]) -> int:
    """How many rows a column has, heads not counted."""
    return sum(block.slots for block in column)


def banded(bands: Sequence[Sequence[Block]], most: int) -> list[list[Column]]:
    """Columns for each band, at most ``most`` in all; one more where the map is tallest.

    A column that would not make the map lower is not made: the others are wider for it.
    """
    counts = [1] * len(bands)
    packed = [packed_in(blocks, 1) for blocks in bands]
    while sum(counts) < most:
        heights = [max(map(height_of, columns)) for columns in packed]
        tallest = heights.index(max(heights))
        wider = packed_in(bands[tallest], counts[tallest] + 1)
        if max(map(height_of, wider)) >= heights[tallest]:
            break
        counts[tallest] += 1
        packed[tallest] = wider
    return packed


def packed_in(blocks: Sequence[Block], n_columns: int) -> list[Column]:
    """Blocks in at most ``n_columns`` columns, the tallest as low as can be."""
    low = max(block.height for block in blocks)
    high = height_of(blocks)
    best = filled(blocks, high)
    while low < high:
        middle = (low + high) // 2
        columns = filled(blocks, middle)
        if len(columns) <= n_columns:
            best, high = columns, middle
        else:
            low = middle + 1
    return best


def filled(blocks: Sequence[Block], height: int) -> list[Column]:
    """Columns no higher than ``height``, deepest segments first.

    Within one depth the largest come first, each into the fullest column that has room; only
    the last column of the depth before may be filled up.
    """
    columns: list[Column] = []
    ordered = sorted(blocks, key=lambda b: (-b.depth, -b.height, b.segment, b.piece))
    for _, level in groupby(ordered, key=lambda b: b.depth):
        last = columns[-1:]
        open_columns = [(height_of(column), column) for column in last]
        for block in level:
            fits = [
                i for i, (h, _) in enumerate(open_columns) if h + GAP + block.height <= height
            ]
            if fits:
                fullest = max(fits, key=lambda i: open_columns[i][0])
                taken, column = open_columns[fullest]
                column.append(block)
                open_columns[fullest] = taken + GAP + block.height, column
            else:
                open_columns.append((block.height, [block]))
        new = [column for _, column in open_columns[len(last) :]]
        columns += sorted(new, key=lambda c: (c[0].segment, c[0].piece))
    return columns
