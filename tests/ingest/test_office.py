"""Lists as offices keep them: their words for columns, numbered columns, unnamed sheets."""

from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.errors import Refusal
from liantu.ingest.contents.column_numbers import is_count
from liantu.ingest.gathering import gathered
from liantu.ingest.headings.headers import column_at, column_names, plain
from liantu.ingest.headings.synonyms import ORDINALS, also_called
from liantu.ingest.headings.wording import wording_of
from liantu.ingest.intake import Limits
from liantu.ingest.reading import read
from liantu.locale import translated
from liantu.schema import TABLES, columns
from liantu.workspace import Workspace
from tests.ingest.desk import csv

HEADER = ["序号", "企业名称", "统一社会信用代码", "所属区县", "成立时间", "法定代表人"]
FIRMS = [
    ["甲", "乙", 1, 2, 3, 4],
    [1, "株洲联诚集团有限公司", None, "石峰区", "2005年9月", "张三"],
    [2, "株洲九方装备股份有限公司", None, None, "２００３年", "李四"],
    ["合计", None, None, None, None, None],
    ["注：截至2024年5月", None, None, None, None, None],
]


def book(path, **sheets):
    found = openpyxl.Workbook()
    found.remove(found.active)
    for name, rows in sheets.items():
        page = found.create_sheet(name)
        for row in rows:
            page.append(row)
    found.save(path)
    return [path]


def codes(intake):
    return [(item.code, item.row, item.severity) for item in intake.problems]


@pytest.mark.parametrize(
    ("table", "words", "column"),
    [
        ("organisations", "企业编号", "org_id"),
        ("organisations", "企业全称", "name"),
        ("organisations", "机构类型", "kind"),
        ("organisations", "所属区县", "place_id"),
        ("organisations", "成立时间", "founded"),
        ("sites", "所在园区", "place_id"),
        ("makes", "企业名称", "org_id"),
        ("makes", "主要产品", "product_id"),
        ("makes", "年度", "year"),
        ("makes", "产值（万元）", "value"),
        ("products", "计量单位", "unit"),
        ("supplies", "供应商名称", "supplier_id"),
        ("observations", "指标名称", "measure"),
    ],
)
def test_words_of_offices_mean_the_column_they_can_only_mean(table, words, column):
    assert column_at(words, table).column == column


def test_no_other_word_for_a_column_is_the_name_or_title_of_another():
    for table in TABLES:
        entries = columns(TABLES[table])
        own = {plain(entry.name): entry.name for entry in entries}
        own |= {plain(translated(entry.title, "zh")): entry.name for entry in entries}
        for word, name in also_called(table).items():
            assert own.get(plain(word), name) == name, (table, word)
            assert column_names(table)[plain(word)] == name
            assert plain(word) not in ORDINALS


def test_a_list_of_an_office_is_read_and_what_is_no_row_of_it_is_told(tmp_path):
    files = book(tmp_path / "企业机构.xlsx", Sheet1=[["株洲市企业汇总表"], HEADER, *FIRMS])
    found = gathered(files)
    assert found.tables["organisations"].select(["name", "founded"]).to_pylist() == [
        {"name": "株洲联诚集团有限公司", "founded": 2005},
        {"name": "株洲九方装备股份有限公司", "founded": 2003},
    ]
    assert codes(found) == [
        ("table-of-book", None, "warning"),
        ("column-left-out", 2, "warning"),
        ("personal-data", 2, "warning"),
        ("note-row", 3, "warning"),
        ("year-of-date", 4, "warning"),
        ("total-row", 6, "warning"),
        ("note-row", 7, "warning"),
    ]
    assert next(item.cell for item in found.problems if item.code == "personal-data") == "F2"


@pytest.mark.parametrize(
    ("cells", "gaps", "answer"),
    [
        (["甲", "乙", "1", "2"], 0, True),
        (["A", "B", "1", "2"], 0, True),
        (["A", "B", "1"], 0, False),
        (["（1）", "（2）", "（3）", "（4）"], 0, True),
        (["栏次", "1", "2"], 0, True),
        (["甲", "1", "4", "5"], 2, True),
        (["甲", "1", "4", "5"], 1, False),
        (["1", "2", "3"], 0, False),
        (["甲", "丙"], 0, False),
        (["甲公司", "1", "2"], 0, False),
        (["1", "2", "3", "2024"], 0, False),
    ],
)
def test_a_row_numbers_columns_where_it_counts_them_and_holds_nothing_else(cells, gaps, answer):
    assert is_count(cells, gaps) is answer


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(0, 3))
def test_digits_alone_count_columns_only_where_they_rise_from_one(numbers, gaps):
    rising = numbers == sorted(set(numbers)) and numbers[-1] - len(numbers) <= gaps
    assert is_count(list(map(str, numbers)), gaps) == (rising and len(numbers) >= 4)


