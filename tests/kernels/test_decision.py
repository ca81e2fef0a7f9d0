"""Weights, closeness, ranks and tiers: textbook cases, and properties against a slow twin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.kernels.decision import (
    ahp_weights,
    critic_weights,
    entropy_weights,
    natural_breaks,
    ranks,
    sensitivity,
    topsis,
)
from tests import naive_decision

# Hwang and Yoon (1981), choosing a fighter aircraft: speed, range, payload, cost, reliability,
# manoeuvrability; only cost should be low.
FIGHTERS = np.array(
    [
        [2.0, 1500, 20000, 5.5, 5, 9],
        [2.5, 2700, 18000, 6.5, 3, 5],
        [1.8, 2000, 21000, 4.5, 7, 7],
        [2.2, 1800, 20000, 5.0, 5, 5],
    ]
)
CHEAP = np.array([True, True, True, False, True, True])
# Diakoulaki, Mavrotas and Papayannakis (1995): profitability, market share, productivity of
# eight firms.
FIRMS = np.array(
    [
        [61, 1.08, 4.33],
        [20.7, 0.26, 4.34],
        [16.3, 1.98, 2.53],
        [9, 3.29, 1.65],
        [5.4, 2.77, 2.33],
        [4, 4.12, 1.21],
        [-6.1, 3.52, 2.10],
        [-34.6, 3.31, 0.98],
    ]
)
MORE = np.ones(3, dtype=bool)

tables = st.tuples(st.integers(2, 6), st.integers(1, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 9).map(float), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


def test_the_fighters_of_hwang_and_yoon_are_as_close_as_they_say():
    found = topsis(FIGHTERS, np.array([0.2, 0.1, 0.1, 0.1, 0.2, 0.3]), maximise=CHEAP)
    assert found.tolist() == pytest.approx([0.643, 0.268, 0.613, 0.312], abs=0.001)


def test_the_four_alternatives_of_tzeng_and_huang_are_as_close_as_they_say():
    values = np.array([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6.0]])
    found = topsis(values, np.array([0.3, 0.4, 0.3]), maximise=MORE)
    assert found.tolist() == pytest.approx([0.504, 0.658, 0.748, 0.334], abs=0.001)


def test_the_firms_of_diakoulaki_have_the_weights_that_she_gives():
    found = critic_weights(FIRMS, maximise=MORE)
    assert found.tolist() == pytest.approx([0.2022, 0.4809, 0.3169], abs=1e-4)


def test_two_criteria_of_which_one_is_spread_share_entropy_by_hand():
    # Parts 1/2, 1/2 have entropy 1 and say nothing; 1/4, 3/4 have 0.8113.
    found = entropy_weights(np.array([[1.0, 1.0, 1.0], [1.0, 3.0, 3.0]]))
    assert found.tolist() == pytest.approx([0, 0.5, 0.5])


def test_a_table_of_four_by_four_has_the_weights_and_the_ratio_worked_by_hand():
    table = np.array(
        [[1, 3, 7, 8], [1 / 3, 1, 5, 5], [1 / 7, 1 / 5, 1, 3], [1 / 8, 1 / 5, 1 / 3, 1]]
    )
    found = ahp_weights(table)
    assert found.weights.tolist() == pytest.approx([0.582, 0.279, 0.090, 0.050], abs=0.001)
    assert table @ found.weights == pytest.approx((4 + 3 * found.index) * found.weights)
    assert found.ratio == pytest.approx(found.index / 0.90)
    other = ahp_weights(table, random_index="alonso_lamata")
    assert other.ratio == pytest.approx(found.index / 0.89)


def test_a_table_that_agrees_with_itself_gives_back_its_weights():
    weights = np.array([0.5, 0.3, 0.2])
    found = ahp_weights(weights[:, None] / weights)
    assert found.weights.tolist() == pytest.approx(weights.tolist())
    assert found.ratio == pytest.approx(0, abs=1e-12)
    assert ahp_weights(np.array([[1, 4], [0.25, 1]])).ratio == 0


@pytest.mark.parametrize(
    "table", [np.array([[1, 2], [2, 1.0]]), np.array([[1, 0], [2, 1.0]]), np.ones((2, 3))]
)
def test_a_table_that_is_not_reciprocal_positive_and_square_is_refused(table):
    with pytest.raises(ValueError, match="pairwise table"):
        ahp_weights(table)


@given(tables, st.randoms(use_true_random=False))
def test_closeness_is_that_of_the_slow_twin_and_many_sets_are_one_by_one(values, random):
    table = np.array(values)
    m = table.shape[1]
    sets = np.array([[0.1 + random.random() for _ in range(m)] for _ in range(3)])
    maximise = np.array([random.random() < 0.5 for _ in range(m)])
    found = topsis(table, sets, maximise=maximise)
    for weights, row in zip(sets, found, strict=True):
        expected = naive_decision.topsis(values, weights.tolist(), maximise.tolist())
        assert row.tolist() == pytest.approx(expected)
        assert topsis(table, weights, maximise=maximise).tolist() == row.tolist()


@given(tables)
def test_entropy_weights_are_those_of_the_definition(values):
    table = np.array(values)
    if (table.max(axis=0) > table.min(axis=0)).any():
        expected = naive_decision.entropy_weights(values)
        assert entropy_weights(table).tolist() == pytest.approx(expected)
    else:
        with pytest.raises(ValueError, match="tells the alternatives apart"):
            entropy_weights(table)


@given(st.lists(st.lists(st.floats(0, 1), min_size=5, max_size=5), min_size=1, max_size=4))
def test_ranks_count_the_higher_scores_and_ties_share_the_better_one(rows):
    coarse = [[round(score, 3) for score in row] for row in rows]
    found = ranks(np.array(coarse))
    assert found.tolist() == [naive_decision.ranks(row) for row in coarse]


@given(st.lists(st.integers(0, 40), min_size=2, max_size=9, unique=True), st.integers(1, 4))
def test_natural_breaks_leave_the_least_spread_within_tiers(scores, n_tiers):
    n_tiers = min(n_tiers, len(scores))
    edges = natural_breaks(np.array(scores, dtype=float), n_tiers)
    least, within = naive_decision.natural_breaks(scores, n_tiers)
    tier = [sum(score < edge for edge in edges) for score in scores]
    parts = [[s for s, t in zip(scores, tier, strict=True) if t == k] for k in range(n_tiers)]
    assert sum(within(part) for part in parts) == pytest.approx(least, abs=1e-9)


def test_a_best_of_all_criteria_is_first_in_every_draw_and_stays_in_its_tier():
    values = np.array([[9.0, 9.0], [1.0, 5.0], [5.0, 1.0]])
    found = sensitivity(
        values, np.array([0.5, 0.5]), np.array([0.9]), maximise=MORE[:2], draws=500, seed=1
    )
    assert found.rank_low[0] == found.rank_high[0] == 1
    assert found.tiers[0].tolist() == [1, 0]
    assert found.acceptability.sum(axis=1).tolist() == pytest.approx([1, 1, 1])
    # The other two mirror each other, so each is second about half the time.
    assert found.acceptability[1, 1] == pytest.approx(0.5, abs=0.08)
    assert (found.rank_low[1:].tolist(), found.rank_high[1:].tolist()) == ([2, 2], [3, 3])


def test_the_same_seed_draws_the_same_and_a_weight_of_zero_stays_zero():
    given_ = {"maximise": MORE[:2], "draws": 50, "seed": 3}
    weights, edges = np.array([1.0, 0.0]), np.array([0.5])
    first = sensitivity(FIRMS[:, :2], weights, edges, **given_)
    again = sensitivity(FIRMS[:, :2], weights, edges, **given_)
    assert first.tiers.tolist() == again.tiers.tolist()
    assert (first.rank_low == first.rank_high).all()


def test_alternatives_that_are_all_the_same_are_half_way():
    assert topsis(np.ones((3, 2)), np.ones(2), maximise=MORE[:2]).tolist() == [0.5] * 3


@pytest.mark.parametrize(
    "weights", [entropy_weights, lambda v: critic_weights(v, maximise=MORE)]
)
def test_an_absent_value_and_criteria_without_spread_are_refused(weights):
    with pytest.raises(ValueError, match="finite value"):
        weights(np.array([[1.0, np.nan, 2.0], [1.0, 1.0, 1.0]]))
    with pytest.raises(ValueError, match="tells the alternatives apart"):
        weights(np.ones((3, 3)))


def test_a_negative_value_has_no_entropy_weight():
    with pytest.raises(ValueError, match="not negative"):
        entropy_weights(FIRMS)
