"""What each place is known for: the activities that weigh more in it than elsewhere."""

from collections.abc import Iterator
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.errors import Problem, Refusal
from liantu.lens import lens
from liantu.methods.activity_matrix import Matrix, activity_matrix, check_year
from liantu.parameters import Level, Measure, PlaceIfAny, SchemeIfAny, YearIfAny
from liantu.result import (
    Answer,
    Bars,
    Entry,
    Figure,
    Heat,
    Ref,
    Row,
    Sentence,
    Series,
    rows_of,
    say,
)
from liantu.schema import Evidence, column

Numbers = np.ndarray[Any, Any]
SHOWN = 20
INDICES = ("krugman", "hoover", "hachman", "herfindahl", "entropy")

READS = {
    "figures": """
        select place_id, activity, scheme, year, value, unit, synthetic, source_id
        from (
          select
            place_id, activity, scheme, year, value, unit, synthetic, source_id,
            max(year) over () as latest
          from activity_figures
          where measure = $measure
            and level = $level
            and ($scheme is null or scheme is null or scheme = $scheme)
        ) as of_level
        where year is null or year = coalesce($year, latest)
        order by place_id, activity, scheme, unit
    """,
    "known": """
        select distinct measure, level, year
        from activity_figures
        where measure <> 'organisations' and measure = $measure
        order by measure, level, year
    """,
    "asked": """
        select place_id, level from places where place_id = $place
    """,
}


class SpecialisationRow(Row):
    """One activity of one place."""

    place_id: str = column("The place.", title="Place", references="places")
    activity: str = column("The activity.", references="codes")
    value: float = column("The figure, in the unit of the measure.", ge=0)
    share: float = column("Share of the activity in the place.", unit="share", ge=0, le=1)
    rca: float | None = column(
        "Location quotient: that share over the share in all places of the level together.",
        title="Location quotient",
        ge=0,
    )
    rca_low: float | None = column(
        "Low end of 95 in 100 for a count; blank for what is not counted.",
        title="Quotient, low",
        ge=0,
    )
    rca_high: float | None = column("High end of the same.", title="Quotient, high", ge=0)
    rca_symmetric: float | None = column(
        "The quotient between −1 and 1; 0 where the shares are equal.",  # noqa: RUF001
        title="Symmetric quotient",
        ge=-1,
        le=1,
        detail=True,
    )
    mcp: bool = column("Whether the quotient reaches the threshold.", title="Known for")
    evidence: Evidence = column("Synthetic where the figure is.")


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """What the place is known for, how far its structure is its own, and what is not known."""
    table, place = answer.table, answer.params["place"]
    if not table.num_rows:
        yield say(
            "No figure by activity is on record here. Import activities of organisations, or "
            "observations of places by activity."
        )
        return
    order = pc.sort_indices(
        table, [("rca", "descending"), ("value", "descending"), ("place_id", "ascending")]
    )
    first = table.take(order.slice(0, 1)).to_pylist()[0]
    ref = Ref("places", first["place_id"])
    if answer.entry("places").value == 1:
        yield say(
            "Only {place} has such figures. It is compared with itself: every quotient is 1, "
            "and says nothing. Import figures of other places.",
            place=ref,
        )
        return
    yield say(
        "{place} is known most for {activity:name}: its share there is {rca:decimal} times "
        "that of all {places:count} places.",
        place=ref,
        activity=Ref("codes", first["activity"]),
        rca=first["rca"],
        places=answer.entry("places").value,
    )
    yield say(
        "{share:percent} of {place} would have to change its activity to be like all places. "
        "It is known for {known_for:count} of {activities:count} activities.",
        place=ref,
        share=answer.entry("hoover", ref).value,
        known_for=answer.entry("known_for", ref).value,
        activities=answer.entry("activities").value,
    )
    filled = answer.entry("filled")
    if filled.unknown:
        yield say(
            "{missing:count} pairs of place and activity have no figure. They count as "
            "nothing, which may only mean that nobody has looked.",
            missing=answer.entry("missing").value,
        )
    yield _bars(table.take(order), answer) if place else _grid(table)


