"""References to rows that are named within their owner: 一厂 of this firm, not of another.

Where the row that refers says whose it is too, the name is sought among those of this owner.
"""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from liantu.ingest.intake import Intake
from liantu.ingest.references.citing import Cited
from liantu.ingest.references.register import Register
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
