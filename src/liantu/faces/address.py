"""The address of a page, which is its whole state, and the addresses that lead on from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from liantu.schema import TABLES, key_columns

VIEW = frozenset({"lang", "sort", "filter", "page", "focus", "open", "links", "state"})
"""Names in an address that say how a page is looked at, not what is asked."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a reader is: a path and what stands behind its question mark.

    ``printed`` is a report: nothing in it leads back to a page, and a source is a note at its
    end.
    """

    path: str = "/"
    query: Mapping[str, str] = field(default_factory=dict)
    printed: bool = False

    @property
    def lang(self) -> str | None:
        """The language asked for in the address."""
        return self.query.get("lang")

    def here(self, **changes: object) -> str:
        """The same page with some of its state changed; None takes a name out."""
        return _joined(self.path, {**self.query, **changes})

    def to(self, path: str, query: Mapping[str, object] | None = None) -> str:
        """Another page, in the language of this one."""
        return _joined(path, {**(query or {}), "lang": self.query.get("lang")})

    def record(self, table: str, record: str) -> str | None:
        """The page of one record, where the records of the table have one."""
        if self.printed or len(key_columns(TABLES[table])) > 1:
            return None
        return self.to(f"/record/{quote(table)}/{quote(record, safe='')}")

    def source(self, source: str) -> str:
        """The page of a source, or its note in a report."""
        if self.printed:
            return f"#source-{quote(source, safe='')}"
        return self.to(f"/sources/{quote(source, safe='')}")


def _joined(path: str, query: Mapping[str, object]) -> str:
    kept = {name: str(value) for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(kept)}" if kept else path
