"""Whatever a problem says, an analyst who reads Chinese can read it."""

import ast
import re
from itertools import islice, product
from pathlib import Path

import pytest

from liantu import ingest
from liantu.errors import Problem, Refusal
from liantu.ingest.codes import CODES
from liantu.ingest.headings.wording import wording_of
from liantu.lens import discover, find, run
from liantu.locale import catalogue, column_called, line, told
from liantu.locale.catalogue import entries
from liantu.locale.problems import PROBLEMS
from liantu.schema import TABLES, columns
from liantu.workspace import Workspace, restore
from tests.ingest.desk import csv, gathered
from tests.ingest.mutations import OPERATORS, alone, read_here

SOURCE = Path("src/liantu")
HAN = re.compile("[一-鿿]")
# What is no word of ours: what a user wrote, addresses, commands, names of things.
NAMES = re.compile(
    r"'[^']*'|\"[^\"]*\"|“[^”]*”|<[^>]*>|--\S+|\S*[_.:/\\\[]\S*"
    "|liantu [a-z]+|pip install|JSON Lines|CSV UTF-8"
)
ENGLISH = re.compile(r"[A-Za-z]*[a-z]{2,}[ ;][ A-Za-z]*[a-z]{2,}")
# What texts are called on their way into a problem.
ASIDE = {"expected", "found", "remedy", "words", "text", "hint"}
MAKERS = [
    path
    for path in sorted(SOURCE.rglob("*.py"))
    if "Problem(" in path.read_text(encoding="utf-8")
]


def is_chinese(text):
    """Whether a text has its Chinese: no two English words in a row but names and quotes."""
    return not ENGLISH.search(NAMES.sub("", told(text, "zh")))


def unread(problems):
    """The texts of problems that have no Chinese."""
    texts = {text for item in problems for text in (item.expected, item.found, item.remedy)}
    return sorted(text for text in texts if not is_chinese(text))


def found_in(workspace, files):
    """The problems and warnings of an import."""
    try:
        return workspace.import_files(files, dry_run=True).warnings
    except Refusal as refusal:
        return refusal.problems


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setattr(ingest, "read", read_here)
    return Workspace.create(tmp_path / "study", name="Study", language="zh")


@pytest.mark.parametrize("name", OPERATORS)
def test_what_is_said_of_a_mutated_file_has_its_chinese(workspace, tmp_path, name):
    for seed in (0, 500):
        folder = tmp_path / f"files{seed}"
        folder.mkdir()
        problems = found_in(workspace, alone(OPERATORS[name], seed).write(folder))
        assert unread(problems) == []


