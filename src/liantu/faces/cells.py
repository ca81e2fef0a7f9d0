"""The cells of a table: words, marks and links, and the numbers of a column all alike."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
import pyarrow as pa

from liantu.faces.address import Address
from liantu.faces.chainmap.segments import STATE_WORDS
from liantu.faces.words import Words
from liantu.records import Name
from liantu.schema import Column, Evidence

EVIDENCE: tuple[str, ...] = get_args(Evidence)

Kind = Literal["text", "number", "state", "evidence", "absent", "source", "choice", "date"]

_DATE = re.compile(r"\d{4}(-\d{2}){1,2}")
_SCALES = {"en": ((1e9, "bn "), (1e6, "m ")), "zh": ((1e8, "亿"), (1e4, "万"))}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its words, what kind of thing it is, and where it leads.

    ``value`` is the state or the evidence where the kind is one of these; ``local`` is the
    name in the other language, and ``links`` are the parts of a cell of sources.
    """

    text: str
    kind: Kind = "text"
    href: str | None = None
    local: str | None = None
    value: str | None = None
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The shape that all numbers of a column share: their scale, unit and decimals.

    Where each row has a unit of its own the decimals are None: each number keeps its own.
    """

    scale: float = 1.0
    unit: str = ""
    digits: int | None = 0


def cell(entry: Column, value: Any, words: Words, address: Address) -> Cell:  # noqa: ANN401
    """One value of any table, as it is read."""
    return framed_cell(entry, frame_of([value], entry, words), words, address, value)


def row_cells(
    declared: Sequence[Column],
    row: Mapping[str, Any],
    words: Words,
    address: Address,
    frames: Mapping[str, Frame] | None = None,
) -> tuple[Cell, ...]:
    """The cells of a row; numbers without a unit are in the unit that the row names, if any.

    They share a scale, which the cell of the unit then names: 131 and bn CNY.
    """
    shown = {entry.name: row[entry.name] for entry in declared}
    own = {entry.name: _unit_column(entry, shown) for entry in declared}
    shapes = {
        unit: frame_of(
            [row[name] for name, other in own.items() if other == unit],
            _in_unit(next(entry for entry in declared if own[entry.name] == unit), row[unit]),
            words,
        )
        for unit in filter(None, set(own.values()))
    }

    def made(entry: Column) -> Cell:
        value, unit = row[entry.name], own[entry.name]
        if unit:
            return framed_cell(_in_unit(entry, row[unit]), shapes[unit], words, address, value)
        if entry.name in shapes:
            return Cell(shapes[entry.name].unit or words.unit(value))
        if frames is None:
            return cell(entry, value, words, address)
        return framed_cell(entry, frames[entry.name], words, address, value)

    return tuple(made(entry) for entry in declared)


def _unit_column(entry: Column, row: Mapping[str, Any]) -> str | None:
    """The column that names the unit of a number in this row; None where none does."""
    if entry.type != "number" or entry.unit or entry.is_list:
        return None
    name = "currency" if entry.name == "value" and "currency" in row else "unit"
    return name if row.get(name) else None


def _in_unit(entry: Column, unit: str) -> Column:
    return replace(entry, unit=unit)


def frame(table: pa.Table, entry: Column, words: Words) -> Frame:
    """The shape of the numbers of one column of a table."""
    if entry.type not in {"integer", "number"}:
        return Frame()
    if entry.type == "number" and not entry.unit and "unit" in table.column_names:
        return Frame(digits=None)
    column = table[entry.name]
    values = column.to_pylist() if entry.is_list else column.drop_null().to_numpy()
    flat: Iterable[Any] = (
        [item for row in values for item in row or ()] if entry.is_list else values
    )
    return frame_of(flat, entry, words)


def frame_of(values: Iterable[Any], entry: Column, words: Words) -> Frame:
    """The shape that these numbers share."""
    if entry.type not in {"integer", "number"}:
        return Frame()
    if entry.unit == "degree":
        return Frame(unit=words.unit(entry.unit), digits=3)
    flat = np.array([value for value in values if isinstance(value, int | float | np.number)])
    flat = flat[np.isfinite(flat)] if len(flat) else flat
    if entry.unit == "share":
        parts = entry.minimum is None and bool((np.round(100 * flat, 6) % 1 != 0).any())
        return Frame(scale=0.01, unit="%", digits=int(parts))
    top = float(np.abs(flat).max()) if len(flat) else 0.0
    scale, unit = 1.0, words.unit(entry.unit)
    if entry.unit in {"CNY", "USD", "EUR"}:
        scale, word = next((s for s in _SCALES[words.language] if top >= s[0]), (1.0, ""))
        unit = word + ("元" if words.language == "zh" and entry.unit == "CNY" else entry.unit)
    whole = not len(flat) or bool((flat / scale == np.round(flat / scale)).all())
    digits = 0 if whole or top / scale >= 1e5 else 1 if top / scale >= 10 else 2
    return Frame(scale, "" if entry.unit == "year" else unit, digits)


def _number(value: float, entry: Column, frame: Frame, words: Words) -> str:
    if math.isinf(value) or entry.unit == "year":
        return words.number(value, entry.unit)
    if frame.digits is None:
        return words.number(value)
    return f"{value / frame.scale:,.{frame.digits}f}".replace("-", "−")  # noqa: RUF001


def framed_cell(  # noqa: PLR0911 - one kind of cell after the other
    entry: Column,
    frame: Frame,
    words: Words,
    address: Address,
    value: Any,  # noqa: ANN401 - a cell holds any type
) -> Cell:
    """One value of a column whose numbers have the given shape."""
    if value is None or value in ([], ""):
        return Cell(words.cell(value if value == [] else None, entry), "absent")
    if entry.is_list:
        return Cell(words.say("; ").join(_one(item, entry, frame, words) for item in value))
    if entry.choices and set(entry.choices) <= set(STATE_WORDS):
        return Cell(words.say(STATE_WORDS[value]), "state", value=value)
    if entry.choices and set(entry.choices) <= set(EVIDENCE):
        return Cell(words.cell(value, entry), "evidence", value=value)
    if entry.choices:
        return Cell(words.plain(value), "choice")
    if entry.separator or entry.references == ("sources",):
        parts = tuple(part.strip() for part in str(value).split(";") if part.strip())
        return Cell(value, "source", links=tuple((p, address.source(p)) for p in parts))
    if entry.references:
        table, called = named(words, entry.references, value)
        name = words.called(called)
        local = called.local if words.language == "en" and called.local != name else None
        return Cell(name, href=address.record(table, value), local=local)
    is_number = entry.type in {"integer", "number"}
    text = _one(value, entry, frame, words)
    return Cell(text, "number" if is_number else "date" if _DATE.fullmatch(text) else "text")


def named(words: Words, tables: Sequence[str], record: str) -> tuple[str, Name]:
    """The table that holds a record, of those it may be in, and what it is called there."""
    return words.names.among(tables, record)


def _one(value: Any, entry: Column, frame: Frame, words: Words) -> str:  # noqa: ANN401
    if isinstance(value, float | int) and not isinstance(value, bool):
        return _number(value, entry, frame, words)
    if entry.references:
        return words.called(named(words, entry.references, value)[1])
    said = words.cell([value] if entry.is_list else value, entry)
    return words.unit(said) if entry.name == "unit" else said


def texts(table: pa.Table, entry: Column, words: Words) -> Callable[[Any], str]:
    """What a value of the column is called, in both languages, for search and order."""
    if not entry.references or entry.separator:
        return lambda value: words.cell(value, entry)
    held = table[entry.name].to_pylist()
    flat = {item for value in held for item in (value if entry.is_list else [value]) if item}
    for name in entry.references:
        words.names.load(name, flat)

    def text(value: Any) -> str:  # noqa: ANN401
        given = value if entry.is_list else [value]
        called = [named(words, entry.references, item)[1] for item in given if item]
        return " ".join(
            f"{words.called(name)} {name.local or ''} {name.name}" for name in called
        )

    return text
