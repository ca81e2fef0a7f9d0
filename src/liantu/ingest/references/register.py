"""Identifiers and names of the rows of a table, and which row a word means."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from liantu.ingest.contents.identifiers import plain_numbers
from liantu.ingest.headings.name_columns import NAMES, NUMBER, names_of
from liantu.ingest.intake import ORIGIN, Sheet, quoted
from liantu.ingest.references.divisions import other_spellings
from liantu.ingest.references.keys import place
from liantu.ingest.references.names import normalised
from liantu.schema import TABLES, columns, key_columns

_SHORT = "short_name"
# The table that holds other names of the rows of a table, in the column of the same identifier.
OTHER_NAMES = {"organisations": "other_names"}
_OTHER = "other_name"

Pairs = tuple[pa.Array, pa.Array]


@dataclass(frozen=True, slots=True)
class Meant:
    """Which row each word names: its identifier beside the word; ``left`` name none.

    ``alike`` holds those words that a name matches only without its legal form, or that of a
    place with or without what says its level, ``other`` those that are another name of the
    row; ``ambiguous`` two identifiers for each word that names more than one row.
    """

    words: pa.Array
    ids: pa.Array
    left: pa.Array
    alike: pa.Array
    other: pa.Array
    ambiguous: Mapping[str, tuple[str, str]]

    def then(self, asked: Callable[[pa.Array], "Meant"]) -> "Meant":
        """What is known when the words that are left have been asked for as well."""
        if not len(self.left):
            return self
        more = asked(self.left)
        return Meant(
            pa.concat_arrays([self.words, more.words]),
            pa.concat_arrays([self.ids, more.ids]),
            more.left,
            pa.concat_arrays([self.alike, more.alike]),
            pa.concat_arrays([self.other, more.other]),
            {**self.ambiguous, **more.ambiguous},
        )


def unasked(words: pa.Array) -> Meant:
    """Nothing known of the words yet."""
    none = pa.array([], pa.string())
    return Meant(none, none, words, none, none, {})


class Register:
    """Identifiers and names of the rows of one table as they will be after an import.

    ``others`` gives other names and beside each the identifier of its row. The rows on record
    are read when a word is asked for that is no identifier in the import.
    """

    def __init__(
        self,
        table: str,
        incoming: tuple[pa.Table, frozenset[str]] | None,
        recorded: Callable[[], pa.Table],
        *,
        others: Callable[[], Pairs] | None = None,
        is_replaced: bool = False,
    ) -> None:
        self.table = table
        self._given_others = others
        self._key = key_columns(TABLES[table])[0].name
        self._columns = frozenset(entry.name for entry in columns(TABLES[table]))
        self._recorded_rows = recorded
        self._incoming = incoming[0] if incoming else None
        self._present = incoming[1] if incoming else frozenset()
        self._is_replaced = is_replaced and incoming is not None

    @cached_property
    def recorded(self) -> pa.Table:
        """The rows on record."""
        return self._recorded_rows()

    @cached_property
    def own(self) -> pa.Array:
        """The identifiers in the import."""
        if self._incoming is None:
            return pa.array([], pa.string())
        return self._ids(self._incoming)

    @cached_property
    def ids(self) -> pa.Array:
        """Every identifier."""
        if self._is_replaced:
            return self.own
        return pa.concat_arrays([self.own, self._ids(self.recorded)])

    @cached_property
    def others(self) -> Pairs:
        """Other names of the rows, and beside each the identifier."""
        if self._given_others is None:
            return pa.array([], pa.string()), pa.array([], pa.string())
        names, ids = self._given_others()
        is_known = pc.is_in(ids, value_set=self.ids)
        return names.filter(is_known), ids.filter(is_known)

    def strange(self, words: pa.Array) -> pa.Array:
        """The words that are no identifiers."""
        left = words.filter(pc.invert(pc.is_in(words, value_set=self.own)))
        if not len(left) or self._is_replaced:
            return left
        return left.filter(pc.invert(pc.is_in(left, value_set=self._ids(self.recorded))))

    def values(self, column: str) -> Iterator[Pairs]:
        """What the rows hold in a column, and their identifiers; blank cells are left out."""
        if self._incoming is not None and column in self._present:
            yield _filled(self._incoming, column, self._key)
            again = pc.is_in(self.recorded.column(self._key), value_set=self.own)
            if not self._is_replaced:
                yield _filled(self.recorded.filter(pc.invert(again)), column, self._key)
        elif self._is_replaced:
            again = pc.is_in(self.recorded.column(self._key), value_set=self.own)
            yield _filled(self.recorded.filter(again), column, self._key)
        else:
            yield _filled(self.recorded, column, self._key)

    def meant(self, words: pa.Array) -> Meant:
        """Which row each word names: by its number, a name as written, another, one alike."""
        found = self.numbered(words).then(self.named)
        return found.then(self.otherwise).then(self.alike).then(self.spelled)

    def numbered(self, words: pa.Array) -> Meant:
        """Which row each word names by its number in a register."""
        if NUMBER not in self._columns:
            return unasked(words)
        pairs = list(self.values(NUMBER))
        if not any(len(values) for values, _ in pairs):
            return unasked(words)
        return _met(words, plain_numbers(words), pairs)

    def named(self, words: pa.Array, columns: tuple[str, ...] = (*NAMES, _SHORT)) -> Meant:
        """Which row each word names by one of its names, as written."""
        held = [name for name in columns if name in self._columns]
        pairs = [pair for name in held for pair in self.values(name)]
        return _met(words, words, pairs)

    def otherwise(self, words: pa.Array) -> Meant:
        """Which row each word names by another name that it had or has, as written."""
        if not len(self.others[0]):
            return unasked(words)
        found = _met(words, words, [self.others])
        return replace(found, other=found.words)

    def also(self, meant: Meant) -> dict[str, tuple[str, str]]:
        """Words that name a row, and are another name of a second one: the two."""
        found = self.otherwise(meant.words)
        owners = dict(zip(meant.words.to_pylist(), meant.ids.to_pylist(), strict=True))
        seconds = dict(zip(found.words.to_pylist(), found.ids.to_pylist(), strict=True))
        for word, pair in found.ambiguous.items():
            seconds[word] = next(one for one in pair if one != owners[word])
        return {
            word: (owners[word], one) for word, one in seconds.items() if one != owners[word]
        }

    def alike(self, words: pa.Array, taken: pa.Array | None = None) -> Meant:
        """Which row each word names if legal forms, signs, width and case are left aside.

        Rows whose identifier is ``taken`` are none of those.
        """
        pairs = []
        for name in names_of(self.table):
            for values, ids in self.values(name):
                if taken is not None:
                    free = pc.invert(pc.is_in(ids, value_set=taken))
                    values, ids = values.filter(free), ids.filter(free)  # noqa: PLW2901
                pairs.append((normalised(values), ids))
        names, ids = self.others
        if taken is not None:
            free = pc.invert(pc.is_in(ids, value_set=taken))
            names, ids = names.filter(free), ids.filter(free)
        pairs.append((normalised(names), ids))
        found = _met(words, normalised(words), pairs)
        return replace(found, alike=found.words)

    def spelled(self, words: pa.Array) -> Meant:
        """Which place each word names with or without what says its level: 株洲 or 株洲市."""
        if self.table != "places":
            return unasked(words)
        pairs = list(self.values("level"))
        levels, of = (pa.concat_arrays(list(side)) for side in zip(*pairs, strict=True))
        met: list[Pairs] = []
        for name in names_of(self.table):
            for names, ids in self.values(name):
                level = levels.take(pc.index_in(ids, value_set=of))
                met += other_spellings(names, level, ids)
        found = _met(words, words, met)
        return replace(found, alike=found.words)

    def titles(self, ids: pa.Array) -> dict[str, str]:
        """What some rows are called, by their identifiers: the first name that they have."""
        found: dict[str, str] = {}
        for name in names_of(self.table):
            for names, held in self.values(name):
                first = names.take(pc.index_in(ids, value_set=held))
                pairs = zip(ids.to_pylist(), first.to_pylist(), strict=True)
                found = {one: name for one, name in pairs if name is not None} | found
        return found

    def called(self, one: str) -> str:
        """What a row is called, in words: its names, then its identifier where that is none."""
        found: list[str] = []
        for name in names_of(self.table):
            for values, ids in self.values(name):
                found += values.filter(pc.equal(ids, one)).to_pylist()
        names = ", ".join(quoted(name) for name in dict.fromkeys(found))
        return names if one in found else f"{names} ({one})"

    def places(self, ids: pa.Array, sheets: Sequence[Sheet]) -> dict[str, str]:
        """Where some rows stand, by their identifiers: in a file, or on record."""
        found = dict.fromkeys(ids.to_pylist(), "on record")
        if self._incoming is not None:
            rows = self._incoming.filter(pc.is_in(self._incoming.column(self._key), ids))
            for row in rows.select([self._key, *(name for name, _ in ORIGIN)]).to_pylist():
                found[row[self._key]] = place(row, sheets)
        return found

    def _ids(self, rows: pa.Table) -> pa.Array:
        return rows.column(self._key).combine_chunks().drop_null()


def other_names(
    table: str, incoming: pa.Table | None, recorded: pa.Table, *, is_replaced: bool
) -> Pairs:
    """Other names of the rows of a table, and beside each the identifier of its row."""
    key = key_columns(TABLES[table])[0].name
    held = [] if is_replaced and incoming is not None else [recorded]
    held += [] if incoming is None else [incoming]
    names, ids = zip(*(_filled(rows, _OTHER, key) for rows in held), strict=True)
    return pa.concat_arrays(names), pa.concat_arrays(ids)


def _filled(rows: pa.Table, column: str, key: str) -> tuple[pa.Array, pa.Array]:
    values, ids = (rows.column(name).combine_chunks() for name in (column, key))
    whole = pc.and_(pc.is_valid(values), pc.is_valid(ids))
    return values.filter(whole), ids.filter(whole)


def _met(words: pa.Array, asked: pa.Array, pairs: Sequence[tuple[pa.Array, pa.Array]]) -> Meant:
    """Which row each of the words names, among pairs of values and identifiers.

    ``asked`` holds for each word the value that is sought.
    """
    none = pa.array([], pa.string())
    values = pa.concat_arrays([none, *(pair[0] for pair in pairs)])
    ids = pa.concat_arrays([none, *(pair[1] for pair in pairs)])
    wanted = asked.unique()
    rows, places = _hits(values, wanted)
    first = np.full(len(wanted), -1, dtype=np.int64)
    first[places[::-1]] = rows[::-1]
    again = first[places] != rows
    others = pc.not_equal(ids.take(rows[again]), ids.take(first[places[again]]))
    other = np.full(len(wanted), -1, dtype=np.int64)
    is_other = others.to_numpy(zero_copy_only=False)
    other[places[again][is_other]] = rows[again][is_other]
    if len(wanted) < len(words):
        of_word = pc.index_in(asked, value_set=wanted).to_numpy()
        first, other = first[of_word], other[of_word]
    several, is_one = np.flatnonzero(other >= 0), (first >= 0) & (other < 0)
    both = (ids.take(side[several]).to_pylist() for side in (first, other))
    ambiguous = dict(zip(words.take(several).to_pylist(), zip(*both, strict=True), strict=True))
    return Meant(
        words.filter(pa.array(is_one)),
        ids.take(first[is_one]),
        words.filter(pa.array(first < 0)),
        none,
        none,
        {word: (min(pair), max(pair)) for word, pair in ambiguous.items()},
    )


def _hits(values: pa.Array, wanted: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows whose value is wanted, and which of the wanted it is."""
    at = pc.index_in(values, value_set=wanted, skip_nulls=True)
    rows = np.flatnonzero(pc.is_valid(at).to_numpy(zero_copy_only=False))
    return rows, at.drop_null().to_numpy().astype(np.int64)
