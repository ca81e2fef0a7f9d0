import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from liantu.kernels.great_circle import (
    coverage,
    distance_km,
    nearest,
    nearest_many,
    unit_vectors,
    weighted_quantile_km,
)
from tests import naive

QUARTER_KM = math.pi / 2 * 6371.0088
NO_RADIUS = np.empty(0)
ZHUZHOU, CHANGSHA, QINGDAO, UNKNOWN = range(4)
LONGITUDE = np.array([113.15, 112.94, 120.38, math.nan])
LATITUDE = np.array([27.83, 28.23, 36.07, 30.0])

unhurried = settings(deadline=None)  # the first example compiles


def one_vector(longitude, latitude):
    return unit_vectors(np.array([longitude]), np.array([latitude]))[0]


def test_the_axes_are_where_the_docstring_says_exactly():
    vectors = unit_vectors(np.array([0.0, 90, 180, -90, 77]), np.array([0.0, 0, 0, 0, 90]))
    assert vectors.tolist() == [[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0], [0, 0, 1]]


def test_a_position_that_is_half_known_is_not_known():
    vectors = unit_vectors(np.array([math.nan, 113.0]), np.array([27.0, math.nan]))
    assert np.isnan(vectors).all()


def test_a_quarter_of_the_way_round_is_a_quarter_of_the_way_round():
    km = distance_km(
        np.array([90.0, 0, 180, 0, math.nan]), np.array([0.0, 90, 0, 0, 0]), 0.0, 0.0
    )
    np.testing.assert_allclose(
        km, [QUARTER_KM, QUARTER_KM, 2 * QUARTER_KM, 0, math.nan], rtol=1e-15
    )


def test_a_metre_is_a_metre():
    metre = math.degrees(0.001 / 6371.0088)
    km = distance_km(np.array([113.15]), np.array([27.83 + metre]), 113.15, 27.83)
    assert km[0] == pytest.approx(0.001, abs=2e-12)


def test_zhuzhou_is_49_km_from_changsha():
    km = distance_km(LONGITUDE[[CHANGSHA]], LATITUDE[[CHANGSHA]], 113.15, 27.83)
    assert km[0] == pytest.approx(49.03, abs=0.01)


def test_the_nearest_maker_is_found_and_the_makers_within_each_radius_counted():
    site = np.array([QINGDAO, CHANGSHA, UNKNOWN, QINGDAO, ZHUZHOU], np.int32)
    found = nearest(
        np.array([0, 3, 3, 4, 5]),
        site,
        unit_vectors(LONGITUDE, LATITUDE),
        one_vector(113.15, 27.83),
        np.array([2000.0, 0.0, 50.0]),
    )
    assert found.nearest.tolist() == [CHANGSHA, -1, QINGDAO, ZHUZHOU]
    assert found.within.tolist() == [[2, 0, 1], [0, 0, 0], [1, 0, 0], [1, 1, 1]]
    assert found.distance_km[[1, 3]].tolist() == [math.inf, 0.0]
    assert (found.nearest.dtype, found.within.dtype) == (np.int32, np.int32)


def test_a_part_whose_makers_have_no_position_has_no_nearest():
    found = nearest(
        np.array([0, 1]), np.array([0]), np.full((1, 3), math.nan), one_vector(0, 0), NO_RADIUS
    )
    assert (found.distance_km[0], found.nearest[0]) == (math.inf, -1)


def test_of_makers_at_one_place_the_lowest_site_is_the_nearest():
    vectors = unit_vectors(np.full(5, 113.0), np.full(5, 28.0))
    found = nearest(
        np.array([0, 3]),
        np.array([4, 1, 3], np.uint32),
        vectors,
        one_vector(113.0, 27.0),
        NO_RADIUS,
    )
    assert found.nearest.tolist() == [1]


def test_a_maker_listed_twice_counts_once():
    vectors = unit_vectors(np.array([113.0, 113.1]), np.array([28.0, 28.0]))
    found = nearest(
        np.array([0, 3, 5]),
        np.array([1, 0, 1, 0, 0], np.int32),
        vectors,
        one_vector(113.0, 28.0),
        np.array([100.0]),
    )
    assert found.within.tolist() == [[2], [1]]


def test_the_far_side_of_the_world_is_within_half_a_turn():
    vectors = unit_vectors(np.array([-66.85]), np.array([-27.83]))
    found = nearest(
        np.array([0, 1]), np.array([0]), vectors, one_vector(113.15, 27.83), np.array([20016.0])
    )
    assert found.within.tolist() == [[1]]


def test_coverage_is_read_for_every_radius_and_the_unlocated_stay_in_the_denominator():
    distance = np.array([0.0, 30.0, 5.0, math.inf])
    weight = np.array([1.0, 2.0, 3.0, 4.0])
    radii = np.array([30.0, 5.0, 4.9, 0.0, 1e6])
    assert coverage(distance, weight, radii).tolist() == [0.6, 0.4, 0.1, 0.1, 0.6]


