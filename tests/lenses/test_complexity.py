"""Complexity of places and activities: by hand on a ladder, against its twins, and refused."""

import numpy as np
import pytest

from liantu.errors import Refusal
from liantu.faces.words import Words
from liantu.lens import run
from liantu.records import Names
from liantu.result import Bars, Ref, Scatter
from tests import naive_complexity as naive

ROOT = np.sqrt(1.5)
# Each place does one activity less than the one before, from an advantage of 0.5 on.
LADDER = """
    x y z
a   1 1 1
b   1 1 0
c   1 0 0
"""


def cells(text):
    """Place, activity and value of each cell of a matrix; a dash has none."""
    head, *lines = (line.split() for line in text.strip().splitlines())
    return [
        (place, activity, float(value))
        for place, *values in lines
        for activity, value in zip(head, values, strict=True)
        if value != "-"
    ]


def observed(text, *, measure="jobs", year=2020, unit="persons", **more):
    return [
        {
            "subject_kind": "place", "subject_id": place, "measure": measure,
            "activity": activity, "year": year, "value": value, "unit": unit, **more,
        }
        for place, activity, value in cells(text)
    ]  # fmt: skip


def cities(rows, level="city"):
    return [
        {"place_id": place, "level": level} for place in sorted({r["subject_id"] for r in rows})
    ]


def asked(record, rows, **params):
    given = {"measure": "jobs"} | params
    return run("complexity", given, store=record(places=cities(rows), observations=rows))


def problem(record, rows, **params):
    with pytest.raises(Refusal) as refused:
        asked(record, rows, **params)
    return refused.value.problems


def chance(seed, shape=(7, 12)):
    """Counts of chance as rows of observations, and as the matrix that they are."""
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 9, shape) * (rng.random(shape) < 0.6)
    values[:, 0] += 1
    head = " ".join(f"p{k:02d}" for k in range(shape[1]))
    lines = (f"c{k} {' '.join(map(str, row))}" for k, row in enumerate(values))
    return observed("\n".join([head, *lines])), values.astype(float)


def test_a_ladder_of_places_has_the_complexity_worked_out_by_hand(record):
    result = asked(record, observed(LADDER), rca_threshold=0.5)
    rows = result.table.to_pylist()
    assert [(row["id"], row["rank"], row["diversity"]) for row in rows] == [
        ("a", 1, 3),
        ("b", 2, 2),
        ("c", 3, 1),
    ]
    assert [row["eci"] for row in rows] == pytest.approx([ROOT, 0, -ROOT])
    assert [row["average"] for row in rows] == pytest.approx([2, 2.5, 3])
    assert {row[name] for row in rows for name in ("pci", "pci_own", "ubiquity")} == {None}
    assert result.answer.entry("second").value == pytest.approx(1 / 4)
    assert result.answer.entry("first").value == "a"


def test_its_activities_are_ranked_on_the_same_scale(record):
    rows = asked(record, observed(LADDER), rca_threshold=0.5, by="activity").table.to_pylist()
    assert [(row["id"], row["rank"], row["ubiquity"]) for row in rows] == [
        ("z", 1, 1),
        ("y", 2, 2),
        ("x", 3, 3),
    ]
    assert [row["pci"] for row in rows] == pytest.approx([3 * ROOT, ROOT, -ROOT])
    assert {row[name] for row in rows for name in ("eci", "coi", "diversity")} == {None}


@pytest.mark.parametrize("diagonal", [True, False])
def test_every_column_is_that_of_the_definition(record, diagonal):
    rows, values = chance(11)
    places = asked(record, rows, diagonal=diagonal).table.sort_by("id").to_pydict()
    activities = asked(record, rows, by="activity").table.sort_by("id").to_pydict()
    made = (naive.rca(values) >= 1 - 1e-12).astype(float)
    eci, pci, own, raw, _, _ = naive.index(made)
    fit, quality = naive.fitness(made)
    coi = naive.outlook(made, naive.proximity(made, diagonal=diagonal), raw)
    assert places["eci"] == pytest.approx(eci)
    assert places["coi"] == pytest.approx(coi)
    assert places["fitness"] == pytest.approx(fit)
    assert activities["pci"] == pytest.approx(pci)
    assert activities["pci_own"] == pytest.approx(own)
    assert activities["fitness"] == pytest.approx(quality)
    assert activities["total"] == values.sum(axis=0).tolist()


def test_a_cell_without_a_figure_counts_as_none_and_is_told(record):
    result = asked(record, observed(LADDER.replace("0", "-")), rca_threshold=0.5)
    assert result.table.to_pydict()["eci"] == pytest.approx([ROOT, 0, -ROOT])
    assert result.answer.entry("recorded").value == pytest.approx(6 / 9)


