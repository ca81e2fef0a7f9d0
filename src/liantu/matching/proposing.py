"""Pairs of organisations that may be the same firm, the surest first, each with its reasons."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from liantu.matching.blocking import MOST_IN_BLOCK, Pairs, pairs
from liantu.matching.firms import Firms, firms
from liantu.matching.gazetteer import gazetteer
from liantu.matching.levels import levels
from liantu.matching.model import scores
from liantu.matching.weights import COMPARISONS

AT_LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Why:
    """One reason for or against: what was compared, how it compares, and its weight in bits."""

    comparison: str
    level: str
    weight: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two organisations that may be one: the rows, the probability, and each reason.

    ``keep`` has more cells filled, else the lesser identifier.
    """

    keep: dict[str, Any]
    drop: dict[str, Any]
    probability: float
    weight: float
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Proposals:
    """What was found, and what it rests on.

    ``compared`` counts the pairs that were looked at, ``below`` those under ``at_least``;
    ``share`` of them are one firm, learnt from ``learnt`` pairs whose numbers tell.
    ``cut_blocks`` are parts of names that too many share, ``cut_firms`` how many do.
    ``apart`` pairs are not listed because they are known to be two firms.
    """

    proposals: tuple[Proposal, ...]
    organisations: int
    compared: int
    below: int
    at_least: float
    share: float
    learnt: int
    cut_blocks: int
    cut_firms: int
    apart: int = 0
    most_in_block: int = MOST_IN_BLOCK


def propose(
    organisations: pa.Table,
    places: pa.Table,
    *,
    at_least: float = AT_LEAST,
    apart: Collection[tuple[str, str]] = (),
) -> Proposals:
    """Every pair at least so probable, but for those that are known to be two firms.

    Nothing is merged, however sure it is.
    """
    known = firms(organisations, gazetteer(places))
    found = pairs(known)
    if not len(found.left):
        cut = found.cut_blocks, found.cut_firms
        return Proposals((), len(known), 0, 0, at_least, 0.0, 0, *cut)
    vectors = levels(known, found)
    scored = scores(vectors)
    is_probable = scored.probability >= at_least
    is_apart = is_probable & _are_apart(known, found, apart)
    chosen = np.flatnonzero(is_probable & ~is_apart)
    order = np.lexsort((found.right[chosen], found.left[chosen], -scored.weight[chosen]))
    chosen = chosen[order]
    rows = organisations.sort_by("org_id")
    lefts = rows.take(pa.array(found.left[chosen])).to_pylist()
    rights = rows.take(pa.array(found.right[chosen])).to_pylist()
    proposals = tuple(
        Proposal(
            *_ordered(left, right),
            float(scored.probability[place]),
            float(scored.weight[place]),
            _why(vectors[place].tolist(), scored.parts[scored.of_pair[place]].tolist()),
        )
        for place, left, right in zip(chosen, lefts, rights, strict=True)
    )
    return Proposals(
        proposals,
        len(known),
        len(vectors),
        len(vectors) - int(is_probable.sum()),
        at_least,
        scored.share,
        scored.learnt,
        found.cut_blocks,
        found.cut_firms,
        int(is_apart.sum()),
    )


def _are_apart(
    known: Firms, found: Pairs, apart: Collection[tuple[str, str]]
) -> NDArray[np.bool_]:
    """Which of the pairs are known to be two firms; of those not on record nothing is said."""
    number = {name: place for place, name in enumerate(known.ids)}
    on_record = [[number[name] for name in pair] for pair in apart if number.keys() >= {*pair}]
    codes = [min(pair) * len(known) + max(pair) for pair in on_record]
    return np.isin(found.left * len(known) + found.right, codes)


def _ordered(
    left: dict[str, Any], right: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row to keep, and the one to drop."""
    filled = [sum(value is not None for value in row.values()) for row in (left, right)]
    return (right, left) if filled[1] > filled[0] else (left, right)


def _why(level: list[int], parts: list[float]) -> tuple[Why, ...]:
    """What is known on both sides, the weightiest first."""
    reasons = [
        Why(entry.title, entry.levels[at].words, part)
        for entry, at, part in zip(COMPARISONS, level, parts, strict=True)
        if at >= 0
    ]
    return tuple(sorted(reasons, key=lambda why: (-abs(why.weight), why.comparison)))
