"""Rows without an identifier: matched to a row on record, or given one of their own."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from liantu.errors import Problem
from liantu.ingest.contents.outcome import is_true
from liantu.ingest.headings.name_columns import NUMBER, key_of, names_of
from liantu.ingest.intake import Intake, quoted
from liantu.ingest.references.register import Meant, Pairs, Register
from liantu.schema import TABLES, columns

_NONE_AMBIGUOUS = "a row that one row on record at most can be meant by"
# The column that tells rows of one name apart: a works of one company and one of another.
_OWNERS = {
    "platforms": "org_id",
    "places": "parent_id",
    "chains": "place_id",
}
# Tables whose rows are named within their owner only: every works has a 一厂.
WITHIN = {"sites": "org_id"}


def has_unnamed(name: str, table: pa.Table) -> bool:
    """Whether a table whose rows have names has rows without an identifier."""
    key = key_of(name)
    return key is not None and bool(names_of(name)) and table.column(key).null_count > 0


class Unnamed:
    """The rows of one table that came without an identifier, and the one that each gets.

    A row is the one on record with its registration number, or else the only one that has its
    name and no other number, or else has it as another name, or else the only one whose name
    is alike and that no row of the import is already. Else its identifier is made from its
    number, or else from its name. Rows that are named ``WITHIN`` their owner go by both, and
    come with identifiers as owners.
    """

    def __init__(
        self,
        name: str,
        intake: Intake,
        recorded: Callable[[], pa.Table],
        *,
        others: Callable[[], Pairs] | None = None,
    ) -> None:
        self._name, self._sheets = name, intake.sheets
        self._key, self._names = str(key_of(name)), names_of(name)
        self._whole = intake.tables[name]
        is_blank = pc.is_null(self._whole.column(self._key).combine_chunks())
        self._rows = np.flatnonzero(is_true(is_blank))
        whole = titled(name, self._whole)
        self._table = whole.take(self._rows)
        given = whole.filter(pc.invert(is_blank))
        known = cache(lambda: titled(name, recorded()))
        self._register = Register(name, (given, intake.present[name]), known, others=others)
        self._ids = pa.nulls(len(self._rows), pa.string())
        self._is_alike = np.zeros(len(self._rows), dtype=bool)
        self._is_other = np.zeros(len(self._rows), dtype=bool)
        self.problems: list[Problem] = []
        self._match()

    @property
    def table(self) -> pa.Table:
        """The table with an identifier in each row.

        A name that is the local one of the row on record is taken as that, so that a list in
        one language does not write over the names in the other; nor does another name.
        """
        filled = {self._key: self._ids} | self._names_on_record()
        mask = np.zeros(len(self._whole), dtype=bool)
        mask[self._rows] = True
        table = self._whole
        for name, cells in filled.items():
            position = table.schema.get_field_index(name)
            column = table.column(position).combine_chunks()
            column = pc.replace_with_mask(column, pa.array(mask), cells)
            table = table.set_column(position, table.schema.field(position), column)
        return table

    def _names_on_record(self) -> dict[str, pa.Array]:
        """Both names of the rows that give the local name alone as their name, or another."""
        pair = ("name", "name_local")
        if not set(pair) <= set(self._names):
            return {}
        recorded = self._register.recorded
        at = pc.index_in(self._ids, value_set=recorded.column(self._key), skip_nulls=True)
        ours = [self._table.column(name).combine_chunks() for name in pair]
        theirs = [recorded.column(name).combine_chunks().take(at) for name in pair]
        is_local = pc.and_(pc.equal(ours[0], theirs[1]), pc.is_null(ours[1]))
        is_local = pc.or_(pc.fill_null(is_local, fill_value=False), pa.array(self._is_other))
        if not pc.any(is_local).as_py():
            return {}
        return {
            name: pc.if_else(is_local, their, our)
            for name, their, our in zip(pair, theirs, ours, strict=True)
        }

    def mistaken(self, table: pa.Table) -> Iterator[Problem]:
        """A problem for each row matched by its name whose owner, now resolved, is another.

        ``table`` holds the rows of ``self.table`` with identifiers as references.
        """
        owner = _OWNERS.get(self._name)
        at = np.flatnonzero(self._is_by_name)
        if owner is None or not len(at):
            return
        recorded = self._register.recorded
        place = pc.index_in(self._ids.take(at), value_set=recorded.column(self._key))
        before = recorded.column(owner).take(place)
        after = table.column(owner).take(self._rows[at])
        for row in np.flatnonzero(
            is_true(pc.not_equal(before, after).combine_chunks())
        ).tolist():
            known = self._ids[at[row]].as_py()
            words = (
                f"{self._title(at[row])}, which is {known} on record with {owner} "
                f"{before[row].as_py()}; here it is {after[row].as_py()}"
            )
            remedy = f"write {known} as {self._key} if it is the same, another if it is not"
            yield self._problem(at[row], words, remedy)

    def _match(self) -> None:
        """Find what is on record, make the other identifiers, and note how many there were."""
        register, names = self._register, self._names
        if NUMBER in self._table.column_names:
            self._take((NUMBER,), register.numbered)
        is_by_number = is_true(pc.is_valid(self._ids))
        self._take(names, lambda words: register.named(words, names))
        self._take(names, register.otherwise)
        made = self._made()
        is_known = pc.is_in(made, value_set=register.ids, skip_nulls=True)
        self._ids = pc.coalesce(self._ids, pc.if_else(is_known, made, None))
        if self._ids.null_count and len(register.recorded):
            taken = pa.concat_arrays([register.own, self._ids.drop_null()])
            self._take(names, lambda words: register.alike(words, taken))
        is_known = is_true(pc.is_valid(self._ids))
        self._is_by_name = is_known & ~is_by_number
        self._ids = pc.coalesce(self._ids, made)
        self.problems += [*self._without_name(), *self._notes(is_known)]

    def _take(self, names: tuple[str, ...], asked: Callable[[pa.Array], Meant]) -> None:
        """Identifiers for the rows that have none yet and whose cells name a row on record."""
        is_open = pc.is_null(self._ids)
        found = pa.nulls(len(self._rows), pa.string())
        for name in names:
            cells = pc.if_else(is_open, self._table.column(name).combine_chunks(), None)
            words = cells.unique().drop_null()
            if not len(words):
                continue
            meant = asked(words)
            ids = meant.ids.take(pc.index_in(cells, value_set=meant.words, skip_nulls=True))
            if name != NUMBER:
                ids = self._of_same_number(ids)
            self.problems += self._ambiguous(cells, meant)
            self.problems += self._contrary(found, ids)
            is_alike = pc.is_in(cells, value_set=meant.alike, skip_nulls=True)
            self._is_alike |= is_true(pc.and_(is_alike, pc.is_valid(ids)))
            is_other = pc.is_in(cells, value_set=meant.other, skip_nulls=True)
            self._is_other |= is_true(pc.and_(is_other, pc.is_valid(ids)))
            if not len(meant.other):
                self.problems += self._also(cells, meant)
            found = pc.coalesce(found, ids)
        self._ids = pc.coalesce(self._ids, found)

    def _of_same_number(self, ids: pa.Array) -> pa.Array:
        """The identifiers without those of rows whose registration number is another."""
        if NUMBER not in self._table.column_names or ids.null_count == len(ids):
            return ids
        pairs = zip(*self._register.values(NUMBER), strict=True)
        numbers, known = (pa.concat_arrays(list(side)) for side in pairs)
        theirs = numbers.take(pc.index_in(ids, value_set=known, skip_nulls=True))
        differs = pc.not_equal(theirs, self._table.column(NUMBER).combine_chunks())
        return pc.if_else(pc.fill_null(differs, fill_value=False), None, ids)

    def _made(self) -> pa.Array:
        """Identifiers of number or name, in half width; a semicolon would part references."""
        held = [name for name in (NUMBER, *self._names) if name in self._table.column_names]
        words = pc.coalesce(*(self._table.column(name).combine_chunks() for name in held))
        even = pc.utf8_trim_whitespace(pc.utf8_normalize(words, "NFKC"))
        return pc.replace_substring(even, ";", ",")

    def _ambiguous(self, cells: pa.Array, meant: Meant) -> Iterator[Problem]:
        """A problem for each row whose number or name is that of two rows on record."""
        several = pa.array(list(meant.ambiguous), pa.string())
        for row in np.flatnonzero(is_true(pc.is_in(cells, value_set=several))).tolist():
            one, other = meant.ambiguous[cells[row].as_py()]
            words = f"{quoted(cells[row])}, which is both {one} and {other}"
            yield self._problem(row, words, f"write {one} or {other} as {self._key}")

    def _contrary(self, some: pa.Array, others: pa.Array) -> Iterator[Problem]:
        """A problem for each row of which one name is of one row, and the next of another."""
        for row in np.flatnonzero(is_true(pc.not_equal(some, others))).tolist():
            one, other = some[row].as_py(), others[row].as_py()
            words = f"{self._title(row)}, whose names are of both {one} and {other}"
            yield self._problem(row, words, f"write {one} or {other} as {self._key}")

    def _without_name(self) -> Iterator[Problem]:
        """A problem for each row that has no name either, where none other says so."""
        required = {entry.name for entry in columns(TABLES[self._name]) if not entry.nullable}
        if not required.isdisjoint(self._names):
            return
        for row in np.flatnonzero(is_true(pc.is_null(self._ids))).tolist():
            problem = self._problem(row, "a blank cell", "fill in the cell, or a name")
            yield replace(problem, code="missing-value", expected="text")

    def _notes(self, is_known: NDArray[np.bool_]) -> Iterator[Problem]:
        """For each sheet: how many rows came without an identifier, and what became of them."""
        sheets = self._table.column("origin_sheet").to_numpy()
        is_named = is_true(pc.is_valid(self._ids))
        for sheet in np.unique(sheets[is_named]):
            here = is_named & (sheets == sheet)
            known, made = np.flatnonzero(here & is_known), np.flatnonzero(here & ~is_known)
            words = f"{int(here.sum()):,} without: {len(known):,} on record by number or name, "
            words += f"{len(made):,} new"
            if len(made):
                words += f" and called by number or name, such as {quoted(self._ids[made[0]])}"
            remedy = f"nothing needs to be done; a column {self._key} would set them"
            row = int(made[0] if len(made) else known[0])
            problem = self._problem(row, words, remedy)
            yield replace(
                problem,
                code="made-identifier",
                expected=f"{self._key} in each row",
                severity="warning",
            )
            for code, how, mask in (
                ("other-name", "matched to another name on record", self._is_other),
                ("alike-name", "matched to a name that is alike", self._is_alike),
            ):
                at = np.flatnonzero(here & mask)
                if len(at):
                    yield self._note_of_match(code, how, int(at[0]), len(at))

    def _note_of_match(self, code: str, how: str, row: int, count: int) -> Problem:
        known = self._ids[row].as_py()
        example = f"{self._title(row)} is taken as {self._register.called(known)}"
        words = f"{count:,} {how}: {example}"
        problem = self._problem(row, words, f"where that is wrong, write another {self._key}")
        expected = "names as they are on record"
        return replace(problem, code=code, expected=expected, severity="warning")

    def _also(self, cells: pa.Array, meant: Meant) -> Iterator[Problem]:
        """A warning for each row whose name is another name of a second row on record."""
        for word, (one, other) in self._register.also(meant).items():
            row = pc.index(cells, word).as_py()
            words = (
                f"{quoted(word)}, taken as the name of {one}; {other} has it as another name"
            )
            problem = self._problem(row, words, f"write {other} if that one is meant")
            expected = "a name that no other row has or had beside its own"
            yield replace(problem, code="other-name", expected=expected, severity="warning")

    def _problem(self, row: int, found: str, remedy: str) -> Problem:
        where = self._sheets[self._table.column("origin_sheet")[row].as_py()]
        return Problem(
            "ambiguous-row",
            _NONE_AMBIGUOUS,
            found,
            remedy,
            file=where.file,
            sheet=where.sheet,
            row=self._table.column("origin_row")[row].as_py(),
            column=self._key,
        )

    def _title(self, row: int) -> str:
        cells = (self._table.column(name)[row].as_py() for name in self._names)
        return quoted(next(cell for cell in cells if cell is not None))


def titled(name: str, table: pa.Table, sign: str = " ") -> pa.Table:
    """The table with its owner before each name, where names are given within an owner."""
    if name not in WITHIN:
        return table
    position = table.schema.get_field_index("name")
    owners, names = (table.column(word).cast(pa.string()) for word in (WITHIN[name], "name"))
    titles = pc.binary_join_element_wise(owners, names, sign)
    return table.set_column(position, table.schema.field(position), titles)
