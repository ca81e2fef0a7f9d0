"""The official rules: every bound on both sides, dates, and files that are wrong."""

import datetime as dt

import pytest

from liantu.errors import Refusal
from liantu.methods.rulebook import TITLES, Firm, in_force, judge, official_rules, read_rules

NOW, THEN, LATER = dt.date(2026, 6, 30), dt.date(2025, 6, 30), dt.date(2027, 6, 30)
TITLED = {"srdi": "technology_innovative", "little_giant": "srdi"}
# A firm that meets every criterion with a measure, of every rule, with some room.
SOUND = {
    "segment_years": 12, "revenue": 9e9, "main_share": 0.95, "debt_ratio": 0.5,
    "rd_spend": 5e8, "rd_share": 0.08, "ip_class1": 9, "market_share": 0.3, "key_link": 1,
    "platform_score": 90, "revenue_growth_2y": 0.2, "rd_body": 1, "global_rank": 1,
    "innovative_score": 90, "score_innovation": 30, "score_growth": 30,
    "score_specialisation": 30, "srdi_score": 90, "domestic_rank": 1, "new_product": 0,
    "equity_2y": 0, "equity_3y": 0, "award_exempt": 0, "rd_staff_share": 0.1,
}  # fmt: skip
LITTLE_2026 = ("little_giant", "new", NOW)
SRDI_2026 = ("srdi", "new", NOW)
LITTLE_2022 = ("little_giant", "new", THEN)
SRDI_2022 = ("srdi", "new", THEN)
INNOVATIVE_2022 = ("technology_innovative", "new", THEN)
CHAMPION = ("single_champion", "new", NOW)
LEADER = ("chain_leader", "new", NOW)
SMALL = {"rd_spend": 4e6}
START = {"revenue": 4e7, "equity_2y": 8e7, "rd_spend": 3e7, "rd_staff_share": 0.5}
# Title, scope and day; what else the firm has; measure; what just meets, what falls short.
BOUNDS = [
    (SRDI_2026, {}, "segment_years", 3, 2.9),
    (SRDI_2026, {}, "revenue", 1.5e7, 1.4999e7),
    (SRDI_2026, {"revenue": 1e6}, "equity_2y", 2e7, 1.9999e7),
    (SRDI_2026, {}, "main_share", 0.80, 0.799),
    (SRDI_2026, {}, "debt_ratio", 0.80, 0.801),
    (SRDI_2026, {}, "rd_spend", 1e6, 9.99e5),
    (SRDI_2026, {}, "rd_share", 0.03, 0.0299),
    (SRDI_2026, {}, "ip_class1", 1, 0),
    (SRDI_2026, {}, "platform_score", 50, 49.9),
    (LITTLE_2026, {}, "segment_years", 3, 2.9),
    (LITTLE_2026, {}, "revenue", 5e7, 4.999e7),
    (LITTLE_2026, {}, "main_share", 0.90, 0.899),
    (LITTLE_2026, {}, "revenue_growth_2y", 0.05, 0.0499),
    (LITTLE_2026, {}, "debt_ratio", 0.75, 0.751),
    (LITTLE_2026, {}, "rd_spend", 6e6, 5.99e6),  # the sum of two years is 12 million
    (LITTLE_2026, {}, "rd_share", 0.03, 0.0299),
    (LITTLE_2026, {}, "ip_class1", 4, 3),
    (LITTLE_2026, {"domestic_rank": 9}, "market_share", 0.10, 0.099),
    (LITTLE_2026, {"market_share": 0.01}, "domestic_rank", 3, 4),
    (LITTLE_2026, {}, "key_link", 1, 0),
    (LITTLE_2026, {}, "platform_score", 60, 59.9),
    (("little_giant", "renewal", LATER), {}, "platform_score", 60, 59.9),
    (("srdi", "renewal", LATER), {}, "platform_score", 50, 49.9),
    (INNOVATIVE_2022, {}, "innovative_score", 60, 59),
    (INNOVATIVE_2022, {}, "score_innovation", 20, 19),
    (INNOVATIVE_2022, {}, "score_growth", 15, 14),
    (INNOVATIVE_2022, {}, "score_specialisation", 15, 14),
    (INNOVATIVE_2022, {"innovative_score": 0}, "equity_3y", 5e6, 4.9e6),
    (SRDI_2022, {}, "segment_years", 2, 1.9),
    (SRDI_2022, {}, "rd_spend", 1e6, 9.99e5),
    (SRDI_2022, {}, "rd_share", 0.03, 0.0299),
    (SRDI_2022, {}, "revenue", 1e7, 9.99e6),
    (SRDI_2022, {"revenue": 1e6}, "equity_2y", 2e7, 1.9e7),
    (SRDI_2022, SMALL, "srdi_score", 60, 59),
    (SRDI_2022, {"srdi_score": 0}, "rd_spend", 1e7, 9.9e6),
    (SRDI_2022, SMALL | {"srdi_score": 0}, "equity_2y", 6e7, 5.9e7),
    (LITTLE_2022, {}, "segment_years", 3, 2.9),
    (LITTLE_2022, {}, "main_share", 0.70, 0.699),
    (LITTLE_2022, {}, "revenue_growth_2y", 0.05, 0.049),
    (LITTLE_2022, {}, "debt_ratio", 0.70, 0.701),
    (LITTLE_2022, {}, "market_share", 0.10, 0.099),
    (LITTLE_2022, {"revenue": 1e8}, "rd_share", 0.03, 0.0299),
    (LITTLE_2022, {"revenue": 5e7}, "rd_share", 0.06, 0.0599),
    (LITTLE_2022, {"rd_share": 0.04}, "revenue", 1e8, 9.99e7),
    (LITTLE_2022, {"rd_share": 0.07}, "revenue", 5e7, 4.99e7),
    (LITTLE_2022, START, "equity_2y", 8e7, 7.9e7),
    (LITTLE_2022, START, "rd_spend", 3e7, 2.9e7),
    (LITTLE_2022, START, "rd_staff_share", 0.5, 0.49),
    (LITTLE_2022, {}, "rd_body", 1, 0),
    (LITTLE_2022, {}, "ip_class1", 2, 1),
    (LITTLE_2022, {}, "key_link", 1, 0),
    (CHAMPION, {}, "segment_years", 10, 9.9),
    (CHAMPION, {"new_product": 1}, "segment_years", 5, 4.9),
    (CHAMPION, {}, "main_revenue", 4e8, 3.99e8),
    (CHAMPION, {"titles": ["srdi"]}, "main_revenue", 2e8, 1.99e8),
    (CHAMPION, {}, "global_rank", 3, 4),
    (LEADER, {}, "revenue", 5e9, 4.99e9),
    (LEADER, {}, "rd_share", 0.03, 0.0299),
]  # fmt: skip


