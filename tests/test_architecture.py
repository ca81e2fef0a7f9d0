"""The shape of the code: imports run one way, files stay short, faces know no lens."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from liantu.lens import discover

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "liantu"
MODULES = sorted(SOURCE.rglob("*.py"))
FACES = SOURCE / "faces"
LONG, LONGEST = 300, 400
LONGEST_FUNCTION = 80
BANNED = {"utils", "helpers", "common", "manager", "df", "res", "tmp"}

# What each room may import of ours; a room may always import itself.
MAY_IMPORT = {
    "errors": set(),
    "disk": {"errors"},
    "light": set(),
    "schema": {"errors"},
    "locale": {"errors", "schema"},
    "kernels": set(),
    "ingest": {"errors", "disk", "schema", "locale", "kernels"},
    "store": {"errors", "schema"},
    "workspace": {"errors", "disk", "schema", "ingest", "store", "locale"},
    "matching": {"errors", "ingest"},
    "result": {"errors", "schema"},
    "parameters": {"errors", "schema"},
    "records": {"errors", "schema", "parameters"},
    "lens": {"errors", "schema", "parameters", "records", "result"},
    "methods": {"errors", "parameters", "result", "kernels"},
    "lenses": {"errors", "schema", "parameters", "result", "lens", "methods", "kernels"},
    "faces": {
        "errors", "disk", "schema", "locale", "ingest", "store", "workspace", "result",
        "parameters", "records", "lens", "methods", "matching",
    },
}  # fmt: skip

# The same within the intake: its folders, and the files beside them, each after what it uses.
MAY_IMPORT_WITHIN_INGEST = {
    "codes": set(),
    "intake": set(),
    "many": set(),
    "progress": set(),
    "bounded": set(),
    "scratch": set(),
    "placing": {"intake"},
    "headings": {"intake"},
    "contents": {"intake", "many", "headings"},
    "formats": {"intake", "many", "headings", "contents"},
    "references": {"intake", "many", "placing", "headings", "contents"},
    "books": {"intake", "bounded", "scratch", "headings", "contents", "formats"},
    "rows": {"intake", "headings", "contents", "books"},
    "across": {"intake", "placing", "headings", "contents", "rows"},
    "gathering": {
        "intake", "placing", "headings", "contents", "formats", "references", "rows", "across",
    },
    "child": {"intake", "progress", "bounded", "headings", "gathering"},
    "reading": {
        "intake", "placing", "progress", "bounded", "scratch", "headings", "formats",
    },
}  # fmt: skip

# Rooms whose __init__ does more than export: public names load lazily; the list of tables is
# made where the groups of tables meet.
MORE_THAN_EXPORTS = {
    SOURCE / "__init__.py",
    SOURCE / "ingest/__init__.py",
    SOURCE / "schema/__init__.py",
}

named = pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def room(path):
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path, within="liantu"):
    """The rooms of ours, or the parts of one room, that a module imports anywhere in it."""
    for node in ast.walk(tree(path)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            if name.startswith(f"{within}."):
                yield name.removeprefix(f"{within}.").split(".")[0], node.lineno


def test_every_room_is_known():
    assert {room(path) for path in MODULES} - {"__init__"} == set(MAY_IMPORT)


@named
def test_imports_run_one_way(path):
    if path == SOURCE / "__init__.py":
        return
    here = room(path)
    wrong = [
        f"{path.name}:{line} imports liantu.{name}"
        for name, line in imported(path)
        if name != here and name not in MAY_IMPORT[here]
    ]
    assert not wrong, f"{here} may import {sorted(MAY_IMPORT[here])}: {wrong}"


INGEST = SOURCE / "ingest"
PARTS_OF_INGEST = [path for path in MODULES if INGEST in path.parents]


def part(path):
    return path.relative_to(INGEST).parts[0].removesuffix(".py")


def test_every_part_of_the_intake_is_known():
    assert {part(path) for path in PARTS_OF_INGEST} - {"__init__"} == set(
        MAY_IMPORT_WITHIN_INGEST
    )


@pytest.mark.parametrize(
    "path", PARTS_OF_INGEST, ids=lambda path: str(path.relative_to(INGEST))
)
def test_imports_within_the_intake_run_one_way(path):
    here = part(path)
    if here == "__init__":
        return
    allowed = MAY_IMPORT_WITHIN_INGEST[here]
    wrong = [
        f"{path.name}:{line} imports liantu.ingest.{name}"
        for name, line in imported(path, "liantu.ingest")
        if name != here and name not in allowed
    ]
    assert not wrong, f"{here} may import {sorted(allowed)}: {wrong}"


def printed(code):
    """What a fresh interpreter prints."""
    line = [sys.executable, "-c", code]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - our own code


def test_the_package_loads_its_public_names_only_when_they_are_asked_for():
    assert printed("import sys, liantu; print('liantu.errors' in sys.modules)") == "False"


def test_listing_the_lenses_loads_no_kernel_and_no_figure():
    code = (
        "import sys; from liantu.lens import discover; discover(); "
        "print([m for m in ('numba', 'scipy', 'altair', 'fastapi') if m in sys.modules])"
    )
    assert printed(code) == "[]"


def test_no_lens_imports_another_lens_or_a_kernel_before_it_is_asked():
    for path in (SOURCE / "lenses").glob("*.py"):
        for node in tree(path).body:
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith(("liantu.kernels", "liantu.lenses"))


@named
def test_a_file_is_short_enough_to_be_read(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    over = sorted(
        f"{other.relative_to(SOURCE)} ({count})"
        for other in MODULES
        if (count := len(other.read_text(encoding="utf-8").splitlines())) > LONG
    )
    assert lines <= LONGEST, f"over {LONGEST} lines; over {LONG} are {', '.join(over)}"


@named
def test_a_function_is_short_enough_to_be_read(path):
    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1})"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long, f"over {LONGEST_FUNCTION} lines: {long}"


def names_in(path):
    """Every name that a module gives: of itself, classes, functions, arguments, variables."""
    yield path.stem
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.split(".")[-1]


@named
def test_no_name_is_one_that_says_nothing(path):
    assert not BANNED & set(names_in(path))


def test_no_module_of_the_tests_has_such_a_name_either():
    assert not BANNED & {path.stem for path in (ROOT / "tests").rglob("*.py")}


@named
def test_an_init_only_exports(path):
    if path.name != "__init__.py" or path in MORE_THAN_EXPORTS:
        return
    for node in tree(path).body:
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_all = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        assert is_text or is_all or isinstance(node, ast.ImportFrom), ast.unparse(node)


def texts_in(path):
    """Every text in a module that stands for something, and no docstring."""
    whole = tree(path)
    shown = {
        id(node.value)
        for node in ast.walk(whole)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(whole):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in shown
        ):
            yield node.value


def test_no_face_names_a_lens():
    lenses = "|".join(discover())
    meant = re.compile(rf"^(?:{lenses})$|/lens/(?:{lenses})\b|lenses\.(?:{lenses})\b")
    for path in FACES.rglob("*.py"):
        assert not [text for text in texts_in(path) if meant.search(text)], path
    for path in [*FACES.rglob("*.html"), *FACES.rglob("*.js")]:
        assert not re.findall(rf"/lens/(?:{lenses})\b", path.read_text("utf-8")), path


def test_faces_hold_no_arithmetic_of_ours():
    for path in FACES.rglob("*.py"):
        assert "liantu.kernels" not in path.read_text(encoding="utf-8"), path


TEMPLATES = sorted(FACES.rglob("*.html"))
SERVED = [
    *TEMPLATES,
    *(path for path in sorted(FACES.rglob("*")) if path.suffix in {".js", ".css", ".svg"}),
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_nothing_inline(path):
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"\sstyle\s*=", text)
    assert not re.findall(r"\son\w+\s*=\s*[\"']", text)
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all(" src=" in tag for tag in scripts), scripts


@pytest.mark.parametrize("path", SERVED, ids=lambda path: path.name)
def test_nothing_that_is_served_comes_from_outside(path):
    text = re.sub(r"/\*.*?\*/|\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    addresses = re.findall(r"https?://[\w.-]+\.\w+[^\s\"')]*", text)
    assert [found for found in addresses if not found.startswith("http://www.w3.org/")] == []
    assert not re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?//", text)
