"""Files of an import given back as workbooks with every problem marked in its cell."""

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from liantu.disk import replacing
from liantu.errors import Problem, Refusal
from liantu.ingest.books.template import refuse_unfit
from liantu.ingest.bounded import Ended, run
from liantu.ingest.formats.kinds import listed
from liantu.ingest.intake import Limits
from liantu.ingest.scratch import leave_job, no_room, refuse_full, scratch_folder
from liantu.locale import Language

_DEFAULT = Limits()
_CODE = "no-mark"
# A file with one of these was never opened as what it says it is; its problems are listed.
_UNOPENED = frozenset(
    {"unknown-kind", "unreadable-file", "empty-file", "too-large", "too-slow"}
)


def targets(files: Sequence[Path], out: Path) -> dict[str, Path]:
    """For each file of an import, the workbook that it comes back as.

    One file comes back as ``out`` itself, several as OUT-NAME.xlsx. Refused where one of these
    has been written already, so that no work in it is lost.
    """
    named = listed(files)
    alike = Counter(path.stem for path in named.values())
    found = dict.fromkeys(named, out) if len(named) < 2 else {}
    for number, (name, path) in enumerate(named.items(), start=1):
        words = path.stem if alike[path.stem] == 1 else f"{path.name}-{number}"
        found.setdefault(name, out.with_name(f"{out.stem}-{words}{out.suffix}"))
    for target in found.values() or [out]:
        refuse_unfit(target, _CODE)
    return found


def mark(
    files: Sequence[Path], problems: Sequence[Problem], out: Path, language: Language
) -> list[Path]:
    """Write each file that has problems as a workbook; which ones were written.

    A problem of an earlier row, which is of no file, is listed in every workbook.
    """
    named, wanted = listed(files), targets(files, out)
    faulty = [name for name in named if any(item.file == name for item in problems)]
    if not faulty and any(item.file is None and item.sheet for item in problems):
        faulty = list(named)[:1]
    for name in faulty:
        own = [item for item in problems if item.file in (name, None)]
        write_marked(named[name], own, wanted[name], language)
    return [wanted[name] for name in faulty]


def write_marked(
    file: Path,
    problems: Sequence[Problem],
    target: Path,
    language: Language,
    *,
    limits: Limits = _DEFAULT,
) -> None:
    """Write a new workbook: the file's own cells with the problems marked, and a list of them.

    The file is opened by a child process, which may use no more memory and time than
    ``limits``. Where it cannot be opened so, the workbook holds the list alone.
    """
    refuse_unfit(target, _CODE)
    is_text = file.suffix.lower() == ".csv"
    is_opened = not any(
        item.code in _UNOPENED and not (is_text and item.row) for item in problems
    )
    with scratch_folder() as folder:
        for path in (str(file.absolute()), "") if is_opened else ("",):
            job = {
                "path": path,
                "problems": [asdict(problem) for problem in problems],
                "language": language,
                "memory_bytes": limits.memory_bytes,
            }
            leave_job(folder, job)
            ended = _ended(folder, limits)
            if ended.status == 0:
                _hand_over(folder / "marked.xlsx", target)
                return
        refuse_full(ended.said)
    raise Refusal(_unwritten(target, "its writer stopped", "mark fewer files at a time"))


def _ended(folder: Path, limits: Limits) -> Ended:
    """How the process ended that has its job in the folder."""
    try:
        return run("liantu.ingest.books.marked", folder, limits.seconds)
    except OSError as error:
        raise Refusal(no_room(error)) from error


def _hand_over(made: Path, target: Path) -> None:
    """Copy the workbook to its place, whole."""
    try:
        with replacing(target) as aside:
            shutil.copyfile(made, aside)
    except OSError as error:
        found = error.strerror or str(error)
        raise Refusal(_unwritten(target, found, "choose another place")) from error


def _unwritten(target: Path, found: str, remedy: str) -> Problem:
    return Problem(_CODE, f"to write {target}", found, remedy)
