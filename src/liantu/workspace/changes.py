"""What differs between two states of a table: counts, and the rows themselves on demand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from liantu.schema import TABLES, columns, key_columns

Kind = Literal["added", "changed", "removed"]

_BATCH_ROWS = 1024


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of a table were added, changed, left as they were and removed."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether the table stays as it was."""
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row was read: the file as it was named, the sheet if it has any, the row."""

    file: str
    sheet: str | None
    row: int


@dataclass(frozen=True, slots=True)
class Change:
    """One row that differs; ``cells`` holds the columns that do, as (before, after)."""

    table: str
    key: dict[str, Any]
    kind: Kind
    cells: dict[str, tuple[Any, Any]]
    origin: Origin


@dataclass(frozen=True, slots=True)
class TableChanges:
    """The rows of one table that differ; ``before`` and ``after`` are aligned row by row."""

    added: pa.Table
    before: pa.Table
    after: pa.Table
    removed: pa.Table
    unchanged: int

    @property
    def counts(self) -> Counts:
        """How many rows there are of each kind."""
        return Counts(len(self.added), len(self.after), self.unchanged, len(self.removed))


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs, per table; iterating yields the rows, at most ``limit`` of them.

    ``counts`` is never limited. Rows come by table, and within it removed, changed, added,
    each in the order of the key. A row whose origin alone differs is unchanged.
    """

    counts: dict[str, Counts]
    limit: int | None = None
    tables: Mapping[str, TableChanges] = field(default_factory=dict, repr=False)
    origin: Callable[[int, int, int], Origin] = field(
        default=lambda _, __, row: Origin("", None, row), repr=False
    )

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return all(counts.is_empty for counts in self.counts.values())

    def __iter__(self) -> Iterator[Change]:
        return self.changes()

    def changes(
        self, table: str | None = None, *, kind: Kind | None = None, limit: int | None = None
    ) -> Iterator[Change]:
        """The rows that differ, of one table or all, read one after the other as needed."""
        names = self.tables if table is None else [table] if table in self.tables else []
        found = (
            change
            for name in names
            for change in self._of(name)
            if kind is None or change.kind == kind
        )
        return islice(found, self.limit if limit is None else limit)

    def _of(self, name: str) -> Iterator[Change]:
        rows = self.tables[name]
        for before in _records(rows.removed):
            yield self._change(name, before, None)
        for before, after in zip(_records(rows.before), _records(rows.after), strict=True):
            yield self._change(name, before, after)
        for after in _records(rows.added):
            yield self._change(name, None, after)

    def _change(
        self, name: str, before: dict[str, Any] | None, after: dict[str, Any] | None
    ) -> Change:
        kind: Kind = "removed" if after is None else "added" if before is None else "changed"
        old, new, row = before or {}, after or {}, after or before or {}
        cells = {
            entry.name: (old.get(entry.name), new.get(entry.name))
            for entry in columns(TABLES[name])
            if not entry.key and old.get(entry.name) != new.get(entry.name)
        }
        key = {entry.name: row[entry.name] for entry in key_columns(TABLES[name])}
        origin = self.origin(row["origin_import"], row["origin_sheet"], row["origin_row"])
        return Change(name, key, kind, cells, origin)


def compare(name: str, before: pa.Table, after: pa.Table) -> TableChanges:
    """What differs between two states of a table, both sorted by key."""
    match = positions(before, after, [entry.name for entry in key_columns(TABLES[name])])
    is_known = match >= 0
    is_left = np.ones(len(before), dtype=bool)
    is_left[match[is_known]] = False
    old, new = before.take(match[is_known]), chosen(after, is_known)
    is_changed = differing(old, new, [entry.name for entry in columns(TABLES[name])])
    return TableChanges(
        added=chosen(after, ~is_known),
        before=chosen(old, is_changed),
        after=chosen(new, is_changed),
        removed=chosen(before, is_left),
        unchanged=int(is_known.sum() - is_changed.sum()),
    )


def positions(before: pa.Table, after: pa.Table, key: Sequence[str]) -> npt.NDArray[np.int64]:
    """Row of ``before`` with the same key, for each row of ``after``; -1 where there is none.

    Blank is a value of the key like any other. Keys are unique in ``before``.

    Returns
    -------
    (len(after),) int64, in [-1, len(before))
    """
    if not len(before):
        return np.full(len(after), -1, dtype=np.int64)
    codes = np.zeros(len(before) + len(after), dtype=np.int64)
    n_codes = 1
    for name in key:
        column = pa.chunked_array([*before[name].chunks, *after[name].chunks])
        encoded = column.dictionary_encode().chunks
        n_values = len(encoded[0].dictionary) + 1 if encoded else 1
        parts = [part.indices.fill_null(-1).to_numpy(zero_copy_only=False) for part in encoded]
        values = np.concatenate(parts).astype(np.int64) + 1 if parts else codes
        codes = codes * n_values + values
        n_codes *= n_values
        if n_codes > 4 * len(codes):
            dense = pa.array(codes).dictionary_encode()
            codes, n_codes = dense.indices.to_numpy().astype(np.int64), len(dense.dictionary)
    row = np.full(n_codes, -1, dtype=np.int64)
    row[codes[: len(before)]] = np.arange(len(before))
    return row[codes[len(before) :]]


def differing(before: pa.Table, after: pa.Table, names: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Whether two aligned rows differ in any of the columns; two blanks do not.

    Returns
    -------
    (len(after),) bool
    """
    found = np.zeros(len(after), dtype=bool)
    for name in names:
        old, new = before[name], after[name]
        unequal = pc.or_(
            pc.fill_null(pc.not_equal(old, new), fill_value=False),
            pc.xor(pc.is_null(old), pc.is_null(new)),
        )
        found |= unequal.to_numpy()
    return found


def chosen(rows: pa.Table, is_chosen: npt.NDArray[np.bool_]) -> pa.Table:
    """The rows that are chosen; no copy where that is all or none of them."""
    if is_chosen.all():
        return rows
    return rows.filter(pa.array(is_chosen)) if is_chosen.any() else rows.slice(0, 0)


def _records(table: pa.Table) -> Iterator[dict[str, Any]]:
    for start in range(0, len(table), _BATCH_ROWS):
        yield from table.slice(start, _BATCH_ROWS).to_pylist()
