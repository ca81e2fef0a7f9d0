"""A supply network on the days after a stop: as the record has it, and in draws."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import pyarrow as pa
from pydantic import Field

from liantu.methods.long_runs import blocks
from liantu.methods.shocks import Shock
from liantu.methods.supply_network import Numbers
from liantu.parameters import Fraction
from liantu.result import Sentence, say

if TYPE_CHECKING:
    from liantu.kernels.disruption import Course, Supply
    from liantu.kernels.slots import Slots

YEAR_DAYS = 365
BACK = 0.99  # of the usual output
BLOCK_WORK = 40_000_000  # links times days of one block of draws: about half a second

READS = {
    "covers": """
        select
          links.supplier_id, links.buyer_id, links.product_id, links.value,
          case when held.value >= 0 and coalesce(held.unit, 'days') in ('days', 'day', '天')
            then held.value end as cover_days,
          links.synthetic or held.evidence = 'synthetic' as synthetic,
          concat_ws(';', links.source_id, held.source_id) as source_id
        from supply_links as links
        join org_figures as held
          on held.org_id = links.buyer_id
            and held.measure = 'inventory_days' and held.activity = links.product_id
        order by links.buyer_id, links.supplier_id, links.product_id
    """
}

_DAY = {"unit": "day"}
Days = Annotated[int, Field(ge=1, le=730, description="So many days.", json_schema_extra=_DAY)]
RecoveryDays = Annotated[
    int,
    Field(
        ge=1,
        le=730,
        description="Days until the stopped capacity is back, as much of it each day.",
        json_schema_extra=_DAY,
    ),
]
CoverDays = Annotated[
    float,
    Field(
        ge=0,
        le=730,
        description="Days that stocks last without deliveries, where not on record.",
        json_schema_extra=_DAY,
    ),
]
RestockDays = Annotated[
    float,
    Field(
        ge=5,
        le=365,
        description="Days over which a gap in a stock is ordered; below 5, orders swing.",
        json_schema_extra=_DAY,
    ),
]
CoverFactor = Annotated[
    float, Field(ge=1, le=10, description="Draws: assumed cover is known to this factor.")
]
ValueFactor = Annotated[
    float, Field(ge=1, le=10, description="Draws: values are known to this factor.")
]
ClassShare = Annotated[
    Fraction,
    Field(description="Draws: share of the pairs of sectors that are one class off."),
]


@dataclass(frozen=True, slots=True)
class Spans:
    """How many days to follow, until capacity is back, and to order a gap in a stock."""

    days: int
    recovery_days: int
    restock_days: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """What draws vary: assumed cover and values to a factor, pairs of sectors by a class."""

    cover_factor: float
    value_factor: float
    class_share: float


@dataclass(frozen=True, slots=True)
class Stoppage:
    """A stopped network, with the stocks of its slots.

    Attributes
    ----------
    shock : the network, and what each firm of it loses at once
    slots : one for each buyer and sector of its suppliers
    held : (n_slots,) yearly value of a slot with cover on record, times its days
    assumed : (n_slots,) yearly value of the rest, times the days that are assumed
    known_share : part of the purchases for which cover is on record, 0..1
    left_out : cover on record that is not used
    """

    shock: Shock
    slots: "Slots"
    held: Numbers
    assumed: Numbers
    known_share: float
    left_out: tuple[Sentence, ...]

    @property
    def without_stocks(self) -> "Stoppage":
        """The same, were there no stocks."""
        return replace(self, held=0.0 * self.held, assumed=0.0 * self.assumed)

    def course(self, spans: Spans) -> "Course":
        """Every day, by the record."""
        net = self.shock.network
        return self._course(self._supply(net.value, net.importance, 1.0), spans)

    def drawn(self, draws: int, seed: int, doubt: Doubt, spans: Spans) -> Numbers:
        """Output as a part of the usual, (draws, days); draw k is the same in any number."""
        from liantu.kernels.uncertain_network import (  # noqa: PLC0415
            drawn_importance,
            drawn_values,
        )

        net = self.shock.network

        def one(k: int) -> Numbers:
            random = np.random.default_rng([seed, k])
            value = drawn_values(net.value, doubt.value_factor, random)
            classes = drawn_importance(net.importance, doubt.class_share, random)
            factor = float(drawn_values(np.ones(1), doubt.cover_factor, random)[0])
            course = self._course(self._supply(value, classes, factor), spans)
            return course.output / course.baseline

        def block(first: int, last: int) -> Numbers:
            with ThreadPoolExecutor() as pool:
                return np.array([*pool.map(one, range(first, last))]).reshape(-1, spans.days)

        parts = (
            net.supplier, net.buyer, net.value, net.sector, net.importance, net.revenue,
            self.held, self.assumed, self.shock.lost, self.shock.moved, self.shock.n_firms,
            doubt.cover_factor, doubt.value_factor, doubt.class_share,
            spans.days, spans.recovery_days, spans.restock_days, seed,
        )  # fmt: skip
        size = max(1, BLOCK_WORK // (spans.days * len(net.value)))
        return blocks(parts, draws, size, block, doing=say("draws over what is uncertain"))

    def _supply(
        self,
        value: Numbers,
        importance: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
        cover_factor: float,
    ) -> "Supply":
        """A usual day. A firm without revenue makes what it sells, or buys, the larger."""
        from liantu.kernels.disruption import Supply  # noqa: PLC0415 - numba

        net, slots, n = self.shock.network, self.slots, self.shock.n_firms
        year = np.bincount(slots.slot, net.value, slots.kind.size)
        sales, bought = (
            np.bincount(ends, value, net.n_firms) for ends in (net.supplier, net.buyer)
        )
        sold = sales + self.shock.moved
        least = np.maximum(sold, bought)
        usual = np.where(np.isnan(net.revenue), least, np.maximum(net.revenue, sold))
        beyond = np.where(np.arange(net.n_firms) < n, usual - sales, 0.0)
        return Supply(
            slots=slots,
            flow=value / YEAR_DAYS,
            outside=beyond / YEAR_DAYS,
            importance=importance[slots.kind, net.sector[slots.buyer]],
            cover_days=(self.held + self.assumed * cover_factor) / year,
            n_counted=n,
        )

    def _course(self, supply: "Supply", spans: Spans) -> "Course":
        from liantu.kernels import disruption as kernel  # noqa: PLC0415 - numba

        stop = kernel.Stop(self.shock.lost, spans.recovery_days, spans.restock_days)
        return kernel.course(supply, stop, days=spans.days)


def around(value: Any, drawn: Numbers) -> tuple[Any, Any]:  # noqa: ANN401 - one or many
    """The 5 % and 95 % quantile over draws, widened to hold the value itself."""
    from liantu.kernels.uncertain_network import BAND  # noqa: PLC0415

    low, high = np.quantile(drawn, BAND, axis=0)
    return np.minimum(low, value), np.maximum(high, value)


def ends(value: float, drawn: Numbers) -> tuple[float | None, float | None]:
    """Between what a value lies in nine draws of ten; nothing without draws."""
    if not len(drawn):
        return None, None
    low, high = around(value, drawn)
    return float(low), float(high)


def back_day(part: Numbers) -> int | None:
    """The first day from which output stays near the usual; None where the last is not."""
    below = np.flatnonzero(part < BACK)
    first = int(below[-1]) + 2 if len(below) else 1
    return first if first <= len(part) else None


def stoppage(shock: Shock, covers: pa.Table, cover_days: float) -> Stoppage:
    """The stopped network with its stocks; ``covers`` as ``READS``.

    A slot holds many products: its cover is the mean over what is bought, those without cover
    on record at ``cover_days``.
    """
    from liantu.kernels.slots import slots  # noqa: PLC0415 - not before it is asked

    net = shock.network
    made = slots(net.supplier, net.buyer, net.sector[net.supplier], net.n_firms)
    year = np.bincount(made.slot, net.value, made.kind.size)
    supplier, buyer = (
        net.number(covers[f"{end}_id"].combine_chunks()) for end in ("supplier", "buyer")
    )
    value, days = (
        covers[name].cast(pa.float64()).to_numpy() for name in ("value", "cover_days")
    )
    linked = (supplier >= 0) & (buyer >= 0) & (value > 0)
    inside = linked & ~np.isnan(days)
    width = len(net.sectors)
    slot = np.searchsorted(
        made.buyer * width + made.kind, buyer[inside] * width + net.sector[supplier[inside]]
    )
    held, known = (
        np.bincount(slot, worth[inside], made.kind.size).astype(np.float64)
        for worth in (value * days, value)
    )
    left = np.maximum(year - known, 0.0) * cover_days
    share = min(1.0, float(known.sum() / year.sum()))
    odd = int((linked & np.isnan(days)).sum())
    unused = say(
        "For {n:count} links cover is on record in another unit than days, or below 0: it is "
        "not used.",
        n=odd,
    )
    return Stoppage(shock, made, held, left, share, (unused,) if odd else ())
