"""The layout of a workbook that goes out, is edited and comes in: template and export alike.

A sheet for each table, its header cells with the meaning as a comment and lists to choose
from, and before them a guide that explains every column and shows an example.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from liantu.ingest.examples import example
from liantu.locale import Language, translated
from liantu.schema import TABLES, Column, columns

MOST_ROWS = 1_048_575
_LONGEST_LIST = 255
_GUIDE = ("Table", "Column", "Meaning", "Type", "Unit", "Required", "Choices", "Refers to")
_WIDTHS = (18, 20, 60, 12, 14, 9, 40, 18, 30)
# Without this the same tables would give other bytes each time they are written.
_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@contextmanager
def workbook(path: Path, language: Language) -> Iterator[Workbook]:
    """A new workbook that begins with the guide; rows are written as they come.

    The file comes into being at the end; if it cannot, that is an OSError.
    """
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    book.set_properties({"created": _CREATED})
    _write_guide(book, language)
    yield book
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(*error.args) from None


def sheet(book: Workbook, table: str, language: Language) -> Worksheet:
    """A new sheet for the table, with headers, comments and lists, and no rows."""
    page: Worksheet = book.add_worksheet(table_title(table, language))
    bold = book.add_format({"bold": True, "bg_color": "#EDEDED", "bottom": 1})
    formats = cell_formats(book)
    for position, entry in enumerate(columns(TABLES[table])):
        page.set_column(position, position, 18, formats.get(entry.type))
        page.write_string(0, position, header(entry, language), bold)
        page.write_comment(0, position, _comment(entry, language), {"x_scale": 2})
        words = choices(entry, language)
        if words and len(",".join(words)) <= _LONGEST_LIST:
            options = {"validate": "list", "source": words, "ignore_blank": True}
            page.data_validation(1, position, MOST_ROWS, position, options)
    page.freeze_panes(1, 0)
    return page


def cell_formats(book: Workbook) -> dict[str, Format]:
    """The number format of each type of column that needs one, so that 001 stays 001."""
    text, day = "@", "yyyy-mm-dd"
    formats = {"text": text, "time": text, "date": day}
    return {kind: book.add_format({"num_format": shape}) for kind, shape in formats.items()}


def table_title(table: str, language: Language) -> str:
    """The name of the table's sheet or file."""
    return translated(table, language)


def header(entry: Column, language: Language) -> str:
    """The words above the column: its name in English, its title in other languages."""
    return entry.name if language == "en" else translated(entry.title, language)


def choices(entry: Column, language: Language) -> list[str]:
    """The words that a cell of the column may hold; none where it is free."""
    if entry.type == "boolean":
        return ["true", "false"] if language == "en" else ["是", "否"]
    return [translated(choice, language) for choice in entry.choices]


def _comment(entry: Column, language: Language) -> str:
    """What a header cell says when it is pointed at: meaning, type, unit, whether required."""
    unit = [translated(entry.unit, language)] if entry.unit else []
    required = [] if entry.nullable else [translated("Required", language)]
    kind = ", ".join([translated(entry.type, language), *unit, *required])
    return f"{translated(entry.meaning, language)}\n{kind}"


def _write_guide(book: Workbook, language: Language) -> None:
    page = book.add_worksheet(translated("Notes", language))
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    for position, width in enumerate(_WIDTHS):
        page.set_column(position, position, width, wrapped)
    titles = [translated(word, language) for word in (*_GUIDE, "Example")]
    lines = [_guide_line(table, entry, language) for table, entry in _every_column()]
    for row, line in enumerate([titles, *lines]):
        for position, words in enumerate(line):
            page.write_string(row, position, words, wrapped if row else bold)
    page.freeze_panes(1, 0)


def _every_column() -> list[tuple[str, Column]]:
    return [(table, entry) for table, model in TABLES.items() for entry in columns(model)]


def _guide_line(table: str, entry: Column, language: Language) -> list[str]:
    shown = example(table, entry)
    if entry.choices:
        shown = translated(shown, language)
    elif entry.type == "boolean":
        shown = choices(entry, language)[0]
    return [
        table_title(table, language),
        header(entry, language),
        translated(entry.meaning, language),
        translated(entry.type, language),
        translated(entry.unit, language) if entry.unit else "",
        translated("no" if entry.nullable else "yes", language),
        ", ".join(choices(entry, language)),
        ", ".join(table_title(name, language) for name in entry.references),
        shown,
    ]
