"""Distances on the sphere: the nearest maker of each part, and how much lies within a radius.

Positions become unit vectors once; candidates are compared by squared chord |u - v|^2, which
keeps its precision at small distances, and only a minimum is turned into km:
d = 2 R asin(|u - v| / 2), R = 6371.0088 km, equal to the haversine formula. The error is below
a micrometre, and grows to 0.1 m within 10 km of the antipode.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from liantu.kernels.chords import (
    Counts,
    Floats,
    Sites,
    Starts,
    chord_limits,
    kilometres,
    least_chords,
    least_chords_of_block,
    makers_within,
    sphere_points,
    squared_chords,
)

AnyIndices = NDArray[np.integer[Any]]

MOST_RADII = 255  # a ring is counted in one byte
BLOCK = 512  # origins whose vectors and minima stay in the first-level cache
FEW = 8  # origins up to which one after the other is as fast as a block (measured)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest maker of each part, and how many are near.

    Attributes
    ----------
    distance_km : (p,) float64, in [0, 20016]; inf where no maker is located
    nearest : (p,) int32
        Site of the nearest maker, the lowest of equals; -1 where no maker is located.
    within : (p, r) int32
        Distinct located makers at most each radius away.
    """

    distance_km: Floats
    nearest: Counts
    within: Counts


def unit_vectors(longitude_degree: Floats, latitude_degree: Floats) -> Floats:
    """Positions as points of the unit sphere; NaN in all three where either degree is NaN.

    Parameters
    ----------
    longitude_degree : (n,) float64, in [-180, 180] or NaN
    latitude_degree : (n,) float64, in [-90, 90] or NaN

    Returns
    -------
    (n, 3) float64
        x towards (0, 0), y towards (90 east, 0), z towards the north pole.
    """
    longitude = _degrees(longitude_degree, "longitude_degree", 180.0)
    latitude = _degrees(latitude_degree, "latitude_degree", 90.0)
    if longitude.size != latitude.size:
        message = (
            f"longitude_degree has {longitude.size} positions and latitude_degree "
            f"{latitude.size}: give one of each a position"
        )
        raise ValueError(message)
    return sphere_points(longitude, latitude)


def distance_km(
    longitude: Floats, latitude: Floats, origin_longitude: float, origin_latitude: float
) -> Floats:
    """Great-circle distance of each position from one origin, as ``nearest`` reports it.

    Parameters
    ----------
    longitude, latitude : (n,) float64, degrees, in [-180, 180] and [-90, 90], or NaN
    origin_longitude, origin_latitude : float, degrees, in the same ranges

    Returns
    -------
    (n,) float64, km, in [0, 20016]; NaN where the position is NaN
    """
    origin = unit_vectors(np.array([origin_longitude]), np.array([origin_latitude]))[0]
    vectors = unit_vectors(longitude, latitude)
    return kilometres(squared_chords(vectors, _located(origin[np.newaxis])[0]))


def nearest(
    indptr: AnyIndices, site: AnyIndices, vectors: Floats, origin: Floats, radii_km: Floats
) -> Nearest:
    """Nearest maker of each part from one origin, and the makers within each radius.

    Parameters
    ----------
    indptr : (p + 1,) int64
        Makers of part i are ``site[indptr[i]:indptr[i + 1]]``, in any order; one listed twice
        counts once.
    site : (m,) uint32 or int32, in [0, s)
    vectors : (s, 3) float64, unit vectors; NaN where the site has no position
    origin : (3,) float64, unit vector
    radii_km : (r,) float64, >= 0, in any order; r at most 255
        A maker exactly at the radius is within; empty if only the distance is asked.

    Returns
    -------
    Nearest

    Notes
    -----
    O(s * r + m). Chords are found once a site; a pair reads the first bits of one, and the
    rest only where they may decide. A radius becomes the largest squared chord whose
    reported distance is at most the radius, so ``within`` and ``distance_km <= radius``
    never disagree.
    """
    starts, sites, vectors = _makers(indptr, site, vectors)
    origin = _located(np.asarray(origin)[np.newaxis])[0]
    radii = _radii(radii_km)
    if radii.size > MOST_RADII:
        message = f"radii_km must be at most {MOST_RADII} radii, found {radii.size}"
        raise ValueError(message)
    order = np.argsort(radii, kind="stable")
    limits = chord_limits(radii[order])
    chords = squared_chords(vectors, origin)
    least, where = least_chords(starts, sites, chords)
    within = np.empty((starts.size - 1, radii.size), np.int32)
    if radii.size:
        within[:, order] = makers_within(starts, sites, chords, limits)
    return Nearest(kilometres(least), where, within)


