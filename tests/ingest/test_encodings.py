"""The encoding of a text file is told, never guessed in silence; rows keep their numbers."""

import csv as plain_csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.ingest.contents.plain_text import is_blank_word
from liantu.ingest.formats import encodings
from liantu.ingest.formats.csv_records import records
from tests.ingest.desk import gathered, lines, rows

QUIET = settings(max_examples=60, deadline=None, derandomize=True)
CHINESE = "地区,名称,级别\nP1,株洲市天元区,区县\nP2,湘潭市雨湖区,区县\n"
NAMES = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x2FFFF, exclude_categories=["C", "Z"]),
    min_size=1,
    max_size=12,
).filter(lambda name: not is_blank_word(name))


def read(folder, content, name="places.csv"):
    (folder / name).write_bytes(content)
    return gathered([folder / name])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_without_a_word(tmp_path, encoding):
    found = read(tmp_path, CHINESE.encode(encoding))
    assert lines(found) == []
    assert [row["name"] for row in rows(found, "places")] == ["株洲市天元区", "湘潭市雨湖区"]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("gb18030", "text in GB18030 (GBK), such as '地区'"),
        ("gbk", "text in GB18030 (GBK), such as '地区'"),
        ("gb2312", "text in GB18030 (GBK), such as '地区'"),
        ("utf-16-le", "text in UTF-16 without a mark that says so"),
        ("utf-16-be", "text in UTF-16 without a mark that says so"),
    ],
)
def test_another_encoding_is_read_and_named(tmp_path, encoding, said):
    found = read(tmp_path, CHINESE.encode(encoding))
    assert [(item.code, item.found, item.severity) for item in found.problems] == [
        ("other-encoding", said, "warning")
    ]
    assert [row["name"] for row in rows(found, "places")] == ["株洲市天元区", "湘潭市雨湖区"]


@QUIET
@given(
    names=st.lists(NAMES, min_size=1, max_size=6),
    encoding=st.sampled_from(["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig"]),
)
def test_any_text_comes_back_from_unicode(names, encoding):
    with tempfile.TemporaryDirectory() as folder:
        found = read(Path(folder), table_of(names).encode(encoding))
    assert found.errors == ()
    assert found.tables["places"]["name"].to_pylist() == names


@QUIET
@given(names=st.lists(NAMES, min_size=1, max_size=6))
def test_any_text_comes_back_from_gb18030_or_is_refused(names):
    content = table_of(names).encode("gb18030")
    with tempfile.TemporaryDirectory() as folder:
        found = read(Path(folder), content)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        assert found.problems
        if not found.errors:
            assert found.tables["places"]["name"].to_pylist() == names


def table_of(names):
    stream = io.StringIO()
    writer = plain_csv.writer(stream, lineterminator="\n")
    writer.writerow(["place_id", "name"])
    writer.writerows([f"P{n}", name] for n, name in enumerate(names))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("first", "second", "row"), [("utf-8", "gb18030", 4), ("gb18030", "utf-8", 4)]
)
def test_two_encodings_in_one_file_are_refused_with_the_line(tmp_path, first, second, row):
    head = "place_id,name\nP1,株洲市天元区\nP2,株洲市石峰区\n".encode(first)
    tail = "P3,湖南省株洲市醴陵市\nP4,湖南省长沙市\n".encode(second)
    (problem,) = read(tmp_path, head + tail).problems
    assert (problem.code, problem.row) == ("unreadable-file", row)
    assert "UTF-8" in problem.found


def test_a_few_lines_of_utf8_in_a_long_file_of_gb18030_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(encodings, "CHUNK", 1 << 10)
    lines_of = [f"P{n},株洲市天元区第{n}街道" for n in range(2_000)]
    content = [line.encode("gb18030") for line in ("place_id,name", *lines_of)]
    content[1_500] = lines_of[1_499].encode()
    (problem,) = read(tmp_path, b"\n".join(content)).problems
    assert (problem.row, problem.code) == (1_501, "unreadable-file")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Zürich, Genève, São Paulo", "latin-1"),
        ("株式会社日立製作所、鉄道車両", "shift-jis"),
        ("臺北市政府產業發展局", "big5"),
        ("한국철도공사와 현대로템은 서울특별시에 있는 주식회사이다 " * 5, "euc-kr"),
    ],
)
def test_text_of_other_countries_is_not_read_as_chinese(tmp_path, text, encoding):
    content = f'place_id,name\nP1,"{text}"\n'.encode(encoding)
    (problem,) = read(tmp_path, content).problems
    assert (problem.code, problem.row, problem.severity) == ("unreadable-file", 2, "error")


