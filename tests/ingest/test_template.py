"""A template is filled in as an office does it, and an export goes round by way of Excel."""

import datetime as dt

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from liantu.ingest import write_export, write_template
from liantu.ingest.books import layout, lists
from liantu.ingest.books.examples import marked
from liantu.ingest.books.titles import choices, header, table_title
from liantu.ingest.headings.own_sheets import LISTS
from liantu.locale import translated
from liantu.schema import TABLES, columns
from tests.ingest.desk import csv, gathered, lines, rows, table, values

BOTH = pytest.mark.parametrize("language", ["en", "zh"])


@pytest.fixture
def template(tmp_path):
    """A new template, opened as Excel would."""

    def make(language="en", recorded=None):
        path = tmp_path / f"{language}.xlsx"
        write_template(path, language, recorded)
        return load_workbook(path), path

    return make


def cell(book, name, column, row, language="en"):
    """The cell of a column, found by its header."""
    page = book[table_title(name, language)]
    entry = next(entry for entry in columns(TABLES[name]) if entry.name == column)
    heads = [head.value for head in page[1]]
    return page.cell(row, heads.index(header(entry, language)) + 1)


def saved(book, path):
    book.save(path)
    return gathered([path])


def offered(book, name, column, language="en"):
    """What the second row of a column offers, and whether anything else is refused."""
    where = cell(book, name, column, 2, language).coordinate
    for rule in book[table_title(name, language)].data_validations.dataValidation:
        if where in rule.sqref:
            return rule.formula1, bool(rule.showErrorMessage)
    return None


@BOTH
def test_a_template_saved_again_by_another_program_still_holds_nothing(template, language):
    book, path = template(language)
    found = saved(book, path)
    assert (found.tables, found.problems) == ({}, ())


@BOTH
def test_every_table_shows_a_grey_example_that_says_so_in_each_cell(template, language):
    book, _ = template(language)
    for name, model in TABLES.items():
        for entry in columns(model):
            shown = cell(book, name, entry.name, 2, language)
            assert (shown.value or "") == marked(name, entry, language)
            assert shown.value is None or shown.font.italic
    shown = cell(book, "places", "level", 2, language).value
    assert shown == {"en": "e.g. country", "zh": "例：国家"}[language]


@BOTH
def test_an_example_that_is_written_over_is_a_row_like_any_other(template, language):
    book, path = template(language)
    for entry in columns(TABLES["places"]):
        cell(book, "places", entry.name, 2, language).value = None
    cell(book, "places", "place_id", 2, language).value = "001"
    cell(book, "places", "name", 2, language).value = "Home"
    cell(book, "places", "level", 2, language).value = translated("city", language)
    cell(book, "places", "longitude", 2, language).value = 113.5
    found = saved(book, path)
    assert lines(found) == []
    wanted = {"place_id": "001", "name": "Home", "level": "city", "longitude": 113.5}
    assert rows(found, "places") == [wanted]


def test_an_example_left_in_a_row_that_is_written_over_is_a_problem_of_its_cell(template):
    book, path = template()
    cell(book, "places", "place_id", 2).value = "home"
    found = saved(book, path)
    assert {(item.column, item.code, item.row) for item in found.problems} == {
        ("name", "example-left", 2),
        ("name_local", "example-left", 2),
        ("level", "unknown-choice", 2),
        ("longitude", "wrong-type", 2),
        ("latitude", "wrong-type", 2),
        ("datum", "unknown-choice", 2),
        ("evidence", "unknown-choice", 2),
    }
    assert str(next(item for item in found.problems if item.column == "name")) == (
        "en.xlsx:places!2:name example-left: a value of your own in a row that you have "
        "written over; found 'e.g. Zhuzhou'; write over the cell; a row of examples alone is "
        "left out"
    )


def test_the_example_of_another_template_is_left_out_and_a_note_with_its_mark_is_not(tmp_path):
    text = "source_id,title,note\ne.g. S9,e.g. Anything,\nS1,A book,e.g. for rivers"
    found = gathered(csv(tmp_path, sources=text))
    assert lines(found) == []
    assert rows(found, "sources") == [
        {"source_id": "S1", "title": "A book", "note": "e.g. for rivers"}
    ]


def test_rows_below_the_example_are_read_and_the_example_is_not(template):
    book, path = template()
    for row, name in ((3, "b"), (5, "a")):
        cell(book, "places", "place_id", row).value = name
        cell(book, "places", "name", row).value = name.upper()
    found = saved(book, path)
    assert lines(found) == []
    assert rows(found, "places") == [
        {"place_id": "b", "name": "B"},
        {"place_id": "a", "name": "A"},
    ]
    assert found.tables["places"].column("origin_row").to_pylist() == [3, 5]


@BOTH
def test_what_is_typed_into_one_sheet_can_be_chosen_in_another(template, language):
    book, _ = template(language)
    assert offered(book, "makes", "org_id", language) == ("organisations_ids", False)
    sheet = translated("organisations", language)
    assert book.defined_names["organisations_ids"].attr_text == (
        f"INDEX('{sheet}'!$A:$A,2):INDEX('{sheet}'!$A:$A,MAX(2,COUNTA('{sheet}'!$A:$A)))"
    )