FILES = {
    "missing-column": {"parts": "part_id\nP1"},
    "year-of-date": {"organisations": "org_id,name,founded\nO1,A,1998-05-01"},
    "ambiguous-reference": {
        "organisations": "org_id,name\nO1,A\nO2,A",
        "sites": "site_id,org_id\nS1,A",
    },
    "ambiguous-row": {"organisations": "org_id,name\nO1,A\nO2,A\n,A"},
    "name-or-identifier": {
        "products": "product_id,name\naxle,Wheelset\nP2,axle\nP3,bolt",
        "parts": "product_id,part_id\nP3,axle\nP3,bolt",
    },
    "alike-name": {
        "organisations": "org_id,name\nO1,株洲甲有限公司",
        "sites": "site_id,org_id\nS1,株洲甲",
    },
    "other-name": {
        "organisations": "org_id,name\nO1,A\nO2,B",
        "other_names": "org_id,other_name\nO1,Old\nO1,B",
        "sites": "site_id,org_id\nS1,Old\nS2,B",
    },
    "other-owner": {
        "organisations": "org_id,name\nO1,甲\nO2,乙",
        "products": "product_id,name\nP1,p",
        "sites": "site_id,org_id,name\nS1,O2,一厂",
        "makes": "org_id,product_id,site_id\nO1,P1,一厂",
    },
    "made-identifier": {"organisations": "name\nA\nB"},
    "repeated-row": {"organisations": "org_id,name\nO1,A\nO1,A"},
    "doubtful-code": {
        "organisations": "org_id,name,registration_no\nO1,A,914302001844553123",
        "product_codes": "product_id,scheme,code\nP1,HS2022,999\nP1,GB/T 4754,Z9\nP1,ISIC4,Z9",
    },
    "personal-data": {"organisations": "org_id,name,联系人\nO1,A,张三"},
    "row-above-header": {"organisations": "甲,1\norg_id,name\nO1,A"},
    "unknown-unit": {"makes": "org_id,product_id,产值（万块）\nO1,P1,2"},
    "unit-above": {"makes": "单位：万元\norg_id,product_id,value\nO1,P1,2"},
    "unit-of-month": {"makes": "org_id,product_id,产能（吨/月）\nO1,P1,2"},
    "years-across": {"makes": "org_id,product_id,2021年产值,2022年产值\nO1,P1,2,3"},
    "wrong-unit": {"makes": "org_id,product_id,产能,单位\nO1,P1,2,台/月"},
    "undated-figure": {"makes": "org_id,product_id,产能,2021年产值,2022年产值\nO1,P1,1,2,3"},
    "unit-clash": {"makes": "org_id,product_id,产值（万元）,currency\nO1,P1,2,USD"},
    "unknown-currency": {"makes": "org_id,product_id,value,currency\nO1,P1,2,¥\nO1,P2,2,贝壳"},
    "currency-read": {"makes": "org_id,product_id,value,currency\nO1,P1,2,人民币"},
    "column-left-out": {"organisations": "序号,org_id,name\n1,O1,A\n2,O2,B"},
    "missing-value": {"organisations": "org_id,name\nO1,\nO2,B"},
    "cycle": {"places": "place_id,name,parent_id\nA,A,B\nB,B,A"},
    "unknown-table": {"企业花名册": "org_id,name\nO1,A"},
    "unknown-column": {"organisations": "org_id,name,市场份额,产值,怪\nO1,A,1,2,3"},
}


@pytest.mark.parametrize("code", FILES)
def test_what_is_said_of_a_faulty_file_has_its_chinese(workspace, tmp_path, code):
    problems = found_in(workspace, csv(tmp_path, **FILES[code]))
    assert code in {problem.code for problem in problems}
    assert unread(problems) == []


def test_every_code_of_an_import_has_its_chinese_and_is_met_in_a_test():
    known = catalogue("zh")
    assert [code for code in CODES if not HAN.search(known.get(code, ""))] == []
    tests = "".join(path.read_text(encoding="utf-8") for path in Path("tests").rglob("*.py"))
    assert [
        code for code in CODES if f'"{code}"' not in tests and f" {code}:" not in tests
    ] == []


def test_what_is_said_of_words_that_a_user_gave_has_its_chinese(tmp_path):
    files = csv(tmp_path, organisations="org_id,企业名称,登记全称\nO1,甲,甲公司")
    said = wording_of((), ["登记全称=name_local", "没有=name"])
    problems = gathered(files, said).problems
    assert "unused-mapping" in {problem.code for problem in problems}
    assert unread(problems) == []
    with pytest.raises(Refusal) as caught:
        wording_of(["企业名录", "企业名录=nichts"], ["=name"])
    assert {problem.code for problem in caught.value.problems} == {
        "unclear-mapping",
        "unknown-table",
    }
    assert unread(caught.value.problems) == []


def test_what_a_workspace_or_a_lens_refuses_has_its_chinese(workspace, record, tmp_path):
    (tmp_path / "plain.txt").write_text("x")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "workspace.toml").write_text("name = 3\nlanguage = 'de'\n")
    (tmp_path / "bad" / "CURRENT").write_text("0 of 0\n")
    tries = [
        lambda: Workspace.open(tmp_path / "nowhere"),
        lambda: Workspace.open(tmp_path / "bad").settings,
        lambda: Workspace.create(tmp_path / "bad", name="X"),
        lambda: Workspace.create(tmp_path / "new", name=" ", language="de"),
        workspace.undo,
        lambda: workspace.generation(9),
        lambda: workspace.prune(0),
        lambda: workspace.merge_organisations([("a", "a"), ("a", "b")]),
        lambda: workspace.export(tmp_path / "x.csv"),
        lambda: workspace.template(tmp_path / "x.xls"),
        lambda: workspace.import_files([tmp_path / "plain.txt"]),
        lambda: restore(tmp_path / "plain.txt", tmp_path / "again"),
        lambda: find("reech"),
        lambda: run("reach", {"product": "x", "radius": -1, "what": 2}, store=record()),
    ]
    for attempt in tries:
        with pytest.raises(Refusal) as caught:
            attempt()
        assert unread(caught.value.problems) == []


