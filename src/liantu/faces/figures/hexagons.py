"""Points gathered in hexagons, pointed up, on a grid about the origin."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_ROOT = math.sqrt(3.0)


@dataclass(frozen=True, slots=True)
class Hexagon:
    """The centre of a hexagon and how many are in it."""

    x: float
    y: float
    count: int


def hexagons(points: Iterable[tuple[float, float, int]], radius: float) -> list[Hexagon]:
    """Hexagons of a radius that hold any of the points (x, y, count), from the least count up.

    ``radius`` is that of the circle through the corners, in the unit of the points.
    """
    counts: Counter[tuple[int, int]] = Counter()
    for x, y, count in points:
        counts[_cell(x, y, radius)] += count
    found = [
        Hexagon(_ROOT * radius * (q + r / 2), 1.5 * radius * r, count)
        for (q, r), count in counts.items()
    ]
    return sorted(found, key=lambda h: (h.count, h.x, h.y))


def count_class(count: int, most: int) -> int:
    """The class of a count, 0 to 3: equal steps of the logarithm up to the most."""
    if most <= 4:
        return min(count, 4) - 1
    return min(3, int(4 * math.log(count) / math.log(most + 1)))


def nearest_px(points: Sequence[tuple[float, float]]) -> float:
    """The least distance between two of the points; infinite for fewer than two."""
    return min(
        (math.dist(a, b) for n, a in enumerate(points) for b in points[:n]), default=math.inf
    )


def _cell(x: float, y: float, radius: float) -> tuple[int, int]:
    """Axial coordinates of the hexagon around a point: cube coordinates, rounded."""
    r = 2 / 3 * y / radius
    q = x / (_ROOT * radius) - r / 2
    s = -q - r
    q_near, r_near, s_near = round(q), round(r), round(s)
    q_off, r_off, s_off = abs(q_near - q), abs(r_near - r), abs(s_near - s)
    if q_off > r_off and q_off > s_off:
        q_near = -r_near - s_near
    elif r_off > s_off:
        r_near = -q_near - s_near
    return q_near, r_near
