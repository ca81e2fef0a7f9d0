"""Workbooks that go out keep to what Excel opens without an offer to repair them.

Checked in the XML itself, for a library that reads a workbook forgives more than Excel does.
"""

import datetime as dt
import re
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.datavalidation import DataValidation

from liantu.ingest import write_export, write_template
from liantu.ingest.books import marked
from liantu.ingest.books.marking import mark
from liantu.ingest.bounded import Ended
from tests.ingest.desk import csv, gathered, table

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# The order that the schema of a sheet demands; Excel repairs a sheet that has another.
ORDER = (  # noqa: SIM905 - 38 quotation marks more make a list no clearer
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection "
    "protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews "
    "mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks printOptions "
    "pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches "
    "ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture "
    "oleObjects controls webPublishItems tableParts extLst"
).split()
MOST_ROWS, MOST_COLUMNS, LONGEST_TEXT, MOST_STYLES = 1_048_576, 16_384, 32_767, 64_000
MOST_LINKS, TALLEST, WIDEST = 65_530, 409, 255
NAME = re.compile(r"[A-Za-z_\\][A-Za-z0-9_.\\]{0,254}")
CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*")


def faults_in(path):
    """Everything in a workbook that Excel would refuse or repair, in words."""
    with ZipFile(path) as archive:
        names = archive.namelist()
        if len(names) != len({name.casefold() for name in names}):
            yield "two parts of one name"
        parsed = {
            name: ET.fromstring(archive.read(name))  # noqa: S314 - ours
            for name in names
            if name.endswith((".xml", ".rels", ".vml"))
        }
    book = parsed["xl/workbook.xml"]
    yield from faults_of_book(book)
    yield from faults_of_styles(parsed["xl/styles.xml"])
    known = {entry.get("name") for entry in book.iter(f"{MAIN}definedName")}
    for name, root in parsed.items():
        if PurePosixPath(name).match("xl/worksheets/*.xml"):
            for fault in faults_of_sheet(root, known, shared(parsed), styles(parsed)):
                yield f"{name}: {fault}"
        if name.endswith(".rels"):
            yield from faults_of_links(name, root, set(names))
    for name in names:
        if "comment" in name.casefold() and name.endswith(".xml"):
            yield from faults_of_comments(name, parsed)


def shared(parsed):
    root = parsed.get("xl/sharedStrings.xml")
    return [] if root is None else ["".join(item.itertext()) for item in root]


def styles(parsed):
    return len(parsed["xl/styles.xml"].find(f"{MAIN}cellXfs"))


def faults_of_book(book):
    titles = [sheet.get("name") for sheet in book.iter(f"{MAIN}sheet")]
    if len({title.casefold() for title in titles}) < len(titles):
        yield "two sheets of one name"
    for title in titles:
        is_apostrophe = title.startswith("'") or title.endswith("'")
        if not 0 < len(title) <= 31 or re.search(r"[\[\]:*?/\\]", title) or is_apostrophe:
            yield f"a sheet called {title}"
    if all(sheet.get("state") == "hidden" for sheet in book.iter(f"{MAIN}sheet")):
        yield "no sheet that shows"
    view = book.find(f"{MAIN}bookViews/{MAIN}workbookView")
    if view is not None and int(view.get("activeTab", "0")) >= len(titles):
        yield "an active sheet that is not there"
    yield from faults_of_names(book, titles)


def faults_of_names(book, titles):
    met = set()
    for entry in book.iter(f"{MAIN}definedName"):
        name, text = entry.get("name"), entry.text or ""
        if not name.startswith("_xlnm.") and (not NAME.fullmatch(name) or CELL.fullmatch(name)):
            yield f"a name {name}"
        if (name.casefold(), entry.get("localSheetId")) in met:
            yield f"the name {name} twice"
        met.add((name.casefold(), entry.get("localSheetId")))
        if text.startswith("=") or len(text) > 8_192:
            yield f"a formula of {name}"
        for said in re.findall(r"'((?:[^']|'')+)'!", text):
            if said.replace("''", "'") not in titles:
                yield f"{name} points to {said}"


