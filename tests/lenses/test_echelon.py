"""Echelons: which figure counts, who is ranked, by which weights, and what is refused."""

import pytest

from liantu.errors import Refusal
from liantu.lens import run
from tests import naive_decision

HEAD = "subject_kind subject_id measure activity year scope source_id value unit comparability"
PLACES = "place_id level parent_id\nc country -\nx city c"
CHAINS = """
    chain_id name place_id industry_group cluster_level
    rail Rail x strong national
    tools Tools x strong provincial
    silk Silk x old -
    far Far c old -
    idle Idle x old -
"""
FIGURES = """
    chain rail output - 2023 - - 90 CNY same
    chain rail output - 2024 - - 900 CNY target
    chain rail profit - 2023 - - 3 CNY -
    chain tools output - 2022 - - 50 CNY near
    chain tools output - 2021 - - 99 CNY -
    chain tools profit - 2023 - - 9 CNY -
    place x output silk 2023 - - 10 CNY -
    chain silk profit - 2023 - - 1 CNY -
    chain far output - 2023 - - 40 CNY -
    chain far profit - 2023 - - 4 CNY -
"""
ASK = {"place": "x", "criteria": "scale:max,profit:max", "weights": "0.75,0.25", "draws": "0"}


def echelon(record, figures=FIGURES, chains=CHAINS, **params):
    store = record(places=PLACES, chains=chains, observations=f"{HEAD}\n{figures}")
    return run("echelon", ASK | params, store=store)


def column(result, name):
    return dict(
        zip(result.table["chain_id"].to_pylist(), result.table[name].to_pylist(), strict=True)
    )


def test_the_latest_figure_that_is_no_target_counts_and_chains_elsewhere_do_not(record):
    values = column(echelon(record), "values")
    assert values == {"rail": [90, 3], "tools": [50, 9], "silk": [10, 1], "idle": [None, None]}


def test_output_is_a_criterion_by_its_own_name_too(record):
    values = column(echelon(record, criteria="output:max,profit:min"), "values")
    assert values["rail"] == [90, 3]
    platforms = FIGURES + "    chain rail innovation_platforms - 2023 - - 7 - -\n"
    named = echelon(record, platforms, criteria="innovation_platforms:max,innovation:max")
    assert column(named, "values")["rail"] == [7, 7]


def test_scores_are_those_of_the_slow_twin_and_ranks_follow_them(record):
    result = echelon(record)
    expected = naive_decision.topsis([[90, 3], [10, 1], [50, 9]], [0.75, 0.25], [True, True])
    scores = column(result, "score")
    assert [scores[c] for c in ("rail", "silk", "tools")] == pytest.approx(expected)
    assert column(result, "rank") == {"rail": 1, "tools": 2, "silk": 3, "idle": None}
    assert result.answer.entry("weight_scale").value == 0.75


def test_a_chain_with_fewer_than_half_of_the_figures_is_left_out_not_ranked_last(record):
    result = echelon(record)
    assert result.answer.entry("scored").value == 3
    assert any("too few figures" in sentence.template for sentence in result.answer.left_out)


def test_one_figure_of_two_that_is_absent_is_the_median_and_is_named(record):
    result = echelon(record, FIGURES.replace("    chain silk profit - 2023 - - 1 CNY -\n", ""))
    assert column(result, "absent")["silk"] == ["profit"]
    expected = naive_decision.topsis([[90, 3], [10, 6], [50, 9]], [0.75, 0.25], [True, True])
    assert column(result, "score")["silk"] == pytest.approx(expected[1])


def test_growth_is_found_within_one_scope_where_no_figure_of_it_is_recorded(record):
    grown = FIGURES + "    chain rail output - 2021 - - 40 CNY -\n"
    values = column(echelon(record, grown, criteria="scale:max,growth:max"), "values")
    assert values["rail"][1] == pytest.approx((90 / 40) ** 0.5 - 1)
    assert values["tools"][1] == pytest.approx(50 / 99 - 1)


def test_what_is_not_recorded_is_asked_of_the_lens_that_gives_it(record):
    store = record(
        places=PLACES,
        chains=CHAINS,
        observations=f"{HEAD}\n{FIGURES}",
        products="product_id name\np P\nq Q",
        chain_products="chain_id product_id\nrail p\nrail q\ntools q",
        organisations="org_id name place_id\na A x\nb B c",
        makes="org_id product_id\na p\nb q",
    )
    result = run("echelon", ASK | {"criteria": "scale:max,completeness:max"}, store=store)
    values = column(result, "values")
    assert values["rail"] == [90, 0.25]  # p has one maker, so it is weak; q is made elsewhere
    assert values["tools"] == [50, 0]
    assert values["silk"] == [10, None]


