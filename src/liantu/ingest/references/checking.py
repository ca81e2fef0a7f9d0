"""Rules between tables, over the tables as they would be after an import.

References must name rows on record; a product is not a part of itself; a place, organisation
or product is not above itself. Every row is checked, also one of an earlier import, whose
referent this import may have taken away.
"""

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import Problem
from liantu.ingest.headings.name_columns import names_of
from liantu.ingest.intake import Intake, quoted
from liantu.ingest.many import more, n_listed
from liantu.ingest.placing import placed
from liantu.ingest.references.citing import AMBIGUOUS, Cited, cited, targets
from liantu.ingest.references.located import Located
from liantu.ingest.references.loops import loops
from liantu.ingest.references.near import nearest, nearest_names
from liantu.schema import TABLES, Column, columns, key_columns


def check(
    merged: Mapping[str, pa.Table], intake: Intake, *, ours: Mapping[str, pa.Array]
) -> list[Problem]:
    """Every reference that names nothing and every cycle, in the order of the files.

    ``merged`` holds the tables as they would be, with their origin columns; ``ours`` tells
    which of their rows come from ``intake``. A row of an earlier import is named by its key.
    A reference to what the import holds and could not read is not told: the cause is.
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
    return placed(problems, intake.heads)


def _is_concerned(name: str, intake: Intake) -> bool:
    """Whether the import touches the table or one that it refers to; others stay in order."""
    touched = intake.tables.keys()
    above = {target for entry in columns(TABLES[name]) for target in entry.references}
    return name in touched or not above.isdisjoint(touched)


def _dangling(
    entry: Column, located: Located, merged: Mapping[str, pa.Table]
) -> Iterator[Problem]:
    """References of a column that name no row on record."""
    column = located.table.column(entry.name).combine_chunks()
    if column.null_count == len(column):
        return
    for mask, tables in targets(entry, located.table):
        found = cited(column, mask, entry.separator)
        known = pa.concat_arrays([_known(merged.get(target), target) for target in tables])
        met = found.words.unique()
        strange = met.filter(pc.invert(pc.is_in(met, value_set=known)))
        strange = _judged(strange, tables, located.intake)
        if len(strange):
            lost = found.among(strange)
            yield from _named(entry, located, lost, {name: merged.get(name) for name in tables})


def _judged(strange: pa.Array, tables: Sequence[str], intake: Intake) -> pa.Array:
    """The words that name nothing, without those of rows that may stand in what is unread."""
    if not len(strange) or not intake.errors:
        return strange
    if not intake.unread.tables.isdisjoint(tables):
        return strange[:0]
    unread = pa.array(intake.unread.words, pa.string())
    return strange.filter(pc.invert(pc.is_in(strange, value_set=unread)))


def _known(table: pa.Table | None, name: str) -> pa.Array:
    """The identifiers of a table."""
    if table is None:
        return pa.array([], pa.string())
    return table.column(_key(name)).combine_chunks().drop_null()


def _named(
    entry: Column, located: Located, lost: Cited, tables: Mapping[str, pa.Table | None]
) -> Iterator[Problem]:
    """A problem for each reference that names nothing, with the one that was meant."""
    told = {_cell(item) for item in located.intake.problems if item.code == AMBIGUOUS}
    shown = n_listed(len(lost.words))
    words: list[str] = lost.words[:shown].to_pylist()
    known = pa.concat_arrays([_known(table, name) for name, table in tables.items()])
    hints = nearest(words, known) if len(known) else {}
    if len(known):
        left = dict.fromkeys(word for word in words if word not in hints)
        hints |= nearest_names(left, *_names(tables))
    keys = " or ".join(f"{_key(name)} in {name}" for name in tables)
    for word, row in zip(words, lost.rows[:shown].to_pylist(), strict=True):
        if not len(known):
            listed = " or ".join(tables)
            remedy = f"{listed} holds no rows: import {listed} too"
        else:
            remedy = hints.get(word, f"correct it, or add it to {' or '.join(tables)}")
        where = (f"an identifier on record as {keys}", quoted(word), remedy)
        problem = located.problem("dangling-reference", row, entry.name, where)
        if _cell(problem) not in told:
            yield problem
    if len(lost.words) > shown:
        yield more(len(lost.words) - shown, entry.name, None, located.name)


def _names(tables: Mapping[str, pa.Table | None]) -> tuple[pa.Array, pa.Array]:
    """The names of the rows of some tables, and beside each the identifier."""
    names, ids = [pa.array([], pa.string())], [pa.array([], pa.string())]
    for name, table in tables.items():
        if table is None:
            continue
        for column in names_of(name):
            names.append(table.column(column).combine_chunks())
            ids.append(table.column(_key(name)).combine_chunks())
    return pa.concat_arrays(names), pa.concat_arrays(ids)


def _cell(problem: Problem) -> tuple[str | None, str | None, int | None, str | None]:
    return problem.file, problem.sheet, problem.row, problem.column


def _key(name: str) -> str:
    return key_columns(TABLES[name])[0].name
