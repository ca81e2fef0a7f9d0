"""Many criteria, one order: criteria and weights as they are asked for, and the judgement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from liantu.errors import Problem, Refusal, did_you_mean
from liantu.parameters import Listed

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Counts = np.ndarray[Any, np.dtype[np.int64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]

WEIGHTS = ("entropy", "critic", "equal", "ahp")
MOST_INCONSISTENT = 0.10  # of the ratio of a pairwise table (Saaty 1980)

Criteria = Annotated[
    list[Annotated[str, Field(pattern="^[^:,]+:(max|min)(:log)?$")]],
    Listed,
    Field(
        min_length=1,
        max_length=20,
        description="Measures of chains, each :max or :min; :log to compare logarithms.",
    ),
]
Weights = Annotated[
    list[str],
    Listed,
    Field(
        min_length=1,
        max_length=20,
        description="entropy, critic, equal, ahp, or a number for each criterion.",
    ),
]
Pairwise = Annotated[
    list[Annotated[float, Field(gt=0)]],
    Listed,
    Field(
        max_length=190,
        description="For ahp: by how much each criterion matters more than each later one.",
    ),
]
Cuts = Annotated[
    list[Annotated[float, Field(ge=0, le=1)]],
    Listed,
    Field(
        max_length=8,
        description="Scores at which tiers begin, descending; natural breaks where blank.",
    ),
]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A measure, whether more of it is better, and whether its logarithm is compared."""

    name: str
    is_more: bool
    is_log: bool

    @classmethod
    def of(cls, text: str) -> "Criterion":
        """The criterion that ``output:max`` or ``scale:max:log`` names."""
        name, direction, *scale = text.split(":")
        return cls(name, direction == "max", bool(scale))


