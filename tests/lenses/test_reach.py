"""Reach: one distance for each part, where its makers are, what stays out of it."""

import math

import pytest

from liantu.errors import Refusal
from tests.lenses.reach_study import DEGREE_KM, PLACES, asked, number, of, site, study

# Distances.


def test_each_part_has_one_distance_to_its_nearest_located_maker(record):
    tables = study(
        parts=[("train", part) for part in ("near", "far", "none")],
        sites=[site("n", "north", "td", 2.0), site("f", "further", "qd", 40.0)],
        makes=[("north", "near", "n"), ("further", "near", "f"), ("further", "far", "f")],
    )
    result, rows = asked(record, tables)
    assert rows["near"]["distance_km"] == pytest.approx(2.0)
    assert rows["near"]["nearest_org_id"] == "north"
    assert (rows["near"]["makers"], rows["near"]["makers_within"]) == (2, 1)
    assert rows["far"]["distance_km"] == pytest.approx(40.0)
    assert rows["far"]["within_radius"] is False
    assert rows["none"]["distance_km"] is None
    assert rows["none"]["within_radius"] is False
    # one of three parts is within 5 km; the part without a maker may be anywhere
    entry = result.answer.entry("coverage")
    assert entry.value == pytest.approx(1 / 3)
    assert (entry.low, entry.high) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert entry.unknown == 1
    assert number(result, "coverage_of_located") == pytest.approx(1 / 2)


def test_the_radius_belongs_to_the_circle(record):
    km = 10.0
    tables = study(
        parts=[("train", "seat")],
        sites=[site("s", "maker", "td", km)],
        makes=[("maker", "seat", "s")],
    )
    _, rows = asked(record, tables)
    exact = rows["seat"]["distance_km"]
    _, rows = asked(record, tables, radius=exact)
    assert rows["seat"]["within_radius"] is True
    result, rows = asked(record, tables, radius=math.nextafter(exact, 0.0))
    assert rows["seat"]["within_radius"] is False
    assert number(result, "coverage") == 0.0


def test_every_radius_is_read_from_the_same_distances(record):
    # distances 0.5, 4, 30 and none: at 1 km 1/4, at 5 2/4, at 50 3/4; half at 4 km, 90 % never
    tables = study(
        parts=[("train", part) for part in ("a", "b", "c", "d")],
        sites=[site(f"s{km}", f"m{km}", None, km) for km in (0.5, 4.0, 30.0)],
        makes=[("m0.5", "a", "s0.5"), ("m4.0", "b", "s4.0"), ("m30.0", "c", "s30.0")],
    )
    result, _ = asked(record, tables)
    found = {km: number(result, f"coverage_{km}") for km in (1, 2, 5, 10, 25, 50, 500)}
    assert found == {1: 0.25, 2: 0.25, 5: 0.5, 10: 0.5, 25: 0.5, 50: 0.75, 500: 0.75}
    assert number(result, "r50") == pytest.approx(4.0)
    assert number(result, "r90") == math.inf
    # were d next door (0, 0.5, 4, 30): half within 0.5 km, nine tenths within 30 km
    assert result.answer.entry("r50").low == pytest.approx(0.5)
    assert result.answer.entry("r90").low == pytest.approx(30.0)
    # 5 km² is a circle of sqrt(5 / pi) = 1.2616 km: only a is inside
    assert number(result, "area_radius") == pytest.approx(1.26157, abs=1e-5)
    assert number(result, "area_coverage") == 0.25


def test_half_and_nine_tenths_are_reached_at_the_least_distance_that_holds_them(record):
    # ten parts at 1..10 km: five of them by 5 km, nine by 9 km
    tables = study(
        parts=[("train", f"p{km}") for km in range(1, 11)],
        sites=[site(f"s{km}", f"m{km}", None, float(km)) for km in range(1, 11)],
        makes=[(f"m{km}", f"p{km}", f"s{km}") for km in range(1, 11)],
    )
    result, _ = asked(record, tables)
    assert number(result, "r50") == pytest.approx(5.0)
    assert number(result, "r90") == pytest.approx(9.0)


