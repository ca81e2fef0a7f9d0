import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.kernels.bill_levels import levels_by_queue, levels_by_rounds
from liantu.kernels.bill_of_materials import CycleError, cycles, explode
from tests import naive

LOCOMOTIVE, BOGIE, AXLE, BEARING, MOTOR, BOLT, TRAM = range(7)
unhurried = settings(deadline=None)  # the first example compiles


def bill(*lines):
    """Arrays of lines (parent, part, quantity) or (parent, part, quantity, "bought")."""
    parent, part = (np.array([line[i] for line in lines], np.int32) for i in (0, 1))
    quantity = np.array([line[2] for line in lines], np.float64)
    bought = np.array([len(line) == 4 for line in lines], np.bool_)
    return parent, part, quantity, bought


def test_a_shared_part_is_needed_once_for_every_path_to_it():
    lines = bill(
        (LOCOMOTIVE, BOGIE, 2),
        (LOCOMOTIVE, MOTOR, 4),
        (BOGIE, AXLE, 3),
        (AXLE, BEARING, 2),
        (MOTOR, BEARING, 2),
        (MOTOR, BOLT, 8),
        (TRAM, BOLT, 99),
    )
    found = explode(*lines, n_items=7, root=LOCOMOTIVE)
    assert found.need.tolist() == [1, 2, 6, 6 * 2 + 4 * 2, 4, 32, 0]
    assert found.ends.tolist() == [0, 0, 0, 20, 0, 32, 0]
    assert found.is_leaf.tolist() == [False, False, False, True, False, True, False]
    assert found.reached.tolist() == [True] * 6 + [False]
    assert found.depth.tolist() == [0, 1, 2, 3, 1, 2, -1]
    assert found.depth.dtype == np.int32


def test_what_is_bought_on_one_line_and_made_on_another_ends_only_where_it_is_bought():
    lines = bill(
        (LOCOMOTIVE, AXLE, 5, "bought"),
        (LOCOMOTIVE, BOGIE, 2),
        (BOGIE, AXLE, 3),
        (AXLE, BEARING, 2),
    )
    found = explode(*lines, n_items=7, root=LOCOMOTIVE)
    assert found.need[[BOGIE, AXLE, BEARING]].tolist() == [2, 11, 12]
    assert found.ends[[BOGIE, AXLE, BEARING]].tolist() == [0, 5, 12]
    assert found.is_leaf[[BOGIE, AXLE, BEARING]].tolist() == [False, True, True]


def test_below_a_part_that_is_only_bought_nothing_is_reached_not_even_a_cycle():
    lines = bill((LOCOMOTIVE, MOTOR, 4, "bought"), (MOTOR, BOLT, 8), (BOLT, MOTOR, 1))
    found = explode(*lines, n_items=7, root=LOCOMOTIVE)
    assert found.reached.nonzero()[0].tolist() == [LOCOMOTIVE, MOTOR]
    assert found.need[[MOTOR, BOLT]].tolist() == [4, 0]
    assert found.ends[MOTOR] == 4


def test_an_unknown_quantity_leaves_unknown_what_lies_below_and_nothing_else():
    lines = bill(
        (LOCOMOTIVE, BOGIE, math.nan),
        (LOCOMOTIVE, MOTOR, 4),
        (BOGIE, BOLT, 8),
        (MOTOR, BOLT, 2),
        (MOTOR, BEARING, 2),
    )
    found = explode(*lines, n_items=7, root=LOCOMOTIVE)
    assert np.isnan(found.need[[BOGIE, BOLT]]).all()
    assert np.isnan(found.ends[BOLT])
    assert found.need[[MOTOR, BEARING]].tolist() == [4, 8]
    assert found.ends[BOGIE] == 0
    assert found.reached[BOLT]


def test_a_line_that_stands_twice_counts_twice():
    found = explode(*bill((0, 1, 2), (0, 1, 3)), n_items=2, root=0)
    assert found.need.tolist() == [1, 5]


def test_an_item_without_parts_is_its_own_end():
    found = explode(*bill(), n_items=1, root=0)
    assert (found.need[0], found.ends[0], found.is_leaf[0], found.depth[0]) == (1, 1, True, 0)


