"""References to rows that are named within their owner: 一厂 of this firm, not of another.

Where the row that refers says whose it is too, the name is sought among those of this owner.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import Problem
from liantu.ingest.contents.outcome import is_true
from liantu.ingest.intake import Intake, quoted
from liantu.ingest.many import more, n_listed
from liantu.ingest.references.citing import Cited
from liantu.ingest.references.located import Located
from liantu.ingest.references.register import Meant, Register
from liantu.ingest.references.without_ids import WITHIN, titled

_SIGN = "\n"


def owned(
    name: str, intake: Intake, recorded: Mapping[str, pa.Table], *, is_replaced: bool
) -> Register:
    """The rows of a table under the names that they have together with their owners.

    ``intake`` holds identifiers as owners.
    """
    incoming = None
    if name in intake.tables:
        incoming = titled(name, intake.tables[name], _SIGN), intake.present[name]
    return Register(
        name,
        incoming,
        lambda: titled(name, recorded[name], _SIGN),
        is_replaced=is_replaced,
    )


def of_owner(found: Cited, table: pa.Table, register: Register | None) -> Cited:
    """The references, those by a name that one row of the same owner has by its identifier.

    Parameters
    ----------
    found
        What the rows of the table refer to.
    table
        The rows that refer, with an identifier as their own owner.
    register
        What they refer to, as ``owned`` gives it; None where rows have names of their own.
    """
    if register is None or WITHIN[register.table] not in table.column_names:
        return found
    strange = register.strange(found.words.unique())
    if not len(strange):
        return found
    owners = table.column(WITHIN[register.table]).combine_chunks().take(found.rows)
    is_strange = pc.is_in(found.words, value_set=strange)
    titles = pc.binary_join_element_wise(owners, found.words, _SIGN)
    titles = pc.if_else(is_strange, titles, pa.scalar(None, pa.string()))
    meant = register.named(titles.unique().drop_null())
    ids = meant.ids.take(pc.index_in(titles, value_set=meant.words, skip_nulls=True))
    return Cited(pc.coalesce(ids, found.words), found.rows)


def of_others(
    column: str,
    located: Located,
    references: tuple[Cited, Meant],
    known: tuple[Register, Register],
) -> Iterator[Problem]:
    """A warning for each name, in each owner, that was taken as a row of another owner.

    Parameters
    ----------
    column
        The column that refers.
    located
        The rows that refer, with an identifier as their own owner.
    references
        What they refer to, and which rows the names mean that none of the same owner has.
    known
        What is referred to, as ``owned`` gives it, and the owners.
    """
    (found, meant), (register, owners) = references, known
    owner = WITHIN[register.table]
    if owner not in located.table.column_names or not len(meant.words):
        return
    cited = found.among(meant.words)
    ids = meant.ids.take(pc.index_in(cited.words, value_set=meant.words))
    ours = located.table.column(owner).combine_chunks().take(cited.rows)
    pairs = zip(*register.values(owner), strict=True)
    held, of = (pa.concat_arrays(list(side)) for side in pairs)
    theirs = held.take(pc.index_in(ids, value_set=of))
    is_other = np.flatnonzero(is_true(pc.not_equal(ours, theirs)))
    titles = pc.binary_join_element_wise(ours, cited.words, _SIGN).take(is_other)
    first = is_other[pc.index_in(titles.unique(), value_set=titles).to_numpy()]
    shown = first[: n_listed(len(first))]
    names = owners.titles(pa.concat_arrays([ours.take(shown), theirs.take(shown)]).unique())
    for at in shown.tolist():
        one, own, other = ids[at].as_py(), ours[at].as_py(), theirs[at].as_py()
        text = (
            f"a name that a row of {register.table} has whose {owner} is {own}",
            f"{quoted(cited.words[at])}, taken as {one} of {quoted(names.get(other, other))}",
            f"where that is wrong, add it to {register.table}, or write the identifier",
        )
        problem = located.problem("other-owner", cited.rows[at].as_py(), column, text)
        yield replace(problem, severity="warning")
    if len(first) > len(shown):
        yield more(len(first) - len(shown), column, None, located.name, "warning")
