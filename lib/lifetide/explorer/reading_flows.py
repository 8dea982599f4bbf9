"""Flows, stage metrics and held-out returns of a day from their tables; whole months and quarters only."""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.explorer.flow_facts import (
    KINDS,
    METRICS_READ,
    ZERO,
    Backtest,
    Flow,
    StageMetrics,
    whole_before,
    whole_quarter_before,
)
from lifetide.storage.bounded import rows
from lifetide.vocabulary import CustomerStage, PeriodKind

MOST_FLOWS = 2_000  # months × kinds × pairs of classes
MOST_METRICS = 100_000  # months and quarters × stages and audiences
MOST_BACKTESTS = 5_000  # cut-offs × classes


def flows(transitions: DataFrame, as_of: date) -> tuple[Flow, ...]:
    """Flows of lifecycle groups and customer stages in the last 12 months that were whole by as_of."""
    end = whole_before(as_of)
    start = date(end.year - 1, end.month, 1)
    is_shown = F.col("kind").isin(*map(str, KINDS))
    is_whole = (F.col("period_start") >= F.lit(start)) & (F.col("period_start") < F.lit(end))
    found = transitions.where(is_shown & is_whole).orderBy("period_start", "kind", "from_value", "to_value")
    return tuple(
        Flow(
            row["period_start"],
            row["kind"],
            row["from_value"],
            row["to_value"],
            row["customer_count"],
            row["share"],
            row["net_revenue"] or ZERO,
            row["annual_revenue"] or ZERO,
            row["expected_days"],
            row["ltv_predicted_365d"],
        )
        for row in rows(found, at_most=MOST_FLOWS)
    )


def stage_metrics(metrics: DataFrame, as_of: date) -> tuple[StageMetrics, ...]:
    """Months and quarters of everybody, each stage and each audience, oldest first, that were whole by as_of."""
    is_month, begun = F.col("period") == F.lit(str(PeriodKind.MONTH)), F.col("period_start")
    is_whole = begun < F.when(is_month, F.lit(whole_before(as_of))).otherwise(F.lit(whole_quarter_before(as_of)))
    known = F.col("stage").isNull() | F.col("stage").isin(*(stage.value for stage in CustomerStage))
    found = metrics.where(known & is_whole).orderBy("period_start", "period", "stage", "audience_key")
    return tuple(StageMetrics(*row) for row in rows(found.select(*METRICS_READ), at_most=MOST_METRICS))


def backtests(held_out: DataFrame, as_of: date) -> tuple[Backtest, ...]:
    """The newest backtest of as_of or before, lifecycle groups and customer stages, oldest cut-off first."""
    by_then = held_out.where(F.col("kind").isin(*map(str, KINDS)) & (F.col("as_of") <= F.lit(as_of)))
    newest = rows(by_then.agg(F.max("as_of").alias("as_of")), at_most=1)[0]["as_of"]
    if newest is None:
        return ()
    found = by_then.where(F.col("as_of") == F.lit(newest)).orderBy("cutoff", "kind", "class_value")
    return tuple(
        Backtest(
            row["cutoff"],
            row["horizon_days"],
            row["kind"],
            row["class_value"],
            row["customer_count"],
            row["returned_count"],
            row["expected_rate"],
            row["auc"],
        )
        for row in rows(found, at_most=MOST_BACKTESTS)
    )
