"""Organisations that were recorded twice are made one everywhere, and undo parts them."""

import pytest

from liantu.errors import Refusal
from tests.workspace.desk import rows_of, write


def firm(name, **cells):
    return {"org_id": name, "name": name.capitalize(), **cells}


@pytest.fixture
def study(bench, tmp_path):
    """Times on record twice, as a and b, with what each makes, sells and is above."""
    first = write(
        tmp_path / "first.json",
        places=[{"place_id": "home", "name": "Home"}],
        organisations=[
            firm("a", place_id="home"),
            firm("b", name_local="时代", registration_no="91", founded=1990),
            firm("c", parent_org_id="b"),
        ],
        products=[{"product_id": "engine", "name": "Engine"}],
        makes=[
            {"org_id": "a", "product_id": "engine", "year": 2020, "output": 5.0},
            {"org_id": "b", "product_id": "engine", "year": 2021, "output": 6.0},
        ],
        supplies=[{"supplier_id": "b", "buyer_id": "c", "value": 1.0}],
        observations=[
            observed("org", "b"),
            observed("place", "b"),
        ],
        claims=[{"claim_id": "q", "statement": "So.", "params": "origin=b&product=engine"}],
    )
    bench.import_files(first)
    return bench


def observed(kind, name):
    row = {"subject_kind": kind, "subject_id": name, "measure": "output", "year": 2020}
    return {**row, "value": 1.0}


def problem_of(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.problems


def column(workspace, table, name):
    return [row[name] for row in rows_of(workspace, table)]


def test_every_reference_becomes_the_kept_one_and_the_dropped_row_goes(study):
    done = study.merge_organisations([("a", "b")])
    assert column(study, "organisations", "org_id") == ["a", "c"]
    assert column(study, "organisations", "parent_org_id") == [None, "a"]
    assert column(study, "makes", "org_id") == ["a", "a"]
    assert column(study, "supplies", "supplier_id") == ["a"]
    assert {
        row["subject_kind"]: row["subject_id"] for row in rows_of(study, "observations")
    } == {"org": "a", "place": "b"}
    assert done.generation.note == "merged b into a"
    assert done.generation.import_id is None


def test_blanks_are_filled_and_a_conflict_keeps_the_kept_value_and_is_said(study):
    done = study.merge_organisations([("a", "b")])
    kept = rows_of(study, "organisations")[0]
    assert (kept["name"], kept["name_local"], kept["founded"]) == ("A", "时代", 1990)
    assert (kept["place_id"], kept["registration_no"]) == ("home", "91")
    said = {(problem.code, problem.column): problem.found for problem in done.warnings}
    assert "'A'" in said["merge-conflict", "name"]
    assert "'B'" in said["merge-conflict", "name"]
    assert said["dropped-name", "params"] == "'b'"


def test_undo_parts_them_again_and_diff_and_history_tell(study):
    before = {name: rows_of(study, name) for name in ("organisations", "makes", "supplies")}
    done = study.merge_organisations([("a", "b")])
    counts = study.diff(1, 2).counts
    assert (counts["organisations"].removed, counts["organisations"].changed) == (1, 2)
    assert [generation.note for generation in study.history()][-1] == "merged b into a"
    assert done.generation.merged == {"b": "a"}
    study.undo()
    assert {name: rows_of(study, name) for name in before} == before
    assert study.generation().merged == {}


def test_a_trial_shows_what_would_change_and_writes_nothing(study):
    done = study.merge_organisations([("a", "b")], dry_run=True)
    assert done.generation is None
    assert done.diff.counts["organisations"].removed == 1
    assert study.generation().number == 1


def test_a_rewritten_row_keeps_the_origin_of_its_file(study):
    study.merge_organisations([("a", "b")])
    changes = {change.table: change for change in study.diff(1, 2)}
    assert changes["supplies"].origin.file == "first.json"


def test_identical_rows_become_one_and_those_that_contradict_refuse_all(study, tmp_path):
    rows = [
        {"org_id": "b", "product_id": "engine", "year": 2020, "output": 5.0, "unit": "piece"}
    ]
    study.import_files(write(tmp_path / "more.json", makes=rows))
    assert study.merge_organisations([("a", "b")]).generation.number == 3
    made = [row for row in rows_of(study, "makes") if row["year"] == 2020]
    assert [(row["org_id"], row["output"], row["unit"]) for row in made] == [
        ("a", 5.0, "piece")
    ]
    study.undo()

    rows[0]["output"] = 7.0
    study.import_files(write(tmp_path / "more.json", makes=rows))
    number = study.generation().number
    (found,) = problem_of(lambda: study.merge_organisations([("a", "b")]))
    assert found.code == "merge-conflict"
    assert found.expected == "one output for org_id a, product_id engine, year 2020"
    assert "'5.0' (first.json:makes!2)" in found.found
    assert "'7.0' (more.json:makes!2)" in found.found
    assert study.generation().number == number

    done = study.merge_organisations([("a", "b")], conflicts="keep")
    assert [row["output"] for row in rows_of(study, "makes") if row["year"] == 2020] == [5.0]
    assert any("7.0" in problem.found for problem in done.warnings)


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([("a", "z")], "unknown-organisation"),
        ([("a", "a")], "merge-itself"),
        ([("a", "b"), ("b", "a")], "merge-circle"),
        ([("a", "b"), ("c", "b")], "merge-circle"),
        ([("b", "c")], "cycle"),
        ([("c", "b")], "cycle"),
    ],
)
def test_what_makes_no_one_firm_is_refused(study, pairs, code):
    found = problem_of(lambda: study.merge_organisations(pairs))
    assert code in [problem.code for problem in found]
    assert study.generation().number == 1