def test_small_places_are_left_out_by_name_and_take_part_in_nothing(record):
    rows = observed(LADDER) + observed("x y z w\nd 0.1 0.1 0.1 0.1")
    result = asked(record, rows, rca_threshold=0.5, min_total=1)
    kept = {row["id"]: row["eci"] for row in result.table.to_pylist()}
    assert kept == {
        "a": pytest.approx(ROOT),
        "b": pytest.approx(0, abs=1e-9),
        "c": pytest.approx(-ROOT),
        "d": None,
    }
    told = [(sentence.template, dict(sentence.values)) for sentence in result.answer.left_out]
    assert told[0][1] == {
        "place": Ref("places", "d"),
        "total": pytest.approx(0.4),
        "min_total": 1,
    }
    assert told[1][1] == {"activity": Ref("codes", "w")}


def test_organisations_are_counted_by_place_and_main_activity(record):
    firms = [(place, code, k) for place, code, n in cells(LADDER) for k in range(int(n))]
    named = [(f"{place}{code}{k}", place, code) for place, code, k in firms]
    store = record(
        places=[{"place_id": place, "level": "city"} for place in "abc"],
        organisations=[{"org_id": org, "place_id": place} for org, place, _ in named],
        activities=[
            {"org_id": org, "scheme": "ISIC", "code": code, "main": True}
            for org, _, code in named
        ],
    )
    result = run("complexity", {"rca_threshold": 0.5}, store=store)
    assert result.table["eci"].to_pylist() == pytest.approx([ROOT, 0, -ROOT])


def test_the_latest_year_counts_unless_one_is_asked_for(record):
    turned = LADDER.replace("a ", "A ").replace("c ", "a ").replace("A ", "c ")
    rows = observed(LADDER, year=2021) + observed(turned, year=2019)
    assert asked(record, rows, rca_threshold=0.5).table["id"][0].as_py() == "a"
    earlier = asked(record, rows, rca_threshold=0.5, year=2019)
    assert earlier.table["id"][0].as_py() == "c"
    assert earlier.answer.entry("year").value == 2019


def test_a_year_without_figures_is_refused_with_those_that_have_some(record):
    rows = observed(LADDER, year=2021) + observed(LADDER, year=2019)
    (found,) = problem(record, rows, year=2020)
    assert (found.code, found.column) == ("no-such-year", "year")
    assert "2019, 2021" in found.remedy


def test_only_places_of_the_asked_level_are_set_side_by_side(record):
    rows, country = observed(LADDER), observed("x y z\nland 3 2 1")
    places = [*cities(rows), *cities(country, "country")]
    store = record(places=places, observations=rows + country)
    result = run("complexity", {"measure": "jobs", "rca_threshold": 0.5}, store=store)
    assert set(result.table["id"].to_pylist()) == {"a", "b", "c"}


def test_wrong_figures_are_refused_all_at_once(record):
    rows = observed(LADDER) + observed("x w\nd -1 2", unit="CNY")
    found = problem(record, rows)
    assert [p.code for p in found] == ["mixed-units", "negative-figure"]
    assert (found[0].found, found[1].found) == ("CNY, persons", "-1 (d, x)")


def test_two_classifications_are_refused_until_one_is_chosen(record):
    orgs = [f"{scheme}{p}{k}" for scheme in "MN" for p in "abc" for k in range(3)]
    store = record(
        places=[{"place_id": place, "level": "city"} for place in "abc"],
        organisations=[{"org_id": org, "place_id": org[1]} for org in orgs],
        activities=[
            {"org_id": org, "scheme": org[0], "code": f"{ord(org[1]) * int(org[2]) % 4}"}
            | {"main": True}
            for org in orgs
        ],
    )
    with pytest.raises(Refusal) as refused:
        run("complexity", store=store)
    assert refused.value.problems[0].found == "M, N"
    with pytest.raises(Refusal) as refused:
        run("complexity", {"scheme": "M", "min_total": 99}, store=store)
    assert [p.code for p in refused.value.problems] == ["no-place-left"]


@pytest.mark.parametrize(
    ("text", "params", "code"),
    [
        ("x y\na 1 2", {}, "too-few"),
        ("x\na 1\nb 2", {}, "too-few"),
        ("x y\na 0 0\nb 0 0", {}, "all-zero"),
        (LADDER, {"min_total": 4}, "no-place-left"),
        (LADDER, {"rca_threshold": 500}, "too-few"),
        ("x y z w\na 3 2 0 0\nb 1 4 0 0\nc 0 0 2 3\nd 0 0 4 1", {}, "disconnected"),
        ("x y z w\na 1 1 0 0\nb 0 1 1 0\nc 0 0 1 1\nd 1 0 0 1", {}, "ambiguous"),
        ("x y z\na 1 1 0\nb 0 1 1", {"rca_threshold": 0.5}, "no-direction"),
    ],
)
def test_what_cannot_be_ranked_is_refused_with_its_reason(record, text, params, code):
    (found,) = problem(record, observed(text), **params)
    assert found.code == code
    assert found.remedy


