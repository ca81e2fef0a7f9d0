"""How long permits and other services take, and whether what was promised is kept."""

import datetime as dt
import math
from collections.abc import Iterator
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.errors import Problem, Refusal, did_you_mean
from liantu.lens import lens
from liantu.methods.casework import (
    BASES,
    SUSPENDED,
    Casework,
    base_days,
    casework,
    curve,
    kept,
    share,
    summary,
)
from liantu.result import (
    Answer,
    Bars,
    Figure,
    Label,
    Lines,
    Mark,
    Ref,
    Row,
    Sentence,
    Series,
    rows_of,
    say,
)
from liantu.schema import Evidence, column

SHOWN_ITEMS, SHOWN_STEPS = 25, 3

READS = {
    "items": """
        select
          item_id, statutory_days, promised_days, baseline_days, baseline_year,
          evidence, source_id
        from service_items
        where evidence <> 'assumed'
          and (cast($item as varchar) is null or item_id = $item)
        order by item_id
    """,
    "events": """
        select case_id, item_id, activity, time, evidence = 'synthetic' as synthetic, source_id
        from service_events
        where evidence <> 'assumed'
          and (cast($as_of as date) is null or cast(time as date) <= $as_of)
          and (
            cast($item as varchar) is null
            or case_id in (select case_id from service_events where item_id = $item)
          )
    """,
    "record": """
        select max(cast(time as date)) as last from service_events where evidence <> 'assumed'
    """,
    "days": """
        select calendar, date, working, evidence, source_id
        from calendar_days
        where evidence <> 'assumed'
        order by calendar, date
    """,
}


class ServiceRow(Row):
    """One service item over its cases."""

    item_id: str = column("The service.", title="Service", references="service_items")
    cases: int = column("Cases that were accepted.", ge=0)
    open_cases: int = column("Of them not decided on the last day.", title="Open", ge=0)
    p50_days: float | None = column(
        "Half of the cases are decided within so many working days; open cases are reckoned "
        "with.",
        title="Half within",
        unit="working days",
        ge=0,
    )
    p90_days: float | None = column(
        "Nine tenths of the cases are decided within so many working days.",
        title="Nine tenths within",
        unit="working days",
        ge=0,
    )
    on_time_share: float | None = column(
        "Part of the cases decided, or open past the promise, that kept the promise.",
        title="Promise kept",
        unit="share",
        ge=0,
        le=1,
    )
    statutory_share: float | None = column(
        "Part of the cases decided, or open past the limit, that kept the statutory limit.",
        title="Limit kept",
        unit="share",
        ge=0,
        le=1,
    )
    vs_statutory: float | None = column(
        "How far the median is below the statutory limit: 1 - median / limit.",
        title="Below the limit",
        unit="share",
        le=1,
    )
    vs_promised: float | None = column(
        "How far the median is below the promise: 1 - median / promise.",
        title="Below the promise",
        unit="share",
        le=1,
    )
    vs_baseline: float | None = column(
        "How far the median is below what it took, or was promised, in the baseline year: "
        "1 - median / baseline.",
        title="Below the baseline",
        unit="share",
        le=1,
    )
    rework_share: float | None = column(
        "Part of the decided cases that had been decided before.",
        title="Rework",
        unit="share",
        ge=0,
        le=1,
    )
    promise_vs_statutory: float | None = column(
        "How far the promise itself is below the statutory limit: 1 - promise / limit.",
        unit="share",
        le=1,
        detail=True,
    )
    statutory_days: float | None = column(
        "What the law allows.", unit="working days", ge=0, detail=True
    )
    promised_days: float | None = column(
        "What the office promises.", unit="working days", ge=0, detail=True
    )
    baseline_days: float | None = column(
        "What it took before.", unit="working days", detail=True
    )
    baseline_year: int | None = column("When that was.", unit="year", detail=True)
    suspended_share: float | None = column(
        "Part of the working days from acceptance to decision in which the clock stood still.",
        unit="share",
        detail=True,
    )
    steps: list[str] = column(
        "Steps of the decided cases, named after the activity that ends them, or suspended.",
        title="Steps of a case",
        detail=True,
    )
    step_days: list[float] = column(
        "Mean working days of each step: means, for only they add up.",
        title="Days of each step",
        unit="working days",
        detail=True,
    )
    evidence: Evidence | None = column("Synthetic where any case or day is; blank if no case.")


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """Whether the promise is kept, how much quicker against which base, and where time goes."""
    values = {entry.name: entry.value for entry in answer.summary}
    if not values["cases"]:
        yield say(
            "No case with an acceptance is on record for this question. Import service_items, "
            "service_events and calendar_days."
        )
        return
    yield say(
        "{on_time_share:percent} of the cases kept the promise; of {cases:count} cases "
        "{open_cases:count} are still open.",
        **{name: values[name] for name in ("on_time_share", "cases", "open_cases")},
    )
    yield say(
        "The median is less than the statutory limit by {vs_statutory:percent}, than the "
        "promise by {vs_promised:percent}, than the baseline by {vs_baseline:percent}: "
        "different bases.",
        **{name: values[name] for name in ("vs_statutory", "vs_promised", "vs_baseline")},
    )
    if not answer.beside["days"].num_rows:
        yield say(
            "No calendar is on record: every Monday to Friday counts as a working day, a "
            "holiday too. Import calendar_days."
        )
    rows = [row for row in answer.table.to_pylist() if row["cases"]]
    yield _decided_within(answer, rows)
    rows = sorted(rows, key=lambda row: (-row["cases"], row["item_id"]))[:SHOWN_ITEMS]
    if len(rows) > 1:
        rows.sort(key=lambda row: (-(row["p50_days"] or math.inf), row["item_id"]))
        yield _quantiles(rows)
    if any(row["steps"] for row in rows):
        yield _step_bars(rows)


