"""The cascade of one scenario alone, a number a firm in place of a line of them.

One scenario, or two, would leave most lanes empty; and the first steps of a failure reach so
few firms that all the others would be looked at in vain. The arithmetic is that of ``cascade``,
operation by operation, so that a scenario has the same bits alone and among others.
"""

from typing import Any

import numpy as np
from numba import njit

from liantu.kernels.cascade_arrays import (
    BLOCK,
    Counts,
    Few,
    Found,
    Markets,
    Network,
    Rows,
    Rule,
    Shocks,
    Side,
    Takers,
)

Number = np.floating[Any]
LOOSE = {"contract", "nsz"}  # as the lanes: a multiply and an add may be one


@njit(nogil=True, fastmath=LOOSE)
def lost(side: Side, source: Rows, row: np.uint64, was: Number) -> Number:
    """What a row has lost one step on: the largest of its slots, and no less than it was."""
    following, zero = np.uint64(1), np.uint64(0)
    loss, last_slot = was, np.uint64(side.row_end[row])
    slot = np.uint64(side.row_end[row - following]) if row > zero else zero
    link = np.uint64(side.slot_end[slot - following]) if slot > zero else zero
    while slot < last_slot:
        last_link = np.uint64(side.slot_end[slot])
        even = side.share[link] * source[side.giver[link]]
        link += following
        if link + following < last_link:
            odd = side.share[link] * source[side.giver[link]]
            even += side.share[link + following] * source[side.giver[link + following]]
            link += following + following
            while link + following < last_link:
                odd += side.share[link] * source[side.giver[link]]
                even += side.share[link + following] * source[side.giver[link + following]]
                link += following + following
            even += odd
        if link < last_link:
            even += side.share[link] * source[side.giver[link]]
            link += following
        loss = max(loss, even)
        slot += following
    return min(loss, source.dtype.type(1))


@njit(nogil=True, fastmath=LOOSE)
def climb_alone(side: Side, source: Rows, old: Rows, new: Rows) -> Number:
    """Losses one step on, into ``new``, and the largest change."""
    change = old.dtype.type(0)
    for row in range(side.bare, side.row_end.size):
        loss = lost(side, source, np.uint64(row), old[row])
        change = max(change, loss - old[row])
        new[row] = loss
    return change


@njit(nogil=True)
def clear_alone(numbers: Rows) -> None:
    """Zero everywhere."""
    for at in range(numbers.size):
        numbers[at] = 0


@njit(nogil=True, fastmath=LOOSE)
def scarcity(markets: Markets, market: int, down: Rows) -> Number:
    """One over what is left of a market, as a part of it."""
    left, one, following = down.dtype.type(0), down.dtype.type(1), np.uint64(1)
    start = np.uint64(markets.end[market - 1]) if market > 0 else np.uint64(0)
    end = np.uint64(markets.end[market])
    for first in range(start, end, np.uint64(BLOCK)):
        row, last = np.uint64(first), min(np.uint64(first + BLOCK), end)
        even = odd = down.dtype.type(0)
        while row + following < last:
            even += markets.size[row] * (one - down[row])
            odd += markets.size[row + following] * (one - down[row + following])
            row += following + following
        if row < last:
            even += markets.size[row] * (one - down[row])
        left += even + odd
    return one / left if left > markets.floor[market] else markets.instead[market]


@njit(nogil=True, fastmath=LOOSE)
def shut_out_alone(markets: Markets, down: Rows, felt: Rows) -> None:
    """What buyers feel of each loss, into ``felt``: less where others stand in for it."""
    one, row = down.dtype.type(1), np.uint64(0)
    for market in range(markets.end.size):
        scarce, end = scarcity(markets, market, down), np.uint64(markets.end[market])
        while row < end:
            felt[row] = min(one, markets.size[row] * scarce) * down[row]
            row += np.uint64(1)


@njit(nogil=True, fastmath=LOOSE)
def weighted(
    network: Network, weight: Rows, down: Rows, up: Rows
) -> tuple[Number, Number, Number]:
    """Weighted sums of max(down, up), of down and of up."""
    zero, n = down.dtype.type(0), down.size
    total, total_down, total_up = zero, zero, zero
    for first in range(0, n, BLOCK):
        either, downward, upward = zero, zero, zero
        for row in range(first, min(first + BLOCK, n)):
            other = up[network.partner[row]]
            either += weight[row] * max(down[row], other)
            downward += weight[row] * down[row]
            upward += weight[row] * other
        total, total_down, total_up = total + either, total_down + downward, total_up + upward
    return total, total_down, total_up


