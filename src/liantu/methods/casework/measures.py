"""What the cases amount to: promises kept, medians against three bases, the share decided."""

import math
from collections.abc import Iterator
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.methods.casework.clocks import Cases, Numbers, Truths
from liantu.result import Entry, Sentence, say

BASES = {
    "statutory": say("Median below the statutory limit"),
    "promised": say("Median below the promise"),
    "baseline": say("Median below the baseline year"),
}
_POINTS = 200


def base_days(items: pa.Table, name: str) -> Numbers:
    """The base of each item in working days; NaN where it is not on record or 0."""
    base = items[f"{name}_days"].to_numpy().astype(float)
    return np.where(base > 0, base, np.nan)


def kept(cases: Cases, limit: Numbers) -> tuple[Truths, Truths, Truths]:
    """Cases within the limit of their item, those past it, and open ones that may be either."""
    bound = np.append(limit, np.nan)[cases.item]
    is_past, is_within = cases.days > bound, cases.days <= bound
    return is_within & cases.is_decided, is_past, is_within & cases.is_open


def share(part: Numbers, whole: Numbers) -> Numbers:
    """Part of the whole; NaN where there is none."""
    none = np.full(np.shape(whole), np.nan)
    return np.asarray(np.divide(part, whole, out=none, where=whole > 0))


def summary(items: pa.Table, cases: Cases) -> Iterator[Entry]:
    """Over all cases: how many, promises kept, quantiles, the three bases, rework."""
    from liantu.kernels.kaplan_meier import survival  # noqa: PLC0415

    n, made_up = (
        items.num_rows,
        int(pc.sum(pc.equal(items["evidence"], "synthetic")).as_py() or 0),
    )
    yield Entry("items", say("Service items on record"), n or None, synthetic=made_up)
    total, open_cases = len(cases.days), int(cases.is_open.sum())
    of = partial(
        Entry, base=say("of {n:count} cases", n=total), synthetic=int(cases.is_made_up.sum())
    )
    yield of("cases", say("Cases accepted"), total, base=None)
    yield of("open_cases", say("Open cases"), open_cases)
    for name, base, title, is_headline in (
        ("on_time_share", "promised", say("Cases that kept the promise"), True),
        ("statutory_share", "statutory", say("Cases that kept the statutory limit"), False),
    ):
        limit = items[f"{base}_days"].to_numpy().astype(float)
        yield _kept_part(cases, limit, name, title, is_headline=is_headline)
    lasting = survival(cases.days.astype(float), cases.is_decided)
    for name, part, title in (
        ("p50_days", 0.5, say("Half of the cases decided within")),
        ("p90_days", 0.9, say("Nine tenths of the cases decided within")),
    ):
        yield of(
            name,
            title,
            _number(lasting.quantile(part)[0]),
            "working days",
            unknown=open_cases,
            low=_number(_quantile(cases.days, part)),
            high=_number(_quantile(np.where(cases.is_open, np.inf, cases.days), part)),
        )
    for name, title in BASES.items():
        yield _below(cases, base_days(items, name), f"vs_{name}", title)
    decided = len(cases.days) - open_cases
    rework = int((cases.is_rework & cases.is_decided).sum())
    yield of(
        "rework_share",
        say("Decided cases that had been decided before"),
        rework / decided if decided else None,
        "share",
        base=say("of {n:count} decided cases", n=decided),
    )
    still, running = (
        int(part[cases.is_decided].sum()) for part in (cases.suspended, cases.days)
    )
    yield of(
        "suspended_share",
        say("Working days in which the clock stood still"),
        still / (still + running) if still + running else None,
        "share",
        base=say("of {n:count} working days of decided cases", n=still + running),
    )


def _kept_part(
    cases: Cases, limit: Numbers, name: str, title: Sentence, *, is_headline: bool
) -> Entry:
    """The share that kept a limit, and what it would be if every open case broke or kept it."""
    within, past, either = (int(part.sum()) for part in kept(cases, limit))
    known, total = within + past, within + past + either
    concerned = ~np.isnan(np.append(limit, np.nan)[cases.item])
    return Entry(
        name,
        title,
        within / known if known else None,
        "share",
        say("of {n:count} cases that are decided, or open past the limit", n=known),
        unknown=either,
        synthetic=int((cases.is_made_up & concerned).sum()),
        low=within / total if known else None,
        high=(within + either) / total if known else None,
        headline=is_headline and known > 0,
    )


def _below(cases: Cases, base: Numbers, name: str, title: Sentence) -> Entry:
    """How far the median of days over the base of each case's item is below 1.

    Low and high: if no open case were ever decided, or each on the last day.
    """
    from liantu.kernels.kaplan_meier import survival  # noqa: PLC0415

    part = cases.days / np.append(base, np.nan)[cases.item]
    has_base = ~np.isnan(part)
    part, is_open = part[has_base], cases.is_open[has_base]
    middle = 1 - survival(part, ~is_open).quantile(0.5)[0]
    worst, best = (_quantile(np.where(is_open, end, part), 0.5) for end in (np.inf, part))
    return Entry(
        name,
        title,
        _number(middle),
        "share",
        say("of {n:count} cases of items with this base", n=len(part)),
        unknown=int(is_open.sum()),
        synthetic=int(cases.is_made_up[has_base].sum()),
        low=_number(1 - worst),
        high=_number(1 - best),
    )


def _quantile(values: Numbers, part: float) -> float:
    """The least value that ``part`` of them do not exceed."""
    if not len(values):
        return math.nan
    return float(np.sort(values)[math.ceil(part * len(values) - 1e-9) - 1])


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def curve(items: pa.Table, cases: Cases) -> pa.Table:
    """The share decided by working days, or by multiples of the promise for several items."""
    from liantu.kernels.kaplan_meier import survival  # noqa: PLC0415

    is_one = len(np.unique(cases.item)) == 1
    base = np.ones(items.num_rows) if is_one else base_days(items, "promised")
    part = cases.days / np.append(base, np.nan)[cases.item]
    known = ~np.isnan(part)
    found = survival(part[known], cases.is_decided[known])
    far = _quantile(part[known], 0.99)
    far = 0 if math.isnan(far) else max(far, 1.2)
    x = np.linspace(0, far, _POINTS + 1)
    if is_one:  # whole days, and no more of them than there are points
        x = np.unique(np.round(np.linspace(0, math.ceil(far), _POINTS + 1)))
    elif len(found.time):  # a jump at the promise is drawn where it is
        x = np.union1d(x, 1.0)
    lasting = np.append(1.0, found.lasting)[np.searchsorted(found.time, x, side="right")]
    return pa.table({"x": x, "share": 1 - lasting})
