"""Other ways to do harm than an archive: pipes, names, endless lines, files whose end lies."""

import gzip
import json
import os
import struct
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from liantu.errors import Problem, Refusal
from liantu.ingest import Limits, read
from liantu.ingest.formats import json_lines, kinds, xes
from tests.ingest.desk import csv, gathered, lines
from tests.ingest.packed import HEADER, pack, parts, sheet, text

MIB = 1 << 20


def only(path):
    """The one problem of a file."""
    (problem,) = gathered([path]).problems
    assert problem.remedy
    return problem


def test_a_pipe_a_device_and_a_folder_in_a_files_place_do_not_hang(tmp_path):
    os.mkfifo(tmp_path / "places.csv")
    (tmp_path / "sites.csv").symlink_to("/dev/zero")
    (tmp_path / "makes.xlsx").symlink_to(tmp_path / "nowhere")
    assert [(item.file, item.found) for item in gathered([tmp_path]).problems] == [
        ("makes.xlsx", "no such file or directory"),
        ("places.csv", "a pipe"),
        ("sites.csv", "a device"),
    ]


def test_a_link_to_a_file_is_read_as_the_file(tmp_path):
    (original,) = csv(tmp_path, places="place_id,name\nP1,Park")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "places.csv").symlink_to(original)
    assert gathered([tmp_path / "in"]).rows == (1,)


def test_too_many_files_are_refused_and_others_in_the_folder_are_not_counted(tmp_path):
    for number in range(30):
        (tmp_path / f"{number}.txt").touch()
        (tmp_path / f"{number}.csv").touch()
    with mock.patch.object(kinds, "_MOST_FILES", 40):
        assert len(kinds.listed([tmp_path])) == 30
    with mock.patch.object(kinds, "_MOST_FILES", 29), pytest.raises(Refusal) as refusal:
        kinds.listed([tmp_path])
    assert refusal.value.problems[0].code == "too-large"


def test_signs_that_do_not_show_are_written_out(tmp_path):
    name = "a\n\x1b[2J\u202egpj.csv"
    (tmp_path / name).write_text("x\n")
    (problem,) = read([tmp_path]).problems
    assert problem.file == "a\\n\\x1b[2J\\u202egpj.csv"
    shown = str(Problem("code", "株洲 🚄", "\u202eabc\x07", "b"))
    assert shown == "code: 株洲 🚄; found \\u202eabc\\x07; b"


def test_two_files_whose_names_look_alike_are_both_read(tmp_path):
    (tmp_path / "a\n.csv").write_text("x")
    (tmp_path / "a\\n.csv").write_text("x")
    assert len(kinds.listed([tmp_path])) == 2


def test_a_line_of_json_without_end_and_names_without_end_are_refused(tmp_path):
    path = tmp_path / "places.jsonl"
    path.write_text('{"place_id": "' + "x" * 5_000)
    with mock.patch.object(json_lines, "_LONGEST", 1_000):
        assert only(path).found == "a longer one"
    path.write_text("\n".join(json.dumps({f"a{n}": n}) for n in range(1_100)))
    assert only(path).row == 1_001
    path.write_text("[" * 100_000)
    found = [problem.found for problem in gathered([path]).problems]
    assert any("too many brackets" in words for words in found)


def test_an_event_log_that_inflates_without_end_is_refused(tmp_path):
    with gzip.open(tmp_path / "log.xes.gz", "wb") as stream:
        stream.write(b"<log>")
        for _ in range(40):
            stream.write(b" " * MIB)
    with mock.patch.object(xes, "_MOST_BYTES", 8 * MIB):
        assert only(tmp_path / "log.xes.gz").code == "too-large"


def test_a_parquet_file_whose_end_lies_is_refused(tmp_path):
    path = tmp_path / "places.parquet"
    pq.write_table(pa.table({"place_id": ["P"] * 1000, "name": ["x"] * 1000}), path)
    whole = path.read_bytes()
    for size in (1, 1 << 20, 0x7FFFFFFF, 0xFFFFFFFF):
        path.write_bytes(whole[:-8] + struct.pack("<L", size) + b"PAR1")
        assert only(path).code == "unreadable-file"
    for at in range(len(whole) - 400, len(whole) - 8, 13):
        broken = bytearray(whole)
        broken[at] ^= 0xFF
        path.write_bytes(broken)
        found = gathered([path])
        assert found.problems or found.rows == (1000,), at


def test_columns_of_parquet_that_are_no_plain_values_are_named(tmp_path):
    path = tmp_path / "organisations.parquet"
    for column in ([{"a": 1}], [[1, 2]], [b"\xff\xfe"]):
        pq.write_table(pa.table({"org_id": column, "name": ["x"]}), path)
        problem = only(path)
        assert (problem.code, problem.column) == ("wrong-type", "org_id")
    columns = {"org_id": ["a"], "name": ["x"], "source_id": [["s1", "s2"]]}
    pq.write_table(pa.table(columns), path)
    found = gathered([path])
    assert lines(found) == []
    assert found.tables["organisations"]["source_id"].to_pylist() == ["s1;s2"]


def test_a_file_that_needs_more_memory_than_there_is_leaves_nothing_behind(tmp_path):
    before = set(tmp_path.iterdir())
    body = [text(f"A{n} {'x' * 3000}{n}", f"B{n} y") for n in range(2, 9_000)]
    path = pack(tmp_path / "b.xlsx", parts(sheet(HEADER, *body)))
    found = read([path], limits=Limits(memory_bytes=64 * MIB))
    assert [item.code for item in found.problems] == ["too-large"]
    assert set(tmp_path.iterdir()) == before | {path}
