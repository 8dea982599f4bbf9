"""Quantiles over exact value counts: the same whatever the partitioning, cheap where values repeat."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

EXACT_UP_TO = 1_000_000
"""Distinct values; above it values are rounded to four significant digits first (DESIGN law 3)."""
HASH_GROUPS = 50
"""Groups of customers, one left out at a time for the interval of what is learned."""


def quantiles(values: DataFrame, probabilities: Sequence[float], *, with_smallest: bool = False) -> DataFrame:
    """One row: `quantiles` (linear interpolation), `sample_count`, `distinct_count`, if asked up to five `smallest`.

    `values` has one column `value` of doubles without nulls. Without any value the quantiles are null.
    """
    counts = values.groupBy("value").agg(F.count(F.lit(1)).alias("times"))
    size = counts.agg(F.count(F.lit(1)).alias("distinct_count"))
    value = F.when(F.col("distinct_count") > EXACT_UP_TO, four_digits(F.col("value"))).otherwise(F.col("value"))
    rounded = (
        counts.join(F.broadcast(size), how="cross")
        .select(value.alias("value"), "times")
        .groupBy("value")
        .agg(F.sum("times").alias("times"))
    )
    wanted = F.array(*(F.lit(float(probability)) for probability in probabilities))
    summary = rounded.agg(
        F.percentile("value", wanted, F.col("times")).alias("quantiles"),
        F.coalesce(F.sum("times"), F.lit(0)).alias("sample_count"),
    )
    summary = summary.join(size, how="cross")
    if not with_smallest:
        return summary
    few = counts.orderBy(F.col("value").asc()).limit(5)
    return summary.join(few.agg(F.sort_array(F.collect_list("value")).alias("smallest")), how="cross")


def four_digits(value: Column) -> Column:
    """The value rounded to four significant digits."""
    scale = F.pow(F.lit(10.0), F.floor(F.log10(F.abs(value))) - 3)
    return F.when(value == 0, value).otherwise(F.round(value / scale) * scale)


def hash_group() -> Column:
    """0 to 49, from customer_id alone."""
    return F.pmod(F.xxhash64("customer_id"), F.lit(HASH_GROUPS)).cast("int")
