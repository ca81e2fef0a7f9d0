import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from numba import config

from liantu.kernels.cascade_network import Cascade
from tests.naive_cascade import NaiveCascade

pytestmark = pytest.mark.skipif(
    bool(config.DISABLE_JIT), reason="vector intrinsics cannot run uncompiled"
)
unhurried = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)

# Two steelworks sell to a maker and one of them to a shop, which the maker sells to.
STEEL, OTHER_STEEL, MAKER, SHOP = range(4)
SECTOR = [0, 0, 1, 2]
LINKS = ([STEEL, OTHER_STEEL, MAKER, OTHER_STEEL], [MAKER, MAKER, SHOP, SHOP], [60, 40, 80, 80])
IMPORTANCE = [[0, 2, 1], [0, 0, 2], [0, 0, 0]]


def village(**options):
    return Cascade(*LINKS, SECTOR, importance=IMPORTANCE, **options)


def test_a_steelworks_that_fails_costs_what_no_other_can_stand_in_for():
    # The other sells 120, so half of the 60 is replaced: the maker lacks 0.5 * 60 / 100 = 0.3
    # of its steel, and the shop as much of what it has from the only maker.
    losses = village().scenarios([[1.0, 0, 0, 0]])
    np.testing.assert_allclose(losses.down, [[1, 0, 0.3, 0.3]], rtol=1e-15)
    np.testing.assert_array_equal(losses.up, [[1, 0, 0, 0]])
    assert losses.steps.tolist() == [3]  # to the maker, to the shop, nothing more


def test_without_substitution_the_whole_input_is_lacking():
    losses = village(substitution=False).scenarios([[1.0, 0, 0, 0]])
    np.testing.assert_allclose(losses.down, [[1, 0, 0.6, 0.6]], rtol=1e-15)


def test_a_non_essential_input_is_lacking_as_a_part_of_all_that_is_bought():
    losses = village(substitution=False).scenarios([[0, 1.0, 0, 0]])
    # maker: 40 of 100; shop: the larger of 40 % of the maker's and 80 of 160 from outside it
    np.testing.assert_allclose(losses.down, [[0, 1, 0.4, 0.5]], rtol=1e-15)


def test_a_shop_that_fails_is_felt_by_whom_it_bought_from():
    losses = village().scenarios(np.zeros((1, 4)), [[0, 0, 0, 1.0]])
    np.testing.assert_array_equal(losses.down, np.zeros((1, 4)))
    np.testing.assert_allclose(losses.up, [[1, 1, 1, 1]], rtol=1e-15)


def test_revenue_beyond_the_known_sales_holds_a_loss_back():
    cascade = village(revenue=[np.nan, 240, 160, 0])
    losses = cascade.scenarios(np.zeros((1, 4)), [[0, 0, 0, 1.0]])
    # maker: 80 of 160; its steelworks: 60 of the 60 known; the other: 40 and 80 of 240
    np.testing.assert_allclose(losses.up, [[0.5, 0.5 / 6 + 1 / 3, 0.5, 1]], rtol=1e-15)


def test_cost_beyond_the_known_purchases_holds_a_loss_back():
    losses = village(substitution=False, cost=[0, np.nan, 200, np.nan]).scenarios(
        [[1.0, 0, 0, 0]]
    )
    np.testing.assert_allclose(losses.down, [[1, 0, 0.3, 0.3]], rtol=1e-15)


def test_the_index_weighs_losses_by_sales_or_as_asked():
    found = village().single_failures(
        [STEEL, SHOP], np.array([[60, 1], [120, 1], [80, 1], [0, 1]])
    )
    np.testing.assert_allclose(found.down[0], [(60 + 0.3 * 80) / 260, 1.6 / 4], rtol=1e-14)
    np.testing.assert_allclose(found.up[0], [60 / 260, 1 / 4], rtol=1e-14)
    np.testing.assert_allclose(found.esri, [[84 / 260, 0.4], [1, 1]], rtol=1e-14)
    np.testing.assert_array_equal(
        found.esri[:, :1], village().single_failures([STEEL, SHOP]).esri
    )


