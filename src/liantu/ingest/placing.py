"""In which cell of its file a problem stands, and in which order problems are told."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from liantu.errors import Problem
from liantu.ingest.intake import Heads, Raw, Sheet


def heads(raw: Raw, positions: dict[str, int]) -> Heads:
    """Where the columns of a raw table stand in its file, whatever its headers call them.

    Nowhere in a file that has no header row, for it has no cells that a reader could count.
    """
    if raw.header_row is None:
        return Heads(raw.sheet, {})
    first = raw.first_column
    found = {name: first + position for name, position in positions.items()}
    for position, words in enumerate(raw.headers):
        if words.strip():
            found.setdefault(words.strip(), first + position)
    return Heads(raw.sheet, found)


def placed(problems: Iterable[Problem], known: Iterable[Heads]) -> list[Problem]:
    """The problems, each once, with its cell and its header where its column is known.

    They come in the order in which files were given and sheets stand in a file, which is that
    of ``known``, and within a sheet by row and column.
    """
    read = tuple(known)
    positions = {entry.sheet: entry.positions for entry in read}
    files = {
        name: at for at, name in enumerate(dict.fromkeys(item.sheet.file for item in read))
    }
    sheets = {entry.sheet: at for at, entry in enumerate(read)}
    found = [_placed(problem, positions) for problem in dict.fromkeys(problems)]
    return sorted(found, key=lambda problem: _order(problem, files, sheets))


def _order(
    problem: Problem, files: Mapping[str, int], sheets: Mapping[Sheet, int]
) -> tuple[int, str, int, str, int, int]:
    """By file, sheet, row and column; what is of none of them comes before, or by its name."""
    file, sheet = problem.file or "", problem.sheet or ""
    at_file = files.get(file, len(files)) if file else -1
    at_sheet = sheets.get(Sheet(file, sheet), len(sheets)) if sheet else -1
    position = xl_cell_to_rowcol(problem.cell)[1] if problem.cell else -1
    return at_file, file, at_sheet, sheet, problem.row or 0, position


def _placed(problem: Problem, positions: dict[Sheet, dict[str, int]]) -> Problem:
    if not problem.column or not problem.file:
        return problem
    known = positions.get(Sheet(problem.file, problem.sheet), {})
    position = known.get(problem.column)
    if position is None:
        return problem
    # Words of headers come after the names of columns.
    header = next(words for words, at in reversed(known.items()) if at == position)
    cell = xl_rowcol_to_cell(problem.row - 1, position) if problem.row else None
    return replace(problem, cell=problem.cell or cell, header=header)
