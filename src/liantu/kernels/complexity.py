"""Economic complexity: how much places know, from what they do and how few others do it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.linalg import eigh

Values = np.ndarray[Any, np.dtype[np.float64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]
Reason = Literal["too_few", "disconnected", "ambiguous", "undirected"]

JOINED = 1e-9
APART = 1e-6
UPRIGHT = 1e-9
TIED = 1e-9


class UnrankableError(ValueError):
    """The index is not defined: ``reason`` says why, ``value`` is the number that tells."""

    def __init__(self, *, reason: Reason, value: float) -> None:
        super().__init__(f"{reason}: {value:g}")
        self.reason: Reason = reason
        self.value = value


@dataclass(frozen=True, slots=True)
class Index:
    """The complexity of n places and m activities.

    Attributes
    ----------
    eci : (n,) float64
        Mean 0 and standard deviation 1 over the places (ddof 0).
    pci : (m,) float64
        On the scale of ``eci``, so that a place's is the mean of its activities'.
    pci_own : (m,) float64
        Mean 0 and standard deviation 1 over the activities.
    raw : (m,) float64
        The eigenvector k_p behind ``pci``, before mean and scale are taken off.
    scale : float
        Standard deviation of the raw index of the places; ``pci`` is divided by it.
    second, third : float, in [0, 1]
        Eigenvalues behind the index and behind the next best one.
    direction : float, in (0, 1]
        Correlation of ``eci`` with diversity.
    """

    eci: Values
    pci: Values
    pci_own: Values
    raw: Values
    scale: float
    second: float
    third: float
    direction: float


def rca(values: Values) -> Values:
    """Revealed comparative advantage: the share of an activity in a place over that in all.

    Parameters
    ----------
    values : (n, m) float64, at least 0
        Place by activity, in any one unit.

    Returns
    -------
    (n, m) float64, at least 0
        NaN in the row of a place, and the column of an activity, without any value.

    Notes
    -----
    Balassa (1965). Computed as (X_cp X) / (X_c X_p), so that among whole numbers an advantage
    of exactly 1 is 1. O(n m), two arrays of the size of ``values``.
    """
    expected: Values = np.multiply.outer(values.sum(axis=1), values.sum(axis=0))
    with np.errstate(invalid="ignore"):
        np.divide(values * values.sum(), expected, out=expected)
    return expected


def held(made: Truths) -> tuple[Truths, Truths]:
    """Which places do any activity, and which activities are done anywhere.

    An empty row empties no column and the reverse, so that leaving out both kinds once is what
    leaving them out until none is left comes to.

    Parameters
    ----------
    made : (n, m) bool

    Returns
    -------
    (n,) bool, (m,) bool
    """
    return np.asarray(made.any(axis=1)), np.asarray(made.any(axis=0))


def index(made: Values) -> Index:
    """The complexity of places and activities, each the mean of the other's.

    A place is as complex as its activities are on average, and an activity as the places that
    do it: the second eigenvector of D^-1 M U^-1 M^T, with the sign that correlates it
    positively with diversity. That sign is a convention.

    Parameters
    ----------
    made : (n, m) float64 of 0 and 1, M
        Every row and column has a 1: see ``held``. D and U hold its row and column sums.

    Raises
    ------
    UnrankableError
        ``too_few``: fewer than two places or activities. ``disconnected``: the places fall
        into parts without a common activity (second eigenvalue over 1 - 1e-9). ``ambiguous``:
        the next eigenvector explains as much (second - third under 1e-6). ``undirected``: no
        correlation with diversity, so that either end could be the complex one.

    Notes
    -----
    Hidalgo and Hausmann (2009); the eigenvector as in Caldarelli et al. (2012) and Mealy,
    Farmer and Teytelboym (2019); standardised as in Hausmann et al. (2014), The Atlas of
    Economic Complexity. The symmetric matrix of the smaller side s is formed and its three
    largest eigenpairs found: O(n m s + s^3), s^2 + n m numbers in memory.
    """
    if min(made.shape) < 2:
        raise UnrankableError(reason="too_few", value=min(made.shape))
    diversity, ubiquity = made.sum(axis=1), made.sum(axis=0)
    vector, second, third = _second(made, diversity, ubiquity)
    if second > 1 - JOINED:
        raise UnrankableError(reason="disconnected", value=second)
    if second - third < APART:
        raise UnrankableError(reason="ambiguous", value=second - third)
    if len(vector) == len(diversity):
        vector = (vector / np.sqrt(diversity)) @ made / np.sqrt(ubiquity)
    raw = vector / np.sqrt(ubiquity)
    place = (made @ raw) / diversity
    direction = _correlation(place, diversity)
    if abs(direction) < UPRIGHT:
        raise UnrankableError(reason="undirected", value=direction)
    sign, mean, scale = np.sign(direction), float(place.mean()), float(place.std())
    own = (raw - raw.mean()) / raw.std()
    return Index(
        eci=sign * (place - mean) / scale,
        pci=sign * (raw - mean) / scale,
        pci_own=sign * own,
        raw=sign * raw,
        scale=scale,
        second=second,
        third=third,
        direction=abs(direction),
    )


def _second(made: Values, diversity: Values, ubiquity: Values) -> tuple[Values, float, float]:
    """The second eigenvector of the smaller side, and the second and third eigenvalue.

    A dense solver, though Lanczos is twice as fast from 1,000 on: it may overlook that the
    second eigenvalue is double.
    """
    scaled = made / np.sqrt(diversity)[:, None]
    scaled /= np.sqrt(ubiquity)
    gram = scaled @ scaled.T if made.shape[0] <= made.shape[1] else scaled.T @ scaled
    del scaled
    n = len(gram)
    found = eigh(
        gram, subset_by_index=[max(n - 3, 0), n - 1], overwrite_a=True, check_finite=False
    )
    roots, vectors = found
    third = float(roots[-3]) if n > 2 else 0.0
    return np.ascontiguousarray(vectors[:, -2]), float(roots[-2]), max(third, 0.0)


def _correlation(one: Values, other: Values) -> float:
    """Pearson's correlation; 0 where either does not vary."""
    one, other = one - one.mean(), other - other.mean()
    norm = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / norm if norm > 0 else 0.0


