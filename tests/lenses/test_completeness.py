"""Completeness: each state by the first rule that fits, weights, gaps, cut links."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liantu.errors import Refusal
from liantu.lens import run
from tests import naive_lenses
from tests.record import stored

# The city zz with a district td, another city qd in the same country, and bo abroad.
PLACES = """
place_id level    parent_id
cn       country  -
zz       city     cn
td       district zz
qd       city     cn
de       country  -
bo       city     de
"""


def firms(**places):
    """Organisations a1, a2, ... in zz for ``zz=("a", 2)``, and so on."""
    lines = [
        f"{letter}{k} {place}" for place, (letter, n) in places.items() for k in range(1, n + 1)
    ]
    return "org_id place_id\n" + "\n".join(lines)


def makes(**products):
    """Who makes what: ``wheel="a1 a2"``; an evidence may follow a colon."""
    rows = []
    for product, orgs in products.items():
        for org in orgs.split():
            name, _, evidence = org.partition(":")
            rows.append({"org_id": name, "product_id": product, "evidence": evidence or None})
    return rows


def links(*products):
    """Products of the chain, each of weight 1 unless a number follows a colon."""
    parted = [product.partition(":") for product in products]
    return [
        {"chain_id": "rail", "product_id": name, "weight": float(weight) if weight else None}
        for name, _, weight in parted
    ]


def around(*, chain, made, orgs=None, **tables):
    """The tables of a small study of the chain ``rail``."""
    return {
        "places": PLACES,
        "chains": "chain_id\nrail",
        "products": [{"product_id": row["product_id"]} for row in chain],
        "chain_products": chain,
        "organisations": orgs or firms(zz=("a", 6), td=("d", 3), qd=("q", 6), bo=("b", 2)),
        "makes": made,
        **tables,
    }


def asked(record, tables, **params):
    result = run(
        "completeness", {"chain": "rail", "place": "zz"} | params, store=record(**tables)
    )
    states = {
        row["product_id"]: row["state"]
        for row in result.table.to_pylist()
        if row["place_id"] == "zz"
    }
    return result, states


def imports(*products):
    """A code for each product, and imports of 7 by the country."""
    return {
        "product_codes": [
            {"product_id": product, "scheme": "HS", "code": product} for product in products
        ],
        "trade": [
            {
                "reporter": "cn", "partner": "de", "scheme": "HS", "code": product,
                "flow": "import", "year": 2020, "value": 7.0,
            }
            for product in products
        ],
    }  # fmt: skip


def observed(**figures):
    """A figure about zz for each product: ``wheel=("location_quotient", 0.4)``."""
    return [
        {
            "subject_kind": "place", "subject_id": "zz", "measure": measure,
            "activity": product, "year": 2020, "value": value,
        }
        for product, (measure, value) in figures.items()
    ]  # fmt: skip


def test_each_state_is_the_first_rule_that_fits(record):
    tables = around(
        chain=links(
            "nobody", "bought", "abroad", "untraded", "rival", "one", "two", "three", "five"
        ),
        made=makes(
            abroad="b1",  # made abroad only, and imported
            untraded="b1",  # made abroad only, no trade on record: makers exist elsewhere
            rival="q1 q2",
            one="a1",
            two="a1 a2",
            three="a1 a2 a3",
            five="a1 a2 a3 a4 a5",
        ),
        **imports("bought", "abroad"),
    )
    _, states = asked(record, tables)
    assert states == {
        "nobody": "unknown",
        "bought": "foreign_only",
        "abroad": "foreign_only",
        "untraded": "missing",
        "rival": "missing",
        "one": "weak",
        "two": "weak",
        "three": "present",
        "five": "strong",
    }


def test_imports_change_nothing_where_a_domestic_maker_is_known(record):
    tables = around(
        chain=links("local", "rival"),
        made=makes(local="a1 a2 a3", rival="q1"),
        **imports("local", "rival"),
    )
    assert asked(record, tables)[1] == {"local": "present", "rival": "missing"}


def test_a_low_quotient_holds_a_link_back_and_a_middling_one_keeps_it_from_strong(record):
    orgs = "a1 a2 a3 a4 a5"
    tables = around(
        chain=links("low", "half", "middling", "high"),
        made=makes(low=orgs, half=orgs, middling=orgs, high=orgs),
        observations=observed(
            low=("location_quotient", 0.49),
            half=("location_quotient", 0.5),
            middling=("location_quotient", 1.24),
            high=("location_quotient", 1.25),
        ),
    )
    assert asked(record, tables)[1] == {
        "low": "weak",
        "half": "present",
        "middling": "present",
        "high": "strong",
    }


def test_capacity_under_half_the_need_is_weak(record):
    # three makers of 10 each: 30 is under half of 61, and half of 60
    made = [row | {"capacity": 10.0} for row in makes(short="a1 a2 a3", enough="a1 a2 a3")]
    tables = around(
        chain=links("short", "enough"),
        made=made,
        observations=observed(short=("need", 61.0), enough=("need", 60.0)),
    )
    assert asked(record, tables)[1] == {"short": "weak", "enough": "present"}


def test_what_is_weak_is_for_the_reader_to_say(record):
    tables = around(chain=links("one"), made=makes(one="a1"))
    assert asked(record, tables, weak_below=1)[1] == {"one": "present"}
    assert asked(record, tables, weak_below=2)[1] == {"one": "weak"}


def test_a_maker_in_a_district_is_local_and_one_elsewhere_is_not(record):
    tables = around(chain=links("wheel"), made=makes(wheel="a1 d1 d2 q1 b1"))
    result, states = asked(record, tables)
    row = result.table.to_pylist()[0]
    assert states == {"wheel": "present"}
    assert (row["makers_local"], row["makers_elsewhere"]) == (3, 2)


def test_a_maker_works_where_its_site_is(record):
    tables = around(
        chain=links("wheel"),
        made=[{"org_id": "q1", "product_id": "wheel", "site_id": "yard"}],
        sites="site_id org_id place_id\nyard q1 td",
    )
    result, _ = asked(record, tables)
    assert result.table["makers_local"].to_pylist() == [1]


def test_several_sites_and_years_of_one_maker_count_once(record):
    made = [
        {"org_id": "a1", "product_id": "wheel", "year": year, "site_id": site}
        for year in (2019, 2020)
        for site in ("east", "west")
    ]
    sites = "site_id org_id place_id\neast a1 td\nwest a1 zz"
    result, states = asked(record, around(chain=links("wheel"), made=made, sites=sites))
    assert states == {"wheel": "weak"}
    assert result.table["makers_local"].to_pylist() == [1]
    assert result.table["single_source"].to_pylist() == [True]


def test_an_assumed_maker_is_never_counted(record):
    tables = around(
        chain=links("wheel", "axle"),
        made=makes(wheel="a1:assumed a2:assumed", axle="a1 q1:assumed"),
    )
    result, states = asked(record, tables)
    assert states == {"wheel": "unknown", "axle": "weak"}
    assert result.table["makers_elsewhere"].to_pylist() == [0, 0]


def test_a_synthetic_maker_counts_and_the_state_that_rests_on_it_is_marked(record):
    tables = around(
        chain=links("real", "mixed", "made_up"),
        made=makes(
            real="a1:verified a2:synthetic",  # weak with it and without it: not marked
            mixed="a1 a2 a3:synthetic",  # present with it, weak without it
            made_up="a1:synthetic",
        ),
    )
    result, states = asked(record, tables)
    evidence = dict(
        zip(
            *(result.table[name].to_pylist() for name in ("product_id", "evidence")),
            strict=True,
        )
    )
    assert states == {"real": "weak", "mixed": "present", "made_up": "weak"}
    assert (evidence["mixed"], evidence["made_up"]) == ("synthetic", "synthetic")
    assert evidence["real"] != "synthetic"
    assert result.answer.entry("completeness").synthetic == 2
    _, without = asked(record, tables, synthetic=False)
    assert without == {"real": "weak", "mixed": "weak", "made_up": "unknown"}


def test_completeness_is_the_weighted_mean_of_the_known_links(record):
    # strong 1 at weight 2, weak 0.5 at weight 3, missing 0 at weight 1, unknown at weight 4:
    # (2 * 1 + 3 * 0.5 + 1 * 0) / 6 = 3.5 / 6; all unknown against it 3.5 / 10, for it 7.5 / 10
    tables = around(
        chain=links("strong:2", "weak:3", "missing", "unknown:4"),
        made=makes(strong="a1 a2 a3 a4 a5", weak="a1", missing="q1"),
    )
    result, _ = asked(record, tables)
    entry = result.answer.entry("completeness")
    assert entry.value == pytest.approx(3.5 / 6)
    assert (entry.low, entry.high) == (pytest.approx(0.35), pytest.approx(0.75))
    assert entry.unknown == 1
    assert entry.headline
    assert result.answer.entry("coverage").value == pytest.approx(3 / 4)
    assert result.answer.entry("known").value == 3
    # one maker only: the weak link of weight 3 out of 6 that are known
    assert result.answer.entry("single_maker_share").value == pytest.approx(0.5)
    assert result.answer.entry("single_maker_share").high == pytest.approx(0.7)
    counts = [result.answer.entry(name) for name in ("strong", "missing", "unknown")]
    assert [(entry.value, entry.high) for entry in counts] == [(1, 2), (1, 2), (1, None)]


def test_a_link_without_weight_weighs_one(record):
    # weak at weight 1 and missing at weight 3: (1 * 0.5 + 3 * 0) / 4
    tables = around(chain=links("one", "gone:3"), made=makes(one="a1", gone="q1"))
    assert asked(record, tables)[0].answer.entry("completeness").value == pytest.approx(0.125)


def test_a_chain_without_products_says_what_to_import(record):
    tables = around(chain=links("wheel"), made=makes()) | {"chain_products": []}
    result, _ = asked(record, tables)
    assert result.table.num_rows == 0
    assert "Import chain_products" in result.findings[0].template


def test_where_nothing_is_known_there_is_no_share(record):
    result, states = asked(record, around(chain=links("wheel"), made=makes()))
    assert states == {"wheel": "unknown"}
    entry = result.answer.entry("completeness")
    assert (entry.value, entry.low, entry.high) == (None, 0.0, 1.0)


def test_the_gap_to_a_rival_counts_only_what_the_rival_has_more_of(record):
    # wheel: zz missing 0, qd strong 1, weight 2: 2; axle: zz weak .5, qd weak .5: 0;
    # glass: zz present 1, qd missing 0: 0; nobody: unknown in both, left out; 2 / (2 + 1 + 1)
    tables = around(
        chain=links("wheel:2", "axle", "glass", "nobody"),
        made=makes(wheel="q1 q2 q3 q4 q5", axle="a1 q1", glass="a1 a2 a3"),
    )
    result, _ = asked(record, tables, rivals="qd")
    gap = result.answer.entry("gap")
    assert gap.value == pytest.approx(0.5)
    assert gap.subject.id == "qd"
    assert gap.unknown == 1
    # over all five by weight: 2 / 5 if the unknown link is in neither, 3 / 5 if only there
    assert (gap.low, gap.high) == (pytest.approx(0.4), pytest.approx(0.6))
    assert result.table.num_rows == 8


def test_the_asked_place_comes_first_and_may_be_its_own_rival(record):
    tables = around(chain=links("wheel"), made=makes(wheel="q1"))
    result, _ = asked(record, tables, rivals="qd,zz")
    assert result.table["place_id"].to_pylist() == ["zz", "qd"]


def test_cut_links_are_those_that_every_path_to_the_end_must_pass(record):
    # ore -> steel -> {wheel, axle} -> bogie -> train; glass -> train
    # without bogie or steel or ore the train is still reached by glass: none is cut;
    # the tram takes only the bogie: bogie, steel and ore are cut for it (two ways: wheel, axle)
    lines = """
    product_id part_id
    steel      ore
    wheel      steel
    axle       steel
    bogie      wheel
    bogie      axle
    train      bogie
    train      glass
    """
    tram = lines + "    tram       bogie\n"
    products = ("ore", "steel", "wheel", "axle", "bogie", "train", "glass", "tram")
    made = makes(wheel="a1")
    result, _ = asked(record, around(chain=links(*products[:-1]), made=made, parts=lines))
    assert result.answer.entry("cut_links").value == 0
    result, _ = asked(record, around(chain=links(*products), made=made, parts=tram))
    assert result.answer.entry("cut_links").value == 3


def test_an_assumed_input_and_one_outside_the_chain_join_nothing(record):
    lines = """
    product_id part_id evidence
    train      wheel   -
    train      glass   assumed
    train      paint   -
    """
    tables = around(chain=links("train", "wheel", "glass"), made=makes(), parts=lines)
    result, _ = asked(record, tables)
    inputs = {row["product_id"]: row["inputs"] for row in result.table.to_pylist()}
    assert inputs == {"train": ["wheel"], "wheel": [], "glass": []}


def test_imports_reported_by_the_province_or_country_around_count_and_home_trade_does_not(
    record,
):
    trade = """
    reporter partner scheme code  flow   year value
    cn       de      HS     wheel import 2020 5
    cn       qd      HS     axle  import 2020 5
    de       cn      HS     glass import 2020 5
    cn       de      HS     steel export 2020 5
    cn       KOR     HS     seat  import 2020 5
    """
    products = ("wheel", "axle", "glass", "steel", "seat")
    codes = [{"product_id": p, "scheme": "HS", "code": p} for p in products]
    tables = around(chain=links(*products), made=makes(), product_codes=codes, trade=trade)
    assert asked(record, tables)[1] == {
        "wheel": "foreign_only",
        "axle": "unknown",  # from another city of the same country
        "glass": "unknown",  # what others import is not ours
        "steel": "unknown",  # exported
        "seat": "foreign_only",  # a partner that is no place on record is abroad
    }


ORGS = [{"org_id": f"o{k}", "place_id": p} for k, p in enumerate(["zz", "td", "qd", "bo"] * 4)]
PRODUCTS = ["p0", "p1", "p2", "p3"]


@st.composite
def studies(draw):
    made = draw(
        st.sets(
            st.tuples(st.sampled_from(PRODUCTS), st.sampled_from([o["org_id"] for o in ORGS]))
        )
    )
    evidence = st.sampled_from(["verified", "declared", None, "synthetic", "assumed"])
    chain = [
        {
            "chain_id": "rail",
            "product_id": product,
            "weight": draw(st.sampled_from([None, 0.5, 1.0, 3.0])),
        }
        for product in PRODUCTS
    ]
    quotients = {
        product: draw(st.sampled_from([None, 0.4, 0.5, 1.0, 1.25])) for product in PRODUCTS
    }
    lines = {
        (PRODUCTS[b], PRODUCTS[a])
        for a, b in draw(st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3))))
        if a < b
    }
    return {
        "makes": [
            {"org_id": org, "product_id": product, "evidence": draw(evidence)}
            for product, org in sorted(made)
        ],
        "chain_products": chain,
        "observations": observed(
            **{p: ("location_quotient", q) for p, q in quotients.items() if q is not None}
        ),
        **imports(*draw(st.sets(st.sampled_from(PRODUCTS)))),
    }, sorted(lines)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(studies(), st.integers(1, 4), st.integers(0, 2**32))
def test_states_shares_gaps_and_cuts_are_those_of_a_slow_twin(
    tmp_path_factory, study, weak_below, seed
):
    tables, lines = study
    tables["places"] = [
        {"place_id": place, "level": level, "parent_id": parent}
        for place, level, parent in (
            ("cn", "country", None),
            ("zz", "city", "cn"),
            ("td", "district", "zz"),
            ("qd", "city", "cn"),
            ("de", "country", None),
            ("bo", "city", "de"),
        )
    ]
    tables["organisations"] = ORGS
    tables["chains"] = [{"chain_id": "rail"}]
    tables["parts"] = [{"product_id": whole, "part_id": part} for whole, part in lines]
    np.random.default_rng(seed).shuffle(tables["makes"])
    with stored(tmp_path_factory.mktemp("twin"), **tables) as store:
        params = {"chain": "rail", "place": "zz", "rivals": ["qd"], "weak_below": weak_below}
        result = run("completeness", params, store=store)
    for place in ("zz", "qd"):
        states, share = naive_lenses.completeness(tables, place, weak_below)
        rows = [row for row in result.table.to_pylist() if row["place_id"] == place]
        assert {row["product_id"]: row["state"] for row in rows} == states
        measured = next(
            e.value
            for e in result.summary
            if e.name == "completeness" and e.subject.id == place
        )
        assert (measured is None) == (share is None)
        assert math.isclose(measured or 0.0, share or 0.0, abs_tol=1e-12)
    gap = naive_lenses.gap(tables, "zz", "qd", weak_below)
    assert math.isclose(result.answer.entry("gap").value or 0.0, gap or 0.0, abs_tol=1e-12)
    cut = naive_lenses.cut_links(lines, PRODUCTS)
    assert result.answer.entry("cut_links").value == len(cut)


def test_capacity_is_that_of_the_latest_year_and_known_only_where_each_maker_s_is(record):
    # short: a1 had 100 in 2001 and has 1 since, 3 in all of a need of 30; of open's makers two
    # have no capacity on record, so that nobody knows whether 10 is all
    short = [("a1", 2001, 100.0), ("a1", 2020, 1.0), ("a2", 2020, 1.0), ("a3", 2020, 1.0)]
    made = [
        {"org_id": org, "product_id": "short", "year": year, "capacity": capacity}
        for org, year, capacity in short
    ] + [
        {"org_id": org, "product_id": "open", "capacity": capacity}
        for org, capacity in (("a1", 10.0), ("a2", None), ("a3", None))
    ]
    tables = around(
        chain=links("short", "open"),
        made=made,
        observations=observed(short=("need", 30.0), open=("need", 30.0)),
    )
    assert asked(record, tables)[1] == {"short": "weak", "open": "present"}


def test_a_quotient_is_the_latest_observed_one_and_never_a_target(record):
    rows = observed(old=("location_quotient", 0.2), aimed=("location_quotient", 0.2))
    rows += [
        row | {"year": year, "value": 2.0, "comparability": kind}
        for row, year, kind in ((rows[0], 2010, "same"), (rows[1], 2030, "target"))
    ]
    tables = around(
        chain=links("old", "aimed"),
        made=makes(old="a1 a2 a3 a4 a5", aimed="a1 a2 a3 a4 a5"),
        observations=rows,
    )
    assert asked(record, tables)[1] == {"old": "weak", "aimed": "weak"}


def test_a_state_that_rests_on_a_synthetic_figure_or_site_is_marked(record):
    figures = observed(figure=("location_quotient", 0.2))
    tables = around(
        chain=links("figure", "site", "real"),
        made=makes(figure="a1 a2 a3 a4 a5", site="q1", real="a1 a2 a3"),
        observations=[row | {"evidence": "synthetic"} for row in figures],
        sites="site_id org_id place_id evidence\ns q1 td synthetic",
    )
    result, states = asked(record, tables)
    evidence = dict(zip(states, result.table["evidence"].to_pylist(), strict=True))
    assert states == {"figure": "weak", "site": "weak", "real": "present"}
    assert evidence == {"figure": "synthetic", "site": "synthetic", "real": "declared"}


def test_a_count_of_states_that_synthetic_rows_emptied_is_marked_too(record):
    # without the synthetic maker the wheel is missing, so that "none missing" rests on it
    tables = around(chain=links("wheel"), made=makes(wheel="a1:synthetic q1"))
    entry = asked(record, tables)[0].answer.entry("missing")
    assert (entry.value, entry.synthetic) == (0, 1)


def test_cut_links_of_a_generated_bill_are_marked(record):
    lines = "product_id part_id evidence\naxle wheel synthetic\ntrain axle synthetic"
    chain = links("wheel", "axle", "train")
    result, _ = asked(record, around(chain=chain, made=makes(wheel="a1"), parts=lines))
    entry = result.answer.entry("cut_links")
    assert (entry.value, entry.synthetic) == (2, 2)


def test_a_link_that_only_declared_trade_knows_is_not_verified(record):
    result, states = asked(
        record, around(chain=links("wheel"), made=makes(), **imports("wheel"))
    )
    assert states == {"wheel": "foreign_only"}
    assert result.table["evidence"].to_pylist() == ["declared"]


def test_assumed_organisations_sites_and_codes_are_never_counted(record):
    trade = imports("wheel")
    codes = [row | {"evidence": "assumed"} for row in trade["product_codes"]]
    tables = around(
        chain=links("wheel", "axle"),
        made=makes(wheel="a1", axle="q1"),
        orgs="org_id place_id evidence\na1 zz assumed\nq1 qd -",
        sites="site_id org_id place_id evidence\ns q1 td assumed",
        **trade | {"product_codes": codes},
    )
    assert asked(record, tables)[1] == {"wheel": "unknown", "axle": "missing"}


def test_imports_are_those_of_the_latest_year(record):
    tables = imports("wheel")
    trade = [*tables["trade"], tables["trade"][0] | {"year": 2021, "value": 0.0}]
    chain = around(chain=links("wheel"), made=makes(wheel="b1"))
    assert asked(record, chain | tables | {"trade": trade})[1] == {"wheel": "missing"}


def test_the_gap_is_at_most_what_an_unknown_link_leaves_to_gain(record):
    # glass is present in zz, so that no rival can lead there; nobody is known in neither
    tables = around(chain=links("glass", "nobody"), made=makes(glass="a1 a2 a3"))
    gap = asked(record, tables, rivals="qd")[0].answer.entry("gap")
    assert (gap.low, gap.value, gap.high) == (0.0, 0.0, 0.5)


def test_the_country_is_the_nearest_one_around_a_place(record):
    places = PLACES.replace("cn       country  -", "cn       country  un") + "un country -\n"
    places = places.replace("de       country  -", "de       country  un")
    tables = around(chain=links("wheel"), made=makes(wheel="b1"), **imports("wheel"))
    assert asked(record, tables | {"places": places})[1] == {"wheel": "foreign_only"}


def test_more_rivals_than_anyone_can_compare_are_refused(record):
    tables = around(chain=links("wheel"), made=makes(wheel="a1"))
    with pytest.raises(Refusal, match="at most 50 of them"):
        asked(record, tables, rivals=",".join(["qd"] * 51))
    result, _ = asked(record, tables, rivals="qd,qd")
    assert result.params["rivals"] == ["qd"]