def test_pairs_that_hang_together_are_one_firm(study, tmp_path):
    more = [firm(name) for name in ("d", "e", "f")]
    study.import_files(write(tmp_path / "more.json", organisations=more))
    study.merge_organisations([("d", "e"), ("e", "f"), ("d", "f")])
    assert column(study, "organisations", "org_id") == ["a", "b", "c", "d"]
    assert study.generation().merged == {"e": "d", "f": "d"}


def test_a_later_merge_of_the_kept_one_carries_the_earlier_along(study, tmp_path):
    study.import_files(write(tmp_path / "more.json", organisations=[firm("d")]))
    study.merge_organisations([("a", "b")])
    study.merge_organisations([("d", "a")])
    assert study.generation().merged == {"a": "d", "b": "d"}


def test_an_old_file_does_not_bring_the_dropped_one_back(study, tmp_path):
    study.merge_organisations([("a", "b")])
    old = write(
        tmp_path / "old.json",
        organisations=[firm("b", founded=1991)],
        supplies=[{"supplier_id": "b", "buyer_id": "c", "value": 2.0}],
        makes=[
            {"org_id": "a", "product_id": "engine", "year": 2020, "output": 5.0},
            {"org_id": "b", "product_id": "engine", "year": 2020, "output": 5.0},
        ],
    )
    done = study.import_files(old)
    assert column(study, "organisations", "org_id") == ["a", "c"]
    assert rows_of(study, "organisations")[0]["founded"] == 1990
    assert [(row["supplier_id"], row["value"]) for row in rows_of(study, "supplies")] == [
        ("a", 2.0)
    ]
    codes = {(problem.code, problem.sheet) for problem in done.warnings}
    assert ("merged-organisation", "organisations") in codes
    assert ("merged-organisation", "supplies") in codes


def test_an_old_file_whose_rows_contradict_each_other_after_the_merge_is_refused(
    study, tmp_path
):
    study.merge_organisations([("a", "b")])
    rows = [
        {"org_id": name, "product_id": "engine", "year": 2020, "output": output}
        for name, output in (("a", 5.0), ("b", 9.0))
    ]
    found = problem_of(lambda: study.import_files(write(tmp_path / "old.json", makes=rows)))
    assert [problem.code for problem in found if problem.severity == "error"] == [
        "duplicate-key"
    ]


def test_a_sale_between_the_two_is_said(study, tmp_path):
    sale = [{"supplier_id": "a", "buyer_id": "b", "value": 3.0}]
    study.import_files(write(tmp_path / "more.json", supplies=sale))
    done = study.merge_organisations([("a", "b")])
    assert "with-itself" in [problem.code for problem in done.warnings]


def test_an_old_file_with_both_rows_does_not_clear_what_the_merge_filled(study, tmp_path):
    study.merge_organisations([("a", "b")])
    before = rows_of(study, "organisations")
    again = [
        firm("a", place_id="home", founded=None, registration_no=None, name_local=None),
        firm("b", name_local="时代", registration_no="91", founded=1990),
    ]
    done = study.import_files(write(tmp_path / "old.json", organisations=again))
    assert done.generation is None
    assert rows_of(study, "organisations") == before


def test_an_older_name_of_a_merged_organisation_still_means_the_kept_one(study, tmp_path):
    study.merge_organisations([("a", "b")])
    assert rows_of(study, "other_names") == [
        {
            "org_id": "a",
            "other_name": "B",
            "kind": "merged",
            "source_id": None,
            "evidence": None,
        }
    ]
    later = write(
        tmp_path / "later.json",
        organisations=[{"name": "B", "founded": 1991}],
        supplies=[{"supplier_id": "B", "buyer_id": "c", "value": 2.0}],
    )
    done = study.import_files(later)
    assert [problem.code for problem in done.warnings].count("other-name") == 2
    assert column(study, "organisations", "org_id") == ["a", "c"]
    kept = rows_of(study, "organisations")[0]
    assert (kept["name"], kept["name_local"], kept["founded"]) == ("A", "时代", 1991)
    assert column(study, "supplies", "supplier_id") == ["a"]


def test_undo_takes_the_older_name_back_with_the_merge(study):
    study.merge_organisations([("a", "b")])
    study.undo()
    assert rows_of(study, "other_names") == []


def test_other_names_of_the_dropped_one_become_names_of_the_kept_one(study, tmp_path):
    study.import_files(
        write(tmp_path / "names.json", other_names=[{"org_id": "b", "other_name": "Old"}])
    )
    study.merge_organisations([("a", "b")])
    found = [(row["org_id"], row["other_name"]) for row in rows_of(study, "other_names")]
    assert found == [("a", "B"), ("a", "Old")]


def test_a_merge_leaves_the_name_that_both_have_out_of_the_other_names(study):
    study.merge_organisations([("b", "a")])
    assert column(study, "other_names", "other_name") == ["A"]
