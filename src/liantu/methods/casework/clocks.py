"""What became of each case of a service: its legal clock, and which cases have none."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.result import Sentence, say

if TYPE_CHECKING:
    from liantu.kernels.working_time import Clock

Numbers = np.ndarray[Any, Any]
Truths = np.ndarray[Any, np.dtype[np.bool_]]

SUSPENDED = "suspended"
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases that have a clock, one entry each.

    Attributes
    ----------
    item : number of the service item
    days : working days on the clock, till the decision or, of an open case, the last day
    is_decided : an open case is not
    suspended : working days in which the clock stood still
    is_rework : whether it had been decided before
    is_made_up : whether it rests on synthetic rows
    """

    item: Numbers
    days: Numbers
    is_decided: Truths
    suspended: Numbers
    is_rework: Truths
    is_made_up: Truths

    @property
    def is_open(self) -> Truths:
        """Whether a case waits for its decision."""
        return ~self.is_decided

    def count(self, n_items: int, chosen: Truths | None = None) -> Numbers:
        """How many cases of each item there are, of those chosen."""
        return np.bincount(
            self.item if chosen is None else self.item[chosen], minlength=n_items
        )


@dataclass(frozen=True, slots=True)
class Steps:
    """Working days that the steps of the decided cases took.

    Attributes
    ----------
    names : (k,) activities that end a step, in the order in which they come; last, suspended
    days : (items, k) in all
    """

    names: tuple[str, ...]
    days: Numbers


@dataclass(frozen=True, slots=True)
class Casework:
    """The cases with their steps, and what was left out or odd."""

    cases: Cases
    steps: Steps
    said: tuple[Sentence, ...]


def casework(
    events: pa.Table, items: pa.Table, days: pa.Table, *, last: dt.date, year: int | None
) -> Casework:
    """The clock of every case that has one.

    Parameters
    ----------
    events : case_id, item_id, activity, time, synthetic; in any order
    items : item_id, evidence; cases of other items are left out
    days : date, working, evidence: the calendar
    last : the day on which open cases are looked at
    year : only cases accepted in it, if given
    """
    words, activity = _sorted_codes(events["activity"])
    case_ids, case = _codes(events["case_id"])
    clock = _clock(case, events, (words, activity), days, last)
    item = _numbers(
        pc.index_in(events["item_id"].combine_chunks(), items["item_id"].combine_chunks())
    )
    own, is_twofold = _items_of(case, item, len(case_ids))
    faults = (clock.is_early, is_twofold, own < 0)
    kept = clock.is_accepted & ~np.logical_or.reduce(faults)
    said = tuple(_said(case_ids, ~clock.is_accepted, *faults, clock.stray > 0))
    if year is not None:
        days_of = clock.accepted.astype("datetime64[D]")
        kept &= days_of.astype("datetime64[Y]") == np.datetime64(str(year))
    is_made_up = np.bincount(case, _truths(events["synthetic"]), len(case_ids)) > 0
    is_made_up |= np.append(_truths(pc.equal(items["evidence"], "synthetic")), False)[own]
    is_made_up |= _truths(pc.equal(days["evidence"], "synthetic")).any()
    cases = Cases(
        own[kept],
        clock.days[kept],
        clock.is_decided[kept],
        clock.suspended[kept],
        clock.decisions[kept] > 1,
        is_made_up[kept],
    )
    chosen = np.where(kept & clock.is_decided, own, -1)
    steps = _steps(clock, chosen[case], (words, activity), items.num_rows)
    return Casework(cases, steps, said)


