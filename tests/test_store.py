"""The store: bound SQL over the tables of one generation, and no way out of it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from liantu.errors import Refusal
from liantu.schema import TABLES, arrow_schema
from liantu.store import Store
from tests.record import stored

PLACES = "place_id level evidence\nzz city verified\nqd city -\nmm city synthetic"


@pytest.fixture
def store(tmp_path):
    (tmp_path / "secret.csv").write_text("word\nhush\n")
    (tmp_path / "secret.parquet").write_bytes(b"PAR1")
    with stored(tmp_path / "tables", places=PLACES) as opened:
        yield opened


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('{folder}/secret.csv')",
        "select * from '{folder}/secret.csv'",
        "select * from read_text('{folder}/secret.csv')",
        "select * from read_blob('/etc/hostname')",
        "select * from read_parquet('{folder}/tables/../secret.parquet')",
        "select * from glob('{folder}/*.csv')",
        "copy (select 1) to '{folder}/written.csv'",
        "attach '{folder}/other.db'",
        "install httpfs",
        "load httpfs",
        "select * from read_csv('http://127.0.0.1:1/a.csv')",
    ],
)
def test_nothing_outside_the_folder_can_be_read_or_written(store, tmp_path, sql):
    with pytest.raises(Refusal) as refused:
        store.query(sql.format(folder=tmp_path))
    assert refused.value.problems[0].code == "query-failed"
    assert not (tmp_path / "written.csv").exists()
    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize(
    "setting",
    [
        "set enable_external_access = true",
        "set lock_configuration = false",
        "set allowed_directories = ['/']",
        "reset lock_configuration",
        "set autoinstall_known_extensions = true",
    ],
)
def test_the_configuration_is_locked(store, setting):
    with pytest.raises(Refusal, match=r"lock|configuration|running"):
        store.query(setting)


def test_the_sql_that_failed_is_in_the_refusal(store):
    with pytest.raises(Refusal) as refused:
        store.query("select nonesuch from places")
    assert "select nonesuch from places" in refused.value.problems[0].found


@pytest.mark.parametrize(
    "text", ["zz", "'; drop view places; --", "$place", "zz' or 'a' = 'a", "株洲", ""]
)
def test_a_parameter_is_bound_and_never_joined_as_text(store, text):
    told = store.query("select $text as text", {"text": text})
    assert told["text"].to_pylist() == [text]
    found = store.query("select place_id from places where place_id = $text", {"text": text})
    assert found["place_id"].to_pylist() == (["zz"] if text == "zz" else [])
    assert store.count("places") == 3


def test_a_list_is_bound_whole_and_what_is_not_named_is_left_out(store):
    sql = "select place_id from places where array_contains($ids, place_id) order by place_id"
    found = store.query(sql, {"ids": ["qd", "zz", "none"], "unused": 1})
    assert found["place_id"].to_pylist() == ["qd", "zz"]


def test_every_table_is_there_and_absent_ones_are_empty_in_their_types(store):
    for name, table in TABLES.items():
        found = store.query(f"select * from {name}")  # noqa: S608 - names of the schema
        assert found.column_names == arrow_schema(table).names
        assert found.schema.types == arrow_schema(table).types, name
        assert store.count(name) == (3 if name == "places" else 0)


def test_every_view_answers_where_nothing_is_on_record(tmp_path):
    with stored(tmp_path / "none") as opened:
        views = opened.query("select view_name from duckdb_views() where not internal")
        assert set(TABLES) < set(views["view_name"].to_pylist())
        for view in views["view_name"].to_pylist():
            found = opened.query(f"select * from {view}")  # noqa: S608 - views.sql names it
            assert found.num_rows == 0


def test_blank_evidence_reads_declared(store):
    found = store.query("select evidence from places order by place_id")
    assert found["evidence"].to_pylist() == ["synthetic", "declared", "verified"]


def test_the_recorded_store_is_the_same_without_synthetic_rows(store):
    assert store.recorded.count("places") == 2
    assert store.recorded is store.recorded
    assert store.recorded.recorded is store.recorded


def test_a_file_written_before_a_column_existed_still_reads(tmp_path):
    old = pa.table({"place_id": ["zz"], "name": ["Zhuzhou"], "forgotten": [1]})
    pq.write_table(old, tmp_path / "places.parquet")
    with Store({"places": tmp_path / "places.parquet"}) as opened:
        found = opened.query("select * from places")
        assert found.schema.types == arrow_schema(TABLES["places"]).types
        row = found.to_pylist()[0]
        assert (row["name"], row["level"], row["evidence"]) == ("Zhuzhou", None, "declared")


def test_a_folder_with_a_quotation_mark_in_its_name_reads(tmp_path):
    with stored(tmp_path / "it's", places=PLACES) as opened:
        assert opened.count("places") == 3


def test_only_tables_of_the_schema_are_counted(store):
    with pytest.raises(KeyError):
        store.count("places; drop view places")


def test_many_threads_may_ask_at_once(store):
    sql = "select place_id from places where place_id = $place"

    def ask(k):
        place = ("zz", "qd", "mm")[k % 3]
        found = (store.recorded if k % 2 else store).query(sql, {"place": place})
        return place, k % 2, found["place_id"].to_pylist()

    with ThreadPoolExecutor(8) as pool:
        for place, is_recorded, found in pool.map(ask, range(96)):
            assert found == ([] if place == "mm" and is_recorded else [place])


def test_a_closed_store_refuses_in_words_and_closes_again(store):
    store.close()
    with pytest.raises(Refusal, match="query-failed"):
        store.query("select 1 as n")
    store.close()


def test_the_sql_of_the_views_is_in_the_dialect_that_both_engines_share():
    text = Path(__file__).parents[1].joinpath("src/liantu/views.sql").read_text("utf-8")
    for word in ("qualify", "::", "list_aggregate", "unnest", "exclude", "replace ("):
        assert word not in text.lower(), word
