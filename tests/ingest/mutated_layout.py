"""Mutations that change how a file looks and not what it says: it must be read as it was."""

import csv
from decimal import Decimal

from liantu.schema import TABLES, columns
from tests.ingest.drafts import Head, Line, heading, plain, written
from tests.ingest.operators import columns_of, entry_of, operator, some

# Bytes and signs of a CSV file.


def _written(name, touches, **as_is):
    """Register the mutation of that name, which writes files in another way."""

    def mutate(draft, _):
        for way, value in as_is.items():
            setattr(draft, way, value)
        return True

    mutate.__name__ = name
    operator("read", kinds="csv", touches=touches)(mutate)


_written("byte_order_mark", "bytes encoding", encoding="utf-8-sig")
_written("gb18030", "bytes encoding", encoding="gb18030")
_written(
    "utf_16_as_excel_saves_unicode_text", "bytes encoding", encoding="utf-16", delimiter="\t"
)
_written("utf_16_with_commas", "bytes encoding", encoding="utf-16")
_written("line_breaks_of_windows", "newline", newline="\r\n")
_written("semicolons_between_cells", "encoding", delimiter=";")
_written("tabs_between_cells", "encoding", delimiter="\t")
_written("every_cell_in_quotes", "quoting", quoting=csv.QUOTE_ALL)


@operator("read", kinds="csv", touches="bytes")
def no_line_break_at_the_end(draft, chance):
    page = some(draft, chance)
    draft.changed(page, lambda content: content.rstrip(b"\r\n"))
    return True


@operator("read", kinds="csv", touches="newline bytes")
def line_breaks_of_old_programs(draft, _):
    draft.newline = "\r"
    return draft.quoting == csv.QUOTE_MINIMAL


# Headers.


@operator("read", touches="words")
def headers_in_the_other_language(draft, _):
    other = "en" if draft.language == "zh" else "zh"
    for page in draft.pages:
        for head in page.named:
            head.words = heading(page.table, head.name, other)
    return True


@operator("read", touches="words")
def headers_as_english_titles(draft, _):
    for page in draft.pages:
        for head in page.named:
            head.words = entry_of(page, head).title.upper()
    return True


@operator("read", touches="words")
def blanks_and_full_width_signs_in_headers(draft, _):
    for page in draft.pages:
        for head in page.named:
            wide = "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in head.words)
            head.words = f" {wide}　"
    return True


@operator("read", touches="words")
def stars_and_words_at_required_headers(draft, chance):
    page = some(draft, chance)
    for head in page.named:
        if not entry_of(page, head).nullable:
            head.words = chance.choice(["*{}", "{}*", "{}（必填）"]).format(head.words)
    return True


@operator("read", touches="words numbers")
def a_unit_of_ten_thousand_in_the_header(draft, chance):
    found = columns_of(draft, "value")
    found = [(page, head) for page, head in found if page.head("currency")]
    if not found:
        return False
    page, head = chance.choice(found)
    head.words += "（万元）"
    for line in page.data:
        if line.truth["value"] is not None and not line.faulty:
            small = Decimal(repr(line.truth["value"])) / 10_000
            line.cells[head] = plain(float(small)) if draft.kind == "csv" else float(small)
    return all(not line.faulty for line in page.data)


@operator("read", touches="words")
def the_column_s_own_unit_in_the_header(draft, chance):
    found = columns_of(draft, "longitude", "latitude")
    if not found:
        return False
    _, head = chance.choice(found)
    head.words += "(°)"
    return True


@operator("read", touches="above")
def title_rows_above_the_header(draft, chance):
    page = some(draft, chance)
    page.above = [["株洲市产业链数据报送表"], *([] if chance.random() < 0.5 else [[None]])]
    return True


@operator("read", touches="above")
def a_title_and_who_filled_it_in(draft, chance):
    page = some(draft, chance)
    page.above = [
        ["附件2：基本情况表"],
        ["填报单位：工信局", None, "填报日期：2024年5月"],
    ]
    return True


@operator("read", kinds="xlsx", touches="above")
def a_title_merged_across_the_table(draft, chance):
    page = some(draft, chance)
    if len(page.heads) < 2:
        return False
    page.above = [["产业链数据报送表（2024年）"]]
    page.merged.append((0, page.left, 0, page.left + len(page.heads) - 1))
    return True


# Rows and columns.


@operator("read")
def blank_rows_between(draft, chance):
    page = some(draft, chance)
    for _ in range(chance.randint(1, 3)):
        page.lines.insert(chance.randint(0, len(page.lines)), Line({}))
    return True


@operator("read")
def rows_of_blanks_at_the_end(draft, chance):
    page = some(draft, chance)
    page.lines += [Line(dict.fromkeys(page.heads, " ")) for _ in range(3)]
    return True


@operator("read")
def a_blank_column_between(draft, chance):
    page = some(draft, chance)
    page.heads.insert(chance.randint(1, len(page.heads)), Head(None, ""))
    return not page.merged


@operator("read", kinds="xlsx", touches="left")
def a_table_that_begins_in_the_third_column(draft, chance):
    page = some(draft, chance)
    page.left = 2
    return not page.merged


@operator("read", touches="columns")
def columns_in_another_order(draft, chance):
    page = some(draft, chance)
    chance.shuffle(page.heads)
    return True


@operator("read", touches="totals")
def rows_in_another_order(draft, chance):
    page = some(draft, chance)
    chance.shuffle(page.lines)
    return not any(line.faulty for line in page.lines)


@operator("read", touches="sheets")
def sheets_in_another_order(draft, chance):
    chance.shuffle(draft.pages)
    return True


@operator("read", touches="columns")
def a_column_of_the_table_that_is_blank(draft, chance):
    page = some(draft, chance)
    used = {head.name for head in page.heads}
    names = [e.name for e in columns(TABLES[page.table]) if e.name not in used and e.nullable]
    if not names:
        return False
    name = chance.choice(names)
    page.heads.append(Head(name, heading(page.table, name, draft.language)))
    for line in page.data:
        line.truth[name] = None
    return True


@operator("read", touches="totals")
def a_row_of_totals(draft, chance):
    found = [
        (page, head)
        for page, head in columns_of(draft, "output", "value", "quantity")
        if all(not line.faulty and line.truth[head.name] is not None for line in page.data)
        and page.heads[0] is not head
    ]
    if not found:
        return False
    page, head = chance.choice(found)
    total = sum(line.truth[head.name] for line in page.data)
    first = page.named[0]
    if first is head:
        return False
    cells = {first: chance.choice(["合计", "总计", "合 计", "Total"])}
    cells[head] = written(total, page.table, head.name, draft.language, kind=draft.kind)
    page.lines.append(Line(cells))
    return _is_as_shown(page, head)


def _is_as_shown(page, head):
    return all(
        str(line.cells[head]) in (plain(line.truth[head.name]), str(line.truth[head.name]))
        for line in page.data
    )


@operator("read", touches="totals")
def a_note_below_the_table(draft, chance):
    page = some(draft, chance)
    first = page.named[0]
    words = chance.choice(
        ["注：数据截至2023年底。", "填表人：", "数据来源：市统计局", "Note: as of 2023"]
    )
    page.lines += [Line({}), Line({first: words})]
    return True


@operator("read", kinds="xlsx", touches="sheets")
def an_empty_sheet_more(draft, _):
    draft.extras = lambda book: book.add_worksheet("Sheet9")
    return True


@operator("read", kinds="xlsx", touches="sheets")
def the_guide_of_the_template(draft, _):
    draft.extras = lambda book: book.add_worksheet("说明").write_row(0, 0, ["表", "列", "含义"])
    return True
