"""Rows that are named within their owner: which one a name is taken as, and what is said."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from liantu.ingest import resolve
from liantu.ingest.intake import Intake, Sheet
from liantu.schema import TABLES, arrow_schema
from tests.ingest.desk import csv, gathered, table

EMPTY = {name: arrow_schema(model).empty_table() for name, model in TABLES.items()}
FIRMS = "org_id,name\nO1,甲机械\nO2,乙电机\nO3,丙轨道"
GOODS = "product_id,name\nP1,p\nP2,q"
WORKS = "site_id,org_id,name\nA,O1,一厂\nB,乙电机,二厂\nD,O1,四厂\nE,O2,四厂"


def resolved(folder, makes, **recorded) -> Intake:
    before = gathered(
        csv(folder, organisations=FIRMS, products=GOODS, sites=WORKS, makes=makes)
        if not recorded
        else csv(folder, makes=makes)
    )
    return resolve(before, EMPTY | recorded)


def sites(intake) -> list[str]:
    return intake.tables["makes"].column("site_id").to_pylist()


def test_a_site_of_another_firm_is_taken_and_told_with_both(tmp_path):
    head = "org_id,product_id,site_id"
    makes = "O1,P1,二厂\n甲机械,P2,二厂\nO3,P1,二厂\nO2,P1,二厂\nO1,P1,一厂"
    found = resolved(tmp_path, f"{head}\n{makes}")
    assert sites(found) == ["B", "B", "B", "B", "A"]
    assert [(one.code, one.address, one.severity) for one in found.problems] == [
        ("other-owner", "makes.csv:2:site_id", "warning"),
        ("other-owner", "makes.csv:4:site_id", "warning"),
    ]
    first, second = found.problems
    assert first.expected == "a name that a row of sites has whose org_id is O1"
    assert first.found == "'二厂', taken as B of '乙电机'"
    assert second.expected.endswith("is O3")


def test_nothing_is_said_of_identifiers(tmp_path):
    found = resolved(tmp_path, "org_id,product_id,site_id\nO1,P1,B\nO3,P2,D")
    assert (sites(found), found.problems) == (["B", "D"], ())


def test_a_name_that_two_other_firms_have_is_not_taken(tmp_path):
    found = resolved(tmp_path, "org_id,product_id,site_id\nO3,P1,四厂\nO2,P1,四厂")
    assert sites(found) == ["四厂", "E"]
    assert [one.code for one in found.problems] == ["ambiguous-reference"]


def test_sites_and_firms_on_record_are_told_too(tmp_path):
    firms = [{"org_id": "O1", "name": "甲机械"}, {"org_id": "O2", "name": "乙电机"}]
    found = resolved(
        tmp_path,
        "org_id,product_id,site_id\n甲机械,P1,一厂",
        organisations=table("organisations", firms),
        products=table("products", [{"product_id": "P1", "name": "p"}]),
        sites=table("sites", [{"site_id": "S9", "org_id": "O2", "name": "一厂"}]),
    )
    assert sites(found) == ["S9"]
    assert [one.found for one in found.problems] == ["'一厂', taken as S9 of '乙电机'"]


OWNERS, WORKED = st.sampled_from(["O1", "O2", "O3"]), st.sampled_from(["一厂", "二厂", "三厂"])


@given(
    st.dictionaries(WORKED, st.sets(OWNERS)),
    st.lists(st.tuples(OWNERS, WORKED), min_size=1, unique=True),
)
def test_a_site_is_told_just_where_only_one_other_firm_has_its_name(owned, asked):
    firms = [{"org_id": one, "name": f"f{one}"} for one in ("O1", "O2", "O3")]
    works = [
        {"site_id": f"{owner}{name}", "org_id": owner, "name": name}
        for name, owners in owned.items()
        for owner in owners
    ]
    makes = [{"org_id": org, "product_id": "P", "site_id": name} for org, name in asked]
    incoming = table("makes", makes)
    rows = pa.array(range(2, len(makes) + 2), pa.int32())
    incoming = incoming.append_column("origin_sheet", pa.array([0] * len(makes), pa.int32()))
    incoming = incoming.append_column("origin_row", rows)
    before = Intake(
        {"makes": incoming},
        {"makes": frozenset(("org_id", "product_id", "site_id"))},
        (Sheet("makes.csv"),),
        (len(makes),),
        (),
    )
    recorded = EMPTY | {
        "organisations": table("organisations", firms),
        "products": table("products", [{"product_id": "P", "name": "p"}]),
        "sites": table("sites", works),
    }
    found = resolve(before, recorded)
    for at, (org, name) in enumerate(asked):
        owners = owned.get(name, set())
        taken = org if org in owners else next(iter(owners)) if len(owners) == 1 else ""
        assert sites(found)[at] == f"{taken}{name}"
        told = [one.code for one in found.problems if one.row == at + 2]
        if taken:
            assert told == ([] if taken == org else ["other-owner"])
        else:
            assert told == (["ambiguous-reference"] if owners else [])
