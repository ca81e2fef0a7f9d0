"""What of a place's growth is that of the country, of its mix of activities, and its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.errors import Problem, Refusal
from liantu.lens import lens
from liantu.parameters import Measure, Place, PlaceIfAny, YearIfAny
from liantu.result import (
    Answer,
    Bars,
    Entry,
    Figure,
    Ref,
    Row,
    Sentence,
    Series,
    rows_of,
    say,
)
from liantu.schema import Evidence, column

Numbers = np.ndarray[Any, Any]
Method = Literal["classic", "esteban_marquillas", "dynamic"]
PARTS = ("national", "mix", "local", "allocation")
SHOWN = 20

READS = {
    "figures": """
        select
          place_id, place_id = $place as is_place, activity, scheme, year, value, unit,
          synthetic, source_id
        from activity_figures
        where measure = $measure
          and (
            place_id = $place
            or place_id = coalesce($reference, (
              select country_id from countries where place_id = $place
            ))
          )
        order by place_id, activity, scheme, year, unit
    """,
    "countries": """
        select coalesce($reference, country_id) as place_id
        from countries
        where place_id = $place
    """,
}


class ShiftShareRow(Row):
    """One activity of the place."""

    activity: str = column("The activity.", references="codes")
    base: float = column("The figure of the place at the start.", ge=0)
    end: float = column("The figure of the place at the end.", ge=0)
    change: float = column("What it has grown by.")
    national: float = column("What it would have grown by at the rate of all of the reference.")
    mix: float = column("What the activity's own rate in the reference adds to that.")
    local: float = column("What is left: the place grew more than the activity did.")
    allocation: float | None = column(
        "What of it the place owes to its specialisation; blank unless by Esteban-Marquillas."
    )
    unit: str | None = column("Unit of all of them.")
    evidence: Evidence = column("Synthetic where a figure behind it is.")


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """The three parts of the growth, and the activities in which the place gained most."""
    place = Ref("places", answer.params["place"])
    if not answer.table.num_rows:
        yield say(
            "No figures of {measure} by activity are on record for {place}. Import its "
            "observations of two years or more.",
            measure=answer.params["measure"],
            place=place,
        )
        return
    values = {entry.name: entry.value for entry in answer.summary}
    change = answer.entry("change")
    yield say(
        "{place} changed by {change:{unit}} from {start:year} to {end:year}: {national:{unit}} "
        "national growth, {mix:{unit}} mix, {local:{unit}} its own.",
        place=place,
        unit=change.unit,
        **{
            name: values[name]
            for name in ("change", "start", "end", "national", "mix", "local")
        },
    )
    rows = answer.table.to_pylist()
    by_local = sorted(rows, key=lambda row: (-row["local"], row["activity"]))
    if len(rows) > 1:
        yield say(
            "Beyond what the activity grew everywhere, most was gained in {best:name} "
            "({most:{unit}}), least in {worst:name} ({least:{unit}}).",
            unit=change.unit,
            best=Ref("codes", by_local[0]["activity"]),
            most=by_local[0]["local"],
            worst=Ref("codes", by_local[-1]["activity"]),
            least=by_local[-1]["local"],
        )
        yield _totals(answer)
        yield _local(by_local, change.unit)


def _totals(answer: Answer) -> Bars:
    names = [name for name in PARTS if name in {entry.name for entry in answer.summary}]
    entries = [answer.entry(name) for name in names]
    return Bars(
        title=say("Parts of the growth"),
        unit=entries[0].unit,
        labels=tuple(entry.title for entry in entries),
        series=(Series(say("Change"), tuple(float(entry.value or 0) for entry in entries)),),
        synthetic=tuple(entry.synthetic > 0 for entry in entries),
        caption=say(
            "They add up to the change. What is its own says nothing of the reason: it is what "
            "the other parts leave."
        ),
    )


def _local(rows: Sequence[dict[str, Any]], unit: str | None) -> Bars:
    """The activities that gained and lost most beyond what they did everywhere."""
    half = SHOWN // 2
    shown = rows if len(rows) <= SHOWN else [*rows[:half], *rows[-half:]]
    return Bars(
        title=say("Local growth by activity"),
        unit=unit,
        labels=tuple(Ref("codes", row["activity"]) for row in shown),
        series=(Series(say("Local"), tuple(row["local"] for row in shown)),),
        synthetic=tuple(row["evidence"] == "synthetic" for row in shown),
        caption=say("Growth beyond that of the same activity in the reference."),
    )


@lens(
    "Shift-share",
    group="Place",
    reads=READS,
    row=ShiftShareRow,
    show=show,
    example={"measure": "employment", "place": "zhuzhou", "start": 2018, "end": 2023},
)
def shift_share(
    figures: pa.Table,
    countries: pa.Table,
    *,
    measure: Measure = "employment",
    place: Place,
    start: Annotated[YearIfAny, Field(description="From; the first year where blank.")] = None,
    end: Annotated[YearIfAny, Field(description="To; the last year where blank.")] = None,
    reference: Annotated[
        PlaceIfAny, Field(description="Compared with; the country of the place where blank.")
    ] = None,
    method: Annotated[
        Method,
        Field(description="How the parts are found; dynamic adds them up year by year."),
    ] = "classic",
) -> Answer:
    """Has a place grown with the country, by its mix of activities, or on its own?

    For each activity, with base E0 and end E1 in the place, growth g of all of the reference,
    g_i and r_i of the activity in the reference and the place (Dunn 1960): national E0 g, mix
    E0 (g_i - g), local E0 (r_i - g_i). They add up to E1 - E0. By Esteban-Marquillas (1972) the
    local part is that of the base which the place would have with the mix of the reference, and
    allocation is the rest; dynamic adds up every year on record (Barff and Knight 1988). What
    begins from 0 is local. An activity without a figure in one of the years is left out.
    """
    del reference
    if not pc.any(figures["is_place"]).as_py():
        return Answer(rows_of(ShiftShareRow, {name: [] for name in ShiftShareRow.model_fields}))
    problems = list(_problems(figures, place, countries["place_id"].to_pylist(), measure))
    if problems:
        raise Refusal(problems)
    panel = _panel(figures, start, end, every=method == "dynamic")
    return Answer(_rows(panel, method), tuple(_summary(panel, method)), tuple(_left_out(panel)))


@dataclass(frozen=True, slots=True)
class _Panel:
    """Figures of the place and the reference for t years and m activities; NaN for none.

    ``usable`` are the activities with every figure that is needed, in the reference from above
    0; ``held`` those of them that the place has. ``synthetic`` marks activities.
    """

    years: list[int]
    activities: list[str]
    place: Numbers
    reference: Numbers
    synthetic: Numbers
    unit: str | None

    @property
    def usable(self) -> Numbers:
        """Activities whose growth in the reference is known."""
        known = np.isfinite(self.reference).all(axis=0)
        return np.asarray(known & (np.nan_to_num(self.reference[:-1]) > 0).all(axis=0))

    @property
    def held(self) -> Numbers:
        """Those of them that the place has in every year."""
        return np.asarray(self.usable & np.isfinite(self.place).all(axis=0))


def _problems(
    figures: pa.Table, place: str, references: list[str | None], measure: str
) -> Iterator[Problem]:
    """What keeps the place from being set against the reference."""
    if place in references:
        remedy = "name another place as reference, such as the province or the country"
        yield Problem("own-reference", "a reference other than the place", place, remedy)
        return
    if pc.all(figures["is_place"]).as_py():
        yield Problem(
            "no-reference",
            f"figures of {measure} by activity of a reference",
            f"none of {references[0]}" if references else f"no country around {place}",
            "import observations of the reference, or name another one under reference",
            column="reference",
        )
        return
    units = [unit or "no unit" for unit in pc.unique(figures["unit"]).to_pylist()]
    if len(units) > 1:
        remedy = "import all figures in one unit and currency, or choose another measure"
        yield Problem("mixed-units", "figures in one unit", ", ".join(sorted(units)), remedy)
    schemes = sorted(filter(None, pc.unique(figures["scheme"]).to_pylist()))
    if schemes or None in pc.unique(figures["year"]).to_pylist():
        yield Problem(
            "no-years",
            "figures of two years",
            f"a count of {measure} as they are now",
            "choose a measure with figures of several years, such as employment",
            column="measure",
        )
    wrong = figures.filter(pc.less(figures["value"], 0)).slice(0, 3).to_pylist()
    if wrong:
        cells = [f"{row['value']:g} ({row['place_id']}, {row['activity']})" for row in wrong]
        yield Problem(
            "negative-figure",
            "figures from 0 on",
            ", ".join(cells),
            "correct it in observations, or choose another measure",
            column="value",
        )


def _panel(figures: pa.Table, start: int | None, end: int | None, *, every: bool) -> _Panel:
    """The figures of the first and last year, or of every year on record between them."""
    sides = [
        figures.filter(figures["is_place"]),
        figures.filter(pc.invert(figures["is_place"])),
    ]
    known = sorted(set.intersection(*(set(side["year"].to_pylist()) for side in sides)))
    first, last = (known or [0])[0], (known or [0])[-1]
    years = [first if start is None else start, last if end is None else end]
    if problems := list(_wrong_years(years, known, start, end)):
        raise Refusal(problems)
    if every:
        years = [year for year in known if years[0] <= year <= years[1]]
    activities = sorted(pc.unique(figures["activity"]).to_pylist())
    grids = [np.full((len(years), len(activities)), np.nan) for _ in sides]
    synthetic = np.zeros(len(activities), dtype=bool)
    for side, grid in zip(sides, grids, strict=True):
        kept = side.filter(pc.is_in(side["year"], pa.array(years, pa.int64())))
        t = pc.index_in(kept["year"], pa.array(years, pa.int64())).to_numpy()
        k = pc.index_in(kept["activity"], pa.array(activities)).to_numpy()
        grid[t, k] = kept["value"].to_numpy()
        synthetic |= np.bincount(k, kept["synthetic"].to_numpy(), len(activities)) > 0
    unit = figures["unit"][0].as_py()
    panel = _Panel(years, activities, grids[0], grids[1], synthetic, unit)
    if not panel.held.any():
        raise Refusal(
            Problem(
                "no-activity",
                "an activity with a figure in every year asked for, of both",
                f"none of {len(activities)}",
                "choose other years or another reference, or import its observations",
            )
        )
    return panel


def _wrong_years(
    years: list[int], known: list[int], start: int | None, end: int | None
) -> Iterator[Problem]:
    listed = ", ".join(map(str, known)) or "none"
    if len(known) < 2:
        yield Problem(
            "too-few-years",
            "two years with figures of both the place and the reference",
            listed,
            "import observations of another year",
        )
        return
    for name, year in (("start", start), ("end", end)):
        if year is not None and year not in known:
            remedy = f"give one of {listed}, or leave it blank"
            expected = "a year with figures of both the place and the reference"
            yield Problem("no-such-year", expected, str(year), remedy, column=name)
    if years[0] >= years[1]:
        found = f"{years[0]} and {years[1]}"
        yield Problem("no-span", "a start before the end", found, "correct one", column="start")


def _parts(panel: _Panel, method: Method) -> dict[str, Numbers]:
    """The parts of each activity that the place has, by name."""
    from liantu.kernels.shift_share import shift_share as parts_of  # noqa: PLC0415

    usable, held = panel.usable, panel.held
    own = np.where(held, np.nan_to_num(panel.place), 0.0)[:, usable]
    parts = parts_of(own, panel.reference[:, usable], method)
    return {name: np.asarray(getattr(parts, name))[held[usable]] for name in PARTS}


def _rows(panel: _Panel, method: Method) -> pa.Table:
    held = panel.held
    parts = _parts(panel, method)
    names = np.flatnonzero(held)
    if method != "esteban_marquillas":
        parts["allocation"] = np.full(len(names), np.nan)
    base, end = panel.place[0, held], panel.place[-1, held]
    return rows_of(
        ShiftShareRow,
        parts
        | {
            "activity": [panel.activities[k] for k in names],
            "base": base,
            "end": end,
            "change": end - base,
            "unit": [panel.unit] * len(names),
            "evidence": np.where(panel.synthetic[held], "synthetic", "declared").tolist(),
        },
    )


def _summary(panel: _Panel, method: Method) -> Iterator[Entry]:
    held = panel.held
    n, marked = int(held.sum()), int(panel.synthetic[held].sum())
    yield Entry("start", say("From"), panel.years[0], "year")
    yield Entry("end", say("To"), panel.years[-1], "year")
    base = say("in {n:count} activities with a figure in every year asked for", n=n)
    unknown = int((np.isfinite(panel.place).any(axis=0) & ~held).sum())
    parts = _parts(panel, method)
    whole = panel.place[:, held].sum(axis=1)
    totals = {"change": whole[-1] - whole[0]} | {k: v.sum() for k, v in parts.items()}
    if method != "esteban_marquillas":
        del totals["allocation"]
    titles = {
        "change": say("Change"),
        "national": say("National growth"),
        "mix": say("Mix of activities"),
        "local": say("Its own growth"),
        "allocation": say("Allocation"),
    }
    for name, total in totals.items():
        yield Entry(name, titles[name], float(total), panel.unit, base, unknown, marked)


def _left_out(panel: _Panel) -> Iterator[Sentence]:
    known = np.isfinite(panel.place).any(axis=0)
    gone = np.asarray(known & ~np.isfinite(panel.place).all(axis=0))
    apart = np.asarray(known & ~gone & ~panel.usable)
    if gone.any():
        yield say(
            "{n:count} activities have no figure of the place in one of the years: "
            "{names:name}. Whether they came or went is not known.",
            n=int(gone.sum()),
            names=_named(panel, gone),
        )
    if apart.any():
        yield say(
            "{n:count} activities have no growth in the reference to compare with: "
            "{names:name}.",
            n=int(apart.sum()),
            names=_named(panel, apart),
        )


def _named(panel: _Panel, chosen: Numbers) -> str:
    names = [panel.activities[k] for k in np.flatnonzero(chosen)]
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