def firm(titles=(), **figures):
    """A firm with the same figure in each of the years that a rule may look at."""
    held = {name: dict.fromkeys(range(2021, 2027), value) for name, value in figures.items()}
    return Firm(held, frozenset(titles))


def verdict(asked, known):
    title, scope, on = asked
    rule = in_force(official_rules(), title, scope, on)
    return judge(rule, known, scope=scope, on=on, given={"leader_revenue": 5e9})


def sound(asked, titles=None, **figures):
    lower = {TITLED[asked[0]]} if asked[0] in TITLED else set()
    return firm(lower if titles is None else titles, **(SOUND | figures))


@pytest.mark.parametrize(("asked", "also", "measure", "meets", "short"), BOUNDS)
def test_a_bound_is_met_at_its_edge_and_not_beyond_it(asked, also, measure, meets, short):
    assert verdict(asked, sound(asked, **(also | {measure: meets}))).failed == ()
    judged = verdict(asked, sound(asked, **(also | {measure: short})))
    assert judged.verdict == "fails"
    assert len(judged.failed) == 1


def test_every_bound_of_every_rule_stands_in_the_list_above():
    listed = {(asked[0], asked[1], measure) for asked, _, measure, _, _ in BOUNDS}
    for rule in official_rules():
        for criterion in rule.criterion:
            for test in (test for group in criterion.any for test in group):
                if test.measure and test.measure != "new_product":
                    assert any(
                        (rule.title, scope, test.measure) in listed
                        for scope in criterion.scopes
                    ), (rule.id, test.measure)


@pytest.mark.parametrize("asked", [SRDI_2026, LITTLE_2026, LITTLE_2022, SRDI_2022])
def test_the_next_lower_title_must_be_held_for_a_new_one(asked):
    assert "held_title" not in verdict(asked, sound(asked)).failed
    assert verdict(asked, sound(asked, titles=())).failed == ("held_title",)
    renewed = ("srdi", "renewal", LATER)
    assert verdict(renewed, sound(renewed, titles={"srdi"})).failed == ()
    assert verdict(renewed, sound(renewed)).failed == ()
    assert verdict(renewed, sound(renewed, titles=())).failed == ("held_title",)


def test_a_single_champion_is_no_new_little_giant():
    both = sound(LITTLE_2026, titles={"srdi", "single_champion"})
    assert verdict(LITTLE_2026, both).failed == ("excluded_title",)


def test_an_award_exempts_from_rights_and_an_institution_from_the_one_right_of_2026():
    poor = {"ip_class1": 0}
    assert verdict(LITTLE_2026, sound(LITTLE_2026, **poor)).failed == ("ip_class1",)
    assert verdict(LITTLE_2026, sound(LITTLE_2026, **poor, award_exempt=1)).failed == ()
    assert verdict(SRDI_2026, sound(SRDI_2026, ip_class1=0, rd_body_provincial=1)).failed == ()
    assert verdict(SRDI_2026, sound(SRDI_2026, ip_class1=0, rd_body=1)).failed == ("ip_class1",)
    without = {k: v for k, v in (SOUND | poor).items() if k != "award_exempt"}
    assert verdict(LITTLE_2026, firm({"srdi"}, **without)).failed == ("ip_class1",)


