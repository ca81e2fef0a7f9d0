"""The structure of places: quotients with their interval, differences, concentration."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Values = np.ndarray[Any, np.dtype[np.float64]]

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Structure:
    """How each of n places is specialised, and how concentrated on few activities.

    Attributes
    ----------
    krugman : (n,) float64, in [0, 2]
        Sum of the differences between the shares of the place and those of all places.
    hoover : (n,) float64, in [0, 1]
        Half of it: the part that would have to change its activity.
    hachman : (n,) float64, in (0, 1]
        1 where the place has the structure of all places.
    herfindahl : (n,) float64, in (0, 1]
    entropy : (n,) float64, in [0, log2 m]
        In bits.
    """

    krugman: Values
    hoover: Values
    hachman: Values
    herfindahl: Values
    entropy: Values


def structure(values: Values) -> Structure:
    """The structure of every place against that of all of them together.

    Parameters
    ----------
    values : (n, m) float64, at least 0
        Place by activity, in any one unit.

    Returns
    -------
    Structure
        NaN for a place without any value.

    Notes
    -----
    s_cp = X_cp / X_c, s_p = X_p / X. Krugman (1991): sum |s_cp - s_p|; Hoover (1936): half of
    it; Hachman's index: 1 / sum(s_cp s_cp / s_p); Herfindahl (1950): sum s_cp s_cp; Shannon
    (1948): -sum s_cp log2 s_cp. O(n m), four arrays of the size of ``values``.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        share = values / values.sum(axis=1, keepdims=True)
        whole = values.sum(axis=0) / values.sum()
        squared = share * share
        quotient = np.divide(squared, whole, out=np.zeros_like(share), where=whole > 0)
        bits = np.where(share > 0, -share * np.log2(np.where(share > 0, share, 1.0)), share)
        krugman = np.abs(share - whole).sum(axis=1)
        return Structure(
            krugman=krugman,
            hoover=krugman / 2,
            hachman=1.0 / (quotient.sum(axis=1) + np.where(values.any(axis=1), 0.0, np.nan)),
            herfindahl=squared.sum(axis=1),
            entropy=bits.sum(axis=1),
        )


def quotient_interval(values: Values, z: float = Z95) -> tuple[Values, Values]:
    """Low and high end of every location quotient of counts, as if they were drawn anew.

    A count x is taken as Poisson with the mean to be found; its wholes as known.

    Parameters
    ----------
    values : (n, m) float64, at least 0
        Counts of place by activity.
    z : float
        Quantile of the normal distribution; 1.96 for 95 in 100.

    Returns
    -------
    low, high : (n, m) float64, at least 0
        NaN in the row of a place, and the column of an activity, without any value.

    Notes
    -----
    Byar's approximation of the exact limits (Garwood 1936), as in Breslow and Day (1987): low
    x (1 - 1/(9x) - z/(3 sqrt x))^3, high the same of x + 1 with + z; low is 0 where x is. Both
    are divided by the expected X_c X_p / X. O(n m).
    """
    expected = np.multiply.outer(values.sum(axis=1), values.sum(axis=0)) / max(
        float(values.sum()), 1e-300
    )
    some, more = np.where(values > 0, values, 1.0), values + 1.0
    low = some * np.maximum(1.0 - 1.0 / (9.0 * some) - z / (3.0 * np.sqrt(some)), 0.0) ** 3
    high = more * (1.0 - 1.0 / (9.0 * more) + z / (3.0 * np.sqrt(more))) ** 3
    with np.errstate(invalid="ignore", divide="ignore"):
        below: Values = np.where(
            expected > 0, np.where(values > 0, low, 0.0) / expected, np.nan
        )
        above: Values = np.where(expected > 0, high / expected, np.nan)
    return below, above


@dataclass(frozen=True, slots=True)
class Concentration:
    """How few hold a market, and between which bounds the part that is not known leaves it.

    ``hhi`` is the sum of the squared shares, ``cr4`` the sum of the four largest, ``effective``
    the number of equal holders with the same ``hhi``. Each is (as known, low, high); as known,
    the rest is held by very many.
    """

    hhi: tuple[float, float, float]
    cr4: tuple[float, float, float]
    effective: tuple[float, float, float]


def concentration(shares: Values) -> Concentration:
    """How concentrated a market is, of which these shares are known.

    Parameters
    ----------
    shares : (n,) float64, in [0, 1], n at least 1
        Of different holders, adding up to 1 at most; the rest is not known.

    Notes
    -----
    Herfindahl (1950), Hirschman (1945); effective number 1 / HHI (Adelman 1969). If the rest is
    held by very many, it adds nothing to either; if by one, it is one more share: no other
    holding of the rest is beyond these two. O(n log n).
    """
    rest = max(0.0, 1.0 - float(shares.sum()))
    hhi = float((shares * shares).sum())
    most = hhi + rest * rest
    four, four_most = (
        float(np.sort(held)[-4:].sum()) for held in (shares, np.append(shares, rest))
    )
    few = 1.0 / most if most > 0 else np.inf
    many = 1.0 / hhi if hhi > 0 else np.inf
    return Concentration(
        (hhi, hhi, most),
        (min(four, 1.0), min(four, 1.0), min(four_most, 1.0)),
        (many, few, many),
    )
