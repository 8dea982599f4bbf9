"""The choice among models, the trained scorer and the mean; none of them may look past the cut-off."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from lifetide.learners import learned, scorer_from
from lifetide.ltv.choosing import CLEARLY, Lesson, choose, fit_candidates, mean_deviance
from lifetide.ltv.cutoffs import Cut, every_cut, lessons_until, origins_until
from lifetide.ltv.features import features
from lifetide.ltv.histories import distinct
from lifetide.ltv.tenths import squared_misses
from ltv.logs import CDNOW_CUTOFF, cdnow, cdnow_days, cut

WEEKS = 39.0


def lesson_of(days: pd.DataFrame, one: Cut) -> Lesson:
    """Days of cuts count from 1997-01-01."""
    at = CDNOW_CUTOFF + timedelta(days=one.day - 272)
    until = pd.Timestamp(at) + pd.Timedelta(days=one.days)
    known, later = cut(days[days["date"] <= until], at)
    return Lesson(known, later, one.days)


@pytest.fixture(scope="module")
def lessons() -> list[Lesson]:
    return [lesson_of(cdnow_days(), one) for one in lessons_until(0, 272, 273)]


@pytest.fixture(scope="module")
def candidates(lessons):
    return fit_candidates(cdnow(), lessons, learned)


def test_no_cut_looks_past_the_last_day():
    assert lessons_until(0, 272, 273)[0] == Cut(150, 122)
    assert [one.day for one in origins_until(0, 272, 273)] == [150, 122, 95]
    assert max(one.until for one in every_cut(0, 272, 273)) == 272
    for origin in origins_until(0, 272, 273):
        assert max(one.until for one in lessons_until(0, origin.day, 273)) <= origin.day
    assert every_cut(0, 20, 365) == []


def test_the_mean_is_nearer_to_the_holdout_than_bg_nbd(candidates):
    known, later = cut(cdnow_days(), CDNOW_CUTOFF)
    models, ones = candidates.models, np.ones(len(later))
    mean, bg = (models[name].expected_orders(known, WEEKS) for name in ("mean", "bg_nbd"))
    assert mean_deviance(later, mean, ones) <= 0.96 * mean_deviance(later, bg, ones)
    assert np.mean((mean - later) ** 2) <= np.mean((bg - later) ** 2)


def test_orders_after_the_cut_off_change_nothing(lessons, candidates):
    days = cdnow_days()
    is_after = days["date"] > pd.Timestamp(CDNOW_CUTOFF)
    mixed = days.copy()
    dice = np.random.default_rng(7)
    mixed.loc[is_after, "customer_id"] = dice.permutation(days.loc[is_after, "customer_id"].to_numpy())
    mixed = mixed.sort_values(["customer_id", "date"])
    again = fit_candidates(
        distinct(cut(mixed, CDNOW_CUTOFF)[0])[0],
        [lesson_of(mixed, one) for one in lessons_until(0, 272, 273)],
        learned,
    )
    for name, model in candidates.models.items():
        assert np.array_equal(
            again.models[name].expected_orders(cdnow(), WEEKS), model.expected_orders(cdnow(), WEEKS)
        )


def test_the_mean_is_coherent_and_its_variance_that_of_its_counts(candidates):
    of, mean = cdnow(), candidates.mean
    counts, n = mean.count_probabilities(of, WEEKS, 400), np.arange(401)
    expected = mean.expected_orders(of, WEEKS)
    assert counts @ n == pytest.approx(expected, rel=1e-6)
    assert counts @ n**2 - expected**2 == pytest.approx(mean.variance(of, WEEKS), rel=1e-4)
    month, quarter, year = (mean.p_order(of, days / 7) for days in (30, 90, 365))
    assert np.all(month <= quarter + 1e-12)
    assert np.all(quarter <= year + 1e-12)
    assert np.all(year <= mean.expected_orders(of, 365 / 7) + 1e-12)


def test_the_stored_trees_answer_as_scikit_learn_does(lessons):
    from sklearn.ensemble import HistGradientBoostingRegressor

    told, counts = features(lessons[0].known), lessons[0].later
    ones = np.ones(len(counts))
    theirs = HistGradientBoostingRegressor(
        loss="poisson", max_iter=80, learning_rate=0.05, max_leaf_nodes=6, min_samples_leaf=60, l2_regularization=1.0,
        early_stopping=False, random_state=0,
    ).fit(told, counts, sample_weight=ones)  # fmt: skip
    ours = learned(told, counts, ones)
    assert ours.expected(told) == pytest.approx(theirs.predict(told), rel=1e-9)
    assert np.array_equal(scorer_from(ours.told()).expected(told), ours.expected(told))


def test_a_shop_where_nothing_followed_expects_next_to_nothing():
    told = features(cdnow())
    scorer = learned(told, np.zeros(len(told)), np.ones(len(told)))
    assert np.all(scorer_from(scorer.told()).expected(told) < 1e-5)


def test_the_mean_stands_unless_it_is_beaten_clearly(lessons):
    origin = lesson_of(cdnow_days(), origins_until(0, 272, 273)[0])
    earlier = [lesson_of(cdnow_days(), one) for one in lessons_until(0, 150, 273)]
    choice = choose([(origin, earlier)], learned)
    assert choice.name == "mean"
    assert choice.horizon_days == 122
    foretold = choice.newest.expected_orders(origin.known, 122 / 7)
    misses = squared_misses(foretold, origin.later, origin.known.customers)
    assert choice.drift == pytest.approx(np.sqrt(np.mean(misses)))
    assert 0.1 < choice.drift < 1.0  # a young shop: its tenths are far off
    assert min(choice.deviances.values()) >= CLEARLY * choice.deviances["mean"]
    assert (choose([], learned).name, choose([], learned).drift) == ("mean", 0.0)
