"""A row that numbers the columns below the header of a form: 甲 乙 1 2, or 1 2 3 4.

It is taken for one where it counts every column that has a header, letters first and digits
after them, from the first on, and nothing else stands in it; digits alone count four at least.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from liantu.errors import Problem
from liantu.ingest.contents.plain_text import as_text, half_width
from liantu.ingest.contents.totals import numbers_note
from liantu.ingest.intake import Raw

_LETTERS = ("甲乙丙丁戊己庚辛壬癸", "abcdefghij")
_FIRST = frozenset({"栏次", "栏号", "列次", "列号"})
_SIGNS = re.compile(r"[()<>\[\]]")
_FEWEST_DIGITS, _FEWEST = 4, 2


def without_column_numbers(raw: Raw) -> tuple[Raw, list[Problem]]:
    """The raw table without the row that numbers its columns, and a note of it.

    To be called on rows that are not blank: only the first of them can be one.
    """
    if not len(raw.rows) or raw.header_row is None:
        return raw, []
    row = [as_text(cells.slice(0, 1))[0].as_py() or "" for cells in raw.cells]
    headed = [cell for cell, words in zip(row, raw.headers, strict=True) if words.strip()]
    if not is_count([cell for cell in headed if cell.strip()], len(headed)):
        return raw, []
    keep = pa.array(np.arange(len(raw.rows)) > 0)
    cells = tuple(column.filter(keep) for column in raw.cells)
    note = numbers_note(raw.sheet, raw.rows[0].as_py(), " ".join(filter(None, row)))
    return replace(raw, cells=cells, rows=raw.rows.filter(keep)), [note]


def is_count(cells: Sequence[str], wide: int) -> bool:
    """Whether the filled cells of a row count that many columns, letters before digits."""
    words = [_SIGNS.sub("", half_width(cell)).casefold() for cell in cells]
    is_named = bool(words) and words[0] in _FIRST
    words = words[is_named:]
    if len(words) + is_named != wide or len(words) < _FEWEST:
        return False
    digits = [word for word in words if word.isascii() and word.isdigit()]
    letters = words[: len(words) - len(digits)]
    if digits != [str(number) for number in range(1, len(digits) + 1)]:
        return False
    if not letters and not is_named:
        return len(digits) >= _FEWEST_DIGITS
    return any(letters == list(order[: len(letters)]) for order in _LETTERS)
