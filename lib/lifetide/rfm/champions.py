"""Who was a champion before: preset `exponea` gives such customers to cant_lose_them when they fade (spec: rfm)."""

from __future__ import annotations

from datetime import date, timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.policy import RfmPolicy
from lifetide.rfm.cuts import RfmCuts, scores_of
from lifetide.rfm.learning import SCORED_FROM, monetary_measure, monetary_today
from lifetide.rfm.segments import exponea_segment
from lifetide.tables.model import MONEY
from lifetide.vocabulary import RfmSegment as Segment

LOOKS_BACK_DAYS = (90, 180, 270, 365)
"""Days before as_of. customer_state keeps what happened in the year up to the last activity, hence no day further."""

FADES_UP_TO = 2
"""R; who has more is not asked, as no segment of theirs would change."""


def with_champions(state: DataFrame, cuts: RfmCuts, policy: RfmPolicy, as_of: date) -> DataFrame:
    """One row per customer of customer_state, with `was_champion`; false where R is 3 or more and it decides nothing.

    True for a customer who was a champion on one of the four days, by today's cut points. Sums up to a day are
    today's less what `last_year` holds after it, and the last purchase day up to that day is the last order. Orders
    voided since then do not count; money stands on its own dates, so that a refund lowers net_revenue from its day on
    and order_value from the day of the order. Only preset `exponea` asks for it: without it false for everyone.
    """
    if policy.preset != "exponea":
        return state.withColumn("was_champion", F.lit(False))
    orders, silence = F.col("order_count"), F.date_diff(F.lit(as_of), "last_order_date")
    is_asked = (orders >= SCORED_FROM) & (
        scores_of(silence, orders, monetary_today(policy), cuts).recency <= FADES_UP_TO
    )
    looks = F.array(*(_look(as_of - timedelta(days=days), policy) for days in LOOKS_BACK_DAYS))
    was_one = F.exists(looks, lambda look: F.coalesce(_is_champion(look, cuts), F.lit(False)))
    return state.withColumn("was_champion", F.when(is_asked, was_one).otherwise(F.lit(False)))


def _look(day: date, policy: RfmPolicy) -> Column:
    """What was scored on that day: `silence` (null before the first order), `order_count` and `money`."""
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
    return F.struct(silence.alias("silence"), order_count.alias("order_count"), money.alias("money"))


def _is_champion(look: Column, cuts: RfmCuts) -> Column:
    scores = scores_of(look["silence"], look["order_count"], look["money"], cuts)
    segment = exponea_segment(scores.recency, scores.frequency, scores.monetary)
    return look["silence"].isNotNull() & (look["order_count"] >= SCORED_FROM) & (segment == str(Segment.CHAMPION))


def _until(later: Column, total: Column, name: str, type_: str) -> Column:
    """Today's total less what came later; null where the total is."""
    return F.aggregate(later, total.cast(type_), lambda left, entry: (left - entry[name].cast(type_)).cast(type_))
