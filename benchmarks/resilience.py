"""What questions about a stop cost, from files to ranking, beside the bare cascade."""

import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks import cascades
from liantu.kernels.cascade_network import Cascade
from liantu.lens import run
from liantu.store import Store

IMPORTANCE = np.array(["negligible", "non_essential", "essential"])
SHARE, MOST = 0.5, 20  # of a purchase that moves, and links that are tried


@dataclass(frozen=True)
class Nation:
    """A scale-free network without revenues, in files; each firm makes what its sector does."""

    sector: NDArray[np.int64]
    supplier: NDArray[np.int64]
    buyer: NDArray[np.int64]
    value: NDArray[np.float64]
    importance: NDArray[np.uint8]

    @cached_property
    def store(self) -> Store:
        """A store that holds it."""
        firms = np.char.mod("f%07d", np.arange(self.sector.size))
        codes = np.char.mod("s%03d", np.arange(len(self.importance)))
        ends = np.indices(self.importance.shape).reshape(2, -1)
        tables = {
            "organisations": {"org_id": firms},
            "products": {"product_id": codes},
            "activities": {
                "org_id": firms,
                "scheme": np.full(firms.size, "s"),
                "code": codes[self.sector],
                "main": np.ones(firms.size, np.bool_),
            },
            "makes": {"org_id": firms, "product_id": codes[self.sector]},
            "supplies": {
                "supplier_id": firms[self.supplier],
                "buyer_id": firms[self.buyer],
                "product_id": codes[self.sector[self.supplier]],
                "value": self.value,
            },
            "sector_inputs": {
                "scheme": np.full(ends.shape[1], "s"),
                "supplier_code": codes[ends[0]],
                "buyer_code": codes[ends[1]],
                "importance": IMPORTANCE[self.importance.ravel()],
            },
        }
        folder = Path(tempfile.mkdtemp(prefix="liantu-nation-"))
        for name, columns in tables.items():
            pq.write_table(pa.table(columns), folder / f"{name}.parquet")
        return Store({name: folder / f"{name}.parquet" for name in tables})

    @cached_property
    def stop(self) -> int:
        """The firm that sells most."""
        return int(np.bincount(self.supplier, self.value).argmax())

    @cached_property
    def links(self) -> NDArray[np.int64]:
        """Maker and buyer of every link that the lens tries, in its order."""
        found = self.hedged().select(["supplier_id", "buyer_id"]).to_pydict()
        return np.array([[int(name[1:]) for name in names] for names in found.values()]).T

    def hedged(self) -> pa.Table:
        """The answer of the lens on second suppliers."""
        params = {
            "org": f"f{self.stop:07d}",
            "share": SHARE,
            "most": MOST,
            "limit": MOST,
        }
        return run("hedge", params, store=self.store).table

    def cascade(
        self,
        supplier: NDArray[np.int64],
        buyer: NDArray[np.int64],
        value: NDArray[np.float64],
    ) -> Cascade:
        """The cascade of some links among these firms, built from nothing."""
        return Cascade(supplier, buyer, value, self.sector, importance=self.importance)


def nation(n_firms: int) -> Nation:
    """Links between pairs of firms, none of them double or to itself."""
    made = cascades.economy(n_firms)
    supplier, buyer, value = made.links
    pair, where = np.unique(supplier * n_firms + buyer, return_inverse=True)
    value = np.bincount(where, value)
    ends = np.stack([pair // n_firms, pair % n_firms])
    real = ends[0] != ends[1]
    return Nation(made.sector, *ends[:, real], value[real], made.importance)


def stressed(case: Nation) -> float:
    """The systemic risk index if the largest seller stops, from the files, with all paths."""
    params = {"orgs": [f"f{case.stop:07d}"]}
    value = run("stress", params, store=case.store).answer.entry("esri").value
    return float(value or 0.0)


def bare_cascade(case: Nation) -> float:
    """The same from numbers: the arrays of the plain sweep built, one failure swept."""
    economy = cascades.Economy(
        (case.supplier, case.buyer, case.value),
        case.sector,
        case.importance,
        np.full(case.sector.size, np.nan),
    )
    arrays = cascades.swept(economy)
    return float(cascades.sweep(*arrays, np.array([case.stop]), 1e-5)[0][0, 0])


def hedged(case: Nation) -> NDArray[np.float64]:
    """What is lost with each of some second suppliers, the least first, from the files."""
    return np.sort(case.hedged()["loss_after"].to_numpy())


def bare_cascades(case: Nation) -> NDArray[np.float64]:
    """The same from numbers and links that are known: a cascade built for each, and run."""
    sales = np.bincount(case.supplier, case.value, case.sector.size)
    found = []
    for maker, buyer in case.links:
        value = case.value.copy()
        link = np.flatnonzero((case.supplier == case.stop) & (case.buyer == buyer))[0]
        moved = SHARE * value[link]
        value[link] -= moved
        altered = case.cascade(
            np.append(case.supplier, maker),
            np.append(case.buyer, buyer),
            np.append(value, moved),
        )
        losses = altered.scenarios(np.eye(1, sales.size, case.stop)[0])
        found.append(np.maximum(losses.down, losses.up)[0] @ sales / sales.sum())
    return np.sort(found)


def same_loss(own: float, peer: float) -> None:
    """Assert that both found the same index within 1e-6."""
    np.testing.assert_allclose(own, peer, atol=1e-6)
