"""References by name or number, and rows without an identifier, as they come from files."""

import pyarrow as pa
import pytest

from liantu.ingest import Intake, check, resolve
from liantu.schema import TABLES, arrow_schema
from tests.ingest.desk import csv, gathered, rows, table

EMPTY = {name: arrow_schema(model).empty_table() for name, model in TABLES.items()}
PLACES = "place_id,name,name_local\nZ,Zhuzhou,株洲市\nT,Tianyuan,天元区"
FIRMS = (
    "org_id,name,name_local,registration_no\n"
    "O1,CRRC Locomotive,中车株洲电力机车有限公司,914302007790310965\n"
    "O2,Times Electric,株洲中车时代电气股份有限公司,\n"
    "O3,Times Electric Shanghai,株洲中车时代电气（上海）有限公司,"
)
GOODS = "product_id,name,name_local,short_name\nP1,Locomotive,电力机车,EL\nP2,Converter,变流器,"


def resolved(folder, *, recorded=None, replace=False, **tables) -> Intake:
    before = gathered(csv(folder, **tables))
    assert not before.errors, before.errors
    return resolve(before, EMPTY | (recorded or {}), replace_tables=replace)


def told(intake):
    """Code, address and what was found of each problem."""
    return [(item.code, item.address, item.found) for item in intake.problems]


def column(intake, name, wanted):
    return intake.tables[name].column(wanted).to_pylist()


def test_a_name_in_either_language_a_short_name_and_a_number_become_identifiers(tmp_path):
    found = resolved(
        tmp_path,
        organisations=FIRMS,
        products=GOODS,
        生产=(
            "企业/机构,产品,年份\n中车株洲电力机车有限公司,EL,2024\n"
            "Times Electric,变流器,2024\n"
            "914302007790310965,Converter,2024\nO3,P1,2024"
        ),
    )
    assert told(found) == []
    assert column(found, "makes", "org_id") == ["O1", "O2", "O1", "O3"]
    assert column(found, "makes", "product_id") == ["P1", "P2", "P2", "P1"]


def test_a_reference_into_its_own_table_may_be_a_name(tmp_path):
    text = "place_id,name,parent_id\nH,湖南,\nZ,株洲市,湖南\nT,天元区,株洲市"
    found = resolved(tmp_path, places=text)
    assert column(found, "places", "parent_id") == [None, "H", "Z"]


def test_each_of_several_references_in_a_cell_may_be_a_name(tmp_path):
    found = resolved(
        tmp_path,
        sources="source_id,title\nS1,统计年鉴\nS2,Yearbook\nS3,公报",
        places="place_id,name,source_id\nP1,a,统计年鉴;S2\nP2,b,S3\nP3,c,Yearbook；公报\nP4,d,",
    )
    assert column(found, "places", "source_id") == ["S1;S2", "S3", "S2;S3", None]


def test_the_kind_of_a_subject_tells_among_which_names_it_is_sought(tmp_path):
    found = resolved(
        tmp_path,
        places="place_id,name\nZ,株洲",
        organisations="org_id,name\nO1,株洲",
        observations=(
            "subject_kind,subject_id,measure,year,value\nplace,株洲,output,2024,1\n"
            "org,株洲,output,2024,1\nplace,Z,output,2023,1"
        ),
    )
    assert column(found, "observations", "subject_id") == ["Z", "O1", "Z"]


def test_a_name_of_two_rows_is_a_problem_that_names_both_and_is_said_once(tmp_path):
    found = resolved(
        tmp_path,
        recorded={"organisations": table("organisations", [{"org_id": "D9", "name": "联诚"}])},
        organisations="org_id,name\nD1,联诚",
        makes="org_id,product_id\n联诚,P1",
        products=GOODS,
    )
    assert told(found) == [
        (
            "ambiguous-reference",
            "makes.csv:2:org_id",
            "'联诚', which is both D1 (organisations.csv:2) and D9 (on record)",
        )
    ]
    (problem,) = found.problems
    assert problem.remedy == "write D1 or D9"
    ours = {name: pa.array([True] * len(rows)) for name, rows in found.tables.items()}
    assert check(found.tables, found, ours=ours) == []


