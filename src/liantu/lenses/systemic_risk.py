"""Whose failure costs the supply network most."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.lens import lens
from liantu.methods.failures import OUT_STRENGTH, Failures, largest, weights_on_record
from liantu.methods.failures import READS as WEIGHTS
from liantu.methods.supply_network import READS as NETWORK
from liantu.methods.supply_network import Counts, Numbers, Truths, read_network
from liantu.parameters import Draws, Fraction, Seed
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
from liantu.schema import Evidence, column

FIRST = 20
SLOW_STEPS = 100
DIGITS = {"float64": 10, "float32": 5}

READS = NETWORK | WEIGHTS


share = partial(column, unit="share", ge=0, le=1)


class SystemicRiskRow(Row):
    """One organisation that fails alone."""

    org_id: str = column("The organisation.", title="Organisation", references="organisations")
    sector: str | None = column(
        "Code of its main activity; blank where none is recorded.", references="codes"
    )
    place_id: str | None = column("Its place.", title="Place", references="places", detail=True)
    is_supplier: bool = column(
        "Whether it sells to a firm on record.", title="Supplier", detail=True
    )
    weight_share: float = share(
        "Its own part of the weight, which its failure costs at least; 0 where not on record.",
    )
    esri: float = share(
        "Part of the weight that its failure costs, the larger of both ways for each firm.",
        title="Index",
    )
    esri_down: float = share(
        "The same by what its buyers, and theirs, lack.",
        title="Downstream",
    )
    esri_up: float = share(
        "The same by what its suppliers, and theirs, no longer sell.",
        title="Upstream",
    )
    steps: int = column("Steps until the cascade stopped.", ge=1, detail=True)
    rank: int = column("1 costs most; the same cost shares a rank.", ge=1)
    rank_low: int | None = column("Rank that 5 % of the draws reach.", ge=1)
    rank_high: int | None = column("Rank within which 95 % of the draws lie.", ge=1)
    esri_low: float | None = share(
        "Index below which 5 % of the draws lie.",
        title="Index low",
        detail=True,
    )
    esri_high: float | None = share(
        "Index below which 95 % of the draws lie.",
        title="Index high",
        detail=True,
    )
    top20_share: float | None = share(
        "Share of the draws in which it is among the first 20.",
        title="In the first 20",
    )
    evidence: Evidence = column(
        "Synthetic where the firm, its sector, its revenue or a link of it is."
    )


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """The most critical supplier, how sure that is; the first 20; who loses if it fails."""
    if not answer.table.num_rows:
        yield say("Nobody is on record as anybody's supplier yet. Import supplies.")
        return
    values: dict[str, Any] = {entry.name: entry.value for entry in answer.summary}
    supplier = Ref("organisations", str(values["most_critical_supplier"]))
    yield say(
        "{supplier} is the most critical of {suppliers:count} suppliers: no other's failure "
        "costs more.",
        supplier=supplier,
        suppliers=values["suppliers"],
    )
    rows = answer.table.filter(answer.table["is_supplier"]).slice(0, FIRST).to_pylist()
    yield from _sureness(rows[0], values, answer.params["draws"])
    if values["first_rank"] > 1:
        yield say(
            "{buyer} would cost more still, but as a buyer only: it sells to nobody on record.",
            buyer=Ref("organisations", str(values["most_critical"])),
        )
    yield _ranking(rows)
    yield from _falling(answer, supplier)


def _sureness(row: dict[str, Any], values: dict[str, Any], draws: int) -> Iterator[Sentence]:
    """What the ranking rests on, and what would make it surer."""
    if values["first_suppliers"] > 1:
        yield say("{n:count} suppliers share that rank.", n=values["first_suppliers"])
    if draws:
        yield say(
            "In 90 % of {draws:count} draws {supplier} is between rank {low:count} and rank "
            "{high:count}, and in {often:percent} of all among the first 20.",
            draws=draws,
            supplier=Ref("organisations", row["org_id"]),
            low=row["rank_low"],
            high=row["rank_high"],
            often=row["top20_share"],
        )
    else:
        yield say("How sure the ranks are is not known: give draws, such as 100.")
    if values["with_revenue"] < values["firms"]:
        yield say(
            "Revenue is on record for {known:count} of {firms:count} firms. Without it losses "
            "creep upstream: read the rank, not the index. Import revenue as observations.",
            known=values["with_revenue"],
            firms=values["firms"],
        )
    if values["slow"]:
        yield say(
            "{slow:count} failures took more than 100 steps; more revenue on record would "
            "shorten that.",
            slow=values["slow"],
        )
    if not values["listed"]:
        yield say(
            "Without sector_inputs no input stops its buyer by itself. Import them: the order "
            "may change."
        )


def _ranking(rows: list[dict[str, Any]]) -> Bars:
    drawn = rows[0]["esri_low"] is not None
    return Bars(
        title=say("The most critical suppliers"),
        unit="share",
        caption=say(
            "Part of the network's weight that a failure alone costs; range: 90 % of the draws."
        )
        if drawn
        else say("Part of the network's weight that a failure alone costs."),
        labels=tuple(Ref("organisations", row["org_id"]) for row in rows),
        series=(Series(say("index"), tuple(row["esri"] for row in rows)),),
        low=tuple(row["esri_low"] for row in rows) if drawn else (),
        high=tuple(row["esri_high"] for row in rows) if drawn else (),
        synthetic=tuple(row["evidence"] == "synthetic" for row in rows),
    )


def _falling(answer: Answer, supplier: Ref) -> Iterator[Bars]:
    """Where the loss falls when the most critical supplier fails, by sector and by place."""
    for kind, title in (
        ("sector_loss", say("Who loses if {firm} fails, by sector", firm=supplier)),
        ("place_loss", say("Who loses if {firm} fails, by place", firm=supplier)),
    ):
        found = [entry for entry in answer.summary if entry.name.startswith(kind)]
        if len(found) < 4:  # fewer numbers need no chart: the summary has them
            continue
        yield Bars(
            title=title,
            unit="share",
            caption=say("Part of what all others lose; the largest {n:count}.", n=len(found)),
            labels=tuple(entry.subject or entry.title for entry in found),
            series=(Series(say("loss"), tuple(float(entry.value or 0) for entry in found)),),
            synthetic=tuple(bool(entry.synthetic) for entry in found),
        )


@lens(
    "Systemic risk",
    group="Risk",
    reads=READS,
    row=SystemicRiskRow,
    show=show,
    example={"chain": "rail", "draws": 20},
)
def systemic_risk(  # noqa: PLR0913 - an argument for each thing it reads or may be asked
    firms: pa.Table,
    links: pa.Table,
    importance: pa.Table,
    sizes: pa.Table,
    measures: pa.Table,
    *,
    chain: Annotated[
        str | None,
        Field(
            description="The chain; all of them where blank.",
            json_schema_extra={"references": ["chains"]},
        ),
    ] = None,
    mode: Annotated[
        Literal["converged", "diem2022"],
        Field(description="Until it has converged, or as it was published in 2022."),
    ] = "converged",
    substitution: Annotated[
        bool, Field(description="Whether others in the market may step in.")
    ] = True,
    eps: Annotated[
        float | None,
        Field(
            gt=0,
            le=0.1,
            description="Change at which a cascade stops; that of the mode where blank.",
        ),
    ] = None,
    weight: Annotated[
        str,
        Field(
            min_length=1,
            description="What is lost: out-strength (sales in the network), or a measure of "
            "organisations, such as employment.",
        ),
    ] = OUT_STRENGTH,
    precision: Annotated[
        Literal["float64", "float32"], Field(description="Digits of the computation.")
    ] = "float64",
    draws: Draws = 0,
    seed: Seed = 0,
    value_factor: Annotated[
        float, Field(ge=1, le=10, description="Draws: values are known to this factor.")
    ] = 2.0,
    class_share: Annotated[
        Fraction,
        Field(description="Draws: share of the pairs of sectors that are one class off."),
    ] = 0.1,
) -> Answer:
    """Whose failure costs the supply network most?

    Each firm fails alone. A buyer loses as its scarcest essential input does, or as its other
    inputs do together; a supplier loses as its sales do; others in a market step in. The index
    is the part of the weight that is lost, the larger of both ways for each firm (Diem, Borsos,
    Reisch, Kertész, Thurner 2022); ``converged`` is free of two flaws of what was published: a
    floor in units of money, and a stop before it has converged. Without revenue on record the
    upstream part creeps up, so the rank counts. A draw (own definition) multiplies every link
    by exp(z ln ``value_factor``), z standard normal, and moves each pair of sectors, listed or
    not, by one class with the probability ``class_share``: conventions §10.
    """
    del chain  # it has chosen the rows already
    network = read_network(firms, links, importance)
    known, units = weights_on_record(network, sizes, weight, measures["measure"].to_pylist())
    if not network.n_firms:
        return Answer(_table({}), left_out=network.left_out)
    options = {"mode": mode, "substitution": substitution, "precision": precision, "eps": eps}
    asked = Failures(network, known, options)
    single = asked.single()
    steps = float(single[:, 3].sum())
    drawn = asked.drawn(draws, seed, value_factor, class_share, steps=steps)
    columns = _columns(asked, single, drawn, marked=units)
    order = np.lexsort((np.arange(network.n_firms), columns["rank"]))
    first = order[network.sales[order] > 0]
    table = _table({name: pa.array(held).take(order) for name, held in columns.items()})
    losses = _losses(asked, int(first[0]), columns["evidence"])
    summary = [*_critical(asked, columns, first), *_coverage(asked, columns), *losses]
    return Answer(table, tuple(summary), (*network.left_out, *asked.left_out(weight)))


def _table(columns: dict[str, Any]) -> pa.Table:
    names = SystemicRiskRow.model_fields
    return rows_of(SystemicRiskRow, {name: columns.get(name, []) for name in names})


def _columns(
    asked: Failures, single: Numbers, drawn: Numbers, *, marked: Truths
) -> dict[str, Any]:
    """Every column, in the order of the network's firms."""
    from liantu.kernels.uncertain_network import BAND, rank_bands, ranks  # noqa: PLC0415

    net, weight = asked.network, asked.weight
    bounded = np.clip(single, 0.0, [1.0, 1.0, 1.0, np.inf])
    digits = DIGITS[asked.options["precision"]]
    evidence = np.where(net.synthetic | marked, "synthetic", "declared")
    known = {
        "org_id": net.firms["org_id"].combine_chunks(),
        "is_supplier": net.sales > 0,
        "sector": net.firms["code"].combine_chunks(),
        "place_id": net.firms["place_id"].combine_chunks(),
        "weight_share": np.minimum(weight / weight.sum(), 1.0),
        "esri": bounded[:, 0],
        "esri_down": bounded[:, 1],
        "esri_up": bounded[:, 2],
        "steps": bounded[:, 3].astype(np.int64),
        "rank": ranks(single[:, 0], digits),
        "evidence": evidence,
    }
    bands = ("rank_low", "rank_high", "top20_share", "esri_low", "esri_high")
    if not len(drawn):
        return known | dict.fromkeys(bands, pa.nulls(net.n_firms))
    index = np.clip(np.quantile(drawn, BAND, axis=0), 0.0, 1.0)
    found = (*rank_bands(drawn, FIRST, digits), *index)
    return known | dict(zip(bands, found, strict=True))


