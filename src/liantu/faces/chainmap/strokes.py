"""The lines and boxes of a chain map as SVG text."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

from liantu.faces.chainmap.layout import Layout
from liantu.faces.chainmap.metrics import text_width
from liantu.faces.chainmap.packing import ROW
from liantu.faces.chainmap.routes import XY, Bundle, Line
from liantu.faces.chainmap.rows import Focus, Rows
from liantu.faces.tokens import TOKENS

_INK, _INK2 = TOKENS["ink"], TOKENS["ink2"]
_CORNER = 4
_LABEL_SIZE = 11.6


def frames(places: Layout, rows: Rows, focus: Focus) -> str:
    """A box about the focus, and one about each of its inputs and uses."""
    width = places.column_width
    boxes = {rows.spot[n] for n in focus.inputs | focus.uses}
    boxes -= {rows.spot[focus.node]}
    thin = "".join(_box(places.pieces[p].x, y, width) for p, y in sorted(boxes))
    piece, y = rows.spot[focus.node]
    bold = _box(places.pieces[piece].x, y, width)
    return (
        f'<path d="{thin}" fill="none" stroke="{_INK2}"/>'
        f'<path d="{bold}" fill="none" stroke="{_INK}" stroke-width="1.6"/>'
    )


def thin_frames(places: Layout, rows: Rows, nodes: Iterable[int]) -> str:
    """A thin box about each of some products."""
    boxes = sorted({rows.spot[n] for n in nodes})
    thin = "".join(_box(places.pieces[p].x, y, places.column_width) for p, y in boxes)
    return f'<path d="{thin}" fill="none" stroke="{_INK2}"/>'


def _box(x: int, middle: int, width: int) -> str:
    return f"M{x}.5 {middle - 9}.5h{width - 1}v{ROW}h-{width - 1}z"


def bundle_shape(bundle: Bundle, texts: Sequence[str]) -> str:
    """The lines of a bundle with their arrows, labelled with the first text that has room."""
    shape = lines_shape(bundle.lines)
    left, right = bundle.free or (0, 0)
    for text in texts:
        wide = round(text_width(text, _LABEL_SIZE))
        if right - left >= wide + 24:
            return shape + _lane_label(text, wide, (left + right) / 2, bundle.lane_y)
    return shape


def _lane_label(text: str, wide: int, middle: float, y: float) -> str:
    return (
        f'<rect x="{middle - wide / 2 - 5:g}" y="{y - 6:g}" width="{wide + 10}" height="12" '
        f'fill="#fff"/><text x="{middle:g}" y="{y + 4:g}" text-anchor="middle" '
        f'font-size="{_LABEL_SIZE}" textLength="{wide}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(text)}</text>"
    )


def lines_shape(lines: Sequence[Line]) -> str:
    """Lines with corners of 4 px, in one path for each width, and their arrowheads."""
    shapes = []
    for width in sorted({line.width for line in lines}):
        path = "".join(dict.fromkeys(_rounded(s.points) for s in lines if s.width == width))
        shapes.append(
            f'<path d="{path}" fill="none" stroke="{_INK}" stroke-width="{width:g}"/>'
        )
    heads = "".join(dict.fromkeys(_arrow(line.points) for line in lines))
    return "".join(shapes) + f'<path d="{heads}"/>'


def titled(title: str, line: Line) -> str:
    """A line of its own, with words that say what it joins."""
    return f"<g><title>{escape(title)}</title>{lines_shape([line])}</g>"


def _arrow(points: Sequence[XY]) -> str:
    (x, y), back = points[-1], -4 if points[-2][0] < points[-1][0] else 4
    return f"M{x:g} {y:g}l{back} -2.6v5.2z"


def _rounded(points: Sequence[XY]) -> str:
    path = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for (a, b), (_, c) in pairwise(pairwise(points)):
        radius = min(_CORNER, _length(a, b) / 2, _length(b, c) / 2)
        before, after = _towards(b, a, radius), _towards(b, c, radius)
        path.append(f"L{before[0]:g} {before[1]:g}Q{b[0]:g} {b[1]:g} {after[0]:g} {after[1]:g}")
    path.append(f"L{points[-1][0]:g} {points[-1][1]:g}")
    return "".join(path)


def _length(a: XY, b: XY) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _towards(start: XY, end: XY, distance: float) -> XY:
    length = _length(start, end) or 1
    return (
        start[0] + (end[0] - start[0]) * distance / length,
        start[1] + (end[1] - start[1]) * distance / length,
    )
