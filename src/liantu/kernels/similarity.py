"""How alike one place is to others in what it does, and how much one activity decides of it."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ranks = NDArray[np.int64]
Kind = Literal["jensen_shannon", "cosine"]

_EQUAL = 12  # decimals to which two similarities are the same


@dataclass(frozen=True, slots=True)
class Likeness:
    """What one place has in common with n others, activity by activity.

    Attributes
    ----------
    alike, unlike : (n, m) float64, >= 0
        What each activity adds to the likeness, and to the difference: all of them add up to 1.
    structure : (n,) float64, in [0, 1]
        The sum of ``alike``: 1 where the shares are the same, 0 where no activity is shared.
    size : (n,) float64, in [0, 1]
        The smaller total over the larger: exp(-|ln a - ln b|).
    """

    alike: Floats
    unlike: Floats
    structure: Floats
    size: Floats

    def similarity(self, size_weight: float) -> Floats:
        """(n,) the mean of structure and size, by weight."""
        return (1 - size_weight) * self.structure + size_weight * self.size


def likeness(own: Floats, others: Floats, kind: Kind = "jensen_shannon") -> Likeness:
    """How alike the shares of one place are to those of others, and their totals.

    Parameters
    ----------
    own : (m,) float64, >= 0, with a total above 0
    others : (n, m) float64, >= 0, each row with a total above 0
    kind
        ``jensen_shannon``: 1 minus the divergence to base 2 (Lin 1991). An activity with the
        shares p and q takes p/2 log2(2p/(p+q)) + q/2 log2(2q/(p+q)) from the (p+q)/2 that it
        could add. ``cosine``: it adds the product of both parts of a unit vector, and takes
        half the square of their difference.

    Returns
    -------
    Likeness
        O(n m).
    """
    p, q = own / own.sum(), others / others.sum(axis=1, keepdims=True)
    if kind == "cosine":
        p, q = p / np.linalg.norm(p), q / np.linalg.norm(q, axis=1, keepdims=True)
        alike, unlike = p * q, (p - q) ** 2 / 2
    else:
        middle = (p + q) / 2
        unlike = np.maximum(_gain(p, middle) + _gain(q, middle), 0.0) / 2
        alike = np.maximum(middle - unlike, 0.0)
    return Likeness(alike, unlike, np.minimum(alike.sum(axis=1), 1.0), _size(own, others))


def rank_range(
    own: Floats, others: Floats, *, size_weight: float, kind: Kind = "jensen_shannon"
) -> tuple[Ranks, Ranks, Ranks]:
    """Rank of each other place, and the best and worst that leaving out one activity gives.

    Parameters
    ----------
    own, others, kind
        As in ``likeness``.
    size_weight : float, in [0, 1]

    Returns
    -------
    rank, best, worst : (n,) int64, from 1; equal places share a rank
        A place that has nothing but the activity left out is not ranked in that turn.

    Notes
    -----
    O(n m^2) logarithms for Jensen-Shannon, about 5 ns each; O(n m) for cosine.
    """
    rank = _ranks(likeness(own, others, kind).similarity(size_weight))
    best, worst = rank.copy(), rank.copy()
    structure = _cosine_without(own, others) if kind == "cosine" else _without(own, others)
    rest, theirs = own.sum() - own, others.sum(axis=1, keepdims=True) - others
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.minimum(rest / theirs, theirs / rest)
    turns = (1 - size_weight) * structure + size_weight * size
    for turn in np.flatnonzero((own > 0) | (others > 0).any(axis=0)):
        column = turns[:, turn]
        kept = np.isfinite(column)
        if kept.any():
            found = _ranks(column[kept])
            best[kept], worst[kept] = (
                np.minimum(best[kept], found),
                np.maximum(worst[kept], found),
            )
    return rank, best, worst


def _gain(share: Floats, middle: Floats) -> Floats:
    """What each share adds to the divergence from the middle; 0 where it is 0."""
    whole = np.broadcast_to(share, middle.shape)
    ratio = np.divide(whole, middle, out=np.ones_like(middle), where=whole > 0)
    gain: Floats = whole * np.log2(ratio)
    return gain


def _size(own: Floats, others: Floats) -> Floats:
    one, many = own.sum(), others.sum(axis=1)
    return np.asarray(np.minimum(one, many) / np.maximum(one, many), np.float64)


def _ranks(values: Floats) -> Ranks:
    """1 for the highest; those that are equal to 12 decimals share the better rank."""
    rounded = np.round(values, _EQUAL)
    found: Any = 1 + values.size - np.searchsorted(np.sort(rounded), rounded, side="right")
    return np.asarray(found, np.int64)


def _cosine_without(own: Floats, others: Floats) -> Floats:
    """(n, m) cosine of each place without each activity; NaN where nothing is left."""
    product = others @ own
    rest = np.sqrt(np.maximum((own @ own) - own**2, 0.0))
    theirs = np.sqrt(np.maximum((others**2).sum(axis=1, keepdims=True) - others**2, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = (product[:, None] - others * own) / (rest * theirs)
    return np.minimum(found, 1.0)


@njit(cache=True, nogil=True)
def _without(own: Floats, others: Floats) -> Floats:
    """(n, m) 1 minus the divergence without each activity; NaN where nothing is left."""
    n, m = others.shape
    found = np.full((n, m), np.nan)
    total = own.sum()
    for i in range(n):
        whole = others[i].sum()
        for out in range(m):
            rest, theirs = total - own[out], whole - others[i, out]
            if rest <= 1e-12 * total or theirs <= 1e-12 * whole:
                continue
            distance = 0.0
            for k in range(m):
                p, q = own[k] / rest, others[i, k] / theirs
                if k == out or p == q:
                    continue
                middle = (p + q) / 2
                if p > 0:
                    distance += p * np.log2(p / middle)
                if q > 0:
                    distance += q * np.log2(q / middle)
            found[i, out] = 1 - min(max(distance / 2, 0.0), 1.0)
    return found
