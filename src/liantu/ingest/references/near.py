"""The identifier or name on record that a mistaken one was probably meant to be."""

from collections.abc import Iterable, Sequence
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Hamming

from liantu.errors import did_you_mean
from liantu.ingest.references.names import normalised

_FEW = 1_000
_TRIED, _AT_LEAST = 50, 5
# Of more names than this only those are compared that share rare pairs of letters.
_COMPARED, _LOOKED_THROUGH = 20_000, 5_000_000
_PAIRS, _ALIKE = 3, 70.0
# Names of so few characters, as Chinese ones are, are near where one of these differs.
_SHORT, _OFFERED = 3, 2


def nearest(found: Iterable[str], known: pa.Array) -> dict[str, str]:
    """``did you mean D06?`` for each found identifier that is near one on record.

    First those that differ in case, leading zeros and signs alone, then those of few other
    letters. After fifty that are near none in the first way, the second is not tried.
    """
    wanted = pa.array(list(dict.fromkeys(found)), pa.string())
    same = pc.index_in(_bare(wanted), value_set=_bare(known))
    hints: dict[str, str] = {}
    tried = 0
    for word, meant in zip(wanted.to_pylist(), known.take(same).to_pylist(), strict=True):
        if meant is not None:
            hints[word] = f"did you mean {meant}?"
        elif tried < _TRIED:
            tried += 1
            hint = did_you_mean(word, _alike(word, known))
            if hint.startswith("did you mean"):
                hints[word] = hint
    return hints


def _bare(words: pa.Array) -> pa.Array:
    """The identifiers in lower case, without signs between and zeros before digits."""
    lower = pc.utf8_lower(words)
    joined = pc.replace_substring_regex(lower, r"[\s\-_./:·]+", "")
    return pc.replace_substring_regex(joined, r"0*([0-9]+)", r"\1")


def _alike(word: str, known: pa.Array) -> list[str]:
    """Identifiers of about the length of the word; of many, those that begin like it."""
    length = pc.utf8_length(known)
    mask = pc.and_(
        pc.greater_equal(length, len(word) - 2), pc.less_equal(length, len(word) + 2)
    )
    if len(known) > _FEW:
        mask = pc.and_(mask, pc.starts_with(known, word[:2]))
    chosen: list[str] = known.filter(mask)[:_FEW].to_pylist()
    return chosen


def nearest_names(found: Iterable[str], names: pa.Array, ids: pa.Array) -> dict[str, str]:
    """``did you mean Zhuzhou (D06)?`` for each found word that is near a name on record.

    Names are compared without legal forms. Fifty words are tried, fewer where there are very
    many names.
    """
    hints: dict[str, str] = {}
    if not len(names):
        return hints
    every = pa.array(range(len(names)), pa.uint64()) if len(names) <= _COMPARED else None
    compared = normalised(names).to_pylist() if every is not None else []
    tried = max(_AT_LEAST, min(_TRIED, _LOOKED_THROUGH // len(names)))
    for word in islice(found, tried):
        plain = normalised(pa.array([word]))[0].as_py()
        rows = _sharing((word, plain), names) if every is None else every
        choices: list[str | None] = compared or normalised(names.take(rows)).to_pylist()
        best = process.extractOne(plain, choices, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        near = [best[2]] if best else _of_one_other(plain, choices)
        found_in = rows.take(pa.array(near, pa.uint64())).to_pylist()
        met = dict.fromkeys(f"{names[row]} ({ids[row]})" for row in found_in)
        if met:
            hints[word] = f"did you mean {' or '.join(list(met)[:_OFFERED])}?"
    return hints


def _of_one_other(word: str, choices: Sequence[str | None]) -> list[int]:
    """Which of the names differ from a short one in one character, but not in Latin letters."""
    if not 1 < len(word) <= _SHORT or word.isascii():
        return []
    found = process.extract(
        word, choices, scorer=Hamming.distance, score_cutoff=1, limit=_SHORT
    )
    return [at for _, _, at in found]


def _sharing(words: tuple[str, str], names: pa.Array) -> pa.Array:
    """Rows of the names that hold one of the rarest pairs of letters of the words."""
    pairs = {word[at : at + 2] for word in words for at in range(len(word) - 1)}
    held = [pc.match_substring(names, pair) for pair in sorted(pairs)]
    counts = [pc.sum(mask).as_py() or 0 for mask in held]
    rarest = sorted((count, at) for at, count in enumerate(counts) if count)[:_PAIRS]
    rows = [pc.indices_nonzero(held[at])[:_COMPARED] for _, at in rarest]
    return pa.concat_arrays([pa.array([], pa.uint64()), *rows]).unique()
