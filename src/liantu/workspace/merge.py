"""The rows of a table as they would be after an import."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from liantu.schema import TABLES, columns, key_columns
from liantu.workspace.changes import TableChanges, chosen, differing, positions
from liantu.workspace.tables import ORIGIN, by_key, stored_schema

_KEPT, _CHANGED, _ADDED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Incoming:
    """The rows of one table in an import, and the columns that its files had."""

    name: str
    rows: pa.Table
    present: Collection[str]
    import_id: int


@dataclass(frozen=True, slots=True)
class Merged:
    """A table after the import, sorted by key; ``ours`` marks the rows read in it."""

    rows: pa.Table
    ours: pa.Array
    changes: TableChanges


def merge(recorded: pa.Table, incoming: Incoming, *, replace: bool = False) -> Merged:
    """The recorded rows with the incoming ones in the place of those with the same key.

    A column that the files do not have leaves the recorded value; a blank cell in a column
    that they have clears it. A row that says what is recorded keeps its origin. With
    ``replace`` the recorded rows that do not come again are removed.
    """
    key = [entry.name for entry in key_columns(TABLES[incoming.name])]
    match = positions(recorded, incoming.rows, key)
    is_known = match >= 0
    before = recorded.take(pa.array(match, mask=~is_known))
    after = _completed(incoming, before)
    is_changed = is_known & differing(before, after, sorted(incoming.present))
    is_fresh = is_changed | ~is_known

    is_kept = np.ones(len(recorded), dtype=bool)
    if replace:
        is_kept[:] = False
        is_kept[match[is_known]] = True
    is_gone = ~is_kept
    is_kept[match[is_changed]] = False

    state = np.where(is_changed, _CHANGED, _ADDED)[is_fresh]
    rows, state, match = _sorted(
        incoming.name,
        chosen(recorded, is_kept),
        chosen(after, is_fresh),
        state,
        match[is_fresh],
    )
    changes = TableChanges(
        added=chosen(rows, state == _ADDED),
        before=recorded.take(match[state == _CHANGED]),
        after=chosen(rows, state == _CHANGED),
        removed=chosen(recorded, is_gone),
        unchanged=int(is_kept.sum()),
    )
    return Merged(rows, pa.array(state != _KEPT), changes)


def _completed(incoming: Incoming, before: pa.Table) -> pa.Table:
    """The incoming rows in the stored columns, with what is recorded where they are silent."""
    rows, n_rows = incoming.rows, len(incoming.rows)
    key = {entry.name for entry in key_columns(TABLES[incoming.name])}
    given = key | set(incoming.present)
    values = [
        rows[entry.name] if entry.name in given else before[entry.name]
        for entry in columns(TABLES[incoming.name])
    ]
    origin = [
        pa.repeat(pa.scalar(incoming.import_id, pa.int32()), n_rows),
        *(rows[name] for name in ORIGIN[1:]),
    ]
    return pa.table([*values, *origin], schema=stored_schema(incoming.name))


def _sorted(
    name: str,
    kept: pa.Table,
    fresh: pa.Table,
    state: npt.NDArray[np.int64],
    match: npt.NDArray[np.int64],
) -> tuple[pa.Table, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Kept and fresh rows together by key, with state and recorded row of each."""
    if not len(fresh):
        return kept, np.full(len(kept), _KEPT), np.full(len(kept), -1)
    rows = pa.concat_tables([kept, fresh]).combine_chunks() if len(kept) else fresh
    order = by_key(name, rows)
    index = order.to_numpy()
    states = np.concatenate([np.full(len(kept), _KEPT), state])[index]
    matches = np.concatenate([np.full(len(kept), -1), match])[index]
    is_sorted = bool((index == np.arange(len(index))).all())
    return rows if is_sorted else rows.take(order), states, matches