@njit(nogil=True)
def begin_alone(shocks: Shocks, failure: int, losses: Rows) -> None:
    """Nothing lost but that from which a failure goes on."""
    clear_alone(losses)
    for at in range(shocks.start[failure], shocks.start[failure + 1]):
        losses[shocks.row[at]] = shocks.loss[at]


@njit(nogil=True, fastmath=LOOSE)
def step_alone(
    network: Network, rule: Rule, state: tuple[Rows, Rows], up: Rows, up_next: Rows
) -> Number:
    """One step, ``down`` in place, ``up`` into ``up_next``; the largest change."""
    down, felt = state
    if rule.substitution:
        shut_out_alone(network.markets, down, felt)
    else:
        for row in range(down.size):
            felt[row] = down[row]
    change = climb_alone(network.down, felt, down, down)
    return max(change, climb_alone(network.up, up, up, up_next))


@njit(cache=True, nogil=True, fastmath=LOOSE)
def cascades_alone(
    network: Network, rule: Rule, shocks: tuple[Shocks, Shocks], weights: Rows, found: Found
) -> None:
    """Run every failure until it stops, one after the other, as ``cascade.cascades`` does.

    Notes
    -----
    O(n + links) a step, about 1.5 ns a link and side while the losses fit in the cache.
    """
    n = network.markets.size.size
    down, felt = np.empty(n, weights.dtype), np.empty(n, weights.dtype)
    up, up_next = np.empty(n, weights.dtype), np.empty(n, weights.dtype)
    state = down, felt
    for failure in range(found.steps.size):
        begin_alone(shocks[0], failure, down)
        begin_alone(shocks[1], failure, up)
        begin_alone(shocks[1], failure, up_next)
        steps, goes_on = shocks[0].steps[failure], True
        while goes_on:
            change = step_alone(network, rule, state, up, up_next)
            up, up_next, steps = up_next, up, steps + 1
            goes_on = bool(change > rule.eps)
        found.steps[failure] = steps
        for weight in range(weights.shape[0]):
            sums = weighted(network, weights[weight], down, up)
            for kind in range(3):
                found.indices[failure, weight, kind] = sums[kind]
        if found.down.shape[0]:
            for row in range(n):
                found.down[failure, row] = down[row]
                found.up[failure, row] = up[row]


@njit(nogil=True)
def struck(shocks: Shocks, failure: int, few: Few) -> int:
    """Put the shock of a failure into few rows; how many it strikes."""
    first = shocks.start[failure]
    for at in range(first, shocks.start[failure + 1]):
        few.row[at - first] = shocks.row[at]
        few.loss[shocks.row[at]] = shocks.loss[at]
    n_rows: int = shocks.start[failure + 1] - first
    return n_rows


@njit(nogil=True)
def ways_on(takers: Takers, few: Few, n_rows: int) -> int:
    """How many links lead on from few rows."""
    total = 0
    for k in range(n_rows):
        giver = np.uint64(few.row[k])
        total += int(takers.start[giver + np.uint64(1)] - takers.start[giver])
    return total


@njit(nogil=True, fastmath=LOOSE)
def shut_out_few(markets: Markets, few: Few, n_rows: int, scarce: Rows) -> None:
    """What buyers feel of the losses of few rows; ``scarce`` is NaN, and left so."""
    one = few.loss.dtype.type(1)
    for k in range(n_rows):
        row = few.row[k]
        market = np.searchsorted(markets.end, row, side="right")
        if np.isnan(scarce[market]):
            scarce[market] = scarcity(markets, market, few.loss)
        few.felt[row] = min(one, markets.size[row] * scarce[market]) * few.loss[row]
    for k in range(n_rows):
        scarce[np.searchsorted(markets.end, few.row[k], side="right")] = np.nan


