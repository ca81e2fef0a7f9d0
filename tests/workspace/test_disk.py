"""A disk that is full, read-only or broken: told in words, and the workspace is as it was."""

import errno
import os
import shutil
import subprocess

import pytest

from liantu import ingest
from liantu.errors import Refusal
from liantu.workspace import Workspace
from tests.workspace import desk, kills
from tests.workspace.moments import Moments, failing, interrupt
from tests.workspace.test_survival import require_tidy

REASONS = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO)
SIZE, PAGE = "512k", 4096
MOST = 25


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.setattr(ingest, "read", kills.read)
    (tmp_path / "first").mkdir()
    return kills.made(tmp_path / "first").path.parent


def disturbed(study, tmp_path, operation, act):
    """The workspace after the operation was disturbed at a call to the disk, one by one."""
    moments = range(1)
    while moments:
        nth, *moments = moments
        place = tmp_path / "again"
        shutil.copytree(study, place)
        workspace, ended = Workspace.open(place / "study"), None
        with Moments(nth, act(nth), ours=False) as seen:
            try:
                kills.OPERATIONS[operation](workspace, place)
            except (Refusal, KeyboardInterrupt) as end:
                ended = end
        if nth:
            yield workspace, ended
        else:
            moments = kills.chosen(seen.labels, MOST)
        shutil.rmtree(place)


@pytest.mark.parametrize("operation", kills.OPERATIONS)
def test_a_disk_that_fails_at_any_call_is_told_in_words(study, tmp_path, operation):
    refused = 0
    for workspace, ended in disturbed(
        study, tmp_path, operation, lambda nth: failing(REASONS[nth % 4])
    ):
        version = desk.version(workspace.generation())
        assert version == kills.AFTER[operation] or (version == 3 and ended)
        assert not list(workspace.path.parent.rglob(".new-*"))
        if ended:
            refused += 1
            assert all(problem.found and problem.remedy for problem in ended.problems)
        assert kills.went_on(workspace, workspace.path.parent)
        require_tidy(workspace)
    assert refused > 4


@pytest.mark.parametrize("operation", kills.OPERATIONS)
def test_stopped_with_ctrl_c_at_any_call_nothing_half_done_is_left(study, tmp_path, operation):
    stopped = 0
    for workspace, ended in disturbed(study, tmp_path, operation, lambda _: interrupt):
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
    subprocess.run(["umount", str(place)], check=True)  # noqa: S603, S607


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
