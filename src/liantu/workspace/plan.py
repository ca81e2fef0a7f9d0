"""What an import would do, worked out before anything is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from liantu import ingest
from liantu.errors import Problem, Refusal
from liantu.schema import TABLES
from liantu.workspace.changes import Diff, Origin
from liantu.workspace.generations import Generation
from liantu.workspace.merge import Incoming, Merged, merge
from liantu.workspace.merger import as_kept
from liantu.workspace.received import Origins
from liantu.workspace.tables import load


@dataclass(frozen=True, slots=True)
class Plan:
    """The tables as they would be after the import, and what that changes."""

    import_id: int
    merged: dict[str, Merged]
    diff: Diff
    sheets: tuple[Origin, ...]
    warnings: tuple[Problem, ...]


class _Tables(Mapping[str, pa.Table]):
    """Every table, the given ones and those on record, each read when it is asked for."""

    def __init__(
        self, recorded: Callable[[str], pa.Table], given: Mapping[str, pa.Table]
    ) -> None:
        self._recorded = recorded
        self._rows = dict(given)

    def __getitem__(self, name: str) -> pa.Table:
        if name not in TABLES:
            raise KeyError(name)
        if name not in self._rows:
            self._rows[name] = self._recorded(name)
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)


def plan(
    generation: Generation,
    intake: ingest.Intake,
    *,
    import_id: int,
    origins: Origins,
    replace: bool,
) -> Plan:
    """The outcome of an import; a refusal with every problem when any of them is an error."""
    recorded = _Tables(lambda name: load(name, generation.files.get(name)), {})
    resolved = ingest.resolve(intake, recorded, replace_tables=replace)
    intake, notes = as_kept(resolved, generation.merged)
    merged = {
        name: merge(
            recorded[name],
            Incoming(name, intake.tables[name], intake.present[name], import_id),
            replace=replace,
        )
        for name in TABLES
        if name in intake.tables
    }
    ours = {name: table.ours for name, table in merged.items()}
    afterwards = _Tables(
        recorded.__getitem__, {name: table.rows for name, table in merged.items()}
    )
    problems = ingest.placed(
        [
            *intake.problems,
            *notes,
            *ingest.check(afterwards, intake, ours=ours),
        ],
        intake.heads,
    )
    if any(problem.severity == "error" for problem in problems):
        raise Refusal(problems)
    sheets = tuple(Origin(str(entry.file), entry.sheet, 0) for entry in intake.sheets)
    origins.sheets[import_id] = list(sheets)
    changes = {name: table.changes for name, table in merged.items()}
    counts = {name: change.counts for name, change in changes.items()}
    return Plan(
        import_id, merged, Diff(counts, None, changes, origins), sheets, tuple(problems)
    )
