"""The pinyin initials of a Chinese name, so that 牵引 is found by ``qy``.

GB 2312 holds its 3,755 most common characters in the order of their pinyin; where each letter
begins is known, so a character's place in the code gives its initial without a dictionary.
"""

from bisect import bisect_right

_STARTS = (
    *(0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC),
    *(0xC2E8, 0xC4C3, 0xC5B6, 0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9),
    0xD4D1,
)
_LETTERS = "abcdefghjklmnopqrstwxyz"
_END = 0xD7FA


def initials(name: str) -> str:
    """The initials of the common characters of a name, and its Latin letters as they are."""
    return "".join(_initial(letter) for letter in name)


def _initial(letter: str) -> str:
    if letter.isascii():
        return letter.lower() if letter.isalnum() else ""
    try:
        code = int.from_bytes(letter.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    if not _STARTS[0] <= code < _END:
        return ""
    return _LETTERS[bisect_right(_STARTS, code) - 1]
