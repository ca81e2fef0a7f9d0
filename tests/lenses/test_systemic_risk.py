"""Whose failure costs most: worked by hand on a few firms; draws, weights and refusals."""

import numpy as np
import pytest

from liantu.errors import Refusal
from liantu.lens import run
from liantu.methods import failures
from liantu.methods.long_runs import running
from liantu.result import Bars

ORGANISATIONS = """
    org_id name place_id
    a A p
    b B q
    c C q
    z Z -
"""
SUPPLIES = """
    supplier_id buyer_id year value currency
    a b 2023 10 CNY
    b c 2023 10 CNY
"""
REVENUE = """
    subject_kind subject_id measure year value unit
    org a revenue 2023 40 CNY
    org b revenue 2023 20 CNY
    org c revenue 2023 30 CNY
"""


@pytest.fixture
def firms(record):
    """The answer for three firms in a row, a sells to b and b to c, with more on record."""

    def ask(params=None, **tables):
        tables = {"organisations": ORGANISATIONS, "supplies": SUPPLIES} | tables
        return run("systemic_risk", params or {}, store=record(**tables))

    return ask


def column(result, name):
    ids = result.table["org_id"].to_pylist()
    return dict(zip(ids, result.table[name].to_pylist(), strict=True))


def value(result, name):
    return result.answer.entry(name).value


def said(result):
    return [sentence.template for sentence in result.findings]


def test_in_a_row_each_failure_costs_all_and_the_rank_is_shared(firms):
    result = firms()
    assert column(result, "esri") == {"a": 1, "b": 1, "c": 1}
    assert column(result, "esri_down") == {"a": 1, "b": 0.5, "c": 0}
    assert column(result, "esri_up") == {"a": 0.5, "b": 1, "c": 1}
    assert column(result, "weight_share") == {"a": 0.5, "b": 0.5, "c": 0}
    assert column(result, "rank") == {"a": 1, "b": 1, "c": 1}
    assert value(result, "first_suppliers") == 2
    assert "{n:count} suppliers share that rank." in said(result)


def test_revenue_bounds_what_is_lost_upstream(firms):
    result = firms(observations=REVENUE)
    # c fails: b loses 10 of 20, a 10 of 40 times that.
    assert column(result, "esri_up") == pytest.approx({"a": 0.5, "b": 0.625, "c": 0.3125})
    assert column(result, "rank") == {"a": 1, "b": 2, "c": 3}
    assert value(result, "with_revenue") == 3
    assert not [text for text in said(result) if "creep" in text]


def test_where_revenue_is_missing_the_finding_says_so_and_how_many(firms):
    result = firms(observations="\n".join(REVENUE.splitlines()[:3]))
    entry = result.answer.entry("with_revenue")
    assert (entry.value, entry.unknown) == (1, 2)
    told = next(finding for finding in result.findings if "creep" in finding.template)
    assert (told.values["known"], told.values["firms"]) == (1, 3)


@pytest.mark.parametrize(("mode", "alike"), [("converged", True), ("diem2022", False)])
def test_the_unit_of_money_changes_nothing_but_in_the_mode_of_2022(firms, mode, alike):
    units = [SUPPLIES, SUPPLIES.replace("10", "0.1")]
    answers = [column(firms({"mode": mode}, supplies=text), "esri_down") for text in units]
    assert (answers[0] == pytest.approx(answers[1])) == alike


def test_a_buyer_that_shares_the_first_rank_costs_no_more(firms):
    supplies = SUPPLIES.replace("a b", "c b").replace("b c", "b a")
    result = firms(supplies=supplies)
    assert column(result, "rank") == {"a": 1, "b": 1, "c": 1}
    assert value(result, "most_critical_supplier") == "b"
    assert not [text for text in said(result) if "buyer only" in text]


def test_the_headline_is_the_supplier_and_a_mere_buyer_is_named_beside_it(firms):
    supplies = """
        supplier_id buyer_id year value currency
        a c 2023 10 CNY
        b c 2023 10 CNY
    """
    result = firms(supplies=supplies)
    assert column(result, "rank") == {"c": 1, "a": 2, "b": 2}
    assert value(result, "most_critical") == "c"
    headline = result.answer.entry("most_critical_supplier")
    assert (headline.value, headline.headline) == ("a", True)
    assert value(result, "first_rank") == 2
    assert any("buyer only" in text for text in said(result))


