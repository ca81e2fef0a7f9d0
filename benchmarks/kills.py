"""Kill a workspace five hundred times, and print at what it was killed.

``python -m benchmarks.kills``. Ends with an error where a workspace did not survive.
"""

import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from liantu import ingest
from tests.workspace import kills
from tests.workspace.test_kills import KILLS, survived


def main() -> None:
    """Print for each operation how often it was killed before which call."""
    ingest.read = kills.read
    begun = time.perf_counter()
    with TemporaryDirectory() as name, kills.Nursery() as nursery:
        (Path(name) / "first").mkdir()
        study = kills.made(Path(name) / "first").path.parent
        for operation, most in KILLS.items():
            place = Path(name) / operation
            place.mkdir()
            labels = Counter(survived(nursery, study, place, operation, most))
            shown = ", ".join(f"{label} {count}" for label, count in labels.most_common())
            sys.stdout.write(f"| {operation} | {labels.total()} | {shown} |\n")
            sys.stdout.flush()
    seconds = time.perf_counter() - begun
    sys.stdout.write(f"\n{sum(KILLS.values())} kills survived, in {seconds:.0f} s\n")


if __name__ == "__main__":
    main()
