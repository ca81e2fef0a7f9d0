"""Mutations that write cells in other words, which mean the same: they must be read so."""

import datetime as dt
from decimal import Decimal

from liantu.locale import translated
from liantu.schema import TABLES, columns
from tests.ingest.drafts import Formula, plain
from tests.ingest.operators import a_cell, columns_of, entry_of, operator, some, sound

NUMBERS = ("output", "value", "quantity", "statutory_days")
SHARES = ("market_share", "cost_share")


def _rewrite(draft, chance, names, words, *, least=1, most=3) -> bool:
    """Write some cells of a column in other words; ``words`` may give None for none."""
    found = columns_of(draft, *names)
    if not found:
        return False
    page, head = chance.choice(found)
    changed = 0
    for line in chance.sample(page.data, len(page.data)):
        value = line.truth[head.name]
        if value is None or line.faulty or changed == most:
            continue
        other = words(value)
        if other is not None:
            line.cells[head] = other
            changed += 1
    return changed >= least


@operator("read", touches="numbers")
def full_width_digits(draft, chance):
    names = (*NUMBERS, "founded", "year")
    return _rewrite(draft, chance, names, lambda value: _wide(plain(value)))


def _wide(text):
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@operator("read", touches="numbers")
def thousands_separators(draft, chance):
    return _rewrite(
        draft,
        chance,
        NUMBERS,
        lambda value: (
            f"{int(value):,}" if value >= 1000 and float(value).is_integer() else None
        ),
    )


@operator("read", touches="numbers")
def ten_thousands_in_the_cell(draft, chance):
    def words(value):
        return f"{plain(float(Decimal(repr(value)) / 10_000))}万" if value >= 1000 else None

    return _rewrite(draft, chance, ("output", "value"), words)


@operator("read", touches="numbers")
def hundreds_of_millions_in_the_cell(draft, chance):
    def words(value):
        return f"{plain(float(Decimal(repr(value)) / 10**8))}亿" if value >= 10**6 else None

    return _rewrite(draft, chance, ("value",), words)


@operator("read", touches="numbers")
def percent_signs_in_shares(draft, chance):
    def words(value):
        return f"{plain(float(Decimal(repr(value)) * 100))}%"

    return _rewrite(draft, chance, SHARES, words)


@operator("read", kinds="xlsx", touches="numbers")
def numbers_kept_as_text(draft, chance):
    return _rewrite(draft, chance, (*NUMBERS, "year", "founded"), plain, most=99)


@operator("read", kinds="xlsx", touches="numbers")
def a_formula_with_its_value(draft, chance):
    def words(value):
        return Formula(f"={plain(value)}+0", value)

    return _rewrite(draft, chance, (*NUMBERS, "year"), words)


@operator("read", touches="numbers")
def a_year_with_its_word(draft, chance):
    return _rewrite(draft, chance, ("year", "founded"), lambda value: f"{value}年")


@operator("read", touches="numbers")
def numbers_in_powers_of_ten(draft, chance):
    def words(value):
        return f"{value / 1000:.14g}E+3" if value >= 1000 else None

    return _rewrite(draft, chance, ("output", "value"), words)


@operator("read", touches="blankwords")
def words_that_stand_for_nothing(draft, chance):
    found = a_cell(draft, chance, "output", "statutory_days", "founded", "longitude")
    if not found or found[0].head("currency"):
        return False
    _, head, line = found
    line.cells[head] = chance.choice(["暂无", "—", "N/A", "-", "无"])
    line.truth[head.name] = None
    return not _is_needed(found[0], head)


def _is_needed(page, head):
    """Whether a total would be wrong without the cell."""
    return any(line.truth is None and line.cells.get(head) is not None for line in page.lines)


