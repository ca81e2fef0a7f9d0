"""The indices of dependence: by hand, at their thresholds, and against the slow twin."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.kernels.dependence import INSIDE, OUTSIDE, OWN, TOTAL, Reports, criteria, indices
from tests import naive_places

PARTNERS = ("de", "jp", "us", "fr", "cn", "world")
ROLES = (OUTSIDE, OUTSIDE, OUTSIDE, INSIDE, OWN, TOTAL)


def reports(*rows, roles=ROLES, units=None, n_goods=1, n_years=1):
    """Rows of flow, partner and value, and then perhaps a quantity, its unit, good and year."""
    filled = [(*row, *(None, 0, 0, 0)[len(row) - 3 :]) for row in rows]
    flow, partner, value, quantity, measure, good, year = zip(*filled, strict=True)
    numbers = [np.array([math.nan if v is None else v for v in c]) for c in (value, quantity)]
    return Reports(
        year=np.array(year),
        good=np.array(good),
        source=np.array([PARTNERS.index(name) for name in partner]),
        is_import=np.array([name == "import" for name in flow]),
        value=numbers[0],
        quantity=numbers[1],
        measure=np.array(measure),
        role=np.array(roles),
        unit=np.arange(len(roles)) if units is None else np.array(units),
        shape=(n_years, n_goods),
    )


def found(*rows, **more):
    """The three indices of a single product, how many count, and the most that could."""
    value = indices(reports(*rows, **more))
    met, most = criteria(value)
    return [float(x[0]) for x in (value.cdi1, value.cdi2, value.cdi3, met, most)]


def test_the_three_indices_by_hand():
    # Outside 80 + 20, inside 25, exports 40 + 10: .64 + .04, 100 / 125, 100 / 50.
    rows = [("import", "de", 80), ("import", "jp", 20), ("import", "fr", 25)]
    sold = [("export", "us", 40), ("export", "fr", 10)]
    assert found(*rows, *sold) == pytest.approx([0.68, 0.8, 2.0, 3, 3])
    value = indices(reports(*rows, *sold))
    assert (value.imports[0], value.imports_inside[0], value.exports[0]) == (100, 25, 50)
    assert (value.top[0], value.top_share[0], value.suppliers[0]) == (0, 0.8, 2)


@pytest.mark.parametrize(
    ("rows", "met"),
    [
        ([("import", "de", 50), ("import", "jp", 50), ("export", "us", 100)], 2),  # CDI3 is 1
        ([("import", "de", 50), ("import", "jp", 50), ("export", "us", 99)], 3),
        ([("import", "de", 50), ("import", "fr", 50), ("export", "us", 1)], 2),  # CDI2 is 1/2
        ([("import", "de", 51), ("import", "fr", 50), ("export", "us", 1)], 3),
    ],
)
def test_equal_to_a_threshold_is_not_above_it(rows, met):
    assert found(*rows)[3] == met


def test_a_concentration_of_exactly_two_fifths_is_not_above_it():
    # Shares x, y, y with x + 2y = 1 and x2 + 2 y2 = 2/5: x = (1 + 2 sqrt(.1)) / 3 or so.
    x = (1 + 2 * math.sqrt(0.1)) / 3
    y = (1 - x) / 2
    rows = [("import", "de", x), ("import", "jp", y), ("import", "us", y)]
    sold = ("export", "us", 0.1)
    assert found(*rows, sold)[0] == pytest.approx(0.4, rel=1e-14)
    assert found(*rows, sold)[3] == 2


def test_exports_of_nothing_are_infinite_and_exports_not_on_record_unknown():
    rows = [("import", "de", 50)]
    assert found(*rows, ("export", "us", 0))[2:4] == [math.inf, 3]
    cdi3, met, most = found(*rows)[2:]
    assert math.isnan(cdi3)
    assert math.isnan(met)
    assert most == 3


def test_an_unknown_amount_makes_the_product_unknown():
    first, second, third, met, _ = found(
        ("import", "de", 50), ("import", "jp", None), ("export", "us", 1)
    )
    assert all(map(math.isnan, (first, second, third, met)))


def test_what_nothing_comes_of_from_outside_is_not_dependent():
    first, second, third, met, most = found(("import", "fr", 50), ("import", "de", 0))
    assert math.isnan(first)
    assert (second, met, most) == (0, 0, 0)
    assert math.isnan(third)


def test_the_reporter_itself_is_no_source_and_a_total_no_import():
    rows = [("import", "de", 60), ("import", "jp", 40)]
    more = [("import", "cn", 900), ("import", "world", 1000), ("export", "us", 10)]
    assert found(*rows, *more) == pytest.approx(found(*rows, more[-1]))


def test_a_total_of_exports_serves_where_no_partner_is_named():
    rows = [("import", "de", 60), ("export", "world", 30)]
    assert found(*rows)[2] == 2
    assert found(*rows, ("export", "us", 20))[2] == 3


def test_regions_of_a_country_are_one_source():
    rows = [("import", "de", 30), ("import", "jp", 30), ("import", "us", 40)]
    value = indices(reports(*rows, units=(0, 0, 1, 2, 3, 4)))
    assert value.cdi1[0] == pytest.approx(0.6**2 + 0.4**2)
    assert (value.top[0], value.suppliers[0]) == (0, 2)


def test_quantities_in_several_units_are_unknown_for_that_product_and_year_alone():
    rows = [
        ("import", "de", 1, 30, 0, 0, 0),
        ("import", "jp", 1, 10, 1, 0, 0),
        ("import", "de", 1, 30, 0, 1, 0),
        ("import", "jp", 1, 10, 0, 1, 0),
        ("import", "de", 1, 5, 1, 0, 1),
    ]
    value = indices(reports(*rows, n_goods=2, n_years=2), by_quantity=True)
    assert np.isnan(value.cdi1[[0, 3]]).all()
    assert value.cdi1[1] == pytest.approx(0.75**2 + 0.25**2)
    assert value.cdi1[2] == 1


amounts = st.one_of(st.none(), st.integers(0, 5), st.floats(1e-3, 1e12))
trades = st.dictionaries(
    st.tuples(st.sampled_from(["import", "export"]), st.sampled_from(PARTNERS[:4])), amounts
)


@settings(max_examples=200, deadline=None)
@given(trades)
def test_it_agrees_with_the_slow_twin(trade):
    rows = [(flow, partner, value) for (flow, partner), value in trade.items()]
    if not any(flow == "import" for flow, *_ in rows):
        return
    *expected, dependent = naive_places.dependence(rows, inside={"fr"})
    *numbers, met, most = found(*rows)
    wanted = [math.nan if number is None else number for number in expected]
    assert numbers == pytest.approx(wanted, rel=1e-9, nan_ok=True)
    near = [abs(x - t) < 1e-9 for x, t in zip(numbers, (0.4, 0.5, 1), strict=True)]
    if not any(near):
        assert (None if math.isnan(met) else met == 3) == dependent
    assert math.isnan(met) or met <= most