def test_cost_shares_that_add_to_one_end_in_shares_that_add_to_one():
    lines = bill((0, 1, 0.25), (0, 2, 0.75), (1, 3, 0.5), (1, 4, 0.5), (2, 4, 1.0))
    found = explode(*lines, n_items=5, root=0)
    assert found.ends.tolist() == [0, 0, 0, 0.125, 0.875]


def test_a_cycle_is_refused_with_its_items_from_the_smallest():
    lines = bill((0, 4, 1), (4, 2, 1), (2, 3, 1), (3, 4, 1), (3, 5, 1))
    with pytest.raises(CycleError, match="2 -> 3 -> 4 -> 2") as caught:
        explode(*lines, n_items=6, root=0)
    assert caught.value.items == (2, 3, 4)


def test_a_root_that_is_its_own_part_is_a_cycle():
    with pytest.raises(CycleError) as caught:
        explode(*bill((1, 0, 1), (0, 1, 1)), n_items=2, root=1)
    assert caught.value.items == (0, 1)


def test_a_cycle_that_the_root_does_not_reach_is_none_of_its_business():
    found = explode(*bill((0, 1, 2), (2, 3, 1), (3, 2, 1), (2, 1, 7)), n_items=4, root=0)
    assert found.need.tolist() == [1, 2, 0, 0]


@pytest.mark.parametrize("step", [1, -1], ids=["from the root down", "from the bottom up"])
def test_a_deep_bill_needs_no_deep_stack_in_whatever_order_it_is_listed(step):
    items = np.arange(2_000, dtype=np.int32)
    ones = np.ones(items.size - 1)
    lines = (items[:-1][::step], items[1:][::step], ones, ones < 0)
    found = explode(*lines, n_items=items.size, root=0)
    assert found.depth.tolist() == items.tolist()
    assert found.need[-1] == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"parent": np.array([7])}, r"parent\[0\] must be an item in \[0, 2\), found 7"),
        ({"part": np.array([-1])}, r"part\[0\] must be an item in \[0, 2\), found -1"),
        ({"part": np.array([1.0])}, "part must be a flat array of at most .* integer item"),
        ({"part": np.array([1, 1])}, "parent has 1 lines and part has 2"),
        ({"quantity": np.array([-2.0])}, r"quantity\[0\] must be finite and at least 0.*-2"),
        ({"quantity": np.array([math.inf])}, r"quantity\[0\] must be finite .*found inf"),
        ({"quantity": np.ones(2)}, r"quantity must be float64 of shape \(1,\)"),
        ({"bought": np.array([1])}, r"bought must be bool of shape \(1,\).*int64"),
        ({"n_items": 0}, r"n_items must be in \[1, "),
        ({"root": 2}, r"root must be an item in \[0, 2\), found 2"),
    ],
)
def test_what_is_not_a_bill_is_refused_in_words(change, message):
    whole = {
        "parent": np.array([0]),
        "part": np.array([1]),
        "quantity": np.ones(1),
        "bought": np.array([False]),
        "n_items": 2,
        "root": 0,
    }
    with pytest.raises(ValueError, match=message):
        explode(**(whole | change))


@pytest.mark.filterwarnings("ignore:.* encountered in scalar:RuntimeWarning")  # uncompiled
def test_a_need_too_large_to_hold_is_refused_not_called_unknown():
    with pytest.raises(ValueError, match="need of item 2 is larger than a float64"):
        explode(*bill((0, 1, 1e200), (1, 2, 1e200), (2, 3, 0)), n_items=4, root=0)


def test_every_knot_gives_one_cycle_in_order_of_its_first_item():
    parent, part = [5, 4, 3, 2, 0, 1, 6], [4, 3, 5, 2, 1, 6, 0]
    assert cycles(np.array(parent), np.array(part), 7) == [(0, 1, 6), (2,), (3, 5, 4)]


