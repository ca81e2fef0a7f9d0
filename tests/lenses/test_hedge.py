"""Hedge: the best link is the best of all, tried one by one; gains are measured."""

import numpy as np
import pytest

from liantu.errors import Refusal
from liantu.kernels.cascade_network import Cascade
from liantu.lens import run

# alpha alone supplies two works with bolts; beta and gamma make bolts too, gamma sells nothing.
TABLES = {
    "organisations": "org_id\nalpha\nbeta\ngamma\nlarge\nsmall\nshop\nidle",
    "products": "product_id\nbolt\ncar\ncart\nnut",
    "supplies": """
    supplier_id buyer_id product_id year value currency
    alpha       large    bolt       2020 10    CNY
    alpha       small    bolt       2020 10    CNY
    beta        shop     nut        2020 5     CNY
    large       shop     car        2020 100   CNY
    small       shop     cart       2020 20    CNY
    """,
    "makes": """
    org_id product_id capacity
    alpha  bolt       -
    beta   bolt       30
    gamma  bolt       -
    large  car        -
    """,
}
FIRMS = ["alpha", "beta", "large", "shop", "small", "gamma"]
LINKS = [(0, 2, 10.0), (0, 4, 10.0), (1, 3, 5.0), (2, 3, 100.0), (4, 3, 20.0)]


def asked(record, tables=None, **params):
    return run("hedge", {"org": "alpha", **params}, store=record(**(TABLES | (tables or {}))))


def lost(links):
    """The business that is lost when alpha stops, by sales in the first network."""
    supplier, buyer, value = (np.array(column) for column in zip(*links, strict=True))
    cascade = Cascade(
        supplier, buyer, value, np.zeros(6, int), importance=np.ones((1, 1), int),
        market=np.array([0, 1, 2, 3, 4, 0]),
    )  # fmt: skip
    found = cascade.scenarios(np.eye(6)[0])
    sales = np.zeros(6)
    for seller, _, held in LINKS:
        sales[seller] += held
    return np.maximum(found.down, found.up)[0] @ sales / sales.sum()


def test_the_best_link_is_the_best_of_all_tried_one_by_one(record):
    tried = {}
    for maker in ("beta", "gamma"):
        for place, buyer in ((0, "large"), (1, "small")):
            links = list(LINKS)
            links[place] = (0, FIRMS.index(buyer), 5.0)
            links.append((FIRMS.index(maker), FIRMS.index(buyer), 5.0))
            tried[maker, buyer] = lost(links)
    rows = asked(record).table.to_pylist()
    assert {(row["supplier_id"], row["buyer_id"]) for row in rows} == set(tried)
    for row in rows:
        found = tried[row["supplier_id"], row["buyer_id"]]
        assert row["loss_after"] == pytest.approx(found, abs=1e-9)
        assert row["loss_before"] == pytest.approx(lost(LINKS))
        assert row["gain"] == pytest.approx(row["loss_before"] - found, abs=1e-8)
    best = min(tried, key=lambda pair: round(tried[pair], 9))
    assert rows[0]["gain"] == max(row["gain"] for row in rows)
    assert (rows[0]["supplier_id"], rows[0]["buyer_id"]) == best == ("beta", "large")


def test_a_link_halves_what_its_buyer_loses(record):
    # alpha stops: large, small and 120 of the 125 that the shop buys; large is 100 of 145
    result = asked(record)
    assert result.answer.entry("loss_before").value == pytest.approx(140 / 145)
    assert result.table["loss_after"][0].as_py() == pytest.approx((140 - 50) / 145)
    assert result.table["value"][0].as_py() == 5


def test_what_is_shown_of_the_candidate_is_what_is_on_record(record):
    rows = {row["supplier_id"]: row for row in asked(record).table.to_pylist()}
    assert (rows["beta"]["capacity"], rows["beta"]["in_network"]) == (30, True)
    assert (rows["gamma"]["capacity"], rows["gamma"]["in_network"]) == (None, False)
    assert {row["replaces"] for row in rows.values()} == {"alpha"}


def test_one_who_supplies_the_buyer_already_is_no_second_supplier(record):
    supplies = TABLES["supplies"] + "beta large bolt 2020 4 CNY\n"
    rows = asked(record, {"supplies": supplies}).table.to_pylist()
    assert ("beta", "large") not in {(row["supplier_id"], row["buyer_id"]) for row in rows}


