"""Where a place stands: its figures beside those of other places, each with what it counts."""

from collections.abc import Iterator
from typing import Annotated, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.errors import Problem, Refusal
from liantu.lens import lens
from liantu.methods.comparison import (
    Told,
    as_reported,
    growing,
    left_out,
    one_each,
    over_the_years,
    when,
    without,
)
from liantu.parameters import ChainIfAny, Measure, PlaceIfAny, Places, Rivals, YearIfAny
from liantu.result import Answer, Entry, Figure, Ref, Row, Sentence, rows_of, say
from liantu.schema import Evidence, column

APART = ("other_scope", "partial_period", "target", "without_figure")

READS = {
    "figures": """
        with asked as (
          select places.place_id, places.level, countries.country_id
          from places
          left join countries on countries.place_id = places.place_id
          where array_contains($places, places.place_id)
            or (
              (places.place_id = $place or array_contains($rivals, places.place_id))
              and not exists (select 1 from places where array_contains($places, place_id))
            )
        ),
        near as (select place_id from asked union select country_id from asked),
        told as (
          select
            subject_id as place_id, activity, year, scope, unit, value, comparability, mark,
            scope_note, sureness, is_assumed, turn, versions, latest, source_id
          from settled_figures
          where subject_kind = 'place'
            and measure = $measure
            and (activity is null or activity = coalesce($activity, $chain))
            and subject_id in (select place_id from near)
          union all
          select
            near.place_id, case when not is_whole then activity end as activity, null as year,
            scheme as scope, 'organisations' as unit, sum(organisations) as value,
            'same' as comparability, '=' as mark, null as scope_note,
            2 + max(made_up) as sureness, false as is_assumed, 1 as turn, 1 as versions,
            null as latest, max(organisation_sources.source_id) as source_id
          from organisation_counts
          join within on within.place_id = organisation_counts.place_id
          join near on near.place_id = within.ancestor_id
          left join organisation_sources on organisation_sources.place_id = near.place_id
          cross join (select true as is_whole union all select false as is_whole) as parts
          where $measure = 'organisations'
            and (is_whole or activity = coalesce($activity, $chain))
            and not exists (select 1 from observations where measure = 'organisations')
          group by near.place_id, scheme, is_whole, case when not is_whole then activity end
        ),
        meant as (
          select case
            when $activity is not null then cast($activity as varchar)
            when exists (
              select 1 from told
              join asked on asked.place_id = told.place_id
              where told.activity is not null and ($year is null or told.year = $year)
            ) then cast($chain as varchar)
          end as activity
        ),
        chosen as (
          select
            asked.place_id, asked.level, asked.country_id, told.activity, told.value, told.unit,
            told.year, told.scope, told.comparability, told.mark, told.scope_note,
            told.sureness, told.is_assumed, told.turn, told.versions, told.source_id,
            told.turn = 1 and told.mark = '=' and not told.is_assumed as is_comparable
          from asked
          cross join meant
          left join told
            on told.place_id = asked.place_id
              and told.activity is not distinct from meant.activity
              and (told.year is null or told.year = coalesce($year, told.latest))
        ),
        past as (
          select
            place_id, scope, unit, mark, array_agg(year order by year) as years,
            array_agg(value order by year) as figures, min(year) as first_year,
            min_by(value, year) as first_value
          from told
          join meant on meant.activity is not distinct from told.activity
          where turn = 1 and not is_assumed and year is not null
            and (mark = '=' or (mark = '≠' and scope is not null))
          group by place_id, scope, unit, mark
        ),
        wholes as (
          select
            place_id, scope, unit, year,
            max(case when activity is not null then value end) as part,
            max(case when activity is null then value end) as whole,
            max(sureness) as sureness, max(source_id) as source_id
          from told
          where mark = '=' and turn = 1 and not is_assumed
          group by place_id, scope, unit, year
        )
        select
          chosen.place_id, chosen.activity, chosen.unit, chosen.year, chosen.scope,
          chosen.value, chosen.mark, chosen.comparability,
          case when chosen.value >= 0 and coalesce(chosen.unit, '') <> 'share'
            then chosen.value / nullif(
              case when chosen.activity is null then home.whole else home.part end, 0
            ) end as share,
          here.whole is null or home.whole is null as is_summed,
          case when is_summed then of_place else here.whole end as x_c,
          case when is_summed then of_country else home.whole end as x,
          case when chosen.value >= 0 and chosen.activity is not null and x_c > 0
            and home.part > 0 and x > 0 then chosen.value / x_c * x / home.part end as lq,
          case when past.first_value > 0 and chosen.value > 0 and past.first_year < chosen.year
            then power(chosen.value / past.first_value, 1.0 / (chosen.year - past.first_year))
              - 1 end as growth,
          case when past.first_year < chosen.year then past.first_year end as growth_from,
          case when is_comparable then rank() over (
            partition by is_comparable, level, chosen.scope, chosen.unit, chosen.year
            order by chosen.value desc
          ) end as rank,
          case when is_comparable then count(*) over (
            partition by is_comparable, level, chosen.scope, chosen.unit, chosen.year
          ) end as ranked,
          coalesce(chosen.turn = 1 and not is_assumed, false) as chosen,
          coalesce(chosen.versions > 1, false) as conflict, chosen.scope_note,
          past.years, past.figures,
          nullif(array_to_string(list_sort(list_distinct(string_split(concat_ws(
            ';', chosen.source_id, home.source_id, case when is_summed then sums.source_id end
          ), ';'))), ';'), '') as source_id,
          case chosen.sureness
            when 1 then 'verified' when 2 then 'declared' when 3 then 'synthetic'
            when 4 then 'assumed' end as evidence
        from chosen
        left join past
          on chosen.turn = 1 and not is_assumed and past.place_id = chosen.place_id
            and (past.scope, past.unit, past.mark) is not distinct from
              (chosen.scope, chosen.unit, chosen.mark)
        left join wholes as home
          on is_comparable and home.place_id = country_id and country_id <> chosen.place_id
            and home.sureness <= greatest(chosen.sureness, 2)
            and (home.scope, home.unit, home.year) is not distinct from
              (chosen.scope, chosen.unit, chosen.year)
        left join wholes as here
          on here.place_id = chosen.place_id and here.sureness <= greatest(chosen.sureness, 2)
            and (here.scope, here.unit, here.year) is not distinct from
              (home.scope, home.unit, home.year)
        left join activity_sums as sums
          on home.place_id is not null and sums.place_id = chosen.place_id
            and sums.measure = $measure and sums.sureness <= greatest(chosen.sureness, 2)
            and array_contains(sums.activities, chosen.activity)
            and (sums.scope, sums.unit, sums.year) is not distinct from
              (chosen.scope, chosen.unit, chosen.year)
        order by
          chosen.place_id is distinct from $place, chosen.place_id, is_assumed,
          chosen.year desc nulls last, chosen.mark, chosen.scope nulls first, chosen.unit,
          chosen.turn
    """,
}


