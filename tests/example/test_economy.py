"""What is generated of trade, sales and jobs holds together and is telling to examine."""

import tomllib
from collections import defaultdict

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from liantu.result import Steps
from tests.example.conftest import EXAMPLE

ECONOMY = tomllib.loads((EXAMPLE / "economy.toml").read_text(encoding="utf-8"))
CITIES = set(ECONOMY["jobs"]["cities"])


@pytest.fixture(scope="module")
def city_of(whole):
    """The city that each organisation is in, or None."""
    places = {row["place_id"]: row for row in whole["places"]}

    def climb(place):
        while place and places[place]["level"] != "city":
            place = places[place]["parent_id"]
        return place or None

    return {row["org_id"]: climb(row["place_id"]) for row in whole["organisations"]}


@pytest.fixture(scope="module")
def jobs(generated):
    """Jobs by (year, place, activity)."""
    return {
        (row["year"], row["subject_id"], row["activity"]): int(row["value"])
        for row in generated["observations"]
        if row["subject_kind"] == "place" and row["activity"]
    }


def specialised(counts):
    """Where a place has more than its share of an activity: (places, activities) of 0 and 1."""
    shares = counts / counts.sum(axis=1, keepdims=True)
    return (shares >= counts.sum(axis=0) / counts.sum()).astype(float)


def matrix(amounts):
    places, codes = (sorted({key[index] for key in amounts}) for index in (0, 1))
    return np.array([[amounts.get((place, code), 0.0) for code in codes] for place in places])


def eigenvalues(links):
    """Of the walk from place to activity and back, from the largest; the first is 1."""
    scaled = links / np.sqrt(links.sum(axis=1))[:, None] / np.sqrt(links.sum(axis=0))
    return np.linalg.eigvalsh(scaled @ scaled.T)[::-1]


def test_each_organisation_has_one_main_activity_of_the_scheme(whole, generated):
    rows = generated["activities"]
    assert sorted(row["org_id"] for row in rows) == sorted(
        row["org_id"]
        for row in whole["organisations"]
        if row["org_id"] not in ECONOMY["institutions"]["scholars"]
    )
    assert {row["scheme"] for row in rows} == {"GB/T 4754"}
    assert {row["main"] for row in rows} == {"true"}
    assert {row["code"] for row in rows} <= set(ECONOMY["activities"])


def test_every_code_of_the_scheme_has_its_name_in_both_languages(generated):
    named = {row["code"]: (row["name"], row["name_local"]) for row in generated["codes"]}
    assert named == {
        code: (name, local) for code, (name, local, *_) in ECONOMY["activities"].items()
    }
    assert all(name.isascii() and not local.isascii() for name, local in named.values())
    assert {row["scheme"] for row in generated["codes"]} == {"GB/T 4754"}


def test_cities_and_activities_are_connected_in_firms_and_in_jobs(generated, city_of, jobs):
    firms = defaultdict(int)
    for row in generated["activities"]:
        if city_of[row["org_id"]] in CITIES:
            firms[city_of[row["org_id"]], row["code"]] += 1
    employed = {key[1:]: n for key, n in jobs.items() if key[0] == "2023" and key[1] in CITIES}
    for amounts in (firms, employed):
        links = specialised(matrix(amounts))
        assert links.shape[0] >= 10
        assert links.shape[1] >= 15
        links = links[:, links.any(axis=0)]
        first, second, third = eigenvalues(links)[:3]
        assert first == pytest.approx(1)
        assert second < 0.9  # another 1 would be a part that nothing joins to the rest
        assert second - third > 0.01


def test_jobs_are_known_every_year_and_the_country_has_at_least_those_of_its_cities(jobs):
    years = {str(year) for year in ECONOMY["jobs"]["years"]}
    seen = defaultdict(set)
    for year, place, code in jobs:
        seen[place, code].add(year)
    assert set(map(frozenset, seen.values())) == {frozenset(years)}
    for year in years:
        for code in ECONOMY["activities"]:
            cities = sum(jobs.get((year, city, code), 0) for city in CITIES)
            assert jobs[year, "china", code] >= cities


def test_every_sale_is_of_what_its_supplier_makes_and_has_a_value(whole, generated):
    makes = {
        (row["org_id"], row["product_id"])
        for row in whole["makes"]
        if row["evidence"] != "assumed"
    }
    for row in generated["supplies"]:
        assert (row["supplier_id"], row["product_id"]) in makes
        assert row["supplier_id"] != row["buyer_id"]
        assert int(row["value"]) > 0
        assert (row["currency"], row["year"]) == ("CNY", "2023")


