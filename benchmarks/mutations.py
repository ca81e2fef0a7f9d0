"""Show the importer thousands of mutated files, and print how it answers, by mutation.

``python -m benchmarks.mutations --files 5000``. Ends with status 1 where an answer is wrong.
"""

import argparse
import sys
import time
from collections import Counter, defaultdict

from liantu import ingest
from tests.ingest.mutations import OPERATORS, Trial, file_of, read_here

ANSWERS = ("read", "by cell", "by cause", "WRONG")


def main() -> int:
    """Print the table; how many answers are wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutations", description=__doc__)
    parser.add_argument("--files", type=int, default=5_000, help="how many files")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    asked = parser.parse_args()
    ingest.read = read_here
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    wrong: list[str] = []
    begun = time.perf_counter()
    with Trial() as trial:
        for seed in range(asked.first, asked.first + asked.files):
            made = file_of(seed)
            verdict = trial(made)
            answer = "WRONG" if verdict.wrong else verdict.answer
            for name in ("all", *made.applied):
                found[name][answer] += 1
            if verdict.wrong:
                wrong.append(f"seed {seed}, {made.kind}, {made.applied}: {verdict.wrong}")
    _print(found)
    seconds = time.perf_counter() - begun
    sys.stdout.write(f"\n{asked.files:,} files in {seconds:.0f} s, {len(wrong)} wrong\n")
    sys.stdout.writelines(f"\n{line}\n" for line in wrong[:20])
    return min(1, len(wrong))


def _print(found: defaultdict[str, Counter[str]]) -> None:
    sys.stdout.write(f"| mutation | {' | '.join(ANSWERS)} |\n|---{'|--:' * len(ANSWERS)}|\n")
    for name in (*sorted(OPERATORS), "all"):
        counts = " | ".join(f"{found[name][answer]:,}" for answer in ANSWERS)
        sys.stdout.write(f"| {name.replace('_', ' ')} | {counts} |\n")


if __name__ == "__main__":
    sys.exit(main())
