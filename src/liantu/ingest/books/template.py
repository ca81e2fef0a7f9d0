"""An empty workbook to be filled in: a sheet for each table, and a guide."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from liantu.disk import refusing, replacing
from liantu.errors import Problem, Refusal
from liantu.ingest.books import layout
from liantu.ingest.books.examples import marked
from liantu.locale import Language
from liantu.schema import TABLES, columns


def write_template(
    path: Path, language: Language, recorded: Mapping[str, Sequence[str]] | None = None
) -> None:
    """Write the workbook. Imported untouched it holds nothing, and nothing is wrong with it.

    ``recorded`` gives identifiers on record of some tables, to choose from. Refused where the
    name is not that of a workbook, or where a file has it already.
    """
    refuse_unfit(path, "no-template")
    with (
        refusing("write the template", "choose a place you may write to, with space"),
        replacing(path) as aside,
        layout.workbook(aside, language, tuple(TABLES), recorded) as book,
    ):
        for table, model in TABLES.items():
            page = book.sheet(table)
            for position, entry in enumerate(columns(model)):
                words = marked(table, entry, language)
                if words:
                    page.write_string(1, position, words, book.formats["example"])


def refuse_unfit(path: Path, code: str) -> None:
    """Refuse a name for a new workbook that is not one, is taken, or lies in no folder."""
    problems = [
        Problem(code, expected, f'"{path}"', remedy)
        for is_wrong, expected, remedy in (
            (path.suffix.lower() != ".xlsx", "a name that ends in .xlsx", "write NAME.xlsx"),
            (path.exists(), "a name that no file has yet", "choose another name"),
            (not path.parent.is_dir(), "a folder that is there", "make the folder first"),
        )
        if is_wrong
    ]
    if problems:
        raise Refusal(problems)