def _bars(rows: pa.Table, answer: Answer) -> Bars:
    """The activities of the place by their quotient."""
    shown: list[dict[str, Any]] = rows.slice(0, SHOWN).to_pylist()
    ends = [tuple(row[name] for row in shown) for name in ("rca", "rca_low", "rca_high")]
    is_counted = any(end is not None for end in ends[1])
    return Bars(
        title=say("Location quotients"),
        unit="times the share in all places",
        labels=tuple(Ref("codes", row["activity"]) for row in shown),
        series=(Series(say("Location quotient"), ends[0]),),
        low=ends[1] if is_counted else (),
        high=ends[2] if is_counted else (),
        synthetic=tuple(row["evidence"] == "synthetic" for row in shown),
        caption=say(
            "From {threshold:decimal} on the place counts as known for it. The line is the "
            "range of 95 in 100 that a count of this size leaves open.",
            threshold=answer.params["threshold"],
        ),
    )


def _grid(table: pa.Table) -> Heat:
    """The quotients of the largest places and activities."""
    largest = [
        table.group_by(name)
        .aggregate([("value", "sum")])
        .sort_by([("value_sum", "descending"), (name, "ascending")])[name]
        .slice(0, SHOWN)
        .to_pylist()
        for name in ("place_id", "activity")
    ]
    kept = table.filter(
        pc.and_(
            pc.is_in(table["place_id"], pa.array(largest[0], pa.string())),
            pc.is_in(table["activity"], pa.array(largest[1], pa.string())),
        )
    )
    held = {(row["place_id"], row["activity"]): row["rca"] for row in kept.to_pylist()}
    return Heat(
        title=say("Location quotients"),
        unit="times the share in all places",
        rows=tuple(Ref("places", place) for place in largest[0]),
        columns=tuple(Ref("codes", activity) for activity in largest[1]),
        values=tuple(tuple(held.get((p, a)) for a in largest[1]) for p in largest[0]),
        caption=say(
            "The largest places and activities; an empty cell has no figure on record."
        ),
    )


@lens(
    "Specialisation",
    group="Place",
    reads=READS,
    row=SpecialisationRow,
    show=show,
    example={"measure": "employment", "place": "zhuzhou"},
)
def specialisation(  # noqa: PLR0913 - one for each table and parameter
    figures: pa.Table,
    known: pa.Table,
    asked: pa.Table,
    *,
    measure: Measure = "employment",
    year: YearIfAny = None,
    scheme: SchemeIfAny = None,
    level: Level = "city",
    threshold: Annotated[
        float,
        Field(gt=0, le=1000, description="Known for it is what has this quotient or more."),
    ] = 1.0,
    place: Annotated[
        PlaceIfAny, Field(description="Only this place; every place of the level where blank.")
    ] = None,
) -> Answer:
    """What is each place known for?

    The location quotient, or revealed comparative advantage (Balassa 1965), is the share of an
    activity in a place over its share in all places of the level: (X_cp / X_c) / (X_p / X). Its
    interval takes a count as Poisson (Byar's approximation of the exact limits). For each
    place: Krugman's sum of |s_cp - s_p|, Hoover's half of it, Hachman's 1 / sum(LQ s), the
    Herfindahl index sum(s s), and entropy to base 2. A pair without a figure counts as nothing.
    With the measure ``organisations`` they are counted by place and main activity.
    """
    del scheme
    if problems := [
        _elsewhere(row, level) for row in asked.to_pylist() if row["level"] != level
    ]:
        raise Refusal(problems)
    if not figures.num_rows:
        check_year(known, measure, level, year)
        return Answer(
            rows_of(SpecialisationRow, {n: [] for n in SpecialisationRow.model_fields})
        )
    matrix = activity_matrix(figures, min_total=0.0, rca_threshold=threshold)
    if place and place not in matrix.places:
        raise Refusal(_without_figure(place, measure, matrix))
    chosen = np.array(
        [name in (place, name if place is None else None) for name in matrix.places]
    )
    return Answer(_rows(matrix, chosen, threshold), tuple(_summary(matrix, chosen, threshold)))