@njit(nogil=True, fastmath=LOOSE)
def climb_few(side: Side, takers: Takers, few: Few, n_rows: int) -> tuple[int, Number]:
    """Losses of few rows and of whom they give to, one step on, into ``after``.

    Returns
    -------
    How many rows these are, and the largest change.
    """
    n_after, change = n_rows, few.loss.dtype.type(0)
    for k in range(n_rows):
        few.is_reached[few.row[k]] = True
    for k in range(n_rows):
        giver = np.uint64(few.row[k])
        for at in range(takers.start[giver], takers.start[giver + np.uint64(1)]):
            row = takers.row[at]
            if not few.is_reached[row]:
                few.is_reached[row] = True
                few.row[n_after] = row
                n_after += 1
    for k in range(n_after):
        row = np.uint64(few.row[k])
        few.is_reached[row] = False
        few.after[k] = lost(side, few.felt, row, few.loss[row])
        change = max(change, few.after[k] - few.loss[row])
    return n_after, change


@njit(nogil=True)
def take_over(few: Few, n_rows: int) -> None:
    """Make the losses one step on those of now."""
    for k in range(n_rows):
        few.loss[few.row[k]] = few.after[k]


@njit(nogil=True)
def told(few: Few, n_rows: int, shocks: Shocks, failure: int) -> Shocks:
    """Shocks with few rows' losses as those of a failure; the rows are then at rest again."""
    first = shocks.start[failure]
    last = first + n_rows
    row, loss = shocks.row, shocks.loss
    if last > row.size:
        row, loss = np.empty(2 * last, row.dtype), np.empty(2 * last, loss.dtype)
        row[:first], loss[:first] = shocks.row[:first], shocks.loss[:first]
    for k in range(n_rows):
        at = few.row[k]
        row[first + k], loss[first + k] = at, few.loss[at]
        few.loss[at] = few.felt[at] = 0
    shocks.start[failure + 1] = last
    return Shocks(shocks.start, row, loss, shocks.steps)


@njit(nogil=True)
def few_of(n: int, losses: Rows, felt: Rows) -> Few:
    """Room for what few of n rows lose."""
    row, after = np.empty(n, np.uint32), np.empty(n, losses.dtype)
    return Few(row, losses, felt, after, np.zeros(n, np.bool_))


@njit(nogil=True)
def room(n_failures: int, steps: Counts, kind: Rows) -> Shocks:
    """Room for the losses of failures, numbers as those of ``kind``."""
    row, loss = np.empty(n_failures, np.uint32), np.empty(n_failures, kind.dtype)
    return Shocks(np.zeros(n_failures + 1, np.int64), row, loss, steps)


@njit(cache=True, nogil=True, fastmath=LOOSE)
def first_steps(
    network: Network,
    rule: Rule,
    takers: tuple[Takers, Takers],
    shocks: tuple[Shocks, Shocks],
    most: int,
) -> tuple[Shocks, Shocks]:
    """Losses after as many steps as reach few firms, and how many steps these are.

    Parameters
    ----------
    takers, shocks : of the down side, and of the up side
    most : int
        Numbers that a step may touch, as estimated from the rows it begins with. A step after
        which the failure would stop is left to who goes on.

    Notes
    -----
    About 50 ns a firm that is reached, 0.4 ns a rival of it.
    """
    kind, n = network.markets.size.dtype, network.markets.size.size
    n_markets, k_all = network.markets.end.size, shocks[0].steps.size
    scarce, up_losses = np.full(n_markets, np.nan).astype(kind), np.zeros(n, kind)
    down, up = few_of(n, np.zeros(n, kind), np.zeros(n, kind)), few_of(n, up_losses, up_losses)
    steps = np.zeros(k_all, np.int64)
    after, after_up = room(k_all, steps, scarce), room(k_all, steps, scarce)
    for failure in range(k_all):
        n_down, n_up = struck(shocks[0], failure, down), struck(shocks[1], failure, up)
        while True:
            ways = ways_on(takers[0], down, n_down) + ways_on(takers[1], up, n_up)
            rivals = min(n_down, n_markets) * (n // n_markets)
            if ways * (1 + network.up.share.size // n) + rivals > most:
                break
            if rule.substitution:
                shut_out_few(network.markets, down, n_down, scarce)
            else:
                for k in range(n_down):
                    down.felt[down.row[k]] = down.loss[down.row[k]]
            reached, change = climb_few(network.down, takers[0], down, n_down)
            reached_up, change_up = climb_few(network.up, takers[1], up, n_up)
            if max(change, change_up) <= rule.eps:
                break
            take_over(down, reached)
            take_over(up, reached_up)
            n_down, n_up = reached, reached_up
            steps[failure] += 1
        after = told(down, n_down, after, failure)
        after_up = told(up, n_up, after_up, failure)
    return after, after_up
