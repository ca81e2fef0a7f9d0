"""Every sentence on record in a language, keyed by the English one."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Every translation into a language, keyed by the English sentence; none into English."""
    if language == "en":
        return {}
    found: dict[str, str] = {}
    for name in sorted(path.name for path in _folder(language).iterdir()):
        if name.endswith(".toml"):
            found |= entries(language, name)
    return found


def translated(sentence: str, language: Language) -> str:
    """The sentence in the language; in English where no translation is on record."""
    return catalogue(language).get(sentence, sentence)


def entries(language: Language, name: str) -> dict[str, str]:
    """The translations of one file."""
    return tomllib.loads(_folder(language).joinpath(name).read_text(encoding="utf-8"))


def _folder(language: Language) -> Traversable:
    return files("liantu.locale").joinpath(language)
