"""Growth accounting: Solow's example, the worked one of the record, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.errors import Refusal
from liantu.kernels.capital import perpetual_inventory
from liantu.lens import run
from liantu.lenses.growth_accounting import _parts
from tests.record import BLANK

PLACES = "place_id level\nx city"


def observations(**series):
    """Observations of x: ``gdp={2018: 100, 2023: 150}``."""
    head = "subject_kind subject_id measure activity year scope source_id value unit"
    lines = [
        f"place x {measure} - {year} {'constant~prices' if measure == 'gdp' else BLANK} - "
        f"{value} {'persons' if measure == 'employment' else 'CNY'}"
        for measure, values in series.items()
        for year, value in values.items()
    ]
    return "\n".join([head, *lines])


def account(record, params=None, **series):
    store = record(places=PLACES, observations=observations(**series))
    return run("growth_accounting", {"place": "x", **(params or {})}, store=store)


def parts(result):
    rows = result.table.to_pylist()
    return {row["component"]: row["contribution"] for row in rows}


def grown(rate, start=100.0, years=1):
    return {2020: start, 2020 + years: start * (1 + rate) ** years}


def test_output_10_capital_7_and_labour_4_percent_at_056_leave_43_2_percent(record):
    result = account(
        record,
        {"alpha": "0.56"},
        gdp=grown(0.10, years=3),
        capital_stock=grown(0.07, years=3),
        employment=grown(0.04, years=3),
    )
    assert parts(result) == pytest.approx(
        {"capital": 0.392, "labour": 0.176, "residual": 0.432}
    )


def test_solows_forty_years_leave_seven_eighths_of_growth_an_hour_to_the_residual(record):
    # Solow 1957: output an hour rose from 0.623 to 1.275 dollars and capital an hour from 2.06
    # to 2.70 with a share near 0.35; he gives 87.5 percent. The level method at one share,
    # not his year by year shares, gives 1 - 0.35 ln(2.70 / 2.06) / ln(1.275 / 0.623) = 0.868.
    result = account(
        record,
        {"alpha": "0.35"},
        gdp={1909: 0.623, 1949: 1.275},
        capital_stock={1909: 2.06, 1949: 2.70},
        employment={1909: 1.0, 1949: 1.0},
    )
    assert parts(result)["residual"] == pytest.approx(0.875, abs=0.01)
    assert parts(result)["labour"] == 0


def test_the_range_is_that_over_capital_shares_from_three_to_five_tenths(record):
    series = {
        "gdp": grown(0.10),
        "capital_stock": grown(0.07),
        "employment": grown(0.04),
    }
    row = account(record, **series).table.to_pylist()[2]
    assert row["contribution_low"] == pytest.approx(1 - 0.5 * 0.7 - 0.5 * 0.4)
    assert row["contribution_high"] == pytest.approx(1 - 0.3 * 0.7 - 0.7 * 0.4)
    beyond = account(record, {"alpha": "0.65"}, **series).answer.entry("residual")
    assert beyond.value == beyond.low


def test_below_half_a_percent_a_year_no_part_is_given(record):
    result = account(
        record, gdp=grown(0.004), capital_stock=grown(0.07), employment=grown(0.04)
    )
    assert set(parts(result).values()) == {None}
    assert "too little" in result.findings[0].template
    assert result.table["rate"].to_pylist()[0] == pytest.approx(0.07)


@given(
    st.floats(0.006, 0.2), st.floats(-0.05, 0.2), st.floats(-0.05, 0.2), st.floats(0.05, 0.95)
)
def test_the_three_parts_are_all_of_growth(output, capital, labour, alpha):
    rates = {"output": output, "capital": capital, "labour": labour}
    assert sum(_parts(rates, alpha).values()) == pytest.approx(output)


def test_capital_is_found_from_investment_by_perpetual_inventory(record):
    investment = {2019: 100.0, 2020: 110.0, 2021: 121.0}
    stock = perpetual_inventory(investment, depreciation=0.05)
    assert stock[2019] == pytest.approx(100 / 0.15)
    assert stock[2020] == pytest.approx(0.95 * 100 / 0.15 + 110)
    result = account(
        record,
        gdp={2019: 100.0, 2021: 121.0},
        investment=investment,
        employment={2019: 10.0, 2021: 10.0},
    )
    # 666.67, then 743.33, then 827.17: not yet on its path, so it grows faster than investment.
    assert result.table["rate"].to_pylist()[0] == pytest.approx(
        (827.1667 / 666.6667) ** 0.5 - 1
    )
    assert any("perpetual inventory" in s.template for s in result.answer.left_out)


def test_only_the_last_run_of_years_without_a_gap_builds_up_capital():
    stock = perpetual_inventory({2010: 5.0, 2019: 1.0, 2020: 1.0}, depreciation=0.1)
    assert stock == pytest.approx({2019: 10.0, 2020: 10.0})
    assert perpetual_inventory({2020: 1.0}, depreciation=0.1) == {}
    assert perpetual_inventory({2019: 2.0, 2020: 1.0}, depreciation=0.1) == {}


def test_without_capital_on_record_the_answer_is_words(record):
    result = account(record, gdp=grown(0.1), employment=grown(0.02))
    assert not result.table.num_rows
    assert "not all on record" in result.findings[0].template


def test_years_without_figures_are_refused_with_those_on_record(record):
    with pytest.raises(Refusal, match="figures for: 2020, 2021") as refused:
        account(
            record,
            {"start": "2015", "end": "2021"},
            gdp=grown(0.1),
            capital_stock=grown(0.1),
            employment=grown(0.1),
        )
    assert len(refused.value.problems) == 3
    with pytest.raises(Refusal, match="first year before the last"):
        account(
            record,
            {"start": "2021", "end": "2020"},
            gdp=grown(0.1),
            capital_stock=grown(0.1),
            employment=grown(0.1),
        )


def test_output_in_two_scopes_is_refused_by_name(record):
    rows = observations(gdp=grown(0.1), employment=grown(0.1), capital_stock=grown(0.1))
    rows += "\nplace x gdp - 2020 current~prices - 90 CNY"
    with pytest.raises(Refusal, match="current prices in CNY"):
        run("growth_accounting", {"place": "x"}, store=record(places=PLACES, observations=rows))


def test_current_prices_are_warned_of(record):
    rows = observations(gdp=grown(0.1), employment=grown(0.1), capital_stock=grown(0.1))
    store = record(places=PLACES, observations=rows.replace("constant~prices", "-"))
    result = run("growth_accounting", {"place": "x"}, store=store)
    assert any("inflation" in sentence.template for sentence in result.answer.left_out)
