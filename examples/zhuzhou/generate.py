"""What the record of Zhuzhou does not hold, generated from a seed and marked as synthetic.

Nobody publishes the bill of materials of a locomotive, or where its ten thousand parts are
made. This script adds a locomotive in five levels, firms that make its parts, positions and
imports; ``trade``, ``network``, ``regions``, ``institutions``, ``services`` and
``capacities`` beside it add what is traded, who sells to whom, who works where, who holds
what, how long permits take and how much can be made, so that the lenses have something to
examine. The rows stand for nothing real, cite the source ``SYN<seed>``, and share no key with
a row of the record in ``tables``.

Run it as ``python examples/zhuzhou/generate.py OUT_FOLDER``.
"""  # noqa: INP001 - a script of the example, in no package

import csv
import math
import runpy
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent
RECORD = FOLDER / "tables"
SETTINGS, ECONOMY = (
    tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
    for name in ("synthetic.toml", "economy.toml")
)
WORDS, SYSTEMS, SCATTER_KM = SETTINGS["words"], SETTINGS["systems"], SETTINGS["scatter_km"]
DISTRICTS, CITIES = SETTINGS["districts"], SETTINGS["cities"]
HIDDEN, IMPORTED = SETTINGS["cities_without_position"], SETTINGS["imports"]["families"]
PRODUCT = "locomotive_itemised"
KM_PER_DEGREE = 111.195
COLUMNS = {
    "sources": "title publisher note",
    "places": "place_id name name_local level parent_id longitude latitude",
    "organisations": "org_id name name_local kind place_id",
    "sites": "site_id org_id place_id name kind longitude latitude",
    "products": "product_id name name_local parent_id unit",
    "parts": "product_id part_id quantity unit cost_share essential sourcing",
    "makes": "org_id product_id output capacity unit value currency",
    "product_codes": "product_id scheme code",
    "trade": "reporter partner scheme code flow year value currency quantity unit",
    "activities": "org_id scheme code main",
    "codes": "code scheme name name_local",
    "supplies": "supplier_id buyer_id product_id year value currency",
    "sector_inputs": "scheme supplier_code buyer_code importance",
    "observations": (
        "subject_kind subject_id measure activity year scope value unit comparability"
    ),
    "platforms": "platform_id name kind level org_id place_id field year",
    "collaborations": "org_a org_b kind year count",
    "recognitions": "org_id scheme title year valid_until",
    "service_items": "item_id name authority statutory_days promised_days baseline_days "
    "baseline_year",
    "service_events": "case_id item_id activity time",
    "calendar_days": "calendar date working",
}
MODULES = (
    "trade",
    "network",
    "regions",
    "institutions",
    "services",
    "capacities",
)  # each draws from what those before it wrote
REWRITTEN = {"trade": "trade", "capacities": "makes"}  # written again whole, with amounts
NO_AMOUNTS = (None,) * 5

Line = tuple[str | int | float | None, ...]
Record = dict[str, dict[str, str]]
Random = np.random.Generator
Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """A node of the itemised locomotive, with its part family (B01, of system B)."""

    item_id: str
    name: str
    name_local: str
    family: str


@dataclass(frozen=True, slots=True)
class Use:
    """A line of the bill: an item, at most so many pieces of it, in one of another."""

    whole: str
    item: Item
    most: int
    level: int


@dataclass(frozen=True, slots=True)
class Firm:
    """A synthetic supplier, where it is and the systems that it works for."""

    org_id: str
    place_id: str
    systems: str


