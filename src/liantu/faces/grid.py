"""A table as it is read: sorted, filtered and paged by its address."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from liantu.faces.address import Address
from liantu.faces.cells import Cell, Frame, frame, row_cells, texts
from liantu.faces.words import Words
from liantu.result import Row, say
from liantu.schema import Column, columns

PAGE_ROWS = 25


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its title, and the link that sorts by it."""

    title: str
    meaning: str
    is_number: bool
    href: str | None = None
    order: Literal["ascending", "descending"] | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """One page of a table; ``total`` counts the rows that pass the filter.

    ``in_files`` names the columns that are left to the files, for they are details, and
    ``blank`` those left to them because no row has a value there.
    """

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    first: int
    last: int
    total: int
    all: int
    filter: str = ""
    previous: str | None = None
    next: str | None = None
    by_pinyin: bool = False
    in_files: str = ""
    blank: str = ""


def grid(
    table: pa.Table,
    row: type[Row],
    words: Words,
    address: Address,
    chosen: tuple[Sequence[str], int] = ((), PAGE_ROWS),
) -> Grid:
    """The page of a table that the address asks for.

    ``chosen`` are the columns and the rows of a page. Where no column is named they are all
    but details and those without a value in any row.
    """
    names, size = chosen
    known = {entry.name: entry for entry in columns(row)}
    wanted = [known[name] for name in names] or [e for e in known.values() if not e.detail]
    blank = [] if names else [entry for entry in wanted if is_blank(table, entry)]
    declared = tuple(entry for entry in wanted if entry not in blank)
    details = [words.say(entry.title) for entry in known.values() if entry.detail and not names]
    for entry in declared:
        _load(table, entry, words)
    frames = {entry.name: frame(table, entry, words) for entry in declared}
    order = np.arange(table.num_rows)
    sought = address.query.get("filter", "").strip()
    if sought:
        order = _kept(table, declared, words, sought)
    name, descending = _sort_of(address, declared)
    by_pinyin = False
    if name:
        entry = next(entry for entry in declared if entry.name == name)
        order = _sorted(table, entry, order, words, descending=descending)
        by_pinyin = words.language == "zh" and entry.type == "text" and not entry.choices
    pages = max(1, math.ceil(len(order) / size))
    page = min(_page(address), pages)
    first = (page - 1) * size
    shown = table.take(order[first : first + size])
    rows = tuple(
        row_cells(declared, held, words, address, frames) for held in shown.to_pylist()
    )
    return Grid(
        heads=tuple(_head(entry, frames[entry.name], words, address) for entry in declared),
        rows=rows,
        first=first + 1 if len(order) else 0,
        last=first + len(rows),
        total=len(order),
        all=table.num_rows,
        filter=sought,
        previous=address.here(page=page - 1 if page > 2 else None) if page > 1 else None,
        next=address.here(page=page + 1) if page < pages else None,
        by_pinyin=by_pinyin,
        in_files=words.say(", ").join(details),
        blank=words.say(", ").join(words.say(entry.title) for entry in blank),
    )


def is_blank(table: pa.Table, entry: Column) -> bool:
    """Whether there are rows and none has a value of the column; an empty list is a value."""
    return table.num_rows > 0 and bool(table[entry.name].null_count == table.num_rows)


def _page(address: Address) -> int:
    text = address.query.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 9 else 1


def _sort_of(address: Address, declared: Sequence[Column]) -> tuple[str | None, bool]:
    text = address.query.get("sort", "")
    name = text.removeprefix("-")
    known = any(entry.name == name for entry in declared)
    return (name if known else None), text.startswith("-")


def _load(table: pa.Table, entry: Column, words: Words) -> None:
    """Look up the names of a column at once; of a long table only those of its first page."""
    if not entry.references or entry.separator:
        return
    held = table[entry.name].slice(0, 4 * PAGE_ROWS).to_pylist()
    flat = {item for value in held for item in (value if entry.is_list else [value]) if item}
    for name in entry.references:
        words.names.load(name, flat)


def _head(entry: Column, frame: Frame, words: Words, address: Address) -> Head:
    title = words.say(entry.title)
    is_number = entry.type in {"integer", "number"} and not entry.is_list
    name, descending = _sort_of(address, (entry,))
    turned = entry.name if descending or not name else f"-{entry.name}"
    return Head(
        title=words.say(say("{title}, {unit}", title=entry.title, unit=frame.unit))
        if frame.unit
        else title,
        meaning=words.say(entry.meaning),
        is_number=is_number,
        href=None if address.printed else address.here(sort=turned, page=None),
        order=("descending" if descending else "ascending") if name else None,
    )


def _kept(
    table: pa.Table, declared: Sequence[Column], words: Words, sought: str
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Numbers of the rows of which some cell holds the text, in either language."""
    found = np.zeros(table.num_rows, dtype=bool)
    needle = sought.casefold()
    for entry in declared:
        if entry.type in {"integer", "number"}:
            continue
        text = texts(table, entry, words)
        hits = [
            value is not None and needle in f"{text(value)} {value}".casefold()
            for value in table[entry.name].to_pylist()
        ]
        found |= np.array(hits, dtype=bool)
    return np.flatnonzero(found)


def _sorted(
    table: pa.Table,
    entry: Column,
    order: np.ndarray[Any, np.dtype[np.int64]],
    words: Words,
    *,
    descending: bool,
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The rows in the order of a column; those without a value stand last either way."""
    values = table[entry.name].take(order).to_pylist()
    text = texts(table, entry, words)
    known = [at for at, value in enumerate(values) if value is not None and value != []]
    absent = [at for at, value in enumerate(values) if value is None or value == []]

    def key(at: int) -> Any:  # noqa: ANN401
        value = values[at]
        if entry.choices and value in entry.choices:
            return entry.choices.index(value)
        if isinstance(value, str) or entry.is_list:
            return _collated(text(value), words)
        return value

    known.sort(key=key, reverse=descending)
    return order[np.array(known + absent, dtype=np.int64)] if len(order) else order


def _collated(text: str, words: Words) -> Any:  # noqa: ANN401
    """Where a name stands in order: by pinyin in Chinese, which GB 18030 encodes in order."""
    return text.casefold().encode("gb18030") if words.language == "zh" else text.casefold()
