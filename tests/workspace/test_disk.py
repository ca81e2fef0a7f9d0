"""A disk that is full, read-only or broken: told in words, and the workspace is as it was.

A sample of the calls to the disk; ``python -m benchmarks.kills --faults`` takes them all.
"""

import os
import shutil
import subprocess
import tempfile

import pytest

from liantu import ingest
from liantu.errors import Refusal
from liantu.workspace import Workspace, restore
from tests.workspace import desk, faults, kills
from tests.workspace.moments import interrupt
from tests.workspace.test_survival import require_tidy

SIZE, PAGE = "512k", 4096
MOST = 25


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.setattr(ingest, "read", kills.read)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return faults.prepared(tmp_path / "first")


@pytest.mark.parametrize("operation", [name for name in faults.OPERATIONS if name != "mark"])
def test_a_disk_that_fails_at_a_call_of_any_kind_is_told_in_words(study, tmp_path, operation):
    place = tmp_path / "again"
    moments = faults.first_of_each(faults.calls(study, place, operation).kinds)
    assert sum(faults.failed(study, place, operation, moments)) > 2


@pytest.mark.parametrize("operation", kills.OPERATIONS)
def test_stopped_with_ctrl_c_at_any_call_nothing_half_done_is_left(study, tmp_path, operation):
    place, stopped = tmp_path / "again", 0
    labels = faults.calls(study, place, operation).labels
    moments = [(nth, interrupt) for nth in kills.chosen(labels, MOST)]
    for workspace, ended in faults.disturbed(study, place, operation, moments):
        version = desk.version(workspace.generation())
        assert version == kills.AFTER[operation] or (version == 3 and ended)
        if operation != "prune":
            require_tidy(workspace)
        assert not list(workspace.path.parent.rglob(".new-*"))
        stopped += ended is not None
        assert kills.went_on(workspace, workspace.path.parent)
        require_tidy(workspace)
    assert stopped > 4


@pytest.fixture
def small_disk(tmp_path):
    """A disk of half a megabyte, where the system lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "liantu-test", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:  # noqa: S603
        pytest.skip("no right to mount a small disk")
    yield place
    # Lazily, so that no mount stays behind where a test that failed still holds a file.
    subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S603, S607


def room(place):
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize


def test_a_real_disk_without_room_refuses_in_words_and_holds_no_remains(study, small_disk):
    shutil.copytree(study / "study", small_disk / "study")
    workspace = Workspace.open(small_disk / "study")
    before, filler = workspace.generation(), small_disk / "filler"
    outcomes = []
    for free in range(40):
        filler.unlink(missing_ok=True)
        filler.write_bytes(bytes(room(small_disk) - free * PAGE))
        assert room(small_disk) == free * PAGE
        try:
            workspace.import_files([kills.tables(study, 5)])
        except Refusal as refusal:
            (problem,) = refusal.problems
            assert (problem.code, problem.found) == ("disk", "no space left on device")
            assert workspace.generation() == before
            assert room(small_disk) >= free * PAGE
            outcomes.append("refused")
        else:
            outcomes.append("done")
            break
    assert outcomes[-1] == "done"
    assert len(outcomes) > 5
    assert desk.version(workspace.generation()) == 5
    require_tidy(workspace)


def test_a_real_disk_that_is_read_only_is_read_and_refuses_every_change(study, small_disk):
    shutil.copytree(study / "study", small_disk / "study")
    remount = ["mount", "-o", "remount,ro", str(small_disk)]
    subprocess.run(remount, check=True)  # noqa: S603
    workspace = Workspace.open(small_disk / "study")
    before = workspace.generation()
    for operation in ("import", "prune", "undo", "settings"):
        with pytest.raises(Refusal, match=r"disk: .*; found read-only file system; "):
            kills.OPERATIONS[operation](workspace, study)
    assert workspace.import_files([kills.tables(study, 5)], dry_run=True).diff.counts
    assert workspace.generation() == before


def test_a_backup_on_a_real_disk_without_room_is_refused_and_leaves_no_half_file(
    study, small_disk
):
    place, filler = small_disk / "place", small_disk / "filler"
    shutil.copytree(study, place)
    workspace, target = Workspace.open(place / "study"), place / "again.tar"
    workspace.prune(9)  # so that the lock, which stays, is there
    before, outcomes = sorted(place.rglob("*")), []
    for free in range(0, 40, 3):
        filler.unlink(missing_ok=True)
        filler.write_bytes(bytes(room(small_disk) - free * PAGE))
        try:
            workspace.backup(target)
        except Refusal as refusal:
            (problem,) = refusal.problems
            assert (problem.code, problem.found) == ("disk", "no space left on device")
            assert sorted(place.rglob("*")) == before
            assert room(small_disk) == free * PAGE
            outcomes.append("refused")
        else:
            outcomes.append("done")
            break
    assert outcomes[-1] == "done"
    assert len(outcomes) > 4
    restored = restore(target, study / "restored")
    assert desk.version(restored.generation()) == desk.version(workspace.generation()) == 3


@pytest.mark.parametrize("operation", faults.WRITTEN)
def test_on_a_real_disk_without_room_what_is_written_is_whole_or_as_it_was(
    study, small_disk, operation
):
    """Also where libraries in C write: a workbook, CSV, a table in its file."""
    place = small_disk / "place"
    shutil.copytree(study, place)
    workspace, filler = Workspace.open(place / "study"), small_disk / "filler"
    before, outcomes = sorted(place.rglob("*")), []
    for free in (0, 1, 5, 70):
        filler.unlink(missing_ok=True)
        filler.write_bytes(bytes(room(small_disk) - free * PAGE))
        try:
            faults.OPERATIONS[operation](workspace, place)
        except Refusal as refusal:
            found = " ".join(problem.found for problem in refusal.problems).lower()
            assert "no space left on device" in found
            assert sorted(place.rglob("*")) == before
            assert room(small_disk) >= free * PAGE
            outcomes.append("refused")
        else:
            faults.require_whole(place)
            outcomes.append("done")
            break
    assert outcomes[0] == "refused"
    assert outcomes[-1] == "done"


def test_no_room_for_what_the_reader_leaves_is_told_and_no_file_is_blamed(
    study, small_disk, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
    files, filler = [kills.tables(study, 5)], small_disk / "filler"
    outcomes = []
    for free in (0, 2, 5, 40):
        filler.unlink(missing_ok=True)
        filler.write_bytes(bytes(room(small_disk) - free * PAGE))
        try:
            found = faults.read(files)
        except Refusal as refusal:
            outcomes.append([problem.code for problem in refusal.problems])
        else:
            n_rows = sum(map(len, found.tables.values()))
            outcomes.append([problem.code for problem in found.problems] or n_rows)
            del found  # whose tables are mapped from the disk
        assert list(small_disk.iterdir()) == [filler]
    assert outcomes[:2] == [["no-room"], ["no-room"]]
    assert outcomes[2] in (["no-room"], 2 * kills.ROWS)
    assert outcomes[3] == 2 * kills.ROWS


def test_a_file_that_cannot_be_written_is_named_as_the_user_named_it(study, tmp_path):
    workspace = Workspace.open(study / "study")
    target = tmp_path / "nowhere" / "out.xlsx"
    with pytest.raises(Refusal) as refused:
        workspace.export(target)
    assert [problem.file for problem in refused.value.problems] == [str(target)]
