"""Where the header of a table stands: below title rows, and in how many rows."""

from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class HeaderAt:
    """Rows ``above`` the header, how many rows it takes (``height``), and its words."""

    above: int
    height: int
    words: tuple[str, ...]


def header_at(
    head: Sequence[Sequence[str]], names: Sequence[str], merged: Sequence[Span] = ()
) -> HeaderAt:
    """The header among the first rows of a sheet.

    Parameters
    ----------
    head
        The first rows (at most 30), each cell as text, "" where it is blank.
    names
        What the sheet or file is called.
    merged
        Merged cells as (first row, first column, last row, last column), counted in ``head``.
    """
    del names, merged
    above = next((row for row, cells in enumerate(head) if any(cells)), 0)
    return HeaderAt(above, 1, tuple(head[above]) if head else ())
