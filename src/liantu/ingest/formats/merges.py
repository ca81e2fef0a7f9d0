"""Merged cells below a header: one value that stands for several rows, or several columns."""

from collections.abc import Sequence

from xlsxwriter.utility import xl_range

from liantu.errors import Problem
from liantu.ingest.headings.header_search import Span
from liantu.ingest.intake import Sheet

_SHOWN = 5


def fill_down(values: Sequence[list[object]], merged: Sequence[Span], begun: int) -> None:
    """Give each row of a merged cell its value, in place, where the row holds anything else.

    Parameters
    ----------
    values
        The columns below the header, blank cells as "".
    merged
        Merged cells as (first row, first column, last row, last column).
    begun
        The row of ``merged`` that the columns begin with.
    """
    n_rows = len(values[0]) if values else 0
    spans = [span for span in merged if span[2] > span[0] and 0 <= span[1] < len(values)]
    # Looked at before anything is filled in: a row that is blank but for merges stays blank.
    rows = [
        [
            row
            for row in range(first - begun + 1, min(last - begun + 1, n_rows))
            if any(column[row] != "" for column in values)
        ]
        for first, _, last, _ in spans
    ]
    for (first, position, _, _), below in zip(spans, rows, strict=True):
        for row in below:
            values[position][row] = values[position][first - begun]


def merged_warnings(
    merged: Sequence[Span], where: Sheet, corner: tuple[int, int]
) -> tuple[Problem, ...]:
    """A warning for cells merged over several rows, and one for those over several columns.

    ``corner`` is the row and column, from 0, that ``merged`` is counted from.
    """
    down = [span for span in merged if span[2] > span[0]]
    across = [span for span in merged if span[3] > span[1]]
    kinds = (
        (down, "the value was read for each of the rows; write it into each, to be sure"),
        (across, "the value was read for the first of the columns; part the cells, to be sure"),
    )
    return tuple(
        Problem(
            "merged-cells",
            "a value in each cell below the header",
            f"{len(spans):,} merged: {_shown(spans, corner)}",
            remedy,
            file=where.file,
            sheet=where.sheet,
            row=spans[0][0] + corner[0] + 1,
            severity="warning",
        )
        for spans, remedy in kinds
        if spans
    )


def _shown(spans: Sequence[Span], corner: tuple[int, int]) -> str:
    names = [
        xl_range(top + corner[0], left + corner[1], bottom + corner[0], right + corner[1])
        for top, left, bottom, right in spans[:_SHOWN]
    ]
    return ", ".join(names) + (", …" if len(spans) > _SHOWN else "")
