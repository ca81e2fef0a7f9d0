"""The files that hold the rows: immutable, sorted by key, named by their content."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from liantu.disk import replacing
from liantu.errors import Problem, Refusal
from liantu.schema import TABLES, arrow_schema, key_columns
from liantu.workspace.generations import Entry

ORIGIN = ("origin_import", "origin_sheet", "origin_row")

_ROWS_PER_GROUP = 131_072
_ROWS_PER_HASH = 65_536
_PLAIN = {pa.bool_(): pa.uint8(), pa.date32(): pa.int32(), pa.timestamp("us"): pa.int64()}


def stored_schema(name: str) -> pa.Schema:
    """The columns of a table and the three that say where each row was read."""
    fields = list(arrow_schema(TABLES[name]))
    return pa.schema([*fields, *(pa.field(origin, pa.int32()) for origin in ORIGIN)])


def load(name: str, file: Path | None) -> pa.Table:
    """The rows of a file in today's columns, blank where the file is older than a column."""
    schema = stored_schema(name)
    if file is None:
        return schema.empty_table()
    try:
        with pq.ParquetFile(file) as stored:
            rows = stored.read()
    except (pa.ArrowException, OSError) as error:
        problem = Problem(
            "damaged",
            f"the rows of {name}",
            str(error),
            "restore the workspace from a backup",
            file=file.name,
        )
        raise Refusal(problem) from error
    return conformed(rows, schema).combine_chunks()


def conformed(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """The rows in the columns of ``schema``; blank where a column is absent."""
    held = set(rows.column_names)
    return pa.table(
        [
            rows[entry.name].cast(entry.type)
            if entry.name in held
            else pa.nulls(len(rows), entry.type)
            for entry in schema
        ],
        schema=schema,
    )


def by_key(name: str, rows: pa.Table) -> pa.Array:
    """Order of the rows by key, blanks last, text by its code points."""
    keys = [(entry.name, "ascending", "at_end") for entry in key_columns(TABLES[name])]
    return pc.sort_indices(rows, sort_keys=keys)


def store(name: str, rows: pa.Table, folder: Path) -> Entry:
    """Write rows that are sorted by key to a file whose name is the same for the same rows."""
    file = f"{name}-{content_hash(rows)}.parquet"
    target = folder / file
    if not target.exists():
        with replacing(target) as aside:
            pq.write_table(rows, aside, compression="zstd", row_group_size=_ROWS_PER_GROUP)
    imports: list[int] = pc.unique(rows["origin_import"]).to_pylist()
    return Entry(file=file, rows=len(rows), imports=sorted(imports))


def content_hash(rows: pa.Table) -> str:
    """Hash of names, types and values, whatever the chunks, buffers and writers were."""
    digest = hashlib.sha256()
    for entry in rows.schema:
        digest.update(f"{entry.name} {entry.type}\n".encode())
    for start in range(0, len(rows), _ROWS_PER_HASH):
        part = rows.slice(start, _ROWS_PER_HASH).combine_chunks()
        for column in part.columns:
            for chunk in column.chunks:
                _hash_values(digest, chunk)
    return digest.hexdigest()[:32]


def _hash_values(digest: Any, values: pa.Array) -> None:  # noqa: ANN401 - hashlib's own type
    digest.update(np.packbits(pc.is_valid(values).to_numpy(zero_copy_only=False)))
    if not pa.types.is_string(values.type):
        plain = values.cast(_PLAIN.get(values.type, values.type)).fill_null(0)
        digest.update(np.ascontiguousarray(plain.to_numpy(zero_copy_only=False)))
        return
    filled = values.fill_null("")
    digest.update(pc.binary_length(filled).to_numpy(zero_copy_only=False))
    _, offsets, text = filled.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int32)[
        filled.offset : filled.offset + len(filled) + 1
    ]
    if text is not None:
        digest.update(memoryview(text)[bounds[0] : bounds[-1]])
