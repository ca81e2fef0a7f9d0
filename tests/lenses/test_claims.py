"""Claims: judged over the range of what is unknown, and not at all by generated rows."""

import math
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu import lens as lens_module
from liantu.errors import Refusal
from liantu.lens import ANSWERS, Ask, lens, run
from liantu.lenses.claims import claims as judge
from liantu.result import Answer, Entry, Row, rows_of, say
from liantu.schema import TABLES, arrow_schema, column

SHARE = {"lens": "completeness", "params": "chain=rail&place=zz", "summary": "completeness"}

# Four links: wheel is strong (5 makers), axle present (3), glass missing, lamp unknown.
# Completeness is 2 / 3; with the lamp against it 2 / 4, for it 3 / 4.
TABLES_OF_ZZ = {
    "places": "place_id level\nzz city\nqd city",
    "chains": "chain_id\nrail",
    "products": "product_id\nwheel\naxle\nglass\nlamp",
    "chain_products": "chain_id product_id\nrail wheel\nrail axle\nrail glass\nrail lamp",
    "organisations": "org_id place_id\na1 zz\na2 zz\na3 zz\na4 zz\na5 zz\nq1 qd",
    "makes": [
        *({"org_id": f"a{k}", "product_id": "wheel"} for k in range(1, 6)),
        *({"org_id": f"a{k}", "product_id": "axle"} for k in range(1, 4)),
        {"org_id": "q1", "product_id": "glass"},
    ],
}


def said(name, **what):
    return {"claim_id": name, "statement": f"That is {name}.", "comparison": "ge"} | what


def judged(record, *claims, params=None, **tables):
    store = record(**(TABLES_OF_ZZ | tables), claims=list(claims))
    result = run("claims", params or {}, store=store)
    return result, {row["claim_id"]: row for row in result.table.to_pylist()}


def verdicts(record, *claims, **more):
    return {name: row["verdict"] for name, row in judged(record, *claims, **more)[1].items()}


def test_a_claim_holds_or_fails_only_over_the_whole_range_of_the_unknown(record):
    # the range is 0.5 to 0.75
    found = verdicts(
        record,
        said("at_least_half", **SHARE, value=0.5),
        said("at_least_two_thirds", **SHARE, value=0.66),
        said("at_least_eight_tenths", **SHARE, value=0.8),
        said("at_most_eight_tenths", **SHARE, value=0.8, comparison="le"),
        said("at_most_seven_tenths", **SHARE, value=0.7, comparison="le"),
        said("at_most_four_tenths", **SHARE, value=0.4, comparison="le"),
    )
    assert found == {
        "at_least_half": "holds",
        "at_least_two_thirds": "no_data",
        "at_least_eight_tenths": "fails",
        "at_most_eight_tenths": "holds",
        "at_most_seven_tenths": "no_data",
        "at_most_four_tenths": "fails",
    }


def test_what_is_measured_stands_beside_what_was_stated(record):
    _, rows = judged(record, said("share", **SHARE, value=0.5, unit="share", source_id="book"))
    row = rows["share"]
    assert row["measured"] == pytest.approx(2 / 3)
    assert (row["stated"], row["unit"], row["lens"]) == (0.5, "share", "completeness")
    assert row["source_id"] == "book"


def test_about_is_within_a_tenth_and_equal_is_equal(record):
    links = SHARE | {"summary": "links"}  # four links, and nothing unknown about that
    found = verdicts(
        record,
        said("about_3.7", **links, comparison="about", value=3.7),
        said("about_4.4", **links, comparison="about", value=4.4),
        said("about_3.6", **links, comparison="about", value=3.6),
        said("is_4", **links, comparison="eq", value=4.0),
        said("is_4.01", **links, comparison="eq", value=4.01),
    )
    # 3.6 + 0.36 = 3.96 is under 4; 3.7 + 0.37 = 4.07 is not
    assert found == {
        "about_3.6": "fails",
        "about_3.7": "holds",
        "about_4.4": "holds",
        "is_4": "holds",
        "is_4.01": "fails",
    }


