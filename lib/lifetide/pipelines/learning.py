"""What a build or a fit learns: exact quantiles; and from counts by hash group X, Y, Z and the intervals of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide import flow
from lifetide.lifecycle.counts import category_gap_counts, evenness_counts, gap_counts, ratio_counts, value_counts
from lifetide.lifecycle.grouping import SHRINKAGES, Fit, OwnRhythm, category_counts, likelihoods, own_rhythms
from lifetide.lifecycle.intervals import (
    Columns,
    Interval,
    StagesLearned,
    Values,
    counted,
    distinct_values,
    gaps_of,
    intervals_of_evenness,
    intervals_of_values,
    parts_of,
    populations_of,
    silences_learned,
    stages_learned,
)
from lifetide.lifecycle.jackknife import interval
from lifetide.lifecycle.returning import Learned, horizon_days
from lifetide.lifecycle.rhythm import OF_GROUP, own_interval
from lifetide.lifecycle.stages import Found, category_parameters, stage_parameters
from lifetide.pipelines.base import Base
from lifetide.pipelines.classing import class_limits
from lifetide.pipelines.prices import learned_prices
from lifetide.pipelines.publishing import Candidate, Run
from lifetide.policy import LifecyclePolicy, Policy
from lifetide.rfm.learning import SCORED_FROM, monetary_today
from lifetide.storage import Staged, columns, given_rows, rows
from lifetide.tables import LEARNED_PARAMETERS
from lifetide.vocabulary import LearnedMethod as Method
from lifetide.vocabulary import ParameterScope

MOST_PARAMETERS = 1_000
MOST_COUNTS = 10_000_000
"""Values of four significant digits × 50 hash groups × a handful of measures stay far below it."""
HAS_INTERVAL = {str(one) for one in (Method.MEDIAN, Method.QUANTILE, Method.HALF_POPULATION_INTERVAL)}


def learn(run: Run, base: Base, as_of: date, scope: ParameterScope, valued: DataFrame) -> Staged:
    """Stages and offers the parameters of as_of; `valued` = customer_state with worth, where models were fitted."""
    points = _learned(run, base, as_of, scope)
    values = {point["name"]: point["value"] for point in points}
    with run.step("limits of classes"):
        limits = class_limits(valued, values, run.context.settings.policy)
    points += [_row(one, as_of, scope) for one in limits]
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
    with run.step("learning") as counted_:
        values = parts_of(columns(_values(base, policy, as_of), at_most=MOST_COUNTS), "name")
        populations = populations_of(values.get("interval"), policy.lifecycle.default_interval_days)
        groups = groups_of(base, policy.lifecycle, populations)
        whole = {name: float(own.intervals[0]) for name, own in groups.items()}
        bought = flow.in_groups(base.purchases, base.state, groups)
        learned = flow.learned_parameters(base.state, bought, policy, as_of=as_of, scope=scope, groups=whole)
        points = [row.asDict() for row in rows(learned, at_most=MOST_PARAMETERS)]
        intervals = _intervals(bought, policy, values, populations, whole)
        intervals |= _evenness(base, policy.lifecycle)
        for point in points:
            bounds = intervals.get(point["name"]) if point["method"] in HAS_INTERVAL else None
            point["lower"], point["upper"] = bounds or (None, None)
        days = _span(base, as_of)
        found = [*_of_groups(groups), *_stages(base, policy, as_of, days, populations)]
        found += _stages_of_groups(bought, policy, as_of, days, groups)
        found += learned_prices(base, policy.worth)
        points += [_row(one, as_of, scope) for one in found]
        counted_.append(len(points))
    return points


def _values(base: Base, policy: Policy, as_of: date) -> DataFrame:
    """Counts of what customers teach, by hash group."""
    is_scored = F.col("order_count") >= SCORED_FROM
    measures = {
        "interval": own_interval(),
        "recency": F.when(is_scored, F.date_diff(F.lit(as_of), "last_order_date")),
        "frequency": F.when(is_scored, F.col("order_count")),
        "monetary": F.when(is_scored, monetary_today(policy.rfm)),
    }
    return value_counts(base.state, measures)


def groups_of(base: Base, policy: LifecyclePolicy, populations: Values) -> dict[str, OwnRhythm]:
    """The main categories that have a rhythm of their own; none where that foretells worse.

    By policy (`grouping`): what predicts the next gap of customers left out, or one of both in any case.
    """
    if policy.grouping == "everyone":
        return {}
    found = own_rhythms(columns(category_counts(base.state), at_most=MOST_COUNTS))
    if not found or policy.grouping == "main_category":
        return found
    fit = fit_of(base, found, populations, [policy.shrinkage])
    return found if fit.gain(policy.shrinkage) > 0 else {}


def fit_of(base: Base, rhythms: Mapping[str, OwnRhythm], populations: Values, shrinkages: Sequence[float]) -> Fit:
    """How well the intervals foretell the next gap, by κ."""
    bought = flow.in_groups(base.purchases, base.state, rhythms)
    row = rows(likelihoods(bought, rhythms, populations, shrinkages), at_most=1)[0]
    by_shrinkage = [dict(zip(shrinkages, row[name], strict=True)) for name in ("everyone", "grouped")]
    return Fit(by_shrinkage[0], by_shrinkage[1], row["gap_count"])


def best_shrinkage(base: Base, policy: LifecyclePolicy) -> float | None:
    """The κ from 1 to 10 that foretells the next gap best; reported beside the one in use. None without a gap."""
    intervals = parts_of(
        columns(value_counts(base.state, {"interval": own_interval()}), at_most=MOST_COUNTS), "name"
    ).get("interval")
    populations = populations_of(intervals, policy.default_interval_days)
    groups = groups_of(base, policy, populations)
    return fit_of(base, groups, populations, SHRINKAGES).best_shrinkage(is_grouped=bool(groups))


def _of_groups(groups: Mapping[str, OwnRhythm]) -> list[Found]:
    how = Method.MEDIAN_OF_GROUP
    return [
        Found(f"{OF_GROUP}{name}", float(own.intervals[0]), how, own.customers, Learned(own.intervals, how))
        for name, own in groups.items()
    ]


def _intervals(
    bought: DataFrame,
    policy: Policy,
    values: Mapping[str, Columns],
    populations: Values,
    groups: Mapping[str, float],
) -> dict[str, Interval]:
    wanted = distinct_values(populations)
    ratios: dict[float, Columns] = {}
    if wanted:
        counts = ratio_counts(bought, wanted, policy.lifecycle, groups)
        ratios = parts_of(columns(counts, at_most=MOST_COUNTS), "population")
    by_population = {value: counted(one) for value, one in ratios.items()}
    return intervals_of_values(values, populations, by_population, policy.lifecycle.just_ordered_days)


def _evenness(base: Base, policy: LifecyclePolicy) -> dict[str, Interval]:
    counts = columns(evenness_counts(base.state, policy), at_most=MOST_COUNTS)
    return intervals_of_evenness(counts, policy.shrinkage, policy.regular_quantile)


def _stages(base: Base, policy: Policy, as_of: date, days: int, populations: Values) -> list[Found]:
    """X, Y and Z."""
    learned = StagesLearned()
    if days:
        horizon = horizon_days(days)
        gaps = gaps_of(columns(gap_counts(base.purchases, as_of, horizon), at_most=MOST_COUNTS), days)
        learned = stages_learned(gaps, populations, horizon)
    return stage_parameters(learned, policy.stages, policy.lifecycle.default_interval_days)


def _stages_of_groups(
    bought: DataFrame, policy: Policy, as_of: date, days: int, groups: Mapping[str, OwnRhythm]
) -> list[Found]:
    """X and Y of the main categories that have a rhythm of their own."""
    if not groups:
        return []
    counts = columns(category_gap_counts(bought, as_of, list(groups)), at_most=MOST_COUNTS)
    found = []
    for name, part in sorted(parts_of(counts, "category").items()):
        learned = silences_learned(part, days, groups[name].intervals, horizon_days(days))
        found += category_parameters(name, learned, policy.stages)
    return found


def _span(base: Base, as_of: date) -> int:
    """Days from the first net order to as_of, both counted; 0 without one."""
    first = base.first_order_date
    return 0 if first is None else (as_of - first).days + 1


def _row(found: Found, as_of: date, scope: ParameterScope) -> dict[str, Any]:
    bounds = None if found.learned is None else interval(found.learned.estimates, lowest=found.lowest)
    return {
        "name": found.name, "scope": str(scope), "as_of": as_of, "value": found.value,
        "lower": bounds[0] if bounds else None, "upper": bounds[1] if bounds else None, "method": str(found.method),
        "sample_count": found.sample_count, "is_pinned": found.method is Method.PINNED,
    }  # fmt: skip
