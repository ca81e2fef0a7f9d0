"""Files of JSON in the place of spreadsheets: a workspace is tested without a reader."""

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from liantu import ingest
from liantu.errors import Problem
from liantu.schema import TABLES, arrow_schema
from liantu.workspace import Generation, Workspace


def sit_down() -> None:
    """From now on ``import_files`` reads our files in this process."""
    ingest.read = read
    ingest.check = check


def write(file: Path, **tables: list[dict]) -> Path:
    file.write_text(json.dumps(tables), encoding="utf-8")
    return file


def read(files: Sequence[Path], **_: object) -> ingest.Intake:
    tables, present, sheets, problems = {}, {}, [], []
    for file in files:
        for name, rows in json.loads(Path(file).read_text()).items():
            schema = arrow_schema(TABLES[name])
            table = pa.Table.from_pylist(rows, schema)
            table = table.append_column(
                "origin_sheet", pa.repeat(pa.scalar(len(sheets), pa.int32()), len(rows))
            ).append_column("origin_row", pa.array(range(2, len(rows) + 2), pa.int32()))
            tables[name] = pa.concat_tables([tables[name], table]) if name in tables else table
            present[name] = frozenset().union(*rows, present.get(name, ()))
            sheets.append(ingest.Sheet(Path(file).name, name))
    return ingest.Intake(
        tables, present, tuple(sheets), tuple([0] * len(sheets)), tuple(problems)
    )


def check(merged, intake, *, ours) -> list[Problem]:
    """A place whose parent is unknown is a problem; one without a name is a warning."""
    places = merged["places"].to_pylist()
    known = {row["place_id"] for row in places}
    mine = ours.get("places", [])
    found = []
    for row, is_ours in zip(places, mine, strict=bool(len(mine))):
        sheet = intake.sheets[row["origin_sheet"]] if is_ours.as_py() else ingest.Sheet("?")
        where = {"file": sheet.file, "sheet": sheet.sheet, "row": row["origin_row"]}
        if row["parent_id"] is not None and row["parent_id"] not in known:
            found.append(Problem("dangling", "a place", row["parent_id"], "mend it", **where))
        if row["name"] is None:
            words = ("missing", "a name", "none", "give one")
            found.append(Problem(*words, **where, severity="warning"))
    return found


def rows_of(workspace: Workspace, table: str) -> list[dict]:
    """The rows of a table now, without their origin."""
    return rows_in(workspace.generation(), table)


def rows_in(generation: Generation, table: str) -> list[dict]:
    """The rows of a table in a generation, without their origin."""
    file = generation.files.get(table)
    if file is None:
        return []
    return pq.ParquetFile(file).read(arrow_schema(TABLES[table]).names).to_pylist()


def version(generation: Generation) -> int:
    """The version that ``write_version`` wrote, once all rows of all tables agree on it."""
    rows = [*rows_in(generation, "places"), *rows_in(generation, "organisations")]
    found = {row["name"] for row in rows}
    assert len(found) <= 1, found
    return int(found.pop()) if found else 0


def write_version(file: Path, number: int) -> Path:
    """A file whose rows all say the same number."""
    name = str(number)
    return write(
        file,
        places=[{"place_id": f"p{i}", "name": name} for i in range(20)],
        organisations=[{"org_id": f"o{i}", "name": name} for i in range(20)],
    )
