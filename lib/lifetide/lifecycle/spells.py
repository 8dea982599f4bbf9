"""Spells: since when each customer has been in each group, and what silence will bring (statistics, section 2)."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lifetide.lifecycle.rhythm import Rhythm, baseline, group_interval, whole_day_limits
from lifetide.policy import LifecyclePolicy
from lifetide.vocabulary import LifecycleGroup as Group
from lifetide.vocabulary import LifecycleReason as Reason


def lifecycle_spells(purchases: DataFrame, rhythm: Rhythm, policy: LifecyclePolicy) -> DataFrame:
    """One row per customer × stretch of days in one group for one reason, contiguous from the first net order.

    Between two purchase days the group depends on the silence alone, so each gap yields at most four stretches
    with computable ends; those after the last purchase run into the future and the last one has no end
    (`valid_to` null). Neighbours of one group and reason are one spell. `purchases` has `is_rate_drop`, and
    main_category where categories have rhythms of their own.
    """
    expected = baseline(group_interval(rhythm), F.col("recency_days"), F.col("gap_count"), policy)
    limited = purchases.withColumns(whole_day_limits(expected, rhythm))
    stretch = F.explode(F.array(*_stretches())).alias("s")
    laid = limited.select("customer_id", "order_date", "next_order_date", stretch).select(
        "customer_id",
        "next_order_date",
        F.col("s.lifecycle_group").alias("lifecycle_group"),
        F.col("s.reason").alias("reason"),
        F.date_add("order_date", F.col("s.from_day")).alias("valid_from"),
        F.when(F.col("s.to_day").isNotNull(), F.date_add("order_date", F.col("s.to_day"))).alias("ends"),
    )
    cut = laid.withColumn("valid_to", F.least("ends", "next_order_date")).where(
        F.col("valid_to").isNull() | (F.col("valid_to") > F.col("valid_from"))
    )
    return _joined(cut)


def _stretches() -> list[Column]:
    """The stretches after a purchase, in days after it: [from_day, to_day), null = without end."""
    slip, lost = F.col("slip_after_days") + 1, F.col("lost_after_days") + 1
    quiet_until = F.least(F.col("just_ordered_until_days") + 1, slip)
    drop = F.col("is_rate_drop")
    none, start = F.lit(None).cast("int"), F.lit(0)
    return [
        _stretch(F.when(drop, str(Group.SLIPPING_AWAY)).otherwise(str(Group.JUST_ORDERED)),
                 F.when(drop, str(Reason.BUYS_LESS_OFTEN)).otherwise(str(Reason.RECENT_ORDER)), start, quiet_until),
        _stretch(F.when(drop, str(Group.SLIPPING_AWAY)).otherwise(str(Group.ACTIVE)),
                 F.when(drop, str(Reason.BUYS_LESS_OFTEN)).otherwise(str(Reason.ON_RHYTHM)), quiet_until, slip),
        _stretch(F.lit(str(Group.SLIPPING_AWAY)), F.lit(str(Reason.OVERDUE)), slip, lost),
        _stretch(F.lit(str(Group.LOST)), F.lit(str(Reason.SILENT_TOO_LONG)), lost, none),
    ]  # fmt: skip


def _stretch(group: Column, reason: Column, from_day: Column, to_day: Column) -> Column:
    return F.struct(
        group.alias("lifecycle_group"),
        reason.alias("reason"),
        from_day.cast("int").alias("from_day"),
        to_day.cast("int").alias("to_day"),
    )


def _joined(stretches: DataFrame) -> DataFrame:
    """Neighbouring stretches of one group and reason made one."""
    in_time = Window.partitionBy("customer_id").orderBy(F.col("valid_from").asc())
    same_group = F.col("lifecycle_group") == F.lag("lifecycle_group").over(in_time)
    same_reason = F.col("reason") == F.lag("reason").over(in_time)
    is_start = F.when(same_group & same_reason, 0).otherwise(1)
    so_far = in_time.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    numbered = stretches.withColumn("is_start", is_start).withColumn("spell", F.sum("is_start").over(so_far))
    return (
        numbered.groupBy("customer_id", "spell")
        .agg(
            F.first("lifecycle_group").alias("lifecycle_group"),
            F.min("valid_from").alias("valid_from"),
            F.max_by("valid_to", "valid_from").alias("valid_to"),
            F.first("reason").alias("reason"),
        )
        .drop("spell")
    )
