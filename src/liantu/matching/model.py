"""How sure it is that two organisations are one, by the model of Fellegi and Sunter (splink).

Splink is handed the levels at which pairs compare, one pair of each distinct combination, and
no table of the workspace. Shares are learnt from registration numbers. They are not estimated
by expectation maximisation: without labels that takes firms of one trade in one city for one
firm (of the pairs it found among 20,000 labelled organisations, one in ten was right).
"""

import logging
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from liantu.matching.levels import Vectors
from liantu.matching.weights import (
    BY_CHANCE,
    BY_NAMES,
    COLUMN,
    COMPARISONS,
    PRIOR,
    REGISTRATION,
    Comparison,
)

_RULE = "l.pair = r.pair"
_BELIEVED_SAME, _BELIEVED_OTHER = 200, 500
_NUMBER = COLUMN[REGISTRATION]
_SAME_NUMBER, _TWO_NUMBERS = 0, 3  # levels of the registration number

Settings = dict[str, Any]
Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """What each pair is worth.

    ``probability`` and ``weight`` are (n,). Row ``of_pair[i]`` of ``parts``, which has
    len(COMPARISONS) columns, is how much of the weight of pair i each comparison adds. Weights
    are in bits: 1 doubles the odds. ``share`` of the pairs are one firm, and ``learnt`` is how
    many pairs whose numbers tell bear on that.
    """

    probability: NDArray[np.float64]
    weight: NDArray[np.float64]
    parts: NDArray[np.float64]
    of_pair: NDArray[np.int64]
    share: float
    learnt: int


def scores(vectors: Vectors) -> Scores:
    """The probability of each pair, by the weights and what registration numbers tell."""
    codes = np.zeros(len(vectors), dtype=np.int64)
    for number, entry in enumerate(COMPARISONS):
        codes = codes * (len(entry.levels) + 1) + vectors[:, number] + 1
    _, first, of_pair = np.unique(codes, return_index=True, return_inverse=True)
    learnt = _learnt(vectors)
    table = _predicted(_settings(learnt), vectors[first])
    order = np.argsort(table["pair_l"].to_numpy())

    def column(name: str) -> NDArray[np.float64]:
        found: NDArray[np.float64] = table[name].to_numpy().astype(np.float64)[order]
        return np.round(found, 6)

    return Scores(
        column("match_probability")[of_pair],
        column("match_weight")[of_pair],
        np.column_stack([column(f"mw_{entry.name}") for entry in COMPARISONS]),
        of_pair,
        learnt.share,
        learnt.told,
    )


@dataclass(frozen=True, slots=True)
class _Learnt:
    """Shares of the model, and how many pairs told of them."""

    share: float
    same: list[Shares]
    other: list[Shares]
    told: int


def _learnt(vectors: Vectors) -> _Learnt:
    """The share of pairs that are one firm, and of each level among them and the others.

    Registration numbers tell: pairs with the same number are one firm, pairs with two true
    numbers that differ are two. What they show is counted together with so many pairs as the
    weights have them, so that where few firms have a number the weights stand.
    """
    are_same = vectors[vectors[:, _NUMBER] == _SAME_NUMBER]
    are_two = vectors[vectors[:, _NUMBER] == _TWO_NUMBERS]
    told = len(are_same) + len(are_two)
    share = (len(are_same) + PRIOR * _BELIEVED_SAME) / (told + _BELIEVED_SAME)
    same = _shares(are_same, is_same=True)
    other = _shares(are_two, is_same=False)
    # Two firms have one number by mistake: of pairs with one number as many are two firms,
    # however many pairs were compared that share no more than a part of a name.
    by_chance = list(BY_CHANCE)
    other[_NUMBER][by_chance] *= _odds(share) / _odds(PRIOR)
    return _Learnt(share, same, other, told)


def _shares(met: Vectors, *, is_same: bool) -> list[Shares]:
    """The share of each level in its group, among the pairs met and so many as believed."""
    counts = [_counted(entry, met[:, at], is_same) for at, entry in enumerate(COMPARISONS)]
    by_names = sum(counts[COLUMN[name]].sum() for name in BY_NAMES)
    return [
        count / (by_names if entry.name in BY_NAMES else _in_groups(entry, count))
        for entry, count in zip(COMPARISONS, counts, strict=True)
    ]


def _counted(entry: Comparison, met: NDArray[np.int8], is_same: bool) -> Shares:  # noqa: FBT001
    n_believed = _BELIEVED_SAME if is_same else _BELIEVED_OTHER
    counts = n_believed * np.array(
        [
            group.same * level.same if is_same else group.other * level.other
            for group in entry.groups
            for level in group.levels
        ]
    )
    if entry.name != REGISTRATION:  # which is what tells
        counts += np.bincount(met[met >= 0], minlength=len(counts))
    return counts


def _in_groups(entry: Comparison, counts: Shares) -> Shares:
    """The sum of the group that each level is in."""
    sizes = [len(group.levels) for group in entry.groups]
    return np.repeat(np.add.reduceat(counts, np.cumsum([0, *sizes[:-1]])), sizes)


def _odds(share: float) -> float:
    return share / (1 - share)


def _settings(learnt: _Learnt) -> Settings:
    return {
        "link_type": "dedupe_only",
        "comparisons": [
            _comparison(*entry)
            for entry in zip(COMPARISONS, learnt.same, learnt.other, strict=True)
        ],
        "blocking_rules_to_generate_predictions": [_RULE],
        "probability_two_random_records_match": learnt.share,
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": False,
        "additional_columns_to_retain": ["pair"],
    }


def _comparison(entry: Comparison, same: Shares, other: Shares) -> Settings:
    last = len(entry.levels) - 1
    blank = {
        "sql_condition": f"{entry.name}_l < 0",
        "label_for_charts": "blank",
        "is_null_level": True,
    }
    levels = [
        {
            "sql_condition": "ELSE" if number == last else f"{entry.name}_l = {number}",
            "label_for_charts": level.words,
            "m_probability": float(same[number]),
            "u_probability": float(other[number]),
        }
        for number, level in enumerate(entry.levels)
    ]
    return {"output_column_name": entry.name, "comparison_levels": [blank, *levels]}


def _predicted(settings: Settings, vectors: Vectors) -> pa.Table:
    with duckdb.connect(":memory:") as connection:
        linker = _linker(connection, settings, vectors)
        return linker.inference.predict(warning_mode="never").as_pyarrow_table()


def _linker(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    vectors: Vectors,
) -> Any:  # noqa: ANN401 - splink is loaded late
    """A linker over two rows for each pair, in a database that is its own, and silent."""
    from splink import DuckDBAPI, Linker, SettingsCreator  # noqa: PLC0415 - takes a second

    logging.getLogger("splink").setLevel(logging.ERROR)
    connection.execute("set threads = 1")  # sums of several threads differ in their last bits
    connection.execute("set enable_progress_bar = false")
    rows = {"unique_id": pa.array(np.arange(2 * len(vectors)))}
    rows["pair"] = pa.array(np.repeat(np.arange(len(vectors)), 2))
    for number, entry in enumerate(COMPARISONS):
        rows[entry.name] = pa.array(np.repeat(vectors[:, number], 2))
    api = DuckDBAPI(connection)
    creator = SettingsCreator.from_path_or_dict(settings)
    return Linker(api.register(pa.table(rows)), creator, log_level=None)
