"""Chinese in GB18030 is read, rare characters and all; other encodings are refused by name."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.desk import lines
from tests.ingest.test_encodings import CHINESE, QUIET, read


def gb18030(*names, heads="place_id,name"):
    """A file of places in GB18030, one for each name."""
    lines_of = [heads, *(f"P{n},{name}" for n, name in enumerate(names)), ""]
    return "\n".join(lines_of).encode("gb18030")


# Names of counties and firms, of which most have a character that is rare.
RARE = (
    "株洲 渌口 攸县 醴陵 茶陵 炎陵 芦淞 董家塅 浏阳 汨罗 耒阳 溆浦 沅江 澧县 芷江 岳麓 "
    "冷水滩 雁峰 蒸湘 韶山 亳州 濮阳 泸州 漯河 衢州 儋州 邯郸 邛崃 郫都 婺源 歙县 黟县 "
    "盱眙 崆峒 猇亭 浉河 瀍河 硚口 埇桥 鄄城 郓城 郯城 珲春 莒县 莘县 茌平 临朐 临沭 "
    "兖州 泗水 鄢陵 郏县 睢县 柘城 荥阳 濉溪 涡阳 砀山 蚌埠 蠡县 藁城 井陉 涿州 滦州 "
    "鄠邑 岷县 宕昌 漾濞 勐海 洱源 邕宁 梧州 岑溪 涠洲 峨眉 犍为 綦江 涪陵 鄯善 "
    "伽师 噶尔 喆记 堃达 珺瑶 昇辉 翀宇 勍力 鑫淼 焜明 逯氏 昝家 缪记 燚阳 亓家 乜家 "
    "仝家 逄家 厍家 阚家 訾家"
)


@pytest.mark.parametrize("name", RARE.split())
def test_a_rare_name_alone_in_a_file_of_gb18030_is_read(tmp_path, name):
    found = read(tmp_path, gb18030(name))
    assert [item.code for item in found.problems] == ["other-encoding"]
    assert found.tables["places"]["name"].to_pylist() == [name]


def test_rare_names_together_are_read_and_so_are_traditional_ones(tmp_path):
    for names in (RARE.split(), ["粵漢鐵路株洲總機廠籌備處舊址", "株洲市領導介紹智能製造"]):
        found = read(tmp_path, gb18030(*names))
        assert found.tables["places"]["name"].to_pylist() == names


def characters_of_gb2312(first, last):
    pairs = (bytes((a, b)) for a in range(first, last + 1) for b in range(0xA1, 0xFF))
    return b"".join(pairs).decode("gb2312", "ignore")


@QUIET
@given(
    names=st.lists(
        st.text(characters_of_gb2312(0xB0, 0xF7), min_size=1, max_size=8),
        min_size=1,
        max_size=8,
    )
)
def test_any_characters_of_gb2312_below_a_chinese_header_are_read(names):
    with tempfile.TemporaryDirectory() as folder:
        found = read(Path(folder), gb18030(*names, heads="地区,名称"))
    assert found.errors == ()
    assert found.tables["places"]["name"].to_pylist() == names


@pytest.mark.parametrize(
    ("encoding", "names", "said"),
    [
        (
            "latin-1",
            ("Müller", "Nîmes"),
            "Windows-1252, such as 'Müller'",
        ),
        ("cp1252", ("Škoda", "Nîmes"), "Windows-1252, such as 'Škoda'"),
        ("cp1252", ("Works", "Citroën"), "Windows-1252, such as 'Citroën'"),
        ("cp1250", ("Brno", "Plzeňský", "Hradec"), "Windows-1252"),
        ("big5", ("臺北市政府", "高雄市"), "Big5, such as '臺北市政府'"),
        ("big5", ("台積電股份有限公司",), "Big5, such as '台積電股份有限公司'"),
        ("shift-jis", ("トヨタ自動車株式会社",), "Shift-JIS, such as 'トヨタ自動車株式会社'"),
        ("shift-jis", ("東京都", "大阪"), "Shift-JIS, such as '東京都'"),
        ("euc-jp", ("トヨタ自動車", "日立製作所"), "EUC-JP, such as 'トヨタ自動車'"),
        ("euc-kr", ("서울특별시", "부산"), "EUC-KR, such as '서울특별시'"),
        ("euc-kr", ("현대자동차 주식회사",), "EUC-KR, such as '현대자동차'"),
    ],
)
def test_a_few_words_in_another_encoding_are_refused_by_its_name(
    tmp_path, encoding, names, said
):
    content = "place_id,name\n" + "".join(f"P{n},{name}\n" for n, name in enumerate(names))
    (problem,) = read(tmp_path, content.encode(encoding)).problems
    assert problem.found.startswith(f"what reads as {said}")
    assert content.encode(encoding).splitlines()[problem.row - 1].isascii() is False


def test_a_latin_word_among_chinese_is_refused_at_its_line(tmp_path):
    content = CHINESE.encode("gb18030") + "P3,Müller,city\n".encode("cp1252")
    (problem,) = read(tmp_path, content).problems
    assert (problem.row, problem.found) == (4, "what reads as Windows-1252, such as 'Müller'")


@pytest.mark.parametrize("name", ["清水塘塅", "Müller", "Nestlé", "株洲（中国）"])
@pytest.mark.parametrize("row", [1, 2, 3, 4])
def test_a_row_of_utf8_among_rows_of_gb18030_is_refused_at_its_line(tmp_path, name, row):
    rows_of = [line.encode("gb18030") for line in CHINESE.splitlines() * 2]
    rows_of.insert(row, f"P9,{name},区县".encode())
    (problem,) = read(tmp_path, b"\n".join(rows_of)).problems
    assert (problem.row, problem.expected) == (row + 1, "one encoding throughout")


@pytest.mark.parametrize(
    "other", ["株洲电力机车".encode("gb18030"), b"zz\xff\xff\xfezz", b"\x80"]
)
@pytest.mark.parametrize("row", [1, 2, 5])
def test_a_row_that_is_no_utf8_is_refused_at_its_line(tmp_path, other, row):
    rows_of = [line.encode() for line in ("place_id,name,level", *CHINESE.splitlines()[1:] * 3)]
    rows_of.insert(row, b"P9," + other + b",city")
    (problem,) = read(tmp_path, b"\n".join(rows_of)).problems
    assert (problem.code, problem.row) == ("unreadable-file", row + 1)


def test_a_byte_that_is_no_gb18030_is_found_below_rows_that_are(tmp_path):
    content = CHINESE.encode("gb18030") + b"P3,\xff,city\n"
    (problem,) = read(tmp_path, content).problems
    assert problem.row == 4
    assert problem.found == "byte 0xff below text that is GB18030, which is neither"


def test_a_word_of_gb18030_that_is_utf8_by_chance_is_read_as_chinese(tmp_path):
    found = read(
        tmp_path,
        "product_id,name,unit\nP1,Axle,只\nP2,Wheel,时\n".encode("gb18030"),
        "products.csv",
    )
    assert [item.code for item in found.problems] == ["other-encoding"]
    assert found.tables["products"]["unit"].to_pylist() == ["只", "时"]


@pytest.mark.parametrize(
    "name", ["Łódź", "Ωmega", "Москва", "30 °C ± 2", "שלום", "مرحبا", "Škoda", "A·B", "Δ"]
)
def test_short_words_of_other_scripts_in_utf8_stay_what_they_are(tmp_path, name):
    found = read(tmp_path, f"place_id,name\nP1,{name}\n".encode())
    assert lines(found) == []
    assert found.tables["places"]["name"].to_pylist() == [name]


def test_a_quoted_line_break_is_kept_in_a_file_of_an_old_program(tmp_path):
    found = read(tmp_path, b'place_id,name\rP1,"two\nlines"\rP2,b\r')
    assert found.tables["places"]["name"].to_pylist() == ["two\nlines", "b"]
