"""Loops of the cascade: sixteen failures (float32) or eight (float64) at once, one a lane.

The state of a firm in all lanes is one row of 64 bytes, a cache line, which the processor
adds, multiplies and compares as a whole. ``Lanes`` is such a row as a numba type; the kernels
read like scalar code on it. Everything is in this one file because numba's cache watches only
the file of the function that it keeps.

A lane never sees another: the same failure gives the same bits whatever runs beside it.
"""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable

from liantu.kernels.cascade_arrays import (
    AHEAD,
    BLOCK,
    IDLE,
    LINE_BYTE,
    Found,
    Markets,
    Network,
    Rows,
    Rule,
    Shocks,
    Side,
    State,
)

Row = Any  # 64 bytes, as numba sees them
Numba = Any  # what numba and LLVM hand to an intrinsic, which has no types
Emit = tuple[Any, Callable[[Numba, Numba, Numba, Numba], Any]]

instruction: Numba = intrinsic  # numba's types count its context as an argument
LOOSE = ("contract", "nsz")  # a multiply and an add may be one; the sign of zero is free


class Lanes(types.Type):
    """A row of 64 bytes of one scalar type."""

    def __init__(self, scalar: Numba) -> None:
        self.scalar = scalar
        self.count = 8 * LINE_BYTE // scalar.bitwidth
        super().__init__(name=f"Lanes({scalar})")


@register_model(Lanes)
class LanesModel(models.PrimitiveModel):
    """A row as one vector of LLVM."""

    def __init__(self, of_types: Numba, lanes: Lanes) -> None:
        scalar = of_types.lookup(lanes.scalar).get_value_type()
        super().__init__(of_types, lanes, ir.VectorType(scalar, lanes.count))


def _in_every_lane(builder: Numba, scalar: Numba, vector: Numba) -> Numba:
    blank = ir.Constant(vector, ir.Undefined)
    first = builder.insert_element(blank, scalar, ir.IntType(32)(0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), [0] * vector.count)
    return builder.shuffle_vector(first, blank, mask)


def _arithmetic(symbol: Callable[..., Any], instruction: str) -> None:
    """Teach numba a symbol between two rows, or a scalar and a row."""

    def result(_context: Numba) -> Callable[[Numba, Numba], Numba]:
        def row_of(left: Numba, right: Numba) -> Numba:
            fits = isinstance(right, Lanes) and left in {right, right.scalar}
            return right if fits else None

        return row_of

    def emit(context: Numba, builder: Numba, sig: Numba, args: Numba) -> Numba:
        vector = context.get_value_type(sig.return_type)
        rows = [
            arg if arg.type == vector else _in_every_lane(builder, arg, vector) for arg in args
        ]
        return getattr(builder, instruction)(*rows, flags=LOOSE)

    type_callable(symbol)(result)
    lower_builtin(symbol, Lanes, Lanes)(emit)
    lower_builtin(symbol, types.Float, Lanes)(emit)


_arithmetic(operator.add, "fadd")
_arithmetic(operator.sub, "fsub")
_arithmetic(operator.mul, "fmul")


def _address(context: Numba, builder: Numba, sig: Numba, args: Numba) -> Numba:
    """Where row ``args[1]`` of the array ``args[0]`` begins, as a pointer to a row."""
    array, row = sig.args[:2]
    lanes = Lanes(array.dtype)
    first = context.make_array(array)(context, builder, args[0]).data
    number = context.cast(builder, args[1], row, types.uint64)
    element = builder.mul(number, number.type(lanes.count))
    vector = context.get_value_type(lanes)
    return builder.bitcast(builder.gep(first, [element], inbounds=True), vector.as_pointer())


@instruction
def load(_typing: Numba, array: Numba, row: Numba) -> Emit:
    """A row of an array."""

    def emit(context: Numba, builder: Numba, sig: Numba, args: Numba) -> Numba:
        return builder.load(_address(context, builder, sig, args), align=LINE_BYTE)

    return Lanes(array.dtype)(array, row), emit


@instruction
def store(_typing: Numba, array: Numba, row: Numba, lanes: Numba) -> Emit:
    """Write a row of an array."""

    def emit(context: Numba, builder: Numba, sig: Numba, args: Numba) -> Numba:
        builder.store(args[2], _address(context, builder, sig, args), align=LINE_BYTE)
        return context.get_dummy_value()

    return types.none(array, row, lanes), emit


@instruction
def prefetch(_typing: Numba, array: Numba, row: Numba) -> Emit:
    """Ask for a row that will soon be loaded."""

    def emit(context: Numba, builder: Numba, sig: Numba, args: Numba) -> Numba:
        byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        call = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        line = builder.bitcast(_address(context, builder, sig, args), byte)
        builder.call(call, [line, word(0), word(3), word(1)])  # to read, keep, as data
        return context.get_dummy_value()

    return types.none(array, row), emit


