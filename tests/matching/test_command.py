"""The command lists, an analyst marks, the command merges, and undo takes it back."""

import csv
import io
import json
import sys

import openpyxl
import pytest

from liantu.errors import Refusal
from liantu.faces.cli import main
from liantu.matching import Answers, confirmed

ORGANISATIONS = """org_id,name,name_local,place_id
t1,CRRC Times Electric,株洲时代电气股份有限公司,home
t2,,株洲时代电气,home
b1,Bode,博得机械有限公司,home
b2,Bode Machinery,博得机械有限责任公司,home
far,Far,远方陶瓷有限公司,home
"""


@pytest.fixture
def liantu(monkeypatch, capsysbinary):
    """Run a command in this process: exit status, standard output, standard error."""

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["liantu", *map(str, arguments)])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capsysbinary.readouterr()
        return status, out, err.decode()

    return command


@pytest.fixture
def city(tmp_path, liantu):
    folder, files = tmp_path / "city", tmp_path / "files"
    files.mkdir()
    (files / "places.csv").write_text("place_id,name,level\nhome,Home,city\n")
    rows = ORGANISATIONS.replace("t2,,", "t2,Times,")
    (files / "organisations.csv").write_text(rows, encoding="utf-8")
    (files / "supplies.csv").write_text("supplier_id,buyer_id,value\nt2,far,1\n")
    assert liantu("new", folder)[0] == 0
    assert liantu("import", "-w", folder, files)[0] == 0
    return folder


def test_the_list_says_which_pairs_why_and_how_to_merge(liantu, city):
    status, out, err = liantu("match", "-w", city)
    text = out.decode()
    assert (status, err) == (0, "")
    assert "--merge t1=t2" in text
    assert "Name in Chinese: the same name (+" in text
    assert "less probable than 0.50" in text
    assert "far" not in text


def test_the_same_list_is_json(liantu, city):
    found = json.loads(liantu("match", "-w", city, "--format", "json")[1])
    pairs = {(entry["keep"]["org_id"], entry["drop"]["org_id"]) for entry in found["proposals"]}
    assert pairs == {("t1", "t2"), ("b1", "b2")}
    assert found["at_least"] == 0.5
    assert {"comparison", "level", "weight"} == set(found["proposals"][0]["why"][0])


def test_the_same_list_in_chinese(liantu, city):
    text = liantu("match", "-w", city, "--lang", "zh")[1].decode()
    assert "中文名称：名称相同" in text
    assert "可能是同一企业" in text


def test_a_merge_is_one_generation_that_undo_takes_back(liantu, city):
    status, out, _ = liantu("match", "-w", city, "--merge", "t1=t2", "--merge", "b1=b2")
    assert status == 0
    assert b"generation 2: merged b2 into b1, t2 into t1" in out
    history = liantu("history", "-w", city)[1].decode()
    assert "merged b2 into b1" in history
    text = liantu("match", "-w", city)[1].decode()
    assert "--merge" not in text
    assert b"- organisations org_id=t2" in liantu("diff", "-w", city, "1")[1]
    assert liantu("undo", "-w", city)[1] == b"generation 1\n"
    assert "--merge t1=t2" in liantu("match", "-w", city)[1].decode()


def test_a_trial_changes_nothing(liantu, city):
    out = liantu("match", "-w", city, "--merge", "t1=t2", "--dry-run")[1]
    assert b"nothing was written" in out
    assert b"merged" not in liantu("history", "-w", city)[1]


@pytest.mark.parametrize("text", ["t1", "t1=", "=t2", ""])
def test_a_pair_is_written_keep_equals_drop(liantu, city, text):
    status, _, err = liantu("match", "-w", city, "--merge", text)
    assert status == 1
    assert "unknown-pair: KEEP=DROP" in err