def generate(target: Path, *, seed: int = 20) -> None:
    """Write the synthetic tables as CSV into ``target``; the same seed gives the same bytes."""
    rng = np.random.default_rng(seed)
    places = {row["place_id"]: row for row in _rows("places")}
    products = {row["product_id"]: row for row in _rows("products")}
    uses = list(_bill(rng, products))
    firms = list(_firms(rng))
    made = {use.item.item_id: use.item for use in uses if use.level > 1}
    note = f"generated from seed {seed}; stands for nothing real"
    makes = [*_item_makers(rng, made.values(), firms), *_family_makers(rng, firms)]
    lines: dict[str, list[Line]] = {
        "sources": [(f"Synthetic rows, seed {seed}", "generate.py of this example", note)],
        "organisations": [_firm_line(firm, places[firm.place_id]) for firm in firms],
        "sites": list(_site_lines(rng, firms, places)),
        "products": list(_product_lines(uses)),
        "parts": list(_part_lines(rng, uses)),
        "makes": makes,
        "product_codes": [(family, "example", f"EX-{family}") for family in IMPORTED],
        "trade": list(_trade_lines(rng)),
    }
    whole = {path.stem: _rows(path.stem) for path in sorted(RECORD.glob("*.csv"))}
    added = lines
    for number, module in enumerate(MODULES, start=1):
        for table, rows in added.items():
            whole[table] = whole.get(table, []) + _as_text(table, rows)
        rows_of = runpy.run_path(str(FOLDER / f"{module}.py"))["lines"]
        added = rows_of(np.random.default_rng([seed, number]), whole, ECONOMY)
        if table := REWRITTEN.get(module):
            whole[table], lines[table] = [], []
        for table, rows in added.items():
            lines[table] = lines.get(table, []) + rows
    _write(target, lines, f"SYN{seed}")


def _as_text(table: str, lines: Iterable[Line]) -> list[dict[str, str]]:
    """Rows as the record has them, every cell as text, marked as synthetic."""
    names = [*COLUMNS[table].split(), "evidence"]
    return [
        dict(
            zip(
                names,
                ["" if cell is None else str(cell) for cell in (*line, "synthetic")],
                strict=True,
            )
        )
        for line in lines
    ]


