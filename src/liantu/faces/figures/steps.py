"""A numbered list: what, why, and how much, largest first."""

from collections.abc import Iterator

import altair as alt

from liantu.faces.figures.layers import framed
from liantu.faces.figures.marks import Item, Rule, Text, layered
from liantu.faces.figures.scale import Plane
from liantu.faces.figures.text import cut, width_of
from liantu.faces.tokens import TOKENS
from liantu.faces.words import Words
from liantu.result import Step, Steps

_LINE = 42.0
_INDENT = 24.0
_GAP = 12.0


def steps_chart(figure: Steps, words: Words, width: int) -> alt.LayerChart:
    """The lines as a chart, the first on top; the value of each stands at the right."""
    height = _LINE * len(figure.steps)
    plane = Plane(width, height, (0.0, width), (height, 0.0))
    items = [
        item
        for number, step in enumerate(figure.steps)
        for item in _line(step, number, figure.unit, words, width)
    ]
    return framed(layered(items), plane)


def _line(
    step: Step, number: int, unit: str | None, words: Words, width: int
) -> Iterator[Item]:
    """The number, the name and the value; under the name why."""
    top = number * _LINE
    value = words.say("no figure found")
    if step.value is not None:
        value = words.number(step.value, unit, spoken=True)
    room = width - _INDENT - width_of(value, bold=True) - _GAP
    label = cut(words.label(step.label), room, bold=True)
    reason = cut(words.say(step.reason), width - _INDENT - 1)
    yield Text(1.0, top + 12, f"{number + 1}", TOKENS["ink3"])
    yield Text(_INDENT, top + 12, label, TOKENS["ink"], bold=True)
    yield Text(width - 1.0, top + 12, value, TOKENS["ink"], "right", bold=True)
    yield Text(_INDENT, top + 29, reason, TOKENS["ink2"])
    yield Rule(0.0, top + _LINE - 1, width, top + _LINE - 1, TOKENS["rule"])
