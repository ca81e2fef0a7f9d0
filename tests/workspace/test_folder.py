import json

import pyarrow as pa
import pytest

from liantu.errors import Refusal
from liantu.workspace import Counts, Workspace
from liantu.workspace.generations import GENERATIONS, TABLE_FILES
from liantu.workspace.tables import content_hash, stored_schema
from tests.workspace import desk


@pytest.fixture
def versions(bench, tmp_path):
    """A workspace with generations 0 to 4, of which 1 to 4 say so in every row."""
    for number in range(1, 5):
        bench.import_files([desk.write_version(tmp_path / f"{number}.json", number)])
    return bench


def test_a_workspace_is_made_only_in_a_new_or_empty_folder(tmp_path):
    (tmp_path / "empty").mkdir()
    Workspace.create(tmp_path / "empty", name="Study")
    (tmp_path / "file").write_text("")

    with pytest.raises(Refusal, match=r"not-empty: .* found a folder that is not empty"):
        Workspace.create(tmp_path / "empty", name="Study")
    with pytest.raises(Refusal, match=r"not-empty: .* found a file"):
        Workspace.create(tmp_path / "file", name="Study")


def test_a_workspace_in_an_unknown_language_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(Refusal, match="language to be en or zh; found 'fr'"):
        Workspace.create(tmp_path / "study", name="Study", language="fr")
    assert not (tmp_path / "study").exists()


def test_a_folder_that_is_no_workspace_is_refused_in_words(tmp_path):
    with pytest.raises(Refusal, match=r"no-workspace: .* found another folder; .* liantu new"):
        Workspace.open(tmp_path)
    with pytest.raises(Refusal, match=r"no-workspace: .* found no folder"):
        Workspace.open(tmp_path / "nowhere")


def test_the_settings_are_read_and_the_defaults_rewritten_leaving_the_rest(tmp_path):
    workspace = Workspace.create(tmp_path / "study", name='株洲 "rail"', language="zh")
    assert workspace.settings.name == '株洲 "rail"'
    assert workspace.settings.language == "zh"
    file = workspace.path / "workspace.toml"
    file.write_text(
        'name = "Study" # mine\n[defaults]\nyear = 2024\nrivals = [\n  "a",\n  "b",\n]\n'
        "\n# remembered\n[mappings.'x']\ncolumn = \"y\"\n",
    )
    assert workspace.settings.defaults == {"year": "2024", "rivals": ["a", "b"]}

    workspace.set_defaults(place="zhuzhou", rivals=["c", "d"], year=None)
    assert workspace.settings.defaults == {"place": "zhuzhou", "rivals": ["c", "d"]}
    assert file.read_text() == (
        'name = "Study" # mine\n[defaults]\nplace = "zhuzhou"\nrivals = ["c", "d"]\n'
        "\n# remembered\n[mappings.'x']\ncolumn = \"y\"\n"
    )


def test_defaults_are_added_where_the_file_has_none(tmp_path):
    workspace = Workspace.create(tmp_path / "study", name="Study")
    (workspace.path / "workspace.toml").write_text('name = "Study"')
    workspace.set_defaults(chain="rail\n\x7f")
    assert workspace.settings.defaults == {"chain": "rail\n\x7f"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name = "x"\nlanguage = \n', r"workspace.toml:2 settings: settings in TOML"),
        ('language = "en"', "a name|name to be text; found nothing"),
        ('name = "x"\nlanguage = "zn"', "en or zh; found 'zn'; known: en, zh"),
        ('name = "x"\n[defaults]\nday = 2024-01-01', "day in .* to be text or a list"),
        ('name = "x"\ndefaults = 3', r"\[defaults\] to be a section; found 3"),
    ],
)
def test_bad_settings_are_refused_with_the_line_or_the_entry(tmp_path, text, message):
    workspace = Workspace.create(tmp_path / "study", name="Study")
    (workspace.path / "workspace.toml").write_text(text)
    with pytest.raises(Refusal, match=message):
        _ = workspace.settings