def test_an_unknown_column_that_holds_nothing_is_harmless_but_told(tmp_path):
    found = gathered(csv(tmp_path, places="place_id,name,备注栏\nP1,a,\nP2,b, "))
    assert codes(found) == [("column-left-out", 1, "warning")]


def test_a_column_of_another_table_is_pointed_to_where_it_belongs(tmp_path):
    text = "org_id,name,产值（万元）\nO1,甲,5"
    (problem,) = gathered(csv(tmp_path, organisations=text)).problems
    assert problem.remedy.startswith("it is a column of makes: put it on a sheet of that name")
    assert problem.remedy.endswith("or leave it out: --column '产值（万元）=-'")


def test_of_two_sheets_without_names_none_is_read_as_the_workbook_is_called(tmp_path):
    rows = [["place_id", "name"], ["P1", "a"]]
    found = gathered(book(tmp_path / "places.xlsx", Sheet1=rows, Sheet2=rows))
    assert [item.code for item in found.problems] == ["unknown-table", "unknown-table"]


def test_what_is_said_of_a_sheet_without_a_name_is_remembered_for_its_file_alone(tmp_path):
    study = Workspace.create(tmp_path / "study", name="study", language="zh")
    rows = [["org_id", "name", "产值"], ["O1", "甲", 5]]
    said = wording_of(["Sheet1=organisations"], ["Sheet1!产值=-"])
    study.import_files(book(tmp_path / "企业名录.xlsx", Sheet1=rows), wording=said)
    assert study.settings.layouts == {"企业名录": "organisations", "企业名录!产值": ""}
    with pytest.raises(Refusal) as refusal:
        study.import_files(book(tmp_path / "产值.xlsx", Sheet1=rows))
    assert [item.code for item in refusal.value.problems] == ["unknown-table"]
    assert study.import_files([tmp_path / "企业名录.xlsx"]).generation is None


@pytest.mark.parametrize(
    ("text", "year", "code"),
    [
        ("2005-08-31", 2005, "year-of-date"),
        ("2005年8月31日", 2005, "year-of-date"),
        ("1998-05", 1998, "year-of-date"),
        ("5/6/1998", 1998, "year-of-date"),
        ("1998.0", 1998, None),
        ("2024.5", None, "wrong-type"),
        ("1998-2003", None, "inexact-value"),
    ],
)
def test_of_the_day_of_a_founding_the_year_is_read(tmp_path, text, year, code):
    found = gathered(csv(tmp_path, organisations=f"org_id,name,founded\nO1,甲,{text}"))
    assert found.tables["organisations"].column("founded").to_pylist() == [year]
    assert [item.code for item in found.problems] == ([code] if code else [])


def test_the_month_of_a_figure_is_not_taken_for_its_year(tmp_path):
    text = "org_id,product_id,year\nO1,P1,2024年5月"
    found = gathered(csv(tmp_path, makes=text))
    assert [item.code for item in found.errors] == ["wrong-type"]


def test_an_amount_with_a_word_below_a_unit_is_answered_with_how_to_write_it(tmp_path):
    text = "org_id,product_id,产值（万元）\nO1,P1,{}"
    (problem,) = gathered(csv(tmp_path, makes=text.format("1.2亿"))).problems
    assert problem.remedy.endswith("or with its whole unit: '1.2亿元', if that is meant")
    found = gathered(csv(tmp_path, makes=text.format("1.2亿元")))
    assert (found.errors, found.tables["makes"].column("value")[0].as_py()) == ((), 1.2e8)


def test_lines_that_end_in_a_return_alone_are_counted(tmp_path):
    path = tmp_path / "places.csv"
    path.write_bytes(b"place_id,name\rP1,a\rP2,b\0\r")
    assert [item.row for item in gathered([path]).problems] == [3]
    path.write_bytes(b"place_id,name\rP1,a\rP2,\xff\xff\r")
    assert [item.row for item in gathered([path]).problems] == [3]


def test_more_files_than_are_read_are_a_problem_and_nothing_is_raised(tmp_path):
    files = [tmp_path / f"{number}.csv" for number in range(1_001)]
    (problem,) = read(files, limits=Limits()).problems
    assert (problem.code, problem.found) == ("too-large", "1,001")


def test_a_cell_that_stands_twice_in_a_sheet_is_named_and_none_is_lost(tmp_path):
    rows = '<row r="2">{}</row>'.format(inline("A2", "P1") + inline("B2", "a"))
    again = '<row r="2">{}</row>'.format(inline("A2", "P2") + inline("B2", "b"))
    path = tmp_path / "places.xlsx"
    book(path, places=[["place_id", "name"]])
    rewritten(path, rows + again)
    (problem,) = gathered([path]).problems
    assert (problem.code, problem.cell) == ("stray-cell", "A2")


def inline(cell, text):
    return f'<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>'


