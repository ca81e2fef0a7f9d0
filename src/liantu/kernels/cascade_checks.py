"""What is given to a cascade, as arrays that its loops can trust, or a refusal in words."""

from typing import Any, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from liantu.kernels.cascade_arrays import Counts, Floats, Rows


def ids(given: ArrayLike, name: str, size: int | None, below: int | None) -> Counts:
    """Whole numbers (size,) int64 in [0, below); either bound may be open."""
    found = np.asarray(given)
    if found.ndim != 1 or (found.dtype.kind not in "iu" and found.size):
        message = (
            f"{name} must be flat whole numbers, found {found.dtype} of shape {found.shape}"
        )
        raise ValueError(message)
    _long(found, name, size)
    outside = found < 0 if below is None else (found < 0) | (found >= below)
    if outside.any():
        at = int(np.flatnonzero(outside)[0])
        bound = "at least 0" if below is None else f"in 0..{below - 1}"
        message = f"{name}[{at}] must be {bound}, found {found[at]}"
        raise ValueError(message)
    return np.ascontiguousarray(found, np.int64)


def numbers(given: ArrayLike, name: str, size: int | None) -> Floats:
    """Finite numbers (size,) float64, none negative."""
    found = _flat(given, name, size)
    _in_range(found, np.isfinite(found) & (found >= 0), name, "finite and at least 0")
    return found


def known(given: ArrayLike | None, name: str, size: int) -> Floats:
    """Finite numbers (size,) float64, none negative, NaN where unknown."""
    found = np.full(size, np.nan) if given is None else _flat(given, name, size)
    is_fit = np.isnan(found) | (np.isfinite(found) & (found >= 0))
    _in_range(found, is_fit, name, "finite and at least 0, or NaN where unknown")
    return found


def shares(given: ArrayLike, name: str, size: int) -> Rows:
    """One row or several (k, size) float, in [0, 1]; one row becomes the only one."""
    found = np.asarray(given)
    if found.dtype.kind != "f":
        found = np.asarray(given, np.float64)
    if found.ndim not in {1, 2} or found.shape[-1] != size:
        message = f"{name} must be ({size},) or (k, {size}), found shape {found.shape}"
        raise ValueError(message)
    _in_range(found, (found >= 0) & (found <= 1), name, "in 0..1")
    return np.atleast_2d(found)


def importance(given: ArrayLike) -> NDArray[np.uint8]:
    """A table (m, m) uint8 of 0, 1 and 2."""
    found = np.asarray(given)
    if (
        found.ndim != 2
        or found.shape[0] != found.shape[1]
        or not np.isin(found, range(3)).all()
    ):
        message = (
            "importance must be a square table of 0 (negligible), 1 (non-essential) and "
            f"2 (essential), supplier's sector by buyer's, found shape {found.shape}"
        )
        raise ValueError(message)
    return found.astype(np.uint8)


def one_of(given: str, name: str, kind: Any) -> str:  # noqa: ANN401 - a Literal has no type
    """The word, if the kind allows it."""
    if given not in get_args(kind):
        message = f"{name} must be one of {', '.join(get_args(kind))}, found {given!r}"
        raise ValueError(message)
    return given


def positive(given: int | None, name: str, default: int) -> int:
    """A whole number from 1 on, or the default where none is given."""
    if given is not None and given < 1:
        message = f"{name} must be at least 1, found {given}"
        raise ValueError(message)
    return default if given is None else given


def _flat(given: ArrayLike, name: str, size: int | None) -> Floats:
    found = np.ascontiguousarray(given, np.float64)
    if np.ndim(given) != 1:
        message = f"{name} must be flat, found shape {np.shape(given)}"
        raise ValueError(message)
    _long(found, name, size)
    return found


def _long(found: NDArray[Any], name: str, size: int | None) -> None:
    if size is not None and found.size != size:
        message = f"{name} must have {size} entries, found {found.size}"
        raise ValueError(message)


def _in_range(found: Rows, is_fit: NDArray[np.bool_], name: str, expected: str) -> None:
    if not is_fit.all():
        at = tuple(int(axis[0]) for axis in np.nonzero(~is_fit))
        where = ", ".join(map(str, at))
        message = f"{name}[{where}] must be {expected}, found {found[at]}"
        raise ValueError(message)
