"""Benchmark: figures side by side, what is ranked and what never is, shares and quotients."""

import pytest

from liantu.errors import Refusal
from liantu.lens import run

PLACES = """
place_id level    parent_id
cn       country  -
zz       city     cn
qd       city     cn
cd       city     cn
td       district zz
"""
HEAD = "subject_kind subject_id measure activity year scope value unit comparability evidence"


def figures(*lines, head=HEAD):
    """Observations of places: ``place activity year scope value``, then what else is given."""
    rows = []
    for line in lines:
        place, activity, year, scope, value, *more = line.split()
        unit, comparability, evidence, source = (*more, *["-"] * 4)[:4]
        unit = "CNY" if unit == "-" else unit
        rows.append(
            f"place {place} output {activity} {year} {scope} {value} {unit} {comparability} "
            f"{evidence} {source}"
        )
    return "\n".join([f"{head} source_id", *rows])


def asked(record, *lines, sources=None, **params):
    tables = {"places": PLACES, "chains": "chain_id\nrail", "observations": figures(*lines)}
    if sources:
        tables["sources"] = sources
    given = {"place": "zz", "rivals": "qd,cd", "activity": "rail"} | params
    return run("benchmark", given, store=record(**tables))


def cells(result, *names):
    return [tuple(row[name] for name in names) for row in result.table.to_pylist()]


def test_comparable_figures_of_one_scope_and_year_are_ranked(record):
    result = asked(
        record, "zz rail 2020 - 131", "qd rail 2020 - 100", "cd rail 2020 - 150 CNY near"
    )
    assert cells(result, "place_id", "value", "rank", "ranked") == [
        ("zz", 131.0, 2, 3),
        ("cd", 150.0, 1, 3),
        ("qd", 100.0, 3, 3),
    ]
    assert "is number" in result.findings[0].template
    assert result.findings[0].values["other"].id == "cd"


def test_figures_of_another_scope_period_or_kind_stand_beside_it_and_are_never_ranked(record):
    result = asked(
        record,
        "zz rail 2020 - 131",
        "qd rail 2020 - 900 CNY other",
        "cd rail 2020 - 800 CNY target",
        "cd rail 2020 half 700 CNY partial_period",
    )
    assert cells(result, "place_id", "mark", "value", "rank") == [
        ("zz", "=", 131.0, None),
        ("cd", "½", 700.0, None),
        ("cd", "⇢", 800.0, None),
        ("qd", "≠", 900.0, None),
    ]
    assert "Nothing comparable" in result.findings[0].template
    bars = result.figures[0]
    assert bars.open == (False, True, True)
    assert [result.answer.entry(name).value for name in ("other_scope", "partial_period")] == [
        1,
        1,
    ]


@pytest.mark.parametrize("other", ["2019 - 100", "2020 wide 100", "2020 - 100 USD"])
def test_another_year_scope_or_unit_is_no_ground_for_a_rank(record, other):
    result = asked(record, "zz rail 2020 - 131", f"qd rail {other}")
    assert result.table["rank"].to_pylist() == [None, None, None]


def test_places_of_another_level_are_not_ranked_with_it(record):
    result = asked(record, "zz rail 2020 - 131", "cn rail 2020 - 900", rivals="cn")
    assert result.table["rank"].to_pylist() == [None, None]


def test_equal_figures_share_a_rank(record):
    result = asked(record, "zz rail 2020 - 5", "qd rail 2020 - 5", "cd rail 2020 - 4")
    assert dict(cells(result, "place_id", "rank")) == {"zz": 1, "qd": 1, "cd": 3}


def test_growth_is_compound_and_keeps_to_one_scope(record):
    # 100 to 144 in two years: 20 % a year; the wider figure of 2015 is another matter
    result = asked(
        record,
        "zz rail 2015 wide 1000",
        "zz rail 2018 - 100",
        "zz rail 2019 - 90",
        "zz rail 2020 - 144",
        rivals="",
    )
    found = dict(zip(("scope", "growth"), ([], []), strict=True))
    for scope, growth, since in cells(result, "scope", "growth", "growth_from"):
        found[scope] = (growth, since)
    assert found[None] == (pytest.approx(0.2), 2018)
    assert found["wide"] == (None, None)
    assert result.table["years"].to_pylist() == [[2018, 2019, 2020], [2015]]


def test_without_a_year_the_latest_of_each_counts_and_with_one_only_that(record):
    lines = ("zz rail 2018 - 100", "zz rail 2020 - 144", "qd rail 2018 - 90")
    assert cells(asked(record, *lines), "place_id", "year") == [
        ("zz", 2020),
        ("cd", None),
        ("qd", 2018),
    ]
    then = asked(record, *lines, year=2018)
    assert cells(then, "place_id", "value", "rank")[0] == ("zz", 100.0, 1)


