import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liantu import ingest
from liantu.errors import Missing, Problem, Refusal
from liantu.workspace import Counts, Origin, Workspace
from tests.workspace import desk
from tests.workspace.desk import rows_of, write


@pytest.fixture
def first(tmp_path):
    return write(
        tmp_path / "first.json",
        places=[
            {"place_id": "b", "name": "Bay", "level": "city"},
            {"place_id": "a", "name": "Ash", "level": "city"},
            {"place_id": "c", "name": "Cam", "level": "city"},
        ],
        organisations=[{"org_id": "o", "name": "Works"}],
    )


@pytest.fixture
def second(tmp_path):
    return write(
        tmp_path / "second.json",
        places=[
            {"place_id": "d", "name": "Dee", "level": "park"},
            {"place_id": "a", "name": "Ash", "level": "city"},
            {"place_id": "b", "name": "Bay", "level": None},
        ],
    )


def test_the_first_import_makes_generation_1_out_of_the_empty_one(bench, first):
    made = bench.import_files([first], note="start").generation

    assert (made.number, made.parent, made.import_id, made.note) == (1, 0, 1, "start")
    assert made.rows == {"places": 3, "organisations": 1}
    assert made == bench.generation()
    assert bench.generation(0).files == {}
    assert [row["place_id"] for row in rows_of(bench, "places")] == ["a", "b", "c"]


def test_rows_with_the_same_key_replace_and_the_diff_says_which_cells(bench, first, second):
    bench.import_files([first])
    done = bench.import_files([second])

    assert done.diff.counts == {"places": Counts(added=1, changed=1, unchanged=2)}
    assert done.generation.changes == done.diff.counts
    changed, added = done.diff
    assert (changed.kind, changed.key, changed.cells) == (
        "changed",
        {"place_id": "b"},
        {"level": ("city", None)},
    )
    assert changed.origin == Origin("second.json", "places", 4)
    assert (added.kind, added.cells["name"]) == ("added", (None, "Dee"))
    assert list(bench.diff(1, 2)) == [changed, added]
    assert [(item.kind, item.key["place_id"]) for item in bench.diff(2, 1)] == [
        ("removed", "d"),
        ("changed", "b"),
    ]
    assert [item.kind for item in bench.diff(0, limit=1)] == ["added"]


def test_tables_that_an_import_does_not_touch_are_shared(bench, first, second):
    one = bench.import_files([first]).generation
    two = bench.import_files([second]).generation

    assert one.files["organisations"] == two.files["organisations"]
    assert one.files["places"] != two.files["places"]
    assert one.fingerprint != two.fingerprint
    assert bench.diff(1).counts["organisations"] == Counts(unchanged=1)


def test_an_absent_column_leaves_the_value_and_a_blank_cell_clears_it(bench, tmp_path):
    place = {"place_id": "a", "name": "Ash", "name_local": "白蜡", "level": "city"}
    bench.import_files([write(tmp_path / "1.json", places=[place])])
    later = {"place_id": "a", "name": "Ashes", "level": None}
    bench.import_files([write(tmp_path / "2.json", places=[later])])

    (row,) = rows_of(bench, "places")
    assert (row["name"], row["name_local"], row["level"]) == ("Ashes", "白蜡", None)


def test_replace_takes_the_file_as_the_whole_table(bench, first, second):
    bench.import_files([first])
    done = bench.import_files([second], replace=True)

    assert done.diff.counts["places"] == Counts(added=1, changed=1, unchanged=1, removed=1)
    assert [row["place_id"] for row in rows_of(bench, "places")] == ["a", "b", "d"]
    assert done.generation.rows["organisations"] == 1


def test_a_table_replaced_by_none_is_gone_and_undo_brings_it_back(bench, first, tmp_path):
    bench.import_files([first])
    empty = write(tmp_path / "none.json", organisations=[])
    done = bench.import_files([empty], replace=True)

    assert "organisations" not in done.generation.files
    assert done.diff.counts["organisations"] == Counts(removed=1)
    bench.undo()
    assert rows_of(bench, "organisations")[0]["name"] == "Works"


def test_importing_the_same_again_makes_no_generation_and_keeps_the_origin(bench, first):
    before = bench.import_files([first]).generation
    again = bench.import_files([first])

    assert again.generation is None
    assert again.diff.is_empty
    assert again.diff.counts["places"] == Counts(unchanged=3)
    assert bench.generation() == before
    assert len(list((bench.path / "imports").iterdir())) == 1


def test_a_dry_run_shows_the_diff_and_writes_nothing(bench, first):
    before = sorted(bench.path.rglob("*"))
    trial = bench.import_files([first], dry_run=True)

    assert trial.generation is None
    assert trial.diff.counts["places"] == Counts(added=3)
    assert next(iter(trial.diff)).origin == Origin("first.json", "places", 3)
    assert sorted(bench.path.rglob("*")) == before


def test_every_problem_is_told_at_once_and_nothing_is_written(bench, tmp_path, monkeypatch):
    places = [{"place_id": i, "name": i, "parent_id": "x"} for i in "ab"]
    file = write(tmp_path / "bad.json", places=places)
    unreadable = Problem("type", "a number", "'x'", "mend it", file="bad.json", row=9)
    intake = desk.read([file])
    intake = ingest.Intake(
        intake.tables, intake.present, intake.sheets, intake.rows, (unreadable,)
    )
    monkeypatch.setattr(ingest, "read", lambda _, **__: intake)

    with pytest.raises(Refusal) as refused:
        bench.import_files([file])
    assert [(p.code, p.address) for p in refused.value.problems] == [
        ("type", "bad.json:9"),
        ("dangling", "bad.json:places!2"),
        ("dangling", "bad.json:places!3"),
    ]
    assert bench.generation().number == 0
    assert list((bench.path / "imports").iterdir()) == []


