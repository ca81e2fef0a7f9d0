"""A zip archive, looked through before any reader is let at it.

Its directory is read within bounds, and its parts are inflated here, a little at a time, so
that what they hold is counted and never believed. Limits are on what comes out: a good table of
equal rows is packed a thousand to one.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from liantu.errors import Refusal
from liantu.ingest.intake import quoted, refused

MOST_PARTS, MOST_BYTES, MOST_CELLS = 10_000, 512 << 20, 8_000_000
_MOST_DIRECTORY, _MOST_SMALL = 16 << 20, 8 << 20
_READ, _CHUNK = 1 << 18, 4 << 20
_END, _END64, _LOCATOR = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q"), 20
_LOCAL, _LONGEST_TAIL = 30, 65_535 + _END.size + _LOCATOR
_UNSAFE = re.compile(r"^/|\\|^[A-Za-z]:|(^|/)\.\.(/|$)|[\x00-\x1f\x7f]")
_METHODS = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
_LINK = 0o120000
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_DECLARED = {
    b"<!DOCTYPE": "a document type (DTD), which can declare entities,",
    b"<!ENTITY": "an entity",
    b"<![CDATA[": "raw text (CDATA)",
}
_SAVE = "open it in Excel and save it again as .xlsx"
_WHOLE = "a whole Excel workbook"


@dataclass(frozen=True, slots=True)
class Container:
    """An archive whose directory was read; ``parts`` are keyed by name in lower case."""

    path: Path
    file: str
    parts: Mapping[str, zipfile.ZipInfo]

    def size(self, name: str) -> int:
        """Bytes that the part inflates to, as the directory has it; 0 where there is none."""
        return self.parts[name].file_size if name in self.parts else 0

    def check(self) -> None:
        """Refuse an archive that hides something: what Excel writes has none of these."""
        entries = list(self.parts.values())
        for entry in entries:
            if found := _oddity(entry):
                words = ("a workbook with plain parts", found, _SAVE)
                raise refused(self.file, "unreadable-file", words)
        in_file = sorted(entries, key=lambda entry: entry.header_offset)
        for one, other in pairwise(in_file):
            least = _LOCAL + len(one.filename) + one.compress_size
            if one.header_offset + least > other.header_offset:
                found = f"{quoted(one.filename)} and {quoted(other.filename)} over each other"
                words = ("a workbook with each part in its own place", found, _SAVE)
                raise refused(self.file, "unreadable-file", words)

    def check_size(self, names: Sequence[str]) -> None:
        """Refuse parts that together inflate to more than an import reads."""
        found = sum(map(self.size, names))
        if found > MOST_BYTES:
            raise self.too_large(found, f"at most {MOST_BYTES >> 20} MiB of cells")

    def too_large(self, n_bytes: int, expected: str) -> Refusal:
        """The refusal of an archive that holds too much."""
        remedy = "part it into smaller files, or save its sheets as CSV"
        words = (expected, f"{n_bytes / (1 << 20):,.0f} MiB in the workbook", remedy)
        return refused(self.file, "too-large", words)

    def damaged(self, name: str, found: str) -> Refusal:
        """The refusal of an archive of which a part is not whole."""
        words = (_WHOLE, f"{quoted(name)} {found}", "take another copy of it, or save it again")
        return refused(self.file, "unreadable-file", words)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The XML of a part, inflated a few MiB at a time.

        Refused where the part inflates to another size or sum than the directory says, and
        where it declares a document type, with the entities that this may bring.
        """
        entry = self.parts[name]
        count, total, before = 0, 0, b""
        for chunk in self._inflated(entry):
            count, total = zlib.crc32(chunk, count), total + len(chunk)
            if total > entry.file_size:
                raise self.damaged(name, "larger than its directory says")
            if total == len(chunk) and chunk.startswith(_UTF16):
                raise self.damaged(name, "in another encoding than UTF-8")
            if b"!" in before or b"!" in chunk:  # one byte is looked for ten times as fast
                self._refuse_declared(name, before + chunk)
            before = (before + chunk[-16:])[-16:]
            yield chunk
        if total != entry.file_size or count != entry.CRC:
            raise self.damaged(name, "damaged or cut short")

    def elements(self, name: str, *wanted: str) -> list[tuple[str, dict[str, str]]]:
        """The wanted elements of a small part: tag without prefix, and attributes."""
        if self.size(name) > _MOST_SMALL:
            raise self.too_large(self.size(name), f"at most {_MOST_SMALL >> 20} MiB in {name}")
        found: list[tuple[str, dict[str, str]]] = []

        def begin(tag: str, named: dict[str, str]) -> None:
            plain = tag.rpartition(":")[2]
            if plain in wanted:
                found.append((plain, named))

        parser = expat.ParserCreate()
        parser.StartElementHandler = begin
        try:
            for chunk in self.chunks(name):
                parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by position
            parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError as error:
            raise self.damaged(name, f"with {error}") from None
        return found

    def _inflated(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        with self.path.open("rb") as stream:
            self._skip_local_header(stream, entry)
            left = entry.compress_size
            inflater = zlib.decompressobj(-zlib.MAX_WBITS)
            while left and (packed := stream.read(min(left, _READ))):
                left -= len(packed)
                if entry.compress_type == zipfile.ZIP_STORED:
                    yield packed
                    continue
                try:
                    while chunk := inflater.decompress(packed, _CHUNK):
                        yield chunk
                        packed = inflater.unconsumed_tail
                except zlib.error:
                    raise self.damaged(entry.filename, "damaged") from None

    def _skip_local_header(self, stream: BinaryIO, entry: zipfile.ZipInfo) -> None:
        """Go to the bytes of a part; refused where its name there is another."""
        stream.seek(entry.header_offset)
        header = stream.read(_LOCAL)
        if len(header) < _LOCAL or not header.startswith(b"PK\x03\x04"):
            raise self.damaged(entry.filename, "not where its directory says")
        n_name, n_extra = struct.unpack_from("<2H", header, 26)
        name = stream.read(n_name)
        encoding = "utf-8" if entry.flag_bits & 0x800 else "cp437"
        if name.decode(encoding, "replace") != entry.orig_filename:
            raise self.damaged(entry.filename, "under two names")
        stream.seek(n_extra, 1)

    def _refuse_declared(self, name: str, text: bytes) -> None:
        found = next((words for sign, words in _DECLARED.items() if sign in text), None)
        if found:
            words = ("a workbook as Excel writes it", f"{found} in {quoted(name)}", _SAVE)
            raise refused(self.file, "unreadable-file", words)


def opened(path: Path, file: str) -> Container:
    """The archive with its directory; refused where that is damaged or beyond bounds."""
    try:
        count, size = _directory(path)
        if count > MOST_PARTS or size > _MOST_DIRECTORY:
            words = (
                f"at most {MOST_PARTS:,} parts in a workbook",
                f"{count:,}",
                "part it into workbooks with fewer sheets",
            )
            raise refused(file, "too-large", words)
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, struct.error) as error:
        words = (_WHOLE, "one that is damaged or cut short", "take another copy of it")
        raise refused(file, "unreadable-file", words) from error
    parts = {entry.filename.lower(): entry for entry in entries}
    if len(parts) < len(entries):
        words = ("a workbook with each part once", "two parts of one name", _SAVE)
        raise refused(file, "unreadable-file", words)
    return Container(path, file, parts)


