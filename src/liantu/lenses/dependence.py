"""Which imported products hang on few sources, by value and by quantity, year after year."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.errors import Problem, Refusal, did_you_mean
from liantu.lens import lens
from liantu.parameters import Inside, Scheme, YearIfAny
from liantu.result import (
    Answer,
    Bars,
    Entry,
    Figure,
    Heat,
    Label,
    Ref,
    Row,
    Sentence,
    Series,
    rows_of,
    say,
)
from liantu.schema import Evidence, column

YEARS, LAST, SHOWN = 10, 3, 15  # examined, counted for persistence and drawn, at most
Numbers = np.ndarray[Any, Any]

READS = {
    "reports": """
        select
          reporter, scheme, year, case when value is not null then currency end as currency,
          value is not null as is_valued,
          cast(sum(case when evidence = 'assumed' then 1 else 0 end) as bigint) as assumed,
          string_agg(distinct source_id, ';') as source_id
        from trade
        where reporter = coalesce($reporter, reporter) and scheme = coalesce($scheme, scheme)
        group by all
        order by all
    """,
    "partners": """
        select
          sources.partner, places.name, places.name_local,
          case
            when abroad.country_id is distinct from home.country_id
              then coalesce(abroad.country_id, sources.partner)
            else sources.partner
          end as unit,
          case
            when sources.partner = asked.reporter or own.place_id is not null
              and not list_has_any([sources.partner, places.name, places.name_local], $inside)
              then 3
            when lower(sources.partner) in ('0', 'w00', 'wld', 'world', 'total', 'all') then 2
            when list_has_any(coalesce(listed.names, [sources.partner]), $inside) then 1
            else 0
          end as role,
          coalesce(listed.names, [sources.partner]) as names
        from (select partner from trade group by partner) as sources
        cross join (select coalesce($reporter, min(reporter)) as reporter from trade) as asked
        left join places on places.place_id = sources.partner
        left join countries as abroad on abroad.place_id = sources.partner
        left join countries as home on home.place_id = asked.reporter
        left join within as own
          on own.place_id = sources.partner and own.ancestor_id = asked.reporter
        left join (
          select within.place_id,
            flatten(list([places.place_id, places.name, places.name_local])) as names
          from within join places on places.place_id = within.ancestor_id
          group by within.place_id
        ) as listed on listed.place_id = sources.partner
        order by sources.partner
    """,
    "goods": """
        select
          codes.code,
          list_sort(list(distinct known.product_id)) as products,
          list_sort(list(distinct makers.org_id) filter (homes.place_id is not null)) as makers,
          string_agg(distinct known.source_id, ';') as source_id
        from (select code from trade group by code) as codes
        left join product_codes as known
          on known.code = codes.code and known.evidence <> 'assumed'
            and known.scheme = coalesce($scheme, (select min(scheme) from trade))
        left join makers on makers.product_id = known.product_id
        left join countries on countries.place_id = makers.place_id
        left join countries as homes
          on homes.country_id = countries.country_id
            and homes.place_id = coalesce($reporter, (select min(reporter) from trade))
        group by codes.code
        order by codes.code
    """,
    "flows": """
        select
          cast(goods.number as integer) as good, cast(sources.number as integer) as source,
          cast(units.number as integer) as measure, trade.year,
          trade.flow = 'import' as is_import, trade.value, trade.quantity,
          trade.evidence = 'synthetic' as synthetic,
          case trade.evidence when 'verified' then 0 when 'declared' then 1 else 2 end as doubt
        from trade
        join (
          select code, row_number() over (order by code) - 1 as number
          from trade group by code
        ) as goods on goods.code = trade.code
        join (
          select partner, row_number() over (order by partner) - 1 as number
          from trade group by partner
        ) as sources on sources.partner = trade.partner
        join (
          select coalesce(unit, '') as unit, row_number() over () as number
          from trade group by coalesce(unit, '')
        ) as units on units.unit = coalesce(trade.unit, '')
        where trade.evidence <> 'assumed'
          and trade.reporter = coalesce($reporter, trade.reporter)
          and trade.scheme = coalesce($scheme, trade.scheme)
          and trade.year <= coalesce($year, trade.year)
    """,
}


class DependenceRow(Row):
    """One imported product."""

    code: str = column("Code of the product.")
    products: list[str] = column("Products on record with the code.", references="products")
    imports: float | None = column(
        "Imports from outside, in the currency given; blank where an amount is unknown.", ge=0
    )
    cdi1: float | None = column(
        "Concentration of the sources outside (HHI); it counts above 0.4.",
        title="CDI1",
        ge=0,
        le=1,
    )
    cdi2: float | None = column(
        "Share of outside in all imports; it counts above one half.", title="CDI2", ge=0, le=1
    )
    cdi3: float | None = column(
        "Imports from outside over all exports; it counts above 1, and is infinite where "
        "nothing is exported.",
        title="CDI3",
        ge=0,
    )
    dependent: bool | None = column("Whether all three count; blank where one is unknown.")
    top_partner: str | None = column(
        "The source of the largest part.", title="Largest source", references="places"
    )
    top_share: float | None = column(
        "Its share of the imports from outside.", title="Its share", unit="share", ge=0, le=1
    )
    suppliers: int = column("Sources outside that something comes from.", title="Sources", ge=0)
    dependent_years: int = column(
        "In how many of the last three years on record it was dependent.", ge=0, le=LAST
    )
    makers: list[str] = column(
        "Makers of these products in the reporter's country.",
        title="Domestic makers",
        references="organisations",
    )
    evidence: Evidence = column("How sure the reports are; synthetic where any of them is.")
    imports_inside: float | None = column("Imports from inside.", ge=0, detail=True)
    exports: float | None = column("All exports; blank where none are on record.", detail=True)
    currency: str | None = column("Currency of the amounts.", detail=True)
    cdi1_quantity: float | None = column(
        "CDI1 by quantity, in one unit.", title="CDI1 by quantity", detail=True
    )
    cdi2_quantity: float | None = column(
        "CDI2 by quantity, in one unit.", title="CDI2 by quantity", detail=True
    )
    cdi3_quantity: float | None = column(
        "CDI3 by quantity, in one unit.", title="CDI3 by quantity", detail=True
    )
    years: list[int] = column("Years in which all are known.", unit="year", detail=True)
    met: list[int] = column("How many of the three count in each of them.", detail=True)


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """How many products are dependent, whether they stay so, and which they are."""
    values: dict[str, Any] = {entry.name: entry.value for entry in answer.summary}
    if not answer.table.num_rows:
        yield say("No imports are on record yet. Import trade.")
        return
    yield say(
        "In {year:year}, {dependent:count} of {known:count} products that {reporter} imports "
        "and that can be judged depend on few sources.",
        reporter=Ref("places", values["reporter"]),
        **{name: values[name] for name in ("year", "dependent", "known")},
    )
    if values["unknown"]:
        yield say(
            "For {unknown:count} more an index is unknown: they may be dependent too. Where "
            "nothing is exported, record exports of 0.",
            unknown=values["unknown"],
        )
    if values.get("churn") is not None:
        yield say(
            "{churn:percent} of those dependent in {previous_year:year} no longer are; "
            "{persistent:count} were in at least two of the last three years.",
            **{name: values[name] for name in ("churn", "previous_year", "persistent")},
        )
    rows = answer.table.to_pylist()
    if dependent := [row for row in rows if row["dependent"]]:
        yield _bars(sorted(dependent, key=lambda row: (-row["cdi1"], row["code"]))[:SHOWN])
    lasting = [row for row in rows if row["dependent_years"]]
    lasting.sort(key=lambda row: (-row["dependent_years"], -(row["imports"] or 0), row["code"]))
    years = sorted({year for row in lasting for year in row["years"]})
    if len(years) > 1:
        yield Heat(
            title=say("How many of the three indices count, by year"),
            rows=tuple(_label(row) for row in lasting[:SHOWN]),
            columns=tuple(say("{year:year}", year=year) for year in years),
            values=tuple(
                tuple(map(dict(zip(row["years"], row["met"], strict=True)).get, years))
                for row in lasting[:SHOWN]
            ),
        )


def _bars(rows: list[dict[str, Any]]) -> Bars:
    made_up = tuple(row["evidence"] == "synthetic" for row in rows)
    return Bars(
        title=say("The most concentrated of the dependent products"),
        caption=say("Sum of squared shares (HHI): 1 is a single source; it counts above 0.4."),
        labels=tuple(map(_label, rows)),
        series=(Series(say("concentration"), tuple(row["cdi1"] for row in rows)),),
        open=made_up,
        synthetic=made_up,
    )


def _label(row: dict[str, Any]) -> Label:
    if not row["products"]:
        return say("{code:name}", code=row["code"])
    product = Ref("products", row["products"][0])
    return say("{product} ({code:name})", product=product, code=row["code"])


@lens(
    "Import dependence",
    group="Chain",
    reads=READS,
    row=DependenceRow,
    show=show,
    example={"reporter": "china"},
)
def dependence(
    reports: pa.Table,
    partners: pa.Table,
    goods: pa.Table,
    flows: pa.Table,
    *,
    reporter: Annotated[
        str | None,
        Field(
            description="Who reports the trade; the only one on record where blank.",
            json_schema_extra={"references": ["places", "trade"]},
        ),
    ] = None,
    year: YearIfAny = None,
    scheme: Annotated[
        Scheme | None,
        Field(description="The classification of goods; the only one on record where blank."),
    ] = None,
    inside: Inside = [],  # noqa: B006 - read, never changed
) -> Answer:
    """Which imported products hang on few sources outside?

    CDI1 is the concentration (Herfindahl-Hirschman) of the imports from outside by source;
    CDI2 their share in all imports; CDI3 their ratio to all exports, which stand for what the
    reporter could make itself. A product is dependent where they are above 0.4, 0.5 and 1, all
    three: European Commission (2021), SWD(2021) 352, as two secondary sources give it; the
    annex itself was not read. Exports of 0 make CDI3 infinite (CEPII writes 9999); exports that
    are not on record leave it, and the product, unknown; where nothing comes from outside it is
    not dependent. A source is a country, its regions added up; the reporter itself is none.
    """
    del reporter, scheme  # they have chosen the rows already
    if problems := [*_problems(reports, partners, year, inside)]:
        raise Refusal(problems)
    held = [y for y in pc.unique(reports["year"]).to_pylist() if y <= (year or y)]
    years = np.array(sorted(held)[-YEARS:], np.int64)
    if not len(years):
        return Answer(rows_of(DependenceRow, {name: [] for name in DependenceRow.model_fields}))
    flows = flows.filter(pc.greater_equal(flows["year"], int(years[0])))
    currency = pc.max(reports["currency"]).as_py()
    table, met, possible = _table(flows, partners, goods, years, currency)
    summary = _summary(table, met, possible, years, reports["reporter"][0].as_py())
    return Answer(table, tuple(summary), tuple(_left_out(flows, reports, partners)))


def _table(
    flows: pa.Table, partners: pa.Table, goods: pa.Table, years: Numbers, currency: str | None
) -> tuple[pa.Table, Numbers, Numbers]:
    """The goods imported in the last year; what counts of each, by year; which could depend."""
    from liantu.kernels import dependence as kernel  # noqa: PLC0415 - kernels load when asked

    n, units = goods.num_rows, pc.unique(partners["unit"])
    held = {name: flows[name].to_numpy() for name in (*kernel.COLUMNS, "year", "doubt")}
    reports = kernel.Reports(
        year=np.searchsorted(years, held.pop("year")),
        **{name: held[name] for name in kernel.COLUMNS},
        role=partners["role"].to_numpy(),
        unit=pc.index_in(partners["unit"], units).to_numpy(),
        shape=(len(years), n),
    )
    value, quantity = (
        kernel.indices(reports, by_quantity=is_other) for is_other in (False, True)
    )
    met, most = (counts.reshape(len(years), n).T for counts in kernel.criteria(value))
    doubt, now = np.zeros(n, np.int64), reports.year == len(years) - 1
    np.maximum.at(doubt, reports.good[now], held["doubt"][now])
    columns = {name: getattr(value, name)[-n:] for name in kernel.FOUND} | {
        "code": goods["code"],
        "currency": [currency] * n,
        "dependent": pa.array(met[:, -1] == 3, mask=np.isnan(met[:, -1])),
        "top_partner": units.take(pa.array(value.top[-n:], mask=value.top[-n:] < 0)),
        "dependent_years": (met[:, -LAST:] == 3).sum(axis=1),
        "evidence": np.array(["verified", "declared", "synthetic"])[doubt],
        "years": [years[~np.isnan(row)].tolist() for row in met],
        "met": [row[~np.isnan(row)].astype(int).tolist() for row in met],
    }
    for name in ("products", "makers"):
        columns[name] = [[one for one in ids or () if one] for ids in goods[name].to_pylist()]
    columns |= {f"cdi{k}_quantity": getattr(quantity, f"cdi{k}")[-n:] for k in (1, 2, 3)}
    group = np.where(np.isnan(met[:, -1]), 1, np.where(met[:, -1] == 3, 0, 2))
    order = np.lexsort((np.arange(n), -np.nan_to_num(columns["imports"]), group))
    order = order[value.is_reported[-n:][order]]
    return rows_of(DependenceRow, columns).take(order), met[order], most[order, -1] == 3


def _summary(
    table: pa.Table, met: Numbers, possible: Numbers, years: Numbers, reporter: str
) -> Iterator[Entry]:
    """The named numbers; an unknown product could be dependent where nothing speaks against."""
    if not (rows := table.num_rows):
        return
    made_up = pc.equal(table["evidence"], "synthetic").to_numpy()
    is_known, is_dependent = ~np.isnan(met[:, -1]), met[:, -1] == 3
    known, dependent = int(is_known.sum()), int(is_dependent.sum())
    at_most = dependent + int((possible & ~is_known).sum())
    of = partial(
        Entry, base=say("of {n:count} imported products", n=rows), synthetic=int(made_up.sum())
    )
    base, unknown = say("of {n:count} that can be judged", n=known), rows - known
    yield Entry("reporter", say("Reporter"), reporter, value_of="places")
    yield Entry("year", say("Year"), int(years[-1]), "year")
    yield Entry("products", say("Imported products"), rows, synthetic=int(made_up.sum()))
    yield of("known", say("Products that can be judged"), known, unknown=unknown)
    yield of("unknown", say("Products with an unknown index"), unknown)
    of = partial(Entry, base=base, unknown=unknown, synthetic=int(made_up[is_known].sum()))
    yield of("dependent", say("Dependent products"), dependent, high=at_most)
    title, last = say("Dependent in at least two of the last three years"), met[:, -LAST:]
    surely, could = (int((k.sum(axis=1) >= 2).sum()) for k in (last == 3, ~(last < 3)))
    yield of("persistent", title, surely, high=could)
    if len(years) > 1 and (before := met[:, -2] == 3).any():
        gone, kept = (int((before & is_known & (is_dependent == k)).sum()) for k in (0, 1))
        n, share = int(before.sum()), gone / (gone + kept) if gone + kept else None
        title = say("Dependent in the year before, and no longer")
        of = partial(Entry, unknown=n - gone - kept, synthetic=int((before & made_up).sum()))
        base = say("of {n:count} dependent in the year before", n=n)
        yield of("churn", title, share, "share", base, low=gone / n, high=1 - kept / n)
        yield Entry("previous_year", say("The year before on record"), int(years[-2]), "year")


def _left_out(flows: pa.Table, reports: pa.Table, partners: pa.Table) -> Iterator[Sentence]:
    role = partners["role"].take(flows["source"]).to_numpy()
    assumed = int(pc.sum(reports["assumed"]).as_py())
    own, total = (int((role == k).sum()) for k in (3, 2))
    if own:
        yield say("{n:count} reports are of the reporter's trade with itself.", n=own)
    if total:
        yield say("{n:count} reports are of totals of all partners.", n=total)
    if assumed:
        yield say("{n:count} reports are assumed.", n=assumed)


def _problems(
    reports: pa.Table, partners: pa.Table, year: int | None, inside: list[str]
) -> Iterator[Problem]:
    """What cannot be answered as it was asked."""
    for name, remedy in (
        ("reporter", "give the reporter that is meant"),
        ("scheme", "give the scheme that is meant"),
        ("currency", "import all values in one currency"),
    ):
        told = reports.filter(reports["is_valued"]) if name == "currency" else reports
        found = [text or f"no {name}" for text in pc.unique(told[name]).to_pylist()]
        if len(found) > 1:
            listed = ", ".join(found[:12])
            yield Problem(f"mixed-{name}", f"one {name}", listed, remedy, column=name)
    years = sorted(pc.unique(reports["year"]).to_pylist())
    if year and years and year not in years:
        expected = f"a year on record: {', '.join(map(str, years[-12:]))}"
        yield Problem("no-such-year", expected, str(year), "give one of these", column="year")
    known = sorted({name for names in partners["names"].to_pylist() for name in names if name})
    for name in sorted(set(inside) - set(known)) if years else ():
        expected, remedy = "a partner, or a place around one", did_you_mean(name, known)
        yield Problem("unknown-partner", expected, f'"{name}"', remedy, column="inside")