def test_a_purchase_that_does_not_hang_on_who_stops_needs_no_hedge(record):
    supplies = TABLES["supplies"] + "beta large bolt 2020 11 CNY\n"
    rows = asked(record, {"supplies": supplies}).table.to_pylist()
    assert {row["buyer_id"] for row in rows} == {"small"}


def test_the_same_gain_shares_a_rank(record):
    ranks = asked(record).table["rank"].to_pylist()
    assert ranks == [1, 1, 3, 3]


def test_the_share_of_the_purchase_is_for_the_reader_to_say(record):
    whole = asked(record, share=1.0)
    assert whole.table["loss_after"][0].as_py() == pytest.approx((140 - 100) / 145)


def test_nothing_is_cut_in_silence(record):
    result = asked(record, most=1, limit=1)
    entry = result.answer.entry("evaluated")
    assert (entry.value, entry.unknown) == (1, 3)
    assert result.answer.entry("candidates").value == 4
    # the screen takes the link of the buyer that passes most on
    assert result.table["buyer_id"].to_pylist() == ["large"]


def test_without_a_name_the_most_critical_stop_each_alone(record):
    result = run("hedge", {"failures": 2}, store=record(**TABLES))
    assert result.answer.entry("stops").value == 2
    assert result.answer.entry("needs").value == 3  # two of alpha, one of large
    assert result.table.num_rows == 4


AMOUNTS = """
org_id product_id output capacity unit  value currency
alpha  bolt       -      -        -     -     -
beta   bolt       {beta}
gamma  bolt       90     100      piece {gamma}
large  car        -      -        -     -     -
"""


def test_a_maker_without_free_capacity_is_left_out_and_said(record):
    makes = AMOUNTS.format(beta="30 30 piece - -", gamma="- -")
    result = asked(record, {"makes": makes})
    assert {row["supplier_id"] for row in result.table.to_pylist()} == {"gamma"}
    assert {row["free"] for row in result.table.to_pylist()} == {10}
    assert result.answer.entry("full").value == 2  # beta to both buyers
    assert result.answer.entry("with_free").value == 2
    said = [line for line in result.answer.left_out if "capacity allows" in line.template]
    assert [line.values["n"] for line in said] == [2]


def test_a_link_takes_over_no_more_than_what_is_free(record):
    # gamma's 90 bolts are worth 27, so the 10 more that it could make are worth 3, not 5
    makes = AMOUNTS.format(beta="40 30 piece - -", gamma="27 CNY")
    result = asked(record, {"makes": makes})
    assert result.table["value"].to_pylist() == [3, 3]
    large = result.table.to_pylist()[0]
    assert large["buyer_id"] == "large"
    assert large["loss_after"] == pytest.approx((140 - 30) / 145)
    assert any("take over less" in line.template for line in result.answer.left_out)


def test_what_is_free_in_another_currency_limits_nothing(record):
    makes = AMOUNTS.format(beta="40 30 piece - -", gamma="27 USD")
    assert asked(record, {"makes": makes}).table["value"].to_pylist() == [5, 5]


def test_without_any_free_capacity_it_says_so(record):
    makes = "org_id product_id output capacity\nalpha bolt - -\nbeta bolt 30 30"
    result = asked(record, {"makes": makes})
    assert result.table.num_rows == 0
    assert "no second supplier has free capacity" in result.findings[0].template


def test_without_another_maker_it_says_what_is_missing(record):
    result = asked(record, {"makes": "org_id product_id\nalpha bolt"})
    assert result.table.num_rows == 0
    assert "Import makes" in result.findings[0].template


def test_who_has_no_buyer_has_nothing_to_hedge(record):
    result = asked(record, org="shop")
    assert result.answer.entry("needs").value == 0
    with pytest.raises(Refusal) as refused:
        asked(record, org="idle")
    assert [(p.code, p.column) for p in refused.value.problems] == [("nothing-stops", "org")]


def test_without_supplies_it_says_what_to_import(record):
    result = run("hedge", {}, store=record(organisations="org_id\nalpha"))
    assert "Import supplies" in result.findings[0].template


def test_who_sells_to_nobody_needs_no_second_supplier_and_that_is_said(record):
    result = asked(record, org="shop")
    assert result.answer.entry("needs").value == 0
    assert result.findings[0].template.startswith("Nobody on record buys half or more")
