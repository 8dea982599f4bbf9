"""RFM scores by stored cut points, and what comes before the grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.policy import RfmPolicy
from lifetide.rfm.learning import SCORED_FROM, monetary_measure
from lifetide.rfm.segments import grid_segment, stage_of
from lifetide.vocabulary import RfmReason as Reason
from lifetide.vocabulary import RfmSegment as Segment


@dataclass(frozen=True)
class RfmCuts:
    """Ascending cut points in days, net orders and money; fewer than four where values are few."""

    recency: tuple[float, ...]
    frequency: tuple[float, ...]
    monetary: tuple[float, ...]


def rfm_cuts_of(values: Mapping[str, float]) -> RfmCuts:
    """The cut points among learned parameters by name."""

    def of(measure: str) -> tuple[float, ...]:
        names = [f"rfm_{measure}_cut_{place}" for place in range(1, 5)]
        return tuple(values[name] for name in names if name in values)

    return RfmCuts(of("recency"), of("frequency"), of("monetary"))


def with_rfm(customers: DataFrame, cuts: RfmCuts, policy: RfmPolicy) -> DataFrame:
    """One row per customer with scores (null with fewer than two net orders), segment, reason and stage.

    Needs order_count, days_since_last_order, order_value_sum, net_revenue and has_email. Without any money in the
    source (no monetary cut and net_revenue null) M takes F's score.
    """
    is_scored = F.col("order_count") >= SCORED_FROM
    money = monetary_measure(policy)
    frequency = 1 + _passed(F.col("order_count"), cuts.frequency)
    monetary = F.when(money.isNull(), frequency).otherwise(1 + _passed(money, cuts.monetary))
    scored = customers.withColumns(
        {
            "rfm_recency": F.when(is_scored, 5 - _passed(F.col("days_since_last_order"), cuts.recency)).cast("int"),
            "rfm_frequency": F.when(is_scored, frequency).cast("int"),
            "rfm_monetary": F.when(is_scored, monetary).cast("int"),
        }
    )
    grid = grid_segment(F.col("rfm_recency"), F.col("rfm_frequency"), F.col("rfm_monetary"))
    orders, has_email = F.col("order_count"), F.coalesce(F.col("has_email"), F.lit(False))
    segment = (
        F.when((orders == 0) & has_email, str(Segment.LOYAL_VISITOR))
        .when(orders == 0, str(Segment.ENGAGED_VISITOR))
        .when(orders == 1, str(Segment.FIRST_TIME))
        .otherwise(grid)
    )
    reason = (
        F.when((orders == 0) & has_email, str(Reason.NO_ORDER_WITH_EMAIL))
        .when(orders == 0, str(Reason.NO_ORDER_NO_EMAIL))
        .when(orders == 1, str(Reason.ONE_ORDER))
        .when(money.isNull(), str(Reason.NO_REVENUE))
        .otherwise(str(Reason.GRID))
    )
    return scored.withColumns({"rfm_segment": segment, "rfm_reason": reason}).withColumn(
        "rfm_stage", stage_of(F.col("rfm_segment"))
    )


def _passed(value: Column, cuts: tuple[float, ...]) -> Column:
    """How many cut points the value lies above; equal values always get equal scores."""
    passed = F.lit(0)
    for cut in cuts:
        passed = passed + F.when(value.cast("double") > cut, 1).otherwise(0)
    return passed