def nearest_many(
    indptr: AnyIndices, site: AnyIndices, vectors: Floats, origins: Floats
) -> Floats:
    """Distance from each origin to the nearest maker of each part.

    Parameters
    ----------
    indptr, site, vectors
        As in ``nearest``.
    origins : (o, 3) float64, unit vectors

    Returns
    -------
    (o, p) float64, km, in [0, 20016]; inf where no maker of the part is located
        Row i equals ``nearest(..., origins[i], ...).distance_km``.

    Notes
    -----
    O(m * o); a site is fetched once for a block of 512 origins. Beside the answer it needs
    memory for one block, or for one chord a site where origins are few.
    """
    starts, sites, vectors = _makers(indptr, site, vectors)
    rows = _located(np.asarray(origins))
    least = np.empty((rows.shape[0], starts.size - 1))
    if rows.shape[0] <= FEW:
        for row, origin in enumerate(rows):
            least[row] = least_chords(starts, sites, squared_chords(vectors, origin))[0]
    else:
        for first in range(0, rows.shape[0], BLOCK):
            block = np.ascontiguousarray(rows[first : first + BLOCK].T)
            least_chords_of_block(starts, sites, vectors, block, least[first : first + BLOCK])
    return kilometres(least.ravel()).reshape(least.shape)


def coverage(distance_km: Floats, weight: Floats, radii_km: Floats) -> Floats:
    """Share of the weight that lies within each radius.

    C(r) = sum of w [d <= r] / sum of w, read for every radius from one distance vector.

    Parameters
    ----------
    distance_km : (p,) float64, >= 0; inf for a part without a located maker, which stays in
        the denominator
    weight : (p,) float64, finite and >= 0
    radii_km : (r,) float64, >= 0, in any order

    Returns
    -------
    (r,) float64, in [0, 1]; NaN if there is no weight at all

    Notes
    -----
    O(p log p + r log p). The same parts in another order give the same bits.
    """
    radii = _radii(radii_km)
    distance, share = _running_share(distance_km, weight)
    if not share.size:
        return np.full(radii.size, math.nan)
    count = np.searchsorted(distance, radii, side="right")
    return np.concatenate(([0.0], share))[count]


def weighted_share(distance_km: Floats, weight: Floats, radius_km: float) -> float | None:
    """Share of the weight within one radius, as ``coverage``; None if there is no weight."""
    share = float(coverage(distance_km, weight, np.array([radius_km]))[0])
    return None if math.isnan(share) else share


def log_area(distance_km: Floats, low_km: float, high_km: float) -> float:
    """Mean coverage over the logarithm of the radius, from ``low_km`` to ``high_km``.

    The area under C(r) on log r, over that of full coverage: each part adds the share of the
    span that lies beyond its distance.

    Parameters
    ----------
    distance_km : (p,) float64, >= 0, p >= 1; inf for a part without a located maker
    low_km, high_km : float, km, 0 < low < high

    Returns
    -------
    float, in [0, 1]
    """
    reached = np.clip(distance_km, low_km, high_km)
    return float(np.mean(np.log(high_km / reached)) / math.log(high_km / low_km))


def weighted_quantile_km(distance_km: Floats, weight: Floats, share: float) -> float:
    """Least distance within which at least ``share`` of the weight lies; inf if none is.

    Parameters
    ----------
    distance_km, weight
        As in ``coverage``, with which the answer agrees: the coverage at the returned distance
        is at least ``share``, and less at any smaller one.
    share : float, in (0, 1]

    Returns
    -------
    float, km; inf if the share is not reached, NaN if there is no weight at all
    """
    if not 0.0 < share <= 1.0:
        message = f"share must be in (0, 1], found {share}"
        raise ValueError(message)
    distance, running = _running_share(distance_km, weight)
    if not running.size:
        return math.nan
    return float(distance[np.searchsorted(running, share)])


def _degrees(degrees: Floats, name: str, bound: float) -> Floats:
    """Degrees as float64, after a check of shape, type and range."""
    degrees = _vector(degrees, name)
    outside = np.abs(degrees) > bound
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        message = (
            f"{name}[{row}] must be in [-{bound:g}, {bound:g}], or NaN for no position, "
            f"found {degrees[row]}"
        )
        raise ValueError(message)
    return degrees


def _vector(values: Floats, name: str) -> Floats:
    """The values as a flat float64 array, after a check of shape and type."""
    values = np.asarray(values)
    if values.ndim != 1 or (values.dtype.kind not in "fiu" and values.size):
        message = (
            f"{name} must be a flat float64 array, found {values.dtype} of shape {values.shape}"
        )
        raise ValueError(message)
    return np.ascontiguousarray(values, np.float64)


