"""At which level each pair of organisations compares, in whole columns."""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from liantu.matching import weights
from liantu.matching.blocking import Pairs
from liantu.matching.firms import Firms
from liantu.matching.texts import CHINESE, LATIN, Texts
from liantu.matching.translated import Translated
from liantu.matching.weights import COLUMN, COMPARISONS, REGISTRATION

Vectors = NDArray[np.int8]
_SLICE = 400_000
_N_PLACES = 3  # levels of the place: the same, the same city, different
_ELSEWHERE = 2 * _N_PLACES - 1  # in different cities, by names that are not the same


def levels(firms: Firms, pairs: Pairs) -> Vectors:
    """The level of each pair in each of ``COMPARISONS``, -1 where either side is blank.

    Returns
    -------
    (n, len(COMPARISONS)) int8
    """
    found = np.full((len(pairs.left), len(COMPARISONS)), -1, dtype=np.int8)
    chinese_names, latin_names = Texts(firms.chinese, CHINESE), Texts(firms.latin, LATIN)
    translated = Translated(firms)
    marks = _marks(firms)
    for start in range(0, len(found), _SLICE):
        part = slice(start, start + _SLICE)
        left, right = pairs.left[part], pairs.right[part]
        chinese, told_apart = chinese_names.levels(left, right)
        latin, _ = latin_names.levels(left, right)
        latin[chinese >= 0] = -1  # the one is mostly a translation, and says nothing new
        place, cited = _place(firms, left, right), _cited(firms, left, right)
        cited[(cited == 0) & ((place == 0) | (place == 1))] = -1  # it says the place again
        is_other = ~np.isin(np.maximum(chinese, latin), weights.ONE_NAME)
        place[(place >= 0) & is_other] += _N_PLACES
        for name, column in (
            (REGISTRATION, _registration(firms, left, right)),
            ("name", chinese),
            ("latin", latin),
            ("spoken", translated.levels(left, right)),
            ("marks", _marked(marks, left, right, told_apart)),
            ("cited", cited),
            ("place", place),
            ("parent", _parent(firms, left, right)),
        ):
            found[part, COLUMN[name]] = column
    for name, texts in (("name", chinese_names), ("latin", latin_names)):
        _near(found, COLUMN[name], (firms, pairs), texts)
    return found


def _near(found: Vectors, column: int, compared: tuple[Firms, Pairs], texts: Texts) -> None:
    """Set how many other names of the city are as near, for slips and for abbreviations.

    A slip may be of either name, an abbreviation is of the shorter one: it may mean another.
    """
    firms, pairs = compared
    cities = np.where(firms.cities < 0, firms.cited_cities, firms.cities)
    n_cities = int(cities.max(initial=0)) + 2
    _, name = np.unique(texts.core_code * n_cities + cities + 1, return_inverse=True)
    for group, kinds in enumerate((weights.SLIPS, (weights.ABBREVIATION,))):
        is_met = np.isin(found[:, column], kinds)
        is_met &= (found[:, COLUMN["cited"]] != 1) & (found[:, COLUMN["place"]] != _ELSEWHERE)
        at = np.flatnonzero(is_met)
        left, right = pairs.left[at], pairs.right[at]
        if kinds != weights.SLIPS:
            is_shorter = texts.is_shorter(left, right)
            left, right = np.where(is_shorter, left, right), np.where(is_shorter, right, left)
        met = np.unique(np.column_stack([name[left], name[right]]), axis=0)
        counts = np.bincount(met[:, 0], minlength=len(name))
        others = counts[name[left]] - 1
        if kinds == weights.SLIPS:
            counts = counts + np.bincount(met[:, 1], minlength=len(name))
            others = counts[name[left]] + counts[name[right]] - 2
        found[at, COLUMN["near"]] = (
            np.digitize(others, weights.FEW) - 1 + group * len(weights.FEW)
        )


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
    """Where it is not known where an organisation is, the place in its name tells the city."""
    place, city = firms.places, np.where(firms.cities < 0, firms.cited_cities, firms.cities)
    a, b = place[left], place[right]
    are_known = (city[left] >= 0) & (city[right] >= 0)
    is_blank = ~are_known & ((a < 0) | (b < 0))
    is_city = are_known & (city[left] == city[right])
    found = np.select([is_blank, (a >= 0) & (a == b), is_city], [-1, 0, 1], default=2)
    return found.astype(np.int8)


def _parent(firms: Firms, left: NDArray[np.int64], right: NDArray[np.int64]) -> Vectors:
    a, b = firms.parents[left], firms.parents[right]
    is_above = (a == firms.own[right]) | (b == firms.own[left])
    found = np.select([is_above, (a < 0) | (b < 0), a == b], [2, -1, 0], default=1)
    return found.astype(np.int8)
