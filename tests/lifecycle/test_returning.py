"""X, Y and Z from curves that a person can work out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from lifetide.lifecycle.jackknife import GROUPS, interval, quantiles, replicates
from lifetide.lifecycle.returning import (
    at_risk,
    horizon_days,
    loyal_orders,
    return_probability,
    silence_limits,
    survival,
)
from lifetide.vocabulary import LearnedMethod


def days(size: int, **counts: int) -> np.ndarray:
    """An array of counts by day: days(10, d3=2) is 2 at day 3."""
    found = np.zeros((1, size))
    for day, count in counts.items():
        found[0, int(day[1:])] = count
    return found


def test_the_curve_is_that_of_a_table_worked_out_by_hand() -> None:
    # Freireich's 6-MP arm, weeks of remission, as every textbook works it out: 21 patients, 9 relapses.
    relapses = days(36, d6=3, d7=1, d10=1, d13=1, d16=1, d22=1, d23=1)
    censored = days(36, d6=1, d9=1, d10=1, d11=1, d17=1, d19=1, d20=1, d25=1, d32=2, d34=1, d35=1)
    curve = survival(relapses, censored)[0]
    by_hand = {
        6: 18 / 21, 7: 18 / 21 * 16 / 17, 10: 18 / 21 * 16 / 17 * 14 / 15, 13: 18 / 21 * 16 / 17 * 14 / 15 * 11 / 12,
        16: 18 / 21 * 16 / 17 * 14 / 15 * 11 / 12 * 10 / 11, 22: 18 / 21 * 16 / 17 * 14 / 15 * 10 / 12 * 6 / 7,
        23: 18 / 21 * 16 / 17 * 14 / 15 * 10 / 12 * 6 / 7 * 5 / 6,
    }  # fmt: skip
    for week, share in by_hand.items():
        assert curve[week] == pytest.approx(share, abs=1e-12)
    assert curve[23] == pytest.approx(0.448, abs=5e-4)  # the published figure
    assert [at_risk(relapses, censored)[0, week] for week in (6, 7, 10, 13, 16, 22, 23)] == [21, 17, 15, 12, 11, 7, 6]


def test_the_horizon_is_forty_percent_of_the_log_and_at_most_a_year() -> None:
    assert horizon_days(374) == 149  # Online Retail: 2010-12-01 to 2011-12-09, both counted
    assert horizon_days(2_000) == 365
    assert horizon_days(1) == 0


def test_at_risk_is_the_first_silence_after_which_fewer_than_half_return() -> None:
    # 100 come back on day 10, 100 on day 30, 200 stay away for 60 days and are still silent.
    completed, silent = days(61, d10=100, d30=100), days(61, d60=200)
    chance = return_probability(completed, silent, 25)[0]
    assert chance[0] == pytest.approx(100 / 400)
    assert chance[5] == pytest.approx(200 / 400)
    assert chance[10] == pytest.approx(100 / 300)
    assert chance[30] == 0
    x, y = silence_limits(completed, silent, np.array([5.0]), 25)
    assert (x.value, x.method) == (10, LearnedMethod.SURVIVAL)
    assert (y.value, y.method) == (30, LearnedMethod.SURVIVAL)


def test_limits_begin_at_the_populations_interval_and_y_lies_behind_x() -> None:
    completed, silent = days(61, d10=100, d30=100), days(61, d60=200)
    x, y = silence_limits(completed, silent, np.array([29.2]), 25)
    assert x.value == 30
    assert y.value == 31


def test_with_fewer_than_fifty_at_risk_the_limits_are_multiples_of_the_upper_quartile() -> None:
    completed, silent = days(61, d10=30, d30=10), days(61, d60=9)
    x, y = silence_limits(completed, silent, np.array([10.0]), 25)
    assert (x.value, x.method) == (30, LearnedMethod.FALLBACK)  # 75% of 40 gaps: place 29.25, between 10 and 30 → 15
    assert (y.value, y.method) == (60, LearnedMethod.FALLBACK)


def test_without_a_gap_there_is_no_limit() -> None:
    x, y = silence_limits(np.zeros((1, 61)), days(61, d60=200), np.array([60.0]), 25)
    assert np.isnan(x.value)
    assert np.isnan(y.value)


def test_loyal_is_the_number_of_orders_from_which_the_chance_of_another_rises_no_more() -> None:
    completed = np.stack([days(61, d10=50), days(61, d10=80), days(61, d10=90), days(61, d10=30)])
    silent = np.stack([days(61, d60=50), days(61, d60=20), days(61, d60=10), days(61, d60=9)])
    # 50%, 80% and 90% of 100 order again; the fourth order was placed by too few to count.
    silent[2] += days(61, d60=60)  # 90 of 160
    silent[1] += days(61, d60=60)  # 80 of 160
    silent[0] += days(61, d60=40)  # 50 of 140
    z = loyal_orders(completed, silent, 25)
    assert z is not None
    assert z.value == 3  # 90/160 = .5625; 80/160 = .5 < .9 × .5625 = .50625


def test_nobody_at_risk_teaches_no_number_of_orders() -> None:
    nothing = np.zeros((20, 1, 61))
    assert loyal_orders(nothing, nothing, 25) is None
    assert loyal_orders(nothing, nothing, 0) is None


def test_quantiles_of_counts_are_those_of_the_values_written_out() -> None:
    values, counts = np.array([1.0, 2.0, 5.0, 9.0]), np.array([[3.0, 1.0, 0.0, 4.0], [0.0, 0.0, 1.0, 0.0]])
    written_out = np.repeat(values, [3, 1, 0, 4])
    probabilities = (0.0, 0.1, 0.5, 0.75, 1.0)
    found = quantiles(values, counts, probabilities)
    assert found[0] == pytest.approx(np.quantile(written_out, probabilities))
    assert found[1] == pytest.approx([5] * 5)
    assert np.isnan(quantiles(values, np.zeros((1, 4)), [0.5])).all()


def test_the_jackknife_of_a_mean_is_its_textbook_standard_error() -> None:
    chance = np.random.default_rng(1)
    sums = chance.normal(10, 2, GROUPS)
    estimates = replicates(sums)[:] / np.r_[GROUPS, np.full(GROUPS, GROUPS - 1)]
    low, high = interval(estimates) or (0.0, 0.0)
    error = sums.std(ddof=1) / np.sqrt(GROUPS)
    assert (low + high) / 2 == pytest.approx(sums.mean())
    assert high - low == pytest.approx(2 * 1.6766 * error, rel=1e-4)  # Student's t, 49 degrees, 95%


def test_a_replicate_without_a_value_leaves_no_interval() -> None:
    estimates = np.full(GROUPS + 1, 3.0)
    assert interval(estimates) == (3.0, 3.0)
    estimates[7] = np.nan
    assert interval(estimates) is None
