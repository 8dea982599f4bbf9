"""Fits of the literature on the CDNOW sample: 2,357 customers, 39 weeks."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lifetide.ltv.bg_nbd import fit_bg_nbd
from lifetide.ltv.gamma_gamma import Values, fit_gamma_gamma
from lifetide.ltv.histories import histories
from lifetide.ltv.mbg_cnbd import fit_mbg_cnbd
from lifetide.ltv.mbg_nbd import fit_mbg_nbd
from lifetide.ltv.pareto_nbd import fit_pareto_nbd
from ltv.logs import CDNOW_CUTOFF, DATA, cdnow, cdnow_days, cut

PUBLISHED = json.loads((DATA / "cdnow_published.json").read_text(encoding="utf-8"))
FITS = {"bgnbd": fit_bg_nbd, "mbgnbd": fit_mbg_nbd, "pnbd": fit_pareto_nbd}


def test_the_sample_is_the_one_of_the_literature():
    found = cdnow()
    assert (len(found), found.size, found.repeaters) == (1_021, 2_357, 946)
    assert found.customers @ found.frequency == 2_457


@pytest.mark.parametrize(
    ("fit", "parameters", "within", "log_likelihood"),
    [
        (fit_bg_nbd, {"r": 0.242595, "alpha": 4.413602, "a": 0.792922, "b": 2.425907}, 1e-3, -9582.4292),
        (fit_mbg_nbd, {"r": 0.524843, "alpha": 6.183085, "a": 0.891360, "b": 1.614003}, 1e-3, -9582.1357),
        (fit_pareto_nbd, {"r": 0.553277, "alpha": 10.577683, "s": 0.606240, "beta": 11.668726}, 2e-3, -9594.9762),
    ],
)
def test_parameters_and_log_likelihood(fit, parameters, within, log_likelihood):
    found = fit(cdnow()).fit
    assert found.parameters == pytest.approx(parameters, rel=within)
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=0.001)
    assert found.notes == ()


def test_standard_errors_of_pareto_nbd_are_those_of_clvtools():
    found = fit_pareto_nbd(cdnow()).fit.standard_errors
    assert found == pytest.approx({"r": 0.0476264, "alpha": 0.8427222, "s": 0.1872594, "beta": 6.2105448}, rel=1e-3)


def test_gaps_of_cdnow_are_not_regular():
    found = fit_mbg_cnbd(cdnow())
    assert found.k == 1
    assert found.fit.log_likelihood == pytest.approx(-9582.1357, abs=0.001)


def test_gamma_gamma_on_repeat_purchases():
    days = cdnow_days()
    days = days[days["date"] <= np.datetime64(CDNOW_CUTOFF)]
    later = days[days["customer_id"].duplicated()]
    means = later.groupby("customer_id")["amount"].mean()
    counts = later.groupby("customer_id").size().to_numpy(np.float64)
    assert len(means) == 946
    found = fit_gamma_gamma(Values(counts, means.to_numpy(), np.ones(len(means)))).fit
    assert found.parameters == pytest.approx({"p": 6.2496, "q": 3.7442, "gamma": 15.4435}, rel=1e-3)
    assert found.log_likelihood == pytest.approx(-4055.9177, abs=0.001)


@pytest.mark.parametrize("name", FITS)
def test_conditional_expectations(name):
    of, _ = cut(cdnow_days(), CDNOW_CUTOFF)
    expected = FITS[name](cdnow()).expected_orders(of, 39.0)
    group = np.minimum(of.frequency, 7)
    assert [expected[group == x].mean() for x in range(8)] == pytest.approx(PUBLISHED["conditional"][name], abs=0.002)


@pytest.mark.parametrize("name", FITS)
def test_weekly_tracking(name):
    model, found = FITS[name](cdnow()), cdnow()
    start = np.round(272 - found.tenure * 7)  # 1997-09-30 is the 273rd day
    tracked = []
    for week in range(79):
        weeks = (7 * week - start) / 7
        is_there = weeks > 0
        tracked.append(
            found.customers[is_there] @ model.expected_from_start(weeks[is_there]) if is_there.any() else 0
        )
    assert np.diff(tracked) == pytest.approx(PUBLISHED["weekly"][name], rel=0.001)


def test_a_regular_buyer_of_the_walkthrough():
    """BTYD 2.4.3 walkthrough: x = 26, t_x = 30.86, T = 31; 52 weeks ahead, and 52 weeks of a new customer."""
    one = histories({"frequency": [26], "recency_days": [30.857142857 * 7], "tenure_days": [31 * 7]})
    bg, pareto, year = fit_bg_nbd(cdnow()), fit_pareto_nbd(cdnow()), np.array([52.0])
    assert bg.expected_orders(one, 52.0)[0] == pytest.approx(25.75659, rel=1e-4)
    assert pareto.expected_orders(one, 52.0)[0] == pytest.approx(25.45647, rel=1e-4)
    assert bg.p_alive(one)[0] == pytest.approx(0.9688523, abs=1e-5)
    assert pareto.p_alive(one)[0] == pytest.approx(0.997874, abs=1e-5)
    assert bg.expected_from_start(year)[0] == pytest.approx(1.444004, rel=1e-4)
    assert pareto.expected_from_start(year)[0] == pytest.approx(1.473434, rel=1e-4)


def test_more_orders_in_the_same_stretch_can_mean_less_to_come():
    """The increasing frequency paradox, BTYD 2.4.3 walkthrough: t_x = 20, T = 39, 52 weeks."""
    four = histories({"frequency": [10, 15, 20, 25], "recency_days": [140] * 4, "tenure_days": [273] * 4})
    bg, pareto = (fit(cdnow()).expected_orders(four, 52.0) for fit in (fit_bg_nbd, fit_pareto_nbd))
    assert bg == pytest.approx([0.3474606, 0.04283391, 0.004158973, 0.0003583685], rel=2e-4)
    assert pareto == pytest.approx([0.7062289, 0.1442396, 0.02250658, 0.00309267], rel=1e-3)
