"""Cases of services: events on record, the lens over them, and an event log to be read."""

import shutil
import tempfile
import weakref
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from liantu.ingest import Intake, read
from liantu.lens import run
from liantu.result import Result
from liantu.store import Store

N_ITEMS, EVENTS_A_CASE = 300, 5
_ACTIVITIES = ("accept", "check documents", "suspend", "resume", "decide")
_FIRST = np.datetime64("2021-01-04T09:00", "m")


class Services:
    """A store of cases with five events each, in a folder of its own."""

    def __init__(self, n_events: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="services-"))
        tables = {
            "service_items": _items(),
            "service_events": _events(n_events // EVENTS_A_CASE),
            "calendar_days": _days(),
        }
        files = {name: self.folder / f"{name}.parquet" for name in tables}
        for name, table in tables.items():
            pq.write_table(table, files[name])
        self.store = Store(files)
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)


def _items() -> pa.Table:
    ids = [f"item_{k:03d}" for k in range(N_ITEMS)]
    return pa.table(
        {
            "item_id": ids,
            "name": ids,
            "statutory_days": np.full(N_ITEMS, 20.0),
            "promised_days": 3.0 + np.arange(N_ITEMS) % 10,
            "baseline_days": np.full(N_ITEMS, 40.0),
            "baseline_year": np.full(N_ITEMS, 2019),
        }
    )


def _events(n_cases: int) -> pa.Table:
    """In the order of the key, as a workspace keeps them; one case in fifty is open."""
    rng = np.random.default_rng(40)
    case = np.repeat(np.arange(n_cases), EVENTS_A_CASE)
    step = np.tile(np.arange(EVENTS_A_CASE), n_cases)
    start = rng.integers(0, 700, n_cases) * 1440
    waits = rng.integers(0, 8 * 1440, (n_cases, EVENTS_A_CASE))
    waits[:, 0] = rng.integers(0, 480, n_cases)
    time = _FIRST + (start[:, None] + np.cumsum(waits, axis=1)).ravel()
    kept = ~((step == EVENTS_A_CASE - 1) & (case % 50 == 0))
    case, step, time = case[kept], step[kept], time[kept]
    names = pa.array([f"case_{k:07d}" for k in range(n_cases)])
    items = pa.array([f"item_{k % N_ITEMS:03d}" for k in range(n_cases)])
    return pa.table(
        {
            "case_id": names.take(pa.array(case)),
            "item_id": items.take(pa.array(case)),
            "activity": pa.array(_ACTIVITIES).take(pa.array(step)),
            "time": pa.array(time.astype("datetime64[us]")),
        }
    )


def _days() -> pa.Table:
    years = np.arange(2021, 2024).astype(str)
    days = np.concatenate([np.datetime64(f"{year}-10-01") + np.arange(7) for year in years])
    return pa.table(
        {
            "calendar": pa.repeat("CN", len(days)),
            "date": pa.array(days.astype("datetime64[D]")),
            "working": np.zeros(len(days), dtype=bool),
        }
    )


def times(services: Services) -> Result:
    """The lens over all cases."""
    return run("service", {}, store=services.store)


class Log:
    """An event log in XES of about so many megabytes, in a folder of its own."""

    def __init__(self, megabytes: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="log-"))
        self.path = self.folder / "permits.xes"
        with self.path.open("w", encoding="utf-8") as file:
            file.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n')
            case = 0
            while file.tell() < megabytes * 1_000_000:
                case += 1
                file.write(_trace(case))
            file.write("</log>\n")
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)


def _trace(case: int) -> str:
    events = "".join(
        f'<event>\n<string key="concept:name" value="{activity}"/>\n'
        '<string key="lifecycle:transition" value="complete"/>\n'
        f'<string key="org:resource" value="clerk {case % 50}"/>\n'
        f'<date key="time:timestamp" value="2022-{1 + case % 12:02d}-{1 + 4 * k:02d}T'
        f'{8 + k:02d}:{case % 60:02d}:00.000+08:00"/>\n</event>\n'
        for k, activity in enumerate(_ACTIVITIES)
    )
    item = f'<string key="item_id" value="item_{case % N_ITEMS:03d}"/>'
    name = f'<string key="concept:name" value="case_{case:07d}"/>'
    return f"<trace>\n{name}\n{item}\n{events}</trace>\n"


def intake(log: Log) -> Intake:
    """The log read by the child process, with its limits."""
    return read([log.path])
