import csv
import importlib.util
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "zhuzhou"


def _read(folder):
    tables = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    return tables


@pytest.fixture(scope="session")
def generate():
    """The function of ``generate.py``, as a script that is no module of ours has it."""
    spec = importlib.util.spec_from_file_location("generate", EXAMPLE / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.generate


@pytest.fixture(scope="session")
def generated_folder(generate, tmp_path_factory):
    folder = tmp_path_factory.mktemp("synthetic")
    generate(folder)
    return folder


@pytest.fixture(scope="session")
def record():
    return _read(EXAMPLE / "tables")


@pytest.fixture(scope="session")
def generated(generated_folder):
    return _read(generated_folder)


@pytest.fixture(scope="session")
def whole(record, generated):
    """Rows of the record and generated ones, by table, every cell as text."""
    return {name: record.get(name, []) + generated.get(name, []) for name in record | generated}
