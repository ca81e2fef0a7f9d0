"""Betweenness against the enumeration of all shortest paths, and by hand."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.kernels.betweenness import betweenness
from tests import naive

nodes = st.integers(2, 7)
networks = nodes.flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=14),
    )
)


def between(n_nodes, links):
    ends = np.array(links, dtype=np.int64).reshape(-1, 2)
    return betweenness(ends[:, 0], ends[:, 1], n_nodes=n_nodes)


def test_in_a_chain_of_four_the_inner_two_stand_between_two_pairs_each():
    assert between(4, [(0, 1), (1, 2), (2, 3)]).tolist() == [0, 2, 2, 0]


def test_two_shortest_ways_share_their_pair():
    assert between(4, [(0, 1), (0, 2), (1, 3), (2, 3)]).tolist() == [0.5, 0.5, 0.5, 0.5]


@given(networks)
def test_it_counts_the_shortest_paths_that_pass_each_node(network):
    n_nodes, links = network
    expected = naive.betweenness(n_nodes, links)
    assert between(n_nodes, links).tolist() == pytest.approx(expected)


@given(networks, st.randoms(use_true_random=False))
def test_other_numbers_for_the_nodes_change_nothing_else(network, random):
    n_nodes, links = network
    moved = list(range(n_nodes))
    random.shuffle(moved)
    found = between(n_nodes, [(moved[a], moved[b]) for a, b in links])
    assert found[moved].tolist() == pytest.approx(between(n_nodes, links).tolist())


def test_a_star_has_all_pairs_pass_its_middle():
    leaves = 6
    found = between(leaves + 1, [(0, leaf) for leaf in range(1, leaves + 1)])
    assert found[0] == len(list(itertools.combinations(range(leaves), 2)))
    assert not found[1:].any()


def test_no_links_and_no_nodes_are_no_betweenness():
    assert between(3, []).tolist() == [0, 0, 0]
    assert between(0, []).tolist() == []


def test_ends_that_are_no_nodes_or_do_not_match_are_refused():
    with pytest.raises(ValueError, match="numbered 0 to 1, not 0 to 5"):
        between(2, [(0, 5)])
    with pytest.raises(ValueError, match="stand against"):
        betweenness(np.array([0]), np.array([0, 1]), n_nodes=2)
