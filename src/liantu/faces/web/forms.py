"""The form of a lens, made from its parameters: one control for each, by its type."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from liantu.errors import Problem
from liantu.faces.cells import named
from liantu.faces.web.offers import OFFERED, Option, is_unique, offered
from liantu.faces.web.visit import Visit
from liantu.faces.words import Words
from liantu.lens import Lens
from liantu.schema import Column, columns

Kind = Literal["select", "number", "record", "text"]


@dataclass(frozen=True, slots=True)
class Control:
    """One control: its label, what stands in it, what may, and what was wrong with it."""

    name: str
    label: str
    kind: Kind
    value: str
    help: str
    unit: str
    minimum: float | None
    maximum: float | None
    options: tuple[Option, ...]
    problem: str | None
    is_blank_allowed: bool
    is_first_wrong: bool = False


def controls(
    lens: Lens, visit: Visit, params: Mapping[str, Any], problems: Sequence[Problem] = ()
) -> tuple[Control, ...]:
    """The form with what was typed, else what was used, and the problem under its control."""
    wrong = {problem.column: problem for problem in problems}
    first = next(
        (entry.name for entry in columns(lens.parameters) if entry.name in wrong), None
    )
    return tuple(
        Control(
            name=entry.name,
            label=visit.words.say(entry.title),
            kind=_kind(entry, visit.address.query.get(entry.name, "")),
            value=_value(lens, entry, visit, params, is_wrong=entry.name in wrong),
            help=_help(entry, visit.words),
            unit="" if entry.unit == "year" else _unit(entry, visit.words),
            minimum=entry.minimum if entry.above is None else entry.above,
            maximum=entry.maximum,
            options=tuple(_options(entry, visit)),
            problem=in_words(wrong[entry.name], visit.words) if entry.name in wrong else None,
            is_blank_allowed=entry.nullable or entry.is_list,
            is_first_wrong=entry.name == first,
        )
        for entry in columns(lens.parameters)
    )


def in_words(problem: Problem, words: Words) -> str:
    """A problem as one sentence under its control."""
    said = words.say(problem.code)
    where = "" if said == problem.code else said + words.say(": ")
    expected = f"{words.say('expected')} {words.told(problem.expected)}"
    found = f"{words.say('found')} {words.told(problem.found)}"
    parts = (expected, found, words.told(problem.remedy))
    return where + words.say("; ").join(parts)


def _kind(entry: Column, typed: str) -> Kind:
    if entry.is_list:
        return "text"
    if entry.choices or entry.type == "boolean":
        return "select"
    if entry.references:
        return "record"
    is_number = entry.type in {"integer", "number"} and _is_number(typed)
    return "number" if is_number else "text"


def _is_number(text: str) -> bool:
    """Whether a number box would show the text; what cannot be one is kept in a text box."""
    try:
        return math.isfinite(float(text or 0))
    except ValueError:
        return False


def _help(entry: Column, words: Words) -> str:
    """What the parameter means, unless that only repeats its label."""
    if entry.meaning.removeprefix("The ").rstrip(".").lower() == entry.title.lower():
        return words.say("Several, parted by commas.") if entry.is_list else ""
    return words.say(entry.meaning)


def _unit(entry: Column, words: Words) -> str:
    return "0–1" if entry.unit == "share" else words.unit(entry.unit)  # noqa: RUF001 - a range


def _value(
    lens: Lens, entry: Column, visit: Visit, params: Mapping[str, Any], *, is_wrong: bool
) -> str:
    typed = visit.address.query.get(entry.name)
    if typed is not None and (is_wrong or not params):
        return typed
    default = lens.parameters.model_fields[entry.name].get_default(call_default_factory=True)
    value = params.get(entry.name, visit.study.settings.defaults.get(entry.name, default))
    if value is None or not isinstance(value, str | int | float | list | tuple):
        return ""
    given = list(value) if isinstance(value, list | tuple) else [value]
    return ", ".join(_text(entry, item, visit) for item in given)


def _text(entry: Column, value: object, visit: Visit) -> str:
    """A value as it may be typed: a record by its name where no other has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    if not entry.references:
        return str(value)
    table, called = named(visit.words, entry.references, str(value))
    name = visit.words.called(called)
    is_plain = "," not in name and is_unique(visit.study, table, name)
    return name if is_plain else str(value)


def _options(entry: Column, visit: Visit) -> Iterable[Option]:
    words = visit.words
    if entry.choices:
        return [Option(choice, words.plain(choice)) for choice in entry.choices]
    if entry.type == "boolean":
        return [Option("true", words.say("yes")), Option("false", words.say("no"))]
    if not entry.references or entry.is_list:
        return []
    return [
        option for table in entry.references for option in offered(visit.study, words, table)
    ][:OFFERED]
