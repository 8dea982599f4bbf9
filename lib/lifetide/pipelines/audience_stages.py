"""How audiences did by month and quarter, for a run of the ledger: restated from the current purchase days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.metrics.periods import days_of, periods_until
from lifetide.pipelines.going_on import known_by_last_build
from lifetide.pipelines.ledger import Day
from lifetide.pipelines.parameters import chosen_parameters
from lifetide.pipelines.publishing import Run
from lifetide.tables import CUSTOMER_DAYS, STAGE_METRICS


def stage_audience_metrics(
    run: Run, day: Day, stretches: DataFrame, profiles: DataFrame, shop: flow.Shop, links: flow.Links
) -> None:
    """Stages stage_metrics of the audiences in force; `stretches` = the ledger as it will stand."""
    parameters = chosen_parameters(run.store, day.on, None)
    if parameters is None:
        return
    policy, periods = run.context.settings.policy, periods_until(day.on)
    days = run.store.read(CUSTOMER_DAYS)
    groups = flow.rhythm_of(parameters.values).group_intervals
    bought = flow.in_groups(flow.purchases(days, links, policy), profiles, groups)
    done = flow.done_by_month(days, links, shop, periods, policy, day.on)
    stood = flow.stood_on(bought, days_of(periods), parameters.values, policy).join(done, "customer_id", "left")
    members = memberships_since(stretches, day.first_days, min(one.eve for one in periods))
    known = known_by_last_build(run)
    metrics = flow.audiences_by_period(stood, members, links, shop, periods, known)
    run.stage(STAGE_METRICS, metrics, where="audience_key IS NOT NULL")


def memberships_since(stretches: DataFrame, first_days: Mapping[str, date], since: date) -> DataFrame:
    """One row per customer with `memberships`, those that lasted until `since` or longer.

    `first_days`: by key the first day that an audience was evaluated on; others are left out.
    """
    lasts = F.col("valid_to").isNull() | (F.col("valid_to") > F.lit(since))
    theirs = stretches.where(lasts & F.col("audience_key").isin(list(first_days)))
    one = F.struct("audience_key", _first_day(first_days).alias("known_from"), "valid_from", "valid_to")
    return theirs.groupBy("customer_id").agg(F.collect_list(one).alias("memberships"))


def _first_day(first_days: Mapping[str, date]) -> Column:
    pairs = [F.lit(value) for pair in sorted(first_days.items()) for value in pair]
    if not pairs:
        return F.lit(None).cast("date")
    return F.try_element_at(F.create_map(*pairs), F.col("audience_key"))
