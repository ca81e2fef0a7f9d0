"""Text as a sheet of a workbook can hold it."""

import re
from unicodedata import east_asian_width

_LONGEST_TEXT, _LONGEST_TITLE = 32_767, 31
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def sheet_text(text: str) -> str:
    """The text with a sign in the place of each that XML cannot hold, cut where it is long."""
    return _UNWRITABLE.sub("\ufffd", text)[:_LONGEST_TEXT]


def sheet_title(name: str) -> str:
    """The name as a sheet can have it."""
    return _NOT_IN_TITLES.sub("_", sheet_text(name)).strip("'")[:_LONGEST_TITLE] or "_"


def width_of(text: str) -> int:
    """How wide the text is, in letters: a Chinese character takes the room of two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