def _decided_within(answer: Answer, rows: list[dict[str, Any]]) -> Lines:
    """The share decided over time: in days for one item, as a part of the promise for more."""
    curve = answer.beside["curve"]
    marks: tuple[Mark, ...] = (Mark(1.0, say("the promise")),)
    if is_one := len(rows) == 1:
        words = {"promised_days": say("promise"), "statutory_days": say("statutory limit")}
        marks = tuple(Mark(rows[0][n], word) for n, word in words.items() if rows[0][n])
    return Lines(
        title=say("Decided within"),
        unit="share",
        x=tuple(curve["x"].to_pylist()),
        x_title=say("working days")
        if is_one
        else say("working days, as a multiple of the promise"),
        series=(Series(say("decided"), tuple(curve["share"].to_pylist()), emphasis=True),),
        step=True,
        top=1.0,
        marks=marks,
        caption=say(
            "The part of the accepted cases that is decided by then. Open cases count until "
            "the last day on record (Kaplan and Meier)."
        ),
    )


def _quantiles(rows: list[dict[str, Any]]) -> Bars:
    return Bars(
        title=say("Working days to the decision"),
        unit="working days",
        labels=tuple(Ref("service_items", row["item_id"]) for row in rows),
        series=(Series(say("half within"), tuple(row["p50_days"] for row in rows)),),
        high=tuple(row["p90_days"] for row in rows),
        limits=(
            Series(say("promise"), tuple(row["promised_days"] for row in rows)),
            Series(say("statutory limit"), tuple(row["statutory_days"] for row in rows)),
        ),
        synthetic=tuple(row["evidence"] == "synthetic" for row in rows),
        caption=say(
            "Point and number: half of the cases; end of the line: nine tenths. Strong line "
            "across: the promise; pale: the statutory limit."
        ),
    )


def _step_bars(rows: list[dict[str, Any]]) -> Bars:
    """The longest steps of all items, the others together, and the time suspended."""
    held = [dict(zip(row["steps"], row["step_days"], strict=True)) for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row["steps"]))
    total = {
        name: sum(
            row["cases"] * days.get(name, 0.0) for row, days in zip(rows, held, strict=True)
        )
        for name in names
        if name != SUSPENDED
    }
    longest = sorted(total, key=lambda name: (-total[name], name))[:SHOWN_STEPS]
    parts: list[tuple[Label, set[str]]] = [
        (say("{step:name}", step=name), {name}) for name in names if name in longest
    ]
    parts.append((say("other steps"), total.keys() - set(longest)))
    series = [
        Series(label, tuple(sum(days.get(n, 0.0) for n in sorted(part)) for days in held))
        for label, part in parts
        if part
    ]
    still = tuple(days.get(SUSPENDED, 0.0) for days in held)
    return Bars(
        title=say("Where the time goes"),
        unit="working days",
        labels=tuple(Ref("service_items", row["item_id"]) for row in rows),
        series=(*series, Series(say(SUSPENDED), still, "unknown")),
        caption=say(
            "Mean working days before each activity, of decided cases. One time a step is on "
            "record, so waiting and handling within a step are not told apart."
        ),
    )


