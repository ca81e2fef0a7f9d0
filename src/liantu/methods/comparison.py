"""Figures that may be compared, and those that may not: one for each place or organisation.

A row of such a lens has a value, a unit, a year, a scope, a mark (= may be compared, ≠ another
scope, ½ part of a period, ⇢ a target), whether it is the one chosen where sources differ, an
evidence, and the years and figures of the same scope.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from liantu.result import Bars, Figure, Heat, Label, Lines, Ref, Sentence, Series, say

ORDER = {"=": 0, "≠": 1, "½": 1, "⇢": 2}
Told = dict[str, Any]


def one_each(rows: Sequence[Told], subject: str = "place_id") -> list[Told]:
    """One figure for each that has any: a comparable one first, then the latest.

    Those of sources that were not taken, and those without a value, are none.
    """
    counted = [row for row in rows if row["chosen"] and row["value"] is not None]
    best: dict[str, Told] = {}
    for row in sorted(counted, key=lambda row: (ORDER[row["mark"]], -(row["year"] or 0))):
        best.setdefault(row[subject], row)
    subjects = dict.fromkeys(row[subject] for row in rows)
    return [best[one] for one in subjects if one in best]


def without(measure: str, year: int | None) -> Sentence:
    """What is said where there is no figure that counts, of a year or at all."""
    if year is None:
        return say(
            "No figure of {measure} that counts is on record. Import observations of places.",
            measure=measure,
        )
    return say(
        "No figure of {measure} of {year:year} that counts is on record. Leave the year blank "
        "for the latest, or import observations of places.",
        measure=measure,
        year=year,
    )


def when(year: int | None, scope: str | None) -> Sentence:
    """Year and scope of a figure, as far as it has them."""
    if year is None or scope is None:
        return say("{scope:name}", scope=scope) if scope else say("{year:year}", year=year)
    return say("{year:year}, {scope:name}", year=year, scope=scope)


def left_out(rows: Sequence[Told]) -> Iterator[Sentence]:
    """The assumed figures of places, and what was added up for want of a whole."""
    for row in rows:
        if row["evidence"] == "assumed":
            yield say(
                "{place}, {year:year}: {value:{unit}} is assumed. "
                "It is listed, and not counted.",
                place=Ref("places", row["place_id"]),
                **{name: row[name] for name in ("year", "value", "unit")},
            )
    if summed := sum(row["is_summed"] and row["lq"] is not None for row in rows):
        yield say(
            "{n:count} location quotients: the place or the country has no figure of the whole "
            "on record; the activities that both have are added up.",
            n=summed,
        )


def growing(told: Sequence[Told]) -> Iterator[Sentence]:
    """How fast the first place and the fastest of the others have grown."""
    own, *rest = told
    others = [row for row in rest if row["growth"] is not None and row["mark"] == "="]
    if own["growth"] is None or own["mark"] != "=" or not others:
        return
    other = max(others, key=lambda row: float(row["growth"]))
    yield say(
        "{place} grew by {growth:percent} a year from {since:year} to {year:year}; the "
        "fastest other, {other}, by {theirs:percent} from {start:year} to {end:year}.",
        place=Ref("places", own["place_id"]),
        other=Ref("places", other["place_id"]),
        growth=own["growth"],
        theirs=other["growth"],
        since=own["growth_from"],
        start=other["growth_from"],
        year=own["year"],
        end=other["year"],
    )


def as_reported(
    told: Sequence[Told],
    rows: Sequence[Told],
    title: Sentence,
    *,
    subject: str = "place_id",
    table: str = "places",
) -> Bars:
    """One figure for each, the first on top, then the comparable; words where there is none."""
    own, *others = told
    others = [row for row in others if row["unit"] == own["unit"]]
    shown = [own, *sorted(others, key=lambda row: (ORDER[row["mark"]], -row["value"]))]
    have = {row[subject] for row in told}
    without = dict.fromkeys(row[subject] for row in rows if row[subject] not in have)
    values = (*(float(row["value"]) for row in shown), *(None for _ in without))
    return Bars(
        title=title,
        unit=own["unit"],
        labels=(
            *(_label(row, Ref(table, row[subject])) for row in shown),
            *(Ref(table, one) for one in without),
        ),
        series=(Series(say("as reported"), values),),
        open=tuple(row["mark"] != "=" for row in shown),
        synthetic=tuple(row["evidence"] == "synthetic" for row in shown),
        here=0,
        caption=say(
            "Filled: may be compared. Open: ≠ another scope, ½ part of a period, ⇢ a target; "
            "their length invites no comparison. Violet: synthetic."
        ),
    )


def over_the_years(
    rows: Sequence[Told], own: Told, *, subject: str = "place_id", table: str = "places"
) -> Iterator[Figure]:
    """A line for each subject and scope, their average, and ranks where three are comparable.

    Nothing where there are fewer than four figures or only one year. The average is of the
    subjects with the scope of ``own``, in years in which each of them has a figure.
    """
    known = sorted({year for row in rows for year in row["years"]})
    if sum(len(row["years"]) for row in rows) < 4 or len(known) < 2:
        return
    years = range(known[0], known[-1] + 1)
    held = [
        tuple(map(dict(zip(row["years"], row["figures"], strict=True)).get, years))
        for row in rows
    ]
    names = [_name(row, Ref(table, row[subject])) for row in rows]
    lines = [
        Series(name, line, emphasis=row[subject] == own[subject])
        for name, line, row in zip(names, held, rows, strict=True)
    ]
    peers = [k for k, row in enumerate(rows) if row["scope"] == own["scope"]]
    columns = list(zip(*(held[k] for k in peers), strict=True))
    means = tuple(None if None in column else _mean(column) for column in columns)
    if len(peers) > 1 and any(mean is not None for mean in means):
        lines.append(Series(say("average"), means))
    yield Lines(
        title=say("Comparable figures over the years"),
        unit=own["unit"],
        x=tuple(map(float, years)),
        x_title=say("Year"),
        series=tuple(lines),
        caption=say("A line keeps to one scope; a year without a figure breaks it."),
    )
    full = [k for k, column in enumerate(columns) if len(column) - column.count(None) > 2]
    if len(full) > 1:
        yield Heat(
            title=say("Rank by year"),
            rows=tuple(names[k] for k in peers),
            columns=tuple(say("{year:year}", year=years[k]) for k in full),
            values=tuple(tuple(_rank(columns[k], held[p][k]) for k in full) for p in peers),
            caption=say("Years in which three or more have a figure of one scope."),
        )


def _label(row: Told, ref: Ref) -> Label:
    """Which figure it is; a comparable one of no year needs no more than its name."""
    if row["year"] is None:
        return ref
    year, mark = row["year"], row["mark"]
    return say("{subject} {year:year} {mark:name}", subject=ref, year=year, mark=mark)


def _name(row: Told, ref: Ref) -> Label:
    scope = row["scope"]
    return say("{subject}, {scope:name}", subject=ref, scope=scope) if scope else ref


def _mean(column: Sequence[float | None]) -> float:
    return sum(value or 0.0 for value in column) / len(column)


def _rank(column: Sequence[float | None], value: float | None) -> float | None:
    """The rank of a value in its year; ties share one."""
    if value is None:
        return None
    return 1.0 + sum(other is not None and other > value for other in column)
