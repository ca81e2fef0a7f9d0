"""Disruption: cover, importance and revenue as on record, what is lost, draws, refusals."""

import numpy as np
import pytest

from liantu.errors import Refusal
from liantu.lens import run

# A mill sells steel to two works; the works sell to a builder, who sells outside. Values are
# those of 365 days, so that a link of 3650 is 10 a day.
PLACES = """
place_id level   parent_id
cn       country -
zz       city    cn
de       country -
"""

ORGANISATIONS = """
org_id  place_id
mill    zz
works   zz
other   zz
builder zz
idle    zz
"""

ACTIVITIES = """
org_id  scheme code main
mill    ISIC   24   true
works   ISIC   30   true
other   ISIC   30   true
builder ISIC   41   true
"""

SUPPLIES = """
supplier_id buyer_id product_id year value currency
mill        works    steel      2020 3650  CNY
mill        other    steel      2020 7300  CNY
works       builder  bridge     2020 14600 CNY
"""

ESSENTIAL = """
scheme supplier_code buyer_code importance
ISIC   24            30         essential
ISIC   30            41         essential
"""

WHOLE = {
    "places": PLACES,
    "organisations": ORGANISATIONS,
    "activities": ACTIVITIES,
    "supplies": SUPPLIES,
    "sector_inputs": ESSENTIAL,
    "products": "product_id\nsteel\nbridge",
}


def observed(*rows):
    """Observations of organisations: (org, measure, activity, value, unit)."""
    names = ("subject_id", "measure", "activity", "value", "unit")
    return [
        {"subject_kind": "org", "year": 2020, **dict(zip(names, row, strict=True))}
        for row in rows
    ]


def asked(record, tables=WHOLE, **params):
    store = record(**tables)
    return run("disruption", {"orgs": ["mill"], "days": 5} | params, store=store)


def column(result, name):
    return result.table[name].to_pylist()


def value(result, name):
    return result.answer.entry(name).value


def test_output_is_what_is_sold_or_bought_in_a_day_where_revenue_is_unknown(record):
    result = asked(record, recovery_days=730)
    # the mill sells 10 + 20 a day, the works 40; other sells nothing and buys 20, the builder
    # buys 40: 30 + 40 + 20 + 40
    usual = result.answer.entry("usual_output")
    assert (usual.value, usual.unit, usual.unknown) == (pytest.approx(130), "CNY", 4)
    assert value(result, "firms") == 4


def test_without_cover_buyers_stop_on_the_same_day_and_their_buyers_a_day_later(record):
    result = asked(record, cover_days=0, recovery_days=1)
    # day 1: mill, works and other stand still, the builder has the bridges of the day before;
    # day 2: the mill works again, the builder has none; day 3: works and other work again
    assert column(result, "output") == pytest.approx([40, 30, 90, 130, 130])
    assert column(result, "lost") == pytest.approx([90, 100, 40, 0, 0])
    assert column(result, "lost_directly") == pytest.approx([30, 0, 0, 0, 0])
    assert column(result, "held_up") == [2, 3, 1, 0, 0]
    assert column(result, "output_low") == [None] * 5
    assert value(result, "total_lost") == pytest.approx(230)
    assert value(result, "lost_without_stocks") == pytest.approx(230)
    assert value(result, "lost_share") == pytest.approx(230 / 650)
    assert (value(result, "lost_directly"), value(result, "passed_on")) == (
        pytest.approx(30),
        pytest.approx(200),
    )
    assert (value(result, "lowest_day"), value(result, "back_day")) == (2, 4)
    assert value(result, "lowest_share") == pytest.approx(30 / 130)
    # the works and the builder both lose two days of 40: the first by id is named
    assert (value(result, "hardest_hit"), value(result, "hardest_lost")) == (
        "builder",
        pytest.approx(80),
    )


def test_what_stocks_spare_is_told_beside_what_is_lost(record):
    result = asked(record, cover_days=14, recovery_days=1)
    # nobody runs short: the mill stands still for a day, and 230 were lost without stocks
    assert value(result, "held_up") == 0
    assert value(result, "total_lost") == pytest.approx(30)
    assert value(result, "lost_without_stocks") == pytest.approx(230)
    assert any(said.template.startswith("Nobody runs short") for said in result.findings)
    bare = asked(record, cover_days=0, recovery_days=1)
    assert any(said.template.startswith("Up to {held_up") for said in bare.findings)


def test_cover_on_record_goes_before_the_cover_that_is_assumed(record):
    tables = WHOLE | {
        "observations": observed(
            ("works", "inventory_days", "steel", 3.0, "days"),
            ("other", "inventory_days", "bridge", 3.0, "days"),  # buys none
            ("builder", "inventory_days", "bridge", 5.0, "weeks"),  # another unit
        )
    }
    result = asked(record, tables, cover_days=1, recovery_days=730, days=4)
    assert value(result, "cover_known") == pytest.approx(3650 / 25550)
    assert [s.values["n"] for s in result.answer.left_out if "cover" in s.template] == [1]
    # other has cover for a day, the works for three; the builder has one more of bridges
    less = np.array([30, 50, 50, 90])
    assert column(result, "lost") == pytest.approx(less, abs=0.5)


def test_an_input_that_is_not_essential_takes_its_share_and_no_table_says_so(record):
    links = SUPPLIES + "builder works frame 2020 10950 CNY\n"
    tables = {name: t for name, t in WHOLE.items() if name != "sector_inputs"}
    tables |= {"supplies": links, "products": "product_id\nsteel\nbridge\nframe"}
    result = asked(record, tables, cover_days=0, days=1, recovery_days=730)
    # steel is 10 of the 40 that the works buy a day, and all that other buys
    assert column(result, "lost") == pytest.approx([30 + 40 / 4 + 20])
    assert any("essential" in sentence.template for sentence in result.answer.left_out)


