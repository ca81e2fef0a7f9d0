"""What is on record about a chain: how much of it, how sure, how fresh."""

from collections.abc import Iterator
from typing import Annotated, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.lens import lens
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

STAGES = ("upstream", "midstream", "downstream", None)

READS = {
    "links": """
        select chain_id, product_id, stage, evidence, source_id
        from chain_links
        where chain_id = coalesce($chain, chain_id)
    """,
    "makers": """
        select
          chain_links.chain_id,
          chain_links.stage,
          makers.product_id,
          makers.org_id,
          makers.site_id,
          makers.evidence,
          makers.year,
          makers.source_id
        from makers
        join chain_links on chain_links.product_id = makers.product_id
        where chain_links.chain_id = coalesce($chain, chain_links.chain_id)
    """,
    "assumed": """
        select distinct makes.product_id, makes.org_id
        from makes
        join chain_links on chain_links.product_id = makes.product_id
        join organisations on organisations.org_id = makes.org_id
        left join makers
          on makers.product_id = makes.product_id and makers.org_id = makes.org_id
        where chain_links.chain_id = coalesce($chain, chain_links.chain_id)
          and (makes.evidence = 'assumed' or organisations.evidence = 'assumed')
          and makers.org_id is null
    """,
    "assumed_links": """
        select product_id
        from chain_products
        where chain_id = coalesce($chain, chain_id) and evidence = 'assumed'
    """,
    "published": """
        select source_id as id, try_cast(substring(published, 1, 4) as integer) as year
        from sources
    """,
}


class InventoryRow(Row):
    """One stage of one chain."""

    chain_id: str = column("The chain.", title="Chain", references="chains")
    stage: Literal["upstream", "midstream", "downstream"] | None = column(
        "The stage; blank where none is recorded."
    )
    products: int = column("Products that belong to the stage.", ge=0)
    products_with_maker: int = column("Products with at least one maker on record.", ge=0)
    makers: int = column("Organisations that make at least one of them.", ge=0)
    sites: int = column("Sites at which they are made, where recorded.", ge=0)
    verified_share: float | None = column(
        "Share of the rows of makers on record that are verified.", unit="share", ge=0, le=1
    )
    synthetic_share: float | None = column(
        "Share of the rows of makers on record that are synthetic.", unit="share", ge=0, le=1
    )
    latest_year: int | None = column(
        "Latest year of a maker's row, or of the source it was read from.", unit="year"
    )


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """The stages with how many of their products have a maker."""
    products = answer.entry("products").value
    if not products:
        yield say("No product belongs to a chain yet. Import chain_products and makes.")
        return
    yield say(
        "{with_maker:count} of {products:count} products have a maker on record; "
        "{makers:count} organisations make them.",
        with_maker=answer.entry("products_with_maker").value,
        products=products,
        makers=answer.entry("makers").value,
    )
    yield say("No maker on record does not mean that no maker exists.")
    rows = answer.table.to_pylist()
    one_chain = len({row["chain_id"] for row in rows}) == 1
    made = tuple(float(row["products_with_maker"]) for row in rows)
    unmade = tuple(float(row["products"] - row["products_with_maker"]) for row in rows)
    if len(rows) > 1:
        yield Bars(
            title=say("Products with a maker on record"),
            unit="kinds of product",
            labels=tuple(
                say(row["stage"] or "stage not recorded")
                if one_chain
                else say(
                    "{chain}, {stage}",
                    chain=Ref("chains", row["chain_id"]),
                    stage=row["stage"] or "stage not recorded",
                )
                for row in rows
            ),
            series=(
                Series(say("with a maker on record"), made, "present"),
                Series(say("no maker on record"), unmade, "unknown"),
            ),
            caption=say("Grey: nobody has recorded a maker. That is a gap in the record."),
        )


