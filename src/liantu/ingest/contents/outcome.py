"""What reading a column gives: its values, and which cells are bad, blank or in a unit."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from liantu.ingest.contents.plain_text import is_blank_word

BLANK_WORD = "blank-word"


@dataclass(frozen=True, slots=True)
class Word:
    """What one way of writing says: a value and perhaps its unit, or a fault."""

    value: Any = None
    fault: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The values of a column, null where a cell is blank or bad.

    ``faults`` maps a code to a boolean mask. ``blanks`` is true where a word stands for
    nothing, and ``units`` holds the unit that a cell names; both are None where no cell has.
    """

    values: pa.Array
    faults: dict[str, pa.Array] = field(default_factory=dict)
    blanks: pa.Array | None = None
    units: pa.Array | None = None

    def less(self, mask: pa.Array | None, code: str) -> "Outcome":
        """The same without the values where the mask holds, which have that fault."""
        if mask is None or not pc.any(mask).as_py():
            return self
        faults = dict(self.faults)
        add(faults, code, mask)
        return Outcome(without(self.values, faults[code]), faults, self.blanks, self.units)

    def nowhere(self, blanks: pa.Array | None) -> "Outcome":
        """The same, blank where a word stands for nothing."""
        if blanks is None:
            return self
        return Outcome(without(self.values, blanks), self.faults, blanks, self.units)


def is_true(mask: pa.Array) -> NDArray[np.bool_]:
    """Where the mask holds; where it is null it does not."""
    filled = pc.fill_null(mask, fill_value=False)
    found: NDArray[np.bool_] = filled.to_numpy(zero_copy_only=False)
    return found


def add(faults: dict[str, pa.Array], code: str, mask: pa.Array) -> None:
    """Put more cells to those that have a fault; where the mask is null there is none."""
    mask = pc.fill_null(mask, fill_value=False)
    faults[code] = pc.or_(faults[code], mask) if code in faults else mask


def lost(text: pa.Array, values: pa.Array) -> pa.Array:
    """Where there was text but no value came of it."""
    if text.null_count == values.null_count:
        return pa.array(np.zeros(len(text), dtype=bool))
    return pc.and_(pc.is_valid(text), pc.is_null(values))


def where(mask: pa.Array, values: pa.Array) -> pa.Array:
    """The values where the mask holds, null elsewhere."""
    return pc.if_else(
        pc.fill_null(mask, fill_value=False), values, pa.scalar(None, values.type)
    )


def without(values: pa.Array, mask: pa.Array) -> pa.Array:
    """The values where the mask does not hold, null elsewhere."""
    return pc.if_else(mask, pa.scalar(None, values.type), values)


def mended(text: pa.Array, values: pa.Array, meaning: Callable[[str], Word]) -> Outcome:
    """The values, and those of the cells of which none came, each distinct word read once.

    Parameters
    ----------
    text : (n,) string
    values : (n,) of any type, null where the text was not understood
    meaning
        What a word says.
    """
    missing = lost(text, values)
    if not pc.any(missing).as_py():
        return Outcome(values)
    met = pc.dictionary_encode(text.filter(missing))
    words = [meaning(word) for word in met.dictionary.to_pylist()]
    read = pa.array([word.value for word in words], values.type).take(met.indices)
    rows = np.flatnonzero(missing.to_numpy(zero_copy_only=False))
    said = np.array([word.fault for word in words])[met.indices.to_numpy()]
    faults = {
        code: _mask(len(text), rows[said == code])
        for code in dict.fromkeys(word.fault for word in words)
        if code
    }
    units = None
    if any(word.unit for word in words):
        named = pa.array([word.unit or None for word in words], pa.string())
        none = pa.nulls(len(text), pa.string())
        units = pc.replace_with_mask(none, missing, named.take(met.indices))
    blanks = faults.pop(BLANK_WORD, None)
    return Outcome(pc.replace_with_mask(values, missing, read), faults, blanks, units)


def from_words(
    text: pa.Array, kind: pa.DataType, meaning: Callable[[str], Any], code: str
) -> Outcome:
    """Values of a few words, None being no value: a blank word, or a fault of that code."""

    def said(word: str) -> Word:
        value = meaning(word)
        if value is not None:
            return Word(value)
        return Word(fault=BLANK_WORD if is_blank_word(word) else code)

    return mended(text, pa.nulls(len(text), kind), said)


def _mask(length: int, rows: np.ndarray) -> pa.Array:
    found = np.zeros(length, dtype=bool)
    found[rows] = True
    return pa.array(found)
