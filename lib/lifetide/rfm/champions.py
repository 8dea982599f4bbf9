"""Who was a champion before: preset `exponea` gives such customers to cant_lose_them when they fade (spec: rfm)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import reduce

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.policy import RfmPolicy
from lifetide.rfm.cuts import RfmCuts, scores_of
from lifetide.rfm.learning import SCORED_FROM, monetary_measure
from lifetide.rfm.segments import exponea_segment
from lifetide.tables.model import MONEY
from lifetide.vocabulary import RfmSegment as Segment

LOOKS_BACK_DAYS = (90, 180, 270, 365)
"""Days before as_of. customer_state keeps what happened in the year up to the last activity, hence no day further."""


def was_champion(cuts: RfmCuts, policy: RfmPolicy, as_of: date) -> Column:
    """True for a customer who was a champion on one of the four days, by today's cut points.

    From customer_state: sums up to a day are today's sums less what `last_year` holds after it, and its last
    purchase day up to that day is the last order. Orders voided since then do not count; money stands on its own
    dates, so that a refund lowers net_revenue from its day on and order_value from the day of the order.
    """
    looks = [_is_champion(as_of - timedelta(days=days), cuts, policy) for days in LOOKS_BACK_DAYS]
    return F.coalesce(reduce(Column.__or__, looks), F.lit(False))


def _is_champion(day: date, cuts: RfmCuts, policy: RfmPolicy) -> Column:
    later = F.filter("last_year", lambda entry: entry["local_date"] > F.lit(day))
    bought = F.filter(
        "last_year", lambda entry: (entry["local_date"] <= F.lit(day)) & (entry["order_count"] > F.lit(0))
    )
    silence = F.date_diff(F.lit(day), F.try_element_at(bought, F.lit(-1)).getField("local_date"))
    order_count = _until(later, F.col("order_count"), "order_count", "bigint")
    money = monetary_measure(
        policy,
        order_count=order_count,
        order_value_sum=_until(later, F.col("order_value_sum"), "order_value", MONEY),
        net_revenue=_until(later, F.col("net_revenue"), "net_revenue", MONEY),
    )
    scores = scores_of(silence, order_count, money, cuts)
    segment = exponea_segment(scores.recency, scores.frequency, scores.monetary)
    return silence.isNotNull() & (order_count >= SCORED_FROM) & (segment == str(Segment.CHAMPION))


def _until(later: Column, total: Column, name: str, type_: str) -> Column:
    """Today's total less what came later; null where the total is."""
    return F.aggregate(later, total.cast(type_), lambda left, entry: (left - entry[name].cast(type_)).cast(type_))
