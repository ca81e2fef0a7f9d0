"""The records of a CSV file as they stand in it, also where an import could not take them."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from liantu.errors import Refusal
from liantu.ingest.formats.csv_text import written
from liantu.ingest.formats.encodings import LONGEST_ROW

_CHUNK = 1 << 20


def records(path: Path) -> Iterator[list[str]]:
    """Every record as text, a blank line as one of none; what is no text has a sign instead."""
    try:
        encoding, delimiter = written(path, path.name)
    except Refusal:
        encoding = _encoding(path)
        delimiter = _delimiter(path, encoding)
    csv.field_size_limit(LONGEST_ROW)
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        yield from csv.reader(stream, delimiter=delimiter)


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        line = stream.readline(_CHUNK)
    return next((sign for sign in ",;\t|" if sign in line), ",")


def _encoding(path: Path) -> str:
    """A guess where no encoding fits every byte: UTF-8 or UTF-16, else that of China."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        stream.seek(0)
        try:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"