ACTIVITIES = """
    org_id scheme code main
    a S 1 true
    b S 2 true
    c S 3 true
"""
SUPPLIES_TWO = """
    supplier_id buyer_id year value currency
    a b 2023 4 CNY
    c b 2023 6 CNY
    b z 2023 10 CNY
"""


@pytest.mark.parametrize(
    ("importance", "down"),
    [("essential", 1.0), ("non_essential", 0.4), ("negligible", 0.0)],
)
def test_how_much_a_buyer_loses_is_for_the_importance_of_the_input_to_say(
    firms, importance, down
):
    inputs = f"""
        scheme supplier_code buyer_code importance
        S 1 2 {importance}
        S 3 2 non_essential
    """
    result = firms(activities=ACTIVITIES, supplies=SUPPLIES_TWO, sector_inputs=inputs)
    # a weighs 4 of 20 and b 10; b loses what the importance says.
    assert column(result, "esri_down")["a"] == pytest.approx((4 + 10 * down) / 20)
    assert value(result, "listed") == 2
    assert result.answer.entry("listed").unknown == 1


def test_without_any_importance_a_finding_says_so(firms):
    assert any("sector_inputs" in text for text in said(firms(activities=ACTIVITIES)))


def test_another_firm_of_the_sector_steps_in_unless_it_may_not(firms):
    activities = "org_id scheme code main\na S 1 true\nb S 2 true\nc S 1 true"
    tables = {"activities": activities, "supplies": SUPPLIES_TWO}
    alone = firms({"substitution": False}, **tables)
    assert column(alone, "esri_down")["a"] == pytest.approx((4 + 10 * 0.4) / 20)
    # c has 6 of the 10 of the market: a is missed for 4 / 6 of what it sold.
    helped = firms(**tables)
    assert column(helped, "esri_down")["a"] == pytest.approx((4 + 10 * 0.4 * 4 / 6) / 20)


EMPLOYMENT = """
    subject_kind subject_id measure year value unit
    org a employment 2023 100 persons
    org b employment 2023 300 persons
"""


def test_what_is_lost_may_be_a_measure_and_a_firm_without_it_weighs_nothing(firms):
    result = firms({"weight": "employment"}, observations=EMPLOYMENT)
    assert column(result, "weight_share") == {"a": 0.25, "b": 0.75, "c": 0}
    assert column(result, "esri_down") == {"a": 1, "b": 0.75, "c": 0}
    entry = result.answer.entry("with_weight")
    assert (entry.value, entry.unknown) == (2, 1)
    assert any("weigh nothing" in sentence.template for sentence in result.answer.left_out)


NEGATIVE = EMPLOYMENT.replace("300", "-300")
MIXED = EMPLOYMENT.replace("300 persons", "300 heads")
NONE_AT_ALL = EMPLOYMENT.replace("100", "0").replace("300", "0")


@pytest.mark.parametrize(
    ("weight", "observations", "found", "remedy"),
    [
        ("employmnt", EMPLOYMENT, '"employmnt"', "did you mean employment?"),
        ("anything", EMPLOYMENT, '"anything"', "known: out-strength, employment"),
        ("employment", NEGATIVE, "-300 of b", "correct"),
        ("employment", MIXED, "heads, persons", "one unit"),
        ("employment", NONE_AT_ALL, "none", "import"),
    ],
)
def test_a_weight_that_cannot_be_used_is_refused_in_words(
    firms, weight, observations, found, remedy
):
    with pytest.raises(Refusal) as refused:
        firms({"weight": weight}, observations=observations)
    problem = refused.value.problems[0]
    assert (problem.code, problem.column, problem.found) == ("bad-weight", "weight", found)
    assert remedy in problem.remedy


def test_nobody_on_record_is_said_in_words(firms):
    result = firms(supplies="supplier_id buyer_id year value\na b 2023 0")
    assert result.table.num_rows == 0
    assert said(result) == ["Nobody is on record as anybody's supplier yet. Import supplies."]
    assert result.figures == ()


