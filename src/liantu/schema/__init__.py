"""The tables of a workspace: one class each, grouped by what they speak of."""

from liantu.schema import decisions, figures, organisations, places, products
from liantu.schema.column import (
    Column,
    Evidence,
    Table,
    Type,
    arrow_schema,
    column,
    columns,
    key_columns,
    table_name,
)

TABLES: dict[str, type[Table]] = {
    table_name(member): member
    for module in (places, organisations, products, figures, decisions)
    for member in vars(module).values()
    if isinstance(member, type) and issubclass(member, Table) and member is not Table
}

__all__ = [
    "TABLES",
    "Column",
    "Evidence",
    "Table",
    "Type",
    "arrow_schema",
    "column",
    "columns",
    "key_columns",
    "table_name",
]
