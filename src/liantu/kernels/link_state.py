"""The state of a link of a chain in a place, from what is known of its makers."""

from typing import Any

import numpy as np

STATES = ("strong", "present", "weak", "missing", "foreign_only", "unknown")
SCORES = np.array([1.0, 1.0, 0.5, 0.0, 0.0, np.nan])

Counts = np.ndarray[Any, np.dtype[np.int64]]
Values = np.ndarray[Any, np.dtype[np.float64]]


def link_state(
    local: Counts,
    anywhere: Counts,
    domestic: Counts,
    imports: Values,
    *,
    quotient: Values,
    capacity_share: Values,
    weak_below: int,
    strong_from: int = 5,
) -> np.ndarray[Any, np.dtype[np.int8]]:
    """The number in ``STATES`` of every place and product; the first state that fits.

    Parameters
    ----------
    local : (places, products) int64
        Makers in the place that count.
    anywhere, domestic : (products,) or (places, products) int64
        Makers in any place or none, and those in the place's country.
    imports : (products,) or (places, products) float64
        Recorded imports, in any unit; NaN where no trade is recorded.
    quotient, capacity_share : (places, products) float64
        Location quotient, and local capacity over need; NaN where not known.
    weak_below, strong_from : int
        Fewer makers than the one are weak, as many as the other may be strong.

    Returns
    -------
    (places, products) int8
        Index into ``STATES``; ``SCORES`` gives each state's score, NaN for unknown.

    Notes
    -----
    Own definition, for no official standard exists: docs/conventions.md §3.
    """
    shape = np.broadcast_shapes(local.shape, anywhere.shape, imports.shape)
    none, imported = anywhere == 0, np.nan_to_num(imports) > 0
    held_back = (capacity_share < 0.5) | (quotient < 0.5)
    leading = (local >= strong_from) & ~(quotient < 1.25)
    conditions = [
        np.broadcast_to(none & ~imported, shape),
        np.broadcast_to((domestic == 0) & imported & (local == 0), shape),
        np.broadcast_to(local == 0, shape),
        np.broadcast_to((local < weak_below) | held_back, shape),
        np.broadcast_to(leading, shape),
    ]
    numbers = [
        STATES.index(name) for name in ("unknown", "foreign_only", "missing", "weak", "strong")
    ]
    chosen = np.select(conditions, numbers, default=STATES.index("present"))
    return chosen.astype(np.int8)
