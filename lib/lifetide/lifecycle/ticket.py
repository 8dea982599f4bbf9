"""Ticket decline: the customer's orders become smaller (feature row 002.3), as a native expression."""

from __future__ import annotations

from itertools import combinations
from math import comb

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.policy import StagePolicy


def largest_u(recent: int, earlier: int, p: float) -> int:
    """The largest Mann–Whitney U that is significant one-sided; −1 where none is.

    U counts the pairs in which the recent value is the larger one; while nothing changes each choice of ranks for
    the recent values is as likely. Source: Mann and Whitney, Annals of Mathematical Statistics 18 (1947).
    """
    size = recent + earlier
    counts = [0] * (recent * earlier + 1)
    for ranks in combinations(range(size), recent):
        counts[sum(rank - place for place, rank in enumerate(ranks))] += 1
    so_far, found = 0, -1
    for u, count in enumerate(counts):
        so_far += count
        if so_far > p * comb(size, recent) + 1e-9:
            break
        found = u
    return found


def is_ticket_decline(values: Column, policy: StagePolicy) -> Column:
    """True where the last orders are smaller than those before; `values` = the last few net order values in time.

    All of: at least ticket_min_orders of them, each above 0; the mean of the last three below 70% of the mean before;
    one-sided Mann–Whitney p ≤ 0.1 (ties count half); the Theil–Sen slope of their logarithms below 0.
    """
    size, last = F.size(values), policy.ticket_recent_orders
    earlier, recent = F.slice(values, 1, size - last), F.slice(values, size - last + 1, last)
    is_enough = (size >= policy.ticket_min_orders) & F.forall(values, lambda value: value > 0)
    falls = _mean(recent) < policy.ticket_ratio * _mean(earlier)
    critical = F.array(
        *(
            F.lit(largest_u(last, number - last, policy.ticket_p))
            for number in range(policy.ticket_min_orders, policy.ticket_orders + 1)
        )
    )
    limit = F.get(critical, size - policy.ticket_min_orders)
    is_significant = _wins(recent, earlier) <= limit
    # Each question is dearer than the one before, and seldom asked.
    whole = F.when(~is_enough, False).when(~falls, False).when(~is_significant, False).otherwise(_slope(values) < 0)
    return F.coalesce(whole, F.lit(False))


def _mean(values: Column) -> Column:
    total = F.aggregate(values, F.lit(0.0), lambda so_far, value: so_far + value)
    return F.try_divide(total, F.size(values))


def _wins(recent: Column, earlier: Column) -> Column:
    """U: pairs in which the recent value is larger, half of those in which both are the same."""

    def against(value: Column) -> Column:
        return F.aggregate(
            earlier,
            F.lit(0.0),
            lambda so_far, other: so_far + F.when(value > other, 1.0).when(value == other, 0.5).otherwise(0.0),
        )

    return F.aggregate(recent, F.lit(0.0), lambda so_far, value: so_far + against(value))


def _slope(values: Column) -> Column:
    """Median over all pairs of (difference of logarithms ÷ orders between them): Theil–Sen."""
    slopes = F.flatten(
        F.transform(
            values,
            lambda value, place: F.transform(
                F.slice(values, place + 2, F.size(values)),
                lambda later, further: (F.ln(later) - F.ln(value)) / (further + 1),
            ),
        )
    )
    in_order, size = F.sort_array(slopes), F.size(slopes)
    middle = (size / 2).cast("int")
    return F.when(size % 2 == 1, F.get(in_order, middle)).otherwise(
        (F.get(in_order, middle) + F.get(in_order, middle - 1)) / 2
    )
