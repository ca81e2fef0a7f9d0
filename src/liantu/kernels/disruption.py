"""Output per day after a stop: firms that hold stocks, order inputs and ration what they make.

A slot is one kind of input of one buyer, with a stock of its own, filled over the links to its
suppliers. Everything is counted in baseline days: a stock of 14 lasts 14 days at the usual
pace, a level of 1 is the usual output.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liantu.kernels.disruption_days import baseline, every_day, kinds
from liantu.kernels.slots import Slots

Numbers = NDArray[np.float64]
Indices = NDArray[np.uint32]
Importance = NDArray[np.uint8]
Held = NDArray[np.int64]

NEGLIGIBLE, NON_ESSENTIAL, ESSENTIAL = range(3)


@dataclass(frozen=True, slots=True)
class Supply:
    """A network on a usual day.

    Attributes
    ----------
    slots : Slots
    flow : (n_links,) float64, > 0, a day
        What goes over each given link.
    outside : (n_firms,) float64, >= 0, a day
        What each firm sells beyond the network; it stays wanted in full.
    importance : (n_slots,) uint8
        ``NEGLIGIBLE``, ``NON_ESSENTIAL`` or ``ESSENTIAL``.
    cover_days : (n_slots,) float64, >= 0
        Days that the stock lasts without deliveries; also the stock that is aimed at.
    n_counted : int
        Firms from this number on supply others but are not counted in the output.
    """

    slots: Slots
    flow: Numbers
    outside: Numbers
    importance: Importance
    cover_days: Numbers
    n_counted: int


@dataclass(frozen=True, slots=True)
class Stop:
    """What stops, how it comes back, and how stocks are filled again.

    Attributes
    ----------
    lost : (n_firms,) float64, in [0, 1]
        Part of its capacity that each firm loses on the first day.
    recovery_days : int, at least 1
        The loss shrinks by the same amount a day, and is gone after so many days.
    restock_days : float, at least 1
        A gap in a stock is ordered over so many days.
    """

    lost: Numbers
    recovery_days: int
    restock_days: float


@dataclass(frozen=True, slots=True)
class Course:
    """What a stop does, day by day; day 1 is the first of the stop.

    Attributes
    ----------
    output : (n_days,) float64
        Output of the firms that count, in the unit of ``flow``.
    baseline : float
        The same on a day without a stop.
    held_up : (n_days,) int64
        Of them, those that inputs hold below 99 % of what capacity and orders allow.
    usual : (n_firms,) float64
        Output of each firm on a day without a stop.
    lost_days : (n_firms,) float64
        Output lost by each firm over all days, in its own days.
    buyer : (n_slots,) int64
        Whose slot each is.
    level, sent : (n_days, n_firms) float64, or (0, n_firms)
        Output as a share of the usual, and the part of its orders that a firm fills.
    ordered, arrived, on_hand : (n_days, n_slots) float64, or (0, n_slots)
        What a slot orders, what came into it that morning, and its stock after that.
    """

    output: Numbers
    baseline: float
    held_up: Held
    usual: Numbers
    lost_days: Numbers
    buyer: NDArray[np.int64]
    level: Numbers
    sent: Numbers
    ordered: Numbers
    arrived: Numbers
    on_hand: Numbers

    @property
    def used(self) -> Numbers:
        """What is used of each slot in the day, (n_days, n_slots)."""
        return np.minimum(self.on_hand, self.level[:, self.buyer])

    @property
    def stock(self) -> Numbers:
        """What is left in each slot in the evening, (n_days, n_slots)."""
        return self.on_hand - self.used


def course(supply: Supply, stop: Stop, *, days: int, traced: bool = False) -> Course:
    """Output of all firms on each day after a stop.

    Every day, in this order. What suppliers sent the evening before arrives. Each firm orders,
    for every slot, what it means to use (as much as its capacity allows and yesterday's
    orders asked for), with a part of what lacks from its usual stock, or without all of what
    is over. It then makes the least of its
    capacity, of what is ordered from it, and of what its essential inputs on hand allow; each
    non-essential input that runs short takes away its share of the input cost; a negligible
    one takes away nothing. Where orders exceed what it makes, all buyers get the same part,
    and the rest of the order lapses.

    Parameters
    ----------
    supply : Supply
    stop : Stop
    days : int, at least 1
    traced : bool
        Whether levels, deliveries and stocks of every day are kept.

    Returns
    -------
    Course

    Raises
    ------
    ValueError
        If an argument has not its shape, or is out of its range.

    Notes
    -----
    O(days * (n_links + n_slots)), one pass over the links a day: about 0.8 ns a link of a full
    table, 2 ns of another network, and 8 ns a slot and day. The stop comes in the night and
    holds back that evening's goods, so that a cover of 0 stops the buyer on the same day and
    one of 14 on the fifteenth. Without a stop every day is the baseline to the last bit.

    Stocks, proportional rationing and orders that fill a gap over a time are those of the
    ARIO-inventory model: Hallegatte (2008) Risk Analysis 28(3), Hallegatte (2014) Risk
    Analysis 34(1), for firms Henriet, Hallegatte and Tabourier (2012) Journal of Economic
    Dynamics and Control 36(1). Two things are as in Pichler, Pangallo, del Rio-Chanona,
    Lafond and Farmer (2022) Journal of Economic Dynamics and Control 144: that inputs are
    essential or not, and that the stock aimed at stays that of a usual day: a target that
    follows the orders makes stocks swing, with a fixed one a gap g shrinks as
    g (1 - 1 / restock_days)^t. That what is over comes off the next order at once is ours, so
    that a firm that waits for one input does not pile up the others. That non-essential
    inputs weigh by their share of the cost is the linear part of Diem et al. (2022),
    Scientific Reports 12. No overtime, no new supplier, no price, one day on every way.
    """
    _check(supply, stop, days)
    slots = supply.slots
    flow, outside, cover, lost = (
        np.ascontiguousarray(given, np.float64)
        for given in (supply.flow[slots.link], supply.outside, supply.cover_days, stop.lost)
    )
    stand = _stand(slots)
    places = slots.start, slots.link_start, stand[slots.supplier], stand
    need, demand = np.zeros(slots.kind.size), np.empty(stand.size)
    demand[stand] = outside
    baseline(places, flow, need, demand)
    usual = demand[stand]
    bought = np.bincount(slots.buyer, need, usual.size)
    share = np.where(supply.importance == NON_ESSENTIAL, need / bought[slots.buyer], 0.0)
    spare = np.where(supply.importance == ESSENTIAL, 0.0, np.inf)
    output, held_up, lost_days, *traces = every_day(
        places,
        flow,
        (need, share, spare, cover),
        (usual, outside, lost),
        (days, stop.recovery_days, float(stop.restock_days), traced),
        supply.n_counted,
    )
    return Course(output[1:], output[0], held_up, usual, lost_days, slots.buyer, *traces)


def _stand(slots: Slots) -> Indices:
    """Where each firm stands as a supplier, (n_firms,): those of a kind of input together.

    In a full table the suppliers of a slot are then neighbours, and are read as such.
    """
    kind = np.zeros(slots.start.size - 1, np.int64)
    kinds(slots.kind, slots.link_start, slots.supplier, kind)
    stand = np.empty(kind.size, np.uint32)
    stand[np.argsort(kind, kind="stable")] = np.arange(kind.size)
    return stand


def _check(supply: Supply, stop: Stop, days: int) -> None:
    """Refuse what has not its shape, or is out of its range."""
    slots = supply.slots
    n_links, n_slots, n_firms = slots.link.size, slots.kind.size, slots.start.size - 1
    for name, given, size, top in (
        ("flow", supply.flow, n_links, np.inf),
        ("outside", supply.outside, n_firms, np.inf),
        ("importance", supply.importance, n_slots, float(ESSENTIAL)),
        ("cover_days", supply.cover_days, n_slots, np.inf),
        ("lost", stop.lost, n_firms, 1.0),
    ):
        if given.shape != (size,):
            message = f"{name} must have shape ({size},), found {given.shape}"
            raise ValueError(message)
        if size and not (given.min() >= 0 and given.max() <= top and given.max() < np.inf):
            wanted = f"in [0, {top:g}]" if top < np.inf else "finite and at least 0"
            message = f"{name} must be {wanted}, found {given.min()} to {given.max()}"
            raise ValueError(message)
    if n_links and not supply.flow.min() > 0:
        message = "flow must be above 0 on every link, found 0"
        raise ValueError(message)
    if days < 1 or stop.recovery_days < 1 or not 1 <= stop.restock_days < np.inf:
        message = (
            "days, recovery_days and restock_days must be at least 1, "
            f"found {days}, {stop.recovery_days} and {stop.restock_days}"
        )
        raise ValueError(message)
    if not 0 <= supply.n_counted <= n_firms:
        message = f"n_counted must be in [0, {n_firms}], found {supply.n_counted}"
        raise ValueError(message)
