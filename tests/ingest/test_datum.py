"""Positions on another datum are converted, once."""

import pytest

from liantu.ingest.gathering import gathered


def test_a_position_on_gcj02_is_kept_on_wgs84_with_a_blank_datum(tmp_path):
    (tmp_path / "places.csv").write_text(
        "place_id,name,longitude,latitude,datum\n"
        "map,Map,116.41024449916938,39.91640428150164,gcj02\n"
        "gps,Satellite,116.404,39.915,\n"
        "none,No position,,,gcj02\n"
    )
    intake = gathered([tmp_path])
    assert not intake.problems
    rows = {row["place_id"]: row for row in intake.tables["places"].to_pylist()}
    assert rows["map"]["longitude"] == pytest.approx(116.404, abs=1e-9)
    assert rows["map"]["latitude"] == pytest.approx(39.915, abs=1e-9)
    assert rows["gps"]["longitude"] == 116.404
    assert [row["datum"] for row in rows.values()] == [None, None, None]
    assert rows["none"]["longitude"] is None
