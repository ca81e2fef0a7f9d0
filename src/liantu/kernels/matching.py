"""Who is to take what: parts of a score by rank, and the best assignment of one to one."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.integer[Any]]
Truths = NDArray[np.bool_]

_EQUAL = 9  # decimals to which two values are the same


@dataclass(frozen=True, slots=True)
class Assignment:
    """The best choice of pairs, and what it would cost to do without one of them.

    Attributes
    ----------
    chosen : (k,) int64
        Numbers of the chosen pairs, ascending.
    total : float
        Sum of their values.
    runner_up : (k,) int64
        The pair that serves the task of each where it may not be chosen itself; -1 for none.
    price : (k,) float64, >= 0
        What the sum loses then, with all others chosen anew.
    """

    chosen: Whole
    total: float
    runner_up: Whole
    price: Floats


def by_rank(values: Floats) -> Floats:
    """Each value by its rank among the distinct ones: 0 for the lowest, 1 for the highest.

    Parameters
    ----------
    values : (n,) float64; NaN where unknown

    Returns
    -------
    (n,) float64, in [0, 1]
        NaN where unknown; one half for all where all that are known are the same.
    """
    known = np.isfinite(values)
    found = np.full(values.shape, np.nan)
    distinct, place = np.unique(np.round(values[known], _EQUAL), return_inverse=True)
    found[known] = place / (distinct.size - 1) if distinct.size > 1 else 0.5
    return found


def weighted_mean(parts: Floats, weights: Floats) -> Floats:
    """Mean of the known parts of each row by weight.

    Parameters
    ----------
    parts : (n, p) float64; NaN where unknown
    weights : (p,) float64, >= 0

    Returns
    -------
    (n,) float64
        An unknown part leaves the sum and the denominator; NaN where none that weighs is known.
    """
    known = np.isfinite(parts)
    whole, mean = known @ weights, np.full(len(parts), np.nan)
    np.divide(np.where(known, parts, 0.0) @ weights, whole, out=mean, where=whole > 0)
    return mean


def assignment(task: Whole, agent: Whole, value: Floats) -> Assignment:
    """Pairs with the greatest sum in which no task and no agent stands twice.

    A pair whose value is not above 0 is never chosen: the task is rather left without.

    Parameters
    ----------
    task, agent : (n,) integer, >= 0; each pair of them once
    value : (n,) float64, finite

    Notes
    -----
    Exact: Crouse (2016), as in scipy. With t tasks only the t + 1 best agents of each can
    matter, so the matrix has at most t (t + 1) agents; it is solved once, and once more for
    each chosen pair, O(t^3) to O(t^4) each.
    """
    table, pair = _table(task, agent, value)
    chosen, total = _solved(table)
    runner_up = np.full(len(chosen), -1, np.int64)
    price = np.zeros(len(chosen))
    for k, (row, column) in enumerate(chosen):
        kept, table[row, column] = table[row, column], -np.inf
        others, less = _solved(table)
        table[row, column] = kept
        price[k] = max(total - less, 0.0)
        runner_up[k] = next((pair[r, c] for r, c in others if r == row), -1)
    numbers = np.array([pair[row, column] for row, column in chosen], np.int64)
    order = np.argsort(numbers)
    return Assignment(numbers[order], total, runner_up[order], price[order])


def _table(task: Whole, agent: Whole, value: Floats) -> tuple[Floats, Whole]:
    """Values of tasks by agents, -inf where there is no pair, and the number of each pair.

    One column more for each task stands for leaving it without, at 0.
    """
    tasks, row = np.unique(task, return_inverse=True)
    order = np.lexsort((agent, -value, row))
    turn = np.arange(len(order)) - np.searchsorted(row[order], row[order])
    kept = order[(turn <= tasks.size) & (value[order] > 0)]
    agents, column = np.unique(agent[kept], return_inverse=True)
    shape = (tasks.size, agents.size + tasks.size)
    table, pair = np.full(shape, -np.inf), np.full(shape, -1, np.int64)
    table[row[kept], column], pair[row[kept], column] = value[kept], kept
    table[np.arange(tasks.size), agents.size + np.arange(tasks.size)] = 0.0
    return table, pair


def _solved(table: Floats) -> tuple[list[tuple[int, int]], float]:
    """The cells of the best assignment that have an agent, and their sum."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - loads when asked

    rows, columns = linear_sum_assignment(table, maximize=True)
    n_agents = table.shape[1] - table.shape[0]
    cells = [
        (r, c) for r, c in zip(rows.tolist(), columns.tolist(), strict=True) if c < n_agents
    ]
    return cells, float(sum(table[cell] for cell in cells))


def reach_gain(
    product: Whole, is_here: Truths, distance_km: Floats, weight: Floats, *, radius_km: float
) -> Floats:
    """Share of the weight that a maker here would bring within the radius, for every product.

    Parameters
    ----------
    product : (m,) integer, in [0, n)
        Of each maker on record.
    is_here : (m,) bool
        Whether it makes it in the place already.
    distance_km : (m,) float64; NaN without a position
    weight : (n,) float64, >= 0

    Returns
    -------
    (n,) float64, in [0, 1]
        0 where a maker is within already, NaN where one without a position might be.
    """
    n = weight.size
    far = np.where(is_here, 0.0, distance_km)
    is_within = np.bincount(product[far <= radius_km], minlength=n) > 0
    is_unsure = np.bincount(product[np.isnan(far)], minlength=n) > 0
    share = weight / (weight.sum() or 1.0)
    return np.where(is_within, 0.0, np.where(is_unsure, np.nan, share))
