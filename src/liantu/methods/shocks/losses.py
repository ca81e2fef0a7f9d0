"""What every firm loses after a shock, and who passed its loss on."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.methods.shocks.fractions import Shock
from liantu.methods.shocks.rings import led_back
from liantu.methods.supply_network import Counts, Numbers, SupplyNetwork

if TYPE_CHECKING:
    from liantu.kernels.cascade_network import Cascade

Mode = Literal["converged", "diem2022"]
Cause = Literal["none", "shock", "essential_input", "input", "orders"]
LEAST = 0.005  # what rounds to no per cent is not spoken of
_CAUSES: tuple[str, ...] = get_args(Cause)


@dataclass(frozen=True, slots=True)
class Losses:
    """What each of the n firms loses; import sources have no place here.

    Attributes
    ----------
    shock, down, up : (n,) float64, in [0, 1], the part that is lost at once, for want of inputs
        and for want of orders
    via, via_up : (n,) the supplier and the buyer that passed the largest part on; -1 for none
    cause : (n,) what set the larger of both
    passer : (n,) who passed that on; -1 for nobody, and for an import source
    product_id : (n,) through which product, the one that the two trade most; null for none
    steps : steps until nothing changed
    """

    shock: Numbers
    down: Numbers
    up: Numbers
    via: Counts
    via_up: Counts
    cause: pa.Array
    passer: Counts
    product_id: pa.Array
    steps: int

    @property
    def loss(self) -> Numbers:
        """The larger of both ways for each firm."""
        return np.maximum(self.down, self.up)

    def path(self, firm: int) -> list[int]:
        """Who passed a loss on, from the first stop to the firm, as far as can be followed."""
        found = [firm]
        while (before := int(self.passer[found[-1]])) >= 0 and before not in found:
            found.append(before)
        return found[::-1]

    def largest_passer(self, money: Numbers) -> int:
        """Who, of those that did not stop, passed on most of ``money`` (n,); -1 for nobody."""
        passed = (self.passer >= 0) & (self.shock[self.passer] == 0)
        if not passed.any():
            return -1
        weight = money[passed] if money[passed].any() else np.ones(int(passed.sum()))
        return int(np.argmax(np.bincount(self.passer[passed], weight * self.loss[passed])))


def losses(made: Shock, links: pa.Table, mode: Mode) -> Losses:
    """What a shock costs every firm; ``links`` as the network reads them, with their products.

    A buyer loses as its scarcest essential input does, or as its other inputs do together; a
    supplier loses as its sales do; others in a market step in (Diem and others 2022).
    """
    network, n = made.network, made.n_firms
    on_record = network.sales + made.moved
    assumed = np.where((made.moved > 0) & np.isnan(network.revenue), on_record, network.revenue)
    cascade = cascade_of(replace(network, revenue=assumed), mode)
    found = cascade.scenarios(made.lost)
    down, up = (np.clip(way[0], made.lost, 1.0) for way in (found.down, found.up))
    via, via_up = (np.asarray(ends) for ends in cascade.via(down, up, made.lost, made.lost))
    cause = np.where(up > down, _CAUSES.index("orders"), _CAUSES.index("input"))[:n]
    loss = np.maximum(down, up)[:n]
    cause[made.lost[:n] >= loss] = _CAUSES.index("shock")
    cause[loss == 0] = _CAUSES.index("none")
    passed = cause > _CAUSES.index("shock")
    by_orders = cause == _CAUSES.index("orders")
    passer = np.where(passed, np.where(by_orders, via_up[:n], via[:n]), -1)
    passed_on = cascade.passed(down, up)
    passer, by_orders = led_back(passer, by_orders, made.lost[:n], passed_on)
    cause[passed & (passer < 0)] = _CAUSES.index("shock")
    passed &= passer >= 0
    essential = network.importance[network.sector[passer], network.sector[:n]] == 2
    inputs = np.where(essential, _CAUSES.index("essential_input"), _CAUSES.index("input"))
    cause[passed] = np.where(by_orders, _CAUSES.index("orders"), inputs)[passed]
    passer[passer >= n] = -1
    here = np.arange(n)
    seller, taker = np.where(by_orders, here, passer), np.where(by_orders, passer, here)
    return Losses(
        shock=made.lost[:n],
        down=down[:n],
        up=up[:n],
        via=np.where(via[:n] < n, via[:n], -1),
        via_up=via_up[:n],
        cause=pa.array(_CAUSES).take(pa.array(cause)),
        passer=passer,
        product_id=_traded_most(network, links, seller, taker),
        steps=int(found.steps[0]),
    )


def cascade_of(network: SupplyNetwork, mode: Mode = "converged") -> "Cascade":
    """The network as the cascade takes it, with the revenue that is on record."""
    from liantu.kernels.cascade_network import Cascade  # noqa: PLC0415 - numba

    return Cascade(
        network.supplier,
        network.buyer,
        network.value,
        network.sector,
        importance=network.importance,
        market=network.market,
        revenue=network.revenue,
        mode=mode,
    )


def business(network: SupplyNetwork) -> Numbers:
    """Revenue of each firm where it is on record, else its sales; NaN where neither is."""
    sales = np.where(network.sales > 0, network.sales, np.nan)
    return np.where(np.isnan(network.revenue), sales, network.revenue)


def _traded_most(
    network: SupplyNetwork, links: pa.Table, seller: Counts, taker: Counts
) -> pa.Array:
    """The product of the largest value from each seller to its taker; null for none."""
    ends = [
        network.number(links[f"{end}_id"].combine_chunks()) for end in ("supplier", "buyer")
    ]
    key = ends[1] * network.n_firms + ends[0]
    order = np.lexsort((np.arange(len(key)), -links["value"].to_numpy(), key))
    order = order[(np.minimum(*ends) >= 0)[order]]
    first = order[np.unique(key[order], return_index=True)[1]]
    sought = taker * network.n_firms + seller
    place = np.minimum(np.searchsorted(key[first], sought), max(len(first) - 1, 0))
    found = (seller >= 0) & (taker >= 0) & (len(first) > 0)
    if len(first):
        found &= key[first][place] == sought
    rows = pa.array(first[place] if len(first) else place, mask=~found)
    return pc.take(links["product_id"].combine_chunks(), rows)
