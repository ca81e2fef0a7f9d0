"""Translations, keyed by the English sentence: one file for each lens, one for each room."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["en", "zh"]


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Every translation into a language, keyed by the English sentence; none into English."""
    if language == "en":
        return {}
    entries: dict[str, str] = {}
    folder = files("liantu.locale").joinpath(language)
    for path in sorted(folder.iterdir(), key=lambda item: item.name):
        if path.name.endswith(".toml"):
            entries |= tomllib.loads(path.read_text(encoding="utf-8"))
    return entries


def translated(sentence: str, language: Language) -> str:
    """The sentence in the language; in English where no translation is on record."""
    return catalogue(language).get(sentence, sentence)