class BenchmarkRow(Row):
    """One figure of one place."""

    place_id: str = column("The place.", title="Place", references="places")
    value: float | None = column("The figure; blank where none is on record that counts.")
    unit: str | None = column("Unit of the figure.")
    year: int | None = column("Of which year; blank for what is counted now.", unit="year")
    mark: Literal["=", "≠", "½", "⇢"] | None = column(
        "= may be compared, ≠ another scope, ½ part of a period, ⇢ a target."
    )
    scope: str | None = column("What is counted, in a few words, where figures differ.")
    comparability: Literal["same", "near", "other", "partial_period", "target"] | None = column(
        "Whether the figure may be set beside the others of its measure."
    )
    scope_note: str | None = column("What is counted, in the words of the record.")
    share: float | None = column(
        "Share in the country's figure of the same scope and year.", unit="share", ge=0
    )
    lq: float | None = column(
        "Location quotient: the activity's share in the place over that in the country.",
        title="Location quotient",
        ge=0,
    )
    growth: float | None = column("Growth a year, within the scope.", unit="share")
    growth_from: int | None = column("Since which year.", unit="year", detail=True)
    rank: int | None = column(
        "Rank among comparable figures of the same scope, unit, year and level of place.", ge=1
    )
    ranked: int | None = column("How many places are ranked so.", ge=2, detail=True)
    chosen: bool = column("Whether it is taken, where sources differ.", detail=True)
    conflict: bool = column("Whether another source gives another figure.")
    source_id: str | None = column(
        "Where it was read, and what it is divided by.",
        title="Source",
        references="sources",
        separator=";",
    )
    evidence: Evidence | None = column("How sure the figure is; an assumed one has no value.")
    activity: str | None = column(
        "What of the place is meant: a chain, a product or a code; blank for all of it.",
        references=("codes", "chains", "products"),
        detail=True,
    )
    years: list[int] = column("Years with a figure of the scope.", unit="year", detail=True)
    figures: list[float] = column("The figures of these years.", detail=True)


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """Who is ahead as far as that can be said, why not further, and the figures themselves."""
    rows = answer.table.to_pylist()
    measure = answer.params["measure"].replace("_", " ")
    if not (told := one_each(rows)):
        yield without(measure, answer.params["year"])
        return
    own = told[0]
    yield _standing(answer, told, rows, measure)
    yield from growing(told)
    yield from _cautions(answer, own)
    if len(told) > 1:
        yield as_reported(told, rows, say("{measure} as reported", measure=measure))
    like = [row for row in rows if row["years"] and row["mark"] == "="]
    yield from over_the_years([row for row in like if row["unit"] == own["unit"]], own)


