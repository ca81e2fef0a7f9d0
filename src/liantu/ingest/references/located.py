"""Where a row of a merged table stands: in a file of this import, or among earlier rows."""

from dataclasses import dataclass

import pyarrow as pa

from liantu.errors import Problem
from liantu.ingest.intake import Intake
from liantu.schema import TABLES, key_columns


@dataclass(frozen=True, slots=True)
class Located:
    """The rows of one merged table, with what tells where each was read.

    ``ours`` is true for rows of this import; None means that none is.
    """

    name: str
    table: pa.Table
    intake: Intake
    ours: pa.Array | None

    def is_ours(self, row: int) -> bool:
        """Whether the row comes from this import."""
        return self.ours is not None and bool(self.ours[row].as_py())

    def problem(self, code: str, row: int, column: str, words: tuple[str, str, str]) -> Problem:
        """A problem of a row: at its place in a file, or with its key if it is older."""
        expected, found, remedy = words
        if not self.is_ours(row):
            found = f"{found} in the earlier row of {self.name} with {self._key(row)}"
            return Problem(code, expected, found, remedy, sheet=self.name, column=column)
        where = self.intake.sheets[self.table.column("origin_sheet")[row].as_py()]
        return Problem(
            code,
            expected,
            found,
            remedy,
            file=where.file,
            sheet=where.sheet,
            row=self.table.column("origin_row")[row].as_py(),
            column=column,
        )

    def _key(self, row: int) -> str:
        names = [entry.name for entry in key_columns(TABLES[self.name])]
        values = ((name, self.table.column(name)[row].as_py()) for name in names)
        return ", ".join(f"{name} {value}" for name, value in values if value is not None)
