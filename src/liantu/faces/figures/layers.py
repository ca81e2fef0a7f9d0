"""How marks become the layers of one Altair chart; what differs between marks is data."""

import json
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import altair as alt
import pyarrow as pa

from liantu.faces.figures.marks import CIRCLE, PAPER, Axis, Box, Dot, Item, Path, Rule, Text
from liantu.faces.figures.scale import Plane
from liantu.faces.figures.text import SIZE, plain
from liantu.faces.tokens import FONTS, TOKENS

_MOST_ROWS = 5000

Drawn = tuple[alt.Chart, list[Any]]


def framed(
    items: Iterable[Item], plane: Plane, x: Axis | None = None, y: Axis | None = None
) -> alt.LayerChart:
    """The marks on their plane, later ones above earlier ones, as one chart."""
    layers = [_axes(plane, x, y), *(_drawn(run) for run in _runs(items))]
    padding = {
        "left": plane.left,
        "right": plane.right,
        "top": plane.top,
        "bottom": plane.bottom,
    }
    stacked = alt.LayerChart(layer=layers)
    chart: alt.LayerChart = stacked.properties(
        width=plane.width,
        height=plane.height,
        padding=padding,
        background=PAPER,
        autosize=alt.AutoSizeParams(type="none"),
        config=alt.Config(font=FONTS, aria=False, view=alt.ViewConfig(stroke=None)),
    )
    return chart


def _axes(plane: Plane, x: Axis | None, y: Axis | None) -> alt.Chart:
    """A layer without marks that carries the axes, so that an empty picture has them too."""
    (left, right), (low, high) = plane.x, plane.y
    corners = [{"x": left, "y": low}, {"x": right, "y": high}]
    blank: alt.Chart = (
        alt.Chart(_rows(corners))
        .mark_point(opacity=0, size=0)
        .encode(
            alt.X("x:Q", axis=_axis(x, is_x=True), scale=_scale(plane.x, is_log=plane.log)),
            alt.Y("y:Q", axis=_axis(y, is_x=False), scale=_scale(plane.y, is_log=False)),
        )
    )
    return blank


def _scale(domain: tuple[float, float], *, is_log: bool) -> alt.Scale:
    return alt.Scale(
        type="log" if is_log else "linear", domain=list(domain), nice=False, zero=False
    )


def _axis(axis: Axis | None, *, is_x: bool) -> alt.Axis | None:
    if axis is None:
        return None
    values = list(axis.values)
    words = json.dumps([plain(label) for label in axis.labels])
    return alt.Axis(
        values=values,
        labelExpr=f"{words}[indexof({json.dumps(values)}, datum.value)]",
        labelColor=TOKENS["ink2"],
        labelFontSize=SIZE,
        labelFlush=False,
        labelOverlap=False,
        labelPadding=6,
        labelLimit=0,
        title=plain(axis.title) if axis.title else None,
        titleColor=TOKENS["ink2"],
        titleFontSize=SIZE,
        titleFontWeight="normal",
        titlePadding=6,
        grid=axis.grid,
        gridColor=TOKENS["grid"],
        ticks=False,
        domain=axis.zero and is_x,
        domainColor=TOKENS["control"],
    )


def _runs(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Marks that follow one another and can share a layer, as many as Altair takes in one."""
    run: list[Item] = []
    rows = 0
    for item in items:
        added = len(item.points) if isinstance(item, Path) else 1
        if run and (run[0].layer != item.layer or rows + added > _MOST_ROWS):
            yield run
            run, rows = [], 0
        run.append(item)
        rows += added
    if run:
        yield run


def _drawn(run: list[Item]) -> alt.Chart:
    """One layer for a run of marks of one kind."""
    chart, extra = _DRAWN[type(run[0])](run)
    layer: alt.Chart = chart.encode(alt.X("x:Q"), alt.Y("y:Q"), *extra)
    return layer


def _rows(rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as a table, which Altair neither copies nor checks row by row."""
    return pa.Table.from_pylist(rows)


def _each(name: str) -> alt.ExprRef:
    """A property that each mark has of its own, in its data."""
    return alt.expr(f"datum.{name}")


def _texts(run: list[Text]) -> Drawn:
    rows = [
        {
            "x": t.x,
            "y": t.y,
            "text": plain(t.text),
            "color": t.color,
            "align": t.align,
            "size": t.size,
            "weight": 600 if t.bold else 400,
        }
        for t in run
    ]
    halo: dict[str, Any] = (
        {"stroke": PAPER, "strokeWidth": 3, "strokeJoin": "round"} if run[0].halo else {}
    )
    chart = alt.Chart(_rows(rows)).mark_text(
        align=_each("align"),
        baseline="middle",
        fontSize=_each("size"),
        fontWeight=_each("weight"),
        **halo,
    )
    return chart, [alt.Text("text:N"), alt.Color("color:N", scale=None)]


def _rules(run: list[Rule]) -> Drawn:
    rows = [
        {
            "x": r.x,
            "y": r.y,
            "x2": r.x2,
            "y2": r.y2,
            "color": r.color,
            "width": r.width,
            "dash": r.dash or (1.0, 0.0),
        }
        for r in run
    ]
    chart = alt.Chart(_rows(rows)).mark_rule(
        strokeWidth=_each("width"), strokeDash=_each("dash")
    )
    return chart, [alt.X2("x2"), alt.Y2("y2"), alt.Color("color:N", scale=None)]


def _boxes(run: list[Box]) -> Drawn:
    rows = [{"x": b.x, "y": b.y, "x2": b.x2, "y2": b.y2, "fill": b.fill} for b in run]
    chart = alt.Chart(_rows(rows)).mark_rect()
    return chart, [alt.X2("x2"), alt.Y2("y2"), alt.Color("fill:N", scale=None)]


def _dots(run: list[Dot]) -> Drawn:
    rows = [
        {
            "x": d.x,
            "y": d.y,
            "size": _area(d),
            "fill": d.fill,
            "stroke": d.stroke or d.fill,
            "width": d.width,
        }
        for d in run
    ]
    chart = alt.Chart(_rows(rows)).mark_point(
        shape=run[0].shape, strokeWidth=_each("width"), opacity=1, filled=False
    )
    channels = [
        alt.Size("size:Q", scale=None),
        alt.Fill("fill:N", scale=None),
        alt.Stroke("stroke:N", scale=None),
    ]
    return chart, channels


def _area(dot: Dot) -> float:
    """The size of a symbol as the renderer counts it: of a circle its area, else its box."""
    return math.pi * dot.radius**2 if dot.shape == CIRCLE else (2 * dot.radius) ** 2


def _paths(run: list[Path]) -> Drawn:
    first = run[0]
    rows = [
        {"x": x, "y": y, "path": number, "place": place}
        for number, path in enumerate(run)
        for place, (x, y) in enumerate(path.points)
    ]
    chart = alt.Chart(_rows(rows)).mark_line(
        stroke=first.color,
        fill=first.fill,
        strokeWidth=first.width,
        strokeDash=list(first.dash) or alt.Undefined,
        interpolate="step-after" if first.step else "linear",
        strokeJoin="miter",
    )
    return chart, [alt.Detail("path:N"), alt.Order("place:Q")]


_DRAWN: dict[type, Callable[[Any], Drawn]] = {
    Text: _texts,
    Rule: _rules,
    Box: _boxes,
    Dot: _dots,
    Path: _paths,
}
