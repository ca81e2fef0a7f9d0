"""Points over two axes: the few that matter named beside them, the others grey."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import altair as alt

from liantu.faces.figures.bars import axis_words
from liantu.faces.figures.layers import framed
from liantu.faces.figures.marks import PAPER, Axis, Dot, Item, Rule, Text, layered
from liantu.faces.figures.room import Room, Spot, beside
from liantu.faces.figures.scale import Plane, finite, ticks
from liantu.faces.figures.text import cut, width_of
from liantu.faces.tokens import TOKENS
from liantu.faces.words import Words
from liantu.result import Pair, Scatter

_HEIGHT = 300.0
_TOP = 28.0
_FOOT = 46.0
_RIGHT = 14.0
_PAD = 0.06
_LONGEST = 170.0
_NAMED = 40
_NEAR = 6


@dataclass(frozen=True, slots=True)
class _Named:
    """A point, its words and where it stands in px."""

    pair: Pair
    text: str
    px: float
    py: float

    @property
    def radius(self) -> float:
        """Radius of the point in px."""
        return 5.0 if self.pair.emphasis else 3.6


def scatter_chart(figure: Scatter, words: Words, width: int) -> alt.LayerChart:
    """The points as a chart; one without a finite value on both axes is not drawn."""
    points = [pair for pair in figure.points if len(finite((pair.x, pair.y))) == 2]
    across = _domain([pair.x for pair in points])
    up = _domain([pair.y for pair in points])
    y_values = ticks(*up)
    y_words = axis_words(y_values, figure.unit, words)
    left = math.ceil(max((width_of(text) for text in y_words), default=0.0)) + 12.0
    plane = Plane(
        width=width - left - _RIGHT,
        height=_HEIGHT,
        x=across,
        y=up,
        left=left,
        right=_RIGHT,
        top=_TOP,
        bottom=_FOOT,
    )
    named = [
        _Named(pair, cut(words.label(pair.label), _LONGEST), plane.px(pair.x), plane.py(pair.y))
        for pair in sorted(points, key=lambda pair: pair.emphasis)
    ]
    head = Text(plane.at_x(-left), plane.at_y(-_TOP / 2 - 4), words.say(figure.y_title))
    items: list[Item] = [*_zeros(plane), *map(_dot, named), head, *_names(named, plane)]
    x_values = ticks(*across, 8)
    x_axis = Axis(
        x_values, axis_words(x_values, figure.x_unit, words), words.say(figure.x_title)
    )
    return framed(layered(items), plane, x_axis, Axis(y_values, y_words, grid=True))


def _domain(values: Sequence[float]) -> tuple[float, float]:
    """From the least to the greatest value with a margin, which crosses no zero."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if low == high:
        return low - (abs(low) or 1.0) / 2, high + (abs(high) or 1.0) / 2
    margin = _PAD * (high - low)
    bottom = max(low - margin, 0.0) if low >= 0 else low - margin
    top = min(high + margin, 0.0) if high <= 0 else high + margin
    return bottom, top


def _zeros(plane: Plane) -> Iterator[Rule]:
    """A line at zero on each axis that has values on both sides of it."""
    (left, right), (low, high) = plane.x, plane.y
    if left < 0 < right:
        yield Rule(0.0, low, 0.0, high)
    if low < 0 < high:
        yield Rule(left, 0.0, right, 0.0)


def _dot(point: _Named) -> Dot:
    pair = point.pair
    ink = TOKENS["strong"] if pair.emphasis else TOKENS["control"]
    if pair.synthetic:
        ink = TOKENS["synthetic"]
    fill = PAPER if pair.open or pair.synthetic else ink
    return Dot(pair.x, pair.y, point.radius, fill, ink)


def _names(named: Sequence[_Named], plane: Plane) -> Iterator[Text]:
    """The names of points with emphasis, then those of others that meet nothing, haloed."""
    taken = [Spot(n.px - 5, n.py - 5, n.px + 5, n.py + 5) for n in named]
    room = Room(plane.width, plane.height, taken)
    for point in sorted(named, key=lambda n: (not n.pair.emphasis, -n.pair.y, n.pair.x)):
        bold = point.pair.emphasis
        if not bold and len(named) > _NAMED:
            continue
        spots = beside(point.px, point.py, width_of(point.text, bold=bold), point.radius + 4)
        spot = room.best(spots) if bold else room.free(spots[:_NEAR])
        if spot is None:
            continue
        at = plane.at_x(spot.held), plane.at_y((spot.top + spot.bottom) / 2)
        ink = TOKENS["ink"] if bold else TOKENS["ink3"]
        yield Text(*at, point.text, PAPER, spot.side, bold=bold, halo=True)
        yield Text(*at, point.text, ink, spot.side, bold=bold)
