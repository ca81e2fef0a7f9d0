"""Stress: what stops, what is lost either way, who passed it on, and in which money."""

import pytest

from liantu.errors import Refusal
from liantu.lens import run
from liantu.result import Bars, Network, Steps

# ore -> mill -> works -> trader; the trader buys as much from the yard.
SUPPLIES = """
supplier_id buyer_id product_id year value currency
ore         mill     iron       2020 10    CNY
mill        works    steel      2020 20    CNY
works       trader   wheel      2020 40    CNY
yard        trader   axle       2020 40    CNY
"""

TABLES = {
    "places": "place_id level\nzz city\nqd city",
    "organisations": """
    org_id  place_id
    ore     qd
    mill    zz
    works   zz
    yard    qd
    trader  zz
    idle    zz
    """,
    "supplies": SUPPLIES,
    "chains": "chain_id\nrail",
    "products": "product_id\niron\nsteel\nwheel\naxle\ntrain\nseat",
    "chain_products": """
    chain_id product_id stage      segment weight
    rail     iron       upstream   Metal   1
    rail     steel      upstream   Metal   1
    rail     wheel      midstream  Bogie   1
    rail     axle       midstream  Bogie   1
    rail     train      downstream Train   1
    rail     seat       downstream Train   1
    """,
    "makes": """
    org_id  product_id
    ore     iron
    mill    steel
    works   wheel
    yard    axle
    trader  train
    """,
    "parts": """
    product_id part_id
    wheel      steel
    train      wheel
    """,
}


def asked(record, tables=None, **params):
    return run("stress", {"chain": "rail", **params}, store=record(**(TABLES | (tables or {}))))


def by_id(result, *columns):
    return {
        row["org_id"]: tuple(row[name] for name in columns) for row in result.table.to_pylist()
    }


def value(result, name):
    return result.answer.entry(name).value


def test_a_loss_passes_to_buyers_by_what_they_buy_and_to_suppliers_by_what_they_sell(record):
    result = asked(record, orgs="mill")
    assert by_id(result, "shock", "loss_down", "loss_up", "loss") == {
        "ore": (0, 0, 1, 1),  # the mill was its only buyer
        "mill": (1, 1, 1, 1),
        "works": (0, 1, 0, 1),  # steel was all it bought
        "trader": (0, 0.5, 0, 0.5),  # half of what it bought were wheels
        "yard": (0, 0, 0, 0),
    }


def test_every_loss_can_be_followed_back_to_the_first_stop(record):
    result = asked(record, orgs="mill")
    assert by_id(result, "cause", "passed_by", "product_id") == {
        "ore": ("orders", "mill", "iron"),
        "mill": ("shock", None, None),
        "works": ("input", "mill", "steel"),
        "trader": ("input", "works", "wheel"),
        "yard": ("none", None, None),
    }
    # of the others, only the works passes something on
    assert value(result, "passer") == "works"


def test_an_essential_input_stops_its_buyer_whatever_else_it_buys(record):
    tables = {
        "activities": """
        org_id scheme code main
        works  ISIC   25   true
        yard   ISIC   30   true
        trader ISIC   46   true
        """,
        "sector_inputs": """
        scheme supplier_code buyer_code importance
        ISIC   25            46         essential
        """,
    }
    result = asked(record, tables, orgs="works", fraction=0.5)
    losses = by_id(result, "loss_down", "cause")
    assert losses["trader"] == (pytest.approx(0.5), "essential_input")
    assert losses["yard"] == (0, "none")


def test_losses_add_up_by_revenue_where_it_is_known_else_by_sales(record):
    result = asked(record, orgs="mill")
    # sales: ore 10, mill 20, works 40, yard 40; the trader sells nothing on record
    assert value(result, "before") == 110
    assert value(result, "lost") == 70
    assert value(result, "loss") == pytest.approx(70 / 110)
    assert value(result, "unsized") == 1
    revenue = {
        "observations": """
        subject_kind subject_id measure year value unit
        org          trader     revenue 2020 200   CNY
        org          mill       revenue 2020 80    CNY
        """
    }
    known = asked(record, revenue, orgs="mill")
    assert value(known, "before") == 10 + 80 + 40 + 40 + 200
    assert value(known, "lost") == 10 + 80 + 40 + 100
    assert known.answer.entry("lost").unit == "CNY"
    # by sales alone it is the index of this failure
    assert value(known, "esri") == pytest.approx(70 / 110)


def test_what_a_supplier_loses_is_an_upper_bound_where_revenue_is_unknown(record):
    result = asked(record, orgs="mill")
    entry = result.answer.entry("loss")
    # without revenue the ore may sell elsewhere: only mill and works are sure
    assert entry.low == pytest.approx(60 / 110)
    assert entry.value == pytest.approx(70 / 110)


