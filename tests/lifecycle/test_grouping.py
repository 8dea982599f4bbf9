"""Whether a category has a rhythm of its own is judged on customers who did not teach it."""

from __future__ import annotations

from datetime import date, timedelta
from math import log
from random import Random
from types import SimpleNamespace

import numpy as np
import pytest
from pyspark.sql import functions as F

from lifetide.distributions import hash_group
from lifetide.lifecycle.grouping import Fit, OwnRhythm, likelihoods
from lifetide.lifecycle.groups import with_rhythm
from lifetide.lifecycle.jackknife import GROUPS
from lifetide.lifecycle.rhythm import rhythm_of
from lifetide.pipelines.learning import best_shrinkage, groups_of
from lifetide.policy import LifecyclePolicy

FIRST = date(2025, 1, 1)


def shop(spark, days_by_category: dict[str, int], customers: int = 150):
    """Customers of each category who come back after so many days, give or take a half."""
    chance, bought, state = Random(5), [], []
    for category, days in days_by_category.items():
        for number in range(customers):
            gaps = [max(1, round(days * chance.uniform(0.5, 1.5))) for _ in range(chance.randint(0, 4))]
            name, day = f"{category}-{number}", 0
            for place, gap in enumerate([None, *gaps]):
                day += gap or 0
                bought.append((name, FIRST + timedelta(days=day), gap, place, day))
            state.append((name, category, len(gaps), sum(gaps)))
    purchases = spark.createDataFrame(
        bought, "customer_id string, order_date date, gap_days int, gap_count int, recency_days int"
    )
    people = spark.createDataFrame(
        state, "customer_id string, main_category string, gap_count int, gap_sum_days bigint"
    )
    return SimpleNamespace(purchases=purchases.localCheckpoint(), state=people.localCheckpoint())


def everyone(days: float):
    return np.full(GROUPS + 1, days)


def test_weekly_food_and_half_yearly_shoes_have_rhythms_of_their_own(spark):
    base = shop(spark, {"food": 7, "shoes": 180})
    found = groups_of(base, LifecyclePolicy(), everyone(40.0))
    assert sorted(found) == ["food", "shoes"]
    assert found["food"].intervals[0] == pytest.approx(7, abs=1)
    assert found["shoes"].intervals[0] == pytest.approx(180, abs=10)
    assert 100 < found["shoes"].customers < 150


def test_categories_that_differ_by_chance_alone_go_with_everyone(spark):
    """Forty small differences between 20 categories of one rhythm are learned by heart and fail on others."""
    base = shop(spark, {f"c{number:02}": 30 for number in range(20)}, customers=60)
    assert groups_of(base, LifecyclePolicy(), everyone(30.0)) == {}


def test_policy_pins_either_way(spark):
    base = shop(spark, {"food": 7, "shoes": 180})
    assert groups_of(base, LifecyclePolicy(grouping="everyone"), everyone(40.0)) == {}
    same = shop(spark, {"a": 30, "b": 30})
    assert sorted(groups_of(same, LifecyclePolicy(grouping="main_category"), everyone(30.0))) == ["a", "b"]


def test_a_category_with_fewer_than_a_hundred_gaps_goes_with_everyone(spark):
    base = shop(spark, {"food": 7, "shoes": 180}, customers=40)
    assert groups_of(base, LifecyclePolicy(grouping="main_category"), everyone(40.0)) == {}


def test_the_likelihood_is_that_of_gaps_with_intervals_learned_without_their_customer(spark):
    base = shop(spark, {"food": 7, "shoes": 180}, customers=30)
    chance = np.random.default_rng(3)
    own = {"food": OwnRhythm(chance.uniform(5, 9, GROUPS + 1), 30)}
    all_ = chance.uniform(50, 90, GROUPS + 1)
    bought = base.purchases.join(base.state.select("customer_id", "main_category"), "customer_id")
    [row] = likelihoods(bought, own, all_, [1.0, 3.0]).collect()
    gaps = bought.where(F.col("gap_days").isNotNull()).withColumn("hash_group", hash_group()).collect()
    assert row["gap_count"] == len(gaps)
    for place, shrinkage in enumerate([1.0, 3.0]):
        expected = {"everyone": 0.0, "grouped": 0.0}
        for gap in gaps:
            left_out = gap["hash_group"] + 1
            interval = {"everyone": all_[left_out], "grouped": all_[left_out]}
            if gap["main_category"] == "food":
                interval["grouped"] = own["food"].intervals[left_out]
            for kind, days in interval.items():
                before = gap["recency_days"] - gap["gap_days"]
                mean = (shrinkage * days + before) / (shrinkage + gap["gap_count"] - 1)
                expected[kind] += -log(mean) - gap["gap_days"] / mean
        assert row["everyone"][place] == pytest.approx(expected["everyone"], rel=1e-10)
        assert row["grouped"][place] == pytest.approx(expected["grouped"], rel=1e-10)


def test_the_best_shrinkage_is_that_of_the_highest_likelihood_and_none_without_a_gap(spark):
    fit = Fit({1.0: -5.0, 3.0: -2.0, 10.0: -4.0}, {1.0: -1.0, 3.0: -2.0, 10.0: -4.0}, 7)
    assert (fit.best_shrinkage(is_grouped=False), fit.best_shrinkage(is_grouped=True)) == (3.0, 1.0)
    assert (fit.gain(1.0), fit.gain(3.0)) == (4.0, 0.0)
    once = shop(spark, {"food": 7}, customers=1)
    lonely = SimpleNamespace(purchases=once.purchases.where("gap_count = 0"), state=once.state.withColumns(
        {"gap_count": F.lit(0), "gap_sum_days": F.lit(0)}))  # fmt: skip
    assert best_shrinkage(lonely, LifecyclePolicy()) is None


def test_a_customer_is_compared_with_the_own_category(spark):
    values = {
        "population_interval_days": 40.0, "cut75": 1.5, "cut95": 3.0, "just_ordered_days": 20.0,
        "group_interval_days: shoes": 180.0,
    }  # fmt: skip
    typed = spark.createDataFrame(
        [("ann", "shoes"), ("ben", "books"), ("cem", None)], "customer_id string, main_category string"
    ).withColumns(
        {
            "last_order_date": F.lit(date(2025, 12, 1)), "gap_count": F.lit(0), "gap_sum_days": F.lit(0),
            "gap_square_sum": F.lit(0), "last_gaps": F.array().cast("array<int>"), "is_rate_drop": F.lit(False),
        }
    )  # fmt: skip
    found = with_rhythm(typed, rhythm_of(values), LifecyclePolicy(), date(2025, 12, 31)).collect()
    told = {
        row["customer_id"]: (row["group_key"], row["group_interval_days"], row["slip_after_days"]) for row in found
    }
    assert told == {"ann": ("shoes", 180.0, 270), "ben": ("everyone", 40.0, 60), "cem": ("everyone", 40.0, 60)}