def test_every_reason_for_no_data_is_told_apart(record):
    _, rows = judged(
        record,
        said("no_lens", value=1.0),
        said("no_value", **SHARE),
        said("no_comparison", **SHARE, value=1.0, comparison=None),
        said("no_entry", **(SHARE | {"summary": "nonesuch"}), value=1.0),
        said("no_such_lens", lens="nonesuch", summary="x", value=1.0),
        said("no_such_place", **(SHARE | {"params": "chain=rail&place=qq"}), value=1.0),
        said("turned", **SHARE, value=0.7),
        said("nowhere", **(SHARE | {"summary": "gap"}), value=0.1),
    )
    assert {row["verdict"] for row in rows.values()} == {"no_data"}
    reasons = {name: row["reason"] for name, row in rows.items()}
    assert reasons == {
        "no_lens": "no lens examines it yet",
        "no_value": "it states no value to compare",
        "no_comparison": "it states no value to compare",
        "no_entry": "the lens has no such entry",
        "no_such_lens": "no lens examines it yet",
        "no_such_place": "the lens could not answer",
        "turned": "what is unknown could turn it",
        "nowhere": "the lens has no such entry",
    }


def test_a_claim_in_another_unit_than_the_answer_is_not_judged(record):
    _, rows = judged(record, said("percent", **SHARE, value=80.0, unit="percent"))
    assert (rows["percent"]["verdict"], rows["percent"]["reason"]) == (
        "no_data",
        "it is stated in another unit than the answer",
    )


def test_a_row_that_is_named_by_a_list_is_refused_in_words(record):
    cell = {"lens": "completeness", "params": SHARE["params"], "row": "inputs=wheel"}
    found = verdicts(record, said("listed", **cell, column="score", value=1.0))
    assert found == {"listed": "no_data"}


def test_where_nothing_is_on_record_there_is_no_data(record):
    found = judged(record, said("share", **SHARE, value=0.5), makes=[])
    assert found[1]["share"]["reason"] == "nothing is on record"


def test_a_claim_about_the_real_place_is_not_judged_by_synthetic_rows(record):
    makes = [
        row | {"evidence": "synthetic" if row["product_id"] == "axle" else None}
        for row in TABLES_OF_ZZ["makes"]
    ]
    claims = (
        said("real", **SHARE, value=0.5),
        said("made_up", **SHARE, value=0.5, evidence="synthetic"),
    )
    _, rows = judged(record, *claims, makes=makes)
    assert rows["real"]["verdict"] == "no_data"
    assert rows["real"]["reason"] == "the answer would rest on synthetic rows"
    assert rows["made_up"]["verdict"] == "holds"
    # without synthetic rows the axle is unknown: 1 of 2 known, 0.25 to 0.75 of all four
    _, rows = judged(record, *claims, makes=makes, params={"synthetic": "false"})
    assert rows["real"]["reason"] == "what is unknown could turn it"
    assert rows["real"]["measured"] == 0.5
    assert "made_up" not in rows


def test_a_cell_of_a_table_can_be_claimed(record):
    cell = {"lens": "completeness", "params": "chain=rail&place=zz", "column": "makers_local"}
    found, rows = judged(
        record,
        said("five", **cell, row="product_id=wheel", comparison="eq", value=5.0),
        said("two_rows", **cell, row="place_id=zz", comparison="eq", value=5.0),
        said("no_row", **cell, row="product_id=nonesuch", comparison="eq", value=5.0),
        said("no_column", **(cell | {"column": "nonesuch"}), row="product_id=wheel", value=5.0),
        said("no_key", **cell, row="nonesuch=wheel", value=5.0),
        said("blank", **(cell | {"column": "score"}), row="product_id=lamp", value=0.5),
    )
    told = {name: (row["verdict"], row["measured"]) for name, row in rows.items()}
    assert told == {
        "five": ("holds", 5.0),
        "two_rows": ("no_data", None),
        "no_row": ("no_data", None),
        "no_column": ("no_data", None),
        "no_key": ("no_data", None),
        "blank": ("no_data", None),
    }
    assert rows["blank"]["reason"] == "nothing is on record"
    assert found.answer.entry("holds").value == 1


def test_two_undecided_claims_that_contradict_each_other_are_in_conflict(record):
    undecided = SHARE | {"comparison": "eq"}
    found = verdicts(
        record,
        said("one", **undecided, value=0.6),
        said("other", **undecided, value=0.7),
        said("lone", **(undecided | {"params": "place=qd&chain=rail"}), value=0.2),
    )
    assert found == {"one": "conflict", "other": "conflict", "lone": "no_data"}


