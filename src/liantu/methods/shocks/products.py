"""What is lost of each product of a chain, and the way the largest losses took."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.methods.chain_parts import INPUTS
from liantu.methods.shocks.losses import Losses
from liantu.methods.supply_network import SupplyNetwork

STAGES = ("upstream", "midstream", "downstream", None)
_LAST_FIRST = {"downstream": 0, "midstream": 1, "upstream": 2, None: 3}

PRODUCT_READS = {
    "products": """
        select
          chain_links.product_id, chain_links.stage, chain_links.segment,
          chain_links.weight, made.org_id, sold.value as sold, chain_links.evidence,
          chain_links.source_id
        from chain_links
        left join (
          select distinct org_id, product_id
          from makes
          where evidence <> 'assumed'
        ) as made
          on made.product_id = chain_links.product_id
        left join (
          select supplier_id, product_id, sum(value) as value
          from supply_links
          group by supplier_id, product_id
        ) as sold
          on sold.supplier_id = made.org_id and sold.product_id = made.product_id
        where cast($chain as varchar) is null or chain_links.chain_id = $chain
        order by chain_links.product_id, made.org_id
    """,
    "inputs": INPUTS,
}


def standing(network: SupplyNetwork, products: pa.Table) -> dict[str, list[str | None]]:
    """Stage, segment and product of each firm: the last stage, in it what it sells most."""
    best: dict[str, tuple[int, float, str]] = {}
    held: dict[str, dict[str, Any]] = {}
    for row in products.select(
        ["product_id", "stage", "segment", "org_id", "sold"]
    ).to_pylist():
        rank = (_LAST_FIRST[row["stage"]], -(row["sold"] or 0.0), row["product_id"])
        if row["org_id"] and rank < best.get(row["org_id"], (len(STAGES), 0.0, "")):
            best[row["org_id"]], held[row["org_id"]] = rank, row
    ids = network.firms["org_id"].to_pylist()
    return {
        name: [held[org][name] if org in held else None for org in ids]
        for name in ("stage", "segment", "product_id")
    }


def lost_products(network: SupplyNetwork, products: pa.Table, found: Losses) -> pa.Table:
    """Each product of the chain with what its makers lose, by what they sell of it."""
    firm = network.number(products["org_id"].combine_chunks())
    ids = pc.unique(products["product_id"])
    at = pc.index_in(products["product_id"].combine_chunks(), ids).to_numpy()
    linked = firm >= 0
    sold = np.nan_to_num(products["sold"].cast(pa.float64()).to_numpy()) * linked
    total = np.bincount(at, sold, len(ids))
    weight = np.where(total[at] > 0, sold, linked.astype(np.float64))
    held = np.bincount(at, weight, len(ids))
    lost = np.bincount(at, weight * found.loss[firm] * linked, len(ids))
    loss = np.divide(lost, held, out=np.full(len(ids), np.nan), where=held > 0)
    first = np.unique(at, return_index=True)[1]
    marked = pc.equal(products["evidence"], "synthetic").to_numpy() | (
        network.synthetic[firm] & linked
    )
    return (
        products.select(["product_id", "stage", "segment", "weight"])
        .take(first)
        .append_column("loss", pa.array(np.minimum(loss, 1.0), from_pandas=True))
        .append_column("synthetic", pa.array(np.bincount(at, marked) > 0))
    )


def ways(
    products: pa.Table, own: Sequence[str | None], found: Losses, firms: Iterable[int]
) -> pa.Table:
    """The products of the chain along which the losses of some firms passed, as pairs.

    ``own`` (n,) is the product in which each firm stands.
    """
    through, cause = found.product_id.to_pylist(), found.cause.to_pylist()
    drawn = set(pc.unique(products["product_id"]).to_pylist())
    pairs: list[tuple[str, str]] = []
    for firm in firms:
        way = found.path(firm)
        named = [through[step] for step in way[1:]]
        if len(way) > 1 and cause[way[1]] == "orders":
            named.insert(0, own[way[0]])  # what the first no longer makes of its orders
        if cause[firm] in {"input", "essential_input"}:
            named.append(own[firm])
        pairs += pairwise(product for product in named if product in drawn)
    pairs = [(a, b) for a, b in pairs if a != b]
    ends = list(zip(*dict.fromkeys(pairs), strict=True)) or [(), ()]
    return pa.table(
        {"from": pa.array(ends[0], pa.string()), "to": pa.array(ends[1], pa.string())}
    )
