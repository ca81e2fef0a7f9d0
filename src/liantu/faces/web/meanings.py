"""What the words of refused files may mean: a question for each unknown sheet and header."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from liantu.errors import Problem
from liantu.faces.web.offers import Option
from liantu.faces.words import Words
from liantu.ingest import Wording
from liantu.ingest.headings.headers import table_named
from liantu.ingest.headings.wording import remembered_as
from liantu.schema import TABLES, columns

LEFT_OUT = "-"
# Problems of a header, which go away where it is said what it means, or that it is left out.
_OF_HEADERS = ("unknown-column", "undated-figure")


@dataclass(frozen=True, slots=True)
class Question:
    """Words that name nothing: what they are, where they stand, and what they may mean."""

    kind: Literal["sheet", "column"]
    words: str
    place: str
    asked: str
    options: tuple[Option, ...]


def questions(
    problems: Sequence[Problem], wording: Wording, words: Words
) -> tuple[Question, ...]:
    """A question for each sheet that is no table and each header that is no column."""
    found = (_question(problem, wording, words) for problem in problems)
    return tuple({entry.asked: entry for entry in found if entry}.values())


def answered(
    wording: Wording,
    sheets: Sequence[tuple[str, str]],
    headers: Sequence[tuple[str, str]],
) -> Wording:
    """What was said before, and what is said now; a question without an answer says nothing."""
    said = {asked: name for asked, name in headers if name}
    return replace(
        wording,
        sheets={
            **wording.sheets,
            **{asked: name for asked, name in sheets if name in TABLES},
            **{asked: "" for asked, name in sheets if name == LEFT_OUT},
        },
        columns={
            **wording.columns,
            **{asked: "" if name == LEFT_OUT else name for asked, name in said.items()},
        },
    )


def _question(problem: Problem, wording: Wording, words: Words) -> Question | None:
    if problem.file is None:
        return None
    sheet = problem.sheet or Path(problem.file).stem
    place = ", ".join(filter(None, (problem.file, problem.sheet)))
    if problem.code == "unknown-table":
        return Question("sheet", sheet, problem.file, sheet, tuple(_tables(words)))
    table = wording.sheets.get(sheet) or _table(problem.file, sheet, wording.remembered)
    if problem.code not in _OF_HEADERS or problem.column is None or table is None:
        return None
    asked = f"{sheet}!{problem.column}"
    return Question("column", problem.column, place, asked, tuple(_columns(table, words)))


def _table(file: str, sheet: str, remembered: Mapping[str, str]) -> str | None:
    """The table of a sheet, as is remembered or as it or its workbook is called."""
    book = Path(file).stem
    names = (sheet, remembered_as(sheet, file, book), remembered_as(sheet, file))
    kept = (remembered[name] for name in names if name in remembered)
    return table_named(next(kept, sheet)) or table_named(book)


def _tables(words: Words) -> Iterator[Option]:
    yield Option(LEFT_OUT, words.say("leave out this sheet"))
    for name in TABLES:
        yield Option(name, _label(name, words.say(name)))


def _columns(table: str, words: Words) -> Iterator[Option]:
    yield Option(LEFT_OUT, words.say("leave out this column"))
    for entry in columns(TABLES[table]):
        yield Option(entry.name, _label(entry.name, words.say(entry.title)))


def _label(name: str, title: str) -> str:
    return name if title == name else f"{title} ({name})"
