"""What is generated of laboratories, titles, books and chains is telling and marked."""

import datetime as dt
from collections import defaultdict


def test_every_row_is_marked_as_synthetic_and_cites_the_seed(generated):
    for table in ("platforms", "collaborations", "recognitions"):
        assert {(row["evidence"], row["source_id"]) for row in generated[table]} == {
            ("synthetic", "SYN20")
        }


def test_platforms_of_every_level_have_hosts_of_whom_some_work_with_nobody(generated, whole):
    known = {row["org_id"] for row in whole["organisations"]}
    levels = {row["level"] for row in generated["platforms"]}
    assert levels == {"national", "provincial", "municipal"}
    hosts = {row["org_id"] for row in generated["platforms"]}
    assert hosts <= known
    partners = {row[end] for row in generated["collaborations"] for end in ("org_a", "org_b")}
    assert 0 < len(hosts - partners) < len(hosts) / 2


def test_a_title_is_held_only_with_the_lower_one(generated):
    held = defaultdict(set)
    for row in generated["recognitions"]:
        held[row["title"]].add(row["org_id"])
        assert dt.date.fromisoformat(row["valid_until"]).year == int(row["year"]) + 3
    assert held["little_giant"] < held["srdi"] < held["technology_innovative"]


def test_books_hold_what_the_rules_ask_for_of_two_years_with_some_of_it_absent(generated):
    years = defaultdict(set)
    for row in generated["observations"]:
        if row["subject_kind"] == "org" and row["measure"] == "rd_share":
            years[row["subject_id"]].add(row["year"])
    both = sum(known == {"2024", "2025"} for known in years.values())
    assert 100 < both < len(years)


def test_output_employment_and_investment_of_the_city_are_known_for_ten_years(generated):
    rows = [row for row in generated["observations"] if row["measure"] in ("gdp", "investment")]
    assert len({row["year"] for row in rows}) == 10
    gdp = [row for row in rows if row["measure"] == "gdp"]
    assert {row["scope"] for row in gdp} == {"constant prices of 2014"}