def test_nearly_every_sale_is_of_a_part_of_what_its_buyer_makes(whole, generated):
    inside, made = defaultdict(set), defaultdict(set)
    for row in whole["parts"]:
        inside[row["product_id"]].add(row["part_id"])
    for row in whole["makes"]:
        made[row["org_id"]] |= inside[row["product_id"]] | inside[f"syn_{row['product_id']}"]
    for org_id, builder in ECONOMY["builders"].items():
        made[org_id] |= set().union(*(inside[vehicle] for vehicle in builder["vehicles"]))
    bought = [row["product_id"] in made[row["buyer_id"]] for row in generated["supplies"]]
    assert sum(bought) / len(bought) > 0.95


def test_the_network_is_one_heavy_tailed_whole_of_which_a_few_are_critical(whole, generated):
    rows = generated["supplies"]
    assert 3500 < len(rows) < 6000
    names = sorted({row[side] for row in rows for side in ("supplier_id", "buyer_id")})
    place = {name: index for index, name in enumerate(names)}
    ends = [[place[row[side]] for row in rows] for side in ("supplier_id", "buyer_id")]
    links = coo_array((np.ones(len(rows)), ends), shape=(len(names), len(names)))
    assert 4 < links.tocsr().nnz / len(names) < 6
    assert connected_components(links, connection="weak")[0] == 1
    strong = connected_components(links, connection="strong")[1]
    assert np.bincount(strong).max() > len(names) / 2
    values = np.sort([int(row["value"]) for row in rows])[::-1]
    assert values[: len(rows) // 100].sum() > 0.2 * values.sum()
    buyers = np.bincount(ends[0])
    assert buyers.max() > 40  # hubs, next to firms that sell to one or two
    assert np.median(buyers[buyers > 0]) <= 5
    makers = defaultdict(set)
    for row in whole["makes"]:
        if row["evidence"] != "assumed":
            makers[row["product_id"]].add(row["org_id"])
    single = {
        row["product_id"]
        for row in rows
        if row["buyer_id"] == "zelc" and len(makers[row["product_id"]]) == 1
    }
    assert len(single) > 10


def test_suppliers_abroad_sell_what_is_imported_and_nothing_else(whole, generated):
    country = {row["place_id"]: row["level"] == "country" for row in whole["places"]}
    abroad = {
        row["org_id"]
        for row in whole["organisations"]
        if row["place_id"] != "china" and country.get(row["place_id"])
    }
    sold = {row["product_id"] for row in generated["supplies"] if row["supplier_id"] in abroad}
    domestic = {
        row["product_id"]
        for row in whole["makes"]
        if row["evidence"] != "assumed" and row["org_id"] not in abroad
    }
    assert len(abroad) >= 15
    assert sold
    assert not sold & domestic
    assert not abroad & {row["buyer_id"] for row in generated["supplies"]}


def test_revenue_is_at_least_what_a_firm_sells(generated):
    sold = defaultdict(int)
    for row in generated["supplies"]:
        sold[row["supplier_id"]] += int(row["value"])
    revenue = {
        row["subject_id"]: int(row["value"])
        for row in generated["observations"]
        if row["measure"] == "revenue"
    }
    firms = set(sold) | {row["buyer_id"] for row in generated["supplies"]}
    assert len(revenue) / len(firms) == pytest.approx(0.6, abs=0.05)
    assert all(value > sold[org_id] for org_id, value in revenue.items())
    assert set(ECONOMY["builders"]) <= set(revenue)


def test_stocks_are_of_what_a_firm_buys(generated):
    bought = {(row["buyer_id"], row["product_id"]) for row in generated["supplies"]}
    held = [
        (row["subject_id"], row["activity"])
        for row in generated["observations"]
        if row["measure"] == "inventory_days"
    ]
    assert 0.2 < len(held) / len(bought) < 0.3
    assert set(held) <= bought


def test_needs_between_activities_are_of_every_kind_and_some_are_absent(generated):
    kinds = [row["importance"] for row in generated["sector_inputs"]]
    assert {"essential", "non_essential", "negligible"} == set(kinds)
    assert 0.5 < len(kinds) / len(ECONOMY["activities"]) ** 2 < 0.8


def test_a_handful_of_imports_hang_on_one_country_every_year_and_others_in_one_year(generated):
    bought, sold = defaultdict(list), defaultdict(int)
    for row in generated["trade"]:
        assert int(row["value"]) > 0
        assert int(row["quantity"]) > 0
        where = row["code"], row["year"]
        if row["flow"] == "import":
            bought[where].append(int(row["value"]))
        else:
            sold[where] += int(row["value"])
    dependent = defaultdict(int)
    for (code, year), values in bought.items():
        concentration = sum((value / sum(values)) ** 2 for value in values)
        if sold[code, year] and concentration > 0.4 and sum(values) > sold[code, year]:
            dependent[code] += 1
    assert len({code for code, _ in bought}) == 50
    assert {year for _, year in bought} == {"2020", "2021", "2022", "2023"}
    assert 5 <= sum(years == 4 for years in dependent.values()) <= 12
    assert 3 <= sum(years == 1 for years in dependent.values()) <= 10
    exported = {code for (code, _), value in sold.items() if value}
    assert len({code for code, _ in bought} - exported) == 5


def test_coded_families_have_a_maker_in_the_country_but_for_the_ten_imported_ones(whole):
    country = {row["place_id"]: row["level"] == "country" for row in whole["places"]}
    home = {
        row["org_id"]: row["place_id"] and not country[row["place_id"]]
        for row in whole["organisations"]
    }
    coded = {row["product_id"] for row in whole["product_codes"]}
    domestic = {
        row["product_id"]
        for row in whole["makes"]
        if row["evidence"] != "assumed" and home[row["org_id"]]
    }
    assert len(coded) == 50
    assert len(coded - domestic) == 10


def test_makers_sell_no_more_than_they_make_and_make_no_more_than_they_can(generated):
    sold = defaultdict(int)
    for row in generated["supplies"]:
        sold[row["supplier_id"], row["product_id"]] += int(row["value"])
    known = [row for row in generated["makes"] if row["output"]]
    assert len(known) / len(generated["makes"]) == pytest.approx(0.7, abs=0.02)
    for row in known:
        assert 0 < int(row["output"]) <= int(row["capacity"])
        assert int(row["value"] or 0) >= sold[row["org_id"], row["product_id"]]
    full = sum(row["output"] == row["capacity"] for row in known)
    assert 0.05 < full / len(known) < 0.15
    assert not any(row["capacity"] for row in generated["makes"] if not row["output"])


def test_a_few_families_that_are_made_and_sold_at_home_are_imported_in_part(generated):
    shares = {
        row["subject_id"]: float(row["value"])
        for row in generated["observations"]
        if row["measure"] == "import_share"
    }
    coded = {row["product_id"]: row["code"] for row in generated["product_codes"]}
    imported = {row["code"] for row in generated["trade"] if row["flow"] == "import"}
    sellers = defaultdict(set)
    for row in generated["supplies"]:
        sellers[row["product_id"]].add(row["supplier_id"])
    assert 2 <= len(shares) <= 3
    for family, share in shares.items():
        assert 0 < share < 1
        assert coded[family] in imported
        assert sellers[family]
        assert not any(org_id.startswith("syn_abroad") for org_id in sellers[family])


def test_an_import_that_is_known_from_trade_alone_is_felt_when_it_stops(example):
    for partners, least in (
        (["ITA"], 0.005),
        (["ITA:EX-F05", "JPN:EX-F05", "SWE:EX-F05"], 0.02),
    ):
        result = example.run("stress", {"partners": partners})
        values = {entry.name: entry.value for entry in result.summary}
        assert values["hit"] == 0  # nobody who is on record there stops
        assert values["import_sources"] > 0
        worst = result.table.slice(0, 1).to_pylist()[0]
        assert (worst["org_id"], worst["passed_by"]) == ("zelc", None)
        assert (worst["loss"] > least, worst["cause"]) == (True, "essential_input")
        assert values["loss"] > 0.1 * least
        assert "an import source no longer delivers" in {
            step.reason.template
            for figure in result.figures
            if isinstance(figure, Steps)
            for step in figure.steps
        }


def test_makers_without_free_capacity_are_no_second_suppliers(example):
    result = example.run("hedge", {"chain": "rail", "limit": 1000})
    values = {entry.name: entry.value for entry in result.summary}
    assert values["full"] > 0
    assert values["with_free"] > 10
    assert all(row["free"] != 0 for row in result.table.to_pylist())
    assert any("left out" in line.template for line in result.answer.left_out)
