"""Reports from templates: chapters that a file names, or every problem that is in it."""

import re
import sys

import pytest
from fastapi.testclient import TestClient

from liantu.errors import Refusal
from liantu.faces import web
from liantu.faces.cli import main
from liantu.faces.report import report_html
from liantu.faces.template import filled, template, templates
from liantu.locale import catalogue

PART = "chapters[1].parts[1]"
GAP = """
name = "Gap"
title = "{place} beside others"
intro = "Chain: {chain}."
parameters = ["place", "chain", "rivals"]

[[chapters]]
title = "{place} and {each}"
for_each = "rivals"

[[chapters.parts]]
lens = "completeness"
title = "What {each} has"
empty = "Nothing that {place} lacks."
params = { chain = "$chain", place = "$place", rivals = ["$each"] }
show = ["rows"]
columns = ["product_id", "makers_local"]
where = { place_id = "$each", state = ["strong", "present", "weak"] }
also = { by = "product_id", where = { place_id = "$place", state = "missing" } }
sort = "-makers_local"
"""


@pytest.fixture
def written(tmp_path):
    """Writes a template and gives its path as text."""

    def write(text, name="own.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


def articles(html):
    return re.findall(r'<article class="chapter".*?</article>', html, re.DOTALL)


def problems(path):
    with pytest.raises(Refusal) as refusal:
        template(path)
    return refusal.value.problems


def test_the_gap_is_what_the_rival_has_and_the_place_lacks(example, written):
    given = {"place": "zhuzhou", "rivals": ["qingdao", "dalian"]}
    html = report_html(example, "en", None, template(written(GAP)), given)
    states = {
        (row["place_id"], row["product_id"]): row
        for row in example.run(
            "completeness", chain="rail", place="zhuzhou", rivals=["qingdao", "dalian"]
        ).table.to_pylist()
    }
    qingdao, dalian = articles(html)
    gap = {
        product
        for place, product in states
        if place == "qingdao"
        and states[place, product]["state"] in {"strong", "present", "weak"}
        and states["zhuzhou", product]["state"] == "missing"
    }
    assert len(gap) > 1
    for product in gap:
        assert example.names.of("products", product).name in qingdao
    assert f"Rows: {len(gap)}<" in qingdao
    assert "Nothing that Zhuzhou lacks." in dalian
    assert "Zhuzhou and Qingdao" in qingdao
    assert "<h1>Zhuzhou beside others</h1>" in html


def test_only_the_columns_and_pieces_that_are_named_are_shown(example, written):
    html = report_html(example, "en", None, template(written(GAP)), {"rivals": ["qingdao"]})
    (chapter,) = articles(html)
    assert len(re.findall(r'<th scope="col"', chapter)) == 2
    assert "<figure" not in chapter
    assert 'class="finding"' not in chapter
    assert 'class="provenance"' not in chapter


def test_places_may_be_given_by_name_and_the_rest_comes_from_the_workspace(example, written):
    read = template(written(GAP))
    by_name = report_html(example, "en", None, read, {"place": "株洲", "rivals": "青岛"})
    assert by_name == report_html(example, "en", None, read, {"rivals": ["qingdao"]})


def test_what_the_report_is_not_asked_is_refused(example, written):
    with pytest.raises(Refusal) as refusal:
        report_html(example, "en", None, template(written(GAP)), {"plase": "zhuzhou"})
    (problem,) = refusal.value.problems
    assert (problem.code, problem.remedy) == ("unknown-parameter", "did you mean place?")
    with pytest.raises(Refusal) as refusal:
        report_html(example, "en", None, template(written(GAP)), {"rivals": ["nowhere"]})
    assert [problem.column for problem in refusal.value.problems] == ["rivals"]


def test_a_lens_that_cannot_answer_is_listed_with_the_reason(example, written):
    wrong = GAP.replace('place = "$place", rivals', 'weak_below = -1, place = "$place", rivals')
    html = report_html(example, "en", None, template(written(wrong)), {"rivals": ["qingdao"]})
    assert not articles(html)
    left_out = html.partition("Not answered here")[2]
    assert "Zhuzhou and Qingdao: What Qingdao has" in left_out
    assert "at least" in left_out


def test_every_problem_of_a_template_is_named_at_once_with_where_it_stands(written):
    wrong = (
        GAP.replace('lens = "completeness"', 'lens = "completness"')
        .replace('title = "What {each} has"', 'title = "What {eech} has"')
        .replace('rivals = ["$each"]', 'rivals = ["$other"]')
        .replace('for_each = "rivals"', 'for_each = "place"')
        .replace('"chain", "rivals"]', '"chain", "rivals", "moon"]')
    )
    found = {problem.column: problem for problem in problems(written(wrong))}
    assert {problem.file for problem in found.values()} == {"own.toml"}
    assert {problem.code for problem in found.values()} == {"bad-template"}
    assert "did you mean completeness" in found[f"{PART}.lens"].remedy
    assert found[f"{PART}.params.rivals"].found == '"$other"'
    assert {"parameters", "chapters[1].for_each", f"{PART}.title"} <= set(found)
    assert f"{PART}.params.place" not in found  # a wrong lens makes no other word wrong


@pytest.mark.parametrize(
    ("right", "wrong", "at", "remedy"),
    [
        ("columns", "colums", f"{PART}.colums", "columns"),
        ('intro = "Chain: {chain}."', 'intr = "x"', "intr", "intro"),
        ('"makers_local"]', '"makers_locl"]', f"{PART}.columns", "makers_local"),
        ('sort = "-makers', 'sort = "-maker', f"{PART}.sort", "makers_local"),
        ('state = "missing"', 'state = "mising"', f"{PART}.also.where.state", "missing"),
        ('chain = "$chain"', 'chin = "$chain"', f"{PART}.params", "chain"),
        ('show = ["rows"]', 'show = ["row"]', "chapters[1].parts[1].show[1]", "correct"),
        ("{place} beside", "{plase} beside", "title", "place"),
        ('by = "product_id"', 'by = "product"', f"{PART}.also.by", "product_id"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_answered_with_where_and_with_what_was_meant(
    written, right, wrong, at, remedy
):
    assert right in GAP
    found = problems(written(GAP.replace(right, wrong)))
    assert at in [problem.column for problem in found]
    assert remedy in next(problem.remedy for problem in found if problem.column == at)


@pytest.mark.parametrize("text", ["title = ", "\x00", 'title = "x'])
def test_a_file_that_is_no_toml_is_a_problem_that_says_where(written, text):
    (problem,) = problems(written(text))
    assert (problem.code, problem.file) == ("bad-template", "own.toml")
    assert "line 1" in problem.found or "end of document" in problem.found


def test_a_template_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    (problem,) = problems("miror")
    assert (problem.code, "mirror" in problem.remedy) == ("unknown-template", True)
    (problem,) = problems(str(tmp_path / "none.toml"))
    assert problem.code == "no-template"


def test_a_list_in_a_list_runs_into_it():
    given = {"place": "a", "rivals": ["b", "c"]}
    assert filled(["$place", "$rivals"], given) == ["a", "b", "c"]
    assert filled("$rivals", given) == ["b", "c"]
    assert filled(3, given) == 3


def test_the_templates_of_the_package_are_sound_and_speak_chinese():
    assert "mirror" in templates()
    known = catalogue("zh")
    for entry in templates().values():
        said = {entry.outline.name, entry.outline.title, entry.outline.intro}
        for chapter in entry.outline.chapters:
            said |= {chapter.title, chapter.text}
            for part in chapter.parts:
                said |= {part.title, part.text, part.empty}
        assert not said - {None} - set(known)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_mirror_has_a_chapter_for_each_rival(example, language):
    given = {"rivals": ["qingdao", "changzhou", "tangshan"]}
    html = report_html(example, language, None, templates()["mirror"], given)
    assert len(articles(html)) == 4
    assert "Qingdao" in html if language == "en" else "株洲与青岛" in html
    assert "{" not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    assert "≠" in articles(html)[0]  # a figure that does not measure the same is marked


def test_a_place_that_is_its_own_rival_is_told_so(example):
    html = report_html(
        example, "en", None, templates()["mirror"], {"rivals": ["zhuzhou"], "place": "zhuzhou"}
    )
    assert len(articles(html)) == 2
    assert "its own rival" in articles(html)[1]
    assert "<table" not in articles(html)[1]


def test_the_command_writes_a_template_and_refuses_what_does_not_fit(
    example_folder, tmp_path, monkeypatch, capsys
):
    def liantu(*arguments):
        monkeypatch.setattr(sys, "argv", ["liantu", "report", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code or 0, capsys.readouterr().err

    there = ("-w", example_folder, "-o", tmp_path / "m.html")
    assert liantu(*there, "--template", "mirror", "--rivals", "qingdao")[0] == 0
    assert "Zhuzhou and Qingdao" in (tmp_path / "m.html").read_text(encoding="utf-8")
    status, err = liantu(*there, "--place", "zhuzhou")
    assert (status, "only with a template" in err) == (1, True)
    status, err = liantu(*there, "--template", "mirror", "--lens", "reach")
    assert (status, "leave one of them out" in err) == (1, True)
    status, err = liantu(*there, "--template", "mirror", "--place")
    assert (status, "a value after --place" in err) == (2, True)


def test_a_template_has_an_address_that_holds_what_it_is_asked(example):
    with TestClient(web.app(example)) as client:
        answer = client.get("/report/mirror?rivals=qingdao,dalian&lang=zh")
        assert answer.status_code == 200
        assert len(articles(answer.text)) == 3
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert client.get("/report/none").status_code == 404
        assert client.get("/report/mirror?moon=1").status_code == 422
        assert 'href="/report/mirror"' in client.get("/sources").text
