"""Places by main activity: organisations on record, and what the lenses make of them."""

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from liantu.lens import run
from liantu.result import Result
from liantu.store import Store

N_CITIES, N_DISTRICTS, N_ACTIVITIES = 340, 2_900, 400
SCHEME = "GB/T 4754"


class Regions:
    """A store of organisations in districts of cities, in a folder of its own."""

    def __init__(self, n_organisations: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="regions-"))
        tables = {
            "places": _places(),
            "organisations": _organisations(n_organisations),
            "activities": _activities(n_organisations),
        }
        files = {name: self.folder / f"{name}.parquet" for name in tables}
        for name, table in tables.items():
            pq.write_table(table, files[name])
        self.store = Store(files)
        self._swept = weakref.finalize(self, _sweep, self.store, self.folder)

    def ask(self, lens: str, **params: Any) -> Result:  # noqa: ANN401 - a parameter of any type
        """The answer of a lens to these organisations."""
        return run(lens, {"measure": "organisations", **params}, store=self.store)


def _sweep(store: Store, folder: Path) -> None:
    store.close()
    shutil.rmtree(folder, ignore_errors=True)


def _places() -> pa.Table:
    cities = [f"city{k:04d}" for k in range(N_CITIES)]
    districts = [f"district{k:05d}" for k in range(N_DISTRICTS)]
    around = [cities[k % N_CITIES] for k in range(N_DISTRICTS)]
    levels = ["country"] + ["city"] * N_CITIES + ["district"] * N_DISTRICTS
    return pa.table(
        {
            "place_id": ["cn", *cities, *districts],
            "name": ["cn", *cities, *districts],
            "level": levels,
            "parent_id": pa.array([None, *["cn"] * N_CITIES, *around], pa.string()),
        }
    )


def _ids(n: int) -> pa.Array:
    return pa.array(np.char.add("org", np.char.zfill(np.arange(n).astype("U8"), 8)))


def _organisations(n: int) -> pa.Table:
    """Large districts have many; two in a hundred sources each stand behind many rows."""
    rng = np.random.default_rng(30)
    size = np.arange(1, N_DISTRICTS + 1) ** -0.6
    district = rng.choice(N_DISTRICTS, n, p=size / size.sum())
    names = pa.array([f"district{k:05d}" for k in range(N_DISTRICTS)])
    sources = pa.array([f"REG{k:03d}" for k in range(50)])
    return pa.table(
        {
            "org_id": _ids(n),
            "name": _ids(n),
            "place_id": names.take(pa.array(district)),
            "source_id": sources.take(pa.array(district % 50)),
        }
    )


def _activities(n: int) -> pa.Table:
    rng = np.random.default_rng(31)
    size = np.arange(1, N_ACTIVITIES + 1) ** -0.8
    code = rng.choice(N_ACTIVITIES, n, p=size / size.sum())
    codes = pa.array([f"{k:04d}" for k in range(N_ACTIVITIES)])
    return pa.table(
        {
            "org_id": _ids(n),
            "scheme": pa.array([SCHEME]).take(pa.array(np.zeros(n, dtype=np.int64))),
            "code": codes.take(pa.array(code)),
            "main": np.ones(n, dtype=bool),
        }
    )


def benchmark(regions: Regions) -> Result:
    """Where one city stands beside ten others in one activity, with location quotients."""
    rivals = ",".join(f"city{k:04d}" for k in range(1, 11))
    return regions.ask("benchmark", activity="0007", place="city0000", rivals=rivals)


def specialisation(regions: Regions) -> Result:
    """The quotients of every city and activity."""
    return regions.ask("specialisation")
