"""A row that numbers the columns below the header of a form: 甲 乙 1 2, or 1 2 3 4.

It is taken for one where it counts every column that has a header, letters first and digits
after them, from the first on, and nothing else stands in it. Without 甲 it has four cells at
least, and digits among them: A, B and C alone are as likely identifiers.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from liantu.errors import Problem
from liantu.ingest.contents.plain_text import as_text, half_width
from liantu.ingest.contents.totals import numbers_note
from liantu.ingest.intake import Raw

_LETTERS = ("甲乙丙丁戊己庚辛壬癸", "abcdefghij")
_FIRST = frozenset({"栏次", "栏号", "列次", "列号"})
_SIGNS = re.compile(r"[()<>\[\]]")
_FEWEST_ELSE, _FEWEST = 4, 2


def without_column_numbers(raw: Raw) -> tuple[Raw, list[Problem]]:
    """The raw table without the row that numbers its columns, and a note of it.

    To be called on rows that are not blank: only the first of them can be one.
    """
    if not len(raw.rows) or raw.header_row is None:
        return raw, []
    row = [as_text(cells.slice(0, 1))[0].as_py() or "" for cells in raw.cells]
    is_headed = [bool(words.strip()) for words in raw.headers]
    headed = [cell for cell, is_ in zip(row, is_headed, strict=True) if is_]
    if not all(map(str.strip, headed)) or not is_count(headed, is_headed.count(False)):
        return raw, []
    note = numbers_note(raw.sheet, raw.rows[0].as_py(), " ".join(filter(None, row)))
    return raw.only(np.arange(len(raw.rows)) > 0), [note]


def is_count(cells: Sequence[str], gaps: int) -> bool:
    """Whether the cells of a row count columns, letters before digits.

    So many may be missing as ``gaps``: columns that are without a header, or about persons.
    """
    words = [_SIGNS.sub("", half_width(cell)).casefold() for cell in cells]
    is_named = bool(words) and words[0] in _FIRST
    words = words[is_named:]
    if len(words) < _FEWEST:
        return False
    digits = [word for word in words if word.isascii() and word.isdigit()]
    letters = words[: len(words) - len(digits)]
    is_chinese = bool(letters) and set(letters) <= set(_LETTERS[0])
    least = _FEWEST if is_chinese or is_named else _FEWEST_ELSE
    is_word = bool(letters) and not is_chinese and not digits
    if len(words) < least or is_word or (digits and not _counts(list(map(int, digits)), gaps)):
        return False
    return any(
        set(letters) <= set(order) and (not letters or _counts(_places(letters, order), gaps))
        for order in _LETTERS
    )


def _places(letters: Sequence[str], order: str) -> list[int]:
    return [order.index(letter) + 1 for letter in letters]


def _counts(numbers: Sequence[int], gaps: int) -> bool:
    """Whether numbers rise from 1, with no more left out than there may be gaps."""
    rises = all(one < other for one, other in pairwise(numbers))
    return rises and numbers[0] >= 1 and numbers[-1] - len(numbers) <= gaps
