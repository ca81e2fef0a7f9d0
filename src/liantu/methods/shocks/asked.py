"""What is asked to stop: the parameters that lenses share, and what may be wrong with them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.errors import Problem, nearest_record
from liantu.parameters import WHAT_STOPS, Fraction, Organisations, Places, Sites


def _stopping(table: str) -> dict[str, Any]:
    return WHAT_STOPS | {"references": [table]}


StoppedOrganisations = Annotated[
    Organisations,
    Field(
        title="Organisations",
        description="Organisations that stop.",
        json_schema_extra=_stopping("organisations"),
    ),
]
StoppedSites = Annotated[
    Sites,
    Field(
        title="Sites",
        description="Sites that stop: their share of their firm's capacity.",
        json_schema_extra=_stopping("sites"),
    ),
]
StoppedPlaces = Annotated[
    Places,
    Field(
        title="Places",
        description="Places in which every site stops.",
        json_schema_extra=_stopping("places"),
    ),
]
Stopped = Annotated[
    Fraction, Field(title="Part that stops", description="The part of each that stops.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """What is asked to stop, as the parameters of a lens give it."""

    orgs: Sequence[str] = ()
    sites: Sequence[str] = ()
    places: Sequence[str] = ()
    partners: Sequence[str] = ()
    circle: Sequence[float] = ()
    fraction: float = 1.0


def faults(
    stop: Stop,
    bases: pa.Table,
    imports: pa.Table,
    origins: pa.Table,
    *,
    is_circle_empty: bool,
) -> Iterator[Problem]:
    """What is wrong with what is asked for, all at once."""
    if not (stop.orgs or stop.sites or stop.places or stop.partners or stop.circle):
        expected = "something that stops: an organisation, site, place, import source or circle"
        remedy = "give orgs, sites, places, partners or circle"
        yield Problem("missing-parameter", expected, "none", remedy, column="orgs")
    wrong = list(misdrawn(stop.circle))
    yield from wrong
    if stop.circle and not wrong and is_circle_empty:
        longitude, latitude, radius = stop.circle
        found = f"none within {radius:g} km of {longitude:g}, {latitude:g}"
        remedy = "widen the circle, or add longitude and latitude to sites"
        yield Problem(
            "nothing-inside", "a circle with a site inside", found, remedy, column="circle"
        )
    known = named(bases["partner"]) | named(imports["partner"])
    for partner in stop.partners:
        if partner not in known:
            yield _unknown_partner(partner, origins)


def named(cells: pa.ChunkedArray) -> set[str]:
    """Every name in cells that hold several, parted by semicolons."""
    texts = pc.unique(cells).drop_null().to_pylist()
    return {name for text in texts for name in text.split(";")}


def _unknown_partner(partner: str, origins: pa.Table) -> Problem:
    """Why nothing comes from an import source: its name is unknown, or none of its goods is."""
    expected = "a country with an organisation on record, or of imports of a bought good"
    remedy = "correct it, or import organisations, trade and product_codes"
    country, _, code = partner.partition(":")
    rows = origins.select(["partner", "name", "name_local"]).to_pylist()
    names = {name: row["partner"] for row in rows for name in row.values() if name}
    if not country:
        remedy = "write the country before the code, as in DEU:8501"
    elif country.casefold() not in {name.casefold() for name in names}:
        ids = list(dict.fromkeys(names.values()))
        remedy = nearest_record(country, ids, names) if ids else remedy
    elif code:
        expected = "a good from there that is bought, by a code in product_codes"
    return Problem("unknown-partner", expected, f'"{partner}"', remedy, column="partners")


def misdrawn(circle: Sequence[float]) -> Iterator[Problem]:
    """What keeps three numbers from being a circle on the Earth; nothing asked is no fault."""
    if not circle:
        return
    if len(circle) != 3:
        expected = "three numbers: longitude, latitude, and the radius in km"
        found, remedy = f"{len(circle)} of them", "write it as 113.13,27.83,5"
        yield Problem("bad-parameter", expected, found, remedy, column="circle")
        return
    bounds = (("a longitude", 180.0), ("a latitude", 90.0))
    for (name, most), degree in zip(bounds, circle[:2], strict=True):
        if abs(degree) > most:
            expected = f"{name} from -{most:g} to {most:g}"
            remedy = "give longitude, latitude and km in this order"
            yield Problem("bad-parameter", expected, f"{degree:g}", remedy, column="circle")
    if not 0 < circle[2] <= math.pi * 6371.0088:
        expected, remedy = "a radius above 0 km, at most 20015", "give the radius as third"
        yield Problem("bad-parameter", expected, f"{circle[2]:g}", remedy, column="circle")


def idle(stop: Stop, n_outside: int) -> Problem:
    """Why a shock stops nothing: ``n_outside`` organisations that it hits have no link."""
    expected = "something that stops a firm with a recorded supply link"
    found, remedy = f"{n_outside} organisations without one", "give another, or import supplies"
    if stop.partners and not n_outside:
        found = "imports of goods for which no import_share is observed"
    elif not n_outside:
        found = "no organisation or site on record there"
        remedy = "give another, or import organisations; give a source of imports as partners"
    return Problem("nothing-stops", expected, found, remedy)
