"""What differs between two generations, in the words of a page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from liantu.errors import Refusal
from liantu.faces.address import Address
from liantu.faces.cells import Cell, cell, named
from liantu.faces.study import Study
from liantu.faces.words import Words
from liantu.schema import TABLES, Column, columns, key_columns
from liantu.workspace import Change, Counts, Diff

SIGNS = {"added": "+", "changed": "~", "removed": "−"}  # noqa: RUF001 - the minus sign


@dataclass(frozen=True, slots=True)
class Step:
    """The way from the generation before to the one in use."""

    before: int
    number: int
    counts: tuple[tuple[str, Counts], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Line:
    """One cell that differs, with the name of its row and where it was read."""

    kind: str
    sign: str
    table: str
    row: str
    column: str
    before: Cell | None
    after: Cell | None
    origin: str


def changed(study: Study) -> Step | None:
    """What the generation in use changed; None for the first one."""
    here = study.workspace.generation()
    if here.parent is None:
        return None
    return Step(here.parent, here.number, *counted(here.changes))


def counted(changes: dict[str, Counts]) -> tuple[tuple[tuple[str, Counts], ...], int]:
    """The tables that differ, those with most changes first, and how many rows in all."""
    differ = [(name, counts) for name, counts in changes.items() if not counts.is_empty]
    differ.sort(key=lambda entry: (-_rows(entry[1]), entry[0]))
    return tuple(differ), sum(_rows(counts) for _, counts in differ)


def _rows(counts: Counts) -> int:
    return counts.added + counts.changed + counts.removed


def lines(
    changes: Iterable[Change], words: Words, address: Address, *, limit: int
) -> tuple[Line, ...]:
    """The cells that differ, at most ``limit`` of them; an added row shows its first cells."""
    found: list[Line] = []
    for change in changes:
        for line in _lines(change, words, address):
            if len(found) == limit:
                return tuple(found)
            found.append(line)
    return tuple(found)


def listed(diff: Diff) -> tuple[tuple[tuple[str, Counts], ...], int]:
    """The counts of a diff, as those of a generation."""
    return counted(diff.counts)


def exists(study: Study, number: int) -> bool:
    """Whether a generation of that number is kept."""
    try:
        study.workspace.generation(number)
    except Refusal:
        return False
    return True


def _lines(change: Change, words: Words, address: Address) -> Iterator[Line]:
    declared = {entry.name: entry for entry in columns(TABLES[change.table])}
    row = words.say("; ").join(
        _keyed(change.table, declared[name], value, words)
        for name, value in change.key.items()
        if value is not None
    )
    origin = change.origin
    sheet = f"{origin.sheet}!" if origin.sheet else ""
    where = f"{origin.file}:{sheet}{origin.row}" if origin.file else ""
    cells = change.cells if change.kind == "changed" else dict(list(change.cells.items())[:1])
    for name, (before, after) in (cells or {"": (None, None)}).items():
        entry = declared.get(name)
        yield Line(
            kind=change.kind,
            sign=SIGNS[change.kind],
            table=change.table,
            row=row,
            column=name if change.kind == "changed" else "",
            before=_shown(entry, before, words, address, wanted=change.kind != "added"),
            after=_shown(entry, after, words, address, wanted=change.kind != "removed"),
            origin=where,
        )


def _keyed(table: str, entry: Column, value: object, words: Words) -> str:
    if len(key_columns(TABLES[table])) == 1:
        return words.name(table, str(value))
    if entry.references and not entry.separator:
        return words.called(named(words, entry.references, str(value))[1])
    return words.cell(value, entry)


def _shown(
    entry: Column | None, value: object, words: Words, address: Address, *, wanted: bool
) -> Cell | None:
    return cell(entry, value, words, address) if entry is not None and wanted else None
