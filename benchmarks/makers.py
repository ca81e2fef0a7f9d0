"""Makers of parts around an origin, and the share within reach, ours and by the peers."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from liantu.kernels.great_circle import coverage, nearest, nearest_many, unit_vectors

EARTH_RADIUS_KM = 6371.0088
RADII_KM = np.array([5.0, 25.0, 50.0, 100.0, 200.0, 300.0, 500.0, 1000.0])
MAKERS_PER_PART, LINES_PER_SITE, N_CITIES = 300, 3, 300
ORIGIN = (113.15, 27.83)


@dataclass(frozen=True)
class Study:
    """Sites around cities, the makers of each part, and what each side builds of them."""

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    indptr: NDArray[np.int64]
    site: NDArray[np.int32]

    @cached_property
    def vectors(self) -> NDArray[np.float64]:
        """Positions as unit vectors."""
        return unit_vectors(self.longitude, self.latitude)

    @cached_property
    def origins(self) -> NDArray[np.float64]:
        """Three hundred origins, the first of them ORIGIN."""
        rng = np.random.default_rng(21)
        longitude, latitude = rng.uniform(105, 122, 300), rng.uniform(22, 40, 300)
        longitude[0], latitude[0] = ORIGIN
        return unit_vectors(longitude, latitude)

    @cached_property
    def weight(self) -> NDArray[np.float64]:
        """Every part weighs the same."""
        return np.ones(self.indptr.size - 1)

    @cached_property
    def tree(self) -> Any:  # noqa: ANN401 - the peer has no types
        """The sites in a BallTree."""
        from sklearn.neighbors import BallTree  # noqa: PLC0415 - the peer may be absent

        return BallTree(
            np.radians([*zip(self.latitude, self.longitude, strict=True)]), metric="haversine"
        )

    @cached_property
    def parts_by_site(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Parts of site i are ``parts[start[i]:start[i + 1]]``."""
        part = np.repeat(np.arange(self.weight.size, dtype=np.int32), MAKERS_PER_PART)
        count = np.bincount(self.site, minlength=self.longitude.size)
        start = np.concatenate(([0], np.cumsum(count)))
        return start, part[np.argsort(self.site, kind="stable")]


def study(n_pairs: int) -> Study:
    """Suppliers around 300 cities about the middle of China's industry, 300 to a part."""
    rng = np.random.default_rng(20)
    n_sites = n_pairs // LINES_PER_SITE
    east, north = rng.normal(116, 4.5, N_CITIES), rng.normal(31, 4.5, N_CITIES)
    size = np.arange(1, N_CITIES + 1) ** -0.8
    city = rng.choice(N_CITIES, n_sites, p=size / size.sum())
    site = np.sort(
        rng.integers(0, n_sites, (n_pairs // MAKERS_PER_PART, MAKERS_PER_PART)), axis=1
    )
    return Study(
        east[city] + rng.normal(0, 0.30, n_sites),
        north[city] + rng.normal(0, 0.25, n_sites),
        np.arange(0, n_pairs + 1, MAKERS_PER_PART),
        site.ravel().astype(np.int32),
    )


def reach(case: Study) -> NDArray[np.float64]:
    """Share of the parts within each radius, ours: one distance for each part."""
    return _curve(case, case.vectors)


def reach_from_degrees(case: Study) -> NDArray[np.float64]:
    """The same, the unit vectors found on the way."""
    return _curve(case, unit_vectors(case.longitude, case.latitude))


def _curve(case: Study, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    found = nearest(case.indptr, case.site, vectors, case.origins[0], np.empty(0))
    return coverage(found.distance_km, case.weight, RADII_KM)


def ball_tree_reach(case: Study) -> NDArray[np.float64]:
    """Share of the parts with a maker among those that the tree finds, radius by radius."""
    shares = [np.unique(_parts_of(case, radius)).size for radius in RADII_KM]
    return np.array(shares) / case.weight.size


def ball_tree_reach_by_marks(case: Study) -> NDArray[np.float64]:
    """The same, the parts found marked instead of made distinct."""
    shares = []
    for radius in RADII_KM:
        is_found = np.zeros(case.weight.size, np.bool_)
        is_found[_parts_of(case, radius)] = True
        shares.append(np.count_nonzero(is_found))
    return np.array(shares) / case.weight.size


def _parts_of(case: Study, radius_km: float) -> NDArray[np.int32]:
    """Part of every pair whose site the tree finds within the radius."""
    origin = np.radians([[ORIGIN[1], ORIGIN[0]]])
    found = case.tree.query_radius(origin, radius_km / EARTH_RADIUS_KM)[0]
    start, part = case.parts_by_site
    first, count = start[found], start[found + 1] - start[found]
    before = np.cumsum(count) - count
    return part[np.repeat(first - before, count) + np.arange(count.sum())]


def nearest_from_300(case: Study) -> NDArray[np.float64]:
    """Distance of the nearest maker of each part from three hundred origins."""
    return nearest_many(case.indptr, case.site, case.vectors, case.origins)


def nearest_from_one(case: Study) -> NDArray[np.float64]:
    """The same from one."""
    return nearest(
        case.indptr, case.site, case.vectors, case.origins[0], np.empty(0)
    ).distance_km


def same_first_row(many: NDArray[np.float64], one: NDArray[np.float64]) -> None:
    """Assert that the first of many origins has the distances of the one."""
    np.testing.assert_array_equal(many[0], one)
