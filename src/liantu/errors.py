"""What is refused, and in which words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

_NEAR, _PART = 2, 2  # names in a hint; letters that a part of a name has at least


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what was expected, what was found, what to do.

    ``code`` is stable, so that a script may rely on it. ``row`` counts as Excel shows it, the
    header being row 1, and ``cell`` is the cell as Excel names it, such as F18. ``header`` is
    what the file calls the column. A warning is shown and refuses nothing.
    """

    code: str
    expected: str
    found: str
    remedy: str
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    severity: Literal["error", "warning"] = "error"
    cell: str | None = None
    header: str | None = None

    @property
    def address(self) -> str:
        """Where the problem is, as ``file:sheet!row:column``, as far as it is known."""
        inside = f"{self.sheet}!" if self.sheet else ""
        parts = (
            self.file,
            f"{inside}{self.row}" if self.row else inside.rstrip("!"),
            self.column,
        )
        return ":".join(part for part in parts if part)

    def __str__(self) -> str:
        return self.line(f"{self.expected}; found {self.found}; {self.remedy}")

    def line(self, said: str) -> str:
        """The address, the code and what is said, on one line."""
        where = f"{self.address} " if self.address else ""
        return printable(" ".join(f"{where}{self.code}: {said}".split()))


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """Nothing was done, for the reasons given in ``problems``: all of them at once."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("\n".join(map(str, self.problems)))


class Missing(Refusal):
    """What was asked for by name does not exist: a lens, a record, a generation."""


def printable(text: str) -> str:
    """The text with signs that do not show, such as control signs, written as escapes."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def did_you_mean(found: str, known: Sequence[str]) -> str:
    """A hint that names the nearest of the known names, or lists them when none is near."""
    if near := _nearest(found, known):
        return f"did you mean {' or '.join(near)}?"
    if not known:
        return "none is on record"
    listed = ", ".join(known[:12])
    return f"known: {listed}{', …' if len(known) > 12 else ''}"


def nearest_record(found: str, ids: Sequence[str], names: Mapping[str, str]) -> str:
    """The same for a record that is called by its id, or by a name that leads to the id.

    An id that is near wins; then a name that holds what was found; then a name that is near.
    """
    if len(found) < _PART or _nearest(found, ids):
        return did_you_mean(found, ids)
    holding = [name for name in names if found.casefold() in name.casefold()]
    near = sorted(holding, key=len) or _nearest(found, names)
    named = [f"{name} ({names[name]})" for name in near[:_NEAR]]
    return f"did you mean {' or '.join(named)}?" if named else did_you_mean(found, ids)


def _nearest(found: str, known: Iterable[str]) -> list[str]:
    every = list(known)
    lower = [name.lower() for name in every]
    near = get_close_matches(found.lower(), lower, n=_NEAR, cutoff=0.6)
    return [name for name, small in zip(every, lower, strict=True) if small in near]
