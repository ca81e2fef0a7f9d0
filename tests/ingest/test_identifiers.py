"""Registration numbers and codes: what is doubtful is said at its cell, and refuses nothing."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import lei
from stdnum.cn import uscc

from liantu.ingest.contents.identifiers import (
    credit_codes_hold,
    entity_identifiers_hold,
    is_harmonized,
    is_isic,
    is_national,
    plain_numbers,
)
from tests.ingest.desk import csv, gathered, lines, rows

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

credit_codes = st.builds(
    lambda head, tail: head + tail,
    st.text(DIGITS, min_size=8, max_size=8),
    st.text(SIGNS, min_size=10, max_size=10),
)
right_credit_codes = credit_codes.map(lambda code: code[:17] + uscc.calc_check_digit(code[:17]))
entity_identifiers = st.builds(
    lambda head, tail: head + tail,
    st.text(DIGITS + LETTERS, min_size=18, max_size=18),
    st.text(DIGITS, min_size=2, max_size=2),
)


@settings(deadline=None)
@given(st.lists(credit_codes | right_credit_codes, min_size=1, max_size=50))
def test_a_credit_code_holds_where_the_standard_library_of_numbers_says_so(codes):
    found = credit_codes_hold(pa.array(codes))
    assert found.tolist() == [uscc.is_valid(code) for code in codes]


@settings(deadline=None)
@given(st.lists(entity_identifiers, min_size=1, max_size=50))
def test_an_entity_identifier_holds_where_the_standard_library_of_numbers_says_so(codes):
    codes = [*codes, "213800KUD8LAJWSQ9D15", "213800KUD8LXJWSQ9D15"]
    found = entity_identifiers_hold(pa.array(codes))
    assert found.tolist() == [lei.is_valid(code) for code in codes]


@settings(deadline=None)
@given(right_credit_codes, st.integers(0, 17), st.sampled_from(SIGNS))
def test_one_wrong_character_is_always_noticed(code, place, sign):
    changed = code[:place] + sign + code[place + 1 :]
    assert credit_codes_hold(pa.array([code, changed])).tolist() == [True, changed == code]


def test_a_part_of_an_array_is_read_from_where_it_begins():
    codes = pa.array(["x" * 18, "91110000600037341L", "91110000600037342L"])
    assert credit_codes_hold(codes[1:]).tolist() == [True, False]


def test_numbers_in_full_width_small_letters_or_groups_are_written_plainly():
    written = [
        "９１１１００００６０００３７３４１Ｌ",
        "9111 0000 6000 3734 1l",
        "HRB 4711",
        None,
    ]
    plain = ["91110000600037341L", "91110000600037341L", "HRB 4711", None]
    assert plain_numbers(pa.array(written)).to_pylist() == plain


@pytest.mark.parametrize("code", ["86", "8607", "860719", "8607.19", "8607199000", "01"])
def test_a_code_of_goods_has_two_to_ten_digits(code):
    assert is_harmonized(code)


@pytest.mark.parametrize("code", ["", "8", "860", "86071", "00", "7701", "C37", "860719900012"])
def test_what_is_no_code_of_goods(code):
    assert not is_harmonized(code)


@pytest.mark.parametrize("code", ["C", "37", "C37", "C371", "C3711", "3711", "T97", "A01"])
def test_a_national_code_names_a_division_of_its_section(code):
    assert is_national(code)


@pytest.mark.parametrize("code", ["", "U99", "C44", "A37", "98", "00", "C37111", "37.11", "Z"])
def test_what_is_no_national_code(code):
    assert not is_national(code)


def test_codes_of_both_revisions_of_isic_hold_and_their_gaps_do_not():
    assert all(map(is_isic, ["C30", "3020", "H49", "L64", "K64", "62", "U99", "V99"]))
    assert not any(map(is_isic, ["C34", "3400", "B04", "A30", "W01", "30.2"]))


def test_doubtful_codes_are_warnings_at_their_cells_and_every_row_is_kept(tmp_path):
    files = csv(
        tmp_path,
        organisations=(
            "org_id,name,registration_no\n"
            "a,A,91110000600037341L\n"
            "b,B,91110000600037341M\n"
            "c,C,9111000060003734L\n"
            "d,D,HRB 4711\n"
            "e,E,213800KUD8LXJWSQ9D15"
        ),
        product_codes="product_id,scheme,code\np,HS2022,8607\np,HS2022,86O7\np,own,86O7",
        activities="org_id,scheme,code\na,GB/T 4754—2017,C3711\na,GB/T 4754,A3711",
    )
    intake = gathered(files)
    assert not intake.errors
    found = {(item.file, item.row, item.column, item.code) for item in intake.problems}
    assert found == {
        ("organisations.csv", 3, "registration_no", "doubtful-code"),
        ("organisations.csv", 4, "registration_no", "doubtful-code"),
        ("organisations.csv", 6, "registration_no", "doubtful-code"),
        ("product_codes.csv", 3, "code", "doubtful-code"),
        ("activities.csv", 3, "code", "doubtful-code"),
    }
    assert len(rows(intake, "organisations")) == 5
    assert any("found '91110000600037341M'" in line for line in lines(intake))
