"""Stacked bars: parts of one total in each row, each part with its number inside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import altair as alt

from liantu.faces.figures.bars import (
    FILLS,
    GAP,
    ROW,
    axis_words,
    label_room,
    names,
    rows_plane,
    tick_room,
    zero,
)
from liantu.faces.figures.layers import framed
from liantu.faces.figures.marks import PAPER, Axis, Box, Item, Rule, Text, layered
from liantu.faces.figures.scale import Plane, finite, ticks
from liantu.faces.figures.text import cut, width_of
from liantu.faces.tokens import SEQUENCE, TOKENS
from liantu.faces.words import Words
from liantu.result import Bars, Series

_KEY = 24.0
_SQUARE = 10.0
_SIZE = 11.0
_HALF = 9.0
_SLIM = 3.0
_LOST = "#FAD9D3"  # between paper and missing: what a bar has lost
_MINUS = "\N{MINUS SIGN}"
_INKS = {TOKENS["strong"]: PAPER, TOKENS["missing"]: PAPER}
_CLASSES = {1: (3,), 2: (3, 1), 3: (3, 2, 0), 4: (3, 2, 1, 0)}
_NAMES = {"foreign_only": "foreign only"}


def stack_chart(figure: Bars, words: Words, width: int) -> alt.LayerChart:
    """Several series as one stacked bar for each label, with a key in one line above."""
    labels = [words.label(label) for label in figure.labels]
    left = label_room(labels, width)
    ends = [_ends(figure, row) for row in range(len(labels))]
    low, high = min((e[0] for e in ends), default=0.0), max((e[1] for e in ends), default=0.0)
    high = high or (0.0 if low else 1.0)
    totals = _totals(figure, ends, words)
    longest = max((width_of(text, bold=True) for text in totals), default=0.0)
    room = longest + GAP if totals else 0.0
    right = tick_room(low, high, figure.unit, words)
    inner = width - left - right
    keys = _key(figure, words, width)
    top = 4.0 + _KEY * (1 + max((entry.line for entry in keys), default=0))
    domain = (low, low + (high - low) * inner / (inner - room))
    plane = rows_plane(len(labels), width, (left, right), domain, top=top)
    items: list[Item] = [*_placed(keys, plane), *names(labels, plane, figure.here)]
    for row in range(len(labels)):
        items += _row(figure, row, plane, words)
    ink, is_bold = (TOKENS["missing"], True) if _lost(figure) else (TOKENS["ink2"], False)
    for row, text in enumerate(totals):
        end = plane.at_x(plane.px(ends[row][1]) + 6)
        items.append(Text(end, (row + 0.5) * ROW, text, ink, bold=is_bold))
    values = ticks(low, high)
    axis = Axis(values, axis_words(values, figure.unit, words), grid=True)
    return framed(layered([*items, zero(plane)]), plane, axis)


def _totals(figure: Bars, ends: Sequence[tuple[float, float]], words: Words) -> list[str]:
    """What each row has lost; else what it amounts to, unless all are the same."""
    if lost := _lost(figure):
        return [_gone(value, figure.unit, words) for value in lost[0].values]
    sums = [low + high for low, high in ends]
    if len({round(total, 9) for total in sums}) < 2:
        return []
    return [_number(total, figure.unit, words) for total in sums]


def _lost(figure: Bars) -> list[Series]:
    return [series for series in figure.series if series.is_lost]


def _gone(value: float | None, unit: str | None, words: Words) -> str:
    if value is None:
        return words.say("no figure found")
    said = words.number(value, unit, spoken=True)
    return f"{_MINUS}{said}" if value else said


def fills(series: Sequence[Series]) -> list[str]:
    """The fill of each series: that of its state, else a class of the sequence."""
    plain = [entry for entry in series if entry.state is None and not entry.is_lost]
    classes = _CLASSES.get(len(plain), (3, 2, 1, 0))
    colors = iter([*(SEQUENCE[place] for place in classes), *("#D9DEE3",) * len(plain)])
    return [
        _LOST if entry.is_lost else next(colors) if entry.state is None else FILLS[entry.state]
        for entry in series
    ]


def _number(value: float, unit: str | None, words: Words) -> str:
    return words.number(value, unit, spoken=unit in {"CNY", "USD", "EUR"})


def _parts(figure: Bars, row: int) -> Iterator[tuple[float, float, str]]:
    """Start, end and fill of each part: gains go right from zero, losses left."""
    gain = loss = 0.0
    for series, fill in zip(figure.series, fills(figure.series), strict=True):
        (value,) = finite([series.values[row]]) or [0.0]
        start = gain if value > 0 else loss
        if value > 0:
            gain += value
        else:
            loss += value
        if value:
            yield start, start + value, fill


def _ends(figure: Bars, row: int) -> tuple[float, float]:
    """How far the parts of a row reach to the left and right of zero."""
    reached = [end for _, end, _ in _parts(figure, row)]
    return min(0.0, *reached, 0.0), max(0.0, *reached, 0.0)


def _row(figure: Bars, row: int, plane: Plane, words: Words) -> Iterator[Item]:
    """The parts of one bar, 1 px apart, with their numbers where they fit."""
    y = (row + 0.5) * ROW
    for start, end, fill in _parts(figure, row):
        yield Box(start, y - _HALF, end, y + _HALF, fill)
        room = abs(plane.px(end) - plane.px(start))
        if room > _SLIM:
            yield Rule(end, y - _HALF, end, y + _HALF, PAPER, 1.0)
        text = _number(end - start, figure.unit, words)
        if fill != _LOST and width_of(text, _SIZE) + 4 <= room:
            ink = _INKS.get(fill, TOKENS["present-ink"])
            yield Text((start + end) / 2, y, text, ink, "center", size=_SIZE)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A series in the key: where it stands in px, in which line, its name and fill."""

    x: float
    line: int
    text: str
    fill: str


def _key(figure: Bars, words: Words, width: int) -> list[_Entry]:
    """The series of the key, from the left, in as many lines as they need."""
    entries: list[_Entry] = []
    x, line = 0.0, 0
    for series, fill in zip(figure.series, fills(figure.series), strict=True):
        name = words.label(series.label)
        text = cut(words.say(_NAMES.get(name, name)), width / 2)
        length = _SQUARE + 5 + width_of(text) + 14
        if x and x + length > width:
            x, line = 0.0, line + 1
        entries.append(_Entry(x, line, text, fill))
        x += length
    return entries


def _placed(entries: Sequence[_Entry], plane: Plane) -> Iterator[Item]:
    """The key above the plane, from the left edge of the picture."""
    for entry in entries:
        x = entry.x - plane.left
        y = entry.line * _KEY - plane.top + _KEY / 2
        ends = plane.at_x(x), y - _SQUARE / 2, plane.at_x(x + _SQUARE), y + _SQUARE / 2
        yield Box(*ends, entry.fill)
        yield Text(plane.at_x(x + _SQUARE + 5), y, entry.text)
