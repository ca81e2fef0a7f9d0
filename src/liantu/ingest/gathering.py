"""All files of an import read and put together, in the process that calls."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import Problem, Refusal
from liantu.ingest.across import rows_of
from liantu.ingest.contents import personal
from liantu.ingest.contents.datum import on_wgs84
from liantu.ingest.contents.identifiers import doubtful, plain_numbers
from liantu.ingest.formats import csv_text, json_lines, log_mapping, parquet, workbook, xes
from liantu.ingest.formats.kinds import Kind, kind, listed
from liantu.ingest.headings.wording import Wording, table_called, unused, words_of
from liantu.ingest.intake import Heads, Intake, Raw, Sheet, Unread, quoted, refused, too_large
from liantu.ingest.placing import heads, placed
from liantu.ingest.references.keys import once
from liantu.ingest.rows import Rows
from liantu.schema import TABLES

_FORMATS: dict[Kind, Callable[[Path, str], Iterator[Raw]]] = {
    "csv": csv_text.sheets,
    "xlsx": workbook.sheets,
    "parquet": parquet.sheets,
    "jsonl": json_lines.sheets,
    "xes": xes.sheets,
    "mapping": log_mapping.sheets,
}

# Files of one table, which is called as they are.
_OF_ONE_TABLE = frozenset((".csv", ".tsv", ".jsonl", ".ndjson", ".parquet"))


def gathered(files: Sequence[Path], wording: Wording | None = None) -> Intake:
    """What the files hold, read in this process and without limits: for files one trusts."""
    gathering = Gathering(wording=wording)
    for file, path in listed(files).items():
        gathering.add(file, path)
    return gathering.intake()


class Gathering:
    """Files read one after the other; ``intake`` is what they hold together.

    Copies of files that had columns about persons are left in ``aside``, without these.
    ``told`` hears after each sheet how many rows there are. ``wording`` is what a user says
    that words of the files mean.
    """

    def __init__(
        self,
        aside: Path | None = None,
        *,
        told: Callable[[int], None] = lambda _: None,
        wording: Wording | None = None,
    ) -> None:
        self._told = told
        self._wording = wording or Wording()
        self._used: set[str] = set()
        self._words: dict[str, None] = {}
        self._layouts: dict[str, str] = {}
        self.problems: list[Problem] = []
        self._sheets: list[Sheet] = []
        self._rows: list[int] = []
        self._parts: dict[str, list[pa.Table]] = {}
        self._present: dict[str, frozenset[str]] = {}
        self._heads: list[Heads] = []
        self._aside = aside
        self._copies: dict[str, str] = {}
        self._unread: set[str] = set()
        self._missed: set[str | None] = set()

    @property
    def n_rows(self) -> int:
        """How many rows were read."""
        return sum(self._rows)

    def add(self, file: str, path: Path) -> None:
        """Read one file; what is wrong with it becomes problems, whatever it is."""
        self._heads.append(Heads(Sheet(file), {}))
        try:
            is_ = kind(path, file)
            names = log_mapping.names_of(path) if is_ == "csv" else None
            for raw in self._without_persons(_FORMATS[is_](path, file), path, file):
                self._add_sheet(log_mapping.as_events(raw, names) if names else raw)
        except Refusal as refusal:
            self._refuse(refusal, path)
        except BaseException as error:  # a panic in Rust is no Exception
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            if _is_of_memory(error):
                self._refuse(too_large(file), path)
                return
            words = ("a file that can be read", quoted(error, 200), "save the file again")
            self._refuse(refused(file, "unreadable-file", words), path)

    def _refuse(self, refusal: Refusal, path: Path) -> None:
        """Keep the problems of a file, and which tables are missed for them: None, if any."""
        self.problems += refusal.problems
        own = path.stem if path.suffix.lower() in _OF_ONE_TABLE else ""
        for problem in refusal.problems:
            self._missed.add(table_called(problem.sheet or own, self._wording))

    def intake(self) -> Intake:
        """All that was read, with the keys that stand twice among the problems."""
        read = {name: pa.concat_tables(parts) for name, parts in self._parts.items()}
        tables = {name: on_wgs84(table) for name, table in read.items()}
        for name, table in tables.items():
            tables[name], found = once(name, table, self._sheets)
            self.problems += found
        if self._sheets or self._words:
            self.problems += unused(self._wording, self._used, self._words)
        return Intake(
            {name: tables[name] for name in TABLES if name in tables},
            {name: self._present[name] for name in TABLES if name in tables},
            tuple(self._sheets),
            tuple(self._rows),
            tuple(placed(self.problems, self._heads)),
            tuple(self._heads),
            dict(self._copies),
            dict(self._layouts),
            Unread(frozenset(self._unread), self._missed_tables()),
        )

    def _missed_tables(self) -> frozenset[str]:
        """The tables of which something was refused: where nobody knows, all but those read."""
        every = TABLES.keys() - self._parts.keys() if None in self._missed else set()
        return frozenset({name for name in self._missed if name} | every)

    def _without_persons(self, raws: Iterator[Raw], path: Path, file: str) -> Iterator[Raw]:
        """The tables of a file without the columns that speak of persons."""
        kept: list[Raw] = []
        has_persons = False
        for raw in raws:
            found = personal.personal_columns(raw)
            has_persons |= bool(found)
            kept.append(personal.without(raw, found) if found else raw)
            yield kept[-1]
        if has_persons and self._aside is not None:
            target = self._aside / f"{len(self._copies):04d}{path.suffix}"
            personal.write_copy(kept, target)
            self._copies[file] = target.name

    def _add_sheet(self, raw: Raw) -> None:
        words = words_of(raw, self._wording)
        self.problems += words.problems
        self._used |= words.used
        self._words |= dict.fromkeys([raw.table, *raw.headers])
        name = words.table
        self._layouts |= words.kept
        if not name:
            self._heads.append(heads(raw, {}))
            self._unread |= _words(raw, range(len(raw.cells))) if name is None else set()
            return
        rows = rows_of(raw, name, words.columns)
        rows = replace(rows, table=_with_plain_numbers(rows.table))
        self.problems += [*rows.problems, *doubtful(rows.table, name, raw.sheet)]
        self._heads.append(heads(raw, rows.positions))
        if any(problem.severity == "error" for problem in rows.problems):
            self._unread |= raw.lost
            self._unread |= _words(raw, {*range(len(raw.cells))} - {*rows.positions.values()})
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
        self._told(self.n_rows)
        self._parts.setdefault(name, []).append(table)
        self._present[name] = self._present.get(name, frozenset()) | rows.present


def _words(raw: Raw, positions: Iterable[int]) -> set[str]:
    """The words of some columns, and those of the header, which may have been a row."""
    found = {words.strip() for words in raw.headers}
    for cells in (raw.cells[position] for position in positions):
        if pa.types.is_string(cells.type) or pa.types.is_primitive(cells.type):
            words = cells.unique().cast(pa.string()).drop_null()
            found.update(pc.utf8_trim_whitespace(words).to_pylist())
    return found


def _with_plain_numbers(rows: pa.Table) -> pa.Table:
    """The rows with registration numbers as registers write them."""
    place = rows.schema.get_field_index("registration_no")
    if place < 0:
        return rows
    numbers = plain_numbers(rows.column(place).combine_chunks())
    return rows.set_column(place, rows.schema.field(place), numbers)


def _is_of_memory(error: BaseException) -> bool:
    """Whether memory ran out: also where a thread found no room for its stack."""
    short = ("Resource temporarily unavailable", "Cannot allocate", "allocation failed")
    return isinstance(error, MemoryError) or any(words in str(error) for words in short)
