"""Small good files, each from a seed: what an office would hand in, in either language."""

import csv
import datetime as dt
import random
from functools import cache
from pathlib import Path

from liantu.schema import TABLES, columns
from tests.ingest.drafts import Draft, page_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "zhuzhou" / "tables"
_TYPES = {"text": str, "integer": int, "number": float, "boolean": lambda text: text == "true"}
_NAMES = [
    "天元",
    "芦淞",
    "荷塘",
    "石峰",
    "渌口",
    "醴陵",
    "攸县",
    "茶陵",
    "炎陵",
    "云龙",
    "清水塘",
    "董家塅",
]
_MADE = [
    "轴承",
    "齿轮",
    "车轴",
    "构架",
    "牵引电机",
    "变流器",
    "制动盘",
    "车门",
    "座椅",
    "受电弓",
    "转向架",
    "车钩",
]


def draft(seed: int) -> Draft:
    """A good file: every third of the worked example, the others made up."""
    chance = random.Random(seed)  # noqa: S311 - a seed, not a secret
    kind = chance.choice(("csv", "xlsx"))
    language = chance.choice(("en", "zh"))
    tables = _from_example(chance) if seed % 3 == 0 else _made_up(chance)
    return Draft(
        kind,
        language,
        [page_of(name, rows, language, kind=kind) for name, rows in tables.items()],
    )


def _from_example(chance: random.Random) -> dict[str, list[dict]]:
    """Organisations, the places that they are in, and what they make; without sources."""
    places = {row["place_id"]: row for row in example("places")}
    chosen = [row for row in example("organisations") if row["place_id"] in places]
    chosen = chance.sample(chosen, 8)
    needed: set[str] = set()
    for row in chosen:
        row["parent_org_id"] = None
        place = row["place_id"]
        while place is not None:
            needed.add(place)
            place = places[place]["parent_id"]
    products = chance.sample(example("products"), 9)
    for row in products:
        row["parent_id"] = None
    makes = [
        {
            "org_id": row["org_id"],
            "product_id": product["product_id"],
            "year": chance.randint(2015, 2024),
            "output": float(chance.randint(1, 999) * 1000),
            "unit": "piece",
        }
        for row, product in zip(chosen, products, strict=False)
    ]
    around = [row for name, row in places.items() if name in needed]
    tables = {"places": around, "organisations": chosen, "products": products, "makes": makes}
    for rows in tables.values():
        for row in rows:
            row.pop("source_id", None)
    return tables


@cache
def _example(table: str) -> list[dict[str, object]]:
    types = {entry.name: _TYPES[entry.type] for entry in columns(TABLES[table])}
    with (EXAMPLE / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return [
            {name: types[name](text) if text else None for name, text in row.items()}
            for row in csv.DictReader(stream)
        ]


def example(table: str) -> list[dict]:
    """The rows of a table of the worked example, for the caller to change."""
    return [dict(row) for row in _example(table)]


def _made_up(chance: random.Random) -> dict[str, list[dict]]:
    names = chance.sample(_NAMES, len(_NAMES))
    places = [{"place_id": "CN", "name": "China", "name_local": "中国", "level": "country"}]
    places += [
        {
            "place_id": f"D{number:02d}",
            "name": f"District {number}",
            "name_local": f"{names[number]}区",
            "level": "district",
            "parent_id": "CN",
            "longitude": 113 + chance.randint(1, 999) / 1000,
            "latitude": 27 + chance.randint(1, 999) / 1000,
        }
        for number in range(1, chance.randint(4, 9))
    ]
    districts = [row["place_id"] for row in places[1:]]
    organisations = [
        {
            "org_id": f"O{number:03d}",
            "name": f"{chance.choice(('Hengda', 'Xinyuan', 'Tairui'))} Works {number}",
            "name_local": f"株洲{names[number]}机械{number}厂",
            "kind": chance.choice(("company", "company", "university", "institute")),
            "place_id": chance.choice(districts),
            "registration_no": registration_no(chance),
            "founded": chance.randint(1950, 2023),
        }
        for number in range(1, chance.randint(6, 10))
    ]
    products = [
        {"product_id": f"P{k:02d}", "name": f"Part {k}", "name_local": name, "unit": "piece"}
        for k, name in enumerate(chance.sample(_MADE, 6), 1)
    ]
    tables = {"places": places, "organisations": organisations, "products": products}
    return tables | _relations(chance, tables)


def _relations(
    chance: random.Random, tables: dict[str, list[dict]]
) -> dict[str, list[dict[str, object]]]:
    """Tables that refer to the others, two of them at least."""
    makers = [row["org_id"] for row in tables["organisations"]]
    products = [row["product_id"] for row in tables["products"]]
    places = [row["place_id"] for row in tables["places"]]
    made: dict[str, list[dict[str, object]]] = {
        "makes": [
            {
                "org_id": maker,
                "product_id": chance.choice(products),
                "year": 2020 + k % 4,
                "output": float(chance.randint(10, 999) * 1000),
                "unit": "piece",
                "value": float(chance.randint(10, 9999) * 10_000),
                "currency": "CNY",
                "market_share": chance.randint(1, 99) / 100,
            }
            for k, maker in enumerate(makers)
        ],
        "observations": [
            {
                "subject_kind": "place",
                "subject_id": place,
                "measure": "output",
                "year": 2023,
                "value": float(chance.randint(1, 999) * 10_000),
            }
            for place in places
        ],
        "parts": [
            {
                "product_id": products[0],
                "part_id": part,
                "quantity": float(chance.randint(1, 12)),
                "cost_share": chance.randint(1, 15) / 100,
                "essential": chance.random() < 0.5,
            }
            for part in products[1:]
        ],
        "calendar_days": [
            {
                "calendar": "CN",
                "date": dt.date(2024, 1, 13) + dt.timedelta(days=9 * k),
                "working": chance.random() < 0.5,
            }
            for k in range(chance.randint(4, 8))
        ],
        "service_items": [
            {
                "item_id": f"S{k}",
                "name": f"Permit {k}",
                "authority": "Natural resources",
                "statutory_days": float(chance.randint(5, 60)),
                "baseline_year": 2019,
            }
            for k in range(1, chance.randint(4, 7))
        ],
    }
    return {name: made[name] for name in sorted(chance.sample(sorted(made), 3))}


def registration_no(chance: random.Random) -> str:
    """A unified social credit code with a right last character (GB 32100-2015)."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    organisation = "".join(chance.choice("0123456789") for _ in range(8))
    nine = organisation + _check_of_organisation(organisation)
    body = "91430200" + nine
    total = sum(signs.index(sign) * weight for sign, weight in zip(body, weights, strict=True))
    return body + signs[(31 - total % 31) % 31]


def _check_of_organisation(eight: str) -> str:
    """The last character of an organisation code (GB 11714-1997)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(sign) * weight for sign, weight in zip(eight, weights, strict=True))
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))
