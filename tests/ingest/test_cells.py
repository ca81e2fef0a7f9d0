"""Every bad cell is named; every accepted way to write a value is read."""

import datetime as dt

import pytest

from liantu.ingest.codes import CODES
from tests.ingest.desk import csv, gathered, lines, rows

PLACES = "place_id,name,level,longitude"


@pytest.mark.parametrize(
    ("tables", "line"),
    [
        (
            {"places": "place_id,name,longitude\nP1,Park,east"},
            (
                "places.csv:2:longitude wrong-type: a number in degree, at least -180, at "
                "most 180; found 'east'; correct the cell or leave the cell blank"
            ),
        ),
        (
            {"places": "place_id,name,longitude\nP1,Park,200.5"},
            (
                "places.csv:2:longitude out-of-bounds: a number in degree, at least -180, at "
                "most 180; found '200.5'; correct the number or leave the cell blank"
            ),
        ),
        (
            {"parts": "product_id,part_id,quantity\nA,B,0"},
            (
                "parts.csv:2:quantity out-of-bounds: a number, above 0; found '0'; correct "
                "the number or leave the cell blank"
            ),
        ),
        (
            {"places": "place_id,name,longitude\nP1,Park,1e999"},
            (
                "places.csv:2:longitude not-finite: a number in degree, at least -180, at "
                "most 180; found '1e999'; write a finite number or leave the cell blank"
            ),
        ),
        (
            {"places": "place_id,name,level\nP1,Park,citty"},
            (
                "places.csv:2:level unknown-choice: one of country, province, city, district, "
                "park; found 'citty'; did you mean city?"
            ),
        ),
        (
            {"places": "place_id,name\nP1,"},
            "places.csv:2:name missing-value: text; found a blank cell; fill in the cell",
        ),
        (
            {"places": "place_id\nP1"},
            (
                "places.csv:1:name missing-column: a column name in places: Name; found none; "
                "add the column name and fill it in"
            ),
        ),
        (
            {"organisations": "orgid,name,org_id\nx,y,z"},
            (
                "organisations.csv:1:orgid unknown-column: the name of a column of "
                "organisations; found 'orgid'; did you mean org_id?"
            ),
        ),
        (
            {"places": "place_id,name,名称\nP1,Park,园"},
            (
                "places.csv:1:name repeated-column: one column for name; found 'name' and "
                "'名称'; keep one of the two, or leave it out: --column '名称=-'"
            ),
        ),
        (
            {"place": "place_id,name\nP1,Park"},
            (
                "place.csv unknown-table: the name of a table, such as places or "
                "organisations; found 'place'; did you mean places? or say which it is: "
                "--sheet 'place=places'"
            ),
        ),
        (
            {"places": "place_id,name\nP1,Park\nP2,a,b"},
            (
                "places.csv:3 ragged-row: 2 cells, as many as the header has; found 3 cells "
                "in 'P2,a,b'; put text that holds a comma in double quotes, and leave no cell "
                "out"
            ),
        ),
        (
            {"places": "place_id,name\nP1,Park\nP1,Yard"},
            (
                "places.csv:3:place_id duplicate-key: each place_id once in an import; found "
                "'P1' again, which stands in places.csv:2; keep one of the two rows"
            ),
        ),
        (
            {"places": "Dear colleagues\nplease find below"},
            (
                "places.csv:1 unknown-kind: a first row that names columns of places: "
                "place_id, name, name_local, level, …; found 'Dear colleagues'; put the names "
                "of the columns above the rows, one in each cell"
            ),
        ),
    ],
)
def test_a_bad_cell_is_named_with_its_address(tmp_path, tables, line):
    found = gathered(csv(tmp_path, **tables))
    assert lines(found) == [line]
    assert found.problems[0].code in CODES


def test_every_problem_is_found_in_one_pass(tmp_path):
    files = csv(
        tmp_path,
        places=f"{PLACES},x\nP1,Park,citty,200,1\nP1,,city,nan,",
        calendar_days="calendar,date,working\nCN,2024-02-30,maybe",
    )
    assert [(item.file, item.row, item.code) for item in gathered(files).problems] == [
        ("places.csv", 1, "unknown-column"),
        ("places.csv", 2, "unknown-choice"),
        ("places.csv", 2, "out-of-bounds"),
        ("places.csv", 3, "duplicate-key"),
        ("places.csv", 3, "missing-value"),
        ("places.csv", 3, "not-finite"),
        ("calendar_days.csv", 2, "wrong-type"),
        ("calendar_days.csv", 2, "wrong-type"),
    ]


@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "-Infinity", "1e999", "-1e999"])
def test_a_number_that_is_not_finite_is_named(tmp_path, text):
    problems = gathered(
        csv(tmp_path, places=f"place_id,name,longitude\nP1,Park,{text}")
    ).problems
    assert [(item.code, item.found) for item in problems] == [("not-finite", f"'{text}'")]


