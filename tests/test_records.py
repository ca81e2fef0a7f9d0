"""What a code of an activity is called, and what a parameter that takes one accepts."""

import pytest

from liantu.errors import Refusal
from liantu.lens import run
from liantu.records import Name, Names

CODES = """
code scheme name              name_local
3711 GB     High-speed~trains 高铁车组制造
0111 GB     Rice              稻谷种植
0111 ISIC   Cereals           -
0112 GB     Wheat             -
0112 ISIC   Wheat             -
rail GB     Rails             -
"""
CHAINS = "chain_id name name_local\nrail Rail~transit 轨道交通\nbio Biology 生物医药"
PRODUCTS = "product_id name\nbio Biology~kit\nbogie Bogie"


@pytest.mark.parametrize(
    ("activity", "called"),
    [
        ("3711", Name("3711 High-speed trains", "3711 高铁车组制造")),
        ("0111", Name("0111")),  # two classifications differ
        ("0112", Name("0112 Wheat")),  # two classifications agree
        ("rail", Name("rail Rails")),  # a code before a chain
        ("bio", Name("Biology", "生物医药")),  # a chain before a product
        ("bogie", Name("Bogie")),
        ("9999", Name("9999")),
    ],
)
def test_an_activity_is_called_as_its_code_its_chain_or_its_product(record, activity, called):
    names = Names(record(codes=CODES, chains=CHAINS, products=PRODUCTS))
    assert names.of("codes", activity) == called


def test_without_a_table_of_codes_every_code_stands_for_itself(record):
    names = Names(record(places="place_id name\na A"))
    names.load("codes", ["3711", "3712"])
    assert names.of("codes", "3711") == Name("3711")
    assert names.among(("places", "codes"), "3711") == ("places", Name("3711"))
    assert names.among(("codes", "places"), "a") == ("places", Name("A"))


FIGURES = """
subject_kind subject_id measure activity year value
place        a          jobs    3711     2023 5
place        a          jobs    5555     2023 7
"""


def benchmark(record, activity):
    store = record(places="place_id name level\na A city", observations=FIGURES, codes=CODES)
    params = {"place": "a", "measure": "jobs", "activity": activity}
    return run("benchmark", params, store=store).answer


@pytest.mark.parametrize("given", ["3711", "High-speed trains", "高铁车组制造"])
def test_an_activity_may_be_given_as_a_code_or_as_its_name(record, given):
    answer = benchmark(record, given)
    assert answer.params["activity"] == "3711"
    assert answer.table["value"].to_pylist() == [5]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("zhuzhu", "did you mean zhuzhou?"),
        ("株洲市", "did you mean 株洲 (zhuzhou)?"),
        ("of the south", "did you mean Capital of the South (cs)?"),
        ("x", "known: cs, zhuzhou"),
    ],
)
def test_a_mistaken_record_is_sought_by_id_and_by_name(record, given, told):
    store = record(
        places="place_id name name_local\nzhuzhou Zhuzhou 株洲\ncs Capital~of~the~South 长沙"
    )
    with pytest.raises(Refusal) as refused:
        run("benchmark", {"place": given, "measure": "jobs"}, store=store)
    assert told in {problem.remedy for problem in refused.value.problems}


def test_a_code_in_use_needs_no_name_and_one_that_is_nowhere_is_refused(record):
    assert benchmark(record, "5555").table["value"].to_pylist() == [7]
    with pytest.raises(Refusal) as refused:
        benchmark(record, "3712")
    (problem,) = refused.value.problems
    assert (problem.code, problem.column) == ("unknown-record", "activity")
    assert "3711" in problem.remedy