def test_a_marked_csv_merges_the_pairs_that_are_yes(liantu, city, tmp_path):
    written = liantu("match", "-w", city, "--format", "csv")[1].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [(row["keep"], row["drop"]) for row in rows] == [("b1", "b2"), ("t1", "t2")]
    rows[0]["same"], rows[1]["same"] = "", "yes"
    with (tmp_path / "marked.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    out = liantu("match", "-w", city, "--confirmed", tmp_path / "marked.csv")[1]
    assert b"generation 2: merged t2 into t1" in out


def test_a_marked_workbook_in_chinese_does_too(liantu, city, tmp_path):
    path = tmp_path / "marked.xlsx"
    path.write_bytes(liantu("match", "-w", city, "--format", "xlsx", "--lang", "zh")[1])
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads[:5] == ["同一企业", "保留", "并入", "概率", "权重（比特）"]
    for row in sheet.iter_rows(min_row=2):
        row[0].value = "是" if row[1].value == "b1" else "否"
    book.save(path)
    assert confirmed(path) == Answers(same=(("b1", "b2"),), apart=(("t1", "t2"),))
    out = liantu("match", "-w", city, "--confirmed", path)[1].decode()
    assert "1 more pairs are remembered as two firms" in out
    assert "merged b2 into b1" in out
    text = liantu("match", "-w", city, "--lang", "zh")[1].decode()
    assert "--merge" not in text
    assert "另有 1 对已确认不是同一企业，未列出。" in text


def test_what_is_not_the_same_is_not_proposed_until_its_line_is_taken_out(liantu, city):
    assert liantu("match", "-w", city, "--apart", "t2=t1")[0] == 0
    text = liantu("match", "-w", city)[1].decode()
    assert "--merge t1=t2" not in text
    assert "--merge b1=b2" in text
    assert "1 pairs are left out that you said are not the same" in text
    settings = city / "workspace.toml"
    assert '[apart]\nt1 = ["t2"]\n' in settings.read_text()
    assert liantu("history", "-w", city)[1].count(b"generation") <= 2  # the record is as it was
    settings.write_text(settings.read_text().replace('t1 = ["t2"]\n', ""))
    assert "--merge t1=t2" in liantu("match", "-w", city)[1].decode()


def test_a_merge_forgets_that_the_two_were_said_to_be_apart(liantu, city):
    liantu("match", "-w", city, "--apart", "t1=t2", "--apart", "t2=b1")
    liantu("match", "-w", city, "--merge", "t1=t2")
    text = (city / "workspace.toml").read_text()
    assert 'b1 = ["t2"]' in text
    assert 't1 = ["t2"]' not in text
    assert liantu("match", "-w", city)[0] == 0  # t2, which is gone, does no harm


def test_a_merge_of_two_that_were_said_to_be_apart_is_told(liantu, city):
    liantu("match", "-w", city, "--apart", "t1=t2", "--apart", "t2=b1")
    pairs = ["--merge", "t1=t2", "--merge", "t1=b2"]
    status, _, err = liantu("match", "-w", city, *pairs, "--conflicts", "keep")
    assert status == 0
    assert err.count("said-apart") == 1
    assert "t1 and t2 to stay two, as [apart] in workspace.toml says" in err


@pytest.mark.parametrize("merged", ["t1=t2", "t2=t1"])
def test_one_call_that_says_both_of_a_pair_is_refused_and_nothing_is_done(liantu, city, merged):
    status, _, err = liantu("match", "-w", city, "--apart", "t1=t2", "--merge", merged)
    assert status == 1
    assert "found yes, and no; write the one that holds" in err
    assert "apart" not in (city / "workspace.toml").read_text()
    assert b"merged" not in liantu("history", "-w", city)[1]


def test_a_trial_remembers_nothing_and_counts_what_is_new(liantu, city):
    liantu("match", "-w", city, "--apart", "b1=t2")
    pairs = ["--apart", "t1=t2", "--apart", "t2=t1", "--apart", "t2=b1"]
    out = liantu("match", "-w", city, *pairs, "--dry-run")[1]
    assert b"1 more pairs would be remembered" in out
    assert "t1" not in (city / "workspace.toml").read_text()


@pytest.mark.parametrize(
    ("pair", "code"), [("t1=x", "unknown-organisation"), ("t1=t1", "itself")]
)
@pytest.mark.parametrize("trial", [[], ["--dry-run"]])
def test_only_two_organisations_on_record_are_kept_apart(liantu, city, pair, code, trial):
    status, _, err = liantu("match", "-w", city, "--apart", pair, *trial)
    assert status == 1
    assert code in err
    assert "apart" not in (city / "workspace.toml").read_text()


def with_settings(city, text):
    with (city / "workspace.toml").open("a", encoding="utf-8") as stream:
        stream.write(text)


@pytest.mark.parametrize("value", ['"t2"', "5", "[5]", '{b1 = ["t2"]}', "true"])
def test_settings_that_name_no_pairs_are_refused_by_their_section(liantu, city, value):
    with_settings(city, f"[apart]\nt1 = {value}\n")
    for command in (["match"], ["match", "--apart", "b1=b2"]):
        status, _, err = liantu(*command, "-w", city)
        assert status == 1
        assert "t1 in [apart] to be a list of texts" in err


def test_settings_as_a_windows_editor_saves_them_are_read_and_written(liantu, city):
    settings = city / "workspace.toml"
    text = settings.read_text(encoding="utf-8").replace("\n", "\r\n")
    settings.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert liantu("match", "-w", city, "--apart", "t1=t2")[0] == 0
    assert settings.read_bytes().endswith(b'[apart]\nt1 = ["t2"]\n')


def test_odd_lines_of_pairs_do_no_harm_and_stay_until_they_are_one(liantu, city):
    with_settings(
        city,
        '[apart]  # by hand\nt2 = ["t1", "t1"]\nt1 = [\n  "t2", # again\n]\n'
        'b1 = []\nb2 = ["b2"]\ngone = ["b1"]\n',
    )
    text = liantu("match", "-w", city)[1].decode()
    assert "1 pairs are left out that you said are not the same" in text
    assert liantu("match", "-w", city, "--apart", "b1=far")[0] == 0
    liantu("match", "-w", city, "--merge", "t1=t2")
    text = (city / "workspace.toml").read_text(encoding="utf-8")
    assert text.endswith('[apart]\nb1 = ["far", "gone"]\n')


def test_two_answers_for_one_pair_are_a_problem(tmp_path):
    path = tmp_path / "marked.csv"
    path.write_text("same,keep,drop\nyes,a,b\nno,b,a\n")
    with pytest.raises(Refusal) as caught:
        confirmed(path)
    (problem,) = caught.value.problems
    assert (problem.address, problem.found) == ("marked.csv:3:same", "no, and yes in row 2")


def test_an_unmarked_file_merges_nothing(liantu, city, tmp_path):
    path = tmp_path / "unmarked.csv"
    path.write_bytes(liantu("match", "-w", city, "--format", "csv")[1])
    status, out, err = liantu("match", "-w", city, "--confirmed", path)
    assert (status, out) == (0, b"")
    assert "nothing is done" in err


def test_a_mark_that_is_neither_yes_nor_no_is_named_by_its_cell(tmp_path):
    path = tmp_path / "marked.csv"
    path.write_text("same,keep,drop\nperhaps,a,b\nyes,,b\nyes,a,b\n")
    with pytest.raises(Refusal) as caught:
        confirmed(path)
    first, second = caught.value.problems
    assert (first.address, first.found) == ("marked.csv:2:same", "'perhaps'")
    assert second.address == "marked.csv:3:keep"


def test_another_file_is_refused_by_its_columns(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("org_id,name\na,A\n")
    with pytest.raises(Refusal, match="columns same, keep and drop; found 'org_id, name'"):
        confirmed(path)
