"""Likeness of places: by hand, what it adds up to, and against the slow twin."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.kernels.similarity import likeness, rank_range
from tests import naive_places

KINDS = ("jensen_shannon", "cosine")


def alike(own, *others, kind="jensen_shannon"):
    return likeness(np.array(own, float), np.array(others, float), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_shares_are_wholly_alike_and_nothing_shared_not_at_all(kind):
    found = alike([1, 3, 0], [2, 6, 0], [0, 0, 5], kind=kind)
    assert found.structure == pytest.approx([1, 0])
    assert found.size == pytest.approx([0.5, 0.8])


def test_half_of_the_shares_in_common_by_hand():
    # p = (1/2, 1/2, 0), q = (1/2, 0, 1/2): the divergence is 1/2, the first activity alike.
    found = alike([1, 1, 0], [1, 0, 1])
    assert found.structure == pytest.approx([0.5])
    assert found.alike == pytest.approx(np.array([[0.5, 0, 0]]))
    assert found.unlike == pytest.approx(np.array([[0, 0.25, 0.25]]))
    assert alike([1, 1, 0], [1, 0, 1], kind="cosine").structure == pytest.approx([0.5])


def test_leaving_out_the_one_activity_that_parts_them_turns_the_order_round():
    own, others = np.array([4.0, 4, 2]), np.array([[4.0, 4, 9], [4, 6, 2]])
    rank, best, worst = rank_range(own, others, size_weight=0.0)
    assert rank.tolist() == [2, 1]
    assert best.tolist() == [1, 1]
    assert worst.tolist() == [2, 2]


def test_a_place_that_has_only_what_is_left_out_is_not_ranked_in_that_turn():
    own, others = np.array([1.0, 1]), np.array([[5.0, 0], [1, 3]])
    rank, best, worst = rank_range(own, others, size_weight=0.0)
    # Without the first only the other is ranked; without the second both are the same.
    assert (rank[0], best[0], worst[0]) == (2, 1, 2)
    assert (rank[1], best[1], worst[1]) == (1, 1, 1)


places = st.integers(2, 5).flatmap(
    lambda m: st.lists(
        st.lists(st.integers(0, 9), min_size=m, max_size=m).filter(any), min_size=2, max_size=6
    )
)


@settings(max_examples=100, deadline=None)
@given(places, st.sampled_from(KINDS), st.sampled_from([0.0, 0.25, 1.0]))
def test_it_agrees_with_the_slow_twin(lists, kind, weight):
    own, *others = lists
    found = alike(own, *others, kind=kind)
    assert found.alike.sum(axis=1) + found.unlike.sum(axis=1) == pytest.approx(1)
    assert (found.unlike >= 0).all()
    expected = [naive_places.similarity(own, other, weight, kind) for other in others]
    assert found.similarity(weight) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(places, st.sampled_from(KINDS))
def test_the_range_of_ranks_agrees_with_the_slow_twin(lists, kind):
    own, *others = lists
    found = rank_range(
        np.array(own, float), np.array(others, float), size_weight=0.3, kind=kind
    )
    twin = naive_places.rank_range(own, others, 0.3, kind)
    assert [tuple(map(int, row)) for row in zip(*found, strict=True)] == twin
