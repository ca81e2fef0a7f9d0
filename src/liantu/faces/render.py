"""A result as JSON, CSV and a workbook: every face hands out the same bytes."""

import csv
import datetime as dt
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

import pyarrow as pa
import xlsxwriter

from liantu.errors import Problem, Refusal
from liantu.faces.words import Words
from liantu.result import Entry, Figure, Provenance, Ref, Result, Sentence, say
from liantu.schema import Column, columns

_SHEET_ROWS = 1_048_575
_INFINITY = "Infinity"


def result_json(result: Result) -> dict[str, Any]:
    """The whole answer as plain values; what is infinite is the text ``Infinity``."""
    return {
        "lens": result.lens,
        "params": _plain(result.params),
        "columns": [_column_json(entry) for entry in columns(result.row)],
        "rows": _rows_json(result.table),
        "summary": [_plain(_fields(entry)) for entry in result.summary],
        "figures": [
            {"kind": type(figure).__name__.lower(), **_plain(_fields(figure))}
            for figure in result.figures
        ],
        "findings": [_plain(finding) for finding in result.findings],
        "left_out": [_plain(sentence) for sentence in result.answer.left_out],
        "provenance": _provenance_json(result.provenance),
    }


def result_csv(result: Result, words: Words) -> bytes:  # noqa: ARG001 - one call for each format
    """The rows as UTF-8 text that Excel opens, under the names of their columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(result.table.column_names)
    for batch in result.table.to_batches(max_chunksize=4096):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            writer.writerow([_csv_cell(value) for value in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def result_xlsx(result: Result, words: Words) -> bytes:
    """A workbook: the rows under their titles and units, the summary, where it comes from."""
    if result.table.num_rows > _SHEET_ROWS:
        raise Refusal(_too_long(result.table.num_rows))
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
        pen = _Pen(book, words)
        pen.sheet(words.say("Rows"), *_rows_sheet(result, words))
        pen.sheet(words.say("Summary"), *_summary_sheet(result, words))
        pen.sheet(words.say("Provenance"), *_provenance_sheet(result, words))
    return stream.getvalue()


def _column_json(entry: Column) -> dict[str, Any]:
    return {
        "name": entry.name,
        "title": entry.title,
        "type": f"list of {entry.type}" if entry.is_list else entry.type,
        "unit": entry.unit,
        "description": entry.meaning,
    }


def _rows_json(table: pa.Table) -> list[dict[str, Any]]:
    held = {name: _plain(table[name].to_pylist()) for name in table.column_names}
    names = list(held)
    return [dict(zip(names, row, strict=True)) for row in zip(*held.values(), strict=True)]


def _fields(record: Entry | Figure) -> dict[str, Any]:
    return {entry.name: getattr(record, entry.name) for entry in fields(record)}


def _provenance_json(provenance: Provenance) -> dict[str, Any]:
    return {
        "lens": provenance.lens,
        "version": provenance.version,
        "params": _plain(provenance.params),
        "generation": provenance.stamp.generation,
        "fingerprint": provenance.stamp.fingerprint,
        "when": provenance.stamp.when,
        "reads": [
            {"name": read.name, "rows": read.rows, "synthetic": read.synthetic, "sql": read.sql}
            for read in provenance.reads
        ],
        "sources": list(provenance.sources),
    }


def _plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - a value of any kind, each with its form
    """The value as JSON can hold it."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else _infinite(value)
    if isinstance(value, Sentence):
        return {"text": value.template, "values": _plain(value.values)}
    if isinstance(value, Ref):
        return {"table": value.table, "id": value.id}
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    return _plain(_fields(value))


def _infinite(value: float) -> str | None:
    if math.isnan(value):
        return None
    return _INFINITY if value > 0 else f"-{_INFINITY}"


def _csv_cell(value: Any) -> str:  # noqa: ANN401 - a cell holds any type
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(_csv_cell(item) for item in value)
    return str(_plain(value))


Sheet = tuple[list[str], Iterator[list[Any]]]


def _rows_sheet(result: Result, words: Words) -> Sheet:
    """Each column under its title; a reference by its name, and beside it by its id."""
    declared = columns(result.row)
    head: list[str] = []
    for entry in declared:
        head.append(words.head(entry) if entry.unit != "share" else words.say(entry.title))
        if entry.references:
            head.append(words.say(say("{title}, id", title=entry.title)))
    for entry in declared:
        _load(result, entry, words)

    def rows() -> Iterator[list[Any]]:
        for batch in result.table.to_batches(max_chunksize=4096):
            held = [batch.column(entry.name).to_pylist() for entry in declared]
            for row in zip(*held, strict=True):
                yield _sheet_row(row, declared, words)

    return head, rows()


