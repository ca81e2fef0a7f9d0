"""The innovation system: platforms named, numbers stated, and who works with whom."""

import pytest

from liantu.lens import run
from liantu.result import Ref

RECORD = {
    "places": "place_id level parent_id\nc country -\nx city c\ny district x\nz city c",
    "organisations": """
        org_id name place_id kind
        firm F y company
        lab L x institute
        uni U z university
        far R z company
        lone O x company
    """,
    "platforms": """
        platform_id name kind level org_id place_id field year evidence
        p1 One key~laboratory national lab - rail 2019 -
        p2 Two key~laboratory national firm y rail 2023 synthetic
        p3 Three centre provincial lone - - - -
        p4 Four centre provincial uni - - - -
        p5 Five centre - - x - - -
        p6 Six centre national firm - - - assumed
    """,
    "collaborations": """
        org_a org_b kind year count evidence
        firm lab patent 2020 3 -
        lab uni project - 1 -
        lab uni patent 2023 1 -
        uni far patent 2020 1 -
        lab far patent 2022 2 synthetic
    """,
    "observations": """
        subject_kind subject_id measure activity year scope source_id value evidence
        place x innovation_platforms - 2021 national - 44 -
        place x innovation_platforms - 2019 national - 30 -
        place x innovation_platforms rail 2021 national - 9 -
    """,
    "chains": "chain_id name place_id\nrail Rail x\nship Ship x",
    "chain_products": "chain_id product_id\nrail train",
    "products": "product_id name\ntrain T",
    "makes": "org_id product_id\nfirm train",
}


@pytest.fixture
def answer(record):
    return run("innovation", {"place": "x"}, store=record(**RECORD)).answer


def test_platforms_in_the_place_count_by_kind_and_level_and_assumed_ones_never(answer):
    rows = [tuple(row.values())[:4] for row in answer.table.to_pylist()]
    assert rows == [
        ("key laboratory", "national", 2, 2),
        ("centre", "provincial", 1, 1),
        ("centre", None, 1, 0),
    ]
    assert answer.entry("platforms").synthetic == 1
    assert [sentence.values["n"] for sentence in answer.left_out] == [1, 1]


def test_what_a_source_states_stands_beside_what_is_named_and_is_never_mixed_with_it(answer):
    assert answer.entry("platforms_national").value == 44
    assert answer.entry("named_national").value == 2
    assert answer.entry("platforms_provincial").value is None


def test_hosts_with_their_partners_and_those_without_any_on_record(answer):
    laboratories = answer.table.to_pylist()[0]
    assert laboratories["hosts"] == ["firm", "lab"]
    assert laboratories["partners"] == ["far", "firm", "lab", "uni"]
    assert laboratories["collaborations"] == 3
    assert answer.entry("isolated").value == 1
    assert answer.entry("hosts").value == 3


def test_the_broker_is_the_one_whom_most_pairs_of_others_must_pass(answer):
    # firm - lab, lab - uni, lab - far: three pairs pass it; uni and far have no end in x.
    brokers = [entry for entry in answer.summary if entry.name == "betweenness"]
    assert [(entry.subject, entry.value) for entry in brokers] == [
        (Ref("organisations", "lab"), 3.0)
    ]
    assert answer.entry("collaborations").value == 3
    assert answer.entry("between_university_institute").value == 1
    assert answer.entry("between_company_institute").synthetic == 1


def test_a_chain_whose_makers_host_no_platform_is_a_gap(answer):
    hosted = {e.subject.id: e.value for e in answer.summary if e.name == "chain_platforms"}
    assert hosted == {"rail": 1, "ship": 0}


def test_a_year_takes_what_was_there_by_then_and_what_was_stated_of_it(record):
    store = record(**RECORD)
    then = run("innovation", {"place": "x", "year": "2019"}, store=store).answer
    assert then.entry("platforms_national").value == 30
    assert then.entry("named_national").value == 1
    now = run("innovation", {"place": "x", "year": "2023"}, store=store).answer
    assert now.entry("platforms_national").value is None


def test_without_synthetic_rows_no_entry_rests_on_them(record):
    store = record(**RECORD)
    recorded = run("innovation", {"place": "x", "synthetic": "false"}, store=store).answer
    assert not any(entry.synthetic for entry in recorded.summary)
    assert recorded.entry("named_national").value == 1


def test_a_place_without_platforms_is_answered_in_words(record):
    said = run("innovation", {"place": "z"}, store=record(places=RECORD["places"]))
    assert "No platform" in said.findings[0].template
