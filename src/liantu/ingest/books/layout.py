"""The layout of a workbook that goes out, is edited and comes in: template and export alike.

A sheet for each table, its header cells with the meaning as a comment and lists to choose
from, and before them a guide that explains every column and shows an example.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from liantu.errors import Refusal
from liantu.ingest.books.examples import shown
from liantu.ingest.books.lists import Lists
from liantu.ingest.books.sheet_text import width_of
from liantu.ingest.books.titles import choices, header, table_title
from liantu.ingest.headings.own_sheets import GUIDE
from liantu.ingest.scratch import no_room, scratch_folder
from liantu.locale import Language, translated
from liantu.schema import TABLES, Column, columns

MOST_ROWS = 1_048_575
_GUIDE_COLUMNS = (
    "Table",
    "Column",
    "Meaning",
    "Type",
    "Unit",
    "Required",
    "Choices",
    "Refers to",
)
_WIDTHS = (18, 20, 60, 12, 14, 9, 40, 18, 30)
_NARROWEST, _WIDEST = 11, 40
_BOX_WIDTH, _LINE_HEIGHT, _LETTERS_IN_LINE = 256, 18, 34
_A4 = 9
_HOW = (
    "Each sheet is a table. Sheets and columns that you do not need may stay empty.",
    "The grey row in italics is an example. Write over all of it, or leave it: it is not read.",
    "Headers with a darker ground are required. Point at a header to read what it means.",
    "What you type as an identifier can be chosen from a list where other sheets refer to it.",
    "Write dates as 2024-05-31; part several sources in one cell by a semicolon.",
)
# Without this the same tables would give other bytes each time they are written.
_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook that is being written: rows are written as they come."""

    made: Workbook
    language: Language
    lists: Lists
    formats: Mapping[str, Format]

    def sheet(self, table: str) -> Worksheet:
        """A new sheet for the table, with headers, comments and lists, and no rows."""
        page: Worksheet = self.made.add_worksheet(table_title(table, self.language))
        for position, entry in enumerate(columns(TABLES[table])):
            words = header(entry, self.language)
            width = _width(words, shown(table, entry, self.language))
            page.set_column(position, position, width, self.formats.get(entry.type))
            ground = self.formats["header" if entry.nullable else "required header"]
            page.write_string(0, position, words, ground)
            words = _comment(entry, self.language)
            page.write_comment(0, position, words, _box(words))
            self._offer(page, table, entry, position)
        page.freeze_panes(1, 0)
        _print_wide(page, 0)
        return page

    def _offer(self, page: Worksheet, table: str, entry: Column, position: int) -> None:
        """A list to choose from; identifiers may be others, for they may come with it."""
        source = self.lists.source(table, entry)
        if source:
            is_open = not choices(entry, self.language)
            options = {"validate": "list", "source": source, "show_error": not is_open}
            page.data_validation(1, position, MOST_ROWS, position, options)


@contextmanager
def workbook(
    path: Path,
    language: Language,
    tables: Sequence[str],
    recorded: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[Book]:
    """A new workbook that begins with the guide and will have a sheet for each of the tables.

    ``recorded`` gives identifiers on record, which are then offered to choose from. The file
    comes into being at the end; if it cannot, that is an OSError.
    """
    packed = BytesIO()  # a file on a full disk would complain once more as it is let go of
    with scratch_folder() as folder:  # what is left in it by a failure goes with it
        options = {"constant_memory": True, "tmpdir": str(folder)}
        made = xlsxwriter.Workbook(packed, options)
        made.set_properties({"created": _CREATED})
        book = Book(made, language, Lists(tables, language, recorded or {}), _formats(made))
        try:
            _write_guide(made, language)
            yield book
            book.lists.write(made)
            made.close()
        except FileCreateError as error:
            raise Refusal(no_room(error.args[0])) from error
        except OSError as error:
            raise Refusal(no_room(error)) from error
    path.write_bytes(packed.getbuffer())


def _formats(made: Workbook) -> dict[str, Format]:
    """The shape of the cells of each type that needs one, so that 001 stays 001."""
    shapes: dict[str, dict[str, object]] = {
        "text": {"num_format": "@"},
        "time": {"num_format": "@"},
        "date": {"num_format": "yyyy-mm-dd"},
        "header": {"bold": True, "bg_color": "#EDEDED", "bottom": 1},
        "required header": {"bold": True, "bg_color": "#C9D3DF", "bottom": 1},
        "example": {"italic": True, "font_color": "#8A8A8A", "num_format": "@"},
    }
    return {name: made.add_format(shape) for name, shape in shapes.items()}


def _width(*lines: str) -> int:
    """Wide enough for the longest of the lines, within what is easy to read."""
    longest = max(map(width_of, lines))
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _comment(entry: Column, language: Language) -> str:
    """What a header cell says when it is pointed at: meaning, type, unit, whether required."""
    unit = [translated(entry.unit, language)] if entry.unit else []
    required = [] if entry.nullable else [translated("Required", language)]
    kind = ", ".join([translated(entry.type, language), *unit, *required])
    return f"{translated(entry.meaning, language)}\n{kind}"


def _box(words: str) -> dict[str, object]:
    """The size of a comment in which all of it can be read."""
    lines = sum(-(-width_of(line) // _LETTERS_IN_LINE) for line in words.splitlines())
    return {"width": _BOX_WIDTH, "height": _LINE_HEIGHT * (lines + 1)}


def _print_wide(page: Worksheet, header_row: int) -> None:
    """On paper a sheet is as wide as a page, with its header on each."""
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(header_row)


def _write_guide(book: Workbook, language: Language) -> None:
    page = book.add_worksheet(translated(GUIDE, language))
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    for position, width in enumerate(_WIDTHS):
        page.set_column(position, position, width, wrapped)
    plain = book.add_format({"align": "left"})  # one of its own, or that of the column counts
    for row, words in enumerate(_HOW):
        page.write_string(row, 0, translated(words, language), plain)
    titles = [translated(word, language) for word in (*_GUIDE_COLUMNS, "Example")]
    lines = [_guide_line(table, entry, language) for table, entry in _every_column()]
    first = len(_HOW) + 1
    for row, line in enumerate([titles, *lines], start=first):
        for position, words in enumerate(line):
            page.write_string(row, position, words, wrapped if row > first else bold)
    page.freeze_panes(first + 1, 0)
    _print_wide(page, first)


def _every_column() -> list[tuple[str, Column]]:
    return [(table, entry) for table, model in TABLES.items() for entry in columns(model)]


def _guide_line(table: str, entry: Column, language: Language) -> list[str]:
    return [
        table_title(table, language),
        header(entry, language),
        translated(entry.meaning, language),
        translated(entry.type, language),
        translated(entry.unit, language) if entry.unit else "",
        translated("no" if entry.nullable else "yes", language),
        ", ".join(choices(entry, language)),
        ", ".join(table_title(name, language) for name in entry.references),
        shown(table, entry, language),
    ]
