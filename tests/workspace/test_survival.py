import multiprocessing
import random
import time

import pyarrow.parquet as pq
import pytest

from liantu.errors import Refusal
from liantu.workspace import Workspace, lock
from tests.holding import PATIENCE_SECONDS
from tests.workspace import children, desk

KILLS = 15


def require_whole(workspace):
    """Every generation can be read, its rows agree, and the one in use is among them."""
    history = workspace.history()
    assert workspace.generation() in history
    for generation in history:
        desk.version(generation)
        for name, file in generation.files.items():
            assert pq.ParquetFile(file).metadata.num_rows == generation.rows[name]


def require_tidy(workspace):
    """Nothing lies about that no generation names."""
    history = workspace.history()
    named = {file for generation in history for file in generation.files.values()}
    assert set((workspace.path / "tables").iterdir()) == named
    assert len(list((workspace.path / "generations").iterdir())) == len(history)
    assert not list(workspace.path.rglob(".new-*"))
    imports = {generation.import_id for generation in history}
    imports.update(*(ids for entry in history for ids in entry.origins.values()))
    folders = {int(path.name[:4]) for path in (workspace.path / "imports").iterdir()}
    assert folders == imports - {None}


def test_a_workspace_survives_kill_9_at_any_moment(bench, tmp_path):
    moments = random.Random(7)  # noqa: S311 - a test, repeatable
    file, mine = tmp_path / "theirs.json", tmp_path / "mine.json"
    for _ in range(KILLS):
        ready = multiprocessing.get_context("forkserver").Event()
        first = desk.version(bench.generation()) + 1
        child = children.start(children.import_forever, bench.path, file, first, ready)
        assert ready.wait(PATIENCE_SECONDS)
        time.sleep(moments.uniform(0, 0.12))
        child.kill()
        child.join()

        workspace = Workspace.open(bench.path)
        require_whole(workspace)
        found = desk.version(workspace.generation())
        assert found >= first - 1
        done = workspace.import_files([desk.write_version(mine, found + 1)])
        assert desk.version(done.generation) == found + 1
        require_tidy(workspace)


def test_no_room_for_a_file_refuses_and_leaves_the_old_generation(bench, tmp_path):
    bench.import_files([desk.write_version(tmp_path / "a.json", 1)])
    before = bench.generation()
    file = desk.write_version(tmp_path / "b.json", 2)
    codes = []
    for most_bytes in (0, 5, 100, 600, 1000, 2000, 4000, 6000, 1 << 20):
        codes.append(children.run(children.import_starved, bench.path, file, most_bytes))
        if codes[-1] == children.REFUSED:
            assert bench.generation() == before
            assert list(bench.path.rglob(".new-*")) == []
    assert codes[0] == children.REFUSED
    assert codes[-1] == children.DONE
    assert set(codes) == {children.REFUSED, children.DONE}
    assert desk.version(bench.generation()) == 2


def test_a_reader_sees_only_whole_generations_while_another_process_imports(bench, tmp_path):
    file, seen = tmp_path / "theirs.json", [0]
    last = multiprocessing.get_context("forkserver").Value("i", 0)
    child = children.start(children.import_many, bench.path, file, range(1, 101), last)
    while child.is_alive():
        last.value = desk.version(Workspace.open(bench.path).generation())
        seen.append(last.value)
        assert seen[-1] >= seen[-2]
    child.join()
    assert child.exitcode == children.DONE
    assert desk.version(bench.generation()) == 100
    assert len(set(seen)) > 10


def test_two_writers_at_once_both_get_all_their_rows_in(bench, tmp_path):
    writers = [
        children.start(children.add_places, bench.path, tmp_path / f"{name}.json", name, 10)
        for name in "ab"
    ]
    for writer in writers:
        writer.join(PATIENCE_SECONDS)
        assert writer.exitcode == 0
    places = [row["place_id"] for row in desk.rows_of(bench, "places")]
    assert places == [f"{name}{number}" for name in "ab" for number in range(10)]
    assert bench.generation().number == 20


def test_a_second_writer_is_told_who_writes_and_comes_in_when_that_one_dies(
    bench, tmp_path, monkeypatch
):
    context = multiprocessing.get_context("forkserver")
    held, release = context.Event(), context.Event()
    child = children.start(children.hold, bench.path, held, release)
    assert held.wait(PATIENCE_SECONDS)
    monkeypatch.setattr(lock, "WAIT_SECONDS", 0.2)
    file = desk.write_version(tmp_path / "f.json", 1)

    with pytest.raises(Refusal, match=rf"locked: .*process {child.pid} on .*, a long import"):
        bench.import_files([file])
    assert bench.import_files([file], dry_run=True).diff.counts["places"].added == 20
    child.kill()
    child.join()
    bench.import_files([file])
    assert desk.version(bench.generation()) == 1
