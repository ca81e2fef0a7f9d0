"""What each kind of file may hold, and what is said of one that is damaged or false."""

import datetime as dt
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from liantu.ingest import many
from tests.ingest.desk import csv, gathered, lines, rows


def book(path, **sheets):
    with xlsxwriter.Workbook(path) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for name, table in sheets.items():
            page = made.add_worksheet(name)
            for row, cells in enumerate(table):
                for position, cell in enumerate(cells):
                    if isinstance(cell, str):
                        page.write_string(row, position, cell)
                    else:
                        page.write(
                            row, position, cell, day if isinstance(cell, dt.date) else None
                        )
    return path


def test_a_file_of_false_or_unknown_kind_is_named(tmp_path):
    (tmp_path / "places.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "sites.csv").write_bytes(b"PK\x03\x04....")
    (tmp_path / "makes.parquet").write_text("org_id,product_id\n")
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1")
    (tmp_path / "README.md").write_text("not a table")
    assert lines(gathered([tmp_path])) == [
        (
            "makes.parquet unknown-kind: a Parquet file; found text; save the table as .xlsx "
            "or CSV"
        ),
        (
            "old.xls unknown-kind: a CSV, XLSX, Parquet, JSON lines or XES file; found .xls, "
            "an old or encrypted Office file; take off its password, and save it as .xlsx or "
            "CSV"
        ),
        (
            "places.xlsx unknown-kind: an Excel workbook; found a PNG picture; save the table "
            "as .xlsx or CSV"
        ),
        "sites.csv unknown-kind: CSV text; found a zip archive; save the table as .xlsx or CSV",
    ]


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert lines(gathered([tmp_path / "places.csv"])) == [
        (
            "places.csv unreadable-file: a file that can be read; found no such file or "
            "directory; check its name and its rights"
        )
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "empty-file: CSV text; found an empty file"),
        (b"\n , \n\n", "empty-file: a header and rows; found nothing but blanks"),
        (b"place_id,name\nP\0,x\n", ":2 unreadable-file: text; found a NUL byte"),
        (
            b"place_id,name\nP,\xff",
            ":2 unreadable-file: text in UTF-8, or throughout in GB18030; found byte 0xff",
        ),
        (
            b'place_id,name\nP1,a\nP2,"b\nP3,c\n',
            ":3 unreadable-file: a closing double quote for each that opens a cell; found none",
        ),
    ],
)
def test_a_damaged_text_file_is_named_by_line(tmp_path, content, line):
    (tmp_path / "places.csv").write_bytes(content)
    (found,) = lines(gathered([tmp_path]))
    assert found.replace("places.csv", "").strip().startswith(line)


@pytest.mark.parametrize("above", [0, 1, 3, 5_000])
def test_a_byte_that_is_no_utf8_is_named_by_its_line_of_json(tmp_path, above):
    line = b'{"place_id": "P", "name": "x"}\n'
    (tmp_path / "places.jsonl").write_bytes(line * above + b'{"place_id": "\xff"}\n' + line)
    (found,) = gathered([tmp_path]).problems
    assert (found.row, found.found) == (above + 1, "byte 0xff")


