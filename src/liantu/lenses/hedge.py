"""Which one additional supplier link would reduce a loss most."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.errors import Problem, Refusal
from liantu.lens import lens
from liantu.methods.long_runs import blocks
from liantu.methods.second_suppliers import MAKER_READS, candidates, needs, taken_over
from liantu.methods.shocks import LEAST, business, cascade_of
from liantu.methods.supply_network import READS as NETWORK
from liantu.methods.supply_network import Counts, Numbers, SupplyNetwork, read_network
from liantu.parameters import ChainIfAny
from liantu.result import (
    Answer,
    Bars,
    Entry,
    Figure,
    Ref,
    Row,
    Sentence,
    Series,
    rows_of,
    say,
)
from liantu.schema import column

DIGITS = 9  # gains that differ by less share a rank
MOST_RANKED = 20_000  # largest sellers among which the most critical are sought
BARS = 10
LINKS_A_BLOCK = 200_000  # of the networks that are computed between two reports
_ENDS = ("stop", "buyer", "maker", "moved")

READS = NETWORK | MAKER_READS


class HedgeRow(Row):
    """One additional supplier link."""

    supplier_id: str = column(
        "Who would deliver too.", title="Second supplier", references="organisations"
    )
    buyer_id: str = column("Who would buy.", title="Buyer", references="organisations")
    product_id: str = column("What.", title="Product", references="products")
    replaces: str = column(
        "Whose deliveries it takes a part of.", title="Instead of", references="organisations"
    )
    loss_before: float = column(
        "Part of the business that is lost without the link.", unit="share", ge=0, le=1
    )
    loss_after: float = column(
        "Part of the business that is lost with it.", unit="share", ge=0, le=1
    )
    gain: float = column(
        "Loss before less loss after; below 0 where the link does harm.",
        title="Loss spared",
        unit="share",
    )
    part: float = column("The gain as a part of the loss.", title="Of the loss", unit="share")
    rank: int = column("1 gains most; the same gain shares a rank.", ge=1)
    value: float = column(
        "Purchases that the link takes over, in a year.", title="Taken over", ge=0
    )
    capacity: float | None = column(
        "Capacity of the second supplier in the product, in a year; blank where not on record.",
        ge=0,
    )
    free: float | None = column(
        "Capacity of the second supplier less its output; blank where not on record.",
        title="Free capacity",
        ge=0,
    )
    in_network: bool = column(
        "Whether the second supplier has a link on record; else it only makes the product.",
        detail=True,
    )
    synthetic: bool = column("Whether the link replaced or the second supplier is synthetic.")


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """The best link, what was looked at, what is assumed; the best ten."""
    values: dict[str, Any] = {entry.name: entry.value for entry in answer.summary}
    if not values:
        yield say("Nobody is on record as anybody's supplier here yet. Import supplies.")
        return
    if not answer.table.num_rows and values["full"]:
        yield say(
            "None of {n:count} possible links is left: no second supplier has free capacity.",
            n=values["full"],
        )
        return
    if not values["needs"]:
        yield say(
            "Nobody on record buys half or more of a product from who stops: no second "
            "supplier is sought."
        )
        return
    if not answer.table.num_rows:
        yield say(
            "No second supplier is on record for any of {needs:count} purchases that hang on "
            "one supplier. Import makes.",
            needs=values["needs"],
        )
        return
    best = answer.table.slice(0, 1).to_pylist()[0]
    if best["part"] >= LEAST:
        yield say(
            "{supplier} as a second supplier of {product} to {buyer} helps most: it spares "
            "{part:percent} of the loss.",
            **_ends(best),
            product=Ref("products", best["product_id"]),
            part=best["part"],
        )
    else:
        yield say("No single additional link that was looked at spares 1 % of the loss.")
    yield say(
        "{evaluated:count} of {candidates:count} possible links were computed, first those "
        "whose buyers pass most on; a link takes over {share:percent} of a purchase.",
        evaluated=values["evaluated"],
        candidates=values["candidates"],
        share=answer.params["share"],
    )
    yield say(
        "Price and quality are not on record. Free capacity is, for {n:count} of these links; "
        "for the others it is assumed.",
        n=values["with_free"],
    )
    rows = answer.table.slice(0, BARS).to_pylist()
    if len(rows) >= 4:
        yield Bars(
            title=say("What the best links gain"),
            unit="share",
            caption=say("Part of the loss that each link spares by itself."),
            labels=tuple(say("{supplier} to {buyer}", **_ends(row)) for row in rows),
            series=(Series(say("loss spared"), tuple(row["part"] for row in rows)),),
            synthetic=tuple(row["synthetic"] for row in rows),
        )


def _ends(row: dict[str, Any]) -> dict[str, Ref]:
    return {end: Ref("organisations", row[f"{end}_id"]) for end in ("supplier", "buyer")}


@lens(
    "Hedge",
    group="Risk",
    reads=READS,
    row=HedgeRow,
    show=show,
    example={"chain": "rail"},
)
def hedge(  # noqa: PLR0913 - an argument for each thing it reads or may be asked
    firms: pa.Table,
    links: pa.Table,
    importance: pa.Table,
    makers: pa.Table,
    *,
    org: Annotated[
        str | None,
        Field(
            title="What stops",
            description="Who stops; blank for the most critical, each alone.",
            json_schema_extra={"references": ["organisations"]},
        ),
    ] = None,
    chain: ChainIfAny = None,
    limit: Annotated[int, Field(ge=1, le=1000, description="Links shown.")] = 20,
    share: Annotated[
        float,
        Field(
            gt=0, le=1, title="Part taken over", description="Part of a purchase that moves."
        ),
    ] = 0.5,
    failures: Annotated[
        int, Field(ge=1, le=100, description="The most critical, where nobody is named.")
    ] = 5,
    most: Annotated[
        int, Field(ge=1, le=100_000, description="Possible links that are computed.")
    ] = 200,
) -> Answer:
    """Which second supplier helps most?

    For whoever stops (``org``; else the firms with the largest systemic risk index, each alone,
    the mean over them), every buyer is found that buys half or more of a product from it, and
    every other maker of that product on record that does not yet supply the buyer with it. Each
    such link takes over ``share`` of the purchase, and the losses are computed anew on the
    network so altered (Diem and others 2022), added up by business: revenue where on record,
    else sales. A maker whose output on record reaches its capacity is left out; where the value
    of its output is on record too, a link takes over no more than what is free. Where there are
    more than ``most`` links, those are computed whose buyer would lose most business with all
    that it passes on; that screen is an estimate. A maker without a link on record is taken to
    be of the sector of whom it replaces. Own definition.
    """
    del chain  # it has chosen the rows already
    network = read_network(firms, links, importance)
    if not network.n_firms:
        return Answer(_table({}), left_out=network.left_out)
    stops = _stops(network, org, failures)
    needed = needs(network, links, stops)
    found = candidates(network, links, needed, makers)
    is_full = pc.fill_null(pc.equal(found["free"], 0.0), False)  # noqa: FBT003 - unknown is free
    full, found = found.filter(is_full), found.filter(pc.invert(is_full)).combine_chunks()
    found = found.append_column("moved", pa.array(taken_over(network, found, share)))
    plan = _Plan(network, stops)
    chosen = found.take(np.argsort(-plan.screened(found), kind="stable")[:most])
    before = plan.loss()
    after = plan.losses(chosen)
    columns = _columns(chosen, after, before)
    counts = {
        "stops": len(stops),
        "needs": needed.num_rows,
        "candidates": found.num_rows,
        "full": full.num_rows,
        "limited": int((columns["value"] < share * chosen["value"].to_numpy()).sum()),
    }
    summary = tuple(_summary(columns, counts, before))
    order = np.lexsort((np.arange(len(after)), columns["rank"]))[:limit]
    table = _table(
        {name: pa.array(held, from_pandas=True).take(order) for name, held in columns.items()}
    )
    return Answer(table, summary, (*network.left_out, *_left_out(counts)))


def _left_out(counts: dict[str, int]) -> Iterator[Sentence]:
    if n := counts["full"]:
        yield say(
            "{n:count} possible links are left out: their second supplier already makes what "
            "its capacity allows.",
            n=n,
        )
    if n := counts["limited"]:
        yield say("{n:count} links take over less: no more capacity is free.", n=n)


def _table(columns: dict[str, Any]) -> pa.Table:
    return rows_of(HedgeRow, {name: columns.get(name, []) for name in HedgeRow.model_fields})


def _stops(network: SupplyNetwork, org: str | None, failures: int) -> Counts:
    """Who stops, as numbers: the one that is named, else the most critical."""
    if org is not None:
        stop = network.number([org])
        if stop[0] < 0:
            expected = "an organisation with a recorded supply link"
            remedy = "give another, leave chain blank, or import supplies"
            raise Refusal(Problem("nothing-stops", expected, f'"{org}"', remedy, column="org"))
        return stop
    largest = np.argsort(-network.sales, kind="stable")[:MOST_RANKED]
    sellers = np.sort(largest[network.sales[largest] > 0])
    index = cascade_of(network).single_failures(sellers).esri[:, 0]
    return np.sort(sellers[np.argsort(-np.round(index, DIGITS), kind="stable")[:failures]])


class _Plan:
    """A network in which some stop, with one more link at a time.

    A maker without a link on record stands as one more firm, number n, without any weight.
    """

    def __init__(self, network: SupplyNetwork, stops: Counts) -> None:
        self.network, self.stops = network, stops
        self.money = np.nan_to_num(business(network))
        self.shocks = np.zeros((len(stops), network.n_firms + 1))
        self.shocks[np.arange(len(stops)), stops] = 1.0

    def loss(self, link: dict[str, Any] | None = None) -> float:
        """The part of the business that is lost, meant over those that stop."""
        found = cascade_of(self._altered(link)).scenarios(self.shocks)
        lost = np.maximum(found.down, found.up)[:, :-1] @ self.money
        return float(np.clip(lost.mean() / self.money.sum(), 0.0, 1.0))

    def losses(self, chosen: pa.Table) -> Numbers:
        """The loss with each link by itself."""
        net, ends = self.network, [chosen[name].to_numpy() for name in _ENDS]

        def some(first: int, last: int) -> Numbers:
            return np.array(
                [self.loss(row) for row in chosen.slice(first, last - first).to_pylist()]
            )

        arrays = (net.supplier, net.buyer, net.value, net.sector, net.market, net.revenue)
        parts = ["hedge", *arrays, net.importance, self.stops, *ends]
        size = max(1, LINKS_A_BLOCK // (len(self.stops) * max(len(net.value), 1)))
        return blocks(parts, chosen.num_rows, size, some, doing=say("links tried one by one"))

    def _altered(self, link: dict[str, Any] | None) -> SupplyNetwork:
        """The network with a part of one purchase moved to another supplier."""
        net = self.network
        stop = 0 if link is None else link["stop"]
        sector, market, revenue = (
            np.append(held, last)
            for held, last in (
                (net.sector, net.sector[stop]),
                (net.market, net.market[stop]),
                (net.revenue, np.nan),
            )
        )
        whole = replace(net, sector=sector, market=market, revenue=revenue)
        if link is None:
            return whole
        maker = net.n_firms if link["maker"] < 0 else link["maker"]
        moved, value = link["moved"], net.value.copy()
        value[(net.supplier == stop) & (net.buyer == link["buyer"])] -= moved
        revenue[stop] -= moved
        revenue[maker] += moved
        return replace(
            whole,
            supplier=np.append(net.supplier, maker),
            buyer=np.append(net.buyer, link["buyer"]),
            value=np.append(np.maximum(value, 0.0), moved),
        )

    def screened(self, found: pa.Table) -> Numbers:
        """What each link may spare: its part of a need, times what its buyer alone costs."""
        net, buyer, stop = self.network, found["buyer"].to_numpy(), found["stop"].to_numpy()
        n, m = net.n_firms, len(net.sectors)
        needed = np.bincount(net.buyer * m + net.sector[net.supplier], net.value, n * m)
        bought = np.bincount(net.buyer, net.value, n)
        weight = net.importance[net.sector[stop], net.sector[buyer]]
        whole = np.where(weight == 2, needed[buyer * m + net.sector[stop]], bought[buyer])
        firms, place = np.unique(buyer, return_inverse=True)
        cost = np.zeros(0)
        if len(firms):
            cost = cascade_of(net).single_failures(firms, self.money).esri[:, 0]
        part = np.where(weight > 0, found["moved"].to_numpy() / whole, 0.0)
        return np.asarray(part * cost[place], dtype=np.float64)


def _columns(chosen: pa.Table, after: Numbers, before: float) -> dict[str, Any]:
    """Every column, in the order in which the links were computed."""
    gain = np.round(before - after, DIGITS)
    marked = [
        np.asarray(chosen[name].to_numpy(), dtype=np.bool_) for name in ("marked", "made_up")
    ]
    return {
        "supplier_id": chosen["maker_id"].combine_chunks(),
        "buyer_id": chosen["buyer_id"].combine_chunks(),
        "product_id": chosen["product_id"].combine_chunks(),
        "replaces": chosen["stop_id"].combine_chunks(),
        "loss_before": np.full(len(after), before),
        "loss_after": after,
        "gain": gain,
        "part": gain / before if before else gain,
        "rank": 1 + np.searchsorted(np.sort(-gain), -gain),
        "value": chosen["moved"].to_numpy(),
        "capacity": chosen["capacity"].combine_chunks(),
        "free": chosen["free"].combine_chunks(),
        "in_network": chosen["maker"].to_numpy() >= 0,
        "synthetic": marked[0] | marked[1],
    }


def _summary(columns: dict[str, Any], counts: dict[str, int], before: float) -> Iterator[Entry]:
    n, gain = counts["candidates"], columns["gain"]
    synthetic = int(columns["synthetic"].sum())
    of = partial(Entry, base=say("of {n:count} possible links", n=n), synthetic=synthetic)
    yield Entry("stops", say("Firms that stop, each alone"), counts["stops"])
    yield Entry("loss_before", say("Business lost as it is"), before, "share")
    if len(gain):
        best = float(columns["loss_after"].min())
        yield of("loss_after", say("Business lost with the best link"), best, "share")
        part = max(float(columns["part"].max()), 0.0)
        yield of("best_part", say("Part of the loss that the best link spares"), part, "share")
    yield Entry("needs", say("Purchases that hang on one supplier"), counts["needs"])
    yield Entry("candidates", say("Possible links"), n)
    yield of("evaluated", say("Links that were computed"), len(gain), unknown=n - len(gain))
    helping = int((gain > 0).sum())
    yield of("helping", say("Links that reduce the loss"), helping, unknown=n - len(gain))
    known = len(gain) - int(columns["capacity"].null_count)
    yield of("with_capacity", say("Links with a known capacity"), known)
    free = len(gain) - int(columns["free"].null_count)
    yield of("with_free", say("Links with a known free capacity"), free)
    yield Entry("full", say("Possible links without free capacity"), counts["full"])
    outside = int((~columns["in_network"]).sum())
    yield of("outside", say("Links of makers without a link on record"), outside)
