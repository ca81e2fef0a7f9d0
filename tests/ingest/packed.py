"""Workbooks written part by part, as no program of good will would write them."""

import struct
import zipfile
import zlib

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SHEET = "xl/worksheets/sheet1.xml"


def types(kind=PLAIN, part="/xl/workbook.xml"):
    return (
        f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="{part}" ContentType="{kind}"/></Types>'
    )


def relations(**targets):
    """The relations of a part: a name is the kind, with a number after it."""
    links = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{name.rstrip("0123456789")}" '
        f'Target="{target}"/>'
        for name, target in targets.items()
    )
    return f'<Relationships xmlns="{RELATIONS}">{links}</Relationships>'


def index(*sheets, before="", after=""):
    """The workbook's own part, which lists its sheets."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{k}" r:id="worksheet{k}" {more}/>'
        for k, (name, more) in enumerate(sheets or [("places", "")], start=1)
    )
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}<sheets>{listed}</sheets>'
        f"{after}</workbook>"
    )


def sheet(*rows, after="", before=""):
    """A worksheet of rows, each the cells as XML; ``cell`` writes one."""
    lines = "".join(f'<row r="{n}">{cells}</row>' for n, cells in enumerate(rows, start=1))
    return (
        f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}"><sheetData>{lines}'
        f"</sheetData>{after}</worksheet>"
    )


def text(*cells):
    """Cells of text, by their addresses: ``text("A1 place_id", "B1 name")``."""
    pairs = [cell.split(" ", 1) for cell in cells]
    return "".join(f'<c r="{at}" t="str"><v>{words}</v></c>' for at, words in pairs)


HEADER, ROW = text("A1 place_id", "B1 name"), text("A2 P1", "B2 Park")


def parts(content=None, **more):
    """The parts of a workbook with one sheet, by name; ``more`` adds to them or replaces."""
    names = {
        "types": "[Content_Types].xml",
        "index": "xl/workbook.xml",
        "links": "xl/_rels/workbook.xml.rels",
        "strings": "xl/sharedStrings.xml",
    }
    links = relations(worksheet1="worksheets/sheet1.xml", worksheet2="worksheets/sheet2.xml")
    found = {
        "[Content_Types].xml": types(),
        "_rels/.rels": relations(officeDocument1="xl/workbook.xml"),
        "xl/workbook.xml": index(),
        "xl/_rels/workbook.xml.rels": links,
        SHEET: content or sheet(HEADER, ROW),
    }
    return found | {names.get(name, name): value for name, value in more.items()}


def pack(path, entries=None, *, method=zipfile.ZIP_DEFLATED):
    """Write the parts; a part may be an iterable of bytes, written as it comes."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, value in (entries or parts()).items():
            with archive.open(name, "w") as stream:
                for piece in [value] if isinstance(value, str | bytes) else value:
                    stream.write(piece.encode() if isinstance(piece, str) else piece)
    return path


def changed(path, name, **fields):
    """Change fields of a part in the archive's directory, and leave all else as it is.

    The fields: flags, method, sum, size, packed, offset, system, attributes.
    """
    where = {
        "system": (5, "B"),
        "flags": (8, "H"),
        "method": (10, "H"),
        "sum": (16, "L"),
        "packed": (20, "L"),
        "size": (24, "L"),
        "attributes": (38, "L"),
        "offset": (42, "L"),
    }
    whole = bytearray(path.read_bytes())
    at = whole.rfind(b"PK\x01\x02", 0, whole.rfind(name.encode()))
    for field, value in fields.items():
        shift, kind = where[field]
        struct.pack_into(f"<{kind}", whole, at + shift, value)
    path.write_bytes(whole)
    return path


def bomb(path, piece, count):
    """A workbook whose sheet inflates to so many times the same piece, which is packed once."""
    begun, end = sheet(HEADER, ROW).encode().split(b"</sheetData>")
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)

    def packed(content):
        return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)

    end = b"</sheetData>" + end
    stored = packed(begun) + packed(piece) * count + packer.compress(end) + packer.flush()
    size, total = len(begun) + len(piece) * count + len(end), zlib.crc32(begun)
    for content in [*[piece] * count, end]:
        total = zlib.crc32(content, total)
    pack(path, parts() | {SHEET: stored}, method=zipfile.ZIP_STORED)
    return changed(path, SHEET, method=zipfile.ZIP_DEFLATED, size=size, sum=total)
