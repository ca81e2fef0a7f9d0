"""Loops over the lines of a bill of materials: the level of each item, and sums in that order.

Lines are arrays of one shape (m,): ``parent``, ``part`` (item indices, uint32, which spares
the loops a check for negative ones: measured, a third of the time), ``quantity`` (float64),
and ``bought`` (bool), which keeps the part from being opened on that line.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Indices = NDArray[np.int32]
Items = NDArray[np.uint32]
Amounts = NDArray[np.float64]
Flags = NDArray[np.bool_]

ROUNDS = 16  # they cost about what the queue does (measured)


@njit(cache=True, nogil=True)
def levels_by_rounds(
    parent: Items, part: Items, bought: Flags, n_items: int, root: int
) -> tuple[Indices, bool]:
    """Levels by pushing each part below its parent, line after line, until nothing moves.

    Free of branches and of random rows, and so faster than a queue where few rounds settle
    it: a bill listed from the root down needs two.

    Returns
    -------
    level : (n_items,) int32
        1 for the root, one more than the deepest parent that makes it; 0 if not made.
    is_settled : bool
        False if ``ROUNDS`` rounds were not enough.
    """
    level = np.zeros(n_items, np.int32)
    level[root] = 1
    for _ in range(ROUNDS):
        moved = 0
        for k in range(parent.size):
            above, before = level[parent[k]], level[part[k]]
            below = (above + 1) * (np.int32(above > 0) & np.int32(not bought[k]))
            after = max(before, below)
            level[part[k]] = after
            moved |= after - before
        if moved == 0:
            return level, True
    return level, False


@njit(cache=True, nogil=True)
def levels_by_queue(
    parent: Items, part: Items, bought: Flags, n_items: int, root: int
) -> tuple[Indices, Indices, int]:
    """Levels by a queue of items whose parents are all opened (Kahn).

    The queue ascends by level, so the last line that an item waits for has the deepest parent.

    Returns
    -------
    level : (n_items,) int32
        As in ``levels_by_rounds``.
    walked : (k,) int32
        The root and every item below it that a line makes.
    n_opened : int
        Fewer than walked if there is a cycle.
    """
    start, below = _made_by_parent(parent, part, bought, n_items)
    waiting = np.zeros(n_items, np.int32)
    waiting[root] = 1  # seen; taken back below
    walked = np.empty(n_items, np.int32)
    walked[0] = root
    head, tail = 0, 1
    while head < tail:
        item = walked[head]
        head += 1
        for k in range(start[item], start[item + 1]):
            if waiting[below[k]] == 0:
                walked[tail] = below[k]
                tail += 1
            waiting[below[k]] += 1
    waiting[root] -= 1
    level = np.zeros(n_items, np.int32)
    level[root] = 1
    queue = np.empty(n_items, np.int32)
    queue[0] = root
    first, last = 0, 1 if waiting[root] == 0 else 0
    while first < last:
        item = queue[first]
        first += 1
        for k in range(start[item], start[item + 1]):
            waiting[below[k]] -= 1
            if waiting[below[k]] == 0:
                level[below[k]] = level[item] + 1
                queue[last] = below[k]
                last += 1
    return level, walked[:tail], last


@njit(cache=True, nogil=True)
def _made_by_parent(
    parent: Items, part: Items, bought: Flags, n_items: int
) -> tuple[Indices, Indices]:
    """Parts that item i makes are ``made[start[i]:start[i + 1]]`` (a counting sort).

    Returns
    -------
    start : (n_items + 1,) int32
    made : (k,) int32
    """
    start = np.zeros(n_items + 1, np.int32)
    for k in range(parent.size):
        if not bought[k]:
            start[parent[k] + 1] += 1
    for item in range(n_items):
        start[item + 1] += start[item]
    slot = start[:-1].copy()
    made = np.empty(start[n_items], np.int32)
    for k in range(parent.size):
        if not bought[k]:
            made[slot[parent[k]]] = part[k]
            slot[parent[k]] += 1
    return start, made


@njit(cache=True, nogil=True)
def lines_by_level(parent: Items, level: Indices) -> Items:
    """Lines of opened parents, from the root's level down, in line order within one."""
    start = np.zeros(level.max() + 2, np.int32)
    for k in range(parent.size):
        start[level[parent[k]] + 1] += 1
    first = start[1]
    for above in range(1, start.size):
        start[above] += start[above - 1]
    order = np.empty(parent.size, np.uint32)
    for k in range(parent.size):
        above = level[parent[k]]
        order[start[above]] = k
        start[above] += 1
    return order[first:]


@njit(cache=True, nogil=True)
def added_lines(
    order: Items,
    parent: Items,
    part: Items,
    quantity: Amounts,
    bought: Flags,
    level: Indices,
) -> tuple[Amounts, Amounts, Flags, Indices]:
    """Need, ends, is_leaf and depth as in ``Explosion``, by adding the lines in order."""
    n_items = level.size
    need, ends = np.zeros(n_items), np.zeros(n_items)
    has_parts, is_leaf = np.zeros(n_items, np.bool_), np.zeros(n_items, np.bool_)
    depth = level - np.int32(1)
    for item in range(n_items):
        if level[item] == 1:
            need[item] = 1.0
    for k in range(parent.size):
        has_parts[parent[k]] = True
    for i in range(order.size):
        k = order[i]
        above, below = parent[k], part[k]
        units = need[above] * quantity[k]
        if bought[k]:
            ends[below] += units
            is_leaf[below] = True
            depth[below] = max(depth[below], level[above])
        else:
            need[below] += units
    for item in range(n_items):
        if level[item] > 0 and not has_parts[item]:
            ends[item] += need[item]
            need[item] = ends[item]
            is_leaf[item] = True
        else:
            need[item] += ends[item]
    return need, ends, is_leaf, depth
