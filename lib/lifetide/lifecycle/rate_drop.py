"""Buys less often than before: a test on the customer's own gaps, as a native expression."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F
from scipy.stats import f as f_distribution

from lifetide.policy import LifecyclePolicy

LONGEST = 200
"""Gaps; beyond it the critical value of 200 serves (it has come within 2% of its limit)."""


def critical_values(policy: LifecyclePolicy) -> list[float]:
    """Critical ratio by number of gaps n, from rate_drop_min_gaps to LONGEST.

    For Erlang-k gaps the mean of the last 2 over the mean of the n − 2 before is F(4k, 2(n − 2)k) while the rate
    stands still; a ratio above the 95% point says it fell. spec: statistics, section 2.
    """
    shape = policy.rate_drop_shape
    return [
        float(f_distribution.ppf(policy.rate_drop_confidence, 4 * shape, 2 * (gaps - 2) * shape))
        for gaps in range(policy.rate_drop_min_gaps, LONGEST + 1)
    ]


def is_rate_drop(gap_count: Column, gap_sum: Column, last_two: Column, policy: LifecyclePolicy) -> Column:
    """True where the last two gaps are too long for the rate of the gaps before; false with too few gaps."""
    table = F.array(*(F.lit(value) for value in critical_values(policy)))
    place = (F.least(gap_count, F.lit(LONGEST)) - policy.rate_drop_min_gaps + 1).cast("int")
    critical = F.when(gap_count >= policy.rate_drop_min_gaps, F.try_element_at(table, F.greatest(place, F.lit(1))))
    recent_mean = last_two.cast("double") / 2
    earlier_mean = F.try_divide((gap_sum - last_two).cast("double"), (gap_count - 2).cast("double"))
    return F.coalesce(recent_mean > critical * earlier_mean, F.lit(False))
