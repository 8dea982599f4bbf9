"""Flows between classes, month by month (feature rows 002.13 and 004.18): no order of classes is enforced."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lifetide.metrics.monthly import in_period, in_year_before
from lifetide.metrics.periods import Period, each
from lifetide.tables.model import MONEY
from lifetide.vocabulary import ClassKind

_SUMMED = ("net_revenue", "annual_revenue", "ltv_predicted_365d")


def classes_of(stood: DataFrame) -> DataFrame:
    """One row per customer: months, what is predicted, and `classes`, for each kind (lifecycle, stage) a `class_on`.

    That is a map from day to class; no entry = not yet a customer.
    """
    kinds = {ClassKind.LIFECYCLE: "lifecycle_group", ClassKind.STAGE: "customer_stage"}
    each = F.array(
        *(
            F.struct(
                F.lit(str(kind)).alias("kind"),
                F.transform_values("stood", _field(name)).alias("class_on"),
            )
            for kind, name in kinds.items()
        )
    )
    return stood.select("customer_id", "months", "ltv_predicted_365d", each.alias("classes"))


def _field(name: str) -> Callable[[Column, Column], Column]:
    return lambda _, then: then[name]


def segments_of(profiles: DataFrame) -> DataFrame:
    """The same of rfm_segment, from snapshots of the days: what was reported then; months are to be joined.

    The predicted value is that of the one snapshot whose rows have it.
    """
    segment_on = F.map_from_entries(F.collect_list(F.struct("as_of", "rfm_segment")))
    classes = F.array(F.struct(F.lit(str(ClassKind.SEGMENT)).alias("kind"), segment_on.alias("class_on")))
    predicted = F.max("ltv_predicted_365d").alias("ltv_predicted_365d")
    return profiles.groupBy("customer_id").agg(predicted, classes.alias("classes"))


def transitions(classes: DataFrame, periods: Sequence[Period]) -> DataFrame:
    """One row per period × kind × class at the start × class at the end, with everyone who took that way.

    Where a customer stands on the eve of the period and at its end; null at the start = not yet a customer. Shares
    are of those who started in the same class. Predicted is what they are expected to bring after as_of, null where
    that is known of nobody. `classes` = classes_of or segments_of, with the months of `monthly`.
    """
    laid = classes.withColumn("span", F.explode(each(periods)))
    # A customer's money in a period is the same whatever the kind: it is summed before the kinds part.
    earned = laid.select(
        F.col("span.first").alias("period_start"),
        F.col("span.days").alias("period_days"),
        F.transform("classes", _way).alias("ways"),
        in_period("net_revenue").alias("net_revenue"),
        in_year_before("net_revenue").alias("annual_revenue"),
        "ltv_predicted_365d",
    ).where(F.exists("ways", lambda way: way["to_value"].isNotNull()))
    counted = (
        earned.select(*(name for name in earned.columns if name != "ways"), F.inline("ways"))
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


def _way(one: Column) -> Column:
    """Where someone was on the eve and at the end of the row's `span`."""
    return F.struct(
        one["kind"].alias("kind"),
        F.try_element_at(one["class_on"], F.col("span.eve")).alias("from_value"),
        F.try_element_at(one["class_on"], F.col("span.last")).alias("to_value"),
    )
