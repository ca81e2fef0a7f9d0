"""Services of the city, their cases with every step, and the working calendar of two years.

Part of ``generate.py``, which says what the rows stand for: nothing real. The holidays and the
days made up for are meant to be those of the country in 2022 and 2023, but no source of theirs
is cited, so they are marked like the rest.
"""  # noqa: INP001 - a script of the example, in no package

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np

Line = tuple[str | int | float | None, ...]
Tables = dict[str, list[dict[str, str]]]
Settings = dict[str, Any]
Random = np.random.Generator


def lines(rng: Random, tables: Tables, settings: Settings) -> dict[str, list[Line]]:
    """Service items, the events of their cases, and the days that are not as usual."""
    del tables  # no row rests on what was generated before
    known = settings["services"]
    days = dict(_days(known["calendar"]))
    return {
        "service_items": [
            (key, name, office, statutory, promised, baseline, known["baseline_year"])
            for key, (name, office, statutory, promised, baseline, *_) in known["items"].items()
        ],
        "service_events": list(_events(rng, known, days)),
        "calendar_days": [
            (known["name"], day.isoformat(), "true" if works else "false")
            for day, works in sorted(days.items())
        ],
    }


def _days(calendar: Settings) -> Iterator[tuple[dt.date, bool]]:
    """Holidays, given as first and last day, and days made up for."""
    for first, last in calendar["holidays"]:
        for k in range((last - first).days + 1):
            yield first + dt.timedelta(days=k), False
    for day in calendar["made_up"]:
        yield day, True


def _events(rng: Random, known: Settings, days: dict[dt.date, bool]) -> Iterator[Line]:
    """The events of every case up to the last day of the record."""
    rows = list(known["items"].items())
    weights = np.array([row[5] for _, row in rows], dtype=float)
    first, last = known["first"], known["last"]
    working = [
        day
        for k in range((last - first).days + 200)
        if days.get(day := first + dt.timedelta(days=k), day.weekday() < 5)
    ]
    accepted = sum(day <= last for day in working)
    for number in range(1, known["cases"] + 1):
        key, (*_, promised, _, _, pace) = rows[rng.choice(len(rows), p=weights / weights.sum())]
        start = int(rng.integers(accepted))
        case = f"syn_case_{number:04d}"
        for step, (at, activity) in enumerate(
            _course(rng, float(promised), float(pace), known)
        ):
            day = working[min(start + at, len(working) - 1)]
            clock = f"{9 + step:02d}:{int(rng.integers(60)):02d}"
            if day <= last:
                yield case, key, activity, f"{day.isoformat()}T{clock}"


def _course(
    rng: Random, promised: float, pace: float, known: Settings
) -> Iterator[tuple[int, str]]:
    """What happens to a case, each at so many working days after its acceptance."""
    total = max(1, round(promised * pace * float(rng.lognormal(0.0, 0.45))))
    check = int(rng.integers(0, total))
    paused = int(rng.integers(2, 15)) if rng.random() < known["suspended"] else 0
    yield 0, "accept"
    yield check, "check documents"
    if paused:
        yield check, "suspend"
        yield check + paused, "resume"
    yield paused + (check + total + 1) // 2, "review"
    end = paused + total
    yield end, "decide"
    if rng.random() < known["rework"]:
        end += int(rng.integers(1, 6))
        yield end, "decide"
    yield end + 1, "deliver"
