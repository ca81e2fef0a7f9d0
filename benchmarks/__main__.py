"""Time the cases, own and peer in turn, and print the results as markdown."""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.cases import CASES, Case

ROUNDS, LEAST_ROUNDS, PATIENCE_S = 9, 3, 30.0


@dataclass(frozen=True, slots=True)
class Timing:
    """CPU and wall seconds of each round."""

    cpu: list[float]
    wall: list[float]


def in_turn(calls: list[Callable[[], Any]]) -> list[Timing]:
    """Timings of warm calls that alternate, so that a busy spell strikes each alike."""
    timings = [Timing([], []) for _ in calls]
    begun = time.perf_counter()
    for done in range(ROUNDS):
        if done >= LEAST_ROUNDS and time.perf_counter() - begun > PATIENCE_S:
            break
        for call, timing in zip(calls, timings, strict=True):
            cpu, wall = _seconds(call)
            timing.cpu.append(cpu)
            timing.wall.append(wall)
    return timings


def _seconds(call: Callable[[], Any]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    call()
    return time.process_time() - cpu, time.perf_counter() - wall


def row(case: Case, size: int) -> str:
    """One line of the table: the first call, medians of the rest, the ratio pair by pair."""
    given = case.build(size)
    peer = case.peer if case.peer and find_spec(case.needs) else None
    runs = [case.run] if peer is None else [case.run, peer]
    begun = time.perf_counter()
    found = case.run(given)
    first = time.perf_counter() - begun
    if peer is not None:
        case.same(found, peer(given))
    own, *others = in_turn([partial(run, given) for run in runs])
    cells = [
        case.name,
        f"{size:,}",
        _ms(first),
        _ms(median(own.cpu)),
        _ms(median(own.wall)),
    ]
    for other in others:
        ratio = median(b / a for a, b in zip(own.cpu, other.cpu, strict=True))
        cells += [_ms(median(other.cpu)), _ms(median(other.wall)), f"{ratio:.3g}"]
    if not others:
        cells += ["", "", f"{case.needs} is absent" if case.peer else ""]
    return f"| {' | '.join([*cells, str(len(own.cpu))])} |"


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.3g}" if seconds < 1 else f"{seconds * 1e3:.0f}"


def machine() -> str:
    """The machine in general words: system, cores and vector instructions."""
    cpuinfo = Path("/proc/cpuinfo")
    words = cpuinfo.read_text().split() if cpuinfo.exists() else []
    flags = [flag for flag in ("sse4_2", "avx2", "fma", "avx512f") if flag in words]
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"{' '.join(flags) or 'unknown vector instructions'}; "
        f"Python {platform.python_version()}"
    )


def main() -> None:
    """Print a table of the cases that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--case", default="", help="only cases whose name contains this")
    parser.add_argument("--size", type=int, help="this size in place of the case's largest")
    parser.add_argument("--smoke", action="store_true", help="each case at its smallest size")
    asked = parser.parse_args()
    chosen = [case for case in CASES if asked.case in case.name]
    if not chosen:
        names = "\n  ".join(case.name for case in CASES)
        parser.error(f"no case is named {asked.case!r}; there are\n  {names}")
    columns = ("case", "size", "first ms", "CPU ms", "wall ms", "peer CPU ms", "peer wall ms")
    sys.stdout.write(f"{machine()}\n\n| {' | '.join(columns)} | peer / own | rounds |\n")
    sys.stdout.write(f"|---{'|--:' * 8}|\n")
    for case in chosen:
        size = asked.size or case.sizes[0 if asked.smoke else -1]
        sys.stdout.write(f"{row(case, size)}\n")
        sys.stdout.flush()
    sys.stdout.write("\n")
    for case in chosen:
        if case.against:
            sys.stdout.write(f"- {case.name}: {case.against}.\n")


if __name__ == "__main__":
    main()
