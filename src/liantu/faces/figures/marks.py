"""The few marks that every picture is made of, in values of its plane."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from liantu.faces.figures.room import Side
from liantu.faces.figures.text import SIZE
from liantu.faces.tokens import TOKENS

PAPER = "#FFFFFF"
CIRCLE = "circle"
HEXAGON = "M0,-1L0.866,-0.5L0.866,0.5L0,1L-0.866,0.5L-0.866,-0.5Z"
CROSS = "M-1,0L1,0M0,-1L0,1"


@dataclass(frozen=True, slots=True)
class Text:
    """A text whose middle line stands at ``y``."""

    x: float
    y: float
    text: str
    color: str = TOKENS["ink2"]
    align: Side = "left"
    bold: bool = False
    size: float = SIZE
    halo: bool = False

    @property
    def layer(self) -> tuple[Hashable, ...]:
        """Its depth, and what it has in common with the marks of one layer."""
        return 3 if self.halo else 4, Text, self.halo


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line from (x, y) to (x2, y2)."""

    x: float
    y: float
    x2: float
    y2: float
    color: str = TOKENS["control"]
    width: float = 1.0
    dash: tuple[float, ...] = ()

    @property
    def layer(self) -> tuple[Hashable, ...]:
        """Its depth, and what it has in common with the marks of one layer."""
        return 1, Rule


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    x2: float
    y2: float
    fill: str

    @property
    def layer(self) -> tuple[Hashable, ...]:
        """Its depth, and what it has in common with the marks of one layer."""
        return 0, Box


@dataclass(frozen=True, slots=True)
class Dot:
    """A point with a shape of ``radius`` px; open where its fill is paper."""

    x: float
    y: float
    radius: float = 4.0
    fill: str = TOKENS["strong"]
    stroke: str | None = None
    width: float = 1.6
    shape: str = CIRCLE

    @property
    def layer(self) -> tuple[Hashable, ...]:
        """Its depth, and what it has in common with the marks of one layer."""
        return 2, Dot, self.shape


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points, in their order; an area where it is filled."""

    points: tuple[tuple[float, float], ...]
    color: str | None = TOKENS["strong"]
    width: float = 2.2
    dash: tuple[float, ...] = ()
    fill: str | None = None
    step: bool = False

    @property
    def layer(self) -> tuple[Hashable, ...]:
        """Its depth, and what it has in common with the marks of one layer."""
        return 1, Path, self.color, self.width, self.dash, self.fill, self.step


Item = Text | Rule | Box | Dot | Path


@dataclass(frozen=True, slots=True)
class Axis:
    """The ticks of an axis with their labels; gridlines only on the axis of values."""

    values: Sequence[float]
    labels: Sequence[str]
    title: str | None = None
    grid: bool = False
    zero: bool = False


def layered(items: Iterable[Item]) -> list[Item]:
    """The marks in few layers: areas, lines, points, halos, texts; styles as they come."""
    listed = list(items)
    styles = {style: n for n, style in enumerate(dict.fromkeys(i.layer for i in listed))}
    return sorted(listed, key=lambda item: (item.layer[0], styles[item.layer]))
