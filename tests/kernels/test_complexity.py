"""Complexity by hand on a ladder of three places, and against its slow twins."""

from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from liantu.kernels.complexity import (
    UnrankableError,
    fitness,
    held,
    index,
    rank_range,
    ranks,
    rca,
)
from liantu.kernels.proximity import density, outlook, outlook_gain, proximity, space
from tests import naive_complexity as naive

# Place 0 does all three activities, place 1 the first two, place 2 the first only.
LADDER = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
ROOT = np.sqrt(1.5)
RAW = np.array([-1.0, 0.5, 2.0])
KINDS = ("proximity", "association", "cosine", "jaccard")
close = partial(np.testing.assert_allclose, rtol=1e-9, atol=1e-9)
slow = settings(max_examples=40, deadline=None)

figures = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=7),
    elements=st.integers(0, 6).map(float),
)
presences = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=8),
    elements=st.sampled_from([0.0, 1.0]),
)


def scattered(seed):
    """A matrix of chance, denser in some rows, without an empty row or column."""
    rng = np.random.default_rng(seed)
    n, m = rng.integers(3, 9, size=2)
    return full((rng.random((n, m)) < rng.uniform(0.1, 0.9, (n, 1))).astype(float))


def full(made):
    """The matrix without its empty rows and columns."""
    return made[np.ix_(*held(made.astype(bool)))]


def distinct(made):
    """The index, where rounding cannot blur it."""
    assume(min(made.shape) >= 2)
    try:
        found = index(made)
    except UnrankableError:
        assume(condition=False)
    assume(found.second - found.third > 1e-3 and found.second < 0.999)
    assume(found.direction > 1e-3 and found.scale > 1e-3)
    return found


def refused(made):
    with pytest.raises(UnrankableError) as error:
        index(np.array(made, dtype=float))
    return error.value.reason


def test_an_advantage_is_a_share_over_the_share_of_all():
    values = np.array([[8.0, 2.0], [2.0, 8.0], [0.0, 0.0]])
    close(rca(values)[:2], [[1.6, 0.4], [0.4, 1.6]])
    assert np.isnan(rca(values)[2]).all()


def test_a_share_that_equals_that_of_all_is_an_advantage_of_exactly_one():
    values = np.outer([3.0, 7.0, 41.0], [49.0, 11.0, 13.0])
    assert (rca(values) == 1).all()


@given(figures)
@slow
def test_the_advantage_is_that_of_the_definition(values):
    close(rca(values), naive.rca(values))


@given(figures)
@slow
def test_every_place_with_a_whole_number_has_an_advantage_somewhere(values):
    made = rca(values) >= 1
    assert (made.any(axis=1) == values.any(axis=1)).all()


@given(presences)
@slow
def test_leaving_out_once_is_leaving_out_until_nothing_is_empty(made):
    rows, columns = naive.held(made)
    kept = held(made.astype(bool))
    assert [np.flatnonzero(side).tolist() for side in kept] == [rows, columns]


def test_the_ladder_has_the_index_that_is_worked_out_by_hand():
    found = index(LADDER)
    assert (found.second, found.third) == (pytest.approx(1 / 4), pytest.approx(1 / 9))
    close(found.eci, [ROOT, 0.0, -ROOT])
    close(found.pci, [-ROOT, ROOT, 3 * ROOT])
    close(found.raw / found.scale, RAW * 4 / np.sqrt(6))
    close([found.pci_own.mean(), found.pci_own.std()], [0.0, 1.0])


def test_a_place_is_as_complex_as_its_activities_on_average():
    found = index(LADDER)
    close(found.eci, LADDER @ found.pci / LADDER.sum(axis=1))


@given(st.integers(0, 2**32 - 1).map(scattered))
@slow
def test_the_index_is_that_of_the_whole_matrix_of_transitions(made):
    found = distinct(made)
    eci, pci, own, raw, scale, roots = naive.index(made)
    close(found.eci, eci)
    close(found.pci, pci)
    close(found.pci_own, own)
    close(found.raw / found.scale, raw / scale)
    close([found.second, found.third], [roots[1], roots[2] if len(roots) > 2 else 0.0])


@given(st.integers(0, 2**32 - 1).map(scattered))
@slow
def test_the_index_is_the_same_whichever_side_is_solved(made):
    found, wide = distinct(made), index(np.hstack([made] * 9))
    close(wide.eci, found.eci)
    close(wide.pci[: made.shape[1]], found.pci)


def test_parts_without_a_common_activity_are_not_ranked():
    assert refused([[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1]]) == "disconnected"


def test_a_second_vector_that_is_as_good_is_not_ranked():
    ring = np.eye(5) + np.roll(np.eye(5), 1, axis=1)
    assert refused(ring) == "ambiguous"
    assert refused(np.ones((3, 4))) == "ambiguous"


def test_an_index_without_regard_to_diversity_has_no_direction():
    assert refused([[1, 1, 0], [0, 1, 1]]) == "undirected"


def test_one_place_or_one_activity_is_too_few():
    assert refused(np.ones((1, 5))) == "too_few"
    assert refused(np.ones((5, 1))) == "too_few"


