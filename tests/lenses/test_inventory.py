"""Inventory: what is on record of each stage, how sure and how fresh."""

from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liantu.lens import run
from tests.record import stored

# Ore and steel are upstream, the train downstream, paint has no stage; the tram chain shares
# the steel.
LINKS = """
chain_id product_id stage
rail     ore        upstream
rail     steel      upstream
rail     train      downstream
rail     paint      -
tram     steel      midstream
"""
TABLES = {
    "chains": "chain_id\nrail\ntram",
    "chain_products": LINKS,
    "products": "product_id\nore\nsteel\ntrain\npaint",
    "organisations": "org_id\na\nb\nc",
    "sites": "site_id org_id\ns1 a\ns2 a\ns3 b",
    "sources": "source_id title published\nbook Book 2019-05\npage Page 2022\nnote Note ~",
}


def asked(record, makes, **params):
    result = run("inventory", params, store=record(**TABLES, makes=makes))
    return result, {(row["chain_id"], row["stage"]): row for row in result.table.to_pylist()}


def test_products_makers_and_sites_are_counted_once_for_each_stage(record):
    # upstream: a makes ore at s1 and steel at s1 and s2, b makes steel at s3, its only site:
    # 2 products, both with a maker, 2 makers, 3 sites
    makes = """
    org_id product_id site_id year
    a      ore        s1      2020
    a      steel      s1      2020
    a      steel      s2      2021
    b      steel      -       -
    """
    result, rows = asked(record, makes, chain="rail")
    upstream = rows["rail", "upstream"]
    counted = ("products", "products_with_maker", "makers", "sites", "latest_year")
    assert [upstream[name] for name in counted] == [2, 2, 2, 3, 2021]
    assert [rows["rail", "downstream"][name] for name in counted] == [1, 0, 0, 0, None]
    assert [rows["rail", None][name] for name in counted] == [1, 0, 0, 0, None]
    entry = result.answer.entry("products_with_maker")
    assert (entry.value, entry.unknown, entry.high) == (2, 2, 4)
    assert result.answer.entry("makers").value == 2


def test_stages_come_in_the_order_of_the_chain_and_all_chains_where_none_is_asked(record):
    _, rows = asked(record, "org_id product_id\na steel")
    assert list(rows) == [
        ("rail", "upstream"),
        ("rail", "downstream"),
        ("rail", None),
        ("tram", "midstream"),
    ]
    assert rows["tram", "midstream"]["makers"] == 1


def test_shares_are_of_the_makers_on_record(record):
    # four rows of makers upstream: one verified, one synthetic
    makes = """
    org_id product_id evidence
    a      ore        verified
    b      ore        declared
    c      ore        -
    c      steel      synthetic
    """
    result, rows = asked(record, makes, chain="rail")
    assert rows["rail", "upstream"]["verified_share"] == 0.25
    assert rows["rail", "upstream"]["synthetic_share"] == 0.25
    assert rows["rail", "downstream"]["verified_share"] is None
    # only the steel rests on a synthetic maker alone, and one of the three makers
    assert result.answer.entry("products_with_maker").synthetic == 1
    assert result.answer.entry("makers").synthetic == 1


def test_an_assumed_maker_is_left_out_and_said_to_be(record):
    result, rows = asked(record, "org_id product_id evidence\na ore assumed", chain="rail")
    assert rows["rail", "upstream"]["makers"] == 0
    assert [sentence.values["n"] for sentence in result.answer.left_out] == [1]


def test_an_assumed_maker_is_said_once_and_not_where_it_is_known_as_well(record):
    # steel is in two chains; b is assumed for one year and declared for another
    makes = """
    org_id product_id year evidence
    a      steel      2019 assumed
    a      steel      2020 assumed
    b      steel      2019 assumed
    b      steel      2020 declared
    """
    result, _ = asked(record, makes)
    assert [sentence.values["n"] for sentence in result.answer.left_out] == [1]


def test_generated_products_are_marked_and_every_source_of_a_maker_is_named(record):
    tables = TABLES | {"chain_products": "chain_id product_id evidence\nrail ore synthetic"}
    makes = [
        {"org_id": "a", "product_id": "ore", "year": year, "source_id": source}
        for year, source in ((2019, "book"), (2020, "page;note"))
    ]
    result = run("inventory", {}, store=record(**tables, makes=makes))
    assert result.answer.entry("products").synthetic == 1
    assert result.provenance.sources == ("book", "note", "page")


def test_a_maker_is_as_fresh_as_its_row_and_else_as_its_latest_source(record):
    makes = [
        {"org_id": "a", "product_id": "ore", "year": 2018, "source_id": "book; page"},
        {"org_id": "a", "product_id": "train", "year": None, "source_id": "book;note"},
    ]
    _, rows = asked(record, makes, chain="rail")
    assert rows["rail", "upstream"]["latest_year"] == 2018
    assert rows["rail", "downstream"]["latest_year"] == 2019


def test_a_synthetic_organisation_makes_a_synthetic_maker(record):
    tables = TABLES | {"organisations": "org_id evidence\na synthetic"}
    store = record(**tables, makes="org_id product_id evidence\na ore verified")
    rows = run("inventory", {"chain": "rail"}, store=store).table.to_pylist()
    assert rows[0]["synthetic_share"] == 1.0


STAGES = [None, "upstream", "midstream", "downstream"]
EVIDENCE = ["verified", "declared", None, "assumed", "synthetic"]


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(STAGES), min_size=3, max_size=3),
    st.dictionaries(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["p0", "p1", "p2"])),
        st.sampled_from(EVIDENCE),
    ),
)
def test_counts_are_those_of_a_slow_twin(tmp_path_factory, stages, made):
    links = [
        {"chain_id": "rail", "product_id": f"p{k}", "stage": stage}
        for k, stage in enumerate(stages)
    ]
    makes = [
        {"org_id": org, "product_id": product, "evidence": sure}
        for (org, product), sure in made.items()
    ]
    tables = {
        "chains": [{"chain_id": "rail"}],
        "organisations": [{"org_id": org} for org in "abc"],
        "chain_products": links,
        "makes": makes,
    }
    with stored(tmp_path_factory.mktemp("twin"), **tables) as store:
        rows = run("inventory", {}, store=store).table.to_pylist()
    products, makers, verified = defaultdict(set), defaultdict(set), defaultdict(list)
    for link in links:
        products[link["stage"]].add(link["product_id"])
        for (org, product), sure in made.items():
            if product == link["product_id"] and sure != "assumed":
                makers[link["stage"]].add(org)
                verified[link["stage"]].append(sure == "verified")
    assert {row["stage"]: (row["products"], row["makers"]) for row in rows} == {
        stage: (len(products[stage]), len(makers[stage])) for stage in products
    }
    for row in rows:
        judged = verified[row["stage"]]
        assert row["verified_share"] == (sum(judged) / len(judged) if judged else None)
