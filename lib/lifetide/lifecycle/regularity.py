"""How evenly a customer's purchases are spaced (feature row 000.11)."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.lifecycle.rhythm import Rhythm
from lifetide.policy import LifecyclePolicy
from lifetide.vocabulary import Regularity


def own_cv() -> Column:
    """Coefficient of variation of own gaps, with n − 1; null with fewer than two gaps.

    From integers: n·Σg² − (Σg)² is exact, so the same gaps give the same value in any order.
    """
    n = F.col("gap_count").cast("double")
    spread = (F.col("gap_count") * F.col("gap_square_sum") - F.col("gap_sum_days") * F.col("gap_sum_days")).cast(
        "double"
    )
    deviation = F.sqrt(F.try_divide(spread, n * (n - 1)))
    return F.when(F.col("gap_count") >= 2, F.try_divide(deviation, F.col("gap_sum_days") / n))


def shrunk_cv(cv: Column, gap_count: Column, median: Column, policy: LifecyclePolicy) -> Column:
    """(κ·median + n·cv) ÷ (κ + n): few gaps say little about evenness."""
    weight, n = F.lit(float(policy.shrinkage)), gap_count.cast("double")
    return F.try_divide(weight * median + n * cv, weight + n)


def regularity_columns(rhythm: Rhythm, policy: LifecyclePolicy) -> dict[str, Column]:
    """interval_cv and regularity from gap_count, gap_sum_days and gap_square_sum; null for prospects."""
    median = F.lit(rhythm.interval_cv_median).cast("double")
    limit = F.lit(rhythm.regular_cv_cut).cast("double")
    cv = shrunk_cv(own_cv(), F.col("gap_count"), median, policy)
    is_regular = F.coalesce(cv < limit, F.lit(False))
    word = (
        F.when(F.col("last_order_date").isNull(), F.lit(None))
        .when(F.col("gap_count") < policy.regularity_min_gaps, str(Regularity.UNKNOWN))
        .when(is_regular, str(Regularity.REGULAR))
        .otherwise(str(Regularity.IRREGULAR))
    )
    return {"interval_cv": cv, "regularity": word}
