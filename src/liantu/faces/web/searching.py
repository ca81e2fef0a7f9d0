"""Records found by a part of their name in either language, by id or by pinyin initials."""

import re
from dataclasses import dataclass

from liantu.faces.pinyin import initials
from liantu.faces.web.offers import once
from liantu.faces.web.visit import Visit
from liantu.schema import TABLES, columns, key_columns

_SHOWN = 20
_SPELT = re.compile(r"[A-Za-z0-9]{2,12}")
_SPELT_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Match:
    """A record that was found."""

    id: str
    name: str
    local: str | None
    href: str


def searchable() -> list[str]:
    """Tables whose records have a name of their own: one key column, and a name."""
    return [
        name
        for name, table in TABLES.items()
        if len(key_columns(table)) == 1 and "name" in {entry.name for entry in columns(table)}
    ]


def matches(here: Visit, sought: str) -> list[tuple[str, list[Match], int]]:
    """What was found, by table: the first records and how many there are."""
    if not sought:
        return []
    found = [(table, *_in(table, here, sought)) for table in searchable()]
    return [(table, rows, total) for table, rows, total in found if rows]


def _in(table: str, here: Visit, sought: str) -> tuple[list[Match], int]:
    names = {entry.name for entry in columns(TABLES[table])}
    key = key_columns(TABLES[table])[0].name
    tested = [column for column in (key, "name", "name_local", "short_name") if column in names]
    local = "name_local" if "name_local" in names else "null"
    test = " or ".join(f"contains(lower({column}), lower($sought))" for column in tested)
    test += f" or array_contains($spelt, {key})"
    sql = (
        f"select {key} as id, name, {local} as local, count(*) over () as n "  # noqa: S608
        f"from {table} where {test} "
        f"order by lower(name) = lower($sought) desc, length(name), name, id limit {_SHOWN}"
    )
    spelt = _spelt(here, table, sought) if local != "null" else []
    rows = here.study.store.query(sql, {"sought": sought, "spelt": spelt}).to_pylist()
    is_chinese = here.words.language == "zh"
    return [
        Match(
            id=row["id"],
            name=(row["local"] or row["name"] or row["id"]) if is_chinese else row["name"],
            local=None if is_chinese else row["local"],
            href=here.address.record(table, row["id"]) or "",
        )
        for row in rows
    ], (rows[0]["n"] if rows else 0)


def _spelt(here: Visit, table: str, sought: str) -> list[str]:
    """Ids of records whose local name has these initials; of a long table only the first."""
    if not _SPELT.fullmatch(sought):
        return []
    key = key_columns(TABLES[table])[0].name
    sql = (
        f"select {key} as id, name_local from {table} "  # noqa: S608 - names of the schema
        f"where name_local is not null order by {key} limit {_SPELT_ROWS}"
    )

    def look() -> list[tuple[str, str]]:
        rows = here.study.store.query(sql)
        names = [initials(name) for name in rows["name_local"].to_pylist()]
        return list(zip(rows["id"].to_pylist(), names, strict=True))

    known = once(here.study, (table, "initials"), look)
    return [record for record, letters in known if sought.lower() in letters]
