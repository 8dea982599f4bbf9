"""CASA's seven stages (feature rows 002.1 to 002.6): the ladder for a day, and the stretches of days behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.lifecycle.intervals import StagesLearned
from lifetide.lifecycle.ladder import first_match
from lifetide.lifecycle.returning import AT_RISK_GAPS, DROP_OFF_GAPS, Learned
from lifetide.lifecycle.rhythm import OF_CATEGORY, of_category
from lifetide.policy import StagePolicy
from lifetide.vocabulary import CustomerStage as Stage
from lifetide.vocabulary import LearnedMethod as Method
from lifetide.vocabulary import StageReason as Reason

AT_RISK_DAYS, DROP_OFF_DAYS = "at_risk_days", "drop_off_days"


@dataclass(frozen=True)
class StageLimits:
    """X and Y in whole days of silence, Z in net orders; `at_risk_by`, `drop_off_by`: X and Y by main category."""

    at_risk_days: int
    drop_off_days: int
    loyal_orders: int
    at_risk_by: Mapping[str, int] = field(default_factory=dict)
    drop_off_by: Mapping[str, int] = field(default_factory=dict)

    def of(self, main_category: str | None) -> tuple[int, int]:
        """X and Y of a customer with this main category."""
        name = main_category or ""
        return self.at_risk_by.get(name, self.at_risk_days), self.drop_off_by.get(name, self.drop_off_days)


def stage_limits_of(values: Mapping[str, float]) -> StageLimits | None:
    """The limits among learned parameters; None where an earlier release learned them.

    A category that learned one of X and Y has the shop's other; Y is at least X + 1.
    """
    if AT_RISK_DAYS not in values:
        return None
    whole = {name: ceil(value - 1e-6) for name, value in values.items()
             if name.startswith((AT_RISK_DAYS, DROP_OFF_DAYS, "loyal_orders"))}  # fmt: skip
    x, y = whole[AT_RISK_DAYS], whole[DROP_OFF_DAYS]
    names = {name.partition(OF_CATEGORY)[2] for name in whole if OF_CATEGORY in name}
    at_risk = {name: whole.get(in_category(AT_RISK_DAYS, name), x) for name in names}
    drop_off = {name: max(whole.get(in_category(DROP_OFF_DAYS, name), y), at_risk[name] + 1) for name in names}
    return StageLimits(x, y, whole["loyal_orders"], at_risk, drop_off)


def in_category(name: str, category: str) -> str:
    """The parameter's name for the customers of one main category."""
    return f"{name}{OF_CATEGORY}{category}"


def limits_of_silence(limits: StageLimits) -> dict[str, Column]:
    """`at_risk_days` and `drop_off_days` of the row's main_category, else everyone's."""
    return {
        AT_RISK_DAYS: of_category(limits.at_risk_by, F.lit(limits.at_risk_days)),
        DROP_OFF_DAYS: of_category(limits.drop_off_by, F.lit(limits.drop_off_days)),
    }


@dataclass(frozen=True)
class Found:
    """A parameter: its value, how it came about, and on how many observations; no interval ends below `lowest`.

    `learned` is null where nobody taught it.
    """

    name: str
    value: float
    method: Method
    sample_count: int
    learned: Learned | None = None
    lowest: float = 0.0


def stage_parameters(learned: StagesLearned, policy: StagePolicy, default_interval: float) -> list[Found]:
    """X, Y and Z: pinned, else learned, else 2 × and 4 × the default interval and the default number of orders."""
    x, y, z, gaps = learned.at_risk_days, learned.drop_off_days, learned.loyal_orders, learned.gap_count
    return [
        _found(AT_RISK_DAYS, policy.at_risk_days, x, AT_RISK_GAPS * default_interval, gaps),
        _found(DROP_OFF_DAYS, policy.drop_off_days, y, DROP_OFF_GAPS * default_interval, gaps),
        _found("loyal_orders", policy.loyal_orders, z, policy.default_loyal_orders, gaps),
    ]