def test_a_chain_leaves_only_its_own_makers_in_the_network(firms):
    result = firms(
        {"chain": "k"},
        chains="chain_id name\nk K",
        products="product_id name\nw W",
        chain_products="chain_id product_id\nk w",
        makes="org_id product_id\na w\nb w",
    )
    assert result.table["org_id"].to_pylist() == ["a", "b"]


def test_draws_of_a_network_that_is_certain_give_the_same_rank_and_index(firms):
    certain = {"draws": 3, "value_factor": 1, "class_share": 0}
    result = firms(certain, observations=REVENUE)
    assert column(result, "rank_low") == column(result, "rank_high") == column(result, "rank")
    for end in ("esri_low", "esri_high"):
        assert column(result, end) == pytest.approx(column(result, "esri"))
    assert column(result, "top20_share") == {"a": 1, "b": 1, "c": 1}


def test_the_same_seed_draws_the_same_and_another_one_does_not(firms):
    drawn = [
        firms({"draws": 30, "seed": seed}, observations=REVENUE).table for seed in (1, 1, 2)
    ]
    assert drawn[0].equals(drawn[1])
    assert not drawn[0].equals(drawn[2])


def test_without_draws_there_is_no_band_and_a_finding_says_how_to_get_one(firms):
    result = firms()
    assert column(result, "rank_low") == {"a": None, "b": None, "c": None}
    assert any("give draws" in text for text in said(result))


def test_more_draws_than_memory_holds_are_refused(firms, monkeypatch):
    monkeypatch.setattr(failures, "MOST_DRAWN", 30)
    with pytest.raises(Refusal) as refused:
        firms({"draws": 11})
    assert [problem.code for problem in refused.value.problems] == ["too-many-draws"]
    assert firms({"draws": 10}).table.num_rows == 3


def test_the_loss_of_others_is_told_by_sector_and_by_place(firms):
    result = firms(activities=ACTIVITIES, observations=REVENUE)
    # a fails: b loses all that it sells; c weighs nothing.
    falls = {(e.name, e.subject.id if e.subject else None): e.value for e in result.summary}
    assert falls["place_loss", "q"] == 1
    assert falls["sector_loss S", "2"] == 1


def many(n, seed=0):
    """Firms that sell to one another at random."""
    random = np.random.default_rng(seed)
    pairs = {tuple(random.choice(n, 2, replace=False).tolist()) for _ in range(4 * n)}
    return {
        "organisations": [{"org_id": f"f{k:03}", "name": f"F{k}"} for k in range(n)],
        "supplies": [
            {"supplier_id": f"f{i:03}", "buyer_id": f"f{j:03}", "year": 2023, "value": w}
            for (i, j), w in zip(sorted(pairs), random.uniform(1, 9, len(pairs)), strict=True)
        ],
    }


def test_the_first_twenty_are_drawn_by_rank_with_their_band(firms):
    result = firms({"draws": 5}, **many(30))
    figure = result.figures[0]
    assert isinstance(figure, Bars)
    assert [label.id for label in figure.labels] == result.table["org_id"].to_pylist()[:20]
    assert list(figure.low) == result.table["esri_low"].to_pylist()[:20]
    assert result.table["rank"].to_pylist() == sorted(result.table["rank"].to_pylist())


def test_kept_blocks_are_used_for_the_same_network_and_question_only(
    firms, tmp_path, monkeypatch
):
    monkeypatch.setattr(failures.Failures, "block", lambda *_: 2)
    tables, folder = many(20), tmp_path / "kept"

    def asked(**params):
        with running(folder=folder):
            table = firms({"draws": 12, **params}, **tables).table
        return table, len(list(folder.iterdir()))

    first, n_kept = asked()
    again, n_again = asked()
    assert first.equals(again)
    assert n_again == n_kept == 10 + 6
    assert asked(seed=5)[1] == n_kept + 6
    tables["supplies"][0]["value"] += 1e-9
    assert asked()[1] == n_kept + 6 + 16
