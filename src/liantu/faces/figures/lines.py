"""Lines over a numeric axis: steps, log axes, places pointed out, and what is unknown."""

import math
from collections.abc import Iterator, Sequence

import altair as alt

from liantu.faces.figures.bars import FILLS, FOOT, axis_words
from liantu.faces.figures.layers import framed
from liantu.faces.figures.marks import Axis, Box, Dot, Item, Path, Rule, Text
from liantu.faces.figures.room import Room, around
from liantu.faces.figures.scale import Plane, drawable, finite, log_ticks, thinned, ticks
from liantu.faces.figures.text import cut, width_of
from liantu.faces.tokens import SEQUENCE, TOKENS
from liantu.faces.words import Words
from liantu.result import Lines, Mark, Series, say

_HEIGHT = 228.0
_TOP = 10.0
_FOOT = 46.0
_RIGHT = 14.0
_LINE = 15.0
_ENDS_ROOM = 0.3
_DECADES = 1e4
_FINE = 1180
_PALE = SEQUENCE[0]

Run = list[tuple[float, float]]
Band = list[tuple[float, float, float]]


def lines_chart(figure: Lines, words: Words, width: int) -> alt.LayerChart:
    """Lines as a chart; a value that is absent or infinite breaks its line."""
    domain = _x_domain(figure)
    low, high = _y_domain(figure)
    y_values = ticks(low, high)
    y_words = axis_words(y_values, figure.unit, words)
    ends = [cut(words.label(s.label), _ENDS_ROOM * width) for s in figure.series]
    named = len(figure.series) > 1
    left = math.ceil(max((width_of(text) for text in y_words), default=0.0)) + 12.0
    right = max((width_of(text, bold=True) for text in ends), default=0.0) + 8 if named else 0.0
    right = math.ceil(max(right, _RIGHT))
    plane = Plane(
        width=width - left - right,
        height=_HEIGHT,
        x=domain,
        y=(low, high),
        left=left,
        right=right,
        top=_TOP,
        bottom=FOOT if _are_years(figure.x) else _FOOT,
        log=figure.x_log,
    )
    items = [*_zone(figure, plane, words), *_marked(figure, plane, words)]
    runs = [_runs(figure, series, domain) for series in figure.series]
    bands = _bands(figure, domain)
    items[0:0] = [*map(_band, bands), *_drawn(figure, runs)]
    if bands:
        items.append(_band_label(bands[0], plane, words))
    if named:
        items += _ends(figure.series, runs, ends, plane)
    return framed(
        items,
        plane,
        _x_axis(figure, plane, words),
        Axis(y_values, y_words, grid=True),
    )


def _x_domain(figure: Lines) -> tuple[float, float]:
    """From the first to the last finite x; a log axis starts above zero."""
    places = finite([*figure.x, *(mark.x for mark in figure.marks)])
    if not figure.x_log:
        low, high = min(places, default=0.0), max(places, default=1.0)
        return (low, high) if low < high else (low - 0.5, high + 0.5)
    positive = [place for place in places if place > 0]
    high = max(positive, default=10.0)
    low = max(min(positive, default=1.0), high / _DECADES)
    return (low, high) if low < high else (low / 2, high * 2)


def _y_domain(figure: Lines) -> tuple[float, float]:
    """``bottom``, every value and every band, up to ``top`` where it is given."""
    held = (v for s in figure.series for v in (s.values, s.low or (), s.high or ()))
    values = finite(value for values in held for value in values)
    base = figure.bottom
    low, high = min(base, *values, base), max(base, *values, base)
    top = drawable(figure.top)
    if top is not None:
        return low, max(top, high)
    if low == high:
        return low, low + 1.0
    step = ticks(low, high)
    gap = step[1] - step[0] if len(step) > 1 else high - low
    return math.floor(low / gap) * gap, math.ceil(high / gap - 1e-9) * gap


def _runs(figure: Lines, series: Series, domain: tuple[float, float]) -> list[Run]:
    """The unbroken parts of a line; a step is held to the end of the axis."""
    low, high = domain
    runs: list[Run] = [[]]
    for x, value in zip(figure.x, series.values, strict=True):
        y = drawable(value)
        if not math.isfinite(x):
            continue
        if y is None:
            runs.append([])
            continue
        if x < low and not figure.step:
            continue
        if figure.step and runs[-1] and runs[-1][-1][0] >= max(x, low):
            runs[-1].pop()
        runs[-1].append((max(x, low), y))
    if figure.step and runs[-1] and runs[-1][-1][0] < high:
        runs[-1].append((high, runs[-1][-1][1]))
    return [_merged(run, domain, is_log=figure.x_log) for run in runs if run]


