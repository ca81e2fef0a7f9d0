"""What is lost downstream and upstream when firms fail: the Economic Systemic Risk Index.

A supplier's loss reaches its buyers as far as no other firm of its market stands in for it and
their production needs the input; a buyer's loss reaches its suppliers as the part of their
sales that it was. Diem, Borsos, Reisch, Kertész, Thurner (2022), Scientific Reports 12, 7719.
"""

import os
from collections.abc import Callable
from functools import cached_property, partial
from queue import SimpleQueue
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from liantu.kernels.as_finished import as_finished
from liantu.kernels.cascade import cascades
from liantu.kernels.cascade_alone import cascades_alone, first_steps
from liantu.kernels.cascade_answers import Losses, SectorLosses, Singles
from liantu.kernels.cascade_arrays import (
    AHEAD,
    IDLE,
    LINE_BYTE,
    Counts,
    Floats,
    Found,
    Network,
    Rows,
    Rule,
    Shocks,
    State,
    Takers,
)
from liantu.kernels.cascade_checks import ids, known, numbers, one_of, positive, shares
from liantu.kernels.cascade_checks import importance as importance_table
from liantu.kernels.cascade_layout import (
    aligned,
    base,
    downstream,
    largest_giver,
    leak,
    markets,
    merged,
    parts,
    row_of_firm,
    sector_means,
    still_felt,
    struck,
    summed,
    takers,
    upstream,
)

Mode = Literal["converged", "diem2022"]
Precision = Literal["float64", "float32"]

EPS = {"converged": 1e-5, "diem2022": 1e-2}
FAILURES_PER_LANE = 32  # at least in a block, so that few lanes idle while its last ones stop
WORK = 100_000_000  # links times failures of a block: half a second to some seconds
SHARES_OF_THREAD = 4  # blocks a thread at least, so that all end at about the same time
FIRST_PART = 0.03  # of the links, how many one of the first steps alone may touch
FEW = 2  # failures up to which a line of 64 bytes would stay too empty


