"""The folder that holds the tables of one study, with everything ever imported into it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from dataclasses import replace as altered
from functools import partial
from pathlib import Path
from typing import Self

import pyarrow as pa

from liantu import ingest
from liantu.disk import refuse_occupied, refusing, write_text
from liantu.errors import Missing, Problem, Refusal
from liantu.locale import Language
from liantu.schema import TABLES, arrow_schema, columns, key_columns
from liantu.workspace import apart, archive, prune
from liantu.workspace.changes import Counts, Diff, Origin, compare
from liantu.workspace.generations import (
    CURRENT,
    GENERATIONS,
    TABLE_FILES,
    Generation,
    Manifest,
    Pointer,
    entries_of,
    named_imports,
    now,
    numbers,
    read_generation,
    read_pointer,
    write_manifest,
    write_pointer,
)
from liantu.workspace.lock import writing
from liantu.workspace.merger import Merger, merger
from liantu.workspace.plan import Plan, plan
from liantu.workspace.received import IMPORTS, Origins, Received, keep, seen, without_persons
from liantu.workspace.same_firm import Conflicts
from liantu.workspace.settings import (
    SETTINGS,
    Settings,
    new_settings,
    read_settings,
    write_defaults,
    write_layouts,
)
from liantu.workspace.tables import conformed, load, store

_REMEDY = "free space or make the folder writable, then try again; the workspace is as it was"


@dataclass(frozen=True, slots=True)
class Import:
    """What an import or a merge changed; no generation where it was a trial, or no change."""

    diff: Diff
    generation: Generation | None
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Workspace:
    """A handle on a workspace's folder. It remembers nothing, so that it is never stale.

    Any number of processes may read while one writes: what they read is one generation, whole.
    """

    path: Path

    @classmethod
    def create(cls, path: Path | str, *, name: str, language: str = "en") -> Self:
        """A new workspace with an empty generation 0, in a folder that is new or empty."""
        folder = Path(path).absolute()
        text = new_settings(name, language)
        with refusing("make the workspace's folder", "choose a folder you may write to"):
            refuse_occupied(folder)
            for part in (IMPORTS, TABLE_FILES, GENERATIONS):
                (folder / part).mkdir(parents=True, exist_ok=True)
            write_manifest(folder, Manifest(number=0, when=now()))
            write_pointer(folder, Pointer(0, 0))
            write_text(folder / SETTINGS, text)
        return cls(folder)

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """The workspace in a folder; a refusal where there is none, or none whole."""
        folder = Path(path).absolute()
        if not (folder / SETTINGS).is_file() or not (folder / CURRENT).is_file():
            problem = Problem(
                "no-workspace",
                "a folder that holds a workspace",
                "another folder" if folder.is_dir() else "no folder",
                "give a workspace's folder, or make one with: liantu new",
                file=str(path),
            )
            raise Refusal(problem)
        workspace = cls(folder)
        workspace.generation()
        return workspace

    @property
    def settings(self) -> Settings:
        """Name, language and defaults, as workspace.toml says now."""
        return read_settings(self.path)

    def set_defaults(self, **values: str | Sequence[str] | None) -> None:
        """Set values for parameters that are not given; ``None`` takes one out."""
        with self._writing("settings"):
            write_defaults(self.path, values)

    @property
    def kept(self) -> Path:
        """Where long runs keep finished blocks; it may be deleted at any time."""
        return self.path / prune.KEPT

    def generation(self, number: int | None = None) -> Generation:
        """The generation in use, or the one of that number."""
        return read_generation(self.path, number)

    def history(self) -> list[Generation]:
        """Every generation, oldest first; the one in use has the number of ``generation()``."""
        found = []
        for number in numbers(self.path):
            with suppress(Missing):  # pruned since we looked
                found.append(read_generation(self.path, number))
        return found

    def origin(self, import_id: int, sheet: int, row: int) -> Origin:
        """The file, sheet and row that the three numbers beside a row speak of."""
        return Origins(self.path)(import_id, sheet, row)

    def import_files(
        self,
        files: Path | str | Iterable[Path | str],
        *,
        dry_run: bool = False,
        replace: bool = False,
        note: str = "",
        wording: ingest.Wording | None = None,
    ) -> Import:
        """Take in files (of a folder, every table in it): all of them, or none.

        A row takes the place of the row with the same key. A column that the files do not have
        leaves the recorded value; a blank cell in a column that they have clears it. With
        ``replace`` each table in the files is the whole table. Where rows stay as they are, so
        does their origin; where all do, there is no new generation. Any problem that is an
        error refuses the whole import, and nothing is written. Columns that speak of persons
        are neither read nor kept. ``wording`` says what words of the files mean that name no
        table and no column; once the files are in, that is remembered in the settings.
        """
        with refusing("look at the files", "make them readable"):
            named = [files] if isinstance(files, Path | str) else files
            listed = ingest.listed([Path(path) for path in named])
            received = seen(listed)
        with ingest.scratch_folder() as aside:
            known = ingest.recalling(wording, self.settings.layouts)
            intake = ingest.read(list(listed.values()), aside=aside, wording=known)
            if dry_run:
                trial = self._plan(intake, replace=replace)
                return Import(trial.diff, None, trial.warnings)
            received = without_persons(received, intake, aside)
            with self._writing("import"):
                planned = self._plan(intake, replace=replace)
                made = None if planned.diff.is_empty else self._commit(planned, received, note)
                unkept = self._unkept(
                    "remember what the headers mean",
                    partial(write_layouts, self.path, intake.layouts),
                )
        return Import(planned.diff, made, (*planned.warnings, *unkept))

    def merge_organisations(
        self,
        pairs: Iterable[tuple[str, str]],
        *,
        conflicts: Conflicts = "refuse",
        dry_run: bool = False,
        note: str = "",
    ) -> Import:
        """Make organisations one, given as pairs (kept, dropped): all of them, or none.

        The dropped row fills the blanks of the kept one and goes; every reference becomes one
        to the kept. Rows whose keys become equal become one where they agree; where they
        contradict each other all is refused, or the kept one's stays where ``conflicts`` is
        "keep". A later import reads the dropped identifier as the kept one.
        """
        if dry_run:
            trial = self._merger(pairs, conflicts)
            return Import(trial.diff, None, trial.warnings)
        with self._writing("merge"):
            merged = self._merger(pairs, conflicts)
            made = None
            unkept: tuple[Problem, ...] = ()
            if not merged.diff.is_empty:
                prune.sweep(self.path)
                made = self._advance(
                    merged.rows,
                    merged.diff.counts,
                    note=note or merged.note,
                    merged=merged.kept,
                )
                unkept = self._unkept(
                    "forget that they are two", partial(apart.forget, self.path, made)
                )
        return Import(merged.diff, made, (*merged.warnings, *unkept))

    def keep_apart(self, pairs: Iterable[tuple[str, str]], *, dry_run: bool = False) -> int:
        """Remember that organisations are not one firm; how many pairs are new.

        A refusal where one of them is not on record. Merging a pair forgets that again.
        """
        if dry_run:
            return len(apart.added(self.path, self.generation(), pairs))
        with self._writing("settings"):
            added = apart.added(self.path, self.generation(), pairs)
            apart.remember(self.path, added)
            return len(added)

    def apart(self) -> frozenset[tuple[str, str]]:
        """The pairs that are not one firm, as the organisations are called since merges."""
        return apart.as_called(self.settings.apart, self.generation())

    def undo(self) -> Generation:
        """Go back to the generation that the one in use was made from."""
        with self._writing("undo"):
            pointer = read_pointer(self.path)
            parent = self.generation().parent
            if parent is None or parent not in numbers(self.path):
                raise Refusal(_nothing_to_undo(pointer.number, is_first=parent is None))
            write_pointer(self.path, Pointer(parent, pointer.last))
            return self.generation()

    def diff(self, start: int, end: int | None = None, *, limit: int | None = None) -> Diff:
        """What differs from generation ``start`` to ``end``, or to the one in use."""
        old, new = self.generation(start), self.generation(end)
        changes = {
            name: compare(
                name, load(name, old.files.get(name)), load(name, new.files.get(name))
            )
            for name in TABLES
            if old.files.get(name) != new.files.get(name)
        }
        counts = {
            name: changes[name].counts if name in changes else Counts(unchanged=new.rows[name])
            for name in TABLES
            if name in changes or name in new.rows
        }
        return Diff(counts, limit, changes, Origins(self.path))

    def export(
        self, target: Path | str, *, language: Language = "en", generation: int | None = None
    ) -> None:
        """Write the tables as a workbook or a folder of CSV, fit to be imported again."""
        source = self.generation(generation)
        tables = {
            name: conformed(load(name, file), arrow_schema(TABLES[name]))
            for name, file in source.files.items()
        }
        with refusing("write the export", "choose a place you may write to, with space"):
            ingest.write_export(tables, Path(target), language)

    def template(self, target: Path | str, *, language: Language = "en") -> None:
        """Write an empty workbook that offers the identifiers on record to choose from."""
        cited = {
            table for model in TABLES.values() for e in columns(model) for table in e.references
        }
        files = self.generation().files
        recorded = {
            name: load(name, files[name]).column(key_columns(TABLES[name])[0].name).to_pylist()
            for name in files
            if name in cited
        }
        ingest.write_template(Path(target), language, recorded)

    def backup(self, file: Path | str) -> None:
        """Write the whole workspace as one tar file, with checksums."""
        with self._writing("backup"):
            archive.backup(self.path, Path(file).absolute())

    def prune(self, keep: int) -> list[int]:
        """Drop all but the newest ``keep`` generations and the one in use; what was dropped.

        What long runs kept goes too.
        """
        with self._writing("prune"):
            return prune.drop_old(self.path, keep)

    @contextmanager
    def _writing(self, doing: str) -> Iterator[None]:
        with (
            writing(self.path, doing),
            refusing(f"write the {doing}", _REMEDY),
            prune.swept_after_failure(self.path),
        ):
            yield

    def _plan(self, intake: ingest.Intake, *, replace: bool) -> Plan:
        """What the files would do to the generation in use."""
        ingest.reached(ingest.Stage("checking", rows=sum(intake.rows)))
        import_id = max(named_imports(self.history()), default=0) + 1
        return plan(
            self.generation(),
            intake,
            import_id=import_id,
            origins=Origins(self.path),
            replace=replace,
        )

    def _merger(self, pairs: Iterable[tuple[str, str]], conflicts: Conflicts) -> Merger:
        """What a merge would do to the generation in use."""
        return merger(
            self.generation(),
            pairs,
            origins=Origins(self.path),
            conflicts=conflicts,
            settings=self.settings,
        )

    def _unkept(self, doing: str, writing_it: Callable[[], None]) -> tuple[Problem, ...]:
        """Write the settings; the rows are in by then, so that a failure is but a warning."""
        try:
            with refusing(doing, "edit the settings by hand"):
                writing_it()
        except Refusal as refusal:
            return tuple(altered(item, severity="warning") for item in refusal.problems)
        return ()

    def _commit(self, planned: Plan, received: Sequence[Received], note: str) -> Generation:
        """Write files, tables, manifest and pointer, in this order; the last makes it so."""
        prune.sweep(self.path)
        keep(self.path, planned.import_id, received, planned.sheets)
        rows = {name: merged.rows for name, merged in planned.merged.items()}
        return self._advance(rows, planned.diff.counts, note=note, import_id=planned.import_id)

    def _advance(
        self,
        rows: Mapping[str, pa.Table],
        changes: dict[str, Counts],
        *,
        note: str,
        import_id: int | None = None,
        merged: dict[str, str] | None = None,
    ) -> Generation:
        """Write the tables that changed, then manifest and pointer; the last makes it so."""
        ingest.reached(ingest.Stage("writing", rows=sum(map(len, rows.values()))))
        pointer = read_pointer(self.path)
        parent = self.generation()
        tables = entries_of(parent)
        for name, table in rows.items():
            if changes[name].is_empty:
                continue
            tables.pop(name, None)
            if len(table):
                tables[name] = store(name, table, self.path / TABLE_FILES)
        number = pointer.last + 1
        manifest = Manifest(
            number=number,
            when=now(),
            parent=parent.number,
            import_id=import_id,
            note=note,
            tables=tables,
            changes=changes,
            merged=parent.merged if merged is None else merged,
        )
        write_manifest(self.path, manifest)
        write_pointer(self.path, Pointer(number, number))
        return self.generation(number)


def restore(file: Path | str, target: Path | str) -> Workspace:
    """The workspace in a backup, unpacked into a folder that is new or empty."""
    folder = Path(target).absolute()
    with refusing("restore the backup", "choose a folder you may write to, with space"):
        archive.unpack(Path(file), folder)
    return Workspace.open(folder)


def _nothing_to_undo(number: int, *, is_first: bool) -> Problem:
    why = "the first one" if is_first else "one whose parent was pruned"
    remedy = "see liantu history for the generations there are"
    return Problem("nothing-to-undo", "a generation to go back to", f"{number}, {why}", remedy)