def test_a_detour_lengthens_every_distance(record):
    tables = study(
        parts=[("train", "seat")],
        sites=[site("s", "maker", "td", 4.0)],
        makes=[("maker", "seat", "s")],
    )
    result, rows = asked(record, tables, detour=1.3)
    assert rows["seat"]["distance_km"] == pytest.approx(5.2)
    assert rows["seat"]["within_radius"] is False
    assert rows["seat"]["makers_within"] == 0
    assert number(result, "r50") == pytest.approx(5.2)


def test_one_maker_at_two_sites_is_one_maker(record):
    tables = study(
        parts=[("train", "seat")],
        sites=[site("s1", "maker", "td", 1.0), site("s2", "maker", "td", 2.0)],
        makes=[("maker", "seat", "s1"), ("maker", "seat", "s2")],
    )
    _, rows = asked(record, tables)
    assert rows["seat"]["makers"] == 1
    assert rows["seat"]["nearest_site_id"] == "s1"


# Positions.


def test_a_maker_without_a_site_stands_at_the_centre_of_its_place(record):
    # the centre of the district td is 1 km from the works, that of the city qd a degree
    tables = study(
        parts=[("train", "seat"), ("train", "lamp")],
        orgs={"local": "td", "distant": "qd"},
        makes=[("local", "seat"), ("distant", "lamp")],
    )
    _, rows = asked(record, tables)
    assert rows["seat"]["distance_km"] == pytest.approx(1.0)
    assert rows["seat"]["located_by"] == "place"
    assert rows["lamp"]["distance_km"] == pytest.approx(DEGREE_KM)


def test_a_maker_known_only_by_its_district_counts_but_not_at_the_low_end(record):
    # seat is 1 km away by the centre of td, lamp 2 km by a site: 2 of 2 within, 1 for sure
    tables = study(
        parts=[("train", "seat"), ("train", "lamp")],
        orgs={"local": "td"},
        sites=[site("s", "maker", "td", 2.0)],
        makes=[("local", "seat"), ("maker", "lamp", "s")],
    )
    result, _ = asked(record, tables)
    entry = result.answer.entry("coverage")
    assert (entry.low, entry.value, entry.high) == (0.5, 1.0, 1.0)
    assert number(result, "within_by_place") == 1


def test_the_only_site_of_a_maker_is_where_it_makes(record):
    tables = study(
        parts=[("train", "seat")],
        orgs={"maker": "qd"},
        sites=[site("s", "maker", "td", 2.0)],
        makes=[("maker", "seat")],
    )
    _, rows = asked(record, tables)
    assert (rows["seat"]["distance_km"], rows["seat"]["nearest_site_id"]) == (
        pytest.approx(2.0),
        "s",
    )


def test_a_maker_known_only_by_the_origin_s_own_city_is_not_located(record):
    tables = study(
        parts=[("train", "seat"), ("train", "lamp")],
        orgs={"vague": "zz", "vaguer": "cn", "unplaced": None},
        makes=[("vague", "seat"), ("vaguer", "lamp"), ("unplaced", "lamp")],
    )
    result, rows = asked(record, tables)
    assert rows["seat"]["distance_km"] is None
    assert (rows["seat"]["makers"], rows["lamp"]["makers"]) == (1, 2)
    assert number(result, "unlocated") == 2
    said = {sentence.template: sentence.values["n"] for sentence in result.answer.left_out}
    assert said == {
        "{n:count} rows of makers have no position at all.": 1,
        "{n:count} rows of makers name only the origin's city.": 2,
    }


def test_from_another_city_the_same_maker_stands_at_its_city_s_centre(record):
    tables = study(parts=[("train", "seat")], orgs={"vague": "zz"}, makes=[("vague", "seat")])
    _, rows = asked(record, tables, origin="qd")
    assert rows["seat"]["distance_km"] == pytest.approx(DEGREE_KM - 3.0)


