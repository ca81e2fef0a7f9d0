"""Pairs of organisations that may be the same firm, the surest first, each with its reasons."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from liantu.matching.blocking import MOST_IN_BLOCK, pairs
from liantu.matching.firms import firms
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
    most_in_block: int = MOST_IN_BLOCK


def propose(
    organisations: pa.Table, places: pa.Table, *, at_least: float = AT_LEAST
) -> Proposals:
    """Every pair at least so probable. Nothing is merged, however sure it is."""
    known = firms(organisations, gazetteer(places))
    found = pairs(known)
    if not len(found.left):
        cut = found.cut_blocks, found.cut_firms
        return Proposals((), len(known), 0, 0, at_least, 0.0, 0, *cut)
    vectors = levels(known, found)
    scored = scores(vectors)
    chosen = np.flatnonzero(scored.probability >= at_least)
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
            _why(vectors[place].tolist(), scored.parts[place].tolist()),
        )
        for place, left, right in zip(chosen, lefts, rights, strict=True)
    )
    return Proposals(
        proposals,
        len(known),
        len(vectors),
        len(vectors) - len(chosen),
        at_least,
        scored.share,
        scored.learnt,
        found.cut_blocks,
        found.cut_firms,
    )


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
