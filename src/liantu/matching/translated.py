"""A Chinese name beside a Latin one: the trade name by its sound, the rest by other rows."""

import numpy as np
from numpy.typing import NDArray

from liantu.matching.firms import Firms, Parts
from liantu.matching.sounds import spoken

_LEAST, _MOST = 2, 4
AS_OTHERS, NOT_KNOWN, OTHERWISE, DIFFERENT = range(4)

Numbers = NDArray[np.int64]


def heads(name: Parts) -> dict[str, str]:
    """How a Chinese name may begin in pinyin, and what is left of it after that."""
    found = {}
    said = [spoken(sign) for sign in name.core[:_MOST]]
    for n_signs in range(_LEAST, len(said) + 1):
        if all(said[:n_signs]):
            found["".join(said[:n_signs])] = name.core[n_signs:]
    return found


class Translated:
    """How Latin names compare with Chinese ones, as those organisations tell that have both."""

    def __init__(self, firms: Firms) -> None:
        self._firms = firms
        self._known: dict[str, set[tuple[str, ...]]] = {}
        for chinese, latin in zip(firms.chinese, firms.latin, strict=True):
            if latin.words and chinese.core:
                rest = heads(chinese).get(latin.words[0])
                if rest is not None:
                    self._known.setdefault(rest, set()).add(latin.words[1:])

    def levels(self, left: Numbers, right: Numbers) -> NDArray[np.int8]:
        """The level of each pair of which one has a Chinese name alone, one a Latin alone."""
        level = np.full(len(left), -1, dtype=np.int8)
        is_chinese = np.array([bool(name.whole) for name in self._firms.chinese], dtype=bool)
        is_latin = np.array([bool(name.words) for name in self._firms.latin], dtype=bool)
        for one, two in ((left, right), (right, left)):
            is_met = is_chinese[one] & ~is_latin[one] & is_latin[two] & ~is_chinese[two]
            for place in np.flatnonzero(is_met):
                level[place] = self._level(int(one[place]), int(two[place]))
        return level

    def _level(self, chinese: int, latin: int) -> int:
        words = self._firms.latin[latin].words
        rest = heads(self._firms.chinese[chinese]).get(words[0])
        if rest is None:
            return DIFFERENT
        known = self._known.get(rest)
        if not known:
            return NOT_KNOWN
        return AS_OTHERS if words[1:] in known else OTHERWISE
