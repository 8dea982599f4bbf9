"""Flows between classes and the metrics of stages, for a build: restated from purchase days, by month and quarter."""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.metrics.periods import days_of, months_until, periods_until
from lifetide.pipelines.base import Base
from lifetide.pipelines.parameters import Parameters
from lifetide.pipelines.publishing import Run
from lifetide.pipelines.snapshots import snapshot_days
from lifetide.tables import CUSTOMER_PROFILES, STAGE_METRICS, TRANSITIONS
from lifetide.tables.model import MONEY


def stage_flows(run: Run, base: Base, parameters: Parameters, profiles: DataFrame, as_of: date) -> None:
    """Stages transitions, and stage_metrics of stages, of the months and quarters up to as_of."""
    policy = run.context.settings.policy
    months, periods = months_until(as_of), periods_until(as_of)
    bought = flow.in_groups(base.purchases, base.state, flow.rhythm_of(parameters.values).group_intervals)
    done = flow.done_by_month(base.days, base.links, base.shop, periods, policy, as_of)
    snapshots, kept = _snapshots(run, profiles, days_of(months), as_of)
    reported = [one for one in months if {one.eve, one.last} <= kept]
    if reported:
        done = run.aside("months", done).rows
    predicted = profiles.select("customer_id", "ltv_predicted_365d")
    moments = flow.stood_on(bought, days_of(periods), parameters.values, policy)
    moments = moments.join(done, "customer_id", "left").join(predicted, "customer_id", "left")
    stood = run.aside("moments", moments).rows
    moved = flow.flows(stood, months, base.known)
    if reported:
        moved = moved.unionByName(flow.segment_flows(snapshots, done, reported, base.known))
    run.stage(TRANSITIONS, moved)
    metrics = flow.stages_by_period(stood, base.links, base.shop, periods, base.known)
    run.stage(STAGE_METRICS, metrics, where="audience_key IS NULL")


def _snapshots(run: Run, profiles: DataFrame, days: list[date], as_of: date) -> tuple[DataFrame, set[date]]:
    """The segments that snapshots of the days reported, this run's among them; and the days that have one.

    What is predicted is that of this run.
    """
    columns = ("as_of", "customer_id", "rfm_segment")
    unknown = F.lit(None).cast(MONEY).alias("ltv_predicted_365d")
    earlier = run.store.read(CUSTOMER_PROFILES).where(F.col("as_of").isin(*(day for day in days if day < as_of)))
    both = earlier.select(*columns, unknown).unionByName(profiles.select(*columns, "ltv_predicted_365d"))
    return both, {*snapshot_days(earlier), as_of}
