"""How sensitive to price a customer is: the prices they pay, each beside the usual one of its category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.distributions import hash_group
from lifetide.tables import CUSTOMER_STATE
from lifetide.vocabulary import PriceSensitivity

PRICES = CUSTOMER_STATE.column("prices").type
MEAN, DEVIATION = "log_price_mean: ", "log_price_deviation: "
HIGH_BELOW, LOW_ABOVE = "price_high_below", "price_low_above"


@dataclass(frozen=True)
class Level:
    """The usual price of a category: mean and standard deviation of ln(unit price) over its customers' items."""

    mean: float
    deviation: float


def log_price() -> Column:
    """ln(unit price before discount) of a row of customer_items; null where nothing was sold, or for nothing."""
    is_priced = (F.col("units_sold") > 0) & (F.col("gross_revenue") > 0)
    price = F.col("gross_revenue").cast("double") / F.col("units_sold").cast("double")
    return F.when(is_priced & F.col("category").isNotNull(), F.ln(price))


def price_sums(state: DataFrame) -> DataFrame:
    """One row per `category, hash_group`: count, total and squares of ln(unit price) over the items of customers."""
    each = state.select(hash_group().alias("hash_group"), F.inline("prices"))
    return each.groupBy("category", "hash_group").agg(
        F.sum("item_count").alias("count"),
        F.sum("log_price_sum").alias("total"),
        F.sum("log_price_square_sum").alias("squares"),
    )


def score_sums(state: DataFrame, levels: Mapping[str, Level]) -> DataFrame:
    """One row per `hash_group`: count, total and squares of customers' scores."""
    score = F.col("score")
    scored = state.select(hash_group().alias("hash_group"), price_score(levels).alias("score"))
    return scored.groupBy("hash_group").agg(
        F.count(score).alias("count"),
        F.coalesce(F.sum(score), F.lit(0.0)).alias("total"),
        F.coalesce(F.sum(score * score), F.lit(0.0)).alias("squares"),
    )


def levels_of(values: Mapping[str, float]) -> dict[str, Level]:
    """The usual prices by category among learned parameters by name."""
    names = [name.removeprefix(MEAN) for name in values if name.startswith(MEAN)]
    return {name: Level(values[MEAN + name], values[DEVIATION + name]) for name in names}


def price_score(levels: Mapping[str, Level]) -> Column:
    """Mean over a customer's items of (ln price − the category's mean) ÷ its standard deviation.

    Null where the customer bought nothing from a category whose usual price is known.
    """
    if not levels:
        return F.lit(None).cast("double")
    entries = [F.lit(part) for name, one in levels.items() for part in (name, one.mean)]
    means = F.create_map(*entries)
    deviations = F.create_map(*(F.lit(part) for name, one in levels.items() for part in (name, one.deviation)))
    known = F.filter("prices", lambda one: F.map_contains_key(means, one["category"]))

    def score(one: Column) -> Column:
        above = one["log_price_sum"] - one["item_count"] * means[one["category"]]
        return above / deviations[one["category"]]

    def with_item(so_far: Column, one: Column) -> Column:
        return F.struct(
            (so_far["items"] + one["item_count"]).alias("items"), (so_far["total"] + score(one)).alias("total")
        )

    none = F.struct(F.lit(0).cast("bigint").alias("items"), F.lit(0.0).alias("total"))
    return F.aggregate(known, none, with_item, lambda end: F.try_divide(end["total"], end["items"]))


def with_price_sensitivity(state: DataFrame, values: Mapping[str, float]) -> DataFrame:
    """One row per customer, with price_sensitivity; null where no score, or no limit was learned."""
    if HIGH_BELOW not in values:
        return state.withColumn("price_sensitivity", F.lit(None).cast("string"))
    score = F.col("price_score")
    pays_little, pays_much = score < values[HIGH_BELOW], score > values[LOW_ABOVE]
    ladder = (
        F.when(pays_little, str(PriceSensitivity.HIGH))
        .when(pays_much, str(PriceSensitivity.LOW))
        .when(score.isNotNull(), str(PriceSensitivity.AVERAGE))
    )
    scored = state.withColumn("price_score", price_score(levels_of(values)))
    return scored.withColumn("price_sensitivity", ladder).drop("price_score")
