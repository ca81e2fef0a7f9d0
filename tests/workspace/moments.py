"""Moments of a running operation: every call to the disk, and every call of ours between.

They are counted by Python's own profiler, so that nothing that is tested is replaced. What is
done at a moment happens before the call.
"""

import io
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pyarrow.parquet as pq

import liantu

# What changes a disk, as the calls are named in C.
DISK = {"open", "write", "close", "__exit__", "flush", "fsync", "replace", "rename", "unlink"}
DISK |= {"remove", "mkdir", "rmdir", "ftruncate", "pwrite", "flock", "fork_exec"}
_OURS = (str(Path(liantu.__file__).parent), str(Path(pq.__file__).parent))
_IN_MEMORY = (io.StringIO, io.BytesIO)


class Moments:
    """Counts moments while the block runs, and acts at one of them.

    ``labels`` has the name of each moment that came to pass: the name of the call to the disk,
    else the room of ours, such as ``workspace``. ``kinds`` tells calls to the disk further
    apart, by the function of ours that they come from: ``fsync in sync``.
    """

    def __init__(self, nth: int = 0, act: Callable[[], None] = lambda: None, *, ours: bool):
        self.labels: list[str] = []
        self.kinds: list[str] = []
        self._nth, self._act, self._ours = nth, act, ours

    def __enter__(self) -> Self:
        sys.setprofile(self._seen)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _seen(self, frame, event, called) -> None:
        if event == "c_call":
            label = _call(called)
        elif event == "call" and self._ours:
            label = _room(frame.f_code.co_filename)
        else:
            return
        if label:
            self.labels.append(label)
            self.kinds.append(f"{label} in {_ours(frame)}")
            if len(self.labels) == self._nth:
                self._act()


def _call(called) -> str | None:
    """The name of a call to the disk; nothing for other calls."""
    name = called.__name__
    if name not in DISK:
        return None
    owner = called.__self__
    if isinstance(owner, io.IOBase):
        return None if isinstance(owner, _IN_MEMORY) else _plain(name)
    module = getattr(owner, "__name__", "")
    known = ("posix", "io", "_io", "fcntl", "_posixsubprocess")
    return _plain(name) if module in known else None


def _ours(frame) -> str:
    """The function of ours that a call comes from, however many others stand between."""
    while frame and not frame.f_code.co_filename.startswith(_OURS[0]):
        frame = frame.f_back
    return frame.f_code.co_name if frame else "none"


def _plain(name: str) -> str:
    return {"__exit__": "close", "rename": "replace", "remove": "unlink"}.get(name, name)


def _room(file: str) -> str | None:
    """The room of ours that a function stands in, or parquet."""
    if file.startswith(_OURS[0]):
        return Path(file).relative_to(_OURS[0]).parts[0].removesuffix(".py")
    return "parquet" if file.startswith(_OURS[1]) else None


def die() -> None:
    """What kill -9 does."""
    os.kill(os.getpid(), signal.SIGKILL)


def failing(reason: int) -> Callable[[], None]:
    """Raises as the disk would."""

    def fail() -> None:
        raise OSError(reason, os.strerror(reason))

    return fail


def interrupt() -> None:
    """What Ctrl-C does."""
    raise KeyboardInterrupt
