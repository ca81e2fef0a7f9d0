"""References by names that are one row's alone, against the tables that identifiers give."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from liantu.ingest import Intake, Sheet, resolve
from liantu.schema import TABLES, arrow_schema
from tests.ingest.desk import table

EMPTY = {name: arrow_schema(model).empty_table() for name, model in TABLES.items()}
WORDS = st.sampled_from(["株洲", "时代", "abc", "Rail", "（甲）", "电 气", "ﬁ", "Ⅲ"])


@given(st.data())
def test_references_by_unique_names_give_the_tables_that_identifiers_give(data):
    names = data.draw(
        st.lists(
            st.lists(WORDS, min_size=1, max_size=3).map("".join),
            min_size=1,
            max_size=6,
            unique=True,
        )
    )
    firms = table(
        "organisations", [{"org_id": f"O{i}", "name": name} for i, name in enumerate(names)]
    )
    links = data.draw(st.lists(st.tuples(*[st.integers(0, len(names) - 1)] * 2), unique=True))
    by_id, by_name = (
        table(
            "supplies",
            [{"supplier_id": word(a), "buyer_id": word(b), "value": 1} for a, b in links],
        )
        for word in (lambda i: f"O{i}", lambda i: names[i] if i % 3 else f"O{i}")
    )
    found = resolve(_intake(organisations=firms, supplies=by_name), EMPTY)
    assert found.errors == ()
    assert found.tables["supplies"].select(by_id.column_names).equals(by_id)


def _intake(**tables) -> Intake:
    placed = {}
    for number, (name, entries) in enumerate(tables.items()):
        origin = pa.array([number] * len(entries), pa.int32())
        rows_ = pa.array(range(2, len(entries) + 2), pa.int32())
        placed[name] = entries.append_column("origin_sheet", origin).append_column(
            "origin_row", rows_
        )
    sheets = tuple(Sheet(f"{name}.csv") for name in tables)
    present = {
        name: frozenset(
            key for key in entries.column_names if entries.column(key).null_count < len(entries)
        )
        for name, entries in tables.items()
    }
    return Intake(placed, present, sheets, tuple(map(len, tables.values())), ())
