"""Supply networks whose firms fail one by one, ours and by a plain sweep."""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np
from numba import njit
from numpy.typing import NDArray

from liantu.kernels.cascade_network import Cascade, Losses, Singles

Floats = NDArray[np.float64]
LINKS_PER_FIRM = 5
ALL, SAMPLE = 5_000, 256  # firms up to which all fail, and how many of a larger network
SCENARIOS = 16


@dataclass(frozen=True)
class Economy:
    """A scale-free network with revenues; what either side builds of it is kept."""

    links: tuple[NDArray[np.int64], NDArray[np.int64], Floats]
    sector: NDArray[np.int64]
    importance: NDArray[np.uint8]
    revenue: Floats

    @cached_property
    def failures(self) -> NDArray[np.int64]:
        """Firms that fail: all of them, or a sample of a large network."""
        n = self.sector.size
        order = np.random.default_rng(23).permutation(n)
        return order if n <= ALL else order[:SAMPLE]

    @cached_property
    def shocks(self) -> Floats:
        """Sixteen shocks, each to a thousandth of the firms."""
        rng, n = np.random.default_rng(24), self.sector.size
        shocks = np.zeros((SCENARIOS, n))
        for shock in shocks:
            shock[rng.integers(0, n, 1 + n // 1000)] = 1
        return shocks

    @cached_property
    def float64(self) -> Cascade:
        """Ours, eight failures at once."""
        return self.cascade("float64")

    @cached_property
    def float32(self) -> Cascade:
        """Ours, sixteen failures at once."""
        return self.cascade("float32")

    @cached_property
    def plain(self) -> tuple[Any, ...]:
        """Arrays of the plain sweep."""
        return swept(self)

    def cascade(self, precision: Literal["float64", "float32"]) -> Cascade:
        """Ours, built anew."""
        return Cascade(
            *self.links,
            self.sector,
            importance=self.importance,
            revenue=self.revenue,
            precision=precision,
        )


def economy(n_firms: int, n_sectors: int = 50) -> Economy:
    """Five links a firm between firms whose sizes follow a power law, four in ten essential."""
    rng = np.random.default_rng(22)
    n_links = LINKS_PER_FIRM * n_firms
    size = np.arange(1, n_firms + 1) ** -0.6
    ends = [
        rng.permutation(n_firms)[rng.choice(n_firms, n_links, p=size / size.sum())]
        for _ in range(2)
    ]
    value = rng.lognormal(0, 1.5, n_links)
    importance = rng.choice(3, (n_sectors, n_sectors), p=(0.1, 0.5, 0.4)).astype(np.uint8)
    sales = np.bincount(ends[0], value, n_firms)
    revenue = np.where(sales > 0, sales / rng.uniform(0.5, 0.95, n_firms), np.nan)
    sector = rng.integers(0, n_sectors, n_firms)
    return Economy((ends[0], ends[1], value), sector, importance, revenue)


many_sectors = partial(economy, n_sectors=616)


def indices_from_links(case: Economy, precision: Literal["float64", "float32"]) -> Singles:
    """The index of every failure, the network built within the time."""
    return case.cascade(precision).single_failures(case.failures, threads=1)


def indices(case: Economy, precision: str, threads: int = 1) -> Singles:
    """The index of every failure, the network built beforehand."""
    return getattr(case, precision).single_failures(case.failures, threads=threads)


def plain_indices_from_links(case: Economy) -> Singles:
    """The same by a plain sweep, its arrays built within the time."""
    return _plain(case, swept(case))


def plain_indices(case: Economy) -> Singles:
    """The same by a plain sweep, its arrays built beforehand."""
    return _plain(case, case.plain)


def sixteen_scenarios(case: Economy) -> Losses:
    """Losses under sixteen shocks, in one line each."""
    return case.float32.scenarios(case.shocks, threads=1)


def one_scenario(case: Economy) -> Losses:
    """Losses under the first of them."""
    return case.float32.scenarios(case.shocks[0], threads=1)


def same_indices(own: Singles, peer: Singles) -> None:
    """Assert that both found the same indices within 1e-5."""
    for name in ("esri", "down", "up"):
        np.testing.assert_allclose(getattr(own, name), getattr(peer, name), atol=1e-5)


def same_first_scenario(many: Losses, one: Losses) -> None:
    """Assert that the first of many scenarios has the losses of the one."""
    np.testing.assert_array_equal(many.down[0], one.down[0])
    np.testing.assert_array_equal(many.up[0], one.up[0])


def swept(case: Economy) -> tuple[Any, ...]:
    """Arrays of the plain sweep: slots of each buyer, links of a slot, buyers of a firm."""
    supplier, buyer, value = case.links
    n, m = case.sector.size, case.importance.shape[0]
    pair, where = np.unique(supplier * n + buyer, return_inverse=True)
    value = np.bincount(where, value)
    supplier, buyer = pair // n, pair % n
    sales, bought = np.bincount(supplier, value, n), np.bincount(buyer, value, n)
    kind = case.importance[case.sector[supplier], case.sector[buyer]]
    slot = buyer * (m + 1) + np.where(kind == 2, case.sector[supplier] + 1, 0)
    order = np.lexsort((supplier, slot))
    order = order[kind[order] > 0]
    slots, first, size = np.unique(slot[order], return_index=True, return_counts=True)
    whole = np.repeat(np.add.reduceat(value[order], first), size)
    share = value[order] / np.where(kind[order] == 2, whole, bought[buyer[order]])
    is_known = case.revenue > 0
    return (
        starts(np.bincount(slots // (m + 1), minlength=n)),
        starts(size),
        supplier[order].astype(np.uint32),
        share,
        starts(np.bincount(supplier, minlength=n)),
        buyer.astype(np.uint32),
        value / np.where(is_known, case.revenue, sales)[supplier],
        case.sector.astype(np.uint32),
        sales,
        np.bincount(case.sector, sales, m) * 1e-10,
    )


def starts(size: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Where each of consecutive runs starts, and the last ends."""
    return np.concatenate(([0], np.cumsum(size))).astype(np.uint32)


def _plain(case: Economy, arrays: tuple[Any, ...]) -> Singles:
    found, steps = sweep(*arrays, case.failures, 1e-5)
    return Singles(found[:, :1], found[:, 1:2], found[:, 2:], steps)


@njit(cache=True, nogil=True)
def sweep(  # noqa: C901, PLR0913, PLR0917 - one loop after the other, as it would be written
    row_slot: NDArray[np.uint32],
    slot_link: NDArray[np.uint32],
    supplier: NDArray[np.uint32],
    share: Floats,
    row_link: NDArray[np.uint32],
    buyer: NDArray[np.uint32],
    share_up: Floats,
    market: NDArray[np.uint32],
    sales: Floats,
    floor: Floats,
    failures: NDArray[np.int64],
    eps: float,
) -> tuple[Floats, NDArray[np.int64]]:
    """Indices (k, 3) and steps of failures one after the other, link by link."""
    n, left = sales.size, np.empty(floor.size)
    d, felt, u, u_next = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    found, steps, total = np.zeros((failures.size, 3)), np.zeros(failures.size, np.int64), 0.0
    for i in range(n):
        total += sales[i]
    for k in range(failures.size):
        d[:] = 0
        u[:] = 0
        d[failures[k]] = u[failures[k]] = 1
        change = 1.0
        while change > eps:
            left[:] = 0
            for i in range(n):
                left[market[i]] += sales[i] * (1 - d[i])
            for i in range(n):
                rest = left[market[i]]
                is_left = rest > floor[market[i]]
                felt[i] = d[i] * (min(1.0, sales[i] / rest) if is_left else 1.0)
            change = 0.0
            for i in range(n):
                lost = d[i]
                for slot in range(row_slot[i], row_slot[i + 1]):
                    part = 0.0
                    for link in range(slot_link[slot], slot_link[slot + 1]):
                        part += share[link] * felt[supplier[link]]
                    lost = max(lost, part)
                lost = min(lost, 1.0)
                change = max(change, lost - d[i])
                d[i] = lost
            for i in range(n):
                part = 0.0
                for link in range(row_link[i], row_link[i + 1]):
                    part += share_up[link] * u[buyer[link]]
                lost = min(max(u[i], part), 1.0)
                change = max(change, lost - u[i])
                u_next[i] = lost
            u, u_next = u_next, u
            steps[k] += 1
        for i in range(n):
            found[k, 0] += sales[i] * max(d[i], u[i]) / total
            found[k, 1] += sales[i] * d[i] / total
            found[k, 2] += sales[i] * u[i] / total
    return found, steps