def test_draws_say_how_sure_a_tier_is(record):
    result = echelon(record, draws="400", tiers="2")
    shares = column(result, "tier_shares")
    assert sum(shares["rail"]) == pytest.approx(1)
    assert column(result, "tier_probability")["silk"] == 1
    assert column(result, "rank_low")["silk"] == column(result, "rank_high")["silk"] == 3


def test_cuts_are_where_tiers_begin(record):
    tiers = column(echelon(record, cuts="0.99,0.01"), "tier")
    assert tiers == {"rail": 2, "tools": 2, "silk": 3, "idle": None}


@pytest.mark.parametrize("weights", ["entropy", "critic", "equal", "ahp"])
def test_every_kind_of_weights_adds_up_to_one(record, weights):
    result = echelon(record, weights=weights, pairwise="3" if weights == "ahp" else "")
    entries = [e.value for e in result.summary if e.name.startswith("weight_")]
    assert sum(entries) == pytest.approx(1)
    if weights == "ahp":
        assert entries == pytest.approx([0.75, 0.25])
        assert result.answer.entry("consistency_ratio").value == 0


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"criteria": "scale:up"}, "scale:up"),
        ({"criteria": "scale:max,scale:min"}, "scale"),
        ({"criteria": "profits:max,profit:max", "weights": "1,0"}, "none that weighs"),
        ({"weights": "entrpy"}, "entropy"),
        ({"weights": "1,2,3"}, "1, 2, 3"),
        ({"weights": "ahp"}, "0 comparisons"),
        ({"cuts": "0.1,0.9"}, r"\[0.1, 0.9\]"),
        ({"criteria": "loss:max,scale:max", "weights": "entropy"}, "not negative"),
        ({"criteria": "loss:max:log,scale:max"}, "loss of -2"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_words(record, params, found):
    losses = (
        FIGURES
        + "    chain rail loss - 2023 - - -2 CNY -\n    chain tools loss - 2023 - - 1 CNY -\n"
    )
    with pytest.raises(Refusal, match=found):
        echelon(record, losses, **params)


@pytest.mark.parametrize("weights", ["entropy", "critic", "equal", "1"])
def test_criteria_that_are_the_same_for_all_are_refused_whatever_the_weights(record, weights):
    same = "chain rail output - 2023 - - 5 CNY -\nchain tools output - 2023 - - 5 CNY -"
    with pytest.raises(Refusal, match="tells the alternatives apart"):
        echelon(record, same, criteria="scale:max", weights=weights)


def test_comparisons_that_contradict_each_other_are_refused_with_their_ratio(record):
    three = (
        FIGURES
        + "    chain rail staff - 2023 - - 2 - -\n    chain tools staff - 2023 - - 1 - -\n"
    )
    with pytest.raises(Refusal, match="random index"):
        echelon(
            record, three, criteria="scale:max,profit:max,staff:max", weights="ahp",
            pairwise="9,0.111,9",
        )  # fmt: skip


def test_figures_of_one_criterion_in_two_units_are_refused_by_name(record):
    with pytest.raises(Refusal, match="CNY, USD"):
        echelon(record, FIGURES.replace("- 50 CNY", "- 50 USD"))


def test_fewer_than_two_chains_with_figures_are_answered_in_words(record):
    result = echelon(record, "chain rail output - 2023 - - 5 CNY -", criteria="scale:max")
    assert "Fewer than two chains" in result.findings[0].template
    assert column(result, "rank")["rail"] is None


def test_a_criterion_of_which_nothing_is_on_record_takes_no_part_and_is_named(record):
    result = echelon(record, criteria="scale:max,profits:max,profit:max", weights="3,9,1")
    entries = {e.name: e.value for e in result.summary}
    assert (entries["weight_scale"], entries["weight_profits"]) == (0.75, 0)
    expected = naive_decision.topsis([[90, 3], [10, 1], [50, 9]], [0.75, 0.25], [True, True])
    assert column(result, "score")["rail"] == pytest.approx(expected[0])
    assert any(s.values.get("criterion") == "profits" for s in result.answer.left_out)
