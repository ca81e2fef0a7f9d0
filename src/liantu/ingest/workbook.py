"""The tables of an Excel workbook, one for each sheet.

A sheet's cells come typed from Excel: text, number, true or false, date. Merged headers, title
rows and error cells would be looked for here, before a sheet is handed on.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
)

from liantu.ingest import cells
from liantu.ingest.headers import is_guide
from liantu.ingest.intake import Raw, Sheet, quoted, refused


def sheets(path: Path, file: str) -> Iterator[Raw]:
    """Every sheet that holds anything, except charts and the template's guide."""
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for entry in book.sheets_metadata:
                if entry.typ != SheetTypeEnum.WorkSheet or is_guide(entry.name):
                    continue
                raw = _raw(book.get_sheet_by_name(entry.name), Sheet(file, entry.name))
                if raw is not None:
                    yield raw
    except PasswordError:
        words = ("a workbook that opens", "a password", "take off the password")
        raise refused(file, "unreadable-file", words) from None
    except (CalamineError, OSError) as error:
        words = ("a whole Excel workbook", quoted(error, 200), "save the workbook again")
        raise refused(file, "unreadable-file", words) from None


def _raw(sheet: CalamineSheet, where: Sheet) -> Raw | None:
    """The sheet as columns below its first row that is not blank; None if there is none."""
    if sheet.start is None:
        return None
    rows = sheet.to_python(skip_empty_area=True)
    first = sheet.start[0]
    header = tuple(str(cell) for cell in rows[0])
    body = rows[1:]
    columns = tuple(map(cells.array, zip(*body, strict=True))) if body else ()
    numbers = np.arange(first + 2, first + 2 + len(body), dtype=np.int32)
    empty = pa.array([], pa.string())
    return Raw(
        where,
        where.sheet or "",
        header,
        columns or (empty,) * len(header),
        pa.array(numbers),
        header_row=first + 1,
    )
