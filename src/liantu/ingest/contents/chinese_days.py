"""Days in Chinese numerals, as documents write them, in digits: 二〇二四年五月三十一日."""

import re

from liantu.ingest.contents.plain_text import half_width

_ONES = "一二三四五六七八九"
# A circle is written as the ideograph zero, as the old 零, and as signs that look like it.
_DIGITS = str.maketrans("〇零○" + _ONES, "000123456789")
_UP_TO_39 = rf"[二三]?十[{_ONES}]?|[廿卅][{_ONES}]?|[{_ONES}]"
_NUMERALS = re.compile(
    rf"([〇零○{_ONES}]{{4}})\s*(年度?)(?:\s*({_UP_TO_39})\s*(月份?)"
    rf"(?:\s*({_UP_TO_39})\s*([日号]))?)?"
)


def in_digits(word: str) -> str:
    """The word in half width, and in digits where a date in Chinese numerals begins it."""
    plain = half_width(word)
    met = _NUMERALS.match(plain)
    if met is None:
        return plain
    year, named, month, of_month, day, of_day = met.groups()
    digits = year.translate(_DIGITS) + named
    for numeral, unit in ((month, of_month), (day, of_day)):
        if numeral:
            digits += f"{_count(numeral)}{unit}"
    return digits + plain[met.end() :]


def _count(numeral: str) -> int:
    """What a numeral up to 39 counts: 五 5, 十 10, 二十一 21, 廿一 21."""
    written = numeral.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = written.rpartition("十")
    first = int(tens.translate(_DIGITS)) if tens else 1
    return (10 * first if ten else 0) + int(ones.translate(_DIGITS) or 0)
