"""Which products of a laid out chain have a row, and which the row "and 34 more" counts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from liantu.faces.chainmap.layout import Layout, Piece
from liantu.faces.chainmap.losses import is_worth_saying
from liantu.faces.chainmap.structure import Structure


@dataclass(frozen=True, slots=True)
class Focus:
    """A product with its inputs and its uses."""

    node: int
    inputs: frozenset[int]
    uses: frozenset[int]

    @property
    def all(self) -> frozenset[int]:
        """The product and what it is linked to."""
        return self.inputs | self.uses | {self.node}


@dataclass(frozen=True, slots=True)
class Row:
    """A product in a line of a piece, from ``y`` down."""

    piece: int
    y: int
    node: int


@dataclass(frozen=True, slots=True)
class More:
    """The line of a piece that counts its products without a line."""

    piece: int
    y: int
    count: int


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a map; ``spot`` is the piece and the middle of the row that holds a product.

    A product without a row of its own is held by the row that counts it, or by the head.
    """

    rows: tuple[Row, ...]
    more: tuple[More, ...]
    spot: Mapping[int, tuple[int, int]]


def focus_of(chain: Structure, node: int | None) -> Focus | None:
    """The inputs and uses of a product."""
    if node is None:
        return None
    inputs = frozenset(a for a, b in chain.links if b == node)
    return Focus(node, inputs, frozenset(b for a, b in chain.links if a == node) - inputs)


def rows_of(chain: Structure, places: Layout, focus: Focus | None) -> Rows:
    """The rows of a layout; where not all fit, missing, foreign-only and focused ones."""
    rows: list[Row] = []
    more: list[More] = []
    spot: dict[int, tuple[int, int]] = {}
    for p, piece in enumerate(places.pieces):
        shown = _shown(chain, piece, focus)
        for slot, node in enumerate(shown):
            rows.append(Row(p, piece.row_y(slot), node))
            spot[node] = (p, piece.row_y(slot) + 8)
        hidden = [node for node in piece.members if node not in spot]
        y = piece.row_y(len(shown)) if piece.slots else piece.y + 1
        if hidden and piece.slots:
            more.append(More(p, y, len(hidden)))
        spot |= dict.fromkeys(hidden, (p, y + 8))
    return Rows(tuple(rows), tuple(more), spot)


def _shown(chain: Structure, piece: Piece, focus: Focus | None) -> list[int]:
    if piece.slots >= len(piece.members):
        return list(piece.members)
    linked = focus.all if focus else frozenset()
    on_path = {node for pair in chain.path for node in pair}

    def urgency(node: int) -> int:
        if (focus and node == focus.node) or node in on_path:
            return 0
        if is_worth_saying(chain.nodes[node].loss):
            return 1
        state = chain.nodes[node].state
        return {"missing": 1, "foreign_only": 2}.get(state, 3 if node in linked else 4)

    ranked = sorted(piece.members, key=urgency)
    chosen = {node for node in ranked[: max(piece.slots - 1, 0)] if urgency(node) < 4}
    return [node for node in piece.members if node in chosen]


def segment_of(chain: Structure) -> Mapping[int, int]:
    """The segment that each product stands in."""
    return {i: s for s, segment in enumerate(chain.segments) for i in segment.members}


def segment_links(chain: Structure) -> Mapping[tuple[int, int], int]:
    """How many links join one segment to another."""
    of = segment_of(chain)
    return Counter(_between(of, chain.links))


def _between(
    of: Mapping[int, int], links: Iterable[tuple[int, int]]
) -> Iterable[tuple[int, int]]:
    return ((of[a], of[b]) for a, b in links if of[a] != of[b])