def test_prune_keeps_the_one_in_use_and_first_those_that_undo_leads_to(versions):
    versions.undo()
    versions.undo()
    assert versions.prune(2) == [0, 3, 4]
    assert [entry.number for entry in versions.history()] == [1, 2]
    assert desk.version(versions.undo()) == 1
    with pytest.raises(Refusal, match="one whose parent was pruned"):
        versions.undo()
    with pytest.raises(Refusal, match="at least 1; found 0"):
        versions.prune(0)


def test_prune_keeps_the_newest_of_the_others_where_there_is_room(versions):
    versions.undo()
    versions.undo()
    assert versions.prune(4) == [3]
    assert [entry.number for entry in versions.history()] == [0, 1, 2, 4]


def test_prune_keeps_an_import_as_long_as_a_row_comes_from_it(bench, tmp_path):
    place = {"place_id": "old", "name": "Old"}
    bench.import_files([desk.write(tmp_path / "old.json", places=[place])])
    for number in range(3):
        place = {"place_id": "new", "name": f"New {number}"}
        bench.import_files([desk.write(tmp_path / "new.json", places=[place])])
    bench.prune(1)

    kept = {path.name[:4] for path in (bench.path / "imports").iterdir()}
    assert kept == {"0001", "0004"}
    empty = desk.write(tmp_path / "none.json", places=[])
    gone = bench.import_files([empty], replace=True).diff
    assert [(item.key["place_id"], item.origin.file) for item in gone] == [
        ("new", "new.json"),
        ("old", "old.json"),
    ]


def test_a_number_is_not_used_twice_even_after_prune(versions, tmp_path):
    versions.undo()
    versions.prune(1)
    file = desk.write_version(tmp_path / "next.json", 9)
    assert versions.import_files([file]).generation.number == 5


def test_a_manifest_that_was_never_brought_into_use_is_not_there(versions, tmp_path):
    stray = versions.path / GENERATIONS / "0005.json"
    stray.write_text((versions.path / GENERATIONS / "0001.json").read_text())
    (versions.path / TABLE_FILES / ".new-x").write_text("half")

    assert [entry.number for entry in versions.history()] == [0, 1, 2, 3, 4]
    with pytest.raises(Refusal, match="no-generation"):
        versions.generation(5)
    file = desk.write_version(tmp_path / "next.json", 9)
    assert versions.import_files([file]).generation.number == 5
    assert not (versions.path / TABLE_FILES / ".new-x").exists()


@pytest.mark.parametrize(
    "table", [{"file": "../../secret.parquet"}, {"file": "/etc/passwd"}, {"file": "places.csv"}]
)
def test_a_manifest_that_names_a_file_elsewhere_is_refused(versions, table):
    manifest = versions.path / GENERATIONS / "0004.json"
    forged = json.loads(manifest.read_text())
    forged["tables"]["places"] |= table
    manifest.write_text(json.dumps(forged))
    with pytest.raises(Refusal, match="damaged: a manifest"):
        versions.generation()


def test_a_damaged_table_file_or_pointer_is_refused_in_words(versions, tmp_path):
    file = versions.generation().files["places"]
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(Refusal, match="damaged: the rows of places"):
        versions.import_files([desk.write_version(tmp_path / "next.json", 9)])
    (versions.path / "CURRENT").write_text("")
    with pytest.raises(Refusal, match="CURRENT damaged"):
        Workspace.open(versions.path)


def test_history_tells_when_in_absolute_time_and_what_changed(versions):
    last = versions.history()[-1]
    assert last.number == versions.generation().number
    assert last.changes["places"] == Counts(changed=20)
    assert len(last.when) == len("2024-05-31T14:30:00Z")
    assert last.when.endswith("Z")


def test_the_content_hash_sees_rows_and_not_how_they_are_held():
    schema = stored_schema("places")
    rows = [{"place_id": f"p{i}", "name": "x" * (i % 3), "latitude": i / 7} for i in range(9)]
    whole = pa.Table.from_pylist(rows, schema)
    parts = pa.concat_tables([whole.slice(0, 4), whole.slice(4)])
    dressed = pa.Table.from_pylist([*rows, *rows], schema).slice(9)
    other = [*rows[:-1], rows[-1] | {"name": None}]

    assert content_hash(whole) == content_hash(parts) == content_hash(dressed)
    assert content_hash(whole) != content_hash(pa.Table.from_pylist(other, schema))
    assert content_hash(whole) != content_hash(whole.slice(1))
