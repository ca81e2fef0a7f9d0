"""Which files an import is made of, and what kind each one is: by its ending and its bytes."""

import stat
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from liantu.errors import printable
from liantu.ingest.formats.log_mapping import ENDING, mapping_of
from liantu.ingest.intake import refused

Kind = Literal["csv", "xlsx", "parquet", "jsonl", "xes", "mapping"]

_ENDINGS: dict[str, Kind] = {
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xes": "xes",
}
_LONG_ENDINGS: dict[str, Kind] = {".xes.gz": "xes", ENDING: "mapping"}
# A folder may hold a README or a script; a table of a kind that is not read is named.
_TABLES_OF_OTHER_KINDS = frozenset(
    (".xls", ".xlsm", ".xlsb", ".ods", ".et", ".tsv", ".json", ".zip", ".gz", ".feather")
)
_OFFICE = "an old or encrypted Office file"
_MAGIC: tuple[tuple[bytes, str, Kind | None], ...] = (
    (b"PK\x03\x04", "a zip archive", "xlsx"),
    (b"PAR1", "a Parquet file", "parquet"),
    (b"\xd0\xcf\x11\xe0", _OFFICE, None),
    (b"\x89PNG", "a PNG picture", None),
    (b"\xff\xd8\xff", "a JPEG picture", None),
    (b"GIF8", "a GIF picture", None),
    (b"%PDF", "a PDF document", None),
    (b"\x1f\x8b", "a gzip archive", "xes"),
    (b"7z\xbc\xaf", "a 7z archive", None),
    (b"Rar!", "a RAR archive", None),
    (b"SQLite format 3", "a SQLite database", None),
    (b"\x7fELF", "a program", None),
    (b"<!DOCTYPE html", "a web page", None),
    (b"<!doctype html", "a web page", None),
    (b"<!DOCTYPE", "an XML document", "xes"),
    (b"<html", "a web page", None),
    (b"<?xml", "an XML document", "xes"),
    (b"\xef\xbb\xbf<?xml", "an XML document", "xes"),
)
_MOST_FILES = 1_000
# Streams of an Office file of the old kind, by what they make it.
_STREAMS = (
    ("EncryptedPackage", "a workbook with a password", "take off its password"),
    ("WordDocument", "an old Word document (.doc)", "save its table as .xlsx or CSV"),
    ("PowerPoint Document", "an old presentation (.ppt)", "save its table as .xlsx or CSV"),
    ("Workbook", "an old Excel workbook (.xls)", "save it as .xlsx"),
    ("Book", "an old Excel workbook (.xls)", "save it as .xlsx"),
)
# Workbooks of other kinds that are archives too, by their endings.
_OTHER_BOOKS = {
    ".ods": ("an OpenDocument sheet (.ods)", "save it as .xlsx"),
    ".xlsm": ("a workbook with macros", "save it as .xlsx, without macros"),
    ".xlsb": ("a binary workbook (.xlsb)", "save it as .xlsx"),
}
_SPECIAL = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISDIR, "a folder"),
)
_EXPECTED = "a CSV, XLSX, Parquet, JSON lines or XES file"
_WORDS: dict[Kind, str] = {
    "csv": "CSV text",
    "xlsx": "an Excel workbook",
    "parquet": "a Parquet file",
    "jsonl": "JSON lines",
    "xes": "an XES event log",
    "mapping": "a mapping in TOML",
}


def listed(files: Sequence[Path]) -> dict[str, Path]:
    """Every file to be read, under the name that problems give it; folders are opened.

    In a folder only files that may be tables are read, and not those of folders inside it. The
    mapping of an event log is taken along where it stands beside it.
    Files of the same name are told apart by their paths.
    """
    found: list[Path] = []
    for path in files:
        found += _tables_of(path) if path.is_dir() else [path]
    if len(found) > _MOST_FILES:
        words = (f"at most {_MOST_FILES:,} files", f"{len(found):,}", "put tables together")
        raise refused(printable(found[0].parent.name), "too-large", words)
    beside = [near for log in found if (near := mapping_of(log)) and near.is_file()]
    paths = list(dict.fromkeys([*found, *beside]))
    alike = Counter(printable(path.name) for path in paths)
    named: dict[str, Path] = {}
    for path in paths:
        name = printable(path.name)
        name = name if alike[name] == 1 else printable(str(path))
        while name in named:  # two names that differ only in signs that do not show
            name += "*"
        named[name] = path
    return named


