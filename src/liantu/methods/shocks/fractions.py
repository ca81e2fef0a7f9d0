"""The fraction that each firm loses at once, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import Refusal
from liantu.methods.shocks.asked import Stop, faults, idle, misdrawn, named
from liantu.methods.shocks.imports import import_sources
from liantu.methods.supply_network import Counts, Numbers, SupplyNetwork
from liantu.result import Ref, Sentence, say

Reason = Literal["organisation", "site", "place", "import_source", "circle"]


@dataclass(frozen=True, slots=True)
class Shock:
    """What stops, as numbers of a network.

    Attributes
    ----------
    network : the supply network; import sources stand behind its ``n_firms`` firms as suppliers
        of their own, which have no weight in any sum
    n_firms : how many firms of it are organisations on record
    lost : (n_nodes,) float64, in [0, 1], the fraction that each loses at once
    moved : (n_nodes,) sales on record that are taken to come from an import source; they stay
        the firm's business, so that what is usual does not hang on what is asked
    hits : org_id, site_id, reason, lost: what was hit and why; ``lost`` is a part of the firm
    left_out : what was asked for and changes nothing, and what is assumed
    """

    network: SupplyNetwork
    n_firms: int
    lost: Numbers
    moved: Numbers
    hits: pa.Table
    left_out: tuple[Sentence, ...]


def shock(
    network: SupplyNetwork, bases: pa.Table, imports: pa.Table, origins: pa.Table, stop: Stop
) -> Shock:
    """The fraction that each firm loses at once; the tables as ``SHOCK_READS``.

    A firm is at its sites, else at its place. A site counts with its share of the capacity of
    its firm, meant over the products for which that of each site is on record, else all count
    the same. Where several shocks hit a site the largest counts; what the sites of a firm lose
    is added. What buyers lose of an import is described in conventions §9.

    Raises
    ------
    Refusal
        Nothing is asked to stop, or nothing that is asked for is on record or in the network.
    """
    part, nowhere = _parts(bases, stop)
    wrong = list(faults(stop, bases, imports, origins, is_circle_empty=not part[4].any()))
    if wrong:
        raise Refusal(wrong)
    strength = part.max(axis=0, initial=0.0)
    lost_here = bases["share"].to_numpy() * strength * stop.fraction
    hit = np.flatnonzero(strength > 0)
    firm = network.number(bases["org_id"].combine_chunks())
    inside = hit[firm[hit] >= 0]
    lost = np.bincount(firm[inside], lost_here[inside], network.n_firms)
    with_sources, source_lost, moved = import_sources(network, imports, stop.fraction)
    if not len(inside) and not len(source_lost):
        raise Refusal(idle(stop, len(np.unique(bases["org_id"].to_numpy()[hit]))))
    reasons = np.array(get_args(Reason))[part.argmax(axis=0)[hit]]
    hits = bases.select(["org_id", "site_id"]).take(hit)
    hits = hits.append_column("reason", pa.array(reasons, pa.string()))
    return Shock(
        with_sources,
        network.n_firms,
        np.concatenate([np.minimum(lost, 1.0), source_lost]),
        moved,
        hits.append_column("lost", pa.array(lost_here[hit])),
        tuple(_left_out(bases, imports, stop, hit=hit, firm=firm, nowhere=nowhere)),
    )


def _parts(bases: pa.Table, stop: Stop) -> tuple[Numbers, int]:
    """The part of each base that each reason stops, and how many bases have no position."""
    from liantu.kernels.great_circle import distance_km  # noqa: PLC0415 - numba

    part = np.zeros((len(get_args(Reason)), bases.num_rows))
    for row, name in enumerate(("by_org", "by_site")):
        part[row] = pc.fill_null(bases[name], False).to_numpy()  # noqa: FBT003 - unknown is outside
    part[2] = pc.is_valid(bases["places"]).to_numpy()
    part[3] = pc.fill_null(bases["partner_share"].cast(pa.float64()), 0.0).to_numpy()
    if list(misdrawn(stop.circle)) or not stop.circle:
        return part, 0
    longitude, latitude, radius = stop.circle
    position = [bases[axis].cast(pa.float64()).to_numpy() for axis in ("longitude", "latitude")]
    away = distance_km(position[0], position[1], longitude, latitude)
    part[4] = away <= radius
    return part, int(np.isnan(away).sum())


def _left_out(
    bases: pa.Table, imports: pa.Table, stop: Stop, *, hit: Counts, firm: Counts, nowhere: int
) -> Iterator[Sentence]:
    """What was asked for and changes nothing, and what is assumed for want of a record."""
    ids = bases["org_id"].to_numpy(zero_copy_only=False)
    outside = set(ids[hit[firm[hit] < 0]].tolist())
    for org in sorted(outside & set(stop.orgs)):
        yield say(
            "{org} has no recorded supply link here, so nothing is lost through it.",
            org=Ref("organisations", org),
        )
    for place in sorted(set(stop.places) - named(bases["places"])):
        yield say(
            "{place} has no organisation or site on record, so nothing stops there.",
            place=Ref("places", place),
        )
    if n := len(outside - set(stop.orgs)):
        yield say("{n:count} organisations that stop have no recorded supply link.", n=n)
    share = bases["share"].to_numpy()[hit]
    guessed = (
        bases["is_equal"].to_numpy(zero_copy_only=False)[hit] & (share < 1) & (firm[hit] >= 0)
    )
    if n := len(set(ids[hit[guessed]].tolist())):
        yield say(
            "The capacity of the sites of {n:count} firms is not on record: their sites count "
            "the same.",
            n=n,
        )
    if nowhere:
        yield say(
            "{n:count} sites and firms have no position: the circle passes them by.", n=nowhere
        )
    known = pc.is_valid(imports["dependence"])
    if n := imports.num_rows - int(pc.sum(known).as_py() or 0):
        yield say(
            "For {n:count} links in imported goods no import share is observed: nothing is "
            "taken to be lost there.",
            n=n,
        )
    if n := int(pc.sum(known).as_py() or 0):
        yield say(
            "Of {n:count} links in imported goods a part is taken to come from abroad, in "
            "proportion to trade.",
            n=n,
        )
