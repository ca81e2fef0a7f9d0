"""A name that an organisation had, or has beside its own, means it in a later file."""

import pytest

from liantu.errors import Refusal
from tests.workspace.desk import rows_of, write

FIRMS = [
    {"org_id": "a", "name": "甲股份有限公司"},
    {"org_id": "b", "name": "乙有限公司"},
]


@pytest.fixture
def study(bench, tmp_path):
    names = [
        {"org_id": "a", "other_name": "甲厂", "kind": "former"},
        {"org_id": "a", "other_name": "乙有限公司", "kind": "former"},
        {"org_id": "a", "other_name": "老厂"},
        {"org_id": "b", "other_name": "老厂"},
    ]
    bench.import_files(write(tmp_path / "first.json", organisations=FIRMS, other_names=names))
    return bench


def site(study, tmp_path, owner):
    rows = [{"site_id": "s", "org_id": owner}]
    done = study.import_files(write(tmp_path / "sites.json", sites=rows))
    return rows_of(study, "sites")[0]["org_id"], [problem.code for problem in done.warnings]


def test_a_reference_by_another_name_is_to_that_organisation_and_is_said(study, tmp_path):
    assert site(study, tmp_path, "甲厂") == ("a", ["other-name"])


def test_a_present_name_comes_first_and_that_it_is_another_one_too_is_said(study, tmp_path):
    assert site(study, tmp_path, "乙有限公司") == ("b", ["other-name"])


def test_a_name_that_two_organisations_had_is_a_problem_that_names_both(study, tmp_path):
    with pytest.raises(Refusal) as caught:
        site(study, tmp_path, "老厂")
    (problem,) = caught.value.problems
    assert problem.code == "ambiguous-reference"
    assert "both a (on record) and b (on record)" in problem.found


def test_a_name_that_is_alike_another_name_is_told_as_alike(study, tmp_path):
    names = [{"org_id": "a", "other_name": "丙有限公司"}]
    study.import_files(write(tmp_path / "more.json", other_names=names))
    assert site(study, tmp_path, "丙") == ("a", ["alike-name"])


def test_names_in_the_same_import_count_and_those_on_record_still_do(study, tmp_path):
    file = write(
        tmp_path / "both.json",
        other_names=[{"org_id": "a", "other_name": "新厂"}],
        sites=[{"site_id": "s", "org_id": "新厂"}, {"site_id": "t", "org_id": "甲厂"}],
    )
    study.import_files(file)
    assert [row["org_id"] for row in rows_of(study, "sites")] == ["a", "a"]


def test_a_row_under_another_name_is_that_organisation_and_keeps_its_name(study, tmp_path):
    rows = [{"name": "甲厂", "founded": 1958}]
    done = study.import_files(write(tmp_path / "list.json", organisations=rows))
    firm = rows_of(study, "organisations")[0]
    assert (firm["org_id"], firm["name"], firm["founded"]) == ("a", "甲股份有限公司", 1958)
    assert sorted(problem.code for problem in done.warnings) == [
        "made-identifier",
        "other-name",
    ]


def test_a_row_under_another_name_with_another_number_is_another_organisation(study, tmp_path):
    number = {"org_id": "a", "name": "甲股份有限公司", "registration_no": "430200000000001"}
    study.import_files(write(tmp_path / "number.json", organisations=[number]))
    rows = [{"name": "甲厂", "registration_no": "430200000000002"}]
    study.import_files(write(tmp_path / "list.json", organisations=rows))
    assert len(rows_of(study, "organisations")) == 3


def test_a_name_kept_by_a_merge_that_another_had_too_is_a_problem_until_undo(study, tmp_path):
    more = [{"org_id": "c", "name": "丙厂"}, {"org_id": "d", "name": "丁厂"}]
    names = [{"org_id": "b", "other_name": "丙厂"}]
    study.import_files(write(tmp_path / "more.json", organisations=more, other_names=names))
    study.merge_organisations([("d", "c")])
    with pytest.raises(Refusal) as caught:
        site(study, tmp_path, "丙厂")
    (problem,) = caught.value.problems
    assert problem.code == "ambiguous-reference"
    assert "both b (on record) and d (on record)" in problem.found
    study.undo()
    assert site(study, tmp_path, "丙厂") == ("c", ["other-name"])


def test_a_merge_keeps_a_name_that_the_kept_one_has_already_but_once(study):
    study.merge_organisations([("a", "b")])
    held = [(row["org_id"], row["other_name"]) for row in rows_of(study, "other_names")]
    assert sorted(held) == [("a", "乙有限公司"), ("a", "甲厂"), ("a", "老厂")]
