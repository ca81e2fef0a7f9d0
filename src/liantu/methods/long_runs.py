"""Long computations in blocks: how far they are, and what of them is kept for the next time.

A lens asks for an array block by block and knows neither folder nor screen::

    ranks = blocks(
        ("ranks", links, value, seed),      # all that the result depends on
        draws, 64, ranks_of_draws,          # how many, in blocks of how many, and one block
        doing=say("Draws over what is uncertain"),
    )

A face says with ``running`` where finished blocks are kept and who is told how far it is.
"""

import inspect
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from liantu.result import Sentence

FEW = 4  # a run of no more blocks is over before anybody could want them again
MOST_BYTES = 1 << 30
ASIDE = ".new-"
_DIGEST_BYTES = 16

Array = np.ndarray[Any, Any]
Part = Array | str | float | bool | None
Compute = Callable[[int, int], Array]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long run is: ``done`` of ``total``, and what they are."""

    done: int
    total: int
    doing: Sentence


Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Run:
    """Where finished blocks are kept (nowhere: None), and who is told before each block.

    What ``report`` raises ends the run there; the blocks that are finished stay.
    """

    folder: Path | None = None
    report: Report | None = None


_current: ContextVar[Run] = ContextVar("run", default=Run())  # noqa: B039 - frozen


@contextmanager
def running(*, folder: Path | None = None, report: Report | None = None) -> Iterator[None]:
    """Keep blocks in a folder, tell a callback how far it is, or both, while the block runs.

    What is not given stays as it was. A thread has a run of its own.
    """
    outer = _current.get()
    token = _current.set(Run(folder or outer.folder, report or outer.report))
    try:
        yield
    finally:
        _current.reset(token)


def blocks(
    parts: Sequence[Part], n: int, size: int, compute: Compute, *, doing: Sentence
) -> Array:
    """The array that ``compute`` gives for 0..n, computed block by block.

    Where the run has a folder and more than ``FEW`` blocks, a finished block is kept there
    under the fingerprint of all it depends on, and taken from there the next time: after
    Ctrl-C, in another process, or because the same is asked again. A folder that cannot be
    read or written changes no answer.

    Parameters
    ----------
    parts
        All that the result depends on: arrays (of no objects), text, numbers, truths. The
        kernels, the module of ``compute``, numpy and numba are added.
    n
        How many things there are, in 0..n.
    size
        How many make a block, at least 1: as many as take about half a second, for between
        blocks a run is told of, and ended.
    compute
        From (first, last) an array whose first axis has last - first rows. What it gives for
        a thing must not hang on the block that it is in: seed draw k with ``[seed, k]``.
    doing
        What the n things are, as in "Draws over what is uncertain".

    Returns
    -------
    (n, ...) array
    """
    starts = range(0, n, size)
    if len(starts) <= 1:
        return compute(0, n)
    run = _current.get()
    kept = None
    if run.folder is not None and len(starts) > FEW:
        kept = _Kept(run.folder, fingerprint([*parts, n, size, _code(compute)]))
    found = []
    for number, first in enumerate(starts):
        if run.report:
            run.report(Progress(first, n, doing))
        rows = min(first + size, n) - first
        block = kept.read(number, rows) if kept else None
        if block is None:
            block = compute(first, first + rows)
            if kept:
                kept.write(number, block)
        found.append(block)
    if run.report:
        run.report(Progress(n, n, doing))
    if kept and kept.wrote:
        trim(kept.folder, MOST_BYTES)
    return np.concatenate(found)


def fingerprint(parts: Sequence[Part]) -> str:
    """32 hexadecimal digits that differ wherever a part differs in kind, shape or value."""
    digest = blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        if isinstance(part, np.ndarray):
            if part.dtype.hasobject:
                message = "an array of objects has no fingerprint"
                raise TypeError(message)
            digest.update(f"{part.dtype.str} {part.shape}\n".encode())
            digest.update(np.ascontiguousarray(part).reshape(-1).view(np.uint8).data)
        elif part is None or isinstance(part, str | int | float):
            digest.update(f"{type(part).__name__} {part!r}\n".encode())
        else:
            message = f"{type(part).__name__} has no fingerprint"
            raise TypeError(message)
    return digest.hexdigest()


def _code(compute: Compute) -> str:
    """A digest of what computes: the kernels, the module that asks, and numpy and numba."""
    module = inspect.getmodule(compute)
    return _digest(getattr(module, "__file__", None) or "")


@cache
def _digest(asking: str) -> str:
    digest = blake2b(digest_size=_DIGEST_BYTES)
    kernels = Path(__file__).parents[1] / "kernels"
    for path in [*sorted(kernels.glob("*.py")), *([Path(asking)] if asking else [])]:
        digest.update(f"{path.name}\n".encode() + path.read_bytes())
    digest.update(f"{np.__version__} {version('numba')}".encode())
    return digest.hexdigest()


class _Kept:
    """The blocks of one run in a folder: each file is whole, or is as if it were not there.

    A file is the array as numpy saves it, then a digest of that. It takes its name in one
    step, so that several processes may write the same one.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.wrote = False
        self._name = name
        self._writable = True

    def read(self, number: int, rows: int) -> Array | None:
        """A block, or None where it is absent or damaged."""
        try:
            content = self._path(number).read_bytes()
        except OSError:
            return None
        body, sealed = content[:-_DIGEST_BYTES], content[-_DIGEST_BYTES:]
        if _seal(body) != sealed:
            return None
        block: Array = np.load(BytesIO(body), allow_pickle=False)
        return block if block.shape[:1] == (rows,) else None

    def write(self, number: int, block: Array) -> None:
        """Keep a block; where the disk refuses once it is not asked again."""
        if not self._writable:
            return
        saved = BytesIO()
        np.save(saved, block, allow_pickle=False)
        body = saved.getvalue()
        path = self._path(number)
        aside = path.with_name(f"{ASIDE}{os.getpid()}-{threading.get_ident()}-{path.name}")
        try:
            self.folder.mkdir(exist_ok=True)
            try:
                aside.write_bytes(body + _seal(body))
                aside.replace(path)
                self.wrote = True
            finally:
                aside.unlink(missing_ok=True)
        except OSError:
            self._writable = False

    def _path(self, number: int) -> Path:
        return self.folder / f"{self._name}-{number:06d}.npy"


def _seal(body: bytes) -> bytes:
    return blake2b(body, digest_size=_DIGEST_BYTES).digest()


def trim(folder: Path, most_bytes: int) -> None:
    """Remove what was kept longest ago until no more than so many bytes are left."""
    found = []
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):  # removed since by another process
                held = path.stat()
                found.append((held.st_mtime_ns, path.name, held.st_size))
    total = sum(size for *_, size in found)
    for _, name, size in sorted(found):
        if total <= most_bytes:
            return
        with suppress(OSError):
            (folder / name).unlink()
        total -= size
