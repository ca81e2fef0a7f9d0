"""Milestones: which belong to a chain and a place, and how a date becomes a point in time."""

import pytest

from liantu.lens import find, run

RECORD = {
    "places": "place_id level parent_id\nc country -\nx city c\ny district x\nz city c",
    "organisations": "org_id name place_id\na A y\nb B z",
    "products": "product_id name parent_id\ntrain T -\nnight N train\nbogie G -\nship S -",
    "chains": "chain_id name\nrail Rail",
    "chain_products": "chain_id product_id\nrail train",
    "parts": "product_id part_id\nnight bogie",
    "milestones": """
        milestone_id kind product_id org_id place_id date evidence
        m1 export_order night a - 2020-01-15 -
        m2 in_service bogie b x 2021 -
        m3 in_service train b - 2023-02 -
        m4 first_domestic ship a - 1954-08 -
        m5 trial_operation train a - - synthetic
        m6 import_substituted train a - 2019 assumed
    """,
}


def milestones(store, **params):
    return run("milestones", params, store=store)


def ids(result):
    return result.table["milestone_id"].to_pylist()


def test_kinds_of_a_product_and_its_parts_belong_to_the_chain_and_assumed_ones_never_count(
    record,
):
    assert ids(milestones(record(**RECORD), chain="rail")) == ["m1", "m2", "m3", "m5"]


def test_a_milestone_is_where_it_happened_else_where_its_organisation_is(record):
    store = record(**RECORD)
    assert ids(milestones(store, place="x")) == ["m4", "m1", "m2", "m5"]
    assert milestones(store, place="y").table["place_id"].to_pylist() == ["y", "y", "y"]


def test_products_without_a_milestone_are_unknown_and_synthetic_ones_are_counted(record):
    answer = milestones(record(**RECORD), chain="rail").answer
    entry = answer.entry("products")
    assert (entry.value, entry.unknown, entry.synthetic) == (3, 0, 1)
    assert answer.entry("latest_year").value == 2023
    assert answer.entry("in_service").value == 2
    assert answer.entry("import_substituted").value == 0
    assert [sentence.values["n"] for sentence in answer.left_out] == [1]


@pytest.mark.parametrize(
    ("date", "years"),
    [("2021", 2021.5), ("2021-01", 2021 + 0.5 / 12), ("2021-12-01", 2021 + 11 / 12)],
)
def test_a_date_is_drawn_as_precisely_as_it_is_known(record, date, years):
    dated = RECORD | {
        "milestones": RECORD["milestones"]
        + f"    m7 in_service ship a - {date} -\n    m8 in_service ship a - 2001 -\n"
    }
    (figure,) = milestones(record(**dated)).figures
    assert years in [pytest.approx(event.when) for event in figure.events]


def test_fewer_than_four_dated_milestones_are_written_not_drawn(record):
    assert not milestones(record(**RECORD), chain="rail").figures


def test_a_place_without_any_is_answered_in_words(record):
    said = milestones(record(**RECORD), place="z", chain="rail")
    assert ids(said) == ["m3"]
    said = milestones(record(places=RECORD["places"]), place="z")
    assert "No milestone" in said.findings[0].template
    assert find("milestones").row
