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
    """Output and capacity of the makers that ``tables`` has, and shares of imports in use.

    The generated makers stay as they are and get amounts, where these are known.
    """
    wanted = settings["capacities"]
    return {
        "makes": list(_able(rng, tables, wanted)),
        "observations": list(_imported(rng, tables, wanted)),
    }


def _able(rng: Random, tables: Tables, wanted: dict[str, Any]) -> Iterator[Line]:
    """Each generated maker once; one that sells on record makes at least what it sells."""
    sold: dict[tuple[str, str], int] = defaultdict(int)
    for row in tables["supplies"]:
        sold[row["supplier_id"], row["product_id"]] += int(row["value"])
    price: dict[str, float] = {}
    for row in tables["makes"]:
        if row["evidence"] != "synthetic":
            continue
        org_id, product = row["org_id"], row["product_id"]
        if product not in price:
            price[product] = float(rng.lognormal(6.5, 1.2))
        known, more, used = rng.random(3)
        pieces = float(rng.lognormal(6.0, 1.0))
        if known >= wanted["known"]:
            yield (org_id, product, *(None,) * 5)
            continue
        worth = sold[org_id, product] * (1 + more / 2)
        output = max(1, round(worth / price[product] if worth else pieces))
        low, high = wanted["used"]
        capacity = round(output / min(1.0, low + (high - low) * used))
        money = (round(worth), "CNY") if worth else (None, None)
        yield (org_id, product, output, capacity, "piece", *money)


def _imported(rng: Random, tables: Tables, wanted: dict[str, Any]) -> Iterator[Line]:
    """The share of imports in the use of a few families that the country also makes.

    They are those of which most is bought of makers on record, among the families that are
    traded and that nobody abroad is on record for.
    """
    coded = {row["product_id"] for row in tables["product_codes"]}
    bought: dict[str, int] = defaultdict(int)
    for row in tables["supplies"]:
        if row["product_id"] in coded and not row["supplier_id"].startswith("syn_abroad"):
            bought[row["product_id"]] += int(row["value"])
    largest = sorted(bought, key=lambda family: (-bought[family], family))
    low, high = wanted["import_share"]
    for family in sorted(largest[: wanted["families"]]):
        share = round(float(rng.uniform(low, high)), 2)
        part = (None, wanted["year"], None)
        yield "product", family, "import_share", *part, share, "share", "same"
