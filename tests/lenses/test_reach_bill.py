"""Reach along the bill of materials: quantities along every path, costs, a slow twin."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liantu.errors import Refusal
from liantu.lens import run
from tests import naive_lenses
from tests.lenses.reach_study import asked, number, of, study
from tests.record import stored


def test_quantities_multiply_along_each_path_and_add_over_all_of_them(record):
    # train = 2 bogie + 4 door; bogie = 2 wheel + 8 bolt; door = 6 bolt
    # so that 2 * 2 are 4 wheels, and 2 * 8 + 4 * 6 are 40 bolts
    tables = study(
        parts=[
            ("train", "bogie", of(2.0)),
            ("train", "door", of(4.0)),
            ("bogie", "wheel", of(2.0)),
            ("bogie", "bolt", of(8.0)),
            ("door", "bolt", of(6.0)),
        ]
    )
    _, rows = asked(record, tables)
    assert {part: row["quantity"] for part, row in rows.items()} == {"bolt": 40.0, "wheel": 4.0}
    _, rows = asked(record, tables, level="all")
    assert {part: row["quantity"] for part, row in rows.items()} == {
        "bogie": 2.0,
        "bolt": 40.0,
        "door": 4.0,
        "wheel": 4.0,
    }
    _, rows = asked(record, tables, level="first")
    assert sorted(rows) == ["bogie", "door"]


def test_a_part_bought_whole_is_not_taken_apart(record):
    # two engines are made here (3 valves each), one is bought whole
    tables = study(
        parts=[
            ("train", "unit", of(2.0)),
            ("unit", "engine", of(1.0)),
            ("train", "engine", of(1.0, sourcing="buy")),
            ("engine", "valve", of(3.0)),
        ]
    )
    _, rows = asked(record, tables)
    assert {part: row["quantity"] for part, row in rows.items()} == {
        "engine": 1.0,
        "valve": 6.0,
    }


def test_an_unknown_quantity_is_not_one_and_spoils_only_what_hangs_on_it(record):
    tables = study(
        parts=[
            ("train", "cable", of(None)),
            ("train", "seat", of(50.0)),
            ("cable", "plug", of(2.0)),
        ]
    )
    _, rows = asked(record, tables)
    assert {part: row["quantity"] for part, row in rows.items()} == {"plug": None, "seat": 50.0}


def test_the_cost_of_a_part_is_its_share_of_its_whole_s_share(record):
    # bogie is 0.4 of the train, wheel 0.5 of the bogie: 0.2; seat 0.1 of the train
    tables = study(
        parts=[
            ("train", "bogie", of(2.0, cost_share=0.4)),
            ("bogie", "wheel", of(2.0, cost_share=0.5)),
            ("train", "seat", of(9.0, cost_share=0.1)),
            ("train", "lamp", of(9.0)),
        ]
    )
    _, rows = asked(record, tables)
    shares = {part: row["cost_share"] for part, row in rows.items()}
    assert shares == {"lamp": None, "seat": pytest.approx(0.1), "wheel": pytest.approx(0.2)}


def test_an_assumed_line_of_the_bill_is_not_counted(record):
    tables = study(
        parts=[("train", "seat", of(1.0)), ("train", "bar", of(1.0, evidence="assumed"))]
    )
    assert sorted(asked(record, tables)[1]) == ["seat"]


def test_parts_in_a_circle_are_refused_with_their_names(record):
    tables = study(parts=[("train", "a", of(1.0)), ("a", "b", of(1.0)), ("b", "a", of(1.0))])
    with pytest.raises(Refusal, match=r"a -> b -> a|b -> a -> b"):
        asked(record, tables)


def test_a_product_without_parts_says_so_and_measures_nothing(record):
    result, rows = asked(record, study(parts=[]) | {"products": [{"product_id": "train"}]})
    assert rows == {}
    assert number(result, "parts") == 0
    assert [entry.name for entry in result.summary] == ["parts"]
    assert "Import parts" in result.findings[0].template


ITEMS = ["train", "b", "c", "d", "e", "f"]


@st.composite
def bills(draw):
    ends = st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(
        lambda pair: pair[0] < pair[1]
    )
    lines = [
        {
            "product_id": ITEMS[whole],
            "part_id": ITEMS[part],
            "quantity": draw(st.sampled_from([None, 1.0, 2.0, 3.0])),
            "sourcing": draw(st.sampled_from([None, "make", "buy"])),
        }
        for whole, part in sorted({(0, 5), *draw(st.sets(ends))})
    ]
    sites = [
        {
            "site_id": f"s{k}",
            "org_id": f"o{k}",
            "longitude": draw(st.sampled_from([None, -1.0, 0.0, 0.01, 2.0])),
            "latitude": draw(st.sampled_from([0.0, 0.02, 1.0])),
        }
        for k in range(4)
    ]
    pairs = st.tuples(st.integers(0, 3), st.integers(1, 5))
    makes = [
        {"org_id": f"o{k}", "product_id": ITEMS[part], "site_id": f"s{k}"}
        for k, part in sorted(draw(st.sets(pairs)))
    ]
    return lines, sites, makes


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(bills())
def test_quantities_and_distances_are_those_of_a_slow_twin(tmp_path_factory, bill):
    lines, sites, makes = bill
    for place in sites:
        if place["longitude"] is None:
            place["latitude"] = None
    tables = {
        "products": [{"product_id": item} for item in ITEMS],
        "organisations": [{"org_id": f"o{k}"} for k in range(4)],
        "sites": [
            *sites,
            {"site_id": "works", "org_id": "o0", "longitude": 0.0, "latitude": 0.0},
        ],
        "parts": lines,
        "makes": makes,
    }
    with stored(tmp_path_factory.mktemp("twin"), **tables) as store:
        result = run("reach", {"product": "train", "origin": "works"}, store=store)
    rows = {row["part_id"]: row for row in result.table.to_pylist()}
    assert {p: row["quantity"] for p, row in rows.items()} == naive_lenses.quantities(
        lines, "train"
    )
    far = naive_lenses.distances(sites, makes, rows, (0.0, 0.0))
    for part, row in rows.items():
        assert (row["distance_km"] is None) == (far[part] is None)
        assert math.isclose(row["distance_km"] or 0.0, far[part] or 0.0, abs_tol=1e-6)
    for radius in (5, 25, 200):
        within = sum(km is not None and km <= radius for km in far.values())
        assert number(result, f"coverage_{radius}") == pytest.approx(within / len(far))
