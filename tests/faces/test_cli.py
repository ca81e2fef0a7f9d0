"""Every command works on the example, and refuses wrong input in words."""

import json
import sys
from contextlib import suppress

import pyarrow.csv
import pytest
from openpyxl import load_workbook

from liantu.faces.cli import main
from liantu.faces.cli.asking import questions
from liantu.lens import discover
from liantu.workspace import Workspace


@pytest.fixture
def liantu(monkeypatch, capsysbinary):
    """Run a command in this process: exit status, standard output, standard error."""

    def command(*arguments) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["liantu", *map(str, arguments)])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capsysbinary.readouterr()
        return status, out.decode(errors="replace"), err.decode()

    return command


@pytest.fixture
def city(tmp_path, liantu):
    """A small workspace made by commands alone."""
    folder, files = tmp_path / "city", tmp_path / "files"
    files.mkdir()
    (files / "places.csv").write_text("place_id,name\nhome,Home\n")
    (files / "products.csv").write_text("product_id,name\nengine,Engine\n")
    assert liantu("new", folder)[0] == 0
    assert liantu("import", "-w", folder, files)[::2] == (0, "")
    return folder


def test_an_import_prints_what_changes_and_commits_it(liantu, city, tmp_path):
    more = tmp_path / "places.csv"
    more.write_text("place_id,name\nhome,Home town\naway,Away\n")
    status, out, _ = liantu("import", "-w", city, more, "--dry-run")
    assert status == 0
    assert "nothing was written" in out
    status, out, _ = liantu("import", "-w", city, more)
    assert status == 0
    assert out.splitlines()[1].split() == ["places", "1", "1", "0", "0"]
    assert out.endswith("generation 2\n")


def test_an_answer_for_which_a_disk_has_no_room_is_a_problem_in_words(
    liantu, city, monkeypatch
):
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        monkeypatch.setattr(sys, "stdout", full)
        status, _, err = liantu("history", "-w", city)
        monkeypatch.undo()
        with suppress(OSError):
            full.close()
    assert status == 1
    assert err.startswith("disk: to finish the command; found no space left on device; ")


def test_a_wrong_import_prints_every_problem_on_its_line_and_changes_nothing(
    liantu, city, tmp_path
):
    wrong = tmp_path / "places.csv"
    wrong.write_text("placeid,name,longitude\nhome,,300\n")
    status, out, err = liantu("import", "-w", city, wrong)
    assert status == 1
    assert out == ""
    assert all(": " in line for line in err.splitlines())
    assert "did you mean place_id or parent_id?" in err
    assert Workspace.open(city).generation().number == 1


def test_a_refused_file_comes_back_marked_and_the_problems_are_told_as_ever(
    liantu, city, tmp_path
):
    wrong, out_book = tmp_path / "places.csv", tmp_path / "marked.xlsx"
    wrong.write_text("place_id,name,longitude\nhome,,300\n")
    plain = liantu("import", "-w", city, wrong)
    status, out, err = liantu("import", "-w", city, wrong, "--mark", out_book, "--lang", "zh")
    assert (status, plain[0]) == (1, 1)
    heads = [[text.split(": ")[0] for text in lines.splitlines()] for lines in (err, plain[2])]
    assert heads[0] == heads[1]
    assert "应为文本；实为空白单元格；请填写该单元格" in err
    assert out == f"marked {out_book}\n"
    book = load_workbook(out_book)
    assert book.sheetnames == ["liantu 问题", "places"]
    assert book["places"]["C2"].fill.fill_type == "solid"
    status, out, err = liantu("import", "-w", city, wrong, "--mark", out_book)
    assert (status, out) == (1, "")
    assert "no-mark: a name that no file has yet" in err


def test_an_import_without_problems_marks_nothing(liantu, city, tmp_path):
    right = tmp_path / "places.csv"
    right.write_text("place_id,name\naway,Away\n")
    status, out, _ = liantu("import", "-w", city, right, "--mark", tmp_path / "marked.xlsx")
    assert status == 0
    assert "marked" not in out
    assert not (tmp_path / "marked.xlsx").exists()


def test_a_template_of_a_workspace_offers_its_identifiers(liantu, city, tmp_path):
    assert liantu("template", tmp_path / "book.xlsx", "-w", city)[0] == 0
    book = load_workbook(tmp_path / "book.xlsx")
    assert [cell.value for row in book["liantu lists"].rows for cell in row] == [
        "home",
        "engine",
    ]


def test_undo_history_diff_and_prune_follow_the_generations(liantu, city, tmp_path):
    more = tmp_path / "places.csv"
    more.write_text("place_id,name\nhome,Home town\n")
    liantu("import", "-w", city, more)
    status, out, _ = liantu("diff", "-w", city, 1, 2)
    assert status == 0
    assert "~ places place_id=home  name: Home -> Home town" in out
    assert liantu("undo", "-w", city) == (0, "generation 1\n", "")
    status, out, _ = liantu("history", "-w", city)
    assert [line[0] for line in out.splitlines()] == [" ", "*", " "]
    status, out, _ = liantu("prune", "-w", city, "--keep", 1)
    assert status == 0
    assert out.startswith("dropped ")


