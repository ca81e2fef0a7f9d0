"""How much of a place's growth is neither capital nor labour, and how sure that can be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pyarrow as pa
from pydantic import Field

from liantu.errors import Problem, Refusal
from liantu.lens import lens
from liantu.parameters import Place
from liantu.result import (
    Answer,
    Entry,
    Figure,
    Lines,
    Mark,
    Ref,
    Row,
    Sentence,
    Series,
    rows_of,
    say,
)
from liantu.schema import column

IMPORTED = {"output": "gdp", "labour": "employment", "capital": "capital_stock or investment"}
BAND = (0.3, 0.5)  # of the share of capital, over which an answer is given with its range
LEAST = 0.005  # growth a year, below which shares of growth say nothing
ALPHAS = tuple(round(0.25 + 0.05 * step, 2) for step in range(9))

READS = {
    "figures": """
        select measure, scope, unit, year, value, evidence, source_id
        from place_figures
        where place_id = $place
          and measure in ('gdp', 'employment', 'capital_stock', 'investment')
        order by measure, scope, unit, year
    """,
}

_YEAR: Any = {
    "ge": 1900,
    "le": 2200,
    "json_schema_extra": {"unit": "year"},
}


class GrowthRow(Row):
    """One part of growth."""

    component: Literal["capital", "labour", "residual"] = column("What grew.")
    rate: float | None = column("Growth a year, by the level method.", unit="share")
    contribution: float | None = column(
        "Part of the growth of output; none where output grew by less than 0.5 % a year.",
        unit="share",
    )
    contribution_low: float | None = column(
        "The least over shares of capital from 0.3 to 0.5.", unit="share"
    )
    contribution_high: float | None = column(
        "The most over shares of capital from 0.3 to 0.5.", unit="share"
    )


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """The residual's part with its range, and how it depends on the share of capital."""
    if not answer.table.num_rows:
        yield say(
            "Growth of {place} cannot be parted: output, employment and capital are not all on "
            "record. Import observations of gdp, employment and capital_stock or investment.",
            place=Ref("places", answer.params["place"]),
        )
        return
    rows = {row["component"]: row for row in answer.table.to_pylist()}
    residual, growth = rows["residual"], answer.entry("growth").value
    years = {name: answer.entry(name).value for name in ("start", "end")}
    if residual["contribution"] is None:
        yield say(
            "Output grew by {growth:percent} a year from {start:year} to {end:year}: too "
            "little to say which part of it is which.",
            growth=growth,
            **years,
        )
        return
    yield say(
        "From {start:year} to {end:year} neither more capital nor more labour explains "
        "{share:percent} of growth; {low:percent} to {high:percent} by the share of capital.",
        share=residual["contribution"],
        low=residual["contribution_low"],
        high=residual["contribution_high"],
        **years,
    )
    yield say(
        "That residual is not technology measured: it also holds better use of plant, better "
        "schooling, and every error in the figures."
    )
    capital, labour = (rows[name]["rate"] / growth for name in ("capital", "labour"))
    yield Lines(
        title=say("Residual as part of growth, by the share of capital"),
        unit="share",
        x=ALPHAS,
        x_title=say("Share of capital in income"),
        series=(
            Series(
                say("residual"),
                tuple(1 - alpha * capital - (1 - alpha) * labour for alpha in ALPHAS),
                emphasis=True,
            ),
        ),
        marks=(Mark(answer.params["alpha"], say("as asked")),),
        caption=say(
            "The same figures under other shares of capital. Who states the part of technology "
            "without that share, the years and the prices, cannot be checked."
        ),
    )


