"""What stops: sites by capacity, places, circles, import sources, and what is refused."""

import pytest

from liantu.errors import Refusal
from liantu.methods.shocks import SHOCK_READS, Stop, shock
from liantu.methods.supply_network import READS, read_network

PLACES = """
place_id level    parent_id longitude latitude
cn       country  -         -         -
zz       city     cn        113.10    27.80
td       district zz        113.13    27.83
de       country  -         -         -
bo       city     de        -         -
"""

# north and south are sites of works, which makes wheels in both and axles in the north alone.
SITES = """
site_id org_id place_id longitude latitude
north   works  td       113.13    27.83
south   works  zz       113.10    27.60
"""

MAKES = """
org_id product_id site_id capacity
works  wheel      north   30
works  wheel      south   10
works  axle       north   5
"""

ORGANISATIONS = """
org_id  place_id
works   zz
trader  td
foundry bo
mill    zz
idle    td
"""

SUPPLIES = """
supplier_id buyer_id product_id year value currency
works       trader   wheel      2020 100   CNY
mill        works    steel      2020 80    CNY
foundry     works    casting    2020 60    CNY
foundry     works    mould      2020 20    CNY
"""

WHOLE = {
    "places": PLACES,
    "sites": SITES,
    "makes": MAKES,
    "organisations": ORGANISATIONS,
    "supplies": SUPPLIES,
}


def stopped(record, tables=WHOLE, **asked):
    """The shock, and the fraction that each firm loses, by id."""
    store = record(**tables)
    params = {"chain": None, "orgs": [], "sites": [], "places": [], "partners": []} | asked
    found = {name: store.query(sql, params) for name, sql in (READS | SHOCK_READS).items()}
    network = read_network(*(found[name] for name in READS))
    made = shock(network, found["bases"], found["imports"], found["origins"], Stop(**asked))
    ids = network.firms["org_id"].to_pylist()
    return made, dict(zip(ids, made.lost.tolist(), strict=False))


def refused(record, **asked):
    with pytest.raises(Refusal) as refusal:
        stopped(record, **asked)
    return [(problem.code, problem.column) for problem in refusal.value.problems]


def test_an_organisation_that_stops_loses_all_of_itself(record):
    made, lost = stopped(record, orgs=["works"])
    assert lost == {"foundry": 0.0, "mill": 0.0, "trader": 0.0, "works": 1.0}
    assert set(made.hits["reason"].to_pylist()) == {"organisation"}


def test_a_site_counts_with_its_mean_share_of_the_capacity_of_each_product(record):
    # wheels 30 of 40, axles 5 of 5: (0.75 + 1) / 2
    assert stopped(record, sites=["north"])[1]["works"] == pytest.approx(0.875)
    assert stopped(record, sites=["south"])[1]["works"] == pytest.approx(0.125)


def test_without_capacities_the_sites_of_a_firm_count_the_same_and_that_is_said(record):
    made, lost = stopped(record, WHOLE | {"makes": "org_id product_id"}, sites=["north"])
    assert lost["works"] == pytest.approx(0.5)
    assert any("count the same" in sentence.template for sentence in made.left_out)


def test_a_product_with_a_site_of_unknown_capacity_tells_nothing(record):
    made = "org_id product_id site_id capacity\nworks wheel north 30\nworks wheel south -"
    assert stopped(record, WHOLE | {"makes": made}, sites=["north"])[1]["works"] == 0.5


def test_a_place_stops_its_sites_those_of_places_inside_and_firms_without_a_site(record):
    _, lost = stopped(record, places=["td"])
    assert lost == pytest.approx({"foundry": 0, "mill": 0, "trader": 1, "works": 0.875})
    assert stopped(record, places=["zz"])[1] == {
        "foundry": 0.0, "mill": 1.0, "trader": 1.0, "works": 1.0,
    }  # fmt: skip


def test_shocks_that_overlap_count_once_a_site_and_add_up_over_sites(record):
    asked = {"sites": ["north", "south"], "places": ["td"], "orgs": ["works"]}
    assert stopped(record, **asked, fraction=0.4)[1]["works"] == pytest.approx(0.4)


def test_the_fraction_scales_whatever_stops(record):
    lost = stopped(record, places=["td"], fraction=0.5)[1]
    assert lost == pytest.approx({"foundry": 0, "mill": 0, "trader": 0.5, "works": 0.4375})


def test_a_circle_takes_the_sites_within_it_by_great_circle(record):
    made, lost = stopped(record, circle=[113.13, 27.83, 2.0])
    # the trader has no site, and stands at the centre of its district
    assert lost == pytest.approx({"foundry": 0, "mill": 0, "trader": 1, "works": 0.875})
    # the mill is known by its city only, the foundry by a place without a position
    passed = [s for s in made.left_out if "the circle passes" in s.template]
    assert [sentence.values["n"] for sentence in passed] == [2]
    # 0.23 degrees of latitude are 25.6 km
    assert stopped(record, circle=[113.1, 27.83, 25.5])[1]["works"] == pytest.approx(0.875)
    assert stopped(record, circle=[113.1, 27.83, 25.7])[1]["works"] == pytest.approx(1.0)


def test_a_country_that_no_longer_delivers_stops_its_organisations(record):
    made, lost = stopped(record, partners=["de"])
    assert lost == {"foundry": 1.0, "mill": 0.0, "trader": 0.0, "works": 0.0}
    assert made.hits["reason"].to_pylist() == ["import_source"]


