"""What the driver needs for intervals, X, Y and Z: counts by hash group of customers, never customers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.distributions import four_digits, hash_group
from lifetide.lifecycle.regularity import own_cv
from lifetide.lifecycle.returning import ANY, MOST_ORDERS
from lifetide.lifecycle.rhythm import baseline, of_category
from lifetide.policy import LifecyclePolicy


def gap_counts(purchases: DataFrame, as_of: date, horizon: int) -> DataFrame:
    """One row per `orders, hash_group, is_completed, days`: `times` gaps or present silences of so many days.

    `orders` 0 counts all of them; 1 to 20 those after the k-th purchase day, longer ones cut off behind the horizon.
    """
    laid = purchases.select(hash_group().alias("hash_group"), F.explode(_gaps(as_of)).alias("gap"))
    counted = laid.select("hash_group", "gap.*").groupBy("orders", "hash_group", "is_completed", "days").count()
    of_all = counted.withColumn("orders", F.lit(ANY))
    of_few = counted.where(F.col("orders") <= MOST_ORDERS).withColumn("days", F.least("days", F.lit(horizon + 1)))
    return (
        of_all.unionByName(of_few)
        .groupBy("orders", "hash_group", "is_completed", "days")
        .agg(F.sum("count").alias("times"))
    )


def category_gap_counts(purchases: DataFrame, as_of: date, categories: Collection[str]) -> DataFrame:
    """One row per `category, hash_group, is_completed, days` of these main categories: `times` gaps or silences."""
    of_these = purchases.where(F.col("main_category").isin(*categories))
    laid = of_these.select(
        F.col("main_category").alias("category"), hash_group().alias("hash_group"),
        F.explode(_gaps(as_of)).alias("gap"),
    )  # fmt: skip
    return laid.groupBy(
        "category", "hash_group", F.col("gap.is_completed").alias("is_completed"), F.col("gap.days").alias("days")
    ).agg(F.count(F.lit(1)).alias("times"))


def _gaps(as_of: date) -> Column:
    """The gap that a purchase day ends and the silence that follows the last: structs is_completed, days, orders."""
    silence = F.date_diff(F.lit(as_of), "order_date")

    def one(days: Column, orders: Column, *, is_completed: bool) -> Column:
        return F.struct(F.lit(is_completed).alias("is_completed"), days.alias("days"), orders.alias("orders"))

    completed, present = F.col("gap_days").isNotNull(), F.col("next_order_date").isNull()
    return F.array_compact(
        F.array(
            F.when(completed, one(F.col("gap_days"), F.col("gap_count"), is_completed=True)),
            F.when(present, one(silence, F.col("gap_count") + 1, is_completed=False)),
        )
    )


def value_counts(customers: DataFrame, values: dict[str, Column]) -> DataFrame:
    """One row per `name, value, hash_group`: `times` customers with the value, rounded to four significant digits."""
    named = F.array(*(F.struct(F.lit(name).alias("name"), value.cast("double").alias("value"))
                      for name, value in values.items()))  # fmt: skip
    laid = customers.select(hash_group().alias("hash_group"), F.inline(named))
    return (
        laid.where(F.col("value").isNotNull())
        .groupBy("name", four_digits(F.col("value")).alias("value"), "hash_group")
        .agg(F.count(F.lit(1)).alias("times"))
    )


def evenness_counts(state: DataFrame, policy: LifecyclePolicy) -> DataFrame:
    """One row per `value, gaps, hash_group`: `times` customers with that own cv (four digits) and number of gaps."""
    teachers = state.where(F.col("gap_count") >= policy.regularity_learn_gaps)
    return teachers.groupBy(
        four_digits(own_cv()).alias("value"), F.col("gap_count").alias("gaps"), hash_group().alias("hash_group")
    ).agg(F.count(F.lit(1)).alias("times"))


def ratio_counts(
    purchases: DataFrame, populations: list[float], policy: LifecyclePolicy, groups: Mapping[str, float]
) -> DataFrame:
    """One row per `population, value, hash_group`: `times` completed gaps with that ratio to the baseline.

    The ratio is the gap ÷ the baseline that the gaps before it give, with each population interval in turn; intervals
    of categories (`groups`) stay as they are.
    """
    before, gaps = F.col("recency_days") - F.col("gap_days"), F.col("gap_count") - 1
    columns = ["main_category"] if groups else []
    each = purchases.where(F.col("gap_days").isNotNull()).select(
        *columns, hash_group().alias("hash_group"), "gap_days", before.alias("before"), gaps.alias("gaps"),
        F.explode(F.array(*(F.lit(value) for value in populations))).alias("population"),
    )  # fmt: skip
    ratio = F.col("gap_days") / baseline(
        of_category(groups, F.col("population")), F.col("before"), F.col("gaps"), policy
    )
    return each.groupBy("population", four_digits(ratio).alias("value"), "hash_group").agg(
        F.count(F.lit(1)).alias("times")
    )