@lens(
    "Growth accounting",
    group="Place",
    reads=READS,
    row=GrowthRow,
    show=show,
    example={"place": "zhuzhou", "start": 2018, "end": 2023},
)
def growth_accounting(
    figures: pa.Table,
    *,
    place: Place,
    start: Annotated[
        int | None,
        Field(description="First year; the earliest with all figures where blank.", **_YEAR),
    ] = None,
    end: Annotated[
        int | None,
        Field(description="Last year; the latest with all figures where blank.", **_YEAR),
    ] = None,
    alpha: Annotated[
        float, Field(gt=0, lt=1, description="Share of capital in income; labour has the rest.")
    ] = 0.35,
    depreciation: Annotated[
        float, Field(ge=0, lt=1, description="Part of the capital stock that wears out a year.")
    ] = 0.05,
) -> Answer:
    """How much of growth is neither more capital nor more labour?

    Solow (1957): the residual is y - alpha k - (1 - alpha) l, each a rate of growth a year by
    the level method, (last / first)^(1 / years) - 1; its part of growth is the residual over y.
    Output is gdp at constant prices. Where no capital stock is on record it is found from
    investment by perpetual inventory: K(t) = (1 - depreciation) K(t - 1) + I(t), from K(0) =
    I(0) / (depreciation + g) with g the growth of investment a year over the years on record
    (Harberger 1978). Each part is given with its range over shares of capital from 0.3 to 0.5,
    and none where output grew by less than 0.5 % a year.
    """
    record = _Record.of(figures)
    series = record.series(depreciation)
    shared = sorted(set.intersection(*(set(values) for values in series.values())))
    first, last = start or (shared or [0])[0], end or (shared or [0])[-1]
    if not any(series.values()) or first == last == 0:
        return Answer(rows_of(GrowthRow, {name: [] for name in GrowthRow.model_fields}))
    _check(place, series, first, last)
    rates = {
        name: (values[last] / values[first]) ** (1 / (last - first)) - 1
        for name, values in series.items()
    }
    return Answer(
        rows_of(GrowthRow, _rows(rates, alpha)),
        tuple(_summary(record, rates, series, (first, last), alpha)),
        tuple(_left_out(record, depreciation)),
    )


@dataclass(frozen=True, slots=True)
class _Record:
    """What is on record: for each measure its years and values, and the scope they are of."""

    values: Mapping[str, Mapping[int, float]]
    scopes: Mapping[str, str | None]
    synthetic: int

    @classmethod
    def of(cls, figures: pa.Table) -> "_Record":
        """The figures of one scope and unit for each measure; several are refused by name."""
        found: dict[str, dict[tuple[str | None, str | None], dict[int, float]]] = {}
        for row in figures.to_pylist():
            kinds = found.setdefault(row["measure"], {})
            kinds.setdefault((row["scope"], row["unit"]), {})[row["year"]] = row["value"]
        if problems := [_several(name, list(of)) for name, of in found.items() if len(of) > 1]:
            raise Refusal(problems)
        return cls(
            {name: next(iter(of.values())) for name, of in found.items()},
            {name: next(iter(of))[0] for name, of in found.items()},
            figures["evidence"].to_pylist().count("synthetic"),
        )

    @property
    def by_inventory(self) -> bool:
        """Whether capital is found from investment."""
        return "capital_stock" not in self.values and "investment" in self.values

    def series(self, depreciation: float) -> dict[str, Mapping[int, float]]:
        """Output, labour and capital by year."""
        capital = self.values.get("capital_stock", {})
        if self.by_inventory:
            from liantu.kernels.capital import perpetual_inventory  # noqa: PLC0415

            invested = self.values["investment"]
            capital = perpetual_inventory(invested, depreciation=depreciation)
        return {
            "output": self.values.get("gdp", {}),
            "labour": self.values.get("employment", {}),
            "capital": capital,
        }


def _several(measure: str, kinds: list[tuple[str | None, str | None]]) -> Problem:
    named = "; ".join(f"{scope or 'no scope'} in {unit or 'no unit'}" for scope, unit in kinds)
    return Problem(
        code="several-scopes",
        expected=f"observations of {measure} of one scope and one unit",
        found=named,
        remedy="keep the one at constant prices, and give the others another measure",
    )


