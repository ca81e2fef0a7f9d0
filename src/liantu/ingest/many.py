"""How many of very many problems are listed, and the problem that stands for the others."""

from typing import Literal

from liantu.errors import Problem

MOST, FIRST = 10_000, 1_000


def n_listed(count: int) -> int:
    """How many of so many problems of a column are listed: all, or the first thousand."""
    return count if count <= MOST else FIRST


def more(
    count: int,
    column: str,
    file: str | None,
    sheet: str | None,
    severity: Literal["error", "warning"] = "error",
) -> Problem:
    """The problem that stands for those that a column has beyond the thousand listed."""
    return Problem(
        "more-problems",
        f"at most {MOST:,} problems in a column",
        f"{count:,} more than are listed",
        "correct those that are listed, then import again",
        file=file,
        sheet=sheet,
        column=column,
        severity=severity,
    )
