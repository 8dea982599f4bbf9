"""What a build or a fit learns: exact quantiles; and from counts by hash group X, Y, Z and the intervals of all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.lifecycle.counts import gap_counts, ratio_counts, value_counts
from lifetide.lifecycle.intervals import (
    Columns,
    Interval,
    StagesLearned,
    Values,
    counted,
    distinct_values,
    gaps_of,
    intervals_of_values,
    parts_of,
    populations_of,
    stages_learned,
)
from lifetide.lifecycle.jackknife import interval
from lifetide.lifecycle.regularity import own_cv
from lifetide.lifecycle.returning import horizon_days
from lifetide.lifecycle.stages import Found, stage_parameters
from lifetide.pipelines.base import Base
from lifetide.pipelines.publishing import Candidate, Run
from lifetide.policy import Policy
from lifetide.rfm.learning import SCORED_FROM, monetary_today
from lifetide.storage import Staged, columns, given_rows, rows
from lifetide.tables import LEARNED_PARAMETERS
from lifetide.vocabulary import LearnedMethod as Method
from lifetide.vocabulary import ParameterScope

MOST_PARAMETERS = 1_000
MOST_COUNTS = 10_000_000
"""Values of four significant digits × 50 hash groups × a handful of measures stay far below it."""
HAS_INTERVAL = {str(one) for one in (Method.MEDIAN, Method.QUANTILE, Method.HALF_POPULATION_INTERVAL)}


def learn(run: Run, base: Base, as_of: date, scope: ParameterScope) -> Staged:
    """Stages and offers the parameters of as_of."""
    points = _learned(run, base, as_of, scope)
    given = [[point[name] for name in LEARNED_PARAMETERS.column_names] for point in points]
    staged = run.aside(LEARNED_PARAMETERS.name, given_rows(run.context.session, LEARNED_PARAMETERS, given))
    run.offer(Candidate(LEARNED_PARAMETERS, staged.rows, staged.count, "append"))
    return staged


def learned_values(run: Run, base: Base, as_of: date) -> dict[str, float]:
    """The values by name that a shop would have learned on as_of; nothing is offered."""
    return {point["name"]: point["value"] for point in _learned(run, base, as_of, ParameterScope.PAST)}


def _learned(run: Run, base: Base, as_of: date, scope: ParameterScope) -> list[dict[str, Any]]:
    """Rows of learned_parameters: distributions reach the driver, never customers."""
    policy = run.context.settings.policy
    learned = flow.learned_parameters(base.state, base.purchases, policy, as_of=as_of, scope=scope)
    with run.step("learning") as counted_:
        points = [row.asDict() for row in rows(learned, at_most=MOST_PARAMETERS)]
        values = parts_of(columns(_values(base, policy, as_of), at_most=MOST_COUNTS), "name")
        found = {point["name"]: point["value"] for point in points}
        populations = populations_of(values.get("interval"), found["population_interval_days"])
        intervals = _intervals(base, policy, values, populations)
        for point in points:
            bounds = intervals.get(point["name"]) if point["method"] in HAS_INTERVAL else None
            point["lower"], point["upper"] = bounds or (None, None)
        points += [_row(one, as_of, scope) for one in _stages(base, policy, as_of, populations)]
        counted_.append(len(points))
    return points


def _values(base: Base, policy: Policy, as_of: date) -> DataFrame:
    """Counts of what customers teach, by hash group."""
    is_scored = F.col("order_count") >= SCORED_FROM
    teaches_cv = F.col("gap_count") >= policy.lifecycle.regularity_learn_gaps
    measures = {
        "interval": F.when(F.col("gap_count") > 0, F.col("gap_sum_days") / F.col("gap_count")),
        "cv": F.when(teaches_cv, own_cv()),
        "recency": F.when(is_scored, F.date_diff(F.lit(as_of), "last_order_date")),
        "frequency": F.when(is_scored, F.col("order_count")),
        "monetary": F.when(is_scored, monetary_today(policy.rfm)),
    }
    return value_counts(base.state, measures)


def _intervals(base: Base, policy: Policy, values: Mapping[str, Columns], populations: Values) -> dict[str, Interval]:
    wanted = distinct_values(populations)
    ratios: dict[float, Columns] = {}
    if wanted:
        ratios = parts_of(columns(ratio_counts(base.purchases, wanted, policy.lifecycle), at_most=MOST_COUNTS),
                          "population")  # fmt: skip
    by_population = {value: counted(one) for value, one in ratios.items()}
    return intervals_of_values(values, populations, by_population, policy.lifecycle.just_ordered_days)


def _stages(base: Base, policy: Policy, as_of: date, populations: Values) -> list[Found]:
    """X, Y and Z."""
    first: date | None = rows(base.state.agg(F.min("first_order_date")), at_most=1)[0][0]
    learned = StagesLearned()
    if first is not None:
        days = (as_of - first).days + 1
        horizon = horizon_days(days)
        gaps = gaps_of(columns(gap_counts(base.purchases, as_of, horizon), at_most=MOST_COUNTS), days)
        learned = stages_learned(gaps, populations, horizon)
    return stage_parameters(learned, policy.stages, policy.lifecycle.default_interval_days)


def _row(found: Found, as_of: date, scope: ParameterScope) -> dict[str, Any]:
    bounds = None if found.learned is None else interval(found.learned.estimates)
    return {
        "name": found.name, "scope": str(scope), "as_of": as_of, "value": found.value,
        "lower": bounds[0] if bounds else None, "upper": bounds[1] if bounds else None, "method": str(found.method),
        "sample_count": found.sample_count, "is_pinned": found.method is Method.PINNED,
    }  # fmt: skip
