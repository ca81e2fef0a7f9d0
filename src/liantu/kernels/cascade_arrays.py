"""What the loops of the cascade read and write: sides, markets, shocks, states and answers."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.floating[Any]]
Floats = NDArray[np.float64]
Index = NDArray[np.uint32]
Counts = NDArray[np.int64]

LINE_BYTE = 64
BLOCK = 4096  # rows summed before their sum is added to the whole
AHEAD = 64  # links between asking for a row and loading it
IDLE = -1  # a lane without a failure


class Side(NamedTuple):
    """Who passes a loss on to whom, one way: down to buyers, or up to suppliers.

    Rows are the firms in an order of this side's own. Row i has the slots
    ``row_end[i - 1]:row_end[i]``, slot k the links ``slot_end[k - 1]:slot_end[k]``.

    Attributes
    ----------
    bare : int
        How many rows come before the first that has a slot.
    row_end : (n,) uint32
    slot_end : (slots,) uint32
    giver : (links + AHEAD,) uint32
        Row that passes its loss on; padded, so that it may be read ahead.
    share : (links,) float, >= 0
        Part of the giver's loss that arrives.
    """

    bare: int
    row_end: Index
    slot_end: Index
    giver: Index
    share: Rows


class Markets(NamedTuple):
    """Who could stand in for whom.

    Attributes
    ----------
    end : (q,) uint32
        Market k is the rows ``end[k - 1]:end[k]`` of the down side.
    size : (n,) float, in [0, 1]
        Sales of the row as a part of its market's.
    floor : (q,) float, in parts of the market
        What is left of a market counts as nothing up to here.
    instead : (q,) float
        What is then taken for one over what is left.
    """

    end: Index
    size: Rows
    floor: Rows
    instead: Rows


class Network(NamedTuple):
    """Both sides; ``partner`` (n + AHEAD,) is the up side's row of each of the down side's."""

    down: Side
    up: Side
    partner: Index
    markets: Markets


class Shocks(NamedTuple):
    """Losses from which failures go on: of failure k those of ``row[start[k]:start[k + 1]]``.

    ``steps`` (k,) are behind it: none where the losses are those of the shock itself.
    """

    start: Counts
    row: Index
    loss: Rows
    steps: Counts


class Takers(NamedTuple):
    """To whom each row of a side gives: row k to ``row[start[k]:start[k + 1]]``."""

    start: Index
    row: Index


class Few(NamedTuple):
    """What few rows of a side have lost, all others nothing.

    Attributes
    ----------
    row : (n,) uint32
        The rows that have lost something come first.
    loss, felt : (n,) float, 0 but in these rows
        ``felt`` is what others feel of the loss; upstream all of it, and the same array.
    after : (n,) float
        Room for the losses one step on, in the order of ``row``.
    is_reached : (n,) bool, false everywhere
    """

    row: Index
    loss: Rows
    felt: Rows
    after: Rows
    is_reached: NDArray[np.bool_]


class Rule(NamedTuple):
    """How to step, and when to stop."""

    eps: float
    substitution: bool


class State(NamedTuple):
    """What one thread works on; at rest all losses are 0 and all lanes idle.

    Attributes
    ----------
    down, up, spare : (n, lanes) float, rows aligned to 64 bytes, as the next
    total : (3 w, lanes)
    change, keep : (1, lanes)
    failure, steps : (lanes,) int64
    waiting : (1,) int64, the next failure
    """

    down: Rows
    up: Rows
    spare: Rows
    total: Rows
    change: Rows
    keep: Rows
    failure: Counts
    steps: Counts
    waiting: Counts


class Found(NamedTuple):
    """Where answers go.

    Attributes
    ----------
    indices : (k, w, 3) float64
        Weighted sums of max(down, up), of down and of up.
    steps : (k,) int64
    down, up : (k, n), or (0, n) where the losses themselves are not asked for
        In the rows of each side.
    """

    indices: Rows
    steps: Counts
    down: Rows
    up: Rows


class Links(NamedTuple):
    """Sales from supplier to buyer, each pair once, by supplier and then buyer.

    Attributes
    ----------
    supplier, buyer : (links,) int64, in [0, n)
    value : (links,) float64, > 0
    """

    supplier: Counts
    buyer: Counts
    value: Floats