def test_a_district_without_a_position_takes_that_of_the_city_around_it(record):
    # lk has no centre on record: distances start at that of zz, 3 km north of the works
    tables = study(
        parts=[("train", "seat")],
        sites=[site("s", "maker", "td", 0.5)],
        makes=[("maker", "seat", "s")],
    )
    result, rows = asked(record, tables, origin="lk")
    assert rows["seat"]["distance_km"] == pytest.approx(2.5)
    entry = result.answer.entry("origin_at")
    assert (entry.value, entry.value_of) == ("zz", "places")
    assert any("centre" in finding.template for finding in result.findings)


def test_a_site_without_a_position_stands_at_its_place(record):
    tables = study(
        parts=[("train", "seat")],
        sites=[site("yard", "builder", "td"), site("s", "maker", "td", 3.0)],
        makes=[("maker", "seat", "s")],
    )
    result, rows = asked(record, tables, origin="yard")
    assert rows["seat"]["distance_km"] == pytest.approx(2.0)
    assert number(result, "origin_at") == "td"


def test_an_origin_without_any_position_is_refused_in_words(record):
    tables = study(parts=[("train", "seat")])
    tables["places"] = [{"place_id": "td", "level": "district"}]
    tables["sites"] = []
    with pytest.raises(Refusal) as refused:
        asked(record, tables, origin="td")
    assert refused.value.problems[0].code == "no-position"
    assert refused.value.problems[0].column == "origin"


# Evidence.


def test_an_assumed_maker_is_not_there_and_a_synthetic_one_is_marked(record):
    tables = study(
        parts=[("train", "seat"), ("train", "lamp")],
        sites=[site("s", "maker", "td", 1.0)],
        makes=[("maker", "seat", "s", "assumed"), ("maker", "lamp", "s", "synthetic")],
    )
    result, rows = asked(record, tables)
    assert (rows["seat"]["makers"], rows["seat"]["evidence"]) == (0, None)
    assert (rows["lamp"]["makers"], rows["lamp"]["evidence"]) == (1, "synthetic")
    assert result.answer.entry("coverage").synthetic == 1
    _, rows = asked(record, tables, synthetic=False)
    assert rows["lamp"]["distance_km"] is None


def test_a_known_maker_at_a_generated_position_is_marked(record):
    tables = study(
        parts=[("train", "seat")],
        sites=[site("s", "maker", "td", 1.0) | {"evidence": "synthetic"}],
        makes=[("maker", "seat", "s", "verified")],
    )
    _, rows = asked(record, tables)
    assert rows["seat"]["evidence"] == "synthetic"


def test_a_part_that_only_generated_lines_lead_to_is_marked(record):
    tables = study(
        parts=[("train", "seat", {"evidence": "synthetic"}), ("train", "lamp")],
        sites=[site("s", "maker", "td", 1.0)],
        makes=[("maker", "seat", "s", "verified"), ("maker", "lamp", "s", "verified")],
    )
    _, rows = asked(record, tables)
    assert (rows["seat"]["evidence"], rows["lamp"]["evidence"]) == ("synthetic", "verified")


def test_a_maker_known_only_by_its_place_counts_but_not_for_certain(record):
    # The axle is made at a site 0.5 km off, the wheel somewhere in the district, whose centre
    # is 1 km off: two of two parts are within 5 km, one of them for certain.
    tables = study(
        parts=[("train", "axle"), ("train", "wheel")],
        makes=[("a", "axle", "forge"), ("b", "wheel")],
        sites=[site("forge", "a", "td", 0.5)],
        orgs={"b": "td"},
    )
    result, _ = asked(record, tables)
    entry = result.answer.entry("parts_within")
    assert (entry.low, entry.value, entry.high) == (1, 2, 2)
    assert number(result, "within_by_place") == 1


def test_a_maker_whose_district_has_no_centre_is_not_put_at_the_origin_s_city(record):
    # lk takes the position of zz, which says nothing of 5 km: decision 2 applies to it too
    tables = study(parts=[("train", "seat")], orgs={"local": "lk"}, makes=[("local", "seat")])
    assert asked(record, tables)[1]["seat"]["distance_km"] is None


