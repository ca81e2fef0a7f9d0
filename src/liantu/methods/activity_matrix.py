"""Places by activity as a matrix, and the words for what is wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import Problem, Refusal
from liantu.result import Entry, Ref, Sentence, say

if TYPE_CHECKING:
    from liantu.kernels.complexity import Index, UnrankableError

Values = np.ndarray[Any, np.dtype[np.float64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]

ASKED = """
    select measure, level
    from activity_figures
    where measure = coalesce($measure, measure)
      and level = coalesce($level, level)
    group by measure, level
    order by measure = 'organisations', count(distinct place_id) desc, measure, level
    limit 1
"""
"""The measure and level that are meant: where blank, what most places have figures of, and the
number of organisations only where no figure was observed."""

FIGURES = f"""
    with asked as ({ASKED})
    select place_id, activity, scheme, year, value, unit, synthetic, source_id
    from (
      select
        place_id, activity, scheme, year, value, unit, synthetic, source_id,
        max(year) over () as latest
      from activity_figures
      join asked
        on asked.measure = activity_figures.measure and asked.level = activity_figures.level
      where $scheme is null or scheme is null or scheme = $scheme
    ) as of_measure
    where year is null or year = coalesce($year, latest)
    order by place_id, activity, scheme, unit
"""  # noqa: S608 - both parts are written here

KNOWN = """
    select measure, level, year, count(*) as figures
    from activity_figures
    group by measure, level, year
    order by measure, level, year