def test_growth_is_not_examined_at_renewal():
    renewed = ("little_giant", "renewal", LATER)
    assert (
        verdict(renewed, sound(renewed, titles={"srdi"}, revenue_growth_2y=-0.2)).failed == ()
    )


def test_a_score_in_either_of_two_years_is_enough_at_renewal():
    renewed = ("srdi", "renewal", LATER)
    known = sound(renewed)
    known.figures["platform_score"].update({2025: 40, 2026: 55})
    assert verdict(renewed, known).failed == ()
    known.figures["platform_score"].update({2025: 55, 2026: 40})
    assert verdict(renewed, known).failed == ()
    known.figures["platform_score"].update({2025: 40, 2026: 40})
    assert verdict(renewed, known).failed == ("platform_score",)


def test_each_of_two_fiscal_years_counts_where_the_rule_says_each():
    known = sound(SRDI_2026)
    known.figures["rd_share"].update({2024: 0.02})
    assert verdict(SRDI_2026, known).failed == ("rd_share",)
    known.figures["rd_share"].update({2024: 0.03, 2023: 0.0})
    assert verdict(SRDI_2026, known).failed == ()


def test_a_figure_that_is_absent_leaves_the_verdict_unknown_and_is_named():
    known = sound(SRDI_2026)
    del known.figures["debt_ratio"]
    judged = verdict(SRDI_2026, known)
    assert (judged.verdict, judged.missing) == ("unknown", ("debt_ratio",))
    del known.figures["rd_share"][2024]
    assert set(verdict(SRDI_2026, known).missing) == {"debt_ratio", "rd_share"}


def test_what_fails_comes_before_what_is_unknown_and_that_before_what_is_judged_by_hand():
    assert verdict(SRDI_2026, sound(SRDI_2026)).verdict == "manual"
    assert verdict(SRDI_2022, sound(SRDI_2022)).verdict == "meets"
    poor = sound(SRDI_2026, revenue=1)
    del poor.figures["debt_ratio"]
    assert verdict(SRDI_2026, poor).verdict == "fails"


def test_main_revenue_is_revenue_times_its_share_where_it_is_not_recorded():
    known = sound(CHAMPION, revenue=5e8, main_share=0.8)
    assert verdict(CHAMPION, known).failed == ()
    assert verdict(CHAMPION, sound(CHAMPION, revenue=5e8, main_share=0.79)).failed == (
        "main_revenue",
    )


def test_the_rule_of_a_day_is_that_in_force():
    def named(title, scope, day):
        return in_force(official_rules(), title, scope, day).id

    assert named("srdi", "new", dt.date(2026, 3, 31)) == "srdi_2022"
    assert named("srdi", "new", dt.date(2026, 4, 1)) == "srdi_2026"
    assert named("srdi", "renewal", dt.date(2026, 12, 31)) == "srdi_2022"
    assert named("srdi", "renewal", dt.date(2027, 1, 1)) == "srdi_2026"
    assert in_force(official_rules(), "srdi", "new", dt.date(2020, 1, 1)) is None
    assert {rule.title for rule in official_rules()} == set(TITLES)
    assert all(rule.source and rule.certainty for rule in official_rules())


BOOK = """
scheme = "S"
source = "order 1"
certainty = "read in a source"
[[rule]]
id = "one"
title = "srdi"
valid = [{ scope = "new", from = 2020-01-01, until = 2021-12-31 }]
[[rule.criterion]]
name = "revenue"
text = "Revenue"
any = [[{ measure = "revenue", at_least = 1 }]]
"""


def test_two_rules_for_one_title_on_the_same_day_are_refused_by_name():
    later = BOOK.replace('"one"', '"two"').replace("2020-01-01", "2021-06-01")
    with pytest.raises(Refusal, match=r"one of a.toml and two: two from 2021-06-01") as refused:
        read_rules({"a.toml": BOOK, "b.toml": later})
    assert [(p.file, p.column) for p in refused.value.problems] == [("b.toml", "two.valid")]
    assert len(read_rules({"a.toml": BOOK, "b.toml": later.replace('"new"', '"renewal"')})) == 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('measure = "revenue"', 'measure = "revenues"', "rule.0.criterion.0.any.0.0.measure"),
        ("at_least", "at_leest", "at_leest"),
        ("at_least = 1", 'at_least = "much"', "at_least"),
        (", at_least = 1", "", "a bound"),
        ('title = "srdi"', 'title = "giant"', "rule.0.title"),
        ("until = 2021", "until = 2019", "rule.0.valid.0"),
        ('scheme = "S"', "", "scheme"),
        ('scheme = "S"', "scheme = ", "TOML"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_file_and_key(old, new, told):
    with pytest.raises(Refusal, match=told) as refused:
        read_rules({"mine.toml": BOOK.replace(old, new)})
    assert {problem.file for problem in refused.value.problems} == {"mine.toml"}
    assert not any("at least 1 item" in problem.expected for problem in refused.value.problems)
