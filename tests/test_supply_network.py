"""The supply network as arrays: what counts as a firm, a link, a sector and a revenue."""

import numpy as np
import pytest

from liantu.errors import Refusal
from liantu.methods.supply_network import READS, read_network

ORGANISATIONS = """
    org_id name place_id evidence
    a A x -
    b B x -
    c C x synthetic
    d D x -
"""
SUPPLIES = """
    supplier_id buyer_id product_id year value currency
    a b p 2022 5 CNY
    a b p 2023 7 CNY
    a b q - 3 CNY
    c b p 2023 4 CNY
    b a p 2023 0 CNY
    d d p 2023 9 CNY
"""


def network(store, chain=None):
    return read_network(**{k: store.query(sql, {"chain": chain}) for k, sql in READS.items()})


def words(net):
    return [sentence.template for sentence in net.left_out]


def test_a_link_adds_up_products_each_of_its_latest_year(record):
    net = network(record(organisations=ORGANISATIONS, supplies=SUPPLIES))
    assert net.firms["org_id"].to_pylist() == ["a", "b", "c"]
    assert net.supplier.tolist() == [0, 2]
    assert net.buyer.tolist() == [1, 1]
    assert net.value.tolist() == [10, 4]
    assert net.sales.tolist() == [10, 0, 4]
    assert net.synthetic.tolist() == [False, True, True]
    assert "{n:count} supplies of value 0 are no links." in words(net)
    assert net.number(["c", "d", "a"]).tolist() == [2, -1, 0]


def test_a_firm_without_a_sector_has_a_market_of_its_own(record):
    activities = "org_id scheme code main\na S 1 true\nb S 1 true"
    net = network(record(organisations=ORGANISATIONS, supplies=SUPPLIES, activities=activities))
    assert net.sectors == (("S", "1"), ("", ""))
    assert net.sector.tolist() == [0, 0, 1]
    assert len(set(net.market.tolist())) == 2
    assert net.market[2] not in net.market[:2]


def test_a_pair_of_sectors_that_is_not_listed_is_non_essential(record):
    activities = "org_id scheme code main\na S 1 true\nb S 2 true\nc S 3 true"
    inputs = "scheme supplier_code buyer_code importance\nS 1 2 essential"
    net = network(
        record(
            organisations=ORGANISATIONS,
            supplies=SUPPLIES,
            activities=activities,
            sector_inputs=inputs,
        )
    )
    assert net.importance[0, 1] == 2
    assert (np.delete(net.importance.ravel(), 1) == 1).all()
    assert net.listed.sum() == 1
    (said,) = [s for s in net.left_out if "pairs" in s.template]
    assert said.values["n"] == 1


def test_revenue_below_the_sales_on_record_or_in_another_unit_is_not_used(record):
    observations = """
        subject_kind subject_id measure activity year scope source_id value unit
        org a revenue - 2023 - - 9 CNY
        org b revenue - 2023 - - 20 USD
        org c revenue - 2023 - - 4 CNY
    """
    net = network(
        record(organisations=ORGANISATIONS, supplies=SUPPLIES, observations=observations)
    )
    assert np.isnan(net.revenue[:2]).all()
    assert net.revenue[2] == 4
    (said,) = [s for s in net.left_out if "revenue" in s.template]
    assert said.values["n"] == 2


def test_only_firms_of_the_chain_and_links_between_them_are_read(record):
    store = record(
        organisations=ORGANISATIONS,
        supplies=SUPPLIES,
        products="product_id name parent_id\np P -\nq Q -\nk K p",
        chains="chain_id name\nrail Rail",
        chain_products="chain_id product_id\nrail q",
        parts="product_id part_id\nq p",
        makes="org_id product_id\na q\nb k",
    )
    net = network(store, "rail")
    assert net.firms["org_id"].to_pylist() == ["a", "b"]
    assert net.value.tolist() == [10]


def test_supplies_in_two_currencies_are_refused_by_name(record):
    mixed = SUPPLIES.replace("4 CNY", "4 USD")
    with pytest.raises(Refusal, match="CNY, USD"):
        network(record(organisations=ORGANISATIONS, supplies=mixed))


def test_a_record_without_supplies_is_an_empty_network(record):
    net = network(record(organisations=ORGANISATIONS))
    assert net.n_firms == 0
    assert len(net.value) == 0
