"""An export that is imported again changes nothing; a template holds nothing to import."""

import datetime as dt
import shutil
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liantu.errors import Refusal
from liantu.ingest import write_export, write_template
from liantu.ingest.books import exporting, layout
from liantu.ingest.books.examples import example
from liantu.ingest.contents.plain_text import is_blank_word
from liantu.ingest.contents.totals import is_footer
from liantu.schema import TABLES, arrow_schema, columns, key_columns
from tests.ingest.desk import csv, gathered, lines, table, values

AWKWARD = ["001", "1e5", "=1+1", "+2", "@x", "2024-05-31", "true", "是", "a,b", 'say "so"']
AWKWARD += [
    "two\nlines",
    "tab\there",
    "_x0041_",
    "株洲",
    "'quoted",
    "P1;P2",
    "nan",
    "0",
    "\x07b",
]
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"


def comes_back(text):
    """Whether text is more than blanks, a word for nothing, a sum or a note at the foot."""
    is_bare = text.strip().strip(UNSEEN).strip() == text != ""
    is_sum = any(word in text.casefold() for word in ("计", "total", "sum"))
    return is_bare and not is_blank_word(text) and not is_sum and not is_footer(text)


TEXT = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=12),
).filter(comes_back)


def cells(entry):
    if entry.name == "datum":  # others are converted, and so do not come back
        return st.just("wgs84")
    if entry.choices:
        return st.sampled_from(entry.choices)
    if entry.name == "currency":
        return st.sampled_from(["CNY", "EUR", "USD"])
    if entry.is_day:
        return st.sampled_from(["2021", "2021-11", "2021-11-05", "2006-2014"])
    low, high = entry.minimum, entry.maximum
    return {
        "text": TEXT if not entry.separator else st.sampled_from(["S1", "S1;S2"]),
        "integer": st.integers(int(low or 0), int(high or 2**60)),
        "number": st.floats(
            low, high, allow_nan=False, allow_infinity=False, exclude_min=False
        ).filter(lambda value: entry.above is None or value > entry.above),
        "boolean": st.booleans(),
        "date": st.dates(),
        "time": st.datetimes(),
    }[entry.type]


def rows_of(name):
    """Rows of a table, each key once."""
    model = TABLES[name]
    fields = {
        entry.name: st.none() | cells(entry) if entry.nullable else cells(entry)
        for entry in columns(model)
    }
    keys = [entry.name for entry in key_columns(model)]
    return st.lists(
        st.fixed_dictionaries(fields),
        min_size=1,
        max_size=4,
        unique_by=lambda row: tuple(row[key] for key in keys),
    )


@st.composite
def tables(draw):
    names = draw(st.lists(st.sampled_from(sorted(TABLES)), min_size=1, max_size=3, unique=True))
    return {name: table(name, draw(rows_of(name))) for name in names}


QUIET = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def returned(tables, name, language):
    folder = Path(tempfile.mkdtemp())
    try:
        write_export(tables, folder / name, language)
        found = gathered([folder / name])
        assert lines(found) == []
        return values(found)
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["book.xlsx", "folder"])
@QUIET
@given(written=tables())
def test_what_is_exported_comes_back_as_it_was(name, language, written):
    assert returned(written, name, language) == {
        key: written[key] for key in TABLES if key in written
    }


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["book.xlsx", "folder"])
def test_a_code_of_two_classifications_comes_back_as_text_under_both(tmp_path, name, language):
    heads = ("分类或认定体系,代码,名称,本地语言名称", "GB/T 4754,0111,Rice,稻谷种植")
    found = gathered(csv(tmp_path, codes="\n".join((*heads, "ISIC,0111,Cereals,"))))
    assert lines(found) == []
    wanted = [
        {"code": "0111", "scheme": "GB/T 4754", "name": "Rice", "name_local": "稻谷种植"},
        {"code": "0111", "scheme": "ISIC", "name": "Cereals"},
    ]
    codes = table("codes", wanted)
    assert values(found) == {"codes": codes}
    assert returned({"codes": codes}, name, language) == {"codes": codes}


