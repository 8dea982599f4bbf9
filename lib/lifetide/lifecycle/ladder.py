"""The six rules, first match wins (spec: statistics, section 2)."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.vocabulary import LifecycleGroup as Group
from lifetide.vocabulary import LifecycleReason as Reason
from lifetide.vocabulary import Word


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
    return first_match(rules, (Group.ACTIVE, Reason.ON_RHYTHM))


def first_match(rules: Sequence[tuple[Column, Word, Word]], otherwise: tuple[Word, Word]) -> tuple[Column, Column]:
    """Class and reason of the first rule whose condition holds; a null condition does not hold."""
    found, reason = F.lit(str(otherwise[0])), F.lit(str(otherwise[1]))
    for condition, its_class, its_reason in reversed(rules):
        found = F.when(condition, F.lit(str(its_class))).otherwise(found)
        reason = F.when(condition, F.lit(str(its_reason))).otherwise(reason)
    return found, reason
