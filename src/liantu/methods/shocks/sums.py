"""What firms lose together: all of them, and those of each stage, segment and place."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from liantu.methods.shocks.fractions import Shock
from liantu.methods.shocks.losses import LEAST, Losses
from liantu.methods.shocks.products import STAGES
from liantu.methods.supply_network import Numbers, SupplyNetwork
from liantu.result import Entry, Ref, say


def summed(
    network: SupplyNetwork, made: Shock, found: Losses, columns: dict[str, Any]
) -> Iterator[Entry]:
    """The numbers of the whole shock, then of each group; ``columns`` are those of a firm."""
    n, before, loss = network.n_firms, columns["before"], found.loss
    known, revenue = ~np.isnan(before), ~np.isnan(network.revenue)
    marked = columns["synthetic"]
    money = np.where(known, before, 0.0)
    base = say("of the business of {n:count} organisations", n=int(known.sum()))
    of = partial(Entry, base=base, unknown=int((~known).sum()), synthetic=int(marked.sum()))
    surely = found.down if not revenue.all() else loss
    yield of(
        "loss",
        say("Business that is lost"),
        _mean(loss, money),
        "share",
        low=_mean(np.maximum(surely, found.shock), money),
    )
    yield of("loss_down", say("Lost for want of inputs"), _mean(found.down, money), "share")
    yield of("loss_up", say("Lost for want of orders"), _mean(found.up, money), "share")
    at_once = _mean(found.shock, money)
    yield of("shock", say("Lost at once, by the shock itself"), at_once, "share")
    for name, title, value in (
        ("before", say("Business before"), money.sum()),
        ("after", say("Business after"), money.sum() - money @ loss),
        ("lost", say("Business lost"), money @ loss),
    ):
        yield of(name, title, float(value), network.currency)
    sold = network.sales
    yield Entry("esri", say("Systemic risk index of the shock"), _mean(loss, sold), "share")
    of = partial(
        Entry, base=say("of {n:count} organisations", n=n), synthetic=int(marked.sum())
    )
    yield of("firms", say("Organisations that supply or buy"), n)
    yield of("hit", say("Organisations that stop"), int((found.shock > 0).sum()))
    yield of("losing", say("Organisations that lose something"), int((loss >= LEAST).sum()))
    yield of("unsized", say("Of unknown business"), int((~known).sum()))
    yield of("without_revenue", say("Without revenue on record"), int((~revenue).sum()))
    sources = made.network.n_firms - n
    yield of("import_sources", say("Import sources that stop"), sources)
    yield Entry("steps", say("Steps to rest"), found.steps)
    passer = found.largest_passer(money)
    yield Entry(
        "passer",
        say("Who passes the largest part on"),
        network.firms["org_id"][passer].as_py() if passer >= 0 else None,
        value_of="organisations",
    )
    yield from _by_group(columns, money, loss)


def _mean(loss: Numbers, money: Numbers) -> float:
    return float(min(loss @ money / money.sum(), 1.0)) if money.sum() > 0 else 0.0


def _by_group(columns: dict[str, Any], money: Numbers, loss: Numbers) -> Iterator[Entry]:
    """The loss of each stage, of each segment and of each place, the most money lost first."""
    for kind, labels in (
        ("stage", columns["stage"]),
        ("segment", columns["segment"]),
        ("place", columns["place_id"].to_pylist()),
    ):
        names = np.array([label or "" for label in labels], dtype=object)
        found = []
        for name in sorted(set(names)):
            inside = names == name
            held = float(money[inside].sum())
            if held > 0:
                found.append((name, inside, held, float(loss[inside] @ money[inside])))
        if kind == "stage":
            ranks = [stage or "" for stage in STAGES]
            found.sort(key=lambda one: ranks.index(one[0]))
        else:
            found.sort(key=lambda one: (-one[3], one[0]))
        for name, inside, held, lost in found:
            yield _of_group(kind, name, lost / held, columns, inside)


def _of_group(
    kind: str,
    name: str,
    loss: float,
    columns: dict[str, Any],
    inside: Any,  # noqa: ANN401
) -> Entry:
    unsized = int(np.isnan(columns["before"])[inside].sum())
    entry = partial(
        Entry,
        value=min(loss, 1.0),
        unit="share",
        base=say("of {n:count} organisations", n=int(inside.sum())),
        unknown=unsized,
        synthetic=int(columns["synthetic"][inside].sum()),
    )
    if kind == "stage":
        titles = {
            "upstream": say("Upstream"),
            "midstream": say("Midstream"),
            "downstream": say("Downstream"),
            "": say("Stage not recorded"),
        }
        return entry(f"loss_in_{name or 'no_stage'}", titles[name])
    if kind == "place" and name:
        return entry("place_loss", say("Loss"), subject=Ref("places", name))
    if kind == "place":
        return entry("place_loss_unplaced", say("Place not recorded"))
    if not name:
        return entry("segment_loss_unrecorded", say("Segment not recorded"))
    return entry(f"segment_loss {name}", say("{segment:name}", segment=name))
