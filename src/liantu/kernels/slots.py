"""Slots: the links of a supply network, gathered by buyer and kind of input."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.uint32]
AnyIndices = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Slots:
    """The links of a network, gathered into the slots of their buyers.

    Attributes
    ----------
    start : (n_firms + 1,) uint32
        The slots of firm j are ``start[j]`` to ``start[j + 1]``.
    buyer, kind : (n_slots,) int64
        Whose slot it is, and which kind of input.
    link_start : (n_slots + 1,) uint32
        The links of slot s are ``link_start[s]`` to ``link_start[s + 1]``.
    supplier : (n_links,) uint32
        By slot, then supplier.
    link : (n_links,) int64
        Which of the given links each is.
    """

    start: Indices
    buyer: NDArray[np.int64]
    kind: NDArray[np.int64]
    link_start: Indices
    supplier: Indices
    link: NDArray[np.int64]

    @property
    def slot(self) -> NDArray[np.int64]:
        """The slot of every given link, (n_links,)."""
        found = np.empty(self.link.size, np.int64)
        found[self.link] = np.repeat(np.arange(self.kind.size), np.diff(self.link_start))
        return found


def slots(supplier: AnyIndices, buyer: AnyIndices, kind: AnyIndices, n_firms: int) -> Slots:
    """The slots of a network: one for every kind of input that a firm buys.

    Parameters
    ----------
    supplier, buyer : (n_links,) integers, in [0, n_firms)
    kind : (n_links,) integers
        Kind of input, such as the sector of the supplier.
    n_firms : int, below 2**32

    Returns
    -------
    Slots
        Alike for any order of links, as long as no pair of firms has two of one kind.

    Raises
    ------
    ValueError
        If the three differ in length, or an end is no firm.

    Notes
    -----
    O(n_links log n_links).
    """
    ends = [np.asarray(end, np.int64) for end in (supplier, buyer, kind)]
    supplier, buyer, kind = ends
    if not supplier.shape == buyer.shape == kind.shape:
        sizes = ", ".join(str(end.size) for end in ends)
        message = f"supplier, buyer and kind must have one entry a link, found {sizes}"
        raise ValueError(message)
    for name, end in (("supplier", supplier), ("buyer", buyer)):
        if end.size and not (end.min() >= 0 and end.max() < n_firms):
            message = (
                f"{name} must be a firm in [0, {n_firms}), found {end.min()} to {end.max()}"
            )
            raise ValueError(message)
    link = np.lexsort((supplier, kind, buyer))
    supplier, buyer, kind = supplier[link], buyer[link], kind[link]
    is_first = np.ones(link.size, np.bool_)
    is_first[1:] = (np.diff(buyer) != 0) | (np.diff(kind) != 0)
    first = np.flatnonzero(is_first)
    return Slots(
        start=np.searchsorted(buyer[first], np.arange(n_firms + 1)).astype(np.uint32),
        buyer=buyer[first],
        kind=kind[first],
        link_start=np.append(first, link.size).astype(np.uint32),
        supplier=supplier.astype(np.uint32),
        link=link,
    )