def _elsewhere(row: dict[str, Any], level: str) -> Problem:
    return Problem(
        code="other-level",
        expected=f"a place of the level {level}",
        found=f"{row['place_id']}, of the level {row['level'] or 'none'}",
        remedy="choose its level, or leave the place blank: only one level is compared",
        column="place",
    )


def _without_figure(place: str, measure: str, matrix: Matrix) -> Problem:
    return Problem(
        code="no-figure",
        expected=f"a place with figures of {measure} by activity",
        found=place,
        remedy=f"import its observations, or choose one of the {len(matrix.places)} places "
        f"that have some, such as {matrix.places[0]}",
        column="place",
    )


def _rows(matrix: Matrix, chosen: Numbers, threshold: float) -> pa.Table:
    from liantu.kernels.structure import quotient_interval  # noqa: PLC0415 - loads when asked

    at = np.nonzero(matrix.recorded & chosen[:, None])
    ends = quotient_interval(matrix.values) if matrix.is_count else (None, None)
    low, high = (np.full(len(at[0]), np.nan) if end is None else end[at] for end in ends)
    value, quotient = matrix.values[at], matrix.advantage[at]
    total = matrix.values.sum(axis=1)[at[0]]
    made_up = matrix.synthetic[at]
    return rows_of(
        SpecialisationRow,
        {
            "place_id": pa.array(matrix.places).take(pa.array(at[0])),
            "activity": pa.array(matrix.activities).take(pa.array(at[1])),
            "value": value,
            "share": np.divide(value, total, out=np.zeros_like(value), where=total > 0),
            "rca": quotient,
            "rca_low": low,
            "rca_high": high,
            "rca_symmetric": (quotient - 1.0) / (quotient + 1.0),
            "mcp": quotient >= threshold,
            "evidence": pc.if_else(pa.array(made_up), "synthetic", "declared"),
        },
    )


def _summary(matrix: Matrix, chosen: Numbers, threshold: float) -> Iterator[Entry]:
    from liantu.kernels.structure import structure  # noqa: PLC0415

    n, m = matrix.values.shape
    missing = int((~matrix.recorded).sum())
    synthetic = matrix.synthetic.sum(axis=1)
    yield Entry("places", say("Places"), n)
    yield Entry("activities", say("Activities"), m)
    base = say("of {pairs:count} pairs of place and activity", pairs=n * m)
    share = 1.0 - missing / (n * m)
    yield Entry("filled", say("With a figure"), share, "share", base, missing)
    yield Entry("missing", say("Without any figure"), missing, base=base)
    found = structure(matrix.values)
    titles = {
        "krugman": say("Difference from all places (Krugman, 0 to 2)"),
        "hoover": say("Would have to change (Hoover)"),
        "hachman": say("Likeness to all places (Hachman)"),
        "herfindahl": say("Concentration (Herfindahl)"),
        "entropy": say("Variety (entropy, bits)"),
    }
    has_some = matrix.values.any(axis=1)
    of_all = say("of {activities:count} activities", activities=m)
    known_for = (matrix.advantage >= threshold).sum(axis=1)
    for k in np.flatnonzero(chosen & has_some).tolist():
        ref, marked = Ref("places", matrix.places[k]), int(synthetic[k])
        yield Entry(
            "known_for",
            say("Known for"),
            int(known_for[k]),
            base=of_all,
            synthetic=marked,
            subject=ref,
        )
        for name, title in titles.items():
            value = float(getattr(found, name)[k])
            unit = "share" if name == "hoover" else None
            yield Entry(name, title, value, unit, of_all, synthetic=marked, subject=ref)
