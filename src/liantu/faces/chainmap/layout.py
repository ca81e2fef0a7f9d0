"""Where everything of a chain map stands: pure, from structure and text alone, never states."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from liantu.faces.chainmap.crossings import arranged
from liantu.faces.chainmap.metrics import ELLIPSIS, cut
from liantu.faces.chainmap.packing import (
    GAP,
    HEAD,
    MOST_ROWS,
    ROW,
    Block,
    Column,
    banded,
    height_of,
    rows_in,
)
from liantu.faces.chainmap.structure import Structure

Form = Literal["whole", "short", "heads"]
Opens = Callable[[int], bool]

GUTTER = 11
CHEVRON = 20
LANE = 20
LABEL_X = 15
_NARROWEST = 120
_WIDEST = 240
_MOST_SEGMENTS = 60
_SHORT_ROWS = 6
_LETTERS = 8
_FOOT = 2


@dataclass(frozen=True, slots=True)
class Band:
    """A stage across its columns; ``count`` is how many products stand in it."""

    stage: str | None
    x: int
    width: int
    count: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment, or a piece of one, in its place: the corner of its head, and its rows."""

    segment: int
    piece: int
    column: int
    x: int
    y: int
    members: tuple[int, ...]
    slots: int

    @property
    def height(self) -> int:
        """Height in px, with its head."""
        return HEAD + ROW * self.slots

    def row_y(self, slot: int) -> int:
        """Top of a row."""
        return self.y + HEAD + ROW * slot


@dataclass(frozen=True, slots=True)
class Layout:
    """Bands and pieces in px; ``columns`` holds the left of each column, ``lane`` its depth."""

    form: Form
    width: int
    height: int
    column_width: int
    columns: tuple[int, ...]
    lane: int
    bands: tuple[Band, ...]
    pieces: tuple[Piece, ...]


def layout(
    chain: Structure,
    labels: Sequence[str],
    *,
    width: int,
    size: float,
    lane: int = LANE,
    opened: Opens = lambda _: False,
) -> Layout:
    """The layout of a chain whose products are labelled ``labels``, at a text size in px.

    The map is whole where no column passes 35 rows. Otherwise each segment has at most six
    rows and one that counts the rest; beyond 60 segments each is a head. One column fewer is
    tried while a quarter of the labels keep fewer than 8 letters.
    """
    most = max(1, (width + GUTTER) // (_NARROWEST + GUTTER))
    while most > 1 and _crowded(labels, _column_width(width, most), size):
        most -= 1
    form: Form = "heads" if len(chain.segments) > _MOST_SEGMENTS else "short"
    if form == "short" and len(chain.nodes) <= most * MOST_ROWS:
        packed = _packed(chain, "whole", most, opened)
        if max(rows_in(column) for band in packed for column in band) <= MOST_ROWS:
            return _placed(chain, packed, "whole", width, lane)
    return _placed(chain, _packed(chain, form, most, opened), form, width, lane)


def _packed(chain: Structure, form: Form, most: int, opened: Opens) -> list[list[Column]]:
    return banded([_blocks(chain, stage, form, opened) for stage in chain.stages()], most)


def _column_width(width: int, n: int) -> int:
    return (width - GUTTER * (n - 1)) // n


def _crowded(labels: Sequence[str], column_width: int, size: float) -> bool:
    room = column_width - LABEL_X
    shown = (cut(label, room, size) for label in labels)
    short = sum(text.endswith(ELLIPSIS) and len(text) <= _LETTERS for text in shown)
    return 4 * short >= len(labels)


def _blocks(chain: Structure, stage: str | None, form: Form, opened: Opens) -> list[Block]:
    blocks: list[Block] = []
    for s, segment in enumerate(chain.segments):
        if segment.stage != stage:
            continue
        members = segment.members
        if form == "whole" or opened(s):
            n_pieces = -(-len(members) // MOST_ROWS)
            share = -(-len(members) // n_pieces)
            parts = [members[i : i + share] for i in range(0, len(members), share)]
            blocks += [Block(s, segment.depth, p, m, len(m)) for p, m in enumerate(parts)]
        else:
            slots = min(len(members), _SHORT_ROWS + 1) if form == "short" else 0
            blocks.append(Block(s, segment.depth, 0, members, slots))
    return blocks


def _placed(
    chain: Structure, packed: Sequence[Sequence[Column]], form: Form, width: int, lane: int
) -> Layout:
    columns = arranged([column for band in packed for column in band], chain.links)
    column_width = _column_width(width, len(columns))
    step = (width - column_width) / max(1, len(columns) - 1)
    if column_width > _WIDEST:
        column_width, step = _WIDEST, _WIDEST + GUTTER
    lefts = tuple(round(step * c) for c in range(len(columns)))
    pieces = [
        piece
        for c, column in enumerate(columns)
        for piece in _pieces(column, c, lefts[c], CHEVRON + lane)
    ]
    tallest = max(height_of(column) for column in columns)
    return Layout(
        form=form,
        width=width,
        height=CHEVRON + lane + tallest + _FOOT,
        column_width=column_width,
        columns=lefts,
        lane=lane,
        bands=_bands(chain, [len(band) for band in packed], lefts, column_width),
        pieces=tuple(pieces),
    )


def _pieces(column: Column, c: int, x: int, y: int) -> list[Piece]:
    found = []
    for block in column:
        found.append(Piece(block.segment, block.piece, c, x, y, block.members, block.slots))
        y += block.height + GAP
    return found


def _bands(
    chain: Structure, n_columns: Sequence[int], lefts: Sequence[int], column_width: int
) -> tuple[Band, ...]:
    found = []
    first = 0
    for stage, n in zip(chain.stages(), n_columns, strict=True):
        right = lefts[first + n - 1] + column_width
        count = sum(len(s.members) for s in chain.segments if s.stage == stage)
        found.append(Band(stage, lefts[first], right - lefts[first], count))
        first += n
    return tuple(found)
