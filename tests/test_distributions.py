from __future__ import annotations

import numpy as np
import pytest

from lifetide.distributions import quantiles

SHARES = [0.05, 0.33, 0.5, 0.75, 0.95]
SAMPLES = {
    "integers that repeat": np.random.default_rng(7).integers(0, 40, 500).astype(float),
    "one value": np.array([3.5]),
    "two values": np.array([1.0, 2.0]),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_quantiles_are_those_of_numpy(spark, name):
    values = SAMPLES[name]
    frame = spark.createDataFrame([(float(value),) for value in values], "value double")
    [found] = quantiles(frame, SHARES, with_smallest=True).collect()
    assert found["quantiles"] == pytest.approx(list(np.quantile(values, SHARES)), rel=1e-12)
    assert (found["sample_count"], found["distinct_count"]) == (len(values), len(set(values)))
    assert found["smallest"] == sorted(set(values))[:5]


def test_without_values_there_are_no_quantiles(spark):
    [found] = quantiles(spark.createDataFrame([], "value double"), [0.5], with_smallest=True).collect()
    assert (found["quantiles"], found["sample_count"], found["distinct_count"]) == (None, 0, 0)
    assert found["smallest"] == []
