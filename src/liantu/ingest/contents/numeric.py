"""Columns of numbers: those written plainly at once, and each other way of writing once."""

import re
from collections.abc import Callable
from decimal import Context, Decimal
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from liantu.ingest.contents.chinese_days import in_digits
from liantu.ingest.contents.dates import year_of
from liantu.ingest.contents.number_words import reading
from liantu.ingest.contents.outcome import Outcome, Word, lost, mended, where
from liantu.ingest.contents.plain_text import half_width, holds
from liantu.ingest.headings.units import unit_of
from liantu.schema import Column

_INTEGER = r"^[+-]?[0-9]{1,18}(\.0*)?$"
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_DIGITS = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$"
_GROUPED = r"^[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?$"
_POWER = re.compile(r".*[0-9.]e[+-]?[0-9]+", re.IGNORECASE)
_FISCAL_YEAR = re.compile(r"fy\s*([0-9]{4})", re.IGNORECASE)
_LARGEST = 10**18
_EXACT = Context(prec=1_000)
_YEARS = frozenset({"年", "年度", "年份"})
_SHARES = {"%": -2, "‰": -3}


def numbers(text: pa.Array, entry: Column, factor: float = 1.0) -> Outcome:
    """Finite and infinite numbers, in the unit of the column.

    Parameters
    ----------
    text : (n,) string, stripped
    entry
        The column.
    factor
        What a number that names no unit is multiplied by.

    Returns
    -------
    Outcome, values (n,) float64
    """
    power = _power_of_ten(factor)
    if factor == 1.0:
        try:
            return Outcome(text.cast(pa.float64()))
        except pa.ArrowInvalid:
            pass
    scale = partial(_scaled, factor=factor, power=power)
    shape = _NUMBER if factor == 1.0 else _DIGITS
    values = scale(where(pc.match_substring_regex(text, shape), text))
    values = _with_grouped(text, values, scale)
    return mended(text, values, partial(_word, entry=entry, factor=factor))


def integers(text: pa.Array, entry: Column, factor: float = 1.0) -> Outcome:
    """Whole numbers, exact, in the unit of the column; parameters as for ``numbers``.

    Returns
    -------
    Outcome, values (n,) int64
    """
    if factor != 1.0:
        none = pa.nulls(len(text), pa.int64())
        return mended(text, none, partial(_word, entry=entry, factor=factor))
    if pc.all(pc.match_substring_regex(text, "^-?[0-9]+$")).as_py():
        try:
            return Outcome(text.cast(pa.int64()))
        except pa.ArrowInvalid:
            pass
    values = _whole(where(pc.match_substring_regex(text, _INTEGER), text))
    values = _with_grouped(text, values, _whole)
    return mended(text, values, partial(_word, entry=entry, factor=factor))


def _with_grouped(
    text: pa.Array, values: pa.Array, read: Callable[[pa.Array], pa.Array]
) -> pa.Array:
    """The values, and those of numbers with thousands separators."""
    if not holds(text, b","):
        return values
    grouped = where(pc.match_substring_regex(where(lost(text, values), text), _GROUPED), text)
    digits = pc.replace_substring(grouped, ",", "")
    if values.type == pa.int64():
        digits = where(pc.match_substring_regex(digits, _INTEGER), digits)
    return pc.coalesce(values, read(digits))


def _whole(digits: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(digits, r"^\+|\.0*$", "").cast(pa.int64())


def _scaled(digits: pa.Array, *, factor: float, power: int | None) -> pa.Array:
    """The numbers times the factor; a power of ten is put to the digits, and so is exact."""
    if factor == 1.0:
        return digits.cast(pa.float64())
    if power is None:
        return pc.multiply(digits.cast(pa.float64()), factor)
    ten = pa.scalar(f"e{power}", pa.string())
    return pc.binary_join_element_wise(digits, ten, "").cast(pa.float64())


def _power_of_ten(factor: float) -> int | None:
    """The power, if the factor is one of ten."""
    written = f"{Decimal(repr(factor)).normalize():e}"
    mantissa, power = written.split("e")
    return int(power) if mantissa == "1" else None


def _word(word: str, *, entry: Column, factor: float) -> Word:
    """What a word says in the column: a number in its unit, or the fault it has there."""
    if year := _year(word, entry):
        return Word(year)
    found = reading(in_digits(word) if entry.unit == "year" else word)
    if found.value is None:
        is_odd = entry.type == "integer" and found.fault == "not-finite"
        return Word(fault="wrong-type" if is_odd else found.fault)
    value, unit = found.value, found.unit
    if unit and entry.unit:
        shift = _shift(unit, entry.unit)
        if shift is None:
            return Word(fault="wrong-unit")
        value, unit = _times_ten(value, shift), ""
    elif not unit and factor != 1.0:
        if found.power:
            return Word(fault="ambiguous-value")
        power = _power_of_ten(factor)
        value = Decimal(float(value) * factor) if power is None else _times_ten(value, power)
    if entry.type == "integer":
        return _integer(word, value, unit)
    return Word(float(value), "", unit)


def _year(word: str, entry: Column) -> int | None:
    """The year of words such as FY2024, and of a day or month where one may stand."""
    if entry.unit != "year":
        return None
    if fiscal := _FISCAL_YEAR.fullmatch(half_width(word)):
        return int(fiscal[1])
    return year_of(word) if is_event(entry) else None


def is_event(entry: Column) -> bool:
    """Whether a column holds years of events, such as a founding, of which a day may be known.

    A year in a key tells the figures of one year from those of another: a month is no year.
    """
    return entry.unit == "year" and not entry.key and entry.type == "integer"


def _shift(unit: str, declared: str) -> int | None:
    """The power of ten between the units of a cell and its column; None if they differ."""
    if declared == "share":
        return _SHARES.get(unit)
    if declared == "year":
        return 0 if unit in _YEARS else None
    own, wanted = unit_of(unit), unit_of(declared)
    return 0 if own and wanted and own.is_same(wanted) else None


def _times_ten(value: Decimal, power: int) -> Decimal:
    return value.scaleb(power, _EXACT)


def _integer(word: str, value: Decimal, unit: str) -> Word:
    if _POWER.fullmatch(half_width(word)) or abs(value) >= _LARGEST or value % 1:
        return Word(fault="wrong-type")
    return Word(int(value), "", unit)
