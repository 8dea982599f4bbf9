from __future__ import annotations

import pytest
from pyspark.sql import functions as F

from lifetide.lifecycle.rate_drop import LONGEST, critical_values, is_rate_drop
from lifetide.policy import LifecyclePolicy

POLICY = LifecyclePolicy()
PRINTED = {
    3: 6.39,
    4: 5.19,
    5: 4.53,
    6: 3.84,
    7: 3.48,
    8: 3.26,
    9: 3.11,
    10: 3.01,
    12: 2.87,
    22: 2.61,
    32: 2.53,
    62: 2.45,
}
"""95% points of F(4, 2(n − 2)) by number of gaps n, as printed in tables of the F distribution."""


@pytest.mark.parametrize("gaps", [gaps for gaps in PRINTED if gaps >= 5])
def test_critical_values_are_those_of_printed_tables(gaps):
    assert round(critical_values(POLICY)[gaps - POLICY.rate_drop_min_gaps], 2) == PRINTED[gaps]


def test_there_is_a_critical_value_for_each_number_of_gaps_and_they_fall():
    values = critical_values(POLICY)
    assert len(values) == LONGEST - POLICY.rate_drop_min_gaps + 1
    assert values == sorted(values, reverse=True)


def test_a_drop_needs_five_gaps_and_a_ratio_above_the_critical_value(spark):
    """Columns: name, gaps, their sum, the sum of the last two, and whether that is a drop."""
    cases = [
        ("four gaps, however long", 4, 1020, 1000, False),
        ("five gaps, 4.5 times as long", 5, 120, 90, False),
        ("five gaps, 4.6 times as long", 5, 122, 92, True),
        ("six gaps, 3.8 times as long", 6, 116, 76, False),
        ("six gaps, 3.9 times as long", 6, 118, 78, True),
        ("more gaps than the table has, 2.5 times", 1000, 9980 + 50, 50, True),
        ("more gaps than the table has, 2.3 times", 1000, 9980 + 46, 46, False),
        ("one purchase", 0, 0, None, False),
    ]
    frame = spark.createDataFrame(cases, "name string, n int, total bigint, last_two int, is_drop boolean")
    judged = frame.withColumn("found", is_rate_drop(F.col("n"), F.col("total"), F.col("last_two"), POLICY))
    assert [row["name"] for row in judged.collect() if row["found"] != row["is_drop"]] == []
