"""A table from a CSV file, every cell as text.

A record is a row, as in Excel: quoted line breaks do not begin a new one. Other encodings than
UTF-8 would be told apart in ``_Scan``.
"""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pv

from liantu.errors import Problem, Refusal
from liantu.ingest.intake import Raw, Sheet, quoted, refused

_CHUNK = 1 << 20
_LONGEST_ROW = 16 << 20


@dataclass(frozen=True, slots=True)
class _Scan:
    """What one pass over the bytes tells: the number of quotes and the first record."""

    quotes: int
    header: tuple[str, ...]
    delimiter: str


@dataclass(frozen=True, slots=True)
class _Ragged:
    """A row whose number of cells differs from the header's; a blank line is one of none."""

    row: int
    cells: int
    text: str


def sheets(path: Path, file: str) -> Iterator[Raw]:
    """The table of a CSV file."""
    scan = _scan(path, file)
    table, ragged = _table(path, file, scan)
    rows = np.arange(2, len(table) + len(ragged) + 2, dtype=np.int32)
    rows = np.delete(rows, [item.row - 2 for item in ragged])
    wide = len(scan.header)
    problems = tuple(_problem(file, item, wide) for item in ragged if item.text.strip(" \t,;"))
    yield Raw(
        Sheet(file),
        path.stem,
        scan.header,
        tuple(column.combine_chunks() for column in table.columns),
        pa.array(rows),
        problems=problems,
    )


def _scan(path: Path, file: str) -> _Scan:
    """The bytes read once: refused where they are not UTF-8, hold NUL or are blank."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    quotes = line = 0
    seen = False
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if b"\0" in chunk:
                at = line + chunk[: chunk.index(b"\0")].count(b"\n") + 1
                raise _refused_line(file, at, ("text", "a NUL byte", "save the file again"))
            try:
                seen = seen or bool(decoder.decode(chunk).strip("\ufeff \r\n\t,;"))
            except UnicodeDecodeError as error:
                raise _not_utf8(file, line, error) from None
            quotes += chunk.count(b'"')
            line += chunk.count(b"\n")
    if not seen:
        words = ("a header and rows", "nothing but blanks", "fill it in, or leave it out")
        raise refused(file, "empty-file", words)
    header, delimiter = _header(path)
    if quotes % 2:
        _refuse_open_quote(path, file, delimiter)
    return _Scan(quotes, header, delimiter)


def _header(path: Path) -> tuple[tuple[str, ...], str]:
    """The first record, and what parts its cells: a comma, else a semicolon or a tab."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        line = stream.readline(_CHUNK)
        stream.seek(0)
        delimiter = next((sign for sign in ",;\t" if sign in line), ",")
        csv.field_size_limit(_LONGEST_ROW)
        return tuple(next(csv.reader(stream, delimiter=delimiter), [])), delimiter


def _table(path: Path, file: str, scan: _Scan) -> tuple[pa.Table, list[_Ragged]]:
    """All records below the header as text, and those that do not have its width."""
    table, ragged = _read(path, file, scan, threads=True)
    if ragged:
        table, ragged = _read(path, file, scan, threads=False)
    return table, ragged


def _read(
    path: Path, file: str, scan: _Scan, *, threads: bool
) -> tuple[pa.Table, list[_Ragged]]:
    ragged: list[_Ragged] = []

    def set_aside(row: pv.InvalidRow) -> str:
        ragged.append(_Ragged(row.number or 0, row.actual_columns, row.text))
        return "skip"

    names = [f"c{position}" for position in range(len(scan.header))]
    try:
        table = pv.read_csv(
            path,
            read_options=pv.ReadOptions(
                use_threads=threads, column_names=names, block_size=_LONGEST_ROW
            ),
            parse_options=pv.ParseOptions(
                delimiter=scan.delimiter,
                newlines_in_values=scan.quotes > 0,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            convert_options=pv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):  # a header that no line break follows
            return pa.table([pa.array([], pa.string())] * len(names), names), []
        words = ("rows of CSV", quoted(error, 200), "save the table as CSV again")
        raise refused(file, "unreadable-file", words) from None
    return table.slice(1), ragged


def _problem(file: str, ragged: _Ragged, wide: int) -> Problem:
    cells = f"{ragged.cells} cell{'' if ragged.cells == 1 else 's'}"
    return Problem(
        "ragged-row",
        f"{wide} cells, as many as the header has",
        f"{cells} in {quoted(ragged.text.strip())}",
        "put text that holds a comma in double quotes, and leave no cell out",
        file=file,
        row=ragged.row,
    )


def _not_utf8(file: str, line: int, error: UnicodeDecodeError) -> Refusal:
    at = line + error.object[: error.start].count(b"\n") + 1
    byte = f"byte 0x{error.object[error.start]:02x}"
    words = ("text in UTF-8", byte, "save the file as CSV UTF-8 (in Excel: Save As)")
    return _refused_line(file, at, words)


def _refuse_open_quote(path: Path, file: str, delimiter: str) -> None:
    """Refuse a file in which a cell's quote is never closed, for it would swallow the rest."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        row = begun = 1
        try:
            for row, _ in enumerate(reader, start=2):
                begun = row
        except csv.Error:
            words = (
                "a closing double quote for each that opens a cell",
                f"none up to line {reader.line_num}",
                "close the quote, or double it where it is meant as text",
            )
            raise _refused_line(file, begun, words) from None


def _refused_line(file: str, row: int, words: tuple[str, str, str]) -> Refusal:
    expected, found, remedy = words
    return Refusal(Problem("unreadable-file", expected, found, remedy, file=file, row=row))