def test_what_is_sold_beyond_the_network_stays_wanted_and_counts(record):
    tables = WHOLE | {"observations": observed(("works", "revenue", None, 36500.0, "CNY"))}
    result = asked(record, tables, orgs=["builder"], days=3, recovery_days=730, cover_days=0)
    # the works sell 100 a day, of which 40 to the builder: they lose these 40 from day 1 on
    assert value(result, "usual_output") == pytest.approx(30 + 100 + 20 + 40)
    assert result.answer.entry("usual_output").unknown == 3
    assert column(result, "lost")[0] == pytest.approx(80)


def test_a_part_that_stops_and_comes_back_in_equal_steps(record):
    result = asked(record, orgs=["builder"], fraction=0.5, recovery_days=4, days=6, seed=3)
    assert column(result, "lost_directly") == pytest.approx([20, 15, 10, 5, 0, 0])


def test_an_import_source_that_stops_takes_from_its_buyers_and_is_not_counted(record):
    # half of the steel is taken to come from abroad, all of that from de
    tables = WHOLE | {
        "product_codes": "product_id scheme code\nsteel HS 7208",
        "trade": """
        reporter partner scheme code flow   year value
        cn       de      HS     7208 import 2020 100
        """,
        "observations": [
            {
                "subject_kind": "product", "subject_id": "steel", "measure": "import_share",
                "year": 2020, "value": 0.5,
            }
        ],
    }  # fmt: skip
    result = asked(
        record, tables, orgs=[], partners=["de"], cover_days=0, days=1, recovery_days=730
    )
    # works and other make half of 40 and 20; the mill is what it is without the question
    assert value(result, "firms") == 4
    assert value(result, "usual_output") == pytest.approx(30 + 40 + 20 + 40)
    assert column(result, "lost") == pytest.approx([20 + 10], rel=1e-6)
    assert column(result, "lost_directly") == [0]


def test_one_day_is_an_answer(record):
    result = asked(record, days=1)
    assert column(result, "day") == [1]
    assert result.figures


def test_draws_give_a_range_around_the_answer_and_the_same_seed_the_same(record):
    given = {"draws": 40, "recovery_days": 20, "days": 20}
    first, again, other = (asked(record, **given, seed=seed) for seed in (1, 1, 2))
    low, middle, high = (column(first, n) for n in ("output_low", "output", "output_high"))
    assert all(a <= b <= c for a, b, c in zip(low, middle, high, strict=True))
    assert max(np.array(high) - np.array(low)) > 1
    assert first.table.equals(again.table)
    assert not first.table.equals(other.table)
    total = first.answer.entry("total_lost")
    assert total.low < total.value < total.high
    assert column(first, "output") == column(asked(record, recovery_days=20, days=20), "output")


def test_draws_without_doubt_are_the_answer_itself(record):
    certain = {"cover_factor": 1, "value_factor": 1, "class_share": 0}
    result = asked(record, draws=3, **certain)
    assert column(result, "output_low") == pytest.approx(column(result, "output"))
    assert column(result, "output_high") == pytest.approx(column(result, "output"))


def test_the_picture_shows_the_usual_day_first_and_the_band_of_draws(record):
    with_draws, without = (asked(record, draws=n, recovery_days=3) for n in (5, 0))
    alone, output = with_draws.figures[0].series
    assert (output.values[0], output.low[0], output.high[0]) == (1.0, 1.0, 1.0)
    assert len(output.values) == len(output.low) == len(alone.values) == 6
    assert [mark.x for mark in with_draws.figures[0].marks] == [4.0]
    assert without.figures[0].series[1].low is None


def test_synthetic_links_are_counted_as_such(record):
    tables = WHOLE | {
        "supplies": """
        supplier_id buyer_id product_id year value currency evidence
        mill        works    steel      2020 3650  CNY      synthetic
        mill        other    steel      2020 7300  CNY      declared
        """
    }
    assert asked(record, tables).answer.entry("total_lost").synthetic == 2
    kept = asked(record, tables, synthetic=False)
    assert value(kept, "firms") == 2
    assert kept.answer.entry("total_lost").synthetic == 0


def problems(record, tables=WHOLE, **params):
    with pytest.raises(Refusal) as refused:
        run("disruption", params, store=record(**tables))
    return refused.value.problems


def test_where_nothing_stops_it_says_what_to_give(record):
    (problem,) = problems(record)
    assert (problem.code, problem.column) == ("missing-parameter", "orgs")
    assert problem.remedy.startswith("give orgs")


def test_who_has_no_link_stops_nothing_and_is_told(record):
    (problem,) = problems(record, orgs=["idle"])
    assert problem.code == "nothing-stops"


def test_an_empty_network_says_what_to_import(record):
    tables = {name: t for name, t in WHOLE.items() if name != "supplies"}
    result = asked(record, tables)
    assert result.table.num_rows == 0
    assert "Import supplies" in result.findings[0].template


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 0},
        {"recovery_days": 0},
        {"cover_days": -1},
        {"restock_days": 1},
        {"fraction": 1.5},
        {"draws": -1},
    ],
)
def test_numbers_out_of_bounds_are_refused_by_name(record, wrong):
    found = problems(record, orgs=["mill"], **wrong)
    assert [problem.column for problem in found] == list(wrong)


def test_where_nothing_is_lost_no_day_is_the_lowest_and_that_is_said(record):
    result = run("disruption", {"orgs": ["mill"], "fraction": 0}, store=record(**WHOLE))
    assert result.answer.entry("lowest_day").value is None
    assert result.answer.entry("total_lost").value == pytest.approx(0.0, abs=1e-9)
    assert result.findings[0].template.startswith("Output stays as usual on all")
