"""Imports by product, partner and year, and the dependence on few of them, and by pandas."""

import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from liantu.kernels.dependence import OUTSIDE, Reports, criteria, indices
from liantu.lens import run
from liantu.store import Store

PARTNERS, YEARS, MARKETS = 200, 10, 5


@dataclass(frozen=True)
class Trade:
    """Imports of every product from every partner in every year, and exports to a few."""

    good: NDArray[np.int32]
    partner: NDArray[np.int32]
    year: NDArray[np.int16]
    is_import: NDArray[np.bool_]
    value: NDArray[np.float64]
    quantity: NDArray[np.float64]
    n_goods: int

    @cached_property
    def table(self) -> pa.Table:
        """The same as the table that a workspace holds."""
        goods = pa.array([f"{code:06d}" for code in range(self.n_goods)])
        partners = pa.array([f"P{code:03d}" for code in range(PARTNERS)])
        same = {"reporter": "home", "scheme": "HS", "currency": "USD", "unit": "kg"}
        n = self.good.size
        return pa.table(
            {name: pa.repeat(text, n) for name, text in same.items()}
            | {
                "partner": partners.take(pa.array(self.partner)),
                "code": goods.take(pa.array(self.good)),
                "flow": pa.array(["export", "import"]).take(pa.array(self.is_import * 1)),
                "year": 2010 + self.year.astype(np.int64),
                "value": self.value,
                "quantity": self.quantity,
                "evidence": pa.repeat("declared", n),
            }
        )

    @cached_property
    def file(self) -> Path:
        """A Parquet file of that table."""
        file = Path(tempfile.mkdtemp(prefix="liantu-trade-")) / "trade.parquet"
        pq.write_table(self.table, file)
        return file

    @cached_property
    def store(self) -> Store:
        """A store that holds it."""
        return Store({"trade": self.file})

    @cached_property
    def frame(self) -> Any:  # noqa: ANN401 - the peer has no types
        """The numbers as a pandas table."""
        import pandas as pd  # noqa: PLC0415 - the peer may be absent

        names = ("good", "partner", "year", "is_import", "value", "quantity")
        return pd.DataFrame({name: getattr(self, name) for name in names})


def trade(n_goods: int) -> Trade:
    """Reports of 200 partners over 10 years, in random order."""
    rng = np.random.default_rng(20)
    bought = np.indices((n_goods, PARTNERS, YEARS)).reshape(3, -1)
    sold = np.indices((n_goods, MARKETS, YEARS)).reshape(3, -1)
    order = rng.permutation(bought.shape[1] + sold.shape[1])
    good, partner, year = np.concatenate([bought, sold], axis=1)[:, order]
    value = np.exp(rng.normal(8, 3, good.size))
    return Trade(
        good.astype(np.int32),
        partner.astype(np.int32),
        year.astype(np.int16),
        order < bought.shape[1],
        value,
        value * np.exp(rng.normal(-2, 0.2, good.size)),
        n_goods,
    )


def by_kernel(case: Trade) -> NDArray[np.float64]:
    """Indices by value and by quantity of every product and year, ours, from numbers."""
    reports = Reports(
        year=case.year,
        good=case.good,
        source=case.partner,
        is_import=case.is_import,
        value=case.value,
        quantity=case.quantity,
        measure=np.zeros(case.good.size, np.int8),
        role=np.full(PARTNERS, OUTSIDE),
        unit=np.arange(PARTNERS),
        shape=(YEARS, case.n_goods),
    )
    value = indices(reports)
    quantity = indices(reports, by_quantity=True)
    met, _ = criteria(value)
    found = (value.cdi1, value.cdi3, value.top_share, value.suppliers, met, quantity.cdi1)
    return np.stack(found, axis=1)


def by_pandas(case: Trade) -> NDArray[np.float64]:
    """The same by groupby, its sums as groupby's own, without a function of ours in it."""
    frame = case.frame
    cells = ["year", "good"]
    imports = frame[frame["is_import"]]
    exports = frame[~frame["is_import"]].groupby(cells)["value"].sum()
    squares = imports.assign(
        value2=imports["value"] ** 2, quantity2=imports["quantity"] ** 2
    ).groupby(cells)
    sums = squares[["value", "quantity", "value2", "quantity2"]].sum()
    largest, suppliers = squares["value"].max(), squares["value"].count()
    concentration = sums["value2"] / sums["value"] ** 2
    ratio = sums["value"] / exports
    met = (concentration > 0.4) * 1.0 + 1.0 + (ratio > 1.0)
    found = (
        concentration,
        ratio,
        largest / sums["value"],
        suppliers,
        met,
        sums["quantity2"] / sums["quantity"] ** 2,
    )
    return np.stack([column.to_numpy(np.float64) for column in found], axis=1)


def by_lens(case: Trade) -> float:
    """The whole question, from the Parquet file to the sentences; how many are dependent."""
    found = run("dependence", {"reporter": "home"}, store=case.store)
    return float(found.answer.entry("dependent").value or 0)


def by_pandas_from_parquet(case: Trade) -> float:
    """The same number by groupby on texts, the file read by pandas, the last year only."""
    import pandas as pd  # noqa: PLC0415 - the peer may be absent

    names = ["code", "partner", "year", "flow", "value", "quantity"]
    frame = pd.read_parquet(case.file, columns=names)
    sums = frame.groupby(["flow", "year", "code", "partner"], as_index=False).sum()
    sums["squares"] = sums["value"] ** 2
    cells = sums.groupby(["flow", "year", "code"])[["value", "squares"]].sum()
    imports, exports = cells.loc["import"], cells.loc["export"]
    concentration = imports["squares"] / imports["value"] ** 2
    is_dependent = (concentration > 0.4) & (imports["value"] / exports["value"] > 1)
    return float(is_dependent.loc[frame["year"].max()].sum())
