"""The lines of a chain map, through gutters and the lane, never across a label."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Literal

from liantu.faces.chainmap.layout import CHEVRON, GUTTER, LANE, Layout
from liantu.faces.chainmap.rows import Focus, Rows

Kind = Literal["inputs", "uses"]
XY = tuple[float, float]

_LANES: Mapping[Kind, int] = {"inputs": 7, "uses": 15}
_GUTTERS: Mapping[Kind, float] = {"inputs": 3.5, "uses": 7.5}
_TRACK = 5
_HEAD_Y = 9
_PATH_WIDTH = 1.8


@dataclass(frozen=True, slots=True)
class Line:
    """A polyline along the axes with an arrow at its end; ``width`` in px."""

    points: tuple[XY, ...]
    width: float = 1.3


@dataclass(frozen=True, slots=True)
class Bundle:
    """The lines of one kind, and how many of them run in the lane, between which x.

    ``free`` is the longest stretch of the lane that no other line meets, for a label.
    """

    kind: Kind
    lines: tuple[Line, ...]
    through: frozenset[int]
    lane_y: float
    free: tuple[float, float] | None


def bundles(places: Layout, rows: Rows, focus: Focus) -> tuple[Bundle, ...]:
    """The lines that join a product to its inputs and to its uses."""
    if len(places.columns) < 2:
        return ()
    asked: tuple[tuple[Kind, frozenset[int]], ...] = (
        ("inputs", focus.inputs),
        ("uses", focus.uses),
    )
    found = [
        (kind, {n: _joined(places, rows, focus.node, n, kind) for n in sorted(nodes)})
        for kind, nodes in asked
        if nodes
    ]
    every = [line.points for _, lines in found for line in lines.values()]
    return tuple(_bundle(kind, lines, every) for kind, lines in found)


def _bundle(kind: Kind, lines: Mapping[int, Line], every: Iterable[Sequence[XY]]) -> Bundle:
    y = CHEVRON + _LANES[kind]
    through = frozenset(n for n, line in lines.items() if any(p[1] == y for p in line.points))
    own = [x for n in through for x, at in lines[n].points if at == y]
    free = None
    if own:
        met = {
            a[0]
            for points in every
            for a, b in pairwise(points)
            if a[0] == b[0] and min(a[1], b[1]) < y + 6 and min(own) <= a[0] <= max(own)
        }
        stops = sorted(met | {min(own), max(own)})
        free = max(pairwise(stops), key=lambda ends: ends[1] - ends[0], default=None)
    return Bundle(kind, tuple(lines.values()), through, y, free)


def _joined(
    places: Layout, rows: Rows, focus: int, other: int, kind: Kind, *, width: float = 1.3
) -> Line:
    """The line from an input to the focus, or from the focus to a use."""
    piece, focus_y = rows.spot[focus]
    here = places.pieces[piece].column
    piece, other_y = rows.spot[other]
    there = places.pieces[piece].column
    if kind == "inputs":
        ends = (there, other_y), (here, focus_y)
        gutters = here - 1 if there == here else there, here - 1
    else:
        ends = (here, focus_y), (there, other_y)
        gutters = here, here if there == here else there - 1
    return Line(tuple(_path(places, ends, gutters, kind)), width)


def path_lines(
    places: Layout, rows: Rows, pairs: Iterable[tuple[int, int]]
) -> tuple[Line, ...]:
    """The lines along which a loss passed, from one product to the next."""
    if len(places.columns) < 2:
        return ()
    return tuple(
        _joined(places, rows, a, b, "uses", width=_PATH_WIDTH)
        for a, b in pairs
        if rows.spot[a] != rows.spot[b]
    )


def _path(
    places: Layout, ends: tuple[tuple[int, int], ...], gutters: Sequence[int], kind: Kind
) -> list[XY]:
    (start, y), (end, z) = ends
    out, into = (min(max(g, 0), len(places.columns) - 2) for g in gutters)
    x, to = (_gutter_x(places, g) + _GUTTERS[kind] for g in (out, into))
    first = (_edge(places, start, out), y + 0.5)
    last = (_edge(places, end, into), z + 0.5)
    if out == into:
        return [first, (x, first[1]), (x, last[1]), last]
    lane = CHEVRON + _LANES[kind]
    return [first, (x, first[1]), (x, lane), (to, lane), (to, last[1]), last]


def _gutter_x(places: Layout, gutter: int) -> int:
    return places.columns[gutter] + places.column_width


def _edge(places: Layout, column: int, gutter: int) -> int:
    """The edge of a column that faces a gutter beside it."""
    left = places.columns[column]
    return left + places.column_width if gutter == column else left


def lane_depth(links: Mapping[tuple[int, int], int]) -> int:
    """Depth of the lane that holds the links between segments, a track for each target."""
    return max(LANE, _TRACK * (1 + len({target for _, target in links})))


def segment_lines(
    places: Layout, links: Mapping[tuple[int, int], int]
) -> tuple[tuple[int, int, Line], ...]:
    """The two segments of each pair that is linked, and its line, as wide as the count's root.

    All lines into a segment share a track of the lane, and the way down to it.
    """
    if len(places.columns) < 2:
        return ()
    head = {p.segment: p for p in places.pieces if p.piece == 0}
    targets = sorted({t for _, t in links}, key=lambda t: (head[t].column, head[t].y))
    track = {t: CHEVRON + _TRACK * (i + 1) + 0.5 for i, t in enumerate(targets)}
    last = len(places.columns) - 2
    out = {s: min(head[s].column, last) for s, _ in links}
    into = {t: max(head[t].column - 1, 0) for t in targets}
    xs = _shared(
        places, [("out", s, g) for s, g in out.items()] + [("in", t, into[t]) for t in into]
    )
    widest = max(links.values(), default=1)
    found = []
    for (s, t), count in sorted(links.items()):
        x, to = xs["out", s], xs["in", t]
        y, z = head[s].y + _HEAD_Y, head[t].y + _HEAD_Y
        first = (_edge(places, head[s].column, out[s]), y)
        final = (_edge(places, head[t].column, into[t]), z)
        around = ((x, y), (x, track[t]), (to, track[t]), (to, z))
        points = (first, *(((to, y), (to, z)) if out[s] == into[t] else around), final)
        found.append((s, t, Line(points, round(0.6 + 2 * sqrt(count / widest), 2))))
    return tuple(found)


def _shared(
    places: Layout, ends: Iterable[tuple[str, int, int]]
) -> Mapping[tuple[str, int], float]:
    """The x of each way up or down: those of one gutter share its width evenly."""
    ways: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for side, segment, gutter in sorted(ends, key=lambda e: (e[2], e[0] == "in", e[1])):
        ways[gutter].append((side, segment))
    return {
        key: _gutter_x(places, gutter) + round(GUTTER * (i + 1) / (len(keys) + 1), 1)
        for gutter, keys in ways.items()
        for i, key in enumerate(keys)
    }
