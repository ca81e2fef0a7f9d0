"""At which level each pair of organisations compares, in whole columns."""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from liantu.matching import weights
from liantu.matching.blocking import Pairs
from liantu.matching.firms import Firms
from liantu.matching.texts import CHINESE, LATIN, Texts
from liantu.matching.weights import COMPARISONS

Vectors = NDArray[np.int8]
_SLICE = 400_000


def levels(firms: Firms, pairs: Pairs) -> Vectors:
    """The level of each pair in each of ``COMPARISONS``, -1 where either side is blank.

    Returns
    -------
    (n, len(COMPARISONS)) int8
    """
    found = np.empty((len(pairs.left), len(COMPARISONS)), dtype=np.int8)
    texts = {
        "chinese": Texts(firms.chinese, CHINESE),
        "latin": Texts(firms.latin, LATIN),
    }
    marks = _marks(firms)
    for start in range(0, len(found), _SLICE):
        part = slice(start, start + _SLICE)
        left, right = pairs.left[part], pairs.right[part]
        chinese, told_apart = texts["chinese"].levels(left, right)
        latin, _ = texts["latin"].levels(left, right)
        latin[chinese >= 0] = -1  # the one is mostly a translation, and says nothing new
        place, cited = _place(firms, left, right), _cited(firms, left, right)
        cited[(cited == 0) & ((place == 0) | (place == 1))] = -1  # it says the place again
        columns = (
            _registration(firms, left, right),
            chinese,
            latin,
            _marked(marks, left, right, told_apart),
            cited,
            place,
            _parent(firms, left, right),
        )
        found[part] = np.column_stack(columns)
    for column, texts_ in ((1, texts["chinese"]), (2, texts["latin"])):
        _ambiguous(found[:, column], pairs, texts_)
    return found


def _ambiguous(level: NDArray[np.int8], pairs: Pairs, texts: Texts) -> None:
    """Tell abbreviations that fit one other organisation from those that fit several."""
    at = np.flatnonzero(level == weights.ABBREVIATION)
    left, right = pairs.left[at], pairs.right[at]
    short = np.where(texts.length[left] < texts.length[right], left, right)
    full = np.where(texts.length[left] < texts.length[right], right, left)
    meant = np.unique(np.column_stack([short, texts.whole_code[full]]), axis=0)
    owners, counts = np.unique(meant[:, 0], return_counts=True)
    is_only = np.isin(short, owners[counts == 1])
    level[at[is_only]] = weights.ONLY_ABBREVIATION


def _registration(firms: Firms, left: NDArray[np.int64], right: NDArray[np.int64]) -> Vectors:
    numbers = np.array(firms.numbers, dtype=object)
    is_there = np.array([bool(number) for number in firms.numbers], dtype=bool)
    level = np.full(len(left), -1, dtype=np.int8)
    at = np.flatnonzero(is_there[left] & is_there[right])
    a, b = numbers[left[at]], numbers[right[at]]
    are_true = firms.is_valid[left[at]] & firms.is_valid[right[at]]
    level[at] = np.where(are_true, 3, 2)
    doubtful = np.flatnonzero(~are_true)
    if len(doubtful):
        distance = cpdist(
            a[doubtful], b[doubtful], scorer=OSA.distance, score_cutoff=1, dtype=np.int32
        )
        level[at[doubtful[distance <= 1]]] = 1
    level[at[a == b]] = 0
    return level


def _marks(firms: Firms) -> NDArray[np.int64]:
    """The marks in the names of each organisation, as numbers; 0 where there are none."""
    codes = {"": 0}
    pairs = zip(firms.chinese, firms.latin, strict=True)
    marks = [chinese.marks if chinese.whole else latin.marks for chinese, latin in pairs]
    return np.array([codes.setdefault(mark, len(codes)) for mark in marks], dtype=np.int64)


def _marked(
    marks: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    told_apart: NDArray[np.bool_],
) -> Vectors:
    a, b = marks[left], marks[right]
    found = np.select([told_apart | (a != b), a > 0], [1, 0], default=-1)
    return found.astype(np.int8)


def _cited(firms: Firms, left: NDArray[np.int64], right: NDArray[np.int64]) -> Vectors:
    city, province = firms.cited_cities, firms.cited_provinces
    both = (city[left] >= 0) & (city[right] >= 0)
    wide = (province[left] >= 0) & (province[right] >= 0)
    is_same = both & (city[left] == city[right])
    is_other = (both & ~is_same) | (wide & (province[left] != province[right]))
    return np.select([is_same, is_other], [0, 1], default=-1).astype(np.int8)


def _place(firms: Firms, left: NDArray[np.int64], right: NDArray[np.int64]) -> Vectors:
    a, b = firms.places[left], firms.places[right]
    city = (firms.cities[left] >= 0) & (firms.cities[left] == firms.cities[right])
    found = np.select([(a < 0) | (b < 0), a == b, city], [-1, 0, 1], default=2)
    return found.astype(np.int8)


def _parent(firms: Firms, left: NDArray[np.int64], right: NDArray[np.int64]) -> Vectors:
    a, b = firms.parents[left], firms.parents[right]
    is_above = (a == firms.own[right]) | (b == firms.own[left])
    found = np.select([is_above, (a < 0) | (b < 0), a == b], [2, -1, 0], default=1)
    return found.astype(np.int8)
