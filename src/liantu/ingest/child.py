"""The process that parses untrusted files: ``python -m liantu.ingest.child FOLDER``.

The folder holds ``job.json``. Left in it are one Arrow file for each table, and
``intake.json``. ``trail.jsonl`` has the stages that it came to, the file and the rows read
before, for those who look on; should the process not come to an end, its last line names the
file that was being read, and ``problems.jsonl`` has the problems of those before.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa

from liantu.ingest.bounded import end_with_parent, limit_memory
from liantu.ingest.gathering import Gathering
from liantu.ingest.headings.wording import Wording
from liantu.ingest.intake import Intake, too_large
from liantu.ingest.progress import TRAIL, Stage, Trail


def main(folder: Path) -> None:
    """Read the files of the job and leave what they hold in the folder."""
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    limit_memory(job["memory_bytes"])
    trail, file, n_told = Trail(folder / TRAIL), "", 0
    gathering = Gathering(
        Path(job["aside"]) if job["aside"] else None,
        told=lambda rows: trail.leave(Stage("reading", file, rows)),
        wording=Wording(**job["wording"]),
    )
    for file, path in job["files"].items():
        trail.leave(Stage("reading", file, gathering.n_rows))
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
        "unread": [sorted(intake.unread.words), sorted(intake.unread.tables)],
    }
    (folder / "intake.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    end_with_parent()
    main(Path(sys.argv[1]))
    # All is written: leave at once, for threads of Arrow that still end may abort a slow exit.
    os._exit(0)
