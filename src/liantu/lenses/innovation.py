"""The tiers of the innovation system: platforms, who hosts them, and who works with whom."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
from pydantic import Field

from liantu.lens import lens
from liantu.parameters import Place
from liantu.result import (
    Answer,
    Bars,
    Entry,
    Figure,
    Heat,
    Ref,
    Row,
    Sentence,
    Series,
    rows_of,
    say,
)
from liantu.schema import column

LEVELS = ("national", "provincial", "municipal")
KINDS = ("company", "university", "institute", "agency", "other")

READS = {
    "platforms": """
        select
          platforms.platform_id, platforms.kind, platforms.level, platforms.org_id,
          platforms.field,
          case
            when organisations.evidence = 'synthetic' then 'synthetic' else platforms.evidence
          end as evidence,
          platforms.source_id
        from platforms
        left join organisations on organisations.org_id = platforms.org_id
        where platforms.evidence <> 'assumed'
          and coalesce(platforms.place_id, organisations.place_id) in (
            select place_id from within where ancestor_id = $place
          )
          and coalesce(platforms.year, 0) <= coalesce($year, 9999)
        order by platforms.platform_id
    """,
    "stated": """
        select
          scope as level, max(year) as year, max_by(value, year) as value,
          max_by(evidence, year) as evidence, max_by(source_id, year) as source_id
        from place_figures
        where place_id = $place
          and measure = 'innovation_platforms'
          and year = coalesce($year, year)
        group by scope
        order by scope
    """,
    "collaborations": """
        select
          collaborations.org_a, collaborations.org_b, collaborations.kind,
          coalesce(a.kind, 'other') as kind_a, coalesce(b.kind, 'other') as kind_b,
          max(
            case when collaborations.evidence = 'synthetic' or a.evidence = 'synthetic'
              or b.evidence = 'synthetic' then 1 else 0 end
          ) = 1 as synthetic,
          string_agg(distinct collaborations.source_id, ';') as source_id
        from collaborations
        join organisations as a on a.org_id = collaborations.org_a
        join organisations as b on b.org_id = collaborations.org_b
        where collaborations.evidence <> 'assumed'
          and collaborations.org_a <> collaborations.org_b
          and coalesce(collaborations.year, 0) <= coalesce($year, 9999)
          and (
            a.place_id in (select place_id from within where ancestor_id = $place)
            or b.place_id in (select place_id from within where ancestor_id = $place)
          )
        group by all
        order by collaborations.org_a, collaborations.org_b, collaborations.kind
    """,
    "chains": """
        select chains.chain_id, chain_firms.org_id, chains.source_id
        from chains
        left join chain_firms
          on chain_firms.chain_id = chains.chain_id
            and chain_firms.org_id in (select org_id from platforms)
        where chains.evidence <> 'assumed'
          and chains.place_id in (select place_id from within where ancestor_id = $place)
        order by chains.chain_id, chain_firms.org_id
    """,
}


class InnovationRow(Row):
    """Platforms of one kind and one level."""

    kind: str | None = column("What it is, such as key laboratory.")
    level: Literal["national", "provincial", "municipal"] | None = column("Who approved it.")
    platforms: int = column("Platforms that are named on record.", ge=0)
    organisations: int = column("Organisations that host them.", title="Hosts", ge=0)
    collaborations: int = column("Pairs of a host and another that works with it.", ge=0)
    isolated: int = column("Hosts of whom no collaboration is on record.", ge=0)
    hosts: list[str] = column("Who hosts them.", references="organisations", detail=True)
    partners: list[str] = column(
        "Who works with the hosts.", references="organisations", detail=True
    )
    fields: list[str] = column("Fields of work.")


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """How many platforms there are of each level, who stands between others, and gaps."""
    values: dict[str, Any] = {"place": Ref("places", answer.params["place"])}
    values |= {n: answer.entry(n).value for n in ("platforms", "hosts", "isolated")}
    stated = [level for level in LEVELS if answer.entry(f"platforms_{level}").value is not None]
    if not values["platforms"] and not stated:
        yield say(
            "No platform of {place} is on record: that does not mean that there is none. "
            "Import platforms.",
            **values,
        )
        return
    for level in stated[:1]:
        yield say(
            "{place} has {count:count} {level} platforms as stated; {named:count} such "
            "platforms are named on record.",
            place=values["place"],
            level=level,
            count=answer.entry(f"platforms_{level}").value,
            named=answer.entry(f"named_{level}").value,
        )
    yield say("{platforms:count} platforms of {place} are named on record.", **values)
    if values["hosts"]:
        yield say(
            "Of {hosts:count} hosts {isolated:count} have no collaboration on record. That may "
            "be a gap in the record.",
            **values,
        )
    yield from _gaps(answer)
    yield from _pictures(answer)


def _gaps(answer: Answer) -> Iterator[Sentence]:
    bare = [e for e in answer.summary if e.name == "chain_platforms" and not e.value]
    if bare:
        yield say(
            "In {without:count} of {chains:count} chains no maker hosts a platform on record, "
            "among them {chain}.",
            without=answer.entry("chains_without").value,
            chains=answer.entry("chains").value,
            chain=bare[0].subject,
        )


def _pictures(answer: Answer) -> Iterator[Figure]:
    brokers = [entry for entry in answer.summary if entry.name == "betweenness"]
    marked = tuple(entry.synthetic > 0 for entry in brokers)
    if len(brokers) > 3:
        yield Bars(
            title=say("Who stands between others"),
            unit="pairs",
            labels=tuple(entry.subject for entry in brokers if entry.subject),
            series=(Series(say("pairs"), tuple(float(entry.value or 0) for entry in brokers)),),
            synthetic=marked,
            open=marked,
            caption=say(
                "Pairs of others whose shortest way to each other passes this one (Freeman "
                "1977). Only collaborations on record count."
            ),
        )
    cells: dict[str, Any] = {e.name: e.value for e in answer.summary}
    kinds = [k for k in KINDS if any(cells.get(_between(k, other)) for other in KINDS)]
    if kinds:
        yield Heat(
            title=say("Who works with whom"),
            unit="pairs",
            rows=tuple(say(kind) for kind in kinds),
            columns=tuple(say(kind) for kind in kinds),
            values=tuple(tuple(cells.get(_between(a, b)) for b in kinds) for a in kinds),
            caption=say("Each pair counts once, however often it works together."),
        )


def _between(a: str, b: str) -> str:
    first, second = sorted((a, b), key=KINDS.index)
    return f"between_{first}_{second}"


@lens(
    "Innovation",
    group="Organisation",
    reads=READS,
    row=InnovationRow,
    show=show,
    example={"place": "zhuzhou"},
)
def innovation(
    platforms: pa.Table,
    stated: pa.Table,
    collaborations: pa.Table,
    chains: pa.Table,
    *,
    place: Place,
    year: Annotated[
        int | None,
        Field(
            ge=1900,
            le=2200,
            description="As of this year; the latest on record where blank.",
            json_schema_extra={"unit": "year"},
        ),
    ] = None,
) -> Answer:
    """Which platforms does a place have, who hosts them, and who works with whom?

    Counts the platforms that are named on record by kind and level, their hosts, and the
    collaborations of these. What a source states of their number is given beside it, never
    mixed with it: 61 may be stated where one is named. Brokers are the organisations that most
    pairs of others must pass on their shortest way (betweenness; Freeman 1977, Brandes 2001)
    in the network of collaborations with an end in the place. A host without a collaboration
    on record is isolated on record, which may be a gap of the record.
    """
    del place, year  # they have chosen the rows already
    network = _Network(collaborations)
    return Answer(
        rows_of(InnovationRow, _rows(platforms, network)),
        tuple(_summary(platforms, stated, collaborations, chains, network)),
        tuple(_left_out(platforms)),
    )


class _Network:
    """Who works with whom, both ways, and whether that rests on synthetic rows."""

    def __init__(self, collaborations: pa.Table) -> None:
        self.partners: dict[str, set[str]] = {}
        self.made_up: set[str] = set()
        for row in collaborations.to_pylist():
            a, b = row["org_a"], row["org_b"]
            self.partners.setdefault(a, set()).add(b)
            self.partners.setdefault(b, set()).add(a)
            if row["synthetic"]:
                self.made_up |= {a, b}

    def brokers(self) -> list[tuple[str, float]]:
        """Organisations with the pairs that they stand between, most first, ties by id."""
        from liantu.kernels.betweenness import betweenness  # noqa: PLC0415

        known = sorted(self.partners)
        number = {org: k for k, org in enumerate(known)}
        links = [
            (number[a], number[b]) for a in known for b in sorted(self.partners[a]) if a < b
        ]
        ends = np.array(links, dtype=np.int64).reshape(-1, 2)
        passed = betweenness(ends[:, 0], ends[:, 1], n_nodes=len(known)).tolist()
        ranked = sorted(zip(known, passed, strict=True), key=lambda pair: (-pair[1], pair[0]))
        return [(org, pairs) for org, pairs in ranked if pairs > 0]


def _rows(platforms: pa.Table, network: _Network) -> dict[str, list[Any]]:
    groups: dict[tuple[str | None, str | None], list[dict[str, Any]]] = defaultdict(list)
    for row in platforms.to_pylist():
        groups[row["kind"], row["level"]].append(row)
    order = [*LEVELS, None]
    ranked = sorted(groups, key=lambda key: (order.index(key[1]), key[0] or ""))
    rows = [_row(key, groups[key], network.partners) for key in ranked]
    return {name: [row[name] for row in rows] for name in InnovationRow.model_fields}


def _row(
    key: tuple[str | None, str | None],
    rows: Sequence[dict[str, Any]],
    partners: Mapping[str, set[str]],
) -> dict[str, Any]:
    hosts = sorted({row["org_id"] for row in rows if row["org_id"]})
    links = {frozenset((a, b)) for a in hosts for b in partners.get(a, ())}
    return {
        "kind": key[0],
        "level": key[1],
        "platforms": len(rows),
        "organisations": len(hosts),
        "collaborations": len(links),
        "isolated": sum(host not in partners for host in hosts),
        "hosts": hosts,
        "partners": sorted(set().union(*(partners.get(host, set()) for host in hosts))),
        "fields": sorted({row["field"] for row in rows if row["field"]}),
    }


def _summary(
    platforms: pa.Table,
    stated: pa.Table,
    collaborations: pa.Table,
    chains: pa.Table,
    network: _Network,
) -> Iterator[Entry]:
    made_up = Counter(
        row["level"] for row in platforms.to_pylist() if row["evidence"] == "synthetic"
    )
    named = Counter(platforms["level"].to_pylist())
    yield Entry(
        "platforms",
        say("Platforms named on record"),
        platforms.num_rows,
        base=say("by kind and level"),
        synthetic=made_up.total(),
    )
    figures = {row["level"]: row for row in stated.to_pylist()}
    for level in LEVELS:
        yield from _of_level(level, figures.get(level), named[level], made_up[level])
    hosts = set(platforms["org_id"].drop_null().to_pylist())
    base = say("of {hosts:count} hosts", hosts=len(hosts))
    marked, alone = len(hosts & network.made_up), len(hosts - network.partners.keys())
    yield Entry("hosts", say("Hosts of platforms"), len(hosts), synthetic=marked)
    yield Entry(
        "isolated", say("Hosts without a collaboration"), alone, None, base, synthetic=marked
    )
    yield from _collaborations(collaborations)
    for org, pairs in network.brokers()[:10]:
        yield Entry(
            "betweenness",
            say("Stands between others"),
            pairs,
            base=say("of {n:count} organisations that work together", n=len(network.partners)),
            synthetic=int(org in network.made_up),
            subject=Ref("organisations", org),
        )
    yield from _of_chains(chains, platforms)


def _of_chains(chains: pa.Table, platforms: pa.Table) -> Iterator[Entry]:
    makers: dict[str, set[str]] = defaultdict(set)
    for row in chains.to_pylist():
        makers[row["chain_id"]].add(row["org_id"])
    rows = [row for row in platforms.to_pylist() if row["org_id"]]
    without = sum(not any(row["org_id"] in orgs for row in rows) for orgs in makers.values())
    base = say("of {chains:count} chains", chains=len(makers))
    yield Entry("chains", say("Chains of the place"), len(makers))
    yield Entry(
        "chains_without", say("Chains without a platform on record"), without, base=base
    )
    for chain, orgs in sorted(makers.items()):
        hosted = [row["evidence"] for row in rows if row["org_id"] in orgs]
        yield Entry(
            "chain_platforms",
            say("Platforms hosted by its makers"),
            len(hosted),
            synthetic=hosted.count("synthetic"),
            subject=Ref("chains", chain),
        )


def _of_level(
    level: str, figure: dict[str, Any] | None, named: int, made_up: int
) -> Iterator[Entry]:
    """What is stated of a level, and beside it what is named."""
    base = say("no source states their number")
    if figure:
        base = say("as stated for {year:year}", year=figure["year"])
    yield Entry(
        f"platforms_{level}",
        say("Platforms as stated: {level}", level=level),
        int(figure["value"]) if figure else None,
        base=base,
        synthetic=int(figure["evidence"] == "synthetic") if figure else 0,
    )
    title = say("Platforms named: {level}", level=level)
    yield Entry(f"named_{level}", title, named, synthetic=made_up)


def _collaborations(collaborations: pa.Table) -> Iterator[Entry]:
    kinds: dict[frozenset[str], str] = {}
    marked: dict[frozenset[str], bool] = defaultdict(bool)
    for row in collaborations.to_pylist():
        pair = frozenset((row["org_a"], row["org_b"]))
        kinds[pair] = _between(row["kind_a"], row["kind_b"])
        marked[pair] |= row["synthetic"]
    yield Entry(
        "collaborations",
        say("Pairs that work together"),
        len(kinds),
        base=say("at least one of them in the place"),
        synthetic=sum(marked.values()),
    )
    for name, count in sorted(Counter(kinds.values()).items()):
        a, b = name.split("_")[1:]
        yield Entry(
            name,
            say("{a} with {b}", a=a, b=b),
            count,
            base=say("of {n:count} pairs that work together", n=len(kinds)),
            synthetic=sum(marked[pair] for pair, known in kinds.items() if known == name),
        )


def _left_out(platforms: pa.Table) -> Iterator[Sentence]:
    if hostless := platforms["org_id"].null_count:
        yield say("{n:count} platforms name no host.", n=hostless)
    if unranked := platforms["level"].null_count:
        yield say("{n:count} platforms name no level, and stand last.", n=unranked)
