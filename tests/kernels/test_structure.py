"""Structure: quotients with their interval, differences from the whole, concentration."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chi2

from liantu.kernels.structure import concentration, quotient_interval, structure
from tests import naive_structure

GRIDS = arrays(
    np.float64,
    st.tuples(st.integers(1, 5), st.integers(1, 6)),
    elements=st.integers(0, 40).map(float),
)


def test_two_places_that_do_opposite_things_differ_by_half_of_what_they_do():
    # shares 1, 0 and 0, 1 against a half each: |1 - .5| + |0 - .5| = 1; Hoover a half of it;
    # Hachman 1 / (1 * 1 / .5) = .5; one activity only: Herfindahl 1, no bit of variety
    found = structure(np.array([[8.0, 0.0], [0.0, 8.0]]))
    assert found.krugman.tolist() == [1.0, 1.0]
    assert found.hoover.tolist() == [0.5, 0.5]
    assert found.hachman.tolist() == [0.5, 0.5]
    assert found.herfindahl.tolist() == [1.0, 1.0]
    assert found.entropy.tolist() == [0.0, 0.0]


def test_a_place_like_all_places_differs_by_nothing_and_four_equal_activities_are_two_bits():
    found = structure(np.array([[2.0, 2.0, 2.0, 2.0], [5.0, 5.0, 5.0, 5.0]]))
    assert found.krugman.tolist() == [0.0, 0.0]
    assert found.hachman.tolist() == [1.0, 1.0]
    assert found.herfindahl.tolist() == [0.25, 0.25]
    assert found.entropy.tolist() == [2.0, 2.0]


def test_a_place_without_anything_has_no_structure():
    found = structure(np.array([[0.0, 0.0], [1.0, 3.0]]))
    for name in ("krugman", "hoover", "hachman", "herfindahl", "entropy"):
        assert math.isnan(getattr(found, name)[0])
        assert not math.isnan(getattr(found, name)[1])


@given(GRIDS)
def test_every_measure_is_that_of_a_slow_twin(values):
    found, listed = structure(values), values.tolist()
    for c in np.flatnonzero(values.any(axis=1)):
        assert math.isclose(found.krugman[c], naive_structure.krugman(listed, c), abs_tol=1e-12)
        assert math.isclose(found.hachman[c], naive_structure.hachman(listed, c), rel_tol=1e-12)
        assert math.isclose(found.entropy[c], naive_structure.entropy(listed, c), abs_tol=1e-12)
        shares = [value / sum(listed[c]) for value in listed[c]]
        assert math.isclose(found.herfindahl[c], naive_structure.herfindahl(shares))
        assert 0 <= found.krugman[c] <= 2
        assert 0 < found.hachman[c] <= 1 + 1e-12


def test_the_interval_of_a_quotient_is_that_of_its_count_over_what_was_expected():
    # 5 of 10 against 10 of 40: expected 10 * 10 / 40 = 2.5, so a quotient of 2; exact limits
    # of a count of 5 are 1.6235, 11.6683, over 2.5: 0.649, 4.667
    values = np.array([[5.0, 5.0], [5.0, 25.0]])
    low, high = quotient_interval(values)
    assert low[0, 0] == pytest.approx(0.649, rel=0.02)
    assert high[0, 0] == pytest.approx(4.667, rel=0.005)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 10, 30, 100, 1000, 100_000])
def test_the_approximate_limits_are_near_the_exact_ones(count):
    values = np.array([[float(count)]])  # expected: the count itself
    low, high = quotient_interval(values)
    exact = chi2.ppf(0.025, 2 * count) / 2, chi2.ppf(0.975, 2 * count + 2) / 2
    assert high[0, 0] * count == pytest.approx(exact[1], rel=0.005)
    assert low[0, 0] * count == pytest.approx(exact[0], rel=0.02, abs=0.02)


def test_a_count_of_nothing_has_a_high_end_and_nothing_expected_has_no_interval():
    # exact: 3.689 for a count of 0; expected 4 * 4 / 8 = 2
    low, high = quotient_interval(np.array([[0.0, 4.0, 0.0], [4.0, 0.0, 0.0]]))
    assert low[0, 0] == 0.0
    assert high[0, 0] == pytest.approx(3.689 / 2, rel=0.01)
    assert np.isnan(low[:, 2]).all()
    assert np.isnan(high[:, 2]).all()


@given(GRIDS)
def test_the_quotient_lies_within_its_interval(values):
    low, high = quotient_interval(values)
    listed = values.tolist()
    for c, p in np.ndindex(values.shape):
        expected = naive_structure.quotient(listed, c, p)
        assert math.isnan(low[c, p]) == (expected is None)
        if expected is not None:
            assert low[c, p] <= expected <= high[c, p]


def test_a_market_of_four_equal_holders_is_one_of_four():
    found = concentration(np.full(4, 0.25))
    assert found.hhi == (0.25, 0.25, 0.25)
    assert found.cr4 == (1.0, 1.0, 1.0)
    assert found.effective == (4.0, 4.0, 4.0)


def test_what_is_not_known_may_be_held_by_very_many_or_by_one():
    # .3 and .2 known: .09 + .04; at most .13 + .5 * .5 = .38
    found = concentration(np.array([0.3, 0.2]))
    assert found.hhi == pytest.approx((0.13, 0.13, 0.38))
    assert found.cr4 == pytest.approx((0.5, 0.5, 1.0))
    assert found.effective == pytest.approx((1 / 0.13, 1 / 0.38, 1 / 0.13))


@given(st.lists(st.floats(0.001, 1.0), min_size=1, max_size=8), st.integers(0, 2**32))
def test_no_holding_of_the_rest_is_beyond_the_bounds(weights, seed):
    rng = np.random.default_rng(seed)
    shares = np.array(weights) / (sum(weights) * rng.uniform(1.0, 3.0))
    found = concentration(shares)
    rest = max(0.0, 1 - shares.sum())
    cuts = rng.dirichlet(np.ones(rng.integers(1, 6))) * rest
    whole = [*shares.tolist(), *cuts.tolist()]
    assert found.hhi[1] - 1e-12 <= naive_structure.herfindahl(whole) <= found.hhi[2] + 1e-12
    four = sum(sorted(whole)[-4:])
    assert found.cr4[1] - 1e-12 <= four <= found.cr4[2] + 1e-12
