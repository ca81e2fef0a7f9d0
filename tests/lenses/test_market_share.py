"""Market share: as stated, or from value or output; what is not known; what is never mixed."""

import pytest

from liantu.errors import Refusal
from liantu.lens import run

PLACES = """
place_id level    parent_id
cn       country  -
zz       city     cn
qd       city     cn
td       district zz
"""
TABLES = {
    "places": PLACES,
    "organisations": "org_id place_id\na td\nb qd\nc qd\nd zz",
    "products": "product_id\ntrain\nglass",
    "chains": "chain_id\nrail",
    "chain_products": "chain_id product_id\nrail train\nrail glass",
}


def stated(*lines):
    head = "subject_kind subject_id measure activity year value unit evidence source_id"
    rows = []
    for line in lines:
        kind, who, measure, year, value, *more = line.split()
        evidence, source = (*more, "-", "-")[:2]
        rows.append(f"{kind} {who} {measure} train {year} {value} share {evidence} {source}")
    return "\n".join([head, *rows])


def asked(record, shares=(), made="", **params):
    tables = dict(TABLES)
    if shares:
        tables["observations"] = stated(*shares)
    if made:
        tables["makes"] = made
    return run("market_share", {"product": "train"} | params, store=record(**tables))


def shares(result):
    return {row["id"]: (row["share"], row["rank"]) for row in result.table.to_pylist()}


VALUES = """
org_id product_id year value currency
a      train      2020 50    CNY
b      train      2020 30    CNY
c      train      2020 20    CNY
a      train      2019 90    CNY
"""


def test_shares_as_stated_leave_the_rest_unknown(record):
    result = asked(
        record, ("place zz domestic_share 2020 0.3", "place qd domestic_share 2020 0.2")
    )
    assert shares(result) == {"zz": (0.3, 1), "qd": (0.2, 2)}
    assert result.answer.entry("known_share").value == pytest.approx(0.5)
    hhi = result.answer.entry("hhi")
    # .09 + .04; with the other half in one hand .25 more
    assert (hhi.value, hhi.low, hhi.high) == (
        pytest.approx(0.13),
        pytest.approx(0.13),
        pytest.approx(0.38),
    )
    assert result.answer.entry("cr4").high == pytest.approx(1.0)


def test_shares_come_from_the_value_of_the_latest_year_where_none_is_stated(record):
    result = asked(record, made=VALUES)
    assert shares(result) == {"a": (0.5, 1), "b": (0.3, 2), "c": (0.2, 3)}
    hhi = result.answer.entry("hhi")
    assert (hhi.value, hhi.low) == (pytest.approx(0.38), None)
    assert result.answer.entry("effective_number").value == pytest.approx(1 / 0.38)
    assert asked(record, made=VALUES, year=2019).table["id"].to_pylist() == ["a"]


def test_makers_are_added_up_by_place(record):
    result = asked(record, made=VALUES, by="place")
    assert shares(result) == {"td": (0.5, 1), "qd": (0.5, 1)}


def test_the_share_of_a_place_is_that_of_the_organisations_in_it(record):
    entry = asked(record, made=VALUES, place="zz").answer.entry("place_share")
    assert entry.value == pytest.approx(0.5)


def test_a_maker_without_a_figure_may_turn_everything(record):
    result = asked(record, made=VALUES + "d train 2020 - -\n")
    assert result.answer.entry("unknown_makers").value == 1
    hhi = result.answer.entry("hhi")
    assert (hhi.low, hhi.high, hhi.unknown) == (0.0, 1.0, 1)


def test_output_serves_where_no_value_is_on_record(record):
    made = "org_id product_id year output unit\na train 2020 6 trains\nb train 2020 2 trains"
    result = asked(record, made=made)
    assert shares(result) == {"a": (0.75, 1), "b": (0.25, 2)}
    assert result.table["unit"].to_pylist() == ["trains", "trains"]


def test_a_share_in_the_makers_table_is_one_as_stated(record):
    made = "org_id product_id year market_share value currency\na train 2020 0.4 5 CNY"
    result = asked(record, made=made)
    assert shares(result) == {"a": (0.4, 1)}
    assert result.table["value"].to_pylist() == [None]


def test_organisations_places_and_markets_are_never_mixed(record):
    lines = (
        "org a market_share 2020 0.4",
        "place zz domestic_share 2020 0.6",
        "place zz world_share 2020 0.2",
    )
    assert shares(asked(record, lines)) == {"a": (0.4, 1)}
    assert shares(asked(record, lines, by="place")) == {"zz": (0.6, 1)}
    assert shares(asked(record, lines, by="place", market="global")) == {"zz": (0.2, 1)}


def test_sources_that_differ_are_both_shown_and_the_better_evidence_is_taken(record):
    lines = (
        "place zz domestic_share 2020 0.3 declared s1",
        "place zz domestic_share 2020 0.2 verified s2",
    )
    result = asked(record, lines)
    found = [
        (r["share"], r["chosen"], r["conflict"], r["rank"]) for r in result.table.to_pylist()
    ]
    assert found == [(0.2, True, True, 1), (0.3, False, True, None)]
    assert any("Sources differ" in finding.template for finding in result.findings)


def test_an_assumed_share_is_left_out_in_words(record):
    result = asked(record, ("org a market_share 2020 0.4 assumed",))
    assert result.table.num_rows == 0
    assert result.answer.left_out[0].values["share"] == 0.4
    assert "Import" in result.findings[0].template


def test_shares_beyond_the_whole_market_have_no_concentration(record):
    result = asked(record, ("org a market_share 2020 0.7", "org b market_share 2020 0.6"))
    assert result.answer.entry("hhi").value is None
    assert any("more than the market" in finding.template for finding in result.findings)


def test_a_chain_adds_up_the_value_of_its_products(record):
    made = VALUES + "b glass 2020 70 CNY\n"
    result = asked(record, made=made, product="", chain="rail")
    assert shares(result)["b"] == (pytest.approx(100 / 170), 1)


@pytest.mark.parametrize(
    ("lines", "made", "words"),
    [
        ((), VALUES + "d train 2020 5 USD\n", "CNY, USD"),
        ((), "org_id product_id year value currency\na train 2020 0 CNY", "all-zero"),
        (("org a market_share 2020 1.4",), "", "bad-share"),
    ],
)
def test_what_has_no_share_is_refused_in_words(record, lines, made, words):
    with pytest.raises(Refusal, match=words):
        asked(record, lines, made)


def test_without_a_product_or_chain_it_asks_for_one(record):
    with pytest.raises(Refusal, match="give product or chain"):
        asked(record, product="")