def read_criteria(texts: Sequence[str]) -> list[Criterion]:
    """The criteria that texts name; a measure that is named twice is refused."""
    found = [Criterion.of(text) for text in texts]
    names = [criterion.name for criterion in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Refusal(_problem("criteria", "each measure once", ", ".join(twice), "drop one"))
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of an alternative for a criterion; ``unit`` is None where a lens answers."""

    alternative: str
    criterion: str
    value: float
    synthetic: bool
    unit: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """Values (n, m) of alternatives by criteria, NaN where unknown; which are synthetic."""

    values: Numbers
    synthetic: Truths

    @property
    def scored(self) -> Truths:
        """Those with figures for at least half of the criteria that have any; or nobody.

        One alternative alone is not judged.
        """
        known = ~np.isnan(self.values)
        count = known.sum(axis=1)
        enough = (count > 0) & (2 * count >= known.any(axis=0).sum())
        return np.asarray(enough & (enough.sum() > 1), dtype=np.bool_)


def gathered(alternatives: list[str], criteria: list[str], told: Iterable[Told]) -> Known:
    """What is known of each alternative; figures of one criterion in two units are refused."""
    values = np.full((len(alternatives), len(criteria)), np.nan)
    synthetic = np.zeros(values.shape, dtype=np.bool_)
    units: dict[str, set[str]] = {}
    for figure in told:
        if figure.criterion in criteria and figure.alternative in alternatives:
            cell = alternatives.index(figure.alternative), criteria.index(figure.criterion)
            values[cell], synthetic[cell] = figure.value, figure.synthetic
            if figure.unit:
                units.setdefault(figure.criterion, set()).add(figure.unit)
    mixed = {name: sorted(found) for name, found in units.items() if len(found) > 1}
    if mixed:
        remedy = "convert them to one unit, and import them again"
        raise Refusal(
            [
                Problem(
                    "mixed-units", f"figures of {name} in one unit", ", ".join(found), remedy
                )
                for name, found in mixed.items()
            ]
        )
    return Known(values, synthetic)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The order of n alternatives by m criteria, and what it rests on.

    Attributes
    ----------
    weights : (m,) with sum 1
    consistency : ratio of the pairwise table; None without one
    score : (n,) closeness to the best of all criteria, 0..1
    rank : (n,) from 1; the same score shares a rank
    edges : scores at which tiers begin, descending
    tier : (n,) from 1
    rank_low, rank_high : (n,) between which 90 % of draws lie; None without draws
    tier_shares : (n, n_tiers) share of draws that give each tier; of the one answer without
    reversals : alternatives without which the order of the others is another
    """

    weights: Numbers
    consistency: float | None
    score: Numbers
    rank: Counts
    edges: Numbers
    tier: Counts
    rank_low: Counts | None
    rank_high: Counts | None
    tier_shares: Numbers
    reversals: int

    def of(self, place: int) -> dict[str, Any]:
        """The columns of one alternative."""
        tier, low, high = int(self.tier[place]), self.rank_low, self.rank_high
        drawn = (
            {}
            if low is None or high is None
            else {
                "rank_low": int(low[place]),
                "rank_high": int(high[place]),
                "tier_probability": float(self.tier_shares[place, tier - 1]),
            }
        )
        return drawn | {
            "score": float(self.score[place]),
            "rank": int(self.rank[place]),
            "tier": tier,
            "tier_shares": self.tier_shares[place].tolist(),
        }


def judged(
    values: Numbers,
    criteria: Sequence[Criterion],
    *,
    weights: Sequence[str],
    pairwise: Sequence[float],
    tiers: int,
    cuts: Sequence[float],
    draws: int,
    seed: int,
) -> Judgement:
    """The judgement on alternatives: values (n, m), n from 2, a NaN standing for the median.

    A criterion without any value takes no part: its weight is 0.

    Raises
    ------
    Refusal
        A logarithm or an entropy of a value that has none, criteria that are all equal, weights
        or comparisons of the wrong number, a table that contradicts itself, cuts that rise.
    """
    from liantu.kernels.decision import (  # noqa: PLC0415 - kernels load when asked
        natural_breaks,
        ranks,
        sensitivity,
        topsis,
    )

    compared = _compared(values, criteria)
    maximise = np.array([criterion.is_more for criterion in criteria])
    chosen, consistency = _weights(compared, criteria, list(weights), list(pairwise))
    chosen = np.where(np.isnan(values).all(axis=0), 0.0, chosen)
    if not chosen.any():
        remedy = "import figures of them, or weigh others"
        raise Refusal(_problem("weights", "criteria with figures", "none that weighs", remedy))
    chosen /= chosen.sum()
    if (compared == compared[0])[:, chosen > 0].all():
        found, remedy = "no criterion tells the alternatives apart", "name or weigh others"
        raise Refusal(_problem("criteria", "figures that differ", found, remedy))
    score = topsis(compared, chosen, maximise=maximise)
    if list(cuts) != sorted(cuts, reverse=True):
        raise Refusal(_problem("cuts", "scores that fall", f"{list(cuts)}", "order them"))
    n_tiers = min(tiers, len(np.unique(score)))
    edges = np.array(cuts, dtype=np.float64) if cuts else natural_breaks(score, n_tiers)
    tier = (score[:, None] < edges).sum(axis=1)
    drawn = (
        sensitivity(compared, chosen, edges, maximise=maximise, draws=draws, seed=seed)
        if draws
        else None
    )
    order = np.lexsort((score,))
    reversals = 0
    for k in range(len(score)) if len(score) > 2 else ():
        kept = order[order != k]
        others = topsis(compared[kept], chosen, maximise=maximise)
        reversals += bool((np.diff(others) < -1e-12).any())
    return Judgement(
        weights=chosen,
        consistency=consistency,
        score=score,
        rank=ranks(score[None, :])[0],
        edges=edges,
        tier=tier + 1,
        rank_low=drawn.rank_low if drawn else None,
        rank_high=drawn.rank_high if drawn else None,
        tier_shares=drawn.tiers if drawn else np.eye(len(edges) + 1)[tier],
        reversals=reversals,
    )


def _compared(values: Numbers, criteria: Sequence[Criterion]) -> Numbers:
    """Values as they are compared: logarithms of the ratio to the least, gaps at the median."""
    compared = values.copy()
    problems = []
    for k, criterion in enumerate(criteria):
        known = ~np.isnan(values[:, k])
        if not known.any():
            compared[:, k] = 0.0  # the same for all: it tells nobody apart
            continue
        if criterion.is_log:
            least = float(values[known, k].min())
            if least <= 0:
                found = f"{criterion.name} of {least:g}"
                remedy = "leave :log out, or correct the figure"
                problems.append(_problem("criteria", "figures above zero", found, remedy))
                continue
            compared[:, k] = 1 + np.log(values[:, k] / least)
        compared[~known, k] = np.median(compared[known, k])
    if problems:
        raise Refusal(problems)
    return compared


def _weights(
    values: Numbers, criteria: Sequence[Criterion], weights: list[str], pairwise: list[float]
) -> tuple[Numbers, float | None]:
    """The weights that are asked for, and the consistency ratio of a pairwise table."""
    from liantu.kernels.decision import critic_weights, entropy_weights  # noqa: PLC0415

    m = len(criteria)
    try:
        if weights == ["entropy"]:
            return entropy_weights(values), None
        if weights == ["critic"]:
            maximise = np.array([criterion.is_more for criterion in criteria])
            return critic_weights(values, maximise=maximise), None
    except ValueError as error:
        expected = "criteria that such weights can be found from"
        raise Refusal(
            _problem("weights", expected, str(error), "give equal, or a number for each")
        ) from None
    if weights == ["equal"]:
        return np.full(m, 1 / m), None
    if weights == ["ahp"]:
        return _by_pairs(pairwise, m)
    return _given(weights, m), None


def _given(weights: list[str], m: int) -> Numbers:
    expected = f"{', '.join(WEIGHTS)}, or {m} numbers from 0 on, one for each criterion"
    try:
        found = np.array([float(text) for text in weights])
    except ValueError:
        remedy = did_you_mean(weights[0], list(WEIGHTS))
        raise Refusal(_problem("weights", expected, ", ".join(weights), remedy)) from None
    if len(found) != m or not np.isfinite(found).all() or (found < 0).any() or not found.any():
        raise Refusal(_problem("weights", expected, ", ".join(weights), "correct the weights"))
    return np.asarray(found / found.sum())


def _by_pairs(pairwise: list[float], m: int) -> tuple[Numbers, float]:
    from liantu.kernels.decision import ahp_weights  # noqa: PLC0415

    needed = m * (m - 1) // 2
    if not 2 <= m <= 10 or len(pairwise) != needed:
        expected = f"{needed} comparisons of {m} criteria, 2 to 10 of these"
        found = f"{len(pairwise)} comparisons"
        raise Refusal(_problem("pairwise", expected, found, "compare each with each later one"))
    table = np.ones((m, m))
    table[np.triu_indices(m, 1)] = pairwise
    table = np.triu(table) + np.tril(1 / table.T, -1)
    found_weights = ahp_weights(table)
    if found_weights.ratio > MOST_INCONSISTENT:
        expected = "comparisons whose consistency ratio is at most 0.10"
        found = f"{found_weights.ratio:.2f}, by Saaty's random index"
        raise Refusal(_problem("pairwise", expected, found, "compare anew what disagrees most"))
    return found_weights.weights, found_weights.ratio


def _problem(column: str, expected: str, found: str, remedy: str) -> Problem:
    return Problem("bad-parameter", expected, found, remedy, column=column)


def standings(values: Numbers, scored: Truths, criteria: Sequence[Criterion]) -> Numbers:
    """Each value from the worst, 0, to the best, 1, of the alternatives that are judged.

    Shapes are (n, m), (n,) and m; NaN where there is no value or no judgement; a half where all
    are the same.
    """
    found = np.full(values.shape, np.nan)
    for k, criterion in enumerate(criteria if scored.any() else ()):
        value = np.log(values[scored, k]) if criterion.is_log else values[scored, k]
        if np.isnan(value).all():
            continue
        low, high = np.nanmin(value), np.nanmax(value)
        part = (value - low) / (high - low) if high > low else value * 0 + 0.5
        found[scored, k] = part if criterion.is_more else 1 - part
    return found
