"""Days after a stop: by hand, beside a slow twin, and that nothing comes from nowhere."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.kernels.disruption import (
    ESSENTIAL,
    NEGLIGIBLE,
    NON_ESSENTIAL,
    Stop,
    Supply,
    course,
)
from liantu.kernels.slots import slots
from tests import naive_disruption

unhurried = settings(deadline=None)  # the first example compiles
A, B, C = range(3)
FOR_GOOD = 10**9  # days: capacity does not come back


def supplied(links, outside, importance=ESSENTIAL, cover_days=0.0):
    """Supply from (supplier, buyer, kind, flow), with one importance and cover, or by slot."""
    supplier, buyer, kind = (np.array([link[k] for link in links], np.int64) for k in range(3))
    made = slots(supplier, buyer, kind, len(outside))
    held = list(zip(made.buyer.tolist(), made.kind.tolist(), strict=True))
    classes, cover = (
        [given[slot] for slot in held] if isinstance(given, dict) else [given] * len(held)
        for given in (importance, cover_days)
    )
    return Supply(
        slots=made,
        flow=np.array([link[3] for link in links], np.float64),
        outside=np.array(outside, np.float64),
        importance=np.array(classes, np.uint8),
        cover_days=np.array(cover, np.float64),
        n_counted=len(outside),
    )


def stopped(supply, lost, *, days=5, recovery_days=FOR_GOOD, restock_days=10.0):
    stop = Stop(np.array(lost, np.float64), recovery_days, restock_days)
    return course(supply, stop, days=days, traced=True)


# By hand: A sells 10 a day to B, who sells 20 a day outside.


def test_without_cover_the_buyer_stops_on_the_same_day_and_starts_a_day_after_the_supplier():
    found = stopped(supplied([(A, B, 0, 10.0)], [0.0, 20.0]), [1, 0], recovery_days=1)
    # day 1: neither works. Day 2: A makes 10 of the 11 that B orders (1 and a tenth of the
    # gap of 1); they are there on day 3
    assert found.baseline == 30
    assert found.output.tolist() == pytest.approx([0, 10, 30, 30, 30])
    assert found.ordered[:2, 0].tolist() == pytest.approx([1.1, 1.1])
    assert found.sent[1].tolist() == pytest.approx([10 / 11, 0])
    assert found.lost_days.tolist() == pytest.approx([1, 2])
    assert found.held_up.tolist() == [1, 1, 0, 0, 0]


def test_a_stock_of_so_many_days_lasts_so_many_days():
    supply = supplied([(A, B, 0, 10.0)], [0.0, 20.0], cover_days=3.0)
    found = stopped(supply, [1, 0])
    assert found.level[:, B].tolist() == pytest.approx([1, 1, 1, 0, 0], abs=1e-6)
    assert found.stock[:, 0].tolist() == pytest.approx([2, 1, 0, 0, 0], abs=1e-6)


@pytest.mark.parametrize(
    ("importance", "level"), [(ESSENTIAL, 0.0), (NON_ESSENTIAL, 0.7), (NEGLIGIBLE, 1.0)]
)
def test_what_a_missing_input_takes_away_hangs_on_its_importance(importance, level):
    # A makes 30 % of what C buys, B the rest
    classes = {(C, 0): importance, (C, 1): ESSENTIAL}
    supply = supplied([(A, C, 0, 30.0), (B, C, 1, 70.0)], [0.0, 0.0, 200.0], classes)
    assert stopped(supply, [1, 0, 0], days=1).level[0, C] == pytest.approx(level)


def test_two_suppliers_of_one_kind_fill_one_stock():
    supply = supplied([(A, C, 0, 30.0), (B, C, 0, 70.0)], [0.0, 0.0, 200.0])
    assert stopped(supply, [1, 0, 0], days=1).level[0, C] == pytest.approx(0.7)


def test_what_is_short_is_parted_in_proportion_to_the_orders():
    # A sells 10 to B, 30 to C and 60 outside, and makes half of it
    supply = supplied([(A, B, 0, 10.0), (A, C, 0, 30.0)], [60.0, 20.0, 40.0])
    found = stopped(supply, [0.5, 0, 0], days=2)
    # on day 1 half of the goods came, so each orders 1 + 0.5 / 10: 10.5 + 31.5 + 60
    assert found.sent[0, A] == pytest.approx(50 / 102)
    assert found.arrived[1].tolist() == pytest.approx([1.05 * 50 / 102] * 2)


def test_a_buyer_that_stops_orders_less_and_its_supplier_makes_less():
    supply = supplied([(A, B, 0, 10.0)], [0.0, 20.0])
    found = stopped(supply, [0, 0.4], days=3)
    # B uses 0.6 of what it has, and orders as much again
    assert found.level[0].tolist() == pytest.approx([0.6, 0.6])
    assert found.ordered[1, 0] == pytest.approx(0.6)
    assert found.level[2, A] == pytest.approx(0.6)


def test_who_waits_for_one_input_does_not_pile_up_the_other():
    # C makes nothing for want of A's goods: B's of the first two days stay, then none come
    supply = supplied([(A, C, 0, 10.0), (B, C, 1, 10.0)], [0.0, 0.0, 40.0])
    found = stopped(supply, [1, 0, 0], days=9)
    assert found.stock[:, 1].tolist() == pytest.approx([1, *[2] * 8], abs=1e-6)
    assert found.level[:, B].tolist() == pytest.approx([1, *[0] * 8], abs=1e-6)


def test_a_firm_that_sells_nothing_on_record_works_and_buys_all_the_same():
    found = stopped(supplied([(A, B, 0, 10.0)], [0.0, 0.0]), [0, 0], days=2)
    assert found.output.tolist() == [10, 10]
    assert found.level[:, B].tolist() == [1, 1]


def test_firms_that_do_not_count_supply_but_add_nothing_to_the_output():
    links = [(B, A, 0, 10.0)]
    whole = supplied(links, [40.0, 0.0])
    counted = Supply(
        whole.slots, whole.flow, whole.outside, whole.importance, whole.cover_days, 1
    )
    found = stopped(counted, [0, 1], days=1)
    assert (found.baseline, found.output.tolist(), found.held_up.tolist()) == (40, [0], [1])


# On random networks.


@st.composite
def networks(draw, most=7):
    """Links, sales outside, classes and cover by slot, and what is lost."""
    n = draw(st.integers(2, most))
    firm, part = st.integers(0, n - 1), st.floats(0.0, 1.0)
    pairs = draw(st.sets(st.tuples(firm, firm, st.integers(0, 2)), min_size=1, max_size=3 * n))
    links = [(*pair, draw(st.floats(0.1, 100.0))) for pair in sorted(pairs)]
    held = sorted({(buyer, kind) for _, buyer, kind, _ in links})
    return (
        links,
        [draw(st.floats(0.0, 100.0)) for _ in range(n)],
        {slot: draw(st.integers(0, 2)) for slot in held},
        {slot: draw(st.floats(0.0, 20.0)) for slot in held},
        [draw(part) for _ in range(n)],
    )


spans = st.tuples(st.integers(1, 40), st.integers(1, 30), st.floats(1.0, 40.0))


@unhurried
@given(networks(), spans)
def test_days_are_those_of_the_slow_twin(network, spans):
    links, outside, importance, cover, lost = network
    days, recovery, restock = spans
    supply = supplied(links, outside, importance, cover)
    found = stopped(supply, lost, days=days, recovery_days=recovery, restock_days=restock)
    slow = naive_disruption.course(
        links,
        outside,
        importance,
        cover,
        lost,
        days=days,
        recovery_days=recovery,
        restock_days=restock,
    )
    made = supply.slots
    held = list(zip(made.buyer.tolist(), made.kind.tolist(), strict=True))
    need = np.array([sum(f for _, b, k, f in links if (b, k) == slot) for slot in held])
    assert found.output.tolist() == pytest.approx([sum(day["output"]) for day in slow])
    for name, traced in (("came", found.arrived), ("used", found.used), ("stock", found.stock)):
        expected = [[day[name][slot] for slot in held] for day in slow]
        np.testing.assert_allclose(traced * need, expected, rtol=1e-7, atol=1e-7)


@unhurried
@given(networks(), spans)
def test_stocks_change_by_what_comes_and_is_used_and_are_never_negative(network, spans):
    links, outside, importance, cover, lost = network
    supply = supplied(links, outside, importance, cover)
    found = stopped(supply, lost, days=spans[0], recovery_days=spans[1], restock_days=spans[2])
    before = np.vstack([supply.cover_days, found.stock[:-1]])
    np.testing.assert_allclose(found.stock, before + found.arrived - found.used, atol=1e-9)
    assert found.stock.min(initial=0.0) >= 0
    assert found.used.min(initial=0.0) >= 0
    assert np.all(found.used <= found.level[:, found.buyer] + 1e-12)


@unhurried
@given(networks(), spans)
def test_what_arrives_was_sent_the_evening_before_and_what_is_sent_was_made(network, spans):
    links, outside, importance, cover, lost = network
    supply = supplied(links, outside, importance, cover)
    found = stopped(supply, lost, days=spans[0], recovery_days=spans[1], restock_days=spans[2])
    supplier = np.array([link[0] for link in links])
    slot, n = supply.slots.slot, len(outside)
    need = np.bincount(slot, supply.flow)
    goods = found.ordered[:, slot] * supply.flow * found.sent[:, supplier]
    for day in range(1, spans[0]):
        came = np.bincount(slot, goods[day - 1], need.size) / need
        np.testing.assert_allclose(found.arrived[day], came, rtol=1e-9, atol=1e-9)
    usual = np.array(outside) + np.bincount(supplier, supply.flow, n)
    beyond = np.array(outside) * found.sent
    for day in range(spans[0]):
        sent = np.bincount(supplier, goods[day], n) + beyond[day]
        made = found.level[day] * usual
        np.testing.assert_allclose(sent[usual > 0], made[usual > 0], rtol=1e-9, atol=1e-9)


@unhurried
@given(networks(), st.floats(1.0, 40.0))
def test_without_a_stop_every_day_is_the_usual_one_to_the_last_bit(network, restock):
    links, outside, importance, cover, lost = network
    found = stopped(
        supplied(links, outside, importance, cover), np.zeros_like(lost), restock_days=restock
    )
    assert set(found.output.tolist()) == {found.baseline}
    assert set(found.level.ravel().tolist()) == {1.0}
    assert found.stock.tolist() == [found.stock[0].tolist()] * 5


@unhurried
@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_the_links_carries_no_meaning(network, random):
    links, outside, importance, cover, lost = network
    again = random.sample(links, len(links))
    first, second = (
        stopped(supplied(each, outside, importance, cover), lost) for each in (links, again)
    )
    assert first.output.tolist() == second.output.tolist()


def tiered(seed, outside):
    """300 firms with five suppliers each among twelve sectors, and a class for each slot."""
    random = np.random.default_rng(seed)
    n = 300
    pairs = np.unique(random.integers(0, n, (5 * n, 2)), axis=0)
    supplier, buyer = pairs[pairs[:, 0] != pairs[:, 1]].T
    made = slots(supplier, buyer, random.integers(0, 12, n)[supplier], n)
    flow = random.lognormal(0, 1, supplier.size)
    beyond = outside * np.bincount(supplier, flow, n) + 0.1
    lost = np.zeros(n)
    lost[random.integers(0, n, 6)] = 1
    return made, flow, beyond, random.integers(0, 3, made.kind.size).astype(np.uint8), lost


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("cover", [0.0, 3.0, 14.0])
@pytest.mark.parametrize("restock", [5.0, 10.0, 30.0])
def test_output_comes_back_without_swinging(seed, cover, restock):
    made, flow, beyond, classes, lost = tiered(seed, 0.5)
    supply = Supply(made, flow, beyond, classes, np.full(made.kind.size, cover), 300)
    found = stopped(supply, lost, days=360, recovery_days=30, restock_days=restock)
    share = found.output[30:] / found.baseline
    assert (np.maximum.accumulate(share) - share).max() < 0.01
    assert share[-1] > (0.999 if cover else 0.98)
    assert found.output.max() <= found.baseline * (1 + 1e-12)


# What is refused.


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"flow": np.zeros(1)}, "flow must be above 0"),
        ({"flow": np.full(1, np.nan)}, "flow must be finite"),
        ({"outside": np.array([-1.0, 0.0])}, "outside must be finite and at least 0"),
        ({"cover_days": np.full(2, 1.0)}, r"cover_days must have shape \(1,\), found \(2,\)"),
        ({"importance": np.full(1, 3, np.uint8)}, r"importance must be in \[0, 2\]"),
        ({"n_counted": 3}, r"n_counted must be in \[0, 2\], found 3"),
    ],
)
def test_a_supply_out_of_its_range_is_refused_by_name(change, message):
    good = supplied([(A, B, 0, 10.0)], [0.0, 20.0])
    fields = {name: getattr(good, name) for name in good.__dataclass_fields__}
    with pytest.raises(ValueError, match=message):
        stopped(Supply(**(fields | change)), [0, 0])


@pytest.mark.parametrize(
    "change",
    [{"days": 0}, {"recovery_days": 0}, {"restock_days": 0.5}, {"restock_days": np.inf}],
)
def test_spans_below_a_day_are_refused(change):
    with pytest.raises(ValueError, match="must be at least 1"):
        stopped(supplied([(A, B, 0, 10.0)], [0.0, 20.0]), [0, 0], **change)


def test_more_than_everything_cannot_be_lost():
    with pytest.raises(ValueError, match=r"lost must be in \[0, 1\]"):
        stopped(supplied([(A, B, 0, 10.0)], [0.0, 20.0]), [1.5, 0])


def test_links_between_no_firms_are_refused():
    one = np.zeros(1, np.int64)
    with pytest.raises(ValueError, match=r"buyer must be a firm in \[0, 2\), found 2 to 2"):
        slots(one, one + 2, one, 2)
    with pytest.raises(ValueError, match="one entry a link"):
        slots(one, np.zeros(2, np.int64), one, 2)