def test_of_very_many_rows_of_another_width_the_first_and_a_count_are_told(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(many, "MOST", 3)
    monkeypatch.setattr(many, "FIRST", 2)
    found = gathered(csv(tmp_path, places="place_id,name" + "\nP,a,b" * 5)).problems
    assert [(item.code, item.row) for item in found] == [
        ("more-problems", None),
        ("ragged-row", 2),
        ("ragged-row", 3),
    ]
    assert found[0].found == "3 more than are listed"


def test_a_truncated_workbook_or_parquet_file_is_named(tmp_path):
    whole = book(tmp_path / "b.xlsx", places=[["place_id", "name"]]).read_bytes()
    (tmp_path / "b.xlsx").write_bytes(whole[:200])
    pq.write_table(pa.table({"place_id": ["P"], "name": ["x"]}), tmp_path / "places.parquet")
    whole = (tmp_path / "places.parquet").read_bytes()
    (tmp_path / "places.parquet").write_bytes(whole[:-6])
    codes = [(item.file, item.code) for item in gathered([tmp_path]).problems]
    assert codes == [("b.xlsx", "unreadable-file"), ("places.parquet", "unreadable-file")]


def test_a_record_with_quoted_line_breaks_counts_as_one_row(tmp_path):
    text = (
        'place_id,name,level\nP1,"two\nlines",city\n\nP2,"said ""so""",bad\n,,\nP3,5" pipe,city'
    )
    found = gathered(csv(tmp_path, places=text))
    assert [(item.row, item.code) for item in found.problems] == [(4, "unknown-choice")]
    assert found.tables["places"]["origin_row"].to_pylist() == [2, 4, 6]
    assert found.tables["places"]["name"].to_pylist() == ["two\nlines", 'said "so"', '5" pipe']


def test_rows_below_a_ragged_one_keep_their_numbers(tmp_path):
    found = gathered(csv(tmp_path, places="place_id,name\nP1,a\nP2\n\nP3,c,d\nP4,d"))
    assert [item.row for item in found.problems] == [3, 5]
    assert found.tables["places"]["origin_row"].to_pylist() == [2, 6]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_byte_order_mark_and_other_separators_are_fine(tmp_path, sign):
    text = f"\ufeffplace_id{sign}name\r\nP1{sign}株洲\r\n"
    (tmp_path / "places.csv").write_bytes(text.encode())
    found = gathered([tmp_path])
    assert lines(found) == []
    assert rows(found, "places") == [{"place_id": "P1", "name": "株洲"}]


def test_a_header_alone_is_an_empty_table(tmp_path):
    (tmp_path / "places.csv").write_text("place_id,name")
    found = gathered([tmp_path])
    assert (lines(found), found.rows, len(found.tables["places"])) == ([], (0,), 0)


def test_typed_cells_of_a_workbook_are_read(tmp_path):
    path = book(
        tmp_path / "b.xlsx",
        organisations=[["org_id", "name", "founded"], [1001, "a", 1998.0], ["007", True, 0.5]],
        工作日历=[["calendar", "date", "working"], ["CN", dt.date(2024, 5, 1), True]],
        Notes=[["whatever", "stands here"]],
        Sheet1=[],
    )
    found = gathered([path])
    assert lines(found) == [
        (
            "b.xlsx:organisations!3:founded wrong-type: a whole number, such as 2024 in year, "
            "at least 1000, at most 2200; found '0.5'; write the year alone, in four "
            "digits or leave the cell blank"
        )
    ]
    assert rows(found, "organisations") == [
        {"org_id": "1001", "name": "a", "founded": 1998},
        {"org_id": "007", "name": "true", "founded": None},
    ]
    assert rows(found, "calendar_days") == [
        {"calendar": "CN", "date": dt.date(2024, 5, 1), "working": True}
    ]


def test_rows_of_a_sheet_that_begins_lower_are_numbered_as_excel_does(tmp_path):
    path = book(tmp_path / "b.xlsx", places=[[], [], ["place_id", "name"], ["P1", ""]])
    assert [item.address for item in gathered([path]).problems] == ["b.xlsx:places!4:name"]


def test_a_sheet_of_unknown_name_is_named(tmp_path):
    path = book(tmp_path / "b.xlsx", Firms=[["org_id", "name"], ["O", "a"]])
    assert [(item.address, item.code) for item in gathered([path]).problems] == [
        ("b.xlsx:Firms", "unknown-table")
    ]


def test_typed_columns_of_parquet_are_cast(tmp_path):
    columns = {
        "org_id": pa.array([1, 2]),
        "name": pa.array(["a", "b"]).dictionary_encode(),
        "founded": pa.array([1998.0, None]),
        "kind": pa.array(["company", None], pa.large_string()),
    }
    pq.write_table(pa.table(columns), tmp_path / "organisations.parquet")
    found = gathered([tmp_path])
    assert lines(found) == []
    assert rows(found, "organisations") == [
        {"org_id": "1", "name": "a", "founded": 1998, "kind": "company"},
        {"org_id": "2", "name": "b", "founded": None, "kind": None},
    ]


def test_a_typed_column_of_the_wrong_type_is_named_cell_by_cell(tmp_path):
    columns = {
        "calendar": pa.array(["CN", "CN"]),
        "date": pa.array([dt.datetime(2024, 5, 1), dt.datetime(2024, 5, 2, 8)]),  # noqa: DTZ001
        "working": pa.array([1, 7]),
    }
    pq.write_table(pa.table(columns), tmp_path / "calendar_days.parquet")
    assert [(item.address, item.found) for item in gathered([tmp_path]).problems] == [
        ("calendar_days.parquet:3:date", "'2024-05-02 08:00:00.000000'"),
        ("calendar_days.parquet:3:working", "'7'"),
    ]


def test_json_lines_are_read_and_bad_lines_named(tmp_path):
    entries = [
        '{"org_id": 7, "name": "a", "founded": 1998}',
        "",
        "{'org_id': 1}",
        '{"org_id": "x", "name": "b", "name": "c"}',
        "[1]",
        '{"name": "\\ud800", "org_id": "y", "founded": NaN}',
        json.dumps({"org_id": "z", "name": "c", "founded": "1e9"}),
    ]
    (tmp_path / "organisations.jsonl").write_text("\n".join(entries))
    found = gathered([tmp_path])
    assert [(item.row, item.code, item.column) for item in found.problems] == [
        (3, "unreadable-file", None),
        (4, "unreadable-file", None),
        (5, "unreadable-file", None),
        (6, "wrong-type", "founded"),
        (7, "wrong-type", "founded"),
    ]
    assert found.tables["organisations"]["origin_row"].to_pylist() == [1, 6, 7]
    assert found.tables["organisations"]["name"].to_pylist() == ["a", "\\ud800", "c"]


def test_a_geometry_in_json_becomes_its_text(tmp_path):
    shape = {"type": "Point", "coordinates": [1.5, 2]}
    line = json.dumps({"place_id": "P", "name": "a", "boundary": shape})
    (tmp_path / "places.jsonl").write_text(line)
    assert json.loads(rows(gathered([tmp_path]), "places")[0]["boundary"]) == shape


def test_files_of_one_table_are_put_together_and_keys_compared_across(tmp_path):
    (tmp_path / "north").mkdir()
    first = csv(tmp_path, places="place_id,name\nP1,a\nP2,b")
    second = csv(tmp_path / "north", places="place_id,name,level\nP2,c,city")
    found = gathered([*first, *second])
    assert found.present["places"] == {"place_id", "name", "level"}
    assert found.tables["places"]["origin_sheet"].to_pylist() == [0, 0, 1]
    (problem,) = found.problems
    assert problem.file == str(second[0])
    assert problem.found == f"'P2' again, which stands in {first[0]}:3"


def test_a_blank_part_of_a_key_is_a_value_of_it(tmp_path):
    text = "org_id,product_id,site_id,year,output\n"
    text += "O,P,,,1\nO,P,,2020,1\nO,P,W,,1\nO,P,,,2\nO,P,,2020,2"
    problems = gathered(csv(tmp_path, makes=text)).problems
    assert [(item.row, item.found) for item in problems] == [
        (5, "'O, P, ,' again, which stands in makes.csv:2"),
        (6, "'O, P, , 2020' again, which stands in makes.csv:3"),
    ]


def test_a_sheet_that_is_a_chart_is_passed_over(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as made:
        page = made.add_worksheet("places")
        page.write_row(0, 0, ["place_id", "name"])
        page.write_row(1, 0, ["P1", "a"])
        chart = made.add_chart({"type": "bar"})
        chart.add_series({"values": "=places!$A$2:$B$2"})
        made.add_chartsheet("Chart").set_chart(chart)
    found = gathered([tmp_path])
    assert (lines(found), found.rows) == ([], (1,))
