"""The supply network as arrays: firms with their sectors, links with their values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liantu.errors import Problem, Refusal
from liantu.result import Sentence, say

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Counts = np.ndarray[Any, np.dtype[np.int64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]

IMPORTANCE = ("negligible", "non_essential", "essential")

READS = {
    "firms": """
        select
          organisations.org_id, organisations.place_id, countries.country_id,
          org_sectors.scheme, org_sectors.code,
          revenue.value as revenue, revenue.unit as revenue_unit,
          organisations.evidence = 'synthetic'
            or coalesce(org_sectors.evidence = 'synthetic', false)
            or coalesce(revenue.evidence = 'synthetic', false) as synthetic,
          concat_ws(
            ';', organisations.source_id, org_sectors.source_id, revenue.source_id
          ) as source_id
        from organisations
        left join countries on countries.place_id = organisations.place_id
        left join org_sectors on org_sectors.org_id = organisations.org_id
        left join org_figures as revenue
          on revenue.org_id = organisations.org_id
            and revenue.measure = 'revenue' and revenue.activity is null
        where organisations.evidence <> 'assumed'
          and organisations.org_id in (
            select supplier_id from supply_links union all select buyer_id from supply_links
          )
          and (
            cast($chain as varchar) is null
            or organisations.org_id in (select org_id from chain_firms where chain_id = $chain)
          )
        order by organisations.org_id
    """,
    "links": """
        select supplier_id, buyer_id, product_id, value, currency, synthetic, source_id
        from supply_links
        where cast($chain as varchar) is null
          or (
            supplier_id in (select org_id from chain_firms where chain_id = $chain)
            and buyer_id in (select org_id from chain_firms where chain_id = $chain)
          )
        order by buyer_id, supplier_id, product_id
    """,
    "importance": """
        select scheme, supplier_code, buyer_code, importance, evidence, source_id
        from sector_inputs
        where evidence <> 'assumed'
        order by scheme, supplier_code, buyer_code
    """,
}


@dataclass(frozen=True, slots=True)
class SupplyNetwork:
    """Firms that supply or buy, and the links between them, added up over products.

    Attributes
    ----------
    firms : (n,) table of ``READS["firms"]``, those with a link, ordered by ``org_id``
    supplier, buyer : (n_links,) numbers of firms, ordered by buyer, then supplier
    value : (n_links,) sales in a year, in ``currency``, positive
    sector : (n,) number of the sector in ``sectors``; the last stands for "not recorded"
    sectors : scheme and code of each sector
    market : (n,) to whom a firm's buyers may turn: its sector, or itself where none is known
    importance : (m, m) of sector k for buyers of sector l: 0 negligible, 1 non-essential,
        2 essential; a pair that is not listed is non-essential
    listed : (m, m) whether the pair is listed
    revenue : (n,) in ``currency``; NaN where unknown, or less than the sales on record
    link_synthetic : (n_links,) whether a link, or an end of it, is synthetic
    left_out : what was left out, and what is not known
    """

    firms: pa.Table
    supplier: Counts
    buyer: Counts
    value: Numbers
    currency: str | None
    sector: Counts
    sectors: tuple[tuple[str, str], ...]
    market: Counts
    importance: np.ndarray[Any, np.dtype[np.uint8]]
    listed: Truths
    revenue: Numbers
    link_synthetic: Truths
    left_out: tuple[Sentence, ...]

    @property
    def n_firms(self) -> int:
        """How many firms supply or buy."""
        return int(self.firms.num_rows)

    @property
    def sales(self) -> Numbers:
        """What each firm sells in the network: its out-strength."""
        return _sums(self.supplier, self.value, self.n_firms)

    @property
    def synthetic(self) -> Truths:
        """Whether a firm, its sector, its revenue or a link of it is synthetic."""
        marked = np.asarray(self.firms["synthetic"].to_numpy(), dtype=np.bool_).copy()
        for ends in (self.supplier, self.buyer):
            marked[ends[self.link_synthetic]] = True
        return marked

    def number(self, org_ids: pa.Array | list[str]) -> Counts:
        """The numbers of organisations; -1 for those that are not in the network."""
        asked = pa.array(org_ids, pa.string())
        found = pc.index_in(asked, self.firms["org_id"].combine_chunks())
        return np.asarray(pc.fill_null(found, -1).to_numpy(), dtype=np.int64)


def read_network(firms: pa.Table, links: pa.Table, importance: pa.Table) -> SupplyNetwork:
    """The network that the tables of ``READS`` hold.

    Raises
    ------
    Refusal
        The links are in more than one currency.
    """
    currency = _currency(links)
    n_rows = links.num_rows
    links = links.filter(pc.greater(links["value"], 0))
    every = firms["org_id"].combine_chunks()
    supplier, buyer = (
        pc.index_in(links[end].combine_chunks(), every) for end in ("supplier_id", "buyer_id")
    )
    whole = pc.and_(pc.is_valid(supplier), pc.is_valid(buyer))
    value = links["value"].filter(whole).to_numpy()
    marked = np.asarray(links["synthetic"].filter(whole).to_numpy(), dtype=np.bool_)
    ends = [
        np.asarray(end.filter(whole).to_numpy(), dtype=np.int64) for end in (supplier, buyer)
    ]
    linked = np.zeros(len(every), dtype=np.bool_)
    for end in ends:
        linked[end] = True
    renumbered = np.cumsum(linked) - 1
    firms = firms.filter(pa.array(linked))
    supplier, buyer, value, marked = _added(
        renumbered[ends[0]], renumbered[ends[1]], value, marked
    )
    sectors, sector = _sectors(firms)
    matrix, listed = _importance(importance, sectors)
    unknown = sector == len(sectors) - 1
    own = len(sectors) + np.arange(firms.num_rows)
    sales = _sums(supplier, value, firms.num_rows)
    revenue, odd = _revenue(firms, sales, currency)
    return SupplyNetwork(
        firms=firms,
        supplier=supplier,
        buyer=buyer,
        value=value,
        currency=currency,
        sector=sector,
        sectors=sectors,
        market=np.unique(np.where(unknown, own, sector), return_inverse=True)[1],
        importance=matrix,
        listed=listed,
        revenue=revenue,
        link_synthetic=marked,
        left_out=tuple(
            _left_out(
                worthless=n_rows - links.num_rows,
                unknown=int(unknown.sum()),
                odd=odd,
                no_importance=bool(len(value)) and not importance.num_rows,
                unlisted=_unlisted(sector[supplier], sector[buyer], listed),
            )
        ),
    )


def _currency(links: pa.Table) -> str | None:
    named = sorted(pc.unique(links["currency"]).drop_null().to_pylist())
    if len(named) > 1:
        raise Refusal(
            Problem(
                code="mixed-currencies",
                expected="supplies in one currency",
                found=", ".join(named),
                remedy="convert the values of supplies to one currency, and import them again",
            )
        )
    return named[0] if named else None


def _added(
    supplier: Counts, buyer: Counts, value: Numbers, marked: Truths
) -> tuple[Counts, Counts, Numbers, Truths]:
    """Links added up over products, ordered by buyer, then supplier."""
    n = int(max(supplier.max(initial=-1), buyer.max(initial=-1))) + 1
    pairs, place = np.unique(buyer * n + supplier, return_inverse=True)
    made_up = np.asarray(np.bincount(place, marked, len(pairs)) > 0, dtype=np.bool_)
    width = max(n, 1)
    return pairs % width, pairs // width, _sums(place, value, len(pairs)), made_up


def _sums(place: Counts, value: Numbers, n: int) -> Numbers:
    return np.asarray(np.bincount(place, value, n), dtype=np.float64)


def _sectors(firms: pa.Table) -> tuple[tuple[tuple[str, str], ...], Counts]:
    schemes, codes = firms["scheme"].to_pylist(), firms["code"].to_pylist()
    pairs = [(a, b) if a is not None else None for a, b in zip(schemes, codes, strict=True)]
    known = sorted({pair for pair in pairs if pair})
    number = {pair: k for k, pair in enumerate(known)}
    sector = np.array([len(known) if p is None else number[p] for p in pairs], dtype=np.int64)
    return (*known, ("", "")), sector


def _importance(
    importance: pa.Table, sectors: tuple[tuple[str, str], ...]
) -> tuple[np.ndarray[Any, np.dtype[np.uint8]], Truths]:
    matrix = np.ones((len(sectors), len(sectors)), dtype=np.uint8)
    listed = np.zeros(matrix.shape, dtype=np.bool_)
    number = {pair: k for k, pair in enumerate(sectors)}
    columns = ("scheme", "supplier_code", "buyer_code", "importance")
    for scheme, supplier, buyer, word in zip(
        *(importance[name].to_pylist() for name in columns), strict=True
    ):
        k, j = number.get((scheme, supplier)), number.get((scheme, buyer))
        if k is not None and j is not None:
            matrix[k, j], listed[k, j] = IMPORTANCE.index(word), True
    return matrix, listed


def _revenue(firms: pa.Table, sales: Numbers, currency: str | None) -> tuple[Numbers, int]:
    """Revenue where it is known and not below the sales on record; how many were not used."""
    revenue = np.asarray(
        firms["revenue"].cast(pa.float64()).to_numpy(), dtype=np.float64
    ).copy()
    units = pc.fill_null(pc.not_equal(firms["revenue_unit"], currency or ""), True)  # noqa: FBT003
    odd = ~np.isnan(revenue) & (np.asarray(units.to_numpy()) | (revenue < sales * (1 - 1e-9)))
    revenue[odd] = np.nan
    return revenue, int(odd.sum())


def _unlisted(seller: Counts, taker: Counts, listed: Truths) -> int:
    pairs = np.unique(seller * len(listed) + taker)
    return int((~listed.ravel()[pairs]).sum()) if len(pairs) else 0


def _left_out(
    *, worthless: int, unknown: int, odd: int, no_importance: bool, unlisted: int
) -> Iterator[Sentence]:
    if worthless:
        yield say("{n:count} supplies of value 0 are no links.", n=worthless)
    if unknown:
        yield say(
            "{n:count} firms have no main activity on record. What they supply counts as "
            "non-essential, and nobody can stand in for them.",
            n=unknown,
        )
    if odd:
        yield say(
            "The revenue of {n:count} firms is not used: it is below their sales on record, or "
            "in another unit.",
            n=odd,
        )
    if no_importance:
        yield say("No table says which inputs are essential, so every input is non-essential.")
    elif unlisted:
        yield say(
            "{n:count} pairs of sectors with links are not listed: they count as "
            "non-essential.",
            n=unlisted,
        )
