"""Who passed a loss on leads back to a first stop, also in networks full of rings."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.methods.shocks import Shock, losses
from liantu.methods.shocks.rings import led_back
from liantu.methods.supply_network import SupplyNetwork

NOBODY = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def links(*each):
    taker, giver, part = zip(*each, strict=True)
    return np.array(taker), np.array(giver), np.array(part)


def test_a_ring_is_entered_by_its_largest_giver_from_outside():
    # 0 stops; 1 and 2 have the most from each other, 1 has 0.2 and 2 has 0.3 from the stop
    passer, by_orders = np.array([-1, 2, 1, 2]), np.array([False, True, True, True])
    given = links((1, 0, 0.2), (2, 1, 0.5), (3, 2, 0.4)), links((1, 2, 0.5), (2, 0, 0.3))
    found, upward = led_back(passer, by_orders, np.array([1.0, 0, 0, 0]), given)
    assert found.tolist() == [-1, 2, 0, 2]
    assert upward.tolist() == [False, True, True, True]


def test_a_ring_that_nobody_else_gives_to_was_struck_itself():
    given = links((0, 1, 0.5), (1, 0, 0.5)), NOBODY
    found, _ = led_back(np.array([1, 0]), np.zeros(2, bool), np.array([0.0, 0.1]), given)
    assert found.tolist() == [1, -1]


@st.composite
def strongly_cyclic(draw):
    """Firms in a ring with chords, of which some stop in part or whole."""
    n = draw(st.integers(3, 9))
    firm = st.integers(0, n - 1)
    chords = draw(st.lists(st.tuples(firm, firm), max_size=3 * n))
    pairs = sorted({(k, (k + 1) % n) for k in range(n)} | {(a, b) for a, b in chords if a != b})
    value = draw(st.lists(st.integers(1, 9), min_size=len(pairs), max_size=len(pairs)))
    sector = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    table = draw(st.lists(st.integers(1, 2), min_size=9, max_size=9))
    shock = draw(st.lists(st.sampled_from([0.0, 0.0, 0.25, 1.0]), min_size=n, max_size=n))
    return n, pairs, value, sector, table, shock


@settings(deadline=None, max_examples=60)
@given(strongly_cyclic())
def test_every_loss_leads_back_to_a_firm_that_stopped(case):
    n, pairs, value, sector, table, shock = case
    order = sorted(range(len(pairs)), key=lambda k: pairs[k][::-1])
    supplier, buyer = np.array([pairs[k] for k in order]).T
    names = [f"f{k}" for k in range(n)]
    network = SupplyNetwork(
        firms=pa.table({"org_id": names, "synthetic": [False] * n}),
        supplier=supplier,
        buyer=buyer,
        value=np.array([value[k] for k in order], float),
        currency="CNY",
        sector=np.array(sector),
        sectors=(("s", "0"), ("s", "1"), ("s", "2"), ("", "")),
        market=np.arange(n),
        importance=np.pad(np.array(table, np.uint8).reshape(3, 3), (0, 1)),
        listed=np.ones((4, 4), bool),
        revenue=np.full(n, np.nan),
        link_synthetic=np.zeros(len(pairs), bool),
        left_out=(),
    )
    sold = pa.table(
        {
            "supplier_id": [names[k] for k in supplier],
            "buyer_id": [names[k] for k in buyer],
            "product_id": ["p"] * len(pairs),
            "value": network.value,
        }
    )
    made = Shock(network, n, np.array(shock), np.zeros(n), pa.table({}), ())
    found = losses(made, sold, "converged")
    for firm in np.flatnonzero(found.loss > 0):
        first = found.path(int(firm))[0]
        assert found.passer[first] == -1
        assert found.shock[first] > 0
    assert all(
        (found.passer[k] >= 0) == (cause not in {"none", "shock"})
        for k, cause in enumerate(found.cause.to_pylist())
    )
