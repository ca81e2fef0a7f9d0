"""Whether a mutated file was answered as it must be, by an oracle that reads no file."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from liantu.errors import Problem, Refusal
from liantu.ingest.intake import quoted
from liantu.workspace import Import, Workspace
from tests.ingest.drafts import Draft


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a file was answered: read rightly, by cell, by cause; or what is wrong."""

    answer: str
    wrong: str = ""


def judged(draft: Draft, workspace: Workspace, folder: Path) -> Verdict:
    """How the workspace, which is empty, answers the files of the draft."""
    files = draft.write(folder)
    try:
        done = workspace.import_files(files, dry_run=True)
    except Refusal as refusal:
        return _refused(draft, refusal.problems)
    if draft.causes or draft.stopped or draft.faults():
        return Verdict(
            "accepted", f"accepted, with faults at {sorted(_expected(draft), key=str)}"
        )
    return _read(draft, done)


def _expected(draft: Draft) -> set[tuple]:
    return draft.faults() | draft.stops() | {(draft.file(page),) for page in draft.causes}


def _refused(draft: Draft, problems: Sequence[Problem]) -> Verdict:
    errors = [problem for problem in problems if problem.severity == "error"]
    found = {(item.file, item.sheet, item.row, item.cell): item for item in errors}
    lines = "\n".join(map(str, errors))
    expected = draft.faults()
    missing = {address for address in expected if address not in found}
    missing |= draft.stops() - {address[:3] for address in found}
    for page, codes in draft.causes.items():
        named = {item.code for item in errors if item.file == draft.file(page)}
        if not named & codes:
            missing.add((draft.file(page), *sorted(codes)))
    if missing := missing - draft.unjudged():
        return Verdict("missed", f"expected {sorted(missing, key=str)}; found\n{lines}")
    ended = {draft.file(page) for page in draft.ended}
    spoilt = {quoted(word) for word in draft.spoilt()}
    over = [
        item
        for address, item in found.items()
        if address not in expected
        and item.file not in ended
        and not (item.code == "dangling-reference" and item.found in spoilt)
    ]
    if over or not errors:
        return Verdict(
            "too much", f"not at fault: {over}; expected {sorted(expected, key=str)}"
        )
    return Verdict("by cause" if draft.causes else "by cell")


def _read(draft: Draft, done: Import) -> Verdict:
    """Whether the tables are the truth, row by row and value by value."""
    truth = draft.truth()
    tables = {name: rows for name, rows in truth.items() if rows}
    if set(done.diff.tables) != set(tables):
        return Verdict("misread", f"tables {sorted(done.diff.tables)} for {sorted(tables)}")
    for name, rows in tables.items():
        found = done.diff.tables[name].added.to_pylist()
        expected = Counter(_row(row) for row in rows)
        got = Counter(_row(row) for row in found)
        if expected != got:
            lost, strange = list((expected - got).elements()), list((got - expected).elements())
            return Verdict("misread", f"{name}: {lost[:3]} was read as {strange[:3]}")
    return Verdict("read")


def _row(row: dict[str, object]) -> tuple:
    """What a row says, without blanks and origin; numbers to fourteen digits."""
    return tuple(
        sorted(
            (name, _value(value))
            for name, value in row.items()
            if value is not None and not name.startswith("origin_")
        )
    )


def _value(value: object) -> object:
    if isinstance(value, float) and math.isfinite(value):
        return float(f"{value:.14g}")
    return value