def test_a_name_that_differs_in_its_legal_form_is_taken_and_counted(tmp_path):
    found = resolved(
        tmp_path,
        organisations=FIRMS,
        products=GOODS,
        makes="org_id,product_id,year\n株洲中车时代电气,P1,2023\n株洲中车时代电气(上海),P1,2024\nO1,P1,2024",
    )
    assert column(found, "makes", "org_id") == ["O2", "O3", "O1"]
    assert told(found) == [
        (
            "alike-name",
            "makes.csv:2:org_id",
            (
                "2 matched to a name that is alike: '株洲中车时代电气' is taken as "
                "'Times Electric', '株洲中车时代电气股份有限公司' (O2)"
            ),
        )
    ]
    assert found.errors == ()


def test_two_names_alike_are_a_problem_unless_one_is_written_in_full(tmp_path):
    firms = "org_id,name\nO1,联诚有限公司\nO2,联诚股份有限公司"
    makes = "org_id,product_id\n联诚,P1\n联诚有限公司,P1"
    found = resolved(tmp_path, organisations=firms, products=GOODS, makes=makes)
    assert [item.code for item in found.problems] == ["ambiguous-reference"]
    assert column(found, "makes", "org_id") == ["联诚", "O1"]


def test_an_identifier_wins_over_a_name_and_that_is_said(tmp_path):
    found = resolved(
        tmp_path,
        products="product_id,name\naxle,Wheelset\nP2,axle\nP3,bolt",
        parts="product_id,part_id\nP3,axle\nbolt,P2",
    )
    assert column(found, "parts", "part_id") == ["axle", "P2"]
    assert told(found) == []  # the column of parts holds identifiers alone
    found = resolved(
        tmp_path,
        products="product_id,name\naxle,Wheelset\nP2,axle\nP3,bolt",
        parts="product_id,part_id\nP3,axle\nP3,bolt",
    )
    assert [(item.code, item.severity, item.found) for item in found.problems] == [
        (
            "name-or-identifier",
            "warning",
            "'axle', taken as the identifier; P2 has it as its name",
        )
    ]


def test_a_word_that_names_nothing_is_offered_the_name_that_was_meant(tmp_path):
    found = resolved(
        tmp_path,
        organisations=FIRMS,
        products=GOODS,
        makes="org_id,product_id\n中车株洲电力机东有限公司,P1",
    )
    ours = {name: pa.array([True] * len(rows)) for name, rows in found.tables.items()}
    (problem,) = check(found.tables, found, ours=ours)
    assert problem.code == "dangling-reference"
    assert problem.remedy == "did you mean 中车株洲电力机车有限公司 (O1)?"


def test_rows_whose_keys_become_equal_are_found_as_duplicates(tmp_path):
    makes = "org_id,product_id,output\nO1,P1,5\nCRRC Locomotive,电力机车,5\nO1,Locomotive,6"
    found = resolved(tmp_path, organisations=FIRMS, products=GOODS, makes=makes)
    assert told(found) == [
        ("repeated-row", "makes.csv:3", "1 row again; this one is the same as makes.csv:2"),
        (
            "duplicate-key",
            "makes.csv:4:org_id",
            "'O1, P1, ,' again, which stands in makes.csv:2",
        ),
    ]
    assert len(found.tables["makes"]) == 2


def test_a_row_that_says_the_same_again_is_left_out_with_a_warning(tmp_path):
    found = gathered(csv(tmp_path, places="place_id,name\nP1,a\nP2,b\nP1,a\nP2,b\nP1,c"))
    assert [(item.code, item.severity, item.row) for item in found.problems] == [
        ("repeated-row", "warning", 4),
        ("duplicate-key", "error", 6),
    ]
    assert len(found.tables["places"]) == 3


def test_tables_on_record_are_not_read_where_every_word_is_an_identifier(tmp_path):
    class Unread(dict):
        def __getitem__(self, name):
            raise AssertionError(name)

    before = gathered(
        csv(tmp_path, organisations=FIRMS, products=GOODS, makes="org_id,product_id\nO1,P1")
    )
    assert resolve(before, Unread()) == before


