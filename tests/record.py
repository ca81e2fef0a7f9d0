"""Small records typed in a test: tables written as text, rows or Arrow, and read by a store."""

import pyarrow as pa
import pyarrow.parquet as pq

from liantu.schema import TABLES, columns
from liantu.store import Store

BLANK = "-"
_READ = {"text": str, "integer": int, "number": float, "boolean": lambda cell: cell == "true"}


def typed(name, text):
    """Rows of a table from lines of cells parted by spaces, the first naming the columns.

    A dash is a blank; a tilde inside a cell is a space.
    """
    head, *lines = (line.split() for line in text.strip().splitlines() if line.strip())
    declared = {entry.name: entry for entry in columns(TABLES[name])}
    return [
        {
            column: None
            if cell == BLANK
            else _READ[declared[column].type](cell.replace("~", " "))
            for column, cell in zip(head, line, strict=True)
        }
        for line in lines
    ]


def arrow(name, rows):
    """An Arrow table with the key and the columns that the rows have, and no others."""
    if isinstance(rows, pa.Table):
        return rows
    if isinstance(rows, str):
        rows = typed(name, rows)
    held = {column for row in rows for column in row}
    schema = pa.schema(
        [
            (entry.name, entry.arrow)
            for entry in columns(TABLES[name])
            if entry.key or entry.name in held
        ]
    )
    return pa.Table.from_pylist(rows, schema)


def written(folder, tables):
    """Each table as a Parquet file in the folder; what ``Store`` is opened with."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, rows in tables.items():
        files[name] = folder / f"{name}.parquet"
        pq.write_table(arrow(name, rows), files[name])
    return files


def stored(folder, **tables):
    """A store of small tables."""
    return Store(written(folder, tables))
