"""Events over the years: a line for each, with its words, those of a thing together."""

import math
from collections.abc import Iterator

import altair as alt

from liantu.faces.figures.bars import ROW, label_room, names, rows_plane
from liantu.faces.figures.layers import framed
from liantu.faces.figures.marks import PAPER, Axis, Dot, Item, Rule, Text, layered
from liantu.faces.figures.scale import Plane, ticks
from liantu.faces.figures.text import cut, width_of
from liantu.faces.tokens import TOKENS
from liantu.faces.words import Words
from liantu.result import Event, Timeline

_RIGHT = 20.0
_GAP = 9.0


def timeline_chart(figure: Timeline, words: Words, width: int) -> alt.LayerChart:
    """The events as a chart: things in the order of their first event, years from the left."""
    rows = list(dict.fromkeys(event.row for event in figure.events))
    events = sorted(figure.events, key=lambda event: (rows.index(event.row), event.when))
    first = [k == 0 or event.row != events[k - 1].row for k, event in enumerate(events)]
    labels = [
        words.label(event.row) if is_first else ""
        for event, is_first in zip(events, first, strict=True)
    ]
    start = math.floor(min(event.when for event in events))
    end = max(math.ceil(max(event.when for event in events)), start + 1)
    sides = (label_room(labels, width), _RIGHT)
    plane = rows_plane(len(events), width, sides, (start, end))
    years = [year for year in ticks(*plane.x) if float(year).is_integer()]
    items: list[Item] = list(names(labels, plane, None))
    for row, event in enumerate(events):
        items += _event(event, (row + 0.5) * ROW, plane, words)
    axis = Axis(years, [words.number(year, "year") for year in years], grid=True)
    return framed(layered(items), plane, axis)


def _event(event: Event, y: float, plane: Plane, words: Words) -> Iterator[Item]:
    """A point, and its words on the side where there is more room."""
    color = TOKENS["synthetic"] if event.synthetic else TOKENS["strong"]
    yield Rule(plane.x[0], y, plane.x[1], y, TOKENS["grid"])
    yield Dot(event.when, y, fill=PAPER if event.synthetic else color, stroke=color)
    left = plane.px(event.when) - _GAP
    right = plane.width + plane.right - left - 2 * _GAP
    text = words.say(event.label)
    is_before = right < min(left, width_of(text))
    shown = cut(text, left if is_before else right)
    x = plane.at_x(plane.px(event.when) + (-_GAP if is_before else _GAP))
    for has_halo in (True, False):
        yield Text(x, y, shown, TOKENS["ink2"], "right" if is_before else "left", halo=has_halo)
