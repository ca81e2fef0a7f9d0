"""Who sells what to whom, so that the revenue of every firm adds up.

A firm that makes a whole buys parts of it from firms that make them. Builders of vehicles pull
on the network by what they sell outside it; every firm passes a share of its revenue on to its
suppliers. Part of ``generate.py``, which says what the rows stand for: nothing real.
"""  # noqa: INP001 - a script of the example, in no package

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

Line = tuple[str | int | float | None, ...]
Tables = dict[str, list[dict[str, str]]]
Settings = dict[str, Any]
Random = np.random.Generator
Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Sale:
    """A supplier sells a product to a buyer, with a weight among all that the buyer buys."""

    supplier: str
    buyer: str
    product: str
    weight: float


def lines(rng: Random, tables: Tables, settings: Settings) -> dict[str, list[Line]]:
    """Firms abroad and builders, what the former make, sales, and figures of firms."""
    places = {row["place_id"]: row for row in tables["places"]}
    abroad = list(_abroad(rng, tables, settings, places))
    foreign = [(org_id, family) for org_id, _, families in abroad for family in families]
    builders = [key for key in settings["builders"] if key.startswith("syn_")]
    makers: dict[str, list[str]] = defaultdict(list)
    for org_id, product in [*_known_makes(tables), *foreign]:
        makers[product].append(org_id)
    domestic = sorted({row[0] for row in _known_makes(tables)} | set(settings["builders"]))
    sales = list(_sales(rng, _needs(tables, settings), makers, domestic, settings))
    values, revenue = _flows(rng, sales, settings)
    year, rows = settings["network"]["year"], zip(sales, values, strict=True)
    return {
        "organisations": [
            *(
                _firm_line(org_id, places[place], settings["foreign"])
                for org_id, place, _ in abroad
            ),
            *(
                _firm_line(key, places[key.split("_")[-1]], settings["builder"])
                for key in builders
            ),
        ],
        "makes": [(*pair, *(None,) * 5) for pair in foreign],
        "supplies": [
            (sale.supplier, sale.buyer, sale.product, year, value, "CNY")
            for sale, value in rows
        ],
        "observations": [
            *_figures(rng, revenue, set(domestic), settings),
            *_stocks(rng, sales, settings),
        ],
    }


def _abroad(
    rng: Random, tables: Tables, settings: Settings, places: dict[str, dict[str, str]]
) -> Iterator[tuple[str, str, list[str]]]:
    """Firms abroad, where they are, and the imported families that they make."""
    home = {row["code"]: row["product_id"] for row in tables["product_codes"]}
    domestic = {product for org_id, product in _known_makes(tables)}
    worth: dict[tuple[str, str], int] = defaultdict(int)
    for row in tables["trade"]:
        family = home[row["code"]]
        if row["flow"] == "import" and family not in domestic and row["partner"] in places:
            worth[row["partner"], family] += int(row["value"])
    largest = sorted(worth, key=lambda pair: (-worth[pair], pair))
    held: dict[int, tuple[str, list[str]]] = {}
    for turn, (place, family) in enumerate(largest):
        same = [key for key, (there, made) in held.items() if there == place and len(made) < 3]
        number = turn if len(held) < settings["foreign"]["firms"] and rng.random() < 0.7 else -1
        if same and number < 0:
            held[same[0]][1].append(family)
        else:
            held[turn] = (place, [family])
    for number, (place, families) in enumerate(held.values(), start=1):
        yield f"syn_abroad_{number:02d}", place, families


def _firm_line(org_id: str, place: dict[str, str], names: dict[str, str]) -> Line:
    number = org_id[-2:]
    name = names["name"].format(number=number, place=place["name"])
    words = names["words"].format(number=number, place=place["name_local"])
    return org_id, name, words, "company", place["place_id"]


def _known_makes(tables: Tables) -> list[tuple[str, str]]:
    """Who makes what, without what is only assumed."""
    doubtful = {
        row["org_id"] for row in tables["organisations"] if row["evidence"] == "assumed"
    }
    return [
        (row["org_id"], row["product_id"])
        for row in tables["makes"]
        if row["evidence"] != "assumed" and row["org_id"] not in doubtful
    ]


def _needs(tables: Tables, settings: Settings) -> dict[str, list[str]]:
    """Parts that go into what each firm makes, itemised or not; of a builder, into vehicles."""
    inside: dict[str, list[str]] = defaultdict(list)
    for row in tables["parts"]:
        if row["evidence"] != "assumed":
            inside[row["product_id"]].append(row["part_id"])
    needs: dict[str, dict[str, None]] = defaultdict(dict)
    for org_id, product in _known_makes(tables):
        parts = [*inside.get(product, ()), *inside.get(f"syn_{product}", ())]
        needs[org_id].update(dict.fromkeys(parts))
    for org_id, builder in settings["builders"].items():
        parts = [part for vehicle in builder["vehicles"] for part in inside[vehicle]]
        needs[org_id] = dict.fromkeys(parts)
    return {org_id: list(parts) for org_id, parts in needs.items()}


