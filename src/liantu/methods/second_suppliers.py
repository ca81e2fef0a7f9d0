"""Who else could deliver what buyers take mainly from one supplier, and how much of it."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.methods.supply_network import Counts, Numbers, SupplyNetwork

MAINLY = 0.5  # of what a buyer buys of a product

MAKER_READS = {
    "makers": """
        with latest as (
          select
            product_id, org_id, site_id, currency, capacity - output as free,
            value / nullif(output, 0) as price,
            row_number() over (
              partition by product_id, org_id, site_id order by coalesce(year, 0) desc
            ) as turn
          from makes
          where evidence <> 'assumed'
        ),
        spare as (
          select
            product_id, org_id,
            case when count(*) = count(free) then sum(greatest(free, 0.0)) end as free,
            case
              when count(*) = count(free * price) and count(*) = count(currency)
                and min(currency) = max(currency)
                then sum(greatest(free, 0.0) * price)
            end as free_value,
            min(currency) as currency
          from latest
          where turn = 1
          group by product_id, org_id
          having count(site_id) = 0 or count(site_id) = count(*)
        )
        select
          makers.product_id, makers.org_id as maker_id,
          case when count(*) = count(makers.capacity) then sum(makers.capacity) end as capacity,
          min(spare.free) as free, min(spare.free_value) as free_value,
          min(spare.currency) as currency,
          max(case when makers.evidence = 'synthetic' then 1 else 0 end) = 1 as made_up,
          string_agg(distinct makers.source_id, ';') as source_id
        from makers
        left join spare
          on spare.product_id = makers.product_id and spare.org_id = makers.org_id
        where makers.product_id in (select product_id from supply_links)
        group by makers.product_id, makers.org_id
        order by makers.product_id, makers.org_id
    """,
}


def needs(network: SupplyNetwork, links: pa.Table, stops: Counts) -> pa.Table:
    """What buyers take mainly from one of those that stop: stop, buyer, product_id, value."""
    real = pc.and_(pc.is_valid(links["product_id"]), pc.greater(links["value"], 0))
    bought = links.filter(real)
    seller, buyer = (
        network.number(bought[end].combine_chunks()) for end in ("supplier_id", "buyer_id")
    )
    product = pc.rank(bought["product_id"].combine_chunks(), tiebreaker="dense").to_numpy()
    value = bought["value"].to_numpy()
    purchase = (product.astype(np.int64) + 1) * (network.n_firms + 1) + buyer
    place = np.unique(purchase, return_inverse=True)[1]
    total = np.bincount(place, value)
    mainly = np.isin(seller, stops) & (buyer >= 0)
    mainly[mainly] &= value[mainly] >= MAINLY * total[place][mainly]
    return pa.table(
        {
            "stop": seller[mainly],
            "buyer": buyer[mainly],
            "product_id": bought["product_id"].filter(pa.array(mainly)),
            "value": value[mainly],
            "marked": bought["synthetic"].filter(pa.array(mainly)),
        }
    )


def candidates(
    network: SupplyNetwork, links: pa.Table, needed: pa.Table, makers: pa.Table
) -> pa.Table:
    """Every other maker of what is needed that does not supply its buyer with it yet.

    ``free`` is what its capacity leaves over, ``free_value`` what that is worth at the value
    of its output, in the currency of the network; null where not on record.
    """
    ids = network.firms["org_id"].combine_chunks()
    known = links.select(["supplier_id", "buyer_id", "product_id"]).rename_columns(
        ["maker_id", "buyer_id", "product_id"]
    )
    named = needed.append_column("buyer_id", ids.take(needed["buyer"].combine_chunks()))
    named = named.append_column("stop_id", ids.take(needed["stop"].combine_chunks()))
    offers = named.join(makers.drop_columns(["source_id"]), "product_id", join_type="inner")
    others = pc.and_(
        pc.not_equal(offers["maker_id"], offers["buyer_id"]),
        pc.not_equal(offers["maker_id"], offers["stop_id"]),
    )
    keys = ["maker_id", "buyer_id", "product_id"]
    found = offers.filter(others).join(known, keys, join_type="left anti")
    order = [(name, "ascending") for name in ("stop", "buyer", "product_id", "maker_id")]
    found = found.sort_by(order).combine_chunks()
    return found.append_column(
        "maker", pa.array(network.number(found["maker_id"].combine_chunks()))
    )


def taken_over(network: SupplyNetwork, found: pa.Table, share: float) -> Numbers:
    """What each candidate takes over: a share of the purchase, at most what is free of it."""
    wanted = share * found["value"].to_numpy()
    if network.currency is None:
        return np.asarray(wanted)
    comparable = pc.equal(found["currency"], network.currency)
    room = pc.if_else(comparable, found["free_value"], None)
    limit = room.cast(pa.float64()).to_numpy()
    return np.asarray(np.fmin(wanted, limit), dtype=np.float64)
