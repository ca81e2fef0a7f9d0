"""What was first, sold, put on trial or in service: the products of a chain over time."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.lens import lens
from liantu.result import (
    Answer,
    Entry,
    Event,
    Figure,
    Ref,
    Row,
    Sentence,
    Timeline,
    rows_of,
    say,
)
from liantu.schema import Evidence, column

Kind = Literal[
    "first_domestic", "import_substituted", "export_order", "trial_operation", "in_service"
]
KINDS = {
    "first_domestic": say("First of its kind in the country"),
    "import_substituted": say("Imports replaced"),
    "export_order": say("Export orders"),
    "trial_operation": say("Trial operations"),
    "in_service": say("Entries into service"),
}

READS = {
    "milestones": """
        select
          milestones.milestone_id, milestones.kind, milestones.product_id, milestones.org_id,
          coalesce(milestones.place_id, organisations.place_id) as place_id,
          milestones.date,
          try_cast(substring(milestones.date, 1, 4) as integer) as year,
          milestones.note,
          case
            when organisations.evidence = 'synthetic' then 'synthetic' else milestones.evidence
          end as evidence,
          milestones.source_id
        from milestones
        left join organisations on organisations.org_id = milestones.org_id
        where milestones.evidence <> 'assumed'
          and (
            cast($chain as varchar) is null
            or milestones.product_id in (
              select product_id from chain_goods where chain_id = $chain
            )
          )
          and (
            cast($place as varchar) is null
            or coalesce(milestones.place_id, organisations.place_id) in (
              select place_id from within where ancestor_id = $place
            )
          )
        order by milestones.date is null, milestones.date, milestones.milestone_id
    """,
    "products": """
        select product_id, evidence, source_id
        from chain_links
        where chain_id = $chain
        order by product_id
    """,
}


class MilestoneRow(Row):
    """One thing that happened, as precisely as it is dated."""

    milestone_id: str = column("The milestone.", title="Milestone", key=True)
    date: str | None = column("When, as precisely as is known.")
    year: int | None = column("In which year.", unit="year", detail=True)
    kind: Kind = column("What happened.")
    product_id: str | None = column(
        "With which product.", title="Product", references="products"
    )
    org_id: str | None = column("Whose.", title="Organisation", references="organisations")
    place_id: str | None = column(
        "Where; else where the organisation is.", title="Place", references="places"
    )
    note: str | None = column("In words.")
    evidence: Evidence | None = column("How sure it is.")
    source_id: str | None = column(
        "Where it was read.", title="Source", references="sources", separator=";"
    )


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """The latest milestone, how many there are, and all of them over time."""
    rows = [row for row in answer.table.to_pylist() if row["date"]]
    count = answer.entry("milestones").value
    if not count:
        yield say(
            "No milestone of these products is on record: that does not mean that there was "
            "none. Import milestones."
        )
        return
    yield say(
        "{milestones:count} milestones are on record, of {products:count} products; the latest "
        "is of {latest:year}.",
        milestones=count,
        products=answer.entry("products").value,
        latest=answer.entry("latest_year").value,
    )
    yield say("A product without a milestone may have had one that nobody has recorded.")
    if len(rows) > 3:
        yield Timeline(
            title=say("Milestones by product"),
            events=tuple(map(_event, rows)),
            caption=say(
                "Each mark is a milestone, at its month where that is known, else in the "
                "middle of its year."
            ),
        )


def _event(row: dict[str, Any]) -> Event:
    product = row["product_id"]
    return Event(
        row=Ref("products", product) if product else say("No product recorded"),
        when=_years(row["date"]),
        label=say("{kind}, {date:name}", kind=row["kind"], date=row["date"]),
        synthetic=row["evidence"] == "synthetic",
    )


def _years(date: str) -> float:
    """A date as years: 2021-11 is the middle of November, 2021 the middle of the year."""
    year, *rest = (int(part) for part in date.split("-")[:3])
    if not rest:
        return year + 0.5
    month, day = rest[0] - 1, (rest[1] - 1) / 31 if len(rest) > 1 else 0.5
    return year + (month + day) / 12


@lens(
    "Milestones",
    group="Chain",
    reads=READS,
    row=MilestoneRow,
    show=show,
    example={"chain": "rail", "place": "zhuzhou"},
)
def milestones(
    milestones: pa.Table,
    products: pa.Table,
    *,
    chain: Annotated[
        str | None,
        Field(
            description="The chain; all of them where blank.",
            json_schema_extra={"references": ["chains"]},
        ),
    ] = None,
    place: Annotated[
        str | None,
        Field(
            description="The place; anywhere where blank.",
            json_schema_extra={"references": ["places"]},
        ),
    ] = None,
) -> Answer:
    """What was first, exported, put on trial and in service, and when?

    Lists the milestones of the products of a chain, of kinds of them and of their parts. A
    milestone without a place is where its organisation is. Dates are as precise as the record:
    a year, a month or a day. Nothing is concluded from a milestone that is not on record.
    """
    del place  # it has chosen the rows already
    columns = {name: milestones[name] for name in MilestoneRow.model_fields}
    return Answer(
        rows_of(MilestoneRow, columns),
        tuple(_summary(milestones, products, chain)),
        tuple(_left_out(milestones)),
    )


def _summary(milestones: pa.Table, products: pa.Table, chain: str | None) -> Iterator[Entry]:
    made_up = pc.equal(milestones["evidence"], "synthetic")
    synthetic = pc.sum(made_up).as_py() or 0
    yield Entry("milestones", say("Milestones"), milestones.num_rows, synthetic=synthetic)
    named = pc.unique(milestones["product_id"].drop_null())
    listed = pc.is_in(named, products["product_id"].combine_chunks())
    base = say("of {products:count} products of the chain", products=products.num_rows)
    yield Entry(
        "products",
        say("Products with a milestone"),
        len(named),
        None,
        None if chain is None else base,
        unknown=products.num_rows - (pc.sum(listed).as_py() or 0),
        synthetic=pc.count_distinct(milestones["product_id"].filter(made_up)).as_py(),
    )
    yield Entry(
        "latest_year", say("Latest milestone"), pc.max(milestones["year"]).as_py(), "year"
    )
    for kind, title in KINDS.items():
        chosen = pc.equal(milestones["kind"], kind)
        yield Entry(
            kind,
            title,
            pc.sum(chosen).as_py() or 0,
            synthetic=pc.sum(pc.and_(chosen, made_up)).as_py() or 0,
        )


def _left_out(milestones: pa.Table) -> Iterator[Sentence]:
    undated = milestones["year"].null_count
    if undated:
        yield say("{n:count} milestones have no date and stand last.", n=undated)
