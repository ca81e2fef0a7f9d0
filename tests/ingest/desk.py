"""Files to be read, written as a user would have them, and what is wrong with them in lines."""

from pathlib import Path

import pyarrow as pa

from liantu.ingest.gathering import gathered
from liantu.ingest.intake import Intake
from liantu.schema import TABLES, arrow_schema


def csv(folder: Path, **tables: str) -> list[Path]:
    """A CSV file for each table, its lines parted by line breaks."""
    paths = []
    for name, text in tables.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text + "\n", encoding="utf-8")
    return paths


def lines(intake: Intake) -> list[str]:
    return [str(problem) for problem in intake.problems]


def rows(intake: Intake, table: str) -> list[dict]:
    """The rows without origin and without columns that are blank throughout."""
    found = intake.tables[table].drop_columns(["origin_sheet", "origin_row"]).to_pylist()
    used = {name for row in found for name, value in row.items() if value is not None}
    return [{name: row[name] for name in row if name in used} for row in found]


def table(name: str, entries: list[dict]) -> pa.Table:
    """Rows of a table in the types of its columns."""
    return pa.Table.from_pylist(entries, arrow_schema(TABLES[name]))


def values(intake: Intake) -> dict[str, pa.Table]:
    """The tables without origin, as an export takes them."""
    return {
        name: rows.drop_columns(["origin_sheet", "origin_row"]).combine_chunks()
        for name, rows in intake.tables.items()
    }


__all__ = ["csv", "gathered", "lines", "rows", "table", "values"]
