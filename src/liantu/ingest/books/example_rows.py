"""The example rows of a template, which an import leaves out.

A row is left out where all that it holds says that it is an example, whichever template it is
from. Where somebody has written over a part of it, the row is theirs, and each example that
still stands in it is a problem.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from liantu.errors import Problem
from liantu.ingest.books.examples import MARKS, marked
from liantu.ingest.contents.outcome import is_true
from liantu.ingest.contents.plain_text import blank_cells
from liantu.ingest.intake import Raw, quoted
from liantu.locale import LANGUAGES
from liantu.schema import TABLES, Column, columns


def without_examples(
    raw: Raw, table: str, positions: Mapping[str, int]
) -> tuple[Raw, list[Problem]]:
    """The raw table without its example rows, and a problem for each example left over."""
    entries = [entry for entry in columns(TABLES[table]) if entry.name in positions]
    held = {
        entry.name: mask
        for entry in entries
        if (mask := _examples(raw.cells[positions[entry.name]])) is not None
    }
    if not held:
        return raw, []
    is_example = np.logical_or.reduce(list(held.values()))
    rest = np.flatnonzero(is_example)
    for name, position in positions.items():
        blank = blank_cells(raw.cells[position].take(pa.array(rest)))
        is_example[rest] &= held[name][rest] | blank if name in held else blank
    problems = [
        _left(raw, entry, row, positions[entry.name])
        for entry in entries
        if entry.name in held and _passes_unseen(entry)
        for row in np.flatnonzero(held[entry.name] & ~is_example).tolist()
        if raw.cells[positions[entry.name]][row].as_py() in _ours(table, entry)
    ]
    return raw.only(~is_example), problems


def _examples(cells: pa.Array) -> NDArray[np.bool_] | None:
    """Where an example stands in a column, in either language; None where nowhere."""
    if not pa.types.is_string(cells.type):
        return None
    english, chinese = (pc.starts_with(cells, mark) for mark in MARKS.values())
    found = pc.or_(english, chinese)
    if not pc.any(found).as_py():
        return None
    return is_true(found)


def _ours(table: str, entry: Column) -> set[str]:
    """The example of a column; others may be what somebody means, such as e.g. in a note."""
    return {marked(table, entry, language) for language in LANGUAGES}


def _passes_unseen(entry: Column) -> bool:
    """Whether an example would be taken for a value; else it is a problem in any case."""
    return entry.type == "text" and not entry.choices and not entry.references


def _left(raw: Raw, entry: Column, row: int, position: int) -> Problem:
    blank = ", or clear it" if entry.nullable else ""
    return Problem(
        "example-left",
        "a value of your own in a row that you have written over",
        quoted(raw.cells[position][row].as_py()),
        f"write over the cell{blank}; a row of examples alone is left out",
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=raw.rows[row].as_py(),
        column=entry.name,
    )
