"""Each customer's rhythm and lifecycle group on a day."""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.lifecycle.ladder import group_and_reason
from lifetide.lifecycle.regularity import regularity_columns
from lifetide.lifecycle.rhythm import Rhythm, baseline, group_interval, has_group, own_interval, whole_day_limits
from lifetide.policy import LifecyclePolicy
from lifetide.vocabulary import BaselineSource

EVERYONE = "everyone"
RATE_DAYS = 30


def with_rhythm(state: DataFrame, rhythm: Rhythm, policy: LifecyclePolicy, as_of: date) -> DataFrame:
    """One row per customer: customer_state and the columns of rhythm and group (tables/profiles.py)."""
    is_buyer = F.col("last_order_date").isNotNull()
    group = group_interval(rhythm)
    key = F.lit(EVERYONE)
    if rhythm.group_intervals:
        key = F.when(has_group(rhythm), F.col("main_category")).otherwise(key)
    expected = F.when(is_buyer, baseline(group, F.col("gap_sum_days"), F.col("gap_count"), policy))
    with_base = state.withColumns(
        {
            "days_since_last_order": F.date_diff(F.lit(as_of), "last_order_date"),
            "own_interval_days": own_interval(),
            "group_key": F.when(is_buyer, key),
            "group_interval_days": F.when(is_buyer, group),
            "baseline_interval_days": expected,
            "baseline_source": F.when(is_buyer, _source(policy)),
            **regularity_columns(rhythm, policy),
            **_rates(policy),
        }
    )
    limits = whole_day_limits(F.col("baseline_interval_days"), rhythm)
    limited = with_base.withColumns({name: F.when(is_buyer, days) for name, days in limits.items()})
    lifecycle_group, lifecycle_reason = group_and_reason()
    return limited.withColumns(
        {
            "overdue_ratio": F.try_divide(
                F.col("days_since_last_order").cast("double"), F.col("baseline_interval_days")
            ),
            "expected_next_order_date": _expected_next(as_of),
            "lifecycle_group": lifecycle_group,
            "lifecycle_reason": lifecycle_reason,
            "is_rate_drop": F.when(is_buyer, F.col("is_rate_drop")),
        }
    )


def _source(policy: LifecyclePolicy) -> Column:
    of_repeaters = BaselineSource.OWN if policy.shrinkage == 0 else BaselineSource.BLENDED
    return F.when(F.col("gap_count") == 0, str(BaselineSource.GROUP)).otherwise(str(of_repeaters))


def _expected_next(as_of: date) -> Column:
    ahead = F.ceil(F.col("baseline_interval_days") - 1e-9).cast("int")
    expected = F.greatest(F.lit(as_of), F.date_add("last_order_date", ahead))
    return F.when(F.col("last_order_date").isNotNull(), expected)


def _rates(policy: LifecyclePolicy) -> dict[str, Column]:
    """Purchase days per 30 days over the last two gaps and over those before; null with too few gaps."""
    last_two = F.coalesce(
        F.get("last_gaps", F.size("last_gaps") - 1) + F.get("last_gaps", F.size("last_gaps") - 2), F.lit(0)
    )
    is_enough = F.col("gap_count") >= policy.rate_drop_min_gaps
    recent = F.try_divide(F.lit(2.0 * RATE_DAYS), last_two)
    earlier = F.try_divide((F.col("gap_count") - 2) * float(RATE_DAYS), F.col("gap_sum_days") - last_two)
    return {"recent_rate": F.when(is_enough, recent), "earlier_rate": F.when(is_enough, earlier)}
