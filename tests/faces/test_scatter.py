"""Points over two axes: which are named, which are grey, and that no names meet."""

import math
import random
from itertools import combinations

from liantu.faces.figures.room import Room, Spot, around
from liantu.faces.figures.text import width_of
from liantu.faces.tokens import TOKENS
from liantu.result import Pair, say
from tests.faces.drawings import REFS, axis, chart, cloud, drawn, rows, texts


def crowd(count, seed=3):
    draw = random.Random(seed)  # noqa: S311 - a fixed seed
    return [
        Pair(say(f"point {k}"), draw.random(), draw.gauss(0, 1), emphasis=k < 4)
        for k in range(count)
    ]


def test_what_matters_is_dark_and_the_others_are_grey():
    spec = chart(cloud(Pair(REFS[0], 1, 1, emphasis=True), Pair(REFS[1], 2, 2)))
    assert [(dot["x"], dot["fill"]) for dot in rows(spec, "point")] == [
        (2, TOKENS["control"]),
        (1, TOKENS["strong"]),
    ]
    weights = {row["text"]: row["weight"] for row in rows(spec, "text")}
    assert (weights["Zhuzhou"], weights["Qingdao"]) == (600, 400)


def test_a_synthetic_point_is_open_and_violet_and_one_that_cannot_be_compared_is_open():
    spec = chart(
        cloud(
            Pair(REFS[0], 1, 1, synthetic=True),
            Pair(REFS[1], 2, 2, open=True),
        )
    )
    dots = rows(spec, "point")
    assert [(dot["fill"], dot["stroke"]) for dot in dots] == [
        ("#FFFFFF", TOKENS["synthetic"]),
        ("#FFFFFF", TOKENS["control"]),
    ]


def test_a_line_stands_at_zero_only_where_values_lie_on_both_sides():
    across = chart(cloud(Pair(REFS[0], -1, 1), Pair(REFS[1], 2, 3)))
    assert [(rule["x"], rule["x2"]) for rule in rows(across, "rule")] == [(0, 0)]
    assert not rows(chart(cloud(Pair(REFS[0], 1, 1), Pair(REFS[1], 2, 3))), "rule")
    assert axis(across, "y")["scale"]["domain"][0] >= 0


def test_both_axes_have_their_titles_in_words_and_their_units():
    told = texts(drawn(cloud(Pair(REFS[0], 0.1, 1.0), Pair(REFS[1], 0.5, 2.0))))
    assert {"near", "complex", "50%", "Zhuzhou"} <= set(told)


def boxes(spec):
    """The room that each name takes, in px."""
    (left, right), (low, high) = (axis(spec, of)["scale"]["domain"] for of in "xy")
    return {
        row["text"]: around(
            (row["x"] - left) / (right - left) * spec["width"],
            (high - row["y"]) / (high - low) * spec["height"],
            width_of(row["text"], bold=row["weight"] == 600),
            row["align"],
        )
        for row in rows(spec, "text")
    }


def test_names_never_meet_and_those_of_what_matters_are_all_there():
    held = boxes(chart(cloud(*crowd(40))))
    assert {f"point {k}" for k in range(4)} <= set(held)
    assert 8 < len(held) < 41
    for one, other in combinations(held.values(), 2):
        assert one.shared(other) < 1e-6


def test_of_very_many_points_only_those_that_matter_are_named():
    named = {row["text"] for row in rows(chart(cloud(*crowd(200))), "text")}
    assert named == {"complex", *(f"point {k}" for k in range(4))}


def test_a_point_without_a_number_on_both_axes_is_not_drawn():
    spec = chart(
        cloud(Pair(REFS[0], math.inf, 1), Pair(REFS[1], 2, 3), Pair(REFS[1], 1, math.nan))
    )
    assert [dot["x"] for dot in rows(spec, "point")] == [2]


def test_a_single_point_has_room_around_it():
    low, high = axis(chart(cloud(Pair(REFS[0], 3, 0))), "x")["scale"]["domain"]
    assert low < 3 < high


def test_no_points_are_words():
    assert texts(drawn(cloud())) == ["no figure found"]


def test_a_free_spot_is_taken_once_and_none_is_given_where_all_meet():
    room = Room(100, 100)
    spot = Spot(10, 10, 40, 20)
    assert room.free([spot]) == spot
    assert room.free([spot]) is None
    assert room.free([spot, Spot(10, 30, 40, 40)]) == Spot(10, 30, 40, 40)
