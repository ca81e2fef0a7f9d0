"""Growth of a place taken apart: that of the whole, that of its mix, and what is its own."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Values = np.ndarray[Any, np.dtype[np.float64]]
Method = Literal["classic", "esteban_marquillas", "dynamic"]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the growth of m activities, each (m,) float64; they add up to it.

    ``allocation`` is 0 but in the method of Esteban-Marquillas.
    """

    national: Values
    mix: Values
    local: Values
    allocation: Values


def shift_share(place: Values, reference: Values, method: Method = "classic") -> Parts:
    """What of the growth of each activity is that of the reference, of its mix, and local.

    Parameters
    ----------
    place : (t, m) float64, at least 0
        Years in order by activity; t is 2 but for ``dynamic``.
    reference : (t, m) float64, at least 0, above 0 in every year but the last
        The same of what the place is compared with.

    Returns
    -------
    Parts
        They add up to ``place[-1] - place[0]`` but for the last bits: within 8 units in the
        last place of the largest number on the way.

    Notes
    -----
    E0, E1 of the place; g growth of all of the reference, g_i and r_i of an activity in the
    reference and the place. Dunn (1960): national E0 g, mix E0 (g_i - g), local E0 (r_i - g_i),
    the last computed as E1 - E0 - E0 g_i, so that an activity that begins from 0 is local.
    Esteban-Marquillas (1972): E0* = total of E0 times the activity's share in the reference;
    local E0* (r_i - g_i), allocation (E0 - E0*) (r_i - g_i); where E0 is 0, r_i is not defined,
    and all of it stays local. Barff and Knight (1988): ``dynamic`` adds the classic parts of
    every year. O(t m).
    """
    steps = [_step(place[k : k + 2], reference[k : k + 2]) for k in range(len(place) - 1)]
    national, mix, local = (np.sum(part, axis=0) for part in zip(*steps, strict=True))
    allocation = np.zeros_like(local)
    if method == "esteban_marquillas":
        base, even = place[0], place[0].sum() * reference[0] / reference[0].sum()
        own = np.divide(local * even, base, out=local.copy(), where=base > 0)
        local, allocation = own, local - own
    return Parts(national, mix, local, allocation)


def _step(place: Values, reference: Values) -> list[Values]:
    """The classic parts of the growth from one year to another."""
    base, end = place
    growth = reference[1].sum() / reference[0].sum() - 1.0
    national = base * growth
    expected = base * (reference[1] / reference[0] - 1.0)
    return [national, expected - national, (end - base) - expected]
