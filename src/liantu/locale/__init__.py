"""Translations, keyed by the English sentence: one file for each lens, one for each room."""

from liantu.locale.catalogue import LANGUAGES, Language, catalogue, translated
from liantu.locale.problems import column_called, line, told

__all__ = [
    "LANGUAGES",
    "Language",
    "catalogue",
    "column_called",
    "line",
    "told",
    "translated",
]
