"""How far an import is, for whoever looks on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Stage:
    """What an import is doing; while it reads, also which file, and the rows read before."""

    doing: Literal["reading", "checking", "writing"]
    file: str | None = None
    rows: int = 0


Report = Callable[[Stage], None]

_report: ContextVar[Report] = ContextVar("report", default=lambda _: None)


@contextmanager
def reporting(report: Report) -> Iterator[None]:
    """Tell a callback of every stage that an import comes to while the block runs."""
    token = _report.set(report)
    try:
        yield
    finally:
        _report.reset(token)


def reached(stage: Stage) -> None:
    """Tell whoever looks on that an import has come to a stage."""
    _report.get()(stage)
