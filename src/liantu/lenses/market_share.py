"""Who holds the market of a product or a chain, as far as that is on record."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.errors import Problem, Refusal
from liantu.lens import lens
from liantu.parameters import ChainIfAny, PlaceIfAny, YearIfAny
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

Held = dict[str, Any]
Basis = Literal["stated", "value", "output"]
By = Literal["organisation", "place"]
Market = Literal["domestic", "global"]

READS = {
    "stated": """
        with shares as (
          select
            subject_kind, subject_id as id,
            case measure when 'world_share' then 'global' else 'domestic' end as market, year,
            value as share, scope, mark, sureness, published, source_id
          from settled_figures
          where subject_kind in ('place', 'org')
            and measure in ('market_share', 'domestic_share', 'world_share')
            and activity = coalesce($product, $chain)
          union all
          select
            'org' as subject_kind, org_id as id, 'domestic' as market, year,
            market_share as share, cast(null as varchar) as scope, '=' as mark,
            case evidence
              when 'verified' then 1 when 'declared' then 2 when 'synthetic' then 3 else 4
            end as sureness,
            '' as published, source_id
          from makes
          where product_id = $product and market_share is not null
        )
        select
          case subject_kind when 'org' then 'organisation' else 'place' end as kind,
          id, market, year, share, scope, mark, source_id,
          case sureness when 1 then 'verified' when 2 then 'declared' when 3 then 'synthetic'
            else 'assumed' end as evidence
        from shares
        order by
          id, mark <> '=', scope nulls first, year, sureness, published desc, source_id, share
    """,
    "made": """
        select
          makes.org_id, organisations.place_id, makes.year, makes.value, makes.currency,
          makes.output, makes.unit, makes.source_id,
          makes.evidence = 'synthetic' or organisations.evidence = 'synthetic' as synthetic
        from makes
        join organisations on organisations.org_id = makes.org_id
        where makes.evidence <> 'assumed' and organisations.evidence <> 'assumed'
          and (
            makes.product_id = $product
            or ($product is null and makes.product_id in (
              select product_id from chain_links where chain_id = $chain
            ))
          )
        order by makes.org_id, makes.year, makes.product_id, makes.site_id
    """,
    "inside": """
        with places_inside as (select place_id from within where ancestor_id = $place)
        select place_id as id from places_inside
        union all
        select org_id as id from organisations
        where place_id in (select place_id from places_inside)
    """,
}


class MarketShareRow(Row):
    """One holder of the market."""

    id: str = column("Who holds it.", title="Holder", references=("organisations", "places"))
    value: float | None = column("What the share is of; blank where it is stated.", ge=0)
    share: float = column("Share of the market.", unit="share", ge=0, le=1)
    rank: int | None = column("Rank by share; none for what cannot be compared.", ge=1)
    unit: str | None = column("Unit of the value.")
    kind: Literal["organisation", "place"] = column("Whether it is one or the other.")
    market: Literal["domestic", "global"] = column("Of which market.")
    year: int | None = column("Of which year.", unit="year")
    mark: Literal["=", "≠", "½", "⇢"] = column(
        "= may be compared, ≠ another scope, ½ part of a period, ⇢ a target."
    )
    scope: str | None = column("What is counted, in a few words, where figures differ.")
    chosen: bool = column("Whether it is taken, where sources differ.", detail=True)
    conflict: bool = column("Whether another source gives another figure.")
    evidence: Evidence = column("How sure the share is.")
    source_id: str | None = column(
        "Where it was read.", title="Source", references="sources", separator=";"
    )


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """Who holds most of the market, how few hold it, and how much of it is not known."""
    product, chain = answer.params["product"], answer.params["chain"]
    what = Ref("products", product) if product else Ref("chains", chain)
    rows = answer.table.to_pylist()
    if not rows:
        yield say(
            "Nothing on record tells who holds the market of {what}. Import shares of it, or "
            "the value or output of makers.",
            what=what,
        )
        return
    shown = sorted(rows, key=lambda row: (row["rank"] or len(rows) + 1, row["id"]))
    first = shown[0]
    said = {"holder": _ref(first), "share": first["share"], "what": what}
    if first["value"] is None:
        yield say(
            "{holder} holds {share:percent} of the {market} market of {what} in {year:year}; "
            "{known:percent} is accounted for.",
            market=first["market"],
            year=first["year"],
            known=answer.entry("known_share").value,
            **said,
        )
    else:
        yield say(
            "{holder} makes {share:percent} of what is on record of {what}, {value:{unit}}; "
            "for {unknown:count} makers no figure is on record.",
            value=first["value"],
            unit=first["unit"],
            unknown=answer.entry("unknown_makers").value,
            **said,
        )
    effective = answer.entry("effective_number")
    if effective.low is not None:
        yield say(
            "It is as concentrated as a market of {low:decimal} to {high:decimal} equal "
            "holders, depending on who holds the rest.",
            low=effective.low,
            high=effective.high,
        )
    elif effective.value is None:
        yield say(
            "The shares add up to more than the market: they speak of different things, and no "
            "concentration is given."
        )
    if any(row["conflict"] for row in rows):
        yield say(
            "Sources differ about a share; all are shown. The better evidence is taken, then "
            "the later source."
        )
    if len(rows) > 1:
        yield _bars([row for row in shown if row["chosen"]][:20], answer.params["place"])


def _ref(row: Held) -> Ref:
    return Ref("organisations" if row["kind"] == "organisation" else "places", row["id"])


def _bars(shown: list[Held], place: str | None) -> Bars:
    return Bars(
        title=say("Shares of the market"),
        unit="share",
        labels=tuple(map(_ref, shown)),
        series=(Series(say("Share"), tuple(row["share"] for row in shown)),),
        open=tuple(row["mark"] != "=" for row in shown),
        synthetic=tuple(row["evidence"] == "synthetic" for row in shown),
        here=next((k for k, row in enumerate(shown) if row["id"] == place), None),
        caption=say("What is missing to 100% is held by others who are not on record."),
    )


@lens(
    "Market share",
    group="Organisation",
    reads=READS,
    row=MarketShareRow,
    show=show,
    example={"product": "metro_train", "chain": "rail", "place": "zhuzhou"},
)
def market_share(  # noqa: PLR0913 - an argument for each thing it reads or may be asked
    stated: pa.Table,
    made: pa.Table,
    inside: pa.Table,
    *,
    product: Annotated[
        str | None,
        Field(
            description="The product; the whole chain where blank.",
            json_schema_extra={"references": ["products"]},
        ),
    ] = None,
    chain: ChainIfAny = None,
    year: YearIfAny = None,
    place: Annotated[
        PlaceIfAny, Field(description="The place whose share is added up; blank for none.")
    ] = None,
    market: Annotated[
        Market | None, Field(description="Which market; the domestic one first where blank.")
    ] = None,
    by: Annotated[
        By | None, Field(description="Who holds it; organisations first where blank.")
    ] = None,
    basis: Annotated[
        Basis | None,
        Field(description="From shares as stated, value or output; in this order where blank."),
    ] = None,
) -> Answer:
    """Who holds the market?

    Shares as sources state them, of organisations or places; where there are none, the value of
    what its makers made, else their output, over the sum of those on record. Places and
    organisations are never mixed, nor markets, years and units. Where sources differ the better
    evidence is taken, then the later source. HHI is the sum of the squared shares (Herfindahl
    1950), CR4 the sum of the four largest, the effective number 1 / HHI (Adelman 1969): from
    what is not known being held by very many to its being held by one.
    """
    if not (product or chain):
        remedy = "give product or chain, or set one under [defaults] in workspace.toml"
        raise Refusal(
            Problem(
                "missing-parameter", "a product, or chain", "none", remedy, column="product"
            )
        )
    told: list[Held] = stated.to_pylist()
    rows, unknown = list[Held](), 0
    if basis in {None, "stated"}:
        rows = _stated([row for row in told if row["evidence"] != "assumed"], year, market, by)
    if not rows and basis != "stated" and market != "global":
        rows, unknown = _made(made, basis, year, by)
    columns = {name: [row[name] for row in rows] for name in MarketShareRow.model_fields}
    return Answer(
        rows_of(MarketShareRow, columns),
        tuple(_summary(rows, unknown, place, set(inside["id"].to_pylist()))),
        tuple(_left_out(told)),
    )


def _stated(
    told: list[Held], year: int | None, market: Market | None, by: By | None
) -> list[Held]:
    """Shares as stated, of one market, year and kind of holder."""
    for row in told:
        if not 0 <= row["share"] <= 1:
            found, remedy = f"{row['share']:g} ({row['id']})", "correct it in observations"
            raise Refusal(Problem("bad-share", "a share from 0 to 1", found, remedy))
    market = market or (
        "domestic" if any(r["market"] == "domestic" for r in told) else "global"
    )
    told = [row for row in told if row["market"] == market]
    by = by or ("organisation" if any(r["kind"] == "organisation" for r in told) else "place")
    told = [row for row in told if row["kind"] == by]
    year = year or max((row["year"] for row in told if row["year"]), default=None)
    groups: dict[tuple[str, str, str | None], dict[float, Held]] = {}
    for row in (row for row in told if row["year"] == year):
        group = groups.setdefault((row["id"], row["mark"], row["scope"]), {})
        held = group.setdefault(row["share"], row)
        if row is not held and row["source_id"]:
            held["source_id"] = ";".join(filter(None, (held["source_id"], row["source_id"])))
    rows, seen = [], set()
    for (holder, _, _), group in groups.items():
        for k, row in enumerate(group.values()):
            taken = {"chosen": k == 0 and holder not in seen, "conflict": len(group) > 1}
            rows.append(row | taken | {"value": None, "unit": None})
        seen.add(holder)
    return _ranked(rows)


def _ranked(rows: list[Held]) -> list[Held]:
    """The rows with the rank of those that may be compared; ties share one."""
    counted = [row for row in rows if row["chosen"] and row["mark"] == "="]
    shares = sorted(row["share"] for row in counted)
    for row in rows:
        higher = len(shares) - bisect_right(shares, row["share"])
        row["rank"] = 1 + higher if row["chosen"] and row["mark"] == "=" else None
    return rows


def _made(
    made: pa.Table, basis: Basis | None, year: int | None, by: By | None
) -> tuple[list[Held], int]:
    """Shares in the value or output on record, and how many makers have none on record."""
    basis = basis or ("value" if made["value"].null_count < made.num_rows else "output")
    names = {"value": "currency", "output": "unit"}
    kept = made.filter(pc.is_valid(made[basis]))
    year = year or pc.max(kept["year"]).as_py()
    kept = kept.filter(pc.equal(kept["year"], year) if year else pc.is_null(kept["year"]))
    if not kept.num_rows:
        return [], 0
    units = sorted(unit or "no unit" for unit in pc.unique(kept[names[basis]]).to_pylist())
    if len(units) > 1:
        remedy = "import all in one unit and currency, or choose another year or basis"
        raise Refusal(Problem("mixed-units", "one unit", ", ".join(units), remedy))
    key = "place_id" if by == "place" else "org_id"
    placed = kept.filter(pc.is_valid(kept[key]))
    makers, known = (pc.count_distinct(some["org_id"]).as_py() for some in (made, placed))
    total = pc.sum(placed[basis]).as_py() or 0.0
    if total <= 0:
        raise Refusal(Problem("all-zero", "a figure above 0", "0 only", "choose another year"))
    held = placed.group_by(key, use_threads=False).aggregate(
        [(basis, "sum"), ("synthetic", "max"), ("source_id", "distinct")]
    )
    rows = [
        {
            "id": row[key],
            "value": row[f"{basis}_sum"],
            "share": row[f"{basis}_sum"] / total,
            "unit": kept[names[basis]][0].as_py(),
            "kind": "place" if by == "place" else "organisation",
            "evidence": "synthetic" if row["synthetic_max"] else "declared",
            "source_id": ";".join(sorted(filter(None, row["source_id_distinct"]))) or None,
        }
        | {"market": "domestic", "year": year, "mark": "=", "scope": basis}
        | {"chosen": True, "conflict": False}
        for row in held.sort_by(key).to_pylist()
    ]
    return _ranked(rows), makers - known


def _summary(
    rows: list[Held], unknown: int, place: str | None, inside: set[str]
) -> Iterator[Entry]:
    from liantu.kernels.structure import concentration  # noqa: PLC0415 - loads when asked

    ranked = [row for row in rows if row["rank"]]
    shares = np.array([row["share"] for row in ranked])
    synthetic = sum(row["evidence"] == "synthetic" for row in ranked)
    yield Entry("holders", say("Holders on record"), len(ranked), synthetic=synthetic)
    if not ranked:
        return
    known = float(shares.sum())
    is_stated, fits = ranked[0]["value"] is None, known <= 1 + 1e-9
    if is_stated:
        value = min(known, 1.0) if fits else None
        base = say("of the market, by {n:count} holders", n=len(ranked))
        yield Entry("known_share", say("Accounted for"), value, "share", base, 0, synthetic)
    else:
        yield Entry("unknown_makers", say("Makers without a figure"), unknown)
    found = concentration(shares)
    for name, title, triple, widest in (
        ("hhi", say("Concentration (HHI)"), found.hhi, (0.0, 1.0)),
        ("cr4", say("Share of the four largest"), found.cr4, (0.0, 1.0)),
        ("effective_number", say("Effective number"), found.effective, (1.0, np.inf)),
    ):
        low, high = widest if unknown else triple[1:]
        is_moved = fits and (unknown > 0 or high - low > 1e-9)
        yield Entry(
            name,
            title,
            triple[0] if fits else None,
            "share" if name == "cr4" else None,
            say("if what is not known is held by very many"),
            unknown,
            synthetic,
            low=float(low) if is_moved else None,
            high=float(high) if is_moved else None,
        )
    if place:
        yield _share_of(place, ranked, inside, 1.0 - known if is_stated else float(unknown > 0))


def _share_of(place: str, ranked: list[Held], inside: set[str], rest: float) -> Entry:
    """What the place holds, or the organisations in it; at most with all that is not known."""
    own = [row["share"] for row in ranked if row["id"] == place]
    own = own or [row["share"] for row in ranked if row["id"] in inside]
    total, rest = sum(own), max(rest, 0.0)
    return Entry(
        "place_share",
        say("Share of {place}", place=Ref("places", place)),
        min(total, 1.0) if own else None,
        "share",
        say("of the market, as far as it is on record"),
        unknown=int(rest > 0),
        synthetic=sum(row["evidence"] == "synthetic" for row in ranked),
        low=min(total, 1.0) if rest > 0 else None,
        high=min(total + rest, 1.0) if rest > 0 else None,
    )


def _left_out(told: list[Held]) -> Iterator[Sentence]:
    for row in (row for row in told if row["evidence"] == "assumed"):
        yield say(
            "{holder}, {year:year}: {share:percent} is assumed. It is not counted.",
            holder=_ref(row),
            year=row["year"],
            share=row["share"],
        )