@lens(
    "Service",
    group="Judgement",
    reads=READS,
    row=ServiceRow,
    show=show,
    example={"year": 2023},
)
def service(
    items: pa.Table,
    events: pa.Table,
    record: pa.Table,
    days: pa.Table,
    *,
    year: Annotated[
        int | None,
        Field(
            ge=1900,
            le=2200,
            description="Cases accepted in this year; all of them where blank.",
            json_schema_extra={"unit": "year"},
        ),
    ] = None,
    item: Annotated[
        str | None,
        Field(
            description="Only this service; all of them where blank.",
            json_schema_extra={"references": ["service_items"]},
        ),
    ] = None,
    calendar: Annotated[
        str | None,
        Field(description="Whose working days; the only calendar on record where blank."),
    ] = None,
    as_of: Annotated[
        dt.date | None,
        Field(description="What was known on this day; the last on record where blank."),
    ] = None,
) -> Answer:
    """How long does a permit take, and is the promise kept?

    The legal clock of a case runs over the working days in (acceptance, last decision]: the
    day of acceptance does not count, the day of decision does, and the time in which it is
    suspended is taken out. Days that the calendar does not name work Monday to Friday. Earlier
    decisions are rework. Half and nine tenths are quantiles of the Kaplan-Meier curve (1958),
    in which an open case counts until the last day: leaving it out would make everything look
    quicker. A promise is kept if the clock shows at most the days promised; an open case past
    them has broken it, any other open case is unknown. How far the median is below a base is
    1 - median / base, and there are three bases: the statutory limit, the promise, and the
    baseline year; over several items it is the median of each case's days as a part of its own
    item's base. Administrative Licensing Law of the PRC, articles 42, 44 and 82: 20 working
    days, without the time of hearings, tests and expert review. See conventions §12.
    """
    del item  # it has chosen the rows already
    last = as_of or record["last"][0].as_py() or dt.date(1970, 1, 1)
    chosen = _chosen(days, calendar)
    work = casework(events, items, chosen, last=last, year=year)
    return Answer(
        _rows(items, work),
        tuple(summary(items, work.cases)),
        work.said,
        beside={"curve": curve(items, work.cases), "days": chosen},
    )


def _chosen(days: pa.Table, calendar: str | None) -> pa.Table:
    """The days of the calendar that was asked for, or of the only one."""
    known = pc.unique(days["calendar"]).to_pylist()
    if calendar is None and len(known) < 2:
        return days
    if calendar in known:
        return days.filter(pc.equal(days["calendar"], calendar))
    remedy = did_you_mean(calendar or "", known) if known else "import calendar_days"
    found = "several, and none is named" if calendar is None else f'"{calendar}"'
    raise Refusal(
        Problem("unknown-calendar", "a calendar on record", found, remedy, column="calendar")
    )


def _rows(items: pa.Table, work: Casework) -> pa.Table:
    from liantu.kernels.kaplan_meier import survival  # noqa: PLC0415

    cases, n = work.cases, items.num_rows
    found = survival(cases.days.astype(float), cases.is_decided, group=cases.item, n_groups=n)
    p50, decided = found.quantile(0.5), cases.count(n, cases.is_decided)
    shares = {}
    for name, title in (("promised", "on_time_share"), ("statutory", "statutory_share")):
        days = items[f"{name}_days"].to_numpy().astype(float)
        within, past, _ = (cases.count(n, part) for part in kept(cases, days))
        shares[title] = share(within, within + past)
    step_days = share(work.steps.days, np.broadcast_to(decided[:, None], work.steps.days.shape))
    taken = [np.flatnonzero(row > 0) for row in work.steps.days]
    still = np.bincount(cases.item, cases.suspended * cases.is_decided, n)
    passed = still + np.bincount(cases.item, cases.days * cases.is_decided, n)
    counted, made_up = cases.count(n), cases.count(n, cases.is_made_up)
    evidence = [
        None if not of else "synthetic" if generated else "declared"
        for of, generated in zip(counted.tolist(), made_up.tolist(), strict=True)
    ]
    return rows_of(
        ServiceRow,
        {name: items[name] for name in ServiceRow.model_fields if name in items.column_names}
        | shares
        | {f"vs_{name}": 1 - p50 / base_days(items, name) for name in BASES}
        | {
            "cases": counted,
            "open_cases": counted - decided,
            "p50_days": p50,
            "p90_days": found.quantile(0.9),
            "rework_share": share(cases.count(n, cases.is_rework & cases.is_decided), decided),
            "promise_vs_statutory": 1
            - items["promised_days"].to_numpy().astype(float) / base_days(items, "statutory"),
            "suspended_share": share(still, passed),
            "steps": [[work.steps.names[k] for k in row] for row in taken],
            "step_days": [step_days[i, row].tolist() for i, row in enumerate(taken)],
            "evidence": evidence,
        },
    )