def test_a_quantile_is_the_distance_at_which_the_share_is_first_reached():
    distance, weight = np.array([40.0, 10, 20, 30, math.inf]), np.ones(5)
    found = [weighted_quantile_km(distance, weight, share) for share in (0.2, 0.5, 0.8, 0.81)]
    assert found == [10, 30, 40, math.inf]


def test_of_no_weight_there_is_no_share():
    none, zero = np.empty(0), np.zeros(2)
    assert np.isnan(coverage(none, none, np.array([1.0]))).all()
    assert np.isnan(coverage(np.array([1.0, 2.0]), zero, np.array([1.0]))).all()
    assert math.isnan(weighted_quantile_km(none, none, 0.5))


def test_a_thousand_tenths_add_without_drift():
    distance, weight = np.arange(1000.0), np.full(1000, 0.1)
    expected = naive.coverage(distance, weight, [299.0, 999.0])
    found = coverage(distance, weight, np.array([299.0, 999.0]))
    np.testing.assert_allclose(found, expected, rtol=3e-16)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: unit_vectors(np.array([181.0]), np.zeros(1)),
            r"longitude_degree\[0\] must be in \[-180, 180\]",
        ),
        (
            lambda: unit_vectors(np.zeros(1), np.array([-90.1])),
            r"latitude_degree\[0\] must be in \[-90, 90\]",
        ),
        (lambda: unit_vectors(np.zeros(1), np.zeros(2)), "give one of each a position"),
        (
            lambda: unit_vectors(np.zeros((1, 1)), np.zeros(1)),
            "longitude_degree must be a flat float64",
        ),
        (
            lambda: distance_km(np.zeros(1), np.zeros(1), math.nan, 0.0),
            "origin 0 has no position",
        ),
        (
            lambda: coverage(np.zeros(2), np.array([1, math.nan]), np.ones(1)),
            r"weight\[1\] must be finite .*nan",
        ),
        (
            lambda: coverage(np.zeros(1), np.array([-1.0]), np.ones(1)),
            r"weight\[0\] must be finite and at least 0",
        ),
        (
            lambda: coverage(np.array([math.nan]), np.ones(1), np.ones(1)),
            "inf for no located maker, found nan",
        ),
        (
            lambda: coverage(np.zeros(2), np.ones(1), np.ones(1)),
            "distance_km has 2 parts and weight 1",
        ),
        (
            lambda: coverage(np.zeros(1), np.ones(1), np.array([math.inf])),
            "radii_km must be finite",
        ),
        (
            lambda: weighted_quantile_km(np.zeros(1), np.ones(1), 0.0),
            r"share must be in \(0, 1\], found 0",
        ),
    ],
)
def test_what_is_not_a_distance_or_a_weight_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"indptr": np.array([0, 1])},
            "indptr must rise from 0 to the number of pairs, 2, found 0 to 1",
        ),
        ({"indptr": np.array([0, 3, 2])}, "indptr must rise"),
        ({"indptr": np.array([0.0, 2.0])}, "indptr must be a flat array of integers"),
        (
            {"site": np.array([0, 9])},
            r"site must be in \[0, 2\), the rows of vectors, found 0 to 9",
        ),
        ({"site": np.array([-1, 1])}, "found -1 to 1"),
        ({"site": np.array([0.0, 1.0])}, "site must be a flat array of integer"),
        ({"vectors": np.zeros((2, 2))}, r"vectors must be float64 of shape \(s, 3\)"),
        ({"origin": np.zeros(2)}, "an origin must be a float64 unit vector of 3"),
        ({"origin": np.full(3, math.nan)}, "origin 0 has no position"),
        ({"radii_km": np.array([-1.0])}, "radii_km must be finite and at least 0 km"),
        ({"radii_km": np.zeros(256)}, "radii_km must be at most 255 radii"),
    ],
)
def test_what_are_not_makers_is_refused_in_words(change, message):
    whole = {
        "indptr": np.array([0, 2]),
        "site": np.array([0, 1]),
        "vectors": unit_vectors(LONGITUDE[:2], LATITUDE[:2]),
        "origin": one_vector(113.0, 28.0),
        "radii_km": np.array([5.0]),
    }
    with pytest.raises(ValueError, match=message):
        nearest(**(whole | change))


NEAR = st.integers(-20, 20).map(lambda step: step / 100)
DEGREE = st.one_of(NEAR, st.floats(-89, 89))
PLACE = st.one_of(st.just((math.nan, math.nan)), st.tuples(DEGREE, DEGREE))


@st.composite
def makers(draw):
    """Positions of sites, and for each of a few parts a list of them, repeats and all."""
    positions = draw(st.lists(PLACE, min_size=1, max_size=8))
    site = st.integers(0, len(positions) - 1)
    rows = draw(st.lists(st.lists(site, max_size=9), max_size=6))
    indptr = np.cumsum([0, *(len(row) for row in rows)])
    flat = np.array([one for row in rows for one in row], np.int32)
    longitude, latitude = np.array(positions).T
    return indptr, flat, positions, unit_vectors(longitude, latitude)


