"""Kill a workspace five hundred times, and print at what it was killed.

``python -m benchmarks.kills``. Ends with an error where a workspace did not survive. With
``--faults`` the disk fails at every call to it instead, full and read-only by turns and at
every fsync broken; of a kind of call that comes more than forty times in one operation, as
the writes of a workbook do, at forty of them. Operations may be named after it.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from liantu import ingest
from tests.workspace import faults, kills
from tests.workspace.test_kills import KILLS, survived

MOST_OF_A_KIND = 40


def main() -> None:
    """Print for each operation how often it was disturbed, and before which call."""
    ingest.read = kills.read
    begun = time.perf_counter()
    with TemporaryDirectory() as name:
        done = _faults(Path(name)) if "--faults" in sys.argv else _kills(Path(name))
    sys.stdout.write(f"\n{done} survived, in {time.perf_counter() - begun:.0f} s\n")


def _kills(root: Path) -> str:
    with kills.Nursery() as nursery:
        (root / "first").mkdir()
        study = kills.made(root / "first").path.parent
        for operation, most in KILLS.items():
            place = root / operation
            place.mkdir()
            labels = Counter(survived(nursery, study, place, operation, most))
            _tell(operation, labels.total(), labels)
    return f"{sum(KILLS.values())} kills"


def _faults(root: Path) -> str:
    tempfile.tempdir = str(root)
    study, total = faults.prepared(root / "first"), 0
    for operation in sys.argv[2:] or faults.OPERATIONS:
        seen = faults.calls(study, root / "again", operation)
        moments = faults.every(seen.kinds, MOST_OF_A_KIND)
        refused = sum(faults.failed(study, root / "again", operation, moments))
        labels = Counter(seen.labels[nth - 1] for nth, _ in moments)
        _tell(operation, f"{len(seen.labels)} calls | {labels.total()} | {refused}", labels)
        total += labels.total()
    return f"{total} faults"


def _tell(operation: str, numbers: object, labels: Counter[str]) -> None:
    shown = ", ".join(f"{label} {count}" for label, count in labels.most_common())
    sys.stdout.write(f"| {operation} | {numbers} | {shown} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
