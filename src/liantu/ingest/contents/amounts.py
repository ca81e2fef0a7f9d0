"""Units that stand in the cells of amounts, held against what the row says its unit is.

3亿元 is right where the row's currency is CNY, 3.6万人 where its unit is 人. Beside another
unit, or none, the cell is bad: the unit would be lost with the row.
"""

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from liantu.ingest.contents.outcome import add, without
from liantu.ingest.contents.plain_text import half_width
from liantu.ingest.contents.values import Parsed
from liantu.ingest.headings.currencies import SHARED_SIGNS, code_of
from liantu.ingest.headings.units import unit_of


def agreeing(found: Mapping[str, Parsed]) -> dict[str, Parsed]:
    """The columns of a sheet, without the amounts whose unit is not that of their row.

    Parameters
    ----------
    found
        What was read, by the name of the column.
    """
    return {
        name: _agreeing(result, found.get(_beside(name, found)))
        if result.units is not None
        else result
        for name, result in found.items()
    }


def _beside(name: str, found: Mapping[str, Parsed]) -> str:
    """The column that names the unit of an amount."""
    return "currency" if name == "value" and "currency" in found else "unit"


def _agreeing(result: Parsed, beside: Parsed | None) -> Parsed:
    """The amounts whose own unit is the one beside them, or that name none."""
    units: pa.Array = result.units
    named = pa.nulls(len(units), pa.string()) if beside is None else beside.values
    both = pc.binary_join_element_wise(
        units, pc.fill_null(named, ""), "\n", null_handling="emit_null"
    )
    met = pc.dictionary_encode(both)
    is_same = pa.array([_is_same(*pair.split("\n", 1)) for pair in met.dictionary.to_pylist()])
    differs = pc.fill_null(pc.invert(is_same.take(met.indices)), fill_value=False)
    faults = dict(result.faults)
    add(faults, "wrong-unit", pc.and_(differs, pc.is_valid(result.values)))
    values = without(result.values, faults["wrong-unit"])
    return replace(result, values=values, faults=faults, units=None)


def _is_same(unit: str, named: str) -> bool:
    """Whether the unit of a cell is the one that its row names."""
    plain = half_width(named).casefold()
    if unit in SHARED_SIGNS:
        return code_of(plain) in SHARED_SIGNS[unit]
    own, other = unit_of(unit), unit_of(plain)
    return unit == plain or (own is not None and other is not None and own.is_same(other))