def category_parameters(category: str, learned: StagesLearned, policy: StagePolicy) -> list[Found]:
    """X and Y of a main category, each only where its own return curve shows it and nothing is pinned."""
    limits = (
        (AT_RISK_DAYS, policy.at_risk_days, learned.at_risk_days),
        (DROP_OFF_DAYS, policy.drop_off_days, learned.drop_off_days),
    )
    return [
        Found(in_category(name, category), one.value, one.method, learned.gap_count, one)
        for name, pinned, one in limits
        if pinned is None and one is not None and one.method is Method.SURVIVAL
    ]


def _found(name: str, pinned: float | None, learned: Learned | None, default: float, sample_count: int) -> Found:
    if pinned is not None:
        return Found(name, float(pinned), Method.PINNED, sample_count)
    if learned is None:
        return Found(name, float(default), Method.DEFAULT, sample_count)
    return Found(name, learned.value, learned.method, sample_count, learned)


def with_last_return(state: DataFrame, limits: StageLimits | None, as_of: date) -> DataFrame:
    """One row per customer of customer_state, with `returned_days`: days since the end of the last gap of Y or more.

    Null where no gap was that long, and without limits.
    """
    if limits is None:
        return state.withColumn("returned_days", F.lit(None).cast("int"))
    drop_off_days = limits_of_silence(limits)[DROP_OFF_DAYS]
    returned = F.filter("long_gaps", lambda gap: gap["gap_days"] >= drop_off_days)
    return state.withColumn(
        "returned_days", F.date_diff(F.lit(as_of), F.try_element_at(returned, F.lit(-1))["ended_on"])
    )


def with_stage(state: DataFrame, limits: StageLimits | None, policy: StagePolicy) -> DataFrame:
    """One row per customer: customer_state with days_since_last_order and returned_days, then stage and reason.

    customer_stage and stage_reason are null without limits. is_ticket_decline becomes null for prospects.
    """
    if limits is None:
        none = F.lit(None).cast("string")
        staged = state.withColumns({"customer_stage": none, "stage_reason": none})
    else:
        limited = state.withColumns(limits_of_silence(limits))
        silence, returned_days = F.col("days_since_last_order"), F.col("returned_days")
        stage, reason = stage_and_reason(silence, returned_days, is_loyal(limits, policy))
        staged = limited.withColumns({"customer_stage": stage, "stage_reason": reason})
        staged = staged.drop(AT_RISK_DAYS, DROP_OFF_DAYS)
    is_buyer = F.col("last_order_date").isNotNull()
    return staged.withColumn("is_ticket_decline", F.when(is_buyer, F.col("is_ticket_decline")))


def is_loyal(limits: StageLimits, policy: StagePolicy) -> Column:
    """True with Z net orders or more; where policy names revenue, with that order_value_sum or more."""
    if policy.loyal_revenue is not None:
        return F.col("order_value_sum") >= policy.loyal_revenue
    return F.col("order_count") >= limits.loyal_orders


def stage_and_reason(silence: Column, returned_days: Column, loyal: Column) -> tuple[Column, Column]:
    """customer_stage and stage_reason, first match wins.

    `silence` = days since the last purchase day (null = prospect), `returned_days` = days since the order that ended
    the last silence of drop_off_days or more (null = there was none); from the row: is_ticket_decline, order_count,
    `limits_of_silence`.
    """
    rules = [
        (silence.isNull(), Stage.PROSPECT, Reason.NO_NET_ORDER),
        (silence >= F.col(DROP_OFF_DAYS), Stage.DROP_OFF, Reason.SILENT_TOO_LONG),
        (returned_days < F.col(AT_RISK_DAYS), Stage.REACTIVATED, Reason.CAME_BACK),
        (silence >= F.col(AT_RISK_DAYS), Stage.AT_RISK, Reason.SILENT),
        (F.col("is_ticket_decline"), Stage.AT_RISK, Reason.TICKET_DECLINE),
        (loyal, Stage.LOYAL, Reason.MANY_ORDERS),
        (F.col("order_count") > 1, Stage.REPEAT, Reason.SEVERAL_ORDERS),
    ]
    return first_match(rules, (Stage.NEW, Reason.ONE_ORDER))
