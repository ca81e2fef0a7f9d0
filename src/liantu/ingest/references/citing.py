"""What the cells of a column refer to: which tables, and by which words."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.schema import TABLES, Column, columns

# The code of a word that names several rows; it is not said to name none as well.
AMBIGUOUS = "ambiguous-reference"


@dataclass(frozen=True, slots=True)
class Cited:
    """References of one column: each word, and the row of the table it stands in."""

    words: pa.Array
    rows: pa.Array

    def among(self, words: pa.Array) -> "Cited":
        """Those references whose word is one of the words."""
        mask = pc.is_in(self.words, value_set=words)
        return Cited(self.words.filter(mask), self.rows.filter(mask))


def targets(
    entry: Column, table: pa.Table
) -> Iterator[tuple[pa.Array | None, tuple[str, ...]]]:
    """Which rows refer to which tables; the choices of ``depends_on`` stand in their order."""
    if entry.depends_on is None:
        yield None, entry.references
        return
    name = entry.depends_on
    model = next(model for model in TABLES.values() if entry in columns(model))
    deciding = next(item for item in columns(model) if item.name == name)
    chosen = table.column(name).combine_chunks()
    for choice, target in zip(deciding.choices, entry.references, strict=True):
        yield pc.fill_null(pc.equal(chosen, choice), fill_value=False), (target,)


def cited(column: pa.Array, mask: pa.Array | None, separator: str | None) -> Cited:
    """Every word in the rows of a column, several to a cell where it has a separator."""
    if mask is not None:
        column = pc.if_else(mask, column, None)
    rows = pa.array(np.arange(len(column), dtype=np.int32)).filter(pc.is_valid(column))
    words = column.drop_null()
    if separator and pc.any(pc.match_substring(words, separator)).as_py():
        several = pc.split_pattern(words, separator)
        rows = rows.take(pc.list_parent_indices(several))
        words = pc.utf8_trim_whitespace(pc.list_flatten(several))
        filled = pc.not_equal(words, "")
        words, rows = words.filter(filled), rows.filter(filled)
    return Cited(words, rows)


def rewritten(
    column: pa.Array, found: Cited, words: pa.Array, separator: str | None
) -> pa.Array:
    """The column with ``words`` in the place of those that were cited in it."""
    if not len(words):
        return column
    rows = found.rows.to_numpy()
    first = np.flatnonzero(np.diff(rows, prepend=-1))
    if len(first) < len(words):
        bounds = pa.array([*first, len(words)], pa.int32())
        words = pc.binary_join(pa.ListArray.from_arrays(bounds, words), separator)
    mask = np.zeros(len(column), dtype=bool)
    mask[rows] = True
    return pc.replace_with_mask(column, pa.array(mask), words)
