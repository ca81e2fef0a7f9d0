"""All files of an import read and put together, in the process that calls."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from liantu.errors import Problem, Refusal
from liantu.ingest import csv_text, json_lines, log_mapping, parquet, workbook, xes
from liantu.ingest.datum import on_wgs84
from liantu.ingest.headers import table_of
from liantu.ingest.intake import Intake, Raw, Sheet, in_order, quoted, refused
from liantu.ingest.keys import duplicates
from liantu.ingest.kinds import Kind, kind, listed
from liantu.ingest.rows import Rows, typed
from liantu.schema import TABLES

_FORMATS: dict[Kind, Callable[[Path, str], Iterator[Raw]]] = {
    "csv": csv_text.sheets,
    "xlsx": workbook.sheets,
    "parquet": parquet.sheets,
    "jsonl": json_lines.sheets,
    "xes": xes.sheets,
    "mapping": log_mapping.sheets,
}


def gathered(files: Sequence[Path]) -> Intake:
    """What the files hold, read in this process and without limits: for files one trusts."""
    gathering = Gathering()
    for file, path in listed(files).items():
        gathering.add(file, path)
    return gathering.intake()


class Gathering:
    """Files read one after the other; ``intake`` is what they hold together."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._sheets: list[Sheet] = []
        self._rows: list[int] = []
        self._parts: dict[str, list[pa.Table]] = {}
        self._present: dict[str, frozenset[str]] = {}

    def add(self, file: str, path: Path) -> None:
        """Read one file; what is wrong with it becomes problems, whatever it is."""
        try:
            is_ = kind(path, file)
            names = log_mapping.names_of(path) if is_ == "csv" else None
            for raw in _FORMATS[is_](path, file):
                self._add_sheet(log_mapping.as_events(raw, names) if names else raw)
        except Refusal as refusal:
            self.problems += refusal.problems
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            if _is_of_memory(error):
                self.problems += too_large(file).problems
                return
            words = ("a file that can be read", quoted(error, 200), "save the file again")
            self.problems += refused(file, "unreadable-file", words).problems

    def intake(self) -> Intake:
        """All that was read, with the keys that stand twice among the problems."""
        read = {name: pa.concat_tables(parts) for name, parts in self._parts.items()}
        tables = {name: on_wgs84(table) for name, table in read.items()}
        for name, table in tables.items():
            self.problems += duplicates(name, table, self._sheets)
        return Intake(
            {name: tables[name] for name in TABLES if name in tables},
            {name: self._present[name] for name in TABLES if name in tables},
            tuple(self._sheets),
            tuple(self._rows),
            in_order(self.problems),
        )

    def _add_sheet(self, raw: Raw) -> None:
        name = table_of(raw)
        if isinstance(name, Problem):
            self.problems.append(name)
            return
        rows = typed(raw, name)
        self.problems += rows.problems
        # An empty sheet of a workbook is a part of the template that nobody filled in; a file
        # of a header alone says that the table is empty.
        if raw.sheet.sheet is None or len(rows.table):
            self._keep(name, rows, raw.sheet)

    def _keep(self, name: str, rows: Rows, sheet: Sheet) -> None:
        origin = np.full(len(rows.table), len(self._sheets), dtype=np.int32)
        position = rows.table.num_columns - 1
        table = rows.table.add_column(position, "origin_sheet", pa.array(origin))
        self._sheets.append(sheet)
        self._rows.append(len(table))
        self._parts.setdefault(name, []).append(table)
        self._present[name] = self._present.get(name, frozenset()) | rows.present


def _is_of_memory(error: BaseException) -> bool:
    """Whether memory ran out: also where a thread found no room for its stack."""
    short = ("Resource temporarily unavailable", "Cannot allocate", "allocation failed")
    return isinstance(error, MemoryError) or any(words in str(error) for words in short)


def too_large(file: str) -> Refusal:
    """The refusal of a file that takes more memory than an import may use."""
    words = (
        "a file that can be read within the memory of an import",
        "more than that",
        "part it into smaller files, or look for cells far outside the table",
    )
    return refused(file, "too-large", words)