def _rows(table: str) -> list[dict[str, str]]:
    """Rows of a table of the record, in the order of the file."""
    with (RECORD / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _bill(rng: Random, products: Record) -> Iterator[Use]:
    """The lines of the bill, level by level, so that no item can contain itself."""
    for letter, (name, local, _) in SYSTEMS.items():
        yield Use(PRODUCT, _itemised(letter, name, local), 1, 1)
    owners = []
    for row in _rows("parts"):
        if row["product_id"] == "locomotive":
            key = row["part_id"]
            family = products[key]
            owners.append(_itemised(key, family["name"], family["name_local"]))
            yield Use(f"syn_{key[0]}", owners[-1], 4, 2)
    for level, (code, kind) in enumerate(SETTINGS["levels"].items(), start=3):
        made: list[Item] = []
        counts = rng.integers(kind["items"][0], kind["items"][1] + 1, len(owners))
        for owner, count in zip(owners, counts, strict=True):
            for _ in range(count):
                noun = kind["nouns"][rng.integers(len(kind["nouns"]))]
                made.append(_item(code, len(made) + 1, noun, products[owner.family]))
                yield Use(owner.item_id, made[-1], kind["pieces"], level)
        yield from _shared(rng, owners, made, level)
        if level == 5:
            yield from _standard(rng, owners, products)
        owners = made


def _itemised(key: str, name: str, local: str) -> Item:
    return Item(f"syn_{key}", f"{name}, itemised", WORDS["itemised"].format(local=local), key)


def _item(code: str, number: int, noun: Sequence[str], family: dict[str, str]) -> Item:
    """An item that says what it is, its running number and the family it belongs to."""
    key, name = family["product_id"], family["name"]
    words = {"family": family["name_local"], "key": key, "kind": noun[1], "number": number}
    return Item(
        f"syn_{code}{number:05d}",
        f"{noun[0]} {number:05d} of {name} ({key})",
        WORDS["item"].format(**words),
        key,
    )


def _shared(
    rng: Random, owners: Sequence[Item], made: Sequence[Item], level: int
) -> Iterator[Use]:
    """Items made for one owner that a third of the others in the same system use as well."""
    pools: dict[str, list[Item]] = defaultdict(list)
    for item in made[:: 10 if level < 5 else 40]:
        pools[item.family[0]].append(item)
    for owner in owners:
        others = [item for item in pools[owner.family[0]] if item.family != owner.family]
        if others and rng.random() < 1 / 3:
            yield Use(owner.item_id, others[rng.integers(len(others))], 3, level)


def _standard(rng: Random, owners: Sequence[Item], products: Record) -> Iterator[Use]:
    """Fasteners and connectors, of which every component uses a few."""
    stock = [
        _item(code, number, kind["noun"], products[kind["family"]])
        for code, kind in SETTINGS["standard"].items()
        for number in range(1, kind["items"] + 1)
    ]
    for owner in owners:
        for index in rng.choice(len(stock), rng.integers(2, 5), replace=False):
            yield Use(owner.item_id, stock[index], 40, 5)


def _product_lines(uses: Iterable[Use]) -> Iterator[Line]:
    """The itemised locomotive and every item in it, once."""
    name = "Electric locomotive, itemised (synthetic)"
    yield PRODUCT, name, WORDS["product"], "locomotive", "piece"
    for use in {use.item.item_id: use for use in uses}.values():
        parent = use.item.family if use.level == 2 else None
        yield use.item.item_id, use.item.name, use.item.name_local, parent, "piece"


def _part_lines(rng: Random, uses: Sequence[Use]) -> Iterator[Line]:
    """The bill with pieces (3 percent left blank), shares of cost and what is bought."""
    draws = rng.random((len(uses), 4))
    whole_ids, owner = np.unique([use.whole for use in uses], return_inverse=True)
    shares = _shares(rng.gamma(1.2, size=len(uses)) + 0.05, owner, len(whole_ids))
    for use, (blank, pieces, bought, needed), share in zip(uses, draws, shares, strict=True):
        unknown = use.level == 5 and blank < 0.036
        quantity = None if unknown else 1 + int(pieces * use.most)
        limit = {4: 0.03, 5: 0.2}.get(use.level, 0.0)
        rest = ("true" if needed < 0.85 else "false", "buy" if bought < limit else "make")
        yield use.whole, use.item.item_id, quantity, "piece", f"{share:.6f}", *rest


def _shares(weights: Numbers, owner: Numbers, n_owners: int) -> Numbers:
    """Weights as shares of their owner's total, in millionths that sum to exactly one."""
    totals = np.bincount(owner, weights, n_owners)
    millionths: Numbers = np.floor(weights / totals[owner] * 1e6)
    first = np.unique(owner, return_index=True)[1]
    millionths[first] += 1e6 - np.bincount(owner, millionths, n_owners)
    return np.asarray(millionths / 1e6)


def _firms(rng: Random) -> Iterator[Firm]:
    """Suppliers in the districts of the city and elsewhere, each for one to three systems."""
    counts = DISTRICTS | CITIES | HIDDEN
    for number, place in enumerate(np.repeat(list(counts), list(counts.values())), start=1):
        systems = rng.choice(list(SYSTEMS), rng.integers(1, 4), replace=False)
        yield Firm(f"syn_org_{number:04d}", str(place), "".join(sorted(systems)))


def _firm_line(firm: Firm, place: dict[str, str]) -> Line:
    number, local = firm.org_id[-4:], place["name_local"]
    short = local[:-1] if len(local) > 2 and local[-1] in "区县市" else local
    name = f"Synthetic supplier {number} ({place['name']})"
    words = WORDS["firm"].format(number=number, place=short)
    return firm.org_id, name, words, "company", firm.place_id


def _site_lines(rng: Random, firms: Sequence[Firm], places: Record) -> Iterator[Line]:
    """One site for each synthetic firm and for each firm of the city that is on record."""
    spread_km = dict.fromkeys(DISTRICTS, SCATTER_KM["city"])
    spread_km["zhuzhou"] = SCATTER_KM["unknown_district"]
    stands = [(firm.org_id, firm.place_id, f"supplier {firm.org_id[-4:]}") for firm in firms]
    known = [row for row in _rows("organisations") if row["place_id"] in spread_km]
    stands += [(row["org_id"], row["place_id"], row["name"]) for row in known]
    for org_id, place_id, name in stands:
        spread = spread_km.get(place_id, SCATTER_KM["elsewhere"]) / KM_PER_DEGREE
        position = _scattered(rng.normal(0.0, spread, 2), places[place_id])
        site_id = f"syn_site_{org_id.removeprefix('syn_org_')}"
        yield site_id, org_id, place_id, f"Synthetic site of {name}", "plant", *position


def _scattered(offset: Numbers, place: dict[str, str]) -> Line:
    """Longitude and latitude at an offset, in degrees of latitude, from the place's centre."""
    if not place["latitude"]:
        return None, None
    longitude, latitude = float(place["longitude"]), float(place["latitude"])
    east = offset[0] / math.cos(math.radians(latitude))
    return round(longitude + float(east), 5), round(latitude + float(offset[1]), 5)


def _pools(firms: Sequence[Firm], stands: Iterable[str]) -> dict[str, list[str]]:
    """Firms that stand there, by system."""
    chosen = set(stands)
    there = [firm for firm in firms if firm.place_id in chosen]
    return {key: [firm.org_id for firm in there if key in firm.systems] for key in SYSTEMS}


def _item_makers(rng: Random, items: Iterable[Item], firms: Sequence[Firm]) -> Iterator[Line]:
    """Makers of each item: of the city, or of elsewhere, or (a tenth) none with a position."""
    local, away, hidden = (_pools(firms, stands) for stands in (DISTRICTS, CITIES, HIDDEN))
    for item in items:
        located, near = rng.random(2)
        if located < 0.05:
            continue
        pools = local if near < SYSTEMS[item.family[0]][2] else away
        pool = (hidden if located < 0.1 else pools)[item.family[0]]
        for org_id in _some(rng, pool, 1, 4):
            yield org_id, item.item_id, *NO_AMOUNTS


def _family_makers(rng: Random, firms: Sequence[Firm]) -> Iterator[Line]:
    """Makers of some sixty part families, many, few or far, so that every state occurs."""
    known = {row["product_id"] for row in _rows("makes") if row["evidence"] == "declared"}
    links = [row["product_id"] for row in _rows("chain_products") if row["chain_id"] == "rail"]
    families = [key for key in links if key[0] in SYSTEMS and key not in IMPORTED]
    local, away = _pools(firms, DISTRICTS), _pools(firms, CITIES)
    taken: set[str] = set()
    for name, group in SETTINGS["makers"].items():
        with_maker = name == "more"
        free = [key for key in families if (key in known) == with_maker and key not in taken]
        for family in _some(rng, free, group["families"], group["families"]):
            taken.add(family)
            pool = (local if group["near"] else away)[family[0]]
            for org_id in _some(rng, pool, *group["makers"]):
                yield org_id, family, *NO_AMOUNTS


def _some(rng: Random, pool: Sequence[str], low: int, high: int) -> list[str]:
    """From ``low`` to ``high`` of the pool, or all of it if it is smaller, in its order."""
    count = min(len(pool), int(rng.integers(low, high + 1)))
    return [pool[index] for index in np.sort(rng.choice(len(pool), count, replace=False))]


def _trade_lines(rng: Random) -> Iterator[Line]:
    """Imports of the part families that no maker in the country is on record for."""
    for family in IMPORTED:
        for partner in _some(rng, SETTINGS["imports"]["partners"], 2, 4):
            value = int(rng.integers(1, 400)) * 100_000
            key = ("china", partner, "example", f"EX-{family}", "import", 2023)
            yield *key, value, "USD", None, None


def _write(target: Path, lines: dict[str, list[Line]], source_id: str) -> None:
    """One CSV for each table, every row with the source and marked as synthetic."""
    target.mkdir(parents=True, exist_ok=True)
    for table, words in COLUMNS.items():
        with (target / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["source_id", *words.split(), "evidence"])
            writer.writerows([source_id, *line, "synthetic"] for line in lines[table])


if __name__ == "__main__":
    generate(Path(sys.argv[1]))
