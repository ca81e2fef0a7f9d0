"""Faults seeded in a long file are all found in one pass, each in its cell, and no other."""

import random

from xlsxwriter.utility import xl_rowcol_to_cell

from liantu import ingest
from tests.ingest.desk import gathered
from tests.ingest.drafts import Draft, Formula, Page, page_of

ROWS, FAULTS = 10_000, 500
BAD = {
    "name": (None, "missing-value"),
    "level": ("vilage", "unknown-choice"),
    "longitude": ("113E", "wrong-type"),
    "latitude": ("91", "out-of-bounds"),
    "datum": ("WGS-85", "unknown-choice"),
    "place_id": ("again", "duplicate-key"),
}
OF_CSV = {"boundary": (1, "ragged-row")}
OF_XLSX = {
    "boundary": (Formula("=1/0", "#REF!"), "error-cell"),
    "name_local": (Formula("=A1", None), "formula-without-value"),
}


def seeded(kind):
    """A page with faults, and the row, cell and code of each."""
    chance = random.Random(20)  # noqa: S311 - a seed, not a secret
    page = page_of("places", [_place(n) for n in range(ROWS)], "en", kind=kind)
    heads = {head.name: (at, head) for at, head in enumerate(page.heads)}
    bad = BAD | (OF_CSV if kind == "csv" else OF_XLSX)
    faults = set()
    for n in sorted(chance.sample(range(1, ROWS), FAULTS)):
        name = chance.choice(list(bad))
        value, code = bad[name]
        at, head = heads[name]
        if code == "ragged-row":
            page.ragged[page.lines[n]] = value
        else:
            page.lines[n].cells[head] = "P0" if code == "duplicate-key" else value
        cell = None if code == "ragged-row" else xl_rowcol_to_cell(n + 1, at)
        faults.add((n + 2, cell, code))
    return page, faults


def _place(n):
    return {
        "place_id": f"P{n}",
        "name": f"Park {n}",
        "name_local": f"园{n}",
        "level": "park",
        "longitude": 113.1,
        "latitude": 27.8,
        "datum": "wgs84",
        "boundary": "none",
    }


def found(folder, kind, page: Page):
    """Row, cell and code of every error in the file."""
    files = Draft(kind, "en", [page]).write(folder)
    intake = gathered(files)
    located = ingest.placed(intake.errors, intake.heads)
    return [(item.row, item.cell, item.code) for item in located]


def test_five_hundred_faults_of_a_csv_file_are_all_found_and_nothing_else(tmp_path):
    page, faults = seeded("csv")
    assert len(faults) == FAULTS
    assert sorted(found(tmp_path, "csv", page), key=str) == sorted(faults, key=str)


def test_five_hundred_faults_of_a_workbook_are_all_found_and_nothing_else(tmp_path):
    page, faults = seeded("xlsx")
    assert len(faults) == FAULTS
    assert sorted(found(tmp_path, "xlsx", page), key=str) == sorted(faults, key=str)
