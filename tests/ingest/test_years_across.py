"""Years side by side, as yearbooks have them: every figure becomes a row of its year."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from liantu.ingest.headings.wording import wording_of
from liantu.ingest.headings.years import of_year
from tests.ingest.desk import csv, gathered, rows


def told(intake):
    return [(item.code, item.cell, item.header, item.found) for item in intake.errors]


@pytest.mark.parametrize(
    ("header", "table", "year", "words", "column"),
    [
        ("2021年", "observations", 2021, "value", "value"),
        ("２０２１", "observations", 2021, "value", "value"),
        ("2021年（万元）", "observations", 2021, "value(万元)", "value"),
        ("2021年度产值（万元）", "makes", 2021, "产值(万元)", "value"),
        ("产值（万元）2021年", "makes", 2021, "产值(万元)", "value"),
        ("产值2021（万元）", "makes", 2021, "产值(万元)", "value"),
        ("产量（2021年）", "makes", 2021, "产量", "output"),
        ("2021年末产能", "makes", 2021, "产能", "capacity"),
        ("output_2021", "makes", 2021, "output", "output"),
        ("2021", "supplies", 2021, "value", "value"),
    ],
)
def test_a_header_may_name_a_year_and_a_column_of_figures(header, table, year, words, column):
    found = of_year(header, table)
    assert (found.year, found.words, found.column) == (year, words, column)


@pytest.mark.parametrize(
    ("header", "table"),
    [
        ("2021年", "makes"),  # output, capacity or value
        ("2021年1-6月产值", "makes"),
        ("2021-2022", "observations"),
        ("2021年（可比价）", "observations"),
        ("2021年预计", "observations"),
        ("2021年同比增长（%）", "makes"),
        ("20211", "observations"),
        ("2021年企业", "makes"),  # part of the key
        ("2021年", "products"),  # no rows of a year
        ("2021年称号", "recognitions"),  # no figures
        ("产值", "makes"),
    ],
)
def test_other_headers_name_no_figures_of_a_year(header, table):
    assert of_year(header, table) is None


OBSERVED = "对象类型,对象,指标,单位,2021年,2022年,2023年"


def test_each_year_of_a_figure_is_a_row_and_that_is_told(tmp_path):
    text = f"{OBSERVED}\n地区,P,产值,万元,1,2,3\n地区,P,就业,人,—,5,"
    found = gathered(csv(tmp_path, 指标数据=text))
    read = [
        (row["measure"], row["year"], row["value"], row["unit"])
        for row in rows(found, "observations")
    ]
    assert sorted(read) == [
        ("产值", 2021, 1.0, "万元"),
        ("产值", 2022, 2.0, "万元"),
        ("产值", 2023, 3.0, "万元"),
        ("就业", 2022, 5.0, "人"),
    ]
    (note,) = found.problems
    assert (note.code, note.severity, note.cell) == ("years-across", "warning", "E1")
    assert note.found == "3 years side by side, from 2021 to 2023"


def test_a_bad_figure_is_told_in_its_own_cell_below_its_own_header(tmp_path):
    text = f"{OBSERVED}\n地区,P,产值,万元,x,2,约3\n地区,,用电,人,1,2,3\n地区,Q,就业,人,,,"
    assert told(gathered(csv(tmp_path, 指标数据=text))) == [
        ("wrong-type", "E2", "2021年", "'x'"),
        ("inexact-value", "G2", "2023年", "'约3'"),
        ("missing-value", "B3", "对象", "a blank cell"),
        ("missing-value", "E4", "2021年", "a blank cell"),
    ]


def test_several_figures_of_a_year_are_in_one_row_each_in_its_unit(tmp_path):
    text = (
        "企业,产品,2021年产值（万元）,2022年产值（亿元）,产量2022（台）\nO,P,1.5,2,7\nQ,P,,3,"
    )
    found = gathered(csv(tmp_path, 生产=text))
    assert not found.errors
    by_key = {(row["org_id"], row["year"]): row for row in rows(found, "makes")}
    assert by_key.keys() == {("O", 2021), ("O", 2022), ("Q", 2022)}
    assert (by_key["O", 2021]["value"], by_key["O", 2022]["value"]) == (15_000.0, 2e8)
    assert (by_key["O", 2021]["output"], by_key["O", 2022]["output"]) == (None, 7.0)


@pytest.mark.parametrize(
    ("head", "merged"),
    [
        ([["产值（万元）", None], [2021, 2022]], ["C2:D2"]),
        ([["产值（万元）", None], ["2021年", "2022年"]], ["C2:D2"]),
        ([["2021年", "2022年"], ["产值（万元）", "产值（万元）"]], []),
    ],
)
def test_years_may_stand_above_or_below_what_is_counted(tmp_path, head, merged):
    book = Workbook()
    page = book.active
    page.title = "生产"
    for row in (["各企业产值"], ["企业", "产品", *head[0]], [None, None, *head[1]]):
        page.append(row)
    page.append(["O", "P", 2015, "三"])
    for area in ["A1:D1", "A2:A3", "B2:B3", *merged]:
        page.merge_cells(area)
    book.save(tmp_path / "a.xlsx")
    found = gathered([tmp_path / "a.xlsx"])
    assert [(item.code, item.cell) for item in found.errors] == [("wrong-type", "D4")]
    assert [(row["year"], row["value"]) for row in rows(found, "makes")] == [
        (2021, 20_150_000.0),
        (2022, None),
    ]


def test_a_figure_that_looks_like_a_year_below_a_header_is_a_figure(tmp_path):
    found = gathered(csv(tmp_path, makes="企业,产品,产值\nO,P,2015\nQ,P,2016"))
    assert [row["value"] for row in rows(found, "makes")] == [2015.0, 2016.0]


def test_a_year_of_which_it_is_not_said_what_is_counted_is_refused_with_how_to_write_it(
    tmp_path,
):
    found = gathered(csv(tmp_path, makes="企业,产品,2021年\nO,P,1"))
    (problem,) = found.errors
    assert (problem.code, problem.cell) == ("unknown-column", "C1")
    assert "such as '2021年产量'; or leave it out: --column '2021年=-'" in problem.remedy
    head = "对象类型,对象,指标,2021年产值\n地区,P,a,1"
    found = gathered(csv(tmp_path, observations=head)).errors
    (problem,) = [item for item in found if item.code == "unknown-column"]
    assert problem.remedy.startswith("write '2021年' alone, and what is counted into a column")


def test_a_year_in_a_header_beside_a_year_of_each_row_is_refused(tmp_path):
    found = gathered(csv(tmp_path, makes="企业,产品,年份,2021年产值\nO,P,2022,1"))
    assert told(found) == [("repeated-column", "D1", "2021年产值", "'年份' and '2021年产值'")]
    blank = gathered(csv(tmp_path, makes="企业,产品,年份,2021年产值\nO,P,,1"))
    assert [row["year"] for row in rows(blank, "makes")] == [2021]


def test_two_columns_of_one_year_and_one_figure_are_refused(tmp_path):
    found = gathered(csv(tmp_path, makes="企业,产品,2021年产值,2021产值\nO,P,1,2"))
    assert told(found) == [("repeated-column", "D1", "2021产值", "'2021年产值' and '2021产值'")]


def test_an_error_of_a_formula_is_told_once_in_its_cell(tmp_path):
    book = Workbook()
    page = book.active
    page.title = "生产"
    page.append(["企业", "产品", "2021年产值", "2022年产值"])
    page.append(["O", "P", 1, "#DIV/0!"])
    page["D2"].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    found = gathered([tmp_path / "a.xlsx"])
    assert [(item.code, item.cell) for item in found.errors] == [("error-cell", "D2")]


def test_years_that_are_left_out_by_word_are_not_read(tmp_path):
    files = csv(tmp_path, makes="企业,产品,2021年产值,2022年产值\nO,P,1,2")
    found = gathered(files, wording_of([], ["2022年产值=-"]))
    assert (found.errors, [row["year"] for row in rows(found, "makes")]) == ((), [2021])


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(0, 9) | st.none(), min_size=3, max_size=3), max_size=5))
def test_side_by_side_and_one_below_the_other_say_the_same(tmp_path_factory, figures):
    folder = tmp_path_factory.mktemp("both")
    wide = ["供应商,采购方,2021,2022,2023"]
    long = ["供应商,采购方,年份,数值"]
    for number, line in enumerate(figures):
        if line == [None] * 3:
            continue
        wide.append(",".join([f"S{number},B", *("" if x is None else str(x) for x in line)]))
        long += [
            f"S{number},B,{year},{x}"
            for year, x in zip((2021, 2022, 2023), line, strict=True)
            if x is not None
        ]
    one, other = (
        sorted(map(str, rows(gathered(csv(folder, supplies="\n".join(text))), "supplies")))
        for text in (wide, long)
    )
    assert one == other


def test_a_figure_without_a_year_is_not_said_again_of_each_year(tmp_path):
    head = "企业,产品,产值,2021年产量,2022年产量"
    files = csv(tmp_path, makes=f"{head}\nO1,P1,100,1,2")
    found = gathered(files)
    assert told(found) == [("undated-figure", "C1", "产值", "'产值'")]
    assert found.errors[0].remedy.startswith("write the year too, such as '2022年产值'")
    assert gathered(files, wording_of((), ["产值=-"])).errors == ()
    one_year = csv(tmp_path, makes="企业,产品,产能,2021年产量\nO1,P1,100,1")
    assert rows(gathered(one_year), "makes")[0]["capacity"] == 100.0


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("注：2022年为快报数,,,,", "note-row"),
        ("合计,,,,", "total-row"),
        ("合计,,,3,4", "total-row"),
        (",,,,", None),
    ],
)
def test_notes_sums_and_blank_rows_are_no_figures_of_a_year(tmp_path, line, code):
    text = f"对象类型,对象,指标,2021年,2022年\n地区,ZZ,a,1,2\n{line}\n地区,ZZ,b,3,4"
    found = gathered(csv(tmp_path, observations=text))
    assert [(one["measure"], one["value"]) for one in rows(found, "observations")] == [
        ("a", 1.0),
        ("b", 3.0),
        ("a", 2.0),
        ("b", 4.0),
    ]
    noted = [one.code for one in found.problems if one.code != "years-across"]
    assert noted == ([code] if code else [])


def test_a_row_that_numbers_the_columns_of_years_is_left_out(tmp_path):
    text = "对象类型,对象,指标,2021年,2022年\n甲,乙,丙,1,2\n地区,ZZ,b,3,4"
    found = gathered(csv(tmp_path, observations=text))
    assert [one.code for one in found.problems] == ["years-across", "note-row"]
    assert len(rows(found, "observations")) == 2


@pytest.mark.parametrize("words", ["2021-2022", "2021至2022年", "2021年1-6月"])
def test_of_several_years_or_of_months_no_one_year_is_proposed(tmp_path, words):
    text = f"对象类型,对象,指标,2020年,{words}\n地区,ZZ,a,1,2"
    (problem,) = gathered(csv(tmp_path, observations=text)).errors
    assert problem.remedy == f"write one year; or leave it out: --column '{words}=-'"
