"""A lens: one question put to the tables, answered by a pure function in one file."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version
from typing import Any, Protocol, Self
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import create_model

from liantu.errors import Missing, Problem, Refusal, did_you_mean
from liantu.parameters import Parameters, Synthetic, read_parameters
from liantu.records import resolved
from liantu.result import (
    Answer,
    Entry,
    Figure,
    Provenance,
    Read,
    Result,
    Row,
    Sentence,
    Stamp,
    say,
)

Show = Callable[[Answer], Iterable[Figure | Sentence]]


class Asked(Protocol):
    """What a lens is put to: tables that answer SQL, with or without their synthetic rows."""

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The rows that a query gives."""

    @property
    def recorded(self) -> Self:
        """The same without synthetic rows."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that one lens has for another: an entry of its summary, or a cell.

    ``row`` and ``column`` ask for the cell of the row that has these values, as text.
    """

    lens: str
    params: Mapping[str, str] = field(default_factory=dict)
    row: Mapping[str, str] = field(default_factory=dict)
    column: str | None = None


Asks = Callable[[Mapping[str, pa.Table], Mapping[str, Any]], Sequence[Ask]]

ANSWERS = pa.schema(
    [
        ("ask", pa.int64()),
        ("lens", pa.string()),
        ("name", pa.string()),
        ("subject", pa.string()),
        ("value", pa.float64()),
        ("text", pa.string()),
        ("unit", pa.string()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("unknown", pa.int64()),
        ("synthetic", pa.int64()),
        ("refused", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Lens:
    """A registered lens: everything that a face needs, so that no face knows any by name."""

    name: str
    title: str
    group: str
    reads: Mapping[str, str]
    row: type[Row]
    parameters: type[Parameters]
    show: Show
    example: Mapping[str, Any]
    asks: Asks | None
    function: Callable[..., Answer]

    @property
    def question(self) -> str:
        """What it answers, in one line."""
        return (inspect.getdoc(self.function) or "").split("\n", 1)[0]

    @property
    def method(self) -> str:
        """How the answer is computed, with its source."""
        lines = (inspect.getdoc(self.function) or "").splitlines()[1:]
        return "\n".join(lines).strip().replace("``", "")


_LENSES: dict[str, Lens] = {}


def lens(
    title: str,
    *,
    group: str = "More",
    reads: Mapping[str, str],
    row: type[Row],
    show: Show,
    example: Mapping[str, Any],
    asks: Asks | None = None,
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Register a function as a lens, under the name of the function.

    Its positional arguments are the tables that ``reads`` fills, and ``answers`` where ``asks``
    is given; its keyword-only arguments are the parameters, each described in its type. Of what
    is read, ``source_id`` leads to the sources, and ``evidence`` (or the truth ``synthetic``,
    where a query adds rows up) says which rows are synthetic.
    """

    def register(function: Callable[..., Answer]) -> Callable[..., Answer]:
        name = function.__name__
        signature = inspect.signature(function, eval_str=True)
        tables = [p.name for p in signature.parameters.values() if p.kind is not p.KEYWORD_ONLY]
        expected = [*reads, *(["answers"] if asks else [])]
        if tables != expected:
            message = f"lens {name} takes the tables {tables}, but reads {expected}"
            raise TypeError(message)
        _LENSES[name] = Lens(
            name=name,
            title=title,
            group=group,
            reads={key: inspect.cleandoc(sql) for key, sql in reads.items()},
            row=row,
            parameters=_parameters(name, signature),
            show=show,
            example=example,
            asks=asks,
            function=function,
        )
        return function

    return register


def _parameters(name: str, signature: inspect.Signature) -> type[Parameters]:
    fields: dict[str, Any] = {
        parameter.name: (
            parameter.annotation,
            ... if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in signature.parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    fields["synthetic"] = (Synthetic, True)
    return create_model(f"{name}_parameters", __base__=Parameters, **fields)


@cache
def _loaded() -> None:
    package = importlib.import_module("liantu.lenses")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"liantu.lenses.{module.name}")


def discover() -> dict[str, Lens]:
    """Every lens by name, sorted: each file in ``liantu.lenses`` is one."""
    _loaded()
    return dict(sorted(_LENSES.items()))


def find(name: str) -> Lens:
    """The lens of that name, or a refusal that names the nearest."""
    lenses = discover()
    if name not in lenses:
        raise Missing(
            Problem(
                code="unknown-lens",
                expected="the name of a lens",
                found=f'"{name}"',
                remedy=did_you_mean(name, list(lenses)),
            )
        )
    return lenses[name]


def run(
    name: str,
    params: Mapping[str, Any] | None = None,
    *,
    store: Asked,
    defaults: Mapping[str, Any] | None = None,
    stamp: Stamp | None = None,
) -> Result:
    """The answer of a lens to the tables of a store, with pictures, findings and provenance.

    Raises
    ------
    Missing
        No lens has that name.
    Refusal
        A parameter is missing, unknown, out of bounds or names no record; or lenses ask one
        another in a circle. Every Problem is in it.
    """
    return _Run(store, defaults or {}, stamp or Stamp()).answer(name, params or {}, ())


@dataclass(frozen=True, slots=True)
class _Run:
    """One question and those that it raises: each is answered once."""

    store: Asked
    defaults: Mapping[str, Any]
    stamp: Stamp
    done: dict[tuple[str, str], Result | Refusal] = field(default_factory=dict)

    def answer(self, name: str, given: Mapping[str, Any], path: tuple[str, ...]) -> Result:
        if name in path:
            raise Refusal(_circle((*path, name)))
        found = find(name)
        params = read_parameters(found.parameters, given, self.defaults)
        store = self.store if params["synthetic"] else self.store.recorded
        params = resolved(store, found.parameters, params)
        tables = {key: store.query(sql, params) for key, sql in found.reads.items()}
        reads = tuple(_read(key, found.reads[key], table) for key, table in tables.items())
        sources = _sources(tables.values())
        if found.asks:
            tables["answers"] = self._answers(found.asks(tables, params), (*path, name))
        arguments = {key: value for key, value in params.items() if key != "synthetic"}
        answer = replace(found.function(**tables, **arguments), params=params)
        if not params["synthetic"]:
            unread = say("Synthetic rows, where there are any, were not read.")
            answer = replace(answer, left_out=(*answer.left_out, unread))
        shown = tuple(found.show(answer))
        return Result(
            lens=name,
            params=params,
            row=found.row,
            answer=answer,
            figures=tuple(item for item in shown if isinstance(item, Figure)),
            findings=tuple(item for item in shown if isinstance(item, Sentence)),
            provenance=Provenance(
                name, version("liantu"), params, self.stamp, reads, tuple(sources)
            ),
        )

    def _answers(self, asks: Sequence[Ask], path: tuple[str, ...]) -> pa.Table:
        rows: list[dict[str, Any]] = []
        for number, ask in enumerate(asks):
            outcome = self._asked(ask, path)
            base = {"ask": number, "lens": ask.lens}
            if isinstance(outcome, Refusal):
                rows.append(base | {"refused": str(outcome)})
            elif ask.column:
                rows.append(base | _cell(outcome, ask.row, ask.column))
            else:
                rows += [base | _entry(entry) for entry in outcome.summary]
        return pa.Table.from_pylist(rows, schema=ANSWERS)

    def _asked(self, ask: Ask, path: tuple[str, ...]) -> Result | Refusal:
        key = (ask.lens, urlencode(sorted(ask.params.items())))
        if key not in self.done:
            try:
                self.done[key] = self.answer(ask.lens, ask.params, path)
            except Refusal as refusal:
                if any(problem.code == "circular-question" for problem in refusal.problems):
                    raise
                self.done[key] = refusal
        return self.done[key]


def query_string(text: str | None) -> dict[str, str]:
    """The parameters in a query string, as claims and addresses write them."""
    return dict(parse_qsl(text or "", keep_blank_values=True))


def _entry(entry: Entry) -> dict[str, Any]:
    number = entry.value if isinstance(entry.value, int | float) else None
    return {
        "name": entry.name,
        "subject": entry.subject.id if entry.subject else None,
        "value": number,
        "text": entry.value if isinstance(entry.value, str) else None,
        "unit": entry.unit,
        "low": number if entry.low is None else entry.low,
        "high": number if entry.high is None else entry.high,
        "unknown": entry.unknown,
        "synthetic": entry.synthetic,
    }


def _cell(result: Result, row: Mapping[str, str], column: str) -> dict[str, Any]:
    """The asked cell as an entry; how much of it is synthetic is taken from all rows read."""
    synthetic = sum(read.synthetic for read in result.provenance.reads)
    chosen = result.table
    unknown = [name for name in (*row, column) if name not in chosen.column_names]
    if unknown:
        return {"refused": f"{result.lens} has no column {', '.join(unknown)}"}
    if any(pa.types.is_nested(chosen[name].type) for name in row):
        return {"refused": f"a list names no row of {result.lens}"}
    for name, value in row.items():
        chosen = chosen.filter(pc.equal(chosen[name].cast(pa.string()), value))
    if chosen.num_rows != 1:
        asked = urlencode(row)
        return {"refused": f"{chosen.num_rows} rows of {result.lens} have {asked}, not one"}
    value = chosen[column][0].as_py()
    number = float(value) if isinstance(value, int | float) else None
    return {
        "name": column,
        "value": number,
        "text": value if isinstance(value, str) else None,
        "low": number,
        "high": number,
        "unknown": int(value is None),
        "synthetic": synthetic,
    }


def _read(name: str, sql: str, table: pa.Table) -> Read:
    generated = [table["synthetic"]] if "synthetic" in table.column_names else []
    if "evidence" in table.column_names:
        generated.append(pc.equal(table["evidence"], "synthetic"))
    marked = [column.to_numpy().astype(bool) for column in generated]
    synthetic = int(np.logical_or.reduce(marked).sum()) if marked else 0
    return Read(name, sql, table.num_rows, synthetic)


def _sources(tables: Iterable[pa.Table]) -> Iterator[str]:
    named = {
        part.strip()
        for table in tables
        if "source_id" in table.column_names
        for cell in pc.unique(table["source_id"]).to_pylist()
        for part in (cell or "").split(";")
    }
    return iter(sorted(named - {""}))


def _circle(path: tuple[str, ...]) -> Problem:
    return Problem(
        code="circular-question",
        expected="lenses that do not ask one another in a circle",
        found=" asks ".join(path),
        remedy="remove one of these questions",
    )


__all__ = ["ANSWERS", "Ask", "Lens", "discover", "find", "lens", "query_string", "run", "say"]
