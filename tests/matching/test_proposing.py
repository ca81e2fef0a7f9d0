"""What may be one firm is proposed with its reasons, and what is like it is not."""

import subprocess
import sys

import pyarrow as pa
import pytest

from liantu.matching import blocking, propose
from liantu.matching.looks import look_alike
from liantu.matching.sounds import sound_alike, spoken
from liantu.schema import TABLES, arrow_schema
from tests.matching.labelled import PINYIN, check, labelled, places
from tests.matching.measured import measured

NUMBER, OTHER = (body + check(body) for body in ("91430200MA4L1B2C3", "91430200MA4L9D8E7"))


def organisations(*rows):
    filled = [
        {"org_id": name, "name": said, "place_id": "shifeng", **cells}
        for name, said, cells in (row if len(row) == 3 else (*row, {}) for row in rows)
    ]
    return pa.Table.from_pylist(filled, arrow_schema(TABLES["organisations"]))


def proposed(*rows, at_least=0.5):
    found = propose(organisations(*rows), places(), at_least=at_least)
    return {(entry.keep["org_id"], entry.drop["org_id"]): entry for entry in found.proposals}


def reasons(entry):
    return {part.comparison: part.level for part in entry.why}


@pytest.mark.parametrize(
    ("one", "two", "level"),
    [
        ("株洲时代电气股份有限公司", "株洲时代电气有限责任公司", "the same name"),
        ("株洲时代电气股份有限公司", "株洲（时代）电气", "the same name"),
        (
            "株洲时代电气有限公司",
            "时代电气（株洲）有限公司",
            "the same name but for the place in it",
        ),
        (
            "株洲时代电气有限公司",
            "湖南株洲时代电气公司",
            "the same name but for the place in it",
        ),
        (
            "株洲时代电气有限公司",
            "株洲时带电气有限公司",
            "one character differs, and sounds or looks alike",
        ),
        (
            "株洲时代电气有限公司",
            "株洲代时电气有限公司",
            "two characters are swapped",
        ),
        (
            "中车株洲电力机车有限公司",
            "中车株机",
            "an abbreviation",
        ),
        (
            "中车株洲电力机车研究所有限公司（ZELRI）",
            "ZELRI",
            None,
        ),
        (
            "CRRC Times Electric Co., Ltd.",
            "\uff23\uff32\uff32\uff23\u3000Times Electric",
            "the same name",
        ),
        ("Institute (ZELRI)", "ZELRI", "the one's other name is the other's name"),
    ],
)
def test_a_firm_written_in_another_way_is_proposed_with_the_reason(one, two, level):
    found = proposed(("a", one), ("b", two))
    if level is None:  # one has only a Chinese name, the other only a Latin one
        assert not found
        return
    assert level in reasons(found["a", "b"]).values()


@pytest.mark.parametrize(
    ("one", "two", "cells"),
    [
        ("株洲时代电气有限公司", "株洲时代电气有限公司上海分公司", {}),
        ("株洲机械一厂", "株洲机械二厂", {}),
        ("株洲第一机械厂", "株洲第二机械厂", {}),
        ("株洲东方机械有限公司", "株洲北方机械有限公司", {}),
        ("株洲时代电气有限公司", "长沙时代电气有限公司", {"place_id": "changsha"}),
        ("株洲时代电气有限公司", "株洲时代新材料有限公司", {"parent_org_id": "a"}),
        ("株洲时代集团有限公司", "株洲时代电气有限公司", {"parent_org_id": "a"}),
        ("株洲鑫达铝业有限公司", "株洲宏远陶瓷有限公司", {}),
    ],
)
def test_a_firm_that_is_like_another_is_not_proposed(one, two, cells):
    assert not proposed(("a", one), ("b", two, cells))


def test_the_same_number_is_near_proof_and_two_true_ones_near_disproof():
    full, short = "株洲时代电气有限公司", "株洲时代电气"
    number = {"registration_no": NUMBER}
    same = proposed(("a", full, number), ("b", "时代", number))["a", "b"]
    assert reasons(same)["Registration number"] == "the same number"
    assert same.probability > 0.9
    assert not proposed(("a", full, number), ("b", short, {"registration_no": OTHER}))


