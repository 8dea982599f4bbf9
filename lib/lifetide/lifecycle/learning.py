"""What the shop's customers teach about rhythm: the population's interval, the two cuts, evenness."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.distributions import quantiles
from lifetide.lifecycle.regularity import own_cv, shrunk_cv
from lifetide.lifecycle.rhythm import baseline, of_category, own_interval
from lifetide.policy import LifecyclePolicy
from lifetide.vocabulary import LearnedMethod as Method


def learned_rhythm(
    state: DataFrame, purchases: DataFrame, policy: LifecyclePolicy, groups: Mapping[str, float] | None = None
) -> DataFrame:
    """One row per parameter: `name, value, method, sample_count`, from customer_state and purchase_days.

    `groups`: intervals by main category where they are in use; then `purchases` has main_category.
    """
    population = population_interval(state, policy)
    return (
        _population(population, policy)
        .unionByName(_cuts(purchases, population, policy, groups or {}))
        .unionByName(_evenness(state, policy))
    )


def population_interval(state: DataFrame, policy: LifecyclePolicy) -> DataFrame:
    """One row: the median over customers with a completed gap of their own mean gap, else the default."""
    own = state.where(F.col("gap_count") > 0).select(own_interval().alias("value"))
    median = F.get("quantiles", F.lit(0))
    return quantiles(own, [0.5]).select(
        F.coalesce(median, F.lit(float(policy.default_interval_days))).alias("value"),
        F.when(median.isNull(), str(Method.DEFAULT)).otherwise(str(Method.MEDIAN)).alias("method"),
        "sample_count",
    )


def gap_ratios(
    purchases: DataFrame, population: DataFrame, policy: LifecyclePolicy, groups: Mapping[str, float]
) -> DataFrame:
    """One row per completed gap: `value` = the gap ÷ the baseline that the gaps before it gave."""
    group = population.select(F.col("value").alias("population"))
    before = F.col("recency_days") - F.col("gap_days")
    expected = baseline(of_category(groups, F.col("population")), before, F.col("gap_count") - 1, policy)
    gaps = purchases.where(F.col("gap_days").isNotNull()).join(F.broadcast(group), how="cross")
    return gaps.select((F.col("gap_days") / expected).alias("value"))


def _population(population: DataFrame, policy: LifecyclePolicy) -> DataFrame:
    """The interval itself and just_ordered_days: where people normally come back sooner, half of their interval."""
    is_fast = F.col("value") < float(policy.just_ordered_days)
    until = F.when(is_fast, F.col("value") / 2).otherwise(F.lit(float(policy.just_ordered_days)))
    how = F.when(is_fast, str(Method.HALF_POPULATION_INTERVAL)).otherwise(str(Method.DEFAULT))
    interval = _parameter("population_interval_days", F.col("value"), F.col("method"))
    return _rows_of(population, [interval, _parameter("just_ordered_days", until, how)])


def _cuts(
    purchases: DataFrame, population: DataFrame, policy: LifecyclePolicy, groups: Mapping[str, float]
) -> DataFrame:
    """Both cuts: pinned, else learned, else (with fewer than min_gaps gaps) the default."""
    found = quantiles(gap_ratios(purchases, population, policy, groups), [0.75, 0.95])
    is_enough = F.col("sample_count") >= policy.min_gaps
    method = F.when(is_enough, str(Method.QUANTILE)).otherwise(str(Method.DEFAULT))

    def cut(name: str, place: int, pinned: float | None, default: float) -> Column:
        if pinned is not None:
            return _parameter(name, F.lit(float(pinned)), F.lit(str(Method.PINNED)))
        learned = F.when(is_enough, F.get("quantiles", F.lit(place))).otherwise(F.lit(float(default)))
        return _parameter(name, learned, method)

    slipping = cut("cut75", 0, policy.cut75, policy.default_cut75)
    return _rows_of(found, [slipping, cut("cut95", 1, policy.cut95, policy.default_cut95)])


def _parameter(name: str, value: Column, method: Column) -> Column:
    return F.struct(F.lit(name).alias("name"), value.alias("value"), method.alias("method"))


def _rows_of(found: DataFrame, parameters: list[Column]) -> DataFrame:
    """One row per parameter of a one-row frame."""
    return found.select(F.inline(F.array(*parameters)), "sample_count")


def _evenness(state: DataFrame, policy: LifecyclePolicy) -> DataFrame:
    """The median cv, and the limit below which a shrunk cv counts as regular; no row where nobody teaches it."""
    teachers = state.where(F.col("gap_count") >= policy.regularity_learn_gaps).select(
        "gap_count", own_cv().alias("cv")
    )
    median = quantiles(teachers.select(F.col("cv").alias("value")), [0.5])
    middle = median.select(F.get("quantiles", F.lit(0)).alias("median"))
    shrunk = teachers.join(F.broadcast(middle), how="cross").select(
        shrunk_cv(F.col("cv"), F.col("gap_count"), F.col("median"), policy).alias("value")
    )
    limit = quantiles(shrunk, [policy.regular_quantile])
    return _first_quantile(median, "interval_cv_median", Method.MEDIAN).unionByName(
        _first_quantile(limit, "regular_cv_cut", Method.QUANTILE)
    )


def _first_quantile(found: DataFrame, name: str, method: Method) -> DataFrame:
    value: Column = F.get("quantiles", F.lit(0))
    return found.where(value.isNotNull()).select(
        F.lit(name).alias("name"), value.alias("value"), F.lit(str(method)).alias("method"), "sample_count"
    )
