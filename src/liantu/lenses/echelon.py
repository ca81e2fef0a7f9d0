"""In which tier each chain stands, by many criteria, and how sure that is."""

import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
from pydantic import Field

from liantu.lens import Ask, lens
from liantu.methods.judgement import (
    Criteria,
    Criterion,
    Cuts,
    Judgement,
    Known,
    Pairwise,
    Told,
    Weights,
    gathered,
    judged,
    read_criteria,
    standings,
)
from liantu.parameters import Draws, PlaceIfAny, Seed, YearIfAny
from liantu.result import (
    Answer,
    Bars,
    Entry,
    Figure,
    Heat,
    Ref,
    Row,
    Sentence,
    Series,
    rows_of,
    say,
)
from liantu.schema import column

HOLDS = 0.8  # a tier that fewer draws give is one from which the chain could move
DEFAULT = ("scale:max:log", "growth:max", "completeness:max", "risk:min", "innovation:max")
# What no figure is on record for is asked of a lens: its name, the entry, and whether it is
# about the chain or about the place.
ASKED = {
    "completeness": ("completeness", "completeness", "places"),
    "risk": ("systemic_risk", "index", None),
    "innovation": ("innovation", "chain_platforms", "chains"),
}
LEVELS = ("world", "national", "provincial", "municipal", None)

READS = {
    "chains": """
        select chain_id, industry_group, cluster_level, place_id, evidence, source_id
        from chains
        where evidence <> 'assumed'
          and (
            cast($place as varchar) is null
            or place_id in (select place_id from within where ancestor_id = $place)
          )
        order by chain_id
    """,
    "figures": """
        select chain_id, measure, unit, year, value, evidence, source_id
        from (
          select chain_figures.*,
            row_number() over (
              partition by chain_id, measure
              order by year desc, distance, rank, source_id, scope, value
            ) as turn
          from chain_figures
          where year <= coalesce($year, year)
        ) as ordered
        where turn = 1
        order by chain_id, measure
    """,
}


class EchelonRow(Row):
    """One chain and its tier."""

    chain_id: str = column("The chain.", title="Chain", references="chains")
    industry_group: str | None = column("Group of industries that it belongs to.")
    cluster_level: Literal["world", "national", "provincial", "municipal"] | None = column(
        "Level of its cluster."
    )
    values: list[float | None] = column("Value of each criterion, in their order.", detail=True)
    standing: list[float | None] = column(
        "Where each value lies from the worst, 0, to the best, 1.", detail=True
    )
    absent: list[str] = column("Criteria without a figure; set to the median.")
    score: float | None = column("Closeness to the best of all criteria.", ge=0, le=1)
    rank: int | None = column("1 is the closest; none for a chain without figures.", ge=1)
    rank_low: int | None = column("Rank that 5 % of draws do not reach.", ge=1)
    rank_high: int | None = column("Rank that 95 % of draws do not exceed.", ge=1)
    tier: int | None = column("1 is the first tier.", ge=1)
    tier_probability: float | None = column(
        "Share of draws that give this tier.", unit="share", ge=0, le=1
    )
    tier_shares: list[float] = column("Share of draws that give each tier.", detail=True)


def asks(tables: Mapping[str, pa.Table], params: Mapping[str, Any]) -> list[Ask]:
    """What no figure is on record for, chain by chain, of the lens that gives it."""
    shared = {} if params["synthetic"] else {"synthetic": "false"}
    return [
        Ask(ASKED[name][0], _question(ASKED[name][2], row, params) | shared)
        for row, name in _unrecorded(tables, params)
    ]


def _question(
    about: str | None, row: Mapping[str, Any], params: Mapping[str, Any]
) -> dict[str, str]:
    """The parameters of the lens that is asked: its place, its chain, or both."""
    place = params["place"] or row["place_id"] or ""
    asked = {"chains": {"place": place}, None: {"chain": row["chain_id"]}}
    return asked.get(about, {"place": place, "chain": row["chain_id"], "rivals": ""})


