"""A figure as an Altair chart, as SVG for a page and as PNG for a document."""

from functools import cache
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING

import pyarrow as pa

from liantu.faces.figures.vector import presentable
from liantu.faces.fonts import font_folder
from liantu.faces.words import Words
from liantu.result import Bars, Figure, Network

if TYPE_CHECKING:
    import altair as alt

_SHARP = 2.0
_CONVERTING = Lock()


def chart(figure: Figure, words: Words, *, width: int) -> "alt.LayerChart":
    """The figure as an Altair chart, ``width`` px wide over all; without title and caption.

    A kind of figure is drawn in the file of its name: ``Lines`` by ``lines.lines_chart``.
    Altair takes a second to load, so it is loaded with the first chart.
    """
    from liantu.faces.figures import empty  # noqa: PLC0415

    if isinstance(figure, Network):
        message = "a Network has no chart; svg() and png() draw it"
        raise TypeError(message)
    if empty.is_empty(figure):
        return empty.empty_chart(figure, words, width)
    is_stack = isinstance(figure, Bars) and len(figure.series) > 1
    kind = "stack" if is_stack else type(figure).__name__.lower()
    drawer = getattr(import_module(f"liantu.faces.figures.{kind}"), f"{kind}_chart")
    drawn: alt.LayerChart = drawer(figure, words, width)
    return drawn


def svg(figure: Figure, words: Words, *, width: int, aria_label: str | None = None) -> str:
    """The figure as SVG text that may stand inline where no style is allowed."""
    if isinstance(figure, Network):
        from liantu.faces.chainmap import chain_map  # noqa: PLC0415 - it draws without Altair

        return str(chain_map(figure, words, width=width))
    return presentable(_converted(figure, words, width), aria_label=aria_label)


def png(figure: Figure, words: Words, *, width: int) -> bytes:
    """The same picture as PNG, two dots for each px."""
    drawn = svg(figure, words, width=width)
    with _CONVERTING:
        return bytes(_renderer().svg_to_png(drawn, scale=_SHARP))


def warm() -> None:
    """Load Altair and the renderer and draw one small chart, so that the first page is fast."""
    import altair as alt  # noqa: PLC0415 - loaded when it is warmed

    dot = alt.Chart(pa.table({"x": [1]})).mark_point().encode(x="x:Q")
    with _CONVERTING:
        _renderer().vegalite_to_svg(dot.to_dict())


def _converted(figure: Figure, words: Words, width: int) -> str:
    """The chart as the renderer writes it; one at a time, as the renderer works."""
    spec = chart(figure, words, width=width).to_dict(validate=False)
    with _CONVERTING:
        return str(_renderer().vegalite_to_svg(spec))


@cache
def _renderer() -> ModuleType:
    """The renderer with the typeface registered, where that is installed."""
    import vl_convert  # noqa: PLC0415 - 30 MB, loaded when first needed

    folder = font_folder()
    if folder is not None:
        vl_convert.register_font_directory(str(folder))
    return vl_convert
