"""Names of places with and without what says their level, as offices mix them."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.ingest import check, resolve
from liantu.ingest.references.near import nearest_names
from liantu.ingest.references.register import Register
from liantu.schema import TABLES, arrow_schema
from tests.ingest.desk import csv, gathered, table

EMPTY = {name: arrow_schema(model).empty_table() for name, model in TABLES.items()}
PLACES = [
    ("zhuzhou", "Zhuzhou", "株洲", "city"),
    ("tianyuan", "天元区", None, "district"),
    ("lusong", "芦淞", None, "district"),
    ("hunan", "湖南省", None, "province"),
    ("jilin", "吉林", None, "province"),
    ("guangxi", "广西壮族自治区", None, "province"),
    ("beijing", "北京", None, "province"),
    ("pudong", "浦东新区", None, "district"),
    ("zhao", "赵县", None, "district"),
    ("park", "株洲高新区", None, "park"),
    ("liling", "醴陵市", None, None),
    ("you", "攸州", None, None),
]


def places(rows=PLACES):
    names = ("place_id", "name", "name_local", "level")
    return table("places", [dict(zip(names, row, strict=True)) for row in rows])


def meant(*words, rows=PLACES):
    register = Register("places", None, lambda: places(rows))
    return register.meant(pa.array(words, pa.string()))


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("株洲市", "zhuzhou"),
        ("天元", "tianyuan"),
        ("芦淞区", "lusong"),
        ("湖南", "hunan"),
        ("吉林省", "jilin"),
        ("广西", "guangxi"),
        ("北京市", "beijing"),
        ("浦东", "pudong"),
        ("醴陵", "liling"),
    ],
)
def test_a_place_is_found_with_and_without_what_says_its_level(word, place):
    found = meant(word)
    assert (found.ids.to_pylist(), found.alike.to_pylist()) == ([place], [word])


@pytest.mark.parametrize(
    "word",
    [
        "株洲县",  # a county is no city
        "吉林市",  # a city is no province
        "天元县",
        "天元新区",
        "芦淞新区",
        "湖南市",
        "广西自治区",
        "赵",  # one character is no name
        "攸州县",  # no level is on record
        "高新区",
        "市",
        "",
    ],
)
def test_what_fits_no_level_is_no_place(word):
    assert meant(word).left.to_pylist() == [word]


def test_a_name_of_a_city_and_a_county_is_told_with_both(tmp_path):
    rows = [("cs", "长沙市", None, "city"), ("csx", "长沙县", None, "district")]
    files = csv(tmp_path, sites="site_id,org_id,name,place_id\nS,O,a,长沙\nT,O,b,长沙市")
    found = resolve(gathered(files), EMPTY | {"places": places(rows)})
    assert found.tables["sites"].column("place_id").to_pylist() == ["长沙", "cs"]
    (problem,) = [one for one in found.problems if one.column == "place_id"]
    assert (problem.code, problem.row) == ("ambiguous-reference", 2)
    assert problem.found == "'长沙', which is both cs (on record) and csx (on record)"


def test_a_name_as_written_comes_before_one_with_a_level():
    rows = [("cs", "长沙", None, "city"), ("csx", "长沙县", None, "district")]
    found = meant("长沙", "长沙市", "长沙县", rows=rows)
    assert dict(zip(found.words.to_pylist(), found.ids.to_pylist(), strict=True)) == {
        "长沙": "cs",
        "长沙市": "cs",
        "长沙县": "csx",
    }
    rows = [("jl", "吉林省", None, "province"), ("jls", "吉林市", None, "city")]
    assert meant("吉林", rows=rows).ambiguous == {"吉林": ("jl", "jls")}


def test_that_a_place_was_so_found_is_told(tmp_path):
    files = csv(
        tmp_path,
        observations="对象类型,对象,指标,年份,数值\n地区,株洲市,a,2024,1\n地区,天元,a,2024,2",
    )
    found = resolve(gathered(files), EMPTY | {"places": places()})
    assert found.tables["observations"].column("subject_id").to_pylist() == [
        "zhuzhou",
        "tianyuan",
    ]
    assert [(one.code, one.severity, one.found) for one in found.problems] == [
        (
            "alike-name",
            "warning",
            (
                "2 matched to a name that is alike: "
                "'株洲市' is taken as 'Zhuzhou', '株洲' (zhuzhou)"
            ),
        )
    ]


def test_names_of_other_things_stay_as_they_are():
    goods = table("organisations", [{"org_id": "O", "name": "株洲"}])
    register = Register("organisations", None, lambda: goods)
    assert register.meant(pa.array(["株洲市"])).left.to_pylist() == ["株洲市"]


ENDS = ["", "省", "市", "区", "县", "新区", "地区"]
NAMED = st.builds(
    "{}{}".format,
    st.sampled_from(["长沙", "天元", "吉林", "北京", "赵"]),
    st.sampled_from(ENDS),
)
LEVELS = st.sampled_from([None, "country", "province", "city", "district", "park"])
FITTING = {"province": {"省"}, "city": {"市", "地区"}, "district": {"区", "县", "市", "新区"}}


@given(st.lists(st.tuples(NAMED, LEVELS), max_size=5), NAMED)
def test_a_place_that_is_found_has_the_name_but_for_what_fits_its_level(held, word):
    rows = [(f"p{at}", name, None, level) for at, (name, level) in enumerate(held)]
    found = meant(word, rows=rows)
    ids = {*found.ids.to_pylist(), *(one for pair in found.ambiguous.values() for one in pair)}
    for one in ids:
        name, level = held[int(one[1:])]
        short, long = sorted((name, word), key=len)
        end = long.removeprefix(short)
        assert long.startswith(short)
        is_own = short == "北京" and end == "市"
        fits = FITTING.get(level, {end} if level is None and long == name else set())
        assert end == "" or end in fits or is_own
    exact = {f"p{at}" for at, (name, _) in enumerate(held) if name == word}
    assert not exact or ids <= exact


def hint(word, *names):
    found = nearest_names(
        [word], pa.array(names), pa.array([f"i{at}" for at in range(len(names))])
    )
    return found.get(word)


def test_of_a_short_name_one_other_character_is_offered():
    assert hint("石锋区", "天元区", "石峰区") == "did you mean 石峰区 (i1)?"
    assert hint("株州", "长沙", "株洲") == "did you mean 株洲 (i1)?"
    assert hint("石锋区", "石峰区", "石鼓区", "芦淞区") == (
        "did you mean 石峰区 (i0) or 石鼓区 (i1)?"
    )
    assert hint("湘潭县", "株洲市") is None
    assert hint("abc", "abd") is None


def test_the_place_that_was_meant_is_offered(tmp_path):
    files = csv(tmp_path, sites="site_id,org_id,name,place_id\nS,O,a,天园区")
    found = resolve(gathered(files), EMPTY | {"places": places()})
    merged = EMPTY | {"places": places(), "sites": found.tables["sites"]}
    told = check(merged, found, ours={"sites": pa.array([True])})
    (problem,) = [one for one in told if one.column == "place_id"]
    assert problem.remedy == "did you mean 天元区 (tianyuan)?"
