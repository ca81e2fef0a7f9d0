"""The legal clock of cases: working days from acceptance to the last decision."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Counts = np.ndarray[Any, np.dtype[np.int64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]

# What an event does to the clock; in the order that those of one instant are taken in.
ACCEPT, SUSPEND, RESUME, OTHER, DECIDE = range(5)
DAY = 86_400_000_000  # microseconds
_THURSDAY = 3  # the first of January 1970, Monday being 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """How many working days there are from ``first`` to each later day.

    Attributes
    ----------
    first : day that ``worked[0]`` is of, counted from the first of January 1970
    worked : (n,) working days from ``first`` to that day, both counted
    """

    first: int
    worked: Counts

    def until(self, day: Counts) -> Counts:
        """Working days from the first to each day, which must lie within the calendar."""
        return np.asarray(self.worked[day - self.first])


def calendar(first: int, last: int, *, named: Counts, works: Truths) -> Calendar:
    """The working days from one day to another.

    A day works if it is a Monday to Friday, unless ``named`` says otherwise.

    Parameters
    ----------
    first, last : days since the first of January 1970, ``first <= last``
    named : (k,) days that differ; those outside are passed over
    works : (k,) false for a holiday, true for a day that is made up for

    Returns
    -------
    Calendar of ``last - first + 1`` days; O(days)
    """
    working = (np.arange(first, last + 1) + _THURSDAY) % 7 < 5
    inside = (named >= first) & (named <= last)
    working[named[inside] - first] = works[inside]
    return Calendar(first, np.cumsum(working, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock of each case shows, and what passed before each event.

    Attributes
    ----------
    is_accepted, is_decided : (cases,) an open case is accepted and not decided
    accepted : (cases,) day of the first acceptance; 0 where there is none
    days : (cases,) working days in (acceptance, last decision], or in (acceptance, last day on
        record] of an open case, without those that are suspended
    suspended : (cases,) the working days between that are suspended
    decisions : (cases,) how often it was decided after acceptance
    is_early : (cases,) whether it was decided before the day of acceptance
    stray : (cases,) resumptions that nothing had suspended; they change nothing
    order : (n,) the events by case and time
    is_first : (n,) in that order: whether it is the first event of its case
    passed : (n,) in that order: working days since the event before it, within the case's span
    is_waiting : (n,) in that order: whether the clock stood still meanwhile
    """

    is_accepted: Truths
    is_decided: Truths
    accepted: Counts
    days: Counts
    suspended: Counts
    decisions: Counts
    is_early: Truths
    stray: Counts
    order: Counts
    is_first: Truths
    passed: Counts
    is_waiting: Truths


