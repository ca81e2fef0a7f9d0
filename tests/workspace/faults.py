"""Operations that write, disturbed at their calls to the disk, and what must hold then."""

import errno
import io
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path

from liantu import ingest
from liantu.errors import Refusal
from liantu.faces.cli.showing import report
from liantu.workspace import Workspace, restore
from tests.workspace import desk, kills
from tests.workspace.moments import Moments, failing
from tests.workspace.test_survival import require_tidy

WRONG = "place_id,name,longitude\nP1,a,far\n"

read = ingest.read  # the true one, which others take the place of


def prepared(folder: Path) -> Path:
    """A folder with a workspace, a backup of it, and a file with a wrong cell."""
    folder.mkdir()
    workspace = kills.made(folder)
    workspace.backup(folder / "first.tar")
    (folder / "places.csv").write_text(WRONG, encoding="utf-8")
    return folder


def _restore(_: Workspace, place: Path) -> None:
    restore(place / "first.tar", place / "out")


def _export(workspace: Workspace, place: Path) -> None:
    workspace.export(place / "out.xlsx")


def _export_folder(workspace: Workspace, place: Path) -> None:
    workspace.export(place / "out")


def _template(workspace: Workspace, place: Path) -> None:
    workspace.template(place / "out.xlsx")


def _report(workspace: Workspace, place: Path) -> None:
    with redirect_stdout(io.StringIO()):  # what is said is not written to the disk
        report(_Context, workspace.path, place / "out.html", lens=["inventory"])


def _mark(_: Workspace, place: Path) -> None:
    file = place / "places.csv"
    if found := read([file]).problems:
        ingest.mark([file], found, place / "out.xlsx", "en")


class _Context:
    """A command without further arguments."""

    args: tuple[str, ...] = ()


# What is written for others to read; nothing in the workspace changes by it.
WRITTEN = {
    "restore": _restore,
    "export": _export,
    "export to a folder": _export_folder,
    "template": _template,
    "report": _report,
    "mark": _mark,
}
OPERATIONS = kills.OPERATIONS | WRITTEN
AFTER = kills.AFTER | dict.fromkeys(WRITTEN, 3)
# Of each call to the disk; for fsync also a disk that is broken.
REASONS = (errno.ENOSPC, errno.EROFS)


def calls(study: Path, place: Path, operation: str) -> Moments:
    """The calls to the disk of an operation that nothing disturbs."""
    shutil.copytree(study, place)
    workspace = Workspace.open(place / "study")
    with Moments(ours=False) as seen:
        OPERATIONS[operation](workspace, place)
    shutil.rmtree(place)
    return seen


def every(kinds: Sequence[str], most: int) -> list[tuple[int, int]]:
    """Every call to the disk, counted from 1, with each reason that it may fail for.

    Of a kind that comes more than ``most`` times, as many, spread evenly.
    """
    at: dict[str, list[int]] = {}
    for nth, kind in enumerate(kinds, 1):
        at.setdefault(kind, []).append(nth)
    chosen = {found[k * len(found) // most] for found in at.values() for k in range(most)}
    return [
        (nth, reason)
        for nth in sorted(chosen)
        for reason in (*REASONS, *([errno.EIO] if kinds[nth - 1].startswith("fsync") else []))
    ]


def first_of_each(kinds: Sequence[str]) -> list[tuple[int, int]]:
    """The first call of each kind, full and read-only in turn; fsync also broken."""
    found = {kind: number for number, kind in reversed([*enumerate(kinds, 1)])}
    turns = [(nth, REASONS[turn % 2]) for turn, nth in enumerate(sorted(found.values()))]
    broken = [(nth, errno.EIO) for kind, nth in found.items() if kind.startswith("fsync")]
    return [*turns, *broken]


def disturbed(
    study: Path,
    place: Path,
    operation: str,
    disturbances: Sequence[tuple[int, Callable[[], None]]],
) -> Iterator[tuple[Workspace, BaseException | None]]:
    """The workspace after each disturbance of the operation, and what that ended with."""
    for nth, act in disturbances:
        shutil.copytree(study, place)
        workspace, ended = Workspace.open(place / "study"), None
        with Moments(nth, act, ours=False):
            try:
                OPERATIONS[operation](workspace, place)
            except (Refusal, KeyboardInterrupt) as end:
                ended = end
        yield workspace, ended
        shutil.rmtree(place)


def failed(
    study: Path, place: Path, operation: str, moments: Sequence[tuple[int, int]]
) -> Iterator[bool]:
    """Let the disk fail at each moment for its reason; whether the operation was refused.

    What is refused is told in words, nothing half done is left, and the workspace goes on.
    """
    acts = [(nth, failing(reason)) for nth, reason in moments]
    for workspace, ended in disturbed(study, place, operation, acts):
        if isinstance(ended, Refusal):
            assert all(problem.found and problem.remedy for problem in ended.problems)
        version = desk.version(workspace.generation())
        assert version == AFTER[operation] or (version == 3 and ended)
        require_whole(place)
        assert kills.went_on(workspace, place)
        require_tidy(workspace)
        yield ended is not None


def require_whole(place: Path) -> None:
    """What was written is there whole, or not at all."""
    aside = [path for path in place.rglob(".new-*") if path.is_file() or any(path.iterdir())]
    assert not aside
    for path in place.glob("out*"):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                assert book.testzip() is None
        elif path.suffix == ".html":
            assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
        elif (path / "study").exists() or (path / "CURRENT").exists():
            assert desk.version(Workspace.open(path).generation()) == 3
        else:
            sizes = [len(file.read_bytes().splitlines()) for file in path.iterdir()]
            assert sizes == [kills.ROWS + 1] * 2
