"""Tables as a workbook, or as a folder of CSV files; imported again they change nothing."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from liantu.disk import filling, replacing
from liantu.errors import Problem, Refusal
from liantu.ingest.books import layout
from liantu.ingest.books.titles import choices, header, table_title
from liantu.locale import Language, translated
from liantu.schema import TABLES, Column, arrow_schema, columns

_LONGEST_TEXT = 32_767
_EXACT_INTEGER = 2**53
_FIRST_DAY = dt.date(1900, 3, 1)  # before it Excel counts a day that never was

_Write = Callable[[int, int, object, Format | None], object]


class _Exact(float):
    """A number that is written with all its digits, whatever number of them is asked for."""

    __slots__ = ()

    def __format__(self, _: str) -> str:
        return float.__repr__(self)


def write_export(
    tables: Mapping[str, pa.Table], target: Path, language: Language = "en"
) -> None:
    """Write the tables that have rows: a workbook if ``target`` ends in .xlsx, else a folder.

    The columns are those of the schema, in the words of the language; origins are left out.
    """
    filled = {
        name: tables[name].select(arrow_schema(model).names)
        for name, model in TABLES.items()
        if name in tables and len(tables[name])
    }
    if target.suffix.lower() == ".xlsx":
        _write_workbook(filled, target, language)
    elif problems := _unfit(target, {f"{table_title(n, language)}.csv" for n in filled}):
        raise Refusal(problems)
    else:
        _write_folder(filled, target, language)


def _unfit(folder: Path, files: set[str]) -> list[Problem]:
    """Why a folder cannot be exported to: its name, or tables in it that would stay behind."""
    expected, remedy = "a name that ends in .xlsx, or a folder", "write NAME.xlsx, or a folder"
    if folder.suffix and not folder.is_dir():
        return [Problem("no-export", expected, f'"{folder.name}"', remedy)]
    held = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    stale = sorted(name for name in held - files if name.lower().endswith(".csv"))
    expected = "a folder without other tables, which an import would take in"
    remedy = "choose another folder, or take them out"
    return [Problem("no-export", expected, ", ".join(stale), remedy)] if stale else []


def _write_workbook(tables: dict[str, pa.Table], path: Path, language: Language) -> None:
    problems = [item for name, table in tables.items() for item in _too_big(name, table)]
    if problems:
        raise Refusal(problems)
    with replacing(path) as aside, layout.workbook(aside, language, tuple(tables)) as book:
        for name, table in tables.items():
            page = book.sheet(name)
            writers = [
                (_writer(page, entry, language), book.formats.get(entry.type))
                for entry in columns(TABLES[name])
            ]
            _write_rows(table, writers)


def _write_rows(table: pa.Table, writers: Sequence[tuple[_Write, Format | None]]) -> None:
    """Every cell that is not blank, a row at a time."""
    row = 0
    for batch in table.to_batches(max_chunksize=65_536):
        for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            row += 1
            for position, (value, (write, shape)) in enumerate(
                zip(values, writers, strict=True)
            ):
                if value is not None and value != "":
                    write(row, position, value, shape)


def _writer(page: Worksheet, entry: Column, language: Language) -> _Write:
    """How cells of the column are written: text stays text, whatever it looks like."""

    def word(row: int, position: int, value: object, shape: Format | None) -> object:
        return page.write_string(row, position, translated(str(value), language), shape)

    def text(row: int, position: int, value: object, shape: Format | None) -> object:
        return page.write_string(row, position, str(value), shape)

    def number(row: int, position: int, value: object, shape: Format | None) -> object:
        if isinstance(value, int) and abs(value) > _EXACT_INTEGER:
            return page.write_string(row, position, str(value), shape)
        return page.write_number(row, position, _Exact(str(value)), shape)

    def boolean(row: int, position: int, value: object, shape: Format | None) -> object:
        if language == "en":
            return page.write_boolean(row, position, bool(value), shape)
        yes, no = choices(entry, language)
        return page.write_string(row, position, yes if value else no, shape)

    def date(row: int, position: int, value: object, shape: Format | None) -> object:
        if isinstance(value, dt.date) and value >= _FIRST_DAY:
            return page.write_datetime(row, position, value, shape)
        return page.write_string(row, position, str(value), shape)

    if entry.choices:
        return word
    return {
        "text": text,
        "integer": number,
        "number": number,
        "boolean": boolean,
        "date": date,
        "time": text,  # Excel counts in parts of a day and would lose microseconds
    }[entry.type]


def _write_folder(tables: dict[str, pa.Table], folder: Path, language: Language) -> None:
    with filling(folder) as aside:
        for name, table in tables.items():
            named = _in_words(table, columns(TABLES[name]), language)
            with (aside / f"{table_title(name, language)}.csv").open("wb") as stream:
                if language != "en":
                    stream.write(b"\xef\xbb\xbf")  # Excel takes it for UTF-8 only with this
                pv.write_csv(named, stream)


def _in_words(table: pa.Table, entries: Sequence[Column], language: Language) -> pa.Table:
    """The table with headers, choices and truth values in the language."""
    if language == "en":
        return table
    arrays = [
        _translated(table.column(entry.name).combine_chunks(), entry, language)
        for entry in entries
    ]
    return pa.Table.from_arrays(arrays, [header(entry, language) for entry in entries])


def _translated(values: pa.Array, entry: Column, language: Language) -> pa.Array:
    if entry.type == "boolean":
        return pc.if_else(values, *choices(entry, language))
    if not entry.choices:
        return values
    met = pc.dictionary_encode(values)
    words = [translated(word, language) for word in met.dictionary.to_pylist()]
    return pa.array(words, pa.string()).take(met.indices)


def _too_big(name: str, table: pa.Table) -> list[Problem]:
    """What a sheet cannot hold: too many rows, or a cell with too much text."""
    remedy = "export to a folder of CSV files instead"
    problems: list[Problem] = []
    if len(table) > layout.MOST_ROWS:
        expected = f"at most {layout.MOST_ROWS:,} rows in a sheet"
        found = f"{len(table):,} rows of {name}"
        problems.append(Problem("too-large", expected, found, remedy, sheet=name))
    for entry in columns(TABLES[name]):
        if entry.type == "text":
            longest = pc.max(pc.utf8_length(table.column(entry.name))).as_py() or 0
            if longest > _LONGEST_TEXT:
                expected = f"at most {_LONGEST_TEXT:,} characters in a cell"
                found = f"{longest:,} in {entry.name} of {name}"
                words = (expected, found, remedy)
                problems.append(Problem("too-large", *words, sheet=name, column=entry.name))
    return problems
