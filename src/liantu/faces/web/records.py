"""Pages of the record: one record with its facts and what refers to it, and the sources."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from liantu.errors import Missing, Problem, did_you_mean
from liantu.faces.cells import Cell, row_cells
from liantu.faces.web.referring import Referring, asking, citations, referring
from liantu.faces.web.visit import Visit, visit
from liantu.records import key_of
from liantu.schema import TABLES, columns, key_columns

router = APIRouter(include_in_schema=False)
Here = Annotated[Visit, Depends(visit)]

_NAMES = frozenset({"name", "name_local", "title", "statement", "evidence", "source_id"})


@router.get("/record/{table}/{record}")
def record_page(table: str, record: str, here: Here) -> Response:
    """One record: its facts, each with its mark and source, and what refers to it."""
    row = _row(here, table, record)
    declared = columns(TABLES[table])
    made = row_cells(declared, row, here.words, here.address)
    cells = {entry.name: shown for entry, shown in zip(declared, made, strict=True)}
    facts = [
        (entry, cells[entry.name])
        for entry in declared
        if entry.name not in _NAMES and not entry.key
    ]
    called = here.words.names.of(table, record)
    name = here.words.called(called)
    return here.page(
        "record.html",
        table=table,
        record=record,
        name=name,
        local=called.local if here.words.language == "en" and called.local != name else None,
        meaning=(TABLES[table].__doc__ or "").splitlines()[0],
        facts=facts,
        mark_of=cells["evidence"],
        source=cells["source_id"] if table != "sources" else Cell("", "absent"),
        referring=_referring(here, table, record),
        asking=asking(here, table, record),
    )


@router.get("/sources")
def sources(here: Here) -> Response:
    """Every source, and how many rows cite it."""
    cited = citations(here.study)
    sql = "select * from sources order by source_id"
    rows = here.study.store.query(sql).to_pylist()
    return here.page(
        "sources.html", sources=[(row, cited.get(row["source_id"], 0)) for row in rows]
    )


@router.get("/sources/{source}")
def source_page(source: str, here: Here) -> Response:
    """One source, and the rows that cite it."""
    return record_page("sources", source, here)


def _row(here: Visit, table: str, record: str) -> dict[str, Any]:
    """The row of a record; a refusal that names the nearest where there is none."""
    single = [name for name, model in TABLES.items() if len(key_columns(model)) == 1]
    if table not in single:
        raise Missing(_unknown("a table whose records have a page", table, single))
    key = key_of(table)
    sql = f"select * from {table} where {key} = $record"  # noqa: S608 - names of the schema
    rows = here.study.store.query(sql, {"record": record}).to_pylist()
    if not rows:
        near = f"select {key} as id from {table} order by {key} limit 20000"  # noqa: S608
        known = here.study.store.query(near)["id"].to_pylist()
        raise Missing(_unknown(f"a record of {table}", record, known))
    return dict(rows[0])


def _referring(here: Visit, table: str, record: str) -> list[Referring]:
    return [found for found in referring(here, table, record) if found.total]


def _unknown(expected: str, found: str, known: list[str]) -> Problem:
    return Problem(
        code="unknown-record",
        expected=expected,
        found=f'"{found}"',
        remedy=did_you_mean(found, known),
    )