def fitness(
    made: Values, *, steps: int = 1000, tolerance: float = 1e-10
) -> tuple[Values, Values]:
    """Fitness F of the places and quality Q of the activities.

    A place is as fit as the sum of its activities; an activity is held down by the least fit
    place that does it. F_c = sum_p M_cp Q_p and Q_p = 1 / sum_c M_cp / F_c, both from the step
    before, each divided by its mean, from 1 on.

    Parameters
    ----------
    made : (n, m) float64 of 0 and 1
        Every row and column has a 1.
    steps, tolerance
        At most so many steps, fewer once no F moves by more than the tolerance.

    Returns
    -------
    (n,) float64, (m,) float64, each with the mean 1

    Notes
    -----
    Tacchella, Cristelli, Caldarelli, Gabrielli and Pietronero (2012). Some matrices send the
    fitness of places to 0, slowly (Pugliese, Zaccaria and Pietronero 2016): the number of steps
    then decides how small it gets, hence it is fixed. O(steps n m).
    """
    fit, quality = np.ones(made.shape[0]), np.ones(made.shape[1])
    for _ in range(steps):
        now = made @ quality
        quality = 1.0 / ((1.0 / np.maximum(fit, 1e-290)) @ made)
        now, quality = now / now.mean(), quality / quality.mean()
        moved = float(np.abs(now - fit).max())
        fit = now
        if moved <= tolerance:
            break
    return fit, quality


def ranks(values: Values) -> Values:
    """The rank of each value, the greatest first; what differs by 1e-9 or less shares one.

    Parameters
    ----------
    values : (n,) float64
        NaN where there is none.

    Returns
    -------
    (n,) float64
        From 1; NaN where there is no value.
    """
    known = np.sort(values[~np.isnan(values)])
    above = len(known) - np.searchsorted(known, values + TIED, side="right")
    return np.where(np.isnan(values), np.nan, 1.0 + above)


def rank_range(
    values: Values,
    whole: Index,
    *,
    threshold: float,
    draws: int,
    seed: int,
    by: Literal["place", "activity"],
    counts: bool,
) -> tuple[Values, Values, int]:
    """The range of each rank over 90 % of draws in which the figures are drawn anew.

    Counts: every unit counted is drawn 0, 1, 2, ... times, so that a cell is a Poisson number
    about its count (the Poisson bootstrap). Other figures have no units to draw; there the
    other side is drawn with replacement: the activities for the ranks of places, the places for
    those of activities. A draw has the sign that agrees with ``whole``; one that cannot be
    ranked is left out.

    Parameters
    ----------
    values : (n, m) float64, at least 0
    whole : Index
        That of all the values, with ``eci`` and ``pci`` NaN for what was left out of it.
    threshold : float
        An activity is done from this advantage on.
    draws, seed
        How many, and where the random numbers begin.
    by : which side is ranked
    counts : whether the values count units

    Returns
    -------
    (n or m,) float64, (n or m,) float64, int
        The 5 % and the 95 % quantile of each rank, NaN where it had none in any draw, and the
        number of draws that could be ranked.

    Notes
    -----
    Efron (1979); Hanley and MacGibbon (2006) for the Poisson form; the sign as Milan and
    Whittaker (1995). O(draws (n m s + s^3)) for the smaller side s.
    """
    known = whole.eci if by == "place" else whole.pci
    found: list[Values] = []
    for drawn in _drawn(values, draws, seed, by="cell" if counts else by):
        ranked = _ranked_again(drawn, threshold, known, by)
        if ranked is not None:
            found.append(ranked)
    if not found:
        return np.full(len(known), np.nan), np.full(len(known), np.nan), 0
    ordered = np.sort(np.array(found), axis=0)
    count = (~np.isnan(ordered)).sum(axis=0)
    at = [np.maximum(np.ceil(q * count).astype(np.int64) - 1, 0) for q in (0.05, 0.95)]
    low, high = (np.take_along_axis(ordered, place[None], axis=0)[0] for place in at)
    return low, high, len(found)


def _drawn(
    values: Values, draws: int, seed: int, *, by: Literal["cell", "place", "activity"]
) -> Iterator[Values]:
    """The values drawn anew, again and again."""
    rng = np.random.default_rng(seed)
    n, m = values.shape
    cells = np.flatnonzero(values)
    means = values.ravel()[cells]
    for _ in range(draws):
        if by == "cell":
            again = np.zeros(n * m)
            again[cells] = rng.poisson(means)
            yield again.reshape(n, m)
        elif by == "place":
            yield values[:, rng.integers(m, size=m)]
        else:
            yield values[rng.integers(n, size=n)]


def _ranked_again(
    drawn: Values, threshold: float, known: Values, by: Literal["place", "activity"]
) -> Values | None:
    made = rca(drawn) >= threshold
    rows, columns = held(made)
    try:
        again = index(made[np.ix_(rows, columns)].astype(np.float64))
    except UnrankableError:
        return None
    kept, values = (rows, again.eci) if by == "place" else (columns, again.pci)
    redone = np.full(len(known), np.nan)
    redone[kept] = values
    both = ~np.isnan(redone + known)
    turned = _correlation(redone[both], known[both]) < 0 if both.any() else False
    return ranks(-redone if turned else redone)
