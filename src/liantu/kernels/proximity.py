"""How near activities are to one another, and to what a place already does."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Values = np.ndarray[Any, np.dtype[np.float64]]
Relatedness = Literal["proximity", "association", "cosine", "jaccard"]

_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Space:
    """The space of m activities: how near each is to each, and to all of them.

    Attributes
    ----------
    made : (n, m) float64 of 0 and 1, M
    near : (m, m) float64 or None
        The nearness phi; None where ``spread`` costs less without it.
    total : (m,) float64
        Its column sums.
    diagonal : bool
        Whether an activity is near to itself.
    """

    made: Values
    near: Values | None
    total: Values
    diagonal: bool

    def spread(self, weight: Values) -> Values:
        """Weights (r, m) of the activities spread to those near them: W phi, (r, m)."""
        if self.near is not None:
            return np.asarray(weight @ self.near)
        spread = _by_level(weight, self.made)
        if not self.diagonal:
            spread -= weight
        return spread


def space(
    made: Values,
    *,
    kind: Relatedness = "proximity",
    diagonal: bool = True,
    rows: int | None = None,
) -> Space:
    """The space of the activities, to be asked for so many rows of weights in all.

    Where it costs less, the nearness is never formed: phi_qp = sum_c M_cq M_cp / max(u_q, u_p)
    is linear in M for each level of ubiquity, so that W phi = H_u M / u + T_u M for the
    activities of ubiquity u, with H_u the sum of W_q M_q over those of at most u, and T_u that
    of W_q M_q / u_q over the others.

    Parameters
    ----------
    made : (n, m) float64 of 0 and 1, M
        Every column has a 1.
    kind : how nearness is measured, as in ``proximity``
    diagonal : whether an activity is near to itself
    rows : how many rows will be spread; twice those of ``made`` unless given

    Notes
    -----
    Forming phi takes n m^2 steps and spreading r rows then r m^2, in m^2 numbers; without it
    4 r n m steps in r n numbers. Own derivation.
    """
    n, m = made.shape
    asked = 2 * n if rows is None else rows
    if kind != "proximity" or 4 * asked * n > (n + asked) * m:
        near = proximity(made, kind=kind, diagonal=diagonal)
        return Space(made, near, near.sum(axis=0), diagonal)
    total = _by_level(np.ones((1, m)), made)[0]
    return Space(made, None, total if diagonal else total - 1.0, diagonal)


def proximity(
    made: Values, *, kind: Relatedness = "proximity", diagonal: bool = True
) -> Values:
    """How near activities are: how often the places that do one do the other too.

    With C_pq places that do both and u_p that do p, of n: ``proximity`` is the lesser of both
    conditional probabilities, C_pq / max(u_p, u_q); ``association`` the probability of both
    over that by chance, C_pq n / (u_p u_q); ``cosine`` C_pq / sqrt(u_p u_q); ``jaccard``
    C_pq / (u_p + u_q - C_pq).

    Parameters
    ----------
    made : (n, m) float64 of 0 and 1
        Every column has a 1; n is below 2^24.
    kind : which of the four
    diagonal : whether an activity is near to itself; 0 if not

    Returns
    -------
    (m, m) float64, symmetric, at least 0; at most 1 but for ``association``

    Notes
    -----
    Hidalgo, Klinger, Barabasi and Hausmann (2007); the others as van Eck and Waltman (2009).
    C is made of whole numbers below 2^24, which float32 holds exactly, and is multiplied in it,
    512 activities at a time. O(n m^2), m^2 numbers in memory.
    """
    ubiquity, exact = made.sum(axis=0), made.astype(np.float32)
    m = made.shape[1]
    near = np.empty((m, m))
    for start in range(0, m, _BLOCK):
        part = near[start : start + _BLOCK]
        block = slice(start, start + len(part))
        part[:] = exact[:, block].T @ exact
        _divide(part, ubiquity[block, None], ubiquity, len(made), kind)
    if not diagonal:
        np.fill_diagonal(near, 0.0)
    return near


def _divide(both: Values, one: Values, other: Values, n: int, kind: Relatedness) -> None:
    """The nearness in place of the number of places that do both."""
    if kind == "association":
        both *= n
        both /= one * other
    elif kind == "cosine":
        both /= np.sqrt(one * other)
    elif kind == "jaccard":
        both /= one + other - both
    else:
        both /= np.maximum(one, other)


def density(around: Space, places: Values) -> Values:
    """The share of the nearness to each activity that places already have.

    density_cp = sum_q M_cq phi_qp / sum_q phi_qp; the distance is 1 less that.

    Parameters
    ----------
    around : Space
    places : (r, m) float64 of 0 and 1
        Rows of M.

    Returns
    -------
    (r, m) float64, in [0, 1]
        NaN for an activity that is near to none.

    Notes
    -----
    Hidalgo, Klinger, Barabasi and Hausmann (2007). The cost of ``Space.spread``.
    """
    near = around.spread(places)
    with np.errstate(invalid="ignore"):
        near /= around.total
    return near


def outlook(near: Values, made: Values, raw: Values) -> Values:
    """How near each place is to complex activities that it does not do: COI.

    COI_c = sum_p density_cp (1 - M_cp) k_p, then with the mean 0 and standard deviation 1 over
    the places (ddof 0).

    Parameters
    ----------
    near : (n, m) float64
        The density; an activity that is near to none (NaN) gives nothing.
    made : (n, m) float64 of 0 and 1, M
    raw : (m,) float64
        The complexity k_p before mean and scale are taken off, ``Index.raw``.

    Returns
    -------
    (n,) float64

    Notes
    -----
    Hausmann et al. (2014), The Atlas of Economic Complexity, in the form of the Growth Lab's
    programs. O(n m), one array of n m.
    """
    lacking = 1.0 - made
    lacking *= np.nan_to_num(near)
    coi: Values = lacking @ raw
    coi -= coi.mean()
    coi /= float(coi.std()) or 1.0
    return coi


def outlook_gain(around: Space, places: Values, weight: Values) -> Values:
    """What each activity that a place lacks would bring near of the others it lacks: COG.

    COG_cp = (1 - M_cp) sum_q (1 - M_cq) phi_qp k_q / sum_r phi_qr. The book's form subtracts
    density_cp k_p besides; this is that of the Growth Lab's programs.

    Parameters
    ----------
    around : Space
    places : (r, m) float64 of 0 and 1
        Rows of M.
    weight : (m,) float64
        k_q: ``Index.raw`` over ``Index.scale``.

    Returns
    -------
    (r, m) float64
        0 where the place does the activity.

    Notes
    -----
    Hausmann et al. (2014). The cost of ``Space.spread``: weights go to the places, for on the
    nearness they would take another m^2 numbers.
    """
    each = np.divide(weight, around.total, out=np.zeros_like(weight), where=around.total > 0)
    lacking = 1.0 - places
    lacking *= each
    gain = around.spread(lacking)
    gain *= 1.0 - places
    gain += 0.0  # no negative zero
    return gain


def _by_level(weight: Values, made: Values) -> Values:
    """W phi for the proximity, level by level of ubiquity, without phi."""
    ubiquity: Values = made.sum(axis=0)
    order = np.argsort(ubiquity, kind="stable")
    levels, first = np.unique(ubiquity[order], return_index=True)
    steps = list(zip(levels, first, [*first[1:], len(order)], strict=True))
    done, weight = made[:, order], weight[:, order]
    spread = np.empty_like(weight)
    upto, over = (np.zeros((len(weight), len(made))) for _ in range(2))
    for level, start, end in steps:
        upto += weight[:, start:end] @ done[:, start:end].T
        spread[:, start:end] = upto @ done[:, start:end] / level
    for level, start, end in reversed(steps):
        spread[:, start:end] += over @ done[:, start:end]
        over += weight[:, start:end] @ done[:, start:end].T / level
    ordered = np.empty_like(spread)
    ordered[:, order] = spread
    return ordered