def test_undecided_claims_that_can_all_be_true_are_in_no_conflict(record):
    found = verdicts(
        record,
        said("at_least", **SHARE, value=0.6),
        said("more", **SHARE, value=0.65),
        said("at_most", **SHARE, comparison="le", value=0.7),
        said("turned_round", **(SHARE | {"params": "place=zz&chain=rail"}), value=0.66),
    )
    assert set(found.values()) == {"no_data"}


def test_only_claims_of_one_verdict_are_listed_but_all_are_counted(record):
    claims = (said("holds", **SHARE, value=0.1), said("fails", **SHARE, value=0.9))
    result, rows = judged(record, *claims, params={"verdict": "fails"})
    assert list(rows) == ["fails"]
    assert result.answer.entry("claims").value == 2
    assert result.answer.entry("holds").value == 1


def test_each_question_is_answered_once(record, monkeypatch):
    asked = []
    known = lens_module.find

    def counted(name):
        asked.append(name)
        return known(name)

    monkeypatch.setattr(lens_module, "find", counted)
    params = ("chain=rail&place=zz", "place=zz&chain=rail")
    judged(
        record,
        *(said(f"c{k}", **(SHARE | {"params": p}), value=0.5) for k, p in enumerate(params)),
    )
    assert asked.count("completeness") == 1


class Nothing(Row):
    """A row of the lens that asks in a circle."""

    n: int = column("A number.")


@pytest.fixture
def circle(monkeypatch):
    """A lens that asks the claims, which ask it."""
    monkeypatch.setattr(lens_module, "_LENSES", dict(lens_module.discover()))

    def asks(*_):
        return [Ask("claims")]

    @lens("Circle", reads={}, row=Nothing, show=lambda _: [], example={}, asks=asks)
    def circle(answers: pa.Table) -> Answer:
        """What do the claims say?"""
        assert answers.num_rows
        return Answer(rows_of(Nothing, {"n": [1]}), (Entry("n", say("N"), 1),))

    return circle


@pytest.mark.usefixtures("circle")
def test_a_circular_question_is_refused_with_its_way_round(record):
    with pytest.raises(Refusal) as refused:
        judged(record, said("ring", lens="circle", summary="n", value=1.0))
    problem = refused.value.problems[0]
    assert problem.code == "circular-question"
    assert problem.found == "claims asks circle asks claims"


VALUES = st.floats(-1e6, 1e6, allow_nan=False)


@given(
    st.sampled_from(["ge", "le", "eq", "about"]),
    VALUES,
    st.tuples(VALUES, VALUES, VALUES).map(sorted),
)
def test_a_verdict_is_that_of_every_value_in_the_range(comparison, stated, span):
    """Slow twin: a claim holds if it is true at many points of the range and at both ends."""
    low, value, high = span
    claim = dict.fromkeys(arrow_schema(TABLES["claims"]).names) | {
        "claim_id": "c", "statement": "So it is.", "lens": "any", "summary": "n",
        "comparison": comparison, "value": stated,
    }  # fmt: skip
    entry = {"ask": 0, "lens": "any", "name": "n", "value": value, "low": low, "high": high}
    answer = judge(
        pa.Table.from_pylist([claim], schema=arrow_schema(TABLES["claims"])),
        pa.Table.from_pylist([entry | {"unknown": 0, "synthetic": 0}], schema=ANSWERS),
    )
    near = 1e-9 * abs(stated)
    true = {
        "ge": lambda x: x >= stated - near,
        "le": lambda x: x <= stated + near,
        "eq": lambda x: abs(x - stated) <= near,
        "about": lambda x: stated - abs(stated) / 10 <= x <= stated + abs(stated) / 10,
    }[comparison]
    points = {low, value, high, *(p for p in (stated,) if low <= p <= high)}
    points |= {(a + b) / 2 for a, b in pairwise(sorted(points))}
    truths = {true(point) for point in points}
    expected = "no_data" if len(truths) > 1 else "holds" if truths == {True} else "fails"
    edges = [stated, stated - abs(stated) / 10, stated + abs(stated) / 10]
    at_an_edge = any(
        math.isclose(end, edge, rel_tol=1e-6, abs_tol=1e-6)
        for end in (low, high)
        for edge in edges
    )
    inside = comparison == "about" and any(low < edge < high for edge in edges)
    if not at_an_edge and not inside:
        assert answer.table["verdict"].to_pylist() == [expected]