def test_a_loss_is_traced_to_the_firm_that_passed_most_of_it_on():
    cascade, shock = village(substitution=False), np.array([0.5, 1, 0, 0])
    losses = cascade.scenarios(shock)
    down, up = cascade.via(losses.down[0], losses.up[0], shock, shock)
    assert down.tolist() == [-1, -1, OTHER_STEEL, MAKER]  # 40 against 30; 0.7 against 0.5
    assert up.tolist() == [-1, -1, -1, -1]
    back = cascade.scenarios(np.array([0, 0, 0, 1.0]))
    own = np.array([0, 0, 0, 1.0])
    assert cascade.via(back.down[0], back.up[0], own, own)[1].tolist() == [
        MAKER,
        SHOP,
        SHOP,
        -1,
    ]


def test_losses_of_sectors_are_means_beyond_the_shock():
    cascade, shock = village(), np.array([[1.0, 0, 0, 0]])
    losses = cascade.scenarios(shock)
    found = cascade.sector_losses(losses.down, losses.up, shock, weights=[1, 1, 1, 0])
    np.testing.assert_allclose(found.down, [[0, 0.3, np.nan]], atol=1e-15)
    np.testing.assert_allclose(found.up, [[0, 0, np.nan]], atol=1e-15)
    np.testing.assert_allclose(found.either, [[0, 0.3, np.nan]], atol=1e-15)


def test_the_money_floor_is_one_unit_as_published_and_no_unit_otherwise():
    # alone in its market, the maker leaves nothing: one unit stands for it, or it for itself
    def fails(mode, unit):
        cascade = Cascade([0], [1], [unit], [0, 1], importance=[[0, 2], [0, 0]], mode=mode)
        return cascade.scenarios([1.0, 0]).down[0, 1]

    assert [fails("diem2022", unit) for unit in (80.0, 0.25)] == [1.0, 0.25]
    assert [fails("converged", unit) for unit in (80.0, 0.25)] == [1.0, 1.0]


def test_a_cascade_stops_at_the_change_that_is_asked_for():
    # each firm of a ring of three passes half on: changes 1/2, 1/4, 1/8 ...
    ring = ([0, 1, 2], [1, 2, 0], [1.0, 1, 1], [0, 1, 2])
    half = {
        "importance": np.full((3, 3), 2),
        "cost": np.full(3, 2.0),
        "revenue": np.full(3, 2.0),
    }
    coarse, fine = (Cascade(*ring, **half, eps=eps) for eps in (0.3, 0.2))
    assert coarse.single_failures([0]).steps.tolist() == [2]  # 1/2, then 1/4 <= 0.3
    assert fine.single_failures([0]).steps.tolist() == [3]  # 1/8 comes back to the first


SHARES = st.sampled_from([0.0, 0.0, 0.125, 0.5, 0.75, 1.0])


@st.composite
def networks(draw):
    """A small network with all its options, and shocks to two of its firms or more."""
    n, m = draw(st.integers(2, 8)), draw(st.integers(1, 3))
    firm, sector = st.integers(0, n - 1), st.integers(0, m - 1)
    links = draw(st.lists(st.tuples(firm, firm, st.integers(1, 40)), min_size=1, max_size=24))
    supplier, buyer, value = np.array(links).T
    table = draw(st.lists(st.sampled_from([0, 1, 2, 2]), min_size=m * m, max_size=m * m))
    known = st.lists(
        st.one_of(st.just(np.nan), st.integers(0, 90).map(float)), min_size=n, max_size=n
    )
    options = {
        "importance": np.array(table).reshape(m, m),
        "mode": draw(st.sampled_from(["converged", "diem2022"])),
        "substitution": draw(st.booleans()),
        "market": draw(st.none() | st.lists(st.integers(0, 3), min_size=n, max_size=n)),
        "revenue": draw(st.none() | known),
        "cost": draw(st.none() | known),
    }
    sectors = np.array(draw(st.lists(sector, min_size=n, max_size=n)))
    shocks = draw(st.lists(st.lists(SHARES, min_size=n, max_size=n), min_size=2, max_size=4))
    return (supplier, buyer, value / 4, sectors), options, np.array(shocks)


@unhurried
@given(networks())
def test_losses_and_steps_are_those_of_the_formulas(case):
    network, options, shocks = case
    found = Cascade(*network, **options).scenarios(shocks, shocks[::-1])
    naive = NaiveCascade(*network, **options)
    for row in range(len(shocks)):
        d, u, steps = naive.run(shocks[row], shocks[-1 - row])
        assert found.steps[row] == steps
        np.testing.assert_allclose(found.down[row], d, atol=1e-12)
        np.testing.assert_allclose(found.up[row], u, atol=1e-12)


