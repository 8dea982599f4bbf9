"""RFM scores by stored cut points, the segment, its reason and its stage."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.policy import RfmPolicy
from lifetide.rfm.cuts import RfmCuts, scores_of
from lifetide.rfm.learning import SCORED_FROM, monetary_today
from lifetide.rfm.segments import FADING, grid_segment, stage_of
from lifetide.vocabulary import RfmReason as Reason
from lifetide.vocabulary import RfmSegment as Segment


def with_rfm(customers: DataFrame, cuts: RfmCuts, policy: RfmPolicy) -> DataFrame:
    """One row per customer with scores (null with fewer than two net orders), segment, reason and stage.

    Needs order_count, days_since_last_order, order_value_sum, net_revenue, has_email and was_champion (champions.py).
    Without any money in the source (no monetary cut and net_revenue null) M takes F's score. Preset `exponea` looks
    for champions of before; `chart` and an own map are taken as they are written.
    """
    is_scored = F.col("order_count") >= SCORED_FROM
    money = monetary_today(policy)
    scores = scores_of(F.col("days_since_last_order"), F.col("order_count"), money, cuts)
    scored = customers.withColumns(
        {
            "rfm_recency": F.when(is_scored, scores.recency).cast("int"),
            "rfm_frequency": F.when(is_scored, scores.frequency).cast("int"),
            "rfm_monetary": F.when(is_scored, scores.monetary).cast("int"),
        }
    )
    grid = grid_segment(F.col("rfm_recency"), F.col("rfm_frequency"), F.col("rfm_monetary"), policy)
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
    classed = scored.withColumns({"rfm_segment": segment, "rfm_reason": reason})
    return _with_champions_of_before(classed).withColumn("rfm_stage", stage_of(F.col("rfm_segment")))


def _with_champions_of_before(classed: DataFrame) -> DataFrame:
    is_missed = F.col("was_champion") & F.col("rfm_segment").isin(*(str(segment) for segment in FADING))
    changed = {"rfm_segment": str(Segment.CANT_LOSE_THEM), "rfm_reason": str(Reason.WAS_CHAMPION)}
    return classed.withColumns(
        {name: F.when(is_missed, word).otherwise(F.col(name)) for name, word in changed.items()}
    )
