"""Currencies and units of rows: those in their own cells, else those that headers name.

Where a row names another than the header does, both are named and the number is not taken.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import Problem, did_you_mean
from liantu.ingest.contents.outcome import without
from liantu.ingest.contents.values import Parsed
from liantu.ingest.headings.currencies import CODES, SHARED_SIGNS, code_of
from liantu.ingest.headings.measures import CURRENCY, OF_A_YEAR, UNIT, Claim, beside
from liantu.ingest.headings.units import unit_of
from liantu.ingest.intake import Raw, quoted
from liantu.ingest.many import more, n_listed


@dataclass(frozen=True, slots=True)
class Filled:
    """The columns of a sheet with their units filled in, and what is to be said of that."""

    found: dict[str, Parsed]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Currencies:
    """The codes that cells mean, null where none is meant; what was read as what, and what not.

    ``readings`` maps words to the code that they were read as, ``strange`` words that are no
    currency to a hint.
    """

    codes: pa.Array
    readings: dict[str, str]
    strange: dict[str, str]


def filled(
    raw: Raw, table: str, found: Mapping[str, Parsed], claims: Mapping[str, Claim]
) -> Filled:
    """The columns with the currency and the unit of each row, as cell or header names it."""
    read, problems = dict(found), []
    if CURRENCY in read:
        codes = _currencies(read[CURRENCY].values)
        read[CURRENCY] = replace(read[CURRENCY], values=codes.codes)
        problems += [*_readings(raw, codes), *_strange(raw, found[CURRENCY].values, codes)]
    if UNIT in read and table in OF_A_YEAR:
        units, found_by = _of_a_year(raw, read[UNIT].values)
        read[UNIT] = replace(read[UNIT], values=units)
        problems += found_by
    for name, claim in claims.items():
        target = beside(table)[name]
        numbers, said = read[name].values, pa.scalar(claim.unit, pa.string())
        own = read[target].values if target in read else pa.nulls(len(numbers), pa.string())
        differs = _differs(own, claim.unit, numbers)
        if differs is not None:
            problems += _clashes(raw, (name, target, claim), own, differs)
            read[name] = replace(read[name], values=without(numbers, differs))
        here = pc.if_else(pc.is_valid(numbers), said, pa.scalar(None, pa.string()))
        units = pc.coalesce(own, here)
        read[target] = replace(read[target], values=units) if target in read else Parsed(units)
    return Filled(read, tuple(problems))


def _of_a_year(raw: Raw, cells: pa.Array) -> tuple[pa.Array, list[Problem]]:
    """Units of figures of a year: 台 for 台/年; a problem for each of a month or day."""
    met: list[str] = cells.unique().drop_null().to_pylist()
    units = {words: unit_of(words) for words in met}
    rates = {
        words: unit.parts
        for words, unit in units.items()
        if unit and unit.parts and unit.parts[1].kind == "period"
    }
    if not rates:
        return cells, []
    words = pa.array(list(rates), pa.string())
    counted = pa.array([counted.words.strip() for counted, _ in rates.values()])
    at = pc.index_in(cells, value_set=words)
    others = [words for words, (_, by) in rates.items() if by.base != "year"]
    problems = list(_by_other(raw, cells, {one: rates[one][0].words for one in others}))
    return pc.coalesce(counted.take(at), cells), problems


def _by_other(raw: Raw, cells: pa.Array, counted: Mapping[str, str]) -> Iterator[Problem]:
    """A problem for each cell that names a unit for a month, a day or an hour."""
    bad = pc.is_in(cells, value_set=pa.array(list(counted), pa.string()))
    rows = np.flatnonzero(bad.to_numpy(zero_copy_only=False))
    shown = pa.array(rows[: n_listed(len(rows))])
    numbers = raw.rows.take(shown).to_pylist()
    for word, row in zip(cells.take(shown).to_pylist(), numbers, strict=True):
        yield Problem(
            "wrong-unit",
            f"a unit for a year, such as {counted[word]}",
            quoted(word),
            f"write figures of a year, in {counted[word]}",
            file=raw.sheet.file,
            sheet=raw.sheet.sheet,
            row=row,
            column=UNIT,
        )
    if len(rows) > len(shown):
        yield more(len(rows) - len(shown), UNIT, raw.sheet.file, raw.sheet.sheet)


def _currencies(cells: pa.Array) -> _Currencies:
    """The cells of a column as codes: CNY as it is, 人民币 as CNY, which is told."""
    met: list[str] = cells.unique().drop_null().to_pylist()
    if CODES.issuperset(met):
        return _Currencies(cells, {}, {})
    meant = {words: code_of(_even(words)) for words in met}
    found = pa.array(list(meant.values()), pa.string())
    codes = found.take(pc.index_in(cells, value_set=pa.array(list(meant), pa.string())))
    readings = {words: code for words, code in meant.items() if code and words.upper() != code}
    return _Currencies(codes, readings, dict(_unknown(meant)))


def _unknown(meant: dict[str, str | None]) -> Iterator[tuple[str, str]]:
    for words, code in meant.items():
        if code is None:
            several = SHARED_SIGNS.get(_even(words), ())[:2]
            hint = f"did you mean {' or '.join(several)}?" if several else ""
            yield words, hint or did_you_mean(words, ["CNY", "USD", "EUR", *sorted(CODES)])


def _even(words: str) -> str:
    return "".join(words.split()).replace("￥", "¥").casefold()


def _differs(own: pa.Array, unit: str, numbers: pa.Array) -> pa.Array | None:
    """Where a row that has a number names another unit than the header; None where nowhere."""
    met = own.unique().drop_null().to_pylist()
    others = pa.array([word for word in met if not _is_same(word, unit)], pa.string())
    if not len(others):
        return None
    differs = pc.and_(pc.is_in(own, value_set=others), pc.is_valid(numbers))
    return differs if pc.any(differs).as_py() else None


def _is_same(own: str, unit: str) -> bool:
    first, second = unit_of(own), unit_of(unit)
    if first is None or second is None:
        return own.strip().casefold() == unit.strip().casefold()
    return first.is_same(second)


def _clashes(
    raw: Raw, said: tuple[str, str, Claim], own: pa.Array, differs: pa.Array
) -> Iterator[Problem]:
    name, target, claim = said
    rows = np.flatnonzero(differs.to_numpy(zero_copy_only=False))
    shown = rows[: n_listed(len(rows))]
    units = own.take(pa.array(shown)).to_pylist()
    numbers = raw.rows.take(pa.array(shown)).to_pylist()
    for unit, row in zip(units, numbers, strict=True):
        yield Problem(
            "unit-clash",
            f"{claim.unit}, as the header {quoted(claim.header)} says",
            f"{quoted(unit)} in {target}",
            f"correct {target} or the header, or put {unit} into a sheet of its own",
            file=raw.sheet.file,
            sheet=raw.sheet.sheet,
            row=row,
            column=target,
        )
    if len(rows) > len(shown):
        yield more(len(rows) - len(shown), name, raw.sheet.file, raw.sheet.sheet)


def _readings(raw: Raw, codes: _Currencies) -> Iterator[Problem]:
    """A note for each word that was read as the code of a currency."""
    for words, code in codes.readings.items():
        yield Problem(
            "currency-read",
            "a currency by its code, such as CNY",
            quoted(words),
            f"nothing need be done: it is read as {code}",
            file=raw.sheet.file,
            sheet=raw.sheet.sheet,
            row=raw.header_row,
            column=CURRENCY,
            severity="warning",
        )


def _strange(raw: Raw, cells: pa.Array, codes: _Currencies) -> Iterator[Problem]:
    """A problem for each cell that is no currency."""
    if not codes.strange:
        return
    bad = pc.is_in(cells, value_set=pa.array(list(codes.strange), pa.string()))
    rows = np.flatnonzero(bad.to_numpy(zero_copy_only=False))
    shown = rows[: n_listed(len(rows))]
    words = cells.take(pa.array(shown)).to_pylist()
    for word, row in zip(words, raw.rows.take(pa.array(shown)).to_pylist(), strict=True):
        yield Problem(
            "unknown-currency",
            "the code of a currency in ISO 4217, such as CNY",
            quoted(word),
            codes.strange[word],
            file=raw.sheet.file,
            sheet=raw.sheet.sheet,
            row=row,
            column=CURRENCY,
        )
    if len(rows) > len(shown):
        yield more(len(rows) - len(shown), CURRENCY, raw.sheet.file, raw.sheet.sheet)
