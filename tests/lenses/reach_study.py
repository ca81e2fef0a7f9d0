"""A small study of a train, its parts and their makers, for the tests of reach."""

import math

from liantu.lens import run

# One degree of latitude on a sphere of 6371.0088 km is 6371.0088 * pi / 180 = 111.19508 km.
DEGREE_KM = 6371.0088 * math.pi / 180

# The works stands in the district td of the city zz, at (0, 0); the centre of td is 1 km north
# of it, that of zz 3 km north, that of the city qd one degree north.
PLACES = [
    {"place_id": "cn", "level": "country", "longitude": 9.0, "latitude": 9.0},
    {"place_id": "zz", "level": "city", "parent_id": "cn", "longitude": 0.0},
    {"place_id": "td", "level": "district", "parent_id": "zz", "longitude": 0.0},
    {"place_id": "lk", "level": "district", "parent_id": "zz"},
    {"place_id": "qd", "level": "city", "parent_id": "cn", "longitude": 0.0, "latitude": 1.0},
]
PLACES[1]["latitude"] = 3 / DEGREE_KM
PLACES[2]["latitude"] = 1 / DEGREE_KM


def at(km):
    """A position so many km north of the works."""
    return {"longitude": 0.0, "latitude": km / DEGREE_KM}


def site(name, org, place=None, km=None):
    position = {"longitude": None, "latitude": None} if km is None else at(km)
    return {"site_id": name, "org_id": org, "place_id": place} | position


def study(*, parts, makes=(), sites=(), orgs=None, **tables):
    """The tables around a train, its parts and their makers; the works is the origin."""
    lines = [
        {"product_id": whole, "part_id": part} | (more[0] if more else {})
        for whole, part, *more in parts
    ]
    products = sorted({line[end] for line in lines for end in ("product_id", "part_id")})
    homes = dict.fromkeys(["builder", *(row["org_id"] for row in sites)]) | (orgs or {})
    return {
        "places": PLACES,
        "products": [{"product_id": product} for product in products or ["train"]],
        "parts": lines,
        "organisations": [{"org_id": org, "place_id": place} for org, place in homes.items()],
        "sites": [site("works", "builder", "td", 0.0), *sites],
        "makes": [
            {"org_id": org, "product_id": product, "site_id": where, "evidence": sure}
            for org, product, where, sure in ((*row, *[None] * (4 - len(row))) for row in makes)
        ],
        **tables,
    }


def asked(record, tables, **params):
    result = run(
        "reach", {"product": "train", "origin": "works"} | params, store=record(**tables)
    )
    return result, {row["part_id"]: row for row in result.table.to_pylist()}


def number(result, name):
    return result.answer.entry(name).value


def of(quantity=None, **more):
    return {"quantity": quantity, **more}
