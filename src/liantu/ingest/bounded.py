"""A module of ours run in a process of its own, which may use so much memory and time."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, STDOUT
from threading import Thread

_PAUSE_SECONDS = 0.05
_MOST_SAID = 1 << 16


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its exit status, None if it took too long, and what it said last."""

    status: int | None
    said: str = ""


def run(
    module: str, folder: Path, seconds: float, *, watch: Callable[[], None] = lambda: None
) -> Ended:
    """How the module ended that was given the folder.

    ``watch`` is called now and then while it runs, and once more when it has ended.
    """
    command = [sys.executable, "-P", "-m", "liantu.light", module, str(folder)]
    # The system's allocator maps what it uses, so that the limit means what it says.
    environment = os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"}
    try:
        started = subprocess.Popen(  # noqa: S603 - our own module, and a folder of our own
            command, stdin=PIPE, stdout=PIPE, stderr=STDOUT, env=environment
        )
    except OSError as error:
        return Ended(1, str(error))
    said = bytearray()
    with started as child:
        listener = Thread(target=_listen, args=[child, said], daemon=True)
        listener.start()
        try:
            status = _ended(child, time.monotonic() + seconds, watch)
        finally:
            child.kill()
            listener.join()
    watch()
    return Ended(status, said.decode(errors="replace"))


def _listen(child: subprocess.Popen[bytes], said: bytearray) -> None:
    """Take in what a child says, and keep the end of it; no disk is asked to hold it."""
    while child.stdout and (part := os.read(child.stdout.fileno(), _MOST_SAID)):
        said.extend(part)
        del said[:-_MOST_SAID]


def _ended(
    child: subprocess.Popen[bytes], deadline: float, watch: Callable[[], None]
) -> int | None:
    """The exit status of the child; None if it runs on after the deadline."""
    while (left := deadline - time.monotonic()) > 0:
        watch()
        try:
            return child.wait(min(left, _PAUSE_SECONDS))
        except subprocess.TimeoutExpired:
            pass
    return None


def end_with_parent() -> None:
    """Let this process end when the one that ran it does, which closes what it reads from."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


def limit_memory(allowed: int) -> None:
    """Let this process map ``allowed`` bytes more than it has mapped at its start."""
    try:
        import resource  # noqa: PLC0415 - absent from Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit = _mapped(resource.getpagesize()) + allowed
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _mapped(page: int) -> int:
    """Bytes that the process has mapped; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * page
    except OSError:
        return 0
