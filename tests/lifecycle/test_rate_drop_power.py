"""How often a drop of the rate to a third is found at the second gap, and how often an even rate is blamed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import functions as F

from lifetide.lifecycle.rate_drop import is_rate_drop
from lifetide.policy import LifecyclePolicy

BUYERS, GAPS_BEFORE, MEAN_DAYS = 20_000, 30, 10_000
"""Gaps of 10,000 days on average, so that whole days round nothing away."""


def found_share(spark, shape: int, times_longer: float) -> float:
    """Of Erlang-`shape` buyers with 30 gaps and two more, that many times longer: the share called a drop."""
    chance = np.random.default_rng(2026 + shape)
    gaps = np.ceil(chance.gamma(shape, MEAN_DAYS / shape, (BUYERS, GAPS_BEFORE + 2)))
    gaps[:, -2:] = np.ceil(gaps[:, -2:] * times_longer)
    typed = pd.DataFrame({"n": GAPS_BEFORE + 2, "total": gaps.sum(axis=1), "last_two": gaps[:, -2:].sum(axis=1)})
    frame = spark.createDataFrame(typed.astype("int64"))
    policy = LifecyclePolicy(rate_drop_shape=shape)
    judged = frame.agg(F.count_if(is_rate_drop(F.col("n"), F.col("total"), F.col("last_two"), policy)).alias("drops"))
    return judged.collect()[0]["drops"] / BUYERS


@pytest.mark.parametrize(("shape", "least"), [(1, 0.48), (2, 0.68), (4, 0.88)])
def test_a_drop_to_a_third_is_found_at_the_second_gap(spark, shape, least):
    found = found_share(spark, shape, 3.0)
    print(f"k = {shape}: {found:.1%} found")
    assert found >= least


def test_an_even_rate_is_blamed_one_time_in_twenty(spark):
    blamed = found_share(spark, 1, 1.0)
    print(f"k = 1: {blamed:.1%} false alarms")
    assert blamed <= 0.055
