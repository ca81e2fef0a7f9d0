"""The records of a CSV file as they stand in it, also where an import could not take them."""

import csv
from collections.abc import Iterator
from pathlib import Path

from liantu.errors import Refusal
from liantu.ingest.formats.csv_text import HEAD_SIGNS, delimiter_of
from liantu.ingest.formats.encodings import LONGEST_ROW, likely, told


def records(path: Path) -> Iterator[list[str]]:
    """Every record as text, a blank line as one of none; what is no text has a sign instead."""
    try:
        encoding = told(path, path.name).encoding
    except Refusal:
        encoding = likely(path)
    csv.field_size_limit(LONGEST_ROW)
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        delimiter = delimiter_of(stream.read(HEAD_SIGNS))
        stream.seek(0)
        yield from csv.reader(stream, delimiter=delimiter)
