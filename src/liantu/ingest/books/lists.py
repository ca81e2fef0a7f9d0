"""What cells of a workbook offer to choose from: words, and identifiers on record.

Long lists stand in a hidden sheet. Every list outside the sheet has a name, for Excel keeps a
list of another sheet that has none in a form that many programs drop.
"""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook

from liantu.ingest.books.titles import choices, table_title
from liantu.ingest.headings.own_sheets import LISTS
from liantu.locale import Language, translated
from liantu.schema import TABLES, Column, columns, key_columns

# Excel takes no longer list beside a cell, no longer formula, and shows no more lines.
_LONGEST_LIST = _LONGEST_FORMULA = 255
_MOST_LINES = 32_767


class Lists:
    """The lists of one workbook: ``source`` names each, ``write`` puts them into the book.

    ``tables`` are those that have a sheet: what is typed into its first key column can be
    chosen wherever that table is referred to. ``recorded`` gives the identifiers on record of
    some tables, which are then offered instead.
    """

    def __init__(
        self, tables: Sequence[str], language: Language, recorded: Mapping[str, Sequence[str]]
    ) -> None:
        self._language = language
        self._hidden: dict[str, Sequence[str]] = {}
        self._names: dict[str, str] = {}
        for table in TABLES:
            key = key_columns(TABLES[table])[0]
            known = recorded.get(table, ())
            if 0 < len(known) <= _MOST_LINES:
                self._hide(f"{table}_ids", known)
            elif table in tables:
                position = columns(TABLES[table]).index(key)
                self._names[f"{table}_ids"] = _filled(table_title(table, language), position)

    def source(self, table: str, entry: Column) -> str | list[str] | None:
        """What the cells of a column offer: words, a formula that names a list, or nothing."""
        words = choices(entry, self._language)
        if words:
            name = f"{table}_{entry.name}_words"
            if len(",".join(words)) <= _LONGEST_LIST and not any("," in word for word in words):
                return words
            self._hide(name, words)
            return f"={name}"
        if entry.depends_on:
            return self._by_kind(table, entry)
        names = [f"{cited}_ids" for cited in entry.references]
        return f"={names[0]}" if len(names) == 1 and names[0] in self._names else None

    def write(self, book: Workbook) -> None:
        """Name every list in the book, and write those that stand in its hidden sheet."""
        for name, formula in self._names.items():
            book.define_name(name, formula)
        if self._hidden:
            page = book.add_worksheet(translated(LISTS, self._language))
            for row, line in enumerate(zip_longest(*self._hidden.values())):
                for position, word in enumerate(line):
                    if word is not None:
                        page.write_string(row, position, word)
            page.hide()

    def _hide(self, name: str, words: Sequence[str]) -> None:
        letter = xl_col_to_name(len(self._hidden))
        self._hidden[name] = words
        sheet = translated(LISTS, self._language)
        self._names[name] = f"='{sheet}'!${letter}$1:${letter}${len(words)}"

    def _by_kind(self, table: str, entry: Column) -> str | None:
        """The list of the table that another cell of the row chooses."""
        entries = columns(TABLES[table])
        deciding = next(item for item in entries if item.name == entry.depends_on)
        cell = xl_rowcol_to_cell(1, entries.index(deciding), col_abs=True)
        formula = ""
        for choice, cited in zip(deciding.choices, entry.references, strict=True):
            if f"{cited}_ids" in self._names:
                word = translated(choice, self._language)
                formula += f'IF({cell}="{word}",{cited}_ids,'
        whole = f'={formula}""{")" * formula.count("IF(")}'
        return whole if formula and len(whole) <= _LONGEST_FORMULA else None


def _filled(sheet: str, position: int) -> str:
    """The cells of a column from row 2 to the last that is filled.

    It begins at no fixed cell, so that it stays when somebody deletes row 2.
    """
    letter = xl_col_to_name(position)
    column = f"'{sheet}'!${letter}:${letter}"
    return f"=INDEX({column},2):INDEX({column},MAX(2,COUNTA({column})))"
