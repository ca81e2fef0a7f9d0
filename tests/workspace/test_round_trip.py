"""The workspace with the real reader and writer of spreadsheets."""

import pytest

from liantu.errors import Refusal
from liantu.workspace import Counts, Workspace

PLACES = """place_id,name,name_local,level,parent_id,longitude,latitude
cn,China,中国,country,,,
zhuzhou,Zhuzhou,株洲,city,cn,113.13,27.83
tianyuan,"Tianyuan, west",天元,district,zhuzhou,113.1,27.8
"""
MAKES = """org_id,product_id,year,output,source_id
works,loco,2023,120.5,yearbook;register
works,loco,,,register
"""
OTHERS = {
    "organisations": "org_id,name,founded\nworks,Works,1936\n",
    "products": "product_id,name\nloco,Locomotive\n",
    "sources": "source_id,title\nyearbook,Yearbook\nregister,Register\n",
    "calendar_days": "calendar,date,working\ncn,2024-02-10,false\n",
    "service_items": "item_id,name,statutory_days\nbuild,Permit,20\n",
    "service_events": "case_id,item_id,activity,time\n7,build,accept,2024-05-31T14:30:15\n",
}


@pytest.fixture
def study(tmp_path):
    for name, text in {"places": PLACES, "makes": MAKES, **OTHERS}.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    workspace = Workspace.create(tmp_path / "study", name="Study")
    workspace.import_files(sorted(tmp_path.glob("*.csv")))
    return workspace


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("target", ["book.xlsx", "folder"])
def test_an_export_imported_again_changes_nothing(study, tmp_path, target, language):
    before = study.generation()
    study.export(tmp_path / target, language=language)
    again = study.import_files([tmp_path / target])

    assert again.generation is None
    assert {name: counts.unchanged for name, counts in again.diff.counts.items()} == before.rows
    assert study.import_files([tmp_path / target], replace=True).diff.is_empty
    assert study.generation() == before


def test_an_export_fills_a_new_workspace_with_the_same_rows(study, tmp_path):
    study.export(tmp_path / "book.xlsx")
    other = Workspace.create(tmp_path / "other", name="Other")
    other.import_files([tmp_path / "book.xlsx"])
    other.export(tmp_path / "once")
    study.export(tmp_path / "twice")

    once, twice = (
        {p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("once", "twice")
    )
    assert once == twice


def test_an_edit_shows_as_one_changed_cell_with_its_address(study, tmp_path):
    (tmp_path / "places.csv").write_text(PLACES.replace("113.13", "113.14"), encoding="utf-8")
    done = study.import_files([tmp_path / "places.csv"])

    assert done.diff.counts == {"places": Counts(changed=1, unchanged=2)}
    (change,) = done.diff
    assert change.key == {"place_id": "zhuzhou"}
    assert change.cells == {"longitude": (113.13, 113.14)}
    assert (change.origin.file, change.origin.row) == ("places.csv", 3)


def test_replace_that_leaves_a_reference_dangling_is_refused(study, tmp_path):
    (tmp_path / "products.csv").write_text("product_id,name\nwagon,Wagon\n", encoding="utf-8")
    before = study.generation()
    with pytest.raises(Refusal, match="loco"):
        study.import_files([tmp_path / "products.csv"], replace=True)
    assert study.generation() == before
