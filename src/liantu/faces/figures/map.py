"""Points about an origin, north up, in km: rings, points or hexagons, names, a scale bar."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import altair as alt

from liantu.faces.figures.hexagons import count_class, hexagons, nearest_px
from liantu.faces.figures.layers import framed
from liantu.faces.figures.marks import (
    CROSS,
    HEXAGON,
    PAPER,
    Box,
    Dot,
    Item,
    Path,
    Rule,
    Text,
    layered,
)
from liantu.faces.figures.room import Room, Spot, around, beside, on_ring
from liantu.faces.figures.scale import Plane, circle, visible
from liantu.faces.figures.text import cut, width_of
from liantu.faces.tokens import SEQUENCE, TOKENS
from liantu.faces.words import Words
from liantu.result import Map, Point, Ring, say

EARTH_KM = 6371.0088
_HEXAGON_KM = 0.5
_HEXAGON_PX = 9.0
_SHAPE = 0.62
_TALLEST = 480.0
_MANY = 60
_NEAR_PX = 6.0
_NAMED = 12
_COUNTED = 3
_PRINTED_SIZE = 10.5


@dataclass(frozen=True, slots=True)
class _Place:
    """A point in km east and north of the origin."""

    x: float
    y: float
    point: Point

    @property
    def km(self) -> float:
        """Distance from the origin."""
        return math.hypot(self.x, self.y)


@dataclass(slots=True)
class _Sheet:
    """The map while it is drawn: its plane, what stands on it, and the room left for names."""

    plane: Plane
    words: Words
    room: Room
    ground: list[Item] = field(default_factory=list)
    names: list[Text] = field(default_factory=list)

    def name(self, text: str, spots: Sequence[Spot], *, ink: str, bold: bool = False) -> Spot:
        """Write a name at the best of its spots, in px, from the side that is held."""
        spot = self.room.best(spots)
        x, y = self.plane.at_x(spot.held), self.plane.at_y((spot.top + spot.bottom) / 2)
        self.names.append(Text(x, y, text, PAPER, spot.side, bold=bold, halo=True))
        self.names.append(Text(x, y, text, ink, spot.side, bold=bold))
        return spot


def map_chart(figure: Map, words: Words, width: int) -> alt.LayerChart:
    """The map as a chart; what lies beyond the extent is counted at its edge."""
    height = round(min(_SHAPE * width, _TALLEST))
    km = max(figure.extent_km, 0.1) / (height / 2 - _HEXAGON_PX - 4)
    across, up = km * width / 2, km * height / 2
    plane = Plane(width, height, (-across, across), (-up, up))
    sheet = _Sheet(plane, words, Room(width, height))
    places = [_placed(point, figure.origin) for point in figure.points]
    near = [place for place in places if place.km <= figure.extent_km]
    far = sum(place.point.count for place in places if place.km > figure.extent_km)
    _ground(sheet, figure.rings)
    above = _points(sheet, [place for place in near if place.point.precise])
    _outlines(sheet, figure.rings)
    sheet.ground += above
    _origin(sheet, figure.origin)
    _scale_bar(sheet, km)
    _beyond(sheet, far, figure.extent_km)
    _districts(sheet, [place for place in near if not place.point.precise])
    _ring_names(sheet, figure.rings)
    return framed([*sheet.ground, *layered(sheet.names)], plane)


def _placed(point: Point, origin: Point) -> _Place:
    """Local equirectangular projection about the origin, in km."""
    degree = EARTH_KM * math.pi / 180
    east = (point.longitude - origin.longitude + 180) % 360 - 180
    x = east * degree * math.cos(math.radians(origin.latitude))
    return _Place(x, (point.latitude - origin.latitude) * degree, point)


def _ground(sheet: _Sheet, rings: Sequence[Ring]) -> None:
    """The ground, lighter inside the asked ring."""
    (left, right), (low, high) = sheet.plane.x, sheet.plane.y
    sheet.ground.append(Box(left, low, right, high, TOKENS["wash"]))
    for ring in rings:
        if not ring.dashed:
            inside = [
                (max(left, min(x, right)), max(low, min(y, high)))
                for x, y in circle(ring.radius_km)
            ]
            sheet.ground.append(Path(tuple(inside), None, fill=PAPER))


def _outlines(sheet: _Sheet, rings: Sequence[Ring]) -> None:
    """The rings: the asked one solid, those to compare with dashed."""
    for ring in rings:
        ink = TOKENS["ink2"] if ring.dashed else TOKENS["ink"]
        dash = (2.0, 3.0) if ring.dashed else ()
        for run in visible(circle(ring.radius_km), sheet.plane):
            sheet.ground.append(Path(tuple(run), ink, 1.0 if ring.dashed else 1.4, dash))


def _points(sheet: _Sheet, places: Sequence[_Place]) -> list[Item]:
    """Points with a position of their own: points if few and apart, else hexagons.

    What stands above the rings is given back: the points, or the counts in the hexagons.
    """
    plane = sheet.plane
    at = [(plane.px(place.x), plane.py(place.y)) for place in places]
    if len(places) > _MANY or nearest_px(at) < _NEAR_PX:
        return _hexagons(sheet, places)
    dots: list[Item] = []
    for (px, py), place in zip(at, places, strict=True):
        ink = TOKENS["synthetic" if place.point.synthetic else "strong"]
        fill = PAPER if place.point.synthetic else ink
        dots.append(Dot(place.x, place.y, 4.0, fill, ink))
        sheet.room.taken.append(Spot(px - 5, py - 5, px + 5, py + 5))
    if len(places) <= _NAMED:
        for (px, py), place in zip(at, places, strict=True):
            text = cut(sheet.words.label(place.point.label), 150)
            sheet.name(text, beside(px, py, width_of(text), 8), ink=TOKENS["ink2"])
    return dots


def _hexagons(sheet: _Sheet, places: Sequence[_Place]) -> list[Item]:
    """Counts by hexagon in four classes, printed from three up."""
    plane = sheet.plane
    px_km = plane.width / (plane.x[1] - plane.x[0])
    radius = max(_HEXAGON_KM, _HEXAGON_PX / px_km)
    found = hexagons(((p.x, p.y, p.point.count) for p in places), radius)
    most = max((h.count for h in found), default=0)
    printed: list[Item] = []
    for h in found:
        if h.count <= 0:
            continue
        kind = count_class(h.count, most)
        sheet.ground.append(
            Dot(h.x, h.y, radius * px_km, SEQUENCE[kind], PAPER, 1.0, shape=HEXAGON)
        )
        px, py, reach = plane.px(h.x), plane.py(h.y), 0.9 * radius * px_km
        sheet.room.taken.append(Spot(px - reach, py - reach, px + reach, py + reach))
        if h.count >= _COUNTED:
            ink = PAPER if kind == 3 else TOKENS["present-ink"]
            text = sheet.words.number(h.count)
            printed.append(Text(h.x, h.y, text, ink, "center", bold=True, size=_PRINTED_SIZE))
    return printed


def _origin(sheet: _Sheet, origin: Point) -> None:
    """A cross and its name."""
    for color, width in ((PAPER, 5.0), (TOKENS["ink"], 2.0)):
        sheet.ground.append(Dot(0.0, 0.0, 6.0, "none", color, width, shape=CROSS))
    px, py = sheet.plane.px(0.0), sheet.plane.py(0.0)
    sheet.room.taken.append(Spot(px - 8, py - 8, px + 8, py + 8))
    text = cut(sheet.words.label(origin.label), 160, bold=True)
    spots = beside(px, py, width_of(text, bold=True), 11)[:12]
    sheet.name(text, spots, ink=TOKENS["ink"], bold=True)


def _districts(sheet: _Sheet, places: Sequence[_Place]) -> None:
    """Places whose position is that of a district: a count at its name, never a point."""
    counts: dict[tuple[float, float], list[_Place]] = {}
    for place in places:
        counts.setdefault((round(place.x, 6), round(place.y, 6)), []).append(place)
    for _, group in sorted(counts.items()):
        count = sum(place.point.count for place in group)
        labels = {sheet.words.label(place.point.label) for place in group}
        name = cut(labels.pop(), 170) if len(labels) == 1 else ""
        text = _counted(name, count, sheet.words)
        long = width_of(text, bold=True)
        px, py = sheet.plane.px(group[0].x), sheet.plane.py(group[0].y)
        spots = [around(px, py, long, "center"), *beside(px, py, long, 6)]
        sheet.name(text, spots, ink=TOKENS["ink2"], bold=True)


def _counted(name: str, count: int, words: Words) -> str:
    if not name:
        return words.number(count)
    if count == 0:
        return name
    return words.say(say("{place:name}: {count:count}", place=name, count=count))


def _ring_names(sheet: _Sheet, rings: Sequence[Ring]) -> None:
    """The label of each ring on it where that is free, else beside it with a leader."""
    plane = sheet.plane
    px_km = plane.width / (plane.x[1] - plane.x[0])
    cx, cy = plane.px(0.0), plane.py(0.0)
    for ring in sorted(rings, key=lambda r: -r.radius_km):
        text = sheet.words.say(ring.label)
        bold = not ring.dashed
        long, radius = width_of(text, bold=bold), ring.radius_km * px_km
        ink = TOKENS["ink2"] if ring.dashed else TOKENS["ink"]
        spots = on_ring(cx, cy, radius, long)
        spot = sheet.name(text, spots, ink=ink, bold=bold)
        _leader(sheet, spot, radius)


def _leader(sheet: _Sheet, spot: Spot, radius: float) -> None:
    """A line from a ring to a label that stands away from it."""
    plane = sheet.plane
    cx, cy = plane.px(0.0), plane.py(0.0)
    is_right = spot.left > cx
    px = spot.left - 2 if is_right else spot.right + 2
    py = (spot.top + spot.bottom) / 2
    away = math.dist((px, py), (cx, cy))
    if away < radius + 16:
        return
    x, y = cx + (px - cx) * radius / away, cy + (py - cy) * radius / away
    at = (plane.at_x(x), plane.at_y(y), plane.at_x(px), plane.at_y(py))
    sheet.ground.append(Rule(*at, TOKENS["ink2"], 0.8))


def _scale_bar(sheet: _Sheet, km: float) -> None:
    """A bar of a round length, lower left."""
    plane = sheet.plane
    most = 64 * km
    power = 10.0 ** math.floor(math.log10(most))
    length = max(step * power for step in (1.0, 2.0, 5.0) if step * power <= most)
    y, x = plane.at_y(plane.height - 14), plane.at_x(14)
    sheet.ground.append(Rule(x, y, x + length, y, TOKENS["ink"], 2.0))
    text = sheet.words.number(length, "km", spoken=True)
    top = plane.height - 34
    sheet.name(text, [around(14, top + 8, width_of(text), "left")], ink=TOKENS["ink"])


def _beyond(sheet: _Sheet, count: int, extent: float) -> None:
    """How many are farther than the map shows, lower right."""
    if not count:
        return
    said = say("Sites farther than {radius:km}: {count:count}", radius=extent, count=count)
    text = sheet.words.say(said)
    right, low = sheet.plane.width - 14, sheet.plane.height - 15
    spot = around(right, low, width_of(text), "right")
    sheet.name(text, [spot], ink=TOKENS["ink2"])
