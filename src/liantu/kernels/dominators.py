"""Nodes of a graph that every path must pass."""

from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.int64]]


def dominators(tail: Numbers, head: Numbers, *, n_nodes: int, root: int) -> Numbers:
    """The immediate dominator of every node that can be reached from the root.

    A node dominates another if every path from the root to that one passes through it.

    Parameters
    ----------
    tail, head : (m,) int
        Edge k leads from ``tail[k]`` to ``head[k]``.
    n_nodes : int
        Nodes are numbered 0 to ``n_nodes - 1``.
    root : int
        Where every path starts.

    Returns
    -------
    (n_nodes,) int64
        The immediate dominator; the root's is itself, -1 where a node is not reached.

    Notes
    -----
    Cooper, Harvey and Kennedy (2001), A simple, fast dominance algorithm: at most a few rounds
    over the edges in reverse postorder, O(m) each; on a graph without cycles one round.
    """
    successors: list[list[int]] = [[] for _ in range(n_nodes)]
    predecessors: list[list[int]] = [[] for _ in range(n_nodes)]
    for start, end in zip(tail.tolist(), head.tolist(), strict=True):
        successors[start].append(end)
        predecessors[end].append(start)
    order = _postorder(successors, root)
    rank = dict(zip(order, range(len(order)), strict=True))
    immediate = np.full(n_nodes, -1, dtype=np.int64)
    immediate[root] = root
    changed = True
    while changed:
        changed = False
        for node in reversed(order[:-1]):
            known = [p for p in predecessors[node] if immediate[p] >= 0]
            meeting = known[0]
            for other in known[1:]:
                meeting = _meeting(meeting, other, immediate, rank)
            changed |= bool(immediate[node] != meeting)
            immediate[node] = meeting
    return immediate


def _postorder(successors: list[list[int]], root: int) -> list[int]:
    order: list[int] = []
    seen = {root}
    stack = [(root, iter(successors[root]))]
    while stack:
        node, rest = stack[-1]
        following = next((child for child in rest if child not in seen), None)
        if following is None:
            order.append(node)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, iter(successors[following])))
    return order


def _meeting(one: int, other: int, immediate: Numbers, rank: dict[int, int]) -> int:
    """The nearest node that dominates both, walking up from the lower of the two."""
    while one != other:
        while rank[one] < rank[other]:
            one = int(immediate[one])
        while rank[other] < rank[one]:
            other = int(immediate[other])
    return one


def cut_points(tail: Numbers, head: Numbers, *, n_nodes: int) -> Numbers:
    """Nodes that every path from a first node to some final node must pass, in order.

    First nodes have no edge into them, final nodes none out of them. A final node is no cut
    point of its own.

    Parameters
    ----------
    tail, head : (m,) int
        Edge k leads from ``tail[k]`` to ``head[k]``.
    n_nodes : int
        Nodes are numbered 0 to ``n_nodes - 1``.

    Returns
    -------
    (k,) int64
        Node numbers, ascending.
    """
    first, final = np.setdiff1d(tail, head), np.setdiff1d(head, tail)
    source = np.full(len(first), n_nodes)
    immediate = dominators(
        np.concatenate([source, tail]),
        np.concatenate([first, head]),
        n_nodes=n_nodes + 1,
        root=n_nodes,
    )
    cut: set[int] = set()
    for end in final.tolist():
        node = int(immediate[end])
        while node not in (n_nodes, -1):
            cut.add(node)
            node = int(immediate[node])
    return np.array(sorted(cut), dtype=np.int64)
