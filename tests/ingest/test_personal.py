"""Columns about persons are recognised by header, not read, not kept, and said."""

import csv
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from liantu.ingest.contents.personal import is_personal
from liantu.workspace import Workspace
from tests.ingest.desk import gathered, rows

SECRETS = ("张三", "13800000000")


@pytest.mark.parametrize(
    "words",
    [
        *(
            "法定代表人",
            "法定代表人（负责人）",
            "法人",
            "企业联系人及电话",
            "联系人/电话",
            "姓 名",
        ),
        *("手机号码", "邮箱", "身份证号", "家庭住址", "链长", "出生日期", "企业负责人"),
        *("legal representative", "Contact Person", "E-mail address", "phone", "date_of_birth"),
    ],
)
def test_a_header_names_a_person_or_how_to_reach_one(words):
    assert is_personal(words)


@pytest.mark.parametrize(
    "words",
    [
        *("法人单位数", "手机产量", "电话机", "名称", "负责单位", "联系数", "职工人数"),
        *("name", "org_id", "phones made", "contact area", "director of the centre's field"),
    ],
)
def test_a_header_of_something_else_is_left_alone(words):
    assert not is_personal(words)


def book(path, sheets):
    with xlsxwriter.Workbook(path) as made:
        for name, lines in sheets.items():
            page = made.add_worksheet(name)
            for row, line in enumerate(lines):
                page.write_row(row, 0, line)


def office(tmp_path):
    """The three ways in which the same firm, with its representative, comes."""
    header = ["org_id", "name", "法定代表人", "联系电话"]
    line = ["a", "株洲中车", *SECRETS]
    paths = [tmp_path / f"{kind}/organisations.{kind}" for kind in ("csv", "parquet", "jsonl")]
    for path in paths:
        path.parent.mkdir()
    text = f"{','.join(header)}\n\n{','.join(line)}\n"
    paths[0].write_text(text, encoding="utf-8")
    pq.write_table(
        pa.table({name: [value] for name, value in zip(header, line, strict=True)}), paths[1]
    )
    paths[2].write_text(json.dumps(dict(zip(header, line, strict=True))), encoding="utf-8")
    workbook = tmp_path / "book.xlsx"
    book(
        workbook,
        {"organisations": [header, [], line], "places": [["place_id", "name"], ["z", "Z"]]},
    )
    return [*paths, workbook]


def test_a_firm_is_read_without_its_persons_from_every_format(tmp_path):
    for path in office(tmp_path):
        intake = gathered([path])
        assert not intake.errors, path
        assert rows(intake, "organisations") == [{"org_id": "a", "name": "株洲中车"}]
        notes = [(note.code, note.column, note.severity) for note in intake.problems]
        assert notes == [
            ("personal-data", "法定代表人", "warning"),
            ("personal-data", "联系电话", "warning"),
        ], path


def test_nothing_in_the_workspace_names_the_person(tmp_path):
    for number, path in enumerate(office(tmp_path)):
        workspace = Workspace.create(tmp_path / f"study-{number}", name="study")
        done = workspace.import_files(path)
        assert done.generation is not None
        kept = [file for file in workspace.path.rglob("*") if file.is_file()]
        for file in kept:
            content = file.read_bytes().decode("utf-8", "replace")
            if file.suffix == ".xlsx":
                content = texts_of(file)
            assert not [secret for secret in SECRETS if secret in content], file
        record = next(file for file in kept if file.name == "import.json")
        told = json.loads(record.read_text("utf-8"))["files"][0]
        assert told["left_out"] == ["法定代表人", "联系电话"]


def texts_of(path: Path) -> str:
    loaded = openpyxl.load_workbook(path)
    return "\n".join(
        str(cell)
        for page in loaded
        for line in page.iter_rows(values_only=True)
        for cell in line
    )


def test_the_copy_that_is_kept_has_every_row_where_it_stood(tmp_path):
    csv_file, *_, workbook = office(tmp_path)
    workspace = Workspace.create(tmp_path / "study", name="study")
    workspace.import_files([csv_file])
    workspace.import_files([workbook])
    kept = sorted((workspace.path / "imports").rglob("*.*"))
    with next(file for file in kept if file.suffix == ".csv").open(encoding="utf-8") as text:
        lines = list(csv.reader(text))
    assert lines[0] == ["org_id", "name", "", ""]
    assert not any(lines[1])
    assert lines[2] == ["a", "株洲中车", "", ""]
    page = openpyxl.load_workbook(next(f for f in kept if f.suffix == ".xlsx"))["organisations"]
    assert [page["A3"].value, page["B3"].value, page["C3"].value] == ["a", "株洲中车", None]


def test_a_file_without_persons_is_kept_as_it_came(tmp_path):
    path = tmp_path / "places.csv"
    path.write_bytes(b"place_id,name\r\nz , Z\r\n")
    workspace = Workspace.create(tmp_path / "study", name="study")
    workspace.import_files(path)
    kept = next((workspace.path / "imports").rglob("places.csv"))
    assert kept.read_bytes() == path.read_bytes()
