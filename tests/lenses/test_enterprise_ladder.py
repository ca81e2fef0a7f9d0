"""The enterprise ladder: figures and titles of the record against the rules of a day."""

import datetime as dt

import pytest

from liantu.errors import Refusal
from liantu.lens import run

HEAD = "subject_kind subject_id measure activity year scope source_id value unit evidence"
RECORD = {
    "places": "place_id level parent_id\nx city -\ny district x\nz city -",
    "organisations": """
        org_id name place_id kind evidence
        a A y company -
        b B x company -
        c C z company -
        u U x university -
        n N x company -
    """,
    "recognitions": [
        {"org_id": "a", "scheme": "MIIT", "title": "technology_innovative", "year": 2024,
         "valid_until": dt.date(2027, 1, 1)},
        {"org_id": "b", "scheme": "MIIT", "title": "technology_innovative", "year": 2020,
         "valid_until": dt.date(2023, 1, 1)},
    ],
}  # fmt: skip
FIGURES = {
    "segment_years": (4, "-"), "revenue": (2e7, "CNY"), "main_share": (0.9, "share"),
    "debt_ratio": (0.5, "share"), "rd_spend": (2e6, "CNY"), "rd_share": (0.1, "share"),
    "ip_class1": (2, "-"), "platform_score": (55, "-"),
}  # fmt: skip


def figures(**changed):
    """Observations of firm a, the same in 2024 and 2025, and one of b."""
    held = {name: cell for name, cell in (FIGURES | changed).items() if cell}
    lines = [
        f"org a {name} - {year} - - {value} {unit} -"
        for name, (value, unit) in held.items()
        for year in (2024, 2025)
    ]
    return "\n".join([HEAD, *lines, "org b revenue - 2025 - - 1 CNY synthetic"])


def ladder(record, observations=None, **params):
    store = record(**RECORD, observations=observations or figures())
    asked = {"place": "x", "on": "2026-06-30", "title": "srdi"} | params
    return run("enterprise_ladder", asked, store=store)


def rows(result):
    return {row["org_id"]: row for row in result.table.to_pylist()}


def test_a_firm_with_every_figure_is_left_to_judge_by_hand_and_one_without_a_title_fails(
    record,
):
    result = ladder(record)
    found = rows(result)
    assert set(found) == {"a", "b"}
    assert (found["a"]["verdict"], found["a"]["manual"]) == ("manual", ["market_position"])
    assert found["b"]["verdict"] == "fails"
    assert found["b"]["failed"] == ["held_title"]
    assert found["b"]["missing"][0] == "segment_years"
    assert [found[org]["evidence"] for org in "ab"] == ["declared", "synthetic"]


def test_a_title_counts_until_its_last_day(record):
    asked = {"title": "technology_innovative"}
    assert rows(ladder(record, on="2027-01-01", **asked))["a"]["held"]
    assert not rows(ladder(record, on="2027-01-02", **asked))["a"]["held"]


def test_the_pipeline_counts_firms_one_criterion_short_and_those_that_could_be(record):
    result = ladder(record, figures(debt_ratio=(0.9, "share")))
    entry = result.answer.entry("one_short_srdi")
    assert rows(result)["a"]["failed"] == ["debt_ratio"]
    assert (entry.value, entry.unknown, entry.high) == (1, 1, 2)
    assert result.answer.entry("meets_srdi").value == 0
    without = ladder(record, figures(debt_ratio=None))
    assert rows(without)["a"]["verdict"] == "unknown"
    assert rows(without)["a"]["missing"] == ["debt_ratio"]
    assert without.answer.entry("meets_srdi").high == 1


def test_who_holds_a_title_is_one_criterion_short_of_its_renewal_only(record):
    asked = {"title": "single_champion", "on": "2026-06-30"}
    champion = {"org_id": "a", "scheme": "MIIT", "title": "single_champion", "year": 2025}
    known = RECORD | {"recognitions": [champion | {"valid_until": dt.date(2028, 1, 1)}]}
    told = figures(
        segment_years=(12, "-"), global_rank=(9, "-"), revenue=(9e8, "CNY")
    ) + "".join(f"\norg a main_revenue - {year} - - 9e8 CNY -" for year in (2023, 2024, 2025))
    store = record(**known, observations=told)
    new, renewal = (
        run("enterprise_ladder", asked | {"scope": scope}, store=store)
        for scope in ("new", "renewal")
    )
    assert rows(new)["a"]["failed"] == rows(renewal)["a"]["failed"] == ["global_rank"]
    name = "one_short_single_champion"
    assert [found.answer.entry(name).value for found in (new, renewal)] == [0, 1]


def test_the_day_is_said_with_its_fiscal_year(record):
    said = ladder(record, on=None).answer.left_out[0]
    assert (said.values["day"], said.values["year"]) == ("2026-12-31", 2025)


def test_firms_without_any_figure_are_counted_not_listed(record):
    result = ladder(record)
    assert result.answer.entry("firms").value == 2
    assert [s.values["n"] for s in result.answer.left_out if "no figure" in s.template] == [1]


def test_what_is_not_verified_is_said_beside_the_answer(record):
    said = ladder(record, title="technology_innovative").answer.left_out
    assert any(s.values.get("certainty") == "not verified" for s in said)
    said = ladder(record, title="single_champion").answer.left_out
    assert not any("certainty" in s.values for s in said)


def test_a_day_without_a_rule_is_said(record):
    result = ladder(record, on="2019-01-01")
    assert any("No rule" in sentence.template for sentence in result.answer.left_out)


def test_the_revenue_of_a_chain_leader_is_the_one_that_is_given(record):
    asked = {"title": "chain_leader"}
    assert "revenue" in rows(ladder(record, **asked))["a"]["failed"]
    assert rows(ladder(record, leader_revenue="2e7", **asked))["a"]["failed"] == []


def test_without_a_day_it_is_the_end_of_the_year_after_the_last_figure(record):
    result = ladder(record, on="", scope="renewal")
    assert rows(result)["a"]["rule"] == "srdi_2022"  # on the last day of 2026
    assert (
        ladder(record, on="2027-01-01", scope="renewal").table["rule"][0].as_py() == "srdi_2026"
    )


def test_money_in_another_currency_and_percentages_are_refused_with_every_address(record):
    wrong = figures(revenue=(2e7, "USD"), debt_ratio=(50, "percent"))
    with pytest.raises(Refusal, match="revenue of a in 2024 in CNY") as refused:
        ladder(record, wrong)
    assert len(refused.value.problems) == 4


def test_a_record_without_figures_is_answered_in_words(record):
    result = ladder(record, HEAD, place="z")
    assert "No firm has a figure" in result.findings[0].template
