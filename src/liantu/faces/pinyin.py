"""The pinyin initials of a Chinese name, so that 牵引 is found by ``qy``."""

from liantu.matching.sounds import spoken


def initials(name: str) -> str:
    """The initials of the characters whose reading is known, and Latin letters as they are."""
    return "".join(_initial(letter) for letter in name)


def _initial(letter: str) -> str:
    if letter.isascii():
        return letter.lower() if letter.isalnum() else ""
    return spoken(letter)[:1]