def _merged(run: Run, domain: tuple[float, float], *, is_log: bool) -> Run:
    """A long run as it looks: first, lowest, highest and last of each px of a wide picture."""
    if len(run) <= _FINE:
        return run
    ruler = Plane(_FINE, 1.0, domain, (0.0, 1.0), log=is_log)
    columns: dict[int, Run] = {}
    for point in run:
        columns.setdefault(round(ruler.px(point[0])), []).append(point)
    kept: Run = []
    for column in columns.values():
        low, high = min(column, key=_height), max(column, key=_height)
        kept += sorted({column[0], low, high, column[-1]})
    return kept


def _height(point: tuple[float, float]) -> float:
    return point[1]


def _color(series: Series, figure: Lines) -> str:
    if series.state is not None:
        return FILLS[series.state]
    alone = len(figure.series) == 1
    return TOKENS["strong"] if series.emphasis or alone else TOKENS["control"]


def _drawn(figure: Lines, runs: Sequence[Sequence[Run]]) -> Iterator[Item]:
    """Every line, the emphasised ones last; a value between two gaps is a point."""
    lone: list[Item] = []
    for number in sorted(range(len(runs)), key=lambda n: figure.series[n].emphasis):
        series = figure.series[number]
        color = _color(series, figure)
        width = 2.2 if series.emphasis or len(figure.series) == 1 else 1.2
        for run in runs[number]:
            if len(run) == 1:
                lone.append(Dot(*run[0], radius=2.4, fill=color))
            else:
                yield Path(tuple(run), color, width, step=figure.step)
    yield from lone


def _bands(figure: Lines, domain: tuple[float, float]) -> list[Band]:
    """The unbroken bands in which draws lie; one without width at a single place is none."""
    bands: list[Band] = []
    for series in figure.series:
        if series.low is None or series.high is None:
            continue
        bands.append([])
        for x, *edges in zip(figure.x, series.low, series.high, strict=True):
            known = finite(edges)
            if len(known) < 2 or not domain[0] <= x <= domain[1]:
                bands.append([])
                continue
            if figure.step and bands[-1]:
                bands[-1].append((x, *bands[-1][-1][1:]))
            bands[-1].append((x, known[0], known[1]))
    return [band for band in bands if len(band) > 1]


def _band(band: Band) -> Path:
    """A band as an area behind its line."""
    edges = [(x, high) for x, _, high in band] + [(x, low) for x, low, _ in reversed(band)]
    return Path(tuple(edges), None, 0.0, fill=_PALE)


def _band_label(band: Band, plane: Plane, words: Words) -> Text:
    """What a band is: in words below or above it, where it is widest and there is room."""
    text = words.say(say("5 to 95 % of draws"))
    half = width_of(text) / 2

    def beside(edge: tuple[float, float, float]) -> tuple[float, float]:
        px = min(max(plane.px(edge[0]), half), plane.width - half)
        near = [other for other in band if abs(plane.px(other[0]) - px) <= half] or [edge]
        below = plane.py(min(low for _, low, _ in near)) + 11
        above = plane.py(max(high for *_, high in near)) - 11
        return px, below if below < plane.height - 6 else above

    spots = map(beside, sorted(band, key=lambda edge: edge[1] - edge[2]))
    first = next(spots)
    px, py = first if first[1] >= 6 else next((spot for spot in spots if spot[1] >= 6), first)
    return Text(plane.at_x(px), plane.at_y(py), text, align="center")


def _zone(figure: Lines, plane: Plane, words: Words) -> Iterator[Item]:
    """The grey zone that no line can reach, from the top, with what it stands for."""
    share = drawable(figure.unknown) or 0.0
    if share <= 0:
        return
    low, top = plane.y
    floor = top - share * (top - max(low, 0.0))
    yield Box(plane.x[0], top, plane.x[1], floor, TOKENS["band"])
    if figure.unknown_label is None:
        return
    text = cut(words.say(figure.unknown_label), plane.width - 16)
    height = plane.py(floor) - plane.py(top)
    middle = plane.py(top) + (height / 2 if height > _LINE else height + 9)
    center = _clear(figure, plane, width_of(text))
    yield Text(plane.at_x(center), plane.at_y(middle), text, align="center")


def _clear(figure: Lines, plane: Plane, long: float) -> float:
    """The middle of the picture, or of the wider side of a mark that would cross a text."""
    middle = plane.width / 2
    if not figure.marks or not plane.x[0] <= figure.marks[0].x <= plane.x[1]:
        return middle
    px = plane.px(figure.marks[0].x)
    if abs(px - middle) > long / 2 + 8:
        return middle
    return px / 2 if px > middle else (px + plane.width) / 2


