"""Completeness of a whole chain: weights, gaps, cut links, a slow twin."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liantu.errors import Refusal
from liantu.lens import run
from tests import naive_lenses
from tests.lenses.completeness_study import (
    around,
    asked,
    imports,
    links,
    makes,
    observed,
)
from tests.record import stored


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


def test_cut_links_of_a_generated_bill_are_marked(record):
    lines = "product_id part_id evidence\naxle wheel synthetic\ntrain axle synthetic"
    chain = links("wheel", "axle", "train")
    result, _ = asked(record, around(chain=chain, made=makes(wheel="a1"), parts=lines))
    entry = result.answer.entry("cut_links")
    assert (entry.value, entry.synthetic) == (2, 2)


def test_the_gap_is_at_most_what_an_unknown_link_leaves_to_gain(record):
    # glass is present in zz, so that no rival can lead there; nobody is known in neither
    tables = around(chain=links("glass", "nobody"), made=makes(glass="a1 a2 a3"))
    gap = asked(record, tables, rivals="qd")[0].answer.entry("gap")
    assert (gap.low, gap.value, gap.high) == (0.0, 0.0, 0.5)


def test_more_rivals_than_anyone_can_compare_are_refused(record):
    tables = around(chain=links("wheel"), made=makes(wheel="a1"))
    with pytest.raises(Refusal, match="at most 50 of them"):
        asked(record, tables, rivals=",".join(["qd"] * 51))
    result, _ = asked(record, tables, rivals="qd,qd")
    assert result.params["rivals"] == ["qd"]
