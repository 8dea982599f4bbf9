"""CASA's seven stages (feature rows 002.1 to 002.6): the ladder for a day, and the stretches of days behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.lifecycle.intervals import StagesLearned
from lifetide.lifecycle.ladder import first_match
from lifetide.lifecycle.returning import AT_RISK_GAPS, DROP_OFF_GAPS, Learned
from lifetide.policy import StagePolicy
from lifetide.vocabulary import CustomerStage as Stage
from lifetide.vocabulary import LearnedMethod as Method
from lifetide.vocabulary import StageReason as Reason


@dataclass(frozen=True)
class StageLimits:
    """X and Y in whole days of silence, Z in net orders."""

    at_risk_days: int
    drop_off_days: int
    loyal_orders: int


def stage_limits_of(values: Mapping[str, float]) -> StageLimits | None:
    """The limits among learned parameters; None where an earlier release learned them."""
    if "at_risk_days" not in values:
        return None
    return StageLimits(
        at_risk_days=ceil(values["at_risk_days"] - 1e-6),
        drop_off_days=ceil(values["drop_off_days"] - 1e-6),
        loyal_orders=ceil(values["loyal_orders"] - 1e-6),
    )


@dataclass(frozen=True)
class Found:
    """A parameter: its value, how it came about, and on how many gaps; `learned` is null where nobody taught it."""

    name: str
    value: float
    method: Method
    sample_count: int
    learned: Learned | None = None


def stage_parameters(learned: StagesLearned, policy: StagePolicy, default_interval: float) -> list[Found]:
    """X, Y and Z: pinned, else learned, else 2 × and 4 × the default interval and the default number of orders."""
    x, y, z, gaps = learned.at_risk_days, learned.drop_off_days, learned.loyal_orders, learned.gap_count
    return [
        _found("at_risk_days", policy.at_risk_days, x, AT_RISK_GAPS * default_interval, gaps),
        _found("drop_off_days", policy.drop_off_days, y, DROP_OFF_GAPS * default_interval, gaps),
        _found("loyal_orders", policy.loyal_orders, z, policy.default_loyal_orders, gaps),
    ]


def _found(name: str, pinned: float | None, learned: Learned | None, default: float, sample_count: int) -> Found:
    if pinned is not None:
        return Found(name, float(pinned), Method.PINNED, sample_count)
    if learned is None:
        return Found(name, float(default), Method.DEFAULT, sample_count)
    return Found(name, learned.value, learned.method, sample_count, learned)


def with_stage(state: DataFrame, limits: StageLimits | None, policy: StagePolicy, as_of: date) -> DataFrame:
    """One row per customer: customer_state, with `days_since_last_order`, and customer_stage and stage_reason.

    Both are null without limits. is_ticket_decline becomes null for prospects.
    """
    if limits is None:
        none = F.lit(None).cast("string")
        staged = state.withColumns({"customer_stage": none, "stage_reason": none})
    else:
        returned = F.filter("long_gaps", lambda gap: gap["gap_days"] >= limits.drop_off_days)
        returned_days = F.date_diff(F.lit(as_of), F.get(returned, F.size(returned) - 1)["ended_on"])
        loyal = is_loyal(limits, policy)
        stage, reason = stage_and_reason(F.col("days_since_last_order"), returned_days, loyal, limits)
        staged = state.withColumns({"customer_stage": stage, "stage_reason": reason})
    is_buyer = F.col("last_order_date").isNotNull()
    return staged.withColumn("is_ticket_decline", F.when(is_buyer, F.col("is_ticket_decline")))


def is_loyal(limits: StageLimits, policy: StagePolicy) -> Column:
    """True with Z net orders or more; where policy names revenue, with that order_value_sum or more."""
    if policy.loyal_revenue is not None:
        return F.col("order_value_sum") >= policy.loyal_revenue
    return F.col("order_count") >= limits.loyal_orders


def stage_and_reason(
    silence: Column, returned_days: Column, loyal: Column, limits: StageLimits
) -> tuple[Column, Column]:
    """customer_stage and stage_reason, first match wins.

    `silence` = days since the last purchase day (null = prospect), `returned_days` = days since the order that ended
    the last silence of drop_off_days or more (null = there was none); from the row: is_ticket_decline, order_count.
    """
    rules = [
        (silence.isNull(), Stage.PROSPECT, Reason.NO_NET_ORDER),
        (silence >= limits.drop_off_days, Stage.DROP_OFF, Reason.SILENT_TOO_LONG),
        (returned_days < limits.at_risk_days, Stage.REACTIVATED, Reason.CAME_BACK),
        (silence >= limits.at_risk_days, Stage.AT_RISK, Reason.SILENT),
        (F.col("is_ticket_decline"), Stage.AT_RISK, Reason.TICKET_DECLINE),
        (loyal, Stage.LOYAL, Reason.MANY_ORDERS),
        (F.col("order_count") > 1, Stage.REPEAT, Reason.SEVERAL_ORDERS),
    ]
    return first_match(rules, (Stage.NEW, Reason.ONE_ORDER))
