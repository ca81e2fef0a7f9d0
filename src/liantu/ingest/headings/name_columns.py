"""Which columns tell what a row is called, and which identifiers may be left blank."""

from functools import cache

from liantu.schema import TABLES, Column, columns, key_columns

NUMBER = "registration_no"
NAMES = ("name", "name_local", "title")


@cache
def key_of(table: str) -> str | None:
    """The column that alone identifies a row; None where a key takes several columns."""
    keys = key_columns(TABLES[table])
    return keys[0].name if len(keys) == 1 else None


@cache
def names_of(table: str) -> tuple[str, ...]:
    """The columns that name a row in full, in the order in which they are asked."""
    held = {entry.name for entry in columns(TABLES[table])}
    return tuple(name for name in NAMES if name in held) if key_of(table) else ()


def can_be_made(table: str, entry: Column) -> bool:
    """Whether a blank identifier can be made from the number or the name of its row."""
    return entry.name == key_of(table) and bool(names_of(table))