def test_names_of_rows_that_a_replaced_table_drops_are_no_longer_known(tmp_path):
    old = {"organisations": table("organisations", [{"org_id": "D9", "name": "联诚"}])}
    tables = {
        "organisations": "org_id,name\nO1,a",
        "products": GOODS,
        "makes": "org_id,product_id\n联诚,P1",
    }
    assert column(resolved(tmp_path, recorded=old, **tables), "makes", "org_id") == ["D9"]
    found = resolved(tmp_path, recorded=old, replace=True, **tables)
    assert column(found, "makes", "org_id") == ["联诚"]


def test_a_row_that_is_renamed_is_known_by_its_new_name(tmp_path):
    old = {"organisations": table("organisations", [{"org_id": "O1", "name": "old"}])}
    tables = {"organisations": "org_id,name\nO1,new", "products": GOODS}
    found = resolved(tmp_path, recorded=old, makes="org_id,product_id\nnew,P1", **tables)
    assert column(found, "makes", "org_id") == ["O1"]
    found = resolved(tmp_path, recorded=old, makes="org_id,product_id\nold,P1", **tables)
    assert column(found, "makes", "org_id") == ["old"]


def test_rows_without_an_identifier_are_called_by_number_or_name(tmp_path):
    found = resolved(
        tmp_path,
        企业机构="名称,统一社会信用代码\n中车株机,914302007790310965\n联诚（集团）,",
        产品="名称\n电力机车",
        生产="企业/机构,产品\n中车株机,电力机车\n联诚（集团）,电力机车",
    )
    assert column(found, "organisations", "org_id") == ["914302007790310965", "联诚(集团)"]
    assert column(found, "makes", "org_id") == ["914302007790310965", "联诚(集团)"]
    assert [(item.code, item.severity) for item in found.problems] == [
        ("made-identifier", "warning"),
        ("made-identifier", "warning"),
    ]
    (problem,) = (item for item in found.problems if item.column == "org_id")
    assert problem.found == (
        "2 without: 0 on record by number or name, 2 new and called by number or name, "
        "such as '914302007790310965'"
    )


ON_RECORD = [
    {"org_id": "O1", "name": "CRRC", "name_local": "中车株机", "registration_no": "R1"},
    {"org_id": "O2", "name": "联诚股份有限公司"},
    {"org_id": "O3", "name": "twin"},
    {"org_id": "O4", "name": "twin"},
]


@pytest.mark.parametrize(
    ("row", "expected", "codes"),
    [
        ("other,,R1", "O1", ["made-identifier"]),
        ("CRRC,,", "O1", ["made-identifier"]),
        ("x,中车株机,", "O1", ["made-identifier"]),
        ("联诚有限公司,,", "O2", ["made-identifier", "alike-name"]),
        ("CRRC,,R2", "R2", ["made-identifier"]),
        ("O2,,", "O2", ["made-identifier"]),
        ("twin,,", "twin", ["ambiguous-row", "made-identifier"]),
        ("CRRC,联诚股份有限公司,", "O1", ["ambiguous-row", "made-identifier"]),
    ],
)
def test_a_row_without_an_identifier_is_matched_to_the_record(tmp_path, row, expected, codes):
    found = resolved(
        tmp_path,
        recorded={"organisations": table("organisations", ON_RECORD)},
        organisations=f"name,name_local,registration_no\n{row}",
    )
    assert column(found, "organisations", "org_id") == [expected]
    assert [item.code for item in found.problems] == codes


def test_a_local_name_alone_does_not_write_over_the_other_name(tmp_path):
    found = resolved(
        tmp_path,
        recorded={"organisations": table("organisations", ON_RECORD)},
        organisations="name,founded\n中车株机,1936",
    )
    assert rows(found, "organisations") == [
        {"org_id": "O1", "name": "CRRC", "name_local": "中车株机", "founded": 1936}
    ]


