"""Who there is, where they work, with whom, and what they are recognised as."""

import datetime as dt
from typing import Literal

from liantu.schema.column import Table, column
from liantu.schema.places import Datum, Latitude, Longitude


class Organisations(Table):
    """A company, university, institute or agency."""

    org_id: str = column("Identifier of the organisation.", title="Organisation", key=True)
    name: str = column("Name.")
    name_local: str | None = column("Name in the local language.", title="Local name")
    kind: Literal["company", "university", "institute", "agency", "other"] | None = column(
        "What it is."
    )
    place_id: str | None = column("Where it is.", references="places")
    parent_org_id: str | None = column(
        "The organisation it belongs to.", title="Parent", references="organisations"
    )
    registration_no: str | None = column(
        "Number in the register of enterprises.", title="Registration number"
    )
    founded: int | None = column("Year in which it was founded.", unit="year", ge=1000, le=2200)


class OtherNames(Table):
    """A name that an organisation had, or has beside its own; files may call it by that."""

    org_id: str = column(
        "The organisation.", title="Organisation", key=True, references="organisations"
    )
    other_name: str = column("The other name.", key=True)
    kind: Literal["former", "short", "merged"] | None = column(
        "What it is: a former name, a short one, or that of a row that was merged into this."
    )


class Sites(Table):
    """Works, laboratories and offices: the places where an organisation works."""

    site_id: str = column("Identifier of the site.", title="Site", key=True)
    org_id: str = column("Who works there.", title="Organisation", references="organisations")
    place_id: str | None = column("The place it lies in.", references="places")
    name: str | None = column("Name of the site.")
    kind: Literal["plant", "lab", "office", "warehouse"] | None = column("What it is.")
    longitude: Longitude = column(
        "Longitude of the site, east positive.", unit="degree", ge=-180, le=180
    )
    latitude: Latitude = column(
        "Latitude of the site, north positive.", unit="degree", ge=-90, le=90
    )
    datum: Datum | None = column(
        "Datum of the position: wgs84 where blank; the others are converted at import."
    )


class Activities(Table):
    """What an organisation does, in the codes of a classification of industries."""

    org_id: str = column(
        "The organisation.", title="Organisation", key=True, references="organisations"
    )
    scheme: str = column("The classification, such as GB/T 4754.", key=True)
    code: str = column("Code in the classification.", key=True)
    main: bool | None = column("Whether it is the main activity.", title="Main activity")


class Codes(Table):
    """What a code in a classification of industries is called."""

    code: str = column("Code in the classification.", key=True)
    scheme: str = column("The classification, such as GB/T 4754.", key=True)
    name: str = column("Name.")
    name_local: str | None = column("Name in the local language.", title="Local name")


class Recognitions(Table):
    """An official title that an organisation was given."""

    org_id: str = column(
        "The organisation.", title="Organisation", key=True, references="organisations"
    )
    scheme: str = column("Who gives the title, such as MIIT.", key=True)
    title: str = column("The title.", key=True)
    year: int = column("Year in which it was given.", unit="year", key=True, ge=1900, le=2200)
    valid_until: dt.date | None = column("Last day on which it is valid.")


class Platforms(Table):
    """A laboratory, technology centre or innovation centre."""

    platform_id: str = column("Identifier of the platform.", title="Platform", key=True)
    name: str = column("Name.")
    kind: str | None = column("What it is, such as key laboratory.")
    level: Literal["national", "provincial", "municipal"] | None = column("Who approved it.")
    org_id: str | None = column(
        "Who hosts it.", title="Organisation", references="organisations"
    )
    place_id: str | None = column("Where it is.", references="places")
    field: str | None = column("Field of work.")
    year: int | None = column("Year of approval.", unit="year", ge=1900, le=2200)


class Collaborations(Table):
    """Two organisations that work together."""

    org_a: str = column(
        "One of the two.", title="Organisation A", key=True, references="organisations"
    )
    org_b: str = column(
        "The other one.", title="Organisation B", key=True, references="organisations"
    )
    kind: str = column("How: joint patent, joint project, licence.", key=True)
    year: int | None = column("Year.", unit="year", key=True, ge=1900, le=2200)
    count: int | None = column("How many.", ge=0)