@unhurried
@given(PLACE, st.tuples(DEGREE, DEGREE))
def test_a_distance_is_the_haversine(position, origin):
    km = distance_km(np.array([position[0]]), np.array([position[1]]), *origin)[0]
    expected = naive.haversine_km(*position, *origin)
    near_antipode = expected > 20_000
    assert km == pytest.approx(expected, abs=2e-4 if near_antipode else 1e-9, nan_ok=True)


@unhurried
@given(makers(), st.tuples(DEGREE, DEGREE))
def test_nearest_is_what_a_double_loop_finds(case, origin):
    indptr, site, positions, vectors = case
    radii = np.array([500.0, 7.3, 15_000.0])
    expected = naive.nearest(indptr, site, positions, origin, radii)
    assume(all(abs(km - radius) > 1e-3 for km, _, _ in expected for radius in radii))
    found = nearest(indptr, site, vectors, one_vector(*origin), radii)
    for part, (km, best, within) in enumerate(expected):
        assert found.distance_km[part] == pytest.approx(
            km, abs=1e-3 if 2e4 < km < 1e9 else 1e-9
        )
        assert (found.nearest[part] < 0) == (best < 0)
        assert found.within[part].tolist() == within
        if best >= 0:
            chosen = positions[found.nearest[part]]
            assert naive.haversine_km(*chosen, *origin) == pytest.approx(km, abs=1e-3)


@unhurried
@given(makers(), st.tuples(DEGREE, DEGREE))
def test_a_maker_exactly_at_the_radius_is_within_and_the_next_float_below_is_not(case, origin):
    indptr, site, positions, vectors = case
    longitude, latitude = np.array(positions).T
    km = distance_km(longitude, latitude, *origin)
    exact = km[np.isfinite(km)]
    below = np.nextafter(exact[exact > 0], 0)
    radii = np.concatenate((exact, below))
    found = nearest(indptr, site, vectors, one_vector(*origin), radii)
    for part in range(indptr.size - 1):
        listed = np.unique(site[indptr[part] : indptr[part + 1]])
        np.testing.assert_array_equal(
            found.within[part], [np.count_nonzero(km[listed] <= radius) for radius in radii]
        )
        if found.nearest[part] >= 0:
            assert found.distance_km[part] == km[found.nearest[part]] == np.nanmin(km[listed])


@unhurried
@given(makers(), st.lists(st.tuples(DEGREE, DEGREE), max_size=12))
def test_many_origins_give_the_same_bits_as_one_after_the_other(case, places):
    indptr, site, _, vectors = case
    longitude, latitude = np.array(places, np.float64).reshape(-1, 2).T
    origins = unit_vectors(longitude, latitude)
    found = nearest_many(indptr, site, vectors, origins)
    assert found.shape == (len(places), indptr.size - 1)
    for row, origin in zip(found, origins, strict=True):
        one = nearest(indptr, site, vectors, origin, NO_RADIUS).distance_km
        np.testing.assert_array_equal(row, one)


WEIGHED = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 5).map(float), st.floats(0, 1e4), st.just(math.inf)),
        st.integers(0, 3000).map(lambda n: n / 1024),  # sums without rounding
    ),
    max_size=12,
)


@unhurried
@given(WEIGHED, st.lists(st.floats(0, 2e4), max_size=4))
def test_coverage_is_what_its_definition_says(parts, radii):
    distance, weight = np.array(parts, np.float64).reshape(-1, 2).T
    radii = np.array([*radii, 3.0])
    expected = naive.coverage(distance, weight, radii)
    np.testing.assert_allclose(coverage(distance, weight, radii), expected, rtol=3e-16)


@unhurried
@given(WEIGHED, st.integers(1, 8).map(lambda eighth: eighth / 8))
def test_a_quantile_agrees_with_its_definition_and_with_coverage(parts, share):
    distance, weight = np.array(parts, np.float64).reshape(-1, 2).T
    found = weighted_quantile_km(distance, weight, share)
    expected = naive.weighted_quantile_km(distance, weight, share)
    assert found == pytest.approx(expected, nan_ok=True)
    if math.isfinite(found):
        at, below = coverage(
            distance, weight, np.array([found, max(np.nextafter(found, 0), 0)])
        )
        assert at >= share
        assert below < share or found == 0


@unhurried
@given(WEIGHED, st.randoms(use_true_random=False))
def test_the_order_of_the_parts_changes_no_bit(parts, random):
    radii = np.array([1.0, 3.0, 100.0])
    shuffled = random.sample(parts, len(parts))
    curves = [
        coverage(*np.array(rows, np.float64).reshape(-1, 2).T, radii)
        for rows in (parts, shuffled)
    ]
    np.testing.assert_array_equal(*curves)
