"""Killed at any moment, a workspace is as it was or as it was to be, and goes on from there.

A sample; ``python -m benchmarks.kills`` kills five hundred times.
"""

import hashlib
import json
import shutil

import pytest

from liantu import ingest
from liantu.workspace import Workspace, restore
from liantu.workspace.generations import named_imports
from liantu.workspace.received import import_folders
from liantu.workspace.tables import content_hash, load
from tests.workspace import desk, kills
from tests.workspace.test_survival import require_tidy

KILLS = {"import": 170, "replace": 50, "merge": 80, "prune": 90, "undo": 20}
KILLS |= {"backup": 70, "settings": 20}
SAMPLED = 5
# Parse and validate are calls of ours; the others are calls to the disk.
STAGES = {
    "import": {"ingest", "workspace", "parquet", "mkdir", "open", "write", "fsync", "replace"},
    "prune": {"workspace", "unlink", "rmdir", "fsync"},
    "backup": {"workspace", "write", "fsync", "replace"},
}


@pytest.fixture(scope="module")
def nursery():
    with kills.Nursery() as made:
        yield made


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.setattr(ingest, "read", kills.read)
    (tmp_path / "first").mkdir()
    return kills.made(tmp_path / "first").path.parent


def require_sums(workspace):
    """Every table is as its name says, and every file of an import as it was received."""
    history = workspace.history()
    for generation in history:
        for name, file in generation.files.items():
            assert file.stem == f"{name}-{content_hash(load(name, file))}"
    kept_folders = import_folders(workspace.path)
    for number in named_imports(history):
        folder = kept_folders[number]
        record = json.loads((folder / "import.json").read_text())
        lines = ""
        for kept in record["files"]:
            content = (folder / kept["name"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == kept["sha256"]
            lines += f"{kept['sha256']}  {kept['name']}\n"
        assert folder.name.endswith(hashlib.sha256(lines.encode()).hexdigest())


def survived(nursery, study, place, operation, most):
    """Kill the operation at so many moments, each time in a copy; the labels of the moments."""
    shutil.copytree(study, place / "whole")
    labels = nursery.labels(operation, place / "whole")
    versions, rows = set(), set()
    moments = kills.chosen(labels, most)
    for nth in moments:
        again = place / "again"
        shutil.copytree(study, again)
        nursery.kill(operation, again, nth)
        workspace = Workspace.open(again / "study")
        versions.add(desk.version(workspace.generation()))
        rows.add(workspace.generation().rows["organisations"])
        assert workspace.settings.defaults in ({}, {"place": "p1"})
        require_sums(workspace)
        if (again / "study.tar").exists():
            restored = restore(again / "study.tar", again / "restored")
            assert desk.version(restored.generation()) == 3
        assert kills.went_on(workspace, again)
        workspace.backup(again / "study.tar")
        require_tidy(workspace)
        assert not list(again.glob(".new-*"))
        shutil.rmtree(again)
    assert versions == {3, kills.AFTER[operation]}, versions
    assert rows == ({kills.ROWS, kills.ROWS - 1} if operation == "merge" else {kills.ROWS})
    return [labels[nth - 1] for nth in moments]


@pytest.mark.parametrize("operation", kills.OPERATIONS)
def test_killed_at_any_moment_a_workspace_is_old_or_new_and_goes_on(
    nursery, study, tmp_path, operation
):
    labels = survived(nursery, study, tmp_path, operation, KILLS[operation] // SAMPLED)
    assert set(labels) >= STAGES.get(operation, set())


def test_five_hundred_kills_are_spread_over_everything_that_writes():
    assert sum(KILLS.values()) == 500
    assert KILLS.keys() == kills.OPERATIONS.keys()