def test_the_loss_of_each_stage_segment_and_place_is_that_of_its_firms(record):
    result = asked(record, orgs="mill")
    assert value(result, "loss_in_upstream") == 1
    assert value(result, "loss_in_midstream") == pytest.approx(0.5)
    assert value(result, "segment_loss Bogie") == pytest.approx(0.5)
    places = {e.subject.id: e.value for e in result.summary if e.name == "place_loss"}
    assert places == {"zz": pytest.approx(1), "qd": pytest.approx(10 / 50)}
    (bars,) = [f for f in result.figures if isinstance(f, Bars) and "stage" in f.title.template]
    assert [series.values for series in bars.series] == [(0, 0.5), (1, 0.5)]


def test_a_product_loses_what_its_makers_lose_and_the_map_shows_the_way(record):
    (network,) = [f for f in asked(record, orgs="mill").figures if isinstance(f, Network)]
    losses = {node.ref.id: node.loss for node in network.nodes}
    assert losses == {
        "axle": 0, "iron": 1, "seat": None, "steel": 1, "train": 0.5, "wheel": 1,
    }  # fmt: skip
    ids = [node.ref.id for node in network.nodes]
    ways = {(ids[a], ids[b]) for a, b in network.path}
    # down by what is sold, steel to the works and wheels to the trader; up by what is ordered
    assert ways == {("steel", "wheel"), ("wheel", "train"), ("steel", "iron")}


def test_the_list_says_who_passed_the_loss_on_largest_first(record):
    (steps,) = [f for f in asked(record, orgs="mill").figures if isinstance(f, Steps)]
    assert [step.label.id for step in steps.steps] == ["works", "ore", "trader"]
    assert [step.reason.template for step in steps.steps][:2] == [
        "{passer} delivers less: {product}",
        "{passer} orders less: {product}",
    ]


def test_an_import_source_passes_a_loss_on_without_a_weight_of_its_own(record):
    tables = {
        "places": "place_id level parent_id\ncn country -\nzz city cn\nqd city cn",
        "product_codes": "product_id scheme code\niron HS 26",
        "trade": """
        reporter partner scheme code flow   year value
        cn       AU      HS     26   import 2020 30
        cn       BR      HS     26   import 2020 10
        """,
        "observations": """
        subject_kind subject_id measure      year value
        product      iron       import_share 2020 0.8
        """,
    }
    result = asked(record, tables, partners="AU")
    # three quarters of the imports, and these are 0.8 of the iron that the mill buys
    losses = by_id(result, "loss_down", "cause", "passed_by")
    assert losses["mill"] == (pytest.approx(0.6), "input", None)
    assert losses["works"] == (pytest.approx(0.6), "input", "mill")
    assert set(losses) == {"ore", "mill", "works", "trader", "yard"}
    assert value(result, "before") == 110
    assert value(result, "import_sources") == 1
    assert result.findings[0].template.startswith("{part:percent} of the imports from")


def test_a_fraction_of_a_firm_costs_that_fraction(record):
    halves = by_id(asked(record, orgs="mill", fraction=0.5), "loss")
    assert halves["works"] == (pytest.approx(0.5),)
    assert asked(record, orgs="mill", fraction=0.5).findings[0].values["part"] == 0.5
    nothing = asked(record, orgs="mill", fraction=0)
    assert set(by_id(nothing, "loss").values()) == {(0.0,)}
    assert nothing.findings[0].values["loss"] == 0


def test_the_default_of_a_workspace_gives_way_to_anything_else_that_stops(record):
    defaults = {"chain": "rail", "orgs": ["yard"]}
    store = record(**TABLES)
    assert run("stress", {}, store=store, defaults=defaults).params["orgs"] == ["yard"]
    result = run("stress", {"places": "qd"}, store=store, defaults=defaults)
    assert (result.params["orgs"], result.params["chain"]) == ([], "rail")
    both = run("stress", {"places": "qd", "orgs": "mill"}, store=store, defaults=defaults)
    assert (both.params["orgs"], both.params["places"]) == (["mill"], ["qd"])


def test_without_supplies_it_says_what_to_import(record):
    result = asked(record, {"supplies": "supplier_id buyer_id"}, orgs="mill")
    assert result.table.num_rows == 0
    assert "Import supplies" in result.findings[0].template


def test_what_nobody_supplies_or_buys_from_cannot_stop_the_network(record):
    with pytest.raises(Refusal) as refused:
        asked(record, orgs="idle")
    assert [problem.code for problem in refused.value.problems] == ["nothing-stops"]


def test_without_a_chain_there_is_no_map_of_products(record):
    result = run("stress", {"orgs": "mill"}, store=record(**TABLES))
    assert not [f for f in result.figures if isinstance(f, Network)]
    assert value(result, "lost") == 70
