"""Draws of an uncertain network, and what they say of ranks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.kernels.uncertain_network import (
    drawn_importance,
    drawn_values,
    rank_bands,
    ranks,
)
from tests import naive_ranks


def random(seed=1):
    return np.random.default_rng(seed)


def test_two_values_in_three_lie_within_the_factor_and_the_median_stays():
    value = np.full(100_000, 7.0)
    drawn = drawn_values(value, 2.0, random())
    assert np.median(drawn) == pytest.approx(7.0, rel=0.02)
    assert np.mean((drawn >= 3.5) & (drawn <= 14)) == pytest.approx(0.6827, abs=0.01)


def test_a_factor_of_one_changes_no_value():
    value = np.array([1.0, 5.0, 2.5])
    assert drawn_values(value, 1.0, random()).tolist() == value.tolist()


def test_a_pair_moves_by_one_class_and_as_often_as_asked():
    classes = np.repeat(np.arange(3, dtype=np.uint8), 100_000).reshape(600, 500)
    classes = np.pad(classes, ((0, 1), (0, 101)), constant_values=1).astype(np.uint8)
    moved = drawn_importance(classes, 0.3, random())
    assert (np.abs(moved.astype(int) - classes) <= 1).all()
    inner, was = moved[:-1, :-1], classes[:-1, :-1]
    for before, after, share in [(0, 1, 0.3), (2, 1, 0.3), (1, 0, 0.15), (1, 2, 0.15)]:
        assert np.mean(inner[was == before] == after) == pytest.approx(share, abs=0.01)


def test_pairs_of_the_sector_that_is_not_recorded_stay():
    moved = drawn_importance(np.ones((4, 4), np.uint8), 1.0, random())
    assert (moved[-1] == 1).all()
    assert (moved[:, -1] == 1).all()
    assert (moved[:-1, :-1] != 1).all()


def test_no_pair_moves_where_the_share_is_zero():
    classes = np.array([[0, 1, 2]] * 3, np.uint8)
    assert drawn_importance(classes, 0.0, random()).tolist() == classes.tolist()


def test_equal_values_share_a_rank_and_the_next_is_counted_on():
    assert ranks(np.array([0.5, 0.9, 0.5, 0.1])).tolist() == [2, 1, 2, 4]


def test_values_that_differ_in_the_last_bits_share_a_rank():
    index = np.array([0.1, math.nextafter(0.1, 1), 0.1 + 1e-9, 1e-12, 1.1e-12, 0.0])
    assert ranks(index).tolist() == [2, 2, 1, 5, 4, 6]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40))
def test_ranks_are_those_of_the_slow_twin(values):
    index = np.array(values) / 7
    assert ranks(index).tolist() == naive_ranks.ranks(values)


def test_a_band_leaves_out_a_twentieth_at_either_end():
    drawn = np.tile([2.0, 1.0], (100, 1))
    drawn[:5] = [1.0, 2.0]
    low, high, often = rank_bands(drawn, 1)
    assert (low.tolist(), high.tolist()) == ([1, 1], [1, 2])
    assert often.tolist() == [0.95, 0.05]


@given(
    st.integers(1, 12).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(0, 5), min_size=n, max_size=n), min_size=1, max_size=25
        )
    ),
    st.integers(1, 6),
)
def test_bands_are_those_of_the_slow_twin(drawn, first):
    low, high, often = rank_bands(np.array(drawn, float), first)
    expected = naive_ranks.rank_bands(drawn, first)
    assert list(zip(low.tolist(), high.tolist(), often.tolist(), strict=True)) == [
        (a, b, pytest.approx(c)) for a, b, c in expected
    ]
