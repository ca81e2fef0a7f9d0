"""Slow and obvious twins of lenses, over rows as dictionaries."""

import math

from tests.naive import haversine_km

SCORES = {"strong": 1.0, "present": 1.0, "weak": 0.5, "missing": 0.0, "foreign_only": 0.0}
COUNTED = ("verified", "declared", None, "synthetic")


def around(places, place):
    """The place and every place it lies in, from the inside out."""
    parents = {row["place_id"]: row["parent_id"] for row in places}
    found = []
    while place is not None:
        found.append(place)
        place = parents.get(place)
    return found


def country(places, place):
    levels = {row["place_id"]: row["level"] for row in places}
    return next((outer for outer in around(places, place) if levels[outer] == "country"), None)


def states(tables, place, weak_below):
    """The state of every product of the chain in a place, rule by rule."""
    places, home = tables["places"], country(tables["places"], place)
    lives = {row["org_id"]: row["place_id"] for row in tables["organisations"]}
    found = {}
    for link in tables["chain_products"]:
        product = link["product_id"]
        makers = {
            row["org_id"]
            for row in tables["makes"]
            if row["product_id"] == product and row["evidence"] in COUNTED
        }
        local = {org for org in makers if place in around(places, lives[org])}
        domestic = {org for org in makers if country(places, lives[org]) == home}
        codes = {row["code"] for row in tables["product_codes"] if row["product_id"] == product}
        imports = sum(
            row["value"]
            for row in tables["trade"]
            if row["code"] in codes and row["reporter"] in around(places, place)
        )
        quotient = next(
            (
                row["value"]
                for row in tables["observations"]
                if (row["subject_id"], row["activity"]) == (place, product)
            ),
            math.nan,
        )
        if not makers and not imports:
            found[product] = "unknown"
        elif not domestic and imports > 0:
            found[product] = "foreign_only"
        elif not local:
            found[product] = "missing"
        elif len(local) < weak_below or quotient < 0.5:
            found[product] = "weak"
        elif len(local) >= 5 and not quotient < 1.25:
            found[product] = "strong"
        else:
            found[product] = "present"
    return found


def completeness(tables, place, weak_below):
    """States, and the weighted mean score of the links whose state is known."""
    found = states(tables, place, weak_below)
    weight = {
        row["product_id"]: 1.0 if row["weight"] is None else row["weight"]
        for row in tables["chain_products"]
    }
    known = [product for product in found if found[product] != "unknown"]
    total = sum(weight[product] for product in known)
    gained = sum(weight[product] * SCORES[found[product]] for product in known)
    return found, gained / total if total else None


def gap(tables, place, rival, weak_below):
    """The weighted score that the rival has and the place lacks, over links known in both."""
    here, there = (states(tables, name, weak_below) for name in (place, rival))
    short = total = 0.0
    for row in tables["chain_products"]:
        product, weight = row["product_id"], 1.0 if row["weight"] is None else row["weight"]
        if "unknown" not in (here[product], there[product]):
            total += weight
            short += weight * max(0.0, SCORES[there[product]] - SCORES[here[product]])
    return short / total if total else None


def cut_links(links, products):
    """Products without which some final product cannot be reached from any first one."""
    inputs = {(part, whole) for whole, part in links}
    inner = {part for part, _ in inputs}
    outer = {whole for _, whole in inputs}
    first, final = inner - outer, outer - inner

    def reached(without):
        seen = first - {without}
        while True:
            more = {b for a, b in inputs if a in seen and b != without} - seen
            if not more:
                return seen
            seen |= more

    whole = reached(None)
    return {
        product
        for product in products
        if any(end in whole and end not in reached(product) for end in final - {product})
    }


def quantities(lines, product):
    """Units of every last part in one product, along every path; None where one is unknown."""
    inside = {}
    for line in lines:
        inside.setdefault(line["product_id"], []).append(line)
    found = {}

    def take(item, units, *, is_whole):
        if is_whole or item not in inside:
            known = found.get(item, 0.0)
            found[item] = None if units is None or known is None else known + units
            return
        for line in inside[item]:
            each = line["quantity"]
            below = None if units is None or each is None else units * each
            take(line["part_id"], below, is_whole=line["sourcing"] == "buy")

    for line in inside.get(product, []):
        take(line["part_id"], line["quantity"], is_whole=line["sourcing"] == "buy")
    return found


def distances(sites, makes, parts, origin):
    """For every part: the distance of its nearest site in km, None where none is located."""
    found = {}
    for part in parts:
        makers = {row["site_id"] for row in makes if row["product_id"] == part}
        far = [
            haversine_km(site["longitude"], site["latitude"], *origin)
            for site in sites
            if site["site_id"] in makers and site["longitude"] is not None
        ]
        found[part] = min(far, default=None)
    return found