def _standing(answer: Answer, told: list[Told], rows: list[Told], measure: str) -> Sentence:
    """The first finding: a rank where there is one, else what may be set beside what."""
    own, group = told[0], ("scope", "unit", "year", "ranked")
    ranked = [row for row in rows if row["rank"] and all(row[n] == own[n] for n in group)]
    near = [row for row in told[1:] if (row["mark"], row["unit"]) == ("=", own["unit"])]
    beside = ranked or (near if own["mark"] == "=" else [])
    first = max(
        (row for row in beside if row is not own),
        key=lambda row: float(row["value"]),
        default=own,
    )
    said = {name: own[name] for name in ("value", "unit", "year", "rank", "ranked")} | {
        "measure": measure,
        "place": Ref("places", own["place_id"]),
        "other": Ref("places", first["place_id"]),
        "theirs": first["value"],
        "then": first["year"],
    }
    if own["rank"] == 1 == first["rank"] and first is not own:
        return say(
            "{place} and {other} share the lead of {ranked:count} comparable places in "
            "{measure} with {value:{unit}}.",
            **said,
        )
    if own["rank"] == 1:
        return say(
            "{place} leads {ranked:count} comparable places in {measure} with {value:{unit}}, "
            "before {other} with {theirs:{unit}}.",
            **said,
        )
    if own["rank"]:
        return say(
            "{place} is number {rank:count} of {ranked:count} comparable places in {measure} "
            "with {value:{unit}}; {other} leads with {theirs:{unit}}.",
            **said,
        )
    if first is not own:
        return say(
            "{near:count} of {others:count} other places have a figure near in scope: {other} "
            "{theirs:{unit}} in {then:year}; {place} {value:{unit}} in {year:year}.",
            near=answer.entry("comparable").value,
            others=answer.entry("others").value,
            **said,
        )
    return say(
        "{place}, {measure}: {value:{unit}}. Nothing comparable of another place is on record.",
        **said,
    )


def _cautions(answer: Answer, own: Told) -> Iterator[Sentence]:
    """What keeps the figures apart, where sources differ, and what they are about."""
    values = {entry.name: entry.value for entry in answer.summary}
    if any(values[name] for name in APART):
        yield say(
            "Not ranked: {other_scope:count} places have only a figure of another scope, "
            "{partial_period:count} of part of a period, {target:count} a target, "
            "{without_figure:count} none.",
            **{name: values[name] for name in APART},
        )
    if values["conflicts"]:
        yield say(
            "{conflicts:count} figures are contradicted by another source; all are shown. The "
            "better evidence is taken, then the later source.",
            conflicts=values["conflicts"],
        )
    if (chain := answer.params["chain"]) and not (own["activity"] or answer.params["activity"]):
        yield say(
            "No such figure is about {chain}: these are of the places as a whole.",
            chain=Ref("chains", chain),
        )


