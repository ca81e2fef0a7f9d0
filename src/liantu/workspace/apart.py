"""Organisations that were said to be two: remembered in the settings, forgotten by a merge."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from liantu.errors import Problem, Refusal
from liantu.workspace.generations import Generation
from liantu.workspace.same_firm import FIRMS, KEY, strangers
from liantu.workspace.settings import Pair, in_order, read_settings, write_apart
from liantu.workspace.tables import load


def added(folder: Path, generation: Generation, pairs: Iterable[Pair]) -> frozenset[Pair]:
    """The pairs that are not remembered yet; a refusal where one is not of two on record."""
    said = list(pairs)
    known = load(FIRMS, generation.files.get(FIRMS))[KEY].to_pylist()
    if problems := strangers(said, frozenset(known)):
        raise Refusal(problems)
    return frozenset(map(in_order, said)) - read_settings(folder).apart


def remember(folder: Path, pairs: frozenset[Pair]) -> None:
    """Write that more organisations are not one firm."""
    write_apart(folder, read_settings(folder).apart | pairs)


def forget(folder: Path, generation: Generation) -> None:
    """Take out of the settings the pairs that are one organisation in the generation."""
    said = read_settings(folder).apart
    write_apart(folder, said - made_one(said, generation.merged))


def as_called(said: Iterable[Pair], generation: Generation) -> frozenset[Pair]:
    """The pairs, as the organisations are called since merges."""
    pairs = frozenset(said) - made_one(said, generation.merged)
    return frozenset(in_order(_called(pair, generation.merged)) for pair in pairs)


def made_one(said: Iterable[Pair], merged: Mapping[str, str]) -> frozenset[Pair]:
    """The pairs of which merges have made one organisation."""
    return frozenset(pair for pair in said if len(set(_called(pair, merged))) == 1)


def forgotten(pairs: Iterable[Pair]) -> Iterator[Problem]:
    """A warning for each pair that a merge makes one, though they were said to be two."""
    for one, other in sorted(pairs):
        yield Problem(
            "said-apart",
            f"{one} and {other} to stay two, as [apart] in workspace.toml says",
            "a merge that makes them one",
            "look whether they are one firm; if not, take the merge back with liantu undo",
            severity="warning",
        )


def _called(pair: Pair, merged: Mapping[str, str]) -> Pair:
    one, other = pair
    return merged.get(one, one), merged.get(other, other)
