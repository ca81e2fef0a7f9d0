"""Events over the years: a row for each thing, a point for each event, its words beside it."""

import math
from collections.abc import Iterator, Sequence

import altair as alt

from liantu.faces.figures.bars import ROW, label_room, names, rows_plane
from liantu.faces.figures.layers import framed
from liantu.faces.figures.marks import PAPER, Axis, Dot, Item, Rule, Text, layered
from liantu.faces.figures.room import Room, around
from liantu.faces.figures.scale import Plane, ticks
from liantu.faces.figures.text import cut, width_of
from liantu.faces.tokens import TOKENS
from liantu.faces.words import Words
from liantu.result import Event, Timeline

_RIGHT = 20.0
_GAP = 8.0
_LONGEST = 0.4


def timeline_chart(figure: Timeline, words: Words, width: int) -> alt.LayerChart:
    """The events as a chart: rows in the order of their first event, years from the left."""
    rows = list(dict.fromkeys(event.row for event in figure.events))
    labels = [words.label(row) for row in rows]
    first = math.floor(min(event.when for event in figure.events))
    last = math.ceil(max(event.when for event in figure.events) + 1e-9)
    sides = (label_room(labels, width), _RIGHT)
    plane = rows_plane(len(rows), width, sides, (first, max(last, first + 1)))
    years = [year for year in ticks(*plane.x) if float(year).is_integer()]
    items: list[Item] = list(names(labels, plane, None))
    for row in range(len(rows)):
        y = (row + 0.5) * ROW
        items.append(Rule(plane.x[0], y, plane.x[1], y, TOKENS["grid"]))
    items += _events(
        figure.events, [rows.index(event.row) for event in figure.events], plane, words
    )
    axis = Axis(years, [words.number(year, "year") for year in years], grid=True)
    return framed(layered(items), plane, axis)


def _events(
    events: Sequence[Event], rows: Sequence[int], plane: Plane, words: Words
) -> Iterator[Item]:
    """A point for each event, and its words where they fit; the table has them all."""
    room = Room(plane.width, plane.height)
    for event, row in zip(events, rows, strict=True):
        x, y = plane.px(event.when), (row + 0.5) * ROW
        room.taken.append(around(x, y, 10, "center"))
    for event, row in zip(events, rows, strict=True):
        x, y = plane.px(event.when), (row + 0.5) * ROW
        color = TOKENS["synthetic"] if event.synthetic else TOKENS["strong"]
        yield Dot(event.when, y, fill=PAPER if event.synthetic else color, stroke=color)
        text = cut(words.say(event.label), _LONGEST * plane.width)
        long = width_of(text)
        spot = room.best(
            [around(x + _GAP, y, long, "left"), around(x - _GAP, y, long, "right")]
        )
        yield Text(plane.at_x(spot.held), y, text, TOKENS["ink2"], spot.side, halo=True)
