"""What other processes do to a workspace while a test watches, kills or starves them."""

import itertools
import multiprocessing
import os
import resource
import signal
import sys
from pathlib import Path

from liantu.errors import Refusal
from liantu.workspace import Workspace, lock
from liantu.workspace.lock import writing
from tests.holding import PATIENCE_SECONDS, until
from tests.workspace import desk

DONE, REFUSED = 0, 3
AHEAD = 8


def start(target, *values):
    """Run a function of this module in a process of its own, quick to start."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.workspace.children", "pandas"])
    child = context.Process(target=target, args=values, daemon=True)
    child.start()
    return child


def run(target, *values) -> int:
    """Exit code of a function of this module in a process of its own."""
    child = start(target, *values)
    child.join(PATIENCE_SECONDS)
    return child.exitcode


def import_forever(folder: Path, file: Path, first: int, ready) -> None:
    desk.sit_down()
    workspace = Workspace.open(folder)
    ready.set()
    for number in itertools.count(first):
        workspace.import_files([desk.write_version(file, number)])
        if number % 3 == 0:
            workspace.prune(2)


def import_many(folder: Path, file: Path, numbers: range, seen) -> None:
    """Import one version after the other, never far ahead of the one that a reader has seen."""
    desk.sit_down()
    workspace = Workspace.open(folder)
    for number in numbers:
        until(lambda: number <= seen.value + AHEAD)  # noqa: B023 - called at once
        workspace.import_files([desk.write_version(file, number)])
    sys.exit(DONE)


def add_places(folder: Path, file: Path, prefix: str, count: int) -> None:
    desk.sit_down()
    lock.WAIT_SECONDS = PATIENCE_SECONDS
    workspace = Workspace.open(folder)
    for number in range(count):
        place = {"place_id": f"{prefix}{number}", "name": prefix}
        workspace.import_files([desk.write(file, places=[place])])


def import_starved(folder: Path, file: Path, most_bytes: int) -> None:
    """Import where no file may grow beyond a size, as on a full disk."""
    desk.sit_down()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    try:
        Workspace.open(folder).import_files([file])
    except Refusal as refusal:
        is_plain = all(problem.code in ("disk", "no-room") for problem in refusal.problems)
        os._exit(REFUSED if is_plain else 1)
    os._exit(DONE)


def hold(folder: Path, held, release) -> None:
    with writing(folder, "a long import"):
        held.set()
        release.wait(PATIENCE_SECONDS)
