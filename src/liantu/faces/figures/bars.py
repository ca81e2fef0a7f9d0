"""Bars from zero: each with its value, with a range behind it, or open where it is no fact."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import altair as alt

from liantu.faces.figures.layers import framed
from liantu.faces.figures.marks import PAPER, Axis, Box, Dot, Item, Rule, Text, layered
from liantu.faces.figures.scale import Plane, drawable, finite, ticks
from liantu.faces.figures.text import cut, width_of
from liantu.faces.tokens import TOKENS
from liantu.faces.words import Words
from liantu.result import Bars

ROW = 26.0
GAP = 8.0
MARGIN = 12.0
FOOT = 26.0
FILLS = {
    "strong": TOKENS["strong"],
    "present": TOKENS["present"],
    "weak": TOKENS["weak-bar"],
    "missing": TOKENS["missing"],
    "foreign_only": TOKENS["foreign"],
    "unknown": TOKENS["unknown-bar"],
}
_MONEY = frozenset({"CNY", "USD", "EUR"})
_NO_ROOM = 0.36
_MINUS = "\N{MINUS SIGN}"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Bar:
    """One bar of a single series: its value, its range and its words."""

    value: float | None
    low: float | None
    high: float | None
    text: str
    is_open: bool
    is_synthetic: bool
    is_here: bool
    limits: tuple[float | None, ...] = ()

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the bar and its range; zero is always within."""
        reached = (0.0, *finite((self.value, self.low, self.high)))
        return min(reached), max(reached)

    @property
    def drawn(self) -> tuple[float, float]:
        """The same with the limits."""
        reached = (*self.ends, *finite(self.limits))
        return min(reached), max(reached)


def bars_chart(figure: Bars, words: Words, width: int) -> alt.LayerChart:
    """The bars of a single series as a chart, first label on top."""
    bars = _bars(figure, words)
    labels = [words.label(label) for label in figure.labels]
    left = label_room(labels, width)
    ends = [end for bar in bars for end in bar.drawn]
    right = tick_room(min(ends, default=0.0), max(ends, default=0.0), figure.unit, words)
    domain = _domain(bars, width - left - right)
    plane = rows_plane(len(labels), width, (left, right), domain)
    values = ticks(*domain)
    items: list[Item] = [*names(labels, plane, figure.here), zero(plane)]
    colors = [_color(bar, figure) for bar in bars]
    pointed = any(bar.is_open or bar.low is not None or bar.high is not None for bar in bars)
    for row, (bar, color) in enumerate(zip(bars, colors, strict=True)):
        y = (row + 0.5) * ROW
        items += (_pointed if pointed else _solid)(bar, y, color)
        items += _limits(bar, y)
        items.append(_value(bar, y, plane, pointed=pointed))
    axis = Axis(values, axis_words(values, figure.unit, words), grid=True)
    return framed(layered(items), plane, axis)


def axis_words(values: Sequence[float], unit: str | None, words: Words) -> list[str]:
    """The labels of an axis: % stands at the last only, money keeps its scale at each."""
    if unit in _MONEY:
        return [words.number(value, unit, spoken=value != 0) for value in values]
    if unit == "share":
        last = len(values) - 1
        return [words.number(v, unit, spoken=place == last) for place, v in enumerate(values)]
    digits = max((_digits(value) for value in values), default=0)
    return [f"{value:,.{digits if value else 0}f}".replace("-", _MINUS) for value in values]


def tick_room(low: float, high: float, unit: str | None, words: Words) -> float:
    """Room for the half of the last label of an axis beyond its tick, in px."""
    spoken = unit == "share" or unit in _MONEY
    longest = max(width_of(words.number(value, unit, spoken=spoken)) for value in (low, high))
    return max(MARGIN, math.ceil(longest / 2) + 2)


def _digits(value: float) -> int:
    """Decimals that a round value needs."""
    return len(f"{value:.6f}".rstrip("0").partition(".")[2])


def label_room(labels: Sequence[str], width: int) -> float:
    """How wide the column of labels is, in px."""
    widest = max((width_of(label, bold=True) for label in labels), default=0.0)
    return math.ceil(min(widest, _NO_ROOM * width) + GAP + 4)


def rows_plane(
    rows: int,
    width: int,
    sides: tuple[float, float],
    domain: tuple[float, float],
    *,
    top: float = 4.0,
) -> Plane:
    """A plane of ``rows`` rows under one another; y counts px from the top.

    ``sides`` is the room at the left and right, in px.
    """
    left, right = sides
    height = max(rows, 1) * ROW
    return Plane(
        width=width - left - right,
        height=height,
        x=domain,
        y=(height, 0.0),
        left=left,
        right=right,
        top=top,
        bottom=FOOT,
    )


def names(labels: Sequence[str], plane: Plane, here: int | None) -> Iterator[Text]:
    """The label of each row, left of the picture, cut where there is no room."""
    room = plane.left - GAP
    for row, label in enumerate(labels):
        bold = row == here
        yield Text(
            x=plane.at_x(1 - plane.left),
            y=(row + 0.5) * ROW,
            text=cut(label, room, bold=bold),
            color=TOKENS["ink"],
            bold=bold,
        )


