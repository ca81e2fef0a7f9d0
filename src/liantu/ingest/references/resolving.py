"""References given by name or number, and rows without an identifier, before rows are merged.

References are often a part of the key, so rows are compared again where a key has changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import Problem
from liantu.ingest.intake import Intake, quoted
from liantu.ingest.many import more, n_listed
from liantu.ingest.placing import placed
from liantu.ingest.references.citing import AMBIGUOUS, Cited, cited, rewritten, targets
from liantu.ingest.references.keys import once
from liantu.ingest.references.located import Located
from liantu.ingest.references.register import Meant, Register, unasked
from liantu.ingest.references.without_ids import WITHIN, Unnamed, has_unnamed
from liantu.schema import TABLES, Column, columns, key_columns


def resolve(
    intake: Intake, recorded: Mapping[str, pa.Table], *, replace_tables: bool = False
) -> Intake:
    """The import with an identifier in each row and each reference that can be told.

    A word that is no identifier is looked up, among the rows as they will be after the import,
    as a registration number, then as a name, then as a name without its legal form. A word
    that names several rows is a problem; one that names none is left to ``check``.

    ``recorded`` gives the rows on record, table by table, when they are asked for;
    ``replace_tables`` tells that tables of the import take the place of those.
    """
    made = {
        name: Unnamed(name, intake, partial(recorded.__getitem__, name))
        for name, table in intake.tables.items()
        if has_unnamed(name, table) and name not in WITHIN
    }
    named = _with(intake, {name: unnamed.table for name, unnamed in made.items()})
    registers = _registers(named, recorded, replace_tables=replace_tables)
    tables: dict[str, pa.Table] = {}
    problems = [problem for unnamed in made.values() for problem in unnamed.problems]
    for name in WITHIN.keys() & named.tables.keys():
        if has_unnamed(name, named.tables[name]):
            owned, found = _resolved(name, named, registers)
            within = Unnamed(
                name, _with(named, {name: owned}), partial(recorded.__getitem__, name)
            )
            problems += [*found, *within.problems]
            named = _with(named, {name: within.table})
            registers = _registers(named, recorded, replace_tables=replace_tables)
    for name in named.tables:
        tables[name], found = _resolved(name, named, registers)
        problems += found
    for name, unnamed in made.items():
        problems += unnamed.mistaken(tables[name])
    for name, table in tables.items():
        if _is_rekeyed(name, intake.tables[name], table):
            tables[name], found = once(name, table, intake.sheets)
            problems += found
    every = placed([*intake.problems, *problems], intake.heads)
    return replace(intake, tables=tables, problems=tuple(every))


def _with(intake: Intake, tables: Mapping[str, pa.Table]) -> Intake:
    return replace(intake, tables={**intake.tables, **tables})


def _registers(
    intake: Intake, recorded: Mapping[str, pa.Table], *, replace_tables: bool
) -> dict[str, Register]:
    return {
        name: Register(
            name,
            (intake.tables[name], intake.present[name]) if name in intake.tables else None,
            partial(recorded.__getitem__, name),
            is_replaced=replace_tables,
        )
        for name in TABLES
    }


def _is_rekeyed(name: str, before: pa.Table, after: pa.Table) -> bool:
    """Whether a column of the key is another than the one that was read."""
    if after is before:
        return False
    keys = [entry.name for entry in key_columns(TABLES[name])]
    return any(not before.column(key).equals(after.column(key)) for key in keys)


def _resolved(
    name: str, intake: Intake, registers: Mapping[str, Register]
) -> tuple[pa.Table, list[Problem]]:
    """A table with identifiers as references, and what there is to say about that."""
    table = intake.tables[name]
    located = Located(name, table, intake, pa.repeat(pa.scalar(value=True), len(table)))
    problems: list[Problem] = []
    for position, entry in enumerate(columns(TABLES[name])):
        before = located.table.column(entry.name)
        if not entry.references or before.null_count == len(before):
            continue
        column = before.combine_chunks()
        for mask, names in targets(entry, located.table):
            asked = [registers[target] for target in names]
            found = cited(column, mask, entry.separator)
            meant = _meant(found.words, asked)
            if meant is None:
                continue
            place = pc.index_in(found.words, value_set=meant.words)
            words = pc.coalesce(meant.ids.take(place), found.words)
            column = rewritten(column, found, words, entry.separator)
            problems += _Told(entry, located, found, meant, asked).problems()
        if column is not before:
            table = table.set_column(position, table.schema.field(position), column)
    return table, problems


def _meant(words: pa.Array, registers: Sequence[Register]) -> Meant | None:
    """Which rows the words name that are no identifiers; None where all are."""
    strange = words
    for register in registers:
        strange = register.strange(strange)
    if not len(strange):
        return None
    meant = unasked(strange.unique())
    for register in registers:
        meant = meant.then(register.meant)
    return meant


@dataclass(frozen=True, slots=True)
class _Told:
    """What there is to say about the references of a column in which some are by name."""

    entry: Column
    located: Located
    found: Cited
    meant: Meant
    registers: Sequence[Register]

    def problems(self) -> Iterator[Problem]:
        """Words of several meanings, identifiers that are names too, and names alike."""
        yield from self._ambiguous()
        yield from self._names_too()
        yield from self._alike()

    def _ambiguous(self) -> Iterator[Problem]:
        """A problem for each word that names several rows: two of them, and where."""
        if not self.meant.ambiguous:
            return
        lost = self.found.among(pa.array(list(self.meant.ambiguous), pa.string()))
        shown = n_listed(len(lost.words))
        words = lost.words[:shown].to_pylist()
        ids = pa.array([one for word in set(words) for one in self.meant.ambiguous[word]])
        places: dict[str, str] = {}
        for register in self.registers:
            places |= register.places(ids.unique(), self.located.intake.sheets)
        tables = " or ".join(register.table for register in self.registers)
        for word, row in zip(words, lost.rows[:shown].to_pylist(), strict=True):
            one, other = self.meant.ambiguous[word]
            rows = f"both {one} ({places[one]}) and {other} ({places[other]})"
            text = (
                f"a number or name that one row of {tables} has",
                f"{quoted(word)}, which is {rows}",
                f"write {one} or {other}",
            )
            yield self.located.problem(AMBIGUOUS, row, self.entry.name, text)
        if len(lost.words) > shown:
            yield more(len(lost.words) - shown, self.entry.name, None, self.located.name)

    def _names_too(self) -> Iterator[Problem]:
        """A warning for each identifier that is the name of another row."""
        met = self.found.words.unique()
        several = pa.array(list(self.meant.ambiguous), pa.string())
        names = pa.concat_arrays([self.meant.words, self.meant.left, several])
        ids = met.filter(pc.invert(pc.is_in(met, value_set=names)))
        for register in self.registers if len(ids) else ():
            named = register.named(ids)
            differs = pc.not_equal(named.words, named.ids)
            both = dict(
                zip(
                    named.words.filter(differs).to_pylist(),
                    named.ids.filter(differs).to_pylist(),
                    strict=True,
                )
            )
            for word, (one, other) in named.ambiguous.items():
                both[word] = one if one != word else other
            shown = dict(list(both.items())[: n_listed(len(both))])
            first = pc.index_in(pa.array(list(shown), pa.string()), value_set=self.found.words)
            rows = self.found.rows.take(first).to_pylist()
            for (word, other), row in zip(shown.items(), rows, strict=True):
                text = (
                    "an identifier that is no name of another row",
                    f"{quoted(word)}, taken as the identifier; {other} has it as its name",
                    f"write {other} if that one is meant",
                )
                problem = self.located.problem("name-or-identifier", row, self.entry.name, text)
                yield replace(problem, severity="warning")
            if len(both) > len(shown):
                left = len(both) - len(shown)
                yield more(left, self.entry.name, None, self.located.name, "warning")

    def _alike(self) -> Iterator[Problem]:
        """One warning for each sheet in which names were matched without their legal form."""
        if not len(self.meant.alike):
            return
        alike = self.found.among(self.meant.alike)
        sheets = self.located.table.column("origin_sheet").combine_chunks().take(alike.rows)
        _, first, counts = np.unique(sheets.to_numpy(), return_index=True, return_counts=True)
        for at, count in zip(first.tolist(), counts.tolist(), strict=True):
            word = alike.words[at]
            known = self.meant.ids[pc.index(self.meant.words, word).as_py()].as_py()
            called = next(
                register.called(known)
                for register in self.registers
                if pc.index(register.ids, known).as_py() >= 0
            )
            example = f"{quoted(word)} is taken as {called}"
            text = (
                "names as they are on record",
                f"{count:,} matched to a name that is alike: {example}",
                "where that is wrong, write the identifier",
            )
            row = alike.rows[at].as_py()
            problem = self.located.problem("alike-name", row, self.entry.name, text)
            yield replace(problem, severity="warning")
