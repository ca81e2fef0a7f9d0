"""A case of workbooks: organisations in an Excel sheet, read and checked."""

import importlib
import shutil
import tempfile
import weakref
from pathlib import Path

import pyarrow as pa
import xlsxwriter
from numpy.testing import assert_array_equal

from liantu.errors import Refusal
from liantu.ingest import Intake, check
from liantu.ingest.gathering import gathered
from liantu.schema import TABLES, arrow_schema, columns

N_PLACES, N_GROUPS = 50, 100
_KINDS = ("company", "university", "institute", "agency")


class Book:
    """A workbook of organisations in ten columns, with their places, in a folder of its own."""

    def __init__(self, n_rows: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="workbook-"))
        self.path = self.folder / "firms.xlsx"
        sheets = {
            "organisations": [_organisation(row) for row in range(1, n_rows + 1)],
            "places": [(f"place_{k}", f"Place {k}") for k in range(N_PLACES)],
            "sources": [("register", "Register of organisations")],
        }
        with xlsxwriter.Workbook(self.path) as made:
            for name, rows in sheets.items():
                page = made.add_worksheet(name)
                page.write_row(0, 0, [entry.name for entry in columns(TABLES[name])])
                for row, cells in enumerate(rows, start=1):
                    page.write_row(row, 0, cells)
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)


def _organisation(row: int) -> tuple[str | int, ...]:
    """A row in the order of the columns; the number of the register stays blank."""
    return (
        f"org_{row:07d}",
        f"Company number {row}",
        f"株洲第{row}公司",
        _KINDS[row % 4],
        f"place_{row % N_PLACES}",
        f"org_{1 + row % N_GROUPS:07d}" if row > N_GROUPS else "",
        "",
        1950 + row % 70,
        "register",
        "declared",
    )


def intake(book: Book) -> Intake:
    """The workbook read, and every reference in it checked, in this process."""
    found = gathered([book.path])
    ours = {
        name: pa.repeat(pa.scalar(value=True), len(rows)) for name, rows in found.tables.items()
    }
    tables = {
        name: found.tables.get(name, arrow_schema(TABLES[name]).empty_table())
        for name in TABLES
    }
    if problems := [*found.errors, *check(tables, found, ours=ours)]:
        raise Refusal(problems)
    return found


def bare_read(book: Book) -> pa.RecordBatch:
    """The sheet of organisations as fastexcel reads it, with nothing checked."""
    fastexcel = importlib.import_module("fastexcel")
    return fastexcel.read_excel(book.path).load_sheet(0).to_arrow()


def same_names(own: Intake, peer: pa.RecordBatch) -> None:
    """Assert that both read the same names in the same order."""
    assert_array_equal(own.tables["organisations"]["name"], peer["name"])
