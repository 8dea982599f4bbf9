"""Where each customer stood at the end of given days, from purchase days alone (restated, as spells are)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lifetide.lifecycle.ladder import group_and_reason
from lifetide.lifecycle.rhythm import Rhythm, baseline, group_interval, whole_day_limits
from lifetide.lifecycle.stages import (
    AT_RISK_DAYS,
    DROP_OFF_DAYS,
    StageLimits,
    is_loyal,
    limits_of_silence,
    stage_and_reason,
)
from lifetide.policy import LifecyclePolicy, StagePolicy


def moments(
    purchases: DataFrame,
    days: Sequence[date],
    rhythm: Rhythm,
    limits: StageLimits | None,
    lifecycle: LifecyclePolicy,
    stages: StagePolicy,
) -> DataFrame:
    """One row per customer who had bought by the last of the days: `stood`, a map from day to what held at its end.

    Its values are structs of lifecycle_group, customer_stage (null without limits), order_count and is_loyal; a day
    before the first purchase has no entry. `purchases` has is_rate_drop and is_ticket_decline, and main_category
    where categories have rhythms of their own.
    """
    expected = baseline(group_interval(rhythm), F.col("recency_days"), F.col("gap_count"), lifecycle)
    so_far = (
        Window.partitionBy("customer_id")
        .orderBy(F.col("order_date").asc())
        .rowsBetween(Window.unboundedPreceding, Window.currentRow)
    )
    none = dict.fromkeys((AT_RISK_DAYS, DROP_OFF_DAYS), F.lit(None).cast("int"))
    limited = purchases.withColumns(
        {**whole_day_limits(expected, rhythm), **(none if limits is None else limits_of_silence(limits))}
    )
    long_gap = F.col("gap_days") >= F.col(DROP_OFF_DAYS)
    known = limited.withColumn("returned_on", F.max(F.when(long_gap, F.col("order_date"))).over(so_far))
    laid = known.select(
        "customer_id", "is_rate_drop", "is_ticket_decline", "order_date", "returned_on", "slip_after_days",
        "just_ordered_until_days", "lost_after_days", AT_RISK_DAYS, DROP_OFF_DAYS,
        F.col("orders_so_far").alias("order_count"),
        F.col("value_so_far").alias("order_value_sum"), F.explode(_days_between(days)).alias("day"),
    )  # fmt: skip
    silent = laid.withColumn("days_since_last_order", F.date_diff("day", "order_date"))
    group, _ = group_and_reason()
    stage = F.lit(None).cast("string")
    loyal = F.lit(None).cast("boolean")
    if limits is not None:
        returned_days = F.date_diff("day", "returned_on")
        loyal = is_loyal(limits, stages)
        stage, _ = stage_and_reason(F.col("days_since_last_order"), returned_days, loyal)
    then = F.struct(
        group.alias("lifecycle_group"), stage.alias("customer_stage"), "order_count", loyal.alias("is_loyal")
    )
    return silent.groupBy("customer_id").agg(
        F.map_from_entries(F.collect_list(F.struct("day", then.alias("then")))).alias("stood")
    )


def _days_between(days: Sequence[date]) -> Column:
    """Of the days, those from this purchase day to the day before the next."""
    is_before_next = F.col("next_order_date").isNull()
    return F.filter(
        F.array(*(F.lit(day) for day in days)),
        lambda day: (day >= F.col("order_date")) & (is_before_next | (day < F.col("next_order_date"))),
    )
