"""Numbers, shares, yes and no, and choices as offices write them; nothing is guessed."""

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.ingest.codes import CODES
from liantu.ingest.contents.plain_text import BLANK_WORDS
from liantu.ingest.contents.values import choice_words, parsed
from liantu.schema import TABLES, columns
from tests.ingest.desk import csv, gathered, lines

QUIET = settings(max_examples=200, deadline=None, derandomize=True)
WIDE = str.maketrans("0123456789.,+-%()", "０１２３４５６７８９．，＋－％（）")
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def column(table, name):
    return next(entry for entry in columns(TABLES[table]) if entry.name == name)


VALUE, YEAR = column("observations", "value"), column("recognitions", "year")
SHARE, COUNT = column("makes", "market_share"), column("collaborations", "count")


def read(entry, *cells, factor=1.0):
    """The values, and the code of each fault in the order of the cells."""
    found = parsed(entry, pa.array(cells), factor)
    codes = [""] * len(cells)
    for code, mask in found.faults.items():
        for row in np.flatnonzero(mask):
            codes[row] = code
    return found.values.to_pylist(), codes


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,234,567.8", 1234567.8),
        ("1，234，567", 1234567.0),
        ("１２３，４５６．７８", 123456.78),
        ("1.2万", 12000.0),
        ("3亿", 3e8),
        ("１.５亿", 1.5e8),
        ("0.07万亿", 7e10),
        ("3亿2000万", 3.2e8),
        ("-3亿2000万", -3.2e8),
        ("(1,234)", -1234.0),
        ("（5.5）", -5.5),
        ("+8", 8.0),
        ("−8", -8.0),
        ("'123", 123.0),
        ("1.5E+05", 150000.0),
        (" 12\u00a0", 12.0),
    ],
)
def test_a_number_is_read_as_it_is_written(written, value):
    assert read(VALUE, written) == ([value], [""])


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1,2,3", "wrong-type"),
        ("12,34", "wrong-type"),
        ("0,125", "wrong-type"),
        ("1234,567", "wrong-type"),
        ("1 234", "wrong-type"),
        ("(-5)", "wrong-type"),
        ("3亿5", "wrong-type"),
        ("约500", "inexact-value"),
        (">100", "inexact-value"),
        ("≥1万", "inexact-value"),
        ("100-200", "inexact-value"),
        ("1.2～1.5亿", "inexact-value"),
        ("500+", "inexact-value"),
        ("500余家", "inexact-value"),
        ("2兆", "ambiguous-value"),
        ("5k", "ambiguous-value"),
        ("½", "wrong-type"),
        ("①", "wrong-type"),
        ("二百", "wrong-type"),
        ("1e400", "not-finite"),
        ("#DIV/0!", "wrong-type"),
    ],
)
def test_what_is_about_a_number_or_could_be_two_is_none(written, code):
    assert read(VALUE, written, "1") == ([None, 1.0], [code, ""])
    assert code in CODES


def test_whole_numbers_are_exact_and_years_are_read_from_their_words():
    assert read(COUNT, "1,234", "1.2万", "999999999999999999", "1.5", "1e3") == (
        [1234, 12000, 999999999999999999, None, None],
        ["", "", "", "wrong-type", "wrong-type"],
    )
    years = ("2024年", "2024年度", "FY2024", "２０２４", "98年", "2024年5月")
    assert read(YEAR, *years) == (
        [2024, 2024, 2024, 2024, None, None],
        ["", "", "", "", "out-of-bounds", "wrong-type"],
    )


def test_a_share_is_in_percent_or_in_parts_of_one_and_nothing_between(tmp_path):
    assert read(SHARE, "12.5%", "１２．５％", "125‰", "0.125", "12.5", "130%") == (
        [0.125, 0.125, 0.125, 0.125, None, None],
        ["", "", "", "", "out-of-bounds", "out-of-bounds"],
    )
    makes = "org_id,product_id,market_share,output\nO,P,12.5,\nO,Q,,5%"
    assert [problem.remedy for problem in gathered(csv(tmp_path, makes=makes)).problems] == [
        "write 12.5% or 0.125",
        "the column is no share: write the number without %",
    ]


@QUIET
@given(value=FINITE)
def test_any_float_is_read_back_exactly_however_it_is_written(value):
    plain = f"{Decimal(repr(value)):f}"
    whole, _, rest = plain.lstrip("-").partition(".")
    grouped = f"{int(whole):,}" + (f".{rest}" if rest else "")
    sign = "-" if plain.startswith("-") else ""
    ways = [repr(value), plain, plain.translate(WIDE), f"'{plain}", sign + grouped]
    ways += [f"({grouped})"] if sign else [f"+{plain}"]
    ways += [f"{Decimal(repr(value)).scaleb(-4):f}万"]
    for way in ways:
        (found,), _ = read(VALUE, way)
        assert found == value, way


@QUIET
@given(value=st.floats(0, 1), power=st.sampled_from([-3, -2, 2, 3, 4, 8]))
def test_a_factor_of_ten_is_exact_for_text_and_numbers_alike(value, power):
    factor = float(f"1e{power}")
    wanted = float(Decimal(repr(value)).scaleb(power))
    for cells in ([repr(value)], [f"{Decimal(repr(value)):f}"], [value]):
        (found,), _ = read(VALUE, *cells, factor=factor)
        assert found == wanted
    assert read(SHARE, f"{Decimal(repr(value)).scaleb(2):f}%")[0] == [value]