def _critical(asked: Failures, columns: dict[str, Any], ordered: Counts) -> Iterator[Entry]:
    """Who is the most critical; ``ordered`` are the suppliers by rank."""
    net, rank, n = asked.network, columns["rank"], asked.network.n_firms
    synthetic = int((columns["evidence"] == "synthetic").sum())
    of = partial(Entry, base=say("of {firms:count} firms", firms=n), synthetic=synthetic)
    first, suppliers = int(ordered[0]), len(ordered)
    yield Entry(
        "most_critical_supplier",
        say("Most critical supplier"),
        net.firms["org_id"][first].as_py(),
        base=say(
            "of {suppliers:count} suppliers, by what each failure alone costs",
            suppliers=suppliers,
        ),
        unknown=int(np.isnan(net.revenue).sum()),
        synthetic=synthetic,
        headline=True,
        value_of="organisations",
    )
    sharing = int((rank[ordered] == rank[first]).sum())
    yield of("first_suppliers", say("Suppliers that share its rank"), sharing)
    yield of("first_rank", say("Its rank among all firms"), int(rank[first]))
    yield of("index", say("Its index"), float(columns["esri"][first]), "share")
    top = net.firms["org_id"][int(np.argmin(rank))].as_py()
    yield of("most_critical", say("Most critical firm"), top, value_of="organisations")
    held = float(columns["weight_share"][rank <= FIRST].sum())
    yield of("first_weight", say("Weight of the first 20"), min(held, 1.0), "share")
    yield of("suppliers", say("Suppliers"), suppliers)