def _unrecorded(
    tables: Mapping[str, pa.Table], params: Mapping[str, Any]
) -> list[tuple[dict[str, Any], str]]:
    known = {
        (row["chain_id"], row["measure"])
        for row in tables["figures"].select(["chain_id", "measure"]).to_pylist()
    }
    names = [Criterion.of(text).name for text in params["criteria"]]
    return [
        (row, name)
        for row in tables["chains"].to_pylist()
        for name in names
        if name in ASKED and (row["chain_id"], name) not in known
    ]


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """The first chain and how sure it is, the tiers over the draws, and the two matrices."""
    rows = [row for row in answer.table.to_pylist() if row["rank"]]
    if not rows:
        yield say(
            "Fewer than two chains have figures for half of the criteria, so none is ranked. "
            "Import observations of chains, or name other criteria."
        )
        return
    names = ("chains", "scored", "could_move")
    values: dict[str, Any] = {name: answer.entry(name).value for name in names}
    first = {"chain": Ref("chains", rows[0]["chain_id"]), "draws": answer.params["draws"]}
    if rows[0]["tier_probability"] is None:
        yield say("{chain} is closest to the best of all criteria.", **first)
    else:
        yield say(
            "{chain} is in the first tier in {share:percent} of {draws:count} draws of the "
            "weights; {could_move:count} of {scored:count} chains could move.",
            share=rows[0]["tier_probability"],
            **first,
            **values,
        )
    yield say("A chain could move when its tier holds in fewer than 80 % of draws.")
    yield from _figures(answer, rows)


def _figures(answer: Answer, rows: list[dict[str, Any]]) -> Iterator[Figure]:
    labels = tuple(Ref("chains", row["chain_id"]) for row in rows)
    n_tiers = len(rows[0]["tier_shares"])
    if n_tiers > 1:
        yield Bars(
            title=say("Probability of each tier"),
            unit="share",
            labels=labels,
            series=tuple(
                Series(say("tier {n:count}", n=k + 1), tuple(r["tier_shares"][k] for r in rows))
                for k in range(n_tiers)
            ),
            caption=say("Over draws of the weights about those chosen (Dirichlet)."),
        )
    names = [Criterion.of(text).name for text in answer.params["criteria"]]
    yield Heat(
        title=say("Chain by criterion"),
        unit="share",
        rows=labels,
        columns=tuple(say("{criterion}", criterion=name) for name in names),
        values=tuple(tuple(row["standing"]) for row in rows),
        caption=say("0 is the worst of these chains, 100 the best; a dash is no figure."),
    )
    groups = sorted({row["industry_group"] or "" for row in rows})
    levels = [level for level in LEVELS if any(row["cluster_level"] == level for row in rows)]
    scores: dict[tuple[str, str | None], list[float]] = {}
    for row in rows:
        scores.setdefault((row["industry_group"] or "", row["cluster_level"]), []).append(
            row["score"]
        )
    yield Heat(
        title=say("Industry group by level of cluster"),
        rows=tuple(
            say("{group:name}", group=group) if group else say("group not recorded")
            for group in groups
        ),
        columns=tuple(say("{level}", level=level or "level not recorded") for level in levels),
        values=tuple(
            tuple(_mean(scores.get((group, level), [])) for level in levels) for group in groups
        ),
        caption=say("Mean closeness of the chains in each cell; a dash is no chain."),
    )


def _mean(scores: list[float]) -> float | None:
    return sum(scores) / len(scores) if scores else None


@lens(
    "Echelon",
    group="Judgement",
    reads=READS,
    row=EchelonRow,
    show=show,
    example={"place": "zhuzhou"},
    asks=asks,
)
def echelon(  # noqa: PLR0913 - as many as there are choices
    chains: pa.Table,
    figures: pa.Table,
    answers: pa.Table,
    *,
    place: PlaceIfAny = None,
    year: YearIfAny = None,
    criteria: Criteria = list(DEFAULT),  # noqa: B006 - read, never changed
    method: Annotated[
        Literal["topsis"], Field(description="How the criteria become one score.")
    ] = "topsis",
    weights: Weights = ["entropy"],  # noqa: B006
    pairwise: Pairwise = [],  # noqa: B006
    tiers: Annotated[int, Field(ge=1, le=9, description="How many tiers.")] = 3,
    cuts: Cuts = [],  # noqa: B006
    draws: Draws = 10_000,
    seed: Seed = 0,
) -> Answer:
    """In which tier is each chain, and how sure is that?

    TOPSIS (Hwang and Yoon 1981; vector normalisation) over the criteria; a logarithm is taken
    of the ratio to the least value. Weights by entropy (Shannon 1948), CRITIC (Diakoulaki et
    al. 1995), equal, given, or by AHP (Saaty 1980), whose consistency ratio must not exceed
    0.10 by Saaty's random index. Tiers begin at natural breaks of the score (Fisher 1958) or
    at given cuts. Ranks and tiers are found anew for draws of the weights from a Dirichlet
    distribution about those chosen (concentration 50). A figure is the latest of its chain
    that is no target; where there is none the lens that gives it is asked; else it is set to
    the median and named. A chain with figures for fewer than half of the criteria is not
    ranked.
    """
    del year, method  # the year has chosen the rows; there is one method
    chosen = read_criteria(criteria)
    asked = _unrecorded(
        {"chains": chains, "figures": figures}, {"place": place, "criteria": criteria}
    )
    ids, names = chains["chain_id"].to_pylist(), [criterion.name for criterion in chosen]
    known = gathered(ids, names, _told(figures, answers, asked))
    scored = known.scored
    judgement = None
    if scored.any():
        judgement = judged(
            known.values[scored],
            chosen,
            weights=weights,
            pairwise=pairwise,
            tiers=tiers,
            cuts=cuts,
            draws=draws,
            seed=seed,
        )
    return Answer(
        rows_of(EchelonRow, _rows(chains, known, chosen, judgement)),
        tuple(_summary(known, chosen, judgement)),
        tuple(_left_out(known, chosen)),
    )


