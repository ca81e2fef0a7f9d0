"""A table from a Parquet file, every column in the type that the file declares."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from liantu.errors import Problem, Refusal, printable
from liantu.ingest.intake import Raw, Sheet, quoted, refused


def sheets(path: Path, file: str) -> Iterator[Raw]:
    """The table of a Parquet file; its rows are counted from 2, as if a header stood above."""
    try:
        with pq.ParquetFile(path) as stream:
            table = stream.read()
    except (pa.ArrowInvalid, OSError) as error:
        words = ("a whole Parquet file", quoted(error, 200), "write the file again")
        raise refused(file, "unreadable-file", words) from None
    problems = tuple(filter(None, (_unfit(file, field) for field in table.schema)))
    if problems:
        raise Refusal(problems)
    yield Raw(
        Sheet(file),
        path.stem,
        tuple(table.column_names),
        tuple(
            _plain(column, (file, name))
            for name, column in zip(table.column_names, table.columns, strict=True)
        ),
        pa.array(np.arange(2, len(table) + 2, dtype=np.int32)),
        header_row=None,
    )


def _unfit(file: str, field: pa.Field) -> Problem | None:
    """Why a column cannot be read: its cells hold several values, and no plain texts."""
    if not pa.types.is_nested(field.type) or _is_texts(field.type):
        return None
    words = ("a column of plain values", quoted(field.type), "write each cell as text")
    return Problem("wrong-type", *words, file=file, column=printable(field.name))


def _is_texts(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) and pa.types.is_string(kind.value_type))


def _plain(column: pa.ChunkedArray, where: tuple[str, str]) -> pa.Array:
    """One array without dictionaries or large offsets; binary that holds UTF-8 as text.

    Several texts in a cell become one, parted by semicolons, as in every other format.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = kind.value_type
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        column = column.cast(pa.string())
    if _is_texts(kind):
        column = pc.binary_join(column, ";")
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        try:
            column = column.cast(pa.string())
        except pa.ArrowInvalid:
            file, name = where
            words = ("text in UTF-8", "bytes that are none", "write the column as text")
            raise Refusal(
                Problem("wrong-type", *words, file=file, column=printable(name))
            ) from None
    return column.combine_chunks()
