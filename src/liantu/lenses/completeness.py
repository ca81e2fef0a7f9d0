"""Which links of a chain a place has, lacks, or has no record of, beside its rivals."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.lens import lens
from liantu.methods.chain_parts import INPUTS
from liantu.parameters import Chain, Place, Rivals
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
    State,
    rows_of,
    say,
)
from liantu.schema import Evidence, column

Numbers = np.ndarray[Any, Any]
Truths = np.ndarray[Any, np.dtype[np.bool_]]

READS = {
    "links": """
        with each_maker as (
          select
            makers.product_id,
            max(case when makers.evidence <> 'synthetic' then 1 else 0 end) as recorded,
            max(case when makers.evidence <> 'verified' then 1 else 0 end) as unverified,
            max(
              case when home.country_id is null or countries.country_id = home.country_id
                then 1 else 0 end
            ) as domestic,
            string_agg(makers.source_id, ';') as source_id
          from makers
          left join countries on countries.place_id = makers.place_id
          left join countries as home on home.place_id = $place
          group by makers.product_id, makers.org_id
        ),
        anywhere as (
          select
            product_id,
            count(*) as makers, sum(recorded) as recorded,
            sum(domestic) as domestic, sum(domestic * recorded) as domestic_recorded,
            sum(unverified) as unverified,
            string_agg(distinct source_id, ';') as source_id
          from each_maker
          group by product_id
        )
        select
          places.place_id, chosen.product_id, chosen.stage, chosen.segment,
          chosen.weight, chosen.evidence, known.quotient, known.quotient_recorded,
          coalesce(local.makers, 0) as makers, coalesce(local.recorded, 0) as makers_recorded,
          coalesce(anywhere.makers, 0) as anywhere,
          cast(coalesce(anywhere.recorded, 0) as bigint) as anywhere_recorded,
          cast(coalesce(anywhere.domestic, 0) as bigint) as domestic,
          cast(coalesce(anywhere.domestic_recorded, 0) as bigint) as domestic_recorded,
          coalesce(anywhere.unverified, imports.rank - 1, 1) > 0 as is_declared,
          imports.imported as imports, imports.recorded as imports_recorded,
          local.capacity / known.need as capacity_share,
          local.capacity_recorded / known.need_recorded as capacity_share_recorded,
          coalesce(anywhere.makers <> anywhere.recorded, false)
            or coalesce(imports.imported <> coalesce(imports.recorded, 0), false)
            or known.quotient is distinct from known.quotient_recorded as synthetic,
          concat_ws(';', chosen.source_id, anywhere.source_id, imports.source_id) as source_id
        from chain_links as chosen
        join places on places.place_id = $place or array_contains($rivals, places.place_id)
        left join makers_within as local
          on local.product_id = chosen.product_id and local.place_id = places.place_id
            and (local.place_id = $place or array_contains($rivals, local.place_id))
        left join anywhere on anywhere.product_id = chosen.product_id
        left join product_imports as imports
          on imports.product_id = chosen.product_id and imports.place_id = $place
        left join product_figures as known
          on known.product_id = chosen.product_id and known.place_id = places.place_id
        where chosen.chain_id = $chain
        order by places.place_id <> $place, places.place_id, chosen.product_id
    """,
    "inputs": INPUTS,
}


class CompletenessRow(Row):
    """One link of the chain in one place."""

    place_id: str = column("The place.", title="Place", references="places")
    product_id: str = column("The product.", title="Product", references="products")
    stage: Literal["upstream", "midstream", "downstream"] | None = column("Stage of the chain.")
    segment: str | None = column("Segment of the stage.")
    weight: float = column("Weight of the link in the chain.", ge=0, detail=True)
    makers_local: int = column("Makers in the place, or in a place inside it.", ge=0)
    makers_elsewhere: int = column("Makers on record anywhere else.", ge=0)
    state: Literal["strong", "present", "weak", "missing", "foreign_only", "unknown"] = column(
        "Whether the place has the link; unknown where nothing is recorded."
    )
    score: float | None = column(
        "1 for strong and present, half for weak, 0 for missing and foreign only; none for "
        "unknown.",
        ge=0,
        le=1,
    )
    single_source: bool = column("Whether the place has exactly one maker.", detail=True)
    inputs: list[str] = column(
        "Products of the chain that go into it.", references="products", detail=True
    )
    evidence: Evidence | None = column(
        "Synthetic where the state would differ without synthetic rows; blank for unknown."
    )


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """The share that the place has, the chain map, and the places side by side."""
    if not answer.table.num_rows:
        yield say("No product belongs to this chain yet. Import chain_products and makes.")
        return
    place = Ref("places", answer.params["place"])
    values = {entry.name: entry.value for entry in answer.summary if entry.subject == place}
    yield say(
        "{place} has {completeness:percent} of {chain}, counted over the {known:count} of "
        "{links:count} links whose state is known.",
        place=place,
        chain=Ref("chains", answer.params["chain"]),
        **{name: values[name] for name in ("completeness", "known", "links")},
    )
    yield say(
        "{missing:count} links are missing and {foreign_only:count} come only from abroad. For "
        "{unknown:count} no maker is recorded anywhere: that does not mean that none exists.",
        **{name: values[name] for name in ("missing", "foreign_only", "unknown")},
    )
    yield _map(answer.table.filter(pc.equal(answer.table["place_id"], place.id)))
    if len(places := [place.id, *answer.params["rivals"]]) > 1:
        yield say(
            "A rival lacks a link where makers are on record, but none there. The record of "
            "rivals may be thinner, so no rank is given."
        )
        yield _side_by_side(answer, list(dict.fromkeys(places)))


def _map(here: pa.Table) -> Network:
    rows = here.to_pylist()
    number = {row["product_id"]: k for k, row in enumerate(rows)}
    links = tuple((number[part], k) for k, row in enumerate(rows) for part in row["inputs"])
    joined = np.bincount(np.array(links, dtype=np.int64).ravel(), minlength=len(rows))
    inner = np.isin(np.arange(len(rows)), [part for part, _ in links])
    focus = int(np.argmax(joined * inner)) if links else None
    return Network(
        title=say("Who makes what"),
        caption=say(
            "Each line is a product; the share beside a segment is its completeness. "
            "An s marks a state that rests on synthetic rows."
        ),
        headline=True,
        nodes=tuple(map(_node, rows)),
        links=links,
        focus=focus,
    )


def _node(row: dict[str, Any]) -> Node:
    generated = row["evidence"] == "synthetic"
    product = Ref("products", row["product_id"])
    return Node(product, row["stage"], row["segment"], row["state"], generated, row["weight"])


def _side_by_side(answer: Answer, places: list[str]) -> Bars:
    from liantu.kernels.link_state import STATES  # noqa: PLC0415 - kernels load when asked

    refs = [Ref("places", place) for place in places]
    return Bars(
        title=say("Links by state"),
        unit="links",
        labels=tuple(refs),
        here=0,
        series=tuple(
            Series(
                say(state),
                tuple(cast("int", answer.entry(state, ref).value) for ref in refs),
                cast("State", state),
            )
            for state in STATES
        ),
        caption=say(
            "One record of makers for all places. Where it is thin, missing may only mean that "
            "nobody has looked there."
        ),
    )


@lens(
    "Completeness",
    group="Chain",
    reads=READS,
    row=CompletenessRow,
    show=show,
    example={"chain": "rail", "place": "zhuzhou", "rivals": ["qingdao", "changzhou"]},
)
def completeness(
    links: pa.Table,
    inputs: pa.Table,
    *,
    chain: Chain,
    place: Place,
    rivals: Rivals = [],  # noqa: B006 - read, never changed
    weak_below: Annotated[
        int, Field(ge=1, le=100, description="Fewer makers than this are weak.")
    ] = 3,
) -> Answer:
    """Which links of a chain does a place have, and which do its rivals have?

    A link is unknown if no maker is recorded anywhere and no trade; foreign only if there is no
    domestic maker but imports; missing if makers exist elsewhere and none here; weak below
    ``weak_below`` makers, or where capacity is under half the need or the location quotient
    under 0.5, where these are known; strong from 5 makers, with a quotient from 1.25 where
    known; present else. Completeness is the weighted mean score of the links with a known
    state. The gap to a rival is the weighted score that the rival has and the place lacks. Cut
    links are those that every path to a final product must pass (dominators). Makers in any
    place below the asked one count as local. Own definition: conventions §3.
    """
    del chain, place, rivals  # they have chosen the rows already
    states = _states(links, weak_below)
    return Answer(_rows(links, states, inputs), tuple(_summary(links, states, inputs)))


@dataclass(frozen=True, slots=True)
class _States:
    """The state of every row, with and without synthetic rows; which links are synthetic."""

    number: Numbers
    recorded: Numbers
    made_up: Truths

    @property
    def synthetic(self) -> Truths:
        """Whether the state rests on synthetic rows."""
        return np.asarray((self.number != self.recorded) | self.made_up, dtype=np.bool_)

    @property
    def score(self) -> Numbers:
        """The score of each state; NaN for unknown."""
        from liantu.kernels.link_state import SCORES  # noqa: PLC0415

        return SCORES[self.number]


def _states(links: pa.Table, weak_below: int) -> _States:
    """Judge every link twice: over all rows, and over those that are not synthetic."""
    from liantu.kernels.link_state import link_state  # noqa: PLC0415

    number, recorded = (
        link_state(
            links[f"makers{suffix}"].to_numpy(),
            links[f"anywhere{suffix}"].to_numpy(),
            links[f"domestic{suffix}"].to_numpy(),
            links[f"imports{suffix}"].to_numpy(),
            quotient=links[f"quotient{suffix}"].to_numpy(),
            capacity_share=links[f"capacity_share{suffix}"].to_numpy(),
            weak_below=weak_below,
        )
        for suffix in ("", "_recorded")
    )
    return _States(number, recorded, pc.equal(links["evidence"], "synthetic").to_numpy())


def _cut(links: pa.Table, inputs: pa.Table) -> int:
    from liantu.kernels.dominators import cut_points  # noqa: PLC0415

    products = pc.unique(links["product_id"])
    tail, head = (pc.index_in(inputs[end], products) for end in ("part_id", "product_id"))
    return len(cut_points(tail.to_numpy(), head.to_numpy(), n_nodes=len(products)))


def _rows(links: pa.Table, states: _States, inputs: pa.Table) -> pa.Table:
    from liantu.kernels.link_state import STATES  # noqa: PLC0415

    products = links["product_id"].to_pylist()
    listed: dict[str, list[str]] = {product: [] for product in products}
    for row in inputs.select(["product_id", "part_id"]).to_pylist():
        listed[row["product_id"]].append(row["part_id"])
    names = np.array(STATES)[states.number].tolist()
    sure = pc.if_else(links["is_declared"], "declared", "verified").to_pylist()
    return rows_of(
        CompletenessRow,
        {name: links[name] for name in ("place_id", "product_id", "stage", "segment", "weight")}
        | {
            "makers_local": links["makers"],
            "makers_elsewhere": pc.subtract(links["anywhere"], links["makers"]),
            "state": names,
            "score": states.score,
            "single_source": pc.equal(links["makers"], 1),
            "inputs": [listed[product] for product in products],
            "evidence": [
                "synthetic" if marked else None if name == "unknown" else evidence
                for marked, name, evidence in zip(states.synthetic, names, sure, strict=True)
            ],
        },
    )


def _summary(links: pa.Table, states: _States, inputs: pa.Table) -> Iterator[Entry]:
    places = pc.unique(links["place_id"]).to_pylist()
    chosen = [pc.equal(links["place_id"], place).to_numpy() for place in places]
    weight, score, made_up = links["weight"].to_numpy(), states.score, states.synthetic
    for k, place in enumerate(places):
        yield from _of_place(Ref("places", place), links, states, chosen[k], headline=k == 0)
    for k, rival in enumerate(places[1:], start=1):
        here, there, w = score[chosen[0]], score[chosen[k]], weight[chosen[0]]
        both, lead = ~np.isnan(here + there), np.maximum(0.0, there - here)
        least = np.maximum(0.0, np.nan_to_num(there, nan=0.0) - np.nan_to_num(here, nan=1.0))
        most = np.maximum(0.0, np.nan_to_num(there, nan=1.0) - np.nan_to_num(here, nan=0.0))
        yield Entry(
            "gap",
            say("Gap to {rival}", rival=Ref("places", rival)),
            _mean(lead[both], w[both]),
            "share",
            say("of {n:count} links that are known in both", n=int(both.sum())),
            unknown=int((~both).sum()),
            synthetic=int((made_up[chosen[0]] | made_up[chosen[k]]).sum()),
            low=_mean(least, w),
            high=_mean(most, w),
            subject=Ref("places", rival),
        )
    n, lines = (
        len(links) // max(len(places), 1),
        pc.equal(inputs["evidence"], "synthetic").to_numpy(),
    )
    generated = int(lines.sum() + states.made_up[:n].sum())
    base = say("of {n:count} links: every path to a final product passes them", n=n)
    cut = _cut(links, inputs)
    yield Entry("cut_links", say("Cut links"), cut, base=base, synthetic=generated)


def _of_place(
    place: Ref, links: pa.Table, states: _States, chosen: Truths, *, headline: bool
) -> Iterator[Entry]:
    from liantu.kernels.link_state import STATES  # noqa: PLC0415

    judged = (states.number, states.recorded, states.made_up, states.synthetic, states.score)
    number, recorded, made_up, generated, score = (values[chosen] for values in judged)
    weight = links["weight"].to_numpy()[chosen]
    single = (links["makers"].to_numpy()[chosen] == 1).astype(np.float64)
    known = ~np.isnan(score)
    n, n_known, n_synthetic = len(score), int(known.sum()), int(generated.sum())
    of_known = partial(
        Entry,
        unit="share",
        base=say("of {known:count} links with a known state", known=n_known),
        unknown=n - n_known,
        synthetic=n_synthetic,
        subject=place,
    )
    of_all = partial(Entry, base=say("of {links:count} links", links=n), subject=place)
    for name, title, share in (
        ("completeness", say("Completeness"), score),
        ("single_maker_share", say("Links with one maker only"), single),
    ):
        yield of_known(
            name,
            title,
            _mean(share[known], weight[known]),
            headline=headline and share is score,
            low=_mean(np.where(known, share, 0.0), weight),
            high=_mean(np.where(known, share, 1.0), weight),
        )
    yield of_all("coverage", say("Coverage"), n_known / n, "share", synthetic=n_synthetic)
    yield Entry("links", say("Links"), n, synthetic=int(made_up.sum()), subject=place)
    yield of_all("known", say("Links with a known state"), n_known, synthetic=n_synthetic)
    for k, state in enumerate(STATES):
        is_held, moved = number == k, (number == k) != (recorded == k)
        held, marked = int(is_held.sum()), int((moved | (is_held & made_up)).sum())
        high = None if state == "unknown" else held + n - n_known
        yield of_all(state, say(state), held, synthetic=marked, high=high)


def _mean(values: Numbers, weight: Numbers) -> float | None:
    total = float(np.sum(weight))
    return float(np.sum(values * weight)) / total if total > 0 else None
