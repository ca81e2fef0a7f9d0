"""Which pairs of organisations are compared: those that share a number or a part of a name."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liantu.matching.firms import Firms, Parts
from liantu.matching.translated import heads

MOST_IN_BLOCK = 80
_HEAD, _FEW_GRAMS, _MOST_WITH_GRAM = 4, 3, 200
_LATIN_HEAD = 6

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs to compare, the smaller number first, and how much was cut.

    ``left`` and ``right`` are (n,) int64. ``cut_blocks`` are parts of names that more than
    ``MOST_IN_BLOCK`` organisations of one city share, ``cut_firms`` how many share them.
    """

    left: Numbers
    right: Numbers
    cut_blocks: int = 0
    cut_firms: int = 0


def pairs(firms: Firms) -> Pairs:
    """Every pair that shares a key; a key that too many share counts only within a city."""
    keys, owners = _keys(firms)
    left, right, is_left_over = _within(keys, owners)
    again = np.flatnonzero(is_left_over)
    cities = firms.cities[owners[again]]
    cited = firms.cited_cities[owners[again]]
    cities = np.where(cities < 0, cited, cities)
    is_placed = cities >= 0
    narrow = keys[again] * (int(cities.max(initial=0)) + 2) + cities
    narrow, placed = narrow[is_placed], owners[again][is_placed]
    more_left, more_right, is_cut = _within(narrow, placed)
    cut = np.concatenate([placed[is_cut], owners[again][~is_placed]])
    cut_keys = np.concatenate([narrow[is_cut], keys[again][~is_placed]])
    n_firms = max(len(firms), 1)
    met = np.unique(
        np.concatenate([left, more_left]) * n_firms + np.concatenate([right, more_right])
    )
    return Pairs(met // n_firms, met % n_firms, len(np.unique(cut_keys)), len(np.unique(cut)))


def _within(keys: Numbers, owners: Numbers) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """All pairs of owners of one key, and which entries have a key of too many."""
    is_left_over = np.zeros(len(keys), dtype=bool)
    if not len(keys):
        return keys, keys, is_left_over
    order = np.lexsort((owners, keys))
    _, starts, counts = np.unique(keys[order], return_index=True, return_counts=True)
    sorted_owners = owners[order]
    is_left_over[order] = np.repeat(counts > MOST_IN_BLOCK, counts)
    lefts, rights = [], []
    for size in np.unique(counts[(counts > 1) & (counts <= MOST_IN_BLOCK)]):
        first, second = np.triu_indices(int(size), 1)
        members = sorted_owners[starts[counts == size][:, None] + np.arange(size)]
        lefts.append(members[:, first].ravel())
        rights.append(members[:, second].ravel())
    if not lefts:
        return keys[:0], keys[:0], is_left_over
    return np.concatenate(lefts), np.concatenate(rights), is_left_over


def _keys(firms: Firms) -> tuple[Numbers, Numbers]:
    """Every key of every organisation, as two columns: the key's number, and whose it is."""
    counts = _Common(
        Counter(gram for parts in firms.chinese for gram in set(_grams(parts.core))),
        Counter(word for parts in firms.latin for word in set(parts.words)),
        frozenset(_first(latin) for latin in _alone(firms.latin, firms.chinese)),
    )
    codes: dict[str, int] = {}
    keys, owners = [], []
    for owner in range(len(firms)):
        for key in set(_of(firms, owner, counts)):
            keys.append(codes.setdefault(key, len(codes)))
            owners.append(owner)
    return np.array(keys, dtype=np.int64), np.array(owners, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Common:
    """How many names hold a pair of characters, and a word.

    ``first`` are the first words of Latin names that stand alone, which may be Chinese ones
    by their sound.
    """

    grams: Counter[str]
    words: Counter[str]
    first: frozenset[str]


def _of(firms: Firms, owner: int, counts: _Common) -> Iterator[str]:
    number = firms.numbers[owner]
    if number:
        yield f"n{number}"
    if len(number) >= 15:
        yield f"a{number[:-5]}"
        yield f"b{number[-9:]}"
    yield from _chinese(firms.chinese[owner], counts)
    yield from _latin(firms.latin[owner], counts)
    yield from _spoken(firms.chinese[owner], firms.latin[owner], counts)


def _chinese(parts: Parts, counts: _Common) -> Iterator[str]:
    if not parts.whole:
        return
    for name in {parts.core, parts.other} - {""}:
        yield from (f"h{head}" for head in _one_out(name[:_HEAD]))
    yield f"s{parts.core[:2]}"
    yield from (f"g{gram}" for gram in _rarest(_grams(parts.core), counts.grams))


def _latin(parts: Parts, counts: _Common) -> Iterator[str]:
    if not parts.whole:
        return
    for name in {parts.core, parts.other} - {""}:
        yield from (f"H{head}" for head in _one_out(name[:_LATIN_HEAD]))
    yield from (f"W{word}" for word in _rarest(parts.words, counts.words))
    initials = "".join(word[0] for word in parts.words)
    if len(initials) >= 3:
        yield f"H{initials}"
    if len(parts.words) == 1:
        yield f"H{parts.core}"


def _spoken(chinese: Parts, latin: Parts, counts: _Common) -> Iterator[str]:
    """How a Chinese name that stands alone begins by its sound, or a Latin one as written."""
    if chinese.whole and latin.whole:
        return
    said = heads(chinese) if chinese.whole else (_first(latin),)
    yield from (f"P{head}" for head in said if head in counts.first)


def _alone(names: Sequence[Parts], others: Sequence[Parts]) -> Iterator[Parts]:
    """The names of organisations that have none in the other script."""
    for name, other in zip(names, others, strict=True):
        if name.words and not other.whole:
            yield name


def _first(name: Parts) -> str:
    return name.words[0] if name.words else ""


def _one_out(head: str) -> Iterator[str]:
    """The beginning of a name with each character in turn taken out; whole where it is short.

    Two beginnings that differ in one character, or have two of them swapped, share one.
    """
    yield head
    if len(head) >= 3:
        yield from (head[:place] + head[place + 1 :] for place in range(len(head)))


def _grams(name: str) -> list[str]:
    return [name[place : place + 2] for place in range(len(name) - 1)]


def _rarest(parts: Sequence[str], counts: Counter[str]) -> list[str]:
    """The few parts that the fewest names hold, without those that many do."""
    few = sorted({part for part in parts if counts[part] <= _MOST_WITH_GRAM})
    return sorted(few, key=counts.__getitem__)[:_FEW_GRAMS]