@lens(
    "Benchmark",
    group="Place",
    reads=READS,
    row=BenchmarkRow,
    show=show,
    example={
        "chain": "rail",
        "place": "zhuzhou",
        "rivals": ["qingdao", "chengdu", "guangzhou", "changchun", "nanjing", "tangshan"],
    },
)
def benchmark(
    figures: pa.Table,
    *,
    measure: Measure = "output",
    chain: ChainIfAny = None,
    activity: Annotated[
        str | None,
        Field(
            description="A chain, product or code; blank for the chain, else the whole place.",
            json_schema_extra={"references": ["codes", "chains", "products"]},
        ),
    ] = None,
    place: PlaceIfAny = None,
    rivals: Rivals = [],  # noqa: B006 - read, never changed
    places: Annotated[
        Places, Field(description="Only these places; blank for the place and its rivals.")
    ] = [],  # noqa: B006
    year: YearIfAny = None,
) -> Answer:
    """Where does a place stand beside others?

    One row for each figure that a source gives. Those of another scope stand beside it, marked,
    and nothing is averaged. Where sources differ both are shown; the better evidence is taken,
    then the later source. Ranks are among figures marked = of the same scope, unit and year;
    growth (compound) is within one scope; share and location quotient (X_cp / X_c) / (X_p / X)
    need the country's figures in the same scope and year. Where a figure of the whole is
    wanting, X_c and X are sums over the activities (no chain or product) that both have, as
    given: a code within another counts twice. Assumed figures are listed without a value. Where
    no figure is about the chain, those of the whole place serve. The measure
    ``organisations`` counts them by place and main activity.
    """
    del measure, activity, chain, rivals, year  # they have chosen the rows already
    if not (place or places):
        remedy = "give place, or set it under [defaults] in workspace.toml"
        raise Refusal(
            Problem("missing-parameter", "a place, or places", "none", remedy, column="place")
        )
    known = pc.not_equal(pc.fill_null(figures["evidence"], ""), "assumed")
    several = pc.fill_null(pc.greater(figures["ranked"], 1), False)  # noqa: FBT003
    table = rows_of(
        BenchmarkRow,
        {name: figures[name] for name in BenchmarkRow.model_fields}
        | {"value": pc.if_else(known, figures["value"], None)}
        | {name: pc.if_else(several, figures[name], None) for name in ("rank", "ranked")}
        | {name: [v or [] for v in figures[name].to_pylist()] for name in ("years", "figures")},
    )
    return Answer(
        table, tuple(_summary(table.to_pylist())), tuple(left_out(figures.to_pylist()))
    )


def _summary(rows: list[Told]) -> Iterator[Entry]:
    told, places = one_each(rows), {row["place_id"] for row in rows}
    own, others = next(iter(told), None), told[1:]
    base = say("of {n:count} other places", n=max(len(places) - 1, 0))
    synthetic = sum(row["evidence"] == "synthetic" for row in told)
    if own:
        yield Entry(
            "value",
            say("Figure of {place}", place=Ref("places", own["place_id"])),
            own["value"],
            own["unit"],
            when(own["year"], own["scope"]),
            synthetic=int(own["evidence"] == "synthetic"),
            headline=True,
        )
    yield Entry("others", say("Other places"), max(len(places) - 1, 0))
    near = sum((row["mark"], row["unit"]) == ("=", told[0]["unit"]) for row in others)
    yield Entry("comparable", say("With a comparable figure"), near, None, base, 0, synthetic)
    for mark, name, title in (
        ("≠", "other_scope", say("Only of another scope")),
        ("½", "partial_period", say("Only of part of a period")),
        ("⇢", "target", say("Only a target")),
    ):
        n = sum(row["mark"] == mark for row in others)
        yield Entry(name, title, n, base=base, synthetic=min(n, synthetic))
    missing = len(places) - len(told)
    base = say("of {n:count} places", n=len(places))
    yield Entry("without_figure", say("Without any figure"), missing, base=base)
    contradicted = sum(row["conflict"] for row in rows)
    yield Entry("conflicts", say("Contradicted by another source"), contradicted)