def test_an_export_imported_again_changes_nothing(liantu, city, tmp_path):
    for target in (tmp_path / "out.xlsx", tmp_path / "out"):
        assert liantu("export", "-w", city, target)[0] == 0
        status, out, err = liantu("import", "-w", city, target)
        assert (status, err) == (0, "")
        assert "nothing changed" in out


def test_a_backup_restored_is_the_same_workspace(liantu, city, tmp_path):
    assert liantu("backup", "-w", city, tmp_path / "b.tar")[0] == 0
    status, out, _ = liantu("restore", tmp_path / "b.tar", tmp_path / "again")
    assert status == 0
    assert out.endswith("generation 1\n")
    assert Workspace.open(tmp_path / "again").generation().rows == {"places": 1, "products": 1}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_template_imports_as_nothing(liantu, city, tmp_path, language):
    book = tmp_path / "book.xlsx"
    assert liantu("template", book, "--lang", language)[0] == 0
    status, out, err = liantu("import", "-w", city, book)
    assert status == 0, err
    assert "nothing changed" in out


def test_the_lenses_read_from_their_files_are_those_that_register_themselves():
    assert questions() == {name: lens.question for name, lens in discover().items()}


def test_lenses_are_listed_with_their_questions_and_as_json(liantu):
    status, out, _ = liantu("lenses")
    assert status == 0
    listed = json.loads(liantu("lenses", "--json")[1])
    assert len(listed) == len(out.splitlines())
    assert {"parameters", "row", "question"} <= set(listed[0])


def test_an_answer_comes_as_text_json_csv_and_workbook(liantu, example):
    folder = example.workspace.path
    asked = ("run", "reach", "-w", folder, "--radius", "10")
    status, text, _ = liantu(*asked)
    assert status == 0
    assert "within 10 km" in text
    answer = json.loads(liantu(*asked, "--format", "json")[1])
    assert answer["params"]["radius"] == 10
    rows = pyarrow.csv.read_csv(
        pyarrow.BufferReader(liantu(*asked, "--format=csv")[1].encode())
    )
    assert rows.num_rows == len(answer["rows"])
    assert liantu(*asked, "--format", "xlsx")[1].startswith("PK")


def test_chinese_is_spoken_when_asked_for(liantu, example):
    status, out, _ = liantu("run", "reach", "-w", example.workspace.path, "--lang", "zh")
    assert status == 0
    assert out.startswith("以田心为起点")


def test_the_help_of_a_lens_lists_its_parameters(liantu):
    status, out, _ = liantu("run", "reach", "--help")
    assert status == 0
    assert "--radius" in out
    assert "What part of a product" in out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("reech",), 'unknown-lens: the name of a lens; found "reech"; did you mean reach?'),
        (("reach", "--radis", "5"), "did you mean radius?"),
        (("reach", "--radius", "nan"), "radius bad-parameter: a number in km"),
        (("reach", "--radius", "-1"), 'found "-1"'),
        (("reach", "--product", "locomotiv"), "did you mean locomotive"),
    ],
)
def test_a_wrong_question_is_refused_in_words(liantu, example, arguments, named):
    status, out, err = liantu("run", *arguments, "-w", example.workspace.path)
    assert (status, out) == (1, "")
    assert named in err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("reach", "--radius"), "missing-value: a value after --radius"),
        (("reach", "--radius", "1", "--radius", "2"), "repeated-parameter: radius once"),
        (("reach", "5"), "stray-argument"),
    ],
)
def test_a_command_written_wrongly_is_told_so_with_status_two(
    liantu, example, arguments, named
):
    status, out, err = liantu("run", *arguments, "-w", example.workspace.path)
    assert (status, out) == (2, "")
    assert named in err


def test_a_folder_that_is_no_workspace_is_refused_in_words(liantu, tmp_path):
    status, _, err = liantu("history", "-w", tmp_path)
    assert status == 1
    assert "no-workspace" in err


def test_wrong_usage_has_status_two(liantu, tmp_path):
    assert liantu("run", "reach")[0] == 2
    assert liantu("prune", "-w", tmp_path)[0] == 2
    assert liantu("nonsense")[0] == 2


def test_a_report_is_one_file_and_another_kind_is_refused_in_words(liantu, example, tmp_path):
    out = tmp_path / "report.html"
    status, said, _ = liantu("report", "-w", example.workspace.path, "-o", out)
    assert (status, said) == (0, f"report {out}\n")
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    status, _, err = liantu("report", "-w", example.workspace.path, "-o", tmp_path / "r.pdf")
    assert status == 1
    assert "a report's file to end in .html" in err
