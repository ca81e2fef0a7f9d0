"""Imports and exports of part families over four years, some of which hang on one country.

Part of ``generate.py``, which says what the rows stand for: nothing real.
"""  # noqa: INP001 - a script of the example, in no package

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

Line = tuple[str | int | float | None, ...]
Tables = dict[str, list[dict[str, str]]]
Random = np.random.Generator
Numbers = np.ndarray[Any, Any]


def lines(rng: Random, tables: Tables, settings: dict[str, Any]) -> dict[str, list[Line]]:
    """Countries as places, codes of part families, and trade in them.

    The imports that ``tables`` has of the last year stay as they are, and get a quantity.
    """
    wanted = settings["trade"]
    families = _families(rng, tables, wanted["families"])
    held = {row["code"]: [] for row in tables["trade"]} | {}
    for row in tables["trade"]:
        held[row["code"]].append((row["partner"], int(row["value"])))
    rows: list[Line] = []
    for turn, (code, known) in enumerate(held.items()):
        kind = wanted["kinds"]["dependent" if turn % 3 else "strong"]
        rows += _traded(rng, code, _earlier(rng, known, wanted["years"]), kind, wanted)
    kinds = np.repeat(
        list(wanted["kinds"]), [kind["codes"] for kind in wanted["kinds"].values()]
    )
    for family, name in zip(families, kinds, strict=True):
        imports = list(_imports(rng, str(name), wanted))
        rows += _traded(rng, f"EX-{family}", imports, wanted["kinds"][str(name)], wanted)
    return {
        "places": [
            (key, name, local, "country", None, None, None)
            for key, (name, local) in settings["abroad"].items()
        ],
        "product_codes": [(family, "example", f"EX-{family}") for family in families],
        "trade": rows,
    }


def _families(rng: Random, tables: Tables, count: int) -> list[str]:
    """Part families of the rail chain that have a maker and no code yet, in their order."""
    coded = {row["product_id"] for row in tables["product_codes"]}
    made = {row["product_id"] for row in tables["makes"] if row["evidence"] != "assumed"}
    links = [row["product_id"] for row in tables["chain_products"] if row["chain_id"] == "rail"]
    free = [key for key in links if len(key) == 3 and key in made and key not in coded]
    return [free[index] for index in rng.choice(len(free), count, replace=False)]


Imports = tuple[int, list[tuple[str, int]]]


def _earlier(
    rng: Random, known: Sequence[tuple[str, int]], years: Sequence[int]
) -> Iterator[Imports]:
    """What is known of the last year, and years before it that wander about it."""
    for year in years[:-1]:
        drift = rng.lognormal(-0.06 * (years[-1] - year), 0.15, len(known))
        yield (
            year,
            [(key, _rounded(value * x)) for (key, value), x in zip(known, drift, strict=True)],
        )
    yield years[-1], list(known)


def _imports(rng: Random, name: str, wanted: dict[str, Any]) -> Iterator[Imports]:
    """Imports of one family a year, by country, of one kind; the countries stay the same."""
    kind, count = wanted["kinds"][name], int(rng.integers(4, 7))
    partners = rng.choice(wanted["exporters"], count, replace=False).tolist()
    total, odd = rng.lognormal(16.5, 0.9), int(rng.integers(len(wanted["years"])))
    split = rng.dirichlet(np.full(count - 1, 6.0))
    for turn, year in enumerate(wanted["years"]):
        top = 0.9 if name == "once" and turn == odd else kind["top"]
        shares = [top, *((1 - top) * split)] * rng.lognormal(0.0, 0.08, count)
        total *= rng.lognormal(0.05, 0.1)
        values = [_rounded(total * share) for share in shares]
        yield year, list(zip(partners, values, strict=True))


def _traded(
    rng: Random,
    code: str,
    imports: Sequence[Imports] | Iterator[Imports],
    kind: dict[str, Any],
    wanted: dict[str, Any],
) -> Iterator[Line]:
    """Rows of trade in one code: what is imported, and what goes to the usual markets."""
    price = rng.lognormal(6.5, 1.2)
    for year, sources in imports:
        bought = sum(value for _, value in sources)
        sold: list[tuple[str, int]] = []
        if "exports" in kind:
            split = rng.dirichlet(np.full(len(wanted["markets"]), 3.0))
            worth = bought * kind["exports"] * rng.lognormal(0.0, 0.1)
            sold = [
                (key, _rounded(worth * share))
                for key, share in zip(wanted["markets"], split, strict=True)
            ]
        for flow, rows in (("import", sources), ("export", sold)):
            for partner, value in rows:
                pieces = max(1, round(value / (price * rng.lognormal(0.0, 0.3))))
                key = ("china", partner, "example", code, flow, year)
                yield *key, value, "USD", pieces, "piece"


def _rounded(value: float) -> int:
    """A value in thousands, at least one thousand."""
    return max(1, round(value / 1000)) * 1000
