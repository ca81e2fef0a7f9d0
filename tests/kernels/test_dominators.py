"""Dominators: a node that every path must pass, held against taking it out."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from liantu.kernels.dominators import cut_points, dominators
from tests.naive_lenses import cut_links

N = 8


def ends(edges):
    pairs = np.array(sorted(edges), dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def reached(edges, root, without=None):
    """Nodes that can be reached from the root when one node is taken out."""
    seen = {root} - {without}
    ahead = list(seen)
    while ahead:
        node = ahead.pop()
        for start, end in edges:
            if start == node and end not in seen and end != without:
                seen.add(end)
                ahead.append(end)
    return seen


def test_the_hand_example_of_a_diamond_with_a_tail():
    # 0 -> 1 -> {2, 3} -> 4 -> 5; 6 and 7 are not reached
    edges = {(0, 1), (1, 2), (1, 3), (2, 4), (3, 4), (4, 5), (6, 5)}
    found = dominators(*ends(edges), n_nodes=N, root=0)
    assert found.tolist() == [0, 0, 1, 1, 1, 4, -1, -1]


def test_nodes_that_every_path_to_the_end_must_pass():
    # ore 0 -> steel 1 -> {wheel 2, axle 3} -> bogie 4 -> train 5; only 5 is final, 0 first
    edges = {(0, 1), (1, 2), (1, 3), (2, 4), (3, 4), (4, 5)}
    assert cut_points(*ends(edges), n_nodes=N).tolist() == [0, 1, 4]
    # with a second way to the train nothing is cut
    assert cut_points(*ends({*edges, (6, 5)}), n_nodes=N).tolist() == []


def test_a_cut_point_of_any_end_is_one():
    # the tram 6 takes only the bogie 4: it is cut for the tram though not for the train 5
    edges = {(0, 4), (1, 4), (4, 5), (2, 5), (4, 6)}
    assert cut_points(*ends(edges), n_nodes=N).tolist() == [4]


def test_without_edges_nothing_is_cut():
    assert cut_points(*ends(set()), n_nodes=N).tolist() == []


EDGES = st.sets(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)), max_size=20)


@given(EDGES, st.integers(0, N - 1))
def test_a_node_dominates_what_cannot_be_reached_without_it(edges, root):
    found = dominators(*ends(edges), n_nodes=N, root=root)
    whole = reached(edges, root)
    assert {node for node in range(N) if found[node] >= 0} == whole
    for node in whole:
        above = set()
        at = node
        while at != root:
            at = int(found[at])
            above.add(at)
        assert above == {
            other
            for other in whole - {node}
            if other == root or node not in reached(edges, root, without=other)
        }


@given(EDGES)
def test_cut_points_are_those_whose_loss_cuts_an_end_off(edges):
    onward = {(min(pair), max(pair)) for pair in edges if len(set(pair)) == 2}
    lines = [(whole, part) for part, whole in onward]
    assert set(cut_points(*ends(onward), n_nodes=N).tolist()) == cut_links(lines, range(N))
