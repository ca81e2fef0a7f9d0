"""Losses are the same to the last bit however a run is cut, and a run can be ended."""

import numpy as np
import pytest
from numba import config

from liantu.kernels import cascade_network
from liantu.kernels.cascade_network import Cascade

pytestmark = pytest.mark.skipif(
    bool(config.DISABLE_JIT), reason="vector intrinsics cannot run uncompiled"
)


def large(n=300, **options):
    rng = np.random.default_rng(5)
    ends = rng.integers(0, n, (2, 5 * n))
    table = rng.integers(0, 3, (12, 12))
    value = rng.pareto(1.2, 5 * n) + 0.01
    return Cascade(*ends, value, rng.integers(0, 12, n), importance=table, **options)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_threads_and_blocks_change_no_bit(precision):
    cascade = large(precision=precision, mode="diem2022")
    firms = np.arange(300)
    one, done = cascade.single_failures(firms, threads=1), []
    two = cascade.single_failures(firms[::-1], threads=3, block=37, report=done.append)
    for name in ("esri", "down", "up", "steps"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name)[::-1])
    assert len(done) == 9
    assert done[-1] == 300
    assert done == sorted(done)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_scenario_has_the_same_bits_alone_and_among_others(precision):
    for substitution in (True, False):
        cascade = large(precision=precision, substitution=substitution, eps=1e-3)
        shocks = np.random.default_rng(3).random((9, 300)).round(1)
        together = cascade.scenarios(shocks, shocks[::-1])
        alone = cascade.scenarios(shocks[4:5], shocks[4:5])
        np.testing.assert_array_equal(together.down[4], alone.down[0])
        np.testing.assert_array_equal(together.up[4], alone.up[0])
        assert together.steps[4] == alone.steps[0]
        firms, weights = np.arange(40), np.random.default_rng(4).random((300, 3))
        many = cascade.single_failures(firms, weights)
        one = cascade.single_failures(firms[7:8], weights)
        np.testing.assert_array_equal(many.esri[7:8], one.esri)
        np.testing.assert_array_equal(many.down[7:8], one.down)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_first_steps_taken_over_few_firms_change_no_bit(precision, monkeypatch):
    found = []
    for part in (0.0, 0.03, 0.5, 100.0):
        monkeypatch.setattr(cascade_network, "FIRST_PART", part)
        for substitution in (True, False):
            cascade = large(precision=precision, substitution=substitution)
            found.append(cascade.single_failures(np.arange(300), share=0.7))
    for number, one in enumerate(found):
        for name in ("esri", "down", "up", "steps"):
            np.testing.assert_array_equal(getattr(one, name), getattr(found[number % 2], name))


def test_a_failure_alone_is_the_scenario_of_its_shock():
    cascade = large(mode="diem2022")
    found = cascade.single_failures([7, 9], share=0.5)
    losses = cascade.scenarios(np.eye(300)[[7, 9]] / 2)
    weight = cascade.sales / cascade.sales.sum()
    np.testing.assert_allclose(found.esri[:, 0], np.maximum(losses.down, losses.up) @ weight)
    np.testing.assert_array_equal(found.steps, losses.steps)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_run_ends_where_its_report_is_interrupted(threads):
    def interrupt(done):
        assert done == 10
        raise KeyboardInterrupt

    cascade = large(mode="diem2022")
    with pytest.raises(KeyboardInterrupt):
        cascade.single_failures(np.arange(300), block=10, threads=threads, report=interrupt)
    assert cascade.single_failures([3]).steps.size == 1
