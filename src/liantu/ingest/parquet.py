"""A table from a Parquet file, every column in the type that the file declares."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from liantu.ingest.intake import Raw, Sheet, quoted, refused


def sheets(path: Path, file: str) -> Iterator[Raw]:
    """The table of a Parquet file; its rows are counted from 2, as if a header stood above."""
    try:
        with pq.ParquetFile(path) as stream:
            table = stream.read()
    except (pa.ArrowInvalid, OSError) as error:
        words = ("a whole Parquet file", quoted(error, 200), "write the file again")
        raise refused(file, "unreadable-file", words) from None
    yield Raw(
        Sheet(file),
        path.stem,
        tuple(table.column_names),
        tuple(_plain(column) for column in table.columns),
        pa.array(np.arange(2, len(table) + 2, dtype=np.int32)),
        header_row=None,
    )


def _plain(column: pa.ChunkedArray) -> pa.Array:
    """One array without dictionaries or large offsets; binary that holds UTF-8 as text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = kind.value_type
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        column = column.cast(pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        try:
            column = column.cast(pa.string())
        except pa.ArrowInvalid:
            return pa.array([None if v is None else repr(v) for v in column.to_pylist()])
    return column.combine_chunks()
