"""Dates and times as people write them, a column at a time.

What is written with the year first (2024-05-31, 2024/5/31, 2024年5月31日) is read at once;
other ways word by word, each distinct word once. What may be two days is none: 5/6/2024.
"""

import datetime as dt
import re
from calendar import monthrange

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.ingest.contents.chinese_days import in_digits
from liantu.ingest.contents.outcome import BLANK_WORD, Outcome, Word, mended
from liantu.ingest.contents.plain_text import half_width, is_blank_word

_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MIDNIGHT = r"([ T]00:00(:00(\.0+)?)?)?$"
_CLOCK = r"([ T]([01][0-9]|2[0-3])(:[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?)?)?$"
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_YEAR_FIRST = (
    r"^([0-9]{4})(?:年([0-9]{1,2})月([0-9]{1,2})[日号]|/([0-9]{1,2})/([0-9]{1,2})"
    r"|\.([0-9]{1,2})\.([0-9]{1,2})|-([0-9]{1,2})-([0-9]{1,2}))"
)
_PADDING = (
    (_YEAR_FIRST, r"\1-\2\4\6\8-\3\5\7\9"),
    (r"^([0-9]{4})-([0-9])-", r"\1-0\2-"),
    (r"^([0-9]{4}-[0-9]{2})-([0-9])($|[^0-9])", r"\1-0\2\3"),
    (r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]:)", r"\1 0\2"),
)
# A day's number counts from 30 December 1899: outside this range it would rather be a year.
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 99_999
_SERIAL_ZERO = np.datetime64("1899-12-30", "us")

_CALENDAR = re.compile(
    r"([0-9]{4})\s*(?:年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]"
    r"|([-/.])\s*([0-9]{1,2})\s*\4\s*([0-9]{1,2})|([0-9]{2})([0-9]{2}))"
)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
_PART = re.compile(
    r"([0-9]{4})\s*(?:年度?|(?:年\s*([0-9]{1,2})\s*月份?|[-/.]([0-9]{1,2})))?(?:\s*[-~—至]\s*"
    r"([0-9]{4})年?)?"
)
_NUMBER = re.compile(r"[0-9]+\.?[0-9]*")
_MIDNIGHT_WORD = re.compile(r"[ T]0?0:00(:00)?$")
_HALF_DAYS = {
    "凌晨": range(6), "早上": range(4, 12), "上午": range(12), "am": range(1, 13),
    "中午": range(11, 14), "下午": range(1, 7), "晚上": range(5, 12), "pm": range(1, 13),
}  # fmt: skip
_LATE = ("下午", "晚上", "pm")
_TIME = re.compile(
    r"(凌晨|早上|上午|中午|下午|晚上)?\s*([0-9]{1,2})\s*(?:[:时点]\s*(?:([0-9]{1,2})\s*"
    r"(?:[:分]\s*(?:([0-9]{1,2}(?:\.[0-9]{1,6})?)\s*秒?)?)?|(半)|整)?)\s*(am|pm)?"
)


def days(text: pa.Array) -> Outcome:
    """Days, also where the first minute of the day follows; what may be two is ambiguous.

    Parameters
    ----------
    text : (n,) string, stripped

    Returns
    -------
    Outcome, values (n,) date32
    """
    try:
        return Outcome(text.cast(pa.date32()))
    except pa.ArrowInvalid:
        day = pc.utf8_slice_codeunits(_in_calendar(_padded(text), _DATE + _MIDNIGHT), 0, 10)
        return mended(text, day.cast(pa.date32()), _day_word)


def times(text: pa.Array) -> Outcome:
    """Times from ``2024-05-31T14:30:05.25``; without a clock time, the start of the day.

    A time zone is not read: times are local, and a zone that is passed over would move them.

    Parameters
    ----------
    text : (n,) string

    Returns
    -------
    Outcome, values (n,) timestamp[us]
    """
    try:
        return Outcome(text.cast(pa.timestamp("us")))
    except pa.ArrowInvalid:
        moment = _in_calendar(_padded(text), _DATE + _CLOCK).cast(pa.timestamp("us"))
        return mended(text, moment, _time_word)


def partial_days(text: pa.Array) -> Outcome:
    """Dates as precisely as they are known: 2021, 2021-11, 2021-11-05, or years 2006-2014.

    Returns
    -------
    Outcome, values (n,) string
    """
    return mended(text, pa.nulls(len(text), pa.string()), _partial_word)


def from_serials(cells: pa.Array, kind: str) -> pa.Array:
    """Numbers of cells in a column of dates, as text: Excel's numbers of days become days.

    Other numbers stay as they are, so that 20240531 is read and 2024 is not.

    Parameters
    ----------
    cells : (n,) number
    kind
        ``date`` or ``time``; a time has a part of a day.

    Returns
    -------
    (n,) string
    """
    numbers = cells.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    is_serial = (numbers >= _FIRST_SERIAL) & (numbers < _LAST_SERIAL + 1)
    if kind == "date":
        is_serial &= numbers == np.floor(numbers)
    seconds = np.round(np.where(is_serial, numbers, 0) * 86_400).astype("timedelta64[s]")
    moments = pa.array(_SERIAL_ZERO + seconds, mask=~is_serial).cast(pa.string())
    whole = np.nan_to_num(numbers).astype(np.int64)
    rest = pa.array(whole, mask=np.isnan(numbers) | (whole != numbers)).cast(pa.string())
    return pc.coalesce(moments, rest, cells.cast(pa.string()))


