"""A folder for the work of one process, which does not outlive it by much."""

import errno
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from liantu.errors import Problem, Refusal

_PREFIX = "liantu-work-"
_LOCK = ".lock"
_FRESH_SECONDS = 60.0


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new folder, removed when the block ends; those of processes that were killed go first.

    What lies in it may speak of persons. The lock that tells is the kernel's, so that it
    vanishes with the process that held it.
    """
    _remove_abandoned()
    try:
        made = TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)
    except OSError as error:
        raise Refusal(no_room(error)) from error
    with made as name:
        try:
            handle = os.open(Path(name) / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError as error:
            raise Refusal(no_room(error)) from error
        try:
            yield Path(name)
        finally:
            with suppress(OSError):
                os.close(handle)


def leave_job(folder: Path, job: Mapping[str, object]) -> None:
    """Write what a child process is to do, as ``job.json`` in its folder."""
    try:
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    except OSError as error:
        raise Refusal(no_room(error)) from error


def refuse_full(said: str, file: str | None = None) -> None:
    """Refuse to go on where a child process said that there was no room for its files."""
    full = os.strerror(errno.ENOSPC)
    if full in said:
        raise Refusal(no_room(OSError(errno.ENOSPC, full), file))


def no_room(error: OSError, file: str | None = None) -> Problem:
    """Why there is no room for temporary files, and what to do about it."""
    return Problem(
        "no-room",
        "room in the folder for temporary files",
        (error.strerror or str(error)).lower(),
        "free space there, or set TMPDIR to a folder on another disk",
        file=file,
    )


def _remove_abandoned() -> None:
    with suppress(OSError):
        for folder in Path(gettempdir()).glob(f"{_PREFIX}*"):
            if _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    """Whether the folder is ours, not just made, and no process holds its lock."""
    try:
        stat = folder.lstat()
        if stat.st_uid != os.getuid() or time.time() - stat.st_mtime < _FRESH_SECONDS:
            return False
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
