"""A file that an import refuses comes back with every problem marked in its cell."""

import errno
import os

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from liantu.errors import Problem, Refusal
from liantu.ingest import Limits, write_export
from liantu.ingest.books import marked, marking
from liantu.ingest.books.marking import mark, targets, write_marked
from liantu.ingest.bounded import Ended
from liantu.locale import translated
from liantu.workspace import Workspace
from tests.ingest.desk import csv, gathered, lines, table

RED, YELLOW = "FFFFC7CE", "FFFFEB9C"


@pytest.fixture
def in_process(monkeypatch):
    """Marks files in this process, which is quicker; which of the jobs ended well."""
    ended = []

    def run(module, folder, seconds):
        assert (module, seconds) == ("liantu.ingest.books.marked", Limits().seconds)
        try:
            marked.main(folder)
        except (MemoryError, OSError):
            ended.append(1)
        else:
            ended.append(0)
        return Ended(ended[-1])

    monkeypatch.setattr(marked, "limit_memory", lambda _: None)
    monkeypatch.setattr(marking, "run", run)
    return ended


@pytest.fixture
def back(in_process, tmp_path):  # noqa: ARG001 - what it does is wanted, not what it gives
    """Read a file; the problems in it, and the workbook that comes back."""

    def attempt(path, language="en"):
        problems = gathered([path]).problems
        target = tmp_path / f"{path.stem}-{language}-marked.xlsx"
        write_marked(path, problems, target, language)
        return problems, load_workbook(target)

    return attempt


