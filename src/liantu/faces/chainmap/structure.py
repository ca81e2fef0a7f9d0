"""A network as segments at their depth: what the chain map shows before it has a place.

Nodes are renumbered by name, so that no order of rows can show in the picture.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from liantu.result import Network, Node

_STAGES = ("upstream", "midstream", "downstream")


@dataclass(frozen=True, slots=True)
class Segment:
    """Products that stand together: their stage, their depth and their numbers, by name.

    ``depth`` counts segments on the longest path to a final product; a cycle counts as one.
    """

    stage: str | None
    name: str | None
    depth: int
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """Nodes by name, links (input, use) between their numbers, and their segments in order.

    ``path`` holds the pairs along which a loss passed.
    """

    nodes: tuple[Node, ...]
    links: tuple[tuple[int, int], ...]
    segments: tuple[Segment, ...]
    path: tuple[tuple[int, int], ...] = ()

    def stages(self) -> list[str | None]:
        """The stages that have products, from upstream to downstream, unrecorded last."""
        return list(dict.fromkeys(segment.stage for segment in self.segments))


def structure(network: Network, names: Sequence[str]) -> Structure:
    """The structure of a network whose nodes are called ``names``."""
    order = sorted(
        range(len(network.nodes)),
        key=lambda i: (names[i], network.nodes[i].ref.table, network.nodes[i].ref.id),
    )
    number = {old: new for new, old in enumerate(order)}
    links = {(number[a], number[b]) for a, b in network.links if a != b}
    nodes = tuple(network.nodes[i] for i in order)
    path = sorted({(number[a], number[b]) for a, b in network.path if a != b})
    return Structure(nodes, tuple(sorted(links)), _segments(nodes, sorted(links)), tuple(path))


def _stage_order(stage: str | None) -> tuple[int, str]:
    if stage is None:
        return len(_STAGES) + 1, ""
    return (_STAGES.index(stage), "") if stage in _STAGES else (len(_STAGES), stage)


def _segments(nodes: Sequence[Node], links: Iterable[tuple[int, int]]) -> tuple[Segment, ...]:
    members: dict[tuple[str | None, str | None], list[int]] = defaultdict(list)
    for i, node in enumerate(nodes):
        members[node.stage, node.segment].append(i)
    keys = sorted(members, key=lambda key: (_stage_order(key[0]), key[1] is None, key[1] or ""))
    of_node = {i: s for s, key in enumerate(keys) for i in members[key]}
    depth = depths(len(keys), {(of_node[a], of_node[b]) for a, b in links})
    found = [
        Segment(stage, name, depth[s], tuple(members[stage, name]))
        for s, (stage, name) in enumerate(keys)
    ]
    return tuple(
        sorted(
            found,
            key=lambda s: (_stage_order(s.stage), -s.depth, s.name is None, s.name or ""),
        )
    )


def depths(n: int, links: Iterable[tuple[int, int]]) -> list[int]:
    """Longest path from each of ``n`` segments to one that nothing uses, a cycle being one."""
    uses: dict[int, set[int]] = defaultdict(set)
    for a, b in links:
        if a != b:
            uses[a].add(b)
    reach = [_reached(uses, i) for i in range(n)]
    cycle = [min(j for j in reach[i] | {i} if j == i or i in reach[j]) for i in range(n)]
    steps = {(cycle[a], cycle[b]) for a in uses for b in uses[a] if cycle[a] != cycle[b]}
    depth = dict.fromkeys(cycle, 0)
    # A segment reaches more than those that it reaches, so the fewest come first.
    for here in sorted(depth, key=lambda i: (len(reach[i] | {i}), i)):
        depth[here] = max((depth[b] + 1 for a, b in steps if a == here), default=0)
    return [depth[cycle[i]] for i in range(n)]


def _reached(uses: dict[int, set[int]], start: int) -> set[int]:
    found: set[int] = set()
    ahead = [start]
    while ahead:
        new = uses.get(ahead.pop(), set()) - found
        found |= new
        ahead.extend(new)
    return found
