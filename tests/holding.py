"""A process of ours that stops at a moment and waits there, so that no test has to hurry.

The moment is an audit event of Python, such as the opening of a file, in the process itself or
in one that it starts.
"""

import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

PATIENCE_SECONDS = 300.0  # only what is broken waits so long

_HOOK = """
import fnmatch, os, sys, time

event, pattern, mark = (os.environ[f"HOLD_{name}"] for name in ("EVENT", "PATH", "MARK"))

def hold(name, values):
    if name == event and not os.path.exists(mark + "-not-yet"):
        if any(fnmatch.fnmatch(str(value), pattern) for value in values[:2]):
            os.close(os.open(mark, os.O_CREAT | os.O_WRONLY))
            while not os.path.exists(mark + "-no-more"):
                time.sleep(0.01)

sys.addaudithook(hold)
"""


class Hold:
    """Holds the process that is given ``environment`` at the first event on such a path."""

    def __init__(self, folder: Path, event: str, path: str) -> None:
        self._mark = folder / "held"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(_HOOK, encoding="utf-8")
        self.environment = {
            "PYTHONPATH": str(folder),
            "HOLD_EVENT": event,
            "HOLD_PATH": path,
            "HOLD_MARK": str(self._mark),
        }

    def reached(self, process: Popen[bytes]) -> None:
        """Wait until the process, or one that it started, is held."""
        until(lambda: self._mark.exists() or process.poll() is not None)
        assert self._mark.exists(), "the process ended before"

    def pause(self) -> None:
        """Hold nothing yet."""
        self._mark.with_name(f"{self._mark.name}-not-yet").touch()

    def resume(self) -> None:
        """Hold what comes from now on."""
        self._mark.with_name(f"{self._mark.name}-not-yet").unlink()

    def release(self) -> None:
        """Let the process go on."""
        self._mark.with_name(f"{self._mark.name}-no-more").touch()


def until(truth: Callable[[], object]) -> None:
    """Wait until something is true."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not truth():
        assert time.monotonic() < end
        time.sleep(0.005)
