"""References and cycles, over the tables as they would be after an import."""

import pyarrow as pa
import pytest

from liantu.ingest import check
from tests.ingest.desk import csv, gathered, lines

PLACES = "place_id,name,parent_id\nZ,Zhuzhou,\nD06,Tianyuan,Z"


def checked(folder, *, ours=True, **tables):
    """What is wrong between the tables of the files, as lines."""
    found = gathered(csv(folder, **tables))
    assert lines(found) == []
    masks = {name: pa.array([ours] * len(rows)) for name, rows in found.tables.items()}
    return [str(problem) for problem in check(found.tables, found, ours=masks)]


def test_tables_in_order_have_no_problem(tmp_path):
    assert checked(tmp_path, places=PLACES, sources="source_id,title\nS1,a") == []


def test_a_reference_to_nothing_is_named_with_the_one_that_was_meant(tmp_path):
    organisations = "org_id,name,place_id\nO1,a,D06\nO2,b,D6\nO3,c,Nowhere"
    assert checked(tmp_path, places=PLACES, organisations=organisations) == [
        (
            "organisations.csv:3:place_id dangling-reference: an identifier on record as "
            "place_id in places; found 'D6'; did you mean D06?"
        ),
        (
            "organisations.csv:4:place_id dangling-reference: an identifier on record as "
            "place_id in places; found 'Nowhere'; correct it, or add it to places"
        ),
    ]


def test_a_reference_into_an_empty_table_says_so(tmp_path):
    assert checked(tmp_path, organisations="org_id,name,place_id\nO1,a,Z") == [
        (
            "organisations.csv:2:place_id dangling-reference: an identifier on record as "
            "place_id in places; found 'Z'; places holds no rows: import places too"
        )
    ]


def test_each_of_several_references_in_a_cell_is_checked(tmp_path):
    places = "place_id,name,source_id\nP1,a,S1;S3;S2\nP2,b,S2\nP3,c,"
    found = checked(tmp_path, places=places, sources="source_id,title\nS1,a\nS2,b")
    assert [line.split("; ")[1] for line in found] == ["found 'S3'"]


def test_the_kind_of_a_subject_tells_the_table_it_stands_in(tmp_path):
    observations = "subject_kind,subject_id,measure,year,value\n"
    observations += "place,Z,output,2020,1\norg,Z,output,2020,1\n企业机构,O1,output,2020,1"
    (line,) = checked(
        tmp_path,
        places=PLACES,
        organisations="org_id,name\nO1,a",
        observations=observations,
    )
    assert line.startswith("observations.csv:3:subject_id dangling-reference:")
    assert "org_id in organisations; found 'Z'" in line


@pytest.mark.parametrize(
    ("name", "text", "address", "ring"),
    [
        (
            "places",
            "place_id,name,parent_id\nA,a,B\nB,b,C\nC,c,A",
            "2:parent_id",
            "A -> B -> C -> A",
        ),
        ("organisations", "org_id,name,parent_org_id\nA,a,A", "2:parent_org_id", "A -> A"),
        (
            "products",
            "product_id,name,parent_id\nX,x,\nA,a,B\nB,b,A",
            "3:parent_id",
            "A -> B -> A",
        ),
    ],
)
def test_a_row_above_itself_is_named_with_the_whole_ring(tmp_path, name, text, address, ring):
    (line,) = checked(tmp_path, **{name: text})
    assert line.startswith(f"{name}.csv:{address} cycle: ")
    assert f"; found {ring}; take out or correct one of these rows" in line


def test_every_cycle_of_parts_is_named_in_order(tmp_path):
    products = "product_id,name\n" + "\n".join(f"{item},{item}" for item in "ABCDE")
    parts = "product_id,part_id\nA,B\nB,C\nC,A\nD,E\nE,D\nA,A\nA,E"
    found = checked(tmp_path, products=products, parts=parts)
    assert [line.split("; ")[1] for line in found] == [
        "found A -> B -> C -> A",
        "found D -> E -> D",
        "found A -> A",
    ]
    assert found[0].startswith(
        "parts.csv:2:part_id cycle: a product that is no part of itself;"
    )


def test_an_older_row_is_named_by_its_key(tmp_path):
    sites = "site_id,org_id\nW1,O1"
    organisations = "org_id,name\nO2,b"
    assert checked(tmp_path, ours=False, sites=sites, organisations=organisations) == [
        (
            "sites:org_id dangling-reference: an identifier on record as org_id in "
            "organisations; found 'O1' in the earlier row of sites with site_id W1; correct "
            "it, or add it to organisations"
        )
    ]


def test_a_cycle_is_placed_at_the_row_that_this_import_brought(tmp_path):
    found = gathered(csv(tmp_path, places="place_id,name,parent_id\nA,a,B\nB,b,A"))
    masks = {"places": pa.array([False, True])}
    (problem,) = check(found.tables, found, ours=masks)
    assert problem.address == "places.csv:3:parent_id"


def test_tables_that_the_import_does_not_touch_are_left_alone(tmp_path):
    found = gathered(csv(tmp_path, sites="site_id,org_id\nW1,O1"))
    other = gathered(csv(tmp_path, calendar_days="calendar,date,working\nCN,2024-05-01,1"))
    assert check(found.tables, other, ours={}) == []


def test_many_references_are_checked_at_once_and_counted(tmp_path):
    rows = [f"O{n},x,P{n % 300},O{n // 2}" for n in range(1, 60_000)]
    text = "\n".join(["org_id,name,place_id,parent_org_id", *rows])
    places = "\n".join(["place_id,name", *(f"P{n},p" for n in range(200))])
    found = checked(tmp_path, organisations=text, places=places)
    assert len([line for line in found if "dangling-reference" in line]) == 1_001
    assert (
        "organisations:place_id more-problems: at most 10,000 problems in a column; found "
        "19,000 more than are listed; correct those that are listed, then import again" in found
    )
