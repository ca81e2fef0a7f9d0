"""Figures that were observed, and the record of services and firsts."""

import datetime as dt
from typing import Literal

from liantu.schema.column import Table, column


class Observations(Table):
    """A figure that a source gives for a place, organisation, chain or product."""

    subject_kind: Literal["place", "org", "chain", "product"] = column(
        "What the figure is about.", key=True
    )
    subject_id: str = column(
        "Which one.",
        title="Subject",
        key=True,
        references=("places", "organisations", "chains", "products"),
        depends_on="subject_kind",
    )
    measure: str = column("What was measured, such as output.", key=True)
    activity: str | None = column(
        "The part of the subject that is meant: a chain, an activity code, a product.", key=True
    )
    year: int = column("Year.", unit="year", key=True, ge=1900, le=2200)
    scope: str | None = column("Short name of what is counted, where figures differ.", key=True)
    source_id: str | None = column(
        "Where the figure was read; two sources may differ.",
        title="Source",
        key=True,
        references="sources",
        separator=";",
    )
    value: float = column("The figure, in the unit given.")
    unit: str | None = column("Unit of the figure.")
    scope_note: str | None = column("What is counted, in words.")
    comparability: Literal["same", "near", "other", "partial_period", "target"] | None = column(
        "Whether the figure may be set beside the others of its measure."
    )


class Milestones(Table):
    """A first, a sale, a trial or an entry into service."""

    milestone_id: str = column("Identifier of the milestone.", title="Milestone", key=True)
    kind: Literal[
        "first_domestic", "import_substituted", "export_order", "trial_operation", "in_service"
    ] = column("What happened.")
    product_id: str | None = column(
        "With which product.", title="Product", references="products"
    )
    org_id: str | None = column("Whose.", title="Organisation", references="organisations")
    place_id: str | None = column("Where.", references="places")
    date: str | None = column("When, as precisely as is known: 2021-11.", is_day=True)
    note: str | None = column("In words.")


class ServiceItems(Table):
    """A permit or other service that an office gives, and how long it may take."""

    item_id: str = column("Identifier of the service.", title="Service", key=True)
    name: str = column("Name.")
    authority: str | None = column("The office, by its role.")
    statutory_days: float | None = column("What the law allows.", unit="working days", ge=0)
    promised_days: float | None = column("What the office promises.", unit="working days", ge=0)
    baseline_days: float | None = column("What it took before.", unit="working days", ge=0)
    baseline_year: int | None = column("When that was.", unit="year", ge=1900, le=2200)


class ServiceEvents(Table):
    """A step in the handling of a case."""

    case_id: str = column("The case.", title="Case", key=True)
    item_id: str = column("The service.", title="Service", references="service_items")
    activity: str = column(
        "The step: accept, suspend, resume, decide, or a free one.", key=True
    )
    time: dt.datetime = column("When.", key=True)
