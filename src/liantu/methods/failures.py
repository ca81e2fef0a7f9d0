"""Every firm of a supply network failing alone: as the record has it, and in draws."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import Problem, Refusal, did_you_mean
from liantu.methods.long_runs import Part, blocks
from liantu.methods.supply_network import Numbers, SupplyNetwork, Truths
from liantu.result import Sentence, say

OUT_STRENGTH = "out-strength"
MOST_DRAWN = 50_000_000  # draws times firms
MOST_GROUPS = 10
PROBED = 16  # failures that tell how long the others take

READS = {
    "sizes": """
        select org_id, value, unit, evidence, source_id
        from org_figures
        where measure = $weight and activity is null
        order by org_id
    """,
    "measures": """
        select distinct measure
        from org_figures
        where activity is null
        order by measure
    """,
}


@dataclass(frozen=True, slots=True)
class Failures:
    """A network, the weights of its firms where they are not their sales, and how to solve it.

    ``sizes`` is (n,) with NaN where a firm's weight is not on record.
    """

    network: SupplyNetwork
    sizes: Numbers | None
    options: dict[str, Any]

    @property
    def weight(self) -> Numbers:
        """The weight of each firm, (n,); 0 where it is not known."""
        return self.network.sales if self.sizes is None else np.nan_to_num(self.sizes)

    @property
    def is_weighed(self) -> Truths:
        """Whether the weight of each firm is on record, (n,)."""
        return np.asarray(~np.isnan(self.network.sales if self.sizes is None else self.sizes))

    def single(self) -> Numbers:
        """Index, downstream, upstream and steps of each failure, (n, 4)."""
        net, weight = self.network, self.weight
        cascade = self.cascade(net.value, net.importance)

        def some(first: int, last: int) -> Numbers:
            found = cascade.single_failures(np.arange(first, last), weight)
            each = (found.esri[:, 0], found.down[:, 0], found.up[:, 0], found.steps)
            return np.stack(each, axis=1)

        size = self.block(float(some(0, min(PROBED, net.n_firms))[:, 3].sum()) / PROBED)
        doing = say("Firms that fail alone")
        return blocks(["single", *self.parts], net.n_firms, size, some, doing=doing)

    def drawn(
        self, draws: int, seed: int, factor: float, share: float, *, steps: float
    ) -> Numbers:
        """The index of each firm in each draw, (draws, n); refused where memory is short.

        ``steps`` are those that all failures together took, for blocks of the right size.
        """
        from liantu.kernels import uncertain_network as drawing  # noqa: PLC0415

        net, every = self.network, np.arange(self.network.n_firms)

        def one(number: int) -> Numbers:
            random = np.random.default_rng([seed, number])
            value = drawing.drawn_values(net.value, factor, random)
            classes = drawing.drawn_importance(net.importance, share, random)
            sales = np.bincount(net.supplier, value, net.n_firms)
            weight = sales if self.sizes is None else self.weight
            found = self.cascade(value, classes).single_failures(every, weight)
            return np.asarray(found.esri[:, 0], dtype=np.float64)

        def some(first: int, last: int) -> Numbers:
            return np.array([one(number) for number in range(first, last)])

        if draws * net.n_firms > MOST_DRAWN:
            raise Refusal(_too_many(draws, net.n_firms))
        if not draws:
            return np.empty((0, net.n_firms))
        parts = ["drawn", *self.parts, seed, factor, share]
        doing = say("Draws over what is uncertain")
        return blocks(parts, draws, self.block(steps, 1), some, doing=doing)

    def lost_with(self, firm: int) -> Numbers:
        """What each firm loses when this one fails, the larger of both ways, (n,)."""
        stopped = np.zeros((1, self.network.n_firms))
        stopped[0, firm] = 1.0
        lost = self.cascade(self.network.value, self.network.importance).scenarios(stopped)
        return np.asarray(np.maximum(lost.down[0], lost.up[0]), dtype=np.float64)

    def left_out(self, weight: str) -> Iterator[Sentence]:
        """What the weights leave out."""
        if n := int((~self.is_weighed).sum()):
            yield say(
                "{n:count} firms have no {measure:name} on record: they weigh nothing.",
                n=n,
                measure=weight,
            )

    def cascade(self, value: Numbers, importance: Any) -> Any:  # noqa: ANN401 - loads with numba
        """The network ready to be solved; a revenue below the sales drawn is raised to them."""
        from liantu.kernels.cascade_network import Cascade  # noqa: PLC0415

        net = self.network
        sales = np.bincount(net.supplier, value, net.n_firms)
        revenue = None if np.isnan(net.revenue).all() else np.maximum(net.revenue, sales)
        return Cascade(
            net.supplier,
            net.buyer,
            value,
            net.sector,
            importance=importance,
            market=net.market,
            revenue=revenue,
            **self.options,
        )

    @property
    def parts(self) -> list[Part]:
        """All that an index depends on."""
        net = self.network
        held = (net.supplier, net.buyer, net.value, net.sector, net.market)
        how = [part for pair in sorted(self.options.items()) for part in pair]
        is_sales = self.sizes is None
        return [*held, net.importance, net.revenue, self.weight, is_sales, *how]

    def block(self, steps: float, networks: int = 0) -> int:
        """How many things, of so many steps and new networks each, take half a second.

        A link takes 2 ns in a step, and 4 μs when a network is made ready.
        """
        each = len(self.network.value) * (2e-9 * steps + 4e-6 * networks)
        return int(np.clip(0.5 / max(each, 1e-9), 1, 65_536))


def weights_on_record(
    network: SupplyNetwork, sizes: pa.Table, weight: str, measures: list[str]
) -> tuple[Numbers | None, Truths]:
    """The weight of each firm, NaN where unknown, and which are synthetic; None for sales.

    Raises
    ------
    Refusal
        The measure is not on record, is negative, has several units, or is 0 everywhere.
    """
    made_up = np.zeros(network.n_firms, dtype=np.bool_)
    if weight.strip().lower().replace("_", "-").replace(" ", "-") == OUT_STRENGTH:
        return None, made_up
    row = network.number(sizes["org_id"].combine_chunks())
    sizes, row = sizes.filter(pa.array(row >= 0)), row[row >= 0]
    value = np.asarray(sizes["value"].to_numpy(), dtype=np.float64)
    problems = list(_unweighable(weight, sizes, value, [OUT_STRENGTH, *measures]))
    if problems:
        raise Refusal(problems)
    known = np.full(network.n_firms, np.nan)
    known[row], made_up[row] = value, pc.equal(sizes["evidence"], "synthetic").to_numpy()
    return known, made_up


def _unweighable(
    weight: str, sizes: pa.Table, value: Numbers, measures: list[str]
) -> Iterator[Problem]:
    wrong = partial(Problem, "bad-weight", column="weight")
    if weight not in measures:
        expected = "out-strength, or a measure of organisations that is on record"
        yield wrong(expected, f'"{weight}"', did_you_mean(weight, measures))
        return
    if (value < 0).any():
        firm, found = sizes["org_id"][int(np.argmin(value))].as_py(), value.min()
        expected = f"{weight} of each firm of at least 0"
        yield wrong(expected, f"{found:g} of {firm}", "correct the observation, and import it")
    units = sorted(unit or "none" for unit in pc.unique(sizes["unit"]).to_pylist())
    if len(units) > 1:
        yield wrong(f"{weight} in one unit", ", ".join(units), "convert it to one unit")
    if not value.sum() > 0:
        expected = f"{weight} above 0 of at least one firm that supplies or buys"
        yield wrong(expected, "none", "import it as observations, or give another measure")


def _too_many(draws: int, firms: int) -> Problem:
    most = MOST_DRAWN // firms
    return Problem(
        code="too-many-draws",
        expected=f"at most {most:,} draws for {firms:,} firms",
        found=f"{draws:,}",
        remedy=f"give at most {most}, or a chain",
        column="draws",
    )


def largest(
    group: pa.ChunkedArray, lost: Numbers, made_up: Truths
) -> Iterator[tuple[str, float, int]]:
    """The groups that lose most: which, its part of the loss, how many of it are synthetic."""
    columns = {"group": group.combine_chunks(), "lost": lost / lost.sum(), "made_up": made_up}
    added = pa.table(columns).group_by("group").aggregate([("lost", "sum"), ("made_up", "sum")])
    added = added.filter(pc.and_(pc.is_valid(added["group"]), pc.greater(added["lost_sum"], 0)))
    order = [("lost_sum", "descending"), ("group", "ascending")]
    for row in added.sort_by(order).slice(0, MOST_GROUPS).to_pylist():
        yield row["group"], min(row["lost_sum"], 1.0), row["made_up_sum"]
