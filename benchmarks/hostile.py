"""Files made to do harm, refused: the time and the memory of a whole ``liantu import``.

``python -m benchmarks.hostile`` prints a row for each kind of file, medians of three runs: the
file's size, seconds from begin to end, seconds of the processor (which others at work on the
machine change less), how many more of these than a small good file takes, and the peak memory
of the command and its child process together.
"""

import resource
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from liantu.workspace import Workspace
from tests.ingest import packed
from tests.ingest.test_hostile import DTD, MACROS, office

MIB = 1 << 20
_RUNS = 3
_CALL = "from liantu.faces.cli import main; main()"


def _good(path: Path) -> Path:
    return packed.pack(path)


def _macros(path: Path) -> Path:
    return packed.pack(path, packed.parts(types=packed.types(MACROS)))


def _password(path: Path) -> Path:
    path.write_bytes(office("EncryptionInfo", "EncryptedPackage"))
    return path


def _cut_short(path: Path) -> Path:
    whole = packed.pack(path).read_bytes()
    path.write_bytes(whole[: int(len(whole) * 0.6)])
    return path


def _leads_elsewhere(path: Path) -> Path:
    return packed.pack(path, packed.parts() | {"../../etc/passwd": "x"})


def _lying(path: Path) -> Path:
    return packed.changed(packed.pack(path), packed.SHEET, size=50)


def _many_parts(path: Path) -> Path:
    whole = bytearray(packed.pack(path).read_bytes())
    struct.pack_into("<H", whole, whole.rfind(b"PK\x05\x06") + 10, 65_000)
    path.write_bytes(whole)
    return path


def _entities(path: Path) -> Path:
    body = packed.sheet(packed.HEADER, packed.ROW).removeprefix('<?xml version="1.0"?>')
    return packed.pack(path, packed.parts() | {packed.SHEET: DTD + body})


def _blanks(path: Path) -> Path:
    return packed.bomb(path, b" " * MIB, 1_000)


def _within_size(path: Path) -> Path:
    return packed.bomb(path, b"<row/>" * (MIB // 6), 500)


def _cells(path: Path) -> Path:
    return packed.bomb(path, b"<row>" + b"<c><v>1</v></c>" * 70_000 + b"</row>", 120)


def _texts(path: Path) -> Path:
    strings = ["<sst>", *["<si><t/></si>" * 10_000] * 900, "</sst>"]
    return packed.pack(path, packed.parts(strings=strings))


def _far_cell(path: Path) -> Path:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    content = packed.sheet(packed.HEADER, packed.ROW).replace(
        "</sheetData>", f"{far}</sheetData>"
    )
    return packed.pack(path, packed.parts(content))


_KINDS: dict[str, Callable[[Path], Path]] = {
    "a small good workbook": _good,
    "macros": _macros,
    "a password": _password,
    "cut short": _cut_short,
    "a part that leads elsewhere": _leads_elsewhere,
    "a directory that lies": _lying,
    "65,000 parts": _many_parts,
    "a document type with entities": _entities,
    "1,000 MiB of blanks": _blanks,
    "500 MiB of empty rows": _within_size,
    "8,400,000 cells": _cells,
    "9,000,000 texts": _texts,
    "a cell in the last row and column": _far_cell,
}


def main() -> None:
    """Print the table."""
    sys.stdout.write("| file | KB | s | processor s | more | MB |\n|---|" + "--:|" * 5 + "\n")
    base = None
    with TemporaryDirectory() as name:
        folder = Path(name)
        for kind, made in _KINDS.items():
            workspace = Workspace.create(folder / kind / "study", name="Study").path
            path = made(folder / kind / "places.xlsx")
            runs = [_imported(workspace, path) for _ in range(_RUNS)]
            seconds, busy, peak = map(statistics.median, zip(*runs, strict=True))
            base = base or busy
            size = path.stat().st_size / 1000
            row = f"{size:,.0f} | {seconds:.2f} | {busy:.2f} | {busy - base:.2f} | {peak:,.0f}"
            sys.stdout.write(f"| {kind} | {row} |\n")
            sys.stdout.flush()


def _imported(workspace: Path, path: Path) -> tuple[float, float, float]:
    """Seconds, seconds of the processor and peak MB of a trial import."""
    line = [sys.executable, "-c", _CALL, "import", "--dry-run", "-w", workspace, path]
    begun, busy, peak = time.perf_counter(), _busy(), 0
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:  # noqa: S603 - our own code
        while run.poll() is None:
            peak = max(peak, sum(map(_resident, _family(run.pid))))
            time.sleep(0.01)
    return time.perf_counter() - begun, _busy() - busy, peak / 1e6


def _busy() -> float:
    """Seconds of the processor that processes took which ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _family(process: int) -> Iterator[int]:
    """A process and those that it started."""
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return
    for child in children.split():
        yield from _family(int(child))


def _resident(process: int) -> int:
    """Bytes of memory that a process holds; 0 once it has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * 4096


if __name__ == "__main__":
    main()