@pytest.mark.parametrize("text", ["0x10", "1,5", "1_000", "٣", "1e", "--1", "true"])
def test_a_number_that_python_or_arrow_would_read_is_not_taken_for_one(tmp_path, text):
    files = csv(tmp_path, makes=f'org_id,product_id,year,value\nO,P,2020,3\nO,P,2021,"{text}"')
    assert [item.code for item in gathered(files).problems] == ["wrong-type"]


@pytest.mark.parametrize("text", ["2024.5", "0x7E8", "MMXXIV", "1e3", "20 24"])
def test_a_year_that_is_no_whole_number_is_named(tmp_path, text):
    files = csv(tmp_path, organisations=f"org_id,name,founded\nO,Works,{text}")
    assert [item.code for item in gathered(files).problems] == ["wrong-type"]


@pytest.mark.parametrize(
    "text",
    ["2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "31.5.2024", "0000-01-01", "x"],
)
def test_a_day_that_never_was_is_named(tmp_path, text):
    files = csv(tmp_path, calendar_days=f"calendar,date,working\nCN,{text},1\nCN,2024-02-29,0")
    found = gathered(files)
    assert [(item.code, item.row) for item in found.problems] == [("wrong-type", 2)]
    assert found.tables["calendar_days"]["date"].to_pylist() == [None, dt.date(2024, 2, 29)]


@pytest.mark.parametrize(
    "text", ["2024-05-31T24:00", "2024-05-31T14:60", "2024-02-30T10:00", "2024-05-31T10:00Z"]
)
def test_a_time_that_never_was_or_has_a_zone_is_named(tmp_path, text):
    head = "case_id,item_id,activity,time"
    found = gathered(csv(tmp_path, service_events=f"{head}\nC,I,accept,{text}"))
    assert [item.code for item in found.problems] == ["wrong-type"]


def test_values_are_read_as_people_write_them(tmp_path):
    files = csv(
        tmp_path,
        calendar_days="calendar,date,working\nA,2024-05-01,true\nB,2024-05-01 00:00:00,否\n"
        "C,2024-05-01,YES\nD,2024-05-01,0",
        organisations="org_id,name,founded,kind\n 01 , Works ,1998.0,COMPANY\n2,B,+1999,高校",
        service_events="case_id,item_id,activity,time\nC,I,a,2024-05-31T14:30:01.123456\n"
        "C,I,a,2024-05-31 14:30\nC,I,a,2024-05-31",
    )
    found = gathered(files)
    assert lines(found) == []
    assert [row["working"] for row in rows(found, "calendar_days")] == [
        True,
        False,
        True,
        False,
    ]
    assert rows(found, "organisations") == [
        {"org_id": "01", "name": "Works", "founded": 1998, "kind": "company"},
        {"org_id": "2", "name": "B", "founded": 1999, "kind": "university"},
    ]
    assert [row["time"] for row in rows(found, "service_events")] == [
        dt.datetime(2024, 5, 31, 14, 30, 1, 123456),  # noqa: DTZ001 - times are local
        dt.datetime(2024, 5, 31, 14, 30),  # noqa: DTZ001
        dt.datetime(2024, 5, 31),  # noqa: DTZ001
    ]


def test_headers_are_accepted_as_names_and_titles_in_both_languages(tmp_path):
    text = "PLACE ID,名称,Local name,上级地区,Ｌevel\nP1,Park,园,P0,园区"
    assert rows(gathered(csv(tmp_path, 地区=text)), "places") == [
        {
            "place_id": "P1",
            "name": "Park",
            "name_local": "园",
            "parent_id": "P0",
            "level": "park",
        }
    ]


def test_several_sources_in_a_cell_are_parted_in_one_way(tmp_path):
    text = "place_id,name,source_id\nP1,a,S1 ；S2 ; \nP2,b,S1\nP3,c,;"
    found = gathered(csv(tmp_path, places=text))
    assert found.tables["places"]["source_id"].to_pylist() == ["S1;S2", "S1", None]


def test_past_ten_thousand_problems_a_thousand_are_listed_and_the_rest_counted(tmp_path):
    text = "\n".join(["place_id,name,level", *(f"P{n},x,bad" for n in range(10_050))])
    problems = gathered(csv(tmp_path, places=text)).problems
    assert len(problems) == 1_001
    assert str(next(item for item in problems if item.code == "more-problems")) == (
        "places.csv:1:level more-problems: at most 10,000 problems in a column; found 9,050 "
        "more than are listed; correct those that are listed, then import again"
    )


def test_absent_and_present_columns_are_told_apart(tmp_path):
    found = gathered(csv(tmp_path, places="place_id,name,level\nP1,Park,"))
    assert found.present == {"places": frozenset({"place_id", "name", "level"})}
    assert found.rows == (1,)
