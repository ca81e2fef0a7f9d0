"""What a merge of organisations would do, and how a later import reads what was merged."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu import ingest
from liantu.errors import Problem
from liantu.ingest.references.keys import place
from liantu.workspace.apart import forgotten, made_one
from liantu.workspace.changes import Diff, compare
from liantu.workspace.generations import Generation
from liantu.workspace.received import Origins
from liantu.workspace.same_firm import (
    FIRMS,
    KEY,
    Conflicts,
    Told,
    joined,
    named_elsewhere,
    one_firm,
    pointed,
    renamed,
    resolved,
)
from liantu.workspace.settings import Settings
from liantu.workspace.tables import ORIGIN, by_key, load

_SHOWN = 20
_OTHERS, _OTHER = "other_names", "other_name"
_NAMES = ("name", "name_local")


@dataclass(frozen=True, slots=True)
class Merger:
    """The tables as they would be after a merge, and what that changes.

    ``kept`` has the organisation that each dropped one becomes, of this merge and of earlier
    ones.
    """

    kept: dict[str, str]
    rows: dict[str, pa.Table]
    diff: Diff
    warnings: tuple[Problem, ...]
    note: str


def merger(
    generation: Generation,
    pairs: Iterable[tuple[str, str]],
    *,
    origins: Origins,
    conflicts: Conflicts,
    settings: Settings,
) -> Merger:
    """The outcome of a merge; a refusal with every problem where it cannot be done."""
    tables = {name: load(name, file) for name, file in generation.files.items()}
    known = tables[FIRMS][KEY].to_pylist() if FIRMS in tables else []
    kept = resolved(pairs, frozenset(known))
    after, warnings = one_firm(tables, kept, _teller(origins), conflicts)
    if kept:
        after |= _other_names(tables, after, kept)
    changes = {
        name: compare(name, tables.get(name, load(name, None)), rows)
        for name, rows in after.items()
    }
    counts = {name: change.counts for name, change in changes.items()}
    earlier = {drop: kept.get(keep, keep) for drop, keep in generation.merged.items()}
    merged = {**earlier, **kept}
    now_one = made_one(settings.apart, merged) - made_one(settings.apart, generation.merged)
    return Merger(
        merged,
        after,
        Diff(counts, None, changes, origins),
        (*warnings, *forgotten(now_one), *_defaults(settings.defaults, kept)),
        _note(kept),
    )


def _other_names(
    tables: Mapping[str, pa.Table], after: Mapping[str, pa.Table], kept: Mapping[str, str]
) -> dict[str, pa.Table]:
    """The other names on record, with those of the dropped organisations; none if not new.

    A later file that calls the kept one by such a name is resolved by it. Undo takes them back
    with the merge, for they are rows like any other.
    """
    held = after.get(_OTHERS, tables.get(_OTHERS, load(_OTHERS, None)))
    known = set(zip(held[KEY].to_pylist(), held[_OTHER].to_pylist(), strict=True))
    for row in after[FIRMS].select([KEY, *_NAMES]).to_pylist():
        known |= {(row[KEY], row[name]) for name in _NAMES}
    made = {
        (kept[row[KEY]], row[name]): {origin: row[origin] for origin in ORIGIN}
        for row in tables[FIRMS].to_pylist()
        if row[KEY] in kept
        for name in _NAMES
        if row[name] is not None and (kept[row[KEY]], row[name]) not in known
    }
    if not made:
        return {}
    rows = [
        {KEY: owner, _OTHER: name, "kind": "merged", **origin}
        for (owner, name), origin in made.items()
    ]
    every = pa.concat_tables([held, pa.Table.from_pylist(rows, held.schema)])
    return {_OTHERS: every.take(by_key(_OTHERS, every)).combine_chunks()}


def as_kept(
    intake: ingest.Intake, kept: Mapping[str, str]
) -> tuple[ingest.Intake, list[Problem]]:
    """The files with what was merged read as the organisation that is kept, and warnings.

    A row of a dropped organisation fills the blanks of the kept one's row, if that is there,
    and is left out, or an old file would bring it back; a reference is one to the kept. Rows
    whose keys become equal become one where they agree; where they contradict each other that
    is a problem which names both.
    """
    if not kept:
        return intake, []
    told = partial(place, sheets=intake.sheets)
    problems: list[Problem] = []
    tables = dict(intake.tables)
    for name, before in intake.tables.items():
        rows = before
        if name == FIRMS:
            is_gone = pc.is_in(rows[KEY], value_set=pa.array(list(kept), pa.string()))
            problems += _left_out(rows.filter(is_gone), kept, intake)
            rows = _folded(rows, kept, told)
        rows, is_touched = pointed(name, rows, kept)
        if is_touched.any():
            problems.append(_read_as(name, rows, int(np.flatnonzero(is_touched)[0]), intake))
            one = joined(name, rows, is_touched, told)
            rows = one.rows
            problems += (_twice(problem) for problem in one.conflicts)
        tables[name] = rows.combine_chunks()
    return replace(intake, tables=tables), problems


def _teller(origins: Origins) -> Told:
    def told(row: dict[str, Any]) -> str:
        found = origins(row["origin_import"], row["origin_sheet"], row["origin_row"])
        return Problem("", "", "", "", found.file, found.sheet, found.row).address

    return told


def _folded(rows: pa.Table, kept: Mapping[str, str], told: Told) -> pa.Table:
    """Rows of organisations, each dropped one put into the row of the kept one, if any."""
    is_gone = pc.is_in(rows[KEY], value_set=pa.array(list(kept), pa.string()))
    as_one = renamed(rows, kept)
    held = rows.filter(pc.invert(is_gone))[KEY].combine_chunks()
    chosen = pc.is_in(as_one[KEY], value_set=held)
    is_second = is_gone.filter(chosen).to_numpy()
    return joined(FIRMS, as_one.filter(chosen), is_second, told).rows


def _left_out(
    rows: pa.Table, kept: Mapping[str, str], intake: ingest.Intake
) -> Iterator[Problem]:
    """A warning for each row of a dropped organisation; after the first ones a count."""
    for number, row in enumerate(rows.slice(0, _SHOWN).to_pylist()):
        sheet = intake.sheets[row["origin_sheet"]]
        more = len(rows) - _SHOWN
        is_last = number == _SHOWN - 1 and more > 0
        yield Problem(
            "merged-organisation",
            "organisations as they were merged",
            f"'{row[KEY]}', which was merged into {kept[row[KEY]]}"
            + (f", and {more:,} more rows like it" if is_last else ""),
            "the row only fills blanks of that one's row; to have it back, undo the merge or "
            "give it another org_id",
            file=sheet.file,
            sheet=sheet.sheet,
            row=row["origin_row"],
            column=KEY,
            severity="warning",
        )


def _read_as(name: str, rows: pa.Table, first: int, intake: ingest.Intake) -> Problem:
    row = rows.slice(first, 1).to_pylist()[0]
    sheet = intake.sheets[row["origin_sheet"]]
    return Problem(
        "merged-organisation",
        f"references in {name} to organisations as they were merged",
        "one that was dropped, here first",
        "it is read as the one that was kept; write that one in the file",
        file=sheet.file,
        sheet=sheet.sheet,
        row=row["origin_row"],
        severity="warning",
    )


def _twice(problem: Problem) -> Problem:
    remedy = "keep one of the two rows: their organisations were merged"
    return replace(problem, code="duplicate-key", remedy=remedy)


def _defaults(
    defaults: Mapping[str, str | list[str]], kept: Mapping[str, str]
) -> Iterator[Problem]:
    for name, value in defaults.items():
        for part in [value] if isinstance(value, str) else value:
            if part in kept:
                yield named_elsewhere(part, kept[part], f"[defaults] {name} in workspace.toml")


def _note(kept: Mapping[str, str]) -> str:
    """``merged B into A``; of many the first, and a count."""
    shown = ", ".join(f"{drop} into {keep}" for drop, keep in list(kept.items())[:_SHOWN])
    more = len(kept) - _SHOWN
    return f"merged {shown}" + (f" and {more:,} more" if more > 0 else "")
