"""Who passed a loss on, followed back: to a first stop, never round in a ring."""

import numpy as np

from liantu.methods.supply_network import Counts, Numbers, Truths

Passed = tuple[Counts, Counts, Numbers]  # taker, giver, part of each link


def led_back(
    passer: Counts, by_orders: Truths, shock: Numbers, passed: tuple[Passed, Passed]
) -> tuple[Counts, Truths]:
    """Passers that lead from each firm back to one that stopped, or to an import source.

    Of every ring one firm is taken to have its loss from the largest giver that does lead back,
    be it of inputs or of orders: what went round had come in there. Where nobody gives to a
    ring, it came in where the ring itself was struck most.

    Parameters
    ----------
    passer : (n,) of the firms on record; -1 for none, n and above for an import source
    by_orders : (n,) whether orders passed it on
    shock : (n,) what each firm lost at once
    passed : what arrives by each link, downstream and upstream

    Returns
    -------
    passer, by_orders : (n,)
    """
    found, upward, n = passer.copy(), by_orders.copy(), passer.size
    taker, giver, part = (np.concatenate(both) for both in zip(*passed, strict=True))
    is_up = np.arange(taker.size) >= passed[0][0].size
    real = (part > 0) & (taker < n)
    order = np.flatnonzero(real)[np.lexsort((giver[real], -part[real]))]
    taker, giver, is_up = taker[order], giver[order], is_up[order]  # the largest part first
    ring = _rings(found)
    while (ring >= 0).any():
        leads = np.append(
            _leads_back(found), np.ones(max(giver.max(initial=0) + 1 - n, 0), np.bool_)
        )
        way_in = np.flatnonzero((ring[taker] >= 0) & leads[giver])
        first = way_in[np.unique(ring[taker[way_in]], return_index=True)[1]]
        found[taker[first]], upward[taker[first]] = giver[first], is_up[first]
        if not way_in.size:
            members = np.flatnonzero(ring >= 0)
            members = members[np.lexsort((-shock[members], ring[members]))]
            found[members[np.unique(ring[members], return_index=True)[1]]] = -1
        ring = _rings(found)
    return found, upward


def _ends(passer: Counts) -> Counts:
    """Where each firm's passers lead after more steps than there are firms; n for an end."""
    n = passer.size
    after = np.append(np.where((passer < 0) | (passer >= n), n, passer), n)
    for _ in range(n.bit_length()):
        after = after[after]
    return after[:n]


def _leads_back(passer: Counts) -> Truths:
    return np.asarray(_ends(passer) == passer.size)


def _rings(passer: Counts) -> Counts:
    """The least firm of the ring in which each firm stands, (n,); -1 for none."""
    n = passer.size
    ring = np.full(n, -1)
    ends = _ends(passer)
    inside = np.unique(ends[ends < n])
    after, least = passer.copy(), np.arange(n)
    for _ in range(inside.size.bit_length()):
        least[inside] = np.minimum(least[inside], least[after[inside]])
        after[inside] = after[after[inside]]
    ring[inside] = least[inside]
    return ring
