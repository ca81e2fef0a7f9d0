"""Long runs as faces show them: a bar, a page that tells how far, Ctrl-C, and what is kept."""

import io
import os
import signal
import subprocess
import sys
import tarfile
import threading

import numpy as np
import pytest
from fastapi.testclient import TestClient

from liantu.faces import study as studies
from liantu.faces import web
from liantu.faces.bar import bar
from liantu.faces.render import result_csv
from liantu.faces.study import Study
from liantu.faces.words import Words
from liantu.lens import run
from liantu.methods.long_runs import blocks
from liantu.result import say
from liantu.workspace import Workspace
from tests.holding import PATIENCE_SECONDS, Hold, until

DOING = say("Draws over what is uncertain")
BLOCKS = 6


@pytest.fixture
def study(tmp_path):
    made = Study.open(Workspace.create(tmp_path / "w", name="Desk").path)
    yield made
    made.close()


class Slow:
    """Stands for the run of one lens: some blocks, each of which waits to be let through."""

    def __init__(self, open_blocks=BLOCKS):
        self.gate = threading.Semaphore(open_blocks)
        self.asked = []
        self.ended = threading.Event()

    def __call__(self, name, *args, **kwargs):
        if name == "inventory":
            try:
                blocks(["slow"], BLOCKS, 1, self.block, doing=DOING)
            finally:
                self.ended.set()
        return run(name, *args, **kwargs)

    def block(self, first, last):
        assert self.gate.acquire(timeout=PATIENCE_SECONDS)
        self.asked.append(first)
        return np.arange(first, last)


@pytest.fixture
def slow(monkeypatch):
    def made(open_blocks=BLOCKS):
        found = Slow(open_blocks)
        monkeypatch.setattr(studies, "run", found)
        return found

    return made


def far(study):
    progress = study.progress("inventory")
    return progress.done if progress else None


def kept(study):
    return sorted(study.workspace.kept.glob("*"))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "Draws over what is uncertain: 2 of 6"),
        ("zh", "对不确定因素的抽样：已完成 2，共 6"),
    ],
)
def test_the_page_that_waits_says_how_far_the_answer_is(study, slow, lang, words):
    running = slow(2)
    with TestClient(web.app(study, patience_seconds=0.05)) as client:
        client.get("/lens/inventory")
        until(lambda: far(study) == 2)
        waiting = client.get("/lens/inventory", params={"lang": lang})
        assert waiting.status_code == 202
        assert words in waiting.text
        assert '<progress value="2" max="6">' in waiting.text
        running.gate.release(BLOCKS)
        until(lambda: client.get("/lens/inventory").status_code == 200)
    assert study.progress("inventory") is None


def test_a_server_that_stops_ends_a_long_run_at_its_next_block(study, slow):
    running = slow(2)
    with TestClient(web.app(study, patience_seconds=0.05)) as client:
        assert client.get("/lens/inventory").status_code == 202
        until(lambda: far(study) == 2)
    running.gate.release()
    assert running.ended.wait(PATIENCE_SECONDS)
    assert len(running.asked) == 3
    assert len(kept(study)) == 3
    again = slow()
    study.run("inventory")
    assert again.asked == [3, 4, 5]


def test_what_is_kept_is_no_part_of_a_backup_and_goes_with_prune(study, slow, tmp_path):
    slow()
    study.run("inventory")
    assert len(kept(study)) == BLOCKS
    study.workspace.backup(tmp_path / "b.tar")
    with tarfile.open(tmp_path / "b.tar") as tar:
        assert not [name for name in tar.getnames() if "kept" in name]
    study.workspace.prune(1)
    assert not study.workspace.kept.exists()


def test_a_read_only_workspace_is_answered_all_the_same(study, slow, monkeypatch):
    running = slow()
    monkeypatch.setattr(
        "pathlib.Path.mkdir", lambda *_, **__: (_ for _ in ()).throw(PermissionError)
    )
    assert study.run("inventory").lens == "inventory"
    assert len(running.asked) == BLOCKS
    assert kept(study) == []


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "is_drawn"), [(Terminal, True), (io.StringIO, False)])
def test_a_bar_is_drawn_where_somebody_is_looking(study, slow, monkeypatch, stream, is_drawn):
    slow()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", stream())
    with bar(Words("zh", study.names)):
        study.run("inventory")
    assert ("对不确定因素的抽样" in sys.stderr.getvalue()) == is_drawn
    assert is_drawn or not sys.stderr.getvalue()


def test_no_bar_is_drawn_for_a_short_run(study, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with bar(Words("en", study.names)):
        study.run("inventory")
    assert sys.stderr.getvalue() == ""


@pytest.fixture
def network(tmp_path):
    """A workspace of 40 firms that sell to one another; without revenue that takes its time."""
    files, n = tmp_path / "files", 40
    files.mkdir()
    random = np.random.default_rng(1)
    firms = [f"f{k:03},Firm {k}" for k in range(n)]
    pairs = {tuple(random.choice(n, 2, replace=False).tolist()) for _ in range(5 * n)}
    sales = [f"f{i:03},f{j:03},2023,{1 + (7 * i + j) % 50},CNY" for i, j in sorted(pairs)]
    for name, head, rows in (
        ("organisations", "org_id,name", firms),
        ("supplies", "supplier_id,buyer_id,year,value,currency", sales),
    ):
        (files / f"{name}.csv").write_text("\n".join([head, *rows]))
    made = Workspace.create(tmp_path / "city", name="City")
    made.import_files(files)
    return made


SMALL_BLOCKS = """
from liantu.methods import failures
from liantu.faces.cli import main

failures.Failures.block = lambda *_: 4
main()
"""


def test_ctrl_c_ends_a_command_without_a_traceback_and_the_next_one_goes_on(network, tmp_path):
    line = [
        sys.executable, "-c", SMALL_BLOCKS, "run", "systemic_risk", "-w", str(network.path),
        "--format", "csv", "--draws", "40",
    ]  # fmt: skip
    hold = Hold(tmp_path / "hold", "open", "*/kept/.new-*-000003.npy")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    environment = os.environ | hold.environment
    with subprocess.Popen(line, env=environment, **pipes) as process:  # noqa: S603 - our own code
        hold.reached(process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130
    assert (out, err) == (b"", b"stopped; nothing half done is left behind\n")
    held = {path: path.stat().st_mtime_ns for path in network.kept.iterdir()}
    assert [path.name[-10:] for path in sorted(held)] == [
        "000000.npy",
        "000001.npy",
        "000002.npy",
    ]
    again = subprocess.run(line, check=True, capture_output=True)  # noqa: S603
    assert again.stderr == b""
    assert {path: path.stat().st_mtime_ns for path in held} == held
    study = Study.open(network.path)
    whole = study.run("systemic_risk", {"draws": 40})
    assert again.stdout == result_csv(whole, Words("en", study.names))
    study.close()
