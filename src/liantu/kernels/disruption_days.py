"""Loops of the days after a stop; ``disruption`` says what they compute.

All are in this one file because numba's cache watches only the file of the function it keeps.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Indices = NDArray[np.uint32]
Held = NDArray[np.int64]
Places = tuple[Indices, Indices, Indices, Indices]

AT_ONCE = np.uint32(16_384)  # links read twice in a row while the cache holds them
MANY = np.uint64(8)  # links of a slot from which neighbours are worth it


@njit(cache=True, nogil=True)
def kinds(slot_kind: Held, link_start: Indices, supplier: Indices, kind: Held) -> None:
    """Write the kind of input that each firm supplies into ``kind``; the last of several."""
    for s in range(np.uint32(slot_kind.size)):
        for e in range(link_start[s], link_start[s + np.uint32(1)]):
            kind[supplier[e]] = slot_kind[s]


@njit(cache=True, nogil=True)
def baseline(places: Places, flow: Numbers, need: Numbers, demand: Numbers) -> None:
    """Add up what each slot takes and each firm is asked for, as every day adds it up."""
    every, usually = np.ones(demand.size), np.ones(need.size)
    _arrive(places, flow, every, need, 0, need.size)
    _ask(places, flow, usually, demand, 0, need.size)


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _arrive(
    places: Places, flow: Numbers, sent: Numbers, came: Numbers, first: int, last: int
) -> None:
    """What comes over the links of some slots, where ``sent`` is the part that each sends.

    The one way in which this is added up, in whatever order is quickest: what comes on a usual
    day is then what a slot needs, to the last bit.
    """
    _, link_start, supplier, _ = places
    one = np.uint32(1)
    for s in range(np.uint32(first), np.uint32(last)):
        start, end, total = np.uint64(link_start[s]), np.uint64(link_start[s + one]), 0.0
        here = np.uint64(supplier[start])
        if _are_neighbours(supplier, start, end):
            for k in range(end - start):
                total += flow[start + k] * sent[here + k]
        else:
            for e in range(start, end):
                total += flow[e] * sent[supplier[e]]
        came[s] = total


@njit(cache=True, nogil=True)
def _ask(
    places: Places, flow: Numbers, order: Numbers, demand: Numbers, first: int, last: int
) -> None:
    """Ask the suppliers of some slots for what these order."""
    _, link_start, supplier, _ = places
    one = np.uint32(1)
    for s in range(np.uint32(first), np.uint32(last)):
        start, end, wanted = np.uint64(link_start[s]), np.uint64(link_start[s + one]), order[s]
        here = np.uint64(supplier[start])
        if _are_neighbours(supplier, start, end):
            for k in range(end - start):
                demand[here + k] += flow[start + k] * wanted
        else:
            for e in range(start, end):
                demand[supplier[e]] += flow[e] * wanted


@njit(nogil=True, inline="always")
def _are_neighbours(supplier: Indices, start: np.uint64, end: np.uint64) -> bool | np.bool_:
    """Whether the suppliers of a slot stand one after the other, and are many."""
    last = np.uint64(supplier[end - np.uint64(1)])
    return (
        end - start >= MANY and last + start + np.uint64(1) == np.uint64(supplier[start]) + end
    )


@njit(cache=True, nogil=True)
def every_day(
    places: Places,
    flow: Numbers,
    of_slots: tuple[Numbers, Numbers, Numbers, Numbers],
    of_firms: tuple[Numbers, Numbers, Numbers],
    settings: tuple[int, int, float, bool],
    n_counted: int,
) -> tuple[Numbers, Held, Numbers, Numbers, Numbers, Numbers, Numbers, Numbers]:
    """Every day in turn, as ``disruption.course`` says; output of a usual day comes first."""
    need, _, _, cover = of_slots
    usual, outside, lost = of_firms
    days, recovery_days, restock_days, traced = settings
    n_firms, n_slots, kept = usual.size, need.size, days if traced else 0
    levels, sents = np.empty((kept, n_firms)), np.empty((kept, n_firms))
    orders, arrivals = np.empty((kept, n_slots)), np.empty((kept, n_slots))
    stocks, output = np.empty((kept, n_slots)), np.zeros(days + 1)
    held_up, lost_days = np.zeros(days, np.int64), np.zeros(n_firms)
    order, came, on_hand = np.ones(n_slots), np.empty(n_slots), cover + 1.0
    level, asked, demand = np.ones(n_firms), np.ones(n_firms), np.empty(n_firms)
    sent, able, means = np.empty(n_firms), np.ones(n_firms), np.empty(n_firms)
    stand = places[3]
    for i in range(n_firms):
        sent[stand[i]] = 1.0 - lost[i]
    for i in range(n_counted):
        output[0] += usual[i]
    for day in range(days):
        left = max(0.0, 1.0 - day / recovery_days)
        for i in range(n_firms):
            able[i] = 1.0 - lost[i] * left
            means[i] = min(able[i], asked[i])
            demand[stand[i]] = outside[i]
        _send_and_order(
            places, flow, of_slots, 1.0 / restock_days, (order, came, on_hand),
            (level, means, demand, sent),
        )  # fmt: skip
        _make(places, of_slots, usual, on_hand, able, (level, means, asked, demand, sent))
        for i in range(n_counted):
            output[day + 1] += usual[i] * level[i]
            held_up[day] += level[i] < 0.99 * means[i]
        for i in range(n_firms):
            lost_days[i] += 1.0 - level[i]
        if traced:
            for i in range(n_firms):
                levels[day, i], sents[day, i] = level[i], sent[stand[i]]
            orders[day], arrivals[day], stocks[day] = order, came, on_hand
    return output, held_up, lost_days, levels, sents, orders, arrivals, stocks


@njit(cache=True, nogil=True)
def _send_and_order(
    places: Places,
    flow: Numbers,
    of_slots: tuple[Numbers, Numbers, Numbers, Numbers],
    speed: float,
    slot_state: tuple[Numbers, Numbers, Numbers],
    firm_state: tuple[Numbers, Numbers, Numbers, Numbers],
) -> None:
    """Let yesterday's goods arrive and order anew, some firms at a time.

    ``on_hand`` is still that of yesterday morning, so yesterday's use comes off it first;
    ``sent`` is the part of their orders that suppliers filled, ``demand`` grows by the orders.
    """
    start, link_start = places[:2]
    need, _, _, cover = of_slots
    order, came, on_hand = slot_state
    level, means, demand, sent = firm_state
    one, first_firm = np.uint32(1), np.uint32(0)
    while first_firm < level.size:
        last_firm, first = first_firm, start[first_firm]
        while (
            last_firm < level.size
            and link_start[start[last_firm]] < link_start[first] + AT_ONCE
        ):
            last_firm += one
        _arrive(places, flow, sent, came, first, start[last_firm])
        for j in range(first_firm, last_firm):
            for s in range(start[j], start[j + one]):
                came[s] = came[s] / need[s] * order[s]
                on_hand[s] += came[s] - min(on_hand[s], level[j])
                gap = cover[s] + 1.0 - on_hand[s]
                order[s] = max(0.0, means[j] + (gap * speed if gap > 0.0 else gap))
        _ask(places, flow, order, demand, first, start[last_firm])
        first_firm = last_firm


@njit(cache=True, nogil=True)
def _make(
    places: Places,
    of_slots: tuple[Numbers, Numbers, Numbers, Numbers],
    usual: Numbers,
    on_hand: Numbers,
    able: Numbers,
    firm_state: tuple[Numbers, Numbers, Numbers, Numbers, Numbers],
) -> None:
    """What every firm makes of what it is able to, is asked for and has on hand.

    ``spare`` is infinite where a slot cannot stop its buyer, and ``share`` is 0 where running
    short takes nothing away.
    """
    start, stand = places[0], places[3]
    _, share, spare, _ = of_slots
    level, means, asked, demand, sent = firm_state
    one = np.uint32(1)
    for i in range(np.uint32(usual.size)):
        wanted = demand[stand[i]]
        asked[i] = wanted / usual[i] if usual[i] > 0.0 else 1.0
        means[i] = min(able[i], asked[i])
        most, least = means[i], np.inf
        for s in range(start[i], start[i + one]):
            most = min(most, on_hand[s] + spare[s])
            least = min(least, on_hand[s])
        made = most
        if least < most:
            for s in range(start[i], start[i + one]):
                made -= share[s] * max(0.0, most - on_hand[s])
        level[i] = max(made, 0.0)
        made = level[i] * usual[i]
        sent[stand[i]] = made / wanted if made < wanted else 1.0