@given(presences)
@slow
def test_fitness_and_quality_go_step_by_step(made):
    made = full(made)
    assume(made.size)
    for steps in (1, 2, 20):
        for values, known in zip(
            fitness(made, steps=steps), naive.fitness(made, steps), strict=True
        ):
            close(values, known)


def test_fitness_stands_still_at_its_fixed_point():
    fit, quality = fitness(np.array([[1.0, 1.0], [1.0, 1.0]]))
    close([fit, quality], np.ones((2, 2)))


def test_fitness_that_decays_stays_a_number():
    decaying = np.triu(np.ones((9, 9)), 4) + np.eye(9)
    for values in fitness(decaying, steps=5000, tolerance=0.0):
        assert np.isfinite(values).all()


def test_ranks_begin_with_the_greatest_and_ties_share_one():
    values = np.array([2.0, 5.0, 2.0 + 1e-12, np.nan, 1.0])
    np.testing.assert_array_equal(ranks(values), [2, 1, 2, np.nan, 4])


def test_nearness_is_the_lesser_conditional_probability():
    near = proximity(LADDER)
    close(near, [[1, 2 / 3, 1 / 3], [2 / 3, 1, 1 / 2], [1 / 3, 1 / 2, 1]])
    close(np.diag(proximity(LADDER, diagonal=False)), np.zeros(3))


def test_density_and_gain_of_the_last_place_are_those_worked_out_by_hand():
    around, last = space(LADDER), LADDER[2:]
    close(density(around, last), [[1 / 2, 4 / 13, 2 / 11]])
    weight = RAW * 4 / np.sqrt(6)
    second, third = weight[1] / (13 / 6), weight[2] / (11 / 6)
    close(outlook_gain(around, last, weight), [[0, second + third / 2, second / 2 + third]])


@pytest.mark.parametrize("diagonal", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(4, 60), (60, 4), (12, 12)])
def test_nearness_density_and_outlook_are_those_of_the_definitions(shape, kind, diagonal):
    rng = np.random.default_rng(sum(shape))
    made = full((rng.random(shape) < 0.5).astype(float))
    raw = rng.normal(size=made.shape[1])
    near = naive.proximity(made, kind, diagonal=diagonal)
    around = space(made, kind=kind, diagonal=diagonal)
    close(proximity(made, kind=kind, diagonal=diagonal), near)
    close(around.total, near.sum(axis=0))
    close(density(around, made), naive.density(made, near))
    close(outlook(density(around, made), made, raw), naive.outlook(made, near, raw))
    close(outlook_gain(around, made, raw), naive.outlook_gain(made, near, raw))


def test_one_place_is_answered_without_the_nearness_of_all_activities():
    rng = np.random.default_rng(4)
    made = full((rng.random((30, 40)) < 0.3).astype(float))
    raw = rng.normal(size=made.shape[1])
    around, near = space(made, rows=2), naive.proximity(made)
    assert around.near is None
    close(density(around, made[:1]), naive.density(made, near)[:1])
    close(outlook_gain(around, made[:1], raw), naive.outlook_gain(made, near, raw)[:1])


def test_more_activities_than_a_block_are_as_near_as_in_one():
    made = (np.random.default_rng(5).random((6, 1100)) < 0.6).astype(float)
    made[0] = 1.0
    both, ubiquity = made.T @ made, made.sum(axis=0)
    close(proximity(made), both / np.maximum.outer(ubiquity, ubiquity))


LADDER_OF_COUNTS = np.tril(np.ones((6, 6)))[::-1]
again = partial(rank_range, threshold=1.0, draws=60, seed=3)


def of_whole(values):
    return index((rca(values) >= 1).astype(float))


def test_many_units_leave_no_doubt_about_a_rank_and_few_do():
    values = LADDER_OF_COUNTS * np.arange(2, 8)
    whole = of_whole(values * 1e8 + 1e7)
    sure = again(values * 1e8 + 1e7, whole, by="place", counts=True)
    close(sure[0], sure[1])
    close(sure[0], ranks(whole.eci))
    low, high, ranked = again(values, of_whole(values), by="place", counts=True)
    assert (low <= high).all()
    assert (low < high).any()
    assert 0 < ranked <= 60


@pytest.mark.parametrize("by", ["place", "activity"])
def test_the_same_seed_draws_the_same_ranks(by):
    values = np.random.default_rng(6).random((8, 12)) ** 4
    whole = of_whole(values)
    one, two = (again(values, whole, by=by, counts=False) for _ in range(2))
    np.testing.assert_array_equal(one[0], two[0])
    other = rank_range(values, whole, threshold=1.0, draws=60, seed=4, by=by, counts=False)
    assert (one[0] != other[0]).any() or (one[1] != other[1]).any()
    n = len(whole.eci if by == "place" else whole.pci)
    assert (one[0] >= 1).all()
    assert (one[1] <= n).all()


def test_draws_that_cannot_be_ranked_give_no_range():
    values = np.kron(np.eye(2), np.ones((2, 2)))
    whole = index(LADDER)
    low, _, ranked = again(values[:3], whole, by="place", counts=False)
    assert ranked == 0
    assert np.isnan(low).all()
