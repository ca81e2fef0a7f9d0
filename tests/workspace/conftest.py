import tempfile
from pathlib import Path

import pytest

from liantu import ingest
from liantu.workspace import Workspace
from tests.workspace import desk

SWIFT = Path("/dev/shm")  # noqa: S108 - a folder in memory, where fsync takes no time


@pytest.fixture
def tmp_path(tmp_path):
    if not SWIFT.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=SWIFT) as folder:
        yield Path(folder)


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A new workspace that imports the desk's files."""
    monkeypatch.setattr(ingest, "read", desk.read)
    monkeypatch.setattr(ingest, "check", desk.check)
    return Workspace.create(tmp_path / "study", name="Study")
