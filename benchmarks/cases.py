"""The registry of cases. Adding a case is adding one entry to ``CASES``.

A peer gets what it may build beforehand (a tree, a graph, a matrix) built beforehand, from the
same arrays as ours, and named in ``against``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import bills, faces, makers


def same_numbers(own: NDArray[np.float64], peer: NDArray[np.float64]) -> None:
    """Assert that both results are the same numbers, but for the last bits of a sum."""
    np.testing.assert_allclose(own, peer, rtol=1e-9)


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to time, at several sizes, alone or against a peer.

    Attributes
    ----------
    name : str
    build : size -> input of ``run`` and ``peer``; not timed
    sizes : ascending; the first is for the smoke test
    run : input -> result
    peer : input -> the same result
    against : what the peer is, what it calls, and what was built beforehand
    needs : the package that the peer needs, if it is not one of ours
    same : asserts that two results are the same
    """

    name: str
    build: Callable[[int], Any]
    sizes: tuple[int, ...]
    run: Callable[[Any], Any]
    peer: Callable[[Any], Any] | None = None
    against: str = ""
    needs: str = "numpy"
    same: Callable[[Any, Any], None] = same_numbers


PAIRS = (3_000, 300_000, 3_000_000)
LINES = (1_000, 100_000, 1_000_000)

CASES = (
    Case(
        name="reach: nearest makers and coverage, eight radii",
        build=makers.study,
        sizes=PAIRS,
        run=makers.reach,
        peer=makers.ball_tree_reach,
        against=(
            "sklearn BallTree(haversine).query_radius for each radius, then np.unique of the "
            "parts found; tree and site-to-parts index built beforehand, our vectors too"
        ),
        needs="sklearn",
    ),
    Case(
        name="reach, against marks instead of np.unique",
        build=makers.study,
        sizes=PAIRS,
        run=makers.reach,
        peer=makers.ball_tree_reach_by_marks,
        against="as above, the distinct parts by marking a boolean array, its quickest form",
        needs="sklearn",
    ),
    Case(
        name="reach, from positions in degrees",
        build=makers.study,
        sizes=PAIRS,
        run=makers.reach_from_degrees,
        peer=makers.ball_tree_reach,
        against="as the first, our vectors found within the time, its tree still beforehand",
        needs="sklearn",
    ),
    Case(
        name="nearest makers from 300 origins",
        build=makers.study,
        sizes=PAIRS,
        run=makers.nearest_from_300,
        peer=makers.nearest_from_one,
        against="ours from one origin: the ratio is that of one to three hundred",
        same=makers.same_first_row,
    ),
    Case(
        name="explode, ten levels",
        build=bills.ten_levels,
        sizes=LINES,
        run=bills.need,
        peer=bills.networkx_need,
        against="networkx topological_sort, then need added along each edge; graph beforehand",
        needs="networkx",
    ),
    Case(
        name="explode, ten levels, against a sparse product",
        build=bills.ten_levels,
        sizes=LINES,
        run=bills.need,
        peer=bills.level_wise_need,
        against="scipy csr_array @ need, once a level; matrix beforehand, ours from the lines",
    ),
    Case(
        name="explode, ten levels, against a sparse product from the lines",
        build=bills.ten_levels,
        sizes=LINES,
        run=bills.need,
        peer=bills.level_wise_need_from_lines,
        against="the same, its matrix built within the time, from the lines as ours",
    ),
    Case(
        name="explode, five levels, against a sparse product",
        build=bills.five_levels,
        sizes=LINES,
        run=bills.need,
        peer=bills.level_wise_need,
        against="scipy csr_array @ need, once a level; matrix beforehand, ours from the lines",
    ),
    Case(
        name="explode, five levels, against a sparse product from the lines",
        build=bills.five_levels,
        sizes=LINES,
        run=bills.need,
        peer=bills.level_wise_need_from_lines,
        against="the same, its matrix built within the time, from the lines as ours",
    ),
    Case(
        name="page of reach on the example, figures cached",
        build=faces.example,
        sizes=(1,),
        run=faces.reach_page,
    ),
    Case(
        name="page of completeness on the example, with the chain map",
        build=faces.example,
        sizes=(1,),
        run=faces.chain_map_page,
    ),
    Case(
        name="liantu --help, a new process (see wall)",
        build=faces.command,
        sizes=(1,),
        run=faces.help_text,
    ),
    Case(
        name="liantu lenses, a new process (see wall)",
        build=faces.command,
        sizes=(1,),
        run=faces.lenses,
    ),
)
