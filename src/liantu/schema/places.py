"""Where things are, and who says so."""

import datetime as dt
from typing import Literal

from liantu.schema.column import Table, column

Datum = Literal["wgs84", "gcj02", "bd09"]
Longitude = float | None
Latitude = float | None


class Sources(Table):
    """A document, register or person that facts were read from."""

    source_id: str = column(
        "Short name of the source, as rows cite it.", title="Source", key=True
    )
    title: str = column("Title of the source.")
    publisher: str | None = column("Who published it.")
    url: str | None = column("Where it may be read.", title="Address")
    published: str | None = column(
        "When it was published, as precisely as is known: 2023-08.", is_day=True
    )
    note: str | None = column("What a reader should know of it: its kind, its quality.")


class Places(Table):
    """A country, province, city, district or park; each lies in its parent."""

    place_id: str = column("Identifier of the place.", title="Place", key=True)
    name: str = column("Name.")
    name_local: str | None = column("Name in the local language.", title="Local name")
    level: Literal["country", "province", "city", "district", "park"] | None = column(
        "Level of the place."
    )
    parent_id: str | None = column(
        "The place it lies in.", title="Lies in", references="places"
    )
    longitude: Longitude = column(
        "Longitude of its centre, east positive.", unit="degree", ge=-180, le=180
    )
    latitude: Latitude = column(
        "Latitude of its centre, north positive.", unit="degree", ge=-90, le=90
    )
    datum: Datum | None = column(
        "Datum of the position: wgs84 where blank; the others are converted at import."
    )
    boundary: str | None = column("Outline of the place, as GeoJSON.")


class CalendarDays(Table):
    """A day on which the calendar differs from Monday to Friday."""

    calendar: str = column("Name of the calendar.", key=True)
    date: dt.date = column("The day.", key=True)
    working: bool = column(
        "False is a holiday, true a made-up working day.", title="Working day"
    )
