"""Flows between classes, month by month (feature rows 002.13 and 004.18): no order of classes is enforced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from lifetide.metrics.monthly import in_period, in_year_before
from lifetide.metrics.periods import Period, each
from lifetide.tables.model import MONEY
from lifetide.vocabulary import ClassKind

_SUMMED = ("net_revenue", "annual_revenue", "ltv_predicted_365d")


STOOD = {ClassKind.LIFECYCLE: "lifecycle_group", ClassKind.STAGE: "customer_stage"}
REPORTED = {ClassKind.SEGMENT: "rfm_segment"}
"""The class of each kind among what held on a day."""


def reported_on(profiles: DataFrame, months: DataFrame) -> DataFrame:
    """One row per customer of snapshots of some days: `stood`, a map from day to rfm_segment, as it was reported.

    `months` as `monthly` has them. The predicted value is that of the one snapshot whose rows have it.
    """
    then = F.struct("as_of", F.struct("rfm_segment").alias("then"))
    stood = profiles.groupBy("customer_id").agg(
        F.max("ltv_predicted_365d").alias("ltv_predicted_365d"),
        F.map_from_entries(F.collect_list(then)).alias("stood"),
    )
    return stood.join(months, "customer_id", "left")


def transitions(stood: DataFrame, periods: Sequence[Period], classes: Mapping[ClassKind, str]) -> DataFrame:
    """One row per period × kind × class at the start × class at the end, with everyone who took that way.

    Where a customer stands on the eve of the period and at its end; null at the start = not yet a customer. Shares
    are of those who started in the same class. Predicted is what they are expected to bring after as_of, null where
    that is known of nobody. `stood` = moments with the months of `monthly`, or reported_on; `classes` names the field
    of each kind.
    """
    laid = stood.withColumn("span", F.explode(each(periods)))
    earned = laid.select(
        F.col("span.first").alias("period_start"),
        F.col("span.days").alias("period_days"),
        F.try_element_at("stood", F.col("span.eve")).alias("before"),
        F.try_element_at("stood", F.col("span.last")).alias("then"),
        in_period("net_revenue").alias("net_revenue"),
        in_year_before("net_revenue").alias("annual_revenue"),
        "ltv_predicted_365d",
    ).where(F.col("then").isNotNull())
    ways = (
        F.struct(
            F.lit(str(kind)).alias("kind"),
            F.col(f"before.{name}").alias("from_value"),
            F.col(f"then.{name}").alias("to_value"),
        )
        for kind, name in classes.items()
    )
    counted = (
        earned.select("period_start", "period_days", *_SUMMED, F.inline(F.array(*ways)))
        .where(F.col("to_value").isNotNull())
        .groupBy("period_start", "period_days", "kind", "from_value", "to_value")
        .agg(
            F.count(F.lit(1)).alias("customer_count"),
            *(F.sum(name).cast(MONEY).alias(name) for name in _SUMMED),
        )
    )
    started = F.sum("customer_count").over(Window.partitionBy("period_start", "kind", "from_value"))
    share = F.col("customer_count") / started
    stays = F.col("from_value") == F.col("to_value")
    return counted.withColumn("share", share).select(
        "period_start", "kind", "from_value", "to_value", "customer_count", "share", "net_revenue", "annual_revenue",
        F.when(stays, F.try_divide(F.col("period_days"), 1 - F.col("share"))).alias("expected_days"),
        "ltv_predicted_365d",
    )  # fmt: skip
