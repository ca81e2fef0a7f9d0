"""Dates and times from ISO text, a column at a time; null where the text is neither."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MIDNIGHT = r"([ T]00:00(:00(\.0+)?)?)?$"
_CLOCK = r"([ T]([01][0-9]|2[0-3])(:[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?)?)?$"
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def dates(text: pa.Array) -> pa.Array:
    """Dates from ``2024-05-31``, also where the first minute of the day follows.

    Parameters
    ----------
    text : (n,) string

    Returns
    -------
    (n,) date32
    """
    try:
        return text.cast(pa.date32())
    except pa.ArrowInvalid:
        day = pc.utf8_slice_codeunits(_in_calendar(text, _DATE + _MIDNIGHT), 0, 10)
        return day.cast(pa.date32())


def times(text: pa.Array) -> pa.Array:
    """Times from ``2024-05-31T14:30:05.25``; without a clock time, the start of the day.

    A time zone is not read: times are local, and a zone that is passed over would move them.

    Parameters
    ----------
    text : (n,) string

    Returns
    -------
    (n,) timestamp[us]
    """
    try:
        return text.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return _in_calendar(text, _DATE + _CLOCK).cast(pa.timestamp("us"))


def _in_calendar(text: pa.Array, shape: str) -> pa.Array:
    """The text where it has the shape and names a day that exists, null elsewhere."""
    fits = pc.fill_null(pc.match_substring_regex(text, shape), fill_value=False)
    safe = pc.if_else(fits, text, "2000-01-01")
    year, month, day = (
        pc.utf8_slice_codeunits(safe, start, stop).cast(pa.int32()).to_numpy()
        for start, stop in ((0, 4), (5, 7), (8, 10))
    )
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _MONTH_DAYS[np.clip(month, 0, 12)] + (leap & (month == 2))
    exists = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= longest)
    real = pc.and_(fits, pa.array(exists))
    return pc.if_else(real, text, pa.scalar(None, pa.string()))
