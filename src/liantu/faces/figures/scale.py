"""Where values stand: the plane of a picture in px, and the ticks of its axes."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_LOG_TICKS = (1.0, 2.0, 5.0)
_MOST = 5


@dataclass(frozen=True, slots=True)
class Plane:
    """The inner part of a picture: its size and padding in px, its domains in values.

    ``x`` and ``y`` hold the value at the left and right, and at the bottom and top.
    """

    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    log: bool = False

    def px(self, x: float) -> float:
        """Distance of a value from the left, in px."""
        low, high = self.x
        if self.log:
            return self.width * math.log(x / low) / math.log(high / low)
        return self.width * (x - low) / (high - low)

    def py(self, y: float) -> float:
        """Distance of a value from the top, in px."""
        low, high = self.y
        return self.height * (high - y) / (high - low)

    def at_x(self, px: float) -> float:
        """The value that stands ``px`` from the left."""
        low, high = self.x
        part = px / self.width
        return low * (high / low) ** part if self.log else low + part * (high - low)

    def at_y(self, py: float) -> float:
        """The value that stands ``py`` from the top."""
        low, high = self.y
        return high - py / self.height * (high - low)


def finite(values: Iterable[float | None]) -> list[float]:
    """The values that can be drawn: not absent, not infinite, not NaN."""
    return [value for value in values if value is not None and math.isfinite(value)]


def drawable(value: float | None) -> float | None:
    """The value if it can be drawn, else None."""
    return value if value is not None and math.isfinite(value) else None


def ticks(low: float, high: float, most: int = _MOST) -> list[float]:
    """Round values from ``low`` to ``high``: at most ``most`` besides zero."""
    if (low, high) == (0.0, 1.0):
        return [0.0, 0.25, 0.5, 0.75, 1.0]
    span = high - low
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(s * power for s in _STEPS if span / (s * power) <= most + 1e-9)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """1, 2, 5 and their tens from ``low`` to ``high``; 25 stands for 20 (UI §5)."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    powers = [10.0**power for power in range(first, last + 1)]
    series = (mantissa * power for power in powers for mantissa in _LOG_TICKS)
    swapped = (25.0 if value == 20 else round(value, 12) for value in series)
    return [value for value in swapped if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]


def thinned(
    values: Sequence[float], places: Sequence[float], rooms: Sequence[float]
) -> list[float]:
    """Those values whose labels, ``rooms`` px wide and centred, leave 8 px between them."""
    kept: list[float] = []
    end = -math.inf
    for value, place, room in zip(values, places, rooms, strict=True):
        if place - room / 2 >= end + 8:
            kept.append(value)
            end = place + room / 2
    return kept


def circle(radius: float) -> list[tuple[float, float]]:
    """Points of a circle about the origin, closed."""
    turns = [math.tau * step / 120 for step in range(121)]
    return [(radius * math.cos(t), radius * math.sin(t)) for t in turns]


def visible(
    points: Sequence[tuple[float, float]], plane: Plane
) -> Iterator[list[tuple[float, float]]]:
    """The parts of a line that lie inside the picture."""
    (left, right), (low, high) = plane.x, plane.y
    run: list[tuple[float, float]] = []
    for x, y in points:
        if left <= x <= right and low <= y <= high:
            run.append((x, y))
        elif run:
            yield run
            run = []
    if len(run) > 1:
        yield run
