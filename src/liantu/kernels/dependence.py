"""How concentrated, how large and how replaceable imports are: the indices of dependence."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.integer[Any]]
Truths = NDArray[np.bool_]

OUTSIDE, INSIDE, TOTAL, OWN = range(4)
"""What a source is: a partner outside or inside, a total of partners, the reporter itself."""

CONCENTRATED, MOSTLY, UNMATCHED = 0.4, 0.5, 1.0
"""What the three indices must exceed."""

COLUMNS = ("good", "source", "is_import", "value", "quantity", "measure")
FOUND = (
    "imports", "imports_inside", "exports", "cdi1", "cdi2", "cdi3", "suppliers", "top_share"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reports:
    """Imports and exports as reported, one after the other, in any order.

    Attributes
    ----------
    year, good, source : (m,) integer, in [0, y), [0, g) and [0, s)
        No good has two imports, or two exports, of one source in a year.
    is_import : (m,) bool
    value, quantity : (m,) float64, >= 0; NaN where a report has none
    measure : (m,) integer
        The unit of the quantity: quantities of one good in several units are unknown.
    role : (s,) integer
        OUTSIDE, INSIDE, TOTAL or OWN. Totals serve only for exports that have no other report.
    unit : (s,) integer, in [0, u)
        Sources of one unit (regions of a country) are added up.
    shape : (y, g)
    """

    year: Whole
    good: Whole
    source: Whole
    is_import: Truths
    value: Floats
    quantity: Floats
    measure: Whole
    role: Whole
    unit: Whole
    shape: tuple[int, int]

    @property
    def cell(self) -> Whole:
        """(m,) a good in a year as one number."""
        cell: Whole = self.year.astype(np.int64) * self.shape[1] + self.good
        return cell

    @property
    def is_mixed(self) -> Truths:
        """(y * g,) whether the quantities of the good in the year are in several units."""
        if not self.measure.size or (self.measure == self.measure[0]).all():
            return np.zeros(self.shape[0] * self.shape[1], np.bool_)
        cell = self.cell
        measure = np.zeros(self.shape[0] * self.shape[1], np.int64)
        measure[cell] = self.measure
        differs = measure[cell] != self.measure
        mixed: Truths = np.bincount(cell[differs], minlength=measure.size) > 0
        return mixed


@dataclass(frozen=True, slots=True)
class Indices:
    """Imports and exports of every cell and what follows from them; NaN where unknown.

    Attributes
    ----------
    is_reported : (n,) bool
        Whether an import from a source outside or inside is reported.
    imports, imports_inside, exports : (n,) float64
        Imports from outside and inside, and all exports.
    cdi1, cdi2, cdi3 : (n,) float64
        Concentration of the sources outside, share of outside, ratio to exports (inf for
        exports of 0).
    suppliers : (n,) int64
        Units outside that something comes from.
    top : (n,) int64
        The largest of them, the first of equals; -1 where unknown or nothing comes.
    top_share : (n,) float64
    """

    is_reported: Truths
    imports: Floats
    imports_inside: Floats
    exports: Floats
    cdi1: Floats
    cdi2: Floats
    cdi3: Floats
    suppliers: Whole
    top: Whole
    top_share: Floats


def indices(reports: Reports, *, by_quantity: bool = False) -> Indices:
    """The indices of every good in every year, (y * g,), by value or by quantity.

    CDI1 = sum of squared shares, CDI2 = outside / (outside + inside), CDI3 = outside / exports.

    Notes
    -----
    European Commission (2021), SWD(2021) 352. O(m + y * g * s), 8 bytes for each good, year and
    source. An unknown amount makes its sum unknown, as do imports or exports without a report.
    """
    cell, role, unit = reports.cell, reports.role, reports.unit
    amount = reports.value
    if by_quantity:
        is_mixed = reports.is_mixed
        amount = reports.quantity
        if is_mixed.any():
            amount = np.where(is_mixed[cell], np.nan, amount)
    shape = (reports.shape[0] * reports.shape[1], role.size)
    is_named = role[reports.source] <= INSIDE
    columns = [
        (cell[chosen], reports.source[chosen], amount[chosen])
        for chosen in (reports.is_import & is_named, ~reports.is_import)
    ]
    imports = _by_source(*columns[0], shape)
    units = merged(imports[:, role == OUTSIDE], unit[role == OUTSIDE], int(unit.max()) + 1)
    is_reported = np.bincount(columns[0][0], minlength=shape[0]) > 0
    outside = np.where(is_reported, units.sum(axis=1), np.nan)
    inside = np.where(is_reported, imports[:, role == INSIDE].sum(axis=1), np.nan)
    exports = _exports(*columns[1], role, shape)
    largest = units.max(axis=1)
    return Indices(
        is_reported=is_reported,
        imports=outside,
        imports_inside=inside,
        exports=exports,
        cdi1=concentration(units),
        cdi2=ratio(outside, outside + inside),
        cdi3=ratio(outside, exports),
        suppliers=np.count_nonzero(units, axis=1),
        top=np.where(largest > 0, np.argmax(units, axis=1), -1),
        top_share=np.minimum(ratio(largest, outside), 1.0),
    )


def _by_source(cell: Whole, source: Whole, amount: Floats, shape: tuple[int, int]) -> Floats:
    """Amount of each cell from each source; 0 where none is reported, NaN where unknown."""
    amounts = np.zeros(shape[0] * shape[1])
    amounts[cell.astype(np.int64) * shape[1] + source] = amount
    return amounts.reshape(shape)


def _exports(
    cell: Whole, source: Whole, amount: Floats, role: Whole, shape: tuple[int, int]
) -> Floats:
    """Exports of each cell: to all partners, else the total; NaN where there is no report."""
    exports = np.full(shape[0], np.nan)
    for chosen in (role[source] == TOTAL, role[source] <= INSIDE):
        if not chosen.any():
            continue
        amounts = _by_source(cell[chosen], source[chosen], amount[chosen], shape)
        is_reported = np.bincount(cell[chosen], minlength=shape[0]) > 0
        exports = np.where(is_reported, amounts.sum(axis=1), exports)
    return exports


def merged(amounts: Floats, unit: Whole, n_units: int) -> Floats:
    """Amounts by unit: those of sources that belong together are added.

    Parameters
    ----------
    amounts : (rows, sources) float64
    unit : (sources,) integer, in [0, n_units)

    Returns
    -------
    (rows, n_units) float64; NaN where any of a unit's sources is NaN, 0 where it has none
    """
    if np.array_equal(unit, np.arange(n_units)):
        return amounts
    units = np.zeros((amounts.shape[0], n_units))
    for place in np.argsort(unit, kind="stable"):
        units[:, unit[place]] += amounts[:, place]
    return units


def concentration(amounts: Floats) -> Floats:
    """Sum of squared shares of the sources of each row (Herfindahl-Hirschman).

    Parameters
    ----------
    amounts : (rows, units) float64, 0 or from 1e-150 to 1e150, or NaN; units >= 1

    Returns
    -------
    (rows,) float64, in [1 / units, 1]
        NaN where an amount is unknown or nothing comes at all.

    Notes
    -----
    Herfindahl (1950), Hirschman (1945).
    """
    index = ratio(np.einsum("ij,ij->i", amounts, amounts), amounts.sum(axis=1) ** 2)
    return np.minimum(index, 1.0)


def ratio(part: Floats, whole: Floats) -> Floats:
    """``part`` over ``whole``: infinite where only the whole is 0, NaN where both are.

    Parameters
    ----------
    part, whole : (n,) float64, >= 0 or NaN
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient: Floats = part / whole
    return quotient


def criteria(found: Indices) -> tuple[Floats, Floats]:
    """How many of the three indices exceed their threshold, and the most that could.

    Returns
    -------
    met : (n,) float64, in 0..3
        NaN where an index is unknown; 0 where nothing comes from outside.
    most : (n,) float64, in 0..3
        As if every unknown index exceeded its threshold.

    Notes
    -----
    Above 0.4, 0.5 and 1; equal, which is to 1e-12, is not enough. European Commission (2021),
    SWD(2021) 352.
    """
    met, most = np.zeros(found.cdi1.size), np.zeros(found.cdi1.size)
    for index, threshold in (
        (found.cdi1, CONCENTRATED),
        (found.cdi2, MOSTLY),
        (found.cdi3, UNMATCHED),
    ):
        is_met, is_unknown = index > threshold * (1 + 1e-12), np.isnan(index)
        met += np.where(is_unknown, np.nan, is_met)
        most += is_met | is_unknown
    is_nothing = found.imports == 0
    return np.where(is_nothing, 0.0, met), np.where(is_nothing, 0.0, most)
