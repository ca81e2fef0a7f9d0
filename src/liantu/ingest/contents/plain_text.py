"""Cells as plain text, and the words that stand for nothing.

Whole columns are looked at in one cheap test first; only a column that needs it is mended.
"""

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_LARGEST_EXACT = 1e15
# Zero-width blanks and the byte order mark, which nobody sees and which make other words.
_UNSEEN = "[\\x{200B}\\x{200C}\\x{200D}\\x{2060}\\x{FEFF}]"
_MAYBE_UNSEEN = (b"\xe2\x80", b"\xe2\x81\xa0", b"\xef\xbb\xbf")
# U+FF01 to U+FF5E are ASCII in full width; NFKC would also make 5 of ⁵ and 1/2 of ½.
_HALF = {0xFEE0 + code: code for code in range(0x21, 0x7F)}
_HALF.update({0x3000: 0x20, 0xA0: 0x20, 0xFFE5: 0xA5, 0x2212: 0x2D, 0xFE63: 0x2D})
_PLAIN = _HALF | dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))

_DASHES = "- -- --- – — —— / // \\ … …… ... ? ??"  # noqa: RUF001 - dashes that people write
_CHINESE = (
    "无 暂无 没有 空 空白 空缺 缺 待定 待补 待补充 待填 待核实 未知 不详 不明 未填 未提供"
)
_NOWHERE = frozenset((*_DASHES.split(), *_CHINESE.split(), "n/a", "n.a.", "tbd"))
# NA is also Namibia: these are words for nothing only where no identifier can stand.
BLANK_WORDS = _NOWHERE | {"na", "none", "null", "nil", "unknown"}


def as_text(cells: pa.Array) -> pa.Array:
    """The cells as one would type them: 2024 for 2024.0, true, 2024-05-31."""
    if pa.types.is_string(cells.type):
        return cells
    if pa.types.is_nested(cells.type) or pa.types.is_binary(cells.type):
        return pa.array([None if item is None else str(item) for item in cells.to_pylist()])
    if pa.types.is_floating(cells.type):
        return _digits(cells)
    return cells.cast(pa.string())


def stripped(text: pa.Array) -> pa.Array:
    """The text without blanks around it, line breaks as one; null where none is left."""
    if holds(text, b"\r"):
        text = pc.replace_substring_regex(text, "\r\n?", "\n")
    if holds(text, *_MAYBE_UNSEEN):
        text = pc.replace_substring_regex(text, f"^{_UNSEEN}+|{_UNSEEN}+$", "")
    trimmed = pc.utf8_trim_whitespace(text)
    if pc.sum(pc.binary_length(trimmed)) != pc.sum(pc.binary_length(text)):
        text = trimmed  # else the cells stay as they are, and are held once
    blank = pc.equal(text, "")
    if not pc.any(blank).as_py():
        return text
    return pc.if_else(blank, pa.scalar(None, pa.string()), text)


def blank_cells(cells: pa.Array) -> NDArray[np.bool_]:
    """Whether each cell is blank, or a text of blanks alone."""
    is_blank = pc.is_null(cells)
    if pa.types.is_string(cells.type):
        is_blank = pc.or_kleene(is_blank, pc.equal(pc.utf8_trim_whitespace(cells), ""))
    found: NDArray[np.bool_] = is_blank.to_numpy(zero_copy_only=False)
    return found


def holds(text: pa.Array, *signs: bytes) -> bool:
    """Whether any of the signs stands in the bytes of the column: quicker than cell by cell."""
    buffer = text.buffers()[2]
    if buffer is None:
        return False
    written = buffer.to_pybytes()
    return any(sign in written for sign in signs)


def half_width(word: str) -> str:
    """The word with full-width digits, letters and signs in half width, blanks around off."""
    return word.translate(_PLAIN).strip()


def is_blank_word(word: str) -> bool:
    """Whether a word says that there is nothing to say."""
    return half_width(word).casefold() in BLANK_WORDS


def blank_words(text: pa.Array) -> pa.Array | None:
    """Where references say that there is nothing to refer to; None where none does.

    Parameters
    ----------
    text : (n,) string, stripped

    Returns
    -------
    (n,) bool
    """
    found = pc.is_in(text, value_set=_as_written(_NOWHERE))
    return found if pc.any(found).as_py() else None


def _digits(cells: pa.Array) -> pa.Array:
    """Numbers in digits as far as they are exact: a long code is not 1.2e+11."""
    whole = pc.and_(pc.equal(pc.floor(cells), cells), pc.less(pc.abs(cells), _LARGEST_EXACT))
    known = pc.if_else(whole, cells, pa.scalar(None, cells.type))
    digits = known.cast(pa.int64()).cast(pa.string())
    if digits.null_count == cells.null_count:
        return digits
    return pc.coalesce(digits, cells.cast(pa.string()))


@cache  # made when it is wanted, for Arrow loads pandas with its first array
def _as_written(words: frozenset[str]) -> pa.Array:
    """The words in both cases and both widths, for one look-up."""
    wide = {0x20 + code: 0xFF00 + code for code in range(1, 0x5F)}
    cased = {form for word in words for form in (word, word.upper(), word.title())}
    return pa.array(sorted(cased | {word.translate(wide) for word in cased}), pa.string())
