"""Mutations that put something wrong into one place: a problem must be found there alone."""

from liantu.schema import TABLES, columns, key_columns
from tests.ingest.drafts import Formula, Head, Line
from tests.ingest.mutated_words import NUMBERS, SHARES
from tests.ingest.operators import a_cell, columns_of, operator, some, sound

FREE = ("output", "quantity", "statutory_days", "value")


def _spoil(draft, chance, names, words):
    """Put other words into a cell of one of these columns; a problem must be found there."""
    found = a_cell(draft, chance, *names)
    if not found:
        return False
    _, head, line = found
    line.cells[head] = words(line.truth[head.name]) if callable(words) else words
    line.faulty.add(head)
    return True


@operator("cell")
def words_where_a_number_belongs(draft, chance):
    words = chance.choice(["many", "见附件", "12 or 13", "1.2.3", "0x10", "--5"])
    return _spoil(draft, chance, (*FREE, *SHARES, "longitude"), words)


@operator("cell")
def words_where_a_year_belongs(draft, chance):
    words = chance.choice(["MMXX", "last year", "20 24", "2023.5"])
    return _spoil(draft, chance, ("founded", "baseline_year"), words)


@operator("cell")
def about_so_many(draft, chance):
    words = chance.choice(["约500", ">100", "100-200", "500左右", "100~200", "500+"])
    return _spoil(draft, chance, FREE, words)


@operator("cell")
def infinity(draft, chance):
    words = chance.choice(["inf", "NaN", "1e999", "-Infinity"])
    return _spoil(draft, chance, FREE, words)


@operator("cell")
def less_than_nothing(draft, chance):
    return _spoil(draft, chance, ("output", "quantity", "statutory_days"), "-5")


@operator("cell")
def beyond_the_globe(draft, chance):
    return _spoil(draft, chance, ("longitude", "latitude"), "200.5")


@operator("cell")
def a_share_above_one(draft, chance):
    return _spoil(draft, chance, SHARES, "35")


@operator("cell")
def a_choice_that_is_none(draft, chance):
    words = chance.choice(["citty", "民营", "n/k", "大型企业"])
    return _spoil(draft, chance, ("level", "kind"), words)


@operator("cell")
def neither_true_nor_false(draft, chance):
    words = chance.choice(["maybe", "2", "不清楚"])
    return _spoil(draft, chance, ("working", "essential"), words)


@operator("cell")
def a_date_that_can_be_read_in_two_ways(draft, chance):
    return _spoil(
        draft, chance, ("date",), chance.choice(["05/06/2024", "3/4/2024", "1-2-2024"])
    )


@operator("cell")
def a_day_that_never_was(draft, chance):
    return _spoil(
        draft, chance, ("date",), chance.choice(["2024-02-30", "2023年2月29日", "2024-13-01"])
    )


@operator("cell")
def a_month_without_a_day(draft, chance):
    return _spoil(draft, chance, ("date",), chance.choice(["2024-05", "2024年5月"]))


@operator("cell")
def a_required_cell_left_blank(draft, chance):
    return _spoil(draft, chance, ("name", "working"), None)


@operator("cell")
def a_reference_to_nothing(draft, chance):
    names = ("place_id", "org_id", "product_id", "part_id")
    found = [
        (page, head, line)
        for page, head in columns_of(draft, *names)
        if columns(TABLES[page.table])[0].name != head.name or page.table == "makes"
        for line in sound(page, head)
    ]
    if not found:
        return False
    _, head, line = chance.choice(found)
    line.cells[head] = "Q9999"
    line.faulty.add(head)
    return True


@operator("cell", touches="totals unread")
def a_row_a_second_time(draft, chance):
    page = some(draft, chance)
    line = chance.choice(page.data)
    head = page.head(key_columns(TABLES[page.table])[0].name)
    other = next(
        (item for item in page.heads if item.name in (*NUMBERS, "name_local", "main")), None
    )
    if line.faulty or other is None or line.truth[other.name] is None:
        return False
    again = Line(dict(line.cells), dict(line.truth))
    again.cells[other] = "77" if other.name in NUMBERS else "另一个"
    again.truth[other.name] = 77.0 if other.name in NUMBERS else "另一个"
    again.faulty.add(head)
    page.lines.append(again)
    return True


