"""The web face over HTTP: what each address answers, and what it refuses."""

import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from liantu.faces import web
from liantu.faces.study import Study
from liantu.faces.web import application, security
from liantu.lens import discover
from liantu.workspace import Workspace

PAGES = ("/", "/history", "/sources", "/import", "/search?q=wheel", "/record/products/A01")
LENSES = tuple(f"/lens/{name}" for name in discover())
SAME = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}


class Page(HTMLParser):
    """Tags of a page: their names with attributes, in order; and what is wrong with them."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def of(self, *names):
        return [attrs for tag, attrs in self.tags if tag in names]


@pytest.fixture(scope="module")
def client(example):
    with TestClient(web.app(example, patience_seconds=300)) as made:
        yield made


@pytest.fixture
def desk(tmp_path):
    """A small workspace of its own, with its web face."""
    made = Workspace.create(tmp_path / "w", name="Desk")
    with TestClient(web.app(Study.open(made.path), patience_seconds=300)) as client:
        yield made, client


def places(text="place_id,name\nzz,Zhuzhou\n"):
    return {"files": ("places.csv", text.encode(), "text/csv")}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", [*PAGES, *LENSES])
def test_every_page_answers_in_both_languages_with_nothing_inline_or_from_outside(
    client, path, lang
):
    answer = client.get(path, params={"lang": lang})
    assert answer.status_code == 200
    for name, value in security.HEADERS.items():
        assert answer.headers[name] == value
    page = Page(answer.text)
    assert page.of("html")[0]["lang"] == ("zh-Hans" if lang == "zh" else "en")
    assert len(page.of("h1")) == 1
    for tag, attrs in page.tags:
        assert "style" not in attrs, tag
        assert not [name for name in attrs if name.startswith("on")], tag
    assert not page.of("style")
    for attrs in page.of("script", "link", "img"):
        address = attrs.get("src") or attrs.get("href")
        assert address.startswith(("/", "data:,")), address


@pytest.mark.parametrize("path", LENSES)
def test_a_lens_page_stands_in_the_fixed_order(client, path):
    text = client.get(path).text
    order = ["<h1>", 'class="ask', 'class="finding"', "<figure", 'id="table"', "provenance"]
    found = [text.index(mark) for mark in order if mark in text]
    assert found == sorted(found)
    assert len(found) >= len(order) - 1


def test_a_page_is_kept_until_record_language_or_code_change(client):
    first = client.get("/lens/reach")
    tag = first.headers["etag"]
    again = client.get("/lens/reach", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/lens/reach", headers={"If-None-Match": 'W/"another"'})
    assert other.status_code == 200


def test_rows_are_sorted_by_their_head_with_absent_ones_last(client):
    page = client.get("/lens/reach", params={"sort": "-distance_km"}).text
    assert 'aria-sort="descending"' in page
    column = [c.replace(",", "") for c in re.findall(r'<td class="n">([\d,.]+)</td>', page)]
    assert column
    last = client.get("/lens/reach", params={"sort": "distance_km", "page": "999"}).text
    assert "not on record" in last


def test_a_filter_keeps_rows_that_hold_the_text_in_either_language(client):
    english = client.get("/lens/reach", params={"filter": "wheel"}).text
    chinese = client.get("/lens/reach", params={"filter": "车轮"}).text
    assert re.search(r"Rows: \d+ of \d+", english)
    assert "Solid wheel" in chinese
    nothing = client.get("/lens/reach", params={"filter": "no such thing"}).text
    assert "No row holds “no such thing”" in nothing


def test_a_wrong_value_shows_the_form_again_with_what_was_typed(client):
    answer = client.get("/lens/reach", params={"radius": "far", "origin": "tianxin"})
    assert answer.status_code == 422
    page = Page(answer.text)
    radius = next(attrs for attrs in page.of("input") if attrs.get("name") == "radius")
    assert radius["value"] == "far"
    assert radius["aria-invalid"] == "true"
    assert "autofocus" in radius
    assert "found &#34;far&#34;" in answer.text


def test_a_lens_without_defaults_shows_its_form_and_asks(desk):
    _, client = desk
    answer = client.get("/lens/reach")
    assert answer.status_code == 200
    assert "Choose a value for Product, Origin to see the answer." in answer.text


def test_what_does_not_exist_is_a_page_that_says_so(client):
    for path in ("/lens/reech", "/record/products/nonesuch", "/record/makes/x", "/nonesuch"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert "<h1>" in answer.text
    assert "did you mean reach?" in client.get("/lens/reech").text
    assert client.get("/history?from=99").status_code == 404


def test_programs_are_told_every_problem(client):
    told = client.get("/lens/reach.json", params={"radius": "-1", "detour": "0", "x": "1"})
    assert told.status_code == 422
    assert {p["column"] for p in told.json()["problems"]} == {"radius", "detour", "x"}


def test_text_of_a_reader_is_never_markup(client):
    for path in ("/search", "/lens/reach", "/lens/reach.svg"):
        answer = client.get(path, params={"q": "<script>x", "filter": "<script>x"})
        assert "<script>x" not in answer.text


def test_pictures_come_as_files_of_the_width_asked_for(client):
    svg = client.get("/lens/reach/figure/0.svg", params={"width": "600"})
    assert svg.headers["content-type"] == "image/svg+xml"
    assert 'width="600"' in svg.text
    png = client.get("/lens/reach/figure/0.png", params={"width": "400"})
    assert png.content.startswith(b"\x89PNG")
    assert client.get("/lens/reach/figure/99.svg").status_code == 404


def test_search_finds_either_name_and_pinyin_initials(client):
    for sought in ("traction conv", "牵引变流", "qyblq"):
        assert "Traction converter" in client.get("/search", params={"q": sought}).text, sought
    assert "Nothing on record" in client.get("/search", params={"q": "zzzzqqqq"}).text


def test_an_import_is_tried_then_committed(desk):
    workspace, client = desk
    before = workspace.generation().number
    tried = client.post("/import", files=places(), headers=SAME)
    assert tried.status_code == 200
    assert "Commit 1 changes" in tried.text
    assert workspace.generation().number == before
    token = re.search(r'name="token" value="([^"]+)"', tried.text)[1]
    done = client.post("/import/commit", data={"token": token}, headers=SAME)
    assert done.status_code == 200
    assert workspace.generation().rows == {"places": 1}
    again = client.post("/import/commit", data={"token": token}, headers=SAME)
    assert again.status_code == 422
    assert workspace.generation().rows == {"places": 1}


def test_a_bad_file_is_told_cell_by_cell_and_nothing_is_imported(desk):
    workspace, client = desk
    bad = places("place_id,name,longitude\nzz,Zhuzhou,far\nyy,Yueyang,1131.24\n")
    answer = client.post("/import", files=bad, headers=SAME)
    assert answer.status_code == 422
    assert "Problems: <b>2</b>" in answer.text
    assert "places.csv" in answer.text
    assert 'name="token"' not in answer.text
    assert workspace.generation().rows == {}


@pytest.mark.parametrize(("lang", "title"), [("en", "problems"), ("zh", "问题")])
def test_a_refused_file_can_be_had_back_with_its_problems_marked(desk, lang, title):
    _, client = desk
    files = [
        ("files", ("地区.csv", b"place_id,name,longitude\nzz,Zhuzhou,far\n", "text/csv")),
        ("files", ("products.csv", b"product_id,name\nX,x\n", "text/csv")),
    ]
    answer = client.post(f"/import?lang={lang}", files=files, headers=SAME)
    links = [tag for tag in Page(answer.text).of("a") if "download" in tag]
    assert len(links) == 1
    given = client.get(links[0]["href"])
    assert given.status_code == 200
    assert (
        "filename*=UTF-8''%E5%9C%B0%E5%8C%BA-marked.xlsx"
        in (given.headers["content-disposition"])
    )
    book = load_workbook(BytesIO(given.content))
    assert book.sheetnames == [f"liantu {title}", "地区"]
    assert book["地区"]["C2"].comment.text.startswith("liantu: ")


def test_a_marked_file_that_is_not_kept_is_told_of_in_words(desk):
    _, client = desk
    answer = client.get("/import/marked/nothing/0")
    assert answer.status_code == 404
    assert "choose the files again" in answer.text


def test_a_trial_is_shown_anew_where_the_record_has_changed_meanwhile(desk, tmp_path):
    workspace, client = desk
    tried = client.post("/import", files=places(), headers=SAME)
    token = re.search(r'name="token" value="([^"]+)"', tried.text)[1]
    other = tmp_path / "chains.csv"
    other.write_text("chain_id,name\nrail,Rail\n", encoding="utf-8")
    workspace.import_files([other])
    shown = client.post("/import/commit", data={"token": token}, headers=SAME)
    assert "The record has changed" in shown.text
    assert "places" not in workspace.generation().rows
    client.post("/import/commit", data={"token": token}, headers=SAME)
    assert workspace.generation().rows == {"chains": 1, "places": 1}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_another_site_may_not_import(desk, headers):
    workspace, client = desk
    answer = client.post("/import", files=places(), headers=headers)
    assert answer.status_code == 403
    assert "Content-Security-Policy" in answer.headers
    assert workspace.generation().rows == {}


def test_an_upload_over_the_limit_is_refused(tmp_path):
    made = Workspace.create(tmp_path / "w", name="Desk")
    app = web.app(Study.open(made.path), upload_bytes=1000)
    with TestClient(app, raise_server_exceptions=False) as client:
        large = places("place_id,name\n" + "zz,Zhuzhou\n" * 200)
        assert client.post("/import", files=large, headers=SAME).status_code == 413


def test_a_file_name_cannot_leave_its_folder(desk):
    workspace, client = desk
    for name in ("../../places.csv", "C:\\x\\places.csv", "/etc/places.csv"):
        files = {"files": (name, b"place_id,name\nzz,Zhuzhou\n", "text/csv")}
        assert client.post("/import", files=files, headers=SAME).status_code == 200
    assert not list(workspace.path.parent.glob("places.csv"))


def test_the_page_follows_the_generation_in_use(desk, tmp_path):
    workspace, client = desk
    assert "Nothing on record answers a question yet." in client.get("/").text
    tag = client.get("/sources").headers["etag"]
    source = tmp_path / "sources.csv"
    source.write_text("source_id,title\nS1,A book\n", encoding="utf-8")
    workspace.import_files([source])
    fresh = client.get("/sources", headers={"If-None-Match": tag})
    assert fresh.status_code == 200
    assert "A book" in fresh.text


def test_an_address_of_a_source_that_is_no_web_address_is_not_a_link(desk, tmp_path):
    workspace, client = desk
    source = tmp_path / "sources.csv"
    source.write_text("source_id,title,url\nS1,Bad,javascript:alert(1)\n", encoding="utf-8")
    workspace.import_files([source])
    for path in ("/sources", "/sources/S1", "/report"):
        assert 'href="javascript:' not in client.get(path).text


def test_the_report_asks_for_nothing_and_runs_nothing(client):
    answer = client.get("/report")
    page = Page(answer.text)
    assert not page.of("script", "link", "img", "iframe", "form", "input")
    assert len(page.of("style")) == 1
    assert "url(/" not in answer.text
    assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]


def test_files_stay_inside_their_budgets():
    root = Path(application.__file__).parents[1]
    assert (root / "style.css").stat().st_size <= 12_288
    assert sum(path.stat().st_size for path in root.glob("static/*.js")) <= 20_480


def test_the_template_is_a_workbook(client):
    assert client.get("/template.xlsx").content.startswith(b"PK")
