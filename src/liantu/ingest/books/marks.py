"""Marks in cells: a colour and a comment that says what is wrong and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from liantu.errors import Problem
from liantu.ingest.books.sheet_text import sheet_text, width_of
from liantu.locale import Language, told, translated

_SIGN, _THEIRS = "liantu: ", "\n———\n"
_LONGEST = 2_000
_ERROR, _WARNING = "FFFFC7CE", "FFFFEB9C"
_FILLS = {colour: PatternFill("solid", fgColor=colour) for colour in (_ERROR, _WARNING)}
_TEXT_FORMAT = "@"
_WIDE, _LINE_HEIGHT, _LETTERS_IN_LINE = 340, 18, 48


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem stands in a marked workbook; without a sheet it is listed alone."""

    problem: Problem
    sheet: str | None = None
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be put on one cell, for all problems in it."""

    text: str
    is_error: bool


def marks(places: Iterable[Place], language: Language) -> dict[tuple[str, str], Mark]:
    """The mark of every cell that has one, by sheet and cell."""
    found: dict[tuple[str, str], list[Problem]] = {}
    for place in places:
        if place.sheet and place.cell:
            found.setdefault((place.sheet, place.cell), []).append(place.problem)
    return {where: _mark(problems, language) for where, problems in found.items()}


def put(cell: Cell, mark: Mark, *, with_comment: bool) -> None:
    """Colour the cell and comment it; what somebody else has said there stays below."""
    cell.fill = _FILLS[_ERROR if mark.is_error else _WARNING]
    if with_comment:
        theirs = f"{_THEIRS}{cell.comment.text}" if cell.comment else ""
        cell.comment = _comment(f"{mark.text}{theirs}", "liantu")


def take_back(cell: Cell) -> None:
    """Undo a mark of an earlier time, if the cell has one."""
    if cell.fill.fgColor.rgb in (_ERROR, _WARNING):
        cell.fill = PatternFill()
    if cell.comment and cell.comment.text.startswith(_SIGN):
        _, _, theirs = cell.comment.text.partition(_THEIRS)
        cell.comment = _comment(theirs, cell.comment.author) if theirs else None


def fit(cell: Cell) -> None:
    """Make the box of a comment large enough for it: its size is not read with a workbook."""
    if cell.comment:
        cell.comment = _comment(cell.comment.text, cell.comment.author)


def as_text(cell: Cell, text: str) -> None:
    """Give the cell a text that stays one, whatever it looks like: no formula, no number."""
    cell.value = sheet_text(text)
    cell.data_type = "s"
    cell.number_format = _TEXT_FORMAT


def _comment(text: str, author: str) -> Comment:
    """A comment in a box in which all of it can be read."""
    lines = sum(-(-width_of(line) // _LETTERS_IN_LINE) or 1 for line in text.splitlines())
    return Comment(text, author, width=_WIDE, height=_LINE_HEIGHT * (lines + 1))


def _mark(problems: list[Problem], language: Language) -> Mark:
    """Every problem of a cell, errors before warnings; the worst of them gives the colour."""
    is_error = any(problem.severity == "error" for problem in problems)
    graver = sorted(problems, key=lambda problem: problem.severity != "error")
    text = "\n\n".join(_words(problem, language) for problem in graver)
    cut = f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text
    return Mark(sheet_text(cut), is_error)


def _words(problem: Problem, language: Language) -> str:
    lines = {
        "Expected": problem.expected,
        "Found": problem.found,
        "What to do": problem.remedy,
    }
    said = [f"{translated(k, language)}: {told(v, language)}" for k, v in lines.items()]
    return "\n".join([f"{_SIGN}{translated(problem.severity, language)}", *said])
