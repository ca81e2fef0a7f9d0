"""Names as they are compared: what is one name, and what is two."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.ingest.references.names import normalised


def plain(*names):
    return normalised(pa.array(names, pa.string())).to_pylist()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("株洲中车时代电气股份有限公司", "株洲中车时代电气"),
        ("株洲中车时代电气（上海）有限公司", "株洲中车时代电气上海"),
        ("中车株洲电力机车有限责任公司", "中车株洲电力机车"),
        ("中国中车集团有限公司", "中国中车集团"),
        ("联诚（集团）股份公司", "联诚集团"),
        ("株洲 电力【机车】有限公司。", "株洲电力机车"),
        ("湘江基金（有限合伙）", "湘江基金"),
        ("ＣＲＲＣ Zhuzhou Locomotive Co., Ltd.", "crrczhuzhoulocomotive"),
        ("Foo Co.,Ltd", "foo"),
        ("FOO CO LTD", "foo"),
        ("Foo Company Limited", "foo"),
        ("Foo Corporation", "foo"),
        ("Foo, Inc.", "foo"),
        ("Siemens Mobility GmbH & Co. KG", "siemensmobility"),
        ("Vossloh AG", "vossloh"),
        ("Alstom S.A.", "alstom"),
        ("Alstom SA", "alstom"),
        ("Rossi S.p.A.", "rossi"),
        ("Balfour plc", "balfour"),
        ("Wabtec LLC", "wabtec"),
        ("Kawasaki Holdings Inc", "kawasakiholdings"),
        ("Straße™ GmbH", "strasse"),
        ("Cosco", "cosco"),
        ("湖南", "湖南"),
    ],
)
def test_a_name_is_compared_without_its_legal_form(name, expected):
    assert plain(name) == [expected]


def test_a_name_of_nothing_else_keeps_its_legal_form():
    assert plain("公司", "有限公司", "Ltd", "--", "") == ["公司", "有限公司", "ltd", "--", ""]


def test_a_blank_name_stays_blank():
    assert plain(None, "甲公司") == [None, "甲"]


def test_a_branch_is_not_its_company():
    whole, branch = plain("中车株机有限公司", "中车株机有限公司广州分公司")
    assert whole != branch


@pytest.mark.parametrize(
    "form", ["有限公司", "股份有限公司", "有限责任公司", " Co., Ltd.", " GmbH", ", Inc."]
)
@given(stem=st.text("株洲中车电气机厂abcXYZ019", min_size=1, max_size=12))
def test_a_legal_form_at_the_end_makes_no_difference(form, stem):
    assert plain(stem + form) == plain(stem)


@given(st.lists(st.none() | st.text(max_size=20), max_size=6))
def test_each_name_is_compared_by_itself(names):
    assert plain(*names) == [plain(name)[0] for name in names]


@given(st.text("株洲（）()【】[] ,.·-公司有限Ltdab", max_size=16))
def test_blanks_and_signs_make_no_difference_within_a_name(text):
    bare = "".join(text.split(" "))
    assert plain("甲" + text + "乙") == plain("甲" + bare + "乙")
