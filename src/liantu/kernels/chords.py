"""Loops over squared chords |u - v|^2 between points of the unit sphere.

The chord keeps its precision at small distances, where the cosine u.v loses it, and orders
as the distance does, so that only a minimum needs its arc: d = 2 R asin(|u - v| / 2).
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int32]
Starts = NDArray[np.int64]
Sites = NDArray[np.uint32]

EARTH_RADIUS_KM = 6371.0088
MOST_SITES = 2**31 - 1
SINE = (
    -1.66666666666666324348e-01,
    8.33333333332248946124e-03,
    -1.98412698298579493134e-04,
    2.75573137070700676789e-06,
    -2.50507602534068634195e-08,
    1.58969099521155010221e-10,
)
COSINE = (
    4.16666666666666019037e-02,
    -1.38888888888741095749e-03,
    2.48015872894767294178e-05,
    -2.75573143513906633035e-07,
    2.08757232129817482790e-09,
    -1.13596475577881948265e-11,
)
BEYOND = 8.0  # more than any squared chord of unit vectors, rounding included


@njit(cache=True, nogil=True)
def chord_limits(radii_km: Floats) -> Floats:
    """Largest squared chord whose distance, as reported, is at most each radius.

    Found by bisection over the bits of float64, whose order is that of the values.
    """
    limits = np.empty(radii_km.size)
    middle = np.empty(1)
    bits = middle.view(np.int64)
    for i in range(radii_km.size):
        middle[0] = BEYOND
        low, high = np.int64(0), bits[0]
        while high - low > 1:
            bits[0] = low + (high - low) // 2
            if _km(middle[0]) <= radii_km[i]:
                low = bits[0]
            else:
                high = bits[0]
        bits[0] = low
        limits[i] = middle[0]
    return limits


@njit(cache=True, nogil=True)
def _km(chord: float) -> float:
    """Distance in km along the sphere of a squared chord; NaN and inf stay as they are."""
    if chord == math.inf:
        return chord
    return 2.0 * EARTH_RADIUS_KM * math.asin(min(0.5 * math.sqrt(chord), 1.0))


@njit(cache=True, nogil=True)
def _turn(degrees: float) -> tuple[float, float]:
    """Sine and cosine of an angle in degrees, exact at the quarter turns.

    The angle is reduced in degrees, which loses nothing; the polynomials on [-pi/4, pi/4] are
    those of fdlibm's k_sin.c and k_cos.c (Sun Microsystems 1993). Free of branches, so that
    a loop over positions runs in vector registers.
    """
    quarter = np.floor(degrees / 90.0 + 0.5)
    angle = (degrees - 90.0 * quarter) * (math.pi / 180.0)
    z = angle * angle
    odd = SINE[4] + z * SINE[5]
    even = COSINE[4] + z * COSINE[5]
    for i in range(3, -1, -1):
        odd = SINE[i] + z * odd
        even = COSINE[i] + z * even
    sine = angle + angle * z * odd
    cosine = 1.0 - 0.5 * z + z * z * even
    side = quarter - 4.0 * np.floor(0.25 * quarter)
    is_across = side in (1.0, 3.0)
    first, second = (cosine, sine) if is_across else (sine, cosine)
    return (-first if side >= 2.0 else first), (-second if side in (1.0, 2.0) else second)


@njit(cache=True, nogil=True)
def sphere_points(longitude: Floats, latitude: Floats) -> Floats:
    """(n, 3) unit vectors of positions in degrees."""
    vectors = np.empty((longitude.size, 3))
    for i in range(longitude.size):
        north, east = _turn(longitude[i])
        up, across = _turn(latitude[i])
        vectors[i, 0] = across * east
        vectors[i, 1] = across * north
        vectors[i, 2] = up + 0.0 * east  # no position without a longitude either
    return vectors


@njit(cache=True, nogil=True)
def squared_chords(vectors: Floats, origin: Floats) -> Floats:
    """(s,) squared chord of each vector from the origin, in [0, 4]; NaN where it is NaN."""
    chords = np.empty(vectors.shape[0])
    x, y, z = origin[0], origin[1], origin[2]
    for i in range(vectors.shape[0]):
        dx, dy, dz = vectors[i, 0] - x, vectors[i, 1] - y, vectors[i, 2] - z
        chords[i] = dx * dx + dy * dy + dz * dz
    return chords


@njit(cache=True, nogil=True)
def kilometres(chords: Floats) -> Floats:
    """(n,) km along the sphere of squared chords."""
    km = np.empty(chords.size)
    for i in range(chords.size):
        km[i] = _km(chords[i])
    return km


@njit(cache=True, nogil=True)
def least_chords(indptr: Starts, site: Sites, chords: Floats) -> tuple[Floats, Counts]:
    """Least squared chord of each part and its site; inf and -1 where all are NaN.

    The first 16 bits of a chord order it to within 1/16, and their table is a quarter as
    large as that of the chords, which is read only for candidates.
    """
    bits = chords.view(np.uint64)
    coarse = np.empty(chords.size, np.uint16)
    for i in range(chords.size):
        coarse[i] = bits[i] >> np.uint64(48)
    n_parts = indptr.size - 1
    least = np.full(n_parts, math.inf)
    where = np.full(n_parts, -1, np.int32)
    for part in range(n_parts):
        bound, best, best_site = np.uint16(0x7FF0), math.inf, np.uint32(MOST_SITES)
        for k in range(indptr[part], indptr[part + 1]):
            i = site[k]
            if coarse[i] > bound:
                continue
            chord = chords[i]
            if chord < best or (chord == best and i < best_site):
                bound, best, best_site = coarse[i], chord, i
        if best < math.inf:
            least[part], where[part] = best, best_site
    return least, where


@njit(cache=True, nogil=True)
def makers_within(indptr: Starts, site: Sites, chords: Floats, limits: Floats) -> Counts:
    """(p, r) distinct makers of each part at most each limit away; limits ascend.

    A row whose sites do not ascend may repeat one, and is counted again with a stamp on each.
    """
    n_parts, n_limits = indptr.size - 1, limits.size
    ring = np.zeros(chords.size, np.uint8)
    for limit in range(n_limits):
        for i in range(chords.size):
            ring[i] += not chords[i] <= limits[limit]
    stamp = np.zeros(chords.size, np.int32)
    count = np.empty(n_limits + 1, np.int32)
    within = np.empty((n_parts, n_limits), np.int32)
    for part in range(n_parts):
        first, end = indptr[part], indptr[part + 1]
        count[:] = 0
        before, ascents = np.int64(-1), 0
        for k in range(first, end):
            if np.int64(site[k]) > before:
                ascents += 1
            before = np.int64(site[k])
            count[ring[site[k]]] += 1
        if ascents < end - first:
            count[:] = 0
            for k in range(first, end):
                count[ring[site[k]]] += stamp[site[k]] <= part
                stamp[site[k]] = part + 1
        so_far = 0
        for limit in range(n_limits):
            so_far += count[limit]
            within[part, limit] = so_far
    return within


@njit(cache=True, nogil=True)
def least_chords_of_block(
    indptr: Starts, site: Sites, vectors: Floats, origins: Floats, least: Floats
) -> None:
    """Fill (o, p) ``least`` with the least squared chord from each of (3, o) ``origins``.

    Two makers at a time, the last one twice where they are odd, so that a minimum is loaded
    and stored half as often (measured: half the time).
    """
    n_origins = origins.shape[1]
    east, north, up = origins[0], origins[1], origins[2]
    best = np.empty(n_origins)
    for part in range(indptr.size - 1):
        best[:] = math.inf
        end = indptr[part + 1]
        for k in range(indptr[part], end, 2):
            a, b = vectors[site[k]], vectors[site[min(k + 1, end - 1)]]
            ax, ay, az, bx, by, bz = a[0], a[1], a[2], b[0], b[1], b[2]
            for o in range(n_origins):
                x, y, z = east[o], north[o], up[o]
                dx, dy, dz = ax - x, ay - y, az - z
                ex, ey, ez = bx - x, by - y, bz - z
                nearer = min(best[o], dx * dx + dy * dy + dz * dz)
                best[o] = min(nearer, ex * ex + ey * ey + ez * ez)
        for o in range(n_origins):
            least[o, part] = best[o]
