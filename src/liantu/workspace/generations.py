"""The states that a workspace has been in, one manifest each, and which of them is in use."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from liantu.disk import entries, write_text
from liantu.errors import Missing, Problem, Refusal
from liantu.schema import TABLES
from liantu.workspace.changes import Counts

CURRENT = "CURRENT"
GENERATIONS = "generations"
TABLE_FILES = "tables"

_MANIFEST = re.compile(r"(\d{4,})\.json")
_POINTER = re.compile(r"(\d+) of (\d+)\s*")
_RETRIES = 20


@dataclass(frozen=True, slots=True)
class Generation:
    """One state of all tables: which file holds which table, and how it came about.

    ``files`` and ``rows`` name the tables that have rows. ``when`` is UTC in ISO format,
    ``changes`` counts what the import changed, ``fingerprint`` is equal for equal tables,
    ``origins`` has the imports that the rows of each table were read in, and ``merged`` has the
    organisation that is kept for each that was merged into it.
    """

    number: int
    when: str
    parent: int | None
    import_id: int | None
    note: str
    files: dict[str, Path]
    rows: dict[str, int]
    changes: dict[str, Counts]
    fingerprint: str
    origins: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)
    merged: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Pointer:
    """The generation in use, and the last one ever made: what lies beyond never came to be."""

    number: int
    last: int


class Entry(BaseModel):
    """The file of one table in a manifest."""

    model_config = ConfigDict(frozen=True)

    file: Annotated[str, Field(pattern=r"^[a-z_]+-[0-9a-f]{32}\.parquet$")]
    rows: Annotated[int, Field(ge=1)]
    imports: list[int]


class Manifest(BaseModel):
    """A generation as it is written."""

    model_config = ConfigDict(frozen=True)

    layout: Literal[1] = 1
    number: Annotated[int, Field(ge=0)]
    when: str
    parent: int | None = None
    import_id: int | None = None
    note: str = ""
    tables: dict[str, Entry] = {}
    changes: dict[str, Counts] = {}
    merged: dict[str, str] = {}


def now() -> str:
    """The time, UTC, as ISO seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_pointer(folder: Path) -> Pointer:
    """Which generation is in use; a refusal where the folder is no workspace."""
    try:
        text = (folder / CURRENT).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(_damaged(CURRENT, "the generation in use", str(error))) from error
    found = _POINTER.fullmatch(text)
    if not found:
        raise Refusal(_damaged(CURRENT, "two numbers, such as 7 of 9", repr(text[:40])))
    return Pointer(int(found[1]), int(found[2]))


def write_pointer(folder: Path, pointer: Pointer) -> None:
    """Bring a generation into use: the one step that makes an import or undo happen.

    Once the name is in place the step is taken, whether or not the disk then confirms it.
    """
    try:
        write_text(folder / CURRENT, f"{pointer.number} of {pointer.last}\n")
    except OSError:
        if read_pointer(folder) != pointer:
            raise


def read_generation(folder: Path, number: int | None = None) -> Generation:
    """The generation of that number, or the one in use."""
    for _ in range(_RETRIES):
        pointer = read_pointer(folder)
        wanted = pointer.number if number is None else number
        text = _manifest_text(folder, wanted) if wanted <= pointer.last else None
        if text is not None:
            return _generation(folder, text, manifest_path(folder, wanted).name)
        if number is not None:
            raise Missing(_unknown(folder, number))
    raise Refusal(_damaged(CURRENT, "a generation that exists", f"number {wanted}"))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a generation; it is not in use until the pointer says so."""
    text = manifest.model_dump_json(indent=1)
    write_text(manifest_path(folder, manifest.number), f"{text}\n")


def manifest_path(folder: Path, number: int) -> Path:
    """Where the manifest of a generation lies."""
    return folder / GENERATIONS / f"{number:04d}.json"


def numbers(folder: Path) -> list[int]:
    """Every generation there is, oldest first, without those that never came to be."""
    last = read_pointer(folder).last
    return [number for number in written_numbers(folder) if number <= last]


def written_numbers(folder: Path) -> list[int]:
    """Every generation that has a manifest, oldest first."""
    names = (_MANIFEST.fullmatch(path.name) for path in entries(folder / GENERATIONS))
    return sorted(int(name[1]) for name in names if name)


def entries_of(generation: Generation) -> dict[str, Entry]:
    """The tables of a generation as a manifest names them."""
    return {
        table: Entry(
            file=file.name,
            rows=generation.rows[table],
            imports=list(generation.origins[table]),
        )
        for table, file in generation.files.items()
    }


def named_imports(generations: Iterable[Generation]) -> set[int]:
    """Every import that a generation, or a row in it, came from."""
    found: set[int] = set()
    for generation in generations:
        found.update(*generation.origins.values())
        if generation.import_id is not None:
            found.add(generation.import_id)
    return found


def _manifest_text(folder: Path, number: int) -> str | None:
    path = manifest_path(folder, number)
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refusal(
            _damaged(path.name, "a generation that can be read", str(error))
        ) from error


def _generation(folder: Path, text: str, name: str) -> Generation:
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        raise Refusal(_damaged(name, "a manifest", str(error.errors()[0]["msg"]))) from error
    unknown = sorted({*manifest.tables, *manifest.changes} - set(TABLES))
    if unknown:
        raise Refusal(_damaged(name, "tables that this version knows", ", ".join(unknown)))
    names = "".join(
        f"{table} {entry.file}\n" for table, entry in sorted(manifest.tables.items())
    )
    return Generation(
        number=manifest.number,
        when=manifest.when,
        parent=manifest.parent,
        import_id=manifest.import_id,
        note=manifest.note,
        files={table: folder / TABLE_FILES / e.file for table, e in manifest.tables.items()},
        rows={table: entry.rows for table, entry in manifest.tables.items()},
        changes=manifest.changes,
        fingerprint=hashlib.sha256(names.encode()).hexdigest()[:12],
        origins={table: tuple(entry.imports) for table, entry in manifest.tables.items()},
        merged=manifest.merged,
    )


def _unknown(folder: Path, number: int) -> Problem:
    known = ", ".join(map(str, numbers(folder)))
    return Problem(
        "no-generation",
        "a generation of this workspace",
        str(number),
        f"give one of {known}",
    )


def _damaged(file: str, expected: str, found: str) -> Problem:
    remedy = "restore the workspace from a backup, or use the version that wrote it"
    return Problem("damaged", expected, found, remedy, file=file)
