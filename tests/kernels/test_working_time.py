"""The legal clock: hand-worked cases, then every case against a slow twin."""

import datetime as dt

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from liantu.kernels import working_time
from liantu.kernels.working_time import calendar, clock
from tests import naive_service as naive

# In another order than that of their marks.
MARKS = {
    "decide": working_time.DECIDE,
    "other": working_time.OTHER,
    "resume": working_time.RESUME,
    "suspend": working_time.SUSPEND,
    "accept": working_time.ACCEPT,
}
NUMBERS = {word: number for number, word in enumerate(MARKS)}
# The National Day week of 2022: seven days off, and the weekend after it made up for.
NATIONAL_DAY = {dt.date(2022, 10, day): False for day in range(1, 8)}
NATIONAL_DAY |= {dt.date(2022, 10, 8): True, dt.date(2022, 10, 9): True}
LAST = dt.date(2022, 12, 30)


def number(day):
    return (day - naive.EPOCH).days


def micros(time):
    return (time - at("1970-01-01")) // dt.timedelta(microseconds=1)


def at(text):
    return dt.datetime.fromisoformat(text)


def found(*cases, last=LAST, named=NATIONAL_DAY):
    """The clocks of cases, each a list of (time, word)."""
    rows = [(k, micros(at(t)), NUMBERS[w]) for k, case in enumerate(cases) for t, w in case]
    case, time, activity = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    days = calendar(
        number(dt.date(2022, 9, 1)) - 400,
        number(LAST) + 400,
        named=np.array([number(day) for day in named], dtype=np.int64),
        works=np.array(list(named.values()), dtype=bool),
    )
    marks = np.array(list(MARKS.values()))
    return clock(case, time, activity, marks=marks, last=number(last), days=days)


def days_of(*case, **asked):
    return int(found(case, **asked).days[0])


def test_a_week_from_thursday_to_thursday_is_five_working_days():
    assert days_of(("2022-09-01", "accept"), ("2022-09-08", "decide")) == 5


def test_a_case_decided_on_the_day_of_acceptance_took_no_day():
    assert days_of(("2022-09-01T09:00", "accept"), ("2022-09-01T16:00", "decide")) == 0


def test_the_day_of_decision_counts_and_that_of_acceptance_does_not():
    assert days_of(("2022-09-01", "accept"), ("2022-09-02", "decide")) == 1
    assert days_of(("2022-09-02", "accept"), ("2022-09-04", "decide")) == 0
    assert days_of(("2022-09-03", "accept"), ("2022-09-05", "decide")) == 1


def test_the_holiday_week_has_no_working_day_and_the_weekend_after_it_has_two():
    # Friday 30 September to Monday 10 October: Saturday 8, Sunday 9 and Monday 10.
    assert days_of(("2022-09-30", "accept"), ("2022-10-10", "decide")) == 3
    assert days_of(("2022-09-30", "accept"), ("2022-10-10", "decide"), named={}) == 6


def test_a_suspension_across_the_holiday_takes_out_only_its_working_days():
    # Accepted on Monday 26: 27 and 28 count, 29, 30, 8 and 9 are suspended, 10 and 11 count.
    case = (
        ("2022-09-26", "accept"),
        ("2022-09-28", "suspend"),
        ("2022-10-09", "resume"),
        ("2022-10-11", "decide"),
    )
    clocks = found(case)
    assert (clocks.days[0], clocks.suspended[0]) == (4, 4)


def test_overlapping_suspensions_take_out_their_union():
    # (5, 9] and (7, 13] of September: 6, 7, 8, 9, 12, 13.
    case = (
        ("2022-09-01", "accept"),
        ("2022-09-05", "suspend"),
        ("2022-09-07", "suspend"),
        ("2022-09-09", "resume"),
        ("2022-09-13", "resume"),
        ("2022-09-15", "decide"),
    )
    clocks = found(case)
    assert (clocks.days[0], clocks.suspended[0]) == (4, 6)


def test_a_suspension_that_is_never_resumed_lasts_to_the_decision():
    case = (
        ("2022-09-01", "accept"),
        ("2022-09-06", "suspend"),
        ("2022-09-15", "decide"),
    )
    clocks = found(case)
    assert (clocks.days[0], clocks.suspended[0]) == (3, 7)


