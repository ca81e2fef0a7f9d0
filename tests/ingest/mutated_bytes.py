"""Mutations of a file's bytes: a line must be named, or what is wrong with the whole file."""

import io
import zipfile

from tests.ingest.drafts import heading
from tests.ingest.operators import operator, some

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
UNREADABLE = frozenset({"unreadable-file"})
FALSE = frozenset({"unknown-kind", "unreadable-file"})


def _replaced(old, new):
    return lambda content: content.replace(old, new, 1)


def _a_line(draft, chance):
    """A row of a page, in which a mark is put that no other cell has."""
    page = some(draft, chance)
    found = [
        (line, head)
        for line in page.data
        for head in page.heads
        if head.name in ("name", "name_local", "unit", "authority", "currency")
        and not line.faulty
        and line.cells.get(head)
    ]
    if not found:
        return None
    line, head = chance.choice(found)
    line.cells[head] = "zzmarkzz"
    return page, line


def _spoilt(draft, chance, spoil):
    """Change the bytes of a mark in a row; the file is refused at that row."""
    found = _a_line(draft, chance)
    if not found:
        return False
    page, line = found
    draft.changed(page, _replaced(b"zzmarkzz", spoil))
    draft.stopped[page] = line
    return True


@operator("cell", kinds="csv", touches="bytes encoding quotes ragged")
def a_nul_byte(draft, chance):
    return _spoilt(draft, chance, b"zz\0zz")


@operator("cell", kinds="csv", touches="bytes encoding quotes ragged")
def bytes_of_no_encoding(draft, chance):
    return _spoilt(draft, chance, b"zz\xff\xff\xfezz")


@operator("cell", kinds="csv", touches="bytes encoding quotes ragged")
def a_row_pasted_in_another_encoding(draft, chance):
    found = _a_line(draft, chance)
    if not found:
        return False
    page, line = found
    others = [row.truth.get("name_local") for row in page.data if row is not line]
    if all(name is None or name.isascii() for name in others):
        return False  # it would be a file in the other encoding, and be read
    draft.changed(page, _replaced(b"zzmarkzz", "株洲电力机车".encode("gb18030")))
    draft.stopped[page] = line
    return True


@operator("cell", kinds="csv", touches="bytes encoding quotes quoting ragged newline")
def a_quote_that_is_never_closed(draft, chance):
    found = _a_line(draft, chance)
    if not found:
        return False
    page, line = found
    head = next(head for head in page.heads if line.cells.get(head) == "zzmarkzz")
    if page.heads[0] is not head:
        draft.changed(page, _replaced(b",zzmarkzz", b',"zzmarkzz'))
    else:
        return False
    draft.stopped[page] = line
    return True


def _of_all(draft, codes, change):
    """One change to every file of the draft, or to one of CSV."""
    for page in draft.pages if draft.kind == "xlsx" else draft.pages[:1]:
        draft.causes[page] = codes
    draft.changed(draft.pages[0], change)
    return True


@operator("cause", kinds="xlsx", touches="bytes sheets")
def a_workbook_cut_off(draft, chance):
    part = chance.uniform(0.1, 0.95)
    return _of_all(draft, UNREADABLE, lambda made: made[: int(len(made) * part)])


@operator("cause", kinds="xlsx", touches="bytes sheets")
def a_workbook_with_a_password(draft, _):
    return _of_all(draft, FALSE, lambda _: OLE)


@operator("cause", touches="bytes sheets encoding")
def a_picture_of_a_table(draft, _):
    return _of_all(draft, FALSE, lambda _: PNG)


@operator("cause", kinds="xlsx", touches="bytes sheets")
def an_old_workbook_by_its_name(draft, _):
    draft.suffix = "xls"
    return _of_all(draft, frozenset({"unknown-kind"}), lambda made: made)


@operator("cause", kinds="xlsx", touches="bytes sheets")
def text_named_as_a_workbook(draft, _):
    return _of_all(draft, FALSE, lambda _: b"place_id,name\nP1,a\n")


@operator("cause", kinds="csv", touches="bytes sheets encoding")
def a_workbook_named_as_text(draft, _):
    return _of_all(draft, FALSE, lambda _: _zip({"xl/workbook.xml": b"<workbook/>"}))


@operator("cause", kinds="xlsx", touches="bytes sheets")
def an_archive_of_something_else(draft, _):
    return _of_all(draft, FALSE, lambda _: _zip({"photos/1.txt": b"x", "2.txt": b"y"}))


@operator("cause", kinds="xlsx", touches="bytes sheets")
def a_web_page_named_as_a_workbook(draft, _):
    return _of_all(draft, FALSE, lambda _: b"<html><table><tr><td>1</td></tr></table></html>")


@operator("cause", touches="bytes sheets encoding")
def an_empty_file(draft, _):
    return _of_all(draft, frozenset({"empty-file"}), lambda _: b"")


@operator("cause", kinds="csv", touches="bytes sheets encoding")
def nothing_but_blanks(draft, _):
    return _of_all(draft, frozenset({"empty-file"}), lambda _: b" \r\n , ,\r\n\r\n")


@operator("cause", kinds="xlsx", touches="bytes sheets")
def a_workbook_that_expands_entities(draft, _):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return _of_all(
        draft, UNREADABLE, lambda made: _sheet(made, lambda text: _after(text, bomb))
    )


@operator("cause", kinds="xlsx", touches="bytes sheets")
def a_sheet_cut_off_within(draft, chance):
    part = chance.uniform(0.3, 0.9)
    return _of_all(
        draft, UNREADABLE, lambda made: _sheet(made, lambda text: text[: int(len(text) * part)])
    )


@operator("cause", kinds="xlsx", touches="bytes sheets")
def a_bit_that_flipped(draft, chance):
    part = chance.uniform(0.02, 0.6)

    def flipped(made):
        with zipfile.ZipFile(io.BytesIO(made)) as book:
            entry = book.getinfo("xl/worksheets/sheet1.xml")
        at = entry.header_offset + 30 + len(entry.filename) + int(entry.compress_size * part)
        return made[:at] + bytes([made[at] ^ 0x10]) + made[at + 1 :]

    return _of_all(draft, UNREADABLE, flipped)


@operator("cause", kinds="csv", touches="bytes sheets title words above")
def a_table_without_its_header(draft, _):
    page = draft.pages[0]
    if page.above:
        return False
    words = heading(page.table, page.heads[0].name, draft.language)
    codes = frozenset({"unknown-kind", "unknown-column", "missing-column"})
    return words != "" and _of_all(draft, codes, lambda made: made.split(b"\n", 1)[1])


def _zip(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return stream.getvalue()


def _sheet(made, change):
    """The workbook with the text of its first sheet changed."""
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        members = {name: book.read(name) for name in book.namelist()}
    members["xl/worksheets/sheet1.xml"] = change(members["xl/worksheets/sheet1.xml"])
    return _zip(members)


def _after(text, words):
    """The words behind the XML declaration."""
    head, rest = text.split(b"?>", 1)
    return head + b"?>" + words + rest
