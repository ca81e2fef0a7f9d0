"""Peers: who is compared, what the likeness is made of, and what is refused."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liantu.errors import Refusal
from liantu.lens import run
from tests import naive_places
from tests.record import stored

PLACES = """
place_id level
zz       city
aa       city
bb       city
cc       city
pp       province
"""


def figures(year=2020, unit="persons", **places):
    """Jobs by activity: ``zz="steel:3 rail:1"``."""
    return [
        {"subject_kind": "place", "subject_id": place, "measure": "jobs", "activity": name}
        | {"year": year, "value": float(value), "unit": unit}
        for place, text in places.items()
        for name, value in (pair.split(":") for pair in text.split())
    ]


HAND = figures(
    zz="steel:50 rail:50",
    aa="steel:50 glass:50",
    bb="steel:20 rail:20 glass:0",
    pp="steel:50 rail:50",
)


def asked(record, rows, **params):
    store = record(places=PLACES, observations=rows)
    return run("peers", {"place": "zz", "measure": "jobs"} | params, store=store)


def test_structure_size_and_likeness_by_hand(record):
    rows = {row["place_id"]: row for row in asked(record, HAND).table.to_pylist()}
    assert set(rows) == {"aa", "bb"}  # not itself, and places of its level only
    assert (rows["bb"]["structure"], rows["bb"]["size"]) == (1.0, pytest.approx(0.4))
    assert (rows["aa"]["structure"], rows["aa"]["size"]) == (pytest.approx(0.5), 1.0)
    assert rows["bb"]["similarity"] == pytest.approx(0.75 + 0.25 * 0.4)
    assert (rows["bb"]["rank"], rows["aa"]["rank"]) == (1, 2)
    assert rows["aa"]["alike"] == ["steel"]
    assert rows["aa"]["unlike"] == ["glass", "rail"]
    assert rows["bb"]["unlike"] == []


def test_weights_are_told_and_size_may_weigh_everything(record):
    result = asked(record, HAND, size_weight="1")
    assert result.table["place_id"].to_pylist() == ["aa", "bb"]
    weights = [result.answer.entry(name).value for name in ("structure_weight", "size_weight")]
    assert weights == [0, 1]


def test_leaving_out_an_activity_says_how_much_the_order_hangs_on_it(record):
    rows = figures(zz="a:4 b:4 c:2", aa="a:4 b:4 c:9", bb="a:4 b:6 c:2")
    result = asked(record, rows, size_weight="0")
    told = [
        tuple(row[k] for k in ("place_id", "rank_low", "rank_high"))
        for row in result.table.to_pylist()
    ]
    assert told == [("bb", 1, 2), ("aa", 1, 2)]
    assert asked(record, rows, limit="1").answer.entry("stable").value == 0


def test_what_has_no_figure_counts_as_nothing_and_is_counted(record):
    result = asked(record, HAND)
    assert result.answer.entry("missing").value == 2  # glass in zz, rail in aa
    assert any("nobody has looked" in finding.template for finding in result.findings)


@pytest.mark.parametrize(
    ("rows", "params", "code"),
    [
        (figures(zz="a:1"), {}, "no-other-place"),
        (figures(aa="a:1", bb="a:2"), {}, "no-figures"),
        (figures(zz="a:0", bb="a:2"), {}, "no-figures"),
        (figures(zz="a:1", bb="a:-2"), {}, "negative-figure"),
        (HAND, {"year": "2019"}, "no-such-year"),
        ([*HAND, *figures(unit="FTE", cc="rail:1")], {}, "mixed-units"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(record, rows, params, code):
    with pytest.raises(Refusal) as refused:
        asked(record, rows, **params)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_without_figures_it_says_what_to_import(record):
    assert "Import observations" in asked(record, []).findings[0].template


jobs = st.lists(st.integers(0, 9), min_size=3, max_size=3).filter(any)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(jobs, jobs, jobs, st.sampled_from(["jensen_shannon", "cosine"]))
def test_likeness_and_ranks_agree_with_the_slow_twin(tmp_path_factory, own, one, two, kind):
    texts = [
        " ".join(f"{k}:{n}" for k, n in zip("abc", row, strict=True)) for row in (own, one, two)
    ]
    rows = figures(**dict(zip(("zz", "aa", "bb"), texts, strict=True)))
    with stored(tmp_path_factory.mktemp("peers"), places=PLACES, observations=rows) as store:
        asked_with = {"place": "zz", "measure": "jobs", "similarity": kind}
        table = run("peers", asked_with, store=store).table
    found = {row["place_id"]: row for row in table.to_pylist()}
    ranks = naive_places.rank_range(own, [one, two], 0.25, kind)
    for place, other, expected in zip(("aa", "bb"), (one, two), ranks, strict=True):
        told = found[place]
        alike = naive_places.similarity(own, other, 0.25, kind)
        assert told["similarity"] == pytest.approx(alike, abs=1e-9)
        assert (told["rank"], told["rank_low"], told["rank_high"]) == expected
