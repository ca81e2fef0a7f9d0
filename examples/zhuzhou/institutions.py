"""Laboratories, titles, books of firms and growth of chains: what judgements are made from.

Part of ``generate.py``, which says what the rows stand for: nothing real.
"""  # noqa: INP001 - a script of the example, in no package

from collections.abc import Iterator
from typing import Any

import numpy as np

Line = tuple[str | int | float | None, ...]
Tables = dict[str, list[dict[str, str]]]
Settings = dict[str, Any]
Random = np.random.Generator


def lines(rng: Random, tables: Tables, settings: Settings) -> dict[str, list[Line]]:
    """Platforms with their hosts, who works with whom, titles, books and growth."""
    known = settings["institutions"]
    firms = _firms(tables)
    scholars = list(known["scholars"])
    hosts = _chosen(rng, firms, known["hosts"])
    return {
        "organisations": [
            (key, name, words, kind, place)
            for key, (name, words, kind, place) in known["scholars"].items()
        ],
        "platforms": list(_platforms(rng, [*hosts, *scholars], known)),
        "collaborations": list(_collaborations(rng, hosts, scholars, firms)),
        "recognitions": list(_titles(rng, firms, known)),
        "observations": [
            *_books(rng, firms, tables),
            *_chains(rng, tables, known),
            *_accounts(rng, known),
        ],
    }


def _firms(tables: Tables) -> list[str]:
    """Synthetic firms of the city whose revenue is on record."""
    inside = {"zhuzhou"}
    inside |= {row["place_id"] for row in tables["places"] if row["parent_id"] in inside}
    here = {row["org_id"] for row in tables["organisations"] if row["place_id"] in inside}
    return sorted(
        row["subject_id"]
        for row in tables["observations"]
        if row["measure"] == "revenue"
        and row["subject_id"] in here
        and row["subject_id"].startswith("syn_org")
    )


def _chosen(rng: Random, pool: list[str], count: int) -> list[str]:
    picked = np.sort(rng.choice(len(pool), min(count, len(pool)), replace=False))
    return [pool[k] for k in picked]


def _platforms(rng: Random, hosts: list[str], known: Settings) -> Iterator[Line]:
    """A platform for each host; every level and kind occurs."""
    kinds, fields = known["kinds"], known["fields"]
    for number, host in enumerate(hosts, start=1):
        kind, level = kinds[(number - 1) % len(kinds)]
        name = f"Synthetic {kind} {number:02d}"
        field = fields[int(rng.integers(len(fields)))]
        year = int(rng.integers(2012, 2024))
        yield f"syn_platform_{number:02d}", name, kind, level, host, None, field, year


def _collaborations(
    rng: Random, hosts: list[str], scholars: list[str], firms: list[str]
) -> Iterator[Line]:
    """Most hosts work with scholars, some firms with a host, and a few with nobody."""
    seen = set()
    for host in hosts[: -max(1, len(hosts) // 4)]:
        for scholar in _chosen(rng, scholars, int(rng.integers(1, 3))):
            seen.add((host, scholar))
    for firm in _chosen(rng, firms, len(hosts) * 2):
        partner = [*hosts[:4], scholars[0]][int(rng.integers(5))]
        if partner != firm and (partner, firm) not in seen:
            seen.add((firm, partner))
    for a, b in sorted(seen):
        kind = ("joint patent", "joint project", "licence")[int(rng.integers(3))]
        yield a, b, kind, int(rng.integers(2019, 2024)), int(rng.integers(1, 9))


def _titles(rng: Random, firms: list[str], known: Settings) -> Iterator[Line]:
    """Titles held, each by some of those that hold the lower one."""
    pool = firms
    for title, part in known["titles"].items():
        pool = _chosen(rng, pool, round(part * len(pool)))
        for firm in pool:
            year = int(rng.integers(2023, 2026))
            yield firm, "MIIT", title, year, f"{year + 3}-12-31"


def _books(rng: Random, firms: list[str], tables: Tables) -> Iterator[Line]:
    """What the official rules ask of firms, for two years; one figure in twenty is absent."""
    revenue = {
        row["subject_id"]: float(row["value"])
        for row in tables["observations"]
        if row["measure"] == "revenue" and not row["activity"]
    }
    for firm in firms:
        growth = float(rng.normal(0.08, 0.07))
        share = float(rng.uniform(0.02, 0.08))
        for year in (2024, 2025):
            sold = revenue[firm] * (1 + max(growth, 0.0)) ** (year - 2023)
            yield from _kept(rng, firm, year, _flows(rng, sold, growth, share))
        yield from _kept(rng, firm, 2025, _states(rng))


def _flows(
    rng: Random, sold: float, growth: float, share: float
) -> Iterator[tuple[str, float, str | None]]:
    yield "revenue", 1000 * round(sold / 1000), "CNY"
    yield "rd_spend", 1000 * round(sold * share / 1000), "CNY"
    yield "rd_share", round(share, 4), "share"
    yield "main_share", round(float(rng.uniform(0.72, 0.99)), 3), "share"
    yield "debt_ratio", round(float(rng.uniform(0.30, 0.85)), 3), "share"
    yield "revenue_growth_2y", round(growth, 3), "share"


def _states(rng: Random) -> Iterator[tuple[str, float, str | None]]:
    yield "segment_years", int(rng.integers(2, 20)), None
    yield "ip_class1", int(rng.poisson(4)), None
    yield "market_share", round(float(rng.beta(1.5, 12)), 3), "share"
    yield "domestic_rank", int(rng.integers(1, 15)), None
    yield "platform_score", int(rng.integers(45, 90)), None
    yield "key_link", int(rng.random() < 0.7), None
    yield "equity_2y", 10**4 * round(float(rng.exponential(800))), "CNY"


def _kept(
    rng: Random, firm: str, year: int, figures: Iterator[tuple[str, float, str | None]]
) -> Iterator[Line]:
    for measure, value, unit in figures:
        if measure == "revenue" or rng.random() > 0.05:
            yield "org", firm, measure, None, year, None, value, unit, None


def _chains(rng: Random, tables: Tables, known: Settings) -> Iterator[Line]:
    """Growth, risk and platforms of the chains of which nothing like it is on record."""
    told = {
        row["activity"]
        for row in tables["observations"]
        if row["measure"] == "innovation_platforms"
    }
    for row in tables["chains"]:
        key, chain = ("chain", row["chain_id"]), row["chain_id"]
        growth, risk = rng.normal(0.07, 0.03), rng.uniform(0.05, 0.45)
        yield *key, "growth", None, known["year"], None, round(float(growth), 3), "share", None
        if chain != "rail":
            yield *key, "risk", None, known["year"], None, round(float(risk), 2), None, None
        if chain not in told:
            count = int(rng.integers(4, 45))
            yield *key, "innovation", None, known["year"], None, count, "platforms", None


def _accounts(rng: Random, known: Settings) -> Iterator[Line]:
    """Output at constant prices, employment and investment of the city, year by year."""
    output, staff, invested = known["output"], known["staff"], known["invested"]
    for year in known["years"]:
        key = ("place", "zhuzhou")
        yield *key, "gdp", None, year, known["prices"], 10**6 * round(output / 1e6), "CNY", None
        yield *key, "employment", None, year, None, 100 * round(staff / 100), "persons", None
        yield *key, "investment", None, year, None, 10**6 * round(invested / 1e6), "CNY", None
        output *= 1 + float(rng.normal(0.068, 0.008))
        staff *= 1 + float(rng.normal(0.004, 0.003))
        invested *= 1 + float(rng.normal(0.05, 0.02))