def zero(plane: Plane) -> Rule:
    """The line that all bars start from."""
    return Rule(0.0, 0.0, 0.0, plane.height)


def _bars(figure: Bars, words: Words) -> list[_Bar]:
    values = figure.series[0].values if figure.series else (None,) * len(figure.labels)
    return [
        _Bar(
            value=drawable(value),
            low=drawable(_at(figure.low, row)),
            high=drawable(_at(figure.high, row)),
            text=_said(value, figure.unit, words),
            is_open=bool(_at(figure.open, row) or _at(figure.synthetic, row)),
            is_synthetic=bool(_at(figure.synthetic, row)),
            is_here=row == figure.here,
            limits=tuple(drawable(_at(limit.values, row)) for limit in figure.limits),
        )
        for row, value in enumerate(values)
    ]


def _said(value: float | None, unit: str | None, words: Words) -> str:
    if value is None or math.isnan(value):
        return words.say("no figure found")
    return words.number(value, unit, spoken=unit == "share" or unit in _MONEY)


def _at(values: Sequence[_T], row: int) -> _T | None:
    return values[row] if row < len(values) else None


def _domain(bars: Sequence[_Bar], room: float) -> tuple[float, float]:
    """From the least to the greatest value with zero, and room for the words at the ends."""
    low = min((bar.drawn[0] for bar in bars), default=0.0)
    high = max((bar.drawn[1] for bar in bars), default=0.0)
    if low == high:
        return 0.0, 1.0
    before = after = 0.0
    for _ in range(4):
        px = max(room - before - after, room / 4) / (high - low)
        before = max((_over(bar, low, px) for bar in bars if _is_left(bar)), default=0.0)
        after = max((_over(bar, high, px) for bar in bars if not _is_left(bar)), default=0.0)
    px = max(room - before - after, room / 4) / (high - low)
    return low - before / px, high + after / px


def _is_left(bar: _Bar) -> bool:
    return bar.value is not None and bar.value < 0


def _over(bar: _Bar, end: float, px: float) -> float:
    """How far the words of a bar reach beyond the end of the axis, in px."""
    reached = bar.ends[0] if _is_left(bar) else bar.ends[1]
    return max(0.0, width_of(bar.text, bold=bar.is_here) + 2 * GAP - abs(end - reached) * px)


def _color(bar: _Bar, figure: Bars) -> str:
    if bar.is_synthetic:
        return TOKENS["synthetic"]
    state = figure.series[0].state if figure.series else None
    if state is not None:
        return FILLS[state]
    if bar.is_here or (figure.here is None and not bar.is_open):
        return TOKENS["strong"]
    return TOKENS["ink3"] if bar.is_open else TOKENS["control"]


def _solid(bar: _Bar, y: float, color: str) -> Iterator[Item]:
    if bar.value is not None:
        yield Box(0.0, y - 7, bar.value, y + 7, color)


def _pointed(bar: _Bar, y: float, color: str) -> Iterator[Item]:
    """A line from zero to a point; dotted and open where it invites no comparison."""
    if bar.low is not None or bar.high is not None:
        low, high = bar.ends if bar.value is None else _range(bar)
        yield Rule(low, y, high, y, TOKENS["control"], 1.2)
        for end in (low, high):
            yield Rule(end, y - 4, end, y + 4, TOKENS["control"], 1.2)
    if bar.value is None:
        return
    if bar.is_open:
        yield Rule(0.0, y, bar.value, y, TOKENS["control"], 1.2, (1.5, 3.0))
    else:
        yield Rule(0.0, y, bar.value, y, color, 2.2 if bar.is_here else 1.4)
    yield Dot(bar.value, y, 4.5, PAPER if bar.is_open else color, color)


def _limits(bar: _Bar, y: float) -> Iterator[Item]:
    """What the bar is held against: a line across it for each limit, the first one strong."""
    for number, limit in enumerate(bar.limits):
        if limit is not None:
            color, wide = (TOKENS["control"], 1.2) if number else (TOKENS["ink"], 2.2)
            yield Rule(limit, y - 9, limit, y + 9, color, wide)


def _range(bar: _Bar) -> tuple[float, float]:
    """Low and high; the value itself where one of them is not given."""
    value = bar.value or 0.0
    return (
        value if bar.low is None else bar.low,
        value if bar.high is None else bar.high,
    )


def _value(bar: _Bar, y: float, plane: Plane, *, pointed: bool) -> Text:
    """What a bar amounts to, beyond its end; in words where there is no figure."""
    if bar.value is None:
        return Text(plane.at_x(plane.px(bar.ends[1]) + 6), y, bar.text, TOKENS["ink3"])
    gap = 5.0 + (4.0 if pointed else 0.0)
    low, high = bar.ends
    at = plane.px(low) - gap if _is_left(bar) else plane.px(high) + gap
    ink = TOKENS["ink3"] if bar.is_open else TOKENS["ink"]
    return Text(
        x=plane.at_x(at),
        y=y,
        text=bar.text,
        color=ink,
        align="right" if _is_left(bar) else "left",
        bold=bar.is_here,
    )