def test_a_warning_is_passed_on_and_refuses_nothing(bench, tmp_path):
    done = bench.import_files([write(tmp_path / "w.json", places=[{"place_id": "a"}])])

    assert [problem.address for problem in done.warnings] == ["w.json:places!2"]
    assert done.generation.number == 1


def test_the_files_are_kept_as_they_were_received(bench, first, tmp_path):
    (tmp_path / "other").mkdir()
    twin = tmp_path / "other" / "first.json"
    twin.write_text(json.dumps({"chains": [{"chain_id": "rail", "name": "Rail"}]}))
    bench.import_files([first, twin])

    (kept,) = (bench.path / "imports").iterdir()
    assert kept.name.startswith("0001-")
    assert (kept / "first.json").read_bytes() == first.read_bytes()
    assert (kept / "first-2.json").read_bytes() == twin.read_bytes()


def test_a_folder_stands_for_the_files_in_it(bench, first, tmp_path):
    (tmp_path / "tables").mkdir()
    first.rename(tmp_path / "tables" / "first.json")
    (tmp_path / "tables" / ".hidden").write_text("no table")

    assert bench.import_files([tmp_path / "tables"]).generation.rows["places"] == 3


def test_a_file_that_changes_while_it_is_read_is_refused(bench, first, monkeypatch):
    def touched(files, **_):
        intake = desk.read(files)
        first.write_text(first.read_text() + " ")
        return intake

    monkeypatch.setattr(ingest, "read", touched)
    with pytest.raises(Refusal, match=r"first\.json changed-meanwhile"):
        bench.import_files([first])
    assert bench.generation().number == 0
    assert list((bench.path / "imports").iterdir()) == []


def test_undo_goes_back_and_the_next_import_takes_a_free_number(bench, first, second):
    bench.import_files([first])
    bench.import_files([second])
    assert bench.undo().number == 1
    assert len(rows_of(bench, "places")) == 3
    assert [entry.number for entry in bench.history()] == [0, 1, 2]

    again = bench.import_files([second]).generation
    assert (again.number, again.parent, again.import_id) == (3, 1, 3)
    assert [bench.undo().number for _ in range(2)] == [1, 0]
    with pytest.raises(Refusal, match="generation to go back to; found 0, the first one"):
        bench.undo()


def test_a_generation_that_does_not_exist_is_missing_in_words(bench):
    with pytest.raises(Missing, match=r"no-generation: .* found 7; give one of 0"):
        bench.generation(7)


def test_blank_is_a_value_of_the_key(bench, tmp_path):
    makes = [{"org_id": "o", "product_id": "p", "year": year} for year in (None, 2024)]
    bench.import_files([write(tmp_path / "1.json", makes=makes)])
    update = [{"org_id": "o", "product_id": "p", "output": 5.0}]
    done = bench.import_files([write(tmp_path / "2.json", makes=update)])

    assert done.diff.counts["makes"] == Counts(changed=1, unchanged=1)
    found = [(row["year"], row["output"]) for row in rows_of(bench, "makes")]
    assert found == [(2024, None), (None, 5.0)]


KEYS = st.tuples(
    st.sampled_from("ab"), st.none() | st.sampled_from("xy"), st.none() | st.just(1999)
)
CELLS = st.fixed_dictionaries(
    {}, optional={"output": st.none() | st.floats(0, 2), "unit": st.none() | st.just("t")}
)
FILES = st.tuples(
    st.dictionaries(KEYS, CELLS, min_size=1, max_size=6), st.booleans(), st.booleans()
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(FILES, min_size=1, max_size=5))
@pytest.mark.usefixtures("bench")
def test_any_sequence_of_imports_and_undos_equals_a_plain_dict(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("sequence")
    workspace = Workspace.create(folder / "study", name="Study")
    states = [{}]
    for rows, replace, undo in steps:
        columns = set().union(*rows.values())
        listed = [
            {"org_id": k[0], "product_id": "p", "site_id": k[1], "year": k[2]}
            | {name: cells.get(name) for name in columns}
            for k, cells in rows.items()
        ]
        done = workspace.import_files([write(folder / "f.json", makes=listed)], replace=replace)
        old = states[-1]
        new = {} if replace else dict(old)
        for key, cells in rows.items():
            blank = {"output": None, "unit": None}
            new[key] = {**old.get(key, blank), **{name: cells.get(name) for name in columns}}
        assert done.diff.counts["makes"] == _counts(old, new)
        if new != old:
            states.append(new)
        if undo and len(states) > 1:
            states.pop()
            workspace.undo()
        assert _recorded(workspace) == states[-1]
    assert workspace.diff(0).counts.get("makes", Counts()) == _counts({}, states[-1])


def _recorded(workspace):
    return {
        (row["org_id"], row["site_id"], row["year"]): {
            "output": row["output"],
            "unit": row["unit"],
        }
        for row in rows_of(workspace, "makes")
    }


def _counts(old, new):
    common = [key for key in new if key in old]
    changed = sum(old[key] != new[key] for key in common)
    return Counts(
        len(new) - len(common), changed, len(common) - changed, len(old) - len(common)
    )
