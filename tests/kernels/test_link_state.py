"""The state of a link: the first rule that fits, for numbers and for arrays of them."""

import itertools
import math

import numpy as np
import pytest

from liantu.kernels.link_state import SCORES, STATES, link_state


def state(local, anywhere, domestic, imports=math.nan, quotient=math.nan, share=math.nan):
    found = link_state(
        np.array([local]),
        np.array([anywhere]),
        np.array([domestic]),
        np.array([imports]),
        quotient=np.array([quotient]),
        capacity_share=np.array([share]),
        weak_below=3,
    )
    return STATES[found[0]]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((0, 0, 0), "unknown"),
        ((0, 0, 0, 0.0), "unknown"),  # imports of nothing are no trade
        ((0, 0, 0, 7.0), "foreign_only"),
        ((0, 2, 0, 7.0), "foreign_only"),
        ((0, 2, 0), "missing"),
        ((0, 2, 2, 7.0), "missing"),
        ((1, 1, 1), "weak"),
        ((2, 9, 9, 7.0), "weak"),
        ((3, 3, 3), "present"),
        ((4, 9, 9), "present"),
        ((5, 9, 9), "strong"),
        ((5, 9, 9, math.nan, 1.25), "strong"),
        ((5, 9, 9, math.nan, 1.24), "present"),
        ((9, 9, 9, math.nan, 0.49), "weak"),
        ((9, 9, 9, math.nan, math.nan, 0.49), "weak"),
        ((9, 9, 9, math.nan, math.nan, 0.5), "strong"),
    ],
)
def test_the_first_rule_that_fits_gives_the_state(numbers, expected):
    assert state(*numbers) == expected


def test_unknown_has_no_score_and_the_others_are_in_order():
    assert dict(zip(STATES[:-1], SCORES[:-1].tolist(), strict=True)) == {
        "strong": 1.0,
        "present": 1.0,
        "weak": 0.5,
        "missing": 0.0,
        "foreign_only": 0.0,
    }
    assert math.isnan(SCORES[STATES.index("unknown")])


def test_many_places_and_products_are_judged_as_each_alone():
    counts, figures = (0, 1, 3, 5), (math.nan, 0.4, 1.0, 2.0)
    cases = [
        (local, local + more, domestic, imports, quotient, share)
        for local, more, imports, quotient, share in itertools.product(
            counts, (0, 2), (math.nan, 0.0, 7.0), figures, (math.nan, 0.4, 0.6)
        )
        for domestic in {local, local + more}
    ]
    local, anywhere, domestic, imports, quotient, share = (
        np.array(column).reshape(2, -1) for column in zip(*cases, strict=True)
    )
    found = link_state(
        local, anywhere, domestic, imports,
        quotient=quotient, capacity_share=share, weak_below=3,
    )  # fmt: skip
    assert found.shape == local.shape
    assert [STATES[number] for number in found.ravel()] == [state(*case) for case in cases]


def test_what_is_known_of_a_product_is_shared_by_all_places():
    found = link_state(
        np.array([[0, 3], [5, 0]]),
        np.array([5, 3]),
        np.array([5, 3]),
        np.array([math.nan, math.nan]),
        quotient=np.full((2, 2), math.nan),
        capacity_share=np.full((2, 2), math.nan),
        weak_below=3,
    )
    assert [[STATES[number] for number in row] for row in found] == [
        ["missing", "present"],
        ["strong", "missing"],
    ]