def faults_of_styles(root):
    if len(root.find(f"{MAIN}cellXfs")) > MOST_STYLES:
        yield "too many styles"
    fonts, fills = (len(root.find(f"{MAIN}{part}")) for part in ("fonts", "fills"))
    for style in root.find(f"{MAIN}cellXfs"):
        if int(style.get("fontId", "0")) >= fonts or int(style.get("fillId", "0")) >= fills:
            yield "a style without its font or fill"


def faults_of_sheet(root, known, texts, n_styles):
    order = [ORDER.index(child.tag.rpartition("}")[2]) for child in root]
    if order != sorted(order):
        yield f"elements in the order {[ORDER[at] for at in order]}"
    last_row = 0
    for row in root.iter(f"{MAIN}row"):
        number = int(row.get("r"))
        if not last_row < number <= MOST_ROWS or float(row.get("ht", "0")) > TALLEST:
            yield f"row {number} after {last_row}"
        last_row, last_column = number, 0
        for cell in row:
            left, top, _, _ = range_boundaries(cell.get("r"))
            if top != number or not last_column < left <= MOST_COLUMNS:
                yield f"cell {cell.get('r')} in row {number}"
            last_column = left
            if int(cell.get("s", "0")) >= n_styles:
                yield f"cell {cell.get('r')} of no style"
            yield from faults_of_cell(cell, texts)
    yield from faults_around_cells(root)
    yield from faults_of_areas(root)
    yield from faults_of_lists(root, known)


def faults_around_cells(root):
    filters = list(root.iter(f"{MAIN}autoFilter"))
    for column in root.iter(f"{MAIN}col"):
        if not 0 <= float(column.get("width", "8")) <= WIDEST:
            yield "a column too wide"
    if len(filters) > 1 or sum(1 for _ in root.iter(f"{MAIN}hyperlink")) > MOST_LINKS:
        yield "too many filters or links"
    for link in root.iter(f"{MAIN}hyperlink"):
        if not link.get("location") and not link.get(f"{OFFICE}id"):
            yield f"a link at {link.get('ref')} that leads nowhere"


def faults_of_cell(cell, texts):
    value, kind = cell.findtext(f"{MAIN}v"), cell.get("t", "n")
    if kind == "s":
        value = texts[int(value)]
    elif kind == "inlineStr":
        value = "".join(cell.find(f"{MAIN}is").itertext())
    elif kind == "n" and value and not 0 <= abs(float(value)) < 1e308:
        yield f"{cell.get('r')} is no number"
    if value is not None and len(value) > LONGEST_TEXT:
        yield f"{cell.get('r')} has {len(value)} characters"


def faults_of_areas(root):
    """Merged cells that lie over each other; Excel refuses to open these."""
    met = set()
    for area in root.iter(f"{MAIN}mergeCell"):
        left, top, right, bottom = range_boundaries(area.get("ref"))
        cells = {(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)}
        if len(cells) < 2 or met & cells:
            yield f"merged cells {area.get('ref')}"
        met |= cells


def faults_of_lists(root, known):
    """Lists to choose from: what they offer, and that no cell has two."""
    met = []
    for rule in root.iter(f"{MAIN}dataValidation"):
        formula = rule.findtext(f"{MAIN}formula1") or ""
        is_text = formula.startswith('"') and formula.endswith('"')
        if len(formula.strip('"') if is_text else formula) > 255 or formula.startswith("="):
            yield f"a list {formula[:40]}"
        if not is_text and not set(re.findall(r"\b[a-z_]+_(?:ids|words)\b", formula)) <= known:
            yield f"a list of a name that is not there: {formula[:40]}"
        for words in ("promptTitle", "errorTitle"):
            if len(rule.get(words, "")) > 32:
                yield f"{words} too long"
        met += [range_boundaries(area) for area in rule.get("sqref").split()]
    for at, one in enumerate(met):
        for other in met[at + 1 :]:
            is_apart = other[0] > one[2] or other[2] < one[0]
            if not (is_apart or other[1] > one[3] or other[3] < one[1]):
                yield f"two lists in {one}"


def faults_of_links(name, root, names):
    """Parts that are pointed to and are not there, and two of one number."""
    folder = PurePosixPath(name).parent.parent
    ids = [entry.get("Id") for entry in root]
    if len(set(ids)) < len(ids):
        yield f"{name}: a number twice"
    for entry in root:
        target = entry.get("Target")
        if entry.get("TargetMode") == "External":
            continue
        path = target.lstrip("/") if target.startswith("/") else str(folder / target)
        while "/../" in path:
            path = re.sub(r"[^/]+/\.\./", "", path, count=1)
        if path not in names:
            yield f"{name}: {path} is not there"