def test_a_resumption_without_suspension_changes_nothing_and_is_counted():
    case = (
        ("2022-09-01", "accept"),
        ("2022-09-02", "resume"),
        ("2022-09-05", "suspend"),
        ("2022-09-06", "resume"),
        ("2022-09-07", "resume"),
        ("2022-09-08", "decide"),
    )
    clocks = found(case)
    assert (clocks.days[0], clocks.suspended[0], clocks.stray[0]) == (4, 1, 2)


def test_what_one_case_owes_is_not_paid_by_the_next():
    first = [("2022-09-01", "resume")] * 3
    clocks = found(
        [*first, ("2022-09-01", "accept"), ("2022-09-02", "decide")],
        [("2022-09-01", "accept"), ("2022-09-02", "suspend"), ("2022-09-06", "decide")],
    )
    assert clocks.stray.tolist() == [3, 0]
    assert clocks.suspended.tolist() == [0, 2]


def test_a_decision_before_acceptance_is_marked():
    clocks = found(
        [("2022-09-05", "accept"), ("2022-09-01", "decide"), ("2022-09-08", "decide")],
        [("2022-09-05T10:00", "accept"), ("2022-09-05", "decide")],
    )
    assert clocks.is_early.tolist() == [True, False]
    assert clocks.days.tolist() == [3, 0]


def test_the_last_decision_ends_the_case_and_the_earlier_one_is_rework():
    clocks = found(
        [("2022-09-01", "accept"), ("2022-09-05", "decide"), ("2022-09-08", "decide")]
    )
    assert (clocks.days[0], clocks.decisions[0]) == (5, 2)


def test_an_open_case_is_looked_at_on_the_last_day():
    clocks = found([("2022-09-01", "accept")], last=dt.date(2022, 9, 9))
    assert (clocks.days[0], bool(clocks.is_decided[0])) == (6, False)


def test_a_case_without_acceptance_has_no_clock():
    clocks = found([("2022-09-01", "decide")], [("2022-09-01", "other")])
    assert clocks.is_accepted.tolist() == [False, False]
    assert clocks.days.tolist() == [0, 0]


def test_the_days_before_each_event_add_up_to_those_of_the_case():
    case = [
        ("2022-09-15", "decide"),
        ("2022-09-07", "other"),
        ("2022-09-01", "accept"),
        ("2022-09-09", "suspend"),
        ("2022-09-13", "resume"),
    ]
    clocks = found(case)
    assert clocks.order.tolist() == [2, 1, 3, 4, 0]
    assert clocks.passed.tolist() == [0, 4, 2, 2, 2]
    assert clocks.is_waiting.tolist() == [False, False, False, True, False]
    assert clocks.days[0] + clocks.suspended[0] == 10


def test_times_too_fine_to_be_packed_are_put_in_the_same_order():
    far = "9000-01-01T00:00:00.000001"
    events = [("2022-09-08", "decide"), ("2022-09-01", "accept")]
    rows = [(10**6, micros(at(far)), 1), *((0, micros(at(t)), NUMBERS[w]) for t, w in events)]
    case, time, activity = np.array(rows, dtype=np.int64).T
    order = working_time._order(case, time, activity, np.array(list(MARKS.values())))  # noqa: SLF001
    assert order.tolist() == [2, 1, 0]


TIMES = st.datetimes(at("2022-09-20"), at("2022-10-25"))
CASES = st.lists(
    st.lists(st.tuples(TIMES, st.sampled_from(sorted(MARKS))), min_size=1, max_size=9),
    min_size=1,
    max_size=5,
)


@given(cases=CASES, shift=st.integers(0, 10))
def test_every_clock_is_that_of_the_slow_twin(cases, shift):
    last = dt.date(2022, 10, 25) + dt.timedelta(days=shift)
    clocks = found(*([(t.isoformat(), word) for t, word in case] for case in cases), last=last)
    for k, case in enumerate(cases):
        own = naive.clock(case, last, NATIONAL_DAY)
        assert bool(clocks.is_accepted[k]) == (own is not None)
        if own is not None:
            assert {
                "decided": bool(clocks.is_decided[k]),
                "days": clocks.days[k],
                "suspended": clocks.suspended[k],
                "decisions": clocks.decisions[k],
                "early": bool(clocks.is_early[k]),
                "stray": clocks.stray[k],
            } == own