def rewritten(path, rows):
    """The workbook with more rows written into its first sheet, as they are."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"</sheetData>", f"{rows}</sheetData>".encode())
    with ZipFile(path, "w") as archive:
        for part, text in parts.items():
            archive.writestr(part, text)


def test_a_sum_in_the_column_of_names_is_no_firm_even_beside_a_number(tmp_path):
    text = "企业名称,统一社会信用代码\n株洲联诚集团有限公司,\n合计,2\n Sub-total ,1\n总计量局,"
    found = gathered(csv(tmp_path, organisations=text))
    assert found.tables["organisations"].column("name").to_pylist() == [
        "株洲联诚集团有限公司",
        "总计量局",
    ]
    assert codes(found) == [("total-row", 3, "warning")]


def test_cells_below_a_blank_header_are_named_where_they_stand(tmp_path):
    (problem,) = gathered(csv(tmp_path, places="place_id,name,\nP1,a,5")).problems
    assert (problem.code, problem.cell) == ("unknown-column", "C1")
    assert problem.remedy == "name the column above them, or clear them"


def test_an_error_below_a_blank_header_is_not_passed_over(tmp_path):
    path = tmp_path / "places.xlsx"
    book(path, places=[["place_id", "name"], ["P1", "a"]])
    found = openpyxl.load_workbook(path)
    cell = found["places"]["C2"]
    cell.value, cell.data_type = "#REF!", "e"
    found.save(path)
    assert [(item.code, item.cell) for item in gathered([path]).problems] == [
        ("unknown-column", "C1")
    ]


def test_a_formula_in_a_sum_that_is_left_out_is_no_problem_and_one_in_a_row_is(tmp_path):
    rows = [["企业", "产品", "产值"], ["O1", "P1", 5], ["O1", "P2", "=2+3"]]
    files = book(tmp_path / "makes.xlsx", makes=[*rows, ["合计", None, "=SUM(C2:C3)"]])
    assert [(item.code, item.row) for item in gathered(files).problems] == [
        ("formula-without-value", 3),
        ("total-row", 4),
    ]


@pytest.mark.parametrize(
    "line",
    [
        ["株洲市产值表（单位：万元）"],
        ["填报单位：石峰区", "", "单位：万元"],
        ["填报单位：石峰区", "单位：", "万元"],
        ["填报单位：石峰区工信局  单位：万元  日期：2024-05-31"],
        ["Output of firms (unit: CNY 10,000)"],
    ],
)
def test_a_unit_beside_a_title_or_who_filled_it_in_is_that_of_the_figures(tmp_path, line):
    rows = [["株洲市"], line, ["企业", "产品", "产值"], ["O1", "P1", 3]]
    found = gathered(book(tmp_path / "makes.xlsx", makes=rows))
    read = found.tables["makes"].select(["value", "currency"]).to_pylist()
    assert read == [{"value": 30_000.0, "currency": "CNY"}]
    assert [item.code for item in found.problems] == ["unit-above"]


def test_words_behind_a_unit_that_make_it_another_are_told_and_nothing_is_converted(tmp_path):
    rows = [["制表单位:某局 单位:万元 2024年"], ["企业", "产品", "产值"], ["O1", "P1", 3]]
    found = gathered(book(tmp_path / "makes.xlsx", makes=rows))
    assert [item.code for item in found.problems] == ["unknown-unit"]


def test_who_filled_a_table_in_is_no_unit(tmp_path):
    rows = [
        ["填报单位：石峰区", "", "联系单位：某局"],
        ["企业", "产品", "产值"],
        ["O1", "P1", 3],
    ]
    found = gathered(book(tmp_path / "makes.xlsx", makes=rows))
    assert (found.problems, found.tables["makes"].column("value")[0].as_py()) == ((), 3.0)


def test_a_sheet_is_left_out_as_was_said_and_its_words_are_no_excuse(tmp_path):
    study = Workspace.create(tmp_path / "study", name="study")
    firm = ["O1", "甲厂", "说明里的地方"]
    guide = [["请逐行填写"], ["说明里的地方"]]

    def file():
        firms = [["org_id", "name", "place_id"], firm]
        return book(tmp_path / "b.xlsx", organisations=firms, 填表说明=guide)

    refused = gathered(file()).problems
    assert [(one.code, one.sheet) for one in refused] == [("unknown-table", "填表说明")]
    assert refused[0].remedy.endswith("; or leave it out: --sheet '填表说明=-'")
    said = wording_of(["填表说明=-"])
    with pytest.raises(Refusal) as refusal:
        study.import_files(file(), wording=said)
    assert [(one.code, one.severity) for one in refusal.value.problems] == [
        ("dangling-reference", "error"),
        ("sheet-left-out", "warning"),
    ]
    firm[2] = None
    study.import_files(file(), wording=said)
    assert study.settings.layouts == {"填表说明": ""}
    (note,) = study.import_files(file()).warnings
    assert (note.code, note.found) == ("remembered-mapping", "'填表说明', left out")
