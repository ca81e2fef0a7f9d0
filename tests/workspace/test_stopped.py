"""The command line, stopped with Ctrl-C or killed at any time; and what it shows meanwhile."""

import os
import pty
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from liantu import ingest
from liantu.ingest import read, scratch
from liantu.ingest.bounded import Ended
from liantu.ingest.scratch import scratch_folder
from liantu.workspace import Workspace
from tests.holding import PATIENCE_SECONDS, Hold, until
from tests.workspace import desk, kills
from tests.workspace.test_survival import require_tidy

ROWS = 1_980


@pytest.fixture
def study(tmp_path):
    """A workspace in which every row says 1, beside a file whose many rows all say 2."""
    workspace = Workspace.create(tmp_path / "study", name="Study")
    (tmp_path / "aside").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "read", kills.read)
        workspace.import_files([kills.tables(tmp_path, 1)])
    rows = "".join(f"p{row},2\n" for row in range(ROWS))
    rest = "".join(f"o{row},2\n" for row in range(kills.ROWS))
    (tmp_path / "places.csv").write_text(f"place_id,name\n{rows}")
    (tmp_path / "organisations.csv").write_text(f"org_id,name\n{rest}")
    return workspace


def importing(folder, more=None, **named):
    """The command that imports the files, with a folder of its own for temporary files."""
    call = "import sys; from liantu.faces.cli import main; sys.exit(main())"
    files = [str(folder / "places.csv"), str(folder / "organisations.csv")]
    line = [sys.executable, "-c", call, "import", "-w", str(folder / "study"), *files]
    environment = os.environ | {"TMPDIR": str(folder / "aside")} | (more or {})
    return subprocess.Popen(line, env=environment, start_new_session=True, **named)  # noqa: S603 - our own code


# What is opened at each stage: in the process that reads where it is reading or has read.
STAGES = {
    "begun": "*/liantu-work-*/job.json",
    "reading": "*/liantu-work-*/trail.jsonl",
    "read": "*/liantu-work-*/intake.json",
    "kept": "*/study/imports",
    "writing": "*/study/tables/.new-*",
    "written": "*/study/.new-CURRENT",
}


@pytest.mark.parametrize("stage", STAGES)
def test_ctrl_c_leaves_the_old_generation_and_nothing_else(study, tmp_path, stage):
    hold = Hold(tmp_path / "hold", "open", STAGES[stage])
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with importing(tmp_path, hold.environment, **pipes) as process:
        hold.reached(process)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, b"Traceback" in said) == (130, False), said
    assert said.endswith(b"stopped; nothing half done is left behind\n")
    assert desk.version(study.generation()) == 1
    require_tidy(study)
    assert list((tmp_path / "aside").iterdir()) == []


def test_a_reader_ends_with_the_process_that_asked_and_what_it_left_goes_with_the_next(
    study, tmp_path, monkeypatch
):
    hold = Hold(tmp_path / "hold", "open", STAGES["reading"])
    with importing(tmp_path, hold.environment) as process:
        hold.reached(process)
        process.kill()
    until(lambda: not _members(process.pid))
    assert desk.version(study.generation()) == 1
    left = list((tmp_path / "aside").iterdir())
    assert left

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "aside"))
    with scratch_folder() as mine:
        monkeypatch.setattr(scratch, "_FRESH_SECONDS", -1.0)
        assert study.import_files([tmp_path / "organisations.csv"]).generation.number == 2
        assert list((tmp_path / "aside").iterdir()) == [mine]


def _members(session):
    """The processes that are left of a session, without those that only wait to be buried."""
    found = []
    for name in filter(str.isdigit, (entry.name for entry in Path("/proc").iterdir())):
        try:
            state = Path("/proc", name, "stat").read_text(encoding="utf-8").rpartition(")")[2]
            if os.getsid(int(name)) == session and state.split()[0] != "Z":
                found.append(int(name))
        except (ProcessLookupError, FileNotFoundError):
            continue
    return found


def test_no_room_for_temporary_files_is_told_in_words(study, tmp_path, monkeypatch):
    full = OSError(28, os.strerror(28))

    ended = Ended(1, f"OSError: {full}")
    monkeypatch.setattr("liantu.ingest.reading.run", lambda *_, **__: ended)
    (problem,) = read([tmp_path / "places.csv"]).problems
    assert (problem.code, problem.file) == ("no-room", "places.csv")
    assert "set TMPDIR" in problem.remedy
    assert study.generation().number == 1


def test_a_terminal_is_shown_what_an_import_does_and_a_file_is_not(study, tmp_path):
    ours, theirs = pty.openpty()
    terminal = {"TERM": "xterm", "COLUMNS": "80"}
    with importing(tmp_path, terminal, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while part := _from_terminal(ours):
            shown += part
    os.close(ours)
    assert process.returncode == 0
    for words in ("reading places.csv", "checking, 2,000 rows", "writing, 2,000 rows"):
        assert words.encode() in shown, shown
    study.undo()
    with importing(tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.communicate()[1] == b""


def _from_terminal(handle):
    try:
        return os.read(handle, 4096)
    except OSError:  # the other side is closed
        return b""
