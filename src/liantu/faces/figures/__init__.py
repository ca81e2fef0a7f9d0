"""Pictures of charts and maps: a frozen record in, a chart, SVG or PNG out."""

from liantu.faces.figures.cache import FigureCache, FigureKey, cached_png, cached_svg
from liantu.faces.figures.drawing import chart, png, svg, warm

__all__ = [
    "FigureCache",
    "FigureKey",
    "cached_png",
    "cached_svg",
    "chart",
    "png",
    "svg",
    "warm",
]