def _check(
    place: str, series: Mapping[str, Mapping[int, float]], first: int, last: int
) -> None:
    """Refuse years that are not in order, or for which a figure is absent or not positive."""
    problems = []
    if last <= first:
        problems.append(
            Problem(
                code="bad-years",
                expected="a first year before the last",
                found=f"{first} and {last}",
                remedy="give a later end, or an earlier start",
            )
        )
    for name, values in series.items():
        known = ", ".join(str(year) for year in sorted(values)[:12]) or "none"
        problems += [
            Problem(
                code="no-figure",
                expected=f"{name} of {place} in {year}, above zero",
                found=f"{values[year]:g}" if year in values else f"figures for: {known}",
                remedy=f"choose other years, or import observations of {IMPORTED[name]}",
            )
            for year in (first, last)
            if values.get(year, 0) <= 0
        ]
    if problems:
        raise Refusal(problems)


def _rows(rates: Mapping[str, float], alpha: float) -> dict[str, list[Any]]:
    asked = _parts(rates, alpha)
    ends = [_parts(rates, edge) for edge in (*BAND, alpha)]
    output = rates["output"]
    enough = abs(output) >= LEAST
    names = list(asked)
    spans = {name: [parts[name] / output for parts in ends] if enough else [] for name in names}
    return {
        "component": names,
        "rate": [rates["capital"], rates["labour"], asked["residual"]],
        "contribution": [asked[name] / output if enough else None for name in names],
        "contribution_low": [min(spans[name], default=None) for name in names],
        "contribution_high": [max(spans[name], default=None) for name in names],
    }


def _parts(rates: Mapping[str, float], alpha: float) -> dict[str, float]:
    """The parts of the growth of output, in points of growth a year."""
    capital, labour = alpha * rates["capital"], (1 - alpha) * rates["labour"]
    residual = rates["output"] - capital - labour
    return {"capital": capital, "labour": labour, "residual": residual}


def _summary(
    record: _Record,
    rates: Mapping[str, float],
    series: Mapping[str, Mapping[int, float]],
    years: tuple[int, int],
    alpha: float,
) -> Iterator[Entry]:
    base = say("a year, from {start:year} to {end:year}", start=years[0], end=years[1])
    yield Entry(
        "growth",
        say("Growth of output"),
        rates["output"],
        "share",
        base,
        synthetic=record.synthetic,
    )
    for name, title in (
        ("labour", say("Growth of labour")),
        ("capital", say("Growth of capital")),
    ):
        yield Entry(
            f"growth_{name}", title, rates[name], "share", base, synthetic=record.synthetic
        )
    rows = _rows(rates, alpha)
    yield Entry(
        "residual",
        say("Residual as part of growth"),
        rows["contribution"][2],
        "share",
        say("with capital at {alpha:percent} of income", alpha=alpha),
        synthetic=record.synthetic,
        low=rows["contribution_low"][2],
        high=rows["contribution_high"][2],
    )
    yield Entry("start", say("First year"), years[0], "year")
    yield Entry("end", say("Last year"), years[1], "year")
    yield Entry(
        "capital_output_ratio",
        say("Capital for each unit of output"),
        series["capital"][years[1]] / series["output"][years[1]],
        base=say("in {end:year}", end=years[1]),
        synthetic=record.synthetic,
    )


def _left_out(record: _Record, depreciation: float) -> Iterator[Sentence]:
    scope = record.scopes.get("gdp")
    if "constant" not in (scope or "").lower() and "不变价" not in (scope or ""):
        yield say(
            "The record does not say that gdp is at constant prices. At current prices the "
            "residual holds inflation."
        )
    if record.by_inventory:
        yield say(
            "Capital is found from investment by perpetual inventory, with {rate:percent} "
            "wearing out a year.",
            rate=depreciation,
        )
