"""What a lens shows of its answer: pictures that fit, and columns that say something."""

import io
import re
import sys

import openpyxl
import pyarrow.csv
import pytest
from fastapi.testclient import TestClient

from liantu.faces import web
from liantu.faces.address import Address
from liantu.faces.cells import cell
from liantu.faces.cli import main
from liantu.faces.grid import grid
from liantu.faces.pictures import ACROSS, pictures
from liantu.faces.render import result_xlsx
from liantu.faces.view import named
from liantu.faces.words import Words
from liantu.lens import discover
from liantu.result import Answer, Entry, Provenance, Result, Row, Stamp, rows_of, say
from liantu.schema import column, columns

COLUMN = 1440 - 15 - 168 - 2 * 24 - 252 - 24  # scroll bar, navigation, padding, form, gap
BLANK = {"en": "In the files too, without a value in any row:", "zh": "各行均无记录"}


class PlaceRow(Row):
    """One place."""

    name: str = column("What it is called.")
    seen: str | None = column("When it was seen.")
    rank: int | None = column("Which it is.")
    near: list[str] = column("What is near.")


def answered(**values):
    table = rows_of(PlaceRow, values)
    origin = Provenance("places", "0", {}, Stamp(), (), ())
    return Result("places", {}, PlaceRow, Answer(table), (), (), origin)


def heads(page):
    return re.findall(r'<th scope="col".*?title="[^"]*">([^<]*)</a>', page)


@pytest.mark.parametrize("lens", discover().values(), ids=lambda lens: lens.name)
def test_pictures_fit_the_page_and_the_column_beside_a_long_form(example, lens):
    result = example.run(lens.name, lens.example)
    words = Words("en", example.names)
    is_beside = len(result.params) > ACROSS
    whole = COLUMN if is_beside else COLUMN + 252 + 24
    for row in pictures(result, words, Address(path=f"/lens/{lens.name}")):
        for shown in row:
            wide = float(re.search(r'<svg[^>]* width="([\d.]+)', shown.drawing)[1])
            assert wide <= (whole if len(row) == 1 else (whole - 24) / 2)
    if is_beside and result.figures:
        printed = pictures(result, words, Address(printed=True))
        assert {shown.width for row in printed for shown in row} <= {575, 1180}


def test_a_column_without_a_value_is_left_to_the_files_and_that_is_said(
    example, example_folder, monkeypatch, capsysbinary
):
    with TestClient(web.app(example, patience_seconds=300)) as client:
        page = client.get("/lens/complexity", params={"lang": "en"}).text
        drawn = client.get("/lens/complexity", params={"lang": "en", "draws": 5}).text
        file = client.get("/lens/complexity.csv").content
    assert "Rank low" in heads(drawn)
    assert heads(page)
    assert "Rank low" not in heads(page)
    assert f"{BLANK['en']} Rank low, Rank high" in page
    assert "rank_low" in pyarrow.csv.read_csv(io.BytesIO(file)).column_names

    arguments = ["run", "complexity", "-w", str(example_folder), "--lang", "zh"]
    monkeypatch.setattr(sys, "argv", ["liantu", *arguments])
    with pytest.raises(SystemExit):
        main()
    lines = capsysbinary.readouterr().out.decode().splitlines()
    told = [line for line in lines if BLANK["zh"] in line]
    title = Words("zh", example.names).say("Rank low")
    assert len(told) == 1
    assert title in told[0]
    assert not [line for line in lines if title in line and line not in told]


def test_a_table_without_rows_and_columns_that_were_chosen_keep_every_head(example):
    words = Words("en", example.names)
    none = answered(name=[], seen=[], rank=[], near=[])
    assert len(grid(none.table, PlaceRow, words, Address()).heads) == 4
    one = answered(name=["Hetang"], seen=[None], rank=[None], near=[[]])
    shown = grid(one.table, PlaceRow, words, Address())
    assert [head.title for head in shown.heads] == ["Name", "Near"]
    assert shown.blank == "Seen, Rank"
    chosen = grid(one.table, PlaceRow, words, Address(), (("name", "rank"), 5))
    assert [head.title for head in chosen.heads] == ["Name", "Rank"]
    assert not chosen.blank


@pytest.mark.parametrize(("language", "none"), [("en", "none"), ("zh", "无")])
def test_an_empty_list_reads_none_on_page_in_text_and_in_a_workbook(example, language, none):
    words = Words(language, example.names)
    one = answered(name=["Hetang"], seen=["2020-01-15"], rank=[1], near=[[]])
    (row,) = grid(one.table, PlaceRow, words, Address()).rows
    assert row[3].text == none
    near = columns(PlaceRow)[3]
    assert words.cell([], near) == none
    assert words.cell(["a", None], near) == f"a, {words.say('not on record')}"
    book = openpyxl.load_workbook(io.BytesIO(result_xlsx(one, words)))
    assert book.worksheets[0].cell(2, 4).value == none


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("2020-01-15", "date"),
        ("2020-01", "date"),
        ("2020-01-15 to 20", "text"),
        ("A-1", "text"),
    ],
)
def test_a_date_is_kept_on_one_line(example, value, kind):
    words, seen = Words("en", example.names), columns(PlaceRow)[1]
    assert cell(seen, value, words, Address()).kind == kind


def test_a_year_has_no_unit_beside_it(example):
    year = Entry("year", say("Year"), 2023, "year")
    for language in ("en", "zh"):
        shown = named(year, Words(language, example.names))
        assert (shown.value, shown.unit) == ("2023", "")