def test_what_a_cell_must_be_has_its_chinese_in_every_table_and_every_lens():
    models = [*TABLES.values(), *(lens.parameters for lens in discover().values())]
    expected = {entry.expected for model in models for entry in columns(model)}
    assert [text for text in expected if not HAN.search(told(text, "zh"))] == []
    assert told("a number in degree, at least -90, at most 90", "zh") == (
        "以度为单位的数字，-90 至 90"
    )
    assert told("one of upstream, midstream, downstream", "zh") == "下列之一：上游、中游、下游"


def test_what_a_user_wrote_stays_as_it_is():
    for text in ("'a blank cell'", "'none'", "'one of import, export'", "'x and y' in row 3"):
        assert text.split("'")[1] in told(text, "zh")
    assert told("write import or export", "zh") == "请填写 import 或 export"
    assert told("'O 1' again, which stands in 表.xlsx:企业!7", "zh") == (
        "'O 1' 重复，已见于 表.xlsx:企业!7"
    )


def test_a_column_is_called_by_its_title_or_as_in_its_file():
    said = ("wrong-type", "text", "none", "correct the cell")
    assert column_called(Problem(*said, column="org_id"), "zh") == "企业/机构"
    assert column_called(Problem(*said, column="org_id"), "en") == "org_id"
    assert column_called(Problem(*said, column="org_id", header="单位编号"), "zh") == "单位编号"
    assert column_called(Problem(*said), "zh") is None
    assert told("add the column org_id and fill it in", "zh") == "请增加“企业/机构”列并填写"
    assert told("each supplier_id with buyer_id once in an import", "zh") == (
        "一次导入中每个“供应商、采购方”只出现一次"
    )


def test_a_problem_carries_the_header_of_its_file(tmp_path):
    (problem,) = gathered(csv(tmp_path, 企业机构="企业/机构,单位名称\nO1,")).problems
    assert (problem.column, problem.header, problem.cell) == ("name", "单位名称", "B2")
    assert line(problem, "en") == str(problem)
    assert line(problem, "zh") == (
        "企业机构.csv:2:name missing-value: 应为文本；实为空白单元格；请填写该单元格"
    )


def given(node):
    """A text as it is written in the code, with every value that may stand in its places."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if not isinstance(node, ast.JoinedStr):
        return []
    parts = [
        [part.value] if isinstance(part, ast.Constant) else ["9", "x9", "'x9'", ""]
        for part in node.values
    ]
    return ["".join(words) for words in islice(product(*parts), 4_096)]


def texts(path):
    """The texts that a file gives to problems, or puts aside under names that say so."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            parts = [*node.args, *(word.value for word in node.keywords if word.arg in ASIDE)]
            parts = parts if name == "Problem" else []
        elif isinstance(node, ast.Assign):
            names = {
                getattr(part, "id", "") for side in node.targets for part in ast.walk(side)
            }
            parts = [node.value] if names & ASIDE else []
        else:
            continue
        for part in parts:
            for inner in part.elts if isinstance(part, ast.Tuple) else [part]:
                if (found := given(inner)) and found[0] == found[0].strip():
                    yield found


@pytest.mark.parametrize("path", MAKERS, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_text_that_is_given_to_a_problem_has_its_chinese(path):
    assert [found[0] for found in texts(path) if not any(map(is_chinese, found))] == []


def words_of(text):
    return set(re.findall("[A-Za-z]{2,}", text))


def test_no_template_is_left_over():
    """Each is made of words that stand together in one file of the code."""
    files = [
        words_of(" ".join(text.value for text in ast.walk(tree) if is_text(text)))
        for tree in (ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py"))
    ]
    templates = {
        text: words_of(re.sub(r"\{\w+\}", "", text)) for text in entries("zh", PROBLEMS)
    }
    lost = [text for text, words in templates.items() if not any(words <= has for has in files)]
    assert lost == []


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