def test_parts_without_a_common_activity_are_named(record):
    text = "x y z w\na 3 2 0 0\nb 1 4 0 0\nc 0 0 2 3\nd 0 0 4 1"
    (found,) = problem(record, observed(text), rca_threshold=0.1)
    assert found.found == "a + b, c + d"


def test_nothing_on_record_is_said_with_what_there_is(record):
    store = record(places="place_id level\nz city", observations=observed("x\nz 1"))
    result = run("complexity", {"measure": "trams"}, store=store)
    assert result.table.num_rows == 0
    words = Words("en", Names(store))
    assert "Import observations" in words.say(result.findings[0])
    assert [words.say(told) for told in result.answer.left_out] == [
        "By activity there are figures of jobs (city)."
    ]


def test_the_asked_place_is_emphasised_and_its_rank_is_in_the_summary(record):
    result = asked(record, observed(LADDER), rca_threshold=0.5, place="b")
    rank = result.answer.entry("rank", Ref("places", "b"))
    assert rank.value == 2
    bars, scatter = result.figures
    assert isinstance(bars, Bars)
    assert bars.here == 1
    assert isinstance(scatter, Scatter)
    assert [point.emphasis for point in scatter.points] == [False, True, False]
    assert (scatter.points[1].x, scatter.points[1].y) == (2.0, 2.5)


def test_synthetic_figures_are_marked_and_may_be_left_out(record):
    rows = observed(LADDER) + observed("x y\nd 1 1", evidence="synthetic")
    with_them = asked(record, rows, rca_threshold=0.5)
    held = {row["id"]: row["evidence"] for row in with_them.table.to_pylist()}
    assert held == {"a": "declared", "b": "declared", "c": "declared", "d": "synthetic"}
    assert with_them.answer.entry("places").synthetic == 2
    without = asked(record, rows, rca_threshold=0.5, synthetic=False)
    assert set(without.table["id"].to_pylist()) == {"a", "b", "c"}


@pytest.mark.parametrize("unit", ["persons", "CNY"])
@pytest.mark.parametrize("by", ["place", "activity"])
def test_draws_give_each_rank_a_range_and_the_same_seed_the_same(record, unit, by):
    rows = [row | {"unit": unit} for row in chance(12)[0]]
    result = asked(record, rows, draws=40, by=by)
    held = result.table.to_pydict()
    known = [pair for pair in zip(held["rank_low"], held["rank_high"], strict=True) if pair[0]]
    assert known
    assert all(1 <= low <= high <= len(held["id"]) for low, high in known)
    assert 0 < result.answer.entry("draws_ranked").value <= 40
    assert asked(record, rows, draws=40, by=by).table.equals(result.table)
    assert not asked(record, rows, draws=40, by=by, seed=1).table.equals(result.table)
    assert len(result.figures) == 3


def test_a_claim_about_a_rank_is_judged_over_its_range(record):
    rows, _ = chance(12)
    result = asked(record, rows, draws=40, place="c0")
    row = next(row for row in result.table.to_pylist() if row["id"] == "c0")
    rank = result.answer.entry("rank")
    assert (rank.low, rank.high) == (
        min(row["rank"], row["rank_low"]),
        max(row["rank"], row["rank_high"]),
    )


def test_a_blank_measure_is_what_most_places_have_and_organisations_come_last(record):
    rows = observed(LADDER) + observed("x y\na 1 2\nb 3 1", measure="output", unit="CNY")
    store = record(
        places=cities(rows),
        observations=rows,
        organisations=[{"org_id": f"o{k}", "place_id": "abc"[k % 3]} for k in range(9)],
        activities=[
            {"org_id": f"o{k}", "scheme": "ISIC", "code": str(k % 4), "main": True}
            for k in range(9)
        ],
    )
    result = run("complexity", {"rca_threshold": 0.5}, store=store)
    assert dict(result.answer.entry("places").base.values) == {"n": 3, "measure": "jobs"}
    assert result.table["eci"].to_pylist() == pytest.approx([ROOT, 0, -ROOT])


def test_a_blank_level_is_that_with_most_places(record):
    rows, countries = observed(LADDER), observed("x y z\nland 3 2 1\nother 1 5 2")
    places = [*cities(rows), *cities(countries, "country")]
    store = record(places=places, observations=rows + countries)
    result = run("complexity", {"rca_threshold": 0.5}, store=store)
    assert set(result.table["id"].to_pylist()) == {"a", "b", "c"}


def test_places_with_very_small_counts_are_told(record):
    result = asked(record, observed(LADDER), rca_threshold=0.5)
    assert result.answer.entry("small").value == 3
    assert any("min_total" in finding.template for finding in result.findings)
    large = [row | {"value": 100 * row["value"]} for row in observed(LADDER)]
    assert asked(record, large, rca_threshold=0.5).answer.entry("small").value == 0
