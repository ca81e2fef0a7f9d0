"""Completeness of a link: each state by the first rule that fits."""

from tests.lenses.completeness_study import (
    PLACES,
    around,
    asked,
    imports,
    links,
    makes,
    observed,
)


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


def test_the_country_is_the_nearest_one_around_a_place(record):
    places = PLACES.replace("cn       country  -", "cn       country  un") + "un country -\n"
    places = places.replace("de       country  -", "de       country  un")
    tables = around(chain=links("wheel"), made=makes(wheel="b1"), **imports("wheel"))
    assert asked(record, tables | {"places": places})[1] == {"wheel": "foreign_only"}
