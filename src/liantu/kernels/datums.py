"""Positions on the offset datums of Chinese maps, brought to WGS 84."""

from typing import Any

import numpy as np

Degrees = np.ndarray[Any, np.dtype[np.float64]]

_SEMI_MAJOR_M, _ECCENTRICITY_SQUARED = 6378245.0, 0.00669342162296594323  # Krasovsky 1940
_ROUNDS = 10  # each shrinks the error a thousandfold; three reach the last bit


def wgs84_of_gcj02(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """WGS 84 positions of points given on GCJ-02, the datum of maps published in China.

    The offset has a known rule from WGS 84 to GCJ-02 only; it is turned round by a fixed point.

    Parameters
    ----------
    longitude, latitude : (n,) float64, degree; NaN stays NaN

    Returns
    -------
    longitude, latitude : (n,) float64, degree
        Outside the rectangle 72.004..137.8347 east, 0.8293..55.8271 north there is no offset.

    Notes
    -----
    The rule was never published; this is the one that open implementations agree on.
    """
    east, north = longitude.copy(), latitude.copy()
    for _ in range(_ROUNDS):
        shift_east, shift_north = _offset(east, north)
        east, north = longitude - shift_east, latitude - shift_north
    is_inside = (
        (longitude > 72.004)
        & (longitude < 137.8347)
        & (latitude > 0.8293)
        & (latitude < 55.8271)
    )
    return np.where(is_inside, east, longitude), np.where(is_inside, north, latitude)


def wgs84_of_bd09(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """WGS 84 positions of points given on BD-09, the datum of one provider of maps.

    Parameters
    ----------
    longitude, latitude : (n,) float64, degree; NaN stays NaN

    Returns
    -------
    longitude, latitude : (n,) float64, degree
    """
    east, north = longitude - 0.0065, latitude - 0.006
    wave = np.pi * 3000.0 / 180.0
    radius = np.hypot(east, north) - 0.00002 * np.sin(north * wave)
    angle = np.arctan2(north, east) - 0.000003 * np.cos(east * wave)
    return wgs84_of_gcj02(radius * np.cos(angle), radius * np.sin(angle))


def _offset(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Degrees by which GCJ-02 lies off WGS 84 at positions on WGS 84."""
    x, y = longitude - 105.0, latitude - 35.0
    root, pi = np.sqrt(np.abs(x)), np.pi
    ripple = (20.0 * np.sin(6.0 * x * pi) + 20.0 * np.sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north += (20.0 * np.sin(y * pi) + 40.0 * np.sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * pi) + 320.0 * np.sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east += (20.0 * np.sin(x * pi) + 40.0 * np.sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * pi) + 300.0 * np.sin(x / 30.0 * pi)) * 2.0 / 3.0
    angle = np.radians(latitude)
    magic = 1.0 - _ECCENTRICITY_SQUARED * np.sin(angle) ** 2
    per_north = np.radians(_SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED) / magic**1.5)
    per_east = np.radians(_SEMI_MAJOR_M / np.sqrt(magic) * np.cos(angle))
    return east / per_east, north / per_north
