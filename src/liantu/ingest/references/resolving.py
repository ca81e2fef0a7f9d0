"""References given by name or number, and rows without an identifier, before rows are merged.

References are often a part of the key, so rows are compared again where a key has changed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from liantu.ingest.references.owners import of_others, of_owner, owned
from liantu.ingest.references.register import (
    OTHER_NAMES,
    Meant,
    Pairs,
    Register,
    other_names,
    unasked,
)
from liantu.ingest.references.without_ids import WITHIN, Unnamed, has_unnamed
from liantu.schema import TABLES, Column, columns, key_columns


def resolve(
    intake: Intake, recorded: Mapping[str, pa.Table], *, replace_tables: bool = False
) -> Intake:
    """The import with an identifier in each row and each reference that can be told.

    A word that is no identifier is looked up, among the rows as they will be after the import,
    as the name of a row with the same owner, where rows are named ``WITHIN`` theirs, then as a
    registration number, a name, and a name without its legal form. A word that names several
    rows is a problem; one that names none is left to ``check``.

    ``recorded`` gives the rows on record, table by table, when they are asked for;
    ``replace_tables`` tells that tables of the import take the place of those.
    """
    others = {
        name: _others(name, intake, recorded, replace_tables=replace_tables)
        for name in OTHER_NAMES
    }
    made = {
        name: Unnamed(
            name, intake, partial(recorded.__getitem__, name), others=others.get(name)
        )
        for name, table in intake.tables.items()
        if has_unnamed(name, table) and name not in WITHIN
    }
    named = _with(intake, {name: unnamed.table for name, unnamed in made.items()})
    registers = _registers(named, recorded, replace_tables=replace_tables)
    tables: dict[str, pa.Table] = {}
    problems = [problem for unnamed in made.values() for problem in unnamed.problems]
    for name in WITHIN.keys() & named.tables.keys():
        if has_unnamed(name, named.tables[name]):
            with_owners, found = _resolved(name, named, registers, {})
            unnamed = Unnamed(
                name, _with(named, {name: with_owners}), partial(recorded.__getitem__, name)
            )
            problems += [*found, *unnamed.problems]
            named = _with(named, {name: unnamed.table})
            registers = _registers(named, recorded, replace_tables=replace_tables)
    within = partial(owned, recorded=recorded, is_replaced=replace_tables)
    for name in named.tables:
        # Owners are named in tables that stand before those that refer to what they own.
        known = {table: within(table, _with(named, tables)) for table in WITHIN}
        tables[name], found = _resolved(name, named, registers, known)
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
            others=_others(name, intake, recorded, replace_tables=replace_tables)
            if name in OTHER_NAMES
            else None,
            is_replaced=replace_tables,
        )
        for name in TABLES
    }


def _others(
    name: str, intake: Intake, recorded: Mapping[str, pa.Table], *, replace_tables: bool
) -> Callable[[], Pairs]:
    """How to come by other names of the rows of a table, when they are asked for."""
    table = OTHER_NAMES[name]

    def read() -> Pairs:
        given = intake.tables.get(table)
        return other_names(table, given, recorded[table], is_replaced=replace_tables)

    return read


def _is_rekeyed(name: str, before: pa.Table, after: pa.Table) -> bool:
    """Whether a column of the key is another than the one that was read."""
    if after is before:
        return False
    keys = [entry.name for entry in key_columns(TABLES[name])]
    return any(not before.column(key).equals(after.column(key)) for key in keys)


def _resolved(
    name: str,
    intake: Intake,
    registers: Mapping[str, Register],
    within: Mapping[str, Register],
) -> tuple[pa.Table, list[Problem]]:
    """A table with identifiers as references, and what there is to say about that.

    ``within`` gives the registers of rows that are named within their owners.
    """
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
            by_name = found.words
            found = of_owner(found, table, within.get(names[0]))
            if found.words is not by_name:
                column = rewritten(column, found, found.words, entry.separator)
            meant = _meant(found.words, asked)
            if meant is None:
                continue
            place = pc.index_in(found.words, value_set=meant.words)
            words = pc.coalesce(meant.ids.take(place), found.words)
            column = rewritten(column, found, words, entry.separator)
            problems += _Told(entry, located, found, meant, asked).problems()
            if names[0] in within:
                now = replace(located, table=table)
                owners = within[names[0]], registers["organisations"]
                problems += of_others(entry.name, now, (found, meant), owners)
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
        yield from self._other_names_too()
        yield from self._matched(
            "other-name", "matched to another name on record", self.meant.other
        )
        yield from self._matched(
            "alike-name", "matched to a name that is alike", self.meant.alike
        )

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

    def _other_names_too(self) -> Iterator[Problem]:
        """A warning for each name that is another name of a second row as well."""
        for register in self.registers:
            both = register.also(self.meant)
            for word, (one, other) in list(both.items())[: n_listed(len(both))]:
                meant = f"{quoted(word)}, taken as the name of {one}"
                text = (
                    "a name that no other row has or had beside its own",
                    f"{meant}; {other} has it as another name",
                    f"write {other} if that one is meant",
                )
                row = self.found.rows[pc.index(self.found.words, word).as_py()].as_py()
                problem = self.located.problem("other-name", row, self.entry.name, text)
                yield replace(problem, severity="warning")

    def _matched(self, code: str, how: str, words: pa.Array) -> Iterator[Problem]:
        """One warning for each sheet in which words were matched in a way that is not plain."""
        if not len(words):
            return
        matched = self.found.among(words)
        sheets = self.located.table.column("origin_sheet").combine_chunks().take(matched.rows)
        _, first, counts = np.unique(sheets.to_numpy(), return_index=True, return_counts=True)
        for at, count in zip(first.tolist(), counts.tolist(), strict=True):
            word = matched.words[at]
            known = self.meant.ids[pc.index(self.meant.words, word).as_py()].as_py()
            called = next(
                register.called(known)
                for register in self.registers
                if pc.index(register.ids, known).as_py() >= 0
            )
            text = (
                "names as they are on record",
                f"{count:,} {how}: {quoted(word)} is taken as {called}",
                "where that is wrong, write the identifier",
            )
            row = matched.rows[at].as_py()
            problem = self.located.problem(code, row, self.entry.name, text)
            yield replace(problem, severity="warning")
