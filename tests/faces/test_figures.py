"""Charts and maps: what they show of a figure, and that a page can hold them."""

import json
import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from liantu.faces import figures
from liantu.faces.figures.hexagons import nearest_px
from liantu.faces.figures.text import plain
from liantu.faces.tokens import SEQUENCE, TOKENS
from liantu.result import Bars, Heat, Lines, Mark, Point, Ring, Series, say
from tests.faces.chains import parsed
from tests.faces.drawings import (
    EVERY,
    HERE,
    REFS,
    TITLE,
    axis,
    bars,
    chart,
    city_map,
    drawn,
    reach,
    rows,
    texts,
    words,
)

HOSTILE = "</text><script>alert('x')</script> & \"]}\x00\x1b\ud800"


def test_bars_start_at_zero_even_where_all_values_are_large():
    spec = chart(bars(1000.0, 1010.0))
    assert axis(spec, "x")["scale"]["domain"][0] == 0
    assert [row["x"] for row in rows(spec, "rect")] == [0, 0]
    assert [row["x2"] for row in rows(spec, "rect")] == [1000, 1010]


def test_losses_go_left_from_zero_and_the_axis_holds_them():
    spec = chart(bars(-5.0, 2.0))
    low, high = axis(spec, "x")["scale"]["domain"]
    assert low <= -5 < 2 <= high
    assert texts(drawn(bars(-5.0, 2.0))).count("\N{MINUS SIGN}5") == 1


def test_a_bar_without_a_figure_says_so_in_words_and_is_not_drawn():
    figure = bars(3.0, None)
    assert "no figure found" in texts(drawn(figure))
    assert "未找到数字" in texts(drawn(figure, "zh"))
    assert len(rows(chart(figure), "rect")) == 1


def test_infinity_is_said_but_never_reaches_the_chart():
    figure = bars(3.0, math.inf, math.nan, unit="days")
    assert "never" in texts(drawn(figure))
    for each in (figure, reach(), reach(series=(Series(say("a"), (math.inf,) * 5),))):
        spec = json.dumps(chart(each))
        assert "Infinity" not in spec
        assert "NaN" not in spec


def test_this_place_is_dark_and_bold_and_the_others_grey():
    spec = chart(bars(3.0, 2.0, here=0))
    assert [row["fill"] for row in rows(spec, "rect")] == [TOKENS["strong"], TOKENS["control"]]
    bold = {row["text"]: row["weight"] for row in rows(spec, "text")}
    assert bold["row 0"] == 600
    assert bold["row 1"] == 400


def test_what_cannot_be_compared_is_open_on_a_dotted_line_and_the_synthetic_is_violet():
    figure = bars(3.0, 2.0, 1.0, open=(False, True, False), synthetic=(False, False, True))
    spec = chart(figure)
    dots = rows(spec, "point")
    assert [dot["fill"] for dot in dots] == [TOKENS["strong"], "#FFFFFF", "#FFFFFF"]
    assert dots[2]["stroke"] == TOKENS["synthetic"]
    stems = [row for row in rows(spec, "rule") if row["x2"] > 0]
    assert [stem["dash"] == [1, 0] for stem in stems] == [True, False, False]


def test_a_range_is_a_thin_line_behind_its_point():
    spec = chart(bars(0.5, low=(0.4,), high=(0.7,), unit="index"))
    kinds = [layer["mark"]["type"] for layer in spec["layer"]]
    assert (0.4, 0.7) in [(row["x"], row["x2"]) for row in rows(spec, "rule")]
    assert kinds.index("rule") < kinds.index("point", 1)


def test_a_limit_is_a_line_across_its_bar_the_first_one_strong_and_the_axis_holds_it():
    limits = (Series(say("promise"), (3.0, None)), Series(say("limit"), (20.0, 20.0)))
    spec = chart(bars(4.0, 6.0, high=(9.0, 12.0), limits=limits, unit="working days"))
    across = [(row["x"], row["color"]) for row in rows(spec, "rule") if row["x"] == row["x2"]]
    found = [entry for entry in across if entry[0] in (3.0, 20.0)]
    assert sorted(found) == [(3.0, TOKENS["ink"]), *[(20.0, TOKENS["control"])] * 2]
    assert axis(spec, "x")["scale"]["domain"][1] >= 20


