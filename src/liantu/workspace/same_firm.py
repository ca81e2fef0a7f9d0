"""Organisations that were recorded twice, made one: their rows, references and keys."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from liantu.errors import Problem, Refusal, did_you_mean
from liantu.ingest.references.keys import key_numbers
from liantu.schema import TABLES, Column, columns, key_columns
from liantu.workspace.changes import chosen
from liantu.workspace.tables import by_key

Conflicts = Literal["refuse", "keep"]
Told = Callable[[dict[str, Any]], str]

FIRMS = "organisations"
KEY, _PARENT = "org_id", "parent_org_id"


@dataclass(frozen=True, slots=True)
class Joined:
    """Rows of one table with each key once, and what did not fit together."""

    rows: pa.Table
    conflicts: tuple[Problem, ...] = ()


def resolved(pairs: Iterable[tuple[str, str]], known: Collection[str]) -> dict[str, str]:
    """The organisation that is kept, for each that is dropped; a refusal with every fault.

    Pairs are (kept, dropped). Those that hang together are one firm, and the one of them that
    is never dropped is kept: ``a=b`` with ``b=c`` drops b and c.
    """
    wanted = list(dict.fromkeys(pairs))
    problems = strangers(wanted, known)
    groups: dict[str, set[str]] = {}
    for keep, drop in wanted:
        together = groups.get(keep, {keep}) | groups.get(drop, {drop})
        groups.update(dict.fromkeys(together, together))
    dropped = {drop for _, drop in wanted}
    kept: dict[str, str] = {}
    for group in {id(group): group for group in groups.values()}.values():
        heads = sorted(group - dropped)
        if len(heads) == 1:
            kept.update(dict.fromkeys(sorted(group - {heads[0]}), heads[0]))
        elif len(group) > 1:
            problems.append(_headless(sorted(group), heads))
    if problems:
        raise Refusal(dict.fromkeys(problems))
    return dict(sorted(kept.items()))


def strangers(pairs: Sequence[tuple[str, str]], known: Collection[str]) -> list[Problem]:
    """A problem for each organisation not on record, and for each pair of one alone."""
    problems = [_unknown(name, known) for pair in pairs for name in pair if name not in known]
    problems += [_itself(one) for one, other in pairs if one == other]
    return list(dict.fromkeys(problems))


def one_firm(
    tables: Mapping[str, pa.Table],
    kept: Mapping[str, str],
    told: Told,
    conflicts: Conflicts = "refuse",
) -> tuple[dict[str, pa.Table], list[Problem]]:
    """The tables that change when organisations become those that are kept, and warnings.

    The dropped rows fill the blanks of the kept ones and go; every reference is to the kept
    one. Where keys become equal, rows that agree wherever both speak become one; where they
    do not, that is a refusal which names both, or with ``conflicts`` "keep" a warning: the row
    stays that was the kept one's. ``told`` says in words where a row was read.
    """
    changed: dict[str, pa.Table] = {}
    warnings: list[Problem] = []
    refused: list[Problem] = []
    for name, before in tables.items():
        rows, is_touched = pointed(name, before, kept)
        is_second = is_touched
        if name == FIRMS:
            rows = renamed(rows, kept)
            is_second = pc.is_in(before[KEY], value_set=_ids(kept)).to_numpy()
            is_touched = is_touched | is_second
        if not is_touched.any():
            continue
        warnings += _with_itself(name, before, rows, is_touched)
        one = joined(name, rows, is_second, told)
        if name == FIRMS or conflicts == "keep":
            warnings += (_as_warning(problem) for problem in one.conflicts)
        else:
            refused += one.conflicts
        changed[name] = one.rows.take(by_key(name, one.rows)).combine_chunks()
    refused += _circles(changed.get(FIRMS), kept)
    if refused:
        raise Refusal(refused)
    if "claims" in tables:
        warnings += _claims(tables["claims"], kept)
    return changed, warnings


def pointed(
    name: str, rows: pa.Table, kept: Mapping[str, str]
) -> tuple[pa.Table, NDArray[np.bool_]]:
    """The rows with every reference to the kept organisation, and which of them that changed.

    Returns
    -------
    the rows, and (n,) bool
    """
    is_touched = np.zeros(len(rows), dtype=bool)
    for entry in columns(TABLES[name]):
        if FIRMS not in entry.references:
            continue
        column = rows[entry.name].combine_chunks()
        new = _translated(column, kept)
        if entry.depends_on is not None:
            new = pc.if_else(_is_about_firms(name, entry, rows), new, column)
        is_new = pc.fill_null(pc.not_equal(new, column), fill_value=False).to_numpy(
            zero_copy_only=False
        )
        if is_new.any():
            is_touched |= is_new
            rows = rows.set_column(rows.column_names.index(entry.name), entry.name, new)
    return rows, is_touched


def joined(name: str, rows: pa.Table, is_second: NDArray[np.bool_], told: Told) -> Joined:
    """The rows with each key once: what one row is silent about, the other fills.

    Of rows with one key those that are not second have their say first, in order.
    """
    names = [entry.name for entry in key_columns(TABLES[name])]
    numbers = key_numbers(rows, names)
    _, inverse, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    several = np.flatnonzero(counts[inverse] > 1)
    if not len(several):
        return Joined(rows)
    several = several[np.lexsort((several, is_second[several], numbers[several]))]
    found = rows.take(pa.array(several)).to_pylist()
    starts = np.flatnonzero(np.diff(numbers[several], prepend=-1))
    problems: list[Problem] = []
    made: list[dict[str, Any]] = []
    for start, end in zip(starts, [*starts[1:], len(several)], strict=True):
        first, *others = found[start:end]
        row = dict(first)
        for other in others:
            problems += _filled(name, row, other, (first, told))
        made.append(row)
    is_single = np.ones(len(rows), dtype=bool)
    is_single[several] = False
    together = [chosen(rows, is_single), pa.Table.from_pylist(made, rows.schema)]
    return Joined(pa.concat_tables(together), tuple(problems))


def _filled(
    name: str, row: dict[str, Any], other: dict[str, Any], said: tuple[dict[str, Any], Told]
) -> Iterator[Problem]:
    """Fill the blanks of a row from another with its key; a problem for each contradiction."""
    for entry in columns(TABLES[name]):
        ours, theirs = row[entry.name], other[entry.name]
        if entry.key or ours == theirs or theirs is None:
            continue
        if entry.name == "evidence":
            if (ours or "declared") != theirs:
                yield _conflict(name, entry.name, (said[0], other), said[1])
        elif ours is None:
            row[entry.name] = theirs
        elif entry.separator:
            parts = [
                part.strip()
                for part in f"{ours}{entry.separator}{theirs}".split(entry.separator)
            ]
            row[entry.name] = entry.separator.join(dict.fromkeys(filter(None, parts)))
        else:
            yield _conflict(name, entry.name, (said[0], other), said[1])


def _translated(column: pa.Array, kept: Mapping[str, str]) -> pa.Array:
    index = pc.index_in(column, value_set=_ids(kept), skip_nulls=True)
    if index.null_count == len(index):
        return column
    return pc.coalesce(pa.array(list(kept.values()), pa.string()).take(index), column)


def renamed(rows: pa.Table, kept: Mapping[str, str]) -> pa.Table:
    """Rows of organisations under the identifiers that are kept."""
    new = _translated(rows[KEY].combine_chunks(), kept)
    return rows.set_column(rows.column_names.index(KEY), KEY, new)


def _ids(kept: Mapping[str, str]) -> pa.Array:
    return pa.array(list(kept), pa.string())


def _is_about_firms(name: str, entry: Column, rows: pa.Table) -> pa.Array:
    """Which rows say that the column names an organisation, and not another kind of thing."""
    deciding = next(item for item in columns(TABLES[name]) if item.name == entry.depends_on)
    choice = deciding.choices[entry.references.index(FIRMS)]
    return pc.fill_null(pc.equal(rows[deciding.name], choice), fill_value=False)


def _with_itself(
    name: str,
    before: pa.Table,
    rows: pa.Table,
    is_touched: NDArray[np.bool_],
) -> Iterator[Problem]:
    """A warning for each row that would speak of an organisation and itself."""
    ends = [entry.name for entry in columns(TABLES[name]) if entry.references == (FIRMS,)]
    if len(ends) != 2 or name == FIRMS:
        return
    touched = pa.array(np.flatnonzero(is_touched))
    for old, new in zip(
        before.take(touched).to_pylist(), rows.take(touched).to_pylist(), strict=True
    ):
        if new[ends[0]] == new[ends[1]] and old[ends[0]] != old[ends[1]]:
            yield Problem(
                "with-itself",
                f"{ends[0]} and {ends[1]} to be two organisations",
                f"{new[ends[0]]} with itself, once {old[ends[0]]} and {old[ends[1]]}",
                f"look whether they are one; else take the row out of {name}",
                sheet=name,
                severity="warning",
            )


def _circles(firms: pa.Table | None, kept: Mapping[str, str]) -> Iterator[Problem]:
    """A problem for each kept organisation that would lie above itself."""
    if firms is None:
        return
    parents = dict(zip(firms[KEY].to_pylist(), firms[_PARENT].to_pylist(), strict=True))
    for head in dict.fromkeys(kept.values()):
        line, above = [head], parents.get(head)
        while above is not None and above not in line:
            line.append(above)
            above = parents.get(above)
        if above == head:
            yield Problem(
                "cycle",
                "an organisation that does not belong to itself",
                " -> ".join([*line, head]),
                "they are on record as parent and subsidiary: correct parent_org_id first, "
                "or leave them two",
                sheet=FIRMS,
                column=_PARENT,
            )


def _claims(claims: pa.Table, kept: Mapping[str, str]) -> Iterator[Problem]:
    """A warning for each claim whose parameters or row name a dropped organisation."""
    for claim in claims.select(["claim_id", "params", "row"]).to_pylist():
        for column in ("params", "row"):
            for _, value in parse_qsl(claim[column] or ""):
                for name in set(value.split(",")) & set(kept):
                    yield named_elsewhere(
                        name, kept[name], f"claim {claim['claim_id']}", column
                    )


def named_elsewhere(drop: str, keep: str, where: str, column: str | None = None) -> Problem:
    """A warning that text which is no reference still names a dropped organisation."""
    return Problem(
        "dropped-name",
        f"{where} to name organisations on record",
        f"'{drop}'",
        f"write {keep} there",
        column=column,
        severity="warning",
    )


def _conflict(
    name: str, column: str, rows: tuple[dict[str, Any], dict[str, Any]], told: Told
) -> Problem:
    names = [entry.name for entry in key_columns(TABLES[name])]
    first, other = rows
    key = ", ".join(f"{part} {first[part]}" for part in names if first[part] is not None)
    stays = f"'{first[column] or 'declared'}' ({told(first)})"
    return Problem(
        "merge-conflict",
        f"one {column} for {key}",
        f"{stays} and '{other[column]}' ({told(other)})",
        "correct one of the two rows and import it, or keep the first with --conflicts keep",
        sheet=name,
        column=column,
    )


def _as_warning(problem: Problem) -> Problem:
    return Problem(
        problem.code,
        problem.expected,
        problem.found,
        "the first stays; the other is in the generation before",
        sheet=problem.sheet,
        column=problem.column,
        severity="warning",
    )


def _unknown(name: str, known: Collection[str]) -> Problem:
    return Problem(
        "unknown-organisation",
        "an org_id on record",
        f"'{name}'",
        did_you_mean(name, sorted(known)),
    )


def _itself(name: str) -> Problem:
    return Problem(
        "merge-itself", "two organisations", f"'{name}' twice", "name two that differ"
    )


def _headless(group: Sequence[str], heads: Sequence[str]) -> Problem:
    if not heads:
        found = f"each of {', '.join(group)} to be dropped"
    else:
        found = f"{' and '.join(heads)}, which pairs make one firm"
    remedy = "write each pair as KEEP=DROP, with the same one kept in all of them"
    return Problem("merge-circle", "one organisation of each firm to keep", found, remedy)
