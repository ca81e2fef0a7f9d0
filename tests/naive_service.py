"""Slow and obvious twins of the clock and of the Kaplan-Meier estimate."""

import datetime as dt

EPOCH = dt.date(1970, 1, 1)
ORDER = {"accept": 0, "suspend": 1, "resume": 2, "other": 3, "decide": 4}


def works(day, named):
    """Whether a date works, ``named`` being the dates that differ."""
    return named.get(day, day.weekday() < 5)


def clock(events, last, named):
    """What the clock of one case shows; ``events`` are (time, word), ``last`` a date."""
    events = sorted(events, key=lambda event: (event[0], ORDER[event[1]]))
    accepts = [time.date() for time, word in events if word == "accept"]
    if not accepts:
        return None
    begin = min(accepts)
    decides = [time.date() for time, word in events if word == "decide"]
    end = max(begin, max(decides, default=last))
    suspended, stray, opened = set(), 0, []
    for time, word in events:
        if word == "suspend":
            opened.append(time.date())
        elif word == "resume" and opened:
            # Which of those that are open it closes makes no difference to their union.
            suspended |= between(opened.pop(), time.date())
        elif word == "resume":
            stray += 1
    for start in opened:
        suspended |= between(start, end)
    span = {day for day in between(begin, end) if works(day, named)}
    late = [day for day in decides if day >= begin]
    return {
        "decided": bool(late),
        "days": len(span - suspended),
        "suspended": len(span & suspended),
        "decisions": len(late),
        "early": len(late) < len(decides),
        "stray": stray,
    }


def between(start, end):
    """The dates in (start, end]."""
    return {start + dt.timedelta(days=k) for k in range(1, (end - start).days + 1)}


def survival(cases):
    """{time: share lasting beyond it}; ``cases`` are (time, whether it ended)."""
    share, found = 1.0, {}
    for time in sorted({time for time, _ in cases}):
        under_way = sum(other >= time for other, _ in cases)
        ended = sum(other == time and is_ended for other, is_ended in cases)
        share *= 1 - ended / under_way
        found[time] = share
    return found
