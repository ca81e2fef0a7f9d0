"""Translations, keyed by the English sentence: one file for each lens, one for each room."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_PROBLEMS = "problems.toml"
_PLACE = re.compile(r"\{(\w+)\}")


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Every translation into a language, keyed by the English sentence; none into English."""
    if language == "en":
        return {}
    entries: dict[str, str] = {}
    for name in sorted(path.name for path in _folder(language).iterdir()):
        if name.endswith(".toml"):
            entries |= _entries(language, name)
    return entries


def translated(sentence: str, language: Language) -> str:
    """The sentence in the language; in English where no translation is on record."""
    return catalogue(language).get(sentence, sentence)


def told(text: str, language: Language) -> str:
    """What a problem says, in the language: a sentence whose values are in place already.

    It is held against the templates of ``problems.toml``; what stands in their places is
    translated in turn where it can be. In English where no template fits.
    """
    known = catalogue(language)
    if text in known:
        return known[text]
    for shape, template in _templates(language):
        if found := shape.fullmatch(text):
            values = {name: told(value, language) for name, value in found.groupdict().items()}
            return template.format(**values)
    return text


@cache
def _templates(language: Language) -> list[tuple[re.Pattern[str], str]]:
    """The templates of problems as shapes, those with the most words of their own first."""
    if language == "en":
        return []
    templates = {k: v for k, v in _entries(language, _PROBLEMS).items() if "{" in k}
    ordered = sorted(templates, key=lambda k: len(_PLACE.sub("", k)), reverse=True)
    return [(_shape(template), templates[template]) for template in ordered]


def _shape(template: str) -> re.Pattern[str]:
    words, names = _PLACE.split(template)[::2], _PLACE.findall(template)
    places = [f"(?P<{name}>.+?)" for name in names] + [""]
    parts = zip(map(re.escape, words), places, strict=True)
    return re.compile("".join(f"{text}{place}" for text, place in parts), re.DOTALL)


def _entries(language: Language, name: str) -> dict[str, str]:
    path = _folder(language).joinpath(name)
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _folder(language: Language) -> Traversable:
    return files("liantu.locale").joinpath(language)
