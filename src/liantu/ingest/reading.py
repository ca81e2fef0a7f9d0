"""Files in, typed rows and every problem out, parsed in a child process with limits."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from liantu.errors import Problem, Refusal
from liantu.ingest.bounded import Ended, run
from liantu.ingest.formats.kinds import listed
from liantu.ingest.headings.wording import Wording
from liantu.ingest.intake import Heads, Intake, Limits, Sheet, Unread, refused, too_large
from liantu.ingest.placing import placed
from liantu.ingest.progress import TRAIL, Stage, Trail, reached
from liantu.ingest.scratch import leave_job, no_room, refuse_full, scratch_folder
from liantu.schema import TABLES

_DEFAULT = Limits()
# What Python, C++, Arrow and Rust say before they end for want of memory.
_OUT_OF_MEMORY = ("MemoryError", "bad_alloc", "Out of memory", "memory allocation of")


def read(
    files: Sequence[Path],
    *,
    limits: Limits = _DEFAULT,
    aside: Path | None = None,
    wording: Wording | None = None,
) -> Intake:
    """What the files hold, typed, and every problem in them; nothing is raised for those.

    Folders are opened. All files are read by one child process, which may use no more memory
    and time than ``limits``; if it ends before its time, the file it was reading is named.
    Copies of files without the columns that speak of persons are left in the folder ``aside``.
    ``wording`` is what a user says that words of the files mean.
    """
    try:
        named = listed([Path(path) for path in files])
    except Refusal as refusal:
        return _only(refusal.problems, ())
    if not named:
        return _only((_nothing_to_read(files),), ())
    job = {
        "files": {file: str(path.absolute()) for file, path in named.items()},
        "memory_bytes": limits.memory_bytes,
        "aside": str(aside.absolute()) if aside else "",
        "wording": asdict(wording or Wording()),
    }
    with scratch_folder() as folder:
        leave_job(folder, job)
        reached(Stage("reading"))
        try:
            return _read_in(folder, list(named), limits)
        except OSError as error:
            raise Refusal(no_room(error)) from error


def _read_in(folder: Path, files: Sequence[str], limits: Limits) -> Intake:
    """What a child process read that has its job in the folder."""
    trail = Trail(folder / TRAIL)
    ended = run("liantu.ingest.child", folder, limits.seconds, watch=trail.tell)
    if (folder / "intake.json").exists() and ended.status == 0:
        return _intake(folder)
    left = _problems(_left(folder, "problems.jsonl") or "")
    file = (trail.last and trail.last.file) or files[0]
    return _only((*left, *_cut_short(file, ended, limits).problems), files)


def _intake(folder: Path) -> Intake:
    found: dict[str, Any] = json.loads((folder / "intake.json").read_text(encoding="utf-8"))
    return Intake(
        {name: _table(folder / f"{name}.arrow") for name in TABLES if name in found["present"]},
        {name: frozenset(columns) for name, columns in found["present"].items()},
        tuple(Sheet(**sheet) for sheet in found["sheets"]),
        tuple(found["rows"]),
        tuple(Problem(**problem) for problem in found["problems"]),
        tuple(Heads(Sheet(**entry["sheet"]), entry["positions"]) for entry in found["heads"]),
        found["copies"],
        found["layouts"],
        Unread(*map(frozenset, found["unread"])),
    )


def _table(path: Path) -> pa.Table:
    """The table, mapped from its file, which may be deleted meanwhile."""
    with pa.memory_map(str(path)) as stream:
        return pa.ipc.open_file(stream).read_all()


def _problems(text: str) -> tuple[Problem, ...]:
    """The problems of a file of JSON lines, whose last line may have been cut short."""
    whole = (line for line in text.splitlines(keepends=True) if line.endswith("\n"))
    return tuple(Problem(**json.loads(line)) for line in whole)


def _left(folder: Path, name: str) -> str | None:
    path = folder / name
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else None


def _only(problems: Sequence[Problem], files: Iterable[str]) -> Intake:
    heads = tuple(Heads(Sheet(file), {}) for file in files)
    return Intake({}, {}, (), (), tuple(placed(problems, heads)), heads)


def _too_slow(file: str, limits: Limits) -> Refusal:
    words = (
        f"a file that is read within {limits.seconds:g} seconds",
        "one that takes longer",
        "part it into smaller files",
    )
    return refused(file, "too-slow", words)


def _cut_short(file: str, ended: Ended, limits: Limits) -> Refusal:
    """Why a child did not come to its end: time, memory or room, or what nobody foresaw."""
    if ended.status is None:
        return _too_slow(file, limits)
    if any(words in ended.said for words in _OUT_OF_MEMORY):
        return too_large(file)
    try:
        refuse_full(ended.said, file)
    except Refusal as refusal:
        return refusal
    found = f"one that stopped its reader (status {ended.status})"
    words = ("a file that can be read", found, "save the file again, or as CSV")
    return refused(file, "unreadable-file", words)


def _nothing_to_read(files: Sequence[Path]) -> Problem:
    return Problem(
        "empty-file",
        "CSV, XLSX, Parquet, JSON lines or XES files",
        "no such file in " + ", ".join(str(path) for path in files) if files else "no file",
        "name a file, or a folder that holds some",
    )