"""
"""What has figures by activity at all: for the words where the asked ones have none."""

_COUNTED = frozenset({"organisations", "persons", "people", "employees", "patents", "sites"})
SMALL = 10
"""Places with a lower count are told: one more or less may turn their ranks round."""
_LISTED = 6
_NAMED = 12


@dataclass(frozen=True, slots=True)
class Matrix:
    """The figures of n places and m activities, and which of them are left once it is reduced.

    Attributes
    ----------
    places, activities : n and m ids, ascending
    values : (n, m) float64
        0 where no figure is on record.
    synthetic : (n, m) bool
        Whether the figure is synthetic.
    recorded : (n, m) bool
        Whether there is a figure.
    unit, year : what all figures share; None where they have none
    kept_places, kept_activities : (n,) and (m,) bool
        Those that have an advantage in something, or in which some place has one.
    large : (n,) bool
        Places whose total is large enough.
    advantage : (n, m) float64
        NaN where there is no figure to compare with, and for a place that is not large.
    made : (n', m') float64 of 0 and 1
        Whether a kept place has an advantage in a kept activity.
    """

    places: list[str]
    activities: list[str]
    values: Values
    synthetic: Truths
    recorded: Truths
    unit: str | None
    year: int | None
    kept_places: Truths
    kept_activities: Truths
    large: Truths
    advantage: Values
    made: Values

    @property
    def is_count(self) -> bool:
        """Whether the figures count units, which may be drawn anew."""
        return self.unit in _COUNTED and bool((self.values == np.round(self.values)).all())

    def spread(self, values: Values, *, over_places: bool) -> Values:
        """Values of the kept places or activities among all of them; NaN for the others."""
        kept = self.kept_places if over_places else self.kept_activities
        whole = np.full(len(kept), np.nan)
        whole[kept] = values
        return whole


def activity_matrix(figures: pa.Table, *, min_total: float, rca_threshold: float) -> Matrix:
    """The matrix of the figures of one measure and year, reduced to what can be compared.

    Places with a total under ``min_total`` are left out, then advantages are found among the
    others, then places and activities without any are left out until none is.

    Parameters
    ----------
    figures : place_id, activity, scheme, year, value, unit, synthetic
        One row for each place and activity.

    Raises
    ------
    Refusal
        Figures that are negative, or in several units or classifications; or no place is left.
    """
    from liantu.kernels.complexity import held, rca  # noqa: PLC0415 - kernels load when asked

    problems = list(_problems(figures))
    if problems:
        raise Refusal(problems)
    places, row = _numbered(figures["place_id"])
    activities, column = _numbered(figures["activity"])
    values = np.zeros((len(places), len(activities)))
    synthetic, recorded = (np.zeros(values.shape, dtype=bool) for _ in range(2))
    values[row, column] = figures["value"].to_numpy()
    synthetic[row, column] = figures["synthetic"].to_numpy()
    recorded[row, column] = True
    total = values.sum(axis=1)
    large = total >= min_total
    if not large.any():
        raise Refusal(_too_small(min_total, float(total.max(initial=0.0))))
    if not values.any():
        raise Refusal(_all_zero(figures))
    advantage = np.full(values.shape, np.nan)
    advantage[large] = rca(values[large])
    made = advantage >= rca_threshold
    kept = held(made)
    return Matrix(
        places,
        activities,
        values,
        synthetic,
        recorded,
        figures["unit"][0].as_py(),
        figures["year"][0].as_py(),
        *kept,
        large,
        advantage,
        made[np.ix_(*kept)].astype(np.float64),
    )


def complexity_index(matrix: Matrix) -> "Index":
    """The complexity of the places and activities that are left.

    Raises
    ------
    Refusal
        In words: too few are left, they share nothing, or no index stands out.
    """
    from liantu.kernels.complexity import UnrankableError, index  # noqa: PLC0415

    try:
        return index(matrix.made)
    except UnrankableError as error:
        raise Refusal(_unrankable(matrix, error)) from None


def matrix_entries(matrix: Matrix, found: "Index", measure: str) -> Iterator[Entry]:
    """What the index rests on: how many places and activities, and how well it stands out."""
    n, m = matrix.made.shape
    counted = partial(Entry, synthetic=int(matrix.synthetic.sum()))
    base = say(
        "of {n:count} places with figures of {measure:name}",
        n=len(matrix.places),
        measure=measure,
    )
    yield counted("places", say("Places"), n, base=base)
    base = say("of {n:count} activities with figures", n=len(matrix.activities))
    yield counted("activities", say("Activities"), m, base=base)
    small = int((matrix.values.sum(axis=1)[matrix.kept_places] < SMALL).sum())
    if matrix.is_count:
        base = say("of {n:count} places", n=n)
        title = say("Places with fewer than {least:count} in all", least=SMALL)
        yield counted("small", title, small, base=base)
    base = say("of {n:count} pairs of place and activity", n=matrix.recorded.size)
    share = float(matrix.recorded.mean())
    yield counted("recorded", say("Pairs with a figure"), share, "share", base)
    if matrix.year is not None:
        yield Entry("year", say("Year of the figures"), matrix.year, "year")
    yield counted("second", say("Second eigenvalue"), found.second)
    yield counted("gap", say("Distance to the third eigenvalue"), found.second - found.third)
    yield counted("direction", say("Correlation with diversity"), found.direction)


def left_out(matrix: Matrix, min_total: float) -> Iterator[Sentence]:
    """Who is not ranked, and why: the first few by name, the others counted."""
    total = matrix.values.sum(axis=1)
    small = np.flatnonzero(~matrix.large)
    for k in small[:_NAMED]:
        yield say(
            "{place} is left out: its total of {total:decimal} is under {min_total:decimal}.",
            place=Ref("places", matrix.places[k]),
            total=float(total[k]),
            min_total=min_total,
        )
    without = np.flatnonzero(matrix.large & ~matrix.kept_places)
    for k in without[:_NAMED]:
        place = Ref("places", matrix.places[k])
        yield say("{place} is left out: it has an advantage in nothing.", place=place)
    nowhere = np.flatnonzero(~matrix.kept_activities)
    for k in nowhere[:_NAMED]:
        yield say(
            "{activity:name} is left out: no place has an advantage in it.",
            activity=Ref("codes", matrix.activities[k]),
        )
    more = max(len(small) - _NAMED, 0) + max(len(without) - _NAMED, 0)
    if more:
        yield say("{n:count} more places are left out.", n=more)
    if len(nowhere) > _NAMED:
        yield say("{n:count} more activities are left out.", n=len(nowhere) - _NAMED)


def meant(asked: pa.Table) -> tuple[str, str]:
    """The measure and level that are meant; empty where nothing is on record."""
    row = (asked.to_pylist() or [{"measure": "", "level": ""}])[0]
    return row["measure"], row["level"]


def check_year(known: pa.Table, measure: str, level: str, year: int | None) -> None:
    """Refuse a year that has no figures where other years have some."""
    chosen = known.filter(
        pc.and_(pc.equal(known["measure"], measure), pc.equal(known["level"], level))
    )
    years = chosen["year"].to_pylist()
    if not years or year is None or year in years or None in years:
        return
    listed = _listed([str(other) for other in sorted(years)])
    raise Refusal(
        Problem(
            "no-such-year",
            f"a year with figures of {measure}",
            str(year),
            f"give one of {listed}, or leave it blank",
            column="year",
        )
    )


def on_record(known: pa.Table) -> tuple[Sentence, ...]:
    """What has figures by activity, in a sentence; nothing where nothing has."""
    pairs = sorted({(row["measure"], row["level"]) for row in known.to_pylist()})
    there = _listed([f"{measure} ({level})" for measure, level in pairs])
    told = say("By activity there are figures of {there:name}.", there=there)
    return (told,) if there else ()


def _numbered(column: pa.ChunkedArray) -> tuple[list[str], Any]:
    """The ids of a column, ascending, and the number of each row's among them."""
    ids = pc.unique(column)
    ids = ids.take(pc.sort_indices(ids))
    return ids.to_pylist(), pc.index_in(column, ids).to_numpy()


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"{', '.join(names[:_LISTED])}{more}"


