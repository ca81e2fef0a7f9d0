"""Sheets as an office writes them, with names for identifiers, imported once and again."""

import pytest
import xlsxwriter

from liantu.errors import Refusal
from liantu.workspace import Workspace
from tests.workspace.desk import rows_of

SHEETS = {
    "地区": [
        ["名称", "级别", "上级地区"],
        ["湖南省", "province", None],
        ["株洲市", "city", "湖南省"],
    ],
    "企业机构": [
        ["名称", "统一社会信用代码", "地区", "上级单位"],
        ["中车株洲电力机车有限公司", "914302007790310965", "株洲市", None],
        ["株洲中车时代电气股份有限公司", None, "株洲市", None],
        ["株洲联诚集团控股股份有限公司", None, "株洲市", "中车株洲电力机车有限公司"],
    ],
    "场所": [
        ["名称", "企业/机构", "地区"],
        ["田心基地", "中车株洲电力机车有限公司", "株洲市"],
    ],
    "产品": [["名称", "简称"], ["电力机车", None], ["牵引变流器", "变流器"], ["转向架", None]],
    "物料清单": [
        ["产品", "零部件", "用量或数量"],
        ["电力机车", "变流器", 2],
        ["电力机车", "转向架", 2],
    ],
    "产业链": [["名称", "地区"], ["轨道交通装备", "株洲市"]],
    "产业链环节": [["产业链", "产品"], ["轨道交通装备", "电力机车"]],
    "生产": [
        ["企业/机构", "产品", "场所", "年份", "产量"],
        ["中车株洲电力机车", "电力机车", "田心基地", 2024, 300],
        ["株洲中车时代电气股份有限公司", "变流器", None, 2024, 600],
    ],
    "供应": [
        ["供应商", "采购方", "产品", "年份", "数值"],
        ["株洲中车时代电气股份有限公司", "914302007790310965", "牵引变流器", 2024, 1000],
    ],
}
LOCOMOTIVES, ELECTRIC = "914302007790310965", "株洲中车时代电气股份有限公司"
WORKS = f"{LOCOMOTIVES} 田心基地"  # named within its owner


def book(path, sheets):
    with xlsxwriter.Workbook(path) as made:
        for name, lines in sheets.items():
            sheet = made.add_worksheet(name)
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
    return path


@pytest.fixture
def study(tmp_path):
    return Workspace.create(tmp_path / "study", name="Study")


def keys(workspace, table, *names):
    return [tuple(row[name] for name in names) for row in rows_of(workspace, table)]


def test_a_workbook_of_names_is_taken_in_whole(study, tmp_path):
    done = study.import_files([book(tmp_path / "office.xlsx", SHEETS)])
    assert keys(study, "organisations", "org_id", "place_id", "parent_org_id") == [
        (LOCOMOTIVES, "株洲市", None),
        (ELECTRIC, "株洲市", None),
        ("株洲联诚集团控股股份有限公司", "株洲市", LOCOMOTIVES),
    ]
    assert keys(study, "makes", "org_id", "product_id", "site_id", "year") == [
        (LOCOMOTIVES, "电力机车", WORKS, 2024),
        (ELECTRIC, "牵引变流器", None, 2024),
    ]
    assert keys(study, "supplies", "supplier_id", "buyer_id", "product_id") == [
        (ELECTRIC, LOCOMOTIVES, "牵引变流器")
    ]
    assert keys(study, "parts", "product_id", "part_id") == [
        ("电力机车", "牵引变流器"),
        ("电力机车", "转向架"),
    ]
    assert keys(study, "chain_products", "chain_id", "product_id") == [
        ("轨道交通装备", "电力机车")
    ]
    assert keys(study, "sites", "site_id", "org_id") == [(WORKS, LOCOMOTIVES)]
    codes = [item.code for item in done.warnings]
    assert sorted(set(codes)) == ["alike-name", "made-identifier"]
    assert codes.count("made-identifier") == 5


def test_the_same_workbook_again_changes_nothing(study, tmp_path):
    file = book(tmp_path / "office.xlsx", SHEETS)
    study.import_files([file])
    assert study.import_files([file]).diff.is_empty


def test_names_on_record_are_known_to_a_later_file(study, tmp_path):
    study.import_files([book(tmp_path / "office.xlsx", SHEETS)])
    later = tmp_path / "makes.csv"
    later.write_text("企业/机构,产品,年份,产量\n中车株洲电力机车有限公司,电力机车,2025,310\n")
    study.import_files([later])
    assert (LOCOMOTIVES, 2025) in keys(study, "makes", "org_id", "year")


def test_an_ambiguous_name_refuses_the_import_and_a_trial_says_the_same(study, tmp_path):
    firms = tmp_path / "organisations.csv"
    firms.write_text("org_id,name\nO1,联诚\nO2,联诚\n")
    sites = tmp_path / "sites.csv"
    sites.write_text("site_id,org_id\nS1,联诚\n")
    for is_trial in (True, False):
        with pytest.raises(Refusal) as refusal:
            study.import_files([firms, sites], dry_run=is_trial)
        (problem,) = refusal.value.problems
        assert (problem.code, problem.address) == ("ambiguous-reference", "sites.csv:2:org_id")
        assert "O1 (organisations.csv:2) and O2 (organisations.csv:3)" in problem.found
    assert rows_of(study, "organisations") == []


def test_rows_that_are_equal_once_resolved_replace_what_is_recorded(study, tmp_path):
    study.import_files([book(tmp_path / "office.xlsx", SHEETS)])
    file = tmp_path / "makes.csv"
    file.write_text(
        "企业/机构,产品,场所,年份,产量\n914302007790310965,电力机车,田心基地,2024,305\n"
    )
    counts = study.import_files([file]).diff.counts["makes"]
    assert (counts.added, counts.changed, counts.unchanged) == (0, 1, 1)
