"""Columns that speak of persons: recognised by their header, and neither read nor kept.

A workspace holds firms, places and offices, not persons. Where a file has such a column, what
is kept of the file is a copy of the tables that were read from it, each row where it stood,
without that column and without anything that stood around the tables.
"""

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from liantu.errors import Problem
from liantu.ingest.contents.plain_text import as_text
from liantu.ingest.headings.headers import plain
from liantu.ingest.intake import Raw, quoted

_OF = "企业|公司|单位|项目|部门|机构|平台|园区|主要|第一|分管|责任|办公|个人|本人|高管|副"
_PERSON = (
    "法定代表人|法人代表|法人|负责人|联系人|经办人|填表人|填报人|责任人|实际控制人|带头人|发明人"
    "|首席科学家|董事长|总经理|厂长|院长|校长|链长|牵头领导|联系领导|分管领导|领导|姓名"
)
_REACHED = "联系方式|联系电话|电话|座机|手机|移动电话|传真|电子邮箱|电子邮件|邮箱|微信|qq"
_OTHERS = "身份证|身份证件|护照|证件|家庭住址|家庭地址|住址|出生日期|出生年月|性别|民族|学历"
_AND = "姓名|名称|职务|签字|电话|手机|号码|号|方式|及|和|与|信息|/"
_CHINESE = rf"(?:{_OF})*(?:{_PERSON}|{_REACHED}|{_OTHERS})(?:{_PERSON}|{_REACHED}|{_AND})*"
_ENGLISH = (
    r"(?:company_|office_|main_|contact_|work_|private_|home_)*"
    r"(?:legal_(?:representative|person)|representative|contact(?:_person)?|person_in_charge"
    r"|responsible_person|(?:tele|mobile_|cell_)?phone|mobile|tel\.?|fax|e_?mail(?:_address)?"
    r"|(?:home|private|residential)_address|identity_card|id_card|passport|date_of_birth"
    r"|birth_?date|gender|sex|(?:first|last|family|given|full)_name|surname|chairman"
    r"|chairwoman|chairperson|ceo|general_manager|managing_director)"
    r"(?:_name|_number|_no\.?|_details)*"
)
_HEADER = re.compile(f"{_CHINESE}|{_ENGLISH}")
_BRACKETS = re.compile(r"\([^)]*\)|[\s_]")


def is_personal(header: str) -> bool:
    """Whether words above a column name a person, or how to reach one."""
    words = plain(header)
    bare = _BRACKETS.sub("", words)
    return bool(_HEADER.fullmatch(words) or _HEADER.fullmatch(bare))


def personal_columns(raw: Raw) -> list[int]:
    """The positions of the columns of a raw table that speak of persons."""
    return [place for place, words in enumerate(raw.headers) if is_personal(words)]


def without(raw: Raw, positions: Sequence[int]) -> Raw:
    """The raw table with those columns blank, and a warning for each: nothing else moves."""
    left = set(positions)
    notes = tuple(_note(raw, place) for place in positions)
    blank = pa.nulls(len(raw.rows), pa.string())
    return replace(
        raw,
        headers=tuple(
            "" if place in left else words for place, words in enumerate(raw.headers)
        ),
        cells=tuple(blank if place in left else cells for place, cells in enumerate(raw.cells)),
        problems=(*raw.problems, *notes),
        faults=tuple(fault for fault in raw.faults if fault.position not in left),
    )


def write_copy(raws: Sequence[Raw], target: Path) -> None:
    """Write the tables of one file as they were read, in the format that its name says."""
    ending = target.suffix.lower()
    if ending == ".xlsx":
        _write_workbook(raws, target)
    elif ending == ".csv":
        _write_csv(raws[0], target)
    elif ending == ".parquet":
        raw = raws[0]
        pq.write_table(pa.table(_filled(raw)), target)
    else:
        with target.open("w", encoding="utf-8") as stream:
            for row in pa.table(_filled(raws[0])).to_pylist():
                stream.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def _note(raw: Raw, place: int) -> Problem:
    words, row = raw.headers[place], raw.header_row
    return Problem(
        "personal-data",
        "columns about firms and places, not about persons",
        quoted(words),
        "nothing need be done: the column is neither read nor kept",
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=raw.header_row,
        column=" ".join(words.split()),
        severity="warning",
        cell=xl_rowcol_to_cell(row - 1, raw.first_column + place) if row else None,
    )


def _filled(raw: Raw) -> dict[str, pa.Array]:
    """The columns that have a header, by it."""
    return {words: cells for words, cells in zip(raw.headers, raw.cells, strict=True) if words}


def _write_workbook(raws: Sequence[Raw], target: Path) -> None:
    with xlsxwriter.Workbook(str(target), {"constant_memory": True}) as book:
        for raw in raws:
            page = book.add_worksheet(raw.sheet.sheet)
            top = (raw.header_row or 1) - 1
            for place, words in enumerate(raw.headers, start=raw.first_column):
                page.write_string(top, place, words)
            texts = [as_text(cells).to_pylist() for cells in raw.cells]
            for row, *values in zip(raw.rows.to_pylist(), *texts, strict=True):
                for place, value in enumerate(values, start=raw.first_column):
                    if value:
                        page.write_string(row - 1, place, value)


def _write_csv(raw: Raw, target: Path) -> None:
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        line = 1
        texts = [as_text(cells).to_pylist() for cells in raw.cells]
        rows = zip(raw.rows.to_pylist(), *texts, strict=True)
        for row, *values in [(raw.header_row or 1, *raw.headers), *rows]:
            stream.write("\n" * (row - line))
            writer.writerow(values)
            line = row + 1
