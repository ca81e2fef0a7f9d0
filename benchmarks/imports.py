"""A table of organisations as CSV, imported whole into an empty workspace, or copied by DuckDB.

``python -m benchmarks.imports ROWS`` tells the time and the peak memory of one import, that of
its parent and child processes together.
"""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from liantu.workspace import Workspace

_SIGNS = np.array(list("0123456789ABCDEFGHJKLMNPQRTUWXY"))
_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)])
_TOWNS = ("株洲", "湘潭", "长沙", "衡阳", "岳阳", "常德", "郴州", "娄底", "邵阳", "益阳")
_TOWNS_IN_ENGLISH = ("Zhuzhou", "Xiangtan", "Changsha", "Hengyang", "Yueyang", "Changde",
    "Chenzhou", "Loudi", "Shaoyang", "Yiyang")  # fmt: skip
_TRADES = ("轨道交通装备", "机电设备", "新材料科技", "精密机械", "电子器件", "汽车零部件")
_TRADES_IN_ENGLISH = ("Rail Equipment", "Electric Machinery", "New Materials",
    "Precision Machinery", "Electronic Devices", "Automotive Parts")  # fmt: skip
_KINDS = np.array(["company", "company", "company", "university", "institute", "agency"])
_EVIDENCE = np.array(["verified", "declared", "declared", None])
_N_PLACES = 300


@dataclass(frozen=True)
class Files:
    """A folder with a table of places, one source, and the organisations in them."""

    folder: Path

    @property
    def organisations(self) -> Path:
        """The large table."""
        return self.folder / "in" / "organisations.csv"


def files(n_rows: int) -> Files:
    """All columns of organisations, filled as a register fills them."""
    folder = Path(tempfile.mkdtemp(prefix="liantu-benchmark-"))
    made = Files(folder)
    made.organisations.parent.mkdir()
    places = pa.table(
        {
            "place_id": [f"P{place:03d}" for place in range(_N_PLACES)],
            "name": [f"District {place}" for place in range(_N_PLACES)],
        }
    )
    pv.write_csv(places, made.organisations.parent / "places.csv")
    source = pa.table({"source_id": ["register"], "title": ["Register of enterprises"]})
    pv.write_csv(source, made.organisations.parent / "sources.csv")
    pv.write_csv(_organisations(n_rows), made.organisations)
    return made


def _organisations(n_rows: int) -> pa.Table:
    rng = np.random.default_rng(30)
    number = np.arange(n_rows)
    ids = pa.array(np.char.add("ORG", np.char.zfill(number.astype(str), 8)))
    town, trade = rng.integers(0, len(_TOWNS), n_rows), rng.integers(0, len(_TRADES), n_rows)
    count = pa.array(number).cast(pa.string())
    parents = pa.array(rng.integers(0, max(n_rows // 100, 1), n_rows))
    has_none = (rng.random(n_rows) < 0.9) | (number <= parents.to_numpy())
    places = np.char.add("P", np.char.zfill(rng.integers(0, _N_PLACES, n_rows).astype(str), 3))
    return pa.table(
        {
            "org_id": ids,
            "name": _joined(_TOWNS_IN_ENGLISH, town, _TRADES_IN_ENGLISH, trade, count, " Ltd"),
            "name_local": _joined(_TOWNS, town, _TRADES, trade, count, "有限责任公司"),
            "kind": _KINDS[rng.integers(0, len(_KINDS), n_rows)],
            "place_id": places,
            "parent_org_id": pc.if_else(pa.array(has_none), None, ids.take(parents)),
            "registration_no": _registration_numbers(number, rng),
            "founded": rng.integers(1950, 2025, n_rows),
            "source_id": ["register"] * n_rows,
            "evidence": _EVIDENCE[rng.integers(0, len(_EVIDENCE), n_rows)].tolist(),
        }
    )  # fmt: skip


def _joined(
    towns: tuple[str, ...],
    town: np.ndarray,
    trades: tuple[str, ...],
    trade: np.ndarray,
    count: pa.Array,
    form: str,
) -> pa.Array:
    first, second = pa.array(towns).take(pa.array(town)), pa.array(trades).take(pa.array(trade))
    return pc.binary_join_element_wise(
        first, second, count, form, " " if form[0] == " " else ""
    )


def _registration_numbers(number: np.ndarray, rng: np.random.Generator) -> pa.Array:
    """Unified social credit codes, each once, with the right check character."""
    digits = np.zeros((number.size, 17), dtype=np.int64)
    digits[:, 0], digits[:, 1] = 9, 1
    digits[:, 2:8] = (4, 3, 0, 2, 0, 0)
    digits[:, 8] = rng.integers(0, 31, number.size)
    for place in range(9, 17):
        digits[:, place] = number // 10 ** (place - 9) % 10
    check = (31 - digits @ _WEIGHTS % 31) % 31
    signs = _SIGNS[np.column_stack([digits, check])]
    return pa.array(np.ascontiguousarray(signs).view("U18").ravel())


def imported(case: Files) -> int:
    """Rows on record after the files were imported into an empty workspace, every check on."""
    with tempfile.TemporaryDirectory(dir=case.folder) as name:
        workspace = Workspace.create(Path(name) / "w", name="benchmark")
        done = workspace.import_files(case.organisations.parent)
        return done.diff.counts["organisations"].added


def copied(case: Files) -> int:
    """Rows that DuckDB copies from the large table to a file of Parquet."""
    target = case.folder / "copy.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select * from read_csv('{case.organisations}')) "  # noqa: S608 - our own path
            f"to '{target}' (format parquet)"
        )
        found = connection.execute(f"select count(*) from '{target}'").fetchone()  # noqa: S608
    return int(found[0]) if found else 0


def same_count(own: int, peer: int) -> None:
    """Assert that both took in the same number of rows."""
    assert own == peer  # noqa: S101 - this is what a benchmark's comparison is for


def _peak_bytes(process: subprocess.Popen[bytes]) -> int:
    """The most memory that the process and its children held together, looked at often."""
    most = 0
    while process.poll() is None:
        most = max(most, sum(_resident(pid) for pid in _family(process.pid)))
        time.sleep(0.1)
    return most


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return [pid]
    return [pid, *(member for child in children for member in _family(int(child)))]


def _resident(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)


def main() -> None:
    """Print what one import takes, in a process of its own."""
    if sys.argv[1] == "--import":
        imported(Files(Path(sys.argv[2])))
        return
    case = files(int(sys.argv[1]))
    command = [sys.executable, "-m", "benchmarks.imports", "--import", str(case.folder)]
    begun = time.perf_counter()
    with subprocess.Popen(command) as process:  # noqa: S603 - this module
        peak = _peak_bytes(process)
    seconds = time.perf_counter() - begun
    sys.stdout.write(f"{seconds:.1f} s, peak {peak / 2**20:,.0f} MiB\n")


if __name__ == "__main__":
    main()