def meant(word: str) -> tuple[dt.date, ...]:
    """Every day that a word may mean, none where it is no day."""
    plain = in_digits(word)
    if first := _CALENDAR.fullmatch(plain):
        year, month, day = (int(part) for part in first.groups() if part and part.isdigit())
        return _existing((year, month, day))
    if last := _YEAR_LAST.fullmatch(plain):
        one, other, year = int(last[1]), int(last[3]), int(last[4])
        return tuple(dict.fromkeys(_existing((year, one, other), (year, other, one))))
    return ()


def serial_day(word: str) -> dt.date | None:
    """The day that Excel would show for a number in text, if it can be one."""
    plain = half_width(word)
    if re.fullmatch(r"[1-9][0-9]{4}", plain) is None:
        return None
    return dt.date(1899, 12, 30) + dt.timedelta(days=int(plain))


def span(word: str) -> tuple[str, str] | None:
    """First and last day of a year or month, where a word names no more than that."""
    part = _PART.fullmatch(in_digits(word))
    if part is None or part[4] or part[1] == "0000":
        return None
    month = part[2] or part[3]
    if month is None:
        return f"{part[1]}-01-01", f"{part[1]}-12-31"
    if not 1 <= int(month) <= 12:
        return None
    last = monthrange(int(part[1]), int(month))[1]
    start = f"{part[1]}-{int(month):02d}"
    return f"{start}-01", f"{start}-{last}"


def year_of(word: str) -> int | None:
    """The year of a day or month, also of one that may be two days of one year.

    2024.5 is a number, and no month.
    """
    plain = _MIDNIGHT_WORD.sub("", in_digits(word))
    if _NUMBER.fullmatch(plain):
        return None
    years = {day.year for day in meant(plain)}
    if not years and (known := span(plain)):
        years = {int(known[0][:4])}
    return years.pop() if len(years) == 1 else None


def _existing(*parts: tuple[int, int, int]) -> tuple[dt.date, ...]:
    found = []
    for year, month, day in parts:
        try:
            found.append(dt.date(year, month, day))
        except ValueError:
            continue
    return tuple(found)


def _day_word(word: str) -> Word:
    if is_blank_word(word):
        return Word(fault=BLANK_WORD)
    plain = _MIDNIGHT_WORD.sub("", in_digits(word))
    found = meant(plain)
    if len(found) > 1:
        return Word(fault="ambiguous-value")
    return Word(found[0]) if found else Word(fault="wrong-type")


def _time_word(word: str) -> Word:
    if is_blank_word(word):
        return Word(fault=BLANK_WORD)
    plain = in_digits(word)
    parts = re.match(r"[0-9]{4}年[^日号]*[日号]|[0-9./-]+", plain)
    if parts is None:
        return Word(fault="wrong-type")
    found = meant(parts[0])
    clock = _clock(plain[parts.end() :].lstrip().removeprefix("T").casefold())
    if clock is None or not found:
        return Word(fault="wrong-type")
    if len(found) > 1:
        return Word(fault="ambiguous-value")
    return Word(dt.datetime.combine(found[0], clock))


def _clock(plain: str) -> dt.time | None:
    """The time of day; of a clock with twelve hours only where it cannot be another."""
    if not plain:
        return dt.time()
    met = _TIME.fullmatch(plain)
    if met is None or (met[1] and met[6]) or not (met[6] or re.search(r"[:时点]", plain)):
        return None
    hour, half = int(met[2]), met[1] or met[6]
    minute = 30 if met[5] else int(met[3] or 0)
    if half and hour <= 12 and hour not in _HALF_DAYS[half] and (half, hour) != ("下午", 12):
        return None
    if half and hour > 12 and half not in ("下午", "晚上"):
        return None
    if hour < (12 if half in _LATE else 3 if half == "中午" else 0):
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    seconds = float(met[4] or 0)
    if hour > 23 or minute > 59 or seconds >= 60:
        return None
    micro = round((seconds % 1) * 1_000_000)
    return dt.time(hour, minute, int(seconds), min(micro, 999_999))


def _partial_word(word: str) -> Word:
    if is_blank_word(word):
        return Word(fault=BLANK_WORD)
    found = meant(word)
    if len(found) > 1:
        return Word(fault="ambiguous-value")
    if found:
        return Word(found[0].isoformat())
    part = _PART.fullmatch(in_digits(word))
    if part is not None and part[4]:
        years = part[2] is None and part[3] is None and part[1] < part[4]
        return Word(f"{part[1]}-{part[4]}") if years else Word(fault="wrong-type")
    known = span(word)
    if known is None:
        return Word(fault="wrong-type")
    year_only = part is not None and not (part[2] or part[3])
    return Word(known[0][:4] if year_only else known[0][:7])


def _padded(text: pa.Array) -> pa.Array:
    """Days that are written with the year first, as ISO writes them; others as they are."""
    for shape, written in _PADDING:
        text = pc.replace_substring_regex(text, shape, written)
    return text


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
