"""In which encoding a text file is written, told from its bytes in one pass.

UTF-8 where it is that throughout; UTF-16 where its first bytes say so, or every other byte of
plain letters is NUL; else GB18030, which holds GBK and GB2312, where what comes out is Chinese.
What is none of these, or more than one, is refused with the line.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from liantu.errors import Problem, Refusal
from liantu.ingest.intake import quoted, refused

CHUNK, _HEAD = 1 << 20, 4096
LONGEST_ROW = 16 << 20
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLANKS = b"\xef\xbb\xbf \r\n\t,;|"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
# Chinese in UTF-8 between signs of ASCII, which in GB18030 is hardly ever Chinese.
_UTF8_RUN = re.compile(rb"(?<![\x80-\xff])(?:[\xe3-\xe9\xef][\x80-\xbf]{2})+(?![\x80-\xff])")
_LEAST_COMMON, _LEAST_OF_FEW, _LEAST_FREQUENT, _MANY = 0.9, 0.5, 0.05, 40
_FREQUENT = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产"
    "公司限责任股份科技集团业市省区县镇村路号街道经济开发园高新材料设备制造机械电子器件汽车轨交通钢铁化学"
    "药研究院所大学中心实验室有企名称编码代类型地址注册金额万亿单位元日月序北京上海"
    "广东江苏浙山湖南河株洲长沙"
)


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
    """The first byte that is no UTF-8: its line, and whether text in UTF-8 stands before it."""

    line: int
    byte: int
    follows_text: bool


@dataclass(slots=True)
class _Chinese:
    """How much of what a reading as GB18030 gives is Chinese, and an example of it."""

    usual: int = 0
    other: int = 0
    hanzi: int = 0
    frequent: int = 0
    is_strange: bool = False
    sample: str = field(default="")

    def add(self, text: str) -> None:
        """Count the characters of a part of the text."""
        signs = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
        signs = np.minimum(signs[signs > 0x7F], 0xFFFF)
        if signs.size and not self.sample:
            found = _NOT_ASCII.search(text)
            self.sample = found[0] if found else ""
        is_common = _common()[signs]
        self.usual += int(is_common.sum())
        self.other += int((~is_common).sum())
        self.is_strange |= not bool(_known()[signs].all())
        self.hanzi += int((signs >= 0x4E00).sum())
        self.frequent += int(np.isin(signs, _frequent()).sum())

    @property
    def is_likely(self) -> bool:
        """Whether it is Chinese: common characters, and of many some of the most frequent.

        Of a few, half may be rarer, if GB2312 has them: as those of 渌口 and 醴陵.
        """
        least = _LEAST_COMMON if self.hanzi >= _MANY or self.is_strange else _LEAST_OF_FEW
        if self.usual < least * (self.usual + self.other):
            return False
        return self.hanzi < _MANY or self.frequent >= _LEAST_FREQUENT * self.hanzi


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
        return Told("utf-8-sig", tally.quotes)
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
    """UTF-16, where a mark or the NULs beside plain letters say so; else None."""
    if head[:2] in _MARKS:
        return "utf-16"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for encoding, nulls, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if nulls and not others and any(sign in head for sign in _ends(encoding)):
            return encoding
    return None


def _ends(encoding: str) -> list[bytes]:
    """What parts lines and cells, in an encoding of two bytes."""
    return [sign.encode(encoding) for sign in "\n\r,;\t"]


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
        bad = _Bad(tally.lines + 1, left[0], has_text)
    return tally, bad


def _bad(error: UnicodeDecodeError, tally: _Tally, *, has_text: bool) -> _Bad:
    before = error.object[: error.start]
    follows = has_text or not before.removeprefix(codecs.BOM_UTF8).isascii()
    return _Bad(tally.line_at(before), error.object[error.start], follows)


def _breaks(text: bytes) -> int:
    """The number of line breaks, of whichever kind."""
    found = text.count(b"\n")
    return found + text.count(b"\r") - text.count(b"\r\n") if b"\r" in text else found


def _as_chinese(path: Path, file: str, bad: _Bad) -> Problem:
    """The note that a file was read as GB18030; refused where it is not, or not throughout."""
    found, lines = _Chinese(), 0
    for block in _whole_lines(path):
        if (at := _utf8_at(block)) is not None:
            raise _mixed(file, bad, lines + _breaks(block[:at]) + 1)
        try:
            found.add(block.decode("gb18030"))
        except UnicodeDecodeError:
            raise _neither(file, bad) from None
        lines += _breaks(block)
    if not found.is_likely:
        raise _neither(file, bad)
    return Problem(
        "other-encoding",
        "text in UTF-8",
        f"text in GB18030 (GBK), such as {quoted(found.sample, 20)}",
        "nothing need be done if that reads well; else save the file as CSV UTF-8",
        file=file,
        severity="warning",
    )


def _utf8_at(block: bytes) -> int | None:
    """Where Chinese in UTF-8 stands among other bytes; None where nowhere."""
    for run in _UTF8_RUN.finditer(block):
        signs = [min(ord(sign), 0xFFFF) for sign in run[0].decode("utf-8")]
        others = [min(ord(sign), 0xFFFF) for sign in run[0].decode("gb18030", "replace")]
        if _known()[signs].all() and not _common()[others].all():
            return run.start()
    return None


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


def _table(last_lead: int) -> NDArray[np.bool_]:
    """For each character whether GB2312 has it, in its rows up to that of the lead byte."""
    leads = [*range(0xA1, 0xAA), *range(0xB0, last_lead + 1)]
    pairs = b"".join(bytes((lead, trail)) for lead in leads for trail in range(0xA1, 0xFF))
    found = np.zeros(0x10000, dtype=bool)
    found[[ord(sign) for sign in pairs.decode("gb2312", "ignore")]] = True
    found[:0x80] = True
    return found


@cache
def _common() -> NDArray[np.bool_]:
    """For each character whether it is one of the signs and common hanzi of GB2312."""
    return _table(0xD7)


@cache
def _known() -> NDArray[np.bool_]:
    """For each character whether GB2312 has it at all."""
    return _table(0xF7)


@cache
def _frequent() -> NDArray[np.uint32]:
    """The hanzi that hardly any Chinese table is without."""
    return np.unique(np.array([ord(sign) for sign in _FREQUENT], dtype=np.uint32))


def _neither(file: str, bad: _Bad) -> Refusal:
    after = " below text that is UTF-8" if bad.follows_text else ""
    words = (
        "text in UTF-8, or throughout in GB18030",
        f"byte 0x{bad.byte:02x}{after}, which is neither",
        "save the file as CSV UTF-8 (in Excel: Save As)",
    )
    return refused_line(file, bad.line, words)


def _mixed(file: str, bad: _Bad, line: int) -> Refusal:
    words = (
        "one encoding throughout",
        f"UTF-8 in line {line}, and in line {bad.line} byte 0x{bad.byte:02x}, which is not",
        "save each part as CSV UTF-8 before they are put together",
    )
    return refused_line(file, max(line, bad.line), words)


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
