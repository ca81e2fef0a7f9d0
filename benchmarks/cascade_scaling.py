"""What a step costs as the network grows: ``python -m benchmarks.cascade_scaling``.

Prints nanoseconds a link, lane and step beside the least that the memory allows, draws them to
cascade_scaling.svg, then times a step of a million firms with the memory that it takes.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import altair as alt
import numpy as np

from benchmarks import cascades
from benchmarks.cascades import LINKS_PER_FIRM, Economy

SIZES = (1_000, 5_000, 20_000, 100_000)
STREAM_BYTE = 256 << 20
LINE_BYTE, INDEX_BYTE = 64, 4
ROUNDS = 3
ROWS_A_FIRM = 9  # read or written in order a step; the rows of givers come on top
PICTURE = Path(__file__).with_suffix(".svg")


def bandwidth() -> float:
    """Bytes a second that one core copies between arrays too large for any cache."""
    source = np.ones(STREAM_BYTE // 8)
    target = np.zeros_like(source)
    seconds = _least(lambda: np.copyto(target, source), 5)
    return 2 * STREAM_BYTE / seconds


def bound_ns(precision: str, per_second: float) -> float:
    """Nanoseconds a link, lane and step, were every row read from memory each time."""
    width = np.dtype(precision).itemsize
    link = 2 * (LINE_BYTE + INDEX_BYTE + width)
    firm = ROWS_A_FIRM * LINE_BYTE / LINKS_PER_FIRM
    return (link + firm) * width / LINE_BYTE / per_second * 1e9


def cost_ns(case: Economy, run: Callable[[Economy], object], n_steps: int) -> float:
    """Nanoseconds a link and step of a failure, both directions together."""
    return (
        _least(partial(run, case), ROUNDS) / n_steps / (LINKS_PER_FIRM * case.sector.size) * 1e9
    )


def table(sizes: Sequence[int], per_second: float) -> list[dict[str, float | str]]:
    """One row for each size and way; printed as it comes."""
    sys.stdout.write(
        f"copied by one core: {per_second / 1e9:.3g} GB/s\n\n"
        "| firms | steps a failure | plain ns | float64 ns | bound | float32 ns | bound "
        "| second core, float32 |\n|--:|--:|--:|--:|--:|--:|--:|--:|\n"
    )
    rows: list[dict[str, float | str]] = []
    for n in sizes:
        case = cascades.economy(n)
        n_steps = int(cascades.plain_indices(case).steps.sum())
        ways = {"plain sweep, float64": cost_ns(case, cascades.plain_indices, n_steps)}
        for precision in ("float64", "float32"):
            run = partial(cascades.indices, precision=precision)
            run(case)
            ways[precision] = cost_ns(case, run, n_steps)
            ways[f"bound, {precision}"] = bound_ns(precision, per_second)
        one, two = (
            _least(partial(run, case, threads=threads), ROUNDS, time.perf_counter)
            for threads in (1, 2)
        )
        cells = [f"{ns:.3g}" for ns in ways.values()]
        mean = n_steps / case.failures.size
        sys.stdout.write(f"| {n:,} | {mean:.1f} | {' | '.join(cells)} | {one / two:.2f}x |\n")
        sys.stdout.flush()
        rows += [{"firms": n, "way": way, "ns": ns} for way, ns in ways.items()]
    return rows


def draw(rows: list[dict[str, float | str]], picture: Path) -> None:
    """Cost over size, on two logarithmic scales; bounds are dashed."""
    ways = list(dict.fromkeys(row["way"] for row in rows))
    sizes = list(dict.fromkeys(row["firms"] for row in rows))
    colour = alt.Color("way:N", title=None).scale(
        domain=ways, range=["#666666", "#1f6f8b", "#1f6f8b", "#c1502e", "#c1502e"]
    )
    dash = alt.StrokeDash("way:N", title=None).scale(
        domain=ways, range=[[1, 0], [1, 0], [4, 3], [1, 0], [4, 3]]
    )
    chart = (
        alt.Chart(alt.Data(values=rows), title="Cost of a step as the network grows")
        .mark_line(point={"size": 18})
        .encode(
            x=alt.X("firms:Q", title="firms (five links each)")
            .scale(type="log")
            .axis(values=sizes),
            y=alt.Y("ns:Q", title="ns a link, lane and step").scale(type="log"),
            color=colour,
            strokeDash=dash,
        )
        .properties(width=480, height=300)
    )
    chart.save(picture)


def large(n_firms: int) -> None:
    """Seconds a step of one scenario and of sixteen, and the memory from before to the peak."""
    case = cascades.economy(n_firms)
    _ = case.shocks
    before = _peak_byte()
    begun = time.perf_counter()
    cascade = case.float32
    built = time.perf_counter() - begun
    after = _peak_byte()
    for name, shocks in (("one scenario", case.shocks[:1]), ("sixteen", case.shocks)):
        begun = time.perf_counter()
        found = cascade.scenarios(shocks, threads=1)
        seconds = time.perf_counter() - begun
        n_steps = int(found.steps.max())
        sys.stdout.write(
            f"{n_firms:,} firms, {name}: {seconds / n_steps:.3g} s a step, {n_steps} steps, "
            f"{seconds / len(shocks):.3g} s each; "
            f"memory beyond the links {(_peak_byte() - before) / 1e9:.2f} GB at its peak\n"
        )
    sys.stdout.write(
        f"built in {built:.1f} s, with {(after - before) / 1e9:.2f} GB at its peak\n"
    )


def _least(
    run: Callable[[], object], rounds: int, clock: Callable[[], float] = time.process_time
) -> float:
    """The least seconds of some rounds."""
    seconds = []
    for _ in range(rounds):
        begun = clock()
        run()
        seconds.append(clock() - begun)
    return min(seconds)


def _peak_byte() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Print the table, draw the picture, and time the large network in what memory is left."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cascade_scaling", description=__doc__
    )
    parser.add_argument(
        "--firms", type=int, default=0, help="only a large network of this size"
    )
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, help="networks in the table and picture"
    )
    parser.add_argument("--picture", type=Path, default=PICTURE, help="where it is drawn")
    asked = parser.parse_args()
    if asked.firms:
        large(asked.firms)
        return
    draw(table(asked.sizes, bandwidth()), asked.picture)


if __name__ == "__main__":
    main()