def _directory(path: Path) -> tuple[int, int]:
    """Entries and bytes of the directory, as the record at the end of the file has them."""
    with path.open("rb") as stream:
        length = stream.seek(0, 2)
        stream.seek(max(0, length - _LONGEST_TAIL))
        tail = stream.read(_LONGEST_TAIL)
        at = tail.rfind(b"PK\x05\x06")
        if at < 0:
            message = "no end record"
            raise zipfile.BadZipFile(message)
        _, _, _, _, count, size, _, _ = _END.unpack_from(tail, at)
        locator = tail[max(0, at - _LOCATOR) : at]
        if locator.startswith(b"PK\x06\x07"):
            (start,) = struct.unpack_from("<Q", locator, 8)
            stream.seek(min(start, length))
            entries = _END64.unpack(stream.read(_END64.size))
            count, size = entries[7], entries[8]
    return count, size


def _oddity(entry: zipfile.ZipInfo) -> str:
    """What an entry has that no part of a workbook has; empty where there is nothing."""
    name = quoted(entry.orig_filename)
    if _UNSAFE.search(entry.orig_filename):
        return f"a part that is called {name}"
    if entry.flag_bits & 0x1:
        return f"{name} encrypted"
    if entry.create_system == 3 and entry.external_attr >> 16 & 0o170000 == _LINK:
        return f"{name}, a link to another file"
    if entry.compress_type not in _METHODS:
        return f"{name} packed by method {entry.compress_type}"
    return ""
