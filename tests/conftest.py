import fcntl
import os
import signal

import pytest
from hypothesis import HealthCheck, settings

from liantu.faces import demo
from liantu.faces.study import Study
from liantu.workspace import Workspace
from tests import record as records

# What holds does not hang on how fast the machine is.
settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")

# A test run in the background of a script ignores Ctrl-C, and what it starts would do so too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser):
    parser.addoption(
        "--rewrite-golden",
        action="store_true",
        help="Write tests/golden anew from the answers of today.",
    )


@pytest.fixture(scope="session")
def example_folder(tmp_path_factory):
    """The worked example as a workspace, built once for all processes of a test run."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    built = root / "zhuzhou"
    with (root / "zhuzhou.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            demo.build(root / "zhuzhou-unfinished").path.rename(built)
    return built


@pytest.fixture(scope="session")
def example(example_folder):
    """The study of the worked example; its answers are kept for the whole run."""
    study = Study.open(example_folder)
    yield study
    study.close()


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """The study of a workspace that holds nothing."""
    made = Workspace.create(tmp_path_factory.mktemp("empty") / "study", name="Nothing yet")
    study = Study.open(made.path)
    yield study
    study.close()


@pytest.fixture
def record(tmp_path):
    """Makes a store from small tables: ``record(places="place_id level\\n...")``."""
    opened = []

    def make(**tables):
        opened.append(records.stored(tmp_path / f"record-{len(opened)}", **tables))
        return opened[-1]

    yield make
    for store in opened:
        store.close()
