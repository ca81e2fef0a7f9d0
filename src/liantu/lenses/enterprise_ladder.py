"""Which firms meet which official title today, and what each still lacks."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from liantu.errors import Problem, Refusal
from liantu.lens import lens
from liantu.methods.rulebook import (
    MEASURES,
    TITLES,
    Firm,
    Judged,
    Measure,
    Name,
    Rule,
    Scope,
    Title,
    Verdict,
    in_force,
    judge,
    official_rules,
)
from liantu.parameters import ChainIfAny, PlaceIfAny
from liantu.result import (
    Answer,
    Bars,
    Entry,
    Figure,
    Row,
    Sentence,
    Series,
    rows_of,
    say,
)
from liantu.schema import Evidence, column

MONEY = {"revenue", "main_revenue", "equity_2y", "equity_3y", "rd_spend"}
MOST_SHARE = 3  # what is above was given in per cent; debts may exceed assets
SHARES = {"debt_ratio", "main_share", "market_share", "rd_share", "rd_staff_share"}

READS = {
    "firms": """
        select organisations.org_id, organisations.evidence, organisations.source_id
        from organisations
        where organisations.evidence <> 'assumed'
          and coalesce(organisations.kind, 'company') = 'company'
          and (
            cast($place as varchar) is null
            or organisations.place_id in (
              select place_id from within where ancestor_id = $place
            )
          )
          and (
            cast($chain as varchar) is null
            or organisations.org_id in (select org_id from chain_firms where chain_id = $chain)
          )
        order by organisations.org_id
    """,
    "figures": """
        select org_id, measure, year, value, unit, evidence, source_id
        from (
          select
            observations.subject_id as org_id, observations.measure, observations.year,
            observations.value, observations.unit, observations.evidence,
            observations.source_id,
            row_number() over (
              partition by
                observations.subject_id, observations.measure, observations.year
              order by
                case observations.evidence
                  when 'verified' then 1 when 'declared' then 2 else 3 end,
                coalesce(sources.published, '') desc, observations.source_id,
                observations.scope, observations.value
            ) as turn
          from observations
          left join sources on sources.source_id = observations.source_id
          where observations.subject_kind = 'org'
            and observations.activity is null
            and observations.evidence <> 'assumed'
            and coalesce(observations.comparability, 'same')
              not in ('target', 'partial_period')
        ) as ordered
        where turn = 1
        order by org_id, measure, year
    """,
    "titles": """
        select org_id, title, year, valid_until, evidence, source_id
        from recognitions
        where evidence <> 'assumed'
        order by org_id, title, year
    """,
}


class LadderRow(Row):
    """One firm against the rule for one title."""

    org_id: str = column("The firm.", title="Organisation", references="organisations")
    title: Title = column("The title that is asked for.", title="Official title")
    rule: str = column("The rule in force on the day.")
    verdict: Verdict = column(
        "Fails a criterion; else unknown, a figure being absent; else by hand; else meets."
    )
    held: bool = column("Whether the title is on record as held on the day.")
    failed: list[Name] = column("Criteria that it does not meet.")
    missing: list[Measure] = column("Measures without a figure that a verdict needs.")
    manual: list[Name] = column("Criteria without a measure, to judge by hand.")
    evidence: Evidence = column("Synthetic where a figure or title that was read is.")


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """How many firms meet the titles, and how many stand one criterion short."""
    counts = {title: _count(answer, title) for title in TITLES}
    if not answer.table.num_rows:
        yield say(
            "No firm has a figure that these rules ask for. Import observations of "
            "organisations, such as revenue and rd_spend, and recognitions."
        )
        return
    national = {name: counts[name] for name in TITLES if name != "chain_leader"}
    title, nearest = max(national.items(), key=lambda pair: pair[1]["one_short"])
    yield say(
        "{short:count} firms stand one criterion short of {title}; {firms:count} firms have "
        "figures.",
        short=nearest["one_short"],
        title=title,
        firms=answer.entry("firms").value,
    )
    yield say(
        "A verdict here is no decision: some criteria are judged by hand, and a figure that is "
        "not on record leaves a verdict unknown."
    )
    shown = [name for name in TITLES if any(counts[name].values())]
    if len(shown) > 1:
        yield Bars(
            title=say("Firms by title and verdict"),
            unit="firms",
            labels=tuple(say(name) for name in shown),
            series=(
                Series(say("meets"), tuple(counts[n]["meets"] for n in shown), "strong"),
                Series(say("manual"), tuple(counts[n]["manual"] for n in shown), "present"),
                Series(say("one short"), tuple(counts[n]["one_short"] for n in shown), "weak"),
                Series(say("fails"), tuple(counts[n]["fails"] for n in shown), "missing"),
                Series(say("unknown"), tuple(counts[n]["unknown"] for n in shown), "unknown"),
            ),
            caption=say(
                "One short: a single criterion fails and every figure is on record. Grey: a "
                "figure is not on record."
            ),
        )


def _count(answer: Answer, title: str) -> dict[str, float]:
    """The firms of each bar; those that are one short are no longer among those that fail."""
    names = ("meets", "manual", "one_short", "fails", "unknown")
    held = {e.name: float(e.value or 0) for e in answer.summary if isinstance(e.value, int)}
    counts = {name: held.get(f"{name}_{title}", 0.0) for name in names}
    return counts | {"fails": counts["fails"] - counts["one_short"]}


@lens(
    "Enterprise ladder",
    group="Organisation",
    reads=READS,
    row=LadderRow,
    show=show,
    example={"place": "zhuzhou", "chain": "rail", "on": "2026-06-30"},
)
def enterprise_ladder(  # noqa: PLR0913 - as many as there are choices
    firms: pa.Table,
    figures: pa.Table,
    titles: pa.Table,
    *,
    on: Annotated[
        dt.date | None,
        Field(description="The day; blank for the end of the year after the last figure."),
    ] = None,
    scope: Annotated[
        Scope, Field(description="Whether the title is applied for, or renewed.")
    ] = "new",
    title: Annotated[
        Title | None,
        Field(title="Official title", description="Only this title; all of them where blank."),
    ] = None,
    place: PlaceIfAny = None,
    chain: ChainIfAny = None,
    leader_revenue: Annotated[
        float,
        Field(
            gt=0,
            description="Revenue that a chain leader needs; provinces differ.",
            json_schema_extra={"unit": "CNY"},
        ),
    ] = 5_000_000_000,
) -> Answer:
    """Which firms meet which official title on a day, and what does each still lack?

    Applies the rules in force: those for small and medium firms of 2022 and of 2026, the single
    champion of 2023, and the chain leader as provinces define it. They stand as data with
    their dates and sources. Fiscal years are those before the year of the day. For a new title
    the next lower one must be on record as held; for a renewal the title, or the lower one. A
    verdict is, in this order: fails, unknown (a measure without a figure), manual (a criterion
    without a measure), meets. Who holds a title is not counted as one criterion short of it as
    a new one. An exemption that is not on record is not claimed. Bounds include their edge ("X
    or more" includes X).
    What was read in secondary sources only, or not verified, is said beside the answer.
    """
    del place, chain  # they have chosen the rows already
    day = on or _last_day(figures)
    rules = [
        rule
        for name in TITLES
        if title in (None, name) and (rule := in_force(official_rules(), name, scope, day))
    ]
    known = _firms(firms, figures, titles, day)
    given = {"leader_revenue": leader_revenue}
    rows = [
        _row(
            org_id,
            rule,
            judge(rule, firm, scope=scope, on=day, given=given),
            held=rule.title in firm.titles,
            made_up=org_id in known.synthetic,
        )
        for org_id, firm in known.firms.items()
        for rule in rules
    ]
    is_new = scope == "new"  # the nearest first, and of those as near who holds it last
    rows.sort(key=lambda row: (len(row["failed"] + row["missing"]), row["held"] == is_new))
    columns = {name: [row[name] for row in rows] for name in LadderRow.model_fields}
    return Answer(
        rows_of(LadderRow, columns),
        tuple(_summary(rows, rules, known, scope, firms.num_rows)),
        tuple(_left_out(rules, title, day, firms.num_rows - len(known.firms))),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """Firms with a figure or a title on record, and which of them rest on synthetic rows."""

    firms: dict[str, Firm]
    synthetic: set[str]


def _last_day(figures: pa.Table) -> dt.date:
    """The end of the year after the last figure that a rule could read."""
    year = pc.max(_asked_for(figures)["year"]).as_py()
    return dt.date((year or 2025) + 1, 12, 31)


def _asked_for(figures: pa.Table) -> pa.Table:
    return figures.filter(pc.is_in(figures["measure"], pa.array(MEASURES)))


def _firms(firms: pa.Table, figures: pa.Table, titles: pa.Table, day: dt.date) -> _Known:
    values: dict[str, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    held: dict[str, set[str]] = defaultdict(set)
    marked = set(firms.filter(pc.equal(firms["evidence"], "synthetic"))["org_id"].to_pylist())
    figures = _asked_for(figures)
    _check(figures)
    for row in figures.to_pylist():
        values[row["org_id"]][row["measure"]][row["year"]] = row["value"]
        if row["evidence"] == "synthetic":
            marked.add(row["org_id"])
    for row in titles.to_pylist():
        until = row["valid_until"] or dt.date.max
        if row["title"] in TITLES and row["year"] <= day.year and day <= until:
            held[row["org_id"]].add(row["title"])
            if row["evidence"] == "synthetic":
                marked.add(row["org_id"])
    known = {
        org: Firm(values.get(org, {}), frozenset(held.get(org, ())))
        for org in firms["org_id"].to_pylist()
        if org in values or org in held
    }
    return _Known(known, marked & known.keys())


def _check(figures: pa.Table) -> None:
    """Refuse money that is not in yuan, and shares given in per cent, by firm and measure."""
    problems = []
    for row in figures.to_pylist():
        name, unit, value = row["measure"], row["unit"], row["value"]
        where = f"{name} of {row['org_id']} in {row['year']}"
        if name in MONEY and unit not in (None, "CNY"):
            remedy = "convert it to yuan, and import it again"
            problems.append(Problem("wrong-unit", f"{where} in CNY", str(unit), remedy))
        if name in SHARES and abs(value) > MOST_SHARE:
            remedy = "divide percentages by 100, and import it again"
            problems.append(Problem("wrong-unit", f"{where} as a share", f"{value:g}", remedy))
    if problems:
        raise Refusal(problems)


def _row(
    org_id: str, rule: Rule, judged: Judged, *, held: bool, made_up: bool
) -> dict[str, Any]:
    return {
        "org_id": org_id,
        "title": rule.title,
        "rule": rule.id,
        "verdict": judged.verdict,
        "held": held,
        "failed": list(judged.failed),
        "missing": list(judged.missing),
        "manual": list(judged.manual),
        "evidence": "synthetic" if made_up else "declared",
    }


def _summary(
    rows: list[dict[str, Any]], rules: list[Rule], known: _Known, scope: Scope, n_firms: int
) -> Iterator[Entry]:
    n, marked = len(known.firms), len(known.synthetic)
    base = say("of {firms:count} firms", firms=n_firms)
    yield Entry(
        "firms", say("Firms with a figure or a title"), n, None, base, n_firms - n, marked
    )
    of = partial(
        Entry,
        base=say("of {firms:count} firms with a figure or a title", firms=n),
        synthetic=marked,
    )
    for rule in rules:
        title = rule.title
        chosen = [row for row in rows if row["title"] == title]
        verdicts = Counter(row["verdict"] for row in chosen)
        open_ = verdicts["unknown"] + verdicts["manual"]
        meets = verdicts["meets"]
        yield of(
            f"meets_{title}",
            say("Meet {title}", title=title),
            meets,
            unknown=open_,
            high=meets + open_,
        )
        for verdict, words in (
            ("manual", say("To judge by hand: {title}", title=title)),
            ("fails", say("Fail {title}", title=title)),
            ("unknown", say("Unknown: {title}", title=title)),
        ):
            yield of(f"{verdict}_{title}", words, verdicts[verdict])
        below = [row for row in chosen if scope == "renewal" or not row["held"]]
        short = sum(len(row["failed"]) == 1 and not row["missing"] for row in below)
        could = sum(len(row["failed"]) <= 1 and bool(row["missing"]) for row in below)
        yield of(
            f"one_short_{title}",
            say("One criterion short of {title}", title=title),
            short,
            unknown=could,
            high=short + could,
        )
        titled = sum(row["held"] for row in chosen)
        yield of(f"held_{title}", say("Hold {title} on record", title=title), titled)


def _left_out(
    rules: list[Rule], asked: str | None, day: dt.date, without: int
) -> Iterator[Sentence]:
    yield say(
        "Judged on {day:name}; the last fiscal year is {year:year}.",
        day=day.isoformat(),
        year=day.year - 1,
    )
    if without:
        yield say(
            "{n:count} firms have no figure that these rules ask for, and no title on record.",
            n=without,
        )
    if any(part.name == "platform_score" for rule in rules for part in rule.criterion):
        yield say(
            "The weights within the platform score are not verified: it is taken as given."
        )
    for name in TITLES:
        rule = next((rule for rule in rules if rule.title == name), None)
        if rule is None and asked in (None, name):
            yield say(
                "No rule for {title} is in force on {day:name}.",
                title=name,
                day=day.isoformat(),
            )
        elif rule and rule.certainty != "read in a source":
            yield say(
                "The rule for {title} was {certainty}: {source:name}.",
                title=name,
                certainty=rule.certainty,
                source=rule.source,
            )
