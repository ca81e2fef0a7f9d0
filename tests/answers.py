"""What contract tests ask of an answer: as plain values, with other ids, in another order."""

import dataclasses
import math
from urllib.parse import urlencode

import numpy as np
import pyarrow as pa

from liantu.faces.render import result_json
from liantu.lens import discover, query_string
from liantu.records import key_of
from liantu.result import Ref
from liantu.schema import TABLES, columns, key_columns

REFERRED = {name for table in TABLES.values() for e in columns(table) for name in e.references}
KEYS = {key_of(name): name for name in TABLES if len(key_columns(TABLES[name])) == 1}
LOOSE = {
    ("activities", "code"): ("codes",),
    ("codes", "code"): ("codes",),
    ("sector_inputs", "supplier_code"): ("codes",),
    ("sector_inputs", "buyer_code"): ("codes",),
    ("observations", "activity"): ("codes", "chains", "products"),
    ("trade", "reporter"): ("places",),
    ("trade", "partner"): ("places",),
}
"""Columns that hold the id of a record, or else a code of some other list."""


def said(result):
    """Everything a lens answers, as JSON: rows, summary, pictures, sentences, left out."""
    whole = result_json(result)
    return {name: part for name, part in whole.items() if name != "provenance"}


def asked(lens):
    """The example's parameters as text, as an address or a command carries them."""
    return {
        name: ",".join(value) if isinstance(value, list) else str(value)
        for name, value in lens.example.items()
    }


def shuffled(table, seed):
    """The same rows in another order."""
    order = np.random.default_rng(seed).permutation(table.num_rows)
    return table.take(pa.array(order))


def is_id(entry):
    """Whether the values of a column name records."""
    return bool(entry.references) or (entry.key and entry.name in KEYS)


def other(text):
    """Another id in the same place among all ids."""
    return None if text is None else f"z{text}"


def others(value):
    return [other(item) for item in value] if isinstance(value, list) else other(value)


def renamed_table(name, table, known):
    """The table with every id in it replaced by another one of the same order."""
    for entry in columns(TABLES[name]):
        if entry.name not in table.column_names:
            continue
        held = table[entry.name].to_pylist()
        if is_id(entry):
            held = [_parted(cell, entry.separator) for cell in held]
        elif (name, entry.name) in LOOSE:
            ids = set().union(*(known[record] for record in LOOSE[name, entry.name]))
            held = [other(cell) if cell in ids else cell for cell in held]
        elif (name, entry.name) in {("claims", "params"), ("claims", "row")}:
            held = [
                _question(lens, cell, entry.name)
                for lens, cell in zip(table["lens"].to_pylist(), held, strict=True)
            ]
        place = table.column_names.index(entry.name)
        table = table.set_column(place, entry.name, pa.array(held, entry.arrow))
    return table


def _parted(cell, separator):
    if cell is None or separator is None:
        return other(cell)
    return separator.join(other(part.strip()) for part in cell.split(separator))


def _question(lens, text, part):
    """A query string with other ids, as far as the lens it is meant for is there."""
    if text is None or lens not in discover():
        return text
    model = discover()[lens].parameters if part == "params" else discover()[lens].row
    ids = {entry.name for entry in columns(model) if is_id(entry)}
    given = query_string(text)
    return urlencode(
        {
            name: ",".join(map(other, value.split(","))) if name in ids else value
            for name, value in given.items()
        }
    )


def renamed_params(lens, params):
    """The parameters with other ids."""
    ids = {entry.name for entry in columns(lens.parameters) if entry.references}
    return {name: others(v) if name in ids else v for name, v in params.items()}


def renamed_result(lens, result):
    """The answer as it would be if every record had another id of the same order."""
    table = result.table
    for entry in columns(lens.row):
        if is_id(entry):
            held = [
                [other(item) for item in cell]
                if entry.is_list
                else _parted(cell, entry.separator)
                for cell in table[entry.name].to_pylist()
            ]
            place = table.column_names.index(entry.name)
            table = table.set_column(place, entry.name, pa.array(held, entry.arrow))
    params = renamed_params(lens, result.params)
    answer = dataclasses.replace(
        result.answer,
        table=table,
        summary=_renamed(result.summary),
        left_out=_renamed(result.answer.left_out),
        params=params,
    )
    return dataclasses.replace(
        result,
        answer=answer,
        params=params,
        figures=_renamed(result.figures),
        findings=_renamed(result.findings),
    )


def _renamed(value):
    """Any part of an answer, with other ids wherever it names a record."""
    if isinstance(value, Ref):
        return Ref(value.table, other(value.id))
    if isinstance(value, tuple):
        return tuple(_renamed(item) for item in value)
    if isinstance(value, dict):
        return {name: _renamed(item) for name, item in value.items()}
    if dataclasses.is_dataclass(value):
        held = {f.name: _renamed(getattr(value, f.name)) for f in dataclasses.fields(value)}
        if held.get("value_of"):
            held["value"] = other(held["value"])
        return type(value)(**held)
    return value


def numbers_of(result):
    """Every value that a reader can find: in the table, the summary and the parameters."""
    found = [
        *(entry.value for entry in result.summary),
        *(entry.low for entry in result.summary),
        *(entry.high for entry in result.summary),
    ]
    cells = [
        cell for name in result.table.column_names for cell in result.table[name].to_pylist()
    ]
    for value in [*result.params.values(), *cells]:
        found += value if isinstance(value, list) else [value]
    return {value for value in found if value is not None and not _is_nan(value)}


def _is_nan(value):
    return isinstance(value, float) and math.isnan(value)
