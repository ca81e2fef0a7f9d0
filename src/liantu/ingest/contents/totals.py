"""Rows that are no rows of the table: sums within or below it, and notes at its foot.

A row is a sum where one of its cells says 合计, 小计 or total and no other text stands in it;
a note where nothing stands in it but words such as 注：… or 填表人：…. Each kind is told.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from liantu.errors import Problem
from liantu.ingest.contents.number_words import reading
from liantu.ingest.contents.plain_text import as_text, blank_words, half_width, holds
from liantu.ingest.contents.remedies import listed_rows
from liantu.ingest.intake import Raw, Sheet, quoted
from liantu.schema import TABLES, columns

_BLANKS = re.compile(r"\s+")
_SUM = re.compile(
    r"(?:本页|本表|总|全部|全市|全省|全国)?(?:合计|总计|小计|共计|累计)(?:数)?|"
    r"(?:sub|grand|in)?-?totals?|sum"
)
# Every sum has one of these in it, and ends so.
_IN_SUMS = ("计", "otal", "OTAL", "um", "UM")
_ENDS_SUM = r"(?i)(?:计|计\s*数|totals?|sum)[\s\x{3000}:\x{FF1A}]*$"
_FOOTER = re.compile(
    r"\s*(?:(?:附?注|备注|说明|填表说明|数据来源|资料来源|来源|填表人|填报人|制表人|审核人|复核人|"
    r"负责人|单位负责人|统计负责人|联系人|联系电话|电话|手机|填表日期|填报日期|制表日期|"
    r"报出日期|日期|填报单位|"
    r"制表单位|报送单位|单位盖章|单位[(（]盖章[)）]|"
    r"notes?|remarks?|source|prepared by|compiled by)"
    r"\s*[0-9]*\s*[:：]|※|注\s*[0-9]+[.、 ])",
    re.IGNORECASE,
)


def without_totals(
    raw: Raw, table: str, positions: Mapping[str, int]
) -> tuple[Raw, list[Problem]]:
    """The raw table without sums and notes, and a note for each kind that was left out.

    To be called on rows that are not blank, before their cells are read. Rows whose
    required texts are filled are passed over by one look at what is blank, so that a whole
    table costs next to nothing.

    Parameters
    ----------
    raw
        The table as its format hands it over.
    table
        Which table it is.
    positions
        At which position of ``raw`` each column of the table stands.
    """
    rows = np.flatnonzero(_candidates(raw, table, positions))
    if not len(rows):
        return raw, []
    kinds = _kinds(raw, rows)
    is_out = np.zeros(len(raw.rows), dtype=bool)
    problems = []
    for kind, tell in (("sum", total_note), ("footer", footer_note)):
        found = [
            (row, words) for row, (is_, words) in zip(rows, kinds, strict=True) if is_ == kind
        ]
        if found:
            is_out[[row for row, _ in found]] = True
            numbered = [(raw.rows[int(row)].as_py(), words) for row, words in found]
            problems.append(tell(raw.sheet, numbered))
    if not problems:
        return raw, []
    return raw.only(~is_out), problems


def is_footer(words: str) -> bool:
    """Whether words at the foot of a table are a note: 注：…, 填表人：…, source: …."""
    return _FOOTER.match(words.strip("\"' ,;\t|")) is not None


def total_note(sheet: Sheet, found: Sequence[tuple[int, str]]) -> Problem:
    """The note on rows that are sums, given as number and word."""
    return _note(("total-row", "rows of the table"), sheet, found)


def footer_note(sheet: Sheet, found: Sequence[tuple[int, str]]) -> Problem:
    """The note on rows that are notes at the foot, given as number and words."""
    return _note(("note-row", "rows of the table"), sheet, found)


def numbers_note(sheet: Sheet, row: int, words: str) -> Problem:
    """The note on a row that numbers the columns."""
    return _note(("note-row", "rows of the table"), sheet, [(row, words)])


def _note(words: tuple[str, str], sheet: Sheet, found: Sequence[tuple[int, str]]) -> Problem:
    code, expected = words
    said = ", ".join(dict.fromkeys(quoted(item.strip(), 20) for _, item in found[:3]))
    return Problem(
        code,
        expected,
        f"{said} in {listed_rows([row for row, _ in found])}",
        "nothing need be done: what is no row of the table is left out",
        file=sheet.file,
        sheet=sheet.sheet,
        row=found[0][0],
        severity="warning",
    )


def _candidates(raw: Raw, table: str, positions: Mapping[str, int]) -> NDArray[np.bool_]:
    """Rows in which a required text is missing or says 合计, or at most one text is filled.

    Returns
    -------
    (n,) bool
    """
    texts = [
        entry
        for entry in columns(TABLES[table])
        if entry.type == "text" and entry.name in positions
    ]
    count = np.zeros(len(raw.rows), dtype=np.int8)
    is_whole = np.ones(len(raw.rows), dtype=bool)
    for entry in sorted(texts, key=lambda entry: entry.nullable):
        if entry.nullable and len(count) and count.min() > 1:
            break
        is_filled = _filled(raw.cells[positions[entry.name]])
        count += is_filled
        if not entry.nullable:
            is_whole &= is_filled & ~_sums(raw.cells[positions[entry.name]])
    return ~is_whole | (count < 2)


def _sums(cells: pa.Array) -> NDArray[np.bool_]:
    """Where a cell says that its row is a sum; only words that may are read one by one."""
    found = np.zeros(len(cells), dtype=bool)
    if not pa.types.is_string(cells.type) or not holds(cells, *map(str.encode, _IN_SUMS)):
        return found
    likely = pc.fill_null(pc.match_substring_regex(cells, _ENDS_SUM), fill_value=False)
    rows = np.flatnonzero(likely.to_numpy(zero_copy_only=False))
    words = cells.take(pa.array(rows)).to_pylist()
    found[rows] = np.array([_SUM.fullmatch(_plain(word)) is not None for word in words], bool)
    return found


def _filled(cells: pa.Array) -> NDArray[np.bool_]:
    """Whether each cell holds more than blanks and dashes, which are short where they are."""
    is_filled: NDArray[np.bool_] = cells.is_valid().to_numpy(zero_copy_only=False).copy()
    if pa.types.is_string(cells.type):
        is_short = pc.fill_null(pc.less(pc.binary_length(cells), 4), fill_value=False)
        short = np.flatnonzero(is_short.to_numpy(zero_copy_only=False))
        words = pc.utf8_trim_whitespace(cells.take(pa.array(short)))
        blank = pc.equal(words, "").to_numpy(zero_copy_only=False)
        if (nothing := blank_words(words)) is not None:
            blank = blank | nothing.to_numpy(zero_copy_only=False)
        is_filled[short[blank]] = False
    return is_filled


def _kinds(raw: Raw, rows: NDArray[np.intp]) -> list[tuple[str, str]]:
    """For each of the rows ``sum``, ``footer`` or nothing, with the word that says so."""
    taken = [as_text(cells.take(pa.array(rows))).to_pylist() for cells in raw.cells]
    return [
        _kind([cell for cell in cells if cell and cell.strip()])
        for cells in zip(*taken, strict=True)
    ]


def _kind(cells: Sequence[str]) -> tuple[str, str]:
    """What the filled cells of a row say together."""
    if cells and all(is_footer(cell) for cell in cells):
        return "footer", cells[0]
    words = [cell for cell in cells if reading(cell).value is None]
    words = [cell for cell in words if reading(cell).fault != "blank-word"]
    if len(words) == 1 and _SUM.fullmatch(_plain(words[0])):
        return "sum", words[0]
    return "", ""


def _plain(word: str) -> str:
    return _BLANKS.sub("", half_width(word).casefold()).rstrip(":")
