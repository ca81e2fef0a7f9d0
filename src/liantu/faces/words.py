"""What a face says in words: sentences, names, and numbers with their units."""

import datetime as dt
import math
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from liantu.errors import Problem
from liantu.locale import Language, column_called, told, translated
from liantu.records import Name, Names
from liantu.result import Entry, Label, Ref, Sentence, Value
from liantu.schema import Column

_ABSENT = "not on record"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language over the names of one workspace."""

    language: Language
    names: Names

    def say(self, sentence: Sentence | str) -> str:
        """A sentence, translated whole, with its values in place."""
        return "".join(text for text, _ in self.parts(sentence))

    def parts(self, sentence: Sentence | str) -> Iterator[tuple[str, bool]]:
        """The pieces of a sentence in order, each with whether it is a value."""
        if isinstance(sentence, str):
            yield translated(sentence, self.language), False
            return
        template = translated(sentence.template, self.language)
        for text, name, given, _ in string.Formatter().parse(template):
            if text:
                yield text, False
            if name is not None:
                kind = sentence.values[given[1:-1]] if given and given[0] == "{" else given
                yield self.value(sentence.values[name], str(kind or "")), True

    def value(self, value: Value, kind: str = "") -> str:
        """A value in a sentence, formatted by its kind."""
        if value is None:
            return translated(_ABSENT, self.language)
        if isinstance(value, Ref):
            return self.name(value.table, value.id)
        if isinstance(value, bool):
            return translated("yes" if value else "no", self.language)
        if isinstance(value, str):
            return value if kind == "name" else self.plain(value)
        return self.number(value, _UNITS.get(kind, kind or None), spoken=True)

    def told(self, text: str) -> str:
        """What a problem says, whose values are in place already."""
        return told(text, self.language)

    def column(self, problem: Problem) -> str:
        """What the column of a problem is called, in words of its file or of this language."""
        return column_called(problem, self.language) or ""

    def label(self, label: Label) -> str:
        """The name of a thing in a picture or table."""
        if isinstance(label, Ref):
            return self.name(label.table, label.id)
        return self.say(label)

    def name(self, table: str, record: str) -> str:
        """What a record is called in this language."""
        return self.called(self.names.of(table, record))

    def called(self, name: Name) -> str:
        """The one of a record's names that this language uses."""
        return (name.local or name.name) if self.language == "zh" else name.name

    def number(self, value: float, unit: str | None = None, *, spoken: bool = False) -> str:
        """A number as it is read; with its unit where ``spoken``, else without it."""
        if isinstance(value, float) and math.isinf(value):
            return translated("never", self.language)
        if unit == "share":
            figure = _minus(100 * value, _share_digits(value))
            return f"{figure}%" if spoken else figure
        if unit == "degree":
            return _minus(value, 4)
        if unit == "year":
            return f"{value:.0f}"
        if unit in _MONEY:
            figure, word = self._money(value, unit or "")
            return f"{figure} {word}" if spoken else figure
        digits = 0 if isinstance(value, int) or float(value).is_integer() else _digits(value)
        figure = _minus(value, digits)
        return f"{figure} {self.unit(unit)}" if spoken and unit else figure

    def unit(self, unit: str | None) -> str:
        """A unit as it is written beside a number or in a head."""
        if unit == "share":
            return "%"
        return translated(unit, self.language) if unit else ""

    def measured(self, entry: Entry) -> tuple[str, str]:
        """The value of a summary entry and its unit, apart; a year needs none."""
        if entry.value is None:
            return translated(_ABSENT, self.language), ""
        if isinstance(entry.value, str):
            named = self.name(entry.value_of, entry.value) if entry.value_of else entry.value
            return translated(named, self.language), ""
        if entry.unit in _MONEY:
            return self._money(entry.value, entry.unit or "")
        unitless = entry.value == math.inf or entry.unit == "year"
        unit = "" if unitless else self.unit(entry.unit)
        return self.number(entry.value, entry.unit), unit

    def head(self, column: Column) -> str:
        """The head of a column: its title, with its unit where it has one."""
        title = translated(column.title, self.language)
        unit = "" if column.unit == "year" else self.unit(column.unit)
        comma = "，" if self.language == "zh" else ", "
        return f"{title}{comma}{unit}" if unit else title

    def cell(self, value: Any, column: Column) -> str:  # noqa: ANN401 - a cell holds any type
        """A cell of a table as it is read; words, never a blank, where there is none."""
        if column.is_list and value is not None:
            items = ", ".join(self._one(item, column) for item in value)
            return items or translated("none", self.language)
        return self._one(value, column)

    def _one(self, value: Any, column: Column) -> str:  # noqa: ANN401
        if value is None:
            return translated(_ABSENT, self.language)
        if isinstance(value, bool):
            return translated("yes" if value else "no", self.language)
        if isinstance(value, int | float):
            return self.number(value, column.unit)
        if isinstance(value, dt.date | dt.datetime):
            return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
        if column.references:
            return self.called(self.names.among(column.references, str(value))[1])
        return self.plain(str(value)) if column.choices else str(value)

    def plain(self, word: str) -> str:
        """A word of ours, such as a choice: translated, else without its underscores."""
        said = translated(word, self.language)
        return said if said != word else word.replace("_", " ")

    def _money(self, value: float, currency: str) -> tuple[str, str]:
        scales = _HAN_SCALES if self.language == "zh" else _SCALES
        fitting = (pair for pair in scales if abs(value) >= pair[0])
        scale, word = next(fitting, (1.0, ""))
        figure = value / scale
        spaced = word if self.language == "zh" else f"{word} "
        name = "元" if self.language == "zh" and currency == "CNY" else currency
        return _minus(figure, 0 if figure >= 100 or figure == int(figure) else 1), (
            spaced + name
        ).strip()


_UNITS: Mapping[str, str | None] = {
    "percent": "share",
    "count": None,
    "decimal": None,
}
_MONEY = frozenset({"CNY", "USD", "EUR"})
_SCALES = ((1e9, "bn"), (1e6, "m"))
_HAN_SCALES = ((1e8, "亿"), (1e4, "万"))


def _share_digits(value: float) -> int:
    """Decimals of a share in per cent: one below ten per cent, where it says more."""
    return int(abs(value) < 0.0995 and abs(100 * value - round(100 * value)) >= 0.05)


def _digits(value: float) -> int:
    return 1 if abs(value) >= 10 else 2


def _minus(value: float, digits: int) -> str:
    """A number with thousands parted and a true minus sign."""
    return f"{value:,.{digits}f}".replace("-", "−")  # noqa: RUF001 - the minus sign
