"""Which of the files that were sent are kept."""

import io

import pytest
from fastapi import UploadFile

from liantu.errors import Problem
from liantu.faces.web.staging import Staging

REFUSED = (Problem("wrong-type", "a number", "'x'", "correct it", file="places.csv"),)


@pytest.fixture
def staging():
    found = Staging()
    yield found
    found.close()


def sent(staging):
    file = UploadFile(io.BytesIO(b"place_id,name\n"), filename="places.csv")
    return staging.take([file], replace=False, note="", generation=0)


def test_refused_files_are_forgotten_before_a_trial_that_waits(staging):
    waiting = sent(staging)
    refused = [staging.refused(sent(staging), REFUSED) for _ in range(20)]
    assert staging.find(waiting.token) == waiting
    assert staging.find(refused[0].token) is None
    assert staging.find(refused[-1].token) == refused[-1]


def test_of_trials_that_wait_the_oldest_is_forgotten(staging):
    waiting = [sent(staging) for _ in range(17)]
    assert staging.find(waiting[0].token) is None
    assert staging.find(waiting[1].token) == waiting[1]
    assert not waiting[0].folder.exists()


def test_all_files_are_gone_when_the_server_stops():
    staging = Staging()
    folder = sent(staging).folder
    assert (folder / "places.csv").exists()
    staging.close()
    assert not folder.exists()