def test_bounds_hold_after_the_factor_and_a_scale_under_a_scale_is_ambiguous():
    assert read(SHARE, "12.5", "12.5%", factor=0.01) == ([0.125, 0.125], ["", ""])
    assert read(COUNT, "1.2", "0.00001", factor=1e4) == ([12000, None], ["", "wrong-type"])
    assert read(COUNT, 1.2, 3.0, factor=1e4) == ([12000, 30000], ["", ""])
    assert read(VALUE, "1.2万", "1,234", factor=1e4) == (
        [None, 12_340_000.0],
        ["ambiguous-value", ""],
    )


def test_the_unit_of_a_cell_is_that_of_its_row_or_the_cell_is_refused(tmp_path):
    written = (
        "org_id,product_id,value,currency,output,unit",
        "A,P,1.5亿元,CNY,3.6万人,人",
        "B,P,¥500,JPY,12,",
        "C,P,￥500,CNY,12,",
        "D,P,500元,USD,12件,台",
        "E,P,¥500,USD,12件,",
        "F,P,$5,USD,5%,%",
    )
    found = gathered(csv(tmp_path, makes="\n".join(written)))
    table = found.tables["makes"]
    assert table["value"].to_pylist() == [1.5e8, 500, 500, None, None, 5]
    assert table["output"].to_pylist() == [36000, 12, 12, None, None, 5]
    assert [(item.row, item.column, item.code) for item in found.problems] == [
        (5, "value", "wrong-unit"),
        (5, "output", "wrong-unit"),
        (6, "value", "wrong-unit"),
        (6, "output", "wrong-unit"),
    ]


def test_a_column_that_declares_its_unit_takes_that_unit_alone():
    days = column("service_items", "promised_days")
    assert read(days, "5个工作日", "5 working days", "5天") == (
        [5.0, 5.0, None],
        ["", "", "wrong-unit"],
    )
    assert read(column("places", "longitude"), "113.15°", "113.15度")[0] == [113.15, 113.15]


def test_words_for_nothing_are_blank_and_counted_in_a_note(tmp_path):
    text = "org_id,name,parent_org_id,founded\nA,无,—,暂无\nB,-,/,N/A\nC,c,A,1998"
    found = gathered(csv(tmp_path, organisations=text))
    assert found.tables["organisations"]["parent_org_id"].to_pylist() == [None, None, "A"]
    assert found.tables["organisations"]["name"].to_pylist() == ["无", "-", "c"]
    assert found.errors == ()
    assert lines(found)[1] == (
        "organisations.csv:2:founded blank-word: a whole number, such as 2024 in year, at "
        "least 1000, at most 2200, or a blank cell; found '暂无', 'N/A' in 2 cells, rows 2 "
        "and 3; nothing need be done: these cells are read as blank"
    )


def test_a_word_for_nothing_in_a_required_cell_is_a_missing_value(tmp_path):
    (problem,) = gathered(csv(tmp_path, observations="subject_kind,subject_id,measure,year,"
        "value\nplace,P,output,2024,待定")).problems  # fmt: skip
    assert (problem.code, problem.found) == ("missing-value", "'待定'")


@pytest.mark.parametrize("word", sorted(BLANK_WORDS))
def test_no_word_for_nothing_is_a_number(word):
    assert read(VALUE, word, word.upper()) == ([None, None], ["", ""])


def test_yes_and_no_are_read_in_words_and_signs():
    main = column("activities", "main")
    yes = ("是", "有", "√", "Y", "ｙｅｓ", "1", "TRUE")
    no = ("否", "无", "×", "N", "no", "０", "False")
    assert read(main, *yes, *no)[0] == [True] * len(yes) + [False] * len(no)
    assert read(main, "x", "maybe") == ([None, None], ["wrong-type", "wrong-type"])


def test_choices_are_read_in_both_languages_any_width_case_and_spacing():
    kind = column("milestones", "kind")
    written = ("First Domestic", "first-domestic", "ＦＩＲＳＴ＿domestic", "first_domestic ")
    assert read(kind, *written)[0] == ["first_domestic"] * 4
    assert read(column("places", "level"), "园 区")[0] == ["park"]


def test_no_two_choices_of_a_column_are_written_alike():
    entries = [entry for model in TABLES.values() for entry in columns(model) if entry.choices]
    for entry in entries:
        assert set(choice_words(entry).values()) == set(entry.choices)


def test_a_long_code_that_went_through_a_number_is_refused(tmp_path):
    text = "org_id,name,registration_no\nA,a,9.1E+17\nB,1.5E+12,911100001000\n1e5,c,"
    found = gathered(csv(tmp_path, organisations=text))
    assert [(item.row, item.column, item.code) for item in found.errors] == [
        (2, "registration_no", "digits-lost")
    ]
    number = column("organisations", "registration_no")
    assert read(number, 914301001234567890.0, 123456789012.0, 7.0) == (
        [None, "123456789012", "7"],
        ["digits-lost", "", ""],
    )


@QUIET
@given(
    before=st.lists(FINITE, max_size=5), odd=st.sampled_from(["约5", "1,2", "2兆", "(-1)", "x"])
)
def test_one_bad_cell_leaves_the_others_as_they_are(before, odd):
    values, codes = read(VALUE, *map(repr, before), odd)
    assert values == [*before, None]
    assert codes[:-1] == [""] * len(before)
    assert codes[-1]
