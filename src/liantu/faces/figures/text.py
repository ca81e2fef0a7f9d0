"""Texts as a picture holds them: on one line, with room for whichever face draws them."""

import re

from liantu.faces.chainmap.metrics import ELLIPSIS, FALLBACK, text_width

SIZE = 12.0
_HAN_FROM = "\u2e80"
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


def plain(text: str) -> str:
    """The text on one line, without characters that XML cannot hold."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def width_of(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """Room for a text in px, in Source Sans or in the wider Latin of Noto Sans CJK."""
    latin = "".join(letter for letter in text if letter < _HAN_FROM)
    whole = text_width(text, size, bold=bold)
    return whole + (FALLBACK - 1) * text_width(latin, size, bold=bold)


def cut(text: str, room: float, size: float = SIZE, *, bold: bool = False) -> str:
    """The text if it fits into ``room`` px, else its beginning and "…"."""
    if width_of(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width_of(kept + ELLIPSIS, size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS
