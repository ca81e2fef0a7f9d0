"""What an event log calls things: the small TOML file ``NAME.log.toml`` beside the log.

::

    case = "case number"        # column, or attribute of the trace, that names the case
    item = "service"            # the same for the service; or item_id, one for the whole log
    activity = "step"           # column, or attribute of the event
    time = "when"
    utc_offset = "+08:00"       # times with an offset are moved here; else kept as written

    [activities]                # their word = ours: accept, suspend, resume, decide
    "received" = "accept"

    [items]                     # their word = our item_id
    "building permit" = "permit-1"
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import Problem, Refusal, did_you_mean
from liantu.ingest.contents.dates import times
from liantu.ingest.intake import Raw, quoted, refused

ENDING = ".log.toml"
LOGS = (".xes.gz", ".xes", ".csv")
_OFFSET = r"(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})$"
_FINER = r"(\.[0-9]{6})[0-9]+"
_COLUMNS = {"case": "case_id", "item": "item_id", "activity": "activity", "time": "time"}
# A log that has these says how sure it is, and where it is from.
_KEPT = ("evidence", "source_id")


@dataclass(frozen=True, slots=True)
class Names:
    """What a log calls the case, the service, the activity and the time, and their values.

    ``item_id`` is the one service of the whole log; None takes ``item``.
    """

    case: str = "concept:name"
    item: str = "item_id"
    activity: str = "concept:name"
    time: str = "time:timestamp"
    item_id: str | None = None
    utc_offset: str | None = None
    activities: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)


def mapping_of(log: Path) -> Path | None:
    """Where the mapping of a log would stand; None for a file that is no log."""
    for ending in LOGS:
        if log.name.lower().endswith(ending):
            return log.with_name(log.name[: -len(ending)] + ENDING)
    return None


def names_of(log: Path) -> Names | None:
    """What the mapping beside a log says; None where there is none."""
    path = mapping_of(log)
    if path is None or not path.is_file():
        return None
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        words = (
            "a mapping in TOML",
            quoted(error, 200),
            "write it as conventions §12 show",
        )
        raise refused(path.name, "unreadable-file", words) from None
    problems = list(_problems(held, path.name))
    if problems:
        raise Refusal(problems)
    return Names(**held)


def sheets(path: Path, file: str) -> Iterator[Raw]:
    """No table: a mapping is read with its log; refused where no log stands beside it."""
    stem = path.name[: -len(ENDING)]
    if not any(path.with_name(stem + ending).is_file() for ending in LOGS):
        words = (f"a log beside it: {stem}.xes or {stem}.csv", "none", "put the log beside it")
        raise refused(file, "unknown-kind", words)
    yield from ()


def as_events(raw: Raw, names: Names) -> Raw:
    """A log as rows of service_events: its columns, words and times in our terms."""
    places = {head.strip("\ufeff \t"): place for place, head in enumerate(raw.headers)}
    found: dict[str, pa.Array] = {}
    for ours, column in _COLUMNS.items():
        theirs = getattr(names, ours)
        if theirs in places:
            found[column] = raw.cells[places[theirs]]
        elif column in places:
            found[column] = raw.cells[places[column]]
    found |= {name: raw.cells[places[name]] for name in _KEPT if name in places}
    if names.item_id is not None:
        found["item_id"] = pa.repeat(pa.scalar(names.item_id), len(raw.rows))
    if missing := [ours for ours, column in _COLUMNS.items() if column not in found]:
        raise Refusal([_no_column(raw, names, ours, list(places)) for ours in missing])
    found["activity"] = _in_our_words(found["activity"], names.activities)
    found["item_id"] = _in_our_words(found["item_id"], names.items)
    found["time"] = local_times(found["time"], names.utc_offset)
    return replace(
        raw,
        table="service_events",
        headers=tuple(found),
        cells=tuple(found.values()),
        header_row=None,  # it is ours, and stands nowhere in the file
    )


def local_times(text: pa.Array, utc_offset: str | None) -> pa.Array:
    """Local times without offset: as written, or moved to ``utc_offset`` where it is given.

    A time without an offset is local already. What is no time is left as it is, so that it is
    named where it stands.
    """
    if not pa.types.is_string(text.type):
        return text
    bare = pc.replace_substring_regex(text, _OFFSET.replace("?P<offset>", ""), "")
    bare = pc.utf8_trim_whitespace(pc.replace_substring_regex(bare, _FINER, r"\1"))
    if utc_offset is None:
        return bare
    when = times(bare).values
    if when.null_count != text.null_count:
        return bare
    written = pc.struct_field(pc.extract_regex(text, _OFFSET), "offset").dictionary_encode()
    shifts = [
        _minutes(utc_offset) - _minutes(offset) for offset in written.dictionary.to_pylist()
    ]
    place = pc.fill_null(written.indices, len(shifts)).to_numpy(zero_copy_only=False)
    moved = np.array([*shifts, 0], dtype="timedelta64[m]")[place].astype("timedelta64[us]")
    return pc.add(when, pa.array(moved))


def _minutes(offset: str) -> int:
    if offset in "Zz":
        return 0
    digits = offset[1:].replace(":", "")
    minutes = 60 * int(digits[:2]) + int(digits[2:])
    return -minutes if offset[0] == "-" else minutes


def _in_our_words(text: pa.Array, ours: Mapping[str, str]) -> pa.Array:
    """The cells with every word that the mapping names replaced, the others as they are."""
    if not ours:
        return text
    text = text if pa.types.is_string(text.type) else text.cast(pa.string())
    words = pc.utf8_trim_whitespace(text)
    place = pc.index_in(words, pa.array(list(ours)))
    return pc.coalesce(pa.array(list(ours.values())).take(place), words)


def _problems(held: dict[str, object], file: str) -> Iterator[Problem]:
    """What is wrong with a mapping: names that mean nothing, and values that are no text."""
    known = [entry.name for entry in fields(Names)]
    for name, value in held.items():
        if name not in known:
            remedy = did_you_mean(name, known)
            yield Problem(
                "unknown-column", "a name of a mapping", quoted(name), remedy, file=file
            )
        elif name in ("activities", "items"):
            is_right = isinstance(value, dict) and all(
                isinstance(w, str) for w in value.values()
            )
            if not is_right:
                expected = f'a table of words under [{name}], such as "received" = "accept"'
                remedy = "write each word in quotes"
                yield Problem(
                    "wrong-type", expected, quoted(value), remedy, file=file, column=name
                )
        elif not isinstance(value, str) or not value.strip():
            remedy = "write it in quotes"
            yield Problem("wrong-type", "text", quoted(value), remedy, file=file, column=name)
        elif name == "utc_offset" and not re.fullmatch("[Zz]|[+-][0-9]{2}:?[0-9]{2}", value):
            remedy = "write hours and minutes from UTC"
            expected = "an offset, such as +08:00"
            yield Problem("wrong-type", expected, quoted(value), remedy, file=file, column=name)


def _no_column(raw: Raw, names: Names, ours: str, known: list[str]) -> Problem:
    theirs = getattr(names, ours)
    return Problem(
        "missing-column",
        f"a column {theirs}, which the mapping names as the {ours}",
        ", ".join(known),
        did_you_mean(theirs, known),
        file=raw.sheet.file,
        row=raw.header_row,
        column=_COLUMNS[ours],
    )
