"""At which level the names of each pair of organisations compare, in one script."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler, LCSseq
from rapidfuzz.process import cpdist

from liantu.matching import weights
from liantu.matching.firms import Parts
from liantu.matching.looks import look_alike
from liantu.matching.sounds import sound_alike

_SIDES = "东西南北中上下前后左右新老大小甲乙丙丁一二三四五六七八九十"

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
Names = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Script:
    """How long a name is that says anything, one that is long, and an abbreviation at most.

    ``alike`` is the least Jaro-Winkler similarity of names that are alike.
    """

    least: int
    long: int
    most_short: int
    alike: float


CHINESE = Script(least=3, long=6, most_short=6, alike=0.82)
LATIN = Script(least=5, long=9, most_short=8, alike=0.9)


class Texts:
    """The names of all organisations in one script, as columns to compare."""

    def __init__(self, parts: Sequence[Parts], script: Script) -> None:
        self._script = script
        self._whole = np.array([entry.whole for entry in parts], dtype=object)
        self._core = np.array([entry.core for entry in parts], dtype=object)
        self.length = np.array([len(entry.whole) for entry in parts], dtype=np.int64)
        self._core_length = np.array([len(entry.core) for entry in parts], dtype=np.int64)
        initials = ("".join(word[0] for word in entry.words) for entry in parts)
        codes = {"": 0}
        self.core_code = _numbered(codes, self._core)
        self._whole_code = _numbered(codes, self._whole)
        self._marks_code = _numbered(codes, [entry.marks for entry in parts])
        self._other_code = _numbered(codes, [entry.other for entry in parts])
        self._initials_code = _numbered(codes, [t if len(t) >= 3 else "" for t in initials])
        self._head_code = _numbered(codes, [entry.whole[:1] for entry in parts])
        self._core_head_code = _numbered(codes, [entry.core[:1] for entry in parts])

    def levels(self, left: Numbers, right: Numbers) -> tuple[NDArray[np.int8], Mask]:
        """The level of each pair, and which differ in a sign that tells two firms apart.

        Each level is tried on the pairs that reached none before it.
        """
        level = np.full(len(left), -1, dtype=np.int8)
        told_apart = np.zeros(len(left), dtype=bool)
        rest = np.flatnonzero((self.length[left] > 0) & (self.length[right] > 0))
        level[rest] = weights.DIFFERENT
        for number, reached in (
            (weights.SAME, self._same),
            (weights.BUT_PLACE, self._but_place),
            (weights.OTHER_NAME, self._other_name),
            (weights.ABBREVIATION, self._abbreviation),
            (weights.LONG_SLIP, self._slip),
            (weights.WITHIN, self._begins),
            (weights.ALIKE, self._alike),
        ):
            is_met = reached(left[rest], right[rest])
            level[rest[is_met]] = number
            rest = rest[~is_met]
        for place in np.flatnonzero(level == weights.LONG_SLIP):
            pair = self._core[left[place]], self._core[right[place]]
            if OSA.distance(*pair) > 1:
                pair = self._whole[left[place]], self._whole[right[place]]
            level[place] = self._kind(*pair)
            told_apart[place] = _is_told_apart(*pair)
        return level, told_apart

    def _kind(self, first: str, second: str) -> int:
        """Which kind of slip it is that two names differ by."""
        if sorted(first) == sorted(second):
            return weights.SWAPPED
        if _is_likely_slip(first, second):
            return weights.LIKELY_SLIP
        is_short = min(len(first), len(second)) < self._script.long
        return weights.SHORT_SLIP if is_short else weights.LONG_SLIP

    def _same(self, left: Numbers, right: Numbers) -> Mask:
        return np.asarray(self._whole_code[left] == self._whole_code[right])

    def _but_place(self, left: Numbers, right: Numbers) -> Mask:
        is_same = self.core_code[left] == self.core_code[right]
        return np.asarray(is_same & (self._marks_code[left] == self._marks_code[right]))

    def _other_name(self, left: Numbers, right: Numbers) -> Mask:
        """Whether the other name of one, or its initials, are the name of the other."""
        found = np.zeros(len(left), dtype=bool)
        for one, two in ((left, right), (right, left)):
            for codes in (self._other_code, self._initials_code):
                names = codes[one]
                is_met = (names == self.core_code[two]) | (names == self._whole_code[two])
                found |= (names > 0) & is_met
        return found

    def _slip(self, left: Numbers, right: Numbers) -> Mask:
        """Whether one sign is changed, added or left out, or two are swapped.

        A place that is written wrong is not known as one: then the names are compared whole.
        """
        core = np.abs(self._core_length[left] - self._core_length[right])
        whole = np.abs(self.length[left] - self.length[right])
        is_place = (core >= 2) & (whole <= 1)
        found = self._is_near(self._core, self._core_length, left, right)
        found &= self.core_code[left] != self.core_code[right]  # of a branch, say
        found[is_place] = self._is_near(
            self._whole, self.length, left[is_place], right[is_place]
        )
        return found

    def _is_near(self, names: Names, length: Numbers, left: Numbers, right: Numbers) -> Mask:
        a, b = length[left], length[right]
        tried = (np.abs(a - b) <= 1) & (np.minimum(a, b) >= self._script.least)

        def within(one: Names, two: Names) -> Mask:
            distance = cpdist(
                one, two, scorer=OSA.distance, score_cutoff=1, dtype=np.int32, workers=-1
            )
            return np.asarray(distance <= 1)

        return _where(tried, within, names[left], names[right])

    def is_shorter(self, left: Numbers, right: Numbers) -> Mask:
        """Whether the left name of each pair is the shorter one."""
        return np.asarray(self.length[left] < self.length[right])

    def _abbreviation(self, left: Numbers, right: Numbers) -> Mask:
        """Whether the longer has the signs of the much shorter in order.

        The first of them is the longer's first, with its place or without.
        """
        is_shorter = self.is_shorter(left, right)
        brief, full = np.where(is_shorter, left, right), np.where(is_shorter, right, left)
        short, long = self.length[brief], self.length[full]
        core = np.minimum(self._core_length[left], self._core_length[right])
        tried = (short >= self._script.least) & (short <= self._script.most_short)
        tried &= (core <= 0.75 * long) & (short < long)
        tried &= self.core_code[left] != self.core_code[right]
        head = self._head_code[brief]
        tried &= (head == self._head_code[full]) | (head == self._core_head_code[full])

        def in_order(one: Names, two: Names) -> Mask:
            shared = cpdist(one, two, scorer=LCSseq.similarity, dtype=np.int32, workers=-1)
            return np.asarray(shared == short[tried])

        return _where(tried, in_order, self._whole[left], self._whole[right])

    def _begins(self, left: Numbers, right: Numbers) -> Mask:
        """Whether the name of one begins with that of the other, places aside."""
        tried = self._core_length[left] != self._core_length[right]
        tried |= self.core_code[left] == self.core_code[right]

        def begins(one: Names, two: Names) -> Mask:
            pairs = zip(one, two, strict=True)
            return np.array([a.startswith(b) or b.startswith(a) for a, b in pairs], dtype=bool)

        return _where(tried, begins, self._core[left], self._core[right])

    def _alike(self, left: Numbers, right: Numbers) -> Mask:
        alike = cpdist(
            self._whole[left],
            self._whole[right],
            scorer=JaroWinkler.similarity,
            score_cutoff=self._script.alike,
            dtype=np.float32,
            workers=-1,
        )
        return np.asarray(alike > 0)


def _where(tried: Mask, holds: Callable[[Names, Names], Mask], one: Names, two: Names) -> Mask:
    """Whether it holds for a pair, tried only where it may."""
    found = np.zeros(len(tried), dtype=bool)
    if tried.any():
        found[tried] = holds(one[tried], two[tried])
    return found


def _numbered(codes: dict[str, int], texts: Iterable[str]) -> Numbers:
    """Texts as numbers, the same for the same text; 0 for a blank."""
    return np.array([codes.setdefault(text, len(codes)) for text in texts], dtype=np.int64)


def _is_likely_slip(first: str, second: str) -> bool:
    """Whether the one sign that differs sounds or looks like the other."""
    differing = _differing(first, second)
    return differing is not None and (sound_alike(*differing) or look_alike(*differing))


def _is_told_apart(first: str, second: str) -> bool:
    """Whether the one sign that differs is a number or a side: 东方 and 北方 are two."""
    differing = _differing(first, second)
    return differing is not None and all(sign in _SIDES for sign in differing)


def _differing(first: str, second: str) -> tuple[str, str] | None:
    """The two signs by which names differ, if that is one in each."""
    if len(first) != len(second):
        return None
    found = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    return found[0] if len(found) == 1 else None
