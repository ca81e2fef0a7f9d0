"""The identifier on record that a mistaken one was probably meant to be."""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import did_you_mean

_FEW = 1_000
_TRIED = 50


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
