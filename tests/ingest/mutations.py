"""Every mutation there is, and how the file of a seed is made, mutated and judged."""

import random
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from liantu import ingest
from liantu.ingest.gathering import gathered
from liantu.workspace import Workspace
from tests.ingest import mutated_bytes, mutated_cells, mutated_layout, mutated_words
from tests.ingest.drafts import Draft
from tests.ingest.good_files import draft
from tests.ingest.judged import Verdict, judged
from tests.ingest.operators import OPERATORS, Operator, mutated

MODULES = (mutated_layout, mutated_words, mutated_cells, mutated_bytes)
MOST = 3

__all__ = ["MODULES", "MOST", "OPERATORS", "Trial", "alone", "file_of", "read_here"]


def read_here(files: Sequence[Path], **_: object) -> ingest.Intake:
    """What the files hold, read in this process, for a child each would take half a second."""
    return gathered(files)


def file_of(seed: int, most: int = MOST) -> Draft:
    """The good file of a seed after one to ``most`` mutations."""
    return mutated(draft(seed), _chance(seed), most, list(OPERATORS.values()))


def alone(operator: Operator, seed: int) -> Draft:
    """The first good file from the seed on to which the mutation applies, so mutated."""
    for number in range(seed, seed + 200):
        made = mutated(draft(number), _chance(number), 1, [operator])
        if made.applied:
            return made
    raise LookupError(operator.name)


class Trial:
    """An empty workspace to which files are shown, one after the other."""

    def __enter__(self) -> Self:
        self._place = TemporaryDirectory()
        self._workspace = Workspace.create(Path(self._place.name) / "study", name="Trial")
        return self

    def __exit__(self, *_: object) -> None:
        self._place.cleanup()

    def __call__(self, made: Draft) -> Verdict:
        with TemporaryDirectory(dir=self._place.name) as folder:
            return judged(made, self._workspace, Path(folder))


def _chance(seed: int) -> random.Random:
    return random.Random(f"mutations {seed}")  # noqa: S311 - a seed, not a secret
