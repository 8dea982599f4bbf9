"""Where the scores change: quintiles of the customers with two or more net orders."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.distributions import quantiles
from lifetide.policy import RfmPolicy
from lifetide.vocabulary import LearnedMethod as Method

QUINTILES = (0.2, 0.4, 0.6, 0.8)
SCORED_FROM = 2
"""Net orders; one-order customers are first_time before the grid and would eat the lower scores."""


def learned_rfm_cuts(state: DataFrame, policy: RfmPolicy, days_since_last_order: str) -> DataFrame:
    """One row per cut point: `name, value, method, sample_count`; none where nobody is scored.

    `state` has the column named by `days_since_last_order`. With fewer than five distinct values the cuts are the
    midpoints between them, so there may be fewer than four.
    """
    scored = state.where(F.col("order_count") >= SCORED_FROM)
    measures = {
        "recency": (F.col(days_since_last_order), policy.recency_cuts),
        "frequency": (F.col("order_count"), policy.frequency_cuts),
        "monetary": (monetary_today(policy), policy.monetary_cuts),
    }
    frames = []
    for measure, (value, pinned) in measures.items():
        values = scored.select(value.cast("double").alias("value")).where(F.col("value").isNotNull())
        frames.append(_cuts(quantiles(values, QUINTILES, with_smallest=True), measure, pinned))
    return frames[0].unionByName(frames[1]).unionByName(frames[2])


def monetary_measure(
    policy: RfmPolicy, *, order_count: Column, order_value_sum: Column, net_revenue: Column
) -> Column:
    """What M scores of a customer's sums."""
    if policy.monetary == "average_order_value":
        return F.try_divide(order_value_sum, order_count)
    return net_revenue


def monetary_today(policy: RfmPolicy) -> Column:
    """What M scores, from customer_state."""
    sums = {name: F.col(name) for name in ("order_count", "order_value_sum", "net_revenue")}
    return monetary_measure(policy, **sums)


def _cuts(found: DataFrame, measure: str, pinned: tuple[float, ...]) -> DataFrame:
    is_small = F.size("smallest") < 5
    neighbours = F.zip_with(
        F.slice("smallest", 1, F.greatest(F.size("smallest") - 1, F.lit(0))),
        F.slice("smallest", 2, F.greatest(F.size("smallest") - 1, F.lit(0))),
        lambda low, high: (low + high) / 2,
    )
    learned = F.when(is_small, neighbours).otherwise(F.col("quantiles"))
    method = F.when(is_small, str(Method.MIDPOINT)).otherwise(str(Method.QUANTILE))
    cuts = F.array(*(F.lit(float(cut)) for cut in pinned)) if pinned else learned
    return found.select(
        F.posexplode(cuts).alias("place", "value"),
        (F.lit(str(Method.PINNED)) if pinned else method).alias("method"),
        "sample_count",
    ).select(
        F.concat(F.lit(f"rfm_{measure}_cut_"), (F.col("place") + 1).cast("string")).alias("name"),
        "value",
        "method",
        "sample_count",
    )
