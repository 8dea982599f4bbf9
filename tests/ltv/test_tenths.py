"""What a model foretold of each tenth of the customers, and how far it was off beyond chance."""

from __future__ import annotations

import numpy as np
import pytest

from lifetide.ltv.tenths import squared_misses, tenths


def test_those_who_share_an_expectation_are_shared_out_evenly():
    # Twenty customers, all alike: each tenth has two of them, and a tenth of what came.
    found = tenths(np.array([1.5]), np.array([2.0]), np.array([3.0]), np.array([20.0]))
    assert [(one.customers, one.expected, one.variance, one.actual) for one in found] == [
        pytest.approx((2.0, 3.0, 4.0, 6.0))
    ] * 10


def test_the_least_expected_come_first():
    expected = np.array([3.0, 1.0, 2.0])
    found = tenths(expected, np.zeros(3), expected, np.array([10.0, 50.0, 40.0]))
    assert [one.expected for one in found] == pytest.approx([10.0] * 5 + [20.0] * 4 + [30.0])


def test_a_model_that_is_a_fifth_too_low_is_found_to_be_so():
    # A thousand customers with one expected order each, 1.2 came: 800 once, 200 twice.
    expected, counts = np.ones(2), np.array([1.0, 2.0])
    misses = squared_misses(expected, counts, np.array([8_000.0, 2_000.0]))
    # Of each tenth: (1200 − 1000)², less the 200 squared distances of 1 that chance may be.
    assert misses == pytest.approx([(200.0**2 - 200) / 1_000**2] * 10)


def test_chance_alone_is_no_miss():
    draws = np.random.default_rng(7)
    expected = draws.gamma(2.0, 1.0, 20_000)
    misses = squared_misses(expected, draws.poisson(expected).astype(float), np.ones(20_000))
    assert abs(np.mean(misses)) < 0.001


def test_tenths_that_expect_few_orders_say_nothing():
    assert squared_misses(np.array([0.5]), np.array([0.0]), np.array([100.0])) == []
