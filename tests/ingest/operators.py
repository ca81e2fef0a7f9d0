"""The register of mutations: each changes a draft in one way that offices know."""

import copy
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from liantu.schema import TABLES, Column, columns
from tests.ingest.drafts import Draft, Head, Line, Page

Answer = Literal["read", "cell", "cause"]
# Changes a draft; False where it has nothing to change.
Mutation = Callable[[Draft, random.Random], bool]


@dataclass(frozen=True, slots=True)
class Operator:
    """A named mutation: which answer it asks for, and what it cannot be put together with.

    Of operators with a ``touch`` in common only one is applied to a file.
    """

    name: str
    answer: Answer
    mutate: Mutation
    kinds: frozenset[str]
    touches: frozenset[str]


OPERATORS: dict[str, Operator] = {}


def operator(
    answer: Answer, *, kinds: str = "csv xlsx", touches: str = ""
) -> Callable[[Mutation], Mutation]:
    """Register a mutation under the name of its function."""

    def register(mutate: Mutation) -> Mutation:
        name = mutate.__name__
        OPERATORS[name] = Operator(
            name, answer, mutate, frozenset(kinds.split()), frozenset(touches.split())
        )
        return mutate

    return register


def some(draft: Draft, chance: random.Random, *tables: str) -> Page | None:
    """A page with rows, of the tables if any are named."""
    found = [page for page in draft.pages if page.data and (not tables or page.table in tables)]
    return chance.choice(found) if found else None


def columns_of(draft: Draft, *names: str) -> list[tuple[Page, Head]]:
    """Where a column of one of these names stands that is read, in any page."""
    return [
        (page, head)
        for page in draft.pages
        for head in page.heads
        if head.name in names and not head.is_faulty
    ]


def entry_of(page: Page, head: Head) -> Column:
    """The column of the table that a column of the file means."""
    return next(item for item in columns(TABLES[page.table]) if item.name == head.name)


def sound(page: Page, head: Head, least: int = 1) -> list[Line]:
    """Rows of data that nothing has happened to, with a value under the head."""
    found = [
        line
        for line in page.data
        if not line.faulty and line.truth and line.truth.get(str(head.name)) is not None
    ]
    return found if len(found) >= least else []


def a_cell(
    draft: Draft, chance: random.Random, *names: str, least: int = 1
) -> tuple[Page, Head, Line] | None:
    """A sound cell of one of these columns."""
    found = [
        (page, head, line)
        for page, head in columns_of(draft, *names)
        for line in sound(page, head, least)
    ]
    return chance.choice(found) if found else None


def mutated(
    draft: Draft, chance: random.Random, most: int, operators: Sequence[Operator]
) -> Draft:
    """The draft after one operator or a few, whose names stand in ``applied``."""
    wanted = chance.randint(1, most)
    touched: set[str] = set()
    for operator_ in chance.sample(operators, len(operators)):
        if len(draft.applied) == wanted:
            break
        if draft.kind not in operator_.kinds or operator_.touches & touched:
            continue
        trial = copy.deepcopy(draft)
        if operator_.mutate(trial, chance):
            draft = trial
            draft.applied.append(operator_.name)
            touched |= operator_.touches
    return draft
