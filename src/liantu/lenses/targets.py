"""Who could fill the gaps of a chain in a place: makers elsewhere, and near makers here."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.errors import Problem, Refusal
from liantu.lens import Ask, lens
from liantu.parameters import Assign, Chain, MeasureIfAny, Place, Weights
from liantu.result import (
    Answer,
    Entry,
    Figure,
    Heat,
    Ref,
    Row,
    Sentence,
    rows_of,
    say,
)
from liantu.schema import Evidence, column

if TYPE_CHECKING:
    from liantu.kernels.matching import Assignment

PARTS = ("need", "feasibility", "gain", "reach_gain", "relief", "distance")
GAPS = ("missing", "weak", "foreign_only")
REACH_KM, SHOWN = 200.0, 15
Numbers = np.ndarray[Any, Any]

READS = {
    "links": """
        select product_id, weight, evidence, source_id
        from chain_links where chain_id = $chain order by product_id
    """,
    "codes": """
        select distinct
          product_codes.product_id, product_codes.scheme, product_codes.code, trade.reporter
        from product_codes
        join chain_links as links
          on links.product_id = product_codes.product_id and links.chain_id = $chain
        join countries as home on home.place_id = $place
        join trade
          on trade.reporter = home.country_id and trade.scheme = product_codes.scheme
            and trade.code = product_codes.code and trade.flow = 'import'
        where product_codes.evidence <> 'assumed'
        order by product_codes.product_id, product_codes.scheme, product_codes.code
    """,
    "start": """
        select longitude, latitude, evidence, source_id from positions where place_id = $place
    """,
    "candidates": """
        with links as (
          select product_id, stage, segment from chain_links where chain_id = $chain
        ),
        near as (
          select product_id, product_id as other_id from links
          union
          select links.product_id, other.product_id as other_id
          from links
          join links as other
            on other.segment = links.segment and other.stage is not distinct from links.stage
          union
          select links.product_id, other.product_id as other_id
          from links
          join products on products.product_id = links.product_id
          join products as other
            on other.parent_id = products.parent_id or other.parent_id = products.product_id
              or other.product_id = products.parent_id
          union
          select links.product_id, other.product_id as other_id
          from links
          join parts on parts.product_id = links.product_id and parts.evidence <> 'assumed'
          join parts as other on other.part_id = parts.part_id and other.evidence <> 'assumed'
        ),
        main as (
          select org_id, min(code) as activity
          from activities where main and evidence <> 'assumed' group by org_id
        )
        select
          near.product_id, makers.org_id, nullif(near.other_id, near.product_id) as near_id,
          case
            when near.other_id <> near.product_id then 'near_maker_here'
            when not bool_or(here.place_id is not null)
              over (partition by near.product_id, near.other_id, makers.org_id)
              then 'maker_elsewhere'
          end as kind,
          makers.place_id, makers.longitude, makers.latitude, main.activity,
          makers.position_evidence as evidence, makers.source_id
        from near
        join makers on makers.product_id = near.other_id
        left join within as here
          on here.place_id = makers.place_id and here.ancestor_id = $place
        left join makers as own
          on own.product_id = near.product_id and own.org_id = makers.org_id
            and near.other_id <> near.product_id
        left join main on main.org_id = makers.org_id
        where near.other_id = near.product_id
          or (here.place_id is not null and own.org_id is null)
        order by near.product_id, makers.org_id, near_id, makers.place_id
    """,
}


class TargetsRow(Row):
    """One candidate for one gap."""

    product_id: str = column("The link that is missing or weak.", references="products")
    org_id: str = column("Who could fill it.", title="Organisation", references="organisations")
    kind: Literal["maker_elsewhere", "near_maker_here"] = column(
        "Makes it elsewhere, or makes something near to it here."
    )
    place_id: str | None = column("Where it makes that.", title="Place", references="places")
    distance_km: float | None = column(
        "From the place to there; blank where either has no position.", unit="km", ge=0
    )
    state: Literal["missing", "weak", "foreign_only"] = column("State of the link here.")
    score: float | None = column("Mean of the known parts by weight.", ge=0, le=1)
    chosen: bool | None = column("Whether the plan takes it; blank where none is made.")
    need: float | None = column("What is lacking, by rank.", ge=0, le=1, detail=True)
    feasibility: float | None = column("Density here, by rank.", ge=0, le=1, detail=True)
    gain: float | None = column("Outlook gain, by rank.", ge=0, le=1, detail=True)
    reach_gain: float | None = column("Reach it brings, by rank.", ge=0, le=1, detail=True)
    relief: float | None = column("Import concentration, by rank.", ge=0, le=1, detail=True)
    distance: float | None = column("Distance, by rank.", ge=0, le=1, detail=True)
    evidence: Evidence = column("How sure it is that it makes that, there.")
    near: list[str] = column("What it makes that is near to the link.", references="products")
    activity: str | None = column("Its main activity.", references="codes", detail=True)
    runner_up_id: str | None = column(
        "Who would take the link instead.", references="organisations", detail=True
    )
    price: float | None = column("What the plan loses without it.", ge=0, detail=True)


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """How many gaps there are, who scores highest, the best plan, and what is not known."""
    values: dict[str, Any] = {entry.name: entry.value for entry in answer.summary}
    place, chain = (Ref(f"{name}s", answer.params[name]) for name in ("place", "chain"))
    if not values["links"]:
        yield say("No product belongs to this chain yet. Import chain_products and makes.")
        return
    if not values["known"]:
        yield say("The state of no link is known here. Import makes.")
        return
    if not values["gaps"]:
        yield say(
            "Good news: {place} has no gap in {chain} among the {known:count} links whose "
            "state is known.",
            place=place,
            chain=chain,
            known=values["known"],
        )
        return
    yield say(
        "{place} lacks or is weak in {gaps:count} links of {chain}; for {served:count} of "
        "them a candidate is on record.",
        place=place,
        chain=chain,
        **{name: values[name] for name in ("gaps", "served")},
    )
    if not (rows := answer.table.to_pylist()):
        return
    best = max(rows, key=lambda row: -2 if row["score"] is None else row["score"])
    yield say(
        "{org} for {product} scores highest. A score orders who to ask first; it does not say "
        "that they would come.",
        org=Ref("organisations", best["org_id"]),
        product=Ref("products", best["product_id"]),
    )
    if values.get("chosen"):
        yield say(
            "One for each link, the best plan fills {chosen:count} links and scores "
            "{total:decimal}; the second best costs {price:decimal}.",
            **{name: values[name] for name in ("chosen", "price", "total")},
        )
    for name in PARTS:
        if values[f"unknown_{name}"] == values["pairs"]:
            yield say("{part} is known of none and left out.", part=name.replace("_", " "))
    shown = rows[:SHOWN]
    pairs = (
        (Ref("organisations", row["org_id"]), Ref("products", row["product_id"]))
        for row in shown
    )
    yield Heat(
        title=say("Who to ask first"),
        caption=say("Parts from 0 to 1, by rank; a dash is unknown. Distance counts against."),
        rows=tuple(say("{org}: {product}", org=org, product=what) for org, what in pairs),
        columns=(say("score"), *(say(name.replace("_", " ")) for name in PARTS)),
        values=tuple(tuple(row[name] for name in ("score", *PARTS)) for row in shown),
    )


def asks(tables: Mapping[str, pa.Table], params: Mapping[str, Any]) -> list[Ask]:
    """The state of every link, the sources of every code, what every activity would open."""
    shared = {} if params["synthetic"] else {"synthetic": "false"}
    links, codes, place = tables["links"], tables["codes"].to_pylist(), params["place"]
    whole = {"chain": params["chain"], "place": place} | shared
    here = {"place": place, "measure": params["measure"] or ""} | shared
    abroad = [{"reporter": row["reporter"], "scheme": row["scheme"]} | shared for row in codes]
    products, activities = links["product_id"].to_pylist(), _activities(tables["candidates"])
    rows = [{"place_id": place, "product_id": product} for product in products]
    does = [{"activity": activity} for activity in activities]
    return [
        *(Ask("completeness", whole, row, "state") for row in rows),
        *(
            Ask("dependence", asked, {"code": row["code"]}, "cdi1")
            for asked, row in zip(abroad, codes, strict=True)
        ),
        *(Ask("opportunity", here, row, name) for name in ("density", "cog") for row in does),
    ]


def _activities(candidates: pa.Table) -> list[str]:
    found: list[str] = sorted(pc.unique(candidates["activity"].drop_null()).to_pylist())
    return found


@lens(
    "Targets",
    group="Chain",
    reads=READS,
    row=TargetsRow,
    show=show,
    example={"chain": "rail", "place": "zhuzhou", "measure": "employment", "assign": True},
    asks=asks,
)
def targets(  # noqa: PLR0913 - an argument for each thing it reads or may be asked
    links: pa.Table,
    codes: pa.Table,
    start: pa.Table,
    candidates: pa.Table,
    answers: pa.Table,
    *,
    chain: Chain,
    place: Place,
    limit: Annotated[
        int, Field(ge=1, le=100_000, description="As many rows at most, over all gaps.")
    ] = 20,
    weights: Weights = [1.0] * 6,
    assign: Assign = False,
    measure: Annotated[
        MeasureIfAny, Field(description="What tells what the place does, such as employment.")
    ] = None,
) -> Answer:
    """Who could fill the gaps of a chain in a place?

    A gap is a link that is missing, weak or foreign only. Candidates make it elsewhere, or make
    something near here: of the same segment or kind, or of the same parts. Score = (w1 need +
    w2 feasibility + w3 gain + w4 reach gain + w5 relief + w6 (1 - distance)) / (the weights of
    what is known), each part 0 to 1 by its rank among the distinct values. Need: the weight
    that the place lacks. Feasibility and gain: density and outlook gain of the candidate's main
    activity in the place. Reach gain: the share of the chain that would come within 200 km.
    Relief: concentration of the imports (CDI1). Distance: great circle. ``assign`` chooses one
    for each link with the greatest sum, exactly. Our own definition: no standard exists.
    """
    from liantu.kernels import great_circle, matching  # noqa: PLC0415 - kernels load when asked

    del chain, place, measure  # they have chosen the rows already
    if len(weights) != len(PARTS) or not any(weights):
        raise Refusal(_unweighted(weights))
    links = links.append_column("state", answers["text"].slice(0, links.num_rows))
    far = np.full(candidates.num_rows, np.nan)
    for at in start.to_pylist():
        east, north = (candidates[axis].to_numpy() for axis in ("longitude", "latitude"))
        far = great_circle.distance_km(east, north, at["longitude"], at["latitude"])
    candidates = candidates.append_column("distance_km", pa.array(far, from_pandas=True))
    pairs = _pairs(links, candidates)
    values = _values(links, codes, candidates, answers, pairs)
    parts = np.array([matching.by_rank(column) for column in values])
    near = np.vstack([parts[:-1], 1 - parts[-1]])
    score = matching.weighted_mean(near.T, np.array(weights))
    gap, org = (
        pc.rank(pairs[name], tiebreaker="dense").to_numpy() for name in ("product_id", "org_id")
    )
    plan = matching.assignment(gap, org, np.nan_to_num(score)) if assign else None
    table, order = _rows(pairs, parts, score, plan)
    summary = _summary(links, pairs, parts, weights, plan)
    return Answer(table.take(order[:limit]), tuple(summary))


def _values(
    links: pa.Table, codes: pa.Table, candidates: pa.Table, answers: pa.Table, pairs: pa.Table
) -> Iterator[Numbers]:
    """What each part is ranked by, for every pair; NaN where it is unknown."""
    from liantu.kernels.link_state import SCORES, STATES  # noqa: PLC0415 - when asked
    from liantu.kernels.matching import reach_gain  # noqa: PLC0415

    n, weight, products = links.num_rows, links["weight"].to_numpy(), links["product_id"]
    at = pc.index_in(pairs["product_id"], products).to_numpy()
    score = dict(zip(STATES, SCORES.tolist(), strict=True))
    held = np.array([score.get(state, np.nan) for state in links["state"].to_pylist()])
    yield (weight * (1 - held))[at]
    told = answers["value"].to_numpy()[n:]
    activities = _activities(candidates)
    does = pc.index_in(pairs["activity"], pa.array(activities, pa.string())).fill_null(-1)
    for opened in told[codes.num_rows :].reshape(2, -1):
        yield np.append(opened, np.nan)[does.to_numpy()]
    made = candidates.filter(pc.is_null(candidates["near_id"]))
    yield reach_gain(
        pc.index_in(made["product_id"], products).to_numpy(),
        pc.is_null(made["kind"]).to_numpy(),
        made["distance_km"].to_numpy(),
        weight,
        radius_km=REACH_KM,
    )[at]
    relief = np.full(n, np.nan)
    of_code = pc.index_in(codes["product_id"], products).to_numpy()
    np.fmax.at(relief, of_code, told[: codes.num_rows])
    yield relief[at]
    yield pairs["distance_km"].to_numpy()


def _pairs(links: pa.Table, candidates: pa.Table) -> pa.Table:
    """One row for each gap and candidate, where it makes that nearest to the place."""
    state = links["state"].combine_chunks()
    at = pc.index_in(candidates["product_id"], links["product_id"])
    rows = candidates.append_column("state", state.take(at.combine_chunks()))
    is_open = pc.and_(pc.is_in(rows["state"], pa.array(GAPS)), pc.is_valid(rows["kind"]))
    by = ("product_id", "org_id", "distance_km", "place_id", "evidence")
    rows = rows.filter(is_open).sort_by([(name, "ascending") for name in by])
    first = ("kind", "state", "place_id", "distance_km", "activity", "evidence")
    options = pc.ScalarAggregateOptions(skip_nulls=False, min_count=0)
    wanted = [*((name, "first", options) for name in first), ("near_id", "distinct")]
    grouped = rows.group_by(["product_id", "org_id"], use_threads=False).aggregate(wanted)
    return grouped.rename_columns([k.removesuffix("_first") for k in grouped.column_names])


def _rows(
    pairs: pa.Table, parts: Numbers, score: Numbers, plan: "Assignment | None"
) -> tuple[pa.Table, Numbers]:
    """The columns of every pair, and the order in which they are listed."""
    n, kept = pairs.num_rows, set(TargetsRow.model_fields).intersection(pairs.column_names)
    columns: dict[str, Any] = {name: pairs[name] for name in kept} | {"score": score}
    columns |= dict(zip(PARTS, parts, strict=True))
    columns["near"] = [sorted(ids) for ids in pairs["near_id_distinct"].to_pylist()]
    columns |= {"chosen": pa.nulls(n), "price": np.full(n, np.nan), "runner_up_id": pa.nulls(n)}
    is_chosen = np.zeros(n, bool)
    if plan:
        is_chosen[plan.chosen] = True
        columns["chosen"] = is_chosen
        columns["price"][plan.chosen] = plan.price
        instead = np.full(n, -1)
        instead[plan.chosen] = plan.runner_up
        columns["runner_up_id"] = pairs["org_id"].take(pa.array(instead, mask=instead < 0))
    order = np.lexsort((np.arange(n), -np.nan_to_num(score, nan=-2.0), ~is_chosen))
    return rows_of(TargetsRow, columns), order


def _summary(
    links: pa.Table,
    pairs: pa.Table,
    parts: Numbers,
    weights: list[float],
    plan: "Assignment | None",
) -> Iterator[Entry]:
    states, n = links["state"].to_pylist(), pairs.num_rows
    unknown, gaps = (sum(s in kind for s in states) for kind in ((None, "unknown"), GAPS))
    served, known = pc.count_distinct(pairs["product_id"]).as_py(), len(states) - unknown
    of_known = say("of {known:count} links with a known state", known=known)
    of = partial(Entry, synthetic=pairs["evidence"].to_pylist().count("synthetic"))
    yield Entry("links", say("Links"), len(states))
    yield Entry("known", say("Links with a known state"), known, unknown=unknown)
    yield of("gaps", say("Gaps"), gaps, None, of_known, unknown, high=gaps + unknown)
    base = say("of {n:count} gaps", n=gaps)
    yield of("served", say("Gaps with a candidate"), served, base=base)
    yield of("pairs", say("Candidates, over all gaps"), n)
    for name, weight, part in zip(PARTS, weights, parts, strict=True):
        word, base = name.replace("_", " "), say("of {n:count} candidates", n=n)
        lacking = int(np.isnan(part).sum())
        yield Entry(f"weight_{name}", say("Weight of {part}", part=word), weight)
        yield Entry(f"unknown_{name}", say("Without {part}", part=word), lacking, base=base)
    if plan and len(plan.chosen):
        yield of("chosen", say("Links that the best plan fills"), len(plan.chosen))
        yield of("total", say("Score of the best plan"), plan.total)
        least = int(np.argmin(plan.price))
        yield of("price", say("What the second-best plan costs"), float(plan.price[least]))
        given_up = pairs["org_id"][int(plan.chosen[least])].as_py()
        title = say("Given up in the second-best plan")
        yield Entry("given_up", title, given_up, value_of="organisations")
        if (instead := int(plan.runner_up[least])) >= 0:
            runner_up, title = pairs["org_id"][instead].as_py(), say("Runner-up in its place")
            yield Entry("runner_up", title, runner_up, value_of="organisations")


def _unweighted(weights: list[float]) -> Problem:
    return Problem(
        "bad-weights",
        f"{len(PARTS)} weights from 0 on, not all 0: {', '.join(PARTS)}",
        ", ".join(f"{weight:g}" for weight in weights) or "none",
        "give one number for each part, in this order",
        column="weights",
    )
