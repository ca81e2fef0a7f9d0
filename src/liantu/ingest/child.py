"""The process that parses untrusted files: ``python -m liantu.ingest.child FOLDER``.

The folder holds ``job.json``. Left in it are one Arrow file for each table, ``intake.json``,
and ``file.txt``, which names the file that was being read, should the process not come to an
end.
"""

import json
import os
import sys
from dataclasses import asdict
from importlib.abc import MetaPathFinder
from pathlib import Path

import pyarrow as pa

from liantu.ingest.gathering import Gathering, too_large
from liantu.ingest.intake import Intake


class _WithoutPandas(MetaPathFinder):
    """Keeps Arrow from loading pandas with its first array, which takes a second and 50 MB."""

    def find_spec(self, name: str, *_: object) -> None:
        """Refuse pandas; leave every other module to those who come after."""
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def main(folder: Path) -> None:
    """Read the files of the job and leave what they hold in the folder."""
    sys.meta_path.insert(0, _WithoutPandas())
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    _limit_memory(job["memory_bytes"])
    gathering = Gathering()
    file = ""
    for file, path in job["files"].items():
        (folder / "file.txt").write_text(file, encoding="utf-8")
        gathering.add(file, Path(path))
        left = json.dumps([asdict(problem) for problem in gathering.problems])
        (folder / "problems.json").write_text(left, encoding="utf-8")
    try:
        _leave(gathering.intake(), folder)
    except MemoryError:
        problems = [*gathering.problems, *too_large(file).problems]
        _leave(Intake({}, {}, (), (), tuple(problems)), folder)


def _leave(intake: Intake, folder: Path) -> None:
    for name, table in intake.tables.items():
        with pa.ipc.new_file(folder / f"{name}.arrow", table.schema) as stream:
            stream.write_table(table)
    found = {
        "present": {name: sorted(columns) for name, columns in intake.present.items()},
        "sheets": [asdict(sheet) for sheet in intake.sheets],
        "rows": intake.rows,
        "problems": [asdict(problem) for problem in intake.problems],
    }
    (folder / "intake.json").write_text(json.dumps(found), encoding="utf-8")


def _limit_memory(allowed: int) -> None:
    """Let the process map ``allowed`` bytes more than it has mapped at its start."""
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


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    # All is written: leave at once, for threads of Arrow that still end may abort a slow exit.
    os._exit(0)