def _coverage(asked: Failures, columns: dict[str, Any]) -> Iterator[Entry]:
    """How much is on record of what the index rests on."""
    net, n = asked.network, asked.network.n_firms
    synthetic = int((columns["evidence"] == "synthetic").sum())
    of = partial(Entry, base=say("of {firms:count} firms", firms=n), synthetic=synthetic)
    yield Entry("firms", say("Firms that supply or buy"), n, synthetic=synthetic)
    made_up = int(net.link_synthetic.sum())
    yield Entry("links", say("Links between them"), len(net.value), synthetic=made_up)
    for name, title, known in (
        (
            "with_sector",
            say("With a main activity on record"),
            net.sector < len(net.sectors) - 1,
        ),
        ("with_revenue", say("With revenue on record"), ~np.isnan(net.revenue)),
        ("with_weight", say("With a weight on record"), asked.is_weighed),
    ):
        count = int(known.sum())
        yield of(name, title, count, unknown=n - count)
    pairs = np.unique(net.sector[net.supplier] * len(net.sectors) + net.sector[net.buyer])
    listed = int(net.listed.ravel()[pairs].sum())
    base = say("of {pairs:count} pairs of sectors with links", pairs=len(pairs))
    title = say("Pairs with an importance on record")
    yield Entry("listed", title, listed, base=base, unknown=len(pairs) - listed)
    slow = int((columns["steps"] > SLOW_STEPS).sum())
    yield of("slow", say("Failures of more than 100 steps"), slow)


def _losses(asked: Failures, firm: int, evidence: Any) -> Iterator[Entry]:  # noqa: ANN401
    """Where the loss falls when a firm fails: its largest parts, by sector and by place."""
    firms, lost = asked.network.firms, asked.weight * asked.lost_with(firm)
    lost[firm] = 0.0
    if not lost.sum() > 0:
        return
    named = Ref("organisations", firms["org_id"][firm].as_py())
    base = say("of what others lose if {firm} fails", firm=named)
    of, made_up = partial(Entry, unit="share", base=base), evidence == "synthetic"
    for place, value, synthetic in largest(firms["place_id"], lost, made_up):
        at = Ref("places", place)
        yield of("place_loss", say("Part of the loss"), value, synthetic=synthetic, subject=at)
    sectors = pc.binary_join_element_wise(firms["scheme"], firms["code"], "\n")
    for sector, value, synthetic in largest(sectors, lost, made_up):
        scheme, _, code = sector.partition("\n")
        at, name = Ref("codes", code), f"sector_loss {scheme}"
        yield of(name, say("Part of the loss"), value, synthetic=synthetic, subject=at)
