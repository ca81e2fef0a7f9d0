"""What a workbook holds beside values: errors, formulas, merged cells, hidden sheets."""

import datetime as dt
from unittest import mock

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter.utility import xl_col_to_name

from liantu.ingest.formats import containers, sheet_scan
from liantu.ingest.formats.merges import fill_down
from tests.ingest.desk import gathered, lines, rows
from tests.ingest.packed import HEADER, ROW, SHEET, index, pack, parts, sheet, text

ORG = text("A1 org_id", "B1 name", "C1 founded")


def firms(*cells, **more):
    """The problems of a sheet of organisations with these rows."""
    content = sheet(ORG, *cells, after=more.pop("after", ""))
    return parts(content, index=index(("organisations", "")), **more)


def codes(found):
    return [(item.code, item.row, item.column) for item in found.problems]


def test_an_error_of_excel_is_named_by_cell_and_is_never_a_blank(tmp_path):
    row = '<c r="A2" t="str"><v>O1</v></c><c r="B2" t="str"><v>a</v></c>'
    bad = '<c r="C2" t="e"><f>Sheet9!A1*2</f><v>#REF!</v></c>'
    found = gathered([pack(tmp_path / "b.xlsx", firms(row + bad))])
    (problem,) = found.problems
    assert (problem.code, problem.address) == ("error-cell", "b.xlsx:organisations!2:founded")
    assert problem.found == "'#REF!'"


def test_every_error_of_excel_is_found_also_one_that_is_new(tmp_path):
    errors = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!"]
    made = [
        text(f"A{n} O{n}", f"B{n} a") + f'<c r="C{n}" t="e"><v>{error}</v></c>'
        for n, error in enumerate(errors, start=2)
    ]
    found = gathered([pack(tmp_path / "b.xlsx", firms(*made))])
    assert {item.code for item in found.problems} == {"error-cell"}
    assert [(item.row, item.found) for item in found.problems] == [
        (n, f"'{error}'") for n, error in enumerate(errors, start=2)
    ]


def test_a_formula_without_a_value_is_named_and_the_way_out_too(tmp_path):
    row = text("A2 O1", "B2 a") + '<c r="C2"><f>1990+A9&lt;3</f></c>'
    other = text("A3 O2", "B3 b") + '<c r="C3"><f>1990</f><v></v></c>'
    good = text("A4 O3", "B4 c") + '<c r="C4"><f>1990</f><v>1990</v></c>'
    found = gathered([pack(tmp_path / "b.xlsx", firms(row, other, good))])
    assert codes(found) == [
        ("formula-without-value", 2, "founded"),
        ("formula-without-value", 3, "founded"),
    ]
    assert found.problems[0].found == "'=1990+A9<3'"
    assert "save it once" in found.problems[0].remedy
    assert found.tables["organisations"]["founded"].to_pylist()[-1] == 1990


def test_a_formula_that_gives_empty_text_is_a_blank_cell(tmp_path):
    row = text("A2 O1", "B2 a") + '<c r="C2" t="str"><f>""</f><v></v></c>'
    found = gathered([pack(tmp_path / "b.xlsx", firms(row))])
    assert lines(found) == []


def test_formulas_below_all_values_are_named_too(tmp_path):
    formula = '<c r="A3"><f>A2</f></c><c r="B3"><f>B2</f></c>'
    found = gathered([pack(tmp_path / "b.xlsx", parts(sheet(HEADER, ROW, formula)))])
    assert [(item.code, item.row, item.cell) for item in found.problems] == [
        ("formula-without-value", 3, "A3"),
        ("formula-without-value", 3, "B3"),
    ]


def test_formulas_that_are_to_be_computed_on_opening_are_warned_of(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as made:
        page = made.add_worksheet("places")
        page.write_row(0, 0, ["place_id", "name"])
        page.write_string(1, 0, "P1")
        page.write_formula(1, 1, '="Park "&A2')
    found = gathered([tmp_path])
    assert [(item.code, item.cell, item.severity) for item in found.problems] == [
        ("formula-not-computed", "B2", "warning")
    ]


def test_a_cell_merged_over_rows_holds_for_each_of_them(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as made:
        page = made.add_worksheet("sites")
        page.write_row(0, 0, ["org_id", "site_id", "name"])
        page.merge_range("A2:A4", "O1")
        for row, name in enumerate(["north", "south", "west", "", "east"], start=1):
            page.write_row(row, 1, [f"S{row}", name] if name else [])
        page.merge_range("A5:A6", "O2")
        page.write_string(5, 0, "")
    found = gathered([tmp_path])
    assert [(row["org_id"], row["site_id"]) for row in rows(found, "sites")][:3] == [
        ("O1", "S1"),
        ("O1", "S2"),
        ("O1", "S3"),
    ]
    assert rows(found, "sites")[-1] == {"org_id": "O2", "site_id": "S5", "name": "east"}
    warning = next(item for item in found.problems if item.code == "merged-cells")
    assert (warning.severity, warning.found) == ("warning", "2 merged: A2:A4, A5:A6")


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(["", "x", "y"]), min_size=3, max_size=3), max_size=8),
    st.integers(0, 7),
    st.integers(1, 4),
)
def test_filling_down_changes_nothing_but_blank_cells_of_the_merged_rows(table, first, n_rows):
    last = first + n_rows
    for row in table[first + 1 : last + 1]:
        row[0] = ""
    columns = [[row[k] for row in table] for k in range(3)]
    fill_down(columns, [(first, 0, last, 0)], 0)
    for number, row in enumerate(table):
        is_merged = first < number <= last and any(row)
        expected = table[first][0] if is_merged else row[0]
        assert [column[number] for column in columns] == [expected, *row[1:]]