def clock(
    case: Counts, time: Counts, activity: Counts, *, marks: Counts, last: int, days: Calendar
) -> Clock:
    """The legal clock of every case.

    It runs over the working days in (acceptance, last decision]: the day of acceptance does
    not count, that of the decision does. It stands still in (suspension, resumption], as long
    as any suspension is open; one that is never resumed lasts to the end. Two suspensions need
    two resumptions. The first acceptance counts, and the last decision; earlier decisions are
    rework.

    Parameters
    ----------
    case : (n,) number of the case, from 0 without gaps
    time : (n,) microseconds since the first of January 1970, in local time
    activity : (n,) number of what was done
    marks : (activities,) ACCEPT, SUSPEND, RESUME, OTHER or DECIDE, for each activity
    last : day on which open cases are looked at; later events must not be among these
    days : must hold every day of ``time``, and ``last``

    Returns
    -------
    Clock

    Notes
    -----
    Events of one instant are taken in the order of their marks, then of their activities. One
    sort and some twenty passes: O(n log n), a quarter of a second for a million events.
    """
    order = _order(case, time, activity, marks)
    case, mark = case[order], marks[activity][order]
    day = np.floor_divide(time[order], DAY)
    n_cases = int(case[-1]) + 1 if len(case) else 0
    starts = np.searchsorted(case, np.arange(n_cases))
    accepted = _extreme(np.minimum, case, day, mark == ACCEPT, n_cases)
    decided = _extreme(np.maximum, case, day, mark == DECIDE, n_cases)
    is_accepted, has_decision = accepted < _NEVER, decided > -_NEVER
    begin = np.where(is_accepted, accepted, last)
    end = np.maximum(np.where(has_decision, decided, last), begin)
    decisions = (mark == DECIDE) & (day >= begin[case])
    is_first = np.zeros(len(case), dtype=bool)
    is_first[starts] = True
    depth, below = _open_suspensions(case, mark, starts, is_first)
    inside = days.until(np.clip(day, begin[case], end[case]))
    passed = np.diff(inside, prepend=0)
    passed[starts] = 0
    is_waiting = np.concatenate([[False], depth[:-1] > 0])[: len(case)]
    is_waiting[starts] = False
    finish = np.searchsorted(case, np.arange(n_cases), side="right") - 1
    rest = days.until(end) - inside[finish]
    still = _added(case, passed * is_waiting, n_cases) + rest * (depth[finish] > 0)
    elapsed = days.until(end) - days.until(begin)
    return Clock(
        is_accepted=is_accepted,
        is_decided=is_accepted & (_added(case, decisions, n_cases) > 0),
        accepted=np.where(is_accepted, accepted, 0),
        days=np.where(is_accepted, elapsed - still, 0),
        suspended=np.where(is_accepted, still, 0),
        decisions=np.where(is_accepted, _added(case, decisions, n_cases), 0),
        is_early=is_accepted & (_added(case, (mark == DECIDE) & ~decisions, n_cases) > 0),
        stray=_added(case, below, n_cases),
        order=order,
        is_first=is_first,
        passed=passed,
        is_waiting=is_waiting,
    )


_NEVER = 1 << 40


def _order(case: Counts, time: Counts, activity: Counts, marks: Counts) -> Counts:
    """The events by case, time, mark and activity.

    The four are packed into one number where it holds them, for one number is sorted ten times
    as fast as four: times are counted in the largest step that measures them all.
    """
    if not len(case):
        return case
    turn = np.argsort(np.argsort(marks, kind="stable"))[activity]
    since = time - time.min()
    since //= max(int(np.gcd.reduce(since)), 1)
    n_turns, n_times = len(marks), int(since.max()) + 1
    if (int(case.max()) + 1) * n_times * n_turns < 1 << 63:
        return np.argsort((case * n_times + since) * n_turns + turn, kind="stable")
    return np.lexsort((turn, since, case))


def _extreme(
    choose: np.ufunc, case: Counts, day: Counts, chosen: Truths, n_cases: int
) -> Counts:
    """The least or greatest chosen day of each case; beyond any day where none is chosen."""
    found = np.full(n_cases, _NEVER if choose is np.minimum else -_NEVER, dtype=np.int64)
    choose.at(found, case[chosen], day[chosen])
    return found


def _added(case: Counts, values: Counts | Truths, n_cases: int) -> Counts:
    return np.bincount(case, values, n_cases).astype(np.int64)


def _open_suspensions(
    case: Counts, mark: Counts, starts: Counts, is_first: Truths
) -> tuple[Counts, Truths]:
    """How many suspensions are open after each event, and which resumptions close none.

    The count never falls below zero: what a running sum would owe is forgiven when it arises.
    Cases are set so far apart that the running minimum of one does not reach into the next.
    """
    change = (mark == SUSPEND).astype(np.int64) - (mark == RESUME)
    total = np.cumsum(change)
    before = (total[starts] - change[starts])[case]
    total = total - before
    apart = case * (2 * len(case) + 2)
    owed = np.minimum(np.minimum.accumulate(total - apart) + apart, 0)
    earlier = np.where(is_first, 0, np.concatenate([[0], owed[:-1]])[: len(case)])
    return total - owed, owed < earlier
