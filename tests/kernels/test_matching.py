"""Scores by rank, and the best choice of one for each: by hand and against all choices."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.kernels.matching import assignment, by_rank, reach_gain, weighted_mean
from tests import naive_places


def test_ranks_run_from_0_to_1_over_the_distinct_values_and_unknown_stays_unknown():
    found = by_rank(np.array([7.0, 3, 3, math.nan, 100]))
    assert found[[0, 1, 2, 4]].tolist() == [0.5, 0, 0, 1]
    assert math.isnan(found[3])
    assert by_rank(np.array([2.0, 2.0])).tolist() == [0.5, 0.5]


def test_an_unknown_part_leaves_the_sum_and_the_denominator():
    parts = np.array([[1.0, 0.5], [1.0, math.nan], [math.nan, math.nan]])
    found = weighted_mean(parts, np.array([1.0, 3.0]))
    assert found[:2].tolist() == [(1 + 1.5) / 4, 1.0]
    assert math.isnan(found[2])


def test_a_part_without_weight_cannot_carry_a_score_alone():
    assert np.isnan(weighted_mean(np.array([[1.0, math.nan]]), np.array([0.0, 1.0]))).all()


def plan(value):
    pairs = list(value)
    task, agent = np.array([t for t, _ in pairs]), np.array([a for _, a in pairs])
    found = assignment(task, agent, np.array([value[pair] for pair in pairs]))
    return found, [pairs[k] for k in found.chosen]


def test_the_best_plan_gives_up_the_best_pair_where_that_serves_the_sum():
    # 0-a is the best pair, but then 1 has only .1: .9 + .1 is less than .8 + .7.
    value = {(0, 0): 0.9, (0, 1): 0.8, (1, 0): 0.7, (1, 1): 0.1}
    found, chosen = plan(value)
    assert chosen == [(0, 1), (1, 0)]
    assert found.total == pytest.approx(1.5)
    assert found.price == pytest.approx([0.5, 0.5])
    assert [list(value)[k] for k in found.runner_up] == [(0, 0), (1, 1)]


def test_a_task_without_another_agent_has_no_runner_up_and_costs_what_it_scores():
    found, chosen = plan({(0, 5): 0.4, (1, 6): 0.0})
    assert chosen == [(0, 5)]
    assert found.runner_up.tolist() == [-1]
    assert found.price == pytest.approx([0.4])


def test_no_pairs_give_an_empty_plan():
    found, chosen = plan({})
    assert (found.total, chosen) == (0.0, [])


pairs = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 4)), st.floats(0, 1), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(pairs)
def test_no_other_choice_has_a_greater_sum_and_each_price_is_what_the_rest_can_make(value):
    found, chosen = plan(value)
    assert len({t for t, _ in chosen}) == len({a for _, a in chosen}) == len(chosen)
    assert found.total == pytest.approx(sum(value[pair] for pair in chosen))
    assert found.total == pytest.approx(naive_places.best_sum(value))
    for pair, price in zip(chosen, found.price, strict=True):
        without = {other: number for other, number in value.items() if other != pair}
        assert price == pytest.approx(found.total - naive_places.best_sum(without), abs=1e-9)


def test_reach_gain_is_nothing_within_reach_unknown_without_a_position_and_else_the_share():
    found = reach_gain(
        np.array([0, 1, 1, 2, 3]),
        np.array([False, False, True, False, False]),
        np.array([200.0, 900.0, math.nan, math.nan, 201.0]),
        np.array([1.0, 1, 1, 2]),
        radius_km=200.0,
    )
    assert found[[0, 1, 3]].tolist() == [0, 0, 0.4]
    assert math.isnan(found[2])