def test_a_byte_that_is_no_text_is_found_late_in_a_long_file(tmp_path, monkeypatch):
    monkeypatch.setattr(encodings, "CHUNK", 1 << 10)
    content = b"place_id,name\n" + b"P,Park\n" * 5_000 + b"P,\xff\n"
    (problem,) = read(tmp_path, content).problems
    assert str(problem) == (
        "places.csv:5002 unreadable-file: text in UTF-8, or throughout in GB18030; found byte "
        "0xff, which is neither; save the file as CSV UTF-8 (in Excel: Save As)"
    )


def test_a_file_cut_within_a_character_is_refused(tmp_path):
    for encoding in ("utf-8", "utf-16"):
        (problem,) = read(tmp_path, CHINESE.strip().encode(encoding)[:-1]).problems
        assert problem.code == "unreadable-file"


def test_a_nul_byte_is_found_by_its_line(tmp_path):
    for content in (b"place_id,name\nP1,a\nP2,b\0\n", b"place_id,name\nP1,a\nP22,b\0\n"):
        (problem,) = read(tmp_path, content).problems
        assert (problem.row, problem.found) == (3, "a NUL byte")


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_row_without_end_is_refused_and_not_held(tmp_path, quote, monkeypatch):
    monkeypatch.setattr(encodings, "LONGEST_ROW", 2 << 20)
    long = b"place_id,name\nP1," + quote + b"x" * (4 << 20) + quote + b"\n"
    (problem,) = read(tmp_path, long).problems
    assert (problem.row, problem.expected) == (2, "rows of at most 2 MiB")


def test_a_quoted_cell_of_many_lines_and_of_many_megabytes_is_refused(tmp_path):
    long = b'place_id,name\nP1,"' + b"x\n" * (20 << 20) + b'"\n'
    (problem,) = read(tmp_path, long).problems
    assert (problem.code, problem.expected) == ("unreadable-file", "rows of at most 16 MiB")


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_line_ends_of_every_system_are_read(tmp_path, end):
    found = read(tmp_path, end.join(("place_id,name,level", "P1,a,city", "P2,b,bad")).encode())
    assert [(item.row, item.code) for item in found.problems] == [(3, "unknown-choice")]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_what_parts_the_cells_is_told_from_the_first_rows(tmp_path, sign):
    text = "Places of 2024\nplace_id,name,longitude\nP1,a; b | c,1.5\nP2,d,2\n"
    table = "\n".join(
        line if n == 0 else line.replace(",", sign) for n, line in enumerate(text.splitlines())
    )
    table = table.replace("a; b | c", '"a; b | c"')
    found = read(tmp_path, table.encode())
    assert found.errors == ()
    assert found.tables["places"]["name"].to_pylist() == ["a; b | c", "d"]


def test_rows_are_numbered_as_excel_does_below_titles_and_quoted_line_breaks(tmp_path):
    text = (
        '"列表\n2024年度",,\n\nplace_id,name,level\nP1,"two\nlines",city\n\nP2,b,bad\nP3,c\n'
        "P4,d,worse\n"
    )
    found = read(tmp_path, text.encode("gb18030"))
    errors = [(item.row, item.code) for item in found.errors]
    assert errors == [(6, "unknown-choice"), (7, "ragged-row"), (8, "unknown-choice")]
    assert found.tables["places"]["origin_row"].to_pylist() == [4, 6, 8]


@pytest.mark.parametrize(("most", "rest"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_a_mixture_of_encodings_is_shown_in_that_of_most(tmp_path, most, rest):
    path = tmp_path / "places.csv"
    path.write_bytes(CHINESE.encode(most) + "P3,醴,区县\n".encode(rest))
    shown = list(records(path))
    assert shown[:3] == [line.split(",") for line in CHINESE.splitlines()]
    assert shown[3][0] == "P3"
