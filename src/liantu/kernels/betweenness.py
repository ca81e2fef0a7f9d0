"""Who stands between others: betweenness in a network without directions."""

from typing import Any

import numpy as np
from numba import njit

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Counts = np.ndarray[Any, np.dtype[np.int64]]


def betweenness(one: Counts, other: Counts, *, n_nodes: int) -> Numbers:
    """Pairs of others whose shortest paths pass a node, in parts where there are several paths.

    Parameters
    ----------
    one, other : (n_links,) nodes 0..n_nodes-1 at the ends of each link; links that are there
        twice, and links of a node to itself, count once and not at all
    n_nodes : how many nodes there are

    Returns
    -------
    (n_nodes,) at least 0, at most (n_nodes - 1)(n_nodes - 2) / 2

    Raises
    ------
    ValueError
        The ends are not as many, or are no nodes.

    Notes
    -----
    Freeman (1977); found by one breadth-first search from each node and one sum back (Brandes
    2001). Time grows with nodes x links, memory with links.
    """
    if len(one) != len(other):
        message = f"{len(one)} ends stand against {len(other)}"
        raise ValueError(message)
    ends = np.concatenate([one, other]).astype(np.int64)
    if len(ends) and not (ends.min() >= 0 and ends.max() < n_nodes):
        message = f"nodes are numbered 0 to {n_nodes - 1}, not {ends.min()} to {ends.max()}"
        raise ValueError(message)
    there = np.concatenate([other, one]).astype(np.int64)
    pairs = np.unique((ends * n_nodes + there)[ends != there])
    start = np.searchsorted(pairs // max(n_nodes, 1), np.arange(n_nodes + 1))
    found: Numbers = _brandes(start.astype(np.int64), pairs % max(n_nodes, 1), n_nodes)
    return found / 2  # each pair was met from both of its ends


@njit(cache=True, nogil=True)
def _brandes(start: Counts, neighbour: Counts, n_nodes: int) -> Numbers:
    between = np.zeros(n_nodes)
    order = np.empty(n_nodes, np.int64)
    for root in range(n_nodes):
        distance = np.full(n_nodes, -1, np.int64)
        paths, passed = np.zeros(n_nodes), np.zeros(n_nodes)
        distance[root], paths[root] = 0, 1.0
        order[0], head, tail = root, 0, 1
        while head < tail:
            node = order[head]
            head += 1
            for k in range(start[node], start[node + 1]):
                near = neighbour[k]
                if distance[near] < 0:
                    distance[near] = distance[node] + 1
                    order[tail] = near
                    tail += 1
                if distance[near] == distance[node] + 1:
                    paths[near] += paths[node]
        for place in range(tail - 1, 0, -1):
            node = order[place]
            for k in range(start[node], start[node + 1]):
                near = neighbour[k]
                if distance[near] == distance[node] - 1:
                    passed[near] += paths[near] / paths[node] * (1 + passed[node])
            between[node] += passed[node]
    return between
