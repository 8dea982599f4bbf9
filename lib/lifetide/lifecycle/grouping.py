"""Whether main categories have rhythms of their own, judged on the gaps of customers who were left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.distributions import four_digits, hash_group
from lifetide.lifecycle.intervals import Columns, Values, counted, parts_of
from lifetide.lifecycle.rhythm import baseline_with, own_interval

FEWEST_GAPS = 100
"""Completed gaps; with fewer a category goes with everyone."""
MOST_GROUPS = 200
"""Categories, those with most gaps; the others go with everyone."""
SHRINKAGES = tuple(float(number) for number in range(1, 11))


@dataclass(frozen=True)
class Fit:
    """Log-likelihood of the next gap by κ, with everyone's interval and with the categories', and how many gaps."""

    everyone: Mapping[float, float]
    grouped: Mapping[float, float]
    gap_count: int

    def gain(self, shrinkage: float) -> float:
        """What grouping adds; above 0 it predicts better."""
        return self.grouped[shrinkage] - self.everyone[shrinkage]

    def best_shrinkage(self, *, is_grouped: bool) -> float | None:
        """The κ of the grid that predicts best; None without a gap."""
        likelihoods = {k: v for k, v in (self.grouped if is_grouped else self.everyone).items() if k in SHRINKAGES}
        return max(likelihoods, key=lambda k: likelihoods[k]) if self.gap_count else None


def category_counts(state: DataFrame) -> DataFrame:
    """One row per `category, value, hash_group`: `times` customers with that own mean gap, and `gaps` of theirs."""
    taught = state.where((F.col("gap_count") > 0) & F.col("main_category").isNotNull())
    return taught.groupBy(
        F.col("main_category").alias("category"),
        four_digits(own_interval()).alias("value"),
        hash_group().alias("hash_group"),
    ).agg(F.count(F.lit(1)).alias("times"), F.sum("gap_count").alias("gaps"))


@dataclass(frozen=True)
class OwnRhythm:
    """The median own mean gap of a category's customers, per replicate, and how many customers teach it."""

    intervals: Values
    customers: int


def own_rhythms(columns: Columns) -> dict[str, OwnRhythm]:
    """The rhythms of the categories with enough gaps, by name."""
    parts = parts_of(columns, "category")
    gaps = {name: int(np.sum(part["gaps"])) for name, part in parts.items()}
    enough = sorted((name for name in parts if gaps[name] >= FEWEST_GAPS), key=lambda name: (-gaps[name], name))
    counts = {str(name): counted(parts[name]) for name in enough[:MOST_GROUPS]}
    return {name: OwnRhythm(one.quantiles([0.5])[:, 0], int(one.counts[0].sum())) for name, one in counts.items()}


def likelihoods(
    purchases: DataFrame, rhythms: Mapping[str, OwnRhythm], populations: Values, shrinkages: Sequence[float]
) -> DataFrame:
    """One row: `gap_count`, and arrays `everyone` and `grouped` by κ.

    The log-likelihood of each completed gap as an exponential one with the baseline as its mean, both intervals
    learned without the customer's own hash group: −ln m − gap ÷ m. `purchases` has main_category.
    """
    left_out = F.get(_values(populations[1:], populations[1:]), hash_group())
    of_category: Column = left_out
    if rhythms:
        pairs = [
            one
            for name, own in sorted(rhythms.items())
            for one in (F.lit(name), _values(own.intervals[1:], populations[1:]))
        ]
        known = F.try_element_at(F.create_map(*pairs), F.col("main_category"))
        of_category = F.coalesce(F.get(known, hash_group()), left_out)
    gaps = purchases.where(F.col("gap_days").isNotNull()).select(
        "gap_days", (F.col("recency_days") - F.col("gap_days")).alias("before"),
        (F.col("gap_count") - 1).alias("gaps"), left_out.alias("everyone"), of_category.alias("grouped"),
    )  # fmt: skip

    def total(interval: str, shrinkage: float) -> Column:
        expected = baseline_with(F.col(interval), F.col("before"), F.col("gaps"), shrinkage)
        return F.coalesce(F.sum(-F.ln(expected) - F.col("gap_days") / expected), F.lit(0.0))

    return gaps.agg(
        F.count(F.lit(1)).alias("gap_count"),
        *(
            F.array(*(total(interval, shrinkage) for shrinkage in shrinkages)).alias(interval)
            for interval in ("everyone", "grouped")
        ),
    )


def _values(values: Values, otherwise: Values) -> Column:
    """A literal array; where a replicate has no value, the other's."""
    return F.array(*(F.lit(float(value)) for value in np.where(np.isfinite(values), values, otherwise)))
