"""Many criteria, one order: weights, closeness to the ideal, and how sure the order is."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Counts = np.ndarray[Any, np.dtype[np.int64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]

# Mean consistency index of random tables of n = 1, 2, ... criteria, by whose they are.
RANDOM_INDEX = {
    "saaty": (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49),
    "alonso_lamata": (0.0, 0.0, 0.52, 0.89, 1.12, 1.26, 1.36, 1.41, 1.46, 1.49),
}
_BLOCK = 250_000  # scores at a time, so that they stay in the cache


def entropy_weights(values: Numbers) -> Numbers:
    """Weights of criteria by how unevenly they are spread over the alternatives.

    Parameters
    ----------
    values : (n, m) at least 0, for n alternatives and m criteria

    Returns
    -------
    (m,) at least 0, with sum 1; 0 for a criterion that is the same for all

    Raises
    ------
    ValueError
        A value is negative or absent, or every criterion is the same for all.

    Notes
    -----
    Shannon (1948), as used by Hwang and Yoon (1981): p = x / sum x, e = -sum p ln p / ln n with
    0 ln 0 = 0, and weights in proportion to 1 - e.
    """
    _whole(values)
    if (values < 0).any():
        message = "entropy weights need values that are not negative"
        raise ValueError(message)
    total = values.sum(axis=0)
    part = np.divide(values, total, out=np.zeros_like(values), where=total > 0)
    logs = np.log(part, out=np.zeros_like(part), where=part > 0)
    entropy = -(part * logs).sum(axis=0) / np.log(max(len(values), 2))
    spread = np.where(_varies(values), np.maximum(1 - entropy, 0), 0.0)
    return _shares(spread)


def critic_weights(values: Numbers, *, maximise: Truths) -> Numbers:
    """Weights of criteria by their spread and by how little they repeat others.

    Parameters
    ----------
    values : (n, m)
    maximise : (m,) whether more is better

    Returns
    -------
    (m,) at least 0, with sum 1; 0 for a criterion that is the same for all

    Notes
    -----
    Diakoulaki, Mavrotas and Papayannakis (1995): each criterion scaled from its worst, 0, to
    its best, 1; weights in proportion to its standard deviation times the sum of 1 - r over the
    others, r being Pearson's correlation. A criterion without spread takes no part.
    """
    _whole(values)
    varies = _varies(values)
    chosen = values[:, varies]
    low, high = chosen.min(axis=0, initial=np.inf), chosen.max(axis=0, initial=-np.inf)
    scaled = (chosen - low) / (high - low)
    scaled = np.where(maximise[varies], scaled, 1 - scaled)
    weights = np.zeros(values.shape[1])
    if chosen.shape[1] == 1:
        weights[varies] = 1.0
    elif chosen.shape[1]:
        conflict = (1 - np.corrcoef(scaled, rowvar=False)).sum(axis=0)
        weights[varies] = scaled.std(axis=0, ddof=1) * np.maximum(conflict, 0)
    return _shares(weights)


@dataclass(frozen=True, slots=True)
class Pairwise:
    """Weights from a table of pairwise comparisons, and how consistent the table is.

    Attributes
    ----------
    weights : (m,) with sum 1
    index : consistency index (lambda_max - m) / (m - 1); 0 for two criteria
    ratio : index over the random index; acceptable up to 0.10 (Saaty 1980)
    """

    weights: Numbers
    index: float
    ratio: float


def ahp_weights(table: Numbers, *, random_index: str = "saaty") -> Pairwise:
    """Weights as the principal eigenvector of a table of pairwise comparisons.

    Parameters
    ----------
    table : (m, m) above 0, how much more important the row is than the column; reciprocal,
        with ones on the diagonal; 2 to 10 criteria
    random_index : ``saaty`` (1980) or ``alonso_lamata`` (2006)

    Raises
    ------
    ValueError
        The table is not square, positive or reciprocal, or has too many criteria.
    """
    m = len(table)
    if table.shape != (m, m) or not 2 <= m <= len(RANDOM_INDEX[random_index]):
        message = f"a pairwise table has 2 to 10 rows and as many columns, not {table.shape}"
        raise ValueError(message)
    if not (table > 0).all() or not np.allclose(table * table.T, 1.0):
        message = "a pairwise table is positive, and each entry is one over its mirror image"
        raise ValueError(message)
    values, vectors = np.linalg.eig(table)
    top = int(np.argmax(values.real))
    weights = np.abs(vectors[:, top].real)
    index = (values[top].real - m) / (m - 1)
    random = RANDOM_INDEX[random_index][m - 1]
    return Pairwise(_shares(weights), float(index), float(index / random) if random else 0.0)


def topsis(values: Numbers, weights: Numbers, *, maximise: Truths) -> Numbers:
    """Closeness of alternatives to the ideal: 1 at the best of all criteria, 0 at the worst.

    Parameters
    ----------
    values : (n, m)
    weights : (m,), or (draws, m) for many sets of weights at once
    maximise : (m,) whether more is better

    Returns
    -------
    (n,) or (draws, n) in 0..1; 0.5 where all alternatives are the same

    Notes
    -----
    Hwang and Yoon (1981) with vector normalisation R = X / ||X||. A set of weights only
    scales the criteria, so the squared distances to the ideal for all sets are one product,
    (R - ideal)^2 @ (W^2)^T: 4 n m operations and 8 n bytes for each set of weights. It is
    done row by row, without the threads of a matrix library, which cost more than they give.
    """
    _whole(values)
    scale = np.sqrt((values**2).sum(axis=0))
    ratio = np.divide(values, scale, out=np.zeros_like(values), where=scale > 0)
    best = np.where(maximise, ratio.max(axis=0), ratio.min(axis=0))
    worst = np.where(maximise, ratio.min(axis=0), ratio.max(axis=0))
    sets = np.ascontiguousarray(np.atleast_2d(weights), dtype=np.float64) ** 2
    closeness: Numbers = _closeness(
        sets,
        np.ascontiguousarray((ratio - best).T) ** 2,
        np.ascontiguousarray((ratio - worst).T) ** 2,
    )
    return closeness if weights.ndim == 2 else closeness[0]


@njit(cache=True, nogil=True)
def _closeness(squared: Numbers, to_best: Numbers, to_worst: Numbers) -> Numbers:
    """Both distances of one set of weights stay in the cache, and give way to their share."""
    n_draws, m = squared.shape
    n = to_best.shape[1]
    found = np.empty((n_draws, n))
    behind, ahead = np.empty(n), np.empty(n)
    for draw in range(n_draws):
        behind[:] = 0.0
        ahead[:] = 0.0
        for criterion in range(m):
            weight = squared[draw, criterion]
            for k in range(n):
                behind[k] += weight * to_best[criterion, k]
                ahead[k] += weight * to_worst[criterion, k]
        for k in range(n):
            far = math.sqrt(ahead[k])
            whole = math.sqrt(behind[k]) + far
            found[draw, k] = far / whole if whole > 0 else 0.5
    return found


def ranks(scores: Numbers) -> Counts:
    """Ranks from the highest score, 1, down; scores that are the same share the better rank.

    Parameters
    ----------
    scores : (draws, n) in 0..1

    Returns
    -------
    (draws, n) 1..n

    Notes
    -----
    The bits of a float from 0 on order as it does: the last of them, as many as n has, give way
    to the number of the alternative, and one sort of integers orders both. Scores that differ
    by less than about n x 1e-16 are the same. n log n for each draw.
    """
    n = scores.shape[1]
    mask = (1 << max(n - 1, 1).bit_length()) - 1
    keys = np.ascontiguousarray(scores, dtype=np.float64).view(np.int64) & ~np.int64(mask)
    keys |= np.arange(n)
    keys.sort(axis=1)
    found: Counts = _ranks(keys, mask)
    return found


@njit(cache=True, nogil=True)
def _ranks(keys: Counts, mask: int) -> Counts:
    found = np.empty(keys.shape, np.int64)
    n_draws, n = keys.shape
    for draw in range(n_draws):
        rank = 1
        for place in range(n):
            key = keys[draw, n - 1 - place]
            if place and (key | mask) != (keys[draw, n - place] | mask):
                rank = place + 1
            found[draw, key & mask] = rank
    return found


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What becomes of the order when the weights are drawn anew.

    Attributes
    ----------
    rank_low, rank_high : (n,) ranks between which 5 and 95 percent of draws lie
    acceptability : (n, n) share of draws in which alternative i has rank r + 1 (Lahdelma and
        Salminen 2001)
    tiers : (n, n_tiers) share of draws in which the score falls into each tier
    """

    rank_low: Counts
    rank_high: Counts
    acceptability: Numbers
    tiers: Numbers