def test_a_number_with_a_wrong_sign_speaks_for_one_firm():
    wrong = NUMBER[:9] + ("5" if NUMBER[9] != "5" else "6") + NUMBER[10:]
    found = proposed(
        ("a", "株洲时代电气有限公司", {"registration_no": NUMBER}),
        ("b", "时代电气公司", {"registration_no": wrong}),
    )
    assert reasons(found["a", "b"])["Registration number"].startswith("one sign differs")


def test_one_character_is_surer_where_no_other_name_is_so_near():
    one, two = ("a", "株洲宏达精密铸造有限公司"), ("b", "株洲鸿达精密铸造有限公司")
    alone = proposed(one, two, at_least=0)["a", "b"]
    others = [(f"c{n}", f"株洲{sign}达精密铸造有限公司") for n, sign in enumerate("明力恒科金")]
    among = proposed(one, two, *others, at_least=0)["a", "b"]
    assert reasons(alone)["Other names"] == "no other name in the city is so near"
    assert reasons(among)["Other names"] == "many other names in the city are as near"
    assert among.probability < alone.probability < 0.9


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("株洲联诚机械有限公司", "株洲联创机械有限公司"),
        ("株洲联诚集团有限公司", "株洲联成集团有限公司"),
    ],
)
def test_one_character_of_a_short_name_is_never_a_certainty(one, two):
    found = proposed(("a", one), ("b", two), at_least=0)
    assert found["a", "b"].probability < 0.9


def test_a_place_written_wrong_is_a_slip_too():
    found = proposed(("a", "株洲时代电气有限公司"), ("b", "株州时代电气有限公司"))
    level = reasons(found["a", "b"])["Name in Chinese"]
    assert level == "one character differs, and sounds or looks alike"


def test_a_chinese_name_is_known_in_latin_letters_by_its_sound_and_the_rest_by_others():
    rows = [
        ("a", "株洲宏达机械有限公司"),
        ("b", "Zhuzhou Hongda Machinery Co., Ltd."),
        ("c", "Zhuzhou Hongda Casting Co., Ltd."),
        ("d", "Xinli Machinery", {"name_local": "株洲新力机械有限公司"}),
    ]
    found = proposed(*rows, at_least=0)
    assert reasons(found["a", "b"])["Chinese name beside Latin"].startswith(
        "the same sound, and"
    )
    assert reasons(found["a", "c"])["Chinese name beside Latin"].endswith("rest otherwise")
    assert found["a", "b"].probability >= 0.5 > found["a", "c"].probability


def test_what_is_known_to_be_two_firms_is_left_out_and_counted():
    rows = organisations(("a", "株洲时代电气有限公司"), ("b", "株洲时代电气"))
    found = propose(rows, places(), apart={("b", "a"), ("a", "gone")})
    assert (found.proposals, found.apart, found.below) == ((), 1, 0)


def test_twenty_organisations_are_enough_for_a_sensible_answer():
    first = "金宏达盛远明志源恒诚伟力佳欣鑫弘华晟智衡"
    second = "泰康安瑞丰联合创永邦凯润祥隆顺昌光辉飞翔"
    lines = ("机械", "铝业", "陶瓷", "电缆", "轴承", "液压") * 4
    rows = [
        (f"o{n:02}", f"株洲{a}{b}{line}有限公司")
        for n, (a, b, line) in enumerate(zip(first, second, lines, strict=False))
    ]
    rows[7] = ("o07", "株洲金泰机械有限责任公司")
    assert set(proposed(*rows)) == {("o00", "o07")}


def test_the_row_with_more_cells_is_the_one_to_keep():
    full = {"name_local": "株洲时代电气", "founded": 1990}
    found = proposed(("a", "株洲时代电气"), ("b", "Times Electric", full))
    assert list(found) == [("b", "a")]


