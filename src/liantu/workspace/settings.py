"""The settings of a workspace, in a file that a person can read and edit."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from liantu.disk import refusing, write_text
from liantu.errors import Problem, Refusal, did_you_mean
from liantu.locale import LANGUAGES, Language

SETTINGS = "workspace.toml"
Default = str | list[str]

Pair = tuple[str, str]

LAYOUTS = "layouts"
APART = "apart"

_HEAD = (
    "# Settings of this workspace. [defaults] holds values for parameters that are not given."
)
_LAYOUTS_HEAD = (
    "# What sheets and headers of earlier imports mean: a sheet its table, SHEET!HEADER its",
    '# column, "" where it is left out. Change a line, or take it out; imports go by it.',
)
_APART_HEAD = (
    "# Organisations that are not one firm, as you said: one, and those that it is not. match",
    "# leaves these pairs out; take a line out, and they are proposed again.",
)
_LINE = re.compile(r"line (\d+)")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a workspace is called, its language, and its values for parameters not given.

    ``layouts`` says which table a sheet means and which column a header, by their words;
    ``apart`` has the pairs of organisations that are not one firm, each in order.
    """

    name: str
    language: Language
    defaults: dict[str, Default]
    layouts: dict[str, str] = field(default_factory=dict)
    apart: frozenset[Pair] = frozenset()


def read_settings(folder: Path) -> Settings:
    """The settings as the file says; a refusal with the line where it is not TOML."""
    entries = _parsed(_text(folder))
    name = entries.get("name")
    defaults = entries.get("defaults", {})
    problems = []
    if not isinstance(name, str) or not name.strip():
        problems.append(_problem("name to be text", _shown(name), 'write name = "..."'))
    if not isinstance(defaults, dict):
        problems.append(_problem("[defaults] to be a section", _shown(defaults), "mend it"))
        defaults = {}
    for key, value in defaults.items():
        if not _is_default(value):
            expected = f"{key} in [defaults] to be text or a list of texts"
            problems.append(
                _problem(expected, _shown(value), 'put it in quotation marks: "..."')
            )
    layouts = entries.get(LAYOUTS, {})
    problems += _layout_problems(layouts)
    apart = entries.get(APART, {})
    problems += _apart_problems(apart)
    problems += _language_problems(entries.get("language", "en"))
    if problems:
        raise Refusal(problems)
    language = cast("Language", entries.get("language", "en"))
    readable = {key: _default(value) for key, value in defaults.items()}
    return Settings(str(name), language, readable, dict(layouts), _pairs(apart))


def new_settings(name: str, language: str) -> str:
    """The settings of a new workspace, as they are to be written."""
    problems = _language_problems(language)
    if not name.strip():
        problems.append(_problem("a name for the workspace", "none", "give it one"))
    if problems:
        raise Refusal(problems)
    return f"{_HEAD}\nname = {_quoted(name)}\nlanguage = {_quoted(language)}\n\n[defaults]\n"


def write_defaults(folder: Path, values: Mapping[str, str | Sequence[str] | None]) -> None:
    """Change values in [defaults], ``None`` taking one out; the rest of the file stays as is.

    The section is written anew, so that comments inside it are lost.
    """
    defaults = dict(read_settings(folder).defaults)
    for key, value in values.items():
        if value is None:
            defaults.pop(key, None)
        else:
            defaults[key] = value if isinstance(value, str) else [str(item) for item in value]
    _write_section(folder, "defaults", defaults)


def write_layouts(folder: Path, layouts: Mapping[str, str]) -> None:
    """Put what words mean to that which is remembered; the rest of the file stays as is."""
    known = read_settings(folder).layouts
    if not layouts.items() <= known.items():
        _write_section(folder, LAYOUTS, {**known, **layouts}, _LAYOUTS_HEAD)


def write_apart(folder: Path, pairs: Iterable[Pair]) -> None:
    """Write which organisations are not one firm; the rest of the file stays as is."""
    found: dict[str, Default] = {}
    for one, other in sorted(map(in_order, pairs)):
        found[one] = [*found.get(one, []), other]
    if _pairs(found) != read_settings(folder).apart:
        _write_section(folder, APART, found, _APART_HEAD)


def in_order(pair: Pair) -> Pair:
    """Two organisations of which it does not matter which is named first."""
    return min(pair), max(pair)


def _write_section(
    folder: Path, name: str, entries: Mapping[str, Default], head: Sequence[str] = ()
) -> None:
    """Write a section anew, below its ``head`` where it is a new one."""
    text = _text(folder)
    lines = [f"{_key(key)} = {_literal(value)}" for key, value in sorted(entries.items())]
    section = "\n".join([f"[{name}]", *lines])
    written, count = _section(name).subn(lambda _: section, text, count=1)
    if not count:
        written = "\n".join([text.rstrip(), "", *head, section, ""])
    if _parsed(written) != {**_parsed(text), name: dict(entries)}:
        expected = f"[{name}] as one plain section"
        raise Refusal(_problem(expected, "another layout", "edit the file by hand"))
    write_text(folder / SETTINGS, written)


def _section(name: str) -> re.Pattern[str]:
    """A section from its name to its last line; comments behind it belong to the next."""
    shape = rf"^\[{name}\][^\n]*(?:\n(?:(?!\[)[^\n]*\n)*(?!\[|#|\s*$)[^\n]+)?"
    return re.compile(shape, re.MULTILINE)


def _layout_problems(layouts: object) -> list[Problem]:
    if not isinstance(layouts, dict):
        return [_problem("[layouts] to be a section", _shown(layouts), "mend it")]
    return [
        _problem(f"{key} in [layouts] to be text", _shown(value), 'write it as "..."')
        for key, value in layouts.items()
        if not isinstance(value, str)
    ]


def _apart_problems(apart: object) -> list[Problem]:
    if not isinstance(apart, dict):
        return [_problem("[apart] to be a section", _shown(apart), "mend it")]
    return [
        _problem(
            f"{key} in [apart] to be a list of texts", _shown(value), 'write it as ["..."]'
        )
        for key, value in apart.items()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value)
    ]


def _pairs(apart: Mapping[str, Default]) -> frozenset[Pair]:
    return frozenset(
        in_order((one, other)) for one, others in apart.items() for other in others
    )


def _text(folder: Path) -> str:
    with refusing("read the workspace's settings", "give a folder made by liantu new"):
        return (folder / SETTINGS).read_text(encoding="utf-8-sig", errors="replace")


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        row = int(line.group(1)) if line else text.count("\n") + 1
        problem = _problem("settings in TOML", str(error), "mend that line", row=row)
        raise Refusal(problem) from error


def _is_default(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, str | int | float) for item in items)


def _default(value: Any) -> Default:  # noqa: ANN401 - whatever TOML holds
    return [_text_of(item) for item in value] if isinstance(value, list) else _text_of(value)


def _text_of(value: Any) -> str:  # noqa: ANN401 - whatever TOML holds
    return str(value).lower() if isinstance(value, bool) else str(value)


def _language_problems(language: object) -> list[Problem]:
    if language in LANGUAGES:
        return []
    remedy = did_you_mean(str(language), LANGUAGES)
    return [_problem("language to be en or zh", _shown(language), remedy)]


def _problem(expected: str, found: str, remedy: str, *, row: int | None = None) -> Problem:
    return Problem("settings", expected, found, remedy, file=SETTINGS, row=row)


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _literal(value: Default) -> str:
    if isinstance(value, str):
        return _quoted(value)
    return "[" + ", ".join(map(_quoted, value)) + "]"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)