def test_a_name_alike_does_not_match_a_row_that_another_row_is(tmp_path):
    found = resolved(
        tmp_path,
        recorded={
            "organisations": table("organisations", [{"org_id": "O1", "name": "联诚有限公司"}])
        },
        organisations="name\n联诚有限公司\n联诚股份有限公司",
    )
    assert column(found, "organisations", "org_id") == ["O1", "联诚股份有限公司"]


def test_a_works_of_the_same_name_and_another_owner_is_not_taken_for_it(tmp_path):
    found = resolved(
        tmp_path,
        recorded={"sites": table("sites", [{"site_id": "S1", "org_id": "O1", "name": "一厂"}])},
        organisations=FIRMS,
        sites="org_id,name\nTimes Electric,一厂",
    )
    assert found.errors == ()
    assert column(found, "sites", "site_id") == ["O2 一厂"]


def test_works_of_one_name_and_several_owners_are_told_apart_also_at_the_next_import(tmp_path):
    text = "org_id,name\nTimes Electric,一厂\nO1,一厂"
    first = resolved(tmp_path, organisations=FIRMS, sites=text)
    assert column(first, "sites", "site_id") == ["O2 一厂", "O1 一厂"]
    recorded = {
        name: rows.drop_columns(["origin_sheet", "origin_row"])
        for name, rows in first.tables.items()
    }
    again = resolved(tmp_path, recorded=recorded, sites=text)
    assert (again.errors, column(again, "sites", "site_id")) == ((), ["O2 一厂", "O1 一厂"])


WORKS = "site_id,org_id,name\nA,O1,一厂\nB,Times Electric,一厂\nC,O2,二厂\nD,O2,二厂"


def test_a_works_is_sought_by_its_name_among_those_of_the_firm_of_the_row(tmp_path):
    makes = "企业/机构,产品,厂区\nTimes Electric,P1,一厂\nO1,P1,一厂\nO1,P2,B\nO3,P2,二厂"
    found = resolved(tmp_path, organisations=FIRMS, products=GOODS, sites=WORKS, 生产=makes)
    assert column(found, "makes", "site_id") == ["B", "A", "B", "二厂"]
    (problem,) = found.errors
    assert (problem.code, problem.cell) == ("ambiguous-reference", "C5")


def test_a_name_that_two_works_of_the_firm_have_is_a_problem(tmp_path):
    makes = "org_id,product_id,site_id\nO2,P1,二厂"
    found = resolved(tmp_path, organisations=FIRMS, products=GOODS, sites=WORKS, makes=makes)
    assert [item.row for item in found.errors if item.code == "ambiguous-reference"] == [2]


def test_works_on_record_are_known_within_their_firm_also_to_a_later_file(tmp_path):
    first = resolved(tmp_path, organisations=FIRMS, products=GOODS, sites=WORKS)
    recorded = {
        name: rows.drop_columns(["origin_sheet", "origin_row"])
        for name, rows in first.tables.items()
    }
    makes = "org_id,product_id,site_id\nO2,P1,一厂\nTimes Electric,P2,三厂"
    again = resolved(
        tmp_path, recorded=recorded, makes=makes, sites="site_id,name,org_id\nE,三厂,O2"
    )
    assert (told(again), column(again, "makes", "site_id")) == ([], ["B", "E"])


def test_two_rows_that_would_have_the_same_identifier_are_a_problem(tmp_path):
    found = resolved(tmp_path, products="name,unit\n转向架,piece\n转向架,set")
    assert [item.code for item in found.errors] == ["duplicate-key"]


def test_a_works_without_name_and_identifier_is_a_problem(tmp_path):
    found = resolved(tmp_path, organisations=FIRMS, sites="site_id,org_id,name\n,O1,\nS1,O1,")
    assert [(item.code, item.row, item.column) for item in found.errors] == [
        ("missing-value", 2, "site_id")
    ]


def test_tables_whose_rows_have_no_name_keep_asking_for_an_identifier(tmp_path):
    found = gathered(csv(tmp_path, milestones="milestone_id,kind\n,in_service"))
    assert [item.code for item in found.problems] == ["missing-value"]
    found = gathered(csv(tmp_path, milestones="kind\nin_service"))
    assert [item.code for item in found.problems] == ["missing-column"]
