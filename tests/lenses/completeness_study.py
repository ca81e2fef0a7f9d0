"""A small study of a rail chain in two cities, for the tests of completeness."""

from liantu.lens import run

# The city zz with a district td, another city qd in the same country, and bo abroad.
PLACES = """
place_id level    parent_id
cn       country  -
zz       city     cn
td       district zz
qd       city     cn
de       country  -
bo       city     de
"""


def firms(**places):
    """Organisations a1, a2, ... in zz for ``zz=("a", 2)``, and so on."""
    lines = [
        f"{letter}{k} {place}" for place, (letter, n) in places.items() for k in range(1, n + 1)
    ]
    return "org_id place_id\n" + "\n".join(lines)


def makes(**products):
    """Who makes what: ``wheel="a1 a2"``; an evidence may follow a colon."""
    rows = []
    for product, orgs in products.items():
        for org in orgs.split():
            name, _, evidence = org.partition(":")
            rows.append({"org_id": name, "product_id": product, "evidence": evidence or None})
    return rows


def links(*products):
    """Products of the chain, each of weight 1 unless a number follows a colon."""
    parted = [product.partition(":") for product in products]
    return [
        {"chain_id": "rail", "product_id": name, "weight": float(weight) if weight else None}
        for name, _, weight in parted
    ]


def around(*, chain, made, orgs=None, **tables):
    """The tables of a small study of the chain ``rail``."""
    return {
        "places": PLACES,
        "chains": "chain_id\nrail",
        "products": [{"product_id": row["product_id"]} for row in chain],
        "chain_products": chain,
        "organisations": orgs or firms(zz=("a", 6), td=("d", 3), qd=("q", 6), bo=("b", 2)),
        "makes": made,
        **tables,
    }


def asked(record, tables, **params):
    result = run(
        "completeness", {"chain": "rail", "place": "zz"} | params, store=record(**tables)
    )
    states = {
        row["product_id"]: row["state"]
        for row in result.table.to_pylist()
        if row["place_id"] == "zz"
    }
    return result, states


def imports(*products):
    """A code for each product, and imports of 7 by the country."""
    return {
        "product_codes": [
            {"product_id": product, "scheme": "HS", "code": product} for product in products
        ],
        "trade": [
            {
                "reporter": "cn", "partner": "de", "scheme": "HS", "code": product,
                "flow": "import", "year": 2020, "value": 7.0,
            }
            for product in products
        ],
    }  # fmt: skip


def observed(**figures):
    """A figure about zz for each product: ``wheel=("location_quotient", 0.4)``."""
    return [
        {
            "subject_kind": "place", "subject_id": "zz", "measure": measure,
            "activity": product, "year": 2020, "value": value,
        }
        for product, (measure, value) in figures.items()
    ]  # fmt: skip