@operator("read", kinds="xlsx", touches="merged totals sheets")
def cells_merged_over_rows(draft, chance):
    found = columns_of(draft, "measure", "unit", "authority", "calendar")
    if not found or draft.kind != "xlsx":
        return False
    page, head = chance.choice(found)
    if len(page.data) < 2 or page.merged or len(page.lines) != len(page.data):
        return False
    first, second = page.lines[:2]
    if first.faulty or second.faulty or first.truth[head.name] != second.truth[head.name]:
        return False
    at = page.left + page.heads.index(head)
    second.cells[head] = None
    page.merged.append((page.header_row, at, page.header_row + 1, at))
    return True


@operator("read", touches="dates")
def dates_in_chinese(draft, chance):
    return _rewrite(
        draft, chance, ("date",), lambda day: f"{day.year}年{day.month}月{day.day}日"
    )


@operator("read", touches="dates")
def dates_with_slashes(draft, chance):
    return _rewrite(draft, chance, ("date",), lambda day: f"{day.year}/{day.month}/{day.day}")


@operator("read", touches="dates")
def dates_with_dots(draft, chance):
    return _rewrite(draft, chance, ("date",), lambda day: f"{day.year}.{day.month}.{day.day}")


@operator("read", kinds="xlsx", touches="dates")
def dates_as_text(draft, chance):
    return _rewrite(draft, chance, ("date",), dt.date.isoformat, most=99)


@operator("read", touches="choices")
def choices_in_the_other_language(draft, chance):
    other = "en" if draft.language == "zh" else "zh"
    return _rewrite(draft, chance, ("level", "kind"), lambda word: translated(word, other))


@operator("read", touches="choices")
def choices_in_capitals(draft, chance):
    return _rewrite(draft, chance, ("level", "kind"), str.upper)


@operator("read", touches="booleans")
def truth_in_other_words(draft, chance):
    words = chance.choice([("否", "是"), ("no", "YES"), ("false", "true"), ("0", "1")])
    return _rewrite(draft, chance, ("working", "essential"), lambda value: words[value])


@operator("read", touches="blanks")
def blanks_around_cells(draft, chance):
    page = some(draft, chance)
    head = chance.choice(page.named)
    for line in sound(page, head):
        if isinstance(line.cells[head], str):
            line.cells[head] = f"  {line.cells[head]}　 "
    return True


@operator("read", touches="names")
def names_in_the_stead_of_identifiers(draft, chance):
    return _refer(draft, chance, "name_local") or _refer(draft, chance, "name")


@operator("read", touches="names")
def registration_numbers_in_the_stead_of_identifiers(draft, chance):
    return _refer(draft, chance, "registration_no")


def _refer(draft, chance, by):
    """Name what a cell refers to otherwise than by its identifier."""
    found = []
    for page in draft.pages:
        for head in page.named:
            target = next(iter(entry_of(page, head).references), None)
            named = draft.page(target) if target and target != page.table else None
            if named is not None and named.head(by) and head.name != "subject_id":
                found.append((page, head, named))
    if not found:
        return False
    page, head, named = chance.choice(found)
    key = columns(TABLES[named.table])[0].name
    known = {line.truth[key]: line.truth.get(by) for line in named.data}
    several = [name for name in known.values() if list(known.values()).count(name) > 1]
    changed = False
    for line in chance.sample(page.data, min(3, len(page.data))):
        name = known.get(line.truth[head.name])
        if name and name not in several and not line.faulty:
            line.cells[head] = name
            changed = True
    return changed


@operator("read", kinds="csv", touches="quotes")
def a_line_break_within_quotes(draft, chance):
    found = a_cell(draft, chance, "name")
    if not found or found[0].table in ("places", "organisations", "products"):
        return False
    _, head, line = found
    line.truth[head.name] = "two\nlines"
    line.cells[head] = "two\nlines"
    return True


@operator("read", kinds="csv", touches="quotes")
def commas_and_quotes_within_quotes(draft, chance):
    found = a_cell(draft, chance, "authority", "unit")
    if not found:
        return False
    _, head, line = found
    line.truth[head.name] = line.cells[head] = 'first, "second"; third'
    return True
