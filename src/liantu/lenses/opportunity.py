"""What a place could do next: what is near to what it does, and would bring more near."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import pyarrow as pa
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
    complexity_index,
    left_out,
    matrix_entries,
    meant,
    on_record,
)
from liantu.parameters import (
    Diagonal,
    LevelIfAny,
    MeasureIfAny,
    MinTotal,
    Place,
    RcaThreshold,
    SchemeIfAny,
    YearIfAny,
)
from liantu.result import (
    Answer,
    Bars,
    Entry,
    Figure,
    Pair,
    Ref,
    Row,
    Scatter,
    Sentence,
    Series,
    rows_of,
    say,
)
from liantu.schema import Evidence, column

if TYPE_CHECKING:
    from liantu.kernels.complexity import Index

Relatedness = Literal["proximity", "association", "cosine", "jaccard"]

_BEST = 6
_SHOWN = 12
_OWN = "$level, (select level from places where place_id = $place)"

READS = {
    "figures": FIGURES.replace("$level, level", _OWN),
    "asked": ASKED.replace("$level, level", _OWN),
    "known": KNOWN,
}


class OpportunityRow(Row):
    """One activity, whether the place does it or not."""

    activity: str = column("The activity.", references="codes")
    rank: int | None = column(
        "Rank by what it would open, among activities without an advantage here.", ge=1
    )
    rca: float | None = column(
        "Revealed comparative advantage: its share in the place over its share in all places.",
        title="Advantage",
        ge=0,
    )
    density: float | None = column(
        "Share of what is near to the activity in which the place has an advantage.",
        unit="share",
        ge=0,
        le=1,
    )
    pci: float | None = column(
        "Complexity of the activity, on the scale of that of places.", title="Complexity"
    )
    cog: float | None = column(
        "Outlook gain: how much complexity it would bring near; 0 where the place does it.",
        title="Outlook gain",
    )
    ubiquity: int | None = column("Places that have an advantage in the activity.", ge=0)
    value: float | None = column(
        "The figure of the place; blank where none is on record.", ge=0
    )
    is_promising: bool = column(
        "Nearer than the average of what the place lacks, and more complex than the place.",
        title="Near and complex",
    )
    evidence: Evidence = column("Synthetic where any figure of the activity is.")


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """What would open most, how many are near and complex, and all of them on two axes."""
    rows = [row for row in answer.table.to_pylist() if row["rank"]]
    place = Ref("places", answer.params["place"])
    if not answer.table.num_rows:
        yield say(
            "No figures by activity are on record for what is asked. Import observations of "
            "places with an activity, or activities of organisations."
        )
        return
    if not rows:
        yield say("{place} has an advantage in every activity on record.", place=place)
        return
    values = {entry.name: entry.value for entry in answer.summary}
    rows.sort(key=lambda row: (row["rank"], row["activity"]))
    promising = [row for row in rows if row["is_promising"]]
    first = promising[0] if promising else rows[0]
    cells = {"activity": Ref("codes", first["activity"])} | {
        name: first[name] for name in ("density", "cog")
    }
    yield (
        say(
            "Of what is near to {place} and more complex, {activity:name} opens most (gain "
            "{cog:decimal}); {density:percent} of its surroundings are there.",
            place=place,
            **cells,
        )
        if promising
        else say(
            "{activity:name} opens most for {place} (gain {cog:decimal}); {density:percent} of "
            "its surroundings are there. Nothing is both near and more complex.",
            place=place,
            **cells,
        )
    )
    yield say(
        "{promising:count} of {open:count} activities without an advantage in {place} are "
        "nearer than average and more complex than {place} itself ({eci:decimal}).",
        place=place,
        **{name: values[name] for name in ("promising", "open", "eci")},
    )
    yield say(
        "Nearness says what other places do together, not what would pay. {recorded:percent} "
        "of all pairs of place and activity have a figure; the others count as none.",
        recorded=values["recorded"],
    )
    best = {row["activity"] for row in (promising or rows)[:_BEST]}
    yield Scatter(
        title=say("What could come next"),
        points=tuple(
            Pair(
                Ref("codes", row["activity"]),
                row["density"],
                row["pci"],
                emphasis=row["activity"] in best,
                synthetic=row["evidence"] == "synthetic",
            )
            for row in rows
            if row["density"] is not None
        ),
        x_title=say("Share of what is near that the place has"),
        y_title=say("Complexity of the activity"),
        x_unit="share",
        caption=say(
            "Activities without an advantage. To the right is easier to reach, higher up is "
            "worth more; the best that are near and complex are in bold."
        ),
    )
    yield Bars(
        title=say("What would bring most complexity near"),
        unit="index",
        labels=tuple(Ref("codes", row["activity"]) for row in rows[:_SHOWN]),
        series=(Series(say("outlook gain"), tuple(row["cog"] for row in rows[:_SHOWN])),),
        synthetic=tuple(row["evidence"] == "synthetic" for row in rows[:_SHOWN]),
    )


@lens(
    "Opportunity",
    group="Place",
    reads=READS,
    row=OpportunityRow,
    show=show,
    example={"measure": "employment", "place": "zhuzhou"},
)
def opportunity(  # noqa: PLR0913 - an argument for each thing it reads or may be asked
    figures: pa.Table,
    asked: pa.Table,
    known: pa.Table,
    *,
    measure: MeasureIfAny = None,
    year: YearIfAny = None,
    place: Place,
    level: Annotated[
        LevelIfAny,
        Field(description="Places of this level; that of the place where blank."),
    ] = None,
    scheme: SchemeIfAny = None,
    min_total: MinTotal = 0,
    rca_threshold: RcaThreshold = 1,
    diagonal: Diagonal = True,
    relatedness: Annotated[
        Relatedness,
        Field(description="How the nearness of two activities is measured."),
    ] = "proximity",
) -> Answer:
    """What could a place do next?

    Two activities are near if places that do one also do the other: ``proximity`` is the lesser
    of both conditional probabilities (Hidalgo et al. 2007); association, cosine and Jaccard as
    in van Eck and Waltman (2009). The density of an activity is the share of all nearness to it
    that lies in activities in which the place has an advantage of at least ``rca_threshold``.
    Outlook gain: the complexity of what the place lacks, each weighted by the share of its
    nearness that the activity holds (Hausmann et al. 2014, in the form of the Growth Lab's
    programs, which does not subtract density times complexity). ``diagonal``: whether an
    activity counts as near to itself. Complexity as in the lens of that name: conventions §8.
    """
    del measure, level, scheme  # they have chosen the rows already
    counted, among = meant(asked)
    check_year(known, counted, among, year)
    if not figures.num_rows:
        none = rows_of(OpportunityRow, dict.fromkeys(OpportunityRow.model_fields, ()))
        return Answer(none, left_out=on_record(known))
    matrix = activity_matrix(figures, min_total=min_total, rca_threshold=rca_threshold)
    at = _place(matrix, place, min_total, rca_threshold)
    found = complexity_index(matrix)
    columns = _columns(matrix, found, at, kind=relatedness, diagonal=diagonal)
    table = rows_of(OpportunityRow, columns).sort_by(
        [("rank", "ascending", "at_end"), ("activity", "ascending")]
    )
    eci = float(matrix.spread(found.eci, over_places=True)[at])
    entries = matrix_entries(matrix, found, counted)
    summary = (*entries, *_of_place(matrix, table, Ref("places", place), eci))
    return Answer(table, summary, tuple(left_out(matrix, min_total)))


def _place(matrix: Matrix, place: str, min_total: float, rca_threshold: float) -> int:
    """The row of the place, or a refusal that says why it has none."""
    if place not in matrix.places:
        remedy = "import its figures, or choose another place, measure or year"
        found = f'"{place}", which has none'
        wrong = Problem("no-figures", "a place with figures", found, remedy, column="place")
        raise Refusal(wrong)
    at = matrix.places.index(place)
    if not matrix.large[at]:
        found = f"{matrix.values[at].sum():g} in {place}"
        expected, remedy = f"a place with a total of {min_total:g} or more", "lower min_total"
        raise Refusal(Problem("place-too-small", expected, found, remedy, column="min_total"))
    if not matrix.kept_places[at]:
        expected = f"a place with an advantage of {rca_threshold:g} in something"
        found, remedy = f'"{place}", which has none', "lower rca_threshold"
        raise Refusal(Problem("no-advantage", expected, found, remedy, column="rca_threshold"))
    return at


def _columns(
    matrix: Matrix,
    found: "Index",
    at: int,
    *,
    kind: Relatedness,
    diagonal: bool,
) -> dict[str, Any]:
    from liantu.kernels.complexity import ranks  # noqa: PLC0415 - kernels load when asked
    from liantu.kernels.proximity import density, outlook_gain, space  # noqa: PLC0415

    row = int(matrix.kept_places[:at].sum())
    own = matrix.made[row : row + 1]
    around = space(matrix.made, kind=kind, diagonal=diagonal, rows=2)
    every = partial(matrix.spread, over_places=False)
    near, pci = every(density(around, own)[0]), every(found.pci)
    gain = every(outlook_gain(around, own, found.raw / found.scale)[0])
    lacking = every(own[0]) == 0
    rank = ranks(np.where(lacking, gain, np.nan))
    usual = near[lacking].mean() if lacking.any() else 0.0
    promising = lacking & (near > usual) & (pci > found.eci[row])
    return {
        "activity": matrix.activities,
        "rank": _whole(rank),
        "rca": matrix.advantage[at],
        "density": near,
        "pci": pci,
        "cog": gain,
        "ubiquity": _whole(every(matrix.made.sum(axis=0))),
        "value": np.where(matrix.recorded[at], matrix.values[at], np.nan),
        "is_promising": promising,
        "evidence": np.where(matrix.synthetic.any(axis=0), "synthetic", "declared"),
    }


def _whole(values: np.ndarray[Any, Any]) -> list[int | None]:
    """Whole numbers, None for NaN."""
    return [None if np.isnan(value) else int(value) for value in values]


def _of_place(matrix: Matrix, table: pa.Table, place: Ref, eci: float) -> Iterator[Entry]:
    counted = partial(Entry, synthetic=int(matrix.synthetic.sum()), subject=place)
    lacking = table.num_rows - table["rank"].null_count
    m = matrix.made.shape[1]
    base = say("of {n:count} activities", n=m)
    yield counted("made", say("Activities with an advantage"), m - lacking, base=base)
    yield counted("open", say("Activities without an advantage"), lacking, base=base)
    promising = sum(table["is_promising"].to_pylist())
    base = say("of {n:count} activities without an advantage", n=lacking)
    title = say("Near and complex activities")
    yield counted("promising", title, promising, base=base)
    yield counted("eci", say("Complexity"), eci)
