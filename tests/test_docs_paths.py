"""What pages, docstrings and comments name is there: files, folders and modules."""

import ast
import importlib
import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "liantu"
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "benchmarks" / "RESULTS.md",
]
CODE = [
    path
    for folder in ("src", "tests", "benchmarks", "docs")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
ROOMS = sorted(
    {path.name for path in SOURCE.rglob("*") if path.is_dir() and path.name[0] not in "_."}
    | {"src", "tests", "benchmarks", "docs", "examples", "liantu"}
)
# A path that begins with a folder of ours, and a dotted name that begins with the package.
PATH = re.compile(rf"(?<![\w./:-])(?:{'|'.join(ROOMS)})/[\w./*-]*[\w*]")
DOTTED = re.compile(r"(?<![\w./@-])liantu(?:\.[a-z_]\w*)+")
MODULE = re.compile(r"(?<![\w./*-])[a-z_]+\.py\b")
GUIDED = re.compile("freshness")  # the lens that the guide adds, step by step


def prose(path):
    """The words of a page, or the docstrings and comments of a module."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    told = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, told)]
    lines = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = [token.string for token in lines if token.type == tokenize.COMMENT]
    return "\n".join([*(ast.get_docstring(node) or "" for node in nodes), *comments])


def is_there(named):
    """Whether some folder of ours has what a path names, ``*`` standing for anything."""
    folders = [
        ROOT,
        ROOT / "src",
        SOURCE,
        *(path for path in SOURCE.iterdir() if path.is_dir()),
    ]
    ends = (named, f"{named}.py")
    return any(next(folder.glob(end), None) for folder in folders for end in ends)


def is_found(dotted):
    """Whether a dotted name is a module, or something in one."""
    parts = dotted.split(".")
    for last in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:last]))
        except ModuleNotFoundError:
            continue
        for name in parts[last:]:
            if not hasattr(found, name):
                return False
            found = getattr(found, name)
        return True
    return False


@pytest.mark.parametrize("path", [*PAGES, *CODE], ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_named_is_there(path):
    text = prose(path)
    named = {found for found in PATH.findall(text) if not GUIDED.search(found)}
    assert sorted(found for found in named if not is_there(found)) == []
    assert sorted(found for found in set(DOTTED.findall(text)) if not is_found(found)) == []
    modules = {found for found in MODULE.findall(text) if not GUIDED.search(found)}
    known = {module.name for module in CODE}
    assert sorted(modules - known) == []


def test_a_path_that_has_moved_is_noticed():
    assert not is_there("src/liantu/ingest/headers.py")
    assert not is_found("liantu.shocks")
    assert is_there("ingest/headings/headers.py")
    assert is_found("liantu.methods.shocks.Stop")
    assert PATH.findall("see `kernels/gone.py` and https://x.org/docs/a") == ["kernels/gone.py"]
