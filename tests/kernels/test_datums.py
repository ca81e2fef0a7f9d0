"""Positions on offset datums come back to WGS 84."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from liantu.kernels.datums import _offset, wgs84_of_bd09, wgs84_of_gcj02


def at(longitude, latitude):
    return np.array([longitude]), np.array([latitude])


def test_a_point_in_beijing_moves_by_the_known_offset():
    # Published by open implementations: (116.404, 39.915) on WGS 84 is (116.410244, 39.916404).
    east, north = wgs84_of_gcj02(*at(116.41024449916938, 39.91640428150164))
    np.testing.assert_allclose([east[0], north[0]], [116.404, 39.915], atol=1e-9)


def test_a_point_of_the_other_provider_goes_by_way_of_gcj02():
    # Likewise: (116.404, 39.915) on BD-09 is (116.397627, 39.908657) on GCJ-02.
    by_hand = wgs84_of_gcj02(*at(116.39762729119315, 39.90865673957631))
    np.testing.assert_allclose(wgs84_of_bd09(*at(116.404, 39.915)), by_hand, atol=1e-9)


def test_in_zhuzhou_the_offset_is_some_hundreds_of_metres():
    east, north = wgs84_of_gcj02(*at(113.15, 27.833))
    metres = np.hypot((east - 113.15) * 98_400, (north - 27.833) * 110_800)
    assert 300 < metres[0] < 800


def test_abroad_there_is_no_offset_and_no_position_stays_none():
    east, north = wgs84_of_gcj02(np.array([2.35, np.nan]), np.array([48.85, np.nan]))
    assert (east[0], north[0]) == (2.35, 48.85)
    assert np.isnan(east[1])


@given(st.floats(75, 135), st.floats(5, 53))
def test_turning_the_offset_round_gives_the_point_back(longitude, latitude):
    start = at(longitude, latitude)
    shift = _offset(*start)
    back = wgs84_of_gcj02(start[0] + shift[0], start[1] + shift[1])
    np.testing.assert_allclose(back, start, atol=1e-9)
