"""Marks of the six states, and bars of them: the same in map, legend, table and print.

Shapes carry no ids and no styles, so any number of them can share a page.
"""

from collections.abc import Mapping
from functools import lru_cache

from liantu.faces.tokens import STATES, TOKENS
from liantu.result import State

MARK = 10

_BARS: Mapping[State, str] = {
    "strong": TOKENS["strong"],
    "present": TOKENS["present"],
    "weak": TOKENS["weak-bar"],
    "missing": TOKENS["missing"],
    "unknown": TOKENS["unknown-bar"],
}


@lru_cache(maxsize=1024)
def mark_shape(state: State, x: float, y: float) -> str:
    """The mark of a state, with its top left at (x, y), as SVG elements."""
    at = f"M{x:g} {y:g}"
    inset = f"M{x + 0.6:g} {y + 0.6:g}"
    match state:
        case "strong" | "present":
            return f'<path d="{at}h10v10h-10z" fill="{TOKENS[state]}"/>'
        case "weak":
            return (
                f'<path d="{inset}h8.8v8.8h-8.8z" fill="#fff" stroke="{TOKENS["weak"]}" '
                f'stroke-width="1.2"/><path d="{at}l10 10h-10z" fill="{TOKENS["weak"]}"/>'
            )
        case "missing":
            return (
                f'<path d="{inset}h8.8v8.8h-8.8zm2.2 2.2l4.4 4.4m0-4.4l-4.4 4.4" fill="#fff" '
                f'stroke="{TOKENS["missing"]}" stroke-width="1.3"/>'
            )
        case "foreign_only":
            return (
                f'<path d="{inset}h8.8v8.8h-8.8zm0 3.2l3.2-3.2m-3.2 6.4l6.4-6.4m-6.2 8.6'
                f'l8.6-8.6m-5.2 8.6l5.2-5.2" fill="#fff" stroke="{TOKENS["foreign"]}" '
                'stroke-width="1.2"/>'
            )
        case "unknown":
            return (
                f'<circle cx="{x + 5:g}" cy="{y + 5:g}" r="3.6" fill="none" '
                f'stroke="{TOKENS["unknown"]}" stroke-width="1.3" stroke-dasharray="1.4 1.43"/>'
            )


def state_mark(state: State) -> str:
    """The mark of a state as a picture of its own, for legends and tables; without words."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mark" width="{MARK}" height="{MARK}" '
        f'viewBox="0 0 10 10" aria-hidden="true">{mark_shape(state, 0, 0)}</svg>'
    )


def state_bar(counts: Mapping[State, int], *, width: int, height: int = 10) -> str:
    """Counts by state as a stacked bar, a picture of its own; the words stand beside it."""
    shapes = bar_shapes(counts, 0, 0, width, height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="states" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" aria-hidden="true">{shapes}</svg>'
    )


def bar_shapes(
    counts: Mapping[State, int], x: float, y: float, width: float, height: float
) -> str:
    """Counts by state as a stacked bar, as SVG elements; parts stand 1 px apart."""
    total = sum(counts.values())
    shapes = []
    for state in STATES:
        if not counts[state]:
            continue
        part = width * counts[state] / total
        wide = max(part - 1, 0.5) if state != _last(counts) else part
        shapes.append(_part(state, round(x, 1), y, round(wide, 1), height))
        x += part
    return "".join(shapes)


def _last(counts: Mapping[State, int]) -> State:
    return next(state for state in reversed(STATES) if counts[state])


def _part(state: State, x: float, y: float, width: float, height: float) -> str:
    box = f"M{x:g} {y:g}h{width:g}v{height:g}h-{width:g}z"
    if state in _BARS:
        return f'<path d="{box}" fill="{_BARS[state]}"/>'
    strokes = []
    left = 0.0
    while left < width:
        # From the foot to the top, cut off at the right end.
        run = min(height, width - left)
        strokes.append(f"M{x + left:g} {y + height:g}l{run:g}-{run:g}")
        left += 3.2
    return (
        f'<path d="{box}" fill="{TOKENS["foreign-wash"]}"/><path d="{"".join(strokes)}" '
        f'stroke="{TOKENS["foreign"]}" stroke-width="1.3"/>'
    )
