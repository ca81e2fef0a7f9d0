"""Files that were sent and tried, kept aside until they are committed or an hour has passed."""

import secrets
import shutil
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from fastapi import UploadFile

from liantu.errors import Problem, Refusal
from liantu.ingest import Wording
from liantu.ingest.scratch import no_room, scratch_folder

_KEPT_SECONDS = 3600
_KEPT = 16


@dataclass(frozen=True, slots=True)
class Staged:
    """Files that were tried against a generation, and how they are to be taken.

    ``problems`` are those that they were refused for, and ``wording`` is what was said since
    of words that name no table and no column.
    """

    token: str
    folder: Path
    paths: tuple[Path, ...]
    replace: bool
    note: str
    generation: int
    since: float = field(default_factory=time.monotonic)
    problems: tuple[Problem, ...] = ()
    wording: Wording = field(default_factory=Wording)

    @property
    def faulty(self) -> tuple[Path, ...]:
        """The files that problems were found in."""
        named = {problem.file for problem in self.problems}
        return tuple(path for path in self.paths if path.name in named)


class Staging:
    """A folder of tried files, each set under a name that nobody can guess."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._root = self._open.enter_context(scratch_folder())
        self._held: dict[str, Staged] = {}
        self._lock = threading.Lock()

    def take(
        self, files: Sequence[UploadFile], *, replace: bool, note: str, generation: int
    ) -> Staged:
        """Keep the files under the names that they came with, for the name says the table."""
        names = [_name(file.filename or "") for file in files]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise Refusal([_given_twice(name) for name in twice])
        token = secrets.token_urlsafe(24)
        folder = self._root / token
        try:
            folder.mkdir()
            for name, file in zip(names, files, strict=True):
                with (folder / name).open("wb") as target:
                    shutil.copyfileobj(file.file, target)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise Refusal(no_room(error)) from error
        paths = tuple(folder / name for name in names)
        staged = Staged(token, folder, paths, replace, note[:500], generation)
        with self._lock:
            self._held[token] = staged
        self._forget()
        return staged

    def find(self, token: str) -> Staged | None:
        """The files of a trial, if they are still kept."""
        self._forget()
        return self._held.get(token)

    def renewed(self, staged: Staged, generation: int) -> Staged:
        """The same files, to be tried against another generation."""
        return self._kept(replace(staged, generation=generation))

    def refused(self, staged: Staged, problems: Sequence[Problem]) -> Staged:
        """The same files, which were refused, so that they can be given back marked."""
        return self._kept(replace(staged, problems=tuple(problems)))

    def worded(self, staged: Staged, wording: Wording) -> Staged:
        """The same files, with what their words are said to mean."""
        return self._kept(replace(staged, wording=wording, problems=()))

    def drop(self, token: str) -> None:
        """Let go of the files of a trial."""
        with self._lock:
            staged = self._held.pop(token, None)
        if staged is not None:
            shutil.rmtree(staged.folder, ignore_errors=True)

    def close(self) -> None:
        """Let go of everything."""
        self._open.close()

    def _kept(self, staged: Staged) -> Staged:
        with self._lock:
            self._held[staged.token] = staged
        return staged

    def _forget(self) -> None:
        """Drop what is old, and of too many those that were refused, then the oldest."""
        oldest = time.monotonic() - _KEPT_SECONDS
        held = sorted(
            self._held.values(), key=lambda staged: (not staged.problems, staged.since)
        )
        over = len(held) - _KEPT
        for position, staged in enumerate(held):
            if staged.since < oldest or position < over:
                self.drop(staged.token)


def _name(given: str) -> str:
    """The file's own name, without any folder; a browser may send either kind of path."""
    name = PurePosixPath(PureWindowsPath(given).name).name.replace("\x00", "")
    return name[-120:] if name not in {"", ".", ".."} else "file"


def _given_twice(name: str) -> Problem:
    return Problem(
        code="file-given-twice",
        expected="files with different names",
        found=f'"{name}" twice',
        remedy="rename one, or put both tables in one workbook",
        file=name,
    )
