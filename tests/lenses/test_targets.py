"""Targets: who is a candidate for which gap, the parts of the score, and the best plan."""

import math

import pytest

from liantu.errors import Refusal
from liantu.lens import run

# One degree of latitude on a sphere of 6371.0088 km.
DEGREE_KM = 6371.0088 * math.pi / 180

PLACES = """
place_id name    level   parent_id longitude latitude
cn       China   country -         -         -
zz       Zhuzhou city    cn        0         0
qd       Qingdao city    cn        0         1
gz       Canton  city    cn        0         3
de       Germany country -         -         -
"""


def study(*, links, makes, weights=None, parts=(), parents=None, **tables):
    """A chain whose links stand in segments, and who makes what: ``wheel="z1 q1"``.

    An organisation lives where its first letter says.
    """
    homes = {"z": "zz", "q": "qd", "g": "gz", "d": "de"}
    orgs = sorted({org for text in makes.values() for org in text.split()})
    products = sorted({*links, *makes, *(name for pair in parts for name in pair)})
    return {
        "places": PLACES,
        "chains": "chain_id name\nrail Rail",
        "products": [
            {"product_id": name, "name": name, "parent_id": (parents or {}).get(name)}
            for name in products
        ],
        "chain_products": [
            {"chain_id": "rail", "product_id": name, "stage": "upstream", "segment": segment}
            | {"weight": (weights or {}).get(name)}
            for name, segment in links.items()
        ],
        "organisations": [
            {"org_id": org, "name": org.upper(), "place_id": homes[org[0]]} for org in orgs
        ],
        "makes": [
            {"org_id": org, "product_id": product}
            for product, text in makes.items()
            for org in text.split()
        ],
        "parts": [{"product_id": whole, "part_id": part} for whole, part in parts],
        **tables,
    }


def asked(record, tables, **params):
    given = {"chain": "rail", "place": "zz"} | params
    return run("targets", given, store=record(**tables))


def listed(result):
    return {(r["product_id"], r["org_id"]): r for r in result.table.to_pylist()}


def test_makers_elsewhere_and_near_makers_here_are_the_candidates_of_a_gap(record):
    tables = study(
        links={"wheel": "Bogie", "axle": "Bogie", "seat": None, "lamp": None},
        makes={
            "wheel": "q1",
            "axle": "z1 z2 z3",
            "lamp": "z4 z5 z6",
            "seat": "g1",
            "stool": "z7",
        },
        parents={"stool": "seat"},
    )
    found = listed(asked(record, tables))
    assert {pair: row["kind"] for pair, row in found.items()} == {
        ("wheel", "q1"): "maker_elsewhere",
        ("wheel", "z1"): "near_maker_here",
        ("wheel", "z2"): "near_maker_here",
        ("wheel", "z3"): "near_maker_here",
        ("seat", "g1"): "maker_elsewhere",
        ("seat", "z7"): "near_maker_here",
    }
    assert found["wheel", "z1"]["near"] == ["axle"]
    assert found["seat", "z7"]["near"] == ["stool"]
    assert found["wheel", "q1"]["distance_km"] == pytest.approx(DEGREE_KM)
    assert found["wheel", "q1"]["state"] == "missing"


def test_what_is_built_of_the_same_part_is_near(record):
    tables = study(
        links={"pump": None},
        makes={"pump": "q1", "fan": "z1"},
        parts=[("pump", "motor"), ("fan", "motor")],
    )
    assert listed(asked(record, tables))["pump", "z1"]["near"] == ["fan"]


def test_a_maker_here_is_no_candidate_for_what_it_makes(record):
    tables = study(
        links={"wheel": "Bogie", "axle": "Bogie"}, makes={"wheel": "z1 q1", "axle": "z1 z2 z3"}
    )
    found = listed(asked(record, tables))
    assert {org for product, org in found if product == "wheel"} == {"q1", "z2", "z3"}
    assert found["wheel", "q1"]["state"] == "weak"


def test_the_score_is_the_mean_of_the_known_parts_by_hand(record):
    # wheel weighs 2 and is missing, axle 1: need 1 and 0. q1 is one degree away, g1 three:
    # distance 0 and 1. Nobody makes wheel within 200 km but q1 does; axle only g1: reach 0, 1.
    tables = study(
        links={"wheel": None, "axle": None},
        makes={"wheel": "q1", "axle": "g1"},
        weights={"wheel": 2.0},
    )
    found = listed(asked(record, tables))
    wheel, axle = found["wheel", "q1"], found["axle", "g1"]
    parts = [(row["need"], row["reach_gain"], row["distance"]) for row in (wheel, axle)]
    assert parts == [(1, 0, 0), (0, 1, 1)]
    assert {wheel[name] for name in ("feasibility", "gain", "relief")} == {None}
    assert wheel["score"] == pytest.approx((1 + 0 + 1) / 3)
    assert axle["score"] == pytest.approx((0 + 1 + 0) / 3)
    heavy = listed(asked(record, tables, weights="0,1,1,3,1,1"))
    assert heavy["axle", "g1"]["score"] == pytest.approx((3 * 1 + 0) / 4)


