"""The page shows each pair with its reasons, and merges the ones that are marked."""

import re

import pytest
from fastapi.testclient import TestClient

from liantu.faces.study import Study
from liantu.faces.web import app
from liantu.faces.web import matching as page
from liantu.workspace import Workspace

ROWS = """org_id,name,name_local,place_id
t1,CRRC Times Electric,株洲时代电气股份有限公司,home
t&2,Times,株洲时代电气,home
far,Far,远方陶瓷有限公司,home
"""


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "places.csv").write_text("place_id,name,level\nhome,Home,city\n")
    (tmp_path / "organisations.csv").write_text(ROWS, encoding="utf-8")
    made = Workspace.create(tmp_path / "study", name="Study")
    made.import_files([tmp_path / "places.csv", tmp_path / "organisations.csv"])
    return made


@pytest.fixture
def client(workspace):
    return TestClient(app(Study.open(workspace.path)), base_url="http://localhost")


def marks(client):
    return re.findall(r'name="pair" value="([^"]+)"', client.get("/match").text)


def test_the_page_shows_the_pair_and_why(client):
    text = client.get("/match").text
    assert "CRRC Times Electric" in text
    assert "Name in Chinese: the same name (+" in text
    assert ">Far<" not in text
    assert "中文名称：名称相同" in client.get("/match?lang=zh").text


def test_where_nobody_is_on_record_that_is_said_and_no_count(tmp_path):
    study = Study.open(Workspace.create(tmp_path / "empty", name="Empty").path)
    text = TestClient(app(study), base_url="http://localhost").get("/match").text
    assert "No organisation is on record yet. Import organisations." in text
    assert "less probable" not in text


def test_the_menu_leads_to_it(client):
    assert 'href="/match"' in client.get("/history").text


def test_what_is_marked_is_merged_and_the_history_shows_it(client, workspace):
    (mark,) = marks(client)
    sent = {"pair": mark.replace("&amp;", "&")}
    done = client.post("/match/merge", data=sent, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/history?from=1&to=2")
    assert workspace.generation().note == "merged t1 into t&2"
    assert marks(client) == []
    assert "merged t1 into t&amp;2" in client.get(done.headers["location"]).text


def test_nothing_marked_and_nobody_known_are_told_and_change_nothing(client, workspace):
    for sent, word in (({}, "at least one pair"), ({"pair": "keep=t1&drop=zz"}, "zz")):
        answer = client.post("/match/merge", data=sent)
        assert answer.status_code == 422
        assert word in answer.text
    assert workspace.generation().number == 1


def test_what_is_not_the_same_is_remembered_and_marks_stay(client, workspace):
    (mark,) = marks(client)
    assert 'formaction="/match/apart?at_least=0.3"' in client.get("/match?at_least=0.3").text
    sent = {"apart": mark.replace("&amp;", "&"), "pair": "keep=t1&drop=far"}
    shown = client.post("/match/apart?at_least=0.3", data=sent)
    assert shown.status_code == 200
    assert 'value="0.3"' in shown.text
    assert "pairs are left out that you said are not the same." in shown.text
    assert workspace.settings.apart == {("t&2", "t1")}
    assert marks(client) == []
    assert client.post("/match/apart", data={"apart": "keep=t1&drop=no"}).status_code == 422


def test_a_merge_sent_from_another_site_is_refused(client, workspace):
    sent = {"pair": "keep=t1&drop=far"}
    answer = client.post("/match/merge", data=sent, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert workspace.generation().number == 1


@pytest.mark.parametrize("text", ["much", "2", "-1", "nan"])
def test_a_threshold_that_is_no_probability_is_refused(client, text):
    assert client.get(f"/match?at_least={text}").status_code == 422


def test_a_large_record_is_left_to_the_command(client, monkeypatch):
    monkeypatch.setattr(page, "_MOST_ORGANISATIONS", 2)
    assert "liantu match" in client.get("/match").text
