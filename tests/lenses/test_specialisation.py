"""Specialisation: quotients by hand, one level at a time, and what cannot be compared."""

import pytest

from liantu.errors import Refusal
from liantu.lens import run

PLACES = """
place_id level    parent_id
cn       country  -
zz       city     cn
qd       city     cn
td       district zz
"""


def jobs(*lines, unit="persons"):
    head = "subject_kind subject_id measure activity year value unit evidence"
    rows = [
        f"place {place} employment {activity} {year} {value} {unit} {evidence}"
        for place, activity, year, value, evidence in (
            (*line.split(), "-")[:5] for line in lines
        )
    ]
    return "\n".join([head, *rows])


def asked(record, *lines, **params):
    store = record(places=PLACES, observations=jobs(*lines))
    return run("specialisation", params, store=store)


# zz has 30 of 40 in trains, qd 10 of 60: 40 of 100 in all
BOTH = ("zz train 2020 30", "zz glass 2020 10", "qd train 2020 10", "qd glass 2020 50")


def test_the_quotient_is_the_share_in_the_place_over_the_share_in_all_places(record):
    result = asked(record, *BOTH)
    rows = {(r["place_id"], r["activity"]): r for r in result.table.to_pylist()}
    # (30 / 40) / (40 / 100) = 1.875; symmetric .875 / 2.875
    assert rows["zz", "train"]["rca"] == pytest.approx(1.875)
    assert rows["zz", "train"]["rca_symmetric"] == pytest.approx(0.875 / 2.875)
    assert rows["zz", "train"]["share"] == pytest.approx(0.75)
    assert {key: row["mcp"] for key, row in rows.items()} == {
        ("zz", "train"): True,
        ("zz", "glass"): False,
        ("qd", "train"): False,
        ("qd", "glass"): True,
    }
    # a count of 30 where 16 were expected: 20.24 to 42.83 over 16
    assert rows["zz", "train"]["rca_low"] == pytest.approx(20.24 / 16, rel=0.01)
    assert rows["zz", "train"]["rca_high"] == pytest.approx(42.83 / 16, rel=0.01)


def test_each_place_has_its_indices_in_the_summary(record):
    result = asked(record, *BOTH)
    zz = {e.name: e.value for e in result.summary if e.subject and e.subject.id == "zz"}
    # shares .75 and .25 against .4 and .6: .35 + .35
    assert zz["krugman"] == pytest.approx(0.7)
    assert zz["hoover"] == pytest.approx(0.35)
    assert zz["hachman"] == pytest.approx(1 / (0.75 * 1.875 + 0.25 * 0.25 / 0.6))
    assert zz["herfindahl"] == pytest.approx(0.625)
    assert zz["entropy"] == pytest.approx(0.8113, abs=1e-4)
    assert zz["known_for"] == 1


def test_the_threshold_is_what_counts_as_known_for(record):
    result = asked(record, *BOTH, threshold=1.9)
    assert result.table["mcp"].to_pylist() == [False] * 4


def test_only_places_of_the_level_and_figures_of_the_latest_year_are_compared(record):
    more = ("cn train 2020 900", "td train 2020 5", "zz train 2010 1", "zz boats 2010 1")
    assert asked(record, *BOTH, *more).table.equals(asked(record, *BOTH).table)


def test_one_place_may_be_asked_for_and_is_compared_with_all(record):
    whole = asked(record, *BOTH).table.filter([False, False, True, True])
    assert asked(record, *BOTH, place="zz").table.equals(whole)


def test_one_place_alone_is_known_for_nothing_and_that_is_said(record):
    result = asked(record, *BOTH[:2])
    assert [finding.template[:5] for finding in result.findings] == ["Only "]
    assert (result.table["rca"].to_pylist(), result.figures) == ([1.0, 1.0], ())


def test_a_pair_without_a_figure_is_counted_as_missing_and_said(record):
    result = asked(record, *BOTH[:3])
    assert result.answer.entry("missing").value == 1
    assert result.answer.entry("filled").value == pytest.approx(0.75)
    assert any("nobody has looked" in finding.template for finding in result.findings)


def test_money_is_no_count_and_has_no_interval(record):
    store = record(places=PLACES, observations=jobs(*BOTH, unit="CNY"))
    result = run("specialisation", {}, store=store)
    assert result.table["rca_low"].to_pylist() == [None] * 4


def test_a_synthetic_figure_marks_its_row(record):
    result = asked(record, *BOTH[:3], "qd glass 2020 50 synthetic")
    marked = {
        (r["place_id"], r["activity"])
        for r in result.table.to_pylist()
        if r["evidence"] == "synthetic"
    }
    assert marked == {("qd", "glass")}


@pytest.mark.parametrize(
    ("lines", "params", "words"),
    [
        (BOTH, {"year": 1990}, "no-such-year"),
        (BOTH, {"place": "td"}, "other-level"),
        (BOTH[:2], {"place": "qd"}, "no-figure"),
        ((*BOTH, "zz boats 2020 -5"), {}, "negative-figure"),
        (("zz train 2020 0", "qd train 2020 0"), {}, "all-zero"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(record, lines, params, words):
    with pytest.raises(Refusal, match=words):
        asked(record, *lines, **params)


def test_mixed_units_are_refused_by_name(record):
    text = jobs(*BOTH) + "\nplace zz employment boats 2020 5 firms -"
    with pytest.raises(Refusal, match="firms, persons"):
        run("specialisation", {}, store=record(places=PLACES, observations=text))


def test_one_place_alone_is_like_itself(record):
    result = asked(record, *BOTH[:2])
    assert result.table["rca"].to_pylist() == [1.0, 1.0]
    assert result.answer.entry("krugman").value == 0.0


def test_without_a_figure_it_says_what_to_import(record):
    result = asked(record)
    assert result.table.num_rows == 0
    assert "Import" in result.findings[0].template


def test_organisations_by_main_activity_serve_as_a_measure(record):
    orgs = [("zz", "a"), ("td", "a"), ("zz", "b"), ("qd", "b"), ("qd", "b"), ("qd", "a")]
    store = record(
        places=PLACES,
        organisations=[{"org_id": f"o{k}", "place_id": p} for k, (p, _) in enumerate(orgs)],
        activities=[
            {"org_id": f"o{k}", "scheme": "S", "code": code, "main": True}
            for k, (_, code) in enumerate(orgs)
        ],
    )
    result = run("specialisation", {"measure": "organisations", "place": "zz"}, store=store)
    values = {row["activity"]: (row["value"], row["rca"]) for row in result.table.to_pylist()}
    # zz with its district 2 of 3 in a, all 3 of 6
    assert values == {
        "a": (2.0, pytest.approx(4 / 3)),
        "b": (1.0, pytest.approx(2 / 3)),
    }
