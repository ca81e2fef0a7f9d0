import re
import subprocess
import sys

import pytest

from benchmarks.cases import CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_own_and_peer_find_the_same(case):
    given = case.build(case.sizes[0])
    own = case.run(given)
    if case.peer is None:
        return
    pytest.importorskip(case.needs, reason=f"the peer {case.needs} is not installed")
    case.same(own, case.peer(given))


def test_cases_have_names_of_their_own_and_sizes_that_ascend():
    assert len({case.name for case in CASES}) == len(CASES)
    assert all(list(case.sizes) == sorted(set(case.sizes)) for case in CASES)
    assert all(case.against for case in CASES if case.peer)


def test_the_runner_prints_a_row_for_each_case_and_names_its_peer():
    command = [sys.executable, "-m", "benchmarks", "--smoke", "--case", "five levels"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert len(re.findall(r"(?m)^\| explode, five levels", done.stdout)) == 2
    assert "scipy csr_array @ need" in done.stdout


def test_a_case_that_does_not_exist_is_refused_with_those_that_do():
    command = [sys.executable, "-m", "benchmarks", "--case", "warp"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 2
    assert "no case is named 'warp'" in done.stderr
    assert "explode, ten levels" in done.stderr
