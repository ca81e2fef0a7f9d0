"""A grid of values in four classes, each value printed in its cell."""

import math
from collections.abc import Iterator, Sequence

import altair as alt

from liantu.faces.figures.bars import ROW, label_room, names
from liantu.faces.figures.layers import framed
from liantu.faces.figures.marks import PAPER, Box, Item, Text, layered
from liantu.faces.figures.scale import Plane, drawable, finite
from liantu.faces.figures.text import cut, width_of
from liantu.faces.tokens import SEQUENCE, TOKENS
from liantu.faces.words import Words
from liantu.result import Heat

_HEAD, _LINE = 24.0, 15.0
_WIDEST = 120.0
_INKS = (TOKENS["ink"], TOKENS["ink"], TOKENS["present-ink"], PAPER)


def heat_chart(figure: Heat, words: Words, width: int) -> alt.LayerChart:
    """The grid as a chart: rows from the top, heads above their columns."""
    labels = [words.label(label) for label in figure.rows]
    heads = [words.label(label) for label in figure.columns]
    left = label_room(labels, width)
    cell = min((width - left - 1) / max(len(heads), 1), _WIDEST)
    height = max(len(labels), 1) * ROW
    inner = cell * max(len(heads), 1)
    lines = _lines(heads, cell)
    plane = Plane(
        width=inner,
        height=height,
        x=(0.0, inner),
        y=(height, 0.0),
        left=left,
        right=width - left - inner,
        top=_HEAD + (lines - 1) * _LINE,
        bottom=4.0,
    )
    items: list[Item] = list(names(labels, plane, None))
    items += _heads(heads, cell, lines)
    items += _cells(figure, words, cell)
    return framed(layered(items), plane)


def _lines(heads: Sequence[str], cell: float) -> int:
    """Over how many lines the heads are spread, so that few of them are cut."""
    widest = max(map(width_of, heads), default=0.0)
    return min(max(math.ceil((widest + 4) / cell), 1), 3, max(len(heads), 1))


def _heads(heads: Sequence[str], cell: float, lines: int) -> Iterator[Text]:
    """Each head over its column; by turns one line higher, where one line has no room."""
    last = len(heads) - 1
    for place, head in enumerate(heads):
        room = cell * ((lines + 1) / 2 if place == last else lines)
        text = cut(head, room - 2 if lines == 1 else room - 4)
        middle = min((place + 0.5) * cell, len(heads) * cell - width_of(text) / 2)
        yield Text(middle, -_HEAD / 2 - place % lines * _LINE, text, align="center")


def classes(values: Sequence[float], unit: str | None) -> tuple[float, float, float]:
    """Where the second, third and fourth class begin: equal steps; quarters of a share."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if unit == "share" and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    elif low >= 0:
        low = 0.0
    step = (high - low) / 4
    return low + step, low + 2 * step, low + 3 * step


def _cells(figure: Heat, words: Words, cell: float) -> Iterator[Item]:
    bounds = classes(finite(v for row in figure.values for v in row), figure.unit)
    for row, line in enumerate(figure.values):
        y = row * ROW
        for column, given in enumerate(line):
            x = column * cell
            value = drawable(given)
            kind = None if value is None else sum(value >= bound for bound in bounds)
            fill = TOKENS["wash"] if kind is None else SEQUENCE[kind]
            yield Box(x, y, x + cell - 1, y + ROW - 1, fill)
            ink = TOKENS["ink3"] if kind is None else _INKS[kind]
            text = _printed(given, figure.unit, words)
            middle = x + (cell - 1) / 2
            yield Text(middle, y + (ROW - 1) / 2, cut(text, cell - 4), ink, "center")


def _printed(value: float | None, unit: str | None, words: Words) -> str:
    if value is None or math.isnan(value):
        return "\N{EN DASH}"
    return words.number(value, unit)
