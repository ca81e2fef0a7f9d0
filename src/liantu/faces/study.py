"""One generation of a workspace, opened for asking: what every face stands on."""

import json
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from liantu.errors import Problem, Refusal, did_you_mean
from liantu.lens import Lens, discover, run
from liantu.locale import Language
from liantu.methods.long_runs import Progress, running
from liantu.records import Names
from liantu.result import Entry, Figure, Result, Stamp
from liantu.schema import columns
from liantu.store import Store
from liantu.workspace import Generation, Settings, Workspace

_KEPT = 256
_POOL = ThreadPoolExecutor(max_workers=4, thread_name_prefix="answer")


@dataclass(frozen=True, slots=True)
class Overview:
    """What a workspace says at a glance: headlines, pictures, and lenses that have no say.

    ``waiting`` are lenses whose answer is still being computed.
    """

    headlines: tuple[tuple[Lens, Result, Entry], ...]
    figures: tuple[tuple[Lens, Result, Figure], ...]
    results: tuple[tuple[Lens, Result], ...]
    left_out: tuple[tuple[Lens, Refusal], ...]
    waiting: tuple[Lens, ...] = ()


class _Left(Exception):  # noqa: N818 - it was left, it did not fail
    """Nobody waits for the answer any more."""


@dataclass(slots=True)
class _Watch:
    """How far one answer is, and whether anybody still wants it."""

    progress: Progress | None = None
    is_left: bool = False

    def __call__(self, progress: Progress) -> None:
        if self.is_left:
            raise _Left
        self.progress = progress


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
    _running: dict[str, "Future[Result]"] = field(default_factory=dict)
    _watches: dict[str, _Watch] = field(default_factory=dict)
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
        """The answer of a lens; parameters not given take the workspace's defaults.

        Finished blocks of a long run are kept in the workspace's folder.
        """
        given = {**(params or {}), **more}
        key = _key(lens, given)
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        with running(folder=self.workspace.kept):
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

    def within(
        self, seconds: float | None, lens: str, params: Mapping[str, Any] | None = None
    ) -> Result | None:
        """The answer of a lens, or None where it takes longer; it is computed all the same.

        Who asks the same again meanwhile waits for the same answer.
        """
        given = dict(params or {})
        key = _key(lens, given)
        with self._lock:
            if key in self._answers:
                return self._answers[key]
            future = self._running.get(key)
            if future is None:
                watch = self._watches[key] = _Watch()
                future = self._running[key] = _POOL.submit(self._watched, watch, lens, given)
                future.add_done_callback(lambda _: self._watches.pop(key, None))
        try:
            return future.result(seconds)
        except TimeoutError:
            if future.done():
                raise
            return None
        finally:
            # A fault is kept until it was told, or the next to ask would wait for it anew.
            if future.done():
                self._running.pop(key, None)

    def _watched(self, watch: _Watch, lens: str, given: Mapping[str, Any]) -> Result:
        with running(report=watch):
            return self.run(lens, given)

    def progress(self, lens: str, params: Mapping[str, Any] | None = None) -> Progress | None:
        """How far an answer is that is being computed, where it is a long run."""
        watch = self._watches.get(_key(lens, dict(params or {})))
        return watch.progress if watch else None

    def leave(self) -> None:
        """End every long run at its next block: nobody waits for it; what is done is kept."""
        for watch in tuple(self._watches.values()):
            watch.is_left = True

    def overview(
        self, params: Mapping[str, Any] | None = None, *, seconds: float | None = None
    ) -> Overview:
        """Every lens asked with what it has of the parameters; those that refuse are named.

        A refusal of a value that was given is raised: it is not the record that is at fault.
        Lenses that have not answered after so many seconds are named as waiting.
        """
        given = dict(params or {})
        problems = _unknown(given)
        until = None if seconds is None else time.monotonic() + seconds
        results: list[tuple[Lens, Result]] = []
        left_out: list[tuple[Lens, Refusal]] = []
        waiting: list[Lens] = []
        for lens in discover().values():
            own = {name: given[name] for name in lens.parameters.model_fields if name in given}
            left = None if until is None else max(0.0, until - time.monotonic())
            try:
                result = self.within(left, lens.name, own)
            except Refusal as refusal:
                problems += [problem for problem in refusal.problems if problem.column in own]
                left_out.append((lens, refusal))
                continue
            if result is None:
                waiting.append(lens)
            else:
                results.append((lens, result))
        if problems:
            raise Refusal({problem.column: problem for problem in problems}.values())
        return _overview(results, left_out, waiting)

    def close(self) -> None:
        """Let go of the tables."""
        self.store.close()


def _key(lens: str, given: Mapping[str, Any]) -> str:
    return json.dumps([lens, sorted(given.items())], default=str)


def _overview(
    results: Iterable[tuple[Lens, Result]],
    left_out: Iterable[tuple[Lens, Refusal]],
    waiting: Iterable[Lens],
) -> Overview:
    kept = tuple(results)
    return Overview(
        headlines=tuple(
            (lens, result, entry)
            for lens, result in kept
            for entry in result.summary
            if entry.headline
        ),
        figures=tuple(
            (lens, result, figure)
            for lens, result in kept
            for figure in result.figures
            if figure.headline
        ),
        results=kept,
        left_out=tuple(left_out),
        waiting=tuple(waiting),
    )


def _unknown(given: Mapping[str, Any]) -> list[Problem]:
    """A problem for each name that is a parameter of no lens."""
    known = sorted({e.name for lens in discover().values() for e in columns(lens.parameters)})
    return [
        Problem(
            code="unknown-parameter",
            expected="a parameter of some lens",
            found=f'"{name}={value}"',
            remedy=did_you_mean(name, known),
            column=name,
        )
        for name, value in given.items()
        if name not in known
    ]