def test_of_sources_that_differ_both_are_shown_and_the_better_evidence_is_taken(record):
    sources = "source_id title published\nold Old 2001\nnew New 2022"
    both = ("zz rail 2020 - 100 CNY - verified old", "zz rail 2020 - 120 CNY - declared new")
    result = asked(record, *both, sources=sources, rivals="")
    assert cells(result, "value", "chosen", "conflict") == [
        (100.0, True, True),
        (120.0, False, True),
    ]
    assert result.answer.entry("conflicts").value == 2
    assert result.answer.entry("value").value == 100.0


def test_of_equally_sure_sources_the_later_one_is_taken(record):
    sources = "source_id title published\nold Old 2001\nnew New 2022"
    both = ("zz rail 2020 - 100 CNY - declared old", "zz rail 2020 - 120 CNY - declared new")
    result = asked(record, *both, sources=sources, rivals="")
    assert cells(result, "value", "chosen") == [(120.0, True), (100.0, False)]


def test_two_sources_that_agree_are_one_figure(record):
    both = ("zz rail 2020 - 100 CNY - - old", "zz rail 2020 - 100 CNY - - new")
    result = asked(record, *both, rivals="")
    assert cells(result, "value", "conflict", "source_id") == [(100.0, False, "new;old")]


def test_an_assumed_figure_is_listed_without_a_value_and_never_counted(record):
    result = asked(
        record, "zz rail 2020 - 131", "qd rail 2020 - 900 CNY same assumed", rivals="qd"
    )
    assert cells(result, "place_id", "value", "evidence", "rank") == [
        ("zz", 131.0, "declared", None),
        ("qd", None, "assumed", None),
    ]
    assert result.answer.left_out[0].values["value"] == 900.0
    assert result.answer.entry("without_figure").value == 1


def test_a_share_and_a_quotient_need_the_country_and_the_wholes_in_the_same_scope(record):
    # the place has 20 of 100 in rail, the country 100 of 1,000: quotient .2 / .1 = 2
    result = asked(
        record,
        "zz rail 2020 - 20",
        "zz - 2020 - 100",
        "cn rail 2020 - 100",
        "cn - 2020 - 1000",
        "qd rail 2020 wide 20",
        rivals="qd",
    )
    assert cells(result, "place_id", "share", "lq") == [
        ("zz", pytest.approx(0.2), pytest.approx(2.0)),
        ("qd", None, None),
    ]


JOBS = """
subject_kind subject_id measure    activity year value unit
place        c          employment 1        2020 200   persons
place        c          employment 2        2020 300   persons
place        c          employment 3        2020 500   persons
place        x          employment 1        2020 30    persons
place        x          employment 2        2020 20    persons
place        x          employment 3        2020 50    persons
place        z          employment 1        2020 10    persons
place        z          employment 2        2020 50    persons
"""


def jobs(record, *more, activity="1", **tables):
    tables["observations"] = "\n".join([JOBS, *more])
    places = "place_id level parent_id\nc country -\nx city c\nz city c"
    params = {"measure": "employment", "activity": activity, "place": "x", "rivals": "z"}
    return run("benchmark", params, store=record(places=places, **tables))


def test_without_a_whole_the_activities_that_both_have_are_added_up_and_it_says_so(record):
    # x has 30 of 100 in 1, the country 200 of 1,000: .3 / .2 = 1.5
    # nothing is known of 3 in z: 10 of 60 over 200 of 500, (1 / 6) / .4 = 5 / 12
    result = jobs(record)
    assert cells(result, "place_id", "value", "share", "lq") == [
        ("x", 30.0, pytest.approx(0.15), pytest.approx(1.5)),
        ("z", 10.0, pytest.approx(0.05), pytest.approx(5 / 12)),
    ]
    assert [said.values["n"] for said in result.answer.left_out] == [2]


def test_a_whole_on_record_in_both_goes_before_the_sum(record):
    # 30 of 120 over 200 of 1,000 is 1.25; the whole of z is unknown, so its activities serve
    wholes = [
        f"place {place} employment - 2020 {n} persons" for place, n in (("x", 120), ("c", 1000))
    ]
    result = jobs(record, *wholes)
    assert cells(result, "lq") == [(pytest.approx(1.25),), (pytest.approx(5 / 12),)]
    assert [said.values["n"] for said in result.answer.left_out] == [1]


def test_a_chain_is_neither_added_up_nor_set_against_a_sum(record):
    rail = [
        f"place {place} employment rail 2020 {n} persons"
        for place, n in (("x", 40), ("c", 400))
    ]
    chains = "chain_id\nrail"
    assert cells(jobs(record, *rail, chains=chains), "lq")[0] == (pytest.approx(1.5),)
    result = jobs(record, *rail, chains=chains, activity="rail")
    assert cells(result, "share", "lq")[0] == (pytest.approx(0.1), None)
    assert result.answer.left_out == ()


def test_one_activity_alone_adds_up_to_no_whole(record):
    result = asked(record, "zz C37 2020 - 20", "cn C37 2020 - 100", rivals="", activity="C37")
    assert cells(result, "share", "lq") == [(pytest.approx(0.2), None)]


