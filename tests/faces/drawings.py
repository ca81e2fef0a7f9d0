"""Figures to draw, and how to look at what was drawn."""

import random

from liantu.faces import figures
from liantu.faces.words import Words
from liantu.records import Name, Names
from liantu.result import (
    Bars,
    Event,
    Heat,
    Lines,
    Map,
    Mark,
    Pair,
    Point,
    Ref,
    Ring,
    Scatter,
    Series,
    Step,
    Steps,
    Timeline,
    say,
)
from tests.faces.chains import NoStore, parsed

TITLE = say("A picture")
CITIES = {"zz": Name("Zhuzhou", "株洲"), "qd": Name("Qingdao", "青岛")}
REFS = tuple(Ref("places", city) for city in CITIES)
HERE = Point(say("Tianxin"), 113.13, 27.83)


def words(language="en"):
    known = {("places", city): name for city, name in CITIES.items()}
    return Words(language, Names(NoStore(), known))


def chart(figure, width=575):
    return figures.chart(figure, words(), width=width).to_dict()


def drawn(figure, language="en", width=575):
    return figures.svg(figure, words(language), width=width)


def texts(svg):
    return [element.text for element in parsed(svg).iter() if element.tag.endswith("text")]


def rows(spec, mark):
    """The data of every layer with a mark, in order; the layer of the axes has none."""
    return [
        row
        for layer in spec["layer"][1:]
        if layer["mark"]["type"] == mark
        for row in spec["datasets"][layer["data"]["name"]]
    ]


def axis(spec, channel):
    return spec["layer"][0]["encoding"][channel]


def bars(*values, **more):
    labels = tuple(say(f"row {n}") for n in range(len(values)))
    return Bars(title=TITLE, labels=labels, series=(Series(say("all"), values),), **more)


def reach(**more):
    given = {
        "unit": "share",
        "x": (0.0, 2.0, 4.0, 20.0, float("inf")),
        "x_title": say("km (log scale)"),
        "x_log": True,
        "step": True,
        "top": 1.0,
        "series": (Series(say("parts"), (0.1, 0.2, 0.3, 0.4, 1.0), emphasis=True),),
        "marks": (Mark(5.0, say("asked")),),
        "unknown": 0.6,
        "unknown_label": say("no maker"),
    }
    return Lines(title=TITLE, **(given | more))


def scattered(count, seed=1):
    draw = random.Random(seed)  # noqa: S311 - a fixed seed
    return tuple(
        Point(say("site"), 113.13 + draw.gauss(0, 0.03), 27.83 + draw.gauss(0, 0.03))
        for _ in range(count)
    )


def city_map(*points, **more):
    return Map(title=TITLE, origin=HERE, points=points, **more)


def cloud(*points, **more):
    axes = {"x_title": say("near"), "y_title": say("complex"), "x_unit": "share"}
    return Scatter(title=TITLE, points=points, **(axes | more))


EVERY = {
    "bars": bars(3.0, None, 1.0, low=(2.0,), high=(4.0,), open=(False, False, True)),
    "stack": Bars(
        title=TITLE,
        labels=REFS,
        series=(
            Series(say("strong"), (3, 5), "strong"),
            Series(say("missing"), (2, 1), "missing"),
        ),
    ),
    "lines": reach(),
    "heat": Heat(
        title=TITLE, unit="share", rows=REFS, columns=(say("a"),), values=((0.2,), (None,))
    ),
    "scatter": cloud(Pair(REFS[0], 0.2, 1.5, emphasis=True), Pair(REFS[1], 0.4, -1.0)),
    "steps": Steps(
        title=TITLE,
        unit="share",
        steps=(Step(REFS[0], say("stops: the shock"), 1.0), Step(REFS[1], say("strong"), None)),
    ),
    "timeline": Timeline(
        title=TITLE,
        events=(
            Event(
                REFS[0], 2021.9, say("{kind}, {date:name}", kind="in_service", date="2021-11")
            ),
            Event(REFS[1], 2020.1, say("strong"), synthetic=True),
        ),
    ),
    "map": city_map(*scattered(200), rings=(Ring(5, say("{r:km}", r=5)),)),
}
