"""How much makers of parts can make in a year, and what part of what is bought is imported.

Part of ``generate.py``, which says what the rows stand for: nothing real.
"""  # noqa: INP001 - a script of the example, in no package

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

Line = tuple[str | int | float | None, ...]
Tables = dict[str, list[dict[str, str]]]
Random = np.random.Generator


def lines(rng: Random, tables: Tables, settings: dict[str, Any]) -> dict[str, list[Line]]:
    """The generated makers again, with amounts where these are known, and shares of imports."""
    wanted = settings["capacities"]
    return {
        "makes": list(_able(rng, tables, wanted)),
        "observations": list(_imported(wanted)),
    }


def _able(rng: Random, tables: Tables, wanted: dict[str, Any]) -> Iterator[Line]:
    """Each generated maker once; one that sells on record makes at least what it sells."""
    sold: dict[tuple[str, str], int] = defaultdict(int)
    for row in tables["supplies"]:
        sold[row["supplier_id"], row["product_id"]] += int(row["value"])
    prices: dict[str, float] = {}
    low, high = wanted["used"]
    for row in tables["makes"]:
        if row["evidence"] == "synthetic":
            maker = row["org_id"], row["product_id"]
            price = prices.setdefault(maker[1], float(rng.lognormal(6.5, 1.2)))
            known, more, used = rng.random(3)
            pieces, worth = float(rng.lognormal(6.0, 1.0)), sold[maker] * (1 + more / 2)
            output = max(1, round(worth / price if worth else pieces))
            capacity = round(output / min(1.0, low + (high - low) * used))
            money = (round(worth), "CNY") if worth else (None, None)
            amounts = output, capacity, "piece", *money
            yield *maker, *(amounts if known < wanted["known"] else (None,) * 5)


def _imported(wanted: dict[str, Any]) -> Iterator[Line]:
    """Imports as a part of the use of a few families that the country also makes."""
    for family, share in wanted["import_shares"].items():
        part = (None, wanted["year"], None)  # of no activity, in no scope
        yield "product", family, "import_share", *part, share, "share", "same"
