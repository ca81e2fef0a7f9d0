"""Firms recorded twice: time, memory, and how many are found, by way of writing.

``python -m benchmarks.matches 2000 100000`` prints precision and recall on labelled firms of
our making at the default threshold, one process for each size.
"""

import resource
import subprocess
import sys
import time
from functools import cache

from liantu.matching import AT_LEAST, Proposals, propose
from tests.matching.labelled import Labelled, labelled
from tests.matching.measured import measured


@cache
def firms(n_organisations: int) -> Labelled:
    """About so many organisations, of which one in ten stands there twice."""
    return labelled(n_organisations)


def proposals(labels: Labelled) -> Proposals:
    """What may be one firm among them."""
    return propose(labels.organisations, labels.places)


def report(n_organisations: int) -> str:
    """Time, memory, precision and recall, overall and by way of writing, as markdown."""
    labels = firms(n_organisations)
    wall, cpu = time.perf_counter(), time.process_time()
    found = proposals(labels)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result = measured(labels, found.proposals)
    shown, every = len(found.proposals), len(labels.same)
    lines = [
        f"## {found.organisations:,} organisations, at least {AT_LEAST}",
        "",
        f"- {found.compared:,} pairs compared, {shown:,} proposed",
        f"- {wall:.1f} s wall, {cpu:.1f} s CPU; {peak_mib:,.0f} MiB peak with the labels",
        f"- precision {result.precision:.3f}, recall {result.recall:.3f} of {every:,}",
        f"- {found.cut_blocks:,} parts of names cut, of {found.cut_firms:,} organisations",
        "",
        "| way of writing | found | of | recall |",
        "|---|--:|--:|--:|",
    ]
    lines += [f"| {way} | {n} | {of} | {n / of:.2f} |" for way, (n, of) in result.ways.items()]
    lines += ["", "| two firms that are alike | proposed | of |", "|---|--:|--:|"]
    lines += [f"| {like} | {n} | {of} |" for like, (n, of) in result.likes.items()]
    return "\n".join([*lines, f"| other pairs | {result.others} | |", ""])


def main() -> None:
    """Print the report for each size that is asked for, each in a process of its own."""
    sizes = [int(size) for size in sys.argv[1:]] or [2_000, 100_000]
    if len(sizes) == 1:
        sys.stdout.write(f"{report(sizes[0])}\n")
        return
    for size in sizes:
        subprocess.run([sys.executable, "-m", "benchmarks.matches", str(size)], check=True)  # noqa: S603


if __name__ == "__main__":
    main()
