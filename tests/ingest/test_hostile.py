"""Files that are damaged, or made to do harm, are refused by name, soon, and in little room."""

import os
import struct
import subprocess
import sys
import time
import zipfile
from unittest import mock

import pytest

from liantu.errors import Refusal
from liantu.ingest.formats import containers, sheet_scan
from tests.ingest.desk import gathered, lines, rows
from tests.ingest.packed import (
    HEADER,
    ROW,
    SHEET,
    bomb,
    changed,
    index,
    pack,
    parts,
    relations,
    sheet,
    types,
)

MIB = 1 << 20


def only(path):
    """The one problem of a file."""
    (problem,) = gathered([path]).problems
    assert problem.expected
    assert problem.remedy
    return problem


def refused(path):
    problem = only(path)
    return problem.code, problem.found


def test_the_workbook_that_the_others_are_made_from_is_good(tmp_path):
    found = gathered([pack(tmp_path / "b.xlsx")])
    assert (lines(found), found.rows) == ([], (1,))


MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
OFFICE = "application/vnd.openxmlformats-officedocument"
WORD, SLIDES = "wordprocessingml.document.main+xml", "presentationml.presentation.main+xml"
ODS = "application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        (parts(types=types(MACROS)), "a workbook with macros"),
        (parts(**{"xl/vbaProject.bin": b"..."}), "a workbook with macros"),
        (parts(types=types(BINARY)), "a binary workbook (.xlsb)"),
        ({"[Content_Types].xml": types(f"{OFFICE}.{WORD}")}, "a Word document"),
        ({"[Content_Types].xml": types(f"{OFFICE}.{SLIDES}")}, "a PowerPoint presentation"),
        ({"mimetype": ODS, "content.xml": "<x/>"}, "an OpenDocument sheet (.ods)"),
        ({"a.csv": "place_id"}, "a zip archive with 'a.csv' in it"),
        ({"r.zip": b"PK\x03\x04"}, "a zip archive with 'r.zip' in it"),
    ],
)
def test_an_archive_that_is_no_plain_workbook_is_named_for_what_it_is(tmp_path, entries, found):
    assert refused(pack(tmp_path / "b.xlsx", entries)) == ("unknown-kind", found)


