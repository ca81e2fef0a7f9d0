"""What an import would do, worked out before anything is written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from liantu import ingest
from liantu.errors import Problem, Refusal
from liantu.schema import TABLES
from liantu.workspace.changes import Diff, Origin
from liantu.workspace.generations import Generation
from liantu.workspace.merge import Incoming, Merged, merge
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


class Afterwards(Mapping[str, pa.Table]):
    """Every table as it would be after the import, read when it is asked for."""

    def __init__(self, generation: Generation, merged: Mapping[str, Merged]) -> None:
        self._generation = generation
        self._rows = {name: table.rows for name, table in merged.items()}

    def __getitem__(self, name: str) -> pa.Table:
        if name not in TABLES:
            raise KeyError(name)
        if name not in self._rows:
            self._rows[name] = load(name, self._generation.files.get(name))
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
    merged = {
        name: merge(
            load(name, generation.files.get(name)),
            Incoming(name, intake.tables[name], intake.present[name], import_id),
            replace=replace,
        )
        for name in TABLES
        if name in intake.tables
    }
    ours = {name: table.ours for name, table in merged.items()}
    problems = _sorted(
        [
            *intake.problems,
            *ingest.check(Afterwards(generation, merged), intake, ours=ours),
        ]
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


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, in the order of the addresses."""
    return sorted(
        dict.fromkeys(problems),
        key=lambda problem: (problem.file or "", problem.sheet or "", problem.row or 0),
    )
