"""References and cycles, over the tables as they would be after an import."""

import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from liantu.ingest import check, placed, read, resolve
from liantu.ingest.intake import Unread
from liantu.schema import TABLES
from tests.ingest.desk import csv, gathered, lines, table

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


def told(folder, **files):
    """What is wrong with the files and between them, as an import would tell it."""
    paths = []
    for name, content in files.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_bytes(content if isinstance(content, bytes) else content.encode())
    found = gathered(paths)
    masks = {name: pa.array([True] * len(rows)) for name, rows in found.tables.items()}
    resolved = resolve(found, {name: table(name, []) for name in TABLES})
    problems = [*resolved.problems, *check(resolved.tables, resolved, ours=masks)]
    return [
        f"{item.address} {item.code}"
        for item in placed(problems, found.heads)
        if item.severity == "error"
    ]


ORGANISATIONS = "org_id,name,place_id\nO1,a,P1\nO2,b,P2\nO3,c,Nowhere\n"


@pytest.mark.parametrize(
    "places", [b"", b"place_id,name\nP1,\xff\n", b"place_id,name\nP1,a\0\n"]
)
def test_references_to_a_table_whose_file_is_refused_are_not_told_one_by_one(tmp_path, places):
    found = told(tmp_path, places=places, organisations=ORGANISATIONS)
    assert len(found) == 1
    assert found[0].startswith("places.csv")


def test_references_to_other_tables_are_told_beside_a_file_that_is_refused(tmp_path):
    makes = "org_id,product_id,year\nO1,X,2020\nO9,X,2020"
    assert told(
        tmp_path,
        places="place_id,name\nP1,a\nP2,b",
        products=b"product_id,name\nX,\xff\n",
        organisations=ORGANISATIONS,
        makes=makes,
    ) == [
        "products.csv:2 unreadable-file",
        "organisations.csv:4:place_id dangling-reference",
        "makes.csv:3:org_id dangling-reference",
    ]


@pytest.mark.parametrize(
    ("name", "places", "cause"),
    [
        ("places", "place_idd,name\nP1,a\nP2,b\n", "places.csv:1:place_idd unknown-column"),
        ("places", "place_id,name\nP1,a\nP2,b,more,cells\n", "places.csv:3 ragged-row"),
        ("places", "P1,a\nP2,b\n", "places.csv:1"),
        ("Sheet7", "place_id,name\nP1,a\nP2,b\n", "Sheet7.csv unknown-table"),
    ],
)
def test_references_to_what_stands_unread_are_not_told_and_the_others_are(
    tmp_path, name, places, cause
):
    found = told(tmp_path, **{name: places}, organisations=ORGANISATIONS)
    assert found[0].startswith(cause)
    dangling = [line for line in found if line.endswith("dangling-reference")]
    assert dangling == ["organisations.csv:4:place_id dangling-reference"]


def test_references_by_a_name_whose_column_is_not_known_are_not_told(tmp_path):
    found = told(
        tmp_path,
        places="place_id,name,nmae_lcoal\nP1,Tianyuan,天元区\nP2,Shifeng,石峰区\n",
        organisations="org_id,name,place_id\nO1,a,天元区\nO2,b,石峰区\nO3,c,芦淞区\n",
    )
    assert found == [
        "places.csv:1:nmae_lcoal unknown-column",
        "organisations.csv:4:place_id dangling-reference",
    ]


def test_beside_a_workbook_that_is_refused_only_references_to_tables_read_are_told(tmp_path):
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04" + bytes(99))
    paths = csv(
        tmp_path,
        places="place_id,name\nP1,a\nP2,b",
        organisations=ORGANISATIONS,
        makes="org_id,product_id,year\nO1,X,2020\nO9,X,2020",
    )
    found = gathered([tmp_path / "book.xlsx", *paths])
    masks = {name: pa.array([True] * len(rows)) for name, rows in found.tables.items()}
    assert [problem.address for problem in check(found.tables, found, ours=masks)] == [
        "organisations.csv:4:place_id",
        "makes.csv:3:org_id",
    ]


def test_what_was_not_read_is_the_same_from_the_child_process(tmp_path):
    files = csv(tmp_path, places="place_id,nmae\nP1,天元区", organisations="org_id\nO1,O2")
    (tmp_path / "products.csv").write_bytes(b"")
    files.append(tmp_path / "products.csv")
    found = read(files)
    assert found.unread == gathered(files).unread
    assert found.unread.tables == {"products"}
    assert {"天元区", "O2"} <= found.unread.words
    assert found.errors


def test_columns_of_every_type_that_are_not_known_are_named_and_nothing_else(tmp_path):
    cells = {
        "place_id": ["P1"],
        "number": [1001.0],
        "day": [dt.date(2024, 1, 1)],
        "instant": [dt.datetime(2024, 1, 1, tzinfo=dt.UTC)],
        "bytes": [b"x"],
        "truth": [True],
        "nothing": pa.nulls(1),
        "code": pa.array(["x"]).dictionary_encode(),
    }
    pq.write_table(pa.table(cells), tmp_path / "places.parquet")
    found = gathered([tmp_path / "places.parquet"])
    assert {problem.code for problem in found.errors} <= {"unknown-column", "missing-column"}
    assert {"1001", "x"} <= found.unread.words


def test_nothing_is_unread_where_an_import_has_no_error(tmp_path):
    found = gathered(csv(tmp_path, places="place_id,name,No.,\nP1,a,1,\nP2,b,2,"))
    assert found.errors == ()
    assert found.unread == Unread()
