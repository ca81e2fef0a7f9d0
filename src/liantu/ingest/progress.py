"""How far an import is, for whoever looks on."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Stage:
    """What an import is doing; while it reads, also which file, and the rows read before."""

    doing: Literal["reading", "checking", "writing"]
    file: str | None = None
    rows: int = 0


TRAIL = "trail.jsonl"

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


class Trail:
    """The stages that another process comes to, left by it in a file, a line for each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told_bytes = 0
        self.last: Stage | None = None

    def leave(self, stage: Stage) -> None:
        """Add a stage, in the process that has come to it."""
        with self._path.open("ab") as stream:
            stream.write(f"{json.dumps(asdict(stage))}\n".encode())

    def tell(self) -> None:
        """Tell whoever looks on of each stage added since, in the process that waits."""
        if not self._path.exists():
            return
        with self._path.open("rb") as stream:
            stream.seek(self._told_bytes)
            added = stream.read()
        whole = added[: added.rfind(b"\n") + 1]
        self._told_bytes += len(whole)
        for line in whole.splitlines():
            self.last = Stage(**json.loads(line))
            reached(self.last)
