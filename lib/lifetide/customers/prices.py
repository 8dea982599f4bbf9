"""How sensitive to price a customer is: the prices they pay, each beside the usual one of its category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.policy import WorthPolicy
from lifetide.tables import CUSTOMER_STATE
from lifetide.vocabulary import PriceSensitivity

PRICES = CUSTOMER_STATE.column("prices").type
MEAN, DEVIATION = "log_price_mean: ", "log_price_deviation: "
HIGH_BELOW, LOW_ABOVE = "price_high_below", "price_low_above"


@dataclass(frozen=True)
class Level:
    """The usual price of a category: mean and standard deviation of ln(unit price) over `count` items."""

    mean: float
    deviation: float
    count: int


def log_price() -> Column:
    """ln(unit price before discount) of a row of customer_items; null where nothing was sold, or for nothing."""
    is_priced = (F.col("units_sold") > 0) & (F.col("gross_revenue") > 0)
    price = F.col("gross_revenue").cast("double") / F.col("units_sold").cast("double")
    return F.when(is_priced & F.col("category").isNotNull(), F.ln(price))


def price_sums(state: DataFrame) -> DataFrame:
    """One row per category: item_count, log_price_sum, log_price_square_sum over all customers of customer_state."""
    each = state.select(F.inline("prices"))
    names = ("item_count", "log_price_sum", "log_price_square_sum")
    return each.groupBy("category").agg(*(F.sum(name).alias(name) for name in names))


def level(count: int, total: float, squares: float, policy: WorthPolicy) -> Level | None:
    """The usual price that the sums tell; None with fewer than `price_min_items` items or one price alone."""
    if count < max(policy.price_min_items, 2):
        return None
    variance = (squares - total * total / count) / (count - 1)
    return Level(total / count, sqrt(variance), count) if variance > 1e-12 else None


def levels_of(values: Mapping[str, float]) -> dict[str, Level]:
    """The usual prices by category among learned parameters by name; how many items taught them is not kept here."""
    names = [name.removeprefix(MEAN) for name in values if name.startswith(MEAN)]
    return {name: Level(values[MEAN + name], values[DEVIATION + name], 0) for name in names}


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
    count = F.aggregate(known, F.lit(0).cast("bigint"), lambda total, one: total + one["item_count"])

    def score(one: Column) -> Column:
        above = one["log_price_sum"] - one["item_count"] * means[one["category"]]
        return above / deviations[one["category"]]

    scores = F.aggregate(known, F.lit(0.0), lambda total, one: total + score(one))
    return F.try_divide(scores, count)


def score_deviation(state: DataFrame, levels: Mapping[str, Level]) -> DataFrame:
    """One row: `deviation` = standard deviation of the customers' scores, and the `customer_count` behind it."""
    scored = state.select(price_score(levels).alias("score"))
    return scored.agg(F.stddev_samp("score").alias("deviation"), F.count("score").alias("customer_count"))


def with_price_sensitivity(state: DataFrame, values: Mapping[str, float]) -> DataFrame:
    """One row per customer, with price_sensitivity; null where no score, or no limit was learned."""
    if HIGH_BELOW not in values:
        return state.withColumn("price_sensitivity", F.lit(None).cast("string"))
    score = price_score(levels_of(values))
    pays_little, pays_much = score < values[HIGH_BELOW], score > values[LOW_ABOVE]
    ladder = (
        F.when(pays_little, str(PriceSensitivity.HIGH))
        .when(pays_much, str(PriceSensitivity.LOW))
        .when(score.isNotNull(), str(PriceSensitivity.AVERAGE))
    )
    return state.withColumn("price_sensitivity", ladder)