def test_a_hidden_sheet_is_read_and_said(tmp_path):
    book = parts(index=index(("places", 'state="hidden"')))
    found = gathered([pack(tmp_path / "b.xlsx", book)])
    assert [(item.code, item.severity) for item in found.problems] == [
        ("hidden-sheet", "warning")
    ]
    assert rows(found, "places") == [{"place_id": "P1", "name": "Park"}]


def test_a_title_above_the_header_does_not_shift_rows(tmp_path):
    title = text("A1 Places of the city")
    row = text("A4 P1", "B4 Park", "C4 nowhere")
    content = sheet(title, "", text("A3 place_id", "B3 name", "C3 level"), row)
    found = gathered([pack(tmp_path / "b.xlsx", parts(content))])
    assert codes(found) == [("unknown-choice", 4, "level")]


def test_text_is_taken_without_its_reading_aid_and_keeps_its_zeros(tmp_path):
    rich = (
        '<c r="B2" t="inlineStr"><is><r><t>株</t></r><r><t>洲</t></r>'
        '<rPh sb="0" eb="1"><t>zhu</t></rPh></is></c>'
    )
    strings = "<sst><si><t>001</t><rPh><t>zero</t></rPh></si></sst>"
    book = parts(sheet(HEADER, f'<c r="A2" t="s"><v>0</v></c>{rich}'), strings=strings)
    found = gathered([pack(tmp_path / "b.xlsx", book)])
    assert rows(found, "places") == [{"place_id": "001", "name": "株洲"}]


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path):
    styles = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    header = text("A1 calendar", "B1 date", "C1 working")
    row = '<c r="B2" s="1"><v>1</v></c><c r="C2" t="b"><v>1</v></c>'
    content = sheet(header, text("A2 CN") + row)
    for before, day in (("", (1900, 1, 1)), ('<workbookPr date1904="1"/>', (1904, 1, 2))):
        listed = index(("calendar_days", ""), before=before)
        book = parts(content, index=listed, **{"xl/styles.xml": styles})
        found = gathered([pack(tmp_path / "b.xlsx", book)])
        assert [row["date"] for row in rows(found, "calendar_days")] == [dt.date(*day)]


def test_cells_with_a_prefix_or_without_an_address_are_read_alike(tmp_path):
    plain = sheet(HEADER, ROW)
    prefixed = plain.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
    prefixed = prefixed.replace("xmlns=", "xmlns:x=")
    bare = sheet(*(line.replace("A1", "") for line in (HEADER, ROW)))
    bare = "".join(part for part in bare.split(' r="A2"'))
    for content in (prefixed, bare.replace(' r=""', "").replace(' r="B1"', "")):
        found = gathered([pack(tmp_path / "b.xlsx", parts(content))])
        assert rows(found, "places") == [{"place_id": "P1", "name": "Park"}]


KINDS = {
    "value": "><v>1</v>",
    "error": ' t="e"><v>#N/A</v>',
    "formula": "><f>A1</f>",
    "shared": '><f t="shared" si="0"/>',
    "computed": "><f>A1</f><v>2</v>",
}
BAD = {"error": "error-cell", "formula": "formula-without-value"}
BAD |= {"shared": "formula-without-value"}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(sorted(KINDS))), max_size=6), st.integers(1, 99))
def test_marks_are_the_same_however_the_sheet_is_cut_into_pieces(
    tmp_path_factory, drawn, n_bytes
):
    def cell(kind, row, column):
        return f'<c r="{xl_col_to_name(column - 1)}{row}"{KINDS[kind]}</c>'

    at = [
        (row, column, kind)
        for row, kinds in enumerate(drawn, start=1)
        for column, kind in enumerate(kinds, start=1)
    ]
    body = [
        "".join(cell(kind, row, column) for row, column, kind in at if row == n)
        for n in range(1, len(drawn) + 1)
    ]
    path = pack(tmp_path_factory.mktemp("cut") / "b.xlsx", parts(sheet(*body)))
    with mock.patch.object(containers, "_CHUNK", n_bytes):
        found = sheet_scan.scanned(containers.opened(path, "b.xlsx"), SHEET)
    expected = [(row, column, BAD[kind]) for row, column, kind in at if kind in BAD]
    assert sorted((mark.row, mark.column, mark.code) for mark in found.marks) == expected
    assert found.cells == len(at)
    assert (found.most_row, found.most_column) == (
        max((row for row, _, _ in at), default=0),
        max((column for _, column, _ in at), default=0),
    )