def _marked(figure: Lines, plane: Plane, words: Words) -> Iterator[Item]:
    """Places pointed out: the first, which was asked, by a line through the whole picture."""
    if not figure.series:
        return
    series = next((s for s in figure.series if s.emphasis), figure.series[0])
    room = Room(plane.width + plane.right, plane.height)
    for number, mark in enumerate(figure.marks):
        if not plane.x[0] <= mark.x <= plane.x[1]:
            continue
        y = _height_at(figure, series, mark.x)
        if number == 0 or y is None:
            ends = (mark.x, plane.y[0], mark.x, plane.y[1])
            yield Rule(*ends, TOKENS["ink"], 1.0, (2.0, 2.0))
        if y is not None:
            yield Dot(mark.x, y, 4.0, _color(series, figure))
        yield _mark_label(mark, y, plane, words, room)


def _height_at(figure: Lines, series: Series, place: float) -> float | None:
    """The value of a line at a place: the last one before it, or between its neighbours."""
    known = [
        (x, y)
        for x, value in zip(figure.x, series.values, strict=True)
        if (y := drawable(value)) is not None and math.isfinite(x)
    ]
    before = [point for point in known if point[0] <= place]
    after = [point for point in known if point[0] >= place]
    if not before:
        return None
    if figure.step or before[-1][0] == place:
        return before[-1][1]
    if not after:
        return None
    (x, y), (x2, y2) = before[-1], after[0]
    return y + (y2 - y) * (place - x) / (x2 - x)


def _mark_label(mark: Mark, y: float | None, plane: Plane, words: Words, room: Room) -> Text:
    """The label of a mark beside its point, where it meets no other label."""
    text = words.say(mark.label)
    long = width_of(text, bold=True)
    px = plane.px(mark.x)
    py = plane.height - 10 if y is None else plane.py(y)
    spot = room.best(
        [
            around(px + 9, py + 11, long, "left"),
            around(px - 9, py - 11, long, "right"),
            around(px + 9, py - 11, long, "left"),
            around(px - 9, py + 11, long, "right"),
        ]
    )
    at = plane.at_x(spot.held), plane.at_y((spot.top + spot.bottom) / 2)
    return Text(*at, text, TOKENS["ink"], spot.side, bold=True)


def _ends(
    series: Sequence[Series], runs: Sequence[Sequence[Run]], texts: Sequence[str], plane: Plane
) -> Iterator[Text]:
    """The name of each line at its end, moved apart where two would meet."""
    last = [(line[-1][-1], n) for n, line in enumerate(runs) if line]
    wanted = sorted((plane.py(y), n, x) for (x, y), n in last)
    heights = _apart([py for py, _, _ in wanted], plane.height)
    for height, (_, n, x) in zip(heights, wanted, strict=True):
        bold = series[n].emphasis
        ink = TOKENS["ink"] if bold else TOKENS["ink2"]
        at = plane.at_x(max(plane.px(x), plane.width * (1 - _ENDS_ROOM)) + 7)
        yield Text(at, plane.at_y(height), texts[n], ink, bold=bold)


def _apart(heights: Sequence[float], lowest: float) -> list[float]:
    """Sorted heights, at least a line of text apart and inside the picture if they can be."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + _LINE if placed else height))
    limit = lowest
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - _LINE
    return placed


def _x_axis(figure: Lines, plane: Plane, words: Words) -> Axis:
    """Ticks on round values; years are whole and written without a comma."""
    low, high = plane.x
    years = not figure.x_log and _are_years(figure.x)
    values = log_ticks(low, high) if figure.x_log else ticks(low, high, 8)
    if years:
        values = [value for value in values if value == int(value)]
    texts = (
        [f"{value:,g}" for value in values]
        if figure.x_log
        else [words.number(value, "year") for value in values]
        if years
        else axis_words(values, None, words)
    )
    places = [plane.px(value) for value in values]
    kept = set(thinned(values, places, [width_of(text) for text in texts]))
    pairs = [(v, text) for v, text in zip(values, texts, strict=True) if v in kept]
    shown = None if years else words.say(figure.x_title)
    return Axis([v for v, _ in pairs], [text for _, text in pairs], shown, zero=True)


def _are_years(x: Sequence[float]) -> bool:
    known = finite(x)
    return bool(known) and all(1800 <= value <= 2200 and value == int(value) for value in known)
