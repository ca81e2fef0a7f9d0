"""What a problem says, in a language: sentences whose values are in place already.

A sentence is held against the templates of ``problems.toml``. What stands in their places is
translated in turn: it may be the name of a table, a list of choices, or a sentence itself. A
place in capitals, {NAME}, stays as it is, for it holds what a user has written; {column} and
places whose names begin so hold names of columns, for which their titles are said. {COUNT},
{NUMBER}, {LEAST}, {MOST} and {SIZE} hold numbers alone.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

from liantu.errors import Problem
from liantu.locale.catalogue import Language, catalogue, entries, translated

PROBLEMS = "problems.toml"
_PLACE = re.compile(r"\{(\w+)\}")
_COLUMN = "column"
# What parts the words of a list, and what stands there in Chinese.
_JOINTS = {", ": "、", " or ": "或", " and ": "和", " with ": "、"}
_KEPT, _LONGEST = 1 << 14, 2_000
# What may stand in a place, by how its name begins.
_SHAPES = dict.fromkeys(
    ("COUNT", "NUMBER", "LEAST", "MOST", "SIZE"), r"[-+0-9.,]+(?:e[-+]?[0-9]+)?"
) | {_COLUMN: r"[\w.\[\]]+(?:(?:, | or | and | with )[\w.\[\]]+)*?"}


@dataclass(frozen=True, slots=True)
class _Template:
    """A sentence with places: how it begins, its longest words, its shape, and what is said."""

    begins: str
    words: str
    shape: re.Pattern[str]
    said: str


def line(problem: Problem, language: Language) -> str:
    """The problem on one line: address and code as always, the rest in the language."""
    if language == "en":
        return str(problem)
    said = (problem.expected, problem.found, problem.remedy)
    expected, found, remedy = (told(text, language) for text in said)
    sentence = translated("{expected}; found {found}; {remedy}", language)
    return problem.line(sentence.format(expected=expected, found=found, remedy=remedy))


@lru_cache(_KEPT)
def told(text: str, language: Language) -> str:
    """What a problem says, in the language; in English where no template fits."""
    if language == "en":
        return text
    if (whole := _known(text, language)) is not None:
        return whole
    if " " not in text or len(text) > _LONGEST or _is_quoted(text):
        return text
    for template in _templates(language):
        if not text.startswith(template.begins) or template.words not in text:
            continue
        if found := template.shape.fullmatch(text):
            values = found.groupdict()
            said = {name: _value(name, value, language) for name, value in values.items()}
            return template.said.format(**said)
    return text


def column_called(problem: Problem, language: Language) -> str | None:
    """What the column of a problem is called: as in its file, else by its title or name."""
    if problem.header or not problem.column:
        return problem.header
    return _columns(problem.column, language)


def _columns(names: str, language: Language) -> str:
    """The titles of one or several columns or parameters; the name of one that has none."""
    joint = next((joint for joint in _JOINTS if joint in names), None)
    parts = names.split(joint) if joint else [names]
    titles = [_titles().get(name) or name.replace("_", " ").capitalize() for name in parts]
    known = catalogue(language)
    found = [known.get(title, name) for title, name in zip(titles, parts, strict=True)]
    return _JOINTS.get(joint or "", "").join(found) if language != "en" else names


def _known(text: str, language: Language) -> str | None:
    """The translation of a text as it stands, with a full stop or small, or of a list."""
    known = catalogue(language)
    if text in known:
        return known[text]
    if f"{text}." in known:
        return known[f"{text}."].rstrip("。")
    if (small := text[:1].lower() + text[1:]) in known:
        return known[small]
    return _listed(text, language)


def _listed(text: str, language: Language) -> str | None:
    """A list of words, if each is known: ``export, import``."""
    known = catalogue(language)
    for joint, said in _JOINTS.items():
        words = text.split(joint)
        if len(words) > 1 and all(word in known for word in words):
            return said.join(known[word] for word in words)
    return None


def _value(name: str, value: str, language: Language) -> str:
    """What stands in a place of a template, in the language."""
    if name.isupper():
        return value
    if name.startswith(_COLUMN):
        return _columns(value, language)
    return told(value, language)


def _is_quoted(text: str) -> bool:
    """Whether a text is one that a user has written, in quotes."""
    return text.startswith("'") and text.endswith("'") and text.count("'") == 2


@cache
def _templates(language: Language) -> list[_Template]:
    """The templates of problems, those with the most words of their own first."""
    templates = {k: v for k, v in entries(language, PROBLEMS).items() if _PLACE.search(k)}
    ordered = sorted(templates, key=lambda k: len(_PLACE.sub("", k)), reverse=True)
    return [_template(template, templates[template]) for template in ordered]


def _template(sentence: str, said: str) -> _Template:
    words, names = _PLACE.split(sentence)[::2], _PLACE.findall(sentence)
    places = [f"(?P<{name}>{_held(name)})" for name in names] + [""]
    parts = zip(map(re.escape, words), places, strict=True)
    shape = re.compile("".join(f"{text}{place}" for text, place in parts), re.DOTALL)
    return _Template(words[0], max(words, key=len), shape, said)


def _held(name: str) -> str:
    """What may stand in a place."""
    return next((shape for begin, shape in _SHAPES.items() if name.startswith(begin)), ".+?")


@cache
def _titles() -> dict[str, str]:
    """The English title of each column, by its name; of several the commonest."""
    from liantu.schema import TABLES, columns  # noqa: PLC0415 - most words need no table

    met: dict[str, Counter[str]] = {}
    for model in TABLES.values():
        for entry in columns(model):
            met.setdefault(entry.name, Counter())[entry.title] += 1
    frequent = {name: titles.most_common(2) for name, titles in met.items()}
    return {
        name: first[0]
        for name, (first, *others) in frequent.items()
        if not others or others[0][1] < first[1]
    }
