"""Sums and notes are no rows of a table: they are left out, and that is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.ingest.contents.totals import is_footer
from tests.ingest.desk import csv, gathered, lines

HEAD = "org_id,name,name_local,founded"


def kept(folder, *rows, head=HEAD, table="organisations"):
    found = gathered(csv(folder, **{table: "\n".join((head, *rows))}))
    return found, found.tables[table]["origin_row"].to_pylist()


@pytest.mark.parametrize(
    "words",
    [
        "合计",
        "总 计",
        "小　计",
        "合计：",
        "本页小计",
        "总合计",
        "Total",
        "ＴＯＴＡＬ",
        "Sub-total",
        "Grand total:",
        "SUM",
    ],
)
@pytest.mark.parametrize("row", ["{},,,3", ",{},,3", ",{},,", " ,{}, ,"])
def test_a_row_that_says_it_is_a_sum_is_left_out_and_told(tmp_path, words, row):
    found, rows = kept(tmp_path, "A,a,,1998", row.format(words), "B,b,,1999")
    assert rows == [2, 4]
    assert [(item.row, item.code, item.severity) for item in found.problems] == [
        (3, "total-row", "warning")
    ]


@pytest.mark.parametrize(
    "row", ["T,合计划科技,,1998", "T,Total Energies,,1924", "T,合计,,1998", "T,Total,,1924"]
)
def test_a_firm_that_is_called_so_is_no_sum(tmp_path, row):
    found, rows = kept(tmp_path, row)
    assert (lines(found), rows) == ([], [2])


def test_a_name_that_begins_so_is_no_sum_even_alone(tmp_path):
    found, _ = kept(tmp_path, ",合计划科技,,", ",Total Energies,,")
    assert "total-row" not in {item.code for item in found.problems}


def test_many_sums_are_told_in_one_note(tmp_path):
    found, rows = kept(tmp_path, "A,a,,", ",小计,,1", "B,b,,", ",小计,,1", ",合计,,2")
    assert rows == [2, 4]
    assert lines(found) == [
        (
            "organisations.csv:3 total-row: rows of the table; found '小计', '合计' in rows 3, "
            "5 and 6; nothing need be done: what is no row of the table is left out"
        )
    ]


@pytest.mark.parametrize(
    "foot",
    [
        "注：本表数据截至2024年底,,,",
        "填表人：张三  联系电话：0731,,,",
        "填表人：张三,,联系电话：0731,",
        "制表日期：2024年5月31日,,,",
        "注：本表数据截至2024年底",
        ",,,数据来源：统计局",
        "Source: register,,,",
    ],
)
def test_a_note_below_the_table_is_left_out_and_told(tmp_path, foot):
    found, rows = kept(tmp_path, "A,a,,1998", foot)
    assert rows == [2]
    assert [(item.row, item.code, item.severity) for item in found.problems] == [
        (3, "note-row", "warning")
    ]


def test_a_sum_of_a_table_of_numbers_is_left_out(tmp_path):
    head = "org_id,product_id,year,output,market_share"
    lines_of = ("O,P,2023,5,10%", '合计,,,"1,005",100%', "总计,—,/,1.2万,")
    _, rows = kept(tmp_path, *lines_of, head=head, table="makes")
    assert rows == [2]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=10))
def test_words_without_a_colon_or_mark_are_no_note(words):
    if not set(words) & set("：:※注"):
        assert not is_footer(words)