@operator("cell")
def a_place_within_itself(draft, chance):
    found = a_cell(draft, chance, "parent_id")
    if not found or found[0].table != "places":
        return False
    page, head, line = found
    line.cells[head] = line.cells[page.head("place_id")]
    line.faulty.add(head)
    return True


@operator("cell", kinds="xlsx")
def an_error_of_excel(draft, chance):
    code = chance.choice(["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?"])
    names = (*FREE, "founded", "name_local", "unit")
    return _spoil(draft, chance, names, Formula("=1/0", code))


@operator("cell", kinds="xlsx")
def a_formula_that_was_never_computed(draft, chance):
    names = (*FREE, "founded", "name_local")
    return _spoil(draft, chance, names, Formula("=A1", None))


@operator("cell")
def a_code_that_went_through_a_number(draft, chance):
    def words(code):
        return f"{code[0]}.{code[1:6]}E+17"

    found = a_cell(draft, chance, "registration_no")
    if not found:
        return False
    _, head, line = found
    line.cells[head] = words(str(line.truth[head.name]))
    line.faulty.add(head)
    return True


@operator("cell", kinds="xlsx")
def a_long_code_kept_as_a_number(draft, chance):
    return _spoil(draft, chance, ("registration_no",), 914302001234567800.0)


# Headers.


@operator("cell", touches="words unread")
def a_misspelt_header(draft, chance):
    found = columns_of(draft, "name_local", "founded", "output", "longitude", "statutory_days")
    found = [(page, head) for page, head in found if sound(page, head)]
    if not found:
        return False
    page, head = chance.choice(found)
    head.words = {"name_local": "nmae_lcoal"}.get(head.name, f"{head.words}xq")
    return _strange(page, head)


@operator("cell", touches="words columns")
def a_column_that_the_table_does_not_have(draft, chance):
    page = some(draft, chance)
    head = Head(None, chance.choice(["colour", "备用字段三", "xyz"]), is_faulty=True)
    page.heads.append(head)
    for line in page.data:
        line.cells[head] = "7"
    return True


def _strange(page, head):
    """The column counts as absent: what is in it is not read."""
    head.is_faulty = True
    return all(head not in line.faulty for line in page.data)


@operator("cell", touches="words columns")
def the_same_column_twice(draft, chance):
    page = some(draft, chance)
    head = chance.choice(page.named)
    again = Head(None, head.words, is_faulty=True)
    page.heads.append(again)
    for line in page.data:
        line.cells[again] = line.cells.get(head)
    return not head.is_faulty


@operator("cell", touches="words unread")
def a_unit_that_cannot_be_converted(draft, chance):
    found = columns_of(draft, "statutory_days", "longitude")
    if not found:
        return False
    page, head = chance.choice(found)
    head.words += chance.choice(["（吨）", "（万元）"])
    return _strange(page, head)


@operator("cell", touches="sheets title")
def a_sheet_of_an_unknown_name(draft, chance):
    page = chance.choice(draft.pages)
    page.title = chance.choice(["Sheet7", "汇总表", "xx"])
    page.is_faulty = True
    return not any(line.faulty for line in page.lines)


# Rows of a CSV file.


@operator("cell", kinds="csv", touches="ragged")
def a_row_with_a_cell_too_many(draft, chance):
    page = some(draft, chance)
    line = chance.choice(page.data)
    if line.faulty:
        return False
    page.ragged[line] = 1
    line.faulty.add(None)
    return True


@operator("cell", kinds="csv", touches="ragged")
def a_row_with_a_cell_too_few(draft, chance):
    page = some(draft, chance)
    line = chance.choice(page.data)
    if line.faulty or len(page.heads) < 3:
        return False
    page.ragged[line] = -1
    line.faulty.add(None)
    return True
