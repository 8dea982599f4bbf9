"""The six rules, first match wins (spec: statistics, section 2)."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.vocabulary import LifecycleGroup as Group
from lifetide.vocabulary import LifecycleReason as Reason


def group_and_reason() -> tuple[Column, Column]:
    """lifecycle_group and lifecycle_reason from whole days of silence, the limits and is_rate_drop."""
    silence = F.col("days_since_last_order")
    rules = [
        (silence.isNull(), Group.PROSPECT, Reason.NO_NET_ORDER),
        (silence > F.col("lost_after_days"), Group.LOST, Reason.SILENT_TOO_LONG),
        (silence > F.col("slip_after_days"), Group.SLIPPING_AWAY, Reason.OVERDUE),
        (F.col("is_rate_drop"), Group.SLIPPING_AWAY, Reason.BUYS_LESS_OFTEN),
        (silence <= F.col("just_ordered_until_days"), Group.JUST_ORDERED, Reason.RECENT_ORDER),
    ]
    group, reason = F.lit(str(Group.ACTIVE)), F.lit(str(Reason.ON_RHYTHM))
    for condition, its_group, its_reason in reversed(rules):
        group = F.when(condition, F.lit(str(its_group))).otherwise(group)
        reason = F.when(condition, F.lit(str(its_reason))).otherwise(reason)
    return group, reason