class Cascade:
    """A supply network in which firms fail.

    Parameters
    ----------
    supplier, buyer : (links,) int, in [0, n)
        A pair may stand several times; its values add up.
    value : (links,) float, finite and >= 0, in one unit of money; 0 is no link
    sector : (n,) int, in [0, m)
    importance : (m, m) int
        Of inputs of the row's sector to buyers of the column's: 0 negligible, 1 non-essential,
        2 essential.
    market : (n,) int, >= 0
        Firms that can stand in for each other; by default those of a sector.
    revenue, cost : (n,) float, >= 0, NaN where unknown
        Where known, sales are a part of revenue, and purchases of cost, not of the links alone.
    mode : "converged" or "diem2022"
        "diem2022" is the published rule: it stops at changes of 1e-2, and takes what is left of
        a market for one unit of money where it is at most 1e-10. "converged" stops at 1e-5, and
        lets each firm stand for itself where at most 1e-10 of its market is left, so that the
        unit of money does not matter; a revenue of zero counts as unknown.
    substitution : bool
        Whether others of the market stand in for what a supplier loses.
    precision : "float64", or "float32" at twice the speed and within 1e-5 of it
    eps : float, in (0, 1)
        The change at which a cascade stops, in place of the mode's.

    Raises
    ------
    ValueError
        Where an array does not fit, or there is no link.

    Notes
    -----
    Losses never fall, also where the money floor of "diem2022" would let them. About
    150 bytes a link while it is built; while it runs 40 a link, 10 more for single failures,
    and 250 a firm and thread.
    """

    def __init__(  # noqa: PLR0913 - the network, and how it fails
        self,
        supplier: ArrayLike,
        buyer: ArrayLike,
        value: ArrayLike,
        sector: ArrayLike,
        *,
        importance: ArrayLike,
        market: ArrayLike | None = None,
        revenue: ArrayLike | None = None,
        cost: ArrayLike | None = None,
        mode: Mode = "converged",
        substitution: bool = True,
        precision: Precision = "float64",
        eps: float | None = None,
    ) -> None:
        table = importance_table(importance)
        self.sector = ids(sector, "sector", None, table.shape[0])
        n = self.sector.size
        given = numbers(value, "value", None)
        ends = (ids(supplier, "supplier", given.size, n), ids(buyer, "buyer", given.size, n))
        if not (given > 0).any():
            message = "the network is empty: give at least one link with a value above 0"
            raise ValueError(message)
        group = self.sector if market is None else ids(market, "market", n, None)
        self.n_sectors, self.mode = table.shape[0], one_of(mode, "mode", Mode)
        self.precision = one_of(precision, "precision", Precision)
        self.substitution = bool(substitution)
        self.eps = EPS[mode] if eps is None else float(eps)
        if not 0 < self.eps < 1:
            message = f"eps must be above 0 and below 1, found {eps}"
            raise ValueError(message)
        links = merged(*ends, given, n)
        self.sales = summed(links.supplier, links.value, n)
        is_published = mode == "diem2022"
        bought = summed(links.buyer, links.value, n)
        kept = leak(bought, known(cost, "cost", n))
        whole = base(self.sales, known(revenue, "revenue", n), zero_is_unknown=not is_published)
        self._down = downstream(links, self.sector, table, kept, group, precision)
        self._up = upstream(links, whole, precision)
        self._row, self._up_row = row_of_firm(self._down), row_of_firm(self._up)
        by_row = self._down.firm
        rivals = markets(
            self.sales[by_row], group[by_row], precision, is_money_floor=is_published
        )
        partner = np.concatenate((self._up_row[by_row], np.zeros(AHEAD, np.uint32)))
        self._network = Network(self._down.side, self._up.side, partner, rivals)
        self._rule = Rule(self.eps, self.substitution)

    def single_failures(
        self,
        firms: ArrayLike,
        weights: ArrayLike | None = None,
        *,
        threads: int | None = None,
        block: int | None = None,
        report: Callable[[int], None] | None = None,
        share: float = 1.0,
    ) -> Singles:
        """The index of each of the firms, were it to fail alone.

        Parameters
        ----------
        firms : (k,) int, in [0, n)
        weights : (n,) or (n, w) float, finite and >= 0, each column with a sum above 0
            What is at stake in each firm; by default its sales.
        threads : int, >= 1; by default as many as there are cores
        block : int, >= 1
            Failures between reports, and between which it can be interrupted.
        report : called with the failures done so far
        share : float, in [0, 1], of the firm's output that is lost at the start

        Raises
        ------
        ValueError
            Where an array does not fit.
        """
        chosen = ids(firms, "firms", None, self.sector.size)
        if not 0 <= share <= 1:
            message = f"share must be in 0..1, found {share}"
            raise ValueError(message)
        columns = self._weights(weights)
        found = self._found(chosen.size, columns.shape[0], 0)

        def shocks(first: int, last: int) -> tuple[Shocks, Shocks]:
            firm = chosen[first:last]
            start, loss = np.arange(firm.size + 1), np.full(firm.size, share, self.precision)
            steps = np.zeros(firm.size, np.int64)
            down, up = (
                Shocks(start, row[firm], loss, steps) for row in (self._row, self._up_row)
            )
            most = int(FIRST_PART * self._up.side.share.size)
            return first_steps(self._network, self._rule, self._takers, (down, up), most)

        self._run(shocks, columns, found, threads=threads, block=block, report=report)
        index = np.minimum(found.indices, 1.0)
        return Singles(index[:, :, 0], index[:, :, 1], index[:, :, 2], found.steps)

    def scenarios(
        self, down: ArrayLike, up: ArrayLike | None = None, *, threads: int | None = None
    ) -> Losses:
        """Losses of every firm under each shock.

        Parameters
        ----------
        down, up : (k, n) float, in [0, 1]
            Part of its output, and of its demand for inputs, that each firm loses at the start;
            ``up`` is by default as ``down``.
        threads : as for ``single_failures``
        """
        fall = shares(down, "down", self.sector.size)
        pull = fall if up is None else shares(up, "up", self.sector.size)
        if fall.shape != pull.shape:
            message = f"down has {fall.shape[0]} scenarios and up {pull.shape[0]}: give as many"
            raise ValueError(message)
        found = self._found(fall.shape[0], 1, fall.shape[0])

        def shocks(first: int, last: int) -> tuple[Shocks, Shocks]:
            return (
                struck(fall[first:last], self._row, self.precision),
                struck(pull[first:last], self._up_row, self.precision),
            )

        self._run(shocks, self._weights(None), found, threads=threads)
        for scenario in range(fall.shape[0]):
            found.down[scenario] = found.down[scenario, self._row]
            found.up[scenario] = found.up[scenario, self._up_row]
        return Losses(found.down, found.up, found.steps)

    def via(
        self, down: ArrayLike, up: ArrayLike, shock_down: ArrayLike, shock_up: ArrayLike
    ) -> tuple[Counts, Counts]:
        """The supplier, and the buyer, that passed the most of its loss on to each firm.

        Parameters
        ----------
        down, up, shock_down, shock_up : (n,) float, in [0, 1], of one scenario

        Returns
        -------
        via_down, via_up : (n,) int64, in [0, n), or -1
            The largest contributor of the slot that set the loss, the lowest of equals; -1
            where the firm's own shock set it, or nothing was lost.
        """
        names = ("down", "up", "shock_down", "shock_up")
        n, given = self.sector.size, (down, up, shock_down, shock_up)
        fall, pull, own, own_up = (
            shares(loss, name, n)[0] for loss, name in zip(given, names, strict=True)
        )
        felt = self._felt(fall)
        upward = largest_giver(self._up, pull[self._up.firm], own_up)
        return largest_giver(self._down, felt, own), upward

    def passed(
        self, down: ArrayLike, up: ArrayLike
    ) -> tuple[tuple[Counts, Counts, Floats], tuple[Counts, Counts, Floats]]:
        """What arrives by each link of a loss, downstream and upstream.

        Parameters
        ----------
        down, up : (n,) float, in [0, 1], of one scenario

        Returns
        -------
        taker, giver : int64, in [0, n); part : float64, of each link, one way and the other
        """
        n = self.sector.size
        fall, pull = shares(down, "down", n)[0], shares(up, "up", n)[0]
        return parts(self._down, self._felt(fall)), parts(self._up, pull[self._up.firm])

    def _felt(self, fall: Floats) -> Floats:
        """What buyers feel of losses (n,) of firms, in the rows of the down side."""
        down = fall[self._down.firm]
        return still_felt(self._network.markets, down) if self.substitution else down

    def sector_losses(
        self,
        down: ArrayLike,
        up: ArrayLike,
        shock_down: ArrayLike,
        shock_up: ArrayLike | None = None,
        *,
        weights: ArrayLike | None = None,
        up_weights: ArrayLike | None = None,
    ) -> SectorLosses:
        """Mean loss of each sector in each scenario, less what the shock itself took.

        Parameters
        ----------
        down, up : (k, n) float, in [0, 1], of ``scenarios`` under these shocks
        shock_down, shock_up : (k, n) float, in [0, 1]; the second by default as the first
        weights, up_weights : (n,) float, finite and >= 0
            Of firms within their sector, the second for the loss upstream; by default sales,
            and as ``weights``.
        """
        n = self.sector.size
        own = shares(shock_down, "shock_down", n)
        own_up = own if shock_up is None else shares(shock_up, "shock_up", n)
        weight = self.sales if weights is None else numbers(weights, "weights", n)
        weight_up = weight if up_weights is None else numbers(up_weights, "up_weights", n)
        fall, pull = shares(down, "down", n), shares(up, "up", n)
        mean = partial(sector_means, self.sector, self.n_sectors)
        either, own_either = np.maximum(fall, pull), np.maximum(own, own_up)
        return SectorLosses(
            mean(fall, weight) - mean(own, weight),
            mean(pull, weight_up) - mean(own_up, weight_up),
            mean(either, weight) - mean(own_either, weight),
        )

    @cached_property
    def _takers(self) -> tuple[Takers, Takers]:
        """To whom each row gives, down and up."""
        return takers(self._down.side), takers(self._up.side)

    def _weights(self, weights: ArrayLike | None) -> Rows:
        """Weights (w, n) with the sum 1, in the rows of the down side."""
        n = self.sector.size
        given = np.asarray(self.sales if weights is None else weights, np.float64)
        if given.ndim not in {1, 2} or given.shape[0] != n or not given.size:
            message = f"weights must be ({n},) or ({n}, w), found shape {given.shape}"
            raise ValueError(message)
        columns = given.reshape(n, -1).T
        if not (np.isfinite(columns) & (columns >= 0)).all() or not columns.sum(axis=1).all():
            message = "weights must be finite, at least 0, and not all 0 in any column"
            raise ValueError(message)
        columns = columns / columns.sum(axis=1, keepdims=True)
        return np.ascontiguousarray(columns[:, self._down.firm], self.precision)

    def _found(self, k: int, n_weights: int, n_kept: int) -> Found:
        """Room for the answers of k failures, and for the losses of the first ``n_kept``."""
        kept = (n_kept, self.sector.size)
        losses = np.empty(kept, self.precision), np.empty(kept, self.precision)
        return Found(np.empty((k, n_weights, 3)), np.empty(k, np.int64), *losses)

    def _run(
        self,
        shocks: Callable[[int, int], tuple[Shocks, Shocks]],
        weights: Rows,
        found: Found,
        *,
        threads: int | None = None,
        block: int | None = None,
        report: Callable[[int], None] | None = None,
    ) -> None:
        """Fill ``found`` block by block, in as many threads as there are blocks for."""
        k, lanes = found.steps.size, LINE_BYTE // np.dtype(self.precision).itemsize
        workers = positive(threads, "threads", os.cpu_count() or 1)
        most = max(FAILURES_PER_LANE * lanes, WORK // self._up.side.share.size)
        if workers > 1:
            most = max(lanes, min(most, -(-k // (SHARES_OF_THREAD * workers))))
        size = positive(block, "block", most)
        starts = range(0, k, size)
        if 0 < k <= FEW:
            cascades_alone(self._network, self._rule, shocks(0, k), weights, found)
            if report is not None:
                report(k)
            return
        workers = min(workers, len(starts))
        states: SimpleQueue[State] = SimpleQueue()
        for _ in range(workers):
            states.put(self._state(lanes, weights.shape[0]))

        def solve(first: int) -> int:
            state, last = states.get(), min(first + size, k)
            own = slice(first, last)
            room = Found(found.indices[own], found.steps[own], found.down[own], found.up[own])
            cascades(self._network, self._rule, shocks(first, last), weights, state, room)
            states.put(state)
            return last - first

        done = 0
        for finished in as_finished(solve, starts, workers):
            done += finished
            if report is not None:
                report(done)

    def _state(self, lanes: int, n_weights: int) -> State:
        """Rows for one thread to work on."""
        n = self.sector.size
        rows = partial(aligned, lanes=lanes, precision=self.precision)
        return State(
            *(rows(n), rows(n), rows(n)),
            *(rows(3 * n_weights), rows(1), rows(1)),
            *(np.full(lanes, IDLE), np.zeros(lanes, np.int64)),
            np.zeros(1, np.int64),
        )
