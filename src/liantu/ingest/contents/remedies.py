"""What is said of a bad cell: what to do, with every reading where there are two."""

import re
from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from liantu.errors import Problem, did_you_mean
from liantu.ingest.contents import dates
from liantu.ingest.contents.number_words import reading
from liantu.ingest.contents.plain_text import as_text, half_width
from liantu.ingest.intake import Raw, quoted
from liantu.locale import translated
from liantu.schema import Column

_PLACES = 3
_PLAIN = {
    "missing-value": "fill in the cell",
    "not-finite": "write a finite number{blank}",
    "inexact-value": "write the one number that is known, and the doubt in a note{blank}",
    "digits-lost": "write the code anew in cells formatted as text; a number keeps 15 digits",
}
_SHORT_YEAR = re.compile(r"[0-9]{2}(年|[-/.])[0-9]{1,2}(月|[-/.])[0-9]{1,2}日?")
_ZONE = re.compile(r".*[0-9分秒]\s*(z|[+-][0-9]{1,2}:?[0-9]{2}|utc|gmt.*)", re.IGNORECASE)


def remedy(code: str, entry: Column, cell: str) -> str:
    """What to do about a cell that has the fault of that code."""
    blank = " or leave the cell blank" if entry.nullable else ""
    if code in _PLAIN:
        return _PLAIN[code].format(blank=blank)
    if code == "ambiguous-value":
        return _two_readings(cell)
    if code == "wrong-unit":
        return _unit(entry, cell)
    if code == "out-of-bounds":
        return _as_share(entry, cell) or f"correct the number{blank}"
    if code == "unknown-choice":
        return _choice(entry, cell, blank)
    return _of_type(entry, cell) or f"correct the cell{blank}"


def _choice(entry: Column, cell: str, blank: str) -> str:
    chinese = [translated(word, "zh") for word in entry.choices]
    near = did_you_mean(cell.strip(), list(dict.fromkeys([*entry.choices, *chinese])))
    return near if near.startswith("did") else f"write one of these words{blank}"


def blank_note(raw: Raw, entry: Column, position: int, blanks: pa.Array) -> Problem:
    """The note on the cells of a column whose words were read as blank."""
    rows = np.flatnonzero(blanks.to_numpy(zero_copy_only=False))
    cells = as_text(raw.cells[position].take(pa.array(rows))).unique().to_pylist()
    words = ", ".join(quoted(word.strip()) for word in cells[:_PLACES])
    return Problem(
        "blank-word",
        f"{entry.expected}, or a blank cell",
        f"{words} in {_counted(raw.rows.take(pa.array(rows)).to_pylist())}",
        "nothing need be done: these cells are read as blank",
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=raw.rows[int(rows[0])].as_py(),
        column=entry.name,
        severity="warning",
    )


def year_note(raw: Raw, entry: Column, position: int, dated: pa.Array) -> Problem:
    """The note on cells of a column of years that hold a day or a month."""
    rows = np.flatnonzero(dated.to_numpy(zero_copy_only=False))
    cells = as_text(raw.cells[position].take(pa.array(rows[:1]))).to_pylist()
    return Problem(
        "year-of-date",
        "a year, such as 2024",
        f"{quoted(cells[0])} in {_counted(raw.rows.take(pa.array(rows)).to_pylist())}",
        "nothing need be done: the year is read, the month and the day are left out",
        file=raw.sheet.file,
        sheet=raw.sheet.sheet,
        row=raw.rows[int(rows[0])].as_py(),
        column=entry.name,
        severity="warning",
    )


def _counted(rows: list[int]) -> str:
    """``2 cells, rows 4 and 9``, or how many there are and the first few rows."""
    if len(rows) == 1:
        return "1 cell"
    return f"{len(rows):,} cells, {listed_rows(rows)}"


def listed_rows(rows: list[int]) -> str:
    """``row 4``, ``rows 4 and 9`` or ``rows 4, 9, 12 and 30 more``."""
    if len(rows) == 1:
        return f"row {rows[0]}"
    first = rows[:_PLACES]
    if len(rows) > _PLACES:
        return f"rows {', '.join(map(str, first))} and {len(rows) - _PLACES:,} more"
    return f"rows {', '.join(map(str, first[:-1]))} and {first[-1]}"


def _two_readings(cell: str) -> str:
    """Both things that a cell may mean."""
    days = [day.isoformat() for day in dates.meant(_date_part(cell))]
    if len(days) > 1:
        return f"write {_or(days)}"
    if reading(cell).power:
        return (
            "the header names a unit too: write the number alone, or with its whole unit: "
            f"{quoted(cell.strip() + '元')}, if that is meant"
        )
    return f"write it in digits, such as 1200000; {quoted(cell)} may be two numbers"


def _unit(entry: Column, cell: str) -> str:
    unit = reading(cell).unit
    if unit in ("%", "‰") and entry.unit != "share":
        return f"the column is no share: write the number without {unit}"
    if entry.unit:
        return f"write the number alone, in {entry.unit}"
    beside = "currency" if entry.name == "value" else "unit"
    return f"name the {beside} of the row in a column {beside}, or write the number alone"


def _as_share(entry: Column, cell: str) -> str | None:
    """What a share over 1 was probably meant to be: 12.5 as 12.5% or 0.125."""
    value = reading(cell).value
    if entry.unit != "share" or value is None or not 1 < value <= 100:
        return None
    return f"write {value:f}% or {float(value) / 100:g}"


def _of_type(entry: Column, cell: str) -> str | None:
    """What to do about a date or time of another shape, or a year."""
    if entry.type in ("date", "time") or entry.is_day:
        return _of_day(entry, cell)
    if entry.unit == "year":
        blank = " or leave the cell blank" if entry.nullable else ""
        return f"write the year alone, in four digits{blank}"
    if entry.type == "integer" and reading(cell).value is not None:
        return "write a whole number, in digits"
    if entry.type in ("integer", "number") and cell.strip().startswith("#"):
        return "correct the formula in the workbook, then export again"
    return None


def _of_day(entry: Column, cell: str) -> str | None:
    plain = half_width(cell)
    if entry.type == "time" and _ZONE.fullmatch(plain):
        return "write the local time, without a time zone"
    if _SHORT_YEAR.match(plain):
        return "write the year in four digits"
    if entry.type == "text":
        return "write the year, month or day: 2021, 2021-11 or 2021-11-05"
    if days := dates.span(plain):
        return f"write the day too, from {days[0]} to {days[1]}"
    if day := dates.serial_day(plain):
        return f"if {plain} is Excel's number of {day.isoformat()}, write that"
    return None


def _date_part(cell: str) -> str:
    return half_width(cell).split(" ")[0]


def _or(words: Iterable[str]) -> str:
    return " or ".join(words)
