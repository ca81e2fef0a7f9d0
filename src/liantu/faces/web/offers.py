"""Records that a form offers by name, looked up once for each generation."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from liantu.faces.study import Study
from liantu.faces.words import Words
from liantu.records import key_of
from liantu.schema import TABLES, columns

OFFERED = 200

_KEPT = 1024
_T = TypeVar("_T")
_ANSWERS: OrderedDict[tuple[object, ...], Any] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that may be chosen, as it is written and as it is read."""

    value: str
    label: str


def offered(study: Study, words: Words, table: str) -> list[Option]:
    """The first records of a table by name: by their name where it is theirs alone."""
    key, label, local = _naming(table)
    name = f"coalesce({local}, {label})" if words.language == "zh" else label
    sql = (
        f"select distinct {key} as id, {name} as name, {local} as local, "  # noqa: S608 - schema
        f"count(*) over (partition by {name}) as n from {table} "
        f"order by name, id limit {OFFERED}"
    )

    def look() -> list[Option]:
        return [_option(row) for row in study.store.query(sql).to_pylist()]

    return once(study, (words.language, table), look)


def identified(study: Study, table: str, text: str) -> str | None:
    """The id of the one record of the table with this id, or with this name if it is alone."""
    key, label, local = _naming(table)
    sql = (
        f"select {key} as id from {table} "  # noqa: S608 - names of the schema
        f"where {key} = $text or {label} = $text or {local} = $text "
        f"order by {key} = $text desc limit 2"
    )

    def look() -> str | None:
        ids = study.store.query(sql, {"text": text})["id"].to_pylist()
        return str(ids[0]) if ids and (ids[0] == text or len(ids) == 1) else None

    return once(study, (table, text, "id"), look)


def owned(study: Study, table: str, owner: str) -> list[str]:
    """Records of the table that a record of ``owner`` names, or all records of ``owner``."""
    names = [entry.name for entry in columns(TABLES[owner]) if table in entry.references]
    chosen = [key_of(owner)] if table == owner else names
    sql = " union ".join(
        f"select {name} as id from {owner} where {name} is not null"  # noqa: S608 - schema
        for name in chosen
    )

    def look() -> list[str]:
        return [str(one) for one in study.store.query(f"{sql} order by id")["id"].to_pylist()]

    return once(study, (table, owner, "owned"), look)


def is_unique(study: Study, table: str, name: str) -> bool:
    """Whether only one record has this id or name, in either language."""
    key, label, local = _naming(table)
    sql = (
        f"select count(*) as n from {table} "  # noqa: S608 - names of the schema
        f"where {key} = $name or {label} = $name or {local} = $name"
    )

    def look() -> bool:
        return bool(study.store.query(sql, {"name": name})["n"][0].as_py() == 1)

    return once(study, (table, name, "unique"), look)


def _option(row: dict[str, Any]) -> Option:
    if row["n"] == 1 and row["name"]:
        return Option(row["name"], row["local"] or "")
    return Option(row["id"], row["name"] or "")


def once(study: Study, what: tuple[object, ...], look: Callable[[], _T]) -> _T:
    """The answer for this generation, looked up the first time only."""
    key = (str(study.workspace.path), study.stamp.generation, study.stamp.fingerprint, *what)
    if key not in _ANSWERS:
        _ANSWERS[key] = look()
        while len(_ANSWERS) > _KEPT:
            _ANSWERS.popitem(last=False)
    found: _T = _ANSWERS[key]
    return found


def _naming(table: str) -> tuple[str, str, str]:
    """SQL for the id, the name and the local name in a table that others refer to."""
    known = {entry.name for entry in columns(TABLES[table])}
    key = key_of(table)
    label = next((name for name in ("name", "title", "statement") if name in known), key)
    return key, label, "name_local" if "name_local" in known else "null"
