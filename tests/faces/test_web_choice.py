"""What is chosen in the address: place, chain, synthetic rows; and what is carried along."""

import re

import pytest
from fastapi.testclient import TestClient

from liantu.errors import Refusal
from liantu.faces import web
from liantu.faces.study import Study
from liantu.workspace import Workspace


@pytest.fixture(scope="module")
def client(example):
    with TestClient(web.app(example, patience_seconds=300)) as made:
        yield made


def links(text, part="side"):
    nav = re.search(rf'<nav class="{part}".*?</nav>', text, re.DOTALL)[0]
    return re.findall(r'href="([^"]+)"', nav)


def heading(text):
    return re.search(r"<h1>([^<]*)</h1>", text)[1]


def test_the_overview_leaves_synthetic_rows_out_and_counts_them_again(client):
    counted = client.get("/?lang=en").text
    assert "rows read are synthetic" in counted
    assert 'href="/?lang=en&amp;synthetic=false">Leave them out' in counted
    left_out = client.get("/?lang=en&synthetic=false").text
    assert "rows read are synthetic" not in left_out
    assert "Synthetic rows are left out." in left_out
    assert 'href="/?lang=en">Count them' in left_out


def test_the_title_of_the_overview_is_the_chain_in_the_place_with_its_local_name(client):
    english = client.get("/?lang=en").text
    assert heading(english) == "Advanced rail-transit equipment in Zhuzhou"
    assert '<p class="question" lang="zh-Hans">先进轨道交通装备</p>' in english
    assert heading(client.get("/?lang=zh").text) == "株洲先进轨道交通装备"
    other = client.get("/?lang=en&place=qingdao").text
    assert heading(other) == "Advanced rail-transit equipment in Qingdao"
    assert heading(client.get("/?lang=zh&chain=aero").text) == "株洲中小航空发动机及通用航空"


def test_each_lens_of_the_overview_is_asked_with_what_it_has_of_the_address(example):
    found = example.overview({"place": "qingdao", "radius": "10"})
    asked = {lens.name: result.params for lens, result in found.results}
    assert {params["place"] for params in asked.values() if "place" in params} == {"qingdao"}
    assert {params["radius"] for params in asked.values() if "radius" in params} == {10.0}
    assert len(asked) > 2


@pytest.mark.parametrize(
    ("query", "found"),
    [("place=nowhere", "nowhere"), ("synthetic=perhaps", "perhaps"), ("plaice=x", "plaice=x")],
)
def test_the_overview_refuses_what_no_lens_can_read_in_words(client, query, found):
    answer = client.get(f"/?{query}")
    assert answer.status_code == 422
    assert found in answer.text
    assert "What to do" in answer.text


def test_the_overview_tells_a_wrong_value_once_for_each_name(example):
    with pytest.raises(Refusal) as refused:
        example.overview({"synthetic": "perhaps", "radius": "far"})
    assert sorted(p.column for p in refused.value.problems) == ["radius", "synthetic"]


def test_what_the_address_chooses_is_carried_to_lenses_that_ask_for_it(client):
    text = client.get("/lens/completeness?place=qingdao&chain=rail&synthetic=false").text
    found = {href.partition("?")[0]: href for href in links(text)}
    assert "place=qingdao" in found["/"]
    assert "chain=rail" in found["/lens/inventory"]
    assert "place" not in found["/lens/inventory"]
    assert found["/lens/claims"] == "/lens/claims?synthetic=false"
    assert not [href for href in links(client.get("/lens/completeness").text) if "?" in href]


def test_a_choice_that_is_no_record_is_not_carried(client):
    answer = client.get("/lens/completeness?place=nowhere")
    assert answer.status_code == 422
    assert not [href for href in links(answer.text) if "nowhere" in href]


def test_the_switch_offers_every_chain_and_the_places_that_are_compared(client):
    text = client.get("/?lang=en&synthetic=false").text
    form = re.search(r'<form class="switch".*?</form>', text, re.DOTALL)[0]
    places, chains = re.findall(r"<select.*?</select>", form, re.DOTALL)
    assert 'value="zhuzhou" selected' in places
    assert 'value="qingdao"' in places
    assert places.count("<option") <= 30
    assert chains.count("<option") == 8
    assert '<input type="hidden" name="synthetic" value="false">' in form
    assert 'action="/"' in form


def test_the_switch_stays_on_a_page_that_asks_for_what_it_switches(client):
    text = client.get("/lens/completeness?lang=en&place=qingdao&sort=name").text
    form = re.search(r'<form class="switch".*?</form>', text, re.DOTALL)[0]
    assert 'action="/lens/completeness"' in form
    assert 'value="qingdao" selected' in form
    assert "sort" not in form
    assert 'class="switch" method="get" action="/"' in client.get("/sources").text


def test_a_study_without_place_and_chain_goes_by_its_own_name(tmp_path):
    made = Workspace.create(tmp_path / "w", name="Desk")
    with TestClient(web.app(Study.open(made.path))) as client:
        text = client.get("/").text
    assert heading(text) == "Desk"
    assert "<select" not in text
    assert "Choose a value for Chain, Place to see the answer." in text


def test_pictures_of_the_overview_are_asked_with_what_their_lens_has(client):
    text = client.get("/?place=qingdao&origin=tianxin&lang=en").text
    files = [h for h in re.findall(r'href="([^"]+)"', text) if "/figure/" in h]
    assert files
    for href in files:
        assert client.get(href.replace("&amp;", "&")).status_code == 200


def test_that_synthetic_rows_are_left_out_of_a_lens_is_said_once(client):
    page = client.get("/lens/inventory?lang=en&synthetic=false").text
    assert "Synthetic rows are left out." not in page
    assert page.count("Synthetic rows, where there are any, were not read.") == 1
    assert "Count synthetic rows</a>" in page
