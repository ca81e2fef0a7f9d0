"""One generation of a workspace, opened for asking: what every face stands on."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from liantu.errors import Refusal
from liantu.lens import Lens, discover, run
from liantu.locale import Language
from liantu.records import Names
from liantu.result import Entry, Figure, Result, Stamp
from liantu.store import Store
from liantu.workspace import Generation, Settings, Workspace

_KEPT = 256


@dataclass(frozen=True, slots=True)
class Overview:
    """What a workspace says at a glance: headlines, pictures, and lenses that have no say."""

    headlines: tuple[tuple[Lens, Result, Entry], ...]
    figures: tuple[tuple[Lens, Result, Figure], ...]
    results: tuple[tuple[Lens, Result], ...]
    left_out: tuple[tuple[Lens, Refusal], ...]


@dataclass(frozen=True, slots=True)
class Study:
    """A workspace at one generation: the same question is answered once and kept.

    It may be shared by threads. ``refreshed`` gives the study of the generation in use now.
    """

    workspace: Workspace
    generation: Generation
    settings: Settings
    store: Store
    names: Names
    _answers: "OrderedDict[str, Result]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def open(cls, path: Path | str) -> "Study":
        """The study of the workspace in a folder, at the generation in use."""
        return cls._at(Workspace.open(path))

    @classmethod
    def _at(cls, workspace: Workspace) -> "Study":
        generation = workspace.generation()
        store = Store(generation.files)
        return cls(workspace, generation, workspace.settings, store, Names(store))

    @property
    def language(self) -> Language:
        """The language of the workspace."""
        return self.settings.language

    @property
    def stamp(self) -> Stamp:
        """Which generation it is."""
        made = self.generation
        return Stamp(made.number, made.fingerprint, made.when)

    def refreshed(self) -> "Study":
        """Itself, or the study of the generation that is in use by now."""
        now = self.workspace.generation()
        same = (now.number, now.fingerprint) == (
            self.generation.number,
            self.generation.fingerprint,
        )
        return (
            self
            if same and self.workspace.settings == self.settings
            else self._at(self.workspace)
        )

    def run(self, lens: str, params: Mapping[str, Any] | None = None, **more: Any) -> Result:  # noqa: ANN401
        """The answer of a lens; parameters not given take the workspace's defaults."""
        given = {**(params or {}), **more}
        key = json.dumps([lens, sorted(given.items())], default=str)
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        result = run(
            lens,
            given,
            store=self.store,
            defaults=self.settings.defaults,
            stamp=self.stamp,
        )
        with self._lock:
            self._answers[key] = result
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return result

    def overview(self) -> Overview:
        """Every lens asked with the defaults; those that cannot answer are named."""
        results: list[tuple[Lens, Result]] = []
        left_out: list[tuple[Lens, Refusal]] = []
        for lens in discover().values():
            try:
                results.append((lens, self.run(lens.name)))
            except Refusal as refusal:
                left_out.append((lens, refusal))
        return Overview(
            headlines=tuple(
                (lens, result, entry)
                for lens, result in results
                for entry in result.summary
                if entry.headline
            ),
            figures=tuple(
                (lens, result, figure)
                for lens, result in results
                for figure in result.figures
                if figure.headline
            ),
            results=tuple(results),
            left_out=tuple(left_out),
        )

    def close(self) -> None:
        """Let go of the tables."""
        self.store.close()
