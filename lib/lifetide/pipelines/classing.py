"""The limits of importance, loyalty and buying frequency, with intervals: from counts by hash group of customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.distributions import four_digits
from lifetide.lifecycle.counts import value_counts
from lifetide.lifecycle.intervals import counted, parts_of
from lifetide.lifecycle.returning import Learned
from lifetide.lifecycle.rhythm import baseline, group_interval
from lifetide.lifecycle.stages import Found
from lifetide.ltv.classes import (
    FREQUENT,
    FREQUENT_FROM,
    HIGH,
    HIGH_ABOVE,
    MEDIUM,
    MEDIUM_ABOVE,
    OFTEN_ABOVE,
    SELDOM_UP_TO,
    VIP_ABOVE,
    fewest_above,
    measures,
)
from lifetide.policy import Policy, WorthPolicy
from lifetide.storage import columns
from lifetide.vocabulary import LearnedMethod as Method

MOST_COUNTS = 10_000_000


def class_limits(valued: DataFrame, values: Mapping[str, float], policy: Policy) -> list[Found]:
    """Quantiles of counts at four significant digits; none of a measure that nobody has."""
    if "ltv_total" not in valued.columns:
        return []
    rhythm = flow.rhythm_of(values)
    interval = baseline(group_interval(rhythm), F.col("gap_sum_days"), F.col("gap_count"), policy.lifecycle)
    counts = value_counts(valued, measures(interval))
    by_measure: dict[str, Any] = parts_of(columns(counts, at_most=MOST_COUNTS), "name")
    top = 1 - policy.worth.vip_share
    wanted: dict[str, tuple[Sequence[float], Sequence[str]]] = {
        "importance": ((MEDIUM, HIGH, top), (MEDIUM_ABOVE, HIGH_ABOVE, VIP_ABOVE)),
        "loyalty": ((FREQUENT,), (FREQUENT_FROM,)),
        "buying_frequency": ((1 / 3, 2 / 3), (SELDOM_UP_TO, OFTEN_ABOVE)),
    }
    found = []
    for measure, (shares, names) in wanted.items():
        if measure in by_measure:
            of = counted(by_measure[measure])
            estimates, customers = of.quantiles(shares), int(of.counts[0].sum())
            found += [_found(name, estimates[:, place], customers) for place, name in enumerate(names)]
    if policy.worth.vip_by == "revenue" and found:
        found = [_fewest(valued, policy.worth, one) if one.name == VIP_ABOVE else one for one in found]
    return found


def _found(name: str, estimates: Any, customers: int) -> Found:
    """An interval only where the value lies above 0, since one does not reach below it."""
    value = float(estimates[0])
    learned = Learned(estimates, Method.QUANTILE) if value > 0 else None
    return Found(name, value, Method.QUANTILE, customers, learned)


def _fewest(valued: DataFrame, policy: WorthPolicy, quantile: Found) -> Found:
    """The limit above which the fewest customers bring the share of revenue."""
    worth = four_digits(F.col("ltv_total").cast("double")).alias("worth")
    sums = (
        valued.where(F.col("ltv_total").isNotNull())
        .groupBy(worth)
        .agg(F.sum("net_revenue").cast("double").alias("revenue"))
    )
    told = columns(sums, at_most=MOST_COUNTS)
    limit = fewest_above(told["worth"], told["revenue"], policy.vip_revenue_share)
    return Found(quantile.name, limit, Method.SHARE_OF_REVENUE, quantile.sample_count, None)