def test_a_country_may_be_named_in_either_case_and_by_its_name(record):
    rows = [
        {"place_id": "cn", "level": "country", "name": "China"},
        {"place_id": "de", "level": "country", "name": "Germany", "name_local": "德国"},
        {"place_id": "bo", "level": "city", "parent_id": "de", "name": "Bochum"},
    ]
    for asked in ("germany", "GERMANY", "德国", "DE"):
        assert stopped(record, WHOLE | {"places": rows}, partners=[asked])[1]["foundry"] == 1


def test_one_good_of_a_country_stops_its_share_of_the_sales(record):
    tables = WHOLE | {"product_codes": "product_id scheme code\ncasting HS 7325"}
    assert stopped(record, tables, partners=["de:7325"])[1]["foundry"] == pytest.approx(0.75)


IMPORTED = WHOLE | {
    "product_codes": "product_id scheme code\nsteel HS 72",
    "trade": """
    reporter partner scheme code flow   year value
    cn       de      HS     72   import 2019 500
    cn       de      HS     72   import 2020 30
    cn       JP      HS     72   import 2020 70
    """,
    "observations": """
    subject_kind subject_id measure      year value
    product      steel      import_share 2020 0.5
    """,
}


def test_an_import_source_is_a_supplier_of_its_own_that_takes_over_its_part(record):
    made, lost = stopped(record, IMPORTED, partners=["JP"])
    # of 80 in steel from the mill, half is imported, and 70 of 100 of that from Japan
    network, n = made.network, made.n_firms
    sold = {
        (int(s), int(b)): v
        for s, b, v in zip(network.supplier, network.buyer, network.value, strict=True)
    }
    mill, works = network.number(["mill", "works"])
    assert n == 4
    assert sold[n, works] == pytest.approx(28)
    assert sold[mill, works] == pytest.approx(52)
    assert network.sector[n] == network.sector[mill]
    assert made.lost[n:].tolist() == [1.0]
    assert set(lost.values()) == {0.0}
    assert network.value.sum() == pytest.approx(260)
    assert made.moved[mill] == pytest.approx(28)
    assert (made.moved + network.sales)[:n].tolist() == pytest.approx([80, 80, 0, 100])


def test_a_good_may_be_named_with_its_country(record):
    made, _ = stopped(record, IMPORTED, partners=["JP:72"])
    assert made.network.n_firms == 5


def test_a_buyer_with_a_foreign_supplier_of_the_good_needs_no_assumption(record):
    abroad = "\nfoundry works steel 2020 5 CNY"
    tables = IMPORTED | {"supplies": SUPPLIES + abroad}
    store = record(**tables)
    params = {"orgs": [], "sites": [], "places": [], "partners": ["JP"]}
    assert store.query(SHOCK_READS["imports"], params).num_rows == 0


def test_without_an_import_share_nothing_is_taken_to_be_lost_and_that_is_said(record):
    tables = {name: rows for name, rows in IMPORTED.items() if name != "observations"}
    made, lost = stopped(record, tables, partners=["JP"], orgs=["trader"])
    assert made.network.n_firms == made.n_firms
    assert lost["works"] == 0
    assert any("no import share" in sentence.template for sentence in made.left_out)


def test_what_has_no_link_is_named(record):
    made, _ = stopped(record, orgs=["idle", "mill"])
    named = [s.values["org"].id for s in made.left_out if "org" in s.values]
    assert named == ["idle"]


def test_a_place_where_nobody_is_is_named_or_refused_if_it_is_all_that_stops(record):
    tables = WHOLE | {"places": PLACES + "empty city - - -"}
    with pytest.raises(Refusal) as refusal:
        stopped(record, tables, places=["empty"])
    (problem,) = refusal.value.problems
    assert (problem.code, problem.found) == (
        "nothing-stops",
        "no organisation or site on record there",
    )
    made, _ = stopped(record, tables, places=["empty", "zz"])
    named = [s.values["place"].id for s in made.left_out if "place" in s.values]
    assert named == ["empty"]


def test_nothing_asked_and_nothing_hit_are_refused_in_words(record):
    assert refused(record) == [("missing-parameter", "orgs")]
    assert refused(record, orgs=["idle"]) == [("nothing-stops", None)]


def test_a_circle_that_is_none_is_refused_with_every_fault(record):
    assert refused(record, circle=[113.0, 27.0]) == [("bad-parameter", "circle")]
    assert refused(record, circle=[213.0, 97.0, -1.0]) == [("bad-parameter", "circle")] * 3
    assert refused(record, circle=[0.0, 0.0, 5.0]) == [("nothing-inside", "circle")]


@pytest.mark.parametrize(
    ("partner", "told"),
    [("dee", "did you mean de?"), ("JPX", "did you mean JP?"), (":8501", "as in DEU:8501")],
)
def test_a_mistaken_partner_is_told_which_was_meant(record, partner, told):
    with pytest.raises(Refusal) as refusal:
        stopped(record, IMPORTED, partners=[partner])
    (problem,) = refusal.value.problems
    assert (problem.code, problem.column) == ("unknown-partner", "partners")
    assert told in problem.remedy


def test_a_code_that_nothing_bought_has_is_told_as_such(record):
    with pytest.raises(Refusal) as refusal:
        stopped(record, IMPORTED, partners=["JP:000000"])
    (problem,) = refusal.value.problems
    assert problem.expected == "a good from there that is bought, by a code in product_codes"


def test_a_partner_nobody_knows_is_refused_beside_the_rest(record):
    found = refused(record, partners=["atlantis"], circle=[0.0, 0.0, -5.0])
    assert found == [("bad-parameter", "circle"), ("unknown-partner", "partners")]
