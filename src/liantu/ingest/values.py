"""Cells of one column, read as the type of that column: a whole column at a time.

Text from CSV and typed cells from Parquet or Excel come the same way: a type that holds the
wanted one exactly is cast, anything else is read from its text. 万, 亿, percent signs and other
ways of writing would be made plain here, before ``_READERS`` sees the text.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.ingest.dates import dates, times
from liantu.locale import translated
from liantu.schema import Column, Type

_INTEGER = r"^[+-]?[0-9]{1,18}(\.0*)?$"
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_NOT_FINITE = r"(?i)^[+-]?(nan|inf|infinity)$"
_NOT_TEXT = "[\\x00\\x{FFFE}\\x{FFFF}]"
_BLANKS_AROUND = r"\s*[;\x{FF1B}]\s*"
_BOOLEANS = {"true": 1, "yes": 1, "是": 1, "1": 1, "1.0": 1}
_BOOLEANS |= {"false": 0, "no": 0, "否": 0, "0": 0, "0.0": 0}


@dataclass(frozen=True, slots=True)
class Parsed:
    """The values of a column, null where a cell is blank or bad, and which cells are bad.

    ``faults`` maps a code to a boolean mask, true where the cell has that fault.
    """

    values: pa.Array
    faults: dict[str, pa.Array]


def parsed(entry: Column, cells: pa.Array) -> Parsed:
    """The cells as values of the column, with every cell that cannot be one."""
    typed = _cast(entry, cells)
    if typed is not None:
        return _bounded(entry, typed, {})
    text = stripped(as_text(cells))
    if entry.choices:
        return _chosen(text, choice_words(entry))
    values, faults = _READERS[entry.type](text)
    if entry.separator and entry.type == "text":
        values = _separated(values, entry.separator)
    return _bounded(entry, values, faults)


def as_text(cells: pa.Array) -> pa.Array:
    """The cells as one would type them: 2024 for 2024.0, true, 2024-05-31."""
    if pa.types.is_string(cells.type):
        return cells
    if pa.types.is_nested(cells.type) or pa.types.is_binary(cells.type):
        return pa.array([None if item is None else str(item) for item in cells.to_pylist()])
    return cells.cast(pa.string())


def stripped(text: pa.Array) -> pa.Array:
    """The text without blanks around it, line breaks as one; null where none is left."""
    if pc.any(pc.match_substring(text, "\r")).as_py():
        text = pc.replace_substring_regex(text, "\r\n?", "\n")
    text = pc.utf8_trim_whitespace(text)
    blank = pc.equal(text, "")
    if not pc.any(blank).as_py():
        return text
    return pc.if_else(blank, pa.scalar(None, pa.string()), text)


@cache
def choice_words(entry: Column) -> dict[str, str]:
    """Every accepted way to write a choice, in lower case, with the choice it means."""
    chinese = {translated(choice, "zh").casefold(): choice for choice in entry.choices}
    return chinese | {choice.casefold(): choice for choice in entry.choices}


def _cast(entry: Column, cells: pa.Array) -> pa.Array | None:
    """The cells in the type of the column, where their own type holds it exactly; else None."""
    if pa.types.is_null(cells.type):
        return pa.nulls(len(cells), entry.arrow)
    holds: dict[Type, Callable[[pa.DataType], bool]] = {
        "text": lambda _: False,
        "integer": _is_number,
        "number": _is_number,
        "boolean": pa.types.is_boolean,
        "date": pa.types.is_date,
        "time": lambda kind: pa.types.is_date(kind) or _is_local_time(kind),
    }
    if not holds[entry.type](cells.type):
        return None
    try:
        return cells.cast(entry.arrow)
    except pa.ArrowInvalid:
        return None


def _is_number(kind: pa.DataType) -> bool:
    tests = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    return any(test(kind) for test in tests)


def _is_local_time(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind)) and kind.tz is None


def _bounded(entry: Column, values: pa.Array, faults: dict[str, pa.Array]) -> Parsed:
    """The values without those that are infinite or out of bounds, which become faults."""
    if entry.type == "number" and not pc.all(pc.is_finite(values)).as_py():
        _add(faults, "not-finite", pc.invert(pc.is_finite(values)))
        values = _without(values, faults["not-finite"])
    limits = [
        (pc.less, entry.minimum, "out-of-bounds"),
        (pc.greater, entry.maximum, "out-of-bounds"),
        (pc.less_equal, entry.above, "out-of-bounds"),
    ]
    if entry.type in ("date", "time"):  # Arrow counts on, but nothing else could read the day
        limits = [
            (pc.less, _day(dt.date.min.toordinal(), entry), "wrong-type"),
            (pc.greater_equal, _day(dt.date.max.toordinal() + 1, entry), "wrong-type"),
        ]
    for compare, limit, code in limits:
        if limit is None:
            continue
        beyond = compare(values, limit)
        if pc.any(beyond).as_py():
            _add(faults, code, beyond)
            values = _without(values, faults[code])
    return Parsed(values, faults)


def _day(ordinal: int, entry: Column) -> pa.Scalar:
    """The day of a number counted from the year 1, in the type of the column."""
    since_1970 = ordinal - dt.date(1970, 1, 1).toordinal()
    return pa.scalar(since_1970, pa.int32()).cast(pa.date32()).cast(entry.arrow)


def _add(faults: dict[str, pa.Array], code: str, mask: pa.Array) -> None:
    """Put more cells to those that have a fault; where the mask is null there is none."""
    mask = pc.fill_null(mask, fill_value=False)
    faults[code] = pc.or_(faults[code], mask) if code in faults else mask


def _chosen(text: pa.Array, words: dict[str, str]) -> Parsed:
    met = pc.dictionary_encode(text)
    meant = [words.get(word.casefold()) for word in met.dictionary.to_pylist()]
    values = pa.array(meant, pa.string()).take(met.indices)
    return Parsed(values, _faults("unknown-choice", text, values))


def _text(text: pa.Array) -> tuple[pa.Array, dict[str, pa.Array]]:
    bad = pc.match_substring_regex(text, _NOT_TEXT)
    if not pc.any(bad).as_py():
        return text, {}
    values = _without(text, pc.fill_null(bad, fill_value=False))
    return values, _faults("wrong-type", text, values)


def _integers(text: pa.Array) -> tuple[pa.Array, dict[str, pa.Array]]:
    if pc.all(pc.match_substring_regex(text, "^-?[0-9]+$")).as_py():
        try:
            return text.cast(pa.int64()), {}
        except pa.ArrowInvalid:
            pass
    whole = _where(pc.match_substring_regex(text, _INTEGER), text)
    values = pc.replace_substring_regex(whole, r"^\+|\.0*$", "").cast(pa.int64())
    return values, _faults("wrong-type", text, values)


def _numbers(text: pa.Array) -> tuple[pa.Array, dict[str, pa.Array]]:
    try:
        return text.cast(pa.float64()), {}
    except pa.ArrowInvalid:
        pass
    strange = pc.fill_null(pc.match_substring_regex(text, _NOT_FINITE), fill_value=False)
    values = _where(pc.match_substring_regex(text, _NUMBER), text).cast(pa.float64())
    wrong = pc.and_not(_lost(text, values), strange)
    return values, {"wrong-type": wrong, "not-finite": strange}


def _booleans(text: pa.Array) -> tuple[pa.Array, dict[str, pa.Array]]:
    met = pc.dictionary_encode(text)
    meant = [_BOOLEANS.get(word.casefold()) for word in met.dictionary.to_pylist()]
    values = pa.array(meant, pa.int8()).take(met.indices).cast(pa.bool_())
    return values, _faults("wrong-type", text, values)


def _dates(text: pa.Array) -> tuple[pa.Array, dict[str, pa.Array]]:
    values = dates(text)
    return values, _faults("wrong-type", text, values)


def _times(text: pa.Array) -> tuple[pa.Array, dict[str, pa.Array]]:
    values = times(text)
    return values, _faults("wrong-type", text, values)


_READERS: dict[Type, Callable[[pa.Array], tuple[pa.Array, dict[str, pa.Array]]]] = {
    "text": _text,
    "integer": _integers,
    "number": _numbers,
    "boolean": _booleans,
    "date": _dates,
    "time": _times,
}


def _separated(text: pa.Array, separator: str) -> pa.Array:
    """Several references in a cell, parted by the separator alone: ``a ; b;`` is ``a;b``."""
    met = pc.dictionary_encode(text)
    even = pc.replace_substring_regex(met.dictionary, _BLANKS_AROUND, separator)
    even = pc.utf8_trim(even, separator)
    even = pc.if_else(pc.equal(even, ""), pa.scalar(None, pa.string()), even)
    return even.take(met.indices)


def _faults(code: str, text: pa.Array, values: pa.Array) -> dict[str, pa.Array]:
    lost = _lost(text, values)
    return {code: lost} if pc.any(lost).as_py() else {}


def _lost(text: pa.Array, values: pa.Array) -> pa.Array:
    """Where there was text but no value came of it."""
    if text.null_count == values.null_count:
        return pa.array(np.zeros(len(text), dtype=bool))
    return pc.and_(pc.is_valid(text), pc.is_null(values))


def _where(mask: pa.Array, values: pa.Array) -> pa.Array:
    """The values where the mask holds, null elsewhere."""
    return pc.if_else(
        pc.fill_null(mask, fill_value=False), values, pa.scalar(None, values.type)
    )


def _without(values: pa.Array, mask: pa.Array) -> pa.Array:
    """The values where the mask does not hold, null elsewhere."""
    return pc.if_else(mask, pa.scalar(None, values.type), values)
