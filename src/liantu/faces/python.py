"""The Python face: open a workspace, ask a lens, get a table and charts."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from liantu.errors import Problem, Refusal
from liantu.faces.bar import bar
from liantu.faces.study import Study
from liantu.faces.words import Words
from liantu.lens import discover
from liantu.locale import Language
from liantu.result import Entry, Network, Provenance, Result
from liantu.workspace import Workspace

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

CHART_WIDTH = 575


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer of a lens, as a notebook wants it."""

    result: Result
    words: Words

    @property
    def table(self) -> pa.Table:
        """The rows, as an Arrow table."""
        return self.result.table

    @property
    def summary(self) -> dict[str, Entry]:
        """The named numbers; of those that share a name, the first."""
        return {entry.name: entry for entry in reversed(self.result.summary)}

    @property
    def findings(self) -> list[str]:
        """What was found, in sentences."""
        return [self.words.say(finding) for finding in self.result.findings]

    @property
    def figures(self) -> "list[alt.TopLevelMixin | str]":
        """The pictures as Altair charts; a chain map, which is our own drawing, as SVG text."""
        from liantu.faces.chainmap import chain_map  # noqa: PLC0415 - drawing loads when asked
        from liantu.faces.figures import chart  # noqa: PLC0415

        return [
            chain_map(figure, self.words)
            if isinstance(figure, Network)
            else chart(figure, self.words, width=CHART_WIDTH)
            for figure in self.result.figures
        ]

    @property
    def provenance(self) -> Provenance:
        """Where the answer comes from."""
        return self.result.provenance

    def to_pandas(self) -> "pd.DataFrame":
        """The rows as a pandas frame (needs ``liantu[notebook]``)."""
        try:
            return self.result.table.to_pandas()
        except ModuleNotFoundError:
            remedy = "install it: pip install 'liantu[notebook]', or use .table"
            raise Refusal(Problem("no-pandas", "pandas", "none", remedy)) from None


@dataclass(frozen=True, slots=True)
class Notebook:
    """An open workspace, for asking from Python."""

    study: Study
    language: Language

    @property
    def workspace(self) -> Workspace:
        """The folder: import, undo, history, diff, export, backup."""
        return self.study.workspace

    def lenses(self) -> dict[str, str]:
        """Every lens with the question that it answers."""
        return {name: lens.question for name, lens in discover().items()}

    def run(self, lens: str, **params: Any) -> Reply:  # noqa: ANN401 - a parameter of any type
        """The answer of a lens, at the generation in use when the workspace was opened.

        A long run shows how far it is, in a notebook and on a terminal.
        """
        words = Words(self.language, self.study.names)
        with bar(words):
            return Reply(self.study.run(lens, params), words)


def open(path: Path | str, *, language: Language | None = None) -> Notebook:  # noqa: A001
    """The workspace in a folder, ready to be asked.

    Raises
    ------
    Refusal
        The folder holds no workspace.
    """
    study = Study.open(path)
    return Notebook(study, language or study.language)
