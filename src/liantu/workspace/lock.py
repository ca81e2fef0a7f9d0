"""One writer at a time."""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from liantu.disk import refusing
from liantu.errors import Problem, Refusal

LOCK = ".lock"
WAIT_SECONDS = 15.0
_PAUSE_SECONDS = 0.05


@contextmanager
def writing(folder: Path, doing: str, *, wait_seconds: float | None = None) -> Iterator[None]:
    """Hold the workspace for writing while the block runs.

    Another writer is waited for, then named in the refusal. The lock is the kernel's, so that
    it vanishes with the process that held it; readers never ask for it.
    """
    wait = WAIT_SECONDS if wait_seconds is None else wait_seconds
    with refusing("open the workspace for writing", "make the folder writable"):
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        with refusing("lock the workspace", "keep it on a disk that knows locks"):
            _acquire(handle, time.monotonic() + wait)
        _sign(handle, doing)
        try:
            yield
        finally:
            with suppress(OSError):
                os.ftruncate(handle, 0)
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_UN)
    finally:
        with suppress(OSError):
            os.close(handle)


def _acquire(handle: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise Refusal(_held(handle)) from None
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _sign(handle: int, doing: str) -> None:
    since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    line = f"process {os.getpid()} on {socket.gethostname()}, {doing} since {since}"
    with refusing("open the workspace for writing", "free space on the disk and try again"):
        os.ftruncate(handle, 0)
        os.pwrite(handle, line.encode(), 0)


def _held(handle: int) -> Problem:
    holder = os.pread(handle, 400, 0).decode(errors="replace") or "another process"
    return Problem(
        "locked",
        "to be the only one who writes to the workspace",
        holder,
        "wait until it is done, then try again; reading goes on meanwhile",
    )