def _clock(
    case: Numbers,
    events: pa.Table,
    done: tuple[list[str], Numbers],
    days: pa.Table,
    last: dt.date,
) -> "Clock":
    from liantu.kernels import working_time  # noqa: PLC0415 - kernels load when asked

    marks = {
        "accept": working_time.ACCEPT,
        "suspend": working_time.SUSPEND,
        "resume": working_time.RESUME,
        "decide": working_time.DECIDE,
    }
    words, activity = done
    time = events["time"].cast(pa.timestamp("us")).cast(pa.int64()).to_numpy()
    end = (last - _EPOCH).days
    spanned = (
        [end, *(time[[time.argmin(), time.argmax()]] // working_time.DAY)]
        if len(time)
        else [end]
    )
    return working_time.clock(
        case,
        time,
        activity,
        marks=np.array([marks.get(word, working_time.OTHER) for word in words], np.int64),
        last=end,
        days=working_time.calendar(
            int(min(spanned)),
            int(max(spanned)),
            named=days["date"].cast(pa.int32()).to_numpy().astype(np.int64),
            works=_truths(days["working"]),
        ),
    )


def _steps(
    clock: "Clock", item: Numbers, done: tuple[list[str], Numbers], n_items: int
) -> Steps:
    """The steps in the order of the mean time at which they end; item -1 is passed over."""
    words, activity = done
    names = (*words, SUSPENDED)
    item, activity = item[clock.order], activity[clock.order]
    kept, waited = item >= 0, clock.is_waiting
    spent = np.cumsum(clock.passed)
    since = spent - np.maximum.accumulate(np.where(clock.is_first, spent, 0))
    often = np.bincount(activity[kept], minlength=len(words))
    at = np.bincount(activity[kept], since[kept], len(words)) / np.maximum(often, 1)
    step = item * len(names) + np.where(waited, len(words), activity)
    size = n_items * len(names)
    total = np.bincount(step[kept], clock.passed[kept], size).reshape(n_items, len(names))
    order = np.append(np.argsort(at, kind="stable"), len(words))
    return Steps(tuple(names[k] for k in order), total[:, order])


def _items_of(case: Numbers, item: Numbers, n_cases: int) -> tuple[Numbers, Truths]:
    """The item of each case, -1 where it is not on record; whether its events name two."""
    least, most = np.full(n_cases, np.iinfo(np.int64).max), np.full(n_cases, -1)
    np.minimum.at(least, case, item)
    np.maximum.at(most, case, item)
    return most, least != most


def _said(case_ids: pa.Array, *faults: Truths) -> Iterator[Sentence]:
    """What is wrong with cases: how many there are, and the first by its id."""
    unaccepted, early, twofold, unknown, stray = (
        {
            "n": int(fault.sum()),
            "case": pc.min(case_ids.filter(pa.array(fault))).as_py(),
        }
        for fault in faults
    )
    if unaccepted["n"]:
        yield say(
            "{n:count} cases without an acceptance are left out, such as {case:name}.",
            **unaccepted,
        )
    if early["n"]:
        yield say(
            "{n:count} cases with a decision before the acceptance are left out, such as "
            "{case:name}.",
            **early,
        )
    if twofold["n"]:
        yield say(
            "{n:count} cases whose events name two services are left out, such as {case:name}.",
            **twofold,
        )
    if unknown["n"]:
        yield say(
            "{n:count} cases of a service that is not on record are left out, such as "
            "{case:name}.",
            **unknown,
        )
    if stray["n"]:
        yield say(
            "{n:count} cases are resumed without having been suspended, such as {case:name}: "
            "that resumption changes nothing.",
            **stray,
        )


def _codes(column: pa.ChunkedArray) -> tuple[pa.Array, Numbers]:
    """The different texts, and for each row which of them it is."""
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.dictionary, _numbers(encoded.indices)


def _sorted_codes(column: pa.ChunkedArray) -> tuple[list[str], Numbers]:
    """The same, the texts in their order."""
    words, codes = _codes(column)
    order = pc.array_sort_indices(words).to_numpy()
    return words.take(pa.array(order)).to_pylist(), np.argsort(order)[codes]


def _numbers(indices: pa.Array) -> Numbers:
    """Positions as numbers, -1 for none."""
    return np.asarray(pc.fill_null(indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def _truths(column: pa.Array | pa.ChunkedArray) -> Truths:
    return np.asarray(pc.fill_null(column, fill_value=False).to_numpy(), dtype=bool)
