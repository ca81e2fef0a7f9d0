"""Ninety days after a stop, ours and by the peer on the same table."""

import copy
import logging
import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from liantu.kernels.disruption import ESSENTIAL, Stop, Supply, course
from liantu.kernels.slots import slots

DAYS, RECOVERY_DAYS, COVER_DAYS, RESTOCK_DAYS = 90, 30, 14, 10
YEAR_DAYS = 365
SECTORS, STOPPED = 30, 5


@dataclass(frozen=True)
class Economy:
    """Yearly sales between industries and to final demand; the first few industries stop."""

    sales: NDArray[np.float64]
    final: NDArray[np.float64]

    @cached_property
    def supply(self) -> Supply:
        """Industries as firms, cells of the table as links, sectors as kinds of input."""
        n = len(self.sales)
        supplier, buyer = (end.ravel() for end in np.indices(self.sales.shape))
        made = slots(supplier, buyer, supplier % SECTORS, n)
        return Supply(
            slots=made,
            flow=self.sales.ravel() / YEAR_DAYS,
            outside=self.final.sum(axis=1) / YEAR_DAYS,
            importance=np.full(made.kind.size, ESSENTIAL, np.uint8),
            cover_days=np.full(made.kind.size, float(COVER_DAYS)),
            n_counted=n,
        )

    @cached_property
    def lost(self) -> NDArray[np.float64]:
        """What each industry loses at once."""
        return (np.arange(len(self.sales)) < STOPPED).astype(np.float64)

    @cached_property
    def simulation(self) -> Any:  # noqa: ANN401 - the peer has no types
        """The same in the peer, ready to run."""
        import pandas as pd  # noqa: PLC0415 - the peer may be absent
        import pymrio  # noqa: PLC0415
        from boario.event import from_series  # noqa: PLC0415
        from boario.extended_models import ARIOPsiModel  # noqa: PLC0415
        from boario.simulation import Simulation  # noqa: PLC0415

        logging.getLogger("boario").setLevel(logging.CRITICAL)
        n_regions = len(self.sales) // SECTORS
        regions = [f"r{k:02d}" for k in range(n_regions)]
        sectors = [f"s{k:02d}" for k in range(SECTORS)]
        named = pd.MultiIndex.from_product([regions, sectors], names=["region", "sector"])
        final = pd.MultiIndex.from_product(
            [regions, ["final demand"]], names=["region", "category"]
        )
        table = pymrio.IOSystem(
            Z=pd.DataFrame(self.sales, index=named, columns=named),
            Y=pd.DataFrame(self.final, index=named, columns=final),
        )
        with warnings.catch_warnings(), _alone():
            warnings.simplefilter("ignore")
            table.calc_all()
            model = ARIOPsiModel(
                table,
                alpha_base=1.0,
                alpha_max=1.0,
                inventory_dict=dict.fromkeys(sectors, COVER_DAYS),
                inventory_restoration_tau=RESTOCK_DAYS,
                psi_param=1 / COVER_DAYS,  # a stock limits when it is below a day's use
                monetary_factor=1,
            )
            simulation = Simulation(model, n_temporal_units_to_sim=DAYS)
            stop = pd.Series(1.0, index=named[:STOPPED])
            simulation.add_event(
                from_series(stop, event_type="arbitrary", recovery_tau=RECOVERY_DAYS)
            )
        return simulation


def _alone() -> Any:  # noqa: ANN401 - the package has no types
    """Matrix products in one thread: others would spin on, in the time of whoever is next."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - it may be absent, as the peer

    return threadpool_limits(1, user_api="blas")


def economy(n_industries: int) -> Economy:
    """A full table of so many industries, in regions of thirty sectors each."""
    rng = np.random.default_rng(7)
    shape = n_industries, n_industries
    sales = rng.lognormal(0, 1, shape)
    final = rng.lognormal(0, 1, (n_industries, n_industries // SECTORS)) * n_industries
    made = sales.sum(axis=1) + final.sum(axis=1)
    sales *= 0.5 * made / sales.sum(axis=0)
    return Economy(sales, final)


def output(economy: Economy) -> NDArray[np.float64]:
    """Output of each day as a part of the usual, ours."""
    stop = Stop(economy.lost, RECOVERY_DAYS, float(RESTOCK_DAYS))
    found = course(economy.supply, stop, days=DAYS)
    return found.output / found.baseline


def boario_output(economy: Economy) -> NDArray[np.float64]:
    """Output of each day as a part of the usual, by the peer."""
    simulation = copy.deepcopy(economy.simulation)
    with warnings.catch_warnings(), _alone():
        warnings.simplefilter("ignore")
        simulation.loop()
    made = simulation.production_realised.sum(axis=1).to_numpy()
    return np.asarray(made / made[0])


def same_course(own: NDArray[np.float64], peer: NDArray[np.float64]) -> None:
    """Assert that both fall and come back alike; rules and the first day differ a little."""
    np.testing.assert_allclose(own.min(), peer.min(), atol=0.15 * (1 - peer.min()) + 1e-3)
    np.testing.assert_allclose(own[-1], peer[-1], atol=0.01)


def firms(n_links: int) -> Supply:
    """A network of firms with five links each, among fifty sectors."""
    rng = np.random.default_rng(8)
    n = n_links // 5
    pairs = np.unique(rng.integers(0, n, (n_links, 2)), axis=0)
    supplier, buyer = pairs[pairs[:, 0] != pairs[:, 1]].T
    made = slots(supplier, buyer, rng.integers(0, 50, n)[supplier], n)
    flow = rng.lognormal(0, 1, supplier.size)
    return Supply(
        slots=made,
        flow=flow,
        outside=np.bincount(supplier, flow, n),
        importance=rng.integers(0, 3, made.kind.size).astype(np.uint8),
        cover_days=np.full(made.kind.size, float(COVER_DAYS)),
        n_counted=n,
    )


def days_of_firms(supply: Supply) -> NDArray[np.float64]:
    """Output of each day when one firm in fifty stops."""
    lost = (np.arange(supply.outside.size) % 50 == 0).astype(np.float64)
    stop = Stop(lost, RECOVERY_DAYS, float(RESTOCK_DAYS))
    return course(supply, stop, days=DAYS).output
