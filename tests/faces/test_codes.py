"""Codes of activities: named wherever they are read, and codes alone in files for programs."""

import csv
import io

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from liantu.faces import web
from liantu.faces.render import result_csv, result_json, result_xlsx
from liantu.faces.words import Words
from liantu.lens import run
from liantu.records import Names
from liantu.result import Ref
from liantu.schema import columns

PLACES = "place_id name level\na A city\nb B city"
FIGURES = """
subject_kind subject_id measure    activity year value unit
place        a          employment 3711     2023 60    persons
place        a          employment 5555     2023 40    persons
place        b          employment 5555     2023 90    persons
place        b          employment 3711     2023 10    persons
"""
CODES = "code scheme name name_local\n3711 GB High-speed~trains 高铁车组制造"


@pytest.fixture
def store(record):
    return record(places=PLACES, observations=FIGURES, codes=CODES)


@pytest.fixture
def result(store):
    return run("specialisation", {"place": "a"}, store=store)


@pytest.mark.parametrize(
    ("language", "called"),
    [("en", "3711 High-speed trains"), ("zh", "3711 高铁车组制造")],
)
def test_sentences_pictures_and_cells_say_what_a_code_is(store, result, language, called):
    words = Words(language, Names(store))
    assert called in words.say(result.findings[0])
    assert [words.label(label) for label in result.figures[0].labels] == [called, "5555"]
    activity = next(e for e in columns(result.row) if e.name == "activity")
    assert words.cell("3711", activity) == called


def test_a_sheet_has_the_name_and_the_code_beside_it(store, result):
    book = load_workbook(io.BytesIO(result_xlsx(result, Words("en", Names(store)))))
    head, first, second = book["Rows"].iter_rows(values_only=True)
    at = head.index("Activity")
    assert head[at + 1] == "Activity, id"
    assert first[at : at + 2] == ("3711 High-speed trains", "3711")
    assert second[at : at + 2] == ("5555", "5555")


def test_files_for_programs_keep_the_code(store, result):
    text = result_csv(result, Words("zh", Names(store))).decode("utf-8-sig")
    assert [row["activity"] for row in csv.DictReader(io.StringIO(text))] == ["3711", "5555"]
    assert [row["activity"] for row in result_json(result)["rows"]] == ["3711", "5555"]


def test_the_places_that_lose_and_the_sectors_that_lose_are_told_apart(example):
    result = example.run("systemic_risk", {"chain": "rail"})
    lost = [e for e in result.summary if e.name == "sector_loss GB/T 4754"]
    assert len({e.subject for e in lost}) == len(lost) > 3
    assert all(isinstance(e.subject, Ref) and e.subject.table == "codes" for e in lost)


@pytest.mark.parametrize(
    ("language", "called"),
    [("en", "3711 High-speed trains"), ("zh", "3711 高铁车组制造")],
)
def test_the_page_of_a_lens_names_codes_and_leads_to_no_page_of_theirs(
    example, language, called
):
    with TestClient(web.app(example, patience_seconds=300)) as client:
        asked = {"place": "qingdao", "measure": "employment", "lang": language}
        page = client.get("/lens/specialisation", params=asked).text
    assert called in page
    assert "/record/codes" not in page
