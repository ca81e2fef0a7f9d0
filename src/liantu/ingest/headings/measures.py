"""What the units in headers mean for the columns of a table: factors, and what they fill in.

A column that declares its unit is converted to it. Money is converted to its currency, which
stands in the column ``currency``; what is counted keeps its unit, which stands in ``unit``,
but for money and shares where no row names its own unit: these become CNY and shares of 1. A
unit that stands above the table counts for columns that have none in their header.

One unit by another, such as 台/年, is what is counted where the column is a figure of a year;
a capacity of a month is put on the year. An observed figure keeps such a unit as it stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from liantu.errors import Problem
from liantu.ingest.headings.headers import Header
from liantu.ingest.headings.unit_lines import doubtful_lines, units_above
from liantu.ingest.headings.units import Unit, known_units, unit_of
from liantu.ingest.intake import Raw, quoted
from liantu.schema import TABLES, Column, columns

CURRENCY, UNIT = "currency", "unit"
# Tables whose amounts are those of a year, and the amounts that are a rate in any case.
OF_A_YEAR = frozenset({"makes", "supplies", "trade"})
_RATES = frozenset({("makes", "capacity")})
_OF_ONE = frozenset({("parts", "quantity")})
_MONTHS = 12.0


@dataclass(frozen=True, slots=True)
class Claim:
    """What a header says of the unit of its column: the words to fill in, and its own."""

    unit: str
    header: str


@dataclass(frozen=True, slots=True)
class Measures:
    """For columns with a unit in their header the factor, and what is to be filled in."""

    factors: dict[str, float] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@cache
def beside(table: str) -> dict[str, str]:
    """For each number whose unit stands in another column the name of that one."""
    entries = columns(TABLES[table])
    names = {entry.name for entry in entries}
    found = {}
    for entry in entries:
        if entry.type != "number" or entry.unit:
            continue
        if entry.name == "value" and CURRENCY in names:
            found[entry.name] = CURRENCY
        elif UNIT in names:
            found[entry.name] = UNIT
    return found


def measures(raw: Raw, table: str, header: Header) -> Measures:
    """The factors and fills of a sheet, with every unit that cannot be understood or used."""
    found = Measures()
    problems = [] if raw.header_row is None else list(doubtful_lines(raw))
    entries = {entry.name: entry for entry in columns(TABLES[table])}
    above = units_above(raw)
    own = header.positions.get(UNIT)
    has_units = own is not None and raw.cells[own].null_count < len(raw.rows)
    for name, position in header.positions.items():
        entry, said = entries[name], header.units.get(name)
        where = _Where(raw, table, entry, raw.headers[position], has_units)
        if said is None:
            problems += _from_above(where, above, found)
        elif (unit := unit_of(said)) is None:
            problems.append(
                where.problem(
                    "unknown-unit",
                    f"a unit that is known: {known_units()}",
                    said,
                    "write another unit, or leave it out of the header",
                )
            )
        else:
            problems += _taken(where, unit, found)
    return Measures(found.factors, found.claims, tuple(problems))


@dataclass(frozen=True, slots=True)
class _Where:
    """A column of a sheet, and the words above it."""

    raw: Raw
    table: str
    entry: Column
    words: str
    has_units: bool

    @property
    def beside(self) -> str | None:
        """The column that holds the unit of this one."""
        return beside(self.table).get(self.entry.name)

    def problem(self, code: str, expected: str, found: str, remedy: str) -> Problem:
        """A problem with the unit in this header."""
        return Problem(
            code,
            expected,
            f"{quoted(found)} in {quoted(self.words)}",
            remedy,
            file=self.raw.sheet.file,
            sheet=self.raw.sheet.sheet,
            row=self.raw.header_row,
            column=self.entry.name,
        )


def _from_above(where: _Where, above: list[Unit], found: Measures) -> Iterator[Problem]:
    """The unit of a column without one, where exactly one above the table fits it."""
    fit = [unit for unit in above if _fits(where, unit)]
    if len(fit) > 1 and not all(unit.is_same(fit[0]) for unit in fit):
        names = " and ".join(quoted(unit.words) for unit in fit)
        yield where.problem(
            "wrong-unit", "one unit above the table", names, "write it into the header"
        )
    elif fit:
        yield from _taken(where, fit[0], found)
        yield Problem(
            "unit-above",
            f"a unit in the header {quoted(where.words)}",
            f"{quoted(fit[0].words)} above the table",
            f"{where.entry.name} is read in {fit[0].words}; write another unit into the header",
            file=where.raw.sheet.file,
            sheet=where.raw.sheet.sheet,
            row=where.raw.header_row,
            column=where.entry.name,
            severity="warning",
        )


def _fits(where: _Where, unit: Unit) -> bool:
    """Whether a unit above the table can be meant for the column."""
    if unit.parts:
        is_counted = _times(where, unit.parts[1]) is not None
        return _fits(where, unit.parts[0]) if is_counted else _is_free(where)
    if where.beside == CURRENCY:
        return unit.kind == "money"
    if where.beside == UNIT:
        return unit.kind != "money" or CURRENCY not in beside(where.table).values()
    return False


def _taken(where: _Where, unit: Unit, found: Measures) -> Iterator[Problem]:
    """Put the unit of a header to what was found, or say why it cannot be used."""
    name, beside_it = where.entry.name, where.beside
    if unit.parts and not _is_free(where):
        yield from _counted(where, unit, found)
    elif unit.kind == "number":
        found.factors[name] = unit.factor
    elif where.entry.unit:
        yield from _converted(where, unit, found)
    elif beside_it == CURRENCY:
        if unit.kind != "money":
            expected = f"a unit of money, such as {known_units('money')}"
            yield where.problem("wrong-unit", expected, unit.words, "correct the header")
            return
        found.factors[name] = unit.factor
        yield from _claimed(where, Unit(unit.base, "money", unit.base, 1.0), found)
    elif beside_it == UNIT and _fits(where, unit):
        if unit.kind in ("money", "share") and not where.has_units:
            found.factors[name] = unit.factor
            unit = Unit(unit.base, unit.kind, unit.base, 1.0)
        yield from _claimed(where, unit, found)
    else:
        expected = "a unit that is not one of money" if beside_it else "no unit: a mere number"
        yield where.problem("wrong-unit", expected, unit.words, "correct the header")


def _is_free(where: _Where) -> bool:
    """Whether a column is a figure of any kind, whose unit is kept as it stands."""
    return where.beside == UNIT and where.entry.name == "value"


def _counted(where: _Where, unit: Unit, found: Measures) -> Iterator[Problem]:
    """Read a unit by another as what is counted, in a year or for one product; else refuse."""
    if unit.parts is None:
        return
    counted, by = unit.parts
    times = _times(where, by)
    if times is None:
        yield where.problem("wrong-unit", *_not_by(where, unit, counted, by))
        return
    yield from _taken(where, counted, found)
    name = where.entry.name
    if times != 1.0:
        found.factors[name] = found.factors.get(name, 1.0) * times
    if by.base == "month":
        remedy = f"nothing need be done: {name} is taken times 12, for a year"
        expected = f"a unit for a year, such as {counted.words}"
        note = where.problem("unit-of-month", expected, unit.words, remedy)
        yield replace(note, severity="warning")


def _not_by(where: _Where, unit: Unit, counted: Unit, by: Unit) -> tuple[str, str, str]:
    """Why a unit by another is not that of a column, and what to do about it."""
    if by.kind != "period" or where.table not in OF_A_YEAR or where.beside is None:
        return "a unit of what is counted, not by another", unit.words, "correct the header"
    expected = f"a unit for a year, such as {counted.words}"
    if (where.table, where.entry.name) in _RATES:
        return expected, unit.words, "write figures of a year: the days worked are not known"
    remedy = "write figures of a year: one month and the mean of all cannot be told apart"
    return expected, unit.words, remedy


def _times(where: _Where, by: Unit) -> float | None:
    """By how much a figure is to be taken to be that of its column; None where none is sure."""
    here = where.table, where.entry.name
    if by.kind == "period" and where.table in OF_A_YEAR and where.beside:
        if by.base == "year":
            return 1.0
        return _MONTHS if by.base == "month" and here in _RATES else None
    return 1.0 / by.factor if here in _OF_ONE and by.kind == "count" else None


def _converted(where: _Where, unit: Unit, found: Measures) -> Iterator[Problem]:
    """The factor to the unit that the column declares; a problem that names both if none."""
    declared = unit_of(where.entry.unit or "")
    if declared is None or (declared.kind, declared.base) != (unit.kind, unit.base):
        yield where.problem(
            "wrong-unit",
            f"{where.entry.unit}, or a unit that can be converted to it",
            unit.words,
            f"write the numbers in {where.entry.unit}",
        )
    elif unit.factor != declared.factor:
        found.factors[where.entry.name] = unit.factor / declared.factor


def _claimed(where: _Where, unit: Unit, found: Measures) -> Iterator[Problem]:
    """Let the header fill in the unit; columns that share one are converted to the first."""
    for name, claim in found.claims.items():
        first = unit_of(claim.unit)
        if beside(where.table)[name] != where.beside or first is None:
            continue
        if (first.kind, first.base) != (unit.kind, unit.base):
            yield where.problem(
                "wrong-unit",
                f"the unit of {quoted(claim.header)}, for both stand in {where.beside}",
                unit.words,
                "give each a table or a row of its own, in its unit",
            )
            return
        if first.factor != unit.factor:
            found.factors[where.entry.name] = unit.factor / first.factor
        unit = first
    found.claims[where.entry.name] = Claim(unit.words, where.words)
