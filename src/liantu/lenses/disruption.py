"""Output per day after a stop: how long stocks last, who runs short, when it is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.lens import lens
from liantu.methods.shocks import (
    SHOCK_READS,
    Stop,
    Stopped,
    StoppedOrganisations,
    StoppedPlaces,
    StoppedSites,
    shock,
)
from liantu.methods.stoppage import READS as COVERS
from liantu.methods.stoppage import (
    ClassShare,
    CoverDays,
    CoverFactor,
    Days,
    Doubt,
    RecoveryDays,
    RestockDays,
    Spans,
    Stoppage,
    ValueFactor,
    around,
    back_day,
    ends,
    stoppage,
)
from liantu.methods.supply_network import READS as NETWORK
from liantu.methods.supply_network import Numbers, read_network
from liantu.parameters import ChainIfAny, Circle, Draws, Partners, Seed
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

if TYPE_CHECKING:
    from liantu.kernels.disruption import Course

BOTTOMS = (0.0, 0.5, 0.8, 0.9, 0.95)  # where the axis of the picture may start

READS = NETWORK | SHOCK_READS | COVERS


class DisruptionRow(Row):
    """One day after the stop."""

    day: int = column("Day; 1 is the first of the stop.", ge=1)
    output: float = column(
        "Output of all organisations on the day, in the currency of supplies.",
        title="Daily output",
        ge=0,
    )
    output_low: float | None = column(
        "Output below which 5 % of draws lie; blank without draws.",
        title="Daily output, low",
        ge=0,
    )
    output_high: float | None = column(
        "Output above which 5 % of draws lie; blank without draws.",
        title="Daily output, high",
        ge=0,
    )
    lost: float = column("Usual output less the output of the day.", title="Lost output", ge=0)
    output_share: float = column(
        "Output as a part of the usual.", title="Part of usual output", unit="share", ge=0, le=1
    )
    lost_directly: float = column(
        "Of what is lost, what the stopped capacity itself takes away.",
        title="Lost where it stops",
        ge=0,
    )
    held_up: int = column(
        "Organisations that make less than they could, for want of inputs.",
        title="Short of inputs",
        ge=0,
    )
    currency: str | None = column("Currency of the amounts.", detail=True)


def show(answer: Answer) -> Iterator[Figure | Sentence]:
    """How deep output falls and what is lost; whose loss it is; the course of the days."""
    if not answer.table.num_rows:
        yield say("Nobody is on record as anybody's supplier here yet. Import supplies.")
        return
    values: dict[str, Any] = {entry.name: entry.value for entry in answer.summary}
    values |= {"currency": answer.table["currency"][0].as_py(), "days": answer.params["days"]}
    given = partial(_chosen, values)
    bare = given("held_up", "lost_without_stocks", "currency", "days")
    if values["lowest_day"] is None:
        yield say(
            "Output stays as usual on all {days:count} days. Without stocks, "
            "{lost_without_stocks:{currency}} would be lost.",
            **bare,
        )
        yield from _rest(answer, values)
        return
    yield say(
        "Output falls to {lowest_share:percent} of the usual on day {lowest_day:count}; "
        "{total_lost:{currency}} is lost over {days:count} days.",
        **given("lowest_share", "lowest_day", "total_lost", "currency", "days"),
    )
    yield say(
        "{lost_directly:{currency}} of it is lost where it stops, {passed_on:{currency}} where "
        "inputs or orders then fail to come.",
        **given("lost_directly", "passed_on", "currency"),
    )
    if values["held_up"]:
        yield say(
            "Up to {held_up:count} organisations run short of inputs on a day. Without stocks, "
            "{lost_without_stocks:{currency}} would be lost.",
            **bare,
        )
    else:
        yield say(
            "Nobody runs short of inputs: stocks last, and orders are what is lost. Without "
            "stocks, {lost_without_stocks:{currency}} would be lost.",
            **bare,
        )
    if values["hardest_hit"]:
        yield say(
            "Of those that do not stop themselves, {firm} loses the most: "
            "{hardest_lost:{currency}}.",
            firm=Ref("organisations", values["hardest_hit"]),
            **given("hardest_lost", "currency"),
        )
    if values["back_day"]:
        yield say(
            "From day {back_day:count} on, output is within one per cent of the usual.",
            **given("back_day"),
        )
    else:
        yield say("After {days:count} days output is not back yet.", **given("days"))
    yield from _rest(answer, values)


def _chosen(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names}


def _rest(answer: Answer, values: dict[str, Any]) -> Iterator[Figure | Sentence]:
    if answer.params["draws"]:
        total = answer.entry("total_lost")
        yield say(
            "In nine draws of ten, {low:{currency}} to {high:{currency}} is lost: cover, links "
            "and essential inputs are not known better.",
            low=total.low,
            high=total.high,
            currency=values["currency"],
        )
    else:
        yield say("No range is given: it takes draws over what is uncertain.")
    if n := values["without_revenue"]:
        yield say(
            "Revenue is unknown for {n:count} of {firms:count} organisations: each is taken to "
            "make what it sells, or buys, on record.",
            n=n,
            firms=values["firms"],
        )
    yield say(
        "Days of cover are on record for {known:percent} of purchases; elsewhere "
        "{cover_days:count} are assumed.",
        known=values["cover_known"],
        cover_days=answer.params["cover_days"],
    )
    yield _course(answer)


def _course(answer: Answer) -> Lines:
    table, params = answer.table, answer.params
    usual = answer.entry("usual_output").value
    share, low, high, direct = (
        (1.0, *pc.divide(table[name], usual).to_pylist())
        for name in ("output", "output_low", "output_high", "lost_directly")
    )
    recovered = params["recovery_days"] + 1
    lowest = min(value for value in (*share, *low) if value is not None)
    bottom = max(start for start in BOTTOMS if start <= lowest)
    return Lines(
        title=say("Output over days"),
        unit="share",
        caption=say(
            "Part of the usual output of all organisations; the axis starts at "
            "{bottom:percent}. The thin line is what the stopped capacity alone would take "
            "away. No prices, overtime, new suppliers or delays on the way.",
            bottom=bottom,
        ),
        x=tuple(float(day) for day in range(params["days"] + 1)),
        x_title=say("Days after the stop"),
        series=(
            Series(say("stopped capacity alone"), (1.0, *(1.0 - part for part in direct[1:]))),
            Series(
                say("output"),
                share,
                emphasis=True,
                low=low if params["draws"] else None,
                high=high if params["draws"] else None,
            ),
        ),
        bottom=bottom,
        top=1.0,
        marks=(
            (Mark(float(recovered), say("capacity recovered: day {day:count}", day=recovered)),)
            if recovered <= params["days"]
            else ()
        ),
    )


@lens(
    "Disruption",
    group="Risk",
    reads=READS,
    row=DisruptionRow,
    show=show,
    example={
        "chain": "rail",
        "orgs": ["times_electric"],
        "recovery_days": 60,
        "cover_days": 3,
        "draws": 20,
    },
)
def disruption(  # noqa: PLR0913 - an argument for each thing it reads or may be asked
    firms: pa.Table,
    links: pa.Table,
    importance: pa.Table,
    bases: pa.Table,
    imports: pa.Table,
    origins: pa.Table,
    covers: pa.Table,
    *,
    orgs: StoppedOrganisations = [],  # noqa: B006 - read, never changed
    sites: StoppedSites = [],  # noqa: B006
    places: StoppedPlaces = [],  # noqa: B006
    partners: Partners = [],  # noqa: B006
    circle: Circle = [],  # noqa: B006
    fraction: Stopped = 1.0,
    chain: ChainIfAny = None,
    days: Days = 90,
    recovery_days: RecoveryDays = 30,
    cover_days: CoverDays = 14,
    restock_days: RestockDays = 10,
    draws: Draws = 0,
    seed: Seed = 0,
    cover_factor: CoverFactor = 2.0,
    value_factor: ValueFactor = 2.0,
    class_share: ClassShare = 0.1,
) -> Answer:
    """What is the output per day after a stop, and how much is lost?

    Each organisation holds a stock of every kind of input (sector of the supplier) and makes
    each day the least of its capacity, its orders and what its essential inputs on hand
    allow; a non-essential input that runs short takes away its share of the purchases, a
    negligible one nothing. It orders what it means to use and, over ``restock_days``, what its
    stock lacks; where orders exceed output all buyers get the same part. Stocks, rationing and
    orders are those of the ARIO-inventory model (Hallegatte 2008, 2014; Henriet, Hallegatte,
    Tabourier 2012); essential inputs, and a target of stocks that stays so that orders do not
    swing, those of Pichler et al. (2022). Output is a 365th of a year's revenue, else of sales
    or purchases on record, the larger; demand from outside the network stays. A draw multiplies
    each link and the assumed cover by exp(z ln factor), z standard normal, and moves pairs of
    sectors by one class; the range holds 90 % of draws, widened where need be to hold the
    answer itself. Not modelled: prices, overtime, other or new suppliers, stocks of finished
    goods, transport (each link takes a day), and customers who do not come back.
    """
    del chain  # it has chosen the rows already
    network = read_network(firms, links, importance)
    if not network.n_firms:
        return Answer(_table({}), left_out=network.left_out)
    asked = Stop(
        orgs=orgs, sites=sites, places=places, partners=partners, circle=circle,
        fraction=fraction,
    )  # fmt: skip
    stopped = stoppage(shock(network, bases, imports, origins, asked), covers, cover_days)
    spans = Spans(days, recovery_days, restock_days)
    course = stopped.course(spans)
    doubt = Doubt(cover_factor, value_factor, class_share)
    bare = stopped.without_stocks.course(spans)
    drawn = stopped.drawn(draws, seed, doubt, spans)
    found = _Found(stopped, course, bare, drawn, recovery_days)
    left_out = (*network.left_out, *stopped.shock.left_out, *stopped.left_out)
    return Answer(_table(found.columns), tuple(_summary(found)), left_out)


def _table(columns: dict[str, Any]) -> pa.Table:
    return rows_of(DisruptionRow, {k: columns.get(k, []) for k in DisruptionRow.model_fields})


@dataclass(frozen=True, slots=True)
class _Found:
    """The days by the record, and output as a part of the usual in every draw."""

    stopped: Stoppage
    course: "Course"
    without_stocks: "Course"
    shares: Numbers
    recovery_days: int

    @property
    def part(self) -> Numbers:
        """Output as a part of the usual, (days,)."""
        return np.minimum(1.0, self.course.output / self.course.baseline)

    @property
    def lost(self) -> Numbers:
        """Usual output less the output of the day, (days,)."""
        return (1.0 - self.part) * self.course.baseline

    @property
    def lost_directly(self) -> Numbers:
        """What the stopped capacity itself takes away, (days,)."""
        n, days = self.stopped.shock.n_firms, len(self.part)
        gone = np.maximum(0.0, 1.0 - np.arange(days) / self.recovery_days)
        at_once = float(self.course.usual[:n] @ self.stopped.shock.lost[:n])
        return np.minimum(gone * at_once, self.lost)

    @property
    def columns(self) -> dict[str, Any]:
        """Every column of the table."""
        days, usual = len(self.part), self.course.baseline
        band = np.full((2, days), np.nan)
        if len(self.shares):
            band = np.array(around(self.part, self.shares)) * usual
        return {
            "day": np.arange(1, days + 1),
            "output": self.part * usual,
            "output_low": band[0],
            "output_high": band[1],
            "lost": self.lost,
            "output_share": self.part,
            "lost_directly": self.lost_directly,
            "held_up": self.course.held_up,
            "currency": [self.stopped.shock.network.currency] * days,
        }


def _summary(found: _Found) -> Iterator[Entry]:
    """What is usual, what is lost and where, how deep and how long."""
    net, n, part = found.stopped.shock.network, found.stopped.shock.n_firms, found.part
    days, usual, money, lowest = len(part), found.course.baseline, net.currency, part.min()
    of = partial(Entry, synthetic=int(net.synthetic[:n].sum()))
    over = partial(of, base=say("of the usual output of {days:count} days", days=days))
    every = say("of {n:count} organisations", n=n)
    yield of("firms", say("Organisations in the network"), n)
    unknown = int(np.isnan(net.revenue[:n]).sum())
    yield of("usual_output", say("Usual output a day"), usual, money, every, unknown=unknown)
    yield of("without_revenue", say("Without revenue on record"), unknown, base=every)
    share, total = float(1.0 - part.mean()), usual * days
    low, high = ends(share, 1.0 - found.shares.mean(axis=1))
    title = say("Lost output in {days:count} days", days=days)
    least, most = (end and end * total for end in (low, high))
    yield over("total_lost", title, share * total, money, low=least, high=most)
    yield over("lost_share", say("Lost part of the output"), share, "share", low=low, high=high)
    directly = min(float(found.lost_directly.sum()), share * total)
    yield over("lost_directly", say("Lost where it stops"), directly, money)
    passed_on = share * total - directly
    yield over("passed_on", say("Lost for want of inputs or orders"), passed_on, money)
    bare = float(np.maximum(0.0, usual - found.without_stocks.output).sum())
    yield over("lost_without_stocks", say("Lost if nobody held stocks"), bare, money)
    low, high = ends(lowest, found.shares.min(axis=1, initial=1.0))
    base = say("of the usual output")
    yield of(
        "lowest_share", say("Lowest output"), float(lowest), "share", base, low=low, high=high
    )
    day = int(part.argmin()) + 1 if lowest < 1.0 - 1e-9 else None
    yield of("lowest_day", say("Day of the lowest output"), day)
    yield of("back_day", say("Within one per cent of the usual from day"), back_day(part))
    short, title = int(found.course.held_up.max()), say("Most short of inputs on a day")
    yield of("held_up", title, short, base=every)
    lost = found.course.lost_days[:n] * found.course.usual[:n]
    lost[found.stopped.shock.lost[:n] > 0] = 0.0
    worst = int(lost.argmax())
    is_hit = bool(lost[worst] > 1e-9 * usual)
    name = net.firms["org_id"][worst].as_py() if is_hit else None
    title = say("Loses most without stopping itself")
    yield of("hardest_hit", title, name, value_of="organisations")
    hardest = float(lost[worst]) if is_hit else None
    yield of("hardest_lost", say("What it loses"), hardest, money)
    known, base = found.stopped.known_share, say("of the purchases on record")
    yield of("cover_known", say("Cover on record"), known, "share", base=base)
