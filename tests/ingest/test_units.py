"""Units in headers, above tables and in cells: converted, filled in, or refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.ingest.headings.currencies import CODES
from liantu.ingest.headings.unit_lines import unit_line
from liantu.ingest.headings.units import parted, unit_of
from tests.ingest.desk import csv, gathered, lines, rows


@pytest.mark.parametrize(
    ("words", "base", "factor"),
    [
        ("万元", "CNY", 1e4),
        ("人民币亿元", "CNY", 1e8),
        ("CNY 10,000", "CNY", 1e4),
        ("million USD", "USD", 1e6),
        ("万美元", "USD", 1e4),
        ("公里", "m", 1e3),
        ("km²", "m2", 1e6),
        ("万平方米", "m2", 1e4),
        ("亩", "m2", 2000 / 3),
        ("tonnes", "kg", 1e3),
        ("％", "share", 0.01),
        ("工作日", "working day", 1.0),
        ("万台", "台", 1e4),
        ("亿", "", 1e8),
        ("亿元人民币", "CNY", 1e8),
        ("万吨标准煤", "tce", 1e4),
        ("亿千瓦时", "kWh", 1e8),
        ("万立方米", "m3", 1e4),
        ("万人次", "人次", 1e4),
        ("个百分点", "percentage point", 1.0),
        ("人/平方公里", "person/m2", 1e-6),
        ("万元每人", "CNY/person", 1e4),
        ("units per year", "台/year", 1.0),
    ],
)
def test_a_unit_is_so_many_of_its_base(words, base, factor):
    unit = unit_of(words)
    assert (unit.base, unit.factor) == (base, factor)


@pytest.mark.parametrize(
    "words", ["", "¥", "元/", "/年", "元/吨/年", "1/2", "furlongs", "必填", "2023年", "12"]
)
def test_other_words_are_no_unit(words):
    assert unit_of(words) is None


@given(st.sampled_from(sorted(CODES)), st.sampled_from(["", "万", "亿", "million ", "1,000 "]))
def test_every_currency_may_stand_with_a_number_before_or_behind_it(code, many):
    assert unit_of(many + code) is not None
    assert unit_of(many + code).base == unit_of(code + many).base == code


def test_a_header_is_parted_into_its_name_and_its_unit():
    written = ["产值（万元）", "产值(亿元)", "产值【万元】", "产值\n万元", "产值/万元"]
    assert [(part.name, part.unit[-1]) for words in written for part in parted(words)] == [
        ("产值", "元")
    ] * 5
    assert [(part.name, part.unit) for part in parted("distance_km")] == [("distance", "km")]
    assert parted("name_local") == []


def test_money_shares_and_quantities_are_read_in_the_unit_of_their_header(tmp_path):
    head = "企业/机构,产品,产量（万吨）,产值(亿元),市场占有率（％）"
    text = f"{head}\nO1,P1,1.2,0.07,12.5\nO2,P1,,,1"
    found = gathered(csv(tmp_path, 生产=text))
    assert lines(found) == []
    first, second = rows(found, "makes")
    assert (first["output"], first["unit"]) == (1.2, "万吨")
    assert (first["value"], first["currency"], first["market_share"]) == (7e6, "CNY", 0.125)
    assert (second["unit"], second["currency"], second["market_share"]) == (None, None, 0.01)
    assert {"unit", "currency"} <= found.present["makes"]


@pytest.mark.parametrize("header", ["value (CNY 10,000)", "value_cny", "数值（万元）"])
def test_money_may_be_headed_in_either_language(tmp_path, header):
    text = f'org_id,product_id,"{header}"\nO1,P1,2'
    (row,) = rows(gathered(csv(tmp_path, makes=text)), "makes")
    assert row["value"] == (2.0 if header == "value_cny" else 20000.0)
    assert row["currency"] == "CNY"


def test_bounds_hold_after_a_header_is_converted(tmp_path):
    text = "product_id,part_id,cost_share (%)\nA,B,99\nA,C,101"
    (problem,) = gathered(csv(tmp_path, parts=text)).problems
    assert (problem.code, problem.row) == ("out-of-bounds", 3)


def test_a_unit_above_the_table_counts_for_money_and_is_told(tmp_path):
    text = "供应,,\n单位：万元,,\n供应商,采购方,销售额\nO1,O2,2.5"
    found = gathered(csv(tmp_path, 供应=text))
    (note,) = found.problems
    assert (note.code, note.severity, note.cell) == ("unit-above", "warning", "C3")
    assert rows(found, "supplies")[0]["value"] == 25000.0
    assert rows(found, "supplies")[0]["currency"] == "CNY"


def test_an_office_is_not_taken_for_a_unit(tmp_path):
    assert unit_line(["单位：万元"]) == unit_line(["（金额单位: 万元）", ""]) == "万元"
    assert unit_line(["填报单位：某某局"]) is None
    text = "单位：某某局,,\n供应商,采购方,销售额\nO1,O2,2.5"
    (note,) = gathered(csv(tmp_path, 供应=text)).problems
    assert (note.code, note.severity) == ("unknown-unit", "warning")


def test_a_row_in_another_currency_than_its_header_is_refused_with_both(tmp_path):
    text = "供应商,采购方,金额（万元）,币种\nO1,O2,1,USD\nO1,O3,1,CNY\nO1,O4,1,\nO1,O5,1,RMB"
    found = gathered(csv(tmp_path, 供应=text))
    errors = [(item.cell, item.code, item.expected, item.found) for item in found.errors]
    assert errors == [
        ("D2", "unit-clash", "CNY, as the header '金额（万元）' says", "'USD' in currency")
    ]
    codes = [row["currency"] for row in rows(found, "supplies")]
    assert codes == ["USD", "CNY", "CNY", "CNY"]
    assert [item.found for item in found.problems if item.code == "currency-read"] == ["'RMB'"]


def test_a_currency_that_is_none_is_refused_with_what_was_meant(tmp_path):
    text = "supplier_id,buyer_id,value,currency\nO1,O2,1,CYN\nO1,O3,1,¥\nO1,O4,1,usd"
    found = gathered(csv(tmp_path, supplies=text))
    remedies = [(item.row, item.remedy) for item in found.errors]
    assert remedies[0][1].startswith("did you mean C")
    assert remedies[1] == (3, "did you mean CNY or JPY?")
    assert [row["currency"] for row in rows(found, "supplies")] == [None, None, "USD"]


@pytest.mark.parametrize(
    ("table", "text", "found"),
    [
        ("service_items", "item_id,name,法定时限（天）\nI,a,20", "'天' in '法定时限（天）'"),
        ("makes", "org_id,product_id,value（吨）\nO,P,3", "'吨' in 'value（吨）'"),
        ("chain_products", "chain_id,product_id,weight (kg)\nC,P,3", "'kg' in 'weight (kg)'"),
    ],
)
def test_a_unit_that_a_column_cannot_take_is_named_with_its_own(tmp_path, table, text, found):
    (problem,) = gathered(csv(tmp_path, **{table: text})).problems
    assert (problem.code, problem.found) == ("wrong-unit", found)


def test_an_unknown_unit_in_brackets_is_named_with_those_that_are_known(tmp_path):
    text = "org_id,product_id,output (furlongs)\nO1,P1,1"
    (problem,) = gathered(csv(tmp_path, makes=text)).problems
    assert problem.code == "unknown-unit"
    assert "万元" in problem.expected


def test_two_columns_with_one_unit_between_them_are_put_into_the_same(tmp_path):
    text = "org_id,product_id,output（吨）,capacity（万吨）\nO1,P1,5,2"
    (row,) = rows(gathered(csv(tmp_path, makes=text)), "makes")
    assert (row["output"], row["capacity"], row["unit"]) == (5.0, 20000.0, "吨")
    text = "org_id,product_id,output（吨）,capacity（台）\nO1,P1,5,2"
    (problem,) = gathered(csv(tmp_path, makes=text)).problems
    assert (problem.code, problem.column) == ("wrong-unit", "capacity")


def test_observed_money_and_shares_become_what_the_record_counts_in(tmp_path):
    head = "subject_kind,subject_id,measure,year"
    text = f"{head},value（亿元）\nplace,P,output,2024,0.07"
    (row,) = rows(gathered(csv(tmp_path, observations=text)), "observations")
    assert (row["value"], row["unit"]) == (7e6, "CNY")
    text = f"{head},value（%）\nplace,P,growth,2024,5"
    (row,) = rows(gathered(csv(tmp_path, observations=text)), "observations")
    assert (row["value"], row["unit"]) == (0.05, "share")
    text = f"{head},value（亿元）,unit\nplace,P,output,2024,7,亿元\nplace,P,x,2024,7,家"
    found = gathered(csv(tmp_path, observations=text))
    assert rows(found, "observations")[0]["value"] == 7.0
    assert [(item.code, item.cell) for item in found.problems] == [("unit-clash", "F3")]


def test_a_cell_may_say_the_unit_again_but_not_another(tmp_path):
    text = "企业/机构,产品,产量（吨）,产值(亿元)\nO1,P1,12吨,3亿元\nO2,P1,3台,3万美元"
    found = gathered(csv(tmp_path, 生产=text))
    first = rows(found, "makes")[0]
    assert (first["output"], first["unit"], first["value"]) == (12.0, "吨", 3e8)
    assert [(item.code, item.cell) for item in found.problems] == [
        ("wrong-unit", "C3"),
        ("wrong-unit", "D3"),
    ]


YEARLY = [
    ("产能（台/年）", {"capacity": 3.0, "unit": "台"}),
    ("产能（万台／年）", {"capacity": 3.0, "unit": "万台"}),
    ("年产能 台/年", {"capacity": 3.0, "unit": "台"}),
    ("Capacity (units/year)", {"capacity": 3.0, "unit": "units"}),
    ("capacity (units per year)", {"capacity": 3.0, "unit": "units"}),
    ("产量（吨每年）", {"output": 3.0, "unit": "吨"}),
    ("产值（万元/年）", {"value": 30_000.0, "currency": "CNY"}),
    ("产能（万/年）", {"capacity": 30_000.0}),
]


@pytest.mark.parametrize(("header", "read"), YEARLY)
def test_what_is_made_in_a_year_may_be_said_to_be_so(tmp_path, header, read):
    found = gathered(csv(tmp_path, makes=f"org_id,product_id,{header}\nO,P,3"))
    assert lines(found) == []
    assert rows(found, "makes") == [{"org_id": "O", "product_id": "P", **read}]


def test_a_capacity_of_a_month_is_put_on_the_year_and_told(tmp_path):
    found = gathered(
        csv(tmp_path, makes="org_id,product_id,产能（万吨/月）,产量（吨）\nO,P,3,90")
    )
    (note,) = found.problems
    assert (note.code, note.severity, note.cell) == ("unit-of-month", "warning", "C1")
    (row,) = rows(found, "makes")
    assert (row["capacity"], row["output"], row["unit"]) == (36.0, 0.009, "万吨")


@pytest.mark.parametrize(
    ("header", "remedy"),
    [
        ("产能（吨/日）", "the days worked are not known"),
        ("产量（吨/月）", "one month and the mean of all cannot be told apart"),
        ("产值（万元/月）", "one month and the mean of all cannot be told apart"),
        ("产值（万元/吨）", "correct the header"),
        ("产能（人/平方公里）", "correct the header"),
        ("市场占有率（%/年）", "correct the header"),
    ],
)
def test_a_unit_by_another_that_is_none_of_a_year_is_refused(tmp_path, header, remedy):
    (problem,) = gathered(csv(tmp_path, makes=f"org_id,product_id,{header}\nO,P,0.3")).errors
    assert (problem.code, problem.row) == ("wrong-unit", 1)
    assert problem.remedy.endswith(remedy)


@pytest.mark.parametrize("unit", ["人/平方公里", "元/人", "吨标准煤/万元", "辆/小时", "台/年"])
def test_an_observed_figure_keeps_a_unit_by_another_as_it_stands(tmp_path, unit):
    head = f"subject_kind,subject_id,measure,year,数值（{unit}）"
    found = gathered(csv(tmp_path, observations=f"{head}\nplace,P,m,2023,3"))
    assert lines(found) == []
    assert [(row["value"], row["unit"]) for row in rows(found, "observations")] == [(3.0, unit)]


def test_parts_are_counted_for_one_of_the_product(tmp_path):
    found = gathered(csv(tmp_path, parts="product_id,part_id,用量（个/百台）\nA,B,50"))
    assert lines(found) == []
    assert [(row["quantity"], row["unit"]) for row in rows(found, "parts")] == [(0.5, "个")]


def test_a_stroke_above_the_table_parts_two_units_but_for_a_year(tmp_path):
    text = "单位：{},,,\norg_id,product_id,产值,产能\nO,P,3,5"
    (row,) = rows(gathered(csv(tmp_path, makes=text.format("万元/吨"))), "makes")
    assert (row["value"], row["currency"], row["unit"]) == (30_000.0, "CNY", "吨")
    (row,) = rows(gathered(csv(tmp_path, makes=text.format("台/年"))), "makes")
    assert (row["capacity"], row["unit"]) == (5.0, "台")


def test_a_unit_of_a_row_is_one_of_a_year(tmp_path):
    makes = "企业,产品,产能,单位\nO1,P1,2,万台/年\nO1,P2,3,台/月\nO1,P3,4,吨/日\nO1,P4,5,台"
    found = gathered(csv(tmp_path, makes=makes))
    assert [(one.code, one.address, one.found) for one in found.errors] == [
        ("wrong-unit", "makes.csv:3:unit", "'台/月'"),
        ("wrong-unit", "makes.csv:4:unit", "'吨/日'"),
    ]
    assert found.errors[0].remedy == "write figures of a year, in 台"
    assert found.tables["makes"].column("unit").to_pylist()[0] == "万台"


def test_a_unit_for_a_year_in_a_row_agrees_with_its_header(tmp_path):
    found = gathered(csv(tmp_path, makes="企业,产品,产能（万台/年）,单位\nO1,P1,2,万台/年"))
    assert found.problems == ()
    assert found.tables["makes"].column("unit").to_pylist() == ["万台"]