def test_the_parts_of_a_stack_add_up_and_have_the_colours_of_their_states():
    spec = chart(EVERY["stack"])
    parts = [row for row in rows(spec, "rect") if row["y"] > 0]
    assert {row["fill"] for row in parts} == {TOKENS["strong"], TOKENS["missing"]}
    assert max(row["x2"] for row in parts) == pytest.approx(6)
    assert {"strong", "missing", "3", "2", "5", "1", "6"} <= set(texts(drawn(EVERY["stack"])))


def test_the_unknown_zone_hangs_from_the_top_with_its_label():
    spec = chart(reach())
    zone = rows(spec, "rect")[0]
    assert (zone["y"], zone["y2"]) == (1.0, pytest.approx(0.4))
    assert "no maker" in texts(drawn(reach()))
    assert not rows(chart(reach(unknown=0.0)), "rect")


def test_a_log_axis_is_not_rounded_and_zero_stands_at_its_beginning():
    x = axis(chart(reach()), "x")
    assert x["scale"] == {"type": "log", "domain": [2, 20], "nice": False, "zero": False}
    assert x["axis"]["values"] == [2, 5, 10]
    steps = rows(chart(reach()), "line")
    assert [(row["x"], row["y"]) for row in steps] == [(2, 0.2), (4, 0.3), (20, 0.4)]


def test_a_mark_has_a_dot_on_its_line_and_its_label():
    dot = [row for row in rows(chart(reach()), "point") if row.get("x") == 5]
    assert [row["y"] for row in dot] == [0.3]
    assert "asked" in texts(drawn(reach()))


def test_a_missing_value_breaks_the_line_and_a_lone_one_is_a_point():
    values = (1.0, 2.0, None, 4.0, None, 3.0, 3.0)
    years = tuple(float(year) for year in range(2018, 2025))
    figure = Lines(
        title=TITLE, x=years, x_title=say("year"), series=(Series(say("a"), values),)
    )
    line = rows(chart(figure), "line")
    assert [(row["path"], row["x"]) for row in line] == [
        (0, 2018),
        (0, 2019),
        (1, 2023),
        (1, 2024),
    ]
    assert [row["x"] for row in rows(chart(figure), "point")] == [2021]
    assert "2018" in texts(drawn(figure))


def band(**more):
    """A line from 3 down to 1 and up again, with the band of its draws."""
    draws = {"low": (3.0, 0.5, 2.0), "high": (3.0, 1.5, 2.5)} | more
    series = Series(say("a"), (3.0, 1.0, 2.0), **draws)
    return Lines(title=TITLE, x=(1.0, 2.0, 3.0), x_title=say("day"), series=(series,))


def test_the_band_of_draws_is_a_pale_area_behind_its_line_and_says_what_it_is():
    spec = chart(band())
    areas = [layer["mark"] for layer in spec["layer"] if layer["mark"].get("fill")]
    assert [(mark["fill"], mark["strokeWidth"]) for mark in areas] == [(SEQUENCE[0], 0)]
    edges = [(row["x"], row["y"]) for row in rows(spec, "line")][:6]
    assert edges == [(1, 3.0), (2, 1.5), (3, 2.5), (3, 2.0), (2, 0.5), (1, 3.0)]
    assert "5 to 95 % of draws" in texts(drawn(band()))
    assert "抽样结果的 5%至95%" in texts(drawn(band(), "zh"))


def test_a_band_breaks_where_it_is_not_known_and_without_one_nothing_is_said():
    gap = band(low=(3.0, None, 2.0))
    assert [(row["x"], row["y"]) for row in rows(chart(gap), "line")] == [
        (1, 3),
        (2, 1),
        (3, 2),
    ]
    for figure in (gap, band(low=None), band(low=None, high=None)):
        assert "5 to 95 % of draws" not in texts(drawn(figure))