def office(*streams):
    """A file of the old Office with these streams: a header, and a directory after it."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<L", header, 48, 0)
    names = ["Root Entry", *streams]
    return bytes(header) + b"".join(
        name.encode("utf-16-le").ljust(128, b"\0") for name in names
    )


@pytest.mark.parametrize(
    ("streams", "found"),
    [
        (["EncryptionInfo", "EncryptedPackage"], "a workbook with a password"),
        (["Workbook"], "an old Excel workbook (.xls)"),
        (["WordDocument"], "an old Word document (.doc)"),
        (["Else"], "an old or encrypted Office file"),
    ],
)
def test_an_old_or_encrypted_office_file_is_named_for_what_it_is(tmp_path, streams, found):
    for name in ("b.xlsx", "b.xls"):
        (tmp_path / name).write_bytes(office(*streams))
        assert refused(tmp_path / name)[0] == "unknown-kind"
        assert found in refused(tmp_path / name)[1]


@pytest.mark.parametrize(
    ("ending", "found", "remedy"),
    [
        (".ods", "an OpenDocument sheet (.ods)", "save it as .xlsx"),
        (".XLSM", "a workbook with macros", "save it as .xlsx, without macros"),
        (".xlsb", "a binary workbook (.xlsb)", "save it as .xlsx"),
        (".zip", ".zip, a zip archive", "save the table as .xlsx or CSV"),
    ],
)
def test_a_workbook_of_another_kind_is_named_and_how_to_save_it(
    tmp_path, ending, found, remedy
):
    problem = only(pack(tmp_path / f"b{ending}"))
    assert (problem.code, problem.found, problem.remedy) == ("unknown-kind", found, remedy)


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.6, 0.9, 0.999])
def test_a_workbook_cut_short_anywhere_is_named(tmp_path, kept):
    whole = pack(tmp_path / "b.xlsx").read_bytes()
    (tmp_path / "b.xlsx").write_bytes(whole[: max(40, int(len(whole) * kept))])
    assert refused(tmp_path / "b.xlsx")[0] == "unreadable-file"


def test_a_workbook_with_any_byte_changed_is_read_alike_or_refused(tmp_path):
    good = pack(tmp_path / "b.xlsx").read_bytes()
    for at in range(4, len(good), 17):
        broken = bytearray(good)
        broken[at] ^= 0x5A
        (tmp_path / "b.xlsx").write_bytes(broken)
        found = gathered([tmp_path / "b.xlsx"])
        is_same = "places" in found.tables and rows(found, "places") == [
            {"place_id": "P1", "name": "Park"}
        ]
        assert is_same or found.problems, at


def test_a_workbook_that_shrinks_while_it_is_read_is_refused(tmp_path):
    path = pack(tmp_path / "b.xlsx")
    container = containers.opened(path, "b.xlsx")
    os.truncate(path, container.parts[SHEET].header_offset + 60)
    with pytest.raises(Refusal, match="damaged or cut short"):
        list(container.chunks(SHEET))


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "xl/../../b",
        "xl\\worksheets\\sheet2.xml",
        "C:/b.xml",
        "xl/\nb.xml",
    ],
)
def test_a_part_whose_name_leads_elsewhere_is_named(tmp_path, name):
    code, found = refused(pack(tmp_path / "b.xlsx", parts() | {name: "x"}))
    assert (code, found.startswith("a part that is called")) == ("unreadable-file", True)
    assert "\n" not in found


def test_a_part_with_a_nul_in_its_name_is_named(tmp_path):
    path = pack(tmp_path / "b.xlsx", parts() | {"xl/aXb.xml": "x"})
    path.write_bytes(path.read_bytes().replace(b"xl/aXb.xml", b"xl/a\0b.xml"))
    assert refused(path) == ("unreadable-file", "a part that is called 'xl/a\\x00b.xml'")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_named(tmp_path):
    for other in (SHEET, SHEET.upper()):
        pack(tmp_path / "b.xlsx")
        with zipfile.ZipFile(tmp_path / "b.xlsx", "a") as archive:
            archive.writestr(other, sheet(HEADER))
        assert refused(tmp_path / "b.xlsx") == ("unreadable-file", "two parts of one name")


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"flags": 1}, "'xl/worksheets/sheet1.xml' encrypted"),
        ({"method": 99}, "'xl/worksheets/sheet1.xml' packed by method 99"),
        (
            {"system": 3, "attributes": 0o120777 << 16},
            "'xl/worksheets/sheet1.xml', a link to another file",
        ),
        ({"size": 50}, "'xl/worksheets/sheet1.xml' larger than its directory says"),
        ({"size": 5000}, "'xl/worksheets/sheet1.xml' damaged or cut short"),
        (
            {"offset": 0},
            "'[Content_Types].xml' and 'xl/worksheets/sheet1.xml' over each other",
        ),
    ],
)
def test_a_directory_that_lies_is_named(tmp_path, fields, found):
    path = changed(pack(tmp_path / "b.xlsx"), SHEET, **fields)
    assert refused(path) == ("unreadable-file", found)


def test_parts_over_each_other_are_named(tmp_path):
    path = pack(tmp_path / "b.xlsx")
    with zipfile.ZipFile(path) as archive:
        first = archive.infolist()[0]
    changed(path, first.filename, packed=first.compress_size + 200)
    code, found = refused(path)
    assert code == "unreadable-file"
    assert "over each other" in found or "damaged" in found


def test_a_directory_of_too_many_parts_is_refused_before_it_is_read(tmp_path):
    path = pack(tmp_path / "b.xlsx")
    whole = bytearray(path.read_bytes())
    at = whole.rfind(b"PK\x05\x06")
    struct.pack_into("<H", whole, at + 10, 65_000)
    path.write_bytes(whole)
    assert refused(path) == ("too-large", "65,000")


def test_too_many_sheets_are_refused(tmp_path):
    listed = index(*[("places", "")] * 1_001)
    links = relations(**{f"worksheet{n}": "worksheets/sheet1.xml" for n in range(1, 1_002)})
    assert refused(pack(tmp_path / "b.xlsx", parts(index=listed, links=links))) == (
        "too-large",
        "1,001",
    )


DTD = '<!DOCTYPE x [<!ENTITY a "AAAA"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/x">]>'


@pytest.mark.parametrize("name", ["types", "index", "links", "strings", SHEET])
def test_a_document_type_is_refused_in_any_part_that_is_read(tmp_path, name):
    plain = parts(strings="<sst/>")
    part = {"types": "[Content_Types].xml", "index": "xl/workbook.xml", SHEET: SHEET}
    part |= {"links": "xl/_rels/workbook.xml.rels", "strings": "xl/sharedStrings.xml"}
    body = plain[part[name]].removeprefix('<?xml version="1.0"?>')
    path = pack(tmp_path / "b.xlsx", plain | {part[name]: DTD + body})
    code, found = refused(path)
    assert code == "unreadable-file"
    assert found.startswith("a document type (DTD)")


def test_text_that_is_not_utf8_or_raw_is_refused_and_not_lost(tmp_path):
    wide = parts() | {SHEET: sheet(HEADER, ROW).encode("utf-16")}
    raw = parts(sheet(HEADER, ROW.replace("Park", "<![CDATA[Park]]>")))
    assert "UTF-8" in refused(pack(tmp_path / "b.xlsx", wide))[1]
    assert "CDATA" in refused(pack(tmp_path / "b.xlsx", raw))[1]


def test_a_false_extent_does_no_harm(tmp_path):
    content = sheet(HEADER, ROW).replace(
        "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    found = gathered([pack(tmp_path / "b.xlsx", parts(content))])
    assert (lines(found), found.rows) == ([], (1,))


def test_a_cell_in_the_last_row_and_column_is_named(tmp_path):
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    content = sheet(HEADER, ROW).replace("</sheetData>", f"{far}</sheetData>")
    problem = only(pack(tmp_path / "b.xlsx", parts(content)))
    assert (problem.code, problem.address, problem.cell) == (
        "far-cell",
        "b.xlsx:places!1048576",
        "XFD1048576",
    )


def test_a_cell_far_out_that_is_blank_but_for_its_format_does_no_harm(tmp_path):
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    content = sheet(HEADER, ROW).replace("</sheetData>", f"{far}</sheetData>")
    found = gathered([pack(tmp_path / "b.xlsx", parts(content))])
    assert (lines(found), found.rows) == ([], (1,))


def test_links_to_other_files_and_programs_are_named_and_not_followed(tmp_path):
    target = "file:///prices.xlsx"
    link = relations(externalLinkPath1=target).replace("/>", ' TargetMode="External"/>')
    more = {
        "xl/externalLinks/externalLink1.xml": "<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": link,
        "xl/externalLinks/externalLink2.xml": (
            '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
        ),
    }
    found = gathered([pack(tmp_path / "b.xlsx", parts(**more))])
    (warning,) = found.problems
    assert (warning.code, warning.severity) == ("external-link", "warning")
    assert target in warning.found
    assert "cmd|/c calc" in warning.found
    assert found.rows == (1,)


def test_four_hundred_mebibytes_in_four_hundred_kilobytes_are_refused(tmp_path):
    path = bomb(tmp_path / "b.xlsx", b" " * MIB, 400)
    assert path.stat().st_size < 500_000
    problem = only(path)
    assert problem.code == "too-large"


def test_cells_without_end_are_refused(tmp_path):
    piece = b"<row>" + b"<c><v>1</v></c>" * 70_000 + b"</row>"
    with mock.patch.object(sheet_scan, "MOST_CELLS", 1_000_000):
        assert only(bomb(tmp_path / "b.xlsx", piece, 20)).code == "too-large"


def test_texts_without_end_are_refused(tmp_path):
    strings = ["<sst>", *["<si><t/></si>" * 10_000] * 11, "</sst>"]
    with mock.patch("liantu.ingest.formats.packages.MOST_CELLS", 100_000):
        assert only(pack(tmp_path / "b.xlsx", parts(strings=strings))).code == "too-large"


def test_many_equal_rows_pass_however_well_they_pack(tmp_path):
    equal = f"<row>{'<c><v>same words in all</v></c>' * 2}</row>"
    whole = sheet(HEADER).replace("</s", equal * 20_000 + "</s")
    path = pack(tmp_path / "b.xlsx", parts(whole))
    container = containers.opened(path, "b.xlsx")
    entry = container.parts[SHEET]
    assert entry.file_size > 200 * entry.compress_size
    assert sheet_scan.scanned(container, SHEET).cells >= 40_000


def test_a_workbook_in_the_large_form_of_zip_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        for name, value in parts().items():
            with archive.open(name, "w", force_zip64=True) as stream:
                stream.write(value.encode())
    assert lines(gathered([tmp_path])) == []


def test_a_search_for_errors_takes_no_longer_for_text_made_to_slow_it(tmp_path):
    slow = [b'<c r="A1" t="e"' * 65_536, b"<f><f " * 100_000, b'"#"' + b' t="e"' * 200_000]
    for piece in slow:
        path = bomb(tmp_path / "b.xlsx", piece, 4)
        begun = time.perf_counter()
        sheet_scan.scanned(containers.opened(path, "b.xlsx"), SHEET)
        assert time.perf_counter() - begun < 60  # squared it would be hours


def test_the_checks_keep_within_their_room(tmp_path):
    path = bomb(tmp_path / "b.xlsx", b"<row/>" * (MIB // 6), 40)
    code = (
        "import resource, sys; from pathlib import Path;"
        "from liantu.ingest.formats.containers import opened;"
        "from liantu.ingest.formats.sheet_scan import scanned;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        f"scanned(opened(Path(sys.argv[1]), 'b.xlsx'), {SHEET!r});"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    line = [sys.executable, "-c", code, str(path)]
    printed = subprocess.run(line, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own code
    assert int(printed) < 256 * 1024