def _load(result: Result, entry: Column, words: Words) -> None:
    if not entry.references or entry.is_list:
        return
    held = {value for value in result.table[entry.name].to_pylist() if value}
    for table in entry.references:
        words.names.load(table, held)


def _sheet_row(row: Sequence[Any], declared: Sequence[Column], words: Words) -> list[Any]:
    cells: list[Any] = []
    for value, entry in zip(row, declared, strict=True):
        shown: Any = value
        if value is not None and (entry.type in {"text", "boolean"} or entry.is_list):
            shown = words.cell(value, entry)
        elif isinstance(value, float) and entry.unit == "share":
            shown = _Share(value)
        cells.append(shown)
        if entry.references:
            cells.append(_csv_cell(value) or None)
    return cells


def _summary_sheet(result: Result, words: Words) -> Sheet:
    head = ["Name", "Title", "Subject", "Value", "Unit", "Base", "Unknown", "Synthetic"]

    def rows() -> Iterator[list[Any]]:
        for entry in result.summary:
            value = entry.value
            if isinstance(value, str):
                value = words.measured(entry)[0]
            yield [
                entry.name,
                words.say(entry.title),
                words.label(entry.subject) if entry.subject else None,
                _Share(value) if entry.unit == "share" and value is not None else value,
                None if entry.unit == "share" else words.unit(entry.unit),
                words.say(entry.base) if entry.base else None,
                entry.unknown,
                entry.synthetic,
            ]

    return [words.say(title) for title in head], rows()


def _provenance_sheet(result: Result, words: Words) -> Sheet:
    origin = result.provenance

    def rows() -> Iterator[list[Any]]:
        yield [words.say("Lens"), f"{origin.lens} {origin.version}"]
        yield [words.say("Generation"), origin.stamp.generation, origin.stamp.fingerprint]
        yield [words.say("Imported"), origin.stamp.when]
        for name, value in origin.params.items():
            yield [words.say("Parameter"), name, _csv_cell(value)]
        for read in origin.reads:
            yield [words.say("Rows read"), read.name, read.rows, read.sql]
            yield [words.say("Synthetic rows read"), read.name, read.synthetic]
        for sentence in result.answer.left_out:
            yield [words.say("Left out"), words.say(sentence)]
        for source in origin.sources:
            yield [words.say("Source"), source, words.name("sources", source)]

    return [words.say("What"), words.say("Value"), words.say("More")], rows()


class _Share(float):
    """A share in 0..1, which a sheet shows in per cent."""


class _Pen:
    """Writes sheets: numbers as numbers, text never as a formula or a link."""

    def __init__(self, book: Any, words: Words) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self._book, self._words = book, words
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self._share = book.add_format({"num_format": "0%"})
        self._date = book.add_format({"num_format": "yyyy-mm-dd"})

    def sheet(self, name: str, head: list[str], rows: Iterator[list[Any]]) -> None:
        """Add a sheet with a head that stays in sight."""
        sheet = self._book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, max(len(head) - 1, 0), 18)
        for position, title in enumerate(head):
            sheet.write_string(0, position, title, self._head)
        for number, row in enumerate(rows, start=1):
            for position, value in enumerate(row):
                self._write(sheet, number, position, value)

    def _write(self, sheet: Any, row: int, position: int, value: Any) -> None:  # noqa: ANN401
        if value is None:
            return
        if isinstance(value, float) and not math.isfinite(value):
            sheet.write_string(row, position, self._words.number(value))
        elif isinstance(value, _Share):
            sheet.write_number(row, position, float(value), self._share)
        elif isinstance(value, bool):
            sheet.write_boolean(row, position, value)
        elif isinstance(value, int | float):
            sheet.write_number(row, position, value)
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, position, value, self._date)
        else:
            sheet.write_string(row, position, str(value)[:32_767])


def _too_long(rows: int) -> Problem:
    return Problem(
        code="too-many-rows",
        expected=f"at most {_SHEET_ROWS:,} rows for a sheet of Excel",
        found=f"{rows:,}",
        remedy="take the CSV, or ask for less",
    )
