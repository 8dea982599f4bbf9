"""Everything at once is what each answer is alone; stored models answer as they did; limits hold what they say."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lifetide.learners import learned, one_thread, scorer_from
from lifetide.ltv.choosing import fit_candidates
from lifetide.ltv.cutoffs import lessons_until
from lifetide.ltv.gamma_gamma import GammaGamma
from lifetide.ltv.histories import Histories
from lifetide.ltv.nbd import Nbd
from lifetide.ltv.order_model import Fit
from lifetide.ltv.outlook import outlook
from lifetide.ltv.scoring import scores, significant
from lifetide.ltv.spread import limits_in_orders
from lifetide.ltv.storing import order_models, told, value_model
from ltv.logs import cdnow, cdnow_days
from ltv.test_choosing import lesson_of

WEEKS = (30 / 7, 90 / 7, 365 / 7)
NO_FIT = Fit({}, float("nan"))


def some() -> Histories:
    """Every tenth history."""
    return cdnow().part(slice(0, None, 10))


@pytest.fixture(scope="module")
def candidates():
    with one_thread():
        lessons = [lesson_of(cdnow_days(), one) for one in lessons_until(0, 272, 273)]
        return fit_candidates(cdnow(), lessons, learned).models


def test_all_at_once_is_what_each_answer_is_alone(candidates):
    of = some()
    for name, model in candidates.items():
        found = outlook(model, of, WEEKS)
        assert found.p_alive == pytest.approx(model.p_alive(of), rel=1e-12), name
        assert found.variance == pytest.approx(model.variance(of, WEEKS[-1]), rel=1e-9, abs=1e-12), name
        for place, weeks in enumerate(WEEKS):
            assert found.p_order[place] == pytest.approx(model.p_order(of, weeks), rel=1e-12), name
            assert found.expected[place] == pytest.approx(model.expected_orders(of, weeks), rel=1e-12), name


def test_a_stored_model_answers_the_same_to_the_last_bit(candidates):
    again = order_models({name: told(model) for name, model in candidates.items()}, scorer_from)
    assert set(again) == set(candidates)
    for name, model in candidates.items():
        before, after = (outlook(one, some(), WEEKS) for one in (model, again[name]))
        for one, other in zip(
            (before.p_alive, before.variance, *before.p_order, *before.expected),
            (after.p_alive, after.variance, *after.p_order, *after.expected),
            strict=True,
        ):
            assert np.array_equal(one, other), name


def test_what_is_stored_can_be_read_by_a_person(candidates):
    of = json.loads(told(candidates["mbg_nbd"]))
    assert (of["r"], of["alpha"], of["a"], of["b"]) == pytest.approx(
        (0.524843, 6.183085, 0.891360, 1.614003), abs=2e-3
    )
    assert set(of["standard_errors"]) == {"r", "alpha", "a", "b"}
    assert json.loads(told(candidates["mean"])) == {"members": ["pareto_nbd", "grid", "grid_k", "trained"]}
    values = GammaGamma(6.25, 3.74, 15.44, Fit({"p": 6.25, "q": 3.74, "gamma": 15.44}, -4055.9, {"p": float("nan")}))
    assert json.loads(told(values)) == {"p": 6.25, "q": 3.74, "gamma": 15.44, "standard_errors": {"p": None}}
    assert value_model(told(values)).expected_value(np.array([2.0]), np.array([30.0])) == values.expected_value(
        np.array([2.0]), np.array([30.0])
    )


def test_scores_are_coherent_and_do_not_depend_on_who_is_scored_beside(candidates):
    of = some()
    columns = {
        "frequency": of.frequency, "recency_days": of.recency * 7, "tenure_days": of.tenure * 7,
        "log_gap_sum": of.log_gaps + of.frequency * np.log(7),
    }  # fmt: skip
    values = GammaGamma(6.25, 3.74, 15.44, NO_FIT)
    found = scores(columns, candidates["mean"], values)
    assert np.all((found["p_alive"] >= 0) & (found["p_alive"] <= 1))
    assert np.all(found["p_order_30d"] <= found["p_order_90d"])
    assert np.all(found["p_order_90d"] <= found["p_order_365d"])
    assert np.all(found["p_order_365d"] <= np.minimum(found["expected_orders_365d"], 1))
    assert np.all(found["lower_orders"] <= found["expected_orders_365d"])
    assert np.all(found["expected_orders_365d"] <= found["upper_orders"])
    alone = scores({name: column[7:8] for name, column in columns.items()}, candidates["mean"], values)
    assert all(np.array_equal(alone[name], found[name][7:8]) for name in found)


def test_a_year_has_no_more_purchase_days_than_days():
    every_day = {"frequency": [9.0], "recency_days": [9.0], "tenure_days": [9.0], "log_gap_sum": [0.0]}
    found = scores(every_day, Nbd(1.0, 0.1, NO_FIT), None)
    assert found["expected_orders_365d"].tolist() == [365.0]
    assert np.isnan(found["upper_orders"]).all()


def test_a_shop_that_changes_widens_the_limits_and_moves_nothing_else():
    often = {"frequency": [50.0], "recency_days": [360.0], "tenure_days": [365.0], "log_gap_sum": [90.0]}
    values, model = GammaGamma(6.25, 3.74, 15.44, NO_FIT), Nbd(1.0, 10.0, NO_FIT)
    calm, changing = scores(often, model, values), scores(often, model, values, 0.2)
    assert changing["expected_orders_365d"] == calm["expected_orders_365d"]
    assert changing["lower_orders"] < calm["lower_orders"]
    assert changing["upper_orders"] > calm["upper_orders"]


def test_ten_digits_are_kept():
    assert significant(np.array([0.12345678901234, 0.0, 1234567890123.4])).tolist() == [
        0.1234567890, 0.0, 1234567890000.0,
    ]  # fmt: skip


def test_ninety_of_a_hundred_simulated_customers_end_between_the_limits():
    dice = np.random.default_rng(11)
    size, days = 40_000, 3.0
    model, values = Nbd(2.0, 10.0, NO_FIT), GammaGamma(4.0, 5.0, 30.0, NO_FIT)
    of = Histories(*(np.full(1, one) for one in (2.0, 20.0, 26.0, 0.0, 1.0)))
    found = outlook(model, of, WEEKS)
    lower, upper = limits_in_orders(found.p_order[-1], found.expected[-1], found.variance, np.array([days]), values)
    mean = 20.0
    each = values.expected_value(np.array([days]), np.array([mean]))
    rates = dice.gamma(2.0 + 2.0, 1 / (10.0 + 26.0), size)
    counts = dice.poisson(rates * WEEKS[-1])
    own = dice.gamma(4.0 * days + 5.0, 1 / (30.0 + days * mean), size)
    spent = np.where(counts > 0, dice.gamma(np.maximum(counts * 4.0, 1e-9), 1 / own), 0.0)
    assert spent.mean() == pytest.approx(found.expected[-1][0] * each[0], rel=0.02)
    assert np.mean(spent < lower * each) == pytest.approx(0.05, abs=0.015)
    assert np.mean(spent > upper * each) == pytest.approx(0.05, abs=0.015)


def test_who_hardly_orders_again_is_expected_between_nothing_and_the_expectation():
    values = GammaGamma(4.0, 5.0, 30.0, NO_FIT)
    lower, upper = limits_in_orders(*(np.array([one]) for one in (0.02, 0.03, 0.05, 1.0)), values)
    assert (lower[0], upper[0]) == (0.0, 0.03)