@lens(
    "Inventory",
    group="Chain",
    reads=READS,
    row=InventoryRow,
    show=show,
    example={"chain": "rail"},
)
def inventory(
    links: pa.Table,
    makers: pa.Table,
    assumed: pa.Table,
    assumed_links: pa.Table,
    published: pa.Table,
    *,
    chain: Annotated[
        str | None,
        Field(
            description="The chain; all of them where blank.",
            json_schema_extra={"references": ["chains"]},
        ),
    ] = None,
) -> Answer:
    """What is on record about a chain, how sure is it and how fresh?

    Counts the products of each stage, those with a maker, the makers and their sites. A maker
    counts if it is verified, declared or synthetic; assumed ones are listed as left out. A
    maker's year is that of its row, else that in which its latest source was published.
    """
    del chain  # it has chosen the rows already
    years = dict(zip(*(published[name].to_pylist() for name in ("id", "year")), strict=True))
    found = sorted({(row["chain_id"], row["stage"]) for row in links.to_pylist()}, key=_order)
    rows = [_stage(links, makers, years, *key) for key in found]
    columns = {name: [row[name] for row in rows] for name in InventoryRow.model_fields}
    return Answer(
        rows_of(InventoryRow, columns),
        summary=tuple(_summary(links, makers)),
        left_out=_left_out(assumed, assumed_links),
    )


def _order(key: tuple[str, str | None]) -> tuple[str, int]:
    return key[0], STAGES.index(key[1])


def _of(table: pa.Table, chain: str, stage: str | None) -> pa.Table:
    same = pc.equal(table["stage"], stage) if stage else pc.is_null(table["stage"])
    return table.filter(pc.and_(pc.equal(table["chain_id"], chain), same))


def _stage(
    links: pa.Table,
    makers: pa.Table,
    years: dict[str, int | None],
    chain: str,
    stage: str | None,
) -> dict[str, object]:
    made = _of(makers, chain, stage)
    undated = made.filter(pc.is_null(made["year"]))
    cells = pc.unique(undated["source_id"]).to_pylist()
    dated = [
        *pc.unique(made["year"]).to_pylist(),
        *(years.get(p) for c in cells for p in _parts(c)),
    ]
    return {
        "chain_id": chain,
        "stage": stage,
        "products": _of(links, chain, stage).num_rows,
        "products_with_maker": pc.count_distinct(made["product_id"]).as_py(),
        "makers": pc.count_distinct(made["org_id"]).as_py(),
        "sites": pc.count_distinct(made["site_id"]).as_py(),
        "verified_share": _share(made, "verified"),
        "synthetic_share": _share(made, "synthetic"),
        "latest_year": max((year for year in dated if year is not None), default=None),
    }


def _parts(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split(";")]


def _share(made: pa.Table, evidence: str) -> float | None:
    if not made.num_rows:
        return None
    return float(pc.mean(pc.equal(made["evidence"], evidence).cast(pa.int8())).as_py())


def _summary(links: pa.Table, makers: pa.Table) -> Iterator[Entry]:
    products = pc.count_distinct(links["product_id"]).as_py()
    with_maker = pc.count_distinct(makers["product_id"]).as_py()
    synthetic = makers.filter(pc.equal(makers["evidence"], "synthetic"))
    yield Entry(
        "products",
        say("Products"),
        products,
        base=say("in the chains that were asked for"),
        synthetic=products - _known(links),
    )
    yield Entry(
        "products_with_maker",
        say("Products with a maker"),
        with_maker,
        base=say("of {products:count} products", products=products),
        unknown=products - with_maker,
        synthetic=with_maker - _known(makers),
        high=products,
    )
    yield Entry(
        "makers",
        say("Makers"),
        pc.count_distinct(makers["org_id"]).as_py(),
        base=say("that make at least one of the products"),
        synthetic=pc.count_distinct(synthetic["org_id"]).as_py(),
    )


def _known(rows: pa.Table) -> int:
    """Products that a row names which is not synthetic."""
    recorded = rows.filter(pc.not_equal(rows["evidence"], "synthetic"))
    return int(pc.count_distinct(recorded["product_id"]).as_py())


def _left_out(makers: pa.Table, links: pa.Table) -> tuple[Sentence, ...]:
    said = (
        say(
            "{n:count} makers are assumed: they are on record, but never counted.",
            n=makers.num_rows,
        ),
        say("{n:count} links of chains are assumed, and not counted either.", n=links.num_rows),
    )
    return tuple(sentence for sentence in said if sentence.values["n"])
