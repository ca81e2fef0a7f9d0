"""Operations on a workspace that are ended at a chosen moment, each in a process of its own.

A nursery is one quiet process that has everything loaded; it forks a child for each operation,
so that five hundred ends take seconds.
"""

import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from liantu import ingest
from liantu.ingest.gathering import gathered
from liantu.workspace import Workspace
from tests.workspace import desk
from tests.workspace.moments import DISK, Moments, die

ROWS = 20


def read(files: Sequence[Path], **_: object) -> ingest.Intake:
    """What the files hold, read in this process."""
    return gathered(files)


def tables(folder: Path, number: int, *, without: str = "") -> Path:
    """A folder of two CSV tables, whose rows all say the same number; without one of them."""
    made = folder / f"version-{number}"
    made.mkdir(exist_ok=True)
    for name, key in (("places", "place_id"), ("organisations", "org_id")):
        keys = (f"{key[0]}{row}" for row in range(ROWS))
        rows = "".join(f"{row},{number}\n" for row in keys if row != without)
        (made / f"{name}.csv").write_text(f"{key},name\n{rows}", encoding="utf-8")
    return made


def made(folder: Path) -> Workspace:
    """A workspace of generations 0 to 4, of which 4 was undone, beside files for a fifth."""
    ingest.read = read
    workspace = Workspace.create(folder / "study", name="Study")
    for number in (1, 2, 3, 4):
        workspace.import_files([tables(folder, number)])
    workspace.undo()
    tables(folder, 5)
    (workspace.path / "kept").mkdir()
    (workspace.path / "kept" / "block").write_bytes(b"x")
    return workspace


def _import(workspace: Workspace, place: Path) -> None:
    workspace.import_files([place / "version-5"])


def _replace(workspace: Workspace, place: Path) -> None:
    workspace.import_files([place / "version-5"], replace=True)


def _merge(workspace: Workspace, _: Path) -> None:
    workspace.merge_organisations([("o0", "o1")])


def _prune(workspace: Workspace, _: Path) -> None:
    workspace.prune(1)


def _undo(workspace: Workspace, _: Path) -> None:
    workspace.undo()


def _backup(workspace: Workspace, place: Path) -> None:
    workspace.backup(place / "study.tar")


def _set_defaults(workspace: Workspace, _: Path) -> None:
    workspace.set_defaults(place="p1")


OPERATIONS = {
    "import": _import,
    "replace": _replace,
    "merge": _merge,
    "prune": _prune,
    "undo": _undo,
    "backup": _backup,
    "settings": _set_defaults,
}


# The version in use once the operation is done; before, it is 3.
AFTER = {"import": 5, "replace": 5, "undo": 2}
AFTER |= dict.fromkeys(["merge", "prune", "backup", "settings"], 3)


def went_on(workspace: Workspace, place: Path) -> bool:
    """Whether the workspace takes in two whole tables after what happened to it."""
    files = [tables(place, 6, without="o1")]  # which a merge may have made another
    done = workspace.import_files(files, replace=True)
    return done.generation is not None and desk.version(done.generation) == 6


def chosen(labels: Sequence[str], most: int) -> list[int]:
    """At most so many moments, counted from 1: every label and the end, half calls to the disk.

    Half of them at least, if there are so many, for the disk is what a kill may leave undone.
    """
    chance = random.Random(7)  # noqa: S311 - a seed, not a secret
    first = {label: number for number, label in reversed([*enumerate(labels, 1)])}
    picked = {*first.values(), len(labels)}
    disk = [at for at, label in enumerate(labels, 1) if label in DISK]
    for among, part in ((disk, most // 2), (range(1, len(labels) + 1), most)):
        others = sorted(set(among) - picked)
        picked.update(chance.sample(others, min(len(others), max(0, part - len(picked)))))
    return sorted(picked)


def _ended(operation: str, place: Path, nth: int) -> None:
    """Be gone at the n-th moment, or leave the labels of all."""
    ingest.read = read
    tempfile.tempdir = str(place)  # what a kill leaves there would be swept by the next ones
    workspace = Workspace.open(place / "study")
    with Moments(nth, die, ours=True) as moments:
        OPERATIONS[operation](workspace, place)
    (place / "labels.json").write_text(json.dumps(moments.labels))


def _serve(pipe) -> None:
    with tempfile.TemporaryDirectory() as place:  # so that no child has to load or learn
        made(Path(place)).backup(Path(place) / "study.tar")
    while (job := pipe.recv()) is not None:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                _ended(*job)
                status = 0
            finally:
                sys.stderr.flush()
                os._exit(status)
        pipe.send(os.waitpid(child, 0)[1])


class Nursery:
    """Ends operations at chosen moments."""

    def __enter__(self) -> Self:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.workspace.children", "pandas"])
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=[theirs], daemon=True)
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.send(None)
        self._process.join(30)

    def labels(self, operation: str, place: Path) -> list[str]:
        """What the moments of an operation are called, when nothing ends it."""
        self._pipe.send((operation, place, 0))
        assert self._pipe.recv() == 0
        return json.loads((place / "labels.json").read_text())

    def kill(self, operation: str, place: Path, nth: int) -> None:
        """Begin the operation, and kill it at the n-th moment."""
        self._pipe.send((operation, place, nth))
        assert os.WTERMSIG(self._pipe.recv()) == signal.SIGKILL
