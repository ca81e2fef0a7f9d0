"""Cells that a reader hands over as Python values, as one array: typed where all agree."""

import datetime as dt
import json
from collections.abc import Sequence

import pyarrow as pa

_AGREED = {str: pa.string(), float: pa.float64(), bool: pa.bool_(), dt.date: pa.date32()}
_AGREED |= {int: pa.int64(), dt.datetime: pa.timestamp("us")}


def array(cells: Sequence[object]) -> pa.Array:
    """The cells in their common type, or as text where they have none.

    A blank cell is None or ``""``. Numbers are written so that they are read again unchanged.
    """
    kinds = set(map(type, cells))
    kinds.discard(type(None))
    if len(kinds) == 2 and str in kinds and set(filter(_is_text, cells)) <= {""}:
        kinds.discard(str)
        cells = [None if cell == "" else cell for cell in cells]
    if not kinds or (kinds == {str} and not any(cells)):
        return pa.nulls(len(cells))
    if len(kinds) == 1 and (agreed := _AGREED.get(kinds.pop())) is not None:
        try:
            return pa.array(cells, agreed)
        except (pa.ArrowInvalid, OverflowError, UnicodeEncodeError):
            pass
    return pa.array([text(cell) for cell in cells], pa.string())


def _is_text(cell: object) -> bool:
    return type(cell) is str


def text(cell: object) -> str | None:
    """The cell as one would type it; half of a character pair is shown, not passed on."""
    if isinstance(cell, str):
        return cell.encode("utf-8", "backslashreplace").decode()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, dict | list | bool):
        return json.dumps(cell, ensure_ascii=False)
    return None if cell is None else str(cell)
