"""Ask the tables of one generation with bound SQL, through a DuckDB that can do no more."""

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from liantu.errors import Problem, Refusal
from liantu.schema import TABLES, Table, columns

_PARAMETER = re.compile(r"\$(\w+)")


class Store:
    """The tables and views of one generation, ready to be queried.

    DuckDB may read the folder of the tables and nothing else, and its configuration is locked.
    Every table of the schema is there, empty where the generation has none; blank evidence
    reads as declared. A store may be used from several threads.
    """

    def __init__(self, tables: Mapping[str, Path], *, synthetic: bool = True) -> None:
        self._tables = dict(tables)
        self._synthetic = synthetic
        self._connection = duckdb.connect(":memory:")
        for name, table in TABLES.items():
            self._connection.execute(_view(name, table, self._tables.get(name), synthetic))
        self._connection.execute(files("liantu").joinpath("views.sql").read_text("utf-8"))
        self._lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The rows that a query gives, its ``$parameters`` bound and never joined as text."""
        named = set(_PARAMETER.findall(sql))
        bound = {name: value for name, value in (parameters or {}).items() if name in named}
        try:
            with self._connection.cursor() as cursor:
                return cursor.sql(sql, params=bound).to_arrow_table()
        except duckdb.Error as error:
            raise Refusal(_failed(sql, error)) from error

    def count(self, table: str) -> int:
        """The number of rows of a table, by its name in the schema."""
        if table not in TABLES:
            raise KeyError(table)
        return int(self.query(f"select count(*) as n from {table}")["n"][0].as_py())  # noqa: S608

    @cached_property
    def recorded(self) -> "Store":
        """The same tables without their synthetic rows."""
        return Store(self._tables, synthetic=False) if self._synthetic else self

    def close(self) -> None:
        """Let go of the tables; a query that is under way is still answered, no later one."""
        if "recorded" in self.__dict__ and self.recorded is not self:
            self.recorded.close()
        with suppress(duckdb.Error):  # says that it is busy, and closes when it is done
            self._connection.close()

    def _lock(self) -> None:
        folders = sorted({str(path.resolve().parent) for path in self._tables.values()})
        listed = ", ".join(_quoted(folder) for folder in folders)
        for setting in (
            f"set allowed_directories = [{listed}]",
            "set autoinstall_known_extensions = false",
            "set autoload_known_extensions = false",
            "set enable_external_access = false",
            "set lock_configuration = true",
        ):
            self._connection.execute(setting)


def _view(name: str, table: type[Table], path: Path | None, synthetic: bool) -> str:  # noqa: FBT001
    held = set(pq.read_schema(path).names) if path else set()
    chosen = ", ".join(_column_sql(entry.name, entry.arrow, held) for entry in columns(table))
    if path is None:
        return f"create view {name} as select {chosen} where false"
    source = f"read_parquet({_quoted(str(path.resolve()))})"
    kept = "" if synthetic else " where evidence is distinct from 'synthetic'"
    return f"create view {name} as select {chosen} from {source}{kept}"  # noqa: S608


def _column_sql(name: str, arrow: pa.DataType, held: set[str]) -> str:
    value = f'"{name}"' if name in held else f"cast(null as {_SQL_TYPES[str(arrow)]})"
    known = f"coalesce({value}, 'declared')" if name == "evidence" else value
    return f'{known} as "{name}"'


_SQL_TYPES = {
    "string": "varchar",
    "int64": "bigint",
    "double": "double",
    "bool": "boolean",
    "date32[day]": "date",
    "timestamp[us]": "timestamp",
}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _failed(sql: str, error: duckdb.Error) -> Problem:
    return Problem(
        code="query-failed",
        expected="a query that the record can answer",
        found=f"{str(error).splitlines()[0]} in: {sql}",
        remedy="mend the query, or import the tables again",
    )
