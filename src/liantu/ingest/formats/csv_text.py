"""A table from a CSV file, every cell as text.

A record is a row, as in Excel: quoted line breaks do not begin a new one. Title rows above the
header are handed on; what parts the cells is told from the first rows.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pv

from liantu.errors import Problem
from liantu.ingest.contents.totals import footer_note, is_footer
from liantu.ingest.formats.encodings import LONGEST_ROW, Told, refused_line, told, too_long
from liantu.ingest.headings.header_search import HeaderAt, header_at
from liantu.ingest.intake import Raw, Sheet, quoted, refused
from liantu.ingest.many import more, n_listed

HEAD_SIGNS = 1 << 20
_HEAD_ROWS = 30
_LONGEST_WORDS = 500
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the file is written, what parts its cells, and where its header stands."""

    told: Told
    delimiter: str
    at: HeaderAt

    @property
    def begun(self) -> int:
        """The number of records up to the end of the header."""
        return self.at.above + self.at.height


@dataclass(frozen=True, slots=True)
class _Ragged:
    """A row whose number of cells differs from the header's; a blank line is one of none."""

    row: int
    cells: int
    text: str


def sheets(path: Path, file: str) -> Iterator[Raw]:
    """The table of a CSV file."""
    yield _raw(path, file)


def _raw(path: Path, file: str) -> Raw:
    layout = _layout(path, file)
    table, ragged = _table(path, file, layout)
    first = layout.begun + 1
    rows = np.arange(first, len(table) + len(ragged) + first, dtype=np.int32)
    rows = np.delete(rows, [item.row - first for item in ragged])
    wide = len(layout.at.words)
    problems = list(_problems(file, ragged, wide))
    parts = table.columns
    del table  # so that no column is held twice for longer than it takes to join its parts
    return Raw(
        Sheet(file),
        path.stem,
        layout.at.words,
        tuple(parts.pop(0).combine_chunks() for _ in range(wide)),
        pa.array(rows),
        header_row=layout.at.above + 1,
        problems=(*layout.told.notes, *problems),
        above=layout.at.lines,
        lost=_words(ragged, layout.delimiter),
    )


def delimiter_of(head: str) -> str:
    """What parts the cells: the sign by which most of the first records are equally wide."""
    return max(_DELIMITERS, key=lambda sign: _consistency(_records(head, sign)))


def _layout(path: Path, file: str) -> _Layout:
    """The encoding of a file from all its bytes, the rest from its first records."""
    encoding = told(path, file)
    csv.field_size_limit(LONGEST_ROW)
    with path.open(encoding=encoding.encoding, newline="") as stream:
        head = stream.read(HEAD_SIGNS)
    delimiter = delimiter_of(head)
    if encoding.quotes % 2:
        _refuse_open_quote(path, file, (encoding.encoding, delimiter))
    words = [[cell[:_LONGEST_WORDS] for cell in record] for record in _records(head, delimiter)]
    return _Layout(encoding, delimiter, header_at(words, (path.stem,)))


def _records(head: str, delimiter: str) -> list[list[str]]:
    """The first records, if these signs part the cells."""
    try:
        return list(
            islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), _HEAD_ROWS)
        )
    except csv.Error:
        return []


def _consistency(records: list[list[str]]) -> tuple[int, int]:
    """How many records have the same number of cells, more than one; and which number."""
    widths = Counter(len(record) for record in records if len(record) > 1)
    if not widths:
        return 0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count, width


def _table(path: Path, file: str, layout: _Layout) -> tuple[pa.Table, list[_Ragged]]:
    """All records below the header as text, and those that do not have its width."""
    table, ragged = _read(path, file, layout, threads=True)
    if ragged:
        table, ragged = _read(path, file, layout, threads=False)
    return table, ragged


def _read(
    path: Path, file: str, layout: _Layout, *, threads: bool
) -> tuple[pa.Table, list[_Ragged]]:
    ragged: list[_Ragged] = []

    def set_aside(row: pv.InvalidRow) -> str:
        ragged.append(_Ragged(row.number or 0, row.actual_columns, row.text))
        return "skip"

    names = [f"c{position}" for position in range(len(layout.at.words))]
    encoding = layout.told.encoding
    try:
        table = pv.read_csv(
            path,
            read_options=pv.ReadOptions(
                use_threads=threads,
                column_names=names,
                block_size=LONGEST_ROW,
                skip_rows_after_names=layout.begun,
                encoding="utf8" if encoding == "utf-8-sig" else encoding,
            ),
            parse_options=pv.ParseOptions(
                delimiter=layout.delimiter,
                newlines_in_values=layout.told.quotes > 0,
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
        is_long = "straddling" in str(error)
        if "Empty CSV" in str(error) or (is_long and path.stat().st_size < LONGEST_ROW):
            # a header that no line break follows
            return pa.table([pa.array([], pa.string())] * len(names), names), []
        if is_long:
            raise too_long(file, layout.begun + 1) from None
        words = ("rows of CSV", quoted(error, 200), "save the table as CSV again")
        raise refused(file, "unreadable-file", words) from None
    return table, ragged


def _problems(file: str, ragged: Sequence[_Ragged], wide: int) -> Iterator[Problem]:
    """A problem for each row of another width that is not blank; of very many a thousand."""
    filled = [item for item in ragged if item.text.strip(" \t,;|")]
    shown = n_listed(len(filled))
    for item in filled[:shown]:
        yield _problem(file, item, wide)
    if len(filled) > shown:
        yield more(len(filled) - shown, "", file, None)


def _words(ragged: Sequence[_Ragged], delimiter: str) -> frozenset[str]:
    """The words of the rows of another width."""
    rows = csv.reader((item.text for item in ragged), delimiter=delimiter)
    return frozenset(cell.strip() for row in rows for cell in row)


def _problem(file: str, ragged: _Ragged, wide: int) -> Problem:
    if is_footer(ragged.text):
        return footer_note(Sheet(file), [(ragged.row, ragged.text)])
    cells = f"{ragged.cells} cell{'' if ragged.cells == 1 else 's'}"
    return Problem(
        "ragged-row",
        f"{wide} cells, as many as the header has",
        f"{cells} in {quoted(ragged.text.strip())}",
        "put text that holds a comma in double quotes, and leave no cell out",
        file=file,
        row=ragged.row,
    )


def _refuse_open_quote(path: Path, file: str, written: tuple[str, str]) -> None:
    """Refuse a file in which a cell's quote is never closed, for it would swallow the rest."""
    encoding, delimiter = written
    with path.open(encoding=encoding, newline="") as stream:
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
            raise refused_line(file, begun, words) from None
