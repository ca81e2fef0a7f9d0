"""Service: small records whose clocks can be counted on a calendar."""

import datetime as dt

import pytest

from liantu.errors import Refusal
from liantu.lens import run

ITEMS = """
    item_id name statutory_days promised_days baseline_days baseline_year
    permit Permit 20 5 40 2019
    licence Licence - - - -
"""
HOLIDAY = [
    {"calendar": "CN", "date": dt.date(2022, 10, day), "working": day > 7}
    for day in range(1, 10)
]
OTHER = {"calendar": "HK", "date": dt.date(2022, 10, 4), "working": False}


def events(*lines):
    """Events from lines of case, item, activity and time, and perhaps evidence."""
    rows = []
    for line in lines:
        case, item, activity, time, *evidence = line.split()
        rows.append(
            {
                "case_id": case,
                "item_id": item,
                "activity": activity,
                "time": dt.datetime.fromisoformat(time),
                "evidence": evidence[0] if evidence else None,
            }
        )
    return rows


# September 2022: a (5 days on the clock), b (8, decided twice), c open since the 1st.
CASES = (
    "a permit accept 2022-09-01",
    "a permit suspend 2022-09-05",
    "a permit resume 2022-09-07",
    "a permit decide 2022-09-12",
    "b permit decide 2022-09-06",
    "b permit accept 2022-09-01",
    "b permit decide 2022-09-13",
    "c permit accept 2022-09-01",
    "d licence accept 2022-09-14",
    "d licence decide 2022-09-14",
)


def asked(record, *lines, days=HOLIDAY, items=ITEMS, **params):
    store = record(service_items=items, service_events=events(*lines), calendar_days=days)
    return run("service", params, store=store)


def rows(result):
    return {row["item_id"]: row for row in result.table.to_pylist()}


def test_an_item_has_its_cases_quantiles_and_three_bases(record):
    permit = rows(asked(record, *CASES))["permit"]
    assert (permit["cases"], permit["open_cases"]) == (3, 1)
    # 5 and 8 days; c is open after 9: half within 8, and nine tenths are never reached.
    assert (permit["p50_days"], permit["p90_days"]) == (8, None)
    assert permit["vs_statutory"] == pytest.approx(1 - 8 / 20)
    assert permit["vs_promised"] == pytest.approx(1 - 8 / 5)
    assert permit["vs_baseline"] == pytest.approx(1 - 8 / 40)
    assert permit["promise_vs_statutory"] == pytest.approx(0.75)
    assert permit["rework_share"] == 0.5
    # Open past the promise of 5 days is broken; within the limit of 20 it is unknown.
    assert permit["on_time_share"] == pytest.approx(1 / 3)
    assert permit["statutory_share"] == 1
    assert permit["suspended_share"] == pytest.approx(2 / 15)


def test_an_item_without_limits_has_no_share_of_them(record):
    licence = rows(asked(record, *CASES))["licence"]
    assert licence["p50_days"] == 0
    names = ("on_time_share", "statutory_share", "vs_statutory", "vs_promised", "vs_baseline")
    assert [licence[name] for name in names] == [None] * 5


def test_the_steps_of_decided_cases_add_up(record):
    permit = rows(asked(record, *CASES))["permit"]
    # a: 2 to the suspension, 2 suspended, 3 to the decision; b: 3 and 5 to its decisions.
    assert dict(zip(permit["steps"], permit["step_days"], strict=True)) == {
        "suspend": 1.0,
        "decide": 5.5,
        "suspended": 1.0,
    }


def test_an_open_case_widens_the_range_of_what_was_kept(record):
    answer = asked(record, *CASES).answer
    kept = answer.entry("statutory_share")
    assert (kept.value, kept.high, kept.unknown) == (1.0, 1.0, 1)
    assert kept.low == pytest.approx(2 / 3)
    baseline = answer.entry("vs_baseline")
    # Of 5, 8 and the open 9 over 40 the middle one is 8, however the open one ends.
    assert (baseline.value, baseline.low, baseline.high) == pytest.approx((0.8, 0.8, 0.8))
    half = answer.entry("p50_days")
    assert (half.value, half.low, half.high) == (5, 5, 5)
    assert answer.entry("p90_days").high == float("inf")


def test_a_suspension_over_the_national_day_week_takes_out_its_made_up_days_only(record):
    lines = (
        "a permit accept 2022-09-26",
        "a permit suspend 2022-09-28",
        "a permit resume 2022-10-09",
        "a permit decide 2022-10-11",
    )
    assert rows(asked(record, *lines))["permit"]["p50_days"] == 4
    answer = asked(record, *lines[:1], lines[3], days=[])
    assert rows(answer)["permit"]["p50_days"] == 11
    assert any("No calendar" in finding.template for finding in answer.findings)


def test_only_cases_accepted_in_the_year_are_counted_and_open_ones_till_the_day_asked(record):
    late = "e permit accept 2023-01-03"
    assert rows(asked(record, *CASES, late, year=2023))["permit"]["cases"] == 1
    early = rows(asked(record, *CASES, late, as_of="2022-09-09"))["permit"]
    # b was decided a first time on the 6th: nobody knew yet that it would be decided again.
    assert (early["cases"], early["open_cases"], early["rework_share"]) == (3, 2, 0)
    assert early["p50_days"] is None


def test_a_case_that_makes_no_sense_is_left_out_in_words(record):
    answer = asked(
        record,
        *CASES,
        "e permit decide 2022-09-01",
        "e permit accept 2022-09-05",
        "f permit accept 2022-09-01",
        "f licence decide 2022-09-05",
        "g permit decide 2022-09-05",
        "h strange accept 2022-09-05",
        "i permit accept 2022-09-13",
        "i permit resume 2022-09-14",
    )
    assert rows(answer)["permit"]["cases"] == 4
    told = {s.values["case"]: s.template for s in answer.answer.left_out}
    assert {case: words.split("{n:count} cases ")[1][:12] for case, words in told.items()} == {
        "g": "without an a",
        "e": "with a decis",
        "f": "whose events",
        "h": "of a service",
        "i": "are resumed ",
    }


def test_one_item_is_asked_for_with_its_limits_in_the_picture(record):
    result = asked(record, *CASES, item="permit")
    assert list(rows(result)) == ["permit"]
    assert [mark.x for mark in result.figures[0].marks] == [5, 20]
    assert result.answer.entry("cases").value == 3


def test_of_two_calendars_one_must_be_named(record):
    with pytest.raises(Refusal) as refused:
        asked(record, *CASES, days=[*HOLIDAY, OTHER])
    assert "CN" in refused.value.problems[0].remedy
    assert asked(record, *CASES, days=[*HOLIDAY, OTHER], calendar="HK").table.num_rows == 2
    with pytest.raises(Refusal, match="CM"):
        asked(record, *CASES, calendar="CM")


def test_what_is_synthetic_is_counted_and_what_is_assumed_is_not_read(record):
    lines = [f"{line} synthetic" if line[0] == "d" else line for line in CASES]
    answer = asked(record, *lines, "x permit accept 2022-09-01 assumed").answer
    assert answer.entry("cases").value == 4
    assert answer.entry("cases").synthetic == 1
    assert rows_evidence(answer) == {"permit": "declared", "licence": "synthetic"}


def rows_evidence(answer):
    return {row["item_id"]: row["evidence"] for row in answer.table.to_pylist()}


def test_an_empty_record_says_what_to_import(record):
    result = asked(record, items="item_id name", days=[])
    assert result.answer.entry("items").value is None
    assert result.answer.entry("vs_baseline").value is None
    assert "Import service_items" in result.findings[0].template