def test_a_maker_without_a_position_is_neither_near_nor_far(record):
    tables = study(links={"wheel": None}, makes={"wheel": "q1 d1"})
    found = listed(asked(record, tables))
    assert (found["wheel", "d1"]["distance_km"], found["wheel", "d1"]["distance"]) == (
        None,
        None,
    )
    entry = asked(record, tables).answer.entry("unknown_distance")
    assert entry.value == 1


def test_imports_from_few_sources_raise_the_score(record):
    codes = "product_id scheme code\nwheel HS 1\naxle HS 2"
    trade = """
    reporter partner scheme code flow   year value
    cn       de      HS     1    import 2020 9
    cn       us      HS     1    import 2020 1
    cn       de      HS     2    import 2020 5
    cn       us      HS     2    import 2020 5
    """
    tables = study(
        links={"wheel": None, "axle": None},
        makes={"wheel": "q1", "axle": "q2"},
        product_codes=codes,
        trade=trade,
    )
    found = listed(asked(record, tables))
    assert (found["wheel", "q1"]["relief"], found["axle", "q2"]["relief"]) == (1, 0)


def test_the_activity_of_a_candidate_tells_how_feasible_it_is(record):
    jobs = [
        {"subject_kind": "place", "subject_id": place, "measure": "jobs", "activity": name}
        | {"year": 2020, "value": float(value), "unit": "persons"}
        for place, text in {
            "zz": "a:9 b:9 c:3",
            "qd": "b:9 c:9 d:9",
            "gz": "c:9 d:9 e:9",
        }.items()
        for name, value in (pair.split(":") for pair in text.split())
    ]
    tables = study(
        links={"wheel": None, "axle": None},
        makes={"wheel": "q1", "axle": "g1"},
        observations=jobs,
        activities="org_id scheme code main\nq1 X b true\ng1 X e true",
    )
    found = listed(asked(record, tables, measure="jobs"))
    assert found["wheel", "q1"]["activity"] == "b"
    assert (found["wheel", "q1"]["feasibility"], found["axle", "g1"]["feasibility"]) == (1, 0)


def test_the_plan_takes_one_for_each_link_and_names_who_would_come_instead(record):
    tables = study(
        links={"wheel": None, "axle": None},
        makes={"wheel": "q1 g1", "axle": "q1"},
        weights={"wheel": 2.0},
    )
    result = asked(record, tables, assign="true")
    found = listed(result)
    assert [pair for pair, row in found.items() if row["chosen"]] == [
        pair for pair in found if pair in {("axle", "q1"), ("wheel", "g1")}
    ]
    assert found["wheel", "g1"]["runner_up_id"] == "q1"
    total = result.answer.entry("total").value
    assert total == pytest.approx(sum(row["score"] for row in found.values() if row["chosen"]))
    assert result.answer.entry("price").value == pytest.approx(
        min(row["price"] for row in found.values() if row["chosen"])
    )


def test_the_limit_is_of_the_list_and_the_best_come_first(record):
    tables = study(
        links={"wheel": None, "axle": None}, makes={"wheel": "q1 g1", "axle": "q1 g1"}
    )
    whole = asked(record, tables).table.to_pylist()
    scores = [row["score"] for row in whole]
    assert scores == sorted(scores, reverse=True)
    assert asked(record, tables, limit="3").table.to_pylist() == whole[:3]


def test_no_gap_is_good_news(record):
    result = asked(record, study(links={"wheel": None}, makes={"wheel": "z1 z2 z3"}))
    assert result.findings[0].template.startswith("Good news")
    assert result.table.num_rows == 0


def test_an_unknown_link_is_no_gap_but_could_be_one(record):
    result = asked(
        record, study(links={"wheel": None, "axle": None}, makes={"axle": "z1 z2 z3"})
    )
    entry = result.answer.entry("gaps")
    assert (entry.value, entry.high) == (0, 1)


def test_without_a_chain_or_makers_it_says_what_to_import(record):
    nothing = study(links={}, makes={"lamp": "z1"})
    assert "Import chain_products" in asked(record, nothing).findings[0].template
    unmade = study(links={"wheel": None}, makes={"lamp": "z1"})
    assert "Import makes" in asked(record, unmade).findings[0].template


def test_a_place_without_a_position_has_no_distances_but_an_answer(record):
    tables = study(links={"wheel": None}, makes={"wheel": "q1"})
    tables["places"] = "place_id level parent_id\ncn country -\nzz city cn\nqd city cn"
    result = asked(record, tables)
    assert result.table["distance_km"].to_pylist() == [None]
    assert any(f.values.get("part") == "distance" for f in result.findings)


@pytest.mark.parametrize("weights", ["1,1,1", "0,0,0,0,0,0"])
def test_weights_that_weigh_nothing_or_too_few_are_refused_with_the_order(record, weights):
    tables = study(links={"wheel": None}, makes={"wheel": "q1"})
    with pytest.raises(Refusal) as refused:
        asked(record, tables, weights=weights)
    assert refused.value.problems[0].code == "bad-weights"
    assert "need, feasibility, gain, reach_gain" in refused.value.problems[0].expected


def test_a_negative_weight_is_refused(record):
    tables = study(links={"wheel": None}, makes={"wheel": "q1"})
    with pytest.raises(Refusal) as refused:
        asked(record, tables, weights="1,1,1,1,1,-1")
    assert refused.value.problems[0].column == "weights"
