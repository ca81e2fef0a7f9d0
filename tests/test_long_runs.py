"""Long runs: told block by block, kept where there is a folder, the same answer in any case."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.methods import long_runs
from liantu.methods.long_runs import FEW, Progress, blocks, fingerprint, running, trim
from liantu.result import say
from tests.holding import PATIENCE_SECONDS

DOING = say("squares")
N, SIZE = 60, 10


class Squares:
    """Squares of numbers that remember which blocks were asked for."""

    def __init__(self):
        self.asked = []

    def __call__(self, first, last):
        self.asked.append(first)
        return np.arange(first, last, dtype=np.float64)[:, None] ** np.array([1, 2])


def squares(compute, parts=("squares", 1), n=N, size=SIZE):
    return blocks(parts, n, size, compute, doing=DOING)


def kept(folder):
    return sorted(folder.iterdir()) if folder.exists() else []


@given(st.integers(0, 40), st.integers(1, 50))
def test_blocks_give_what_one_block_gives(n, size):
    found = squares(Squares(), n=n, size=size)
    np.testing.assert_array_equal(found, Squares()(0, n))


def test_who_listens_is_told_before_each_block_and_at_the_end():
    told = []
    with running(report=told.append):
        squares(Squares(), n=25)
    assert told == [Progress(done, 25, DOING) for done in (0, 10, 20, 25)]


def test_one_block_is_told_to_nobody():
    told = []
    with running(report=told.append):
        squares(Squares(), n=SIZE)
    assert told == []


def test_a_run_of_few_blocks_writes_nothing(tmp_path):
    with running(folder=tmp_path / "kept"):
        squares(Squares(), n=FEW * SIZE)
    assert kept(tmp_path / "kept") == []


def test_a_block_that_was_kept_is_not_computed_again(tmp_path):
    with running(folder=tmp_path / "kept"):
        first = squares(Squares())
        again = Squares()
        np.testing.assert_array_equal(squares(again), first)
    assert again.asked == []
    assert len(kept(tmp_path / "kept")) == N // SIZE


def test_what_listens_may_end_a_run_and_the_next_one_goes_on_from_there(tmp_path):
    def stop(progress):
        if progress.done == 30:
            raise KeyboardInterrupt

    with running(folder=tmp_path / "kept"):
        with pytest.raises(KeyboardInterrupt), running(report=stop):
            squares(Squares())
        again = Squares()
        found = squares(again)
    assert again.asked == [30, 40, 50]
    np.testing.assert_array_equal(found, Squares()(0, N))


def test_another_network_parameter_or_size_uses_none_of_the_blocks(tmp_path):
    with running(folder=tmp_path / "kept"):
        squares(Squares(), ("squares", 1))
        for parts, size in ((("squares", 2), SIZE), (("squares", 1), SIZE - 2)):
            again = Squares()
            squares(again, parts, size=size)
            assert len(again.asked) == -(-N // size)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda content: content[:20],
        lambda content: content[:-1],
        lambda content: content[:-30] + bytes([content[-30] ^ 1]) + content[-29:],
        lambda content: content + b"more",
    ],
)
def test_a_damaged_block_is_as_if_it_were_not_there(tmp_path, damage):
    with running(folder=tmp_path / "kept"):
        squares(Squares())
        hurt = kept(tmp_path / "kept")[2]
        hurt.write_bytes(damage(hurt.read_bytes()))
        again = Squares()
        found = squares(again)
        assert again.asked == [20]
        np.testing.assert_array_equal(found, Squares()(0, N))
        assert squares(mended := Squares()) is not None
        assert mended.asked == []


def test_a_folder_that_cannot_be_written_changes_no_answer(tmp_path):
    (tmp_path / "kept").write_text("a file where the folder should be")
    with running(folder=tmp_path / "kept"):
        np.testing.assert_array_equal(squares(Squares()), Squares()(0, N))


def test_a_full_disk_is_asked_once_and_leaves_nothing_half_written(tmp_path, monkeypatch):
    tried = []

    def full(path, _content):
        tried.append(path)
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with running(folder=tmp_path / "kept"):
        np.testing.assert_array_equal(squares(Squares()), Squares()(0, N))
    assert len(tried) == 1
    assert kept(tmp_path / "kept") == []


def test_the_folder_may_vanish_in_the_middle(tmp_path):
    def vanish(progress):
        if progress.done == 30:
            for path in kept(tmp_path / "kept"):
                path.unlink()
            (tmp_path / "kept").rmdir()

    with running(folder=tmp_path / "kept", report=vanish):
        np.testing.assert_array_equal(squares(Squares()), Squares()(0, N))


def test_two_runs_at_once_keep_the_same_blocks_and_hinder_each_other_not(tmp_path):
    found = []

    def work():
        with running(folder=tmp_path / "kept"):
            found.append(squares(Squares()))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(threads)
    for array in found:
        np.testing.assert_array_equal(array, Squares()(0, N))
    assert len(kept(tmp_path / "kept")) == N // SIZE


def test_a_thread_has_a_run_of_its_own(tmp_path):
    with running(folder=tmp_path / "kept"):
        thread = threading.Thread(target=squares, args=(Squares(),))
        thread.start()
        thread.join()
    assert kept(tmp_path / "kept") == []


def test_an_inner_run_keeps_what_it_does_not_change(tmp_path):
    told = []
    with running(report=told.append), running(folder=tmp_path / "kept"):
        squares(Squares())
    assert told[-1].done == N
    assert kept(tmp_path / "kept")


ARRAY = np.arange(6, dtype=np.int64)


@pytest.mark.parametrize(
    "other",
    [
        [ARRAY.astype(np.int32)],
        [ARRAY.reshape(2, 3)],
        [ARRAY[::-1]],
        [ARRAY, 1],
        ["a"],
        [1],
        [1.0],
        [True],
        ["1"],
        [None],
        [np.array(1)],
        [],
        [0.1 + 0.2],
        [0.3],
    ],
)
def test_a_fingerprint_tells_kind_shape_and_value(other):
    every = [[ARRAY], ["a", "b"], ["ab"], [1, 2], [2, 1], [False]]
    assert fingerprint(other) not in {fingerprint(parts) for parts in every}
    assert fingerprint(other) == fingerprint(list(other))


def test_arrays_that_hold_the_same_have_the_same_fingerprint():
    assert fingerprint([ARRAY[::2]]) == fingerprint([ARRAY[::2].copy()])


@pytest.mark.parametrize("part", [np.array(["a", None], dtype=object), {"a": 1}, [1]])
def test_what_has_no_fingerprint_is_said(part):
    with pytest.raises(TypeError, match="has no fingerprint"):
        fingerprint([part])


def test_what_was_kept_longest_ago_goes_first(tmp_path):
    for number in range(4):
        path = tmp_path / f"{number}"
        path.write_bytes(b"x" * 100)
        os.utime(path, (number, number))
    trim(tmp_path, 250)
    assert [path.name for path in kept(tmp_path)] == ["2", "3"]
    trim(tmp_path / "none", 0)


def test_no_more_is_kept_than_there_is_room_for(tmp_path, monkeypatch):
    monkeypatch.setattr(long_runs, "MOST_BYTES", 700)
    with running(folder=tmp_path / "kept"):
        squares(Squares())
    assert sum(path.stat().st_size for path in kept(tmp_path / "kept")) <= 700


SLOW = """
import sys, time
from pathlib import Path
import numpy as np
from liantu.methods.long_runs import blocks, running
from liantu.result import say

def some(first, last):
    print(first, flush=True)
    if first == int(sys.argv[2]):
        time.sleep(600)
    return np.arange(first, last, dtype=np.float64)

with running(folder=Path(sys.argv[1])):
    found = blocks(["slow"], 8, 1, some, doing=say("numbers"))
print("sum", found.sum())
"""


def test_ctrl_c_leaves_whole_blocks_and_the_next_process_goes_on(tmp_path):
    line = [sys.executable, "-c", SLOW, str(tmp_path / "kept")]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*line, "3"], **pipes) as process:  # noqa: S603 - our own code
        for _ in range(4):
            process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_SECONDS)
    held = [path.name for path in kept(tmp_path / "kept")]
    assert len(held) == 3
    assert not [name for name in held if not name.endswith(".npy")]
    again = subprocess.run([*line, "-1"], check=True, capture_output=True, text=True)  # noqa: S603
    assert again.stdout.splitlines() == ["3", "4", "5", "6", "7", "sum 28.0"]