def test_what_a_band_is_stands_inside_the_picture_where_the_band_fills_it_at_its_widest():
    x = tuple(float(day) for day in range(41))
    low = tuple(min(day / 10, 3.5) for day in x)
    series = Series(say("a"), (4.0,) * 41, low=low, high=(4.0,) * 41)
    figure = Lines(title=TITLE, x=x, x_title=say("Day"), series=(series,), top=4.0)
    heights = [
        float(element.get("transform").partition(",")[2].rstrip(")"))
        for element in parsed(drawn(figure, width=920)).iter()
        if element.text == "5 to 95 % of draws"
    ]
    assert len(heights) == 1
    assert heights[0] > 6


def test_the_axis_holds_the_whole_band():
    assert axis(chart(band(high=(3.0, 9.0, 2.5))), "y")["scale"]["domain"][1] >= 9


def test_the_axis_starts_where_it_is_told_to_and_lower_where_a_value_is():
    series = (Series(say("a"), (0.9, 0.85, 1.0)),)
    for lowest, start in ((0.8, 0.8), (0.9, 0.85), (0.0, 0.0)):
        figure = Lines(
            title=TITLE, unit="share", x=(1.0, 2.0, 3.0), x_title=say("day"), series=series,
            bottom=lowest, top=1.0,
        )  # fmt: skip
        assert axis(chart(figure), "y")["scale"]["domain"] == [start, 1.0]


def test_a_line_of_many_steps_keeps_its_shape_in_few_points():
    x = tuple(1 + n / 10 for n in range(20_000))
    y = tuple(n / 20_000 for n in range(20_000))
    steps = rows(chart(reach(x=x, series=(Series(say("a"), y),))), "line")
    assert len(steps) < 5000
    assert (steps[0]["y"], steps[-1]["y"]) == (y[0], y[-1])


def test_a_cell_of_the_grid_has_its_class_and_its_value_and_a_dash_where_there_is_none():
    spec = chart(EVERY["heat"])
    assert [row["fill"] for row in rows(spec, "rect")] == ["#C9DBEC", TOKENS["wash"]]
    assert {"20", "\N{EN DASH}"} <= set(texts(drawn(EVERY["heat"])))


def test_heads_too_long_for_their_columns_stand_on_several_lines_and_are_whole():
    heads = ("scale", "growth", "completeness", "risk", "innovation")
    grid = {"rows": tuple(map(say, "abcdefgh")), "values": ((1.0,) * 5,) * 8}
    narrow = Heat(title=TITLE, columns=tuple(map(say, heads)), **grid)
    for width in (300, 445):
        svg = drawn(narrow, width=width)
        assert set(heads) <= set(texts(svg))
        assert float(parsed(svg).get("width")) <= width
    few = Heat(title=TITLE, columns=tuple(map(say, ("up", "to"))), rows=(TITLE,), values=())
    assert float(parsed(drawn(few)).get("height")) < float(parsed(svg).get("height"))


def test_few_points_apart_are_points_and_crowded_ones_are_hexagons():
    apart = [Point(say(f"p{n}"), 113.13 + n / 50, 27.83, synthetic=n == 2) for n in (1, 2, 3)]
    dots = rows(chart(city_map(*apart)), "point")
    areas = [dot for dot in dots if dot["size"] == pytest.approx(math.pi * 16)]
    assert [dot["stroke"] for dot in areas] == [
        TOKENS["strong"],
        TOKENS["synthetic"],
        TOKENS["strong"],
    ]
    assert nearest_px([(0, 0), (3, 4)]) == 5
    shapes = {layer["mark"].get("shape") for layer in chart(city_map(*apart, *apart))["layer"]}
    assert any(str(shape).startswith("M0,-1L") for shape in shapes)


def test_points_keep_their_distance_from_the_origin_in_km():
    north = Point(say("n"), 113.13, 27.83 + 5 / 111.195)
    east = Point(say("e"), 113.13 + 5 / (111.195 * math.cos(math.radians(27.83))), 27.83)
    dots = rows(chart(city_map(north, east)), "point")
    at = [
        (row["x"], row["y"]) for row in dots if row.get("size") == pytest.approx(math.pi * 16)
    ]
    assert at[0] == (0, pytest.approx(5, abs=0.001))
    assert at[1] == (pytest.approx(5, abs=0.001), 0)


