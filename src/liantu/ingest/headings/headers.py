"""What the words above a table mean: which table it is, and which column stands where.

A name is accepted as the column is called, as its English title or as the Chinese one, in any
case and width, with blanks or underscores, with a unit behind it, and with a sign that it is
required: ``名称 *``, ``产值（万元）``. A few more words that can mean nothing else are known.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.utility import xl_rowcol_to_cell

from liantu.errors import Problem, did_you_mean
from liantu.ingest.headings.name_columns import can_be_made, names_of
from liantu.ingest.headings.synonyms import ORDINALS, also_called
from liantu.ingest.headings.units import parted, unit_of
from liantu.ingest.intake import Raw, quoted
from liantu.locale import translated
from liantu.schema import TABLES, Column, columns

# What Excel and WPS call a sheet that nobody has named.
_UNNAMED = re.compile(r"(?:sheet|工作表|表格?)\s*[0-9]*", re.IGNORECASE)
_BETWEEN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff])_(?=[\u3400-\u9fff])")
_MARKS = re.compile(
    r"^[*※]+\s*|\s*[*※]+$|\s*[(\[【](?:必填项?|选填|可选|required|optional)[)\]】]$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """The column that a header names, with the words of its unit if it has one."""

    entry: Column
    unit: str | None = None

    @property
    def column(self) -> str:
        """The name of the column."""
        return self.entry.name


@dataclass(frozen=True, slots=True)
class Header:
    """Which column stands at which position, in which unit, and what was wrong with the words.

    ``units`` holds the words of the unit for the columns that have one in their header.
    """

    positions: dict[str, int]
    units: dict[str, str]
    problems: tuple[Problem, ...]


def plain(words: str) -> str:
    """The words as they are compared: half width, lower case, blanks as underscores.

    Between Chinese characters blanks and line breaks are nothing, and signs that a column is
    required are left off.
    """
    narrow = unicodedata.normalize("NFKC", words).strip("\ufeff \t\r\n").casefold()
    while (bare := _MARKS.sub("", narrow)) != narrow:
        narrow = bare
    joined = "_".join(narrow.replace("-", "_").replace("/", "").replace("_", " ").split())
    return _BETWEEN_CHINESE.sub("", joined)


@cache
def table_names() -> dict[str, str]:
    """Every accepted name of a table, plain, with the table it means."""
    chinese = {plain(translated(name, "zh")): name for name in TABLES}
    return chinese | {plain(name): name for name in TABLES}


def table_named(words: str) -> str | None:
    """The table that words name; None where they name none."""
    return table_names().get(plain(words))


@cache
def column_names(table: str) -> dict[str, str]:
    """Every accepted name of a column of the table, plain, with the column it means."""
    entries = columns(TABLES[table])
    also = {plain(word): name for word, name in also_called(table).items()}
    chinese = {plain(translated(entry.title, "zh")): entry.name for entry in entries}
    titles = {plain(entry.title): entry.name for entry in entries}
    return also | chinese | titles | {plain(entry.name): entry.name for entry in entries}


@lru_cache(maxsize=1 << 14)
def column_at(words: str, table: str) -> Found | None:
    """The column of the table that a header names, with its unit; None where it names none.

    Words in brackets are a unit above a number alone; above text they may be part of a name.
    """
    known, entries = column_names(table), _entries(table)
    if name := known.get(plain(words)):
        return Found(entries[name])
    for part in parted(_MARKS.sub("", words.strip())):
        name = known.get(plain(part.name))
        if name and entries[name].type in ("number", "integer"):
            return Found(entries[name], part.unit)
    return None


def table_of(raw: Raw) -> str | Problem:
    """The table that a file or sheet is named after."""
    found = table_named(raw.table) or table_of_book(raw)
    if found:
        return found
    return Problem(
        "unknown-table",
        "the name of a table, such as places or organisations",
        quoted(raw.table),
        _what_table(raw),
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
    )


def _what_table(raw: Raw) -> str:
    """What to do about a sheet or file that is named after no table."""
    near, fits = table_hint(raw.table), fitting(raw.headers)
    what = "sheet" if raw.sheet.sheet else "file"
    if fits and not near.startswith("did"):
        near = f"its columns fit {fits}: rename the {what}, "
    else:
        near += " " if near.endswith("?") else "; "
    near += f"or say which it is: --sheet '{raw.table}={fits or 'TABLE'}'"
    return f"{near}; or leave it out: --sheet '{raw.table}=-'" if raw.sheet.sheet else near


def table_of_book(raw: Raw) -> str | None:
    """The table that a workbook is named after, for its only sheet that Excel has named."""
    return table_named(raw.book) if raw.book and is_unnamed(raw.table) else None


def is_unnamed(sheet: str) -> bool:
    """Whether a sheet is called as Excel calls one that nobody has named."""
    return _UNNAMED.fullmatch(sheet.strip()) is not None


def table_hint(words: str) -> str:
    """What to do about words that name no table: the nearest names, in either language."""
    return _hint(words, list(TABLES), [translated(name, "zh") for name in TABLES])


def column_hint(words: str, table: str) -> str:
    """What to do about words that name no column: the nearest names, in either language."""
    entries = columns(TABLES[table])
    chinese = [translated(entry.title, "zh") for entry in entries]
    return _hint(words, [entry.name for entry in entries], chinese)


def fitting(headers: Iterable[str]) -> str | None:
    """The one table whose required columns are all among the headers, and most others too."""
    words = [word for word in headers if word.strip()]
    named = {
        table: {found.column for word in words if (found := column_at(word, table))}
        for table in TABLES
    }
    fit = {
        table: len(found)
        for table, found in named.items()
        if len(found) * 2 >= len(words)
        and all(entry.nullable or entry.name in found for entry in columns(TABLES[table]))
    }
    best = [table for table, count in fit.items() if count == max(fit.values())]
    return best[0] if len(best) == 1 else None


def header_of(raw: Raw, table: str, meant: Mapping[str, str] | None = None) -> Header:
    """The columns that the headers name, and every header that names none or one again.

    ``meant`` maps plain words to the column that a user says they mean, "" to leave them out.
    """
    positions: dict[str, int] = {}
    units: dict[str, str] = {}
    problems: list[Problem] = []
    meant = meant or {}
    for position, words in enumerate(raw.headers):
        if meant.get(plain(words)) == "":
            continue
        found = _meant(words, table, meant) or column_at(words, table)
        if found is None:
            problems += _nameless(raw, table, position)
            continue
        name = found.column
        if name in positions:
            problems.append(_repeated(raw, name, (positions[name], position)))
            continue
        positions[name] = position
        if found.unit:
            units[name] = found.unit
    if not positions:
        return Header({}, {}, (_no_table(raw, table),))
    entries = columns(TABLES[table])
    missing = (
        item
        for item in entries
        if not (item.nullable or item.name in positions)
        and not (can_be_made(table, item) and not positions.keys().isdisjoint(names_of(table)))
    )
    return Header(positions, units, (*problems, *_missing(raw, table, missing)))


@cache
def _entries(table: str) -> dict[str, Column]:
    return {entry.name: entry for entry in columns(TABLES[table])}


def _meant(words: str, table: str, meant: Mapping[str, str]) -> Found | None:
    """The column that a user says a header means, with the unit that stands behind it."""
    name = meant.get(plain(words))
    if name is None:
        return None
    entry = _entries(table)[name]
    parts = parted(words) if entry.type in ("number", "integer") else []
    return Found(entry, next((part.unit for part in parts if unit_of(part.unit)), None))


def _hint(words: str, names: list[str], chinese: list[str]) -> str:
    """The nearest of the names; where none is near, those in the language of the words."""
    near = did_you_mean(words, list(dict.fromkeys([*names, *chinese])))
    if near.startswith("did"):
        return near
    is_chinese = any("\u3400" <= sign <= "\u9fff" for sign in words)
    return did_you_mean(words, chinese if is_chinese else names)


def left_out(raw: Raw, position: int, why: str) -> Problem:
    """The note on a column that is left out, and ``why``."""
    words = " ".join(raw.headers[position].split())
    count = len(raw.rows) - raw.cells[position].null_count
    return Problem(
        "column-left-out",
        "columns that are read",
        f"{quoted(words)}, filled in {count:,} of {len(raw.rows):,} rows",
        f"nothing need be done: {why}",
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=raw.header_row,
        column=words,
        severity="warning",
    )


def _nameless(raw: Raw, table: str, position: int) -> list[Problem]:
    """What is said of a header that names no column; of a blank one above blanks nothing."""
    words = raw.headers[position]
    has_fault = any(fault.position == position for fault in raw.faults)
    if _is_blank(raw.cells[position]) and not has_fault:
        return [left_out(raw, position, "it holds nothing")] if words.strip() else []
    if plain(words) in ORDINALS:
        return [left_out(raw, position, "it numbers the rows")]
    return [_unknown(raw, table, position)]


def _elsewhere(words: str, table: str) -> str:
    """In which one table words do name a column; "" where in none, or as 备注 in several."""
    tables = [name for name in TABLES if name != table and column_at(words, name)]
    if len(tables) != 1:
        return ""
    return f"it is a column of {tables[0]}: put it on a sheet of that name; "


def _unknown(raw: Raw, table: str, position: int) -> Problem:
    words, row = raw.headers[position], raw.header_row
    said = " ".join(words.split())
    hint = column_hint(said, table) if said else "name the column above them, or clear them"
    if said and not hint.startswith("did"):
        hint = (
            f"{_elsewhere(words, table)}{hint}; or say what it means: --column "
            f"'{said}=COLUMN'; or leave it out: --column '{said}=-'"
        )
    return Problem(
        "unknown-column",
        f"the name of a column of {table}",
        quoted(words) if said else "cells below a blank header",
        hint,
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=row,
        column=said or None,
        cell=xl_rowcol_to_cell(row - 1, raw.first_column + position) if row else None,
    )


def _is_blank(cells: pa.Array) -> bool:
    """Whether a column holds nothing but blanks."""
    if cells.null_count == len(cells):
        return True
    is_text = pa.types.is_string(cells.type)
    return is_text and not pc.any(pc.not_equal(pc.utf8_trim_whitespace(cells), "")).as_py()


def _repeated(raw: Raw, name: str, both: tuple[int, int]) -> Problem:
    """A problem of the second of two columns that mean the same."""
    first, second = both
    said, other = (" ".join(raw.headers[at].split()) for at in (second, first))
    or_left_out = "" if said == other else f", or leave it out: --column '{said}=-'"
    again = xl_rowcol_to_cell((raw.header_row or 1) - 1, raw.first_column + second)
    return Problem(
        "repeated-column",
        f"one column for {name}",
        f"{quoted(raw.headers[first])} and {quoted(raw.headers[second])}",
        f"keep one of the two{or_left_out}",
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=raw.header_row,
        column=name,
        cell=again if raw.header_row else None,
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
