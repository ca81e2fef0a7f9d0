"""A figure without a single value: words in its place, never a blank axis (UI §4)."""

import altair as alt

from liantu.faces.figures.layers import framed
from liantu.faces.figures.marks import Text
from liantu.faces.figures.scale import Plane, finite
from liantu.faces.tokens import TOKENS
from liantu.faces.words import Words
from liantu.result import Bars, Figure, Heat, Lines, Map, Scatter, Steps, Timeline

_HEIGHT = 40.0


def is_empty(figure: Figure) -> bool:
    """Whether a figure has no value that can be drawn and no infinite one to be named."""
    if isinstance(figure, Bars):
        return all(value is None for series in figure.series for value in series.values)
    if isinstance(figure, Lines):
        return not figure.unknown and not finite(
            value for series in figure.series for value in series.values
        )
    if isinstance(figure, Heat):
        return all(value is None for row in figure.values for value in row)
    if isinstance(figure, Timeline):
        return not figure.events
    if isinstance(figure, Steps):
        return not figure.steps
    return isinstance(figure, Map | Scatter) and not figure.points


def empty_chart(figure: Figure, words: Words, width: int) -> alt.LayerChart:
    """A line of words that says what is not there."""
    missing = "no position on record" if isinstance(figure, Map) else "no figure found"
    plane = Plane(width, _HEIGHT, (0.0, width), (_HEIGHT, 0.0))
    return framed([Text(1.0, _HEIGHT / 2, words.say(missing), TOKENS["ink3"])], plane)