def test_nobody_and_one_alone_have_no_double():
    assert propose(organisations(), places()).proposals == ()
    assert proposed(("a", "株洲时代电气有限公司")) == {}


def test_a_threshold_only_filters_the_list():
    rows = labelled(300).organisations
    every = propose(rows, places(), at_least=0.05)
    some = propose(rows, places(), at_least=0.5)
    assert some.proposals == tuple(e for e in every.proposals if e.probability >= 0.5)
    assert some.below + len(some.proposals) == some.compared == every.compared


def test_the_order_of_rows_changes_nothing():
    rows = labelled(400).organisations
    turned = rows.take(pa.array(range(len(rows) - 1, -1, -1)))
    assert propose(rows, places()) == propose(turned, places())


def test_weights_add_up_to_the_weight_of_the_pair():
    found = propose(labelled(300).organisations, places())
    weights = {
        round(entry.weight - sum(part.weight for part in entry.why), 3)
        for entry in found.proposals
    }
    assert max(weights) - min(weights) < 0.01  # what is left is the same: the share of pairs


def test_what_is_cut_is_counted(monkeypatch):
    monkeypatch.setattr(blocking, "MOST_IN_BLOCK", 4)
    rows = [(f"o{n}", f"株洲时代{sign}业有限公司") for n, sign in enumerate("铝铜铁锡锌钢")]
    found = propose(organisations(*rows), places())
    assert found.cut_blocks > 0
    assert found.cut_firms == 6


def test_labelled_firms_are_found_and_what_is_found_is_right():
    labels = labelled(1500)
    result = measured(labels, propose(labels.organisations, labels.places).proposals)
    assert result.precision >= 0.95
    assert result.recall >= 0.80
    for way in (
        "full width", "legal form dropped", "another legal form", "number missing",
        "number with a wrong sign", "Chinese alone", "English alone", "brackets moved",
        "short name added in brackets",
    ):  # fmt: skip
        found, every = result.ways[way]
        assert found >= 0.9 * every, way
    assert sum(found for found, _ in result.likes.values()) <= 0.02 * sum(
        every for _, every in result.likes.values()
    )


def test_without_registration_numbers_the_weights_stand_alone():
    labels = labelled(600)
    at = labels.organisations.column_names.index("registration_no")
    blank = pa.nulls(len(labels.organisations), pa.string())
    bare = labels.organisations.set_column(at, "registration_no", blank)
    found = propose(bare, labels.places)
    assert (found.learnt, found.share) == (0, 0.05)
    result = measured(labels, found.proposals)
    assert result.precision >= 0.8
    assert result.recall >= 0.7


def test_characters_that_sound_alike_are_read_alike_but_for_tone_and_accent():
    assert sound_alike("代", "带")
    assert sound_alike("力", "立")
    assert not sound_alike("代", "电")
    assert not sound_alike("代", "a")
    assert sound_alike("鑫", "新")
    assert sound_alike("诚", "晨")  # cheng and chen
    assert not sound_alike("麤", "粗")  # how 麤 is read is not known


def test_characters_are_read_as_they_are_listed():
    assert "".join(map(spoken, "株洲时代电气")) == "zhuzhoushidaidianqi"
    assert {sign: spoken(sign) for sign in PINYIN if sign != "轧"} == {
        sign: said
        for sign, said in PINYIN.items()
        if sign != "轧"  # zha, or ya
    }


def test_characters_that_look_alike_are_those_that_are_listed():
    assert look_alike("未", "末")
    assert not look_alike("未", "来")


def test_it_works_in_silence_and_without_what_draws():
    code = (
        "import sys; from tests.matching.labelled import labelled; "
        "from liantu.matching import propose; rows = labelled(60); "
        "propose(rows.organisations, rows.places); "
        "assert not {'altair', 'igraph', 'pyspark'} & set(sys.modules)"
    )
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    assert (done.stdout, done.stderr) == ("", "")
