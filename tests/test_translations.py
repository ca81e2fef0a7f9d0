"""Every sentence that a lens or face can say has a Chinese translation with the same values."""

import ast
import string
import tomllib
from pathlib import Path

import pytest

from liantu.lens import discover
from liantu.locale import catalogue
from liantu.schema import columns

SOURCE = Path("src/liantu")
ROOMS = [*sorted((SOURCE / "lenses").glob("*.py")), *sorted((SOURCE / "faces").rglob("*.py"))]


def said(path: Path) -> set[str]:
    """Sentences given to say(...) as text in a file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            text = first.value if isinstance(first, ast.Constant) else None
            if name == "say" and isinstance(text, str):
                found.add(text)
    return found


def fields(template: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(template) if name)


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: path.stem)
def test_every_sentence_said_in_a_file_has_a_chinese_translation(path):
    assert not said(path) - set(catalogue("zh"))


@pytest.mark.parametrize("lens", discover().values(), ids=lambda lens: lens.name)
def test_the_title_the_question_and_every_column_of_a_lens_have_one(lens):
    model = [*columns(lens.row), *columns(lens.parameters)]
    words = {lens.title, lens.question, lens.group}
    words |= {text for entry in model for text in (entry.title, entry.meaning, *entry.choices)}
    assert not words - set(catalogue("zh")) - {""}


def test_a_translation_keeps_the_values_of_its_sentence():
    different = {
        english: chinese
        for english, chinese in catalogue("zh").items()
        if fields(english) != fields(chinese)
    }
    assert not different


def test_two_files_never_translate_one_sentence_differently():
    seen: dict[str, str] = {}
    clashes = {}
    for path in sorted((SOURCE / "locale" / "zh").glob("*.toml")):
        for english, chinese in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if seen.setdefault(english, chinese) != chinese:
                clashes[english] = (seen[english], chinese)
    assert not clashes