def sensitivity(
    values: Numbers,
    weights: Numbers,
    edges: Numbers,
    *,
    maximise: Truths,
    draws: int,
    seed: int,
    concentration: float = 50.0,
) -> Sensitivity:
    """How the order and the tiers hold under other weights.

    Parameters
    ----------
    values : (n, m)
    weights : (m,) with sum 1, about which weights are drawn
    edges : (n_tiers - 1,) scores at which a better tier begins, descending
    draws : at least 1
    concentration : weights are drawn from Dirichlet(concentration x weights): a weight of w
        varies with a standard deviation of sqrt(w (1 - w) / (concentration + 1))

    Notes
    -----
    One matrix product and one sort for each block of draws, so memory stays small.
    """
    rng = np.random.default_rng(seed)
    n = len(values)
    held = weights > 0
    acceptability = np.zeros((n, n))
    tiers = np.zeros((n, len(edges) + 1))
    left = draws
    while left:
        size = min(left, max(_BLOCK // n, 1))
        drawn = np.zeros((size, len(weights)))
        drawn[:, held] = rng.dirichlet(concentration * weights[held], size)
        scores = topsis(values, drawn, maximise=maximise)
        _count(ranks(scores), scores, edges, acceptability, tiers)
        left -= size
    reached = np.cumsum(acceptability, axis=1) / draws
    return Sensitivity(
        rank_low=1 + np.argmax(reached >= 0.05 - 1e-12, axis=1),
        rank_high=1 + np.argmax(reached >= 0.95 - 1e-12, axis=1),
        acceptability=acceptability / draws,
        tiers=tiers / draws,
    )


@njit(cache=True, nogil=True)
def _count(
    ranked: Counts, scores: Numbers, edges: Numbers, acceptability: Numbers, tiers: Numbers
) -> None:
    for draw in range(len(ranked)):
        for k in range(ranked.shape[1]):
            acceptability[k, ranked[draw, k] - 1] += 1
            tier = 0
            while tier < len(edges) and scores[draw, k] < edges[tier]:
                tier += 1
            tiers[k, tier] += 1


def natural_breaks(scores: Numbers, n_tiers: int) -> Numbers:
    """Scores at which each better tier begins, so that scores in a tier are most alike.

    Parameters
    ----------
    scores : (n,)
    n_tiers : 1 to n

    Returns
    -------
    (n_tiers - 1,) descending; each is a score: it belongs to the better tier

    Notes
    -----
    Fisher (1958), known as Jenks's natural breaks: the least sum of squares within tiers,
    exactly, in n_tiers x n^2 steps.
    """
    ordered = np.sort(scores)[::-1]
    n = len(ordered)
    if not 1 <= n_tiers <= n:
        message = f"{n} scores fall into 1 to {n} tiers, not {n_tiers}"
        raise ValueError(message)
    sums, squares = (np.concatenate([[0.0], np.cumsum(ordered**power)]) for power in (1, 2))

    def within(first: int, end: int) -> float:
        mean = (sums[end] - sums[first]) / (end - first)
        return float(squares[end] - squares[first] - mean * (sums[end] - sums[first]))

    cost = [0.0, *(within(0, end) for end in range(1, n + 1))]
    cuts: list[list[int]] = []
    for tier in range(1, n_tiers):
        best, least = [0] * (n + 1), [np.inf] * (n + 1)
        for end in range(tier + 1, n + 1):
            sums_of = [cost[cut] + within(cut, end) for cut in range(tier, end)]
            best[end] = tier + int(np.argmin(sums_of))
            least[end] = min(sums_of)
        cuts.append(best)
        cost = least
    edges, end = [], n
    for best in reversed(cuts):
        end = best[end]
        edges.append(ordered[end - 1])
    return np.array(edges[::-1])


def _whole(values: Numbers) -> None:
    if not np.isfinite(values).all():
        message = "every alternative needs a finite value of every criterion"
        raise ValueError(message)


def _varies(values: Numbers) -> Truths:
    low, high = values.min(axis=0), values.max(axis=0)
    return np.asarray(
        high - low > 1e-12 * np.maximum(np.abs(low), np.abs(high)), dtype=np.bool_
    )


def _shares(spread: Numbers) -> Numbers:
    total = spread.sum()
    if not total > 0:
        message = "no criterion tells the alternatives apart"
        raise ValueError(message)
    return np.asarray(spread / total)