@unhurried
@given(networks(), st.sampled_from([1.0, 0.3]))
def test_indices_of_every_firm_are_those_of_the_formulas(case, share):
    network, options, _ = case
    n = network[3].size
    weights = np.stack([np.arange(1.0, n + 1), np.ones(n), (np.arange(n) % 3) + 0.1], axis=1)
    firms = np.tile(np.arange(n), 4)  # more than there are lanes
    found = Cascade(*network, **options).single_failures(firms, weights, share=share)
    naive = NaiveCascade(*network, **options)
    for row, firm in enumerate(firms[: 2 * n]):
        index, steps = naive.single(firm, weights, share)
        assert found.steps[row] == steps
        for column, expected in zip((found.esri, found.down, found.up), index, strict=True):
            np.testing.assert_allclose(column[row], expected, atol=1e-12)
            np.testing.assert_array_equal(column[row], column[row % n])


@unhurried
@given(networks())
def test_single_precision_is_near(case):
    network, options, shocks = case
    fine = Cascade(*network, **options)
    coarse = Cascade(*network, **options, precision="float32")
    assert coarse.eps == fine.eps
    near, exact = coarse.scenarios(shocks), fine.scenarios(shocks)
    assert near.down.dtype == np.float32
    for row in range(len(shocks)):
        same = near.steps[row] == exact.steps[row]
        atol = 1e-5 if same else 1e-5 + 2 * fine.eps  # it may stop one step apart
        np.testing.assert_allclose(near.down[row], exact.down[row], atol=atol)
        np.testing.assert_allclose(near.up[row], exact.up[row], atol=atol)


@unhurried
@given(networks())
def test_what_passed_a_loss_on_is_what_the_formulas_find(case):
    network, options, shocks = case
    cascade, naive = Cascade(*network, **options), NaiveCascade(*network, **options)
    losses = cascade.scenarios(shocks)
    d, u, own = losses.down[0], losses.up[0], shocks[0]
    slots = (naive.slots(d), (naive.up @ u)[np.newaxis])
    parts = (naive.parts(d), (naive.up * u).T)
    answers = zip(cascade.via(d, u, own, own), naive.via(d, u, own, own), strict=True)
    for slot, part, (found, expected) in zip(slots, parts, answers, strict=True):
        largest = slot.max(axis=0)
        is_clear = np.count_nonzero(slot > largest - 1e-9, axis=0) == 1
        is_clear &= np.abs(np.minimum(largest, 1) - own) > 1e-9
        for firm in np.flatnonzero(is_clear):
            assert (found[firm] < 0) == (expected[firm] < 0)
            if found[firm] >= 0:  # of parts that are equal but for rounding, either
                given = part[[found[firm], expected[firm]], firm]
                assert given[0] == pytest.approx(given[1], abs=1e-12)


@unhurried
@given(networks(), st.sampled_from([1e-6, 1e4, 7.0]))
def test_the_unit_of_money_does_not_matter_where_converged(case, unit):
    (supplier, buyer, value, sector), options, shocks = case
    options |= {"mode": "converged"}
    one = Cascade(supplier, buyer, value, sector, **options).scenarios(shocks)
    for name in ("revenue", "cost"):
        if options[name] is not None:
            options[name] = np.array(options[name]) * unit
    other = Cascade(supplier, buyer, value * unit, sector, **options).scenarios(shocks)
    np.testing.assert_array_equal(one.steps, other.steps)
    np.testing.assert_allclose(one.down, other.down, atol=1e-11)
    np.testing.assert_allclose(one.up, other.up, atol=1e-11)


@unhurried
@given(networks())
def test_more_lost_at_the_start_is_never_less_lost_at_the_end(case):
    network, options, shocks = case
    options |= {"mode": "converged", "eps": 1e-9}
    assume(options["revenue"] is None)
    cascade = Cascade(*network, **options)
    less = cascade.scenarios(shocks.min(axis=0))
    more = cascade.scenarios(shocks)
    assert (more.down >= less.down - 1e-5).all()
    assert (more.up >= less.up - 1e-5).all()
    assert (more.down >= shocks).all()
    assert (np.maximum(more.down, more.up) <= 1).all()


