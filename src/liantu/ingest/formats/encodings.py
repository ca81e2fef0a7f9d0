"""In which encoding a text file is written, told from its bytes in one pass.

UTF-8 where it is that throughout; UTF-16 where its first bytes say so, or every other byte of
plain letters is NUL; else GB18030, which holds GBK and GB2312, where nothing speaks against
that. What is none of these, or more than one, is refused with the line.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from liantu.errors import Problem, Refusal
from liantu.ingest.formats.chinese import Other, Reading, latin_in, short_chinese, utf8_in
from liantu.ingest.intake import quoted, refused

CHUNK, _HEAD, _SHORT = 1 << 20, 4096, 1 << 16
LONGEST_ROW = 16 << 20
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLANKS = b"\xef\xbb\xbf \r\n\t,;|"
# What parts lines and cells.
_ENDS = "\n\r,;\t"
_TEXT = "text in UTF-8, or throughout in GB18030"
_SAVE = "save the file as CSV UTF-8 (in Excel: Save As)"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class Told:
    """The encoding of a file, as Python calls it, the number of its quotes, and notes."""

    encoding: str
    quotes: int
    notes: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Tally:
    """What is counted in one pass: lines, quotes, and the bytes since the last line break."""

    file: str
    lines: int = 0
    quotes: int = 0
    unbroken: int = 0
    is_blank: bool = True
    has_returned: bool = False

    def add(self, chunk: bytes) -> None:
        """Count a chunk; refused where it holds NUL or goes on without a line break."""
        if b"\0" in chunk:
            at = self.line_at(chunk[: chunk.index(b"\0")])
            raise refused_line(self.file, at, ("text", "a NUL byte", "save the file again"))
        self.is_blank = self.is_blank and not chunk.translate(None, _BLANKS)
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self.unbroken = len(chunk) - last - 1 + (self.unbroken if last < 0 else 0)
        if self.unbroken > LONGEST_ROW:
            raise too_long(self.file, self.line_at(chunk))
        self.quotes += chunk.count(b'"')
        self.lines = self.line_at(chunk) - 1
        self.has_returned = chunk.endswith(b"\r")

    def line_at(self, chunk: bytes) -> int:
        """The line at the end of a chunk that follows those that were counted."""
        is_second_half = self.has_returned and chunk.startswith(b"\n")
        return self.lines + _breaks(chunk) - is_second_half + 1


@dataclass(frozen=True, slots=True)
class _Bad:
    """The first byte that cannot be read: its line, and the encoding of text before it."""

    line: int
    byte: int
    above: str | None


def told(path: Path, file: str) -> Told:
    """The encoding of a text file; refused where it has none, or holds NUL or only blanks."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if wide := _wide(head):
        return _as_wide(path, file, wide, is_marked=head[:2] in _MARKS)
    tally, bad = _as_utf8(path, file)
    if tally.is_blank:
        words = ("a header and rows", "nothing but blanks", "fill it in, or leave it out")
        raise refused(file, "empty-file", words)
    if bad is None:
        short = path.stat().st_size <= _SHORT and short_chinese(path.read_bytes())
        notes = (_chinese(file, short),) if short else ()
        return Told("gb18030" if short else "utf-8-sig", tally.quotes, notes)
    return Told("gb18030", tally.quotes, (_as_chinese(path, file, bad),))


def likely(path: Path) -> str:
    """The encoding that most of the beginning of a file is in, where none fits all of it."""
    with path.open("rb") as stream:
        head = stream.read(CHUNK)
    if wide := _wide(head[:_HEAD]):
        return wide
    others = "".join(_NOT_ASCII.findall(head.decode("utf-8", "replace")))
    return "utf-8-sig" if others.count("\ufffd") * 2 <= len(others) else "gb18030"


def _wide(head: bytes) -> str | None:
    """UTF-16, where a mark or the NULs beside plain letters say so; else None.

    A NUL beside a line break or two among many is no more than a NUL.
    """
    if head[:2] in _MARKS:
        return "utf-16"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for encoding, nulls, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        paired = sum(head.count(sign.encode(encoding)) for sign in _ENDS)
        alone = sum(head.count(sign.encode()) for sign in _ENDS)
        if nulls and not others and paired and 2 * paired >= alone:
            return encoding
    return None


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _whole_lines(path: Path) -> Iterator[bytes]:
    """The bytes of the file, cut at line breaks only."""
    rest = b""
    for chunk in _chunks(path):
        cut = (chunk.rfind(b"\n") if b"\n" in chunk else chunk.rfind(b"\r")) + 1
        if cut:
            yield rest + chunk[:cut]
            rest = b""
        rest += chunk[cut:]
    yield rest


