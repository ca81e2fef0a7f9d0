"""Sheets of our own that a workbook may hold, which have no rows to be read."""

from functools import cache

from liantu.ingest.headings.headers import plain
from liantu.locale import LANGUAGES, translated

# The guide of a template, the lists to choose from, and what was wrong with a file.
GUIDE, LISTS, PROBLEMS = "Notes", "liantu lists", "liantu problems"


def is_ours(sheet: str) -> bool:
    """Whether a sheet is one of these, in either language."""
    return plain(sheet) in _plain_names()


@cache
def _plain_names() -> frozenset[str]:
    names = (GUIDE, LISTS, PROBLEMS)
    return frozenset(plain(translated(name, lang)) for name in names for lang in LANGUAGES)
