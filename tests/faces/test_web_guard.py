"""What the web face does when it is asked wrongly, fails or takes long."""

import re
import threading

import pytest
import xlsxwriter
from fastapi.testclient import TestClient

from liantu.faces import study as studies
from liantu.faces import web
from liantu.faces.study import Study
from liantu.faces.web import security
from liantu.lens import run
from liantu.workspace import Workspace
from tests.holding import PATIENCE_SECONDS

SAME = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}


@pytest.fixture
def study(tmp_path):
    """The study of a small workspace, on which no question was put yet."""
    made = Workspace.create(tmp_path / "w", name="Desk")
    return Study.open(made.path)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("[::1]:8000", 200),
        ("10.0.0.7", 200),
        ("desk.example:80", 200),
        ("elsewhere.example", 421),
        ("localhost.elsewhere.example", 421),
        ("127.0.0.1.elsewhere.example", 421),
        ("", 421),
    ],
)
def test_only_our_own_names_lead_here(study, host, status):
    made = web.app(study, hosts=("Desk.example",))
    with TestClient(made, base_url="http://10.0.0.7", headers={"Host": host}) as client:
        answer = client.get("/sources")
    assert answer.status_code == status
    assert "Content-Security-Policy" in answer.headers
    assert ("Refused" in answer.text) == (status == 421)


def broken(*_args, **_kwargs):
    message = "the secret of the house"
    raise RuntimeError(message)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_fault_is_told_in_words_and_its_cause_stays_in_the_log(
    study, monkeypatch, caplog, lang
):
    monkeypatch.setattr(studies, "run", broken)
    with TestClient(web.app(study), raise_server_exceptions=False) as client:
        page = client.get(f"/lens/claims?lang={lang}")
        data = client.get("/lens/claims.json")
    assert (page.status_code, data.status_code) == (500, 500)
    said = "系统出错" if lang == "zh" else "The observatory failed"
    assert f"<h1>{said}</h1>" in page.text
    assert [p["code"] for p in data.json()["problems"]] == ["fault"]
    for answer in (page, data):
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        for name, value in security.HEADERS.items():
            assert answer.headers[name] == value
    assert "the secret of the house" in caplog.text


def test_a_fault_while_telling_a_fault_is_told_in_plain_words(study, monkeypatch):
    with TestClient(web.app(study), raise_server_exceptions=False) as client:
        monkeypatch.setattr(Study, "refreshed", broken)
        answer = client.get("/sources")
    assert answer.status_code == 500
    assert answer.text == "The observatory failed. Its log says why."


@pytest.mark.parametrize("path", ["/lens/claims", "/"])
def test_a_page_that_takes_long_says_so_and_shows_the_answer_later(study, monkeypatch, path):
    released = threading.Event()
    times = []

    def slow(name, *args, **kwargs):
        if name == "claims":
            times.append(name)
            released.wait(PATIENCE_SECONDS)
        return run(name, *args, **kwargs)

    monkeypatch.setattr(studies, "run", slow)
    with TestClient(web.app(study, patience_seconds=1)) as client:
        for _ in range(2):
            waiting = client.get(path, params={"lang": "en"})
            assert waiting.status_code == 202
            assert '<meta http-equiv="refresh" content="2">' in waiting.text
            assert "Claims" in re.search(r'<p class="question">(.*?)</p>', waiting.text)[1]
            assert waiting.headers["Cache-Control"] == "no-store"
        released.set()
        study.overview()
        shown = client.get(path, params={"lang": "en"})
    assert shown.status_code == 200
    assert "http-equiv" not in shown.text
    assert times[0] == "claims"


def test_a_slow_fault_is_told_and_not_waited_for_again(study, monkeypatch):
    released = threading.Event()

    def slow(*_args, **_kwargs):
        released.wait(PATIENCE_SECONDS)
        broken()

    monkeypatch.setattr(studies, "run", slow)
    assert study.within(0.05, "claims") is None
    released.set()
    for _ in range(2):
        with pytest.raises(RuntimeError):
            study.within(PATIENCE_SECONDS, "claims")


def sheet(path, rows, at=(0, 0)):
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("places")
    for number, row in enumerate(rows):
        page.write_row(at[0] + number, at[1], row)
    book.close()


def test_a_bad_cell_is_named_as_excel_names_it(study, tmp_path):
    rows = [["place_id", "名称", "longitude"], ["zz", "Zhuzhou", "far"]]
    sheet(tmp_path / "a.xlsx", rows, at=(2, 3))
    with TestClient(web.app(study, patience_seconds=300)) as client:
        workbook = ("a.xlsx", (tmp_path / "a.xlsx").read_bytes(), "application/octet-stream")
        told = client.post("/import?lang=en", files={"files": workbook}, headers=SAME)
        assert "<b>F4</b>" in told.text
        text = ("places.csv", b"place_id;name;latitude\nzz;Zhuzhou;far\n", "text/csv")
        told = client.post("/import?lang=en", files={"files": text}, headers=SAME)
        assert "<b>C2</b>" in told.text
        lines = ("places.jsonl", b'{"place_id": "zz", "name": "Z", "latitude": 99}\n', "x/y")
        told = client.post("/import?lang=en", files={"files": lines}, headers=SAME)
        assert "<b>row 1</b>" in told.text