def faults_of_comments(name, parsed):
    """Comments without an author, twice in a cell, too long, or without a shape."""
    root = parsed[name]
    authors = len(root.find(f"{MAIN}authors"))
    comments = list(root.iter(f"{MAIN}comment"))
    where = [comment.get("ref") for comment in comments]
    if len(set(where)) < len(where):
        yield f"{name}: two comments in a cell"
    for comment in comments:
        text = "".join(comment.itertext())
        if int(comment.get("authorId")) >= authors or len(text) > LONGEST_TEXT:
            yield f"{name}: {comment.get('ref')}"
    shapes = [
        sum(1 for item in parsed[part].iter() if item.get("ObjectType") == "Note")
        for part in parsed
        if part.endswith(".vml")
    ]
    if len(comments) not in shapes:
        yield f"{name}: {len(comments)} comments, and drawings of {shapes}"


@pytest.fixture
def messy(tmp_path):
    """A workbook as an office fills it in, with a sheet whose name is hard to write down."""
    book = Workbook()
    page = book.active
    page.title = "地区"
    page.append(["地区编号", "名称", "经度", "这是什么", None])
    page.append(["P1", "株洲", "远", "=1+1", "x"])
    page.append(["P1", None, 999, "#N/A", "y" * 32_000])
    page.merge_cells("A5:B6")
    page.auto_filter.ref = "A1:C3"
    page["C2"].comment = Comment("请核对" * 900, "李四")
    page["D2"].comment = Comment("自己的批注", "李四")
    other = book.create_sheet("Li's 表（内部 31 个字以内的名称）")
    other.append(["无", "表"])
    other.sheet_state = "hidden"
    path = tmp_path / "messy.xlsx"
    book.save(path)
    return path


@pytest.fixture
def written(tmp_path, messy, monkeypatch):
    """Writes each kind of workbook that goes out, in a language."""
    monkeypatch.setattr(marked, "limit_memory", lambda _: None)

    def run(_, folder, __):
        marked.main(folder)
        return Ended(0)

    monkeypatch.setattr("liantu.ingest.books.marking.run", run)

    def write(kind, language):
        target = tmp_path / f"{kind}-{language}.xlsx"
        if kind == "template":
            write_template(target, language)
        elif kind == "template with lists":
            recorded = {"places": ["P1"], "organisations": [f"O{at}" for at in range(2_000)]}
            write_template(target, language, recorded)
        elif kind == "export":
            write_export(record(), target, language)
        else:
            files = [messy] if kind == "marked" else csv(tmp_path, 地区="名称,经度\n\x0b,远")
            mark(files, gathered(files).problems, target, language)
        return target

    return write


def record():
    """Tables whose cells come near the limits: long, early, large, and like formulas."""
    places = [
        {"place_id": "=1+1", "name": "x" * LONGEST_TEXT, "longitude": -180.0, "level": "city"},
        {"place_id": "_x0041_", "name": "a\tb\nc", "latitude": 1e-300},
    ]
    days = [
        {"calendar": "CN", "date": day, "working": True}
        for day in (dt.date(1899, 12, 31), dt.date(1900, 2, 28), dt.date(9999, 12, 31))
    ]
    return {
        "places": table("places", places),
        "calendar_days": table("calendar_days", days),
    }


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "kind", ["template", "template with lists", "export", "marked", "marked text"]
)
def test_workbooks_keep_to_excels_limits(written, kind, language):
    path = written(kind, language)
    assert list(faults_in(path)) == []
    assert load_workbook(path).sheetnames


def test_a_list_beyond_the_limit_over_another_one_is_found(tmp_path):
    book = Workbook()
    for cells in ("A1:A9", "A5:B6"):
        rule = DataValidation(type="list", formula1=f'"{"x" * 256}"')
        rule.add(cells)
        book.active.add_data_validation(rule)
    book.save(tmp_path / "a.xlsx")
    found = [fault.partition(": ")[2].split()[1] for fault in faults_in(tmp_path / "a.xlsx")]
    assert found == ["list", "list", "lists"]