def _radii(radii_km: Floats) -> Floats:
    """Radii as float64, after a check that each is a distance."""
    radii = _vector(radii_km, "radii_km")
    if not (np.isfinite(radii) & (radii >= 0)).all():
        message = f"radii_km must be finite and at least 0 km, found {radii.tolist()}"
        raise ValueError(message)
    return radii


def _located(origins: Floats) -> Floats:
    """Origins as (o, 3) float64, after a check that each has a position."""
    if origins.ndim != 2 or origins.shape[1] != 3 or origins.dtype.kind != "f":
        message = (
            "an origin must be a float64 unit vector of 3 as unit_vectors returns, "
            f"found {origins.dtype} of shape {origins.shape}"
        )
        raise ValueError(message)
    if not np.isfinite(origins).all():
        row = int(np.flatnonzero(~np.isfinite(origins).all(axis=1))[0])
        message = f"origin {row} has no position: every origin needs a longitude and a latitude"
        raise ValueError(message)
    return np.ascontiguousarray(origins, np.float64)


def _makers(
    indptr: AnyIndices, site: AnyIndices, vectors: Floats
) -> tuple[Starts, Sites, Floats]:
    """Makers by part and their vectors as the kernels take them, after a check of each."""
    indptr, site, vectors = np.asarray(indptr), np.asarray(site), np.asarray(vectors)
    if indptr.ndim != 1 or indptr.size == 0 or indptr.dtype.kind not in "iu":
        message = (
            f"indptr must be a flat array of integers, one more than parts, found {indptr}"
        )
        raise ValueError(message)
    if indptr[0] != 0 or indptr[-1] != site.size or (indptr[1:] < indptr[:-1]).any():
        message = (
            f"indptr must rise from 0 to the number of pairs, {site.size}, "
            f"found {indptr[0]} to {indptr[-1]}"
        )
        raise ValueError(message)
    if vectors.ndim != 2 or vectors.shape[1] != 3 or vectors.dtype.kind != "f":
        message = f"vectors must be float64 of shape (s, 3), found shape {vectors.shape}"
        raise ValueError(message)
    if site.ndim != 1 or (site.dtype.kind not in "iu" and site.size):
        message = f"site must be a flat array of integer site indices, found {site.dtype}"
        raise ValueError(message)
    if site.size and not (site.min() >= 0 and site.max() < vectors.shape[0]):
        message = (
            f"site must be in [0, {vectors.shape[0]}), the rows of vectors, "
            f"found {site.min()} to {site.max()}"
        )
        raise ValueError(message)
    if site.dtype.itemsize != 4:
        site = site.astype(np.uint32)
    sites = np.ascontiguousarray(site).view(np.uint32)
    return indptr.astype(np.int64), sites, np.ascontiguousarray(vectors, np.float64)


def _running_share(distance_km: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Distances in order, and the share of all weight up to and including each.

    Equal distances stand in order of weight, so that the order of the parts has no effect.
    Both are empty if there is no weight at all.
    """
    distance, weight = _vector(distance_km, "distance_km"), _vector(weight, "weight")
    if distance.size != weight.size:
        message = f"distance_km has {distance.size} parts and weight {weight.size}"
        raise ValueError(message)
    for name, values, is_wrong, want in (
        ("distance_km", distance, ~(distance >= 0), "at least 0, or inf for no located maker"),
        ("weight", weight, ~(weight >= 0) | np.isinf(weight), "finite and at least 0"),
    ):
        if is_wrong.any():
            row = int(np.flatnonzero(is_wrong)[0])
            message = f"{name}[{row}] must be {want}, found {values[row]}"
            raise ValueError(message)
    order = np.argsort(distance)
    near, heavy = distance[order], weight[order]
    if ((near[1:] == near[:-1]) & (heavy[1:] != heavy[:-1])).any():
        order = np.lexsort((weight, distance))
    running = _running_sum(weight[order])
    if not running.size or running[-1] == 0.0:
        return np.empty(0), np.empty(0)
    return distance[order], running / running[-1]


@njit(cache=True, nogil=True)
def _running_sum(weight: Floats) -> Floats:
    """(p,) sum up to and including each weight, with the rounding error of each addition.

    Neumaier (1974), Zeitschrift für Angewandte Mathematik und Mechanik 54(1).
    """
    running = np.empty(weight.size)
    total, error = 0.0, 0.0
    for i in range(weight.size):
        grown = total + weight[i]
        if total >= weight[i]:
            error += (total - grown) + weight[i]
        else:
            error += (weight[i] - grown) + total
        total = grown
        running[i] = total + error
    return running
