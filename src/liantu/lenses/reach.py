"""What part of a product can be had within a distance, and how far the rest is."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.errors import Problem, Refusal
from liantu.lens import lens
from liantu.parameters import Km, Origin, Product
from liantu.result import (
    Answer,
    Entry,
    Figure,
    Lines,
    Map,
    Mark,
    Point,
    Ref,
    Ring,
    Row,
    Sentence,
    Series,
    rows_of,
    say,
)
from liantu.schema import Evidence, column

RADII_KM = (1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 200.0, 300.0, 500.0)
POSITION = ("longitude", "latitude")
MAKER = ("org_id", "site_id", "place_id", *POSITION, "located_by", "evidence")
Numbers = np.ndarray[Any, Any]
Start = dict[str, Any]
Weights = dict[str, tuple[Sentence, Numbers]]

READS = {
    "parts": """
        select product_id, part_id, quantity, cost_share, sourcing, evidence, source_id
        from parts where evidence <> 'assumed' order by product_id, part_id
    """,
    "makers": """
        select
          product_id, org_id, site_id, place_id, longitude, latitude, located_by,
          position_evidence as evidence,
          coalesce(located_by = 'place', false) and located_at in (
            select place_id from wide_places where origin_id = $origin
          ) as is_vague,
          source_id
        from makers
        where product_id in (select part_id from parts)
        order by product_id, org_id, site_id
    """,
    "origins": """
        select origin_table, held_in, held_by, longitude, latitude, evidence, source_id
        from starting_points where origin_id = $origin order by rank
    """,
}


class ReachRow(Row):
    """One part of the product."""

    part_id: str = column("The part.", title="Part", references="products")
    nearest_org_id: str | None = column(
        "The nearest maker with a position.", title="Nearest maker", references="organisations"
    )
    place_id: str | None = column(
        "The place of the nearest maker.", title="Nearest maker in", references="places"
    )
    distance_km: float | None = column(
        "Distance to it; blank where no maker has a position.", unit="km", ge=0
    )
    within_radius: bool = column("Whether a maker is within the asked radius.")
    makers_within: int = column("Makers within the asked radius.", ge=0)
    makers: int = column("Makers on record, with or without a position.", ge=0)
    evidence: Evidence | None = column(
        "How sure the part and its maker are; of a sure part without a located maker blank."
    )
    quantity: float | None = column(
        "Units of the part in one product, over all its places in it; blank where unknown.",
        ge=0,
    )
    cost_share: float | None = column(
        "Share of the part in the cost of the product, where known.", unit="share", ge=0
    )
    nearest_site_id: str | None = column(
        "Its site, where recorded.", title="Nearest site", references="sites", detail=True
    )
    located_by: Literal["site", "place"] | None = column(
        "Whether the position is that of the site, or only that of its place.", detail=True
    )
    longitude: float | None = column("The position of the maker.", unit="degree", detail=True)
    latitude: float | None = column("The position of the maker.", unit="degree", detail=True)


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """The share within the radius, the curve over every radius, and the map."""
    params = answer.params
    values: dict[str, Any] = {entry.name: entry.value for entry in answer.summary}
    product, radius = Ref("products", params["product"]), params["radius"]
    if not answer.table.num_rows:
        yield say("{product} has no parts on record. Import parts.", product=product)
        return
    origin = answer.entry("coverage").title.values["origin"]
    yield say(
        "{parts_within:count} of {parts:count} parts ({coverage:percent}) of {product} have a "
        "maker within {radius:km} of {origin}.",
        **{name: values[name] for name in ("parts_within", "parts", "coverage")},
        product=product,
        radius=radius,
        origin=origin,
    )
    yield say(
        "For {unlocated:count} parts no maker has a position; they stay in the denominator. Of "
        "the {located:count} others, {share:percent} are within {radius:km}.",
        **{name: values[name] for name in ("unlocated", "located")},
        share=values["coverage_of_located"],
        radius=radius,
    )
    yield say(
        "Said of an area, {area:count} km² is a circle of {area_radius:km}: "
        "{area_coverage:percent} of the parts are inside it.",
        area=radius,
        **{name: values[name] for name in ("area_radius", "area_coverage")},
    )
    if by_place := values["within_by_place"]:
        yield say(
            "Of {n:count} of them only the maker's place is known; its centre stands for it.",
            n=by_place,
        )
    if params["origin"] != values["origin_at"]:
        yield say(
            "{origin} has no position on record: distances start at the centre of {centre}.",
            origin=origin,
            centre=Ref("places", values["origin_at"]),
        )
    located = answer.table.filter(pc.is_valid(answer.table["distance_km"]))
    if located.num_rows:
        yield from (_map(located, radius, origin, values), _curve(located, radius, values))


def _curve(located: pa.Table, radius: float, values: dict[str, Any]) -> Lines:
    shown = np.sort(np.maximum(located["distance_km"].to_numpy(), 0.5))
    ends = np.append(np.flatnonzero(np.diff(shown)), len(shown) - 1)
    share = (ends + 1) / values["parts"]
    asked = say("{radius:km}: {share:percent}", radius=radius, share=values["coverage"])
    counts = {"n": values["unlocated"], "parts": values["parts"]}
    return Lines(
        title=say("Parts that can be had within a distance"),
        unit="share",
        caption=say("Great-circle distances times the detour factor; 0.5 km stands for less."),
        x=tuple(shown[ends].tolist()),
        x_title=say("Distance from the origin, km (log scale)"),
        x_log=True,
        step=True,
        top=1.0,
        series=(Series(say("share of the parts"), tuple(share.tolist()), emphasis=True),),
        marks=(Mark(radius, asked),),
        unknown=counts["n"] / counts["parts"],
        unknown_label=say("No located maker: {n:count} of {parts:count} parts", **counts),
    )


def _map(located: pa.Table, radius: float, origin: Any, values: dict[str, Any]) -> Map:  # noqa: ANN401
    makers = located.group_by(["nearest_org_id", *MAKER[2:6]])
    points = Counter(map(_point, makers.aggregate([("evidence", "max")]).to_pylist()))
    area = say("{area:count} km² is this circle", area=radius)
    return Map(
        title=say("Where the nearest makers are"),
        unit="makers",
        caption=say("Makers known only by their place are counted at its name."),
        origin=Point(origin, values["origin_longitude"], values["origin_latitude"]),
        points=tuple(replace(point, count=n) for point, n in sorted(points.items(), key=repr)),
        rings=(
            Ring(radius, say("{radius:km}", radius=radius)),
            Ring(2 * radius, say("{radius:km}", radius=2 * radius), dashed=True),
            Ring(values["area_radius"], area, dashed=True),
        ),
        extent_km=2.2 * radius,
    )


def _point(row: dict[str, Any]) -> Point:
    at = row["longitude"], row["latitude"]
    if row["located_by"] == "place":
        return Point(Ref("places", row["place_id"]), *at, precise=False)
    maker = Ref("organisations", row["nearest_org_id"])
    return Point(maker, *at, synthetic=row["evidence_max"] == "synthetic")


@lens(
    "Reach",
    group="Chain",
    reads=READS,
    row=ReachRow,
    show=show,
    example={"product": "locomotive", "origin": "tianxin"},
)
def reach(
    parts: pa.Table,
    makers: pa.Table,
    origins: pa.Table,
    *,
    product: Product,
    origin: Origin,
    radius: Km = 5.0,
    level: Annotated[
        Literal["leaf", "first", "all"],
        Field(description="The last parts, those of the first level, or all parts."),
    ] = "leaf",
    detour: Annotated[
        float, Field(ge=1, le=5, description="Road over straight distance.")
    ] = 1.0,
) -> Answer:
    """What part of a product can be had within a distance?

    The bill of materials is taken apart, quantities multiplied along every path and added; a
    part bought whole is not taken apart. Each part has one distance, to its nearest maker with
    a position: great circle (R = 6371.0088 km) times ``detour``; every radius is read from it.
    A maker without a site stands at the centre of its place, unless that is the city of the
    origin or wider: it is then not located. A part without a located maker stays in the
    denominator. ``r50``, ``r90``: the distances for half and nine tenths of the parts.
    """
    if not origins.num_rows:
        raise Refusal(_nowhere(origin))
    needed, product_ids = _exploded(parts, product, level)
    chosen = np.flatnonzero(needed["chosen"])
    part_ids = product_ids.take(pa.array(chosen))
    start = origins.slice(0, 1).to_pylist()[0]
    near = _nearest(makers, part_ids, start, radius / detour)
    distance = near["distance"] * detour
    columns = {
        "part_id": part_ids,
        "quantity": needed["quantity"][chosen],
        "cost_share": needed["cost_share"][chosen],
        "nearest_org_id": near["org_id"],
        "nearest_site_id": near["site_id"],
        "distance_km": np.where(np.isinf(distance), np.nan, distance),
        "within_radius": distance <= radius,
        "makers_within": near["within"],
        "evidence": pc.if_else(needed["synthetic"][chosen], "synthetic", near["evidence"]),
    } | {name: near[name] for name in ("place_id", *POSITION, "located_by", "makers")}
    evidence = columns["evidence"].to_pylist()
    synthetic = sum("synthetic" in (sure, start["evidence"]) for sure in evidence)
    located_by = np.array(near["located_by"].to_pylist(), dtype=object)
    exact = np.where(located_by == "site", distance, np.inf)
    nearer = np.where(np.isinf(distance) | near["unsure"], 0.0, distance)
    weights = {
        "coverage_by_quantity": (say("Reach by quantity"), columns["quantity"]),
        "coverage_by_cost": (say("Reach by cost"), columns["cost_share"]),
    }
    second = int((near["within"] >= 2).sum())
    ends, start = (distance, exact, nearer), {"origin": origin, "second": second, **start}
    summary = _summary(ends, weights, radius, synthetic, start)
    return Answer(rows_of(ReachRow, columns), tuple(summary), _left_out(near))


def _exploded(parts: pa.Table, product: str, level: str) -> tuple[dict[str, Numbers], pa.Array]:
    """For every product: whether it is asked for, its quantity, its share of the cost."""
    from liantu.kernels.bill_of_materials import CycleError, explode  # noqa: PLC0415 - numba

    both = [parts["product_id"].combine_chunks(), parts["part_id"].combine_chunks()]
    ids = pc.unique(pa.concat_arrays([*both, pa.array([product], pa.string())]))
    ids = ids.take(pc.sort_indices(ids))
    parent, part = (pc.index_in(end, ids).to_numpy().astype(np.int32) for end in both)
    bought = pc.fill_null(pc.equal(parts["sourcing"], "buy"), False).to_numpy()  # noqa: FBT003
    root = pc.index_in(pa.scalar(product), ids).as_py()
    try:
        units, shares = (
            explode(parent, part, parts[name].to_numpy(), bought, n_items=len(ids), root=root)
            for name in ("quantity", "cost_share")
        )
    except CycleError as error:
        ring = " -> ".join(ids.take(pa.array([*error.items, error.items[0]])).to_pylist())
        found = Problem("cycle", "a bill without circles", ring, "correct one line")
        raise Refusal(found) from None
    is_first = np.bincount(part[parent == root], minlength=len(ids)) > 0
    reached = units.reached & (np.arange(len(ids)) != root)
    chosen = {"leaf": reached & units.is_leaf, "first": is_first, "all": reached}[level]
    generated = pc.equal(parts["evidence"], "synthetic").to_numpy()
    kept = [lines[~generated] for lines in (parent, part, np.ones(len(parent)), bought)]
    real = explode(*kept, n_items=len(ids), root=root).reached
    ends = level == "leaf"
    return {
        "chosen": chosen,
        "quantity": units.ends if ends else units.need,
        "cost_share": shares.ends if ends else shares.need,
        "synthetic": reached & ~real,
    }, ids


def _nearest(
    makers: pa.Table, part_ids: pa.Array, start: dict[str, Any], radius_km: float
) -> dict[str, Any]:
    """For every part: its nearest maker, and how many are on record and within the radius."""
    from liantu.kernels.great_circle import distance_km, nearest, unit_vectors  # noqa: PLC0415

    at = pc.index_in(makers["product_id"], part_ids)
    makers = makers.append_column("at", at).filter(pc.is_valid(at)).sort_by("at")
    n, vague = len(part_ids), makers["is_vague"].to_numpy()
    position = [np.where(vague, np.nan, makers[axis].to_numpy()) for axis in POSITION]
    start_at = np.array([start["longitude"]]), np.array([start["latitude"]])
    part = makers["at"].to_numpy().astype(np.int64)
    found = nearest(
        np.searchsorted(part, np.arange(n + 1)),
        np.arange(makers.num_rows, dtype=np.int32),
        unit_vectors(*position),
        unit_vectors(*start_at)[0],
        np.empty(0),
    )
    firm = pc.rank(makers["org_id"], tiebreaker="dense").to_numpy().astype(np.int64)
    pair = part * (makers.num_rows + 1) + firm
    far = distance_km(position[0], position[1], start["longitude"], start["latitude"])
    within, anywhere = (
        np.bincount(np.unique(pairs) // (makers.num_rows + 1), minlength=n)
        for pairs in (pair[far <= radius_km], pair)
    )
    row = pa.array(found.nearest, mask=found.nearest < 0)
    return {name: makers[name].take(row).combine_chunks() for name in MAKER} | {
        "distance": found.distance_km,
        "within": within,
        "makers": anywhere,
        "unsure": np.bincount(part[np.isnan(position[0])], minlength=n) > 0,
        "unplaced": int(np.isnan(position[0]).sum() - vague.sum()),
        "vague": int(vague.sum()),
    }


def _summary(
    ends: tuple[Numbers, ...], weights: Weights, radius: float, synthetic: int, start: Start
) -> Iterator[Entry]:
    """The named numbers; ``ends`` are distances as found, at worst and at best."""
    from liantu.kernels import great_circle as sphere  # noqa: PLC0415

    distance, exact, nearer = ends
    n, ones = len(distance), np.ones(len(distance))
    yield Entry("parts", say("Parts"), n, synthetic=synthetic)
    if not n:
        return
    located, within = int(np.isfinite(distance).sum()), int((distance <= radius).sum())
    area_radius, nowhere = math.sqrt(radius / math.pi), n - located
    radii = np.array([radius, area_radius, *RADII_KM])
    shares = zip(*(sphere.coverage(far, ones, radii).tolist() for far in ends), strict=True)
    surely, at_most = (int((far <= radius).sum()) for far in (exact, nearer))
    at = Ref(start["origin_table"], start["origin"])
    base, title = say("of {parts:count} parts", parts=n), say("Parts within the radius")
    of = partial(Entry, base=base, unknown=nowhere, synthetic=synthetic)
    yield of("parts_within", title, within, low=surely, high=at_most)
    yield of("within_by_place", say("Of them, by their place only"), within - surely)
    yield of("coverage_second", say("Second maker within"), start["second"] / n, "share")
    yield of("located", say("Parts with a located maker"), located)
    yield of("unlocated", say("Parts without a located maker"), nowhere)
    titles = {
        "coverage": say("Reach at {radius:km} of {origin}", radius=radius, origin=at),
        "area_coverage": say("Reach in a circle of as many km²"),
    } | {f"coverage_{km:g}": say("Reach at {radius:km}", radius=km) for km in RADII_KM}
    for (name, title), (value, low, high) in zip(titles.items(), shares, strict=True):
        is_headline = name == "coverage"
        yield of(name, title, value, "share", headline=is_headline, low=low, high=high)
    for name, quantile in (("r50", 0.5), ("r90", 0.9)):
        title = say("Distance for {share:percent} of the parts", share=quantile)
        value, high, low = (sphere.weighted_quantile_km(far, ones, quantile) for far in ends)
        yield of(name, title, value, "km", low=low, high=high)
    value, low, high = (sphere.log_area(far, *RADII_KM[:: len(RADII_KM) - 1]) for far in ends)
    title = say("Mean reach on a log scale")
    yield of("log_area", title, value, "share", low=low, high=high)
    counts = (within, surely, at_most - nowhere)
    value, low, high = (count / located if located else None for count in counts)
    base = say("of {n:count} parts with a located maker", n=located)
    title, of = say("Reach of the located parts"), partial(Entry, synthetic=synthetic)
    yield of("coverage_of_located", title, value, "share", base, low=low, high=high)
    for name, (title, weight) in weights.items():
        known = np.isfinite(weight)
        held = [sphere.weighted_share(far[known], weight[known], radius) for far in ends]
        base = say("of {n:count} parts for which it is known", n=int(known.sum()))
        unknown = n - int((known & np.isfinite(distance)).sum())
        yield of(name, title, held[0], "share", base, unknown, low=held[1], high=held[2])
    yield Entry("area_radius", say("Radius of a circle of as many km²"), area_radius, "km")
    held_by = start["held_by"]
    yield Entry("origin_at", say("Distances start at"), held_by, value_of=start["held_in"])
    for axis in POSITION:
        yield Entry(f"origin_{axis}", say(f"Origin's {axis}"), start[axis], "degree")


def _left_out(near: dict[str, Any]) -> tuple[Sentence, ...]:
    nowhere = say("{n:count} rows of makers have no position at all.", n=near["unplaced"])
    vague = say("{n:count} rows of makers name only the origin's city.", n=near["vague"])
    return tuple(sentence for sentence in (nowhere, vague) if sentence.values["n"])


def _nowhere(origin: str) -> Problem:
    found, remedy = f'"{origin}", which has none', "add one to it, or to a place around it"
    return Problem("no-position", "an origin with a position", found, remedy, column="origin")