def test_a_synthetic_activity_is_added_up_for_no_figure_on_record(record):
    # 20 of 100 over 100 of 1,000 would be 2
    lines = ["zz C37 2020 - 20", "cn C37 2020 - 100", "cn C26 2020 - 900"]
    for evidence, quotient in (("declared", pytest.approx(2.0)), ("synthetic", None)):
        other = f"zz C26 2020 - 80 CNY same {evidence}"
        result = asked(record, *lines, other, rivals="", activity="C37")
        assert cells(result, "lq") == [(quotient,)]


def test_a_figure_on_record_is_never_divided_by_a_synthetic_one(record):
    lines = ("zz rail 2020 - 20", "cn rail 2020 - 100 CNY same synthetic")
    assert cells(asked(record, *lines, rivals=""), "share") == [(None,)]
    lines = ("zz rail 2020 - 20 CNY same synthetic", "cn rail 2020 - 100 CNY same synthetic")
    assert cells(asked(record, *lines, rivals=""), "share") == [(pytest.approx(0.2),)]


def test_organisations_are_counted_where_they_are_and_in_the_places_around(record):
    # zz with its district has 3 of 4 in rail; the country 4 of 6: (3 / 4) / (4 / 6) = 1.125
    orgs = [("zz", "C37"), ("zz", "C37"), ("td", "C37"), ("zz", "C26"), ("qd", "C37")]
    orgs.append(("qd", "C26"))
    store = record(
        places=PLACES,
        organisations=[{"org_id": f"o{k}", "place_id": p} for k, (p, _) in enumerate(orgs)],
        activities=[
            {"org_id": f"o{k}", "scheme": "ISIC", "code": code, "main": True}
            for k, (_, code) in enumerate(orgs)
        ],
    )
    params = {"measure": "organisations", "activity": "C37", "place": "zz", "rivals": "qd"}
    result = run("benchmark", params, store=store)
    assert cells(result, "place_id", "value", "scope", "rank") == [
        ("zz", 3.0, "ISIC", 1),
        ("qd", 1.0, "ISIC", 2),
    ]
    assert cells(result, "share", "lq")[0] == (pytest.approx(0.75), pytest.approx(1.125))


def test_where_nothing_is_about_the_chain_the_whole_place_serves_and_says_so(record):
    store = record(
        places=PLACES,
        chains="chain_id\nrail",
        observations=figures("zz - 2023 - 58", "zz rail 2022 - 11"),
    )
    both = {"place": "zz", "chain": "rail"}
    assert cells(run("benchmark", both, store=store), "value") == [(11.0,)]
    result = run("benchmark", both | {"year": 2023}, store=store)
    assert cells(result, "value", "activity") == [(58.0, None)]
    assert any("as a whole" in finding.template for finding in result.findings)


def test_places_take_the_place_of_the_place_and_its_rivals(record):
    result = asked(record, "zz rail 2020 - 131", "qd rail 2020 - 100", places="qd")
    assert cells(result, "place_id") == [("qd",)]


def test_a_place_may_be_its_own_rival_and_stands_there_once(record):
    result = asked(record, "zz rail 2020 - 131", rivals="zz")
    assert cells(result, "place_id") == [("zz",)]


def test_without_a_place_it_asks_for_one(record):
    with pytest.raises(Refusal, match="give place"):
        run("benchmark", {}, store=record(places=PLACES))


def test_without_a_figure_it_says_what_to_import(record):
    result = asked(record, "zz rail 2020 - 131", year=1990)
    assert "Leave the year blank" in result.findings[0].template
    assert result.findings[0].values["year"] == 1990
    assert result.answer.entry("without_figure").value == 3


def test_a_tie_at_the_top_is_a_shared_lead(record):
    result = asked(record, "zz rail 2020 - 131", "qd rail 2020 - 131", "cd rail 2020 - 9")
    assert "share the lead" in result.findings[0].template
    assert result.findings[0].values["other"].id == "qd"


def test_without_any_figure_it_says_what_to_import(record):
    result = asked(record, "td rail 2020 - 131")
    assert "Import observations" in result.findings[0].template


def test_lines_break_where_a_year_is_missing_and_three_places_have_a_rank_by_year(record):
    lines = [
        f"{place} rail {year} - {value}"
        for place, values in (("zz", (1, 2, 9)), ("qd", (3, 4, 5)), ("cd", (2, 6, 7)))
        for year, value in zip((2018, 2019, 2021), values, strict=True)
    ]
    result = asked(record, *lines)
    _, over_years, ranks = result.figures
    assert over_years.x == (2018.0, 2019.0, 2020.0, 2021.0)
    assert over_years.series[0].values == (1.0, 2.0, None, 9.0)
    assert over_years.series[-1].values == (2.0, 4.0, None, 7.0)  # the average
    assert ranks.values == ((3.0, 3.0, 1.0), (2.0, 1.0, 2.0), (1.0, 2.0, 3.0))
