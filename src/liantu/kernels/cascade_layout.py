"""A supply network as the loops of the cascade read it: links by slot, both ways.

An input that is essential to its buyer has a slot for each sector of suppliers, all
non-essential inputs of a buyer share one: at most links + n slots, so that 616 sectors cost no
more than 50. Each side numbers the firms in an order of its own, firms with the same number of
slots and links together, so that the loops run the same way many times over; downstream
within each market, so that its total is added up in one place.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from liantu.kernels.cascade_arrays import (
    AHEAD,
    LINE_BYTE,
    Counts,
    Floats,
    Index,
    Links,
    Markets,
    Rows,
    Shocks,
    Side,
    Takers,
)

GONE = 1e-10  # what is left of a market counts as nothing up to here
ALL = 1e30  # one over nothing left: whoever sells anything is scarce
NEGLIGIBLE, NON_ESSENTIAL, ESSENTIAL = range(3)


class Ordered(NamedTuple):
    """One side, and the firm (n,) int64 of each of its rows."""

    side: Side
    firm: Counts


def merged(supplier: Counts, buyer: Counts, value: Floats, n: int) -> Links:
    """Links with the values of a pair added up; links without value left out.

    The same rows in another order give the same bits.
    """
    pair = supplier * n + buyer
    order = np.argsort(pair)
    is_same = np.diff(pair[order], prepend=-1) == 0
    if is_same.any():
        at = np.flatnonzero(is_same | np.append(is_same[1:], False))
        order[at] = order[at][np.lexsort((value[order[at]], pair[order[at]]))]
    order = order[value[order] > 0]
    pair = pair[order]
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    added = np.add.reduceat(value[order], first) if first.size else value[:0]
    return Links(pair[first] // n, pair[first] % n, added)


def downstream(
    links: Links,
    sector: Counts,
    importance: NDArray[np.uint8],
    leak: Floats,
    market: Counts,
    precision: str,
) -> Ordered:
    """The side on which a failing supplier is felt by its buyers, firms of a market together.

    Parameters
    ----------
    links : Links
    sector : (n,) int64, in [0, m)
    importance : (m, m) uint8, of an input of the row's sector to buyers of the column's
    leak : (n,) float64, >= 0
        What a buyer's losses are multiplied by: its known purchases over its cost.
    market : (n,) int64, >= 0
    precision : "float64" or "float32"
    """
    supplier, buyer, value = links
    n, sectors = sector.size, importance.shape[0] + 1
    bought = summed(buyer, value, n)
    weight = importance[sector[supplier], sector[buyer]]
    slot = buyer * sectors + np.where(weight == ESSENTIAL, sector[supplier] + 1, 0)
    order = np.argsort(slot * n + supplier)
    order = order[weight[order] != NEGLIGIBLE]
    slot, taker, part = slot[order], buyer[order], value[order]
    first = np.flatnonzero(np.diff(slot, prepend=-1))
    whole = np.add.reduceat(part, first) if first.size else part[:0]
    whole = np.repeat(whole, np.diff(first, append=slot.size))
    is_pool = slot % sectors == 0
    whole[is_pool] = bought[taker[is_pool]]
    share = part / whole * leak[taker]
    return _ordered(slot, taker, supplier[order], share, market, precision)


def upstream(links: Links, base: Floats, precision: str) -> Ordered:
    """The side on which a failing buyer is felt by its suppliers.

    Parameters
    ----------
    links : Links
    base : (n,) float64, > 0
        What a supplier's sales are a part of: its revenue, or what it is known to sell.
    precision : "float64" or "float32"
    """
    supplier, buyer, value = links
    share = value / base[supplier]
    return _ordered(supplier, supplier, buyer, share, np.zeros(base.size, np.int64), precision)


def _ordered(
    slot: Counts, taker: Counts, giver: Counts, share: Floats, group: Counts, precision: str
) -> Ordered:
    """A side from links sorted by taker and slot; rows put by group and size, slots by size."""
    n = group.size
    first = np.flatnonzero(np.diff(slot, prepend=-1))
    size, slot_taker = np.diff(first, append=slot.size), taker[first]
    largest = int(size.max(initial=0))
    inside = np.argsort(slot_taker * (largest + 1) + largest - size)
    n_slots = np.bincount(slot_taker, minlength=n)
    place = np.arange(size.size) - np.repeat(np.cumsum(n_slots) - n_slots, n_slots)
    shape = np.minimum(size[inside], 15) * 16.0 ** np.minimum(place, 12)
    shape = summed(slot_taker[inside], shape, n)
    firm = np.lexsort((shape, np.bincount(taker, minlength=n), n_slots, group))
    row = np.empty(n, np.int64)
    row[firm] = np.arange(n)
    inside = np.argsort(row[slot_taker] * (largest + 1) + largest - size)
    size, first = size[inside], first[inside]
    slot_end = np.cumsum(size)
    link = np.repeat(first - slot_end + size, size) + np.arange(slot.size)
    ahead = np.zeros(AHEAD, np.uint32)
    side = Side(
        int(np.argmax(n_slots[firm] > 0)),
        np.cumsum(n_slots[firm]).astype(np.uint32),
        slot_end.astype(np.uint32),
        np.concatenate((row[giver[link]].astype(np.uint32), ahead)),
        share[link].astype(precision),
    )
    return Ordered(side, firm)


def markets(sales: Floats, market: Counts, precision: str, *, is_money_floor: bool) -> Markets:
    """Markets of the firms, in the order of the firms.

    Parameters
    ----------
    sales : (n,) float64, >= 0
    market : (n,) int64, >= 0
    precision : "float64" or "float32"
    is_money_floor : bool
        Whether a market counts as gone at 1e-10 units of money, 1 unit then standing for it, as
        published; else at 1e-10 of the market, whoever is asked then standing in for himself.
    """
    total = summed(market, sales, int(market.max()) + 1)
    known = np.where(total > 0, total, 1.0)
    floor = GONE / known if is_money_floor else np.full(total.size, GONE)
    instead = known if is_money_floor else np.full(total.size, ALL)
    return Markets(
        np.cumsum(np.bincount(market)).astype(np.uint32),
        (sales / known[market]).astype(precision),
        floor.astype(precision),
        instead.astype(precision),
    )


def leak(bought: Floats, cost: Floats) -> Floats:
    """Known purchases over cost, 1 where either is zero or the cost unknown (NaN)."""
    is_known = (bought > 0) & (cost > 0)
    return np.divide(bought, cost, out=np.ones(cost.size), where=is_known)


def base(sales: Floats, revenue: Floats, *, zero_is_unknown: bool) -> Floats:
    """What sales are a part of: revenue where known, else the sales themselves, else 1."""
    is_known = revenue > 0 if zero_is_unknown else revenue >= 0
    found = np.where(is_known, revenue, sales)
    found[found == 0] = 1.0
    return found


def row_of_firm(ordered: Ordered) -> Index:
    """Row (n,) uint32 of each firm on a side."""
    row = np.empty(ordered.firm.size, np.uint32)
    row[ordered.firm] = np.arange(row.size)
    return row


def still_felt(markets: Markets, down: Floats) -> Floats:
    """What buyers feel of each loss (n,): less where others of the market stand in for it."""
    end, size, floor, instead = markets
    market = np.repeat(np.arange(end.size), np.diff(end, prepend=np.uint32(0)))
    left = summed(market, size * (1 - down), end.size)
    scarce = np.where(left > floor, 1 / np.maximum(left, floor), instead)
    return down * np.minimum(size * scarce[market], 1)


def parts(ordered: Ordered, felt: Floats) -> tuple[Counts, Counts, Floats]:
    """Who takes, who gives and what arrives, of each link, given what is felt of each row."""
    side, firm = ordered
    giver = side.giver[: side.share.size]
    n_links = np.diff(side.slot_end, prepend=np.uint32(0))
    n_slots = np.diff(side.row_end, prepend=np.uint32(0))
    taker = np.repeat(np.repeat(firm, n_slots), n_links)
    return taker, firm[giver], (side.share * felt[giver]).astype(np.float64)


def largest_giver(ordered: Ordered, felt: Rows, shock: Rows) -> Counts:
    """The firm that gave most to the slot that set each firm's loss, the lowest of equals.

    Parameters
    ----------
    ordered : Ordered
    felt : (n,) float, what of each row's loss is felt, in the rows of the side
    shock : (n,) float, what each firm lost by itself, in the order of the firms

    Returns
    -------
    (n,) int64, in the order of the firms; -1 where the shock set the loss, or there is none
    """
    side, n = ordered.side, ordered.firm.size
    giver = side.giver[: side.share.size]
    part = side.share * felt[giver]
    via = np.full(n, -1)
    if not part.size:
        return via
    first_link = np.concatenate(([0], side.slot_end[:-1])).astype(np.int64)
    taker = np.flatnonzero(np.diff(side.row_end, prepend=np.uint32(0)))
    first_slot = np.concatenate(([0], side.row_end[taker[:-1]])).astype(np.int64)
    slots = np.diff(first_slot, append=first_link.size)
    first = first_link[first_slot]
    links = np.diff(first, append=part.size)
    loss = np.add.reduceat(part, first_link)
    most = np.maximum.reduceat(loss, first_slot)
    sets = np.repeat(loss == np.repeat(most, slots), np.diff(first_link, append=part.size))
    part[~sets] = -1
    is_largest = part == np.repeat(np.maximum.reduceat(part, first), links)
    candidate = np.where(is_largest, ordered.firm[giver], n)
    taker = ordered.firm[taker]
    is_passed = (most > 0) & (np.minimum(most, 1) > shock[taker])
    via[taker[is_passed]] = np.minimum.reduceat(candidate, first)[is_passed]
    return via


def aligned(height: int, lanes: int, precision: str) -> Rows:
    """Rows of zeros, each a line of 64 bytes that begins at one."""
    room = np.zeros((height + 1) * LINE_BYTE, np.uint8)
    first = -room.ctypes.data % LINE_BYTE
    rows: Rows = room[first : first + height * LINE_BYTE].view(precision).reshape(height, lanes)
    return rows


def struck(losses: Rows, row: Index, precision: str) -> Shocks:
    """Shocks (k, n) by firm as the rows of a side that are struck."""
    rows = [np.flatnonzero(scenario) for scenario in losses]
    start = np.cumsum([0, *(firms.size for firms in rows)])
    return Shocks(
        start,
        np.concatenate([row[firms] for firms in rows]),
        np.concatenate(
            [scenario[firms] for scenario, firms in zip(losses, rows, strict=True)]
        ).astype(precision),
        np.zeros(len(rows), np.int64),
    )


def takers(side: Side) -> Takers:
    """To whom each row of a side gives."""
    n, giver = side.row_end.size, side.giver[: side.share.size]
    n_slots, n_links = (
        np.diff(end, prepend=np.uint32(0)) for end in (side.row_end, side.slot_end)
    )
    taker = np.repeat(np.repeat(np.arange(n, dtype=np.uint32), n_slots), n_links)
    start = np.cumsum(np.bincount(giver, minlength=n))
    return Takers(np.append(0, start).astype(np.uint32), taker[np.argsort(giver)])


def summed(of: NDArray[np.integer[Any]], values: Rows, n: int) -> Floats:
    """Sum of the values of each of n groups; ``of`` is the group of each value."""
    return np.bincount(of, values, n).astype(np.float64, copy=False)


def sector_means(sector: Counts, n_sectors: int, losses: Rows, weight: Floats) -> Floats:
    """Weighted mean (k, m) of each row of losses (k, n) by sector; NaN without any weight."""
    whole = summed(sector, weight, n_sectors)
    whole[whole == 0] = np.nan
    rows = [summed(sector, weight * row, n_sectors) / whole for row in losses]
    return np.array(rows).reshape(-1, n_sectors)
