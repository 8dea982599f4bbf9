"""Importance, loyalty and buying frequency: classes of customers by limits that the shop's customers teach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.vocabulary import BuyingFrequency, Importance, Loyalty

VIP_ABOVE, HIGH_ABOVE, MEDIUM_ABOVE = "importance_vip_above", "importance_high_above", "importance_medium_above"
FREQUENT_FROM = "loyalty_frequent_from"
OFTEN_ABOVE, SELDOM_UP_TO = "buying_frequency_high_above", "buying_frequency_low_up_to"
HIGH, MEDIUM, FREQUENT = 0.6, 0.3, 0.8
YEAR = 365.0


def measures(rate_days: Column) -> dict[str, Column]:
    """What the limits are quantiles of; `rate_days` = the baseline interval of a customer."""
    is_repeater = F.col("order_count") >= 2
    return {
        "importance": F.when(F.col("last_order_date").isNotNull(), F.col("ltv_total").cast("double")),
        "loyalty": F.when(is_repeater, F.col("order_count")),
        "buying_frequency": F.when(is_repeater, orders_per_year(rate_days)),
    }


def orders_per_year(baseline_days: Column) -> Column:
    """365 ÷ the customer's normal interval."""
    return F.try_divide(F.lit(YEAR), baseline_days)


def with_classes(customers: DataFrame, limits: Mapping[str, float]) -> DataFrame:
    """One row per customer, with importance, loyalty and buying_frequency.

    Null for prospects, and where no limit was learned (no money, or nobody to learn from). Needs ltv_total,
    order_count and baseline_interval_days.
    """
    if "ltv_total" not in customers.columns:
        return customers
    return customers.withColumn("importance", _importance(limits)).withColumns(
        {"loyalty": _loyalty(limits), "buying_frequency": _buying_frequency(limits)}
    )


def fewest_above(worth: Any, revenue: Any, share: float) -> float:
    """The limit above which the fewest customers, the most valuable first, bring that share of all revenue.

    `worth` are distinct values; it lies half-way to the next lower one, or at the lowest where all are needed.
    """
    order = np.argsort(-np.asarray(worth, dtype=np.float64))
    falling, brought = np.asarray(worth, dtype=np.float64)[order], np.cumsum(np.asarray(revenue)[order])
    last = int(np.argmax(brought >= share * brought[-1]))
    return float(falling[last : last + 2].mean())


def _importance(limits: Mapping[str, float]) -> Column:
    if MEDIUM_ABOVE not in limits:
        return F.lit(None).cast("string")
    worth = F.col("ltv_total").cast("double")
    ladder = F.when(worth > limits[VIP_ABOVE], str(Importance.VIP)).when(
        worth > limits[HIGH_ABOVE], str(Importance.HIGH)
    )
    ladder = ladder.when(worth > limits[MEDIUM_ABOVE], str(Importance.MEDIUM)).otherwise(str(Importance.LOW))
    return F.when(worth.isNotNull(), ladder)


def _loyalty(limits: Mapping[str, float]) -> Column:
    """One order; of those with more: the most important ones, those with many orders, the others."""
    orders = F.col("order_count")
    is_vip = F.coalesce(F.col("importance") == str(Importance.VIP), F.lit(False))
    is_frequent = orders >= limits[FREQUENT_FROM] if FREQUENT_FROM in limits else F.lit(False)
    ladder = F.when(orders == 1, str(Loyalty.ONE_TIME)).when(is_vip, str(Loyalty.VIP))
    return F.when(orders > 0, ladder.when(is_frequent, str(Loyalty.FREQUENT)).otherwise(str(Loyalty.LOYAL)))


def _buying_frequency(limits: Mapping[str, float]) -> Column:
    """Thirds of the repeat buyers by orders per year; one-time buyers low."""
    rate, low = orders_per_year(F.col("baseline_interval_days")), str(BuyingFrequency.LOW)
    is_one = F.col("order_count") == 1
    if OFTEN_ABOVE not in limits:
        return F.when(is_one, low)
    ladder = F.when(is_one | (rate <= limits[SELDOM_UP_TO]), low).when(
        rate > limits[OFTEN_ABOVE], str(BuyingFrequency.HIGH)
    )
    return F.when(F.col("order_count") > 0, ladder.otherwise(str(BuyingFrequency.MEDIUM)))