def test_blanks_around_text_are_left_out_once_and_in_every_format():
    rough = table("places", [{"place_id": " P1", "name": " a\r\nb\n", "name_local": ""}])
    smooth = table("places", [{"place_id": "P1", "name": "a\nb"}])
    for name in ("book.xlsx", "folder"):
        assert returned({"places": rough}, name, "en") == {"places": smooth}


def test_numbers_keep_every_digit_and_days_before_excel_their_date():
    made = table(
        "makes",
        [
            {
                "org_id": "O",
                "product_id": "P",
                "year": year,
                "output": output,
                "value": 0.1 + 0.2,
            }
            for year, output in (
                (2000, 5e-324),
                (2001, 1.7976931348623157e308),
                (2002, 1e15 / 7),
            )
        ],
    )
    days = table(
        "calendar_days",
        [
            {"calendar": "C", "date": day, "working": True}
            for day in (dt.date(1, 1, 1), dt.date(1900, 2, 28), dt.date(9999, 12, 31))
        ],
    )
    written = {"calendar_days": days, "makes": made}
    assert returned(written, "book.xlsx", "en") == written


def test_only_tables_with_rows_are_written_and_no_origin(tmp_path):
    places = table("places", [{"place_id": "P1", "name": "a"}])
    places = places.append_column("origin_row", pa.array([7], pa.int32()))
    empty = arrow_schema(TABLES["sites"]).empty_table()
    write_export({"places": places, "sites": empty}, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["places.csv"]
    assert "origin" not in (tmp_path / "out" / "places.csv").read_text()


def test_more_than_a_sheet_holds_is_refused_towards_a_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "MOST_ROWS", 1)
    two = table("places", [{"place_id": "P1", "name": "a"}, {"place_id": "P2", "name": "b"}])
    with pytest.raises(Refusal) as refused:
        write_export({"places": two}, tmp_path / "book.xlsx")
    assert str(refused.value) == (
        "places too-large: at most 1 rows in a sheet; found 2 rows of places; export to a "
        "folder of CSV files instead"
    )
    long = table("places", [{"place_id": "P1", "name": "a", "boundary": "x" * 40_000}])
    with pytest.raises(Refusal, match="at most 32,767 characters in a cell; found 40,000"):
        exporting.write_export({"places": long}, tmp_path / "book.xlsx")
    assert not (tmp_path / "book.xlsx").exists()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_untouched_template_holds_nothing_and_no_problem(tmp_path, language):
    write_template(tmp_path / "book.xlsx", language)
    found = gathered([tmp_path / "book.xlsx"])
    assert (found.tables, found.problems, found.sheets) == ({}, (), ())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_template_is_written_with_the_same_bytes_each_time(tmp_path, language):
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name, language)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_the_example_of_every_table_would_be_imported(tmp_path):
    for name, model in TABLES.items():
        entries = columns(model)
        shown = pa.table({entry.name: [example(name, entry)] for entry in entries})
        exporting.pv.write_csv(shown, tmp_path / f"{name}.csv")
    found = gathered([tmp_path])
    assert lines(found) == []
    assert set(found.tables) == set(TABLES)


def test_a_template_is_refused_where_it_cannot_or_must_not_be_written(tmp_path):
    (tmp_path / "full.xlsx").write_bytes(b"a morning's work")
    for name, expected in (
        ("nowhere/book.xlsx", "a folder that is there"),
        ("book.csv", "a name that ends in .xlsx"),
        ("full.xlsx", "a name that no file has yet"),
    ):
        with pytest.raises(Refusal, match=expected):
            write_template(tmp_path / name, "en")
    assert (tmp_path / "full.xlsx").read_bytes() == b"a morning's work"


def test_an_export_is_refused_where_other_tables_would_stay_behind(tmp_path):
    (tmp_path / "claims.csv").write_text("claim_id,statement\n")
    with pytest.raises(Refusal, match=r"without other tables.*found claims\.csv"):
        write_export({}, tmp_path, "en")
    with pytest.raises(Refusal, match=r"ends in \.xlsx, or a folder"):
        write_export({}, tmp_path / "out.pdf", "en")
