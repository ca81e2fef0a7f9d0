"""How complex places are, or what they do: many things that few others do."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import pyarrow as pa
from pydantic import Field

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
    Draws,
    LevelIfAny,
    MeasureIfAny,
    MinTotal,
    PlaceIfAny,
    RcaThreshold,
    SchemeIfAny,
    Seed,
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

Side = Literal["place", "activity"]
Numbers = np.ndarray[Any, Any]
_SHOWN = 20

READS = {"figures": FIGURES, "asked": ASKED, "known": KNOWN}


class ComplexityRow(Row):
    """One place or one activity."""

    id: str = column(
        "The place, or the activity.", title="Which", references=("places", "codes")
    )
    rank: int | None = column("Rank by complexity; blank for what was left out.", ge=1)
    rank_low: int | None = column("Its 5% quantile over the draws.", ge=1)
    rank_high: int | None = column("Its 95% quantile over the draws.", ge=1)
    eci: float | None = column(
        "Economic complexity of the place: standard deviations from the mean of the places.",
        title="Complexity of the place",
    )
    pci: float | None = column(
        "Complexity of the activity on the same scale: a place has the mean of its activities.",
        title="Complexity of the activity",
    )
    pci_own: float | None = column(
        "The same as standard deviations from the mean of the activities.",
        title="Complexity among activities",
        detail=True,
    )
    diversity: int | None = column("Activities in which the place has an advantage.", ge=0)
    ubiquity: int | None = column("Places that have an advantage in the activity.", ge=0)
    average: float | None = column(
        "Mean ubiquity of what the place does; of an activity, mean diversity of its places.",
        title="Average of the other side",
        ge=0,
    )
    fitness: float | None = column(
        "Fitness of the place, or quality of the activity, 1 on average.", ge=0
    )
    coi: float | None = column(
        "Complexity outlook: how near the place is to complex activities that it does not do.",
        title="Outlook",
    )
    total: float = column("Sum of the figures.", ge=0, detail=True)
    evidence: Evidence = column("Synthetic where any of the figures is.")


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """Who is first, what that rests on, and the places or activities side by side."""
    rows = [row for row in answer.table.to_pylist() if row["rank"]]
    if not rows:
        yield say(
            "No figures by activity are on record for what is asked. Import observations of "
            "places with an activity, or activities of organisations."
        )
        return
    values = {entry.name: entry.value for entry in answer.summary if not entry.subject}
    is_place, place = answer.params["by"] == "place", answer.params["place"]
    here = next((k for k, row in enumerate(rows) if is_place and row["id"] == place), None)
    named = [Ref("places" if is_place else "codes", row["id"]) for row in rows]
    counts = {name: values[name] for name in ("places", "activities")}
    yield _leading(named, here, rows, counts)
    if here is not None:
        yield say(
            "{place} has an advantage in {diversity:count} of {activities:count} activities; "
            "each of them is found in {average:decimal} places on average.",
            place=named[here],
            diversity=rows[here]["diversity"],
            average=rows[here]["average"],
            activities=values["activities"],
        )
    yield say(
        "{recorded:percent} of all pairs of place and activity have a figure; the others count "
        "as none.",
        recorded=values["recorded"],
    )
    yield say(
        "The order begins where diversity is high, by convention; the two correlate at "
        "{direction:decimal}.",
        direction=values["direction"],
    )
    if values.get("small"):
        yield say(
            "{small:count} places count fewer than 10 in all, so that one more may turn their "
            "ranks round; min_total leaves them out.",
            small=values["small"],
        )
    if values.get("draws_ranked"):
        ranked = values["draws_ranked"]
        yield say("Ranges hold 90% of the ranks in {ranked:count} draws.", ranked=ranked)
    yield from _bars(named, here, rows)
    yield _scatter(named, here, rows)


def _leading(
    named: list[Ref], here: int | None, rows: list[dict[str, Any]], counts: dict[str, Any]
) -> Sentence:
    """Where this place stands, else who is first and who is last."""
    ends = {"first": named[0], "last": named[-1]}
    if named[0].table == "codes":
        return say(
            "{first:name} is the most complex of {activities:count} activities in "
            "{places:count} places, {last:name} the least.",
            **ends,
            **counts,
        )
    if here is None or rows[here]["rank"] == 1:
        return say(
            "{first} is the most complex of {places:count} places in {activities:count} "
            "activities, {last} the least.",
            **ends,
            **counts,
        )
    return say(
        "{place} is number {rank:count} of {places:count} places by complexity; {first} is the "
        "most complex.",
        place=named[here],
        rank=rows[here]["rank"],
        first=named[0],
        places=counts["places"],
    )


def _bars(named: list[Ref], here: int | None, rows: list[dict[str, Any]]) -> Iterator[Bars]:
    """The first of the rank, then this place where it is not among them; and their ranges."""
    shown = list(range(min(len(rows), _SHOWN)))
    if here is not None and here >= _SHOWN:
        shown.append(here)
    held = {name: tuple(rows[k][name] for k in shown) for name in rows[0]}
    is_place = named[0].table == "places"
    bars = partial(
        Bars,
        synthetic=tuple(evidence == "synthetic" for evidence in held["evidence"]),
        labels=tuple(named[k] for k in shown),
        here=None if here is None else shown.index(here),
    )
    yield bars(
        title=say("Complexity of the places")
        if is_place
        else say("Complexity of the activities"),
        unit="index",
        series=(Series(say("complexity"), held["eci" if is_place else "pci"]),),
        caption=say(
            "Standard deviations from the mean of the places. The index orders; twice the "
            "number is not twice as complex."
        ),
    )
    if held["rank_low"][0]:
        yield bars(
            title=say("Rank, and 90% of the draws"),
            unit="rank",
            series=(Series(say("rank"), held["rank"]),),
            low=held["rank_low"],
            high=held["rank_high"],
            caption=say("Where ranges overlap, a few figures more may change the order."),
        )


def _scatter(named: list[Ref], here: int | None, rows: list[dict[str, Any]]) -> Scatter:
    if named[0].table == "places":
        across, title = "diversity", say("Many activities, and rare ones")
        titles = say("Activities with an advantage"), say("Places that do them, on average")
        caption = say(
            "A complex place does many activities that few do: it is at the lower right."
        )
    else:
        across, title = "ubiquity", say("Rare activities, and diverse places")
        titles = say("Places with an advantage"), say("Activities of these places, on average")
        caption = say("A complex activity is done by few places that do many: upper left.")
    points = tuple(
        Pair(
            named[k],
            float(row[across]),
            row["average"],
            emphasis=k == here,
            synthetic=row["evidence"] == "synthetic",
        )
        for k, row in enumerate(rows)
    )
    return Scatter(
        title=title, points=points, x_title=titles[0], y_title=titles[1], caption=caption
    )


@lens(
    "Complexity",
    group="Place",
    reads=READS,
    row=ComplexityRow,
    show=show,
    example={"measure": "employment", "level": "city", "place": "zhuzhou", "draws": 200},
)
def complexity(  # noqa: PLR0913 - an argument for each thing it reads or may be asked
    figures: pa.Table,
    asked: pa.Table,
    known: pa.Table,
    *,
    measure: MeasureIfAny = None,
    year: YearIfAny = None,
    level: LevelIfAny = None,
    place: PlaceIfAny = None,
    by: Annotated[Side, Field(description="Rank the places, or the activities.")] = "place",
    scheme: SchemeIfAny = None,
    min_total: MinTotal = 0,
    rca_threshold: RcaThreshold = 1,
    diagonal: Diagonal = True,
    draws: Draws = 0,
    seed: Seed = 0,
) -> Answer:
    """How complex is a place, or an activity?

    A place does an activity if its revealed comparative advantage (its share of the activity
    in the place over that in all places) is at least ``rca_threshold``. A place is as complex
    as its activities on average, an activity as the places that do it: the second eigenvector
    of D^-1 M U^-1 M^T (Hidalgo and Hausmann 2009), with the sign that goes with diversity, by
    convention; eci has mean 0 and standard deviation 1 over the places. Fitness as in
    Tacchella et al. (2012). Outlook: the sum of density times complexity over activities not
    done, standardised, as in the programs of the Growth Lab. Places and activities without
    any advantage are left out and listed. Where places fall into parts without a common
    activity, or no order stands out, none is given. ``draws``: counts of organisations,
    persons or the like are drawn anew unit by unit (a Poisson bootstrap); for other figures the
    activities are drawn with replacement, or the places where activities are ranked.
    Conventions §8.
    """
    del measure, level, scheme  # they have chosen the rows already
    counted, among = meant(asked)
    check_year(known, counted, among, year)
    if not figures.num_rows:
        none = rows_of(ComplexityRow, dict.fromkeys(ComplexityRow.model_fields, ()))
        return Answer(none, left_out=on_record(known))
    matrix = activity_matrix(figures, min_total=min_total, rca_threshold=rca_threshold)
    found = complexity_index(matrix)
    columns = _columns(matrix, found, by, diagonal=diagonal)
    low, high, ranked = _range(matrix, found, rca_threshold, draws, seed, by)
    columns |= {"rank_low": _whole(low), "rank_high": _whole(high)}
    table = rows_of(ComplexityRow, columns).sort_by(
        [("rank", "ascending", "at_end"), ("id", "ascending")]
    )
    entries = matrix_entries(matrix, found, counted)
    summary = [*entries, *_of_places(matrix, table, by, place)]
    if draws:
        base = say("of {n:count} draws", n=draws)
        summary.append(Entry("draws_ranked", say("Draws with an order"), ranked, base=base))
    return Answer(table, tuple(summary), tuple(left_out(matrix, min_total)))


def _range(
    matrix: Matrix, found: "Index", threshold: float, draws: int, seed: int, by: Side
) -> tuple[Numbers, Numbers, int]:
    """The range of each rank over the draws, and how many of them could be ranked."""
    from liantu.kernels.complexity import rank_range  # noqa: PLC0415

    whole = replace(
        found,
        eci=matrix.spread(found.eci, over_places=True),
        pci=matrix.spread(found.pci, over_places=False),
    )
    return rank_range(
        np.where(matrix.large[:, None], matrix.values, 0.0),
        whole,
        threshold=threshold,
        draws=draws,
        seed=seed,
        by=by,
        counts=matrix.is_count,
    )


def _columns(matrix: Matrix, found: "Index", by: Side, *, diagonal: bool) -> dict[str, Any]:
    from liantu.kernels.complexity import fitness, ranks  # noqa: PLC0415
    from liantu.kernels.proximity import density, outlook, space  # noqa: PLC0415

    made, of_places = matrix.made, by == "place"
    diversity, ubiquity = made.sum(axis=1), made.sum(axis=0)
    if of_places:
        around = space(made, diagonal=diagonal, rows=len(made))
        held = {
            "eci": found.eci,
            "coi": outlook(density(around, made), made, found.raw),
            "diversity": diversity,
            "average": made @ ubiquity / diversity,
            "fitness": fitness(made)[0],
        }
    else:
        held = {
            "pci": found.pci,
            "pci_own": found.pci_own,
            "ubiquity": ubiquity,
            "average": diversity @ made / ubiquity,
            "fitness": fitness(made)[1],
        }
    ids = matrix.places if of_places else matrix.activities
    columns: dict[str, Any] = dict.fromkeys(
        ComplexityRow.model_fields, np.full(len(ids), np.nan)
    )
    columns |= {name: matrix.spread(of, over_places=of_places) for name, of in held.items()}
    columns["rank"] = ranks(columns["eci" if of_places else "pci"])
    columns |= {name: _whole(columns[name]) for name in ("rank", "diversity", "ubiquity")}
    across = 1 if of_places else 0
    return columns | {
        "id": ids,
        "total": matrix.values.sum(axis=across),
        "evidence": np.where(matrix.synthetic.any(axis=across), "synthetic", "declared"),
    }


def _whole(values: Numbers) -> list[int | None]:
    """Whole numbers, None for NaN."""
    return [None if np.isnan(value) else int(value) for value in values]


def _of_places(matrix: Matrix, table: pa.Table, by: Side, place: str | None) -> Iterator[Entry]:
    if by == "activity":
        return
    rows, counted = table.to_pylist(), partial(Entry, synthetic=int(matrix.synthetic.sum()))
    yield counted("first", say("Most complex place"), rows[0]["id"], value_of="places")
    for row in rows:
        if row["id"] != place or not row["rank"]:
            continue
        subject, rank = Ref("places", row["id"]), row["rank"]
        yield counted(
            "rank",
            say("Rank by complexity"),
            rank,
            base=say("of {n:count} places", n=len(matrix.made)),
            low=min(row["rank_low"] or rank, rank),
            high=max(row["rank_high"] or rank, rank),
            subject=subject,
        )
        yield counted("eci", say("Complexity"), row["eci"], subject=subject)
