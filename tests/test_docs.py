"""The documentation says what is so: generated pages, commands, and how to add a lens."""

import importlib.util
import inspect
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
from fastapi.testclient import TestClient

import liantu
import liantu.lenses
from liantu import lens as lens_module
from liantu.faces.cli import app as commands
from liantu.faces.web import app, schema
from liantu.kernels.link_state import STATES
from liantu.lens import discover
from liantu.schema import TABLES, columns
from tests import test_contract as contract

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
WRITTEN = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
PAGES = [*WRITTEN, ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
GROUP = typer.main.get_group(commands)
TEXT = {path: path.read_text(encoding="utf-8") for path in PAGES}


def generator():
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def blocks(path, language):
    """The code blocks of a page that are marked with a language."""
    return re.findall(rf"```{language}\n(.*?)```", TEXT[path], re.DOTALL)


# What is written fits what there is.


def test_the_generated_pages_are_up_to_date(example):
    pages = generator().pages(example)
    stale = [
        name
        for name, text in pages.items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != text
    ]
    assert not stale, f"run: make docs; stale are {stale}"
    kept = {path.name for path in (DOCS / "lenses").glob("*.md")}
    assert kept == {f"{name}.md" for name in (*discover(), "README")}


def test_every_public_thing_is_documented():
    told = "\n".join(TEXT.values())
    for name in liantu.__all__:
        assert re.search(rf"\b{name}\b", told), name
        assert inspect.getdoc(getattr(liantu, name)), name
    for name in (*discover(), *TABLES, *GROUP.commands):
        assert re.search(rf"\b{name}\b", told), name


def test_the_first_page_names_every_command_and_leads_to_every_lens():
    told = TEXT[ROOT / "README.md"]
    assert "docs/lenses/README.md" in told
    for name in GROUP.commands:
        assert re.search(rf"\b{name}\b", told), name


def test_every_column_and_command_has_a_meaning():
    for table in TABLES.values():
        assert inspect.getdoc(table)
        assert all(entry.meaning for entry in columns(table))
    for name, command in GROUP.commands.items():
        assert command.help, name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_between_pages_leads_somewhere(path):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", TEXT[path]):
        assert (path.parent / target).exists(), target


def test_every_convention_that_code_cites_is_there():
    numbered = set(re.findall(r"^## §(\d+)", TEXT[DOCS / "conventions.md"], re.MULTILINE))
    assert numbered == {str(n) for n in range(1, len(numbered) + 1)}
    for path in (ROOT / "src").rglob("*.py"):
        cited = re.findall(r"conventions(?:\.md)? §(\d+)", path.read_text(encoding="utf-8"))
        assert set(cited) <= numbered, path


def test_decisions_are_numbered_and_one_page_long():
    kept = sorted((DOCS / "decisions").glob("*.md"))
    assert [path.name[:4] for path in kept] == [f"{n:04}" for n in range(1, len(kept) + 1)]
    for path in kept:
        assert len(TEXT[path].splitlines()) <= 60, path.name


def test_the_stated_definition_is_the_one_that_is_computed():
    told = TEXT[DOCS / "conventions.md"]
    assert all(f"| {state.replace('_', ' ')} |" in told for state in STATES)


# Commands as they are written.


def lines_of(path):
    for block in blocks(path, "sh"):
        yield from (line for line in block.splitlines() if line.strip())


def flags_of(command):
    return {flag for entry in command.params for flag in (*entry.opts, *entry.secondary_opts)}


def asked_by(lenses):
    """The parameters of lenses, as options of the command line."""
    names = {entry.name for lens in lenses for entry in columns(lens.parameters)}
    return {f"--{name.replace('_', '-')}" for name in names}


def check_line(line):
    """A line of a shell block: a target of the Makefile, or a command with its options."""
    words = shlex.split(line, comments=True)
    if words[0] == "make":
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        assert all(re.search(rf"^{word}:", makefile, re.MULTILINE) for word in words[1:]), line
        return
    assert words[0] in {"liantu", ".venv/bin/liantu"}, f"not a command of ours: {line}"
    command = GROUP.commands[words[1]]
    known = flags_of(command)
    if words[1] == "run":
        known |= asked_by([discover()[words[2]]])
    if words[1] == "report":  # a template takes the parameters of its lenses
        known |= asked_by(discover().values())
    given = {word.split("=")[0] for word in words[2:] if word.startswith("-")}
    assert given <= known, (line, given - known)
    needed = [entry for entry in command.params if entry.required]
    for entry in needed:
        assert entry.param_type_name == "argument" or given & set(entry.opts), (
            line,
            entry.name,
        )


@pytest.mark.usefixtures("added")
@pytest.mark.parametrize(
    "path", [*WRITTEN, *sorted((DOCS / "lenses").glob("[a-z]*.md"))], ids=lambda path: path.name
)
def test_every_shell_line_is_a_real_command(path):
    assert list(lines_of(path))
    for line in lines_of(path):
        check_line(line)


# How to add a lens, followed to the letter.

GUIDE = ROOT / "CONTRIBUTING.md"
TARGET = re.compile(r"# (\S+\.py)\n")


def guided():
    """The files that the guide has written, by their path."""
    return {
        found[1]: block for block in blocks(GUIDE, "python") if (found := TARGET.match(block))
    }


@pytest.fixture
def added(tmp_path, monkeypatch):
    """The lens of the guide, in a folder that the lenses are looked for in as well."""
    (path, text), *_ = ((p, t) for p, t in guided().items() if p.startswith("src/"))
    name = Path(path).stem
    (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(lens_module, "_LENSES", dict(discover()))
    monkeypatch.setattr(liantu.lenses, "__path__", [*liantu.lenses.__path__, str(tmp_path)])
    forget()
    yield discover()[name]
    sys.modules.pop(f"liantu.lenses.{name}")
    delattr(liantu.lenses, name)
    forget()


def forget():
    lens_module._loaded.cache_clear()  # noqa: SLF001 - the file was not there before
    schema.described.cache_clear()


def test_the_guide_writes_a_lens_and_a_test_that_pass_our_own_checks():
    assert [path.split("/")[0] for path in guided()] == ["src", "tests"]
    for path, text in guided().items():
        for check in (["check"], ["format", "--check"]):
            line = ["-m", "ruff", *check, "--quiet", "--stdin-filename", path, "-"]
            done = subprocess.run(  # noqa: S603 - our own checks
                [sys.executable, *line],
                input=text.removeprefix(f"# {path}\n"),
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr


def test_the_test_of_the_guide_passes(added, record):
    text = next(text for path, text in guided().items() if path.startswith("tests/"))
    assert "def test_" in text
    assert f'"{added.name}"' in text
    names = {}
    exec(compile(text, "CONTRIBUTING.md", "exec"), names)  # noqa: S102 - our own guide
    for name, function in names.items():
        if name.startswith("test_"):
            function(record)


def test_the_lens_of_the_guide_has_every_face(added, example):
    web = TestClient(app(example))
    assert added.title in web.get("/").text
    assert web.get(f"/lens/{added.name}").status_code == 200
    assert f"liantu run {added.name}" in generator().lens_page(added, example)
    assert added.question in contract.commanded(added.name, "--help").stdout


def test_the_lens_of_the_guide_keeps_the_contract(added, example, empty, example_folder):
    at_hand = {
        "lens": added,
        "result": example.run(added.name, added.example),
        "example": example,
        "empty": empty,
        "example_folder": example_folder,
        "web": TestClient(app(example)),
    }
    held = 0
    for name, check in vars(contract).items():
        needs = list(inspect.signature(check).parameters) if name.startswith("test_") else [""]
        if "lens" in needs and set(needs) <= set(at_hand):
            check(**{need: at_hand[need] for need in needs})
            held += 1
    assert held > 15
