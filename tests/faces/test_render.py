"""A result as JSON, CSV and a workbook."""

import csv
import io
import json
import math

import pyarrow as pa
import pytest
import python_calamine

from liantu.errors import Refusal
from liantu.faces import render
from liantu.faces.words import Words
from liantu.records import Names
from liantu.result import (
    Answer,
    Bars,
    Entry,
    Provenance,
    Read,
    Ref,
    Result,
    Row,
    Series,
    Stamp,
    rows_of,
    say,
)
from liantu.schema import column


class Line(Row):
    """One thing with a distance."""

    product_id: str = column("The product.", title="Product", references="products")
    distance_km: float | None = column("How far.", title="Distance", unit="km")
    share: float | None = column("How much.", unit="share", ge=0, le=1)
    near: bool | None = column("Whether it is near.")
    tags: list[str] = column("Words about it.")
    note: str | None = column("A note.")


@pytest.fixture
def words(record):
    store = record(products="product_id name name_local\nwheel Wheel 车轮\naxle Axle -")
    return Words("en", Names(store))


def result(**changes):
    given = {
        "product_id": ["wheel", "axle", "ghost"],
        "distance_km": [1.5, math.inf, None],
        "share": [0.25, None, 1.0],
        "near": [True, False, None],
        "tags": [["a", "b"], [], ["c"]],
        "note": ["=1+1", "two, parts", None],
    } | changes
    entry = Entry(
        "reach", say("Reach"), 0.5, "share", say("of {n:count} parts", n=3), unknown=1
    )
    bars = Bars(
        title=say("By place"),
        labels=("here", Ref("products", "wheel")),
        series=(Series("parts", (1.0, math.inf)),),
    )
    stamp = Stamp(7, "abcdef", "2026-11-18T08:00:00+00:00")
    read = Read("parts", "select 1", 3, 1)
    return Result(
        lens="reach",
        params={"radius": 5.0, "near": ["a"]},
        row=Line,
        answer=Answer(rows_of(Line, given), (entry,), (say("2 rows without a site"),)),
        figures=(bars,),
        findings=(say("{n:count} parts of {what}", n=3, what=Ref("products", "wheel")),),
        provenance=Provenance("reach", "0.1", {"radius": 5.0}, stamp, (read,), ("S1",)),
    )


def test_json_has_every_part_and_says_infinity_in_words():
    told = render.result_json(result())
    assert list(told) == [
        "lens",
        "params",
        "columns",
        "rows",
        "summary",
        "figures",
        "findings",
        "left_out",
        "provenance",
    ]
    assert told["rows"][1] == {
        "product_id": "axle",
        "distance_km": "Infinity",
        "share": None,
        "near": False,
        "tags": [],
        "note": "two, parts",
    }
    assert told["columns"][1] == {
        "name": "distance_km",
        "title": "Distance",
        "type": "number",
        "unit": "km",
        "description": "How far.",
    }
    assert told["figures"][0]["kind"] == "bars"
    assert told["figures"][0]["series"][0]["values"] == [1.0, "Infinity"]
    assert told["findings"][0] == {
        "text": "{n:count} parts of {what}",
        "values": {"n": 3, "what": {"table": "products", "id": "wheel"}},
    }
    assert told["provenance"]["generation"] == 7
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_csv_opens_in_excel_and_heads_are_the_names_of_columns(words):
    made = render.result_csv(result(), words)
    assert made.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"))))
    assert rows[0] == ["product_id", "distance_km", "share", "near", "tags", "note"]
    assert rows[1] == ["wheel", "1.5", "0.25", "true", "a;b", "=1+1"]
    assert rows[2] == ["axle", "Infinity", "", "false", "", "two, parts"]


def test_a_workbook_holds_rows_summary_and_provenance_with_numbers_as_numbers(words):
    made = render.result_xlsx(result(), words)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made))
    assert book.sheet_names == ["Rows", "Summary", "Provenance"]
    rows = book.get_sheet_by_name("Rows").to_python()
    assert rows[0][:4] == ["Product", "Product, id", "Distance, km", "Share"]
    assert rows[1][:4] == ["Wheel", "wheel", 1.5, 0.25]
    assert rows[2][2] == "never"
    assert book.get_sheet_by_name("Summary").to_python()[1][:4] == ["reach", "Reach", "", 0.5]
    assert ["Rows read", "parts", 3, "select 1"] in book.get_sheet_by_name(
        "Provenance"
    ).to_python()


def test_text_that_looks_like_a_formula_stays_text(words):
    made = render.result_xlsx(result(), words)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made))
    assert book.get_sheet_by_name("Rows").to_python()[1][-1] == "=1+1"


def test_the_same_result_gives_the_same_workbook(words):
    assert render.result_xlsx(result(), words) == render.result_xlsx(result(), words)


def test_more_rows_than_a_sheet_holds_are_refused_in_words(words, monkeypatch):
    monkeypatch.setattr(render, "_SHEET_ROWS", 2)
    with pytest.raises(Refusal, match="take the CSV"):
        render.result_xlsx(result(), words)


def test_a_table_without_rows_is_only_a_head(words):
    empty = result(**{name: [] for name in Line.model_fields})
    assert isinstance(empty.table, pa.Table)
    assert render.result_json(empty)["rows"] == []
    assert render.result_csv(empty, words).count(b"\r\n") == 1
