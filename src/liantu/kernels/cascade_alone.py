"""The cascade of one scenario alone, a number a firm in place of a line of them.

One scenario, or two, would leave most lanes empty. The arithmetic is that of ``cascade``,
operation by operation, so that a scenario has the same bits alone and among others.
"""

from typing import Any

import numpy as np
from numba import njit

from liantu.kernels.cascade_layout import (
    BLOCK,
    Found,
    Markets,
    Network,
    Rows,
    Rule,
    Shocks,
    Side,
)

Number = np.floating[Any]
LOOSE = {"contract", "nsz"}  # as the lanes: a multiply and an add may be one


@njit(nogil=True, fastmath=LOOSE)
def climb_alone(side: Side, source: Rows, old: Rows, new: Rows) -> Number:
    """Losses one step on, into ``new``, and the largest change."""
    link = slot = np.uint64(0)
    following, change = np.uint64(1), old.dtype.type(0)
    for row in range(np.uint64(side.bare), np.uint64(side.row_end.size)):
        loss, last_slot = old[row], np.uint64(side.row_end[row])
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
        loss = min(loss, old.dtype.type(1))
        change = max(change, loss - old[row])
        new[row] = loss
    return change


@njit(nogil=True)
def clear_alone(numbers: Rows) -> None:
    """Zero everywhere."""
    for at in range(numbers.size):
        numbers[at] = 0


@njit(nogil=True, fastmath=LOOSE)
def shut_out_alone(markets: Markets, down: Rows, felt: Rows) -> None:
    """What buyers feel of each loss, into ``felt``: less where others stand in for it."""
    zero, one, start = down.dtype.type(0), down.dtype.type(1), np.uint64(0)
    for market in range(markets.end.size):
        end, left = np.uint64(markets.end[market]), zero
        for first in range(start, end, np.uint64(BLOCK)):
            part = zero
            for row in range(first, min(first + np.uint64(BLOCK), end)):
                part += markets.size[row] * (one - down[row])
            left += part
        scarce = one / left if left > markets.floor[market] else markets.instead[market]
        for row in range(start, end):
            sigma = min(one, markets.size[row] * scarce)
            felt[row] = sigma * down[row]
        start = end


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
    """Nothing lost but the shock of a failure."""
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
        steps, goes_on = 0, True
        before = weighted(network, weights[0], down, up)[0]
        while goes_on:
            change = step_alone(network, rule, state, up, up_next)
            up, up_next, steps = up_next, up, steps + 1
            goes_on = bool(change > rule.eps)
            if rule.by_index:
                index = weighted(network, weights[0], down, up)[0]
                goes_on, before = bool(index > (1 + rule.eps) * before), index
        found.steps[failure] = steps
        for weight in range(weights.shape[0]):
            sums = weighted(network, weights[weight], down, up)
            for kind in range(3):
                found.indices[failure, weight, kind] = sums[kind]
        if found.down.shape[0]:
            for row in range(n):
                found.down[failure, row] = down[row]
                found.up[failure, row] = up[row]
