"""Which Chinese characters sound alike, without a dictionary.

GB 2312 holds its 3,755 most common characters in the order of their pinyin, about nine to a
syllable, so that those which stand close together sound alike. Of rarer ones it says nothing.
"""

_FIRST, _LAST = 0xB0A1, 0xD7F9
_ROW_SIGNS = 94
_CLOSE = 9


def sound_alike(first: str, second: str) -> bool:
    """Whether two common characters stand so close that they sound alike, or nearly."""
    places = _place(first), _place(second)
    return None not in places and abs((places[0] or 0) - (places[1] or 0)) <= _CLOSE


def _place(sign: str) -> int | None:
    """The number of a common character in the order of pinyin."""
    try:
        code = int.from_bytes(sign.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return None
    if not _FIRST <= code <= _LAST:
        return None
    row, column = divmod(code - _FIRST, 256)
    return row * _ROW_SIGNS + column
