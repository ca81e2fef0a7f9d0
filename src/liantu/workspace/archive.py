"""A whole workspace as one tar file with checksums, and back."""

import hashlib
import io
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from liantu.disk import (
    ASIDE,
    entries,
    refuse_occupied,
    refusing,
    remove,
    replacing,
    sync,
)
from liantu.errors import Problem, Refusal
from liantu.workspace.generations import (
    CURRENT,
    GENERATIONS,
    TABLE_FILES,
    manifest_path,
    named_imports,
    numbers,
    read_generation,
)
from liantu.workspace.received import IMPORTS, import_folders
from liantu.workspace.settings import SETTINGS

SUMS = "SHA256SUMS"

_MEMBER = re.compile(
    rf"{SUMS}|{SETTINGS}|{CURRENT}|{GENERATIONS}/\d{{4,}}\.json"
    rf"|{TABLE_FILES}/[a-z_]+-[0-9a-f]{{32}}\.parquet"
    rf"|{IMPORTS}/\d{{4,}}-[0-9a-f]{{64}}/[^/\\\x00]+"
)
_SUM = re.compile(r"([0-9a-f]{64})  (.+)")
_MOST_SUM_BYTES = 64 << 20
_CHUNK_BYTES = 1 << 20


def backup(folder: Path, file: Path) -> None:
    """Write all that the generations name; the same workspace gives the same bytes."""
    members = _members(folder)
    sums = "".join(f"{_sha256(folder / name)}  {name}\n" for name in members)
    with (
        replacing(file) as aside,
        tarfile.open(aside, "w", format=tarfile.PAX_FORMAT) as tar,
    ):
        text = sums.encode()
        tar.addfile(_member(SUMS, len(text)), io.BytesIO(text))
        for name in members:
            with (folder / name).open("rb") as content:
                size = os.fstat(content.fileno()).st_size
                tar.addfile(_member(name, size), content)


def unpack(file: Path, target: Path) -> None:
    """Fill a new or empty folder from a backup, or leave it as it is if anything is wrong."""
    refuse_occupied(target)
    is_new = not target.exists()
    target.mkdir(parents=True, exist_ok=True)
    aside = target / ASIDE
    try:
        aside.mkdir()
        for part in (IMPORTS, TABLE_FILES, GENERATIONS):
            (aside / part).mkdir()
        with _reading(file), tarfile.open(file, "r:") as tar:
            _extract(tar, aside)
        _require_whole(aside)
        for path in sorted(aside.iterdir(), key=lambda path: path.name == SETTINGS):
            path.rename(target / path.name)
    except BaseException:
        remove(target if is_new else aside)
        raise
    remove(aside)
    sync(target)


def _members(folder: Path) -> list[str]:
    """Names of the files that make up the workspace, in a fixed order."""
    generations = [read_generation(folder, number) for number in numbers(folder)]
    manifests = [manifest_path(folder, generation.number) for generation in generations]
    tables = {path for generation in generations for path in generation.files.values()}
    kept = import_folders(folder)
    imports = [
        path
        for number in sorted(named_imports(generations) & set(kept))
        for path in entries(kept[number])
    ]
    files = [folder / SETTINGS, folder / CURRENT, *manifests, *sorted(tables), *imports]
    return [path.relative_to(folder).as_posix() for path in files]


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = size
    member.mode = 0o644
    return member


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    try:
        with refusing(f"read {file.name}", "give the file that liantu backup wrote"):
            yield
    except (tarfile.TarError, UnicodeError, ValueError, EOFError) as error:
        raise Refusal(_damage(file.name, "a whole backup, uncompressed", str(error))) from error


def _extract(tar: tarfile.TarFile, folder: Path) -> None:
    """Write the members that the list of checksums names, each as its checksum says."""
    expected = _sums(tar)
    found: set[str] = set()
    while member := tar.next():
        name = _safe_name(member)
        if name in found or name not in expected:
            what = "one entry for each file in the list of checksums"
            raise Refusal(_damage(name, what, "another entry"))
        found.add(name)
        _write(tar, member, folder / name, expected[name])
    absent = sorted(set(expected) - found)
    if absent:
        raise Refusal(_damage(absent[0], "every file in the list of checksums", "it is absent"))
    for path in [*entries(folder / IMPORTS), *entries(folder)]:
        if path.is_dir():
            sync(path)


def _sums(tar: tarfile.TarFile) -> dict[str, str]:
    """The checksum of each member, from the first one."""
    member = tar.next()
    content = None
    if member is not None and _safe_name(member) == SUMS and member.size <= _MOST_SUM_BYTES:
        content = tar.extractfile(member)
    if content is None:
        what = f"a backup, which begins with {SUMS}"
        raise Refusal(_damage(str(tar.name), what, "another archive"))
    lines = [_SUM.fullmatch(line) for line in content.read().decode().splitlines()]
    return {line[2]: line[1] for line in lines if line}


def _safe_name(member: tarfile.TarInfo) -> str:
    """The member's name, if it is a plain file of a workspace; nothing else is let in."""
    is_plain = member.isreg() and not member.issparse()
    parts = member.name.split("/")
    if is_plain and _MEMBER.fullmatch(member.name) and not {".", ".."} & set(parts):
        return member.name
    kind = "a file" if is_plain else "a link, folder, device or sparse file"
    raise Refusal(
        Problem(
            "hostile-archive",
            "plain files of a workspace, each in its place",
            f"{kind} named {member.name[:200]!r}",
            "restore only what liantu backup wrote",
        )
    )


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path, expected: str) -> None:
    digest = hashlib.sha256()
    target.parent.mkdir(exist_ok=True)
    content = tar.extractfile(member)
    with target.open("xb") as copy:
        while content is not None and (chunk := content.read(_CHUNK_BYTES)):
            digest.update(chunk)
            copy.write(chunk)
    if digest.hexdigest() != expected:
        what = "content as its checksum says"
        raise Refusal(_damage(member.name, what, "other content: the archive is damaged"))
    sync(target)


def _require_whole(folder: Path) -> None:
    """Refuse a folder whose pointer, manifests and table files do not belong together."""
    read_generation(folder)
    for number in numbers(folder):
        for path in read_generation(folder, number).files.values():
            if not path.is_file():
                raise Refusal(_damage(path.name, f"a table of generation {number}", "none"))
    if not (folder / SETTINGS).is_file():
        raise Refusal(_damage(SETTINGS, "the workspace's settings", "none"))


def _damage(file: str, expected: str, found: str) -> Problem:
    remedy = "use another copy of the backup; nothing was restored"
    return Problem("damaged-archive", expected, found, remedy, file=file)
