"""A bill of materials to explode, ours and by the peers."""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from liantu.kernels.bill_of_materials import explode

LINES_PER_ITEM = 5


@dataclass(frozen=True)
class Bill:
    """Lines of a bill in random order, items numbered at random, and what peers build of it."""

    parent: NDArray[np.int32]
    part: NDArray[np.int32]
    quantity: NDArray[np.float64]
    n_items: int
    root: int
    n_levels: int

    @cached_property
    def bought(self) -> NDArray[np.bool_]:
        """No part is bought whole."""
        return np.zeros(self.parent.size, np.bool_)

    @cached_property
    def matrix(self) -> csr_array:
        """Units of the row's item in one of the column's."""
        shape = (self.n_items, self.n_items)
        return csr_array((self.quantity, (self.part, self.parent)), shape=shape)

    @cached_property
    def graph(self) -> Any:  # noqa: ANN401 - the peer has no types
        """The same as a networkx graph."""
        import networkx as nx  # noqa: PLC0415 - the peer may be absent

        units = self.matrix.tocoo()
        graph = nx.DiGraph()
        graph.add_nodes_from(range(self.n_items))
        rows, columns = units.coords
        graph.add_weighted_edges_from(
            zip(columns.tolist(), rows.tolist(), units.data.tolist(), strict=True)
        )
        return graph


def bill(n_lines: int, n_levels: int) -> Bill:
    """A bill whose lines each lead from one level to an item of the next."""
    rng = np.random.default_rng(20)
    n_items = n_lines // LINES_PER_ITEM
    level = np.sort(rng.integers(1, n_levels + 1, n_items))
    level[0] = 0
    first = np.searchsorted(level, np.arange(n_levels + 2))
    part = rng.integers(1, n_items, n_lines)
    above = level[part] - 1
    width = first[above + 1] - first[above]
    parent = first[above] + (rng.random(n_lines) * width).astype(np.int64)
    number = rng.permutation(n_items).astype(np.int32)
    quantity = rng.integers(1, 4, n_lines).astype(np.float64)
    return Bill(number[parent], number[part], quantity, n_items, int(number[0]), n_levels)


five_levels = partial(bill, n_levels=5)
ten_levels = partial(bill, n_levels=10)


def need(lines: Bill) -> NDArray[np.float64]:
    """Need of every item, ours."""
    columns = (lines.parent, lines.part, lines.quantity, lines.bought)
    return explode(*columns, n_items=lines.n_items, root=lines.root).need


def networkx_need(lines: Bill) -> NDArray[np.float64]:
    """Need of every item along a topological order."""
    import networkx as nx  # noqa: PLC0415 - the peer may be absent

    graph = lines.graph
    units = dict.fromkeys(range(lines.n_items), 0.0)
    units[lines.root] = 1.0
    for item in nx.topological_sort(graph):
        of_item = units[item]
        for part, line in graph.adj[item].items():
            units[part] += of_item * line["weight"]
    return np.array(list(units.values()))


def level_wise_need(lines: Bill) -> NDArray[np.float64]:
    """Need of every item by one product a level, the number of levels known."""
    return _products(lines, lines.matrix)


def level_wise_need_from_lines(lines: Bill) -> NDArray[np.float64]:
    """The same, with the matrix made on the way."""
    shape = (lines.n_items, lines.n_items)
    return _products(
        lines, csr_array((lines.quantity, (lines.part, lines.parent)), shape=shape)
    )


def _products(lines: Bill, matrix: csr_array) -> NDArray[np.float64]:
    level = np.zeros(lines.n_items)
    level[lines.root] = 1.0
    total = level.copy()
    for _ in range(lines.n_levels):
        level = matrix @ level
        total += level
    return total
