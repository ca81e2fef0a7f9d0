"""The process that parses untrusted files: ``python -m liantu.ingest.child FOLDER``.

The folder holds ``job.json``. Left in it are one Arrow file for each table, and
``intake.json``. Should the process not come to an end, ``file.txt`` names the file that was
being read, and ``problems.jsonl`` has the problems of those before. ``rows.txt`` counts the
rows read, for those who look on.
"""

import json
import os
import sys
from dataclasses import asdict
from importlib.abc import MetaPathFinder
from pathlib import Path

import pyarrow as pa

from liantu.ingest.bounded import end_with_parent, limit_memory
from liantu.ingest.gathering import Gathering, too_large
from liantu.ingest.headings.wording import Wording
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
    limit_memory(job["memory_bytes"])
    gathering = Gathering(
        Path(job["aside"]) if job["aside"] else None,
        told=lambda rows: _write(folder / "rows.txt", str(rows)),
        wording=Wording(**job["wording"]),
    )
    file, n_told = "", 0
    for file, path in job["files"].items():
        _write(folder / "file.txt", file)
        gathering.add(file, Path(path))
        lines = [json.dumps(asdict(item)) + "\n" for item in gathering.problems[n_told:]]
        n_told += len(lines)
        with (folder / "problems.jsonl").open("a", encoding="utf-8") as stream:
            stream.writelines(lines)
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
        "heads": [asdict(entry) for entry in intake.heads],
        "copies": dict(intake.copies),
        "layouts": dict(intake.layouts),
    }
    _write(folder / "intake.json", json.dumps(found))


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    end_with_parent()
    main(Path(sys.argv[1]))
    # All is written: leave at once, for threads of Arrow that still end may abort a slow exit.
    os._exit(0)
