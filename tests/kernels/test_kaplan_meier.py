"""The Kaplan-Meier estimate: a textbook example by hand, then against a slow twin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.kernels.kaplan_meier import survival
from tests import naive_service as naive

# Freireich and others (1963): weeks to relapse under 6-MP; an open patient has a minus sign.
WEEKS = [
    6,
    6,
    6,
    -6,
    7,
    -9,
    10,
    -10,
    -11,
    13,
    16,
    -17,
    -19,
    -20,
    22,
    23,
    -25,
    -32,
    -32,
    -34,
    -35,
]


def estimate(cases, **asked):
    time, ended = np.array([abs(week) for week in cases], float), np.array(cases) > 0
    return survival(time, ended, **asked)


def test_the_6_mp_patients_have_the_published_curve():
    found = estimate(WEEKS)
    curve = dict(zip(found.time.tolist(), found.lasting.round(4).tolist(), strict=True))
    # 18/21, then times 16/17, 14/15, 11/12, 10/11, 6/7 and 5/6.
    published = {
        6: 0.8571,
        7: 0.8067,
        10: 0.7529,
        13: 0.6902,
        16: 0.6275,
        22: 0.5378,
        23: 0.4482,
    }
    assert {week: curve[week] for week in published} == published
    assert found.quantile(0.5).tolist() == [23]


def test_a_quantile_that_too_many_open_cases_hide_is_none():
    found = estimate(WEEKS)
    assert np.isnan(found.quantile(0.9)).all()
    assert np.isnan(survival(np.array([]), np.array([], bool)).quantile(0.5)).all()


def test_without_open_cases_it_is_the_plain_quantile():
    found = estimate([1, 2, 3, 4])
    assert found.quantile(0.5).tolist() == [2]
    assert found.quantile(0.9).tolist() == [4]
    assert found.lasting.tolist() == pytest.approx([0.75, 0.5, 0.25, 0])


def test_leaving_out_what_is_open_would_look_quicker():
    assert estimate([1, 2, -5, -5, 6]).quantile(0.5)[0] == 6
    assert estimate([1, 2, 6]).quantile(0.5)[0] == 2


CASES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 12), st.booleans()), min_size=1, max_size=60
)


@given(CASES)
def test_every_group_has_the_curve_of_the_slow_twin(cases):
    group, time, ended = (np.array(part) for part in zip(*cases, strict=True))
    found = survival(time.astype(float), ended, group=group, n_groups=4)
    for k in range(4):
        own = naive.survival([(t, e) for g, t, e in cases if g == k])
        mine = found.group == k
        assert found.time[mine].tolist() == list(own)
        assert found.lasting[mine] == pytest.approx(list(own.values()), abs=1e-9)
