"""Records by id or name: what a parameter may refer to, and what a face calls it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa

from liantu.errors import Problem, Refusal, nearest_record
from liantu.parameters import Parameters
from liantu.schema import TABLES, Column, columns, key_columns

_NEAR = 20_000
_OTHERWISE = {"codes": ("chains", "products")}
"""Where an activity is named that is no code of a classification."""
_IN_USE = """
    select activity as id from observations where activity = $text
    union all
    select code as id from activities where code = $text
    limit 1
"""


class Queried(Protocol):
    """Tables that answer SQL."""

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The rows that a query gives."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a record is called, in English or the language of its workspace, and locally."""

    name: str
    local: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """The names of records, looked up once for each table and kept for one generation.

    A code is called by itself and its name, ``3711 High-speed trains``; by itself alone where
    two classifications name it differently, or none does (conventions §6).
    """

    store: Queried
    _known: dict[tuple[str, str], Name] = field(default_factory=dict)

    def load(self, table: str, ids: Iterable[str]) -> None:
        """Look up many names at once."""
        wanted = sorted({i for i in ids if (table, i) not in self._known})
        if not wanted:
            return
        key, name, local = _naming(table)
        sql = (
            f"select {key} as id, {name} as name, {local} as local from {table} "  # noqa: S608
            f"where {key} in (select unnest($ids))"
        )
        for row in self.store.query(sql, {"ids": wanted}).to_pylist():
            called = _called(table, **row)
            if self._known.setdefault((table, row["id"]), called) != called:
                self._known[table, row["id"]] = Name(row["id"])
        missing = [one for one in wanted if (table, one) not in self._known]
        others = _OTHERWISE.get(table, ())
        for other in others:
            self.load(other, missing)
        for one in missing:
            self._known[table, one] = self.among(others, one)[1] if others else Name(one)

    def of(self, table: str, record: str) -> Name:
        """The name of one record; its id where the table does not have it."""
        self.load(table, [record])
        return self._known[table, record]

    def among(self, tables: Sequence[str], record: str) -> tuple[str, Name]:
        """The table that has a record, of those it may be in, and what it is called there."""
        for table in tables:
            called = self.of(table, record)
            if called != Name(record):
                return table, called
        return tables[0], Name(record)


def key_of(table: str) -> str:
    """The key column of a table that others refer to: the first, where a key has several."""
    return key_columns(TABLES[table])[0].name


def _called(table: str, id: str, name: str | None, local: str | None) -> Name:  # noqa: A002
    if table != "codes" or not name:
        return Name(name or id, local)
    return Name(f"{id} {name}", f"{id} {local}" if local else None)


def _naming(table: str) -> tuple[str, str, str]:
    """SQL for the id, the name and the local name of a record of the table."""
    key = key_of(table)
    known = {entry.name for entry in columns(TABLES[table])}
    name = next((label for label in ("name", "title", "statement") if label in known), key)
    return key, name, "name_local" if "name_local" in known else "null"


def resolved(
    store: Queried, model: type[Parameters], params: Mapping[str, Any]
) -> dict[str, Any]:
    """The parameters with every reference as an id, or every Problem with them.

    A reference may be an id, or a name in either language if only one record has it.
    """
    found = dict(params)
    problems: list[Problem] = []
    for entry in columns(model):
        value = params[entry.name]
        if not entry.references or value is None:
            continue
        given = value if entry.is_list else [value]
        ids = list(dict.fromkeys(_id(store, entry, text, problems) for text in given))
        found[entry.name] = ids if entry.is_list else ids[0]
    if problems:
        raise Refusal(problems)
    return found


def _id(store: Queried, entry: Column, text: str, problems: list[Problem]) -> str:
    """The id that is meant: an id wins over a name, then the first table that has it."""
    found = []
    for table in entry.references:
        key, name, local = _naming(table)
        sql = (
            f"select distinct {key} as id, {key} = $text as exact from {table} "  # noqa: S608
            f"where {key} = $text or {name} = $text or {local} = $text order by exact desc, id"
        )
        rows = store.query(sql, {"text": text}).to_pylist()
        if rows and rows[0]["exact"]:
            return str(rows[0]["id"])
        found.append(rows)
    for rows in found:
        if len(rows) == 1:
            return str(rows[0]["id"])
        if rows:
            problems.append(_ambiguous(entry, text, [row["id"] for row in rows]))
            return text
    if "codes" in entry.references and store.query(_IN_USE, {"text": text}).num_rows:
        return text  # a code may be in use without a name
    problems.append(_unknown(store, entry, text))
    return text


def _ambiguous(entry: Column, text: str, ids: list[str]) -> Problem:
    return Problem(
        code="ambiguous-record",
        expected=f"one record of {' or '.join(entry.references)}",
        found=f'"{text}", which is the name of {", ".join(ids[:6])}',
        remedy="give the id of the one that is meant",
        column=entry.name,
    )


def _unknown(store: Queried, entry: Column, text: str) -> Problem:
    meant: dict[str, str] = {}
    ids: list[str] = []
    for table in entry.references:
        key, name, local = _naming(table)
        sql = (
            f"select distinct {key} as id, {name} as name, {local} as local from {table} "  # noqa: S608
            f"order by {key} limit {_NEAR}"
        )
        for row in store.query(sql).to_pylist():
            ids.append(row["id"])
            meant |= dict.fromkeys(filter(None, (row["name"], row["local"])), row["id"])
    tables = " or ".join(entry.references)
    return Problem(
        code="unknown-record",
        expected=f"the id or name of a record of {tables}",
        found=f'"{text}"',
        remedy=nearest_record(text, list(dict.fromkeys(ids)), meant)
        if ids
        else f"import {tables} first: the table is empty",
        column=entry.name,
    )