@unhurried
@given(networks(), st.randoms(use_true_random=False))
def test_numbers_of_firms_and_order_of_links_do_not_matter(case, random):
    (supplier, buyer, value, sector), options, shocks = case
    n = sector.size
    number, order = (
        np.array(random.sample(range(n), n)),
        random.sample(range(len(value)), len(value)),
    )
    old = np.argsort(number)  # the old number of each new one
    again = options | {
        name: np.array(options[name])[old]
        for name in ("market", "revenue", "cost")
        if options[name] is not None
    }
    one = Cascade(supplier, buyer, value, sector, **options).scenarios(shocks)
    same = Cascade(supplier[order], buyer[order], value[order], sector, **options)
    np.testing.assert_array_equal(same.scenarios(shocks).down, one.down)
    other = Cascade(number[supplier], number[buyer], value, sector[old], **again)
    found = other.scenarios(shocks[:, old])
    np.testing.assert_array_equal(found.steps, one.steps)
    np.testing.assert_allclose(found.down[:, number], one.down, atol=1e-12)
    np.testing.assert_allclose(found.up[:, number], one.up, atol=1e-12)


def test_no_failure_and_no_scenario_have_empty_answers():
    cascade = village()
    assert cascade.single_failures(np.empty(0, np.int64)).esri.shape == (0, 1)
    assert cascade.scenarios(np.empty((0, 4))).down.shape == (0, 4)


def test_links_without_value_are_no_links_and_pairs_add_up():
    twice = Cascade(
        [*LINKS[0], 0, 3],
        [*LINKS[1], 2, 0],
        [40, *LINKS[2][1:], 20, 0],
        SECTOR,
        importance=IMPORTANCE,
    )
    one, other = (c.scenarios([1.0, 0, 0, 0]).down for c in (village(), twice))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"supplier": [0, 1, 2]}, "supplier must have 4 entries, found 3"),
        ({"supplier": [0, 1, 2, 9]}, r"supplier\[3\] must be in 0..3, found 9"),
        ({"buyer": [2.0, 2, 3, 3]}, "buyer must be flat whole numbers, found float64"),
        ({"value": [1, 2, -3, 4]}, r"value\[2\] must be finite and at least 0, found -3.0"),
        ({"value": [1, 2, 3, np.nan]}, r"value\[3\] must be finite and at least 0, found nan"),
        ({"value": [0, 0, 0, 0]}, "the network is empty"),
        ({"supplier": [], "buyer": [], "value": []}, "the network is empty"),
        ({"sector": [0, 0, 1, 3]}, r"sector\[3\] must be in 0..2, found 3"),
        ({"importance": [[0, 3], [0, 0]]}, "importance must be a square table of 0"),
        ({"importance": [[0, 1]]}, r"found shape \(1, 2\)"),
        ({"market": [0, 0, -1, 0]}, r"market\[2\] must be at least 0, found -1"),
        ({"revenue": [1, 2, -1, np.nan]}, r"revenue\[2\] must be .* NaN where unknown"),
        ({"cost": [1, 2, 3]}, "cost must have 4 entries, found 3"),
        ({"mode": "fast"}, "mode must be one of converged, diem2022, found 'fast'"),
        ({"precision": "float16"}, "precision must be one of float64, float32"),
        ({"eps": 0}, "eps must be above 0 and below 1, found 0"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(change, words):
    given = dict(zip(("supplier", "buyer", "value"), LINKS, strict=True))
    given |= {"sector": SECTOR, "importance": IMPORTANCE} | change
    with pytest.raises(ValueError, match=words):
        Cascade(**given)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda c: c.single_failures([4]), r"firms\[0\] must be in 0..3, found 4"),
        (lambda c: c.single_failures([0], [1, 2]), r"weights must be \(4,\) or \(4, w\)"),
        (lambda c: c.single_failures([0], [0, 0, 0, 0]), "not all 0 in any column"),
        (lambda c: c.single_failures([0], share=2), "share must be in 0..1, found 2"),
        (lambda c: c.single_failures([0], threads=0), "threads must be at least 1, found 0"),
        (lambda c: c.scenarios([[0, 0, 2.0, 0]]), r"down\[0, 2\] must be in 0..1, found 2.0"),
        (lambda c: c.scenarios(np.zeros((2, 3))), r"down must be \(4,\) or \(k, 4\)"),
        (lambda c: c.scenarios(np.zeros((2, 4)), np.zeros(4)), "down has 2 scenarios and up 1"),
    ],
)
def test_a_question_that_does_not_fit_is_refused_in_words(ask, words):
    with pytest.raises(ValueError, match=words):
        ask(village())
