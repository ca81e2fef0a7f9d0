"""Events of cases from an XES event log (IEEE 1849), read as a stream.

Nothing of the log is held but the four columns that are wanted. A document type, with the
entities that it could declare, is refused before anything of it is expanded.
"""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast
from xml.parsers import expat

import pyarrow as pa

from liantu.errors import Problem, Refusal
from liantu.ingest.formats.log_mapping import Names, as_events, mapping_of, names_of
from liantu.ingest.intake import Raw, Sheet, quoted, refused

_CHUNK = 1 << 18
_LONGEST_TAG, _MOST_BYTES = 16 << 20, 4 << 30
_DEEPEST = 100
_FLUSHED = 1 << 16
_VALUES = frozenset(("string", "date", "int", "float", "boolean", "id"))
_COLUMNS = ("case_id", "item_id", "activity", "time")
_TRANSITION = "lifecycle:transition"


def sheets(path: Path, file: str) -> Iterator[Raw]:
    """The completed events of a log, as rows of service_events; their rows are lines."""
    names = names_of(path) or Names()
    log = _Log(file, names)
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    try:
        with opened(path, "rb") as stream:
            log.read(cast("BinaryIO", stream))
    except expat.ExpatError as error:
        raise log.refused(_cut_short(log, error), error.lineno) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        words = ("a whole gzip archive", quoted(error, 200), "pack the log again")
        raise log.refused(words, None) from None
    if not log.count:
        words = ("a log with events that are complete", log.empty, "export the log again")
        raise refused(file, "empty-file", words)
    if names.item_id is None and not log.has_item:
        beside = mapping_of(path)
        remedy = f'write item = "ATTRIBUTE", or item_id = "ONE", in {beside and beside.name}'
        expected = f"an attribute {names.item} of each trace, which names the service"
        raise Refusal(
            Problem("missing-column", expected, "none", remedy, file=file, column="item_id")
        )
    cells = tuple(pa.concat_arrays(parts) for parts in log.columns())
    rows = pa.concat_arrays(log.lines)
    raw = Raw(Sheet(file), "service_events", _COLUMNS, cells, rows, header_row=None)
    yield as_events(raw, names)


class _Log:
    """A parser that keeps the events of a log, flushed into arrays as they come."""

    def __init__(self, file: str, names: Names) -> None:
        self.lines: list[pa.Array] = []
        self.count = 0
        self.has_item = False
        self.is_begun = False
        self.skipped = 0
        self._file, self._names = file, names
        self._path: list[str] = []
        self._trace: dict[str, str] = {}
        self._event: dict[str, str] = {}
        self._line = 0
        self._of_trace: list[tuple[dict[str, str], int]] = []
        self._held: list[tuple[str | None, str | None, str | None, str | None, int]] = []
        self._parts: list[list[pa.Array]] = [[] for _ in _COLUMNS]
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse_type
        self._parser.EntityDeclHandler = self._refuse_type
        self._parser.ExternalEntityRefHandler = self._refuse_type

    @property
    def empty(self) -> str:
        """What there is instead of completed events."""
        return f"{self.skipped} events that are not" if self.skipped else "no event"

    def columns(self) -> list[list[pa.Array]]:
        """The arrays of each column."""
        self._flush()
        return self._parts

    def read(self, stream: BinaryIO) -> None:
        """Parse the whole stream, a part at a time."""
        fed = 0
        while chunk := stream.read(_CHUNK):
            self._parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by position
            fed += len(chunk)
            if fed > _MOST_BYTES:
                words = (
                    f"a log of at most {_MOST_BYTES >> 30} GiB",
                    "more",
                    "part the log by year",
                )
                raise refused(self._file, "too-large", words)
            if fed - max(self._parser.CurrentByteIndex, 0) > _LONGEST_TAG:
                words = ("tags of at most 16 MiB", "a longer one", "export the log again")
                raise self.refused(words, self._parser.CurrentLineNumber)
        self._parser.Parse(b"", True)  # noqa: FBT003
        self._flush()

    def refused(self, words: tuple[str, str, str], line: int | None) -> Refusal:
        """A refusal of the log, at a line."""
        expected, found, remedy = words
        return Refusal(
            Problem("unreadable-file", expected, found, remedy, file=self._file, row=line)
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        path = self._path
        depth = len(path)
        path.append(name)
        if name in _VALUES:
            if depth == 3 and path[2] == "event":
                self._event[attributes.get("key", "")] = attributes.get("value", "")
            elif depth == 2 and path[1] == "trace":
                self._trace[attributes.get("key", "")] = attributes.get("value", "")
        elif name == "event" and depth == 2 and path[1] == "trace":
            self._event, self._line = {}, self._parser.CurrentLineNumber
        elif name == "trace" and depth == 1:
            self._trace, self._of_trace = {}, []
        elif depth == 0:
            self._check_root(name)
        elif name == "event":
            words = ("events within a trace", "one outside any", "export the log by case")
            raise self.refused(words, self._parser.CurrentLineNumber)
        if depth > _DEEPEST:
            words = (f"at most {_DEEPEST} tags within tags", "more", "export the log again")
            raise self.refused(words, self._parser.CurrentLineNumber)

    def _end(self, name: str) -> None:
        path = self._path
        path.pop()
        if name == "event" and len(path) == 2:
            if self._event.get(_TRANSITION, "complete").lower() == "complete":
                self._of_trace.append((self._event, self._line))
            else:
                self.skipped += 1
        elif name == "trace" and len(path) == 1:
            self._end_trace()

    def _end_trace(self) -> None:
        """The events of a trace, with what the trace says of all of them."""
        names, trace = self._names, self._trace
        case, item = trace.get(names.case), trace.get(names.item)
        for event, line in self._of_trace:
            own = event.get(names.item, item)
            self.has_item = self.has_item or own is not None
            done, when = event.get(names.activity), event.get(names.time)
            self._held.append((case, own, done, when, line))
        self.count += len(self._of_trace)
        self._of_trace = []
        if len(self._held) >= _FLUSHED:
            self._flush()

    def _flush(self) -> None:
        if not self._held:
            return
        *columns, lines = zip(*self._held, strict=True)
        for parts, cells in zip(self._parts, columns, strict=True):
            parts.append(pa.array(cells, pa.string()))
        self.lines.append(pa.array(lines, pa.int32()))
        self._held = []

    def _check_root(self, name: str) -> None:
        self.is_begun = True
        if name != "log":
            words = ("a log of XES", f"<{name[:60]}>", "export the log as XES")
            raise self.refused(words, self._parser.CurrentLineNumber)

    def _refuse_type(self, *_: object) -> int:
        words = (
            "a log without a document type",
            "a document type (DTD), in which entities can be declared",
            "take out <!DOCTYPE …>, which no XES log needs",
        )
        raise self.refused(words, self._parser.CurrentLineNumber)


def _cut_short(log: _Log, error: expat.ExpatError) -> tuple[str, str, str]:
    """What is wrong with XML that cannot be read to its end."""
    reason = expat.errors.messages.get(error.code, "") or str(error)
    if reason in ("no element found", "unclosed token"):
        found = "one that ends before its last tag is closed" if log.is_begun else "no tag"
    else:
        found = f"{reason} at character {error.offset + 1}"
    return "a whole XES log in XML", found, "export the log again, in UTF-8"
