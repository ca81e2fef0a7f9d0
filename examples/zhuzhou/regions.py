"""What firms are known to do by the code of their activity, and jobs in it by city.

Part of ``generate.py``, which says what the rows stand for: nothing real.
"""  # noqa: INP001 - a script of the example, in no package

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

SCHEME = "GB/T 4754"
Line = tuple[str | int | float | None, ...]
Tables = dict[str, list[dict[str, str]]]
Settings = dict[str, Any]
Random = np.random.Generator
Numbers = np.ndarray[Any, Any]


def lines(rng: Random, tables: Tables, settings: Settings) -> dict[str, list[Line]]:
    """Main activity of each firm, jobs by city and activity, what activities need of others."""
    jobs = _jobs(rng, settings)
    named = settings["activities"].items()
    return {
        "codes": [(code, SCHEME, name, local) for code, (name, local, *_) in named],
        "activities": list(_activities(rng, tables, settings, jobs[0])),
        "observations": list(_job_lines(rng, jobs, settings)),
        "sector_inputs": list(_inputs(rng, settings)),
    }


def _jobs(rng: Random, settings: Settings) -> Numbers:
    """Jobs by year, city and activity; 0 where a city has none of an activity in any year.

    A city has what it is known for, and some of what its capability is enough for: the more,
    the more it is capable of, so that what is demanding stands in few and diverse cities.
    """
    cities, codes = settings["jobs"]["cities"].values(), settings["activities"]
    asked = np.array([demand for *_, demand, _ in codes.values()])
    growth = np.array([rate for *_, rate in codes.values()])
    size, able, local = (np.array(column) for column in list(zip(*cities, strict=True))[:3])
    known = np.array([[code in row[3].split() for code in codes] for row in cities])
    fit = able[:, None] - asked + rng.normal(0.0, 0.45, known.shape)
    latent = np.where(known, np.maximum(fit, 0.0) + 1.4, np.minimum(fit, 0.8))
    tried = rng.random(known.shape) < 0.3 + 0.4 * able[:, None]
    weight = np.where(known | (tried & (fit > -0.35)), np.exp(1.1 * latent), 0.0)
    start = size[:, None] * weight / weight.sum(axis=1, keepdims=True)
    rate = growth + local[:, None] + rng.normal(0.0, 0.025, known.shape)
    years = np.arange(len(settings["jobs"]["years"]))[:, None, None]
    wander = rng.normal(0.0, 0.015, (len(years), *known.shape))
    jobs = start * np.exp(rate * years + wander)
    floor = np.where(start > 0, 10.0, 0.0)
    return np.asarray(np.maximum(10 * np.round(jobs / 10), floor))


def _job_lines(rng: Random, jobs: Numbers, settings: Settings) -> Iterator[Line]:
    """Jobs as observations of the cities, and of the country, which has those elsewhere too."""
    years, cities = settings["jobs"]["years"], list(settings["jobs"]["cities"])
    codes = list(settings["activities"])
    rest = jobs[0].sum(axis=0) * rng.uniform(0.9, 2.4, len(codes))
    growth = np.array([rate for *_, rate in settings["activities"].values()])
    for turn, year in enumerate(years):
        elsewhere = rest * np.exp(growth * turn + rng.normal(0.0, 0.01, len(codes)))
        country = jobs[turn].sum(axis=0) + 100 * np.ceil(elsewhere / 100)
        for place, counts in zip(["china", *cities], [country, *jobs[turn]], strict=True):
            for code, count in zip(codes, counts.tolist(), strict=True):
                if count:
                    key = ("place", place, "employment", code, year, None)
                    yield *key, int(count), "persons", "same"


def _activities(
    rng: Random, tables: Tables, settings: Settings, jobs: Numbers
) -> Iterator[Line]:
    """The main code of each organisation, by what it makes and what its city is known for."""
    codes = list(settings["activities"])
    systems = [systems for _, _, systems, *_ in settings["activities"].values()]
    shares = dict(zip(settings["jobs"]["cities"], jobs, strict=True))
    parents = {row["place_id"]: row["parent_id"] for row in tables["places"]}
    made: dict[str, Counter[str]] = {
        row["org_id"]: Counter() for row in tables["organisations"]
    }
    family = {row["product_id"]: row["name"] for row in tables["products"]}
    for row in tables["makes"]:
        made[row["org_id"]][_system(row["product_id"], family)] += 1
    for org_id, place in [(row["org_id"], row["place_id"]) for row in tables["organisations"]]:
        fit = np.array([sum(made[org_id][letter] for letter in text) for text in systems])
        city = next((key for key in _around(place, parents) if key in shares), None)
        there = np.sqrt(shares[city]) if city else np.full(len(codes), 10.0)
        open_to = np.array([bool(text) for text in systems])
        weight = (fit / max(1, fit.max()) + 0.02) * (there + 1) * open_to
        drawn = codes[int(rng.choice(len(codes), p=weight / weight.sum()))]
        yield org_id, SCHEME, settings["known"].get(org_id, drawn), "true"


def _system(product: str, names: dict[str, str]) -> str:
    """The letter of the system that a family belongs to, or an item by the end of its name."""
    if product.startswith("syn_") and len(product) > 8:
        return names[product].rsplit("(", 1)[1][0]
    text = product.removeprefix("syn_")
    return text[0] if text[0].isupper() else ""


def _around(place: str, parents: dict[str, str]) -> Iterator[str]:
    """The place, and each place around it."""
    while place:
        yield place
        place = parents.get(place, "")


def _inputs(rng: Random, settings: Settings) -> Iterator[Line]:
    """What activities need of each other; of three pairs in ten nothing is on record.

    What works for the same system, and everything that is demanding, is likely to be essential.
    """
    activities = [(code, *rest[2:]) for code, rest in settings["activities"].items()]
    for supplier, works, demand, _ in activities:
        for buyer, buys, _, _ in activities:
            draw = rng.random()
            close = bool(set(works) & set(buys)) or not buys
            essential = (0.2 + 0.2 * demand) * (1.0 if close else 0.25) if works else 0.0
            if draw < essential:
                yield SCHEME, supplier, buyer, "essential"
            elif draw < essential + (1 - essential) * 0.4:
                yield SCHEME, supplier, buyer, "non_essential"
            elif draw < essential + (1 - essential) * 0.6:
                yield SCHEME, supplier, buyer, "negligible"