def _as_utf8(path: Path, file: str) -> tuple[_Tally, _Bad | None]:
    """The counts of a file, and the first byte that is no UTF-8, if any."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    tally, bad, has_text = _Tally(file), None, False
    for chunk in _chunks(path):
        if bad is None and not (chunk.isascii() and not decoder.getstate()[0]):
            try:
                decoder.decode(chunk)
                has_text = True
            except UnicodeDecodeError as error:
                bad = _bad(error, tally, has_text=has_text)
        tally.add(chunk)
    left = decoder.getstate()[0]
    if bad is None and left:
        bad = _Bad(tally.lines + 1, left[0], "UTF-8" if has_text else None)
    return tally, bad


def _bad(error: UnicodeDecodeError, tally: _Tally, *, has_text: bool) -> _Bad:
    before = error.object[: error.start]
    follows = has_text or not before.removeprefix(codecs.BOM_UTF8).isascii()
    above = "UTF-8" if follows else None
    return _Bad(tally.line_at(before), error.object[error.start], above)


def _breaks(text: bytes) -> int:
    """The number of line breaks, of whichever kind."""
    found = text.count(b"\n")
    return found + text.count(b"\r") - text.count(b"\r\n") if b"\r" in text else found


def _as_chinese(path: Path, file: str, bad: _Bad) -> Problem:
    """The note that a file was read as GB18030; refused where it is not, or not throughout."""
    reading, lines = Reading(), 0
    latin: tuple[int, Other] | None = None
    for block in _whole_lines(path):
        if mixed := utf8_in(block):
            at, n_words, n_others = mixed
            line = lines + _breaks(block[:at]) + 1
            raise _mixed(file, bad, line, n_words - n_others)
        found = None if latin else latin_in(block)
        if found:
            latin = lines + _breaks(block[: found[0]]) + 1, found[1]
        try:
            text = block.decode("gb18030")
        except UnicodeDecodeError as error:
            reading.keep(block)
            raise _undecodable(file, bad, (reading, latin), (error, lines)) from None
        reading.add(block, text)
        lines += _breaks(block)
    if other := reading.other():
        raise _of_other(file, bad.line, other)
    if latin:
        raise _of_other(file, *latin)
    if not reading.is_known:
        raise _neither(file, bad)
    return _chinese(file, reading.sample)


def _chinese(file: str, sample: str) -> Problem:
    """The note that a file was read as GB18030, with a word of it."""
    return Problem(
        "other-encoding",
        "text in UTF-8",
        f"text in GB18030 (GBK), such as {quoted(sample, 20)}",
        "nothing need be done if that reads well; else save the file as CSV UTF-8",
        file=file,
        severity="warning",
    )


def _undecodable(
    file: str,
    bad: _Bad,
    read: tuple[Reading, tuple[int, Other] | None],
    stopped: tuple[UnicodeDecodeError, int],
) -> Refusal:
    """The refusal of a file that is no GB18030 either: in what it is, or up to where it was.

    ``stopped`` has the fault of a block and the number of the lines above the block.
    """
    reading, latin = read
    error, lines = stopped
    if other := reading.other():
        return _of_other(file, bad.line, other)
    if latin:
        return _of_other(file, *latin)
    before = error.object[: error.start]
    reading.add(before, before.decode("gb18030"))
    line = lines + _breaks(before) + 1
    if line > bad.line and reading.is_known:
        return _neither(file, _Bad(line, error.object[error.start], "GB18030"))
    return _neither(file, bad)


def _as_wide(path: Path, file: str, encoding: str, *, is_marked: bool) -> Told:
    """A file of two bytes a character, its text counted as if it were UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)()
    tally = _Tally(file)
    for chunk in _chunks(path):
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            words = ("text in UTF-16", error.reason, "save the file as CSV UTF-8")
            raise refused_line(file, tally.lines + 1, words) from None
        tally.add(text.encode("utf-8", "surrogatepass"))
    if tally.is_blank:
        words = ("a header and rows", "nothing but blanks", "fill it in, or leave it out")
        raise refused(file, "empty-file", words)
    if decoder.getstate()[0]:
        words = ("text in UTF-16", "half of a character at the end", "save the file again")
        raise refused_line(file, tally.lines + 1, words)
    note = Problem(
        "other-encoding",
        "text in UTF-8",
        "text in UTF-16 without a mark that says so",
        "nothing need be done if it reads well; else save the file as CSV UTF-8",
        file=file,
        severity="warning",
    )
    return Told(encoding, tally.quotes, () if is_marked else (note,))


def _neither(file: str, bad: _Bad) -> Refusal:
    after = f" below text that is {bad.above}" if bad.above else ""
    words = (_TEXT, f"byte 0x{bad.byte:02x}{after}, which is neither", _SAVE)
    return refused_line(file, bad.line, words)


def _of_other(file: str, line: int, other: Other) -> Refusal:
    found = f"what reads as {other.encoding}, such as {quoted(other.sample, 20)}"
    return refused_line(file, line, (_TEXT, found, _SAVE))


def _mixed(file: str, bad: _Bad, line: int, surplus: int) -> Refusal:
    """The refusal of two encodings in a file, at the line where that of fewer words begins.

    ``surplus`` is by how many there are more words in UTF-8, the first of them in the line;
    where it is 0, the line is that at which the encoding changes.
    """
    row = bad.line if surplus > 0 else line if surplus < 0 else max(line, bad.line)
    words = (
        "one encoding throughout",
        f"UTF-8 in line {line}, and in line {bad.line} byte 0x{bad.byte:02x}, which is not",
        "save each part as CSV UTF-8 before they are put together",
    )
    return refused_line(file, row, words)


def too_long(file: str, row: int) -> Refusal:
    """The refusal of a row that goes on and on."""
    words = (
        f"rows of at most {LONGEST_ROW >> 20} MiB",
        "a longer one",
        "look for a quote that is not closed, or for a file that is no table",
    )
    return refused_line(file, row, words)


def refused_line(file: str, row: int, words: tuple[str, str, str]) -> Refusal:
    """A refusal of a file for what stands in one line of it."""
    expected, found, remedy = words
    return Refusal(Problem("unreadable-file", expected, found, remedy, file=file, row=row))
