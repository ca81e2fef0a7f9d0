"""What is generated of services holds together and is telling to examine."""

import datetime as dt
from collections import Counter, defaultdict

import pytest


@pytest.fixture(scope="module")
def courses(generated):
    """The events of each case in order of time: (time, activity, item)."""
    found = defaultdict(list)
    for row in generated["service_events"]:
        found[row["case_id"]].append((row["time"], row["activity"], row["item_id"]))
    return {case: sorted(events) for case, events in found.items()}


def test_every_case_is_accepted_once_and_first_and_is_of_one_service_on_record(
    generated, courses
):
    items = {row["item_id"] for row in generated["service_items"]}
    assert len(items) == 12
    assert 590 <= len(courses) <= 600
    for events in courses.values():
        assert events[0][1] == "accept"
        assert Counter(activity for _, activity, _ in events)["accept"] == 1
        assert len({item for *_, item in events} & items) == 1


def test_some_cases_are_open_some_suspended_and_some_decided_twice(courses):
    done = [Counter(activity for _, activity, _ in events) for events in courses.values()]
    assert 3 <= sum(not case["decide"] for case in done) <= 40
    assert 60 <= sum(case["suspend"] > 0 for case in done) <= 180
    assert 15 <= sum(case["decide"] > 1 for case in done) <= 80


def test_no_event_falls_on_a_holiday_and_the_made_up_days_are_weekends(generated, courses):
    days = {
        dt.date.fromisoformat(row["date"]): row["working"] == "true"
        for row in generated["calendar_days"]
    }
    assert all(day.weekday() > 4 for day, works in days.items() if works)
    met = {
        dt.datetime.fromisoformat(time).date()
        for events in courses.values()
        for time, *_ in events
    }
    assert all(days.get(day, day.weekday() < 5) for day in met)


def test_each_promise_is_below_the_law_and_each_baseline_is_of_2019(generated):
    for row in generated["service_items"]:
        assert 0 < float(row["promised_days"]) < float(row["statutory_days"])
        assert float(row["promised_days"]) < float(row["baseline_days"])
        assert row["baseline_year"] == "2019"
        assert row["evidence"] == "synthetic"
