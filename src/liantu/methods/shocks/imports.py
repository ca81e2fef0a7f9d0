"""Import sources as suppliers of their own, which have no weight."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.methods.supply_network import Numbers, SupplyNetwork

_ENDS = ("supplier", "buyer")


def import_sources(
    network: SupplyNetwork, imports: pa.Table, fraction: float
) -> tuple[SupplyNetwork, Numbers, Numbers]:
    """The network with a supplier for each import source and sector, and what these lose.

    Of what a buyer buys of a product, the share of the source in imports times the import share
    of the product is taken to come from the source: it moves to a supplier of the same sector.
    Last comes what moved from each supplier, (n_nodes,).
    """
    known = imports.filter(pc.is_valid(imports["dependence"]))
    supplier, buyer = (network.number(known[f"{end}_id"].combine_chunks()) for end in _ENDS)
    held = (supplier >= 0) & (buyer >= 0)
    known, supplier, buyer = known.filter(pa.array(held)), supplier[held], buyer[held]
    moved_share = known["share"].to_numpy() * known["dependence"].cast(pa.float64()).to_numpy()
    moved = known["value"].to_numpy() * np.minimum(moved_share, 1 - 1e-9)
    real = moved > 0
    if not real.any():
        return network, np.zeros(0), np.zeros(network.n_firms)
    known, supplier, buyer, moved = (
        known.filter(pa.array(real)),
        supplier[real],
        buyer[real],
        moved[real],
    )
    n = network.n_firms
    source = (
        pc.rank(known["partner"].combine_chunks(), tiebreaker="dense")
        .to_numpy()
        .astype(np.int64)
    )
    kinds = np.stack([source, network.sector[supplier], network.market[supplier]])
    kinds, node = np.unique(kinds, axis=1, return_inverse=True)
    node, n_new = node.ravel(), kinds.shape[1]
    value = network.value.copy()
    links = network.buyer * n + network.supplier
    np.subtract.at(value, np.searchsorted(links, buyer * n + supplier), moved)
    pairs, place = np.unique(buyer * n_new + node, return_inverse=True)
    made_up = known["synthetic"].to_numpy(zero_copy_only=False).astype(np.bool_)
    ends = (
        np.concatenate([network.supplier, n + pairs % n_new]),
        np.concatenate([network.buyer, pairs // n_new]),
    )
    order = np.lexsort(ends)
    marked = np.concatenate([network.link_synthetic, np.bincount(place, made_up) > 0])
    added = pa.Table.from_pylist([{"synthetic": False}] * n_new, network.firms.schema)
    return (
        replace(
            network,
            firms=pa.concat_tables([network.firms, added]),
            supplier=ends[0][order],
            buyer=ends[1][order],
            value=np.concatenate([value, np.bincount(place, moved)])[order],
            sector=np.concatenate([network.sector, kinds[1]]),
            market=np.concatenate([network.market, kinds[2]]),
            revenue=np.concatenate([network.revenue, np.full(n_new, np.nan)]),
            link_synthetic=marked[order],
        ),
        np.full(n_new, fraction),
        np.bincount(supplier, moved, n + n_new).astype(np.float64),
    )
