"""Explosion of a bill of materials: how many of each item one product takes.

A bill is a list of lines, "one ``parent`` takes ``quantity`` of ``part``". Items are numbered
from 0; a line that stands twice counts twice. Cost shares in place of quantities give the
share of cost that ends at each item.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from liantu.kernels.bill_levels import (
    Amounts,
    Flags,
    Indices,
    added_lines,
    levels_by_queue,
    levels_by_rounds,
    lines_by_level,
)

AnyIndices = NDArray[np.integer[Any]]

MOST = 2**31 - 1


class CycleError(ValueError):
    """Raised when an item is, through its parts, a part of itself.

    ``items`` is one such cycle in order, parent before part, from its smallest index.
    """

    def __init__(self, items: tuple[int, ...]) -> None:
        self.items = items
        ring = " -> ".join(str(item) for item in (*items, items[0]))
        super().__init__(f"the bill of materials has a cycle: {ring}")


@dataclass(frozen=True, slots=True)
class Explosion:
    """What one unit of the root takes, item by item; every array has shape (n_items,).

    Attributes
    ----------
    need : float64, units of the item per unit of root
        1 for the root, 0 where not reached, NaN where a path to the item has an unknown
        quantity. Whole numbers are exact up to 2**53.
    ends : float64, units
        The part of ``need`` that goes no further: the item has no parts, or was bought whole
        on that line. 0 where none, NaN if unknown.
    reached : bool
    is_leaf : bool
        Some unit ends here.
    depth : int32
        Lines on the longest path from the root; 0 for the root, -1 where not reached.
    """

    need: Amounts
    ends: Amounts
    reached: Flags
    is_leaf: Flags
    depth: Indices


def explode(
    parent: AnyIndices,
    part: AnyIndices,
    quantity: Amounts,
    bought: Flags,
    *,
    n_items: int,
    root: int,
) -> Explosion:
    """Units of every item in one unit of ``root``, shared sub-assemblies summed over all paths.

    x = sum over k >= 0 of (A^T)^k e_root, where A[i, j] is the units of j in one i, found in
    one pass in topological order: an item is opened once all its made units are known.

    Parameters
    ----------
    parent, part : (m,) int32, in [0, n_items)
        Line k says that ``parent[k]`` takes ``part[k]``; m below 2**31.
    quantity : (m,) float64, finite and >= 0, or NaN for unknown
        Units of the part in one unit of the parent.
    bought : (m,) bool
        The part is bought whole on this line: these units end here, and lines below the part
        are walked only if another line makes it.
    n_items : int, in [1, 2**31)
    root : int, in [0, n_items)

    Returns
    -------
    Explosion

    Raises
    ------
    CycleError
        If a reached item is a part of itself through lines that are not bought.
    ValueError
        If an argument is out of its range, or a need exceeds float64.

    Notes
    -----
    O(n_items + m). Levels come from a few flat rounds over the lines, or, where those do not
    settle (a deep bill in an adverse order, a cycle), from a queue in topological order; then
    lines are added level by level, in line order, so fractional quantities may differ
    in the last bit between two orders of the same lines. Kahn (1962), Communications of the
    ACM 5(11), topological sorting; Vazsonyi (1954), Management Science 1(1), the total need.
    """
    parent, part = _lines(parent, part, n_items)
    quantity, bought = _columns(quantity, bought, parent.size)
    if not 0 <= root < n_items:
        message = f"root must be an item in [0, {n_items}), found {root}"
        raise ValueError(message)
    both = parent.view(np.uint32), part.view(np.uint32)
    level, is_settled = levels_by_rounds(*both, bought, n_items, root)
    if not is_settled:
        level, opened, n_opened = levels_by_queue(*both, bought, n_items, root)
        if n_opened < opened.size:
            is_opened = np.zeros(n_items, np.bool_)
            is_opened[opened] = True
            inner = is_opened[parent] & ~bought
            raise CycleError(cycles(parent[inner], part[inner], n_items)[0])
    order = lines_by_level(both[0], level)
    need, ends, is_leaf, depth = added_lines(order, *both, quantity, bought, level)
    if np.isinf(need).any():
        item = int(np.flatnonzero(np.isinf(need))[0])
        message = f"the need of item {item} is larger than a float64 can hold: check quantities"
        raise ValueError(message)
    return Explosion(need, ends, depth >= 0, is_leaf, depth)


def cycles(parent: AnyIndices, part: AnyIndices, n_items: int) -> list[tuple[int, ...]]:
    """One cycle of every knot of items that are parts of each other, in order of first item.

    A knot is a strongly connected component with more than one item, or an item that is its
    own part; its cycle is a shortest one through its smallest item, and starts there.

    Parameters
    ----------
    parent, part : (m,) int32, in [0, n_items)
    n_items : int, in [1, 2**31)

    Returns
    -------
    list of tuples of item indices, parent before part; empty if the lines have no cycle

    Notes
    -----
    O(n_items + m log m): scipy's components (Pearce 2005), then one breadth-first walk inside
    each knot. The answer does not depend on the order of the lines.
    """
    parent, part = _lines(parent, part, n_items)
    ones = np.ones(parent.size, dtype=np.int8)
    graph = csr_array((ones, (parent, part)), shape=(n_items, n_items))
    graph.data[:] = 1  # a line that stands 256 times adds up to nothing in int8
    _, knot = connected_components(graph, directed=True, connection="strong")
    before, last = _shortest_cycles(graph.indptr, graph.indices, knot)
    found = []
    for first in np.flatnonzero(last >= 0).tolist():
        ring = [int(last[first])]
        while ring[-1] != first:
            ring.append(int(before[ring[-1]]))
        found.append(tuple(reversed(ring)))
    return found


def _lines(parent: AnyIndices, part: AnyIndices, n_items: int) -> tuple[Indices, Indices]:
    """Both ends of every line as int32, after a check that each is an item."""
    if not 1 <= n_items <= MOST:
        message = f"n_items must be in [1, {MOST}], found {n_items}"
        raise ValueError(message)
    parent, part = np.asarray(parent), np.asarray(part)
    for name, ends in (("parent", parent), ("part", part)):
        if ends.ndim != 1 or ends.size > MOST or ends.dtype.kind not in "iu":
            message = (
                f"{name} must be a flat array of at most {MOST} integer item indices, "
                f"found {ends.dtype} of shape {ends.shape}"
            )
            raise ValueError(message)
        if ends.size and not (ends.min() >= 0 and ends.max() < n_items):
            line = int(np.flatnonzero((ends < 0) | (ends >= n_items))[0])
            message = f"{name}[{line}] must be an item in [0, {n_items}), found {ends[line]}"
            raise ValueError(message)
    if parent.size != part.size:
        message = f"parent has {parent.size} lines and part has {part.size}: one of each a line"
        raise ValueError(message)
    return np.ascontiguousarray(parent, np.int32), np.ascontiguousarray(part, np.int32)


def _columns(quantity: Amounts, bought: Flags, n_lines: int) -> tuple[Amounts, Flags]:
    """Quantity as float64 and bought as bool, after a check of shape, type and range."""
    quantity, bought = np.asarray(quantity), np.asarray(bought)
    for name, column, kinds in (("quantity", quantity, "fiu"), ("bought", bought, "b")):
        if column.shape != (n_lines,) or column.dtype.kind not in kinds:
            kind = "bool" if kinds == "b" else "float64"
            message = (
                f"{name} must be {kind} of shape ({n_lines},), one for each line, "
                f"found {column.dtype} of shape {column.shape}"
            )
            raise ValueError(message)
    quantity = np.ascontiguousarray(quantity, np.float64)
    if n_lines and (np.fmin.reduce(quantity) < 0 or np.fmax.reduce(quantity) == np.inf):
        line = int(np.flatnonzero((quantity < 0) | np.isinf(quantity))[0])
        message = (
            f"quantity[{line}] must be finite and at least 0, or NaN for unknown, "
            f"found {quantity[line]}"
        )
        raise ValueError(message)
    return quantity, np.ascontiguousarray(bought)


@njit(cache=True, nogil=True)
def _shortest_cycles(start: Indices, part: Indices, knot: Indices) -> tuple[Indices, Indices]:
    """A shortest cycle through the smallest item of each knot, by one walk inside each.

    Returns
    -------
    before : (n_items,) int32
        The item that precedes on the shortest path from the knot's first item.
    last : (n_items,) int32
        At the first item of each knot that has a cycle, the item that leads back to it.
    """
    n_items = start.size - 1
    before = np.full(n_items, -1, np.int32)
    last = np.full(n_items, -1, np.int32)
    is_walked = np.zeros(n_items, np.bool_)
    queue = np.empty(n_items, np.int32)
    for first in range(n_items):
        if is_walked[knot[first]]:
            continue
        is_walked[knot[first]] = True
        queue[0] = first
        head, tail = 0, 1
        while head < tail:
            item = queue[head]
            head += 1
            for k in range(start[item], start[item + 1]):
                below = part[k]
                if knot[below] != knot[first]:
                    continue
                if below == first:
                    last[first] = item
                    tail = 0
                    break
                if before[below] < 0:
                    before[below] = item
                    queue[tail] = below
                    tail += 1
    return before, last
