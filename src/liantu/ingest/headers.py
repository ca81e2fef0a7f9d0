"""What the words above a table mean: which table it is, and which column stands where.

A name is accepted as the column is called, as its English title or as the Chinese one, in any
case, with blanks or underscores. Units in headers and remembered layouts would be read here.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from liantu.errors import Problem, did_you_mean
from liantu.ingest.intake import Raw, quoted
from liantu.locale import translated
from liantu.schema import TABLES, Column, columns

_GUIDES = frozenset({"notes", "说明"})


@dataclass(frozen=True, slots=True)
class Header:
    """Which column of the table stands at which position, and what was wrong with the words."""

    positions: dict[str, int]
    problems: tuple[Problem, ...]


def plain(words: str) -> str:
    """The words as they are compared: half width, lower case, blanks as underscores."""
    narrow = unicodedata.normalize("NFKC", words).strip("\ufeff \t\r\n").casefold()
    return "_".join(narrow.replace("-", "_").replace("/", "").replace("_", " ").split())


@cache
def table_names() -> dict[str, str]:
    """Every accepted name of a table, plain, with the table it means."""
    chinese = {plain(translated(name, "zh")): name for name in TABLES}
    return chinese | {plain(name): name for name in TABLES}


@cache
def column_names(table: str) -> dict[str, str]:
    """Every accepted name of a column of the table, plain, with the column it means."""
    entries = columns(TABLES[table])
    chinese = {plain(translated(entry.title, "zh")): entry.name for entry in entries}
    titles = {plain(entry.title): entry.name for entry in entries}
    return chinese | titles | {plain(entry.name): entry.name for entry in entries}


def is_guide(sheet: str) -> bool:
    """Whether a sheet is the template's guide, which holds no rows."""
    return plain(sheet) in _GUIDES


def table_of(raw: Raw) -> str | Problem:
    """The table that a file or sheet is named after."""
    found = table_names().get(plain(raw.table))
    if found:
        return found
    return Problem(
        "unknown-table",
        "the name of a table, such as places or organisations",
        quoted(raw.table),
        did_you_mean(raw.table, list(TABLES)),
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
    )


def header_of(raw: Raw, table: str) -> Header:
    """The columns that the headers name, and every header that names none or one again."""
    known = column_names(table)
    positions: dict[str, int] = {}
    problems: list[Problem] = []
    for position, words in enumerate(raw.headers):
        name = known.get(plain(words))
        if name is None:
            if words.strip() or raw.cells[position].null_count < len(raw.rows):
                problems.append(_unknown(raw, table, words))
        elif name in positions:
            problems.append(_repeated(raw, name, (raw.headers[positions[name]], words)))
        else:
            positions[name] = position
    if not positions:
        return Header({}, (_no_table(raw, table),))
    entries = columns(TABLES[table])
    missing = (item for item in entries if not item.nullable and item.name not in positions)
    return Header(positions, (*problems, *_missing(raw, table, missing)))


def _unknown(raw: Raw, table: str, words: str) -> Problem:
    names = [entry.name for entry in columns(TABLES[table])]
    return Problem(
        "unknown-column",
        f"the name of a column of {table}",
        quoted(words) if words.strip() else "cells below a blank header",
        did_you_mean(words.strip(), names),
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=raw.header_row,
        column=words.strip() or None,
    )


def _repeated(raw: Raw, name: str, both: tuple[str, str]) -> Problem:
    first, second = both
    return Problem(
        "repeated-column",
        f"one column for {name}",
        f"{quoted(first)} and {quoted(second)}",
        "keep one of the two",
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=raw.header_row,
        column=name,
    )


def _missing(raw: Raw, table: str, missing: Iterable[Column]) -> list[Problem]:
    return [
        Problem(
            "missing-column",
            f"a column {entry.name} in {table}: {entry.meaning.rstrip('.')}",
            "none",
            f"add the column {entry.name} and fill it in",
            file=raw.sheet.file,
            sheet=raw.sheet.sheet,
            row=raw.header_row,
            column=entry.name,
        )
        for entry in missing
    ]


def _no_table(raw: Raw, table: str) -> Problem:
    names = ", ".join(entry.name for entry in columns(TABLES[table])[:4])
    return Problem(
        "unknown-kind",
        f"a first row that names columns of {table}: {names}, …",
        quoted(", ".join(raw.headers)),
        "put the names of the columns above the rows, one in each cell",
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=raw.header_row,
    )
