"""An empty workbook to be filled in: a sheet for each table, and a guide."""

from pathlib import Path

from liantu.ingest import layout
from liantu.locale import Language
from liantu.schema import TABLES


def write_template(path: Path, language: Language) -> None:
    """Write the workbook. Imported untouched it holds nothing, and nothing is wrong with it."""
    with layout.workbook(path, language) as book:
        for table in TABLES:
            layout.sheet(book, table, language)