def _sales(
    rng: Random,
    needs: dict[str, list[str]],
    makers: dict[str, list[str]],
    domestic: list[str],
    settings: Settings,
) -> Iterator[Sale]:
    """Each firm buys some of the parts it needs, each from one or two makers, and imports."""
    network, builders = settings["network"], settings["builders"]
    everyone = sorted({org_id for group in makers.values() for org_id in group})
    appeal = dict(zip(everyone, 1 + rng.pareto(network["tail"], len(everyone)), strict=True))
    small = [org_id for org_id in everyone if org_id.startswith("syn_org")]
    for index in rng.choice(len(small), network["hubs"], replace=False):
        appeal[small[index]] *= 60
    for buyer in domestic:
        open_needs = [
            part
            for part in needs.get(buyer, ())
            if any(org_id != buyer for org_id in makers.get(part, ()))
        ]
        lines_wanted = (
            builders[buyer]["lines"]
            if buyer in builders
            else rng.geometric(1 / network["lines"])
        )
        count = min(len(open_needs), int(lines_wanted))
        for index in np.sort(rng.choice(len(open_needs), count, replace=False)):
            part = open_needs[index]
            pool = [org_id for org_id in makers[part] if org_id != buyer]
            weights = np.array([appeal[org_id] for org_id in pool])
            more = 1 + int(rng.random() < network["second_source"])
            chosen = rng.choice(
                len(pool), min(more, len(pool)), replace=False, p=weights / weights.sum()
            )
            for supplier in np.sort(chosen):
                yield Sale(pool[supplier], buyer, part, _weight(rng, part))
    yield from _imported(rng, makers, domestic, settings)


def _weight(rng: Random, product: str) -> float:
    """What a product costs beside others: a family most, a single part least."""
    level = product[4] if product.startswith("syn_") else "F"
    return float(rng.lognormal(0.0, 1.0)) * {"s": 8.0, "c": 3.0, "p": 1.0}.get(level, 25.0)


def _imported(
    rng: Random, makers: dict[str, list[str]], domestic: list[str], settings: Settings
) -> Iterator[Sale]:
    """Families from abroad go to some firms of the country that work for the same system."""
    low, high = settings["network"]["import_buyers"]
    letters: dict[str, set[str]] = defaultdict(set)
    for product, group in makers.items():
        for org_id in group:
            if len(product) == 3:
                letters[product[0]].add(org_id)
    for family in sorted(makers):
        foreign = [org_id for org_id in makers[family] if org_id.startswith("syn_abroad")]
        pool = [key for key in domestic if key in letters[family[0]]] if foreign else []
        count = min(len(pool), int(rng.integers(low, high))) if pool else 0
        for index in np.sort(rng.choice(len(pool), count, replace=False)) if count else ():
            if pool[index] not in settings["builders"]:
                supplier = foreign[rng.integers(len(foreign))]
                yield Sale(supplier, pool[index], family, _weight(rng, family))


def _flows(
    rng: Random, sales: list[Sale], settings: Settings
) -> tuple[list[int], dict[str, int]]:
    """The value of each sale and the revenue of each firm, which is at least what it sells.

    Revenue is what a firm sells outside plus what the others pass on: ``r = f + A' r``, where
    a buyer passes on less than two thirds, so that rounds of passing on die away.
    """
    names = sorted({name for sale in sales for name in (sale.supplier, sale.buyer)})
    place = {name: index for index, name in enumerate(names)}
    supplier = np.array([place[sale.supplier] for sale in sales])
    buyer = np.array([place[sale.buyer] for sale in sales])
    weight = np.array([sale.weight for sale in sales])
    spend = rng.uniform(*settings["network"]["spend"], len(names))
    passed = spend[buyer] * weight / np.bincount(buyer, weight, len(names))[buyer]
    real = np.array([not name.startswith("syn_") for name in names])
    outside = rng.lognormal(np.where(real, 18.3, 16.0), 1.1)
    for name, builder in settings["builders"].items():
        outside[place[name]] = builder["sales"]
    revenue = outside
    for _ in range(60):
        revenue = outside + np.bincount(supplier, passed * revenue[buyer], len(names))
    values: Numbers = np.maximum(100, 100 * np.round(passed * revenue[buyer] / 100))
    sold = np.bincount(supplier, values, len(names))
    whole = 10_000 * np.ceil((sold + outside) / 10_000)
    return values.astype(int).tolist(), dict(
        zip(names, whole.astype(int).tolist(), strict=True)
    )


def _figures(
    rng: Random, revenue: dict[str, int], domestic: set[str], settings: Settings
) -> Iterator[Line]:
    """Revenue and jobs of six in ten of the firms in the country, and of every builder."""
    network = settings["network"]
    for org_id, value in revenue.items():
        known, heads = rng.random(), value / 9e5 * rng.lognormal(0.0, 0.3)
        if org_id in domestic and (
            known < network["known_revenue"] or org_id in settings["builders"]
        ):
            year = (None, network["year"], None)  # of no part of the firm, in no scope
            yield "org", org_id, "revenue", *year, value, "CNY", "same"
            yield "org", org_id, "employment", *year, max(3, round(heads)), "persons", "same"


def _stocks(rng: Random, sales: list[Sale], settings: Settings) -> Iterator[Line]:
    """Days of cover that some buyers hold of what they buy."""
    network = settings["network"]
    for buyer, product in dict.fromkeys((sale.buyer, sale.product) for sale in sales):
        known, days = rng.random(), rng.lognormal(2.6, 0.7)
        if known < network["known_stock"]:
            part = (product, network["year"], None)
            yield "org", buyer, "inventory_days", *part, max(1, round(days)), "days", "same"
