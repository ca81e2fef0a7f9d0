"""What is lost if organisations, sites, places or import sources stop, and who passes it on."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.lens import lens
from liantu.methods.shocks import (
    LEAST,
    PRODUCT_READS,
    SHOCK_READS,
    Cause,
    Losses,
    Mode,
    Stop,
    Stopped,
    StoppedOrganisations,
    StoppedPlaces,
    StoppedSites,
    business,
    losses,
    lost_products,
    shock,
    standing,
    summed,
    ways,
)
from liantu.methods.supply_network import READS as NETWORK
from liantu.methods.supply_network import SupplyNetwork, read_network
from liantu.parameters import ChainIfAny, Circle, Partners
from liantu.result import (
    Answer,
    Bars,
    Entry,
    Figure,
    Network,
    Node,
    Ref,
    Row,
    Sentence,
    Series,
    Step,
    Steps,
    rows_of,
    say,
)
from liantu.schema import column

PASSED = ("essential_input", "input", "orders")
FIRST = 8  # lines of the list of who passed the loss on
GROUPS = 10  # bars of segments and places
PATHS = 5  # firms whose path stands on the map

READS = NETWORK | SHOCK_READS | PRODUCT_READS


class StressRow(Row):
    """One organisation of the supply network."""

    org_id: str = column("The organisation.", title="Organisation", references="organisations")
    stage: Literal["upstream", "midstream", "downstream"] | None = column(
        "The last stage in which it makes a product of the chain."
    )
    segment: str | None = column("Segment of what it sells most of there.", detail=True)
    place_id: str | None = column("Its place.", title="Place", references="places", detail=True)
    shock: float = column("Part of it that stops at once.", unit="share", ge=0, le=1)
    loss_down: float = column(
        "Part that it loses for want of inputs, or stops.",
        title="Loss from missing inputs",
        unit="share",
        ge=0,
        le=1,
    )
    loss_up: float = column(
        "Part that it loses for want of orders, or stops.",
        title="Loss from lost orders",
        unit="share",
        ge=0,
        le=1,
    )
    loss: float = column("The larger of the two.", unit="share", ge=0, le=1)
    cause: Cause = column("What set its loss.")
    passed_by: str | None = column(
        "Who passed the larger loss on; follow it to the first stop.",
        title="Passed on by",
        references="organisations",
    )
    product_id: str | None = column(
        "The product through which it was passed on.",
        title="Product",
        references="products",
    )
    via: str | None = column(
        "The supplier that passed the largest loss on.",
        title="Largest loss from supplier",
        references="organisations",
        detail=True,
    )
    via_up: str | None = column(
        "The buyer that passed the largest loss on.",
        title="Largest loss from buyer",
        references="organisations",
        detail=True,
    )
    before: float | None = column(
        "Its revenue where that is on record, else its sales in the network.",
        title="Business before",
        ge=0,
    )
    lost: float | None = column("Of that, what is lost.", title="Business lost", ge=0)
    synthetic: bool = column("Whether the firm, its revenue or a link of it is synthetic.")


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """What is lost and who passes it on; before and after; the path, and where it falls."""
    if not answer.table.num_rows:
        yield say("Nobody is on record as anybody's supplier here yet. Import supplies.")
        return
    values: dict[str, Any] = {entry.name: entry.value for entry in answer.summary}
    yield from _findings(values, answer.params)
    yield _before_and_after(answer)
    passed = answer.table.filter(pc.is_in(answer.table["cause"], pa.array(PASSED)))
    rows = [row for row in passed.slice(0, FIRST).to_pylist() if row["loss"] >= LEAST]
    if rows:
        yield Steps(
            title=say("Who passed the loss on"),
            unit="share",
            caption=say(
                "Those that lose most money without stopping first; each with what set its "
                "loss."
            ),
            steps=tuple(
                Step(Ref("organisations", row["org_id"]), _reason(row), row["loss"])
                for row in rows
            ),
        )
    for name, title in (
        ("segment_loss", say("Where the loss falls, by segment")),
        ("place_loss", say("Where the loss falls, by place")),
    ):
        found = [entry for entry in answer.summary if entry.name.startswith(name)]
        if len(found) >= 4:
            yield _falling(title, found[:GROUPS])
    if "products" in answer.beside:
        yield _map(answer)


def _findings(values: dict[str, Any], params: Any) -> Iterator[Sentence]:  # noqa: ANN401
    others = any(params[name] for name in ("sites", "places", "partners", "circle"))
    whole = params["fraction"] == 1
    if len(params["orgs"]) == 1 and not others and not whole:
        yield say(
            "If {part:percent} of {org} stops, {loss:percent} of the business on record is "
            "lost.",
            part=params["fraction"],
            org=Ref("organisations", params["orgs"][0]),
            loss=values["loss"],
        )
    elif len(params["orgs"]) == 1 and not others:
        yield say(
            "If {org} stops, {loss:percent} of the business on record is lost.",
            org=Ref("organisations", params["orgs"][0]),
            loss=values["loss"],
        )
    elif values["hit"]:
        yield say(
            "{hit:count} organisations stop, wholly or in part, and {loss:percent} of the "
            "business on record is lost.",
            hit=values["hit"],
            loss=values["loss"],
        )
    else:
        yield say(
            "{part:percent} of the imports from {partners} no longer arrive, and "
            "{loss:percent} of the business on record is lost.",
            part=params["fraction"],
            partners=", ".join(params["partners"]),
            loss=values["loss"],
        )
    if values["passer"]:
        yield say(
            "Of those that do not stop themselves, {passer} passes the largest part of it on.",
            passer=Ref("organisations", values["passer"]),
        )
    yield say(
        "{losing:count} of {firms:count} organisations lose something. Business is revenue "
        "where that is on record, else sales in the network; for {unsized:count} neither is.",
        **{name: values[name] for name in ("losing", "firms", "unsized")},
    )
    if values["without_revenue"]:
        yield say(
            "Revenue is unknown for {n:count} organisations, so what they lose for want of "
            "orders is an upper bound. Import revenue as observations.",
            n=values["without_revenue"],
        )


def _reason(row: dict[str, Any]) -> Sentence:
    """Why an organisation loses, in words."""
    if not row["passed_by"]:
        return say("an import source no longer delivers")
    given = {"passer": Ref("organisations", row["passed_by"])}
    if row["product_id"]:
        given["product"] = Ref("products", row["product_id"])
        reasons = {
            "orders": say("{passer} orders less: {product}", **given),
            "input": say("{passer} delivers less: {product}", **given),
        }
        essential = say("{passer} delivers less of an essential input: {product}", **given)
        return reasons.get(row["cause"], essential)
    if row["cause"] == "orders":
        return say("{passer} orders less", **given)
    return say("{passer} delivers less", **given)


def _before_and_after(answer: Answer) -> Bars:
    found = [entry for entry in answer.summary if entry.name.startswith("loss_in_")]
    lost = [float(entry.value or 0) for entry in found]
    return Bars(
        title=say("Before and after, by stage"),
        unit="share",
        caption=say("Dark: what is left of the business of each stage. Pale: lost."),
        labels=tuple(entry.title for entry in found),
        series=(
            Series(say("left"), tuple(1 - part for part in lost)),
            Series(say("lost"), tuple(lost), is_lost=True),
        ),
    )


def _falling(title: Sentence, found: list[Entry]) -> Bars:
    return Bars(
        title=title,
        unit="share",
        caption=say(
            "Part of the business of each; the {n:count} that lose most money, the most first.",
            n=len(found),
        ),
        labels=tuple(entry.subject or entry.title for entry in found),
        series=(Series(say("loss"), tuple(float(entry.value or 0) for entry in found)),),
        synthetic=tuple(bool(entry.synthetic) for entry in found),
    )


def _map(answer: Answer) -> Network:
    rows = answer.beside["products"].to_pylist()
    number = {row["product_id"]: k for k, row in enumerate(rows)}
    ends = {
        name: [
            (number[a], number[b])
            for a, b in zip(
                *(table[end].to_pylist() for end in table.column_names), strict=True
            )
            if a in number and b in number and a != b
        ]
        for name, table in answer.beside.items()
        if name != "products"
    }
    return Network(
        title=say("What is lost of each product"),
        caption=say(
            "Red: the part of a product that its makers lose, by what they sell of it. Lines: "
            "the way of the largest losses from the first stop on."
        ),
        nodes=tuple(
            Node(
                Ref("products", row["product_id"]),
                row["stage"],
                row["segment"],
                "unknown" if row["loss"] is None else "present",
                row["synthetic"],
                row["weight"],
                row["loss"],
            )
            for row in rows
        ),
        links=tuple(ends["inputs"]),
        path=tuple(dict.fromkeys(ends["path"])),
    )


@lens(
    "Stress",
    group="Risk",
    reads=READS,
    row=StressRow,
    show=show,
    example={"chain": "rail", "orgs": ["times_electric"]},
)
def stress(  # noqa: PLR0913 - an argument for each thing it reads or may be asked
    firms: pa.Table,
    links: pa.Table,
    importance: pa.Table,
    bases: pa.Table,
    imports: pa.Table,
    origins: pa.Table,
    products: pa.Table,
    inputs: pa.Table,
    *,
    orgs: StoppedOrganisations = [],  # noqa: B006 - read, never changed
    sites: StoppedSites = [],  # noqa: B006
    places: StoppedPlaces = [],  # noqa: B006
    partners: Partners = [],  # noqa: B006
    circle: Circle = [],  # noqa: B006
    fraction: Stopped = 1.0,
    mode: Annotated[
        Mode, Field(description="Until it has converged, or as it was published in 2022.")
    ] = "converged",
    chain: ChainIfAny = None,
) -> Answer:
    """What is lost if these stop?

    What stops becomes the fraction that each firm loses at once: a site counts with its share
    of the capacity of its firm, overlapping shocks count once, an import source is a supplier
    of its own without weight (conventions §9). A buyer then loses as its scarcest essential
    input does, or as its other inputs do together; a supplier loses as its sales do; others in
    a market step in, until nothing changes (Diem, Borsos, Reisch, Kertész, Thurner 2022). The
    loss of a firm is the larger of both ways. Losses are added up by business: revenue where
    that is on record, else sales in the network. Who passed a loss on is the firm with the
    largest part in what set it.
    """
    network = read_network(firms, links, importance)
    if not network.n_firms:
        return Answer(_table({}), left_out=network.left_out)
    asked = Stop(
        orgs=orgs, sites=sites, places=places, partners=partners, circle=circle,
        fraction=fraction,
    )  # fmt: skip
    made = shock(network, bases, imports, origins, asked)
    found = losses(made, links, mode)
    own = standing(network, products)
    columns = _columns(network, found, own)
    order = np.lexsort(
        (
            np.arange(network.n_firms),
            -columns["loss"],
            -np.nan_to_num(columns["lost"]),
        )
    )
    table = _table(
        {name: pa.array(held, from_pandas=True).take(order) for name, held in columns.items()}
    )
    beside = {}
    if chain is not None:
        beside = {
            "products": lost_products(network, products, found),
            "inputs": inputs.select(["part_id", "product_id"]),
            "path": ways(
                products,
                own["product_id"],
                found,
                order[found.passer[order] >= 0][:PATHS].tolist(),
            ),
        }
    return Answer(
        table,
        tuple(summed(network, made, found, columns)),
        (*network.left_out, *made.left_out),
        beside=beside,
    )


def _table(columns: dict[str, Any]) -> pa.Table:
    return rows_of(StressRow, {name: columns.get(name, []) for name in StressRow.model_fields})


def _columns(
    network: SupplyNetwork, found: Losses, own: dict[str, list[str | None]]
) -> dict[str, Any]:
    """Every column, in the order of the network's firms."""
    ids, before = network.firms["org_id"].combine_chunks(), business(network)
    named = {
        name: ids.take(pa.array(ends, mask=ends < 0))
        for name, ends in (
            ("via", found.via),
            ("via_up", found.via_up),
            ("passed_by", found.passer),
        )
    }
    return named | {
        "org_id": ids,
        "stage": own["stage"],
        "segment": own["segment"],
        "place_id": network.firms["place_id"].combine_chunks(),
        "shock": found.shock,
        "loss_down": found.down,
        "loss_up": found.up,
        "loss": found.loss,
        "cause": found.cause,
        "product_id": found.product_id,
        "before": before,
        "lost": before * found.loss,
        "synthetic": network.synthetic,
    }
