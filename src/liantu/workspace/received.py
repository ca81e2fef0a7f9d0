"""The files of every import, kept as they were received."""

import hashlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import BaseModel

from liantu import ingest
from liantu.disk import entries, remove, sync, write_text
from liantu.errors import Problem, Refusal
from liantu.workspace.changes import Origin

IMPORTS = "imports"
RECORD = "import.json"

_FOLDER = re.compile(r"(\d{4,})-[0-9a-f]{64}")
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Received:
    """A file to be imported: its name in problems, and how it looked before it was read.

    ``copy`` is what is kept in its stead, without the columns ``left_out``, which speak of
    persons.
    """

    file: str
    path: Path
    size: int
    changed_ns: int
    copy: Path | None = None
    left_out: tuple[str, ...] = ()


class Kept(BaseModel):
    """A file in an import's folder, what it was called when it came, and columns it lost."""

    name: str
    received_as: str
    sha256: str
    left_out: list[str] = []


class KeptSheet(BaseModel):
    """A sheet that rows were read from."""

    file: str
    sheet: str | None


class Record(BaseModel):
    """What is known of an import beside its files; rows count sheets in this order."""

    files: list[Kept]
    sheets: list[KeptSheet]


@dataclass(slots=True)
class Origins:
    """Finds the file, sheet and row that a row was read from; reads each record once."""

    folder: Path
    sheets: dict[int, list[Origin]] = field(default_factory=dict)

    def __call__(self, import_id: int, sheet: int, row: int) -> Origin:
        """The origin of a row by its three numbers."""
        if import_id not in self.sheets:
            self.sheets[import_id] = _recorded(self.folder, import_id)
        known = self.sheets[import_id]
        named = (
            known[sheet] if 0 <= sheet < len(known) else Origin(f"import {import_id}", None, 0)
        )
        return Origin(named.file, named.sheet, row)


def seen(files: Mapping[str, Path]) -> list[Received]:
    """How the files look now, without those that are not there: the reader names these."""
    found = []
    for file, path in files.items():
        if path.is_file():
            stat = path.stat()
            found.append(Received(file, path, stat.st_size, stat.st_mtime_ns))
    return found


def without_persons(
    received: Iterable[Received], intake: ingest.Intake, aside: Path
) -> list[Received]:
    """The files, each that has columns about persons with the copy that lacks them."""
    lost = [problem for problem in intake.problems if problem.code == "personal-data"]
    return [
        replace(
            file,
            copy=aside / intake.copies[file.file],
            left_out=tuple(str(note.column) for note in lost if note.file == file.file),
        )
        if file.file in intake.copies
        else file
        for file in received
    ]


def keep(
    folder: Path, import_id: int, files: Sequence[Received], sheets: Sequence[Origin]
) -> None:
    """Copy the files into the workspace, with the sheets that the rows' origins count in."""
    aside = folder / IMPORTS / f".new-{import_id:04d}"
    remove(aside)
    aside.mkdir(parents=True)
    try:
        names = _names([file.path.name for file in files])
        sums = [_copy(file, aside / name) for file, name in zip(files, names, strict=True)]
        record = Record(
            files=[
                Kept(
                    name=name,
                    received_as=file.path.name,
                    sha256=digest,
                    left_out=list(file.left_out),
                )
                for file, name, digest in zip(files, names, sums, strict=True)
            ],
            sheets=[KeptSheet(file=sheet.file, sheet=sheet.sheet) for sheet in sheets],
        )
        write_text(aside / RECORD, f"{record.model_dump_json(indent=1)}\n")
        lines = "".join(f"{digest}  {name}\n" for digest, name in zip(sums, names, strict=True))
        whole = hashlib.sha256(lines.encode()).hexdigest()
        target = folder / IMPORTS / f"{import_id:04d}-{whole}"
        os.replace(aside, target)  # noqa: PTH105 - the tests watch the three calls of os
    except BaseException:
        remove(aside)
        raise
    sync(target.parent)


def import_folders(folder: Path) -> dict[int, Path]:
    """The folder of each import."""
    found = ((path, _FOLDER.fullmatch(path.name)) for path in entries(folder / IMPORTS))
    return {int(name[1]): path for path, name in found if name}


def _names(received: Sequence[str]) -> list[str]:
    """A name of its own for each file, the one it came with where that is free."""
    taken = {RECORD}
    names = []
    for name in received:
        stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name is no path
        free, count = name, 2
        while free.casefold() in taken or free.startswith("."):
            free, count = f"{stem.lstrip('.')}-{count}{suffix}", count + 1
        taken.add(free.casefold())
        names.append(free)
    return names


def _copy(file: Received, target: Path) -> str:
    """Copy a file; its hash, or a refusal if it is not as it was when it was read."""
    digest = hashlib.sha256()
    with (file.copy or file.path).open("rb") as source, target.open("wb") as copy:
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            copy.write(chunk)
    stat = file.path.stat()
    if (stat.st_size, stat.st_mtime_ns) != (file.size, file.changed_ns):
        problem = Problem(
            "changed-meanwhile",
            "a file that stays as it is while it is imported",
            "another size or time of change",
            "close it in the program that writes to it, then import again",
            file=file.path.name,
        )
        raise Refusal(problem)
    sync(target)
    return digest.hexdigest()


def _recorded(folder: Path, import_id: int) -> list[Origin]:
    """The sheets of an import; none where its record is lost, for origins refuse nothing."""
    kept = import_folders(folder).get(import_id)
    if kept is None:
        return []
    try:
        record = Record.model_validate_json((kept / RECORD).read_bytes())
    except (OSError, ValueError):
        return []
    return [Origin(entry.file, entry.sheet, 0) for entry in record.sheets]