def _problems(figures: pa.Table) -> Iterator[Problem]:
    units = sorted(unit or "no unit" for unit in pc.unique(figures["unit"]).to_pylist())
    if len(units) > 1:
        remedy = "import figures in one unit and currency, or choose another year or measure"
        yield Problem(
            "mixed-units", "figures in one unit", _listed(units), remedy, column="value"
        )
    schemes = [scheme for scheme in pc.unique(figures["scheme"]).to_pylist() if scheme]
    if len(schemes) > 1:
        remedy = "say which under scheme"
        found = _listed(sorted(schemes))
        yield Problem("mixed-schemes", "one classification", found, remedy, column="scheme")
    values = figures["value"].to_numpy()
    wrong = np.flatnonzero(~((values >= 0) & np.isfinite(values)))
    if len(wrong):
        rows = figures.take(wrong).to_pylist()
        cells = [f"{row['value']:g} ({row['place_id']}, {row['activity']})" for row in rows]
        remedy = "correct it in observations: a share of a whole cannot be negative"
        yield Problem(
            "negative-figure", "figures from 0 on", _listed(cells), remedy, column="value"
        )


def _too_small(min_total: float, largest: float) -> Problem:
    return Problem(
        "no-place-left",
        f"a place with a total of {min_total:g} or more",
        f"{largest:g} as the largest total",
        "lower min_total",
        column="min_total",
    )


def _all_zero(figures: pa.Table) -> Problem:
    found = f"0 in each of {figures.num_rows} rows"
    return Problem("all-zero", "a figure above 0", found, "choose another measure or year")


def _unrankable(matrix: Matrix, error: "UnrankableError") -> Problem:
    n, m = matrix.made.shape
    thin = "lower rca_threshold or min_total, or import more places and activities"
    if error.reason == "too_few":
        found = (
            f"{n} of {len(matrix.places)} places and {m} of {len(matrix.activities)} activities"
        )
        return Problem(
            "too-few", "two places and two activities with an advantage", found, thin
        )
    if error.reason == "disconnected":
        return Problem(
            "disconnected",
            "places that are linked by activities they share",
            _listed(_parts(matrix)),
            f"{thin}; parts that have nothing in common cannot be compared in complexity",
        )
    if error.reason == "ambiguous":
        found = f"two orders of the places that explain it alike, within {error.value:.2g}"
        return Problem("ambiguous", "one order of the places that stands out", found, thin)
    found = f"a correlation of {error.value:.2g} with diversity"
    return Problem("no-direction", "an index that rises with diversity", found, thin)


def _parts(matrix: Matrix) -> list[str]:
    """The parts without a common activity, each by some of its places, the smallest first."""
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    n, part = connected_components(matrix.made @ matrix.made.T, directed=False)
    places = np.array(matrix.places)[matrix.kept_places]
    parts = sorted((places[part == k].tolist() for k in range(n)), key=len)
    return [f"{' + '.join(names[:3])}{' + …' if len(names) > 3 else ''}" for names in parts]