def test_what_lies_beyond_the_extent_is_counted_in_words():
    far = Point(say("far"), 114.5, 27.83, 41)
    assert "Sites farther than 10 km: 41" in texts(drawn(city_map(far)))
    assert any("41 处" in text for text in texts(drawn(city_map(far), "zh")))


def test_points_without_a_position_of_their_own_are_counted_at_the_name_of_their_place():
    district = [Point(REFS[0], 113.15, 27.8, 2, precise=False) for _ in range(3)]
    spec = chart(city_map(*district))
    assert "Zhuzhou: 6" in {row["text"] for row in rows(spec, "text")}
    dots = [row for row in rows(spec, "point") if row.get("fill") not in (None, "none")]
    assert not dots


def test_rings_are_cut_at_the_edge_and_named():
    spec = chart(
        city_map(HERE, rings=(Ring(9, say("far ring"), dashed=True), Ring(5, say("near"))))
    )
    across, up = axis(spec, "x")["scale"]["domain"], axis(spec, "y")["scale"]["domain"]
    for row in rows(spec, "line"):
        assert across[0] <= row["x"] <= across[1]
        assert up[0] <= row["y"] <= up[1]
    assert {"far ring", "near"} <= {row["text"] for row in rows(spec, "text")}


@pytest.mark.parametrize("kind", EVERY)
def test_a_picture_may_stand_in_a_page_that_allows_no_style(kind):
    svg = figures.svg(EVERY[kind], words(), width=575, aria_label='what was "found"')
    root = parsed(svg)
    for element in root.iter():
        assert element.tag.rpartition("}")[2] not in {"style", "script"}
        assert not {"style", "class", "id", "clip-path"} & set(element.attrib)
    assert (root.get("role"), root.get("aria-label")) == ("img", 'what was "found"')
    assert root.get("width") == "575"
    assert sum("role" in element.attrib for element in root.iter()) == 1


@pytest.mark.parametrize("kind", EVERY)
def test_the_same_figure_gives_the_same_bytes_in_every_thread(kind):
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: drawn(EVERY[kind], "zh"), range(4)))) == 1


def test_labels_are_in_the_language_of_the_reader():
    assert {"Zhuzhou", "Qingdao"} <= set(texts(drawn(EVERY["stack"])))
    assert {"株洲", "青岛"} <= set(texts(drawn(EVERY["stack"], "zh")))


def test_a_hostile_label_stays_text():
    label = say("{text}", text=HOSTILE)
    every = (
        Bars(
            title=TITLE, labels=(label,), series=(Series(label, (1.0,)), Series(label, (2.0,)))
        ),
        reach(marks=(Mark(5.0, label),), unknown_label=label, x_title=label),
        city_map(Point(label, 113.15, 27.83), rings=(Ring(5, label),)),
        Heat(title=TITLE, rows=(label,), columns=(label,), values=((1.0,),)),
    )
    for figure in every:
        svg = drawn(figure, width=1180)
        assert "<script" not in svg
        assert any("<script>alert('x')</script>" in (text or "") for text in texts(svg))
    assert plain("a\n\tb\x00c") == "a b c"


@pytest.mark.parametrize(
    "figure",
    [
        Bars(title=TITLE, labels=(), series=()),
        bars(None),
        Lines(title=TITLE, x=(), x_title=say("x"), series=()),
        Heat(title=TITLE, rows=(), columns=(), values=()),
    ],
)
def test_a_figure_without_values_is_words_and_never_a_blank_axis(figure):
    assert texts(drawn(figure)) == ["no figure found"]


def test_a_picture_is_drawn_from_whatever_little_there_is():
    every = (
        bars(0.0),
        bars(1e-9, 2.0),
        reach(x=(0.0,), series=(Series(say("a"), (1.0,)),)),
        reach(x=(), series=(Series(say("a"), ()),), marks=()),
        city_map(HERE, extent_km=0.0, rings=(Ring(0.0, say("none")),)),
        city_map(Point(say("x"), -60.0, -30.0), extent_km=20_000.0),
    )
    for figure in every:
        assert parsed(drawn(figure, width=300)).get("width") == "300"


def test_a_png_is_twice_as_fine_as_the_picture():
    png = figures.png(EVERY["heat"], words(), width=300)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == 600
