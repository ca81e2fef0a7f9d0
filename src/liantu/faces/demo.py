"""The worked example as a workspace: recorded facts, then generated rows."""

import runpy
import tempfile
import tomllib
from importlib.resources import files
from pathlib import Path

from liantu.errors import Problem, Refusal
from liantu.workspace import Workspace

EXAMPLE = "zhuzhou"


def example_folder() -> Path:
    """Where the example's tables and generator are: in the package, else in the checkout."""
    packaged = Path(str(files("liantu"))) / "examples" / EXAMPLE
    checkout = Path(__file__).parents[3] / "examples" / EXAMPLE
    for folder in (packaged, checkout):
        if folder.is_dir():
            return folder
    raise Refusal(
        Problem(
            "no-example",
            "the tables of the example",
            "none",
            "install liantu from a wheel, or run it from a checkout",
        )
    )


def build(target: Path) -> Workspace:
    """The example's workspace in a folder; one that is there already is left as it is."""
    if (target / "workspace.toml").is_file():
        return Workspace.open(target)
    source = example_folder()
    settings = tomllib.loads((source / "defaults.toml").read_text(encoding="utf-8"))
    made = Workspace.create(target, name=settings["name"], language=settings["language"])
    made.set_defaults(**settings["defaults"])
    made.import_files([source / "tables"], note="facts from public sources")
    with tempfile.TemporaryDirectory() as scratch:
        generate = runpy.run_path(str(source / "generate.py"))["generate"]
        generate(Path(scratch))
        made.import_files([Path(scratch)], note="generated rows, all synthetic")
    return made
