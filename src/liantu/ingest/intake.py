"""What an import has read: typed tables, where each row stood, and every problem."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from liantu.errors import Problem, Refusal, printable

ORIGIN = (("origin_sheet", pa.int32()), ("origin_row", pa.int32()))


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child process that parses files may use."""

    memory_bytes: int = 4 << 30
    seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it stood in a file; ``sheet`` is None where the file has no sheets."""

    file: str
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Heads:
    """Where the columns of a sheet stand: by their names, and by words that name none."""

    sheet: Sheet
    positions: dict[str, int]


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that its format knows to be bad, such as #REF!: its row, position and code."""

    row: int
    position: int
    code: str
    found: str


@dataclass(frozen=True, slots=True)
class Unread:
    """What an import held and nobody could read, so that references to it cannot be judged.

    ``words`` stood in sheets, columns and rows that were not understood; ``tables`` are those
    of files and sheets of which nothing is known.
    """

    words: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Raw:
    """A table as a format hands it over, before any header or cell is understood.

    ``cells`` holds one array per header, of text or of the type that the file declares; before
    them stand ``first_column`` columns that are blank. ``rows`` gives the row of each, as Excel
    shows it. ``header_row`` is the first row of the header, None where the file has none, and
    ``above`` the rows that stand above it: ``HeaderAt.lines``. ``book`` is what a workbook is
    called, for the only sheet of it that holds anything. ``lost`` has the words of rows that
    could not be taken.
    """

    sheet: Sheet
    table: str
    headers: tuple[str, ...]
    cells: tuple[pa.Array, ...]
    rows: pa.Array
    header_row: int | None = 1
    problems: tuple[Problem, ...] = ()
    faults: tuple[CellFault, ...] = ()
    first_column: int = 0
    above: tuple[tuple[str, ...], ...] = ()
    book: str | None = None
    lost: frozenset[str] = frozenset()

    def only(self, mask: NDArray[np.bool_]) -> "Raw":
        """The table with those rows alone where the mask holds."""
        kept = pa.array(mask)
        cells = tuple(column.filter(kept) for column in self.cells)
        return replace(self, cells=cells, rows=self.rows.filter(kept))


@dataclass(frozen=True, slots=True)
class Intake:
    """Rows that were read and everything that is wrong with them.

    ``tables`` have the columns of ``arrow_schema(TABLES[name])``, then ``origin_sheet``, an
    index into ``sheets``, and ``origin_row``, the row as Excel shows it (the header is row 1).
    In CSV a record is a row, also where quoted line breaks spread it over several lines; in
    JSON lines it is the line. ``present`` tells which columns the files had. ``rows`` counts
    the rows read, one number per sheet. ``heads`` tells where columns stand, also in sheets of
    which nothing was read; files and sheets stand in their order. ``layouts`` is what a user
    said of words, to be remembered. ``copies`` names the copies, without columns about persons,
    that are kept in the stead of files that had such columns. ``unread`` is
    empty where there is no error.
    """

    tables: dict[str, pa.Table]
    present: dict[str, frozenset[str]]
    sheets: tuple[Sheet, ...]
    rows: tuple[int, ...]
    problems: tuple[Problem, ...]
    heads: tuple[Heads, ...] = ()
    copies: Mapping[str, str] = field(default_factory=dict)
    layouts: Mapping[str, str] = field(default_factory=dict)
    unread: Unread = Unread()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that refuse the import; the others are warnings."""
        return tuple(item for item in self.problems if item.severity == "error")


def quoted(value: object, longest: int = 60) -> str:
    """The value in quotes, cut where it is long, on one line."""
    text = printable(" ".join(str(value).split()))
    return f"'{text[:longest]}…'" if len(text) > longest else f"'{text}'"


def refused(file: str, code: str, words: tuple[str, str, str]) -> Refusal:
    """A refusal of a whole file: what was expected, what was found, what to do."""
    expected, found, remedy = words
    return Refusal(Problem(code, expected, found, remedy, file=file))


def too_large(file: str) -> Refusal:
    """The refusal of a file that takes more memory than an import may use."""
    words = (
        "a file that can be read within the memory of an import",
        "more than that",
        "part it into smaller files, or look for cells far outside the table",
    )
    return refused(file, "too-large", words)