def kind(path: Path, file: str) -> Kind:
    """The kind of a file; refused where the ending is unknown or the bytes deny it."""
    named = _ENDINGS.get(path.suffix.lower()) or next(
        (k for ending, k in _LONG_ENDINGS.items() if path.name.lower().endswith(ending)), None
    )
    head = _head(path, file)
    is_, shown = next(
        ((kind, words) for magic, words, kind in _MAGIC if head.startswith(magic)),
        (None, "text" if b"\0" not in head else "an unknown kind of file"),
    )
    if named is None:
        raise refused(file, "unknown-kind", (_EXPECTED, *_otherwise(path, shown)))
    if not head:
        remedy = "fill it in, or leave it out of the import"
        raise refused(file, "empty-file", (_WORDS[named], "an empty file", remedy))
    is_text = named in ("csv", "jsonl", "mapping") or (named == "xes" and shown == "text")
    if (is_text and shown == "text") or is_ == named or (is_text and _holds_nul(shown)):
        return named
    if named == "xlsx" and shown == _OFFICE:
        shown, remedy = _office(path)
        raise refused(file, "unknown-kind", (_WORDS[named], shown, remedy))
    raise refused(file, "unknown-kind", (_WORDS[named], shown, _saving(shown)))


def _otherwise(path: Path, shown: str) -> tuple[str, str]:
    """What a file is whose ending is not one that is read, and how it becomes one that is."""
    if shown == "a zip archive" and (book := _OTHER_BOOKS.get(path.suffix.lower())):
        return book
    if shown == _OFFICE and (found := _office(path))[0] != _OFFICE:
        return found
    return f"{path.suffix or 'no ending'}, {shown}", _saving(shown)


def _office(path: Path) -> tuple[str, str]:
    """What a file of the old Office is, by the streams that its directory names."""
    with path.open("rb") as stream:
        header = stream.read(512).ljust(512, b"\0")
        sector = 1 << min(int.from_bytes(header[30:32], "little"), 12)
        first = int.from_bytes(header[48:52], "little")
        stream.seek((first + 1) * sector)
        entries = stream.read(4096)
    # An entry takes 128 bytes, and begins with its name in UTF-16.
    starts = range(0, len(entries), 128)
    names = {
        entries[at : at + 64].decode("utf-16-le", "replace").split("\0")[0] for at in starts
    }
    known = ((found, remedy) for name, found, remedy in _STREAMS if name in names)
    return next(known, (_OFFICE, _saving(_OFFICE)))


def _holds_nul(shown: str) -> bool:
    """Whether only a NUL byte speaks against text; the reader says in which line."""
    return shown == "an unknown kind of file"


def _saving(shown: str) -> str:
    if "Office" in shown:
        return "take off its password, and save it as .xlsx or CSV"
    return "save the table as .xlsx or CSV"


def _head(path: Path, file: str) -> bytes:
    try:
        mode = path.stat().st_mode
        special = next((words for is_, words in _SPECIAL if is_(mode)), None)
        if special:
            words = ("an ordinary file", special, "save what it gives to a file, and name that")
            raise refused(file, "unreadable-file", words)
        with path.open("rb") as stream:
            return stream.read(512)
    except OSError as error:
        found = error.strerror or str(error)
        words = ("a file that can be read", found.lower(), "check its name and its rights")
        raise refused(file, "unreadable-file", words) from None


def _tables_of(folder: Path) -> list[Path]:
    wanted = _TABLES_OF_OTHER_KINDS | _ENDINGS.keys()
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in wanted
        and not path.name.startswith((".", "~$"))
        and not path.is_dir()
    )
