"""Opportunity: density and gain by hand on a ladder, against the twins, and refused."""

import numpy as np
import pytest

from liantu.errors import Refusal
from liantu.faces.words import Words
from liantu.lens import run
from liantu.records import Names
from liantu.result import Bars, Ref, Scatter
from tests import naive_complexity as naive
from tests.lenses.test_complexity import LADDER, ROOT, chance, cities, observed


def asked(record, rows, **params):
    store = record(places=cities(rows), observations=rows)
    return run("opportunity", {"measure": "jobs"} | params, store=store)


def problem(record, rows, **params):
    with pytest.raises(Refusal) as refused:
        asked(record, rows, **params)
    (found,) = refused.value.problems
    return found


def test_the_last_of_a_ladder_has_the_opportunities_worked_out_by_hand(record):
    # c does x only; x and y are 2/3 near, x and z 1/3, y and z 1/2.
    result = asked(record, observed(LADDER), place="c", rca_threshold=0.5)
    rows = {row["activity"]: row for row in result.table.to_pylist()}
    y, z = 2 / np.sqrt(6) / (13 / 6), 8 / np.sqrt(6) / (11 / 6)
    assert [rows[name]["density"] for name in "xyz"] == pytest.approx([1 / 2, 4 / 13, 2 / 11])
    assert [rows[name]["cog"] for name in "xyz"] == pytest.approx([0, y + z / 2, y / 2 + z])
    assert [rows[name]["pci"] for name in "xyz"] == pytest.approx([-ROOT, ROOT, 3 * ROOT])
    assert [rows[name]["rca"] for name in "xyz"] == [2, 0, 0]
    assert [rows[name]["rank"] for name in "xyz"] == [None, 2, 1]


@pytest.mark.parametrize("diagonal", [True, False])
@pytest.mark.parametrize("kind", ["proximity", "association", "cosine", "jaccard"])
def test_density_and_gain_are_those_of_the_definitions(record, kind, diagonal):
    rows, values = chance(11)
    result = asked(record, rows, place="c3", relatedness=kind, diagonal=diagonal)
    held = result.table.sort_by("activity").to_pydict()
    advantage = naive.rca(values)
    made = (advantage >= 1 - 1e-12).astype(float)
    near = naive.proximity(made, kind, diagonal=diagonal)
    _, pci, _, raw, scale, _ = naive.index(made)
    gain = naive.outlook_gain(made, near, raw / scale)[3]
    assert held["rca"] == pytest.approx(advantage[3])
    assert held["density"] == pytest.approx(naive.density(made, near)[3])
    assert held["pci"] == pytest.approx(pci)
    assert held["cog"] == pytest.approx(gain, abs=1e-9)
    lacking = [k for k in range(len(gain)) if not made[3, k]]
    ranks = [1 + sum(gain[j] > gain[k] + 1e-9 for j in lacking) for k in lacking]
    assert [held["rank"][k] for k in lacking] == ranks
    assert all(held["rank"][k] is None for k in range(len(gain)) if made[3, k])


def test_every_activity_has_a_row_and_one_without_any_advantage_only_its_figure(record):
    rows = observed(LADDER) + observed("w\na 0\nb 0\nc 0")
    result = asked(record, rows, place="c", rca_threshold=0.5)
    last = result.table.to_pylist()[-1]
    assert last["activity"] == "x"
    w = next(row for row in result.table.to_pylist() if row["activity"] == "w")
    assert [w[name] for name in ("rank", "rca", "density", "pci", "cog", "value")] == [
        None, None, None, None, None, 0.0,
    ]  # fmt: skip
    (told,) = result.answer.left_out
    assert dict(told.values) == {"activity": Ref("codes", "w")}


def test_what_is_near_and_complex_is_counted_and_named_in_the_picture(record):
    result = asked(record, observed(LADDER), place="c", rca_threshold=0.5)
    assert result.answer.entry("open").value == 2
    # y is nearer than the mean of y and z, and both are more complex than c.
    assert result.answer.entry("promising").value == 1
    scatter, bars = result.figures
    assert isinstance(scatter, Scatter)
    assert {p.label.id: p.emphasis for p in scatter.points} == {"y": True, "z": False}
    assert isinstance(bars, Bars)
    assert [label.id for label in bars.labels] == ["z", "y"]


def test_a_place_that_does_everything_is_told_so(record):
    result = asked(record, observed(LADDER), place="a", rca_threshold=0.5)
    assert result.table["rank"].null_count == 3
    assert "every activity" in result.findings[0].template
    assert result.figures == ()


def test_places_of_its_own_level_are_compared_unless_another_is_asked_for(record):
    rows, inner = observed(LADDER), observed("x y z\ninner 1 1 0")
    store = record(
        places=[*cities(rows), *cities(inner, "district")], observations=rows + inner
    )
    with pytest.raises(Refusal) as refused:
        run("opportunity", {"measure": "jobs", "place": "inner"}, store=store)
    assert refused.value.problems[0].code == "too-few"
    with pytest.raises(Refusal) as refused:
        run("opportunity", {"measure": "jobs", "place": "inner", "level": "city"}, store=store)
    assert refused.value.problems[0].code == "no-figures"


def test_a_place_that_takes_no_part_is_refused_with_its_reason(record):
    rows = observed(LADDER)
    assert problem(record, rows, place="c", min_total=2).code == "place-too-small"
    assert problem(record, rows, place="b", rca_threshold=1.9).code == "no-advantage"
    assert problem(record, rows, place="c", year=2031).code == "no-such-year"


def test_nothing_on_record_is_said_in_words(record):
    store = record(places="place_id level\nz city")
    result = run("opportunity", {"place": "z"}, store=store)
    assert result.table.num_rows == 0
    assert "Import observations" in Words("en", Names(store)).say(result.findings[0])