def _told(
    figures: pa.Table, answers: pa.Table, asked: list[tuple[dict[str, Any], str]]
) -> Iterator[Told]:
    """What is on record of chains, and what lenses have answered where nothing is."""
    for row in figures.to_pylist():
        made_up = row["evidence"] == "synthetic"
        yield Told(row["chain_id"], row["measure"], row["value"], made_up, row["unit"])
    for row in answers.to_pylist():
        chain, name = asked[row["ask"]]
        about = (None, chain["chain_id"], chain["place_id"])
        is_it = row["name"] == ASKED[name][1] and row["subject"] in about
        if is_it and row["value"] is not None:
            yield Told(chain["chain_id"], name, row["value"], row["synthetic"] > 0, None)


def _rows(
    chains: pa.Table, known: Known, criteria: list[Criterion], judgement: Judgement | None
) -> dict[str, Any]:
    """Every chain, those that are ranked first, by rank; ties and the others by id."""
    n, m = known.values.shape
    names = [criterion.name for criterion in criteria]
    standing = standings(known.values, known.scored, criteria)
    rows = [
        {
            "chain_id": chain["chain_id"],
            "industry_group": chain["industry_group"],
            "cluster_level": chain["cluster_level"],
            "values": [_or_none(value) for value in known.values[k]],
            "standing": [_or_none(value) for value in standing[k]],
            "absent": [names[c] for c in range(m) if math.isnan(known.values[k, c])],
            "tier_shares": [],
        }
        for k, chain in enumerate(chains.to_pylist())
    ]
    for place, k in enumerate(np.flatnonzero(known.scored)):
        rows[k] |= judgement.of(place) if judgement else {}
    rows.sort(key=lambda row: (row.get("rank", n + 1), row["chain_id"]))
    return {name: [row.get(name) for row in rows] for name in EchelonRow.model_fields}


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _summary(
    known: Known, criteria: list[Criterion], judgement: Judgement | None
) -> Iterator[Entry]:
    n, scored = len(known.values), int(known.scored.sum())
    synthetic = int(known.synthetic.sum())
    base = say("of {n:count} chains", n=n)
    yield Entry("chains", say("Chains"), n)
    yield Entry(
        "scored", say("Chains that are ranked"), scored, None, base, n - scored, synthetic
    )
    figures = int((~np.isnan(known.values)).sum())
    yield Entry(
        "figures",
        say("Figures on record"),
        figures,
        base=say("of {n:count} chains by criteria", n=known.values.size),
        unknown=known.values.size - figures,
        synthetic=synthetic,
    )
    if not judgement:
        return
    held = judgement.tier_shares[np.arange(scored), judgement.tier - 1]
    of = partial(
        Entry, base=say("of {n:count} chains that are ranked", n=scored), synthetic=synthetic
    )
    yield of("could_move", say("Chains that could move"), int((held < HOLDS).sum()))
    first = int((judgement.tier == 1).sum())
    yield of("first_tier", say("Chains in the first tier"), first, headline=True)
    title = say("Chains without which the order of the others is another")
    yield of("rank_reversals", title, judgement.reversals)
    for criterion, weight in zip(criteria, judgement.weights.tolist(), strict=True):
        title = say("Weight of {criterion}", criterion=criterion.name)
        yield Entry(f"weight_{criterion.name}", title, weight, "share", synthetic=synthetic)
    if judgement.consistency is not None:
        title = say("Consistency ratio, by Saaty's random index")
        yield Entry("consistency_ratio", title, judgement.consistency)


def _left_out(known: Known, criteria: list[Criterion]) -> Iterator[Sentence]:
    scored = int(known.scored.sum())
    absent = np.isnan(known.values) & known.scored[:, None]
    for criterion, count in zip(criteria, absent.sum(axis=0).tolist(), strict=True):
        if count == scored > 0:
            yield say(
                "No chain has a figure of {criterion}: it is left out.",
                criterion=criterion.name,
            )
        elif count:
            yield say(
                "{n:count} chains have no figure of {criterion}: it is set to the median.",
                n=count,
                criterion=criterion.name,
            )
    if alone := len(known.values) - scored:
        yield say("{n:count} chains have too few figures: left out, not ranked last.", n=alone)