@instruction
def spread(_typing: Numba, array: Numba, scalar: Numba) -> Emit:
    """A number in every lane of a row such as the array's."""

    def emit(context: Numba, builder: Numba, sig: Numba, args: Numba) -> Numba:
        value = context.cast(builder, args[1], sig.args[1], sig.return_type.scalar)
        return _in_every_lane(builder, value, context.get_value_type(sig.return_type))

    return Lanes(array.dtype)(array, scalar), emit


def _chosen(comparison: str) -> Numba:
    """Of two rows, lane by lane, the number for which the comparison holds."""

    def number_of(_typing: Numba, left: Numba, right: Numba) -> Emit:
        def emit(_context: Numba, builder: Numba, _sig: Numba, args: Numba) -> Numba:
            return builder.select(builder.fcmp_ordered(comparison, *args, flags=LOOSE), *args)

        return left(left, right), emit

    return instruction(number_of)


maximum, minimum = _chosen(">"), _chosen("<")


@instruction
def reciprocal_above(_typing: Numba, row: Numba, floor: Numba, instead: Numba) -> Emit:
    """One over each lane that is above the floor, and ``instead`` in the others."""

    def emit(_context: Numba, builder: Numba, _sig: Numba, args: Numba) -> Numba:
        value, vector = args[0], args[0].type
        scalars = (args[1], args[2], vector.element(1.0))
        floors, others, ones = (_in_every_lane(builder, one, vector) for one in scalars)
        is_above = builder.fcmp_ordered(">", value, floors)
        return builder.select(is_above, builder.fdiv(ones, value), others)

    return row(row, floor, instead), emit


@njit(nogil=True)
def climb(side: Side, source: Rows, old: Rows, new: Rows) -> Row:
    """Losses one step on, into ``new``, and the largest change in each lane.

    A row loses the largest of its slots, at most 1, and never less than it had lost. A slot is
    added up as two sums, neither of which waits for the other.
    """
    one, change = spread(old, 1.0), spread(old, 0.0)
    link, slot, following = np.uint64(0), np.uint64(0), np.uint64(1)
    for row in range(np.uint64(side.bare), np.uint64(side.row_end.size)):
        was = load(old, row)
        loss, last_slot = was, np.uint64(side.row_end[row])
        while slot < last_slot:
            last_link = np.uint64(side.slot_end[slot])
            even = felt(side, source, link)
            link += following
            if link + following < last_link:
                odd = felt(side, source, link)
                even = even + felt(side, source, link + following)
                link += following + following
                while link + following < last_link:
                    odd = odd + felt(side, source, link)
                    even = even + felt(side, source, link + following)
                    link += following + following
                even = even + odd
            if link < last_link:
                even = even + felt(side, source, link)
                link += following
            loss = maximum(loss, even)
            slot += following
        loss = minimum(loss, one)
        change = maximum(change, loss - was)
        store(new, row, loss)
    return change


@njit(nogil=True)
def felt(side: Side, source: Rows, link: np.uint64) -> Row:
    """What arrives by a link; the giver that comes AHEAD links later is asked for."""
    prefetch(source, side.giver[link + np.uint64(AHEAD)])
    return side.share[link] * load(source, side.giver[link])


@njit(nogil=True)
def clear(rows: Rows) -> None:
    """Zero in every row."""
    for row in range(rows.shape[0]):
        store(rows, row, spread(rows, 0.0))


@njit(nogil=True)
def copy(source: Rows, target: Rows, height: int) -> None:
    """Make the first rows of the target those of the source."""
    for row in range(height):
        store(target, row, load(source, row))


@njit(nogil=True)
def shut_out(markets: Markets, down: Rows, felt: Rows) -> None:
    """What buyers feel of each loss, into ``felt``: less where others stand in for it."""
    one, start, following = spread(down, 1.0), np.uint64(0), np.uint64(1)
    for market in range(markets.end.size):
        end, left = np.uint64(markets.end[market]), spread(down, 0.0)
        for first in range(start, end, np.uint64(BLOCK)):
            row, last = np.uint64(first), min(first + np.uint64(BLOCK), end)
            even = odd = spread(down, 0.0)
            while row + following < last:
                other = row + following
                even = even + markets.size[row] * (one - load(down, row))
                odd = odd + markets.size[other] * (one - load(down, other))
                row += following + following
            if row < last:
                even = even + markets.size[row] * (one - load(down, row))
            left = left + (even + odd)
        scarce = reciprocal_above(left, markets.floor[market], markets.instead[market])
        for member in range(start, end):
            sigma = minimum(one, markets.size[member] * scarce)
            store(felt, member, sigma * load(down, member))
        start = end


