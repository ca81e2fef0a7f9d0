"""Where the header of a table stands: below title rows, and in how many rows.

The header is the first row that names columns, not the one with the most words: a title, or
"单位：万元", names none. Where no row names any, it is the first with more than one cell, so
that its words can be told apart from a title and be given a meaning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from liantu.ingest.headings.headers import column_at, table_named
from liantu.ingest.headings.unit_lines import is_unit_line
from liantu.ingest.headings.units import unit_of
from liantu.ingest.headings.years import of_year
from liantu.schema import TABLES

Span = tuple[int, int, int, int]

_Kind = Literal["name", "again", "unit", "unknown"]
_WIDEST, _LONGEST = 512, 100


@dataclass(frozen=True, slots=True)
class HeaderAt:
    """Rows ``above`` the header, how many rows it takes (``height``), and its words.

    ``lines`` are the rows above, as they stand there, to be handed on in ``Raw.above``.
    """

    above: int
    height: int
    words: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A header that a row would make, alone or with the row below, and what it names."""

    row: int
    height: int
    words: tuple[str, ...]
    named: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two rows that may be a header together, and the words of both as one."""

    upper: tuple[str, ...]
    lower: tuple[str, ...]
    both: tuple[str, ...]
    table: str

    def kind(self, position: int) -> _Kind | None:
        """What the lower row says at a position; None where it is blank."""
        words = self.lower[position] if position < len(self.lower) else ""
        if not words:
            return None
        both = self.both[position]
        found = column_at(both, self.table)
        over = column_at(self.upper[position], self.table)
        if both != words and of_year(both, self.table):
            return "name"
        if found is None:
            return "unknown"
        if column_at(words, self.table) is None and found.unit is not None:
            return "unit" if found.entry.type in ("number", "integer") else "unknown"
        return "again" if over is not None and over.column == found.column else "name"


def header_at(
    head: Sequence[Sequence[str]], names: Sequence[str], merged: Sequence[Span] = ()
) -> HeaderAt:
    """The header among the first rows of a sheet.

    Parameters
    ----------
    head
        The first rows (at most 30), each cell as text, "" where it is blank.
    names
        What the sheet or file is called.
    merged
        Merged cells as (first row, first column, last row, last column), counted in ``head``.
    """
    rows = [row for row, cells in enumerate(head) if any(cell.strip() for cell in cells)]
    if not rows:
        return HeaderAt(0, 1, tuple(head[0]) if head else ())
    table = next((found for name in names if (found := table_named(name))), None)
    tables = [table] if table else list(TABLES)
    candidates = [
        found for name in tables for found in _candidates(head, rows, name, tuple(merged))
    ]
    wide = _first_wide(head, rows)
    unnamed = _Candidate(wide, 1, tuple(head[wide]), frozenset())
    chosen = _chosen(candidates, wide) or unnamed
    lines = tuple(tuple(cells) for cells in head[: chosen.row])
    return HeaderAt(chosen.row, chosen.height, chosen.words, lines)


def _candidates(
    head: Sequence[Sequence[str]], rows: Sequence[int], table: str, merged: tuple[Span, ...]
) -> Iterator[_Candidate]:
    """Every row that names columns of the table, alone or together with the row below it."""
    for row in rows:
        if is_unit_line(head[row]):
            continue
        upper = tuple(head[row])
        below = tuple(map(_without_dash, head[row + 1])) if row + 1 < len(head) else ()
        both = _joined(upper, below, _spread(upper, row, merged), table)
        is_merged = any(span[0] == row and span[2:] != span[:2] for span in merged)
        pair = _Pair(upper, below, both, table)
        if any(below) and _is_header_below(pair, is_merged=is_merged):
            yield _Candidate(row, 2, both, _named(both, table))
        elif named := _named(upper, table):
            yield _Candidate(row, 1, upper, named)


def _chosen(candidates: Sequence[_Candidate], first_wide: int) -> _Candidate | None:
    """The first that names at least half as many columns as any other: data name few."""
    most = max((len(entry.named) for entry in candidates), default=0)
    enough = [
        entry
        for entry in candidates
        if len(entry.named) * 2 >= most
        and (len(entry.named) > 1 or (most == 1 and entry.row <= first_wide))
    ]
    first = min((entry.row for entry in enough), default=0)
    at_first = (entry for entry in enough if entry.row == first)
    return max(at_first, key=lambda entry: len(entry.named), default=None)


def _first_wide(head: Sequence[Sequence[str]], rows: Sequence[int]) -> int:
    """The first row with more than one cell, but for a line of a unit; else the first row."""
    wide = (row for row in rows if len(_filled(head[row])) > 1 and not is_unit_line(head[row]))
    return next(wide, rows[0])


def _filled(cells: Sequence[str]) -> list[str]:
    return [cell for cell in cells[:_WIDEST] if cell.strip()]


def _may_name(word: str) -> bool:
    """Whether a cell may hold the name of a column: short, and not a number to begin with."""
    return len(word) <= _LONGEST and not word.lstrip()[0].isdigit()


def _without_dash(words: str) -> str:
    """The words of a cell, none where it holds a dash alone."""
    return words.strip().strip("-–—/")  # noqa: RUF001 - dashes people write


def _named(words: Sequence[str], table: str) -> frozenset[str]:
    """The columns of the table that the words name, those of each year for themselves."""
    filled = _filled(words)
    found = (column_at(word, table) for word in filled if _may_name(word))
    by_year = (of_year(word, table) for word in filled if not word.strip().isdigit())
    years = (f"{entry.column} {entry.year}" for entry in by_year if entry)
    return frozenset((*(entry.column for entry in found if entry), *years))


def _spread(upper: Sequence[str], row: int, merged: tuple[Span, ...]) -> list[str]:
    """The words of a row, those of a cell merged across several columns above each of them."""
    words = list(upper)
    for first_row, first, _, last in merged:
        if first_row == row and first < len(words):
            words[first : last + 1] = [words[first]] * len(words[first : last + 1])
    return words


def _joined(
    upper: Sequence[str], below: Sequence[str], spread: Sequence[str], table: str
) -> tuple[str, ...]:
    """The words of two rows as one header.

    Those of the lower row where they name a column by themselves, else joined with those
    above, as those of a year are; those of the upper row where the lower one is blank; a unit
    in brackets.
    """
    joined = []
    for position, above in enumerate(upper):
        words = below[position] if position < len(below) else ""
        over = spread[position].strip()
        bare = words.strip("()（）[]【】 ")
        is_wide = spread.count(over) > upper.count(over)
        if not words:
            joined.append(above)
        elif (is_wide or not words.strip().isdigit()) and of_year(f"{over}{words}", table):
            joined.append(f"{over}{words}")
        elif not over or column_at(words, table):
            joined.append(words)
        else:
            joined.append(f"{over}（{bare}）" if unit_of(bare) else f"{over}{words}")
    return tuple(joined)


def _is_header_below(pair: _Pair, *, is_merged: bool) -> bool:
    """Whether the lower row belongs to the header.

    A row of data never does: each of its words would have to name a column, or be a unit that
    stands under a number, and the two rows together to name more than either, or the same
    once more in the other language. Where cells are merged some words may be unknown, and
    where a group leaves blanks beside it, if no word holds a digit.
    """
    alone, below, both = (
        _named(words, pair.table) for words in (pair.upper, pair.lower, pair.both)
    )
    kinds = list(filter(None, map(pair.kind, range(len(pair.both)))))
    if kinds.count("unknown"):
        has_gap = any(
            words and not pair.upper[position].strip()
            for position, words in enumerate(pair.lower[: len(pair.upper)])
        )
        is_words = not any(sign.isdigit() for words in pair.lower for sign in words)
        is_sure = is_merged or (has_gap and is_words and len(below) > 1)
        return is_sure and len(both) > max(len(alone), len(below))
    if "unit" in kinds or kinds.count("again") > 1:
        return True
    return "name" in kinds and len(both) > max(len(alone), len(below))
