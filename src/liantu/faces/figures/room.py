"""Room for labels: boxes in px that must not meet, and the first free one of several."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Side = Literal["left", "center", "right"]
_HALF_LINE = 8.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A box in px, from its left and top to its right and bottom."""

    left: float
    top: float
    right: float
    bottom: float
    side: Side = "left"

    @property
    def held(self) -> float:
        """Where a text in the box begins, has its middle, or ends."""
        middle = (self.left + self.right) / 2
        return {"left": self.left, "center": middle, "right": self.right}[self.side]

    def shared(self, other: "Spot") -> float:
        """The area that two boxes share, in px²."""
        if self.left >= other.right or other.left >= self.right:
            return 0.0
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * max(down, 0.0)


def around(x: float, y: float, long: float, side: Side) -> Spot:
    """The box of a text ``long`` px wide that is held at x by a side, its middle line at y."""
    left = {"left": x, "center": x - long / 2, "right": x - long}[side]
    return Spot(left, y - _HALF_LINE, left + long, y + _HALF_LINE, side)


def beside(px: float, py: float, long: float, gap: float) -> list[Spot]:
    """Spots for a name around a point: right, left, below, above, then farther out."""
    spots = []
    for out in (gap, gap + 12, gap + 30, gap + 54):
        spots += [
            around(px + out, py - 10, long, "left"),
            around(px + out, py + 10, long, "left"),
            around(px - out, py - 10, long, "right"),
            around(px - out, py + 10, long, "right"),
            around(px, py - out - 8, long, "center"),
            around(px, py + out + 8, long, "center"),
        ]
    return spots


def on_ring(cx: float, cy: float, radius: float, long: float) -> list[Spot]:
    """Spots on a ring at several angles, then farther out."""
    spots = []
    for out in (4.0, 40.0, 80.0, 120.0, 160.0, 200.0, 240.0):
        for degrees in (22, -22, 158, -158, 45, -45, 135, -135, 68, -68, 112, -112, 8, 172):
            turn = math.radians(degrees)
            x = cx + (radius + out) * math.cos(turn)
            y = cy - (radius + out) * math.sin(turn)
            spots.append(around(x, y, long, "left" if math.cos(turn) > 0 else "right"))
    return spots


@dataclass(slots=True)
class Room:
    """A frame in px and what already stands in it."""

    width: float
    height: float
    taken: list[Spot] = field(default_factory=list)

    def best(self, spots: Sequence[Spot]) -> Spot:
        """The first free spot, else the one that covers least; it is taken from then on."""
        chosen, least = spots[0], math.inf
        for spot in spots:
            cost = self._cost(spot)
            if cost < least:
                chosen, least = spot, cost
            if cost == 0:
                break
        self.taken.append(chosen)
        return chosen

    def free(self, spots: Sequence[Spot]) -> Spot | None:
        """The first spot that meets nothing, taken from then on; None where each does."""
        for spot in spots:
            if self._cost(spot) == 0:
                self.taken.append(spot)
                return spot
        return None

    def _cost(self, spot: Spot) -> float:
        inside = Spot(0, 0, self.width, self.height).shared(spot)
        outside = (spot.right - spot.left) * (spot.bottom - spot.top) - inside
        covered = sum(spot.shared(other) for other in self.taken)
        return round(covered + (4 * outside if outside > 1e-6 else 0.0), 6)
