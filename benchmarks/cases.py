"""The registry of cases. Adding a case is adding one entry to ``CASES``.

A peer gets what it may build beforehand (a tree, a graph, a matrix) built beforehand, from the
same arrays as ours, and named in ``against``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import (
    bills,
    cascades,
    complexities,
    decisions,
    disruptions,
    faces,
    imports,
    makers,
    matches,
    regions,
    resilience,
    services,
    trades,
    workbooks,
)


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
ORGANISATIONS = (3_000, 300_000, 3_000_000)
PLAIN = (
    "a plain sweep over the links in numba, float64, one failure at a time, with the same "
    "slots, steps and stop"
)

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
        name="complexity: advantages to outlook gains, 250 places",
        build=complexities.few_places,
        sizes=(120, 1_000, 5_000),
        run=complexities.complexity,
        peer=complexities.py_ecomplexity,
        against="ecomplexity.ecomplexity without its supermodularity check; frame beforehand",
        needs="ecomplexity",
        same=complexities.same_outputs,
    ),
    Case(
        name="complexity: advantages to outlook gains, 1,400 activities",
        build=complexities.many_places,
        sizes=(60, 600, 3_000),
        run=complexities.complexity,
        peer=complexities.py_ecomplexity,
        against="ecomplexity.ecomplexity without its supermodularity check; frame beforehand",
        needs="ecomplexity",
        same=complexities.same_outputs,
    ),
    Case(
        name="complexity: draws of the ranks of 300 places by 1,000 activities",
        build=complexities.counts,
        sizes=(3, 100, 1_000),
        run=complexities.ranges,
    ),
    Case(
        name="decision: ranks of alternatives under 10,000 sets of weights, against pymcdm",
        build=decisions.draws,
        sizes=(10, 500),
        run=decisions.ranked,
        peer=decisions.pymcdm_ranked,
        against="pymcdm TOPSIS and rank, checks off, of the first 100 sets: the ratio x 100",
        needs="pymcdm",
        same=decisions.same_first_ranks,
    ),
    Case(
        name="decision: ranks of alternatives under 10,000 sets of weights, scikit-criteria",
        build=decisions.draws,
        sizes=(10, 500),
        run=decisions.ranked,
        peer=decisions.scikit_criteria_ranked,
        against="scikit-criteria TOPSIS, matrix scaled beforehand, first 100 sets: ratio x 100",
        needs="skcriteria",
        same=decisions.same_first_ranks,
    ),
    Case(
        name="disruption: 90 days of a full table of industries",
        build=disruptions.economy,
        sizes=(60, 600),
        run=disruptions.output,
        peer=disruptions.boario_output,
        against=(
            "BoARIO 0.7 Simulation.loop (ARIOPsiModel), model built beforehand and copied each "
            "time, its matrix products in one thread, as others would spin on in the time of "
            "ours; both hold one stock for each industry and sector of input"
        ),
        needs="boario",
        same=disruptions.same_course,
    ),
    Case(
        name="disruption: 90 days of firms, by number of links",
        build=disruptions.firms,
        sizes=(1_000, 100_000, 1_000_000),
        run=disruptions.days_of_firms,
    ),
    Case(
        name="all single failures from the links, float32",
        build=cascades.economy,
        sizes=(300, 5_000),
        run=partial(cascades.indices_from_links, precision="float32"),
        peer=cascades.plain_indices_from_links,
        against=f"{PLAIN}; each builds its arrays within the time",
        same=cascades.same_indices,
    ),
    Case(
        name="all single failures from the links, float64",
        build=cascades.economy,
        sizes=(300, 5_000),
        run=partial(cascades.indices_from_links, precision="float64"),
        peer=cascades.plain_indices_from_links,
        against=f"{PLAIN}; each builds its arrays within the time",
        same=cascades.same_indices,
    ),
    Case(
        name="a sample of single failures, float32",
        build=cascades.economy,
        sizes=(300, 5_000, 20_000, 100_000),
        run=partial(cascades.indices, precision="float32"),
        peer=cascades.plain_indices,
        against=f"{PLAIN}; arrays of both beforehand",
        same=cascades.same_indices,
    ),
    Case(
        name="a sample of single failures, float64",
        build=cascades.economy,
        sizes=(300, 5_000, 20_000, 100_000),
        run=partial(cascades.indices, precision="float64"),
        peer=cascades.plain_indices,
        against=f"{PLAIN}; arrays of both beforehand",
        same=cascades.same_indices,
    ),
    Case(
        name="a sample of single failures, 616 sectors, float32",
        build=cascades.many_sectors,
        sizes=(1_000, 10_000),
        run=partial(cascades.indices, precision="float32"),
        peer=cascades.plain_indices,
        against=f"{PLAIN}; arrays of both beforehand",
        same=cascades.same_indices,
    ),
    Case(
        name="a sample of single failures in two threads (see wall)",
        build=cascades.economy,
        sizes=(300, 5_000, 20_000, 100_000),
        run=partial(cascades.indices, precision="float32", threads=2),
        peer=partial(cascades.indices, precision="float32"),
        against="ours in one thread",
        same=cascades.same_indices,
    ),
    Case(
        name="sixteen scenarios of a supply network, float32",
        build=cascades.economy,
        sizes=(300, 1_000_000),
        run=cascades.sixteen_scenarios,
        peer=cascades.one_scenario,
        against="ours of one scenario: the ratio is that of one to sixteen",
        same=cascades.same_first_scenario,
    ),
    Case(
        name="stress: the largest seller stops, from the files, with all paths",
        build=resilience.nation,
        sizes=(1_000, 20_000),
        run=resilience.stressed,
        peer=resilience.bare_cascade,
        against=(
            "the index alone, by the plain sweep from numbers: what reading, paths, sums and "
            "figures cost beside it"
        ),
        same=resilience.same_loss,
    ),
    Case(
        name="hedge: the twenty best second suppliers of the largest seller, from the files",
        build=resilience.nation,
        sizes=(1_000, 20_000),
        run=resilience.hedged,
        peer=resilience.bare_cascades,
        against=(
            "ours from numbers: one cascade built from nothing for each link, the links known "
            "beforehand; ours finds and chooses them as well"
        ),
    ),
    Case(
        name="dependence, 200 partners and 10 years of each product, from numbers",
        build=trades.trade,
        sizes=(50, 5_000),
        run=trades.by_kernel,
        peer=trades.by_pandas,
        against="pandas groupby of the same numbers by year and product; its table beforehand",
        needs="pandas",
    ),
    Case(
        name="dependence, the whole question from its Parquet file",
        build=trades.trade,
        sizes=(50, 5_000),
        run=trades.by_lens,
        peer=trades.by_pandas_from_parquet,
        against="pandas read_parquet and two groupby on texts, indices by value alone",
        needs="pandas",
    ),
    Case(
        name="benchmark of eleven cities, by organisations and main activity",
        build=regions.Regions,
        sizes=ORGANISATIONS,
        run=regions.benchmark,
    ),
    Case(
        name="specialisation of 340 cities in 400 activities, by organisations",
        build=regions.Regions,
        sizes=ORGANISATIONS,
        run=regions.specialisation,
    ),
    Case(
        name="service: clocks, quantiles and steps, by number of events",
        build=services.Services,
        sizes=(1_000, 100_000, 1_000_000),
        run=services.times,
    ),
    Case(
        name="import of an event log in XES, by megabytes, in the child (see wall)",
        build=services.Log,
        sizes=(1, 10, 100),
        run=services.intake,
    ),
    Case(
        name="import of organisations from a workbook, read and checked",
        build=workbooks.Book,
        sizes=(3_000, 30_000, 300_000),
        run=workbooks.intake,
        peer=workbooks.bare_read,
        against="fastexcel read_excel(path).load_sheet(0).to_arrow(), which checks nothing",
        needs="fastexcel",
        same=workbooks.same_names,
    ),
    Case(
        name="match: organisations that may be one firm",
        build=matches.firms,
        sizes=(2_000, 100_000),
        run=matches.proposals,
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
    Case(
        name="import of 1,000,000 organisations from CSV",
        build=imports.files,
        sizes=(1_000, 1_000_000),
        run=imports.imported,
        peer=imports.copied,
        against=(
            "DuckDB's own COPY (SELECT * FROM read_csv(file)) TO a file of Parquet, of the "
            "same organisations; ours reads in a child process, whose CPU time is not counted, "
            "so that the wall times tell; ours checks every cell, key and reference"
        ),
        same=imports.same_count,
    ),
)
