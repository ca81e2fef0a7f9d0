"""Words of a user's own: said once, remembered in the settings, told, and corrected there."""

import sys

import pyarrow.parquet as pq
import pytest

from liantu.errors import Refusal
from liantu.faces.cli import main
from liantu.ingest.headings.wording import Wording, wording_of
from liantu.workspace import Workspace
from tests.ingest.desk import csv, gathered, rows

TEXT = "org_id,企业名称,登记全称,备注\nO1,甲,{},x"
SAID = (["企业名录=企业机构"], ["企业名录!登记全称=name_local", "备注=-"])


@pytest.fixture
def study(tmp_path):
    return Workspace.create(tmp_path / "study", name="study")


def names(study):
    file = study.generation().files["organisations"]
    return pq.read_table(file)["name_local"].to_pylist()


def files(folder, name="甲公司"):
    return csv(folder, 企业名录=TEXT.format(name))


def test_words_mean_what_is_said_of_them_and_what_is_left_out_is_told(tmp_path):
    found = gathered(files(tmp_path), wording_of(*SAID))
    assert rows(found, "organisations") == [
        {"org_id": "O1", "name": "甲", "name_local": "甲公司"}
    ]
    (note,) = found.problems
    assert (note.code, note.cell, note.severity) == ("column-left-out", "D1", "warning")
    assert found.layouts == {
        "企业名录": "organisations",
        "企业名录!登记全称": "name_local",
        "企业名录!备注": "",
    }


@pytest.mark.parametrize("where", ["", "企业名录!", "organisations!", "企业名录 ! "])
def test_a_header_may_be_named_alone_or_with_its_sheet_or_table(tmp_path, where):
    said = wording_of(SAID[0], [f"{where}登记全称=本地语言名称", "备注="])
    assert rows(gathered(files(tmp_path), said), "organisations")[0]["name_local"] == "甲公司"


def test_a_header_with_a_unit_keeps_it(tmp_path):
    text = "org_id,product_id,企业产值（万元）\nO1,P1,2"
    said = wording_of((), ["企业产值（万元）=value"])
    (row,) = rows(gathered(csv(tmp_path, makes=text), said), "makes")
    assert (row["value"], row["currency"]) == (20000.0, "CNY")


def test_what_is_said_is_remembered_after_an_import_and_used_and_told_at_the_next(
    study, tmp_path
):
    with pytest.raises(Refusal, match="unknown-table"):
        study.import_files(files(tmp_path))
    study.import_files(files(tmp_path), dry_run=True, wording=wording_of(*SAID))
    assert study.settings.layouts == {}
    study.import_files(files(tmp_path), wording=wording_of(*SAID))
    text = (study.path / "workspace.toml").read_text(encoding="utf-8")
    assert '[layouts]\n"企业名录" = "organisations"\n' in text
    assert '"企业名录!登记全称" = "name_local"\n' in text

    done = study.import_files(files(tmp_path, "乙公司"))
    assert names(study) == ["乙公司"]
    assert [(item.code, item.found) for item in done.warnings] == [
        ("remembered-mapping", "'企业名录', read as organisations"),
        ("remembered-mapping", "'登记全称', read as name_local"),
        ("remembered-mapping", "'备注', left out"),
    ]


def test_what_is_said_now_counts_before_what_is_remembered(study, tmp_path):
    study.import_files(files(tmp_path), wording=wording_of(*SAID))
    said = wording_of((), ["登记全称=-"])
    study.import_files(files(tmp_path), wording=said)
    assert study.settings.layouts["企业名录!登记全称"] == ""


def test_a_remembered_line_that_names_no_column_refuses_the_import(tmp_path):
    remembered = {"企业名录": "organisations", "企业名录!登记全称": "nom", "企业名录!备注": ""}
    (problem,) = gathered(files(tmp_path), Wording(remembered=remembered)).errors
    assert problem.code == "remembered-mapping"
    assert problem.found == '"企业名录!登记全称" = "nom"'
    assert problem.remedy.endswith("mend or take out that line")


def test_a_remembered_column_that_the_file_has_already_is_a_problem(tmp_path):
    remembered = {"places!called": "name"}
    text = "place_id,name,called\nP1,a,b"
    (problem,) = gathered(csv(tmp_path, places=text), Wording(remembered=remembered)).errors
    assert (problem.code, problem.found) == ("repeated-column", "'name' and 'called'")


def test_what_is_said_of_words_that_stand_nowhere_is_a_problem(tmp_path):
    said = wording_of(["企业名册=places"], ["登记全名=name_local"])
    found = gathered(csv(tmp_path, places="place_id,name,登记全称\nP1,a,b"), said)
    assert [(item.code, item.found, item.remedy) for item in found.problems[:2]] == [
        ("unused-mapping", "'企业名册'", "known: name, place_id, places, 登记全称"),
        ("unused-mapping", "'登记全名'", "did you mean 登记全称?"),
    ]


def test_a_column_that_does_not_exist_cannot_be_meant(tmp_path):
    said = wording_of(SAID[0], ["登记全称=nmae", "备注=-"])
    (problem,) = gathered(files(tmp_path), said).errors
    assert (problem.cell, problem.remedy) == ("C1", "did you mean name?")


@pytest.mark.parametrize(
    "said", [(["企业名录"], []), (["企业名录=firms"], []), ([], ["=name"])]
)
def test_what_says_nothing_is_refused_before_anything_is_read(said):
    with pytest.raises(Refusal):
        wording_of(*said)


def test_the_rest_of_the_settings_stays_as_it_is(study, tmp_path):
    path = study.path / "workspace.toml"
    mine = path.read_text(encoding="utf-8") + 'chain = "rail"\n\n# mine\n[other]\nx = 1\n'
    path.write_text(mine, encoding="utf-8")
    study.import_files(files(tmp_path), wording=wording_of(*SAID))
    assert path.read_text(encoding="utf-8").startswith(mine)
    study.set_defaults(chain="air")
    assert study.settings.layouts["企业名录"] == "organisations"
    assert study.settings.defaults == {"chain": "air"}


def test_words_are_said_on_the_command_line_once(study, tmp_path, monkeypatch, capsys):
    options = ["--sheet", SAID[0][0], "--column", SAID[1][0], "--column", "备注="]
    command = ["liantu", "import", "-w", str(study.path), str(*files(tmp_path))]
    for arguments in ([*command, *options], command):
        monkeypatch.setattr(sys, "argv", arguments)
        try:
            main()
        except SystemExit as end:
            assert not end.code  # noqa: PT017 - a command ends so, well or ill
    assert "nothing changed" in capsys.readouterr().out
    assert study.settings.layouts["企业名录!登记全称"] == "name_local"
