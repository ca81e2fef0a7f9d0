"""Shift-share: each part by its rate, and the parts add up to the growth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.kernels.shift_share import shift_share
from tests import naive_structure

COUNTS = st.lists(
    st.tuples(*[st.integers(1, 10**9).map(float)] * 4), min_size=1, max_size=6
).map(np.array)
METHODS = st.sampled_from(["classic", "esteban_marquillas", "dynamic"])


def test_growth_is_that_of_the_whole_then_of_the_mix_then_its_own():
    # the country: 100 and 100 become 110 and 150, so 260 / 200 - 1 = .3; .1 and .5 apart.
    # the place: 10 and 20 become 12 and 25.
    # first: national 10 * .3 = 3, mix 10 * (.1 - .3) = -2, local 2 - 1 = 1
    # second: national 20 * .3 = 6, mix 20 * (.5 - .3) = 4, local 5 - 10 = -5
    parts = shift_share(
        np.array([[10.0, 20.0], [12.0, 25.0]]), np.array([[100.0, 100.0], [110.0, 150.0]])
    )
    assert parts.national == pytest.approx([3.0, 6.0])
    assert parts.mix == pytest.approx([-2.0, 4.0])
    assert parts.local == pytest.approx([1.0, -5.0])
    assert parts.allocation.tolist() == [0.0, 0.0]


def test_by_esteban_marquillas_the_local_part_has_the_mix_of_the_whole():
    # as above, with the base that the place would have: 30 * 100 / 200 = 15 of each.
    # first: r - g_i = .2 - .1: local 15 * .1 = 1.5, allocation (10 - 15) * .1 = -.5
    # second: .25 - .5: local 15 * -.25 = -3.75, allocation (20 - 15) * -.25 = -1.25
    parts = shift_share(
        np.array([[10.0, 20.0], [12.0, 25.0]]),
        np.array([[100.0, 100.0], [110.0, 150.0]]),
        "esteban_marquillas",
    )
    assert parts.local == pytest.approx([1.5, -3.75])
    assert parts.allocation == pytest.approx([-0.5, -1.25])


def test_the_dynamic_parts_are_those_of_every_year_added_up():
    place = np.array([[10.0, 20.0], [12.0, 25.0], [9.0, 26.0]])
    whole = np.array([[100.0, 100.0], [110.0, 150.0], [120.0, 130.0]])
    parts = shift_share(place, whole, "dynamic")
    years = [shift_share(place[k : k + 2], whole[k : k + 2]) for k in (0, 1)]
    for name in ("national", "mix", "local"):
        added = getattr(years[0], name) + getattr(years[1], name)
        assert getattr(parts, name) == pytest.approx(added)


@pytest.mark.parametrize("method", ["classic", "esteban_marquillas"])
def test_what_begins_from_nothing_is_local(method):
    parts = shift_share(np.array([[0.0, 5.0], [4.0, 5.0]]), np.full((2, 2), 10.0), method)
    assert (parts.national[0], parts.mix[0], parts.local[0]) == (0.0, 0.0, 4.0)
    assert parts.allocation[0] == 0.0


@given(COUNTS)
def test_the_parts_are_those_of_a_slow_twin(counts):
    base, end, base_all, end_all = counts.T
    scale = np.abs(counts).max() * max(1.0, (end_all / base_all).max())
    classic = shift_share(np.array([base, end]), np.array([base_all, end_all]))
    twin = np.array(naive_structure.shift_share(base, end, base_all, end_all)).T
    for name, expected in zip(("national", "mix", "local"), twin, strict=True):
        assert getattr(classic, name) == pytest.approx(expected, rel=1e-9, abs=1e-6 * scale)
    even = shift_share(
        np.array([base, end]), np.array([base_all, end_all]), "esteban_marquillas"
    )
    twin = np.array(naive_structure.esteban_marquillas(base, end, base_all, end_all)).T
    bound = scale * max(1.0, (end / base).max())
    for name, expected in zip(("local", "allocation"), twin, strict=True):
        assert getattr(even, name) == pytest.approx(expected, rel=1e-9, abs=1e-6 * bound)


@given(COUNTS, METHODS)
def test_the_parts_add_up_to_the_growth_but_for_the_last_bits(counts, method):
    base, end, base_all, end_all = counts.T
    parts = shift_share(np.array([base, end]), np.array([base_all, end_all]), method)
    names = ("national", "mix", "local", "allocation")
    pieces = np.array([getattr(parts, name) for name in names])
    own = base * (end_all / base_all)
    largest = np.abs(np.array([*pieces, base, end, own])).max(axis=0)
    error = np.abs(pieces.sum(axis=0) - (end - base))
    assert (error <= 8 * np.spacing(largest)).all()
