"""What a user says that words of a file mean: which table a sheet, which column a header.

Said with an import: ``企业名录=organisations`` of a sheet or file, ``登记全称=name_local`` or
``企业名录!登记全称=name_local`` of a header; what is blank or ``-`` is left out.
Remembered from earlier imports, as the settings of the workspace hold them, where ``!`` tells
headers from sheets; for a sheet that Excel has named, such as Sheet1, the name of its file
stands. What is said counts before what is remembered, and that before what the words mean by
themselves.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from liantu.errors import Problem, Refusal, did_you_mean
from liantu.ingest.headings.headers import (
    column_hint,
    column_names,
    is_unnamed,
    left_out,
    plain,
    table_hint,
    table_named,
    table_of,
    table_of_book,
)
from liantu.ingest.intake import Raw, quoted

_WHERE = "[layouts] in workspace.toml"
_LEFT_OUT = ("", "-")


@dataclass(frozen=True, slots=True)
class Wording:
    """The tables that sheets mean and the columns that headers mean, by their words."""

    sheets: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetWords:
    """How the words of one sheet are read.

    ``table`` is None where nobody knows it, and "" where the sheet is left out. ``columns``
    maps plain words of headers to columns, "" to leave them out. ``used`` holds
    what was said and came to be used: ``sheets`` and ``headers`` by the words that were said,
    ``kept`` as it is to be remembered.
    """

    table: str | None
    columns: dict[str, str]
    problems: tuple[Problem, ...] = ()
    used: frozenset[str] = frozenset()
    kept: Mapping[str, str] = field(default_factory=dict)


def wording_of(sheets: Iterable[str] = (), headers: Iterable[str] = ()) -> Wording:
    """What texts such as ``登记全称=name_local`` say; a refusal where one says nothing."""
    problems: list[Problem] = []
    tables = dict(_parted(sheets, "--sheet", "企业名录=organisations", problems))
    names = dict(_parted(headers, "--column", "登记全称=name_local", problems))
    for words, name in tables.items():
        if name not in _LEFT_OUT and table_named(name) is None:
            problems.append(_no_table(words, name))
    if problems:
        raise Refusal(problems)
    return Wording(
        {words: table_named(name) or "" for words, name in tables.items()},
        {words: "" if name in _LEFT_OUT else name for words, name in names.items()},
    )


def recalling(wording: Wording | None, remembered: Mapping[str, str]) -> Wording:
    """What is said now, with what is remembered."""
    return replace(wording or Wording(), remembered=remembered)


def words_of(raw: Raw, wording: Wording) -> SheetWords:
    """How the words of a sheet are read, with a problem for what no column is called."""
    problems: list[Problem] = []
    used: set[str] = set()
    kept: dict[str, str] = {}
    table = _table(raw, wording, problems, used)
    if used and table is not None:
        kept[" ".join(remembered_as(raw.table, raw.sheet.file, raw.book).split())] = table
    if not table:
        return SheetWords(table, {}, tuple(problems), frozenset(used), kept)
    found: dict[str, str] = {}
    for words in dict.fromkeys(filter(str.strip, raw.headers)):
        answer = _column(raw, table, words, wording)
        if answer is None:
            continue
        used |= set() if answer.is_remembered else {answer.key}
        name = column_names(table).get(plain(answer.name), answer.name)
        if answer.name and name not in column_names(table).values():
            problems.append(_no_column(raw, table, words, answer))
            found[plain(words)] = ""
            continue
        found[plain(words)] = name if answer.name else ""
        if answer.is_remembered:
            problems.append(_recalled(raw, words, name))
        else:
            where = remembered_as(raw.table, raw.sheet.file, raw.book)
            kept[" ".join(f"{where}!{words}".split())] = name if answer.name else ""
            problems += [] if answer.name else [_as_said(raw, words)]
    return SheetWords(table, found, tuple(problems), frozenset(used), kept)


def remembered_as(sheet: str, file: str, book: str | None = None) -> str:
    """The name under which the words of a sheet are remembered: its own, if it has one."""
    return (book or f"{Path(file).stem} {sheet}") if is_unnamed(sheet) else sheet


def table_called(words: str, wording: Wording) -> str | None:
    """The table of a file or sheet that is called so; None where that is not known."""
    for known in (wording.sheets, wording.remembered):
        for called, name in known.items():
            if _key(called) == _key(words):
                return table_named(name)
    return table_named(words)


def unused(wording: Wording, used: Iterable[str], headers: Iterable[str]) -> Iterator[Problem]:
    """A problem for everything that was said of words that stand in no file."""
    left = {*wording.sheets, *wording.columns} - set(used)
    known = sorted(set(headers))
    for words in [*wording.sheets, *wording.columns]:
        if words in left:
            what = "sheet or file" if words in wording.sheets else "header"
            hint = did_you_mean(words.rpartition("!")[2], known)
            yield Problem("unused-mapping", f"a {what} that is called so", quoted(words), hint)


@dataclass(frozen=True, slots=True)
class _Answer:
    """The column that was given for a header, and by which words."""

    key: str
    name: str
    is_remembered: bool


def _table(raw: Raw, wording: Wording, problems: list[Problem], used: set[str]) -> str | None:
    """The table of a sheet as is said, remembered or called; "" where it is to be left out."""
    for words, name in wording.sheets.items():
        if _key(words) == _key(raw.table):
            used.add(words)
            problems += [] if name else [_sheet_left_out(raw)]
            return name
    if of_book := table_of_book(raw):
        problems.append(_of_book(raw, of_book))
        return of_book
    for words, name in wording.remembered.items():
        if _key(words) != _key(remembered_as(raw.table, raw.sheet.file, raw.book)):
            continue
        found = table_named(name) if name else ""
        if found is None:
            problems.append(_wrong(raw, (words, name), ("a table", table_hint(name))))
        else:
            problems.append(_recalled(raw, raw.table, found, of_sheet=True))
        return found
    called = table_of(raw)
    if isinstance(called, Problem):
        problems.append(called)
        return None
    return called


def _column(raw: Raw, table: str, words: str, wording: Wording) -> _Answer | None:
    """The column that was given for a header in this sheet, this table, or anywhere."""
    own = remembered_as(raw.table, raw.sheet.file, raw.book)
    wanted = [_key(f"{where}!{words}") for where in (own, raw.table, table)]
    for key in (*wanted, _key(words)):
        for said_words, name in wording.columns.items():
            if _key(said_words) == key:
                return _Answer(said_words, name, is_remembered=False)
    for kept, name in wording.remembered.items():
        if _key(kept) == wanted[0]:
            return _Answer(kept, name, is_remembered=True)
    return None


def _key(words: str) -> str:
    """Words of a sheet, a header, or both with ``!`` between, as they are compared."""
    return "!".join(plain(part) for part in words.split("!"))


def _parted(
    texts: Iterable[str], option: str, example: str, problems: list[Problem]
) -> Iterator[tuple[str, str]]:
    for text in texts:
        words, sign, name = text.rpartition("=")
        if sign and words.strip():
            yield words.strip(), name.strip()
        else:
            expected = f"words and what they mean, after {option}"
            remedy = f"write it as {option} '{example}'"
            problems.append(Problem("unclear-mapping", expected, quoted(text), remedy))


def _no_table(words: str, name: str) -> Problem:
    expected = f"the name of a table for {quoted(words)}"
    return Problem("unknown-table", expected, quoted(name), table_hint(name))


def _no_column(raw: Raw, table: str, words: str, answer: _Answer) -> Problem:
    hint = column_hint(answer.name, table)
    if answer.is_remembered:
        return _wrong(raw, (answer.key, answer.name), (f"a column of {table}", hint))
    return Problem(
        "unknown-column",
        f"the name of a column of {table} for {quoted(words)}",
        quoted(answer.name),
        hint,
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=raw.header_row,
        column=" ".join(words.split()),
    )


def _wrong(raw: Raw, line: tuple[str, str], words: tuple[str, str]) -> Problem:
    """A remembered line that names what is not there."""
    expected, hint = words
    return Problem(
        "remembered-mapping",
        f"{expected} in {_WHERE}",
        f'"{line[0]}" = "{line[1]}"',
        f"{hint}; mend or take out that line",
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
    )


def _recalled(raw: Raw, words: str, name: str, *, of_sheet: bool = False) -> Problem:
    """A note of words, of a header or of the sheet, that were read as they once were."""
    read = f"read as {name}" if name else "left out"
    return Problem(
        "remembered-mapping",
        "words that mean what they did at an earlier import",
        f"{quoted(words)}, {read}",
        f"nothing need be done; to change it, edit {_WHERE}",
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=None if of_sheet else raw.header_row,
        column=None if of_sheet else " ".join(words.split()),
        severity="warning",
    )


def _as_said(raw: Raw, words: str) -> Problem:
    return left_out(raw, raw.headers.index(words), "it is left out, as was said")


def _sheet_left_out(raw: Raw) -> Problem:
    return Problem(
        "sheet-left-out",
        "a sheet that is a table",
        quoted(raw.table),
        "it is left out, as was said",
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        severity="warning",
    )


def _of_book(raw: Raw, table: str) -> Problem:
    return Problem(
        "table-of-book",
        "a sheet that is named after its table",
        f"{quoted(raw.table)}, alone in a workbook that is named after {table}",
        f"nothing need be done: it is read as {table}",
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        severity="warning",
    )
