"""The import page asks what words mean that name no table and no column, and remembers it."""

import re

import pytest
from fastapi.testclient import TestClient

from liantu.faces import web
from liantu.faces.study import Study
from liantu.workspace import Workspace

SAME = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
TEXT = "org_id,企业名称,登记全称,附注\nO1,甲,甲公司,x\n"


@pytest.fixture
def desk(tmp_path):
    made = Workspace.create(tmp_path / "w", name="Desk", language="zh")
    with TestClient(web.app(Study.open(made.path), patience_seconds=300)) as client:
        yield made, client


def tried(client, name="企业名录.csv"):
    files = {"files": (name, TEXT.encode(), "text/csv")}
    return client.post("/import", files=files, headers=SAME)


def token(page):
    return re.search(r'name="token" value="([^"]+)"', page.text)[1]


def test_words_are_asked_for_until_the_files_can_be_committed_and_then_remembered(desk):
    workspace, client = desk
    first = tried(client)
    assert first.status_code == 422
    assert 'name="sheet" value="企业名录"' in first.text
    assert '<option value="organisations">企业机构 (organisations)</option>' in first.text

    answer = {"token": token(first), "sheet": "企业名录", "table": "organisations"}
    second = client.post("/import/again", data=answer, headers=SAME)
    assert second.status_code == 422
    assert 'name="header" value="企业名录!登记全称"' in second.text
    assert '<option value="-">不导入此列</option>' in second.text
    assert '<option value="name_local">本地语言名称 (name_local)</option>' in second.text

    headers = ["企业名录!登记全称", "企业名录!附注"]
    answer = {"token": token(second), "header": headers, "column": ["name_local", "-"]}
    third = client.post("/import/again", data=answer, headers=SAME)
    assert third.status_code == 200
    assert workspace.settings.layouts == {}
    client.post("/import/commit", data={"token": token(third)}, headers=SAME)
    assert workspace.generation().rows == {"organisations": 1}
    assert workspace.settings.layouts == {
        "企业名录": "organisations",
        "企业名录!登记全称": "name_local",
        "企业名录!附注": "",
    }
    assert tried(client).status_code == 200


def test_a_question_without_an_answer_is_asked_again(desk):
    _, client = desk
    first = tried(client, "企业机构.csv")
    answer = {"token": token(first), "header": ["企业机构!登记全称"], "column": [""]}
    again = client.post("/import/again", data=answer, headers=SAME)
    assert again.status_code == 422
    assert 'value="企业机构!登记全称"' in again.text


def test_files_that_are_forgotten_cannot_be_tried_again(desk):
    _, client = desk
    answer = client.post("/import/again", data={"token": "none"}, headers=SAME)
    assert answer.status_code == 422


def test_a_figure_without_its_year_beside_years_may_be_left_out_on_the_page(desk):
    _, client = desk
    text = "org_id,product_id,产值,2023年产量,2024年产量\nO1,P1,5,2,3"
    files = {"files": ("makes.csv", text.encode(), "text/csv")}
    first = client.post("/import", files=files, headers=SAME)
    assert 'name="header" value="makes!产值"' in first.text
    answer = {"token": token(first), "header": "makes!产值", "column": "-"}
    second = client.post("/import/again", data=answer, headers=SAME)
    assert 'name="header" value="makes!产值"' not in second.text
