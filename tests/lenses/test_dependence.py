"""Import dependence: the record behind the indices, persistence, and what is refused."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liantu.errors import Refusal
from liantu.lens import run
from tests import naive_places
from tests.record import stored

PLACES = """
place_id name    level    parent_id
cn       China   country  -
hn       Hunan   province cn
gd       Canton  province cn
de       Germany country  -
by       Bavaria province de
jp       Japan   country  -
us       America country  -
"""


def trade(*rows, **more):
    """Rows of flow, partner, code, year and value, reported by China in HS unless told else."""
    return [
        {"reporter": "cn", "scheme": "HS", "flow": flow, "partner": partner, "code": code}
        | {"year": year, "value": value, "currency": "USD"}
        | more
        for flow, partner, code, year, value in rows
    ]


def asked(record, rows, tables=None, **params):
    return run("dependence", params, store=record(places=PLACES, trade=rows, **(tables or {})))


def row(result, code="1"):
    return next(row for row in result.table.to_pylist() if row["code"] == code)


HAND = trade(
    ("import", "de", "1", 2020, 80.0),
    ("import", "jp", "1", 2020, 20.0),
    ("export", "us", "1", 2020, 50.0),
)


def test_a_product_from_few_sources_is_dependent_by_hand(record):
    found = row(asked(record, HAND))
    assert (found["imports"], found["exports"], found["suppliers"]) == (100.0, 50.0, 2)
    assert (found["cdi1"], found["cdi2"], found["cdi3"]) == (pytest.approx(0.68), 1.0, 2.0)
    assert (found["dependent"], found["top_partner"], found["top_share"]) == (True, "de", 0.8)
    assert found["evidence"] == "declared"


def test_exports_that_are_not_on_record_leave_the_product_unknown(record):
    result = asked(record, HAND[:2])
    assert row(result)["cdi3"] is None
    assert row(result)["dependent"] is None
    entry = result.answer.entry("dependent")
    assert (entry.value, entry.high, entry.unknown) == (0, 1, 1)
    assert any("record exports of 0" in finding.template for finding in result.findings)


def test_exports_of_nothing_make_the_ratio_infinite(record):
    nothing = trade(("export", "us", "1", 2020, 0.0))
    found = row(asked(record, [*HAND[:2], *nothing]))
    assert (found["cdi3"], found["dependent"]) == (math.inf, True)


def test_what_lies_in_a_partner_that_counts_as_inside_is_inside_too(record):
    rows = trade(
        ("import", "hn", "1", 2020, 60.0),
        ("import", "by", "1", 2020, 30.0),
        ("import", "jp", "1", 2020, 30.0),
        ("export", "us", "1", 2020, 1.0),
    )
    rows = [line | {"reporter": "gd"} for line in rows]
    for name in ("cn", "China", "hn"):
        found = row(asked(record, rows, inside=name))
        assert (found["imports"], found["imports_inside"], found["cdi2"]) == (60, 60, 0.5)
        assert found["dependent"] is False


def test_regions_are_added_up_to_their_country(record):
    rows = [*HAND, *trade(("import", "by", "1", 2020, 20.0))]
    found = row(asked(record, rows))
    assert (found["suppliers"], found["top_partner"]) == (2, "de")
    assert found["top_share"] == pytest.approx(100 / 120)


def test_trade_with_itself_totals_and_assumed_rows_are_left_out_in_words(record):
    more = trade(("import", "hn", "1", 2020, 900.0), ("import", "World", "1", 2020, 1000.0))
    guess = trade(("import", "us", "1", 2020, 900.0), evidence="assumed")
    result = asked(record, [*HAND, *more, *guess])
    assert row(result)["imports"] == 100
    assert [sentence.values["n"] for sentence in result.answer.left_out] == [1, 1, 1]


def test_own_provinces_count_as_inside_where_they_are_named(record):
    rows = [*HAND, *trade(("import", "hn", "1", 2020, 100.0))]
    assert row(asked(record, rows))["cdi2"] == 1
    assert row(asked(record, rows, inside="hn"))["cdi2"] == 0.5
    assert row(asked(record, rows, inside="cn"))["cdi2"] == 1


def test_by_quantity_a_product_may_look_otherwise(record):
    rows = [
        line | {"quantity": quantity, "unit": "kg"}
        for line, quantity in zip(HAND, (5.0, 5.0, 20.0), strict=True)
    ]
    found = row(asked(record, rows))
    assert (found["cdi1_quantity"], found["cdi3_quantity"]) == (0.5, 0.5)
    rows[1]["unit"] = "piece"
    assert row(asked(record, rows))["cdi1_quantity"] is None


def test_persistence_counts_three_years_and_churn_compares_with_the_year_before(record):
    rows = []
    for year, top in ((2016, 90.0), (2018, 90.0), (2019, 90.0), (2020, 50.0)):
        for code, first in (("1", 90.0), ("2", top)):
            rows += trade(
                ("import", "de", code, year, first),
                ("import", "jp", code, year, (100.0 - first) / 2),
                ("import", "us", code, year, (100.0 - first) / 2),
                ("export", "us", code, year, 50.0),
            )
    result = asked(record, rows)
    steady, gone = row(result, "1"), row(result, "2")
    assert (steady["dependent_years"], gone["dependent_years"]) == (3, 2)
    assert steady["years"] == [2016, 2018, 2019, 2020]
    assert gone["met"] == [3, 3, 3, 2]
    churn = result.answer.entry("churn")
    assert (churn.value, churn.low, churn.high) == (0.5, 0.5, 0.5)
    assert result.answer.entry("persistent").value == 2
    earlier = asked(record, rows, year="2018")
    assert row(earlier, "2")["dependent"] is True
    assert earlier.answer.entry("year").value == 2018


def test_products_and_makers_at_home_stand_beside_the_code(record):
    tables = {
        "products": "product_id name\nwheel Wheel\naxle Axle",
        "product_codes": "product_id scheme code\nwheel HS 1\naxle HS 1\naxle SITC 2",
        "organisations": "org_id name place_id\na A hn\nb B de",
        "makes": "org_id product_id\na wheel\nb axle",
    }
    found = row(asked(record, HAND, tables))
    assert (found["products"], found["makers"]) == (["axle", "wheel"], ["a"])


@pytest.mark.parametrize(
    ("rows", "params", "code", "column"),
    [
        (HAND, {"year": "2019"}, "no-such-year", "year"),
        (HAND, {"inside": "Germani"}, "unknown-partner", "inside"),
        ([*HAND, HAND[0] | {"scheme": "SITC"}], {}, "mixed-scheme", "scheme"),
        ([*HAND, HAND[0] | {"reporter": "us"}], {}, "mixed-reporter", "reporter"),
        ([*HAND, HAND[0] | {"code": "2", "currency": "CNY"}], {}, "mixed-currency", "currency"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(record, rows, params, code, column):
    with pytest.raises(Refusal) as refused:
        asked(record, rows, **params)
    assert [(p.code, p.column) for p in refused.value.problems] == [(code, column)]


def test_a_reporter_may_be_a_code_that_is_no_place(record):
    rows = [line | {"reporter": "EU"} for line in HAND]
    other = [line | {"reporter": "UK"} for line in HAND]
    result = asked(record, [*rows, *other], reporter="EU")
    assert result.answer.entry("reporter").value == "EU"


def test_without_trade_it_says_what_to_import(record):
    assert "Import trade" in asked(record, []).findings[0].template
    assert "Import trade" in asked(record, HAND, reporter="jp").findings[0].template


amounts = st.integers(0, 9).map(float)
trades = st.dictionaries(
    st.tuples(
        st.sampled_from(["import", "export"]),
        st.sampled_from(["de", "jp", "us"]),
        st.sampled_from(["1", "2"]),
    ),
    st.one_of(st.none(), amounts),
    min_size=1,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(trades)
def test_every_product_agrees_with_the_slow_twin(tmp_path_factory, drawn):
    rows = trade(*[(flow, who, code, 2020, v) for (flow, who, code), v in drawn.items()])
    with stored(tmp_path_factory.mktemp("trade"), places=PLACES, trade=rows) as store:
        result = run("dependence", {"inside": "us"} if _traded(drawn) else {}, store=store)
    inside = {"us"} if _traded(drawn) else set()
    found = {line["code"]: line for line in result.table.to_pylist()}
    for code in ("1", "2"):
        own = [(flow, who, v) for (flow, who, other), v in drawn.items() if other == code]
        assert (code in found) == any(flow == "import" for flow, *_ in own)
        if code in found:
            *expected, dependent = naive_places.dependence(own, inside=inside)
            for name, wanted in zip(("cdi1", "cdi2", "cdi3"), expected, strict=True):
                assert found[code][name] == (
                    wanted if wanted is None else pytest.approx(wanted)
                )
            assert found[code]["dependent"] == dependent


def _traded(drawn):
    return any(who == "us" for _, who, _ in drawn)
