"""Numbers as people write them: 1,234.5, 1.2万, 3亿元, 12.5%, (1,234), ¥500, and full width.

A word is read exactly, in decimal, and says in which unit it is if it does. What is about a
number, or could be two, is not one: its fault says why.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from liantu.ingest.contents.plain_text import half_width, is_blank_word
from liantu.ingest.headings.currencies import SHARED_SIGNS, code_of

Fault = Literal[
    "", "wrong-type", "not-finite", "inexact-value", "ambiguous-value", "blank-word"
]

_SCALES = {"万亿": 12, "千亿": 11, "百亿": 10, "十亿": 9, "亿": 8, "千万": 7, "百万": 6}
_SCALES |= {"十万": 5, "万": 4, "千": 3, "百": 2, "": 0}
_PLAIN = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_GROUPED = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?)"
_WORD = re.compile(
    rf"(?P<before>[+-]?)\s*(?P<sign>[¥$€£]|us\$|hk\$|人民币|rmb|cny|usd|eur|jpy|hkd)?\s*"
    rf"(?P<after>[+-]?)(?P<digits>{_GROUPED}|{_PLAIN})(?P<power>e[+-]?[0-9]{{1,4}})?\s*"
    rf"(?P<scale>{'|'.join(filter(None, _SCALES))}|)(?P<unit>.{{0,16}})",
    re.DOTALL,
)
_TWO_SCALES = re.compile(r"([+-]?)([0-9]+)亿([0-9]{1,4})万(.{0,16})", re.DOTALL)
_LETTER = re.compile(r"[+-]?[0-9.,]+[a-z]")
_UNIT = re.compile(r"[^\W\d_][^\d(),;=<>~+]*|[%‰°]|[¥$€£]")
_NUMBER = rf"(?:{_GROUPED}|{_PLAIN})\s*(?:[%‰万亿千百]|[kmb](?![a-z]))?"
_ABOUT = re.compile(
    rf"(?:约|大约|近|将近|超|超过|逾|不足|不到|不少于|不超过|大于|小于|高于|低于|至少|至多|>=?|<=?|[≥≤≈~±]|"
    rf"about|approx\.?|approximately|ca\.?|circa|over|under|nearly)\s*{_NUMBER}.*|"
    rf"{_NUMBER}\s*(?:\+|左右|上下|以上|以下|以内|余|多|有余|不到).*|"
    rf"{_NUMBER}\s*(?:-|~|–|—|至|到|to)\s*{_NUMBER}[^0-9.-]*",  # noqa: RUF001 - dashes people write
    re.DOTALL,
)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)")
_MAY_BE_TWO = re.compile(rf"[+-]?{_PLAIN}\s*(兆|k|m|mn|mm|b|bn)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a word says: a number in its unit, or why it is none.

    ``unit`` is the unit, or the sign of a currency, as it stands in lower case and half width,
    ``""`` where the word names none; ``power`` is the power of ten of 万 or 亿.
    """

    value: Decimal | None = None
    fault: Fault = ""
    unit: str = ""
    power: int = 0


@lru_cache(maxsize=65_536)
def reading(word: str) -> Reading:
    """The number that a word says, exactly, with its unit; or the fault that it has."""
    plain = half_width(word).casefold().removeprefix("'").strip()
    if is_blank_word(plain):
        return Reading(fault="blank-word")
    if _NOT_FINITE.fullmatch(plain):
        return Reading(fault="not-finite")
    if plain.startswith("(") and plain.endswith(")"):
        inner = _signed(plain[1:-1].strip())
        if inner.value is not None and plain[1:].lstrip()[:1] not in ("-", "+"):
            return Reading(inner.value.copy_negate(), "", inner.unit, inner.power)
        return Reading(fault="wrong-type")
    found = _signed(plain)
    if found.value is None and _ABOUT.fullmatch(plain):
        return Reading(fault="inexact-value")
    return found


def _signed(plain: str) -> Reading:
    """The number of a word that is not in brackets."""
    if _MAY_BE_TWO.fullmatch(plain):
        return Reading(fault="ambiguous-value")
    both = _TWO_SCALES.fullmatch(plain)
    if both and (not both[4] or _is_unit(both[4])):
        digits = f"{both[1]}{both[2]}.{both[3]:0>4}"
        return Reading(Decimal(f"{digits}e8"), "", both[4].strip(), 8)
    met = _WORD.fullmatch(plain)
    if met is None or _LETTER.fullmatch(plain) or (met["before"] and met["after"]):
        return Reading(fault="wrong-type")
    tail, sign = met["unit"].strip(), met["sign"] or ""
    if (tail and not _is_unit(tail)) or (met["power"] and (met["scale"] or tail)):
        return Reading(fault="wrong-type")
    if tail and sign and not _agree(sign, tail):
        return Reading(fault="wrong-type")
    scale = _SCALES[met["scale"]]
    power = int((met["power"] or "e0")[1:]) + scale
    digits = met["before"] + met["after"] + met["digits"].replace(",", "")
    return Reading(Decimal(f"{digits}e{power}"), "", tail or sign, scale)


def _agree(sign: str, tail: str) -> bool:
    """Whether a sign before a number and a word after it can be the same currency."""
    return code_of(tail) in SHARED_SIGNS.get(sign, (code_of(sign),))


def _is_unit(tail: str) -> bool:
    return _UNIT.fullmatch(tail.strip()) is not None and not _starts_like_scale(tail.strip())


def _starts_like_scale(tail: str) -> bool:
    """Whether what follows is more of a number (万, 十, 多) and not a unit."""
    return tail[0] in "万亿千百十多余几数"