def test_a_declared_line_under_a_generated_one_leads_to_a_generated_part(record):
    parts = [("train", "seat", {"evidence": "synthetic"}), ("seat", "bolt")]
    tables = study(
        parts=parts, sites=[site("s", "maker", "td", 1.0)], makes=[("maker", "bolt", "s")]
    )
    result, rows = asked(record, tables)
    assert rows["bolt"]["evidence"] == "synthetic"
    assert result.answer.entry("coverage").synthetic == 1


def test_the_high_end_counts_parts_that_a_maker_without_a_position_also_makes(record):
    # the known site is 100 km off, but somebody in the city makes the seat as well
    tables = study(
        parts=[("train", "seat")],
        orgs={"vague": "zz"},
        sites=[site("s", "maker", "qd", 100.0)],
        makes=[("vague", "seat"), ("maker", "seat", "s")],
    )
    result, _ = asked(record, tables)
    entry = result.answer.entry("coverage")
    assert (entry.low, entry.value, entry.high) == (0.0, 0.0, 1.0)
    entry = result.answer.entry("r50")
    assert (entry.low, entry.high) == (0.0, pytest.approx(100.0))


def test_half_the_parts_are_surely_reached_only_by_makers_at_sites(record):
    tables = study(parts=[("train", "seat")], orgs={"a": "td"}, makes=[("a", "seat")])
    result, _ = asked(record, tables)
    entry = result.answer.entry("r50")
    assert (entry.low, entry.value, entry.high) == (*[pytest.approx(1.0)] * 2, math.inf)
    entry = result.answer.entry("coverage_of_located")
    assert (entry.low, entry.value, entry.high) == (0.0, 1.0, 1.0)


def test_distances_from_a_generated_origin_or_to_a_generated_centre_are_marked(record):
    tables = study(parts=[("train", "seat")], orgs={"a": "td"}, makes=[("a", "seat")])
    origin = tables | {"sites": [tables["sites"][0] | {"evidence": "synthetic"}]}
    assert asked(record, origin)[0].answer.entry("coverage").synthetic == 1
    centre = {"evidence": "synthetic"}
    places = [row | (centre if row["place_id"] == "td" else {}) for row in PLACES]
    result, rows = asked(record, tables | {"places": places})
    assert rows["seat"]["evidence"] == "synthetic"
    assert result.answer.entry("coverage").synthetic == 1


def test_an_id_wins_over_the_name_of_another_record(record):
    tables = study(parts=[("train", "seat")])
    tables["sites"] = [tables["sites"][0] | {"name": "qd"}]
    assert asked(record, tables, origin="qd")[0].params["origin"] == "qd"


def test_coverage_is_told_by_quantity_by_cost_for_a_second_maker_and_over_all_radii(record):
    # 6 axles within 5 km, by two makers; 2 wheels 50 km off; seats by no maker, in no number.
    # By quantity 6 of 8, at most the same; by cost 0.3 of 0.3 + 0.5 + 0.2; one of three parts
    # has a second maker; the axle (0.5 km) reaches the whole span 1..500 km, the wheel (50 km)
    # log(500/50)/log(500) of it, the seat none.
    tables = study(
        parts=[
            ("train", "axle", of(6.0, cost_share=0.3)),
            ("train", "wheel", of(2.0, cost_share=0.5)),
            ("train", "seat", of(None, cost_share=0.2)),
        ],
        makes=[("a", "axle", "sa"), ("b", "axle", "sb"), ("c", "wheel", "sc")],
        sites=[
            site("sa", "a", None, 0.5),
            site("sb", "b", None, 2.0),
            site("sc", "c", None, 50.0),
        ],
    )
    result, _ = asked(record, tables)
    assert number(result, "coverage_by_quantity") == pytest.approx(6 / 8)
    assert number(result, "coverage_by_cost") == pytest.approx(0.3)
    assert result.answer.entry("coverage_by_cost").high == pytest.approx(0.5)
    assert number(result, "coverage_second") == pytest.approx(1 / 3)
    spans = 1 + math.log(500 / 50) / math.log(500)
    assert number(result, "log_area") == pytest.approx(spans / 3)
