"""Files are parsed in a child process, whose end is told in words whatever it is."""

import pyarrow as pa

from liantu.ingest import Limits, Sheet, Stage, read, reading, reporting
from liantu.ingest.bounded import Ended
from liantu.schema import TABLES, arrow_schema
from tests.ingest.desk import csv, gathered, lines


def test_files_are_read_in_a_child_as_they_are_here(tmp_path):
    files = csv(tmp_path, places="place_id,name,level\nP1,a,city\nP2,b,x", sites="site_id\nS1")
    found = read(files)
    here = gathered(files)
    assert (found.problems, found.sheets, found.rows) == (here.problems, here.sheets, here.rows)
    assert (found.tables, found.present) == (here.tables, here.present)
    assert found.sheets == (Sheet("places.csv"), Sheet("sites.csv"))
    origin = [pa.field("origin_sheet", pa.int32()), pa.field("origin_row", pa.int32())]
    expected = pa.schema([*arrow_schema(TABLES["places"]), *origin])
    assert found.tables["places"].schema == expected


def test_a_file_that_takes_too_much_memory_is_named(tmp_path):
    wide = "x" * 2_000
    text = "\n".join(["place_id,name", *(f"P{n},{wide}" for n in range(40_000))])
    files = csv(tmp_path, sources="source_id\nS1", places=text)
    found = read(files, limits=Limits(memory_bytes=128 << 20))
    assert found.tables.keys() <= {"sources"}
    assert lines(found) == [
        (
            "sources.csv:1:title missing-column: a column title in sources: Title of the "
            "source; found none; add the column title and fill it in"
        ),
        (
            "places.csv too-large: a file that can be read within the memory of an import; "
            "found more than that; part it into smaller files, or look for cells far outside "
            "the table"
        ),
    ]


def test_a_file_that_takes_too_long_is_named(tmp_path):
    found = read(csv(tmp_path, places="place_id,name\nP1,a"), limits=Limits(seconds=0))
    assert lines(found) == [
        (
            "places.csv too-slow: a file that is read within 0 seconds; found one that "
            "takes longer; part it into smaller files"
        )
    ]


def test_a_file_that_kills_its_reader_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "run", lambda *_, **__: Ended(-9))
    assert lines(read(csv(tmp_path, places="place_id,name\nP1,a"))) == [
        (
            "places.csv unreadable-file: a file that can be read; found one that stopped its "
            "reader (status -9); save the file again, or as CSV"
        )
    ]


def test_a_folder_without_tables_is_told(tmp_path):
    (found,) = read([tmp_path]).problems
    assert found.code == "empty-file"
    assert str(tmp_path) in found.found


def test_a_module_in_the_folder_where_one_stands_is_not_run(tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    assert lines(read(csv(tmp_path, places="place_id,name\nP1,a"))) == []


def test_every_file_is_told_of_however_soon_it_is_read(tmp_path):
    told = []
    texts = {"places": "place_id,name\nP1,a\nP2,b", "sites": "site_id\nS1", "codes": "code\nx"}
    with reporting(told.append):
        read(csv(tmp_path, **texts))
    assert told == [
        Stage("reading"),
        *(Stage("reading", "places.csv", rows) for rows in (0, 2)),
        *(Stage("reading", "sites.csv", rows) for rows in (2, 3)),
        *(Stage("reading", "codes.csv", rows) for rows in (3, 4)),
    ]
