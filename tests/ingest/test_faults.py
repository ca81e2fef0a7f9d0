"""Five hundred faults in ten thousand rows are all found, in one pass."""

import random

from tests.ingest.desk import csv, gathered

ROWS, FAULTS = 10_000, 500
BAD = {
    "name": ("", "missing-value"),
    "level": ("vilage", "unknown-choice"),
    "longitude": ("113E", "wrong-type"),
    "latitude": ("91", "out-of-bounds"),
    "datum": ("WGS-85", "unknown-choice"),
    "place_id": (None, "duplicate-key"),
    "boundary": (None, "ragged-row"),
}


def seeded():
    """The lines of a file with faults, and the address of each."""
    chance = random.Random(20)  # noqa: S311 - a seed, not a secret
    names = ["place_id", "name", "level", "longitude", "latitude", "datum"]
    table = [[f"P{n}", f"Park {n}", "park", "113.1", "27.8", "wgs84"] for n in range(ROWS)]
    faults = set()
    rows = chance.sample(range(1, ROWS), FAULTS)
    sound = sorted(set(range(ROWS)) - set(rows))
    for row in rows:
        name = chance.choice(list(BAD))
        value, code = BAD[name]
        if code == "ragged-row":
            table[row].append("x")
        else:
            known = [first for first in sound[:50] if first < row]
            table[row][names.index(name)] = (
                value if value is not None else f"P{chance.choice(known)}"
            )
        faults.add((row + 2, None if code == "ragged-row" else name, code))
    return "\n".join(map(",".join, [names, *table])), faults


def test_five_hundred_faults_are_all_found_and_nothing_else(tmp_path):
    text, faults = seeded()
    problems = gathered(csv(tmp_path, places=text)).problems
    assert len(faults) == FAULTS
    assert {(item.row, item.column, item.code) for item in problems} == faults
    assert len(problems) == FAULTS