def saved(path, **sheets):
    """A workbook with the rows of each sheet."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def coloured(page):
    return {
        cell.coordinate: cell.fill.fgColor.rgb
        for row in page.iter_rows()
        for cell in row
        if cell.fill.fill_type
    }


def commented(page):
    return {
        cell.coordinate: cell.comment.text
        for row in page.iter_rows()
        for cell in row
        if cell.comment
    }


PLACES = [["place_id", "name", "longitude"], ["P1", "Home", "far"], ["P1", None, 999]]


def test_each_bad_cell_is_red_and_says_what_was_expected_found_and_to_do(back, tmp_path):
    _, book = back(saved(tmp_path / "a.xlsx", places=PLACES))
    page = book["places"]
    assert coloured(page) == dict.fromkeys(("C2", "A3", "B3", "C3"), RED)
    assert commented(page)["C2"] == (
        "liantu: error\n"
        "Expected: a number in degree, at least -180, at most 180\n"
        "Found: 'far'\n"
        "What to do: correct the cell or leave the cell blank"
    )
    assert [cell.value for cell in page[2]] == ["P1", "Home", "far"]


def test_the_list_has_every_problem_and_a_link_to_its_cell(back, tmp_path):
    problems, book = back(saved(tmp_path / "a.xlsx", places=PLACES))
    assert book.sheetnames == ["liantu problems", "places"]
    page = book["liantu problems"]
    assert [cell.value for cell in page[1]] == [
        "Severity",
        "File",
        "Sheet",
        "Row",
        "Column",
        "Cell",
        "Code",
        "Expected",
        "Found",
        "What to do",
    ]
    listed = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    assert [row[1:] for row in listed] == [
        [
            item.file,
            item.sheet,
            item.row,
            item.column,
            item.cell,
            item.code,
            item.expected,
            item.found,
            item.remedy,
        ]
        for item in problems
    ]
    links = [row[5].hyperlink.location for row in page.iter_rows(min_row=2)]
    assert links == [f"'places'!{item.cell}" for item in problems]
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:J5")
    assert book.active is page
    assert not book["places"].sheet_view.tabSelected
    assert all(page.column_dimensions[letter].width >= 8 for letter in "ABCDEFGHIJ")


def test_a_table_that_begins_further_down_and_to_the_right_is_marked_where_it_stands(
    back, tmp_path
):
    rows = [[], [], *([None, None, *row] for row in PLACES)]
    problems, book = back(saved(tmp_path / "a.xlsx", places=rows))
    assert {item.cell for item in problems} == {"E4", "C5", "D5", "E5"}
    assert set(coloured(book["places"])) == {"E4", "C5", "D5", "E5"}


def test_a_column_that_is_missing_is_marked_at_the_header_and_a_strange_one_in_its_cell(
    back, tmp_path
):
    rows = [[None, "place_id", "what is this"], [None, "P1", "x"]]
    _, book = back(saved(tmp_path / "a.xlsx", places=rows))
    told = commented(book["places"])
    assert set(told) == {"B1", "C1"}
    assert "add the column name and fill it in" in told["B1"]
    assert "the name of a column of places" in told["C1"]


def test_a_warning_is_yellow(back, tmp_path):
    rows = [["org_id", "name", "registration_no"], ["O1", "Works", "91430200MA4L16JQ9X"]]
    problems, book = back(saved(tmp_path / "a.xlsx", organisations=rows))
    assert {item.severity for item in problems} == {"warning"}
    assert coloured(book["organisations"]) == {"C2": YELLOW}


@pytest.mark.usefixtures("in_process")
def test_all_problems_of_a_cell_are_in_its_comment_the_worst_first_which_colours_it(tmp_path):
    path = saved(tmp_path / "a.xlsx", places=[["place_id"], ["P1"]])
    where = {"file": "a.xlsx", "sheet": "places", "row": 2, "column": "place_id", "cell": "A2"}
    two = [
        Problem("one", "this", "that", "do so", severity="warning", **where),
        Problem("two", "that", "this", "do not", **where),
    ]
    write_marked(path, two, tmp_path / "b.xlsx", "en")
    page = load_workbook(tmp_path / "b.xlsx")["places"]
    assert coloured(page) == {"A2": RED}
    assert page["A2"].comment.text == (
        "liantu: error\nExpected: that\nFound: this\nWhat to do: do not\n\n"
        "liantu: warning\nExpected: this\nFound: that\nWhat to do: do so"
    )


def test_the_workbook_keeps_its_other_sheets_formulas_formats_and_what_people_noted(
    back, tmp_path
):
    path = saved(tmp_path / "a.xlsx", places=PLACES)
    book = load_workbook(path)
    page = book["places"]
    page["C2"].comment = Comment("ask Li", "Wang")
    page["A2"].number_format = "@"
    page.column_dimensions["B"].width = 33
    page.merge_cells("B6:C6")
    other = book.create_sheet("说明")
    other["B2"] = "=1+1"
    book.save(path)
    before = path.read_bytes()
    _, book = back(path)
    page = book["places"]
    assert page["C2"].comment.text.startswith("liantu: error\n")
    assert page["C2"].comment.text.endswith("\nask Li")
    assert (page["A2"].number_format, page.column_dimensions["B"].width) == ("@", 33)
    assert [str(area) for area in page.merged_cells.ranges] == ["B6:C6"]
    assert book["说明"]["B2"].value == "=1+1"
    assert path.read_bytes() == before


def test_a_marked_workbook_that_was_corrected_comes_in(back, tmp_path):
    path = saved(tmp_path / "a.xlsx", places=PLACES)
    _, book = back(path)
    page = book["places"]
    page["C2"], page["A3"], page["B3"], page["C3"] = 113.1, "P2", "Away", None
    again = tmp_path / "again.xlsx"
    book.save(again)
    found = gathered([again])
    assert lines(found) == []
    assert found.tables["places"].column("place_id").to_pylist() == ["P1", "P2"]


def test_marks_of_an_earlier_time_are_taken_back(back, tmp_path):
    path = saved(tmp_path / "a.xlsx", places=PLACES)
    book = load_workbook(path)
    book["places"]["C2"].comment = Comment("ask Li", "Wang")
    book.save(path)
    _, book = back(path)
    page = book["places"]
    page["C2"], page["A3"], page["B3"] = 113.1, "P2", "Away"
    again = tmp_path / "again.xlsx"
    book.save(again)
    _, book = back(again)
    assert book.sheetnames == ["liantu problems", "places"]
    assert coloured(book["places"]) == {"C3": RED}
    assert commented(book["places"])["C2"] == "ask Li"
    assert set(commented(book["places"])) == {"C2", "C3"}


def test_a_csv_comes_back_as_a_workbook_of_its_rows_and_text_stays_text(back, tmp_path):
    text = "place_id,name,longitude\n001,=1+1,far\n002,#N/A\n003,Home,113"
    problems, book = back(csv(tmp_path, places=text)[0])
    assert book.sheetnames == ["liantu problems", "places"]
    page = book["places"]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["place_id", "name", "longitude"],
        ["001", "=1+1", "far"],
        ["002", "#N/A", None],
        ["003", "Home", "113"],
    ]
    assert page["B2"].data_type == page["B3"].data_type == "s"
    assert set(coloured(page)) == {"C2", "A3"}
    assert "ragged-row" in {item.code for item in problems}
    assert page.freeze_panes == "A2"


def test_a_csv_in_the_encoding_of_chinese_excel_comes_back_readable(back, tmp_path):
    path = tmp_path / "地区.csv"
    path.write_bytes("地区,名称,经度\r\nP1,株洲市,远\r\n".encode("gb18030"))
    _, book = back(path)
    assert [cell.value for cell in book["地区"][2]] == ["P1", "株洲市", "远"]
    assert "C2" in coloured(book["地区"])


def test_what_is_not_a_workbook_comes_back_as_the_list_alone(back, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 not at all")
    problems, book = back(path)
    assert book.sheetnames == ["liantu problems"]
    assert book["liantu problems"]["G2"].value == problems[0].code == "unreadable-file"


def test_where_the_file_is_too_much_for_its_writer_the_list_comes_back_alone(
    back, in_process, tmp_path, monkeypatch
):
    def too_much(*_, **__):
        raise MemoryError

    monkeypatch.setattr(marked, "load_workbook", too_much)
    problems, book = back(saved(tmp_path / "a.xlsx", places=PLACES))
    assert in_process == [1, 0]
    assert book.sheetnames == ["liantu problems"]
    assert [cell.value for cell in book["liantu problems"]["F"]] == ["Cell"] + [None] * 4
    assert len(problems) == 4


def test_a_writer_that_takes_too_long_is_told_of_in_words(tmp_path):
    path = saved(tmp_path / "a.xlsx", places=PLACES)
    problem = Problem("c", "", "", "", file="a.xlsx", sheet="places", row=2, cell="A2")
    limits = Limits(seconds=0)
    with pytest.raises(Refusal, match="found its writer stopped"):
        write_marked(path, [problem], tmp_path / "b.xlsx", "en", limits=limits)
    assert not (tmp_path / "b.xlsx").exists()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list_and_the_comments_speak_the_language(back, tmp_path, language):
    _, book = back(saved(tmp_path / "a.xlsx", places=PLACES), language)
    page = book[translated("liantu problems", language)]
    assert page["H1"].value == translated("Expected", language)
    assert page["A2"].value == translated("error", language)
    assert f"\n{translated('Found', language)}: 'far'\n" in commented(book["places"])["C2"]


@pytest.mark.usefixtures("in_process")
def test_what_looks_like_a_formula_in_a_problem_is_listed_as_text(tmp_path):
    path = saved(tmp_path / "a.xlsx", places=[["=cmd|x"]])
    bad = Problem("c", "=1+1", "\x07", "x" * 40_000, file="a.xlsx", column="=2+2")
    write_marked(path, [bad], tmp_path / "b.xlsx", "en")
    row = load_workbook(tmp_path / "b.xlsx")["liantu problems"][2]
    assert [row[4].data_type, row[7].data_type] == ["s", "s"]
    assert (row[4].value, row[7].value, row[8].value) == ("=2+2", "=1+1", "\ufffd")
    assert len(row[9].value) == 32_767


def test_beyond_the_comments_that_a_sheet_can_bear_cells_are_coloured_alone(
    back, tmp_path, monkeypatch
):
    monkeypatch.setattr(marked, "_MOST_COMMENTS", 1)
    _, book = back(saved(tmp_path / "a.xlsx", places=PLACES))
    page = book["places"]
    assert (len(coloured(page)), len(commented(page))) == (4, 1)


@pytest.mark.usefixtures("in_process")
def test_of_several_files_those_with_problems_come_back_under_their_names(tmp_path):
    files = [
        saved(tmp_path / "a.xlsx", places=PLACES),
        saved(tmp_path / "b.xlsx", products=[["product_id", "name"], ["X", "x"]]),
        *csv(tmp_path, chains="chain_id,name\nrail,"),
    ]
    written = mark(files, gathered(files).problems, tmp_path / "out.xlsx", "en")
    assert [path.name for path in written] == ["out-a.xlsx", "out-chains.xlsx"]
    listed = load_workbook(written[1])["liantu problems"]
    assert [cell.value for cell in listed["B"]] == ["File", "chains.csv"]


def test_files_of_one_name_come_back_under_two(tmp_path):
    named = ("x.csv", "x.xlsx")
    for name in named:
        (tmp_path / name).write_text("")
    found = targets([tmp_path / name for name in named], tmp_path / "out.xlsx")
    assert [path.name for path in found.values()] == ["out-x.csv-1.xlsx", "out-x.xlsx-2.xlsx"]


@pytest.mark.usefixtures("in_process")
def test_an_earlier_row_that_loses_what_it_names_is_listed(tmp_path):
    workspace = Workspace.create(tmp_path / "w", name="Desk")
    first = {
        "products": table("products", [{"product_id": "X", "name": "x"}]),
        "organisations": table("organisations", [{"org_id": "O", "name": "o"}]),
        "makes": table("makes", [{"org_id": "O", "product_id": "X"}]),
    }
    write_export(first, tmp_path / "first.xlsx")
    workspace.import_files([tmp_path / "first.xlsx"])
    file = csv(tmp_path, products="product_id,name\nY,y")[0]
    with pytest.raises(Refusal) as refused:
        workspace.import_files([file], replace=True)
    (written,) = mark([file], refused.value.problems, tmp_path / "out.xlsx", "en")
    listed = load_workbook(written)["liantu problems"]
    assert [cell.value for cell in listed[2]][1:4] == [None, "makes", None]


def test_a_file_that_is_there_is_never_written_over(tmp_path):
    path = saved(tmp_path / "a.xlsx", places=PLACES)
    before = path.read_bytes()
    for out in (path, tmp_path / "a.csv", tmp_path / "nowhere" / "b.xlsx"):
        with pytest.raises(Refusal, match="no-mark"):
            marking.targets([path], out)
    assert path.read_bytes() == before


def test_no_problem_no_workbook(tmp_path):
    path = saved(tmp_path / "a.xlsx", places=PLACES)
    assert mark([path], [], tmp_path / "out.xlsx", "en") == []
    assert not (tmp_path / "out.xlsx").exists()


def test_a_disk_that_fails_under_the_writer_is_told_in_words(monkeypatch, tmp_path):
    def run(*_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(marking, "run", run)
    with pytest.raises(Refusal, match=r"no-room: .*; found input/output error; "):
        write_marked(tmp_path / "a.csv", [], tmp_path / "out.xlsx", "en")
    assert not (tmp_path / "out.xlsx").exists()
