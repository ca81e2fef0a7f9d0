"""Which places are most like one, in what they do and in size, and what makes them so."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.errors import Problem, Refusal
from liantu.lens import lens
from liantu.methods.activity_matrix import (
    ASKED,
    FIGURES,
    KNOWN,
    Matrix,
    activity_matrix,
    check_year,
    meant,
    on_record,
)
from liantu.parameters import Fraction, MeasureIfAny, Place, SchemeIfAny, YearIfAny
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

NAMED = 3  # activities named as alike and as unlike
Numbers = np.ndarray[Any, Any]
Similarity = Literal["jensen_shannon", "cosine"]

_OWN = "(select level from places where place_id = $place)"

READS = {
    "figures": FIGURES.replace("coalesce($level, level)", _OWN),
    "asked": ASKED.replace("coalesce($level, level)", _OWN),
    "known": KNOWN,
}


class PeersRow(Row):
    """One place that is like the asked one."""

    place_id: str = column("The place.", title="Place", references="places")
    rank: int = column("Rank by likeness; equals share one.", ge=1)
    similarity: float = column(
        "Likeness: the mean of structure and size, by weight.", unit="share", ge=0, le=1
    )
    structure: float = column(
        "How alike the shares of the activities are: 1 where they are the same.",
        unit="share",
        ge=0,
        le=1,
    )
    size: float = column("The smaller total over the larger.", unit="share", ge=0, le=1)
    rank_low: int = column("Best rank that leaving out any one activity gives.", ge=1)
    rank_high: int = column("Worst rank that leaving out any one activity gives.", ge=1)
    alike: list[str] = column(
        "The activities that add most to the likeness, the first first.", references="codes"
    )
    unlike: list[str] = column(
        "The activities that take most from it, the first first.", references="codes"
    )
    total: float = column("Sum of its figures, in the unit of the measure.", ge=0, detail=True)
    missing: int = column(
        "Activities of the asked place without a figure here; they count as nothing.",
        title="Without a figure",
        ge=0,
        detail=True,
    )
    evidence: Evidence = column("Synthetic where any of its figures is.")


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """Who is most alike, what the order rests on, and what the likeness is made of."""
    place, values = Ref("places", answer.params["place"]), _values(answer)
    if not answer.table.num_rows:
        yield say(
            "No figures by activity are on record for what is asked. Import observations of "
            "places with an activity, or activities of organisations."
        )
        return
    rows = answer.table.to_pylist()
    yield say(
        "Of {places:count} places {peer} is most like {place}: {similarity:percent} alike, "
        "most by {activity:name}.",
        places=values["places"],
        peer=Ref("places", rows[0]["place_id"]),
        place=place,
        similarity=rows[0]["similarity"],
        activity=Ref("codes", rows[0]["alike"][0]) if rows[0]["alike"] else None,
    )
    yield say(
        "What is done weighs {structure_weight:percent}, size {size_weight:percent}. Whichever "
        "one activity is left out, {stable:count} of these {listed:count} stay on the list.",
        **{
            name: values[name]
            for name in ("structure_weight", "size_weight", "stable", "listed")
        },
    )
    if values["missing"]:
        yield say(
            "{missing:count} pairs of place and activity have no figure. They count as "
            "nothing, which may only mean that nobody has looked.",
            missing=values["missing"],
        )
    weights = {"structure": values["structure_weight"], "size": values["size_weight"]}
    yield Bars(
        title=say("What the likeness is made of"),
        unit="share",
        caption=say("Each part is as long as it weighs; 1 would be the same place."),
        labels=tuple(Ref("places", row["place_id"]) for row in rows),
        series=tuple(
            Series(say(name), tuple(weight * row[name] for row in rows))
            for name, weight in weights.items()
        ),
    )


def _values(answer: Answer) -> dict[str, Any]:
    return {entry.name: entry.value for entry in answer.summary}


@lens(
    "Peers",
    group="Place",
    reads=READS,
    row=PeersRow,
    show=show,
    example={"place": "zhuzhou", "measure": "employment"},
)
def peers(  # noqa: PLR0913 - an argument for each thing it reads or may be asked
    figures: pa.Table,
    asked: pa.Table,
    known: pa.Table,
    *,
    place: Place,
    measure: MeasureIfAny = None,
    year: YearIfAny = None,
    limit: Annotated[int, Field(ge=1, le=1000, description="As many places at most.")] = 10,
    similarity: Annotated[
        Similarity,
        Field(description="How the shares of the activities are compared."),
    ] = "jensen_shannon",
    size_weight: Annotated[
        Fraction, Field(description="How much size weighs; what is done weighs the rest.")
    ] = 0.25,
    scheme: SchemeIfAny = None,
) -> Answer:
    """Which places are most like this one?

    Places of the same level are compared by what they do and by size. Structure is 1 minus the
    Jensen-Shannon divergence (to base 2, Lin 1991) of the shares of the activities, or their
    cosine; each activity adds to it or takes from it, and those that do so most are named. Size
    is the smaller total over the larger, exp(-|ln a - ln b|). Likeness is the mean of both by
    ``size_weight``: our own weights, no standard exists. The place itself is no peer. Then each
    activity is left out once, everywhere, and the ranks are found anew: the best and the worst
    say how much the order hangs on a single one. A figure that is not on record counts as
    nothing.
    """
    del measure, scheme  # they have chosen the rows already
    counted, level = meant(asked)
    check_year(known, counted, level, year)
    if not figures.num_rows:
        none = rows_of(PeersRow, dict.fromkeys(PeersRow.model_fields, ()))
        return Answer(none, left_out=on_record(known))
    matrix = activity_matrix(figures, min_total=0.0, rca_threshold=1.0)
    total = matrix.values.sum(axis=1)
    at, others = _places(matrix, total, place, level)
    columns, missing = _columns(matrix, at, others, similarity=similarity, weight=size_weight)
    order = np.lexsort((others, columns["rank"]))[:limit]
    table = rows_of(PeersRow, columns).take(pa.array(order))
    summary = _summary(matrix, table, (at, others), missing, size_weight)
    return Answer(table, tuple(summary), tuple(_left_out(matrix, total, at)))


def _places(
    matrix: Matrix, total: Numbers, place: str, level: str
) -> tuple[int, np.ndarray[Any, np.dtype[np.intp]]]:
    """The row of the place and those of the others, or a refusal that says what is wrong."""
    at = matrix.places.index(place) if place in matrix.places else -1
    if at < 0 or not total[at]:
        found = f'"{place}", which has none' if at < 0 else f'"{place}", where all are 0'
        remedy = "import its figures, or choose another place, measure or year"
        raise Refusal(
            Problem("no-figures", "a place with figures", found, remedy, column="place")
        )
    others = np.flatnonzero((total > 0) & (np.arange(len(total)) != at))
    if not len(others):
        expected = f"another {level or 'place'} with figures to compare with"
        remedy = "import figures of other places of the level; a place is no peer of its own"
        raise Refusal(Problem("no-other-place", expected, "none", remedy, column="place"))
    return at, others


def _columns(
    matrix: Matrix,
    at: int,
    others: Numbers,
    *,
    similarity: Similarity,
    weight: float,
) -> tuple[dict[str, Any], int]:
    """The columns of the other places, and how many pairs have no figure."""
    from liantu.kernels.similarity import likeness, rank_range  # noqa: PLC0415 - numba

    values = matrix.values
    found = likeness(values[at], values[others], similarity)
    rank, best, worst = rank_range(
        values[at], values[others], size_weight=weight, kind=similarity
    )
    recorded = matrix.recorded[np.append(others, at)]
    missing = int((~recorded[:, recorded.any(axis=0)]).sum())
    return {
        "place_id": [matrix.places[k] for k in others],
        "rank": rank,
        "similarity": found.similarity(weight),
        "structure": found.structure,
        "size": found.size,
        "rank_low": best,
        "rank_high": worst,
        "alike": [_first(row, matrix.activities) for row in found.alike],
        "unlike": [_first(row, matrix.activities) for row in found.unlike],
        "total": values[others].sum(axis=1),
        "missing": (matrix.recorded[at] & ~matrix.recorded[others]).sum(axis=1),
        "evidence": np.where(matrix.synthetic[others].any(axis=1), "synthetic", "declared"),
    }, missing


def _first(parts: Numbers, activities: list[str]) -> list[str]:
    """The activities with the largest parts, as far as they have any."""
    order = np.argsort(-np.round(parts, 12), kind="stable")[:NAMED]
    return [activities[k] for k in order if parts[k] > 1e-12]


def _summary(
    matrix: Matrix, table: pa.Table, places: tuple[int, Numbers], missing: int, weight: float
) -> Iterator[Entry]:
    at, others = places
    made_up = int(matrix.synthetic[np.append(others, at)].sum())
    of = partial(Entry, synthetic=made_up)
    n, listed = len(others), table.num_rows
    yield of("places", say("Places compared with"), n)
    first, base = table["place_id"][0].as_py(), say("of {n:count} places", n=n)
    yield of("nearest", say("Most alike"), first, base=base, value_of="places")
    yield of("activities", say("Activities"), len(matrix.activities))
    yield of("missing", say("Pairs without a figure"), missing)
    yield Entry("listed", say("Places listed"), listed, base=base)
    stable = int(pc.sum(pc.less_equal(table["rank_high"], listed)).as_py())
    base = say("of {n:count} places listed", n=listed)
    title = say("On the list whichever activity is left out")
    yield of("stable", title, stable, base=base)
    yield Entry("structure_weight", say("Weight of what is done"), 1 - weight, "share")
    yield Entry("size_weight", say("Weight of size"), weight, "share")
    if matrix.year is not None:
        yield Entry("year", say("Year of the figures"), matrix.year, "year")


def _left_out(matrix: Matrix, total: Numbers, at: int) -> Iterator[Sentence]:
    yield say("{place} itself is left out.", place=Ref("places", matrix.places[at]))
    if empty := int((total == 0).sum()):
        yield say("{n:count} places are left out: all their figures are 0.", n=empty)