@njit(nogil=True)
def settle(network: Network, weights: Rows, state: State, up: Rows) -> None:
    """Weighted losses of every lane, into ``total``; lanes whose ``keep`` is 0 start at zero.

    Row 3 c of ``total`` is the sum of max(down, up) by weight c, the next two those of down and
    of up.
    """
    keep, n = load(state.keep, 0), np.uint64(state.down.shape[0])
    clear(state.total)
    for first in range(np.uint64(0), n, np.uint64(BLOCK)):
        last = min(first + np.uint64(BLOCK), n)
        for weight in range(weights.shape[0]):
            either = downward = upward = spread(up, 0.0)
            for row in range(first, last):
                partner, part = network.partner[row], weights[weight, row]
                prefetch(up, network.partner[row + np.uint64(AHEAD)])
                down, other = load(state.down, row), load(up, partner)
                either = either + part * maximum(down, other)
                downward = downward + part * down
                upward = upward + part * other
                if weight == weights.shape[0] - 1:
                    store(state.down, row, keep * down)
                    store(up, partner, keep * other)
            at = 3 * weight
            store(state.total, at, load(state.total, at) + either)
            store(state.total, at + 1, load(state.total, at + 1) + downward)
            store(state.total, at + 2, load(state.total, at + 2) + upward)


@njit(nogil=True)
def begin(shocks: tuple[Shocks, Shocks], state: State, up: Rows) -> bool:
    """Give the next failures to the lanes that idle; whether any lane has one."""
    runs = False
    for lane in range(state.failure.size):
        if state.failure[lane] == IDLE and state.waiting[0] < shocks[0].start.size - 1:
            failure = state.waiting[0]
            state.failure[lane], state.waiting[0] = failure, failure + 1
            state.steps[lane] = shocks[0].steps[failure]
            strike(shocks[0], failure, state.down, lane)
            strike(shocks[1], failure, up, lane)
        runs = runs or state.failure[lane] != IDLE
    return runs


@njit(nogil=True)
def strike(shocks: Shocks, failure: int, losses: Rows, lane: int) -> None:
    """Put the losses from which a failure goes on into a lane."""
    for at in range(shocks.start[failure], shocks.start[failure + 1]):
        losses[shocks.row[at], lane] = shocks.loss[at]


@njit(nogil=True)
def step(network: Network, rule: Rule, state: State, up: Rows, spare: Rows) -> None:
    """One step of every lane: ``down`` in place, ``up`` into ``spare``.

    Before that ``spare`` holds what is felt of ``down``, so that the cache holds three arrays
    of losses in place of four.
    """
    if rule.substitution:
        shut_out(network.markets, state.down, spare)
    else:
        copy(state.down, spare, spare.shape[0])
    change = climb(network.down, spare, state.down, state.down)
    copy(up, spare, network.up.bare)
    change_up = climb(network.up, up, up, spare)
    store(state.change, 0, maximum(change, change_up))


@njit(nogil=True)
def stop(rule: Rule, state: State) -> bool:
    """Whether any lane stops after this step; its ``keep`` is then 0."""
    stops = False
    for lane in range(state.failure.size):
        state.steps[lane] += 1
        is_over = state.change[0, lane] <= rule.eps and state.failure[lane] != IDLE
        state.keep[0, lane] = 0 if is_over else 1
        stops = stops or is_over
    return stops


@njit(nogil=True)
def finish(found: Found, state: State, up: Rows) -> None:
    """Write the losses of the lanes that stop."""
    for lane in range(state.failure.size):
        if state.keep[0, lane] == 0:
            for row in range(found.down.shape[1]):
                found.down[state.failure[lane], row] = state.down[row, lane]
                found.up[state.failure[lane], row] = up[row, lane]


@njit(nogil=True)
def conclude(found: Found, state: State) -> None:
    """Write the sums of the lanes that stop, which then idle."""
    for lane in range(state.failure.size):
        if state.keep[0, lane] == 0:
            found.steps[state.failure[lane]] = state.steps[lane]
            for at in range(state.total.shape[0]):
                found.indices[state.failure[lane], at // 3, at % 3] = state.total[at, lane]
            state.failure[lane] = IDLE


@njit(cache=True, nogil=True)
def cascades(
    network: Network,
    rule: Rule,
    shocks: tuple[Shocks, Shocks],
    weights: Rows,
    state: State,
    found: Found,
) -> None:
    """Run every failure until it stops, and write what it costs.

    Parameters
    ----------
    shocks : of the down side, and of the up side
    weights : (w, n) float, in the rows of the down side
    state : at rest, and left so
    found : every place is written

    Notes
    -----
    A lane takes the next failure as soon as its last one has stopped. A step reads one row a
    link and side, and about nine a firm, O(n + links) whatever the number of sectors; when a
    lane stops, sums are taken of all, O(n w).
    """
    up, spare = state.up, state.spare
    state.waiting[0] = 0
    while begin(shocks, state, up):
        step(network, rule, state, up, spare)
        up, spare = spare, up
        if stop(rule, state):
            if found.down.shape[0]:
                finish(found, state, up)
            settle(network, weights, state, up)
            conclude(found, state)
    clear(spare)