@BOTH
def test_the_list_of_a_subject_follows_its_kind(template, language):
    book, _ = template(language)
    formula, is_closed = offered(book, "observations", "subject_id", language)
    kind = f"${cell(book, 'observations', 'subject_kind', 2, language).coordinate}"
    place = translated("place", language)
    assert formula.startswith(f'IF({kind}="{place}",places_ids,IF({kind}=')
    assert formula.count("(") == formula.count(")") == 4
    assert not is_closed


@BOTH
def test_every_choice_is_offered_in_the_language_and_nothing_else_is_taken(template, language):
    book, _ = template(language)
    for name, model in TABLES.items():
        for entry in columns(model):
            words = choices(entry, language)
            if words:
                wanted = (f'"{",".join(words)}"', True)
                assert offered(book, name, entry.name, language) == wanted


def test_a_list_that_is_too_long_for_a_cell_stands_in_a_hidden_sheet(template, monkeypatch):
    monkeypatch.setattr(lists, "_LONGEST_LIST", 20)
    book, path = template()
    assert offered(book, "places", "level") == ("places_level_words", True)
    hidden = book[LISTS]
    assert hidden.sheet_state == "hidden"
    name = book.defined_names["places_level_words"].attr_text
    column = name.split("$")[1]
    assert name == f"'liantu lists'!${column}$1:${column}$5"
    assert [item.value for item in hidden[column][:5]] == [
        "country",
        "province",
        "city",
        "district",
        "park",
    ]
    found = gathered([path])
    assert (found.tables, found.problems) == ({}, ())


def test_identifiers_on_record_are_offered_where_they_are_known(template):
    book, path = template(recorded={"organisations": ["O1", "O2"], "products": []})
    name = book.defined_names["organisations_ids"].attr_text
    assert name == "'liantu lists'!$A$1:$A$2"
    assert [row[0].value for row in book[LISTS].rows] == ["O1", "O2"]
    assert "'products'!" in book.defined_names["products_ids"].attr_text
    assert gathered([path]).problems == ()


RECORDED = {
    "places": table("places", [{"place_id": "001", "name": "Home", "longitude": 113.5}]),
    "calendar_days": table(
        "calendar_days",
        [{"calendar": "CN", "date": dt.date(2024, 5, 1), "working": False}],
    ),
    "organisations": table(
        "organisations",
        [{"org_id": "001", "name": "=1+1", "kind": "company", "place_id": "001"}],
    ),
    "makes": table("makes", [{"org_id": "001", "product_id": "P;1", "year": 2024}]),
}


@BOTH
def test_an_export_saved_again_by_another_program_changes_nothing(tmp_path, language):
    path = tmp_path / "out.xlsx"
    write_export(RECORDED, path, language)
    found = saved(load_workbook(path), path)
    assert lines(found) == []
    assert values(found) == RECORDED


@BOTH
def test_edits_of_an_export_come_in_and_nothing_else_changes(tmp_path, language):
    path = tmp_path / "out.xlsx"
    write_export(RECORDED, path, language)
    book = load_workbook(path)
    cell(book, "places", "longitude", 2, language).value = None
    cell(book, "places", "place_id", 3, language).value = "002"
    cell(book, "places", "name", 3, language).value = "Away"
    cell(book, "calendar_days", "date", 2, language).value = dt.date(2024, 5, 2)
    cell(book, "calendar_days", "working", 2, language).value = choices(
        columns(TABLES["calendar_days"])[2], language
    )[0]
    found = saved(book, path)
    assert lines(found) == []
    assert rows(found, "places") == [
        {"place_id": "001", "name": "Home"},
        {"place_id": "002", "name": "Away"},
    ]
    assert rows(found, "calendar_days") == [
        {"calendar": "CN", "date": dt.date(2024, 5, 2), "working": True}
    ]
    assert values(found)["makes"] == RECORDED["makes"]


@BOTH
def test_lists_meanings_and_formats_of_an_export_outlive_another_program(tmp_path, language):
    path = tmp_path / "out.xlsx"
    write_export(RECORDED, path, language)
    load_workbook(path).save(path)
    book = load_workbook(path)
    assert offered(book, "organisations", "place_id", language) == ("places_ids", False)
    assert offered(book, "makes", "product_id", language) is None  # no sheet lists products
    assert cell(book, "places", "place_id", 2, language).number_format == "@"
    assert cell(book, "calendar_days", "date", 2, language).number_format == "yyyy-mm-dd"
    comment = cell(book, "places", "place_id", 1, language).comment.text
    assert translated("Identifier of the place.", language) in comment
    letter = get_column_letter(cell(book, "places", "boundary", 1, language).column)
    assert book[table_title("places", language)].column_dimensions[letter].width >= 11


@BOTH
def test_a_sheet_that_we_add_to_a_workbook_is_never_taken_for_a_table(tmp_path, language):
    book = Workbook()
    for title in ("Notes", "liantu lists", "liantu problems"):
        page = book.create_sheet(translated(title, language))
        page.append(["place_id", "name"])
        page.append(["x", "y"])
    found = saved(book, tmp_path / "book.xlsx")
    assert (found.tables, lines(found)) == ({}, [])


def test_the_guide_says_how_to_fill_in_before_it_lists_the_columns(template):
    book, _ = template()
    first = [row[0].value for row in book["Notes"].iter_rows(max_row=8)]
    assert first[0].startswith("Each sheet is a table.")
    assert first[len(layout._HOW) + 1] == "Table"  # noqa: SLF001
    assert book["Notes"].freeze_panes == f"A{len(layout._HOW) + 3}"  # noqa: SLF001
