"""Headers as offices write them: below titles, in two rows, misspelt, and of another name."""

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.ingest.headings.header_search import header_at
from liantu.ingest.headings.headers import column_at, column_names, fitting
from liantu.schema import TABLES
from tests.ingest.desk import csv, gathered, lines, rows


def book(path, sheets, merged=()):
    """A workbook with its rows in the order given, and cells merged in the last sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, table in sheets.items():
        page = made.create_sheet(name)
        for cells in table:
            page.append(cells)
        for span in merged if name == list(sheets)[-1] else ():
            page.merge_cells(span)
    made.save(path)
    return [path]


TITLES = (
    ["株洲市轨道交通装备产业链企业名录（2024年）"],
    ["填报单位：某某局", None, "2024-05-31"],
)


def test_a_header_is_found_below_a_title_and_who_filled_it_in(tmp_path):
    table = [*TITLES, [], ["企业/机构 *", "名 称（必填）", "成立\n年份"], ["O1", "甲", 1998]]
    found = gathered(book(tmp_path / "b.xlsx", {"企业机构": table}, ["A1:C1"]))
    assert lines(found) == []
    assert rows(found, "organisations") == [{"org_id": "O1", "name": "甲", "founded": 1998}]
    assert found.tables["organisations"]["origin_row"].to_pylist() == [5]


def test_a_title_stands_above_a_csv_file_too(tmp_path):
    found = gathered(csv(tmp_path, places="地区名单,\n地区,名称\nP1,芦淞"))
    assert (lines(found), rows(found, "places")) == ([], [{"place_id": "P1", "name": "芦淞"}])


MERGED = [
    ["生产情况表", None, None, None, None],
    ["企业/机构", "产品", "产出", None, None],
    [None, None, "数量", "单位", "产值（万元）"],
    ["O1", "P1", 12, "台", 3.5],
]


def test_two_rows_with_merged_cells_are_one_header(tmp_path):
    spans = ["A1:E1", "A2:A3", "B2:B3", "C2:E2"]
    found = gathered(book(tmp_path / "b.xlsx", {"生产": MERGED}, spans))
    assert lines(found) == []
    row = {"org_id": "O1", "product_id": "P1", "output": 12.0, "unit": "台"}
    assert rows(found, "makes") == [row | {"value": 35000.0, "currency": "CNY"}]
    assert found.tables["makes"]["origin_row"].to_pylist() == [4]


def test_two_rows_of_csv_are_one_header_where_a_group_leaves_blanks():
    head = [[cell or "" for cell in map(str, row)] for row in MERGED]
    head = [["" if cell == "None" else cell for cell in row] for row in head]
    at = header_at(head, ("生产",))
    assert (at.above, at.height) == (1, 2)
    assert at.words == ("企业/机构", "产品", "产出数量", "单位", "产值（万元）")
    assert at.lines == (("生产情况表", "", "", "", ""),)


def test_a_row_of_units_below_the_names_belongs_to_the_header(tmp_path):
    text = "企业/机构,产品,产量,产值\n,,吨,万元\nO1,P1,3,4"
    found = gathered(csv(tmp_path, 生产=text))
    assert lines(found) == []
    row = {"org_id": "O1", "product_id": "P1", "output": 3.0, "unit": "吨"}
    assert rows(found, "makes") == [row | {"value": 40000.0, "currency": "CNY"}]


def test_a_header_in_both_languages_is_one_header(tmp_path):
    found = gathered(csv(tmp_path, places="编号,名称,级别\nplace_id,name,level\nP2,Yard,city"))
    assert (lines(found), len(found.tables["places"])) == ([], 1)


def test_a_misspelt_header_is_still_the_header_and_nothing_below_it(tmp_path):
    found = gathered(csv(tmp_path, places="place_id,nmae,级别别\nP1,name,city\nP2,level,park"))
    remedies = [(item.row, item.cell, item.remedy) for item in found.problems if item.cell]
    assert remedies == [(1, "B1", "did you mean name?"), (1, "C1", "did you mean 级别?")]
    assert found.tables["places"]["origin_row"].to_pylist() == [2, 3]


def test_chinese_words_that_are_near_no_title_are_answered_with_the_chinese_titles(tmp_path):
    (problem,) = gathered(csv(tmp_path, places="place_id,name,电话区号\nP1,a,1")).problems
    assert problem.remedy.startswith("known: 地区, 名称, 本地语言名称, 级别")
    assert problem.remedy.endswith("or leave it out: --column '电话区号=-'")


@given(table=st.sampled_from(list(TABLES)), data=st.data())
def test_a_plain_header_stays_the_first_row_whatever_stands_below(table, data):
    known = data.draw(
        st.lists(st.sampled_from(sorted(column_names(table))), min_size=2, unique=True)
    )
    text = st.text(max_size=6).map("#{}".format)
    cell = text.filter(lambda words: not column_at(words, table))
    body = data.draw(st.lists(st.lists(cell, min_size=len(known), max_size=len(known))))
    at = header_at([known, *body], (table,))
    assert (at.above, at.height, at.words) == (0, 1, tuple(known))


def test_a_row_of_data_above_the_header_is_a_problem(tmp_path):
    found = gathered(csv(tmp_path, places="P1,Park\nplace_id,name\nP2,Yard"))
    assert [(item.code, item.row, item.found) for item in found.problems] == [
        ("row-above-header", 1, "'P1, Park'")
    ]


def test_an_empty_column_whose_header_is_known_is_harmless(tmp_path):
    found = gathered(csv(tmp_path, places="place_id,name,level\nP1,a,\nP2,b,"))
    assert lines(found) == []


def test_a_sheet_of_another_name_whose_headers_fit_one_table_is_told_how_to_say_so(tmp_path):
    table = [["机构编号", "org_id", "企业名称"], ["1", "O1", "甲"]]
    (problem,) = gathered(book(tmp_path / "b.xlsx", {"企业名录": table})).problems
    assert problem.remedy == (
        "its columns fit organisations: rename the sheet, or say which it is: "
        "--sheet '企业名录=organisations'; or leave it out: --sheet '企业名录=-'"
    )
    assert fitting(["name", "x", "y"]) is None


@pytest.mark.parametrize(
    ("words", "column"),
    [
        ("\uff4e\uff41\uff4d\uff45", "name"),
        ("Name *", "name"),
        ("*名称", "name"),
        ("名称(必填)", "name"),
        ("企业\n名称", "name"),
        ("Local name", "name_local"),
        ("成立年份（年）", "founded"),
        ("名称（英文）", None),
    ],
)
def test_a_header_is_known_in_either_language_with_marks_and_breaks(words, column):
    found = column_at(words, "organisations")
    assert (found.column if found else None) == column


def test_problems_come_as_files_were_given_and_sheets_and_columns_stand(tmp_path):
    (tmp_path / "z").mkdir()
    first = book(
        tmp_path / "z" / "z.xlsx",
        {
            "sites": [["site_id", "org_id", "longitude", "kind"], ["S1", "O1", "x", "y"]],
            "places": [["name", "place_id", "level"], ["", "P1", "x"], ["", "P2", ""]],
        },
    )
    second = csv(tmp_path, places="place_id,name\nP3,")
    addresses = [item.address for item in gathered([*first, *second]).problems]
    assert addresses == [
        "z.xlsx:sites!2:longitude",
        "z.xlsx:sites!2:kind",
        "z.xlsx:places!2:name",
        "z.xlsx:places!2:level",
        "z.xlsx:places!3:name",
        "places.csv:2:name",
    ]
