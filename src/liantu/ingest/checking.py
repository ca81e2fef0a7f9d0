"""Rules between tables, over the tables as they would be after an import.

References must name rows on record; a product is not a part of itself; a place, organisation
or product is not above itself. Every row is checked, also one of an earlier import, whose
referent this import may have taken away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import Problem
from liantu.ingest.intake import Intake, in_order, quoted
from liantu.ingest.located import Located
from liantu.ingest.loops import loops
from liantu.ingest.near import nearest
from liantu.ingest.rows import MOST, SHOWN, more
from liantu.schema import TABLES, Column, columns, key_columns


@dataclass(frozen=True, slots=True)
class _Cited:
    """References of one column: each identifier, and the row of the table it stands in."""

    words: pa.Array
    rows: pa.Array


def check(
    merged: Mapping[str, pa.Table], intake: Intake, *, ours: Mapping[str, pa.Array]
) -> list[Problem]:
    """Every reference that names nothing and every cycle, in the order of the files.

    ``merged`` holds the tables as they would be, with their origin columns; ``ours`` tells
    which of their rows come from ``intake``. A row of an earlier import is named by its key.
    """
    problems: list[Problem] = []
    for name in merged:
        if not _is_concerned(name, intake):
            continue
        located = Located(name, merged[name], intake, ours.get(name))
        for entry in columns(TABLES[name]):
            if entry.references:
                problems += _dangling(entry, located, merged)
        problems += loops(located, merged)
    return list(in_order(problems))


def _is_concerned(name: str, intake: Intake) -> bool:
    """Whether the import touches the table or one that it refers to; others stay in order."""
    touched = intake.tables.keys()
    cited = {target for entry in columns(TABLES[name]) for target in entry.references}
    return name in touched or not cited.isdisjoint(touched)


def _dangling(
    entry: Column, located: Located, merged: Mapping[str, pa.Table]
) -> Iterator[Problem]:
    """References of a column that name no row on record."""
    column = located.table.column(entry.name).combine_chunks()
    if column.null_count == len(column):
        return
    for mask, targets in _targets(entry, located.table):
        cited = _cited(column if mask is None else pc.if_else(mask, column, None), entry)
        known = pa.concat_arrays([_known(merged, target) for target in targets])
        met = cited.words.unique()
        strange = met.filter(pc.invert(pc.is_in(met, value_set=known)))
        if len(strange):
            lost = pc.is_in(cited.words, value_set=strange)
            lost_cited = _Cited(cited.words.filter(lost), cited.rows.filter(lost))
            yield from _named(entry, located, lost_cited, (targets, known))


def _targets(
    entry: Column, table: pa.Table
) -> Iterator[tuple[pa.Array | None, tuple[str, ...]]]:
    """Which rows refer to which tables; the choices of ``depends_on`` stand in their order."""
    if entry.depends_on is None:
        yield None, entry.references
        return
    name = entry.depends_on
    model = next(model for model in TABLES.values() if entry in columns(model))
    deciding = next(item for item in columns(model) if item.name == name)
    chosen = table.column(name).combine_chunks()
    for choice, target in zip(deciding.choices, entry.references, strict=True):
        yield pc.fill_null(pc.equal(chosen, choice), fill_value=False), (target,)


def _cited(column: pa.Array, entry: Column) -> _Cited:
    """Every identifier in a column, several to a cell where it has a separator."""
    rows = pa.array(np.arange(len(column), dtype=np.int32)).filter(pc.is_valid(column))
    words = column.drop_null()
    if entry.separator and pc.any(pc.match_substring(words, entry.separator)).as_py():
        several = pc.split_pattern(words, entry.separator)
        rows = rows.take(pc.list_parent_indices(several))
        words = pc.utf8_trim_whitespace(pc.list_flatten(several))
        filled = pc.not_equal(words, "")
        words, rows = words.filter(filled), rows.filter(filled)
    return _Cited(words, rows)


def _known(merged: Mapping[str, pa.Table], target: str) -> pa.Array:
    """The identifiers of a table."""
    if target not in merged:
        return pa.array([], pa.string())
    key = key_columns(TABLES[target])[0].name
    return merged[target].column(key).combine_chunks().drop_null()


def _named(
    entry: Column, located: Located, cited: _Cited, target: tuple[tuple[str, ...], pa.Array]
) -> Iterator[Problem]:
    """A problem for each reference that names nothing, with the one that was meant."""
    tables, known = target
    shown = len(cited.words) if len(cited.words) <= MOST else SHOWN
    words: list[str] = cited.words[:shown].to_pylist()
    hints = nearest(words, known) if len(known) else {}
    keys = " or ".join(f"{key_columns(TABLES[name])[0].name} in {name}" for name in tables)
    for word, row in zip(words, cited.rows[:shown].to_pylist(), strict=True):
        if not len(known):
            listed = " or ".join(tables)
            remedy = f"{listed} holds no rows: import {listed} too"
        else:
            remedy = hints.get(word, f"correct it, or add it to {' or '.join(tables)}")
        where = (f"an identifier on record as {keys}", quoted(word), remedy)
        yield located.problem("dangling-reference", row, entry.name, where)
    if len(cited.words) > shown:
        yield more(len(cited.words) - shown, entry.name, None, located.name)
