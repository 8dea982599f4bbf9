"""Worth from the tables: few small aggregations of one snapshot, and the rows of the models behind it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from lifetide.distributions import hash_group
from lifetide.explorer.worth_facts import ZERO, CategoryWorth, GroupWorth, ImportanceWorth, ModelFacts, WorthFacts
from lifetide.lifecycle.jackknife import GROUPS, Floats, interval, replicates
from lifetide.ltv.classes import orders_per_year
from lifetide.ltv.proof import proof_from
from lifetide.pipelines.models import model_rows_of
from lifetide.storage.bounded import few_columns, rows
from lifetide.vocabulary import Importance, LifecycleGroup

MOST_CATEGORIES, SHOWN_CATEGORIES, FEWEST = 1_000, 12, 30
"""Categories; and customers that a category needs to be shown."""


def worth_facts(profiles: DataFrame, models: DataFrame, as_of: date, parameters_as_of: date | None) -> WorthFacts:
    """`profiles` of as_of; `models` = ltv_models."""
    found = model_rows_of(models, as_of, parameters_as_of)
    if not found:
        return WorthFacts()
    people = rows(_people(profiles), at_most=len(LifecycleGroup) * (len(Importance) + 1))
    proofs = [row["proof"] for row in found if row["proof"] is not None]
    horizons = [row["horizon_days"] for row in found if row["horizon_days"] is not None]
    return WorthFacts(
        groups=_groups(people),
        importance=_importance(people),
        categories=_categories(profiles),
        models=tuple(_model(row) for row in _in_order(found)),
        horizon_days=max(horizons, default=None),
        drift=max((row["drift"] for row in found if row["drift"] is not None), default=None),
        proof=proof_from(proofs[0]) if proofs else None,
    )


def _people(profiles: DataFrame) -> DataFrame:
    """One row per lifecycle group and importance with any buyer."""
    rate = orders_per_year(F.col("baseline_interval_days"))
    at_own_rhythm = rate * F.col("expected_order_value").cast("double")
    return (
        profiles.where(F.col("order_count") > 0)
        .groupBy("lifecycle_group", "importance")
        .agg(
            F.count(F.lit(1)).alias("customers"),
            *(
                F.coalesce(F.sum(name), F.lit(ZERO)).alias(name)
                for name in ("annual_revenue", "ltv_historic", "ltv_predicted_365d", "ltv_total")
            ),
            F.coalesce(F.sum(at_own_rhythm), F.lit(0.0)).alias("potential"),
            F.sum("annual_orders").alias("annual_orders"),
            F.coalesce(F.sum("expected_orders_365d"), F.lit(0.0)).alias("expected_orders"),
        )
    )


def _groups(people: Sequence[Row]) -> tuple[GroupWorth, ...]:
    found = []
    for group in LifecycleGroup:
        here = [row for row in people if row["lifecycle_group"] == group.value]
        if here:
            found.append(
                GroupWorth(
                    group,
                    sum(row["customers"] for row in here),
                    sum((row["annual_revenue"] for row in here), ZERO),
                    sum((row["ltv_predicted_365d"] for row in here), ZERO),
                    sum(row["potential"] for row in here),
                    sum(row["annual_orders"] for row in here),
                    sum(row["expected_orders"] for row in here),
                )
            )
    return tuple(found)


def _importance(people: Sequence[Row]) -> tuple[ImportanceWorth, ...]:
    found = []
    for one in Importance:
        here = [row for row in people if row["importance"] == one.value]
        if here:
            of_class = [sum((row[name] for row in here), ZERO) for name in ("ltv_historic", "ltv_total")]
            found.append(ImportanceWorth(one, sum(row["customers"] for row in here), *of_class))
    return tuple(found)


def _categories(profiles: DataFrame) -> tuple[CategoryWorth, ...]:
    """The categories with most customers, by mean value to come; none where there are too many to tell apart."""
    known = profiles.where(F.col("ltv_predicted_365d").isNotNull())
    summed = known.groupBy("main_category", hash_group().alias("place")).agg(
        F.count(F.lit(1)).alias("customers"), F.sum("ltv_predicted_365d").cast("double").alias("value")
    )
    told = few_columns(summed, at_most=MOST_CATEGORIES * GROUPS)
    if told is None:
        return ()
    sizes: dict[str | None, Floats] = {}
    for name, place, customers, value in zip(*told.values(), strict=True):
        sizes.setdefault(name, np.zeros((GROUPS, 2)))[place] = customers, value
    if not any(sizes):
        return ()
    everyone = replicates(np.sum(list(sizes.values()), axis=0))
    largest = sorted(
        (name for name, of in sizes.items() if name is not None and of[:, 0].sum() >= FEWEST),
        key=lambda name: (-sizes[name][:, 0].sum(), name),
    )[:SHOWN_CATEGORIES]
    found = [_category(name, replicates(sizes[name]), everyone) for name in largest]
    return tuple(sorted(found, key=lambda one: -one.ratio))


def _category(name: str, of: Floats, everyone: Floats) -> CategoryWorth:
    means, all_ = of[:, 1] / of[:, 0], everyone[:, 1] / everyone[:, 0]
    ratios = means / all_
    bounds = interval(ratios)
    lower, upper = bounds or (None, None)
    return CategoryWorth(name, int(of[0, 0]), float(means[0]), float(ratios[0]), lower, upper)


def _in_order(found: Sequence[Row]) -> list[Row]:
    """The lowest deviance first, then by name; models of values last."""
    return sorted(found, key=lambda row: (row["poisson_deviance"] or 1e9, row["is_chosen"], row["model"]))


def _model(row: Row) -> ModelFacts:
    of: dict[str, Any] = json.loads(row["parameters"])
    errors = of.get("standard_errors", {})
    numbers = tuple((name, value, errors.get(name)) for name, value in of.items() if isinstance(value, float))
    return ModelFacts(
        row["model"],
        row["is_chosen"],
        row["weight"],
        row["poisson_deviance"],
        row["log_likelihood"],
        numbers,
        row["notes"],
    )
