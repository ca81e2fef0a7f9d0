"""Shift-share: the parts by hand, the country found, and what has no growth to compare."""

import pytest

from liantu.errors import Refusal
from liantu.lens import run

PLACES = """
place_id level    parent_id
cn       country  -
zz       city     cn
bo       city     -
"""


def jobs(*lines):
    head = "subject_kind subject_id measure activity year value unit"
    rows = []
    for line in lines:
        place, activity, *pairs = line.split()
        rows += [
            f"place {place} employment {activity} {pair.replace(':', ' ')} persons"
            for pair in pairs
        ]
    return "\n".join([head, *rows])


def asked(record, *lines, **params):
    store = record(places=PLACES, observations=jobs(*lines))
    return run("shift_share", {"place": "zz"} | params, store=store)


BOTH = (
    "zz a 2010:10 2020:12",
    "zz b 2010:20 2020:25",
    "cn a 2010:100 2020:110",
    "cn b 2010:100 2020:150",
)


def rows_of(result):
    return {row["activity"]: row for row in result.table.to_pylist()}


def test_growth_parts_into_the_country_s_the_mix_and_its_own(record):
    # the country grew by .3, a by .1, b by .5: see the kernel's test
    result = asked(record, *BOTH)
    rows = rows_of(result)
    assert [rows["a"][name] for name in ("national", "mix", "local", "change")] == [
        pytest.approx(value) for value in (3.0, -2.0, 1.0, 2.0)
    ]
    assert rows["a"]["allocation"] is None
    totals = [result.answer.entry(name).value for name in ("national", "mix", "local")]
    assert totals == [pytest.approx(value) for value in (9.0, 2.0, -4.0)]
    assert result.answer.entry("change").value == 7.0


def test_by_esteban_marquillas_there_is_an_allocation_and_the_sum_is_the_same(record):
    rows = rows_of(asked(record, *BOTH, method="esteban_marquillas"))
    assert rows["a"]["local"] == pytest.approx(1.5)
    assert rows["a"]["allocation"] == pytest.approx(-0.5)
    parts = ("national", "mix", "local", "allocation")
    assert sum(rows["b"][name] for name in parts) == pytest.approx(rows["b"]["change"])


def test_start_and_end_are_the_first_and_last_year_of_both(record):
    result = asked(record, *BOTH, "zz a 2000:1", "cn a 2030:1")
    assert [result.answer.entry(name).value for name in ("start", "end")] == [2010, 2020]


def test_dynamic_adds_up_every_year_between(record):
    lines = ("zz a 2010:10 2015:20 2020:10", "cn a 2010:10 2015:10 2020:20")
    # 10 to 20 while the country stood still: 10 its own; 20 to 10 while it doubled: 20
    # national, 30 less its own
    row = rows_of(asked(record, *lines, method="dynamic"))["a"]
    assert (row["national"], row["mix"], row["local"]) == (20.0, 0.0, -20.0)
    row = rows_of(asked(record, *lines))["a"]
    assert (row["national"], row["local"]) == (10.0, -10.0)


def test_an_activity_without_a_figure_in_one_year_is_left_out_in_words(record):
    result = asked(
        record, *BOTH, "zz new 2020:5", "zz odd 2010:5 2020:6", "cn new 2010:5 2020:9"
    )
    assert set(rows_of(result)) == {"a", "b"}
    assert [sentence.values["names"] for sentence in result.answer.left_out] == ["new", "odd"]
    assert result.answer.entry("local").unknown == 2


def test_what_begins_from_zero_is_local(record):
    row = rows_of(asked(record, *BOTH, "zz c 2010:0 2020:5", "cn c 2010:10 2020:20"))["c"]
    assert (row["national"], row["mix"], row["local"]) == (0.0, 0.0, 5.0)


def test_what_the_country_has_and_the_place_has_not_counts_in_the_growth_of_all(record):
    result = asked(record, *BOTH, "cn c 2010:200 2020:200")
    # 400 become 460: .15, so that 10 would have grown by 1.5
    assert rows_of(result)["a"]["national"] == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("lines", "params", "words"),
    [
        (BOTH, {"start": 1990}, "no-such-year"),
        (BOTH, {"start": 2020, "end": 2010}, "no-span"),
        (BOTH, {"reference": "zz"}, "own-reference"),
        (BOTH, {"reference": "bo"}, "no-reference"),
        (("bo a 2010:1 2020:2",), {"place": "bo"}, "no country around bo"),
        (("zz a 2010:1", "cn a 2010:1"), {}, "too-few-years"),
        (("zz a 2010:-1 2020:2", "cn a 2010:1 2020:2"), {}, "negative-figure"),
        (("zz a 2010:1 2020:2", "cn b 2010:1 2020:2"), {}, "no-activity"),
        (("zz a 2010:1 2020:2", "cn a 2010:0 2020:2"), {}, "no-activity"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused_in_words(record, lines, params, words):
    with pytest.raises(Refusal, match=words):
        asked(record, *lines, **params)


def test_mixed_units_are_refused_by_name(record):
    text = jobs(*BOTH) + "\nplace zz employment c 2020 5 firms"
    store = record(places=PLACES, observations=text)
    with pytest.raises(Refusal, match="firms, persons"):
        run("shift_share", {"place": "zz"}, store=store)


def test_organisations_are_counted_once_and_have_no_growth(record):
    store = record(
        places=PLACES,
        organisations="org_id place_id\no1 zz\no2 bo",
        activities="org_id scheme code main\no1 S a true\no2 S a true",
    )
    with pytest.raises(Refusal, match="several years"):
        run(
            "shift_share",
            {"place": "zz", "reference": "bo", "measure": "organisations"},
            store=store,
        )


def test_without_a_figure_it_says_what_to_import(record):
    result = asked(record, "cn a 2010:1 2020:2")
    assert result.table.num_rows == 0
    assert "Import" in result.findings[0].template