def test_the_cycle_shown_is_a_shortest_through_the_first_item():
    parent, part = np.array([0, 1, 2, 2, 1]), np.array([1, 2, 0, 1, 0])
    assert cycles(parent, part, 3) == [(0, 1)]


def test_a_bill_without_cycles_has_none():
    assert cycles(np.array([0, 0, 1]), np.array([1, 2, 2]), 3) == []
    assert cycles(np.array([], np.int32), np.array([], np.int32), 1) == []


def test_a_line_that_stands_256_times_is_still_a_line():
    assert cycles(np.array([0] * 256 + [1]), np.array([1] * 256 + [0]), 2) == [(0, 1)]


@st.composite
def bills(draw, n_items=9):
    """Lines without a cycle: a part comes after its parent in a drawn order."""
    order = draw(st.permutations(range(n_items)))
    ends = st.tuples(st.integers(0, n_items - 1), st.integers(0, n_items - 1))
    pairs = draw(st.lists(ends.filter(lambda pair: pair[0] < pair[1]), max_size=14))
    quantity = st.one_of(st.integers(0, 9).map(float), st.just(math.nan))
    lines = [
        (order[i], order[j], draw(quantity), *(["bought"] if draw(st.booleans()) else []))
        for i, j in pairs
    ]
    return bill(*lines), order[0]


@unhurried
@given(bills())
def test_an_explosion_is_what_walking_every_path_finds(case):
    lines, root = case
    found = explode(*lines, n_items=9, root=root)
    need, ends, depth = naive.explode(*lines, root=root)
    np.testing.assert_array_equal(found.need, [need.get(item, 0) for item in range(9)])
    np.testing.assert_array_equal(found.ends, [ends.get(item, 0) for item in range(9)])
    assert found.depth.tolist() == [depth.get(item, -1) for item in range(9)]
    assert found.reached.tolist() == [item in need for item in range(9)]
    assert found.is_leaf.tolist() == [item in ends for item in range(9)]


@unhurried
@given(bills())
def test_a_queue_finds_the_levels_that_rounds_settle_on(case):
    (parent, part, _, bought), root = case
    parent, part = parent.view(np.uint32), part.view(np.uint32)
    settled, is_settled = levels_by_rounds(parent, part, bought, 9, root)
    queued, walked, n_opened = levels_by_queue(parent, part, bought, 9, root)
    assert is_settled
    assert n_opened == walked.size == np.count_nonzero(settled)
    assert queued.tolist() == settled.tolist()


@unhurried
@given(bills(), st.randoms(use_true_random=False))
def test_whole_quantities_explode_alike_in_any_order_of_the_lines(case, random):
    lines, root = case
    order = list(range(lines[0].size))
    random.shuffle(order)
    order = np.array(order, np.intp)
    found = explode(*lines, n_items=9, root=root)
    again = explode(*(column[order] for column in lines), n_items=9, root=root)
    np.testing.assert_array_equal(found.need, again.need)
    np.testing.assert_array_equal(found.depth, again.depth)


@unhurried
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=16))
def test_each_cycle_found_is_one_and_each_knot_has_one(pairs):
    parent, part = (np.array([pair[i] for pair in pairs], np.int32) for i in (0, 1))
    found = cycles(parent, part, 8)
    for ring in found:
        assert ring[0] == min(ring)
        assert len(set(ring)) == len(ring)
        assert set(zip(ring, (*ring[1:], ring[0]), strict=True)) <= set(pairs)
    knots = naive.knots(parent, part, 8)
    assert [ring[0] for ring in found] == sorted(min(knot) for knot in knots)
    assert found == cycles(parent[::-1], part[::-1], 8)


@unhurried
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=10))
def test_a_bill_explodes_or_names_a_true_cycle_below_the_root(pairs):
    lines = bill(*((*pair, 1) for pair in pairs))
    try:
        found = explode(*lines, n_items=6, root=0)
    except CycleError as error:
        ring = error.items
        assert set(zip(ring, (*ring[1:], ring[0]), strict=True)) <= set(pairs)
    else:
        below = [pair for pair in pairs if found.reached[pair[0]]]
        assert not naive.knots(*zip(*below, strict=True), 6) if below else True
