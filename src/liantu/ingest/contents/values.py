"""Cells of one column, read as the type of that column: a whole column at a time.

Text from CSV and typed cells from Parquet or Excel come the same way: a type that holds the
wanted one exactly is cast, anything else is read from its text. A column that is written
plainly is cast at once; only other cells are read one by one, each distinct word once.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from liantu.ingest.contents import plain_text
from liantu.ingest.contents.dates import days, from_serials, partial_days, times
from liantu.ingest.contents.numeric import integers, numbers
from liantu.ingest.contents.outcome import Outcome, add, from_words, without
from liantu.ingest.contents.plain_text import as_text, half_width, stripped
from liantu.locale import translated
from liantu.schema import Column, Type

_NOT_TEXT = "[\\x00\\x{FFFE}\\x{FFFF}]"
_NOT_TEXT_BYTES = (b"\0", b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_BLANKS_AROUND = r"\s*[;\x{FF1B}]\s*"
_IN_A_CODE = re.compile(r"[\s_-]+")
# What Excel makes of a long code in a column of numbers, in a cell and in CSV.
_DIGITS_LOST = r"^[1-9](\.[0-9]+)?[eE]\+(1[1-9]|[2-9][0-9])$"
_TRUE = "true yes y t 是 有 对 √ ✓ ✔ ☑ 1 1.0"
_FALSE = "false no n f 否 无 没有 错 × ✗ ✘ ✕ ☐ 0 0.0"  # noqa: RUF001 - signs that people write
_BOOLEANS = dict.fromkeys(_TRUE.split(), 1) | dict.fromkeys(_FALSE.split(), 0)


@dataclass(frozen=True, slots=True)
class Parsed:
    """The values of a column, null where a cell is blank or bad, and which cells are bad.

    ``faults`` maps a code to a boolean mask, true where the cell has that fault; ``blanks`` is
    true where a word such as 暂无 was read as blank. ``units`` holds the unit that a cell names
    by itself where the column declares none: 3亿元 is in CNY. Both are None where no cell has.
    """

    values: pa.Array
    faults: dict[str, pa.Array] = field(default_factory=dict)
    blanks: pa.Array | None = None
    units: pa.Array | None = None


def parsed(entry: Column, cells: pa.Array, factor: float = 1.0) -> Parsed:
    """The cells as values of the column, with every cell that cannot be one.

    Parameters
    ----------
    entry
        The column.
    cells : (n,) text, or the type that the file declares
    factor
        What a number is multiplied by to be in the unit of the column: 10,000 under a header in
        万元. Bounds hold afterwards, and a power of ten is exact.
    """
    typed = _cast(entry, cells) if factor == 1.0 else None
    if typed is not None:
        return _bounded(entry, Outcome(typed))
    if entry.type in ("date", "time") and _is_number(cells.type):
        cells = from_serials(cells, entry.type)
    text = stripped(as_text(cells))
    if entry.choices:
        return _of(_chosen(text, entry))
    if entry.type in ("integer", "number"):
        read = integers if entry.type == "integer" else numbers
        return _bounded(entry, read(text, entry, factor))
    if entry.type == "text" and pa.types.is_floating(cells.type):
        return _of(_from_numbers(text))
    found = _READERS[entry.type](text, entry)
    return _bounded(entry, found) if entry.type != "text" else _of(found)


@cache
def choice_words(entry: Column) -> dict[str, str]:
    """Every accepted way to write a choice, plain, with the choice it means."""
    chinese = {_plain(translated(choice, "zh")): choice for choice in entry.choices}
    return chinese | {_plain(choice): choice for choice in entry.choices}


def _plain(word: str) -> str:
    """A word as choices are compared: half width, lower case, without blanks and lines."""
    return _IN_A_CODE.sub("", half_width(word).casefold())


def _of(found: Outcome) -> Parsed:
    return Parsed(found.values, found.faults, found.blanks, found.units)


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


def _bounded(entry: Column, found: Outcome) -> Parsed:
    """The values without those that are infinite or out of bounds, which become faults."""
    values, faults = found.values, found.faults
    if entry.type == "number" and not pc.all(pc.is_finite(values)).as_py():
        add(faults, "not-finite", pc.invert(pc.is_finite(values)))
        values = without(values, faults["not-finite"])
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
            add(faults, code, beyond)
            values = without(values, faults[code])
    return Parsed(values, faults, found.blanks, found.units)


def _day(ordinal: int, entry: Column) -> pa.Scalar:
    """The day of a number counted from the year 1, in the type of the column."""
    since_1970 = ordinal - dt.date(1970, 1, 1).toordinal()
    return pa.scalar(since_1970, pa.int32()).cast(pa.date32()).cast(entry.arrow)


def _chosen(text: pa.Array, entry: Column) -> Outcome:
    words = choice_words(entry)
    return from_words(text, pa.string(), lambda word: words.get(_plain(word)), "unknown-choice")


def _booleans(text: pa.Array, _: Column) -> Outcome:
    meant = from_words(
        text, pa.int8(), lambda word: _BOOLEANS.get(half_width(word).casefold()), "wrong-type"
    )
    return Outcome(meant.values.cast(pa.bool_()), meant.faults, meant.blanks)


def _text(text: pa.Array, entry: Column) -> Outcome:
    """Text; a reference may say 无, and a code must not have gone through a number."""
    if entry.is_day:
        return partial_days(text)
    found = Outcome(text)
    if plain_text.holds(text, *_NOT_TEXT_BYTES):
        bad = pc.match_substring_regex(text, _NOT_TEXT)
        found = found.less(bad, "wrong-type")
    if entry.references:
        found = found.nowhere(plain_text.blank_words(found.values))
    if entry.key or entry.references or entry.name.endswith("_no"):
        found = found.less(_digits_lost(found.values), "digits-lost")
    if entry.separator:
        return Outcome(_separated(found.values, entry.separator), found.faults, found.blanks)
    return found


def _from_numbers(text: pa.Array) -> Outcome:
    """Text of cells that are numbers; beyond 15 digits a spreadsheet has lost some."""
    return Outcome(text).less(_digits_lost(text), "digits-lost")


def _digits_lost(text: pa.Array) -> pa.Array | None:
    """Where a long code was made a number, so that its last digits are gone."""
    if not plain_text.holds(text, b"e+", b"E+"):
        return None
    return pc.match_substring_regex(text, _DIGITS_LOST)


def _dates(text: pa.Array, _: Column) -> Outcome:
    return days(text)


def _times(text: pa.Array, _: Column) -> Outcome:
    return times(text)


_READERS: dict[Type, Callable[[pa.Array, Column], Outcome]] = {
    "text": _text,
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
