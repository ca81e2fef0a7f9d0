"""An empty workbook to be filled in: a sheet for each table, and a guide."""

from pathlib import Path

from liantu.errors import Problem, Refusal
from liantu.ingest import layout
from liantu.locale import Language
from liantu.schema import TABLES


def write_template(path: Path, language: Language) -> None:
    """Write the workbook. Imported untouched it holds nothing, and nothing is wrong with it.

    Refused where the name is not that of a workbook, or where a file has it already.
    """
    problems = [
        Problem("no-template", expected, f'"{path}"', remedy)
        for is_wrong, expected, remedy in (
            (path.suffix.lower() != ".xlsx", "a name that ends in .xlsx", "write NAME.xlsx"),
            (path.exists(), "a name that no file has yet", "choose another name"),
            (not path.parent.is_dir(), "a folder that is there", "make the folder first"),
        )
        if is_wrong
    ]
    if problems:
        raise Refusal(problems)
    with layout.workbook(path, language) as book:
        for table in TABLES:
            layout.sheet(book, table, language)
