"""What refers to a record: rows of other tables, lenses that may be asked about it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from liantu.faces.cells import Cell, row_cells
from liantu.faces.study import Study
from liantu.faces.web.visit import Visit
from liantu.lens import discover
from liantu.schema import TABLES, Column, columns, key_columns

_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Referring:
    """The rows of one table that name a record in one of their columns."""

    table: str
    title: str
    total: int
    heads: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def referring(here: Visit, table: str, record: str) -> Iterator[Referring]:
    """For each column that may name the record, the rows that do."""
    for name, model in TABLES.items():
        for entry in columns(model):
            if table in entry.references:
                yield _rows(here, name, entry, record)


def asking(here: Visit, table: str, record: str) -> list[tuple[str, str, str]]:
    """Lenses that take such a record: title, question and the address that asks about it."""
    found = []
    for lens in discover().values():
        for entry in columns(lens.parameters):
            if table in entry.references and not entry.is_list:
                href = here.address.to(f"/lens/{lens.name}", {entry.name: record})
                said = here.words.say
                found.append((said(lens.title), said(lens.question), href))
                break
    return found


def citations(study: Study) -> dict[str, int]:
    """How many rows cite each source, over every table."""
    counts: dict[str, int] = {}
    for name in TABLES:
        if name == "sources":
            continue
        sql = f"select source_id as cited, count(*) as n from {name} group by source_id"  # noqa: S608
        for row in study.store.query(sql).to_pylist():
            for source in {part.strip() for part in (row["cited"] or "").split(";")} - {""}:
                counts[source] = counts.get(source, 0) + row["n"]
    return counts


def _rows(here: Visit, table: str, entry: Column, record: str) -> Referring:
    separator = entry.separator
    test = (
        f"contains('{separator}' || replace({entry.name}, ' ', '') || '{separator}', "
        f"'{separator}' || $record || '{separator}')"
        if separator
        else f"{entry.name} = $record"
    )
    declared = columns(TABLES[table])
    order = ", ".join(column.name for column in declared if column.key)
    sql = (
        f"select *, count(*) over () as n from {table} where {test} "  # noqa: S608 - schema
        f"order by {order} limit {_SHOWN}"
    )
    rows = here.study.store.query(sql, {"record": record}).to_pylist()
    shown = tuple(
        column
        for column in declared
        if (column.name != entry.name or separator)
        and any(row[column.name] is not None for row in rows)
    )
    return Referring(
        table=table,
        title=entry.title,
        total=rows[0]["n"] if rows else 0,
        heads=shown,
        rows=tuple(_row(table, shown, row, here) for row in rows),
    )


def _row(
    table: str, shown: tuple[Column, ...], row: dict[str, Any], here: Visit
) -> tuple[Cell, ...]:
    """The cells of a row; the key of a record that has a page leads to it."""
    made = zip(shown, row_cells(shown, row, here.words, here.address), strict=True)
    is_record = len(key_columns(TABLES[table])) == 1
    return tuple(
        replace(held, href=here.address.record(table, str(row[entry.name])))
        if entry.key and is_record and row[entry.name]
        else held
        for entry, held in made
    )
