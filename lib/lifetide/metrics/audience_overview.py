"""What audiences are worth beside everyone (feature rows 001.3, 003.1): one row per audience."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.metrics.audience_means import mean, means, sums
from lifetide.tables.model import MONEY

FIGURES = (
    "member_count", "ltv_per_customer", "average_orders", "average_basket_size", "annual_orders", "annual_revenue",
    "lost_share", "ltv_predicted_365d",
)  # fmt: skip
_KEY = "audience_key"


def audience_overview(people: DataFrame, keys: Sequence[str], as_of: date) -> DataFrame:
    """One row per audience of `keys`, members or none, and one for everyone (audience_key null), as of `as_of`.

    `people`: one row per customer of the snapshot with `audience_keys`, order_count, order_value_sum, annual_orders,
    annual_revenue, ltv_historic, lifecycle_group, ltv_predicted_365d and its interval. Means are over all members,
    those without an order included; money is rounded half up once. The interval of a mean takes the customers'
    errors as independent: mean ± √Σ(half width)² ÷ members.
    """
    everyone = F.array(F.lit(None).cast("string"))
    mine = F.coalesce("audience_keys", F.array().cast("array<string>"))
    each = people.withColumn(_KEY, F.explode(F.concat(everyone, mine)))
    found = each.groupBy(_KEY).agg(*_sums())
    whole = found.where(F.col(_KEY).isNull())
    asked = whole.select(F.explode(F.concat(everyone, F.array(*map(F.lit, keys)).cast("array<string>"))).alias(_KEY))
    same = F.col("asked.audience_key").eqNullSafe(F.col("seen.audience_key"))
    seen = asked.alias("asked").join(found.alias("seen"), same, "left")
    figures = seen.select(F.col("asked.audience_key").alias(_KEY), *_figures())
    base = figures.where(F.col(_KEY).isNull()).select(*(F.col(name).alias(f"base_{name}") for name in FIGURES))
    beside = figures.crossJoin(F.broadcast(base))
    return beside.select(
        F.lit(as_of).alias("as_of"),
        _KEY,
        *(one for name in FIGURES for one in (F.col(name), _ratio(name))),
        "ltv_predicted_365d_lower",
        "ltv_predicted_365d_upper",
    )


def _sums() -> list[Column]:
    predicted = F.col("ltv_predicted_365d")
    low = (predicted - F.col("ltv_predicted_365d_lower")).cast("double")
    high = (F.col("ltv_predicted_365d_upper") - predicted).cast("double")
    return [
        *sums(),
        F.sum(predicted).alias("predicted"),
        F.count(predicted).alias("predicted_n"),
        F.sum(low * low).alias("low"),
        F.sum(high * high).alias("high"),
    ]


def _figures() -> list[Column]:
    predicted, count = mean("predicted", "predicted_n"), F.col("predicted_n")
    low, high = (F.sqrt(name) / F.nullif(count, F.lit(0)) for name in ("low", "high"))
    return [
        F.coalesce("n", F.lit(0)).alias("member_count"),
        *means(),
        predicted.alias("ltv_predicted_365d"),
        (predicted - F.round(low, 2).cast(MONEY)).cast(MONEY).alias("ltv_predicted_365d_lower"),
        (predicted + F.round(high, 2).cast(MONEY)).cast(MONEY).alias("ltv_predicted_365d_upper"),
    ]


def _ratio(name: str) -> Column:
    return F.try_divide(F.col(name).cast("double"), F.col(f"base_{name}").cast("double")).alias(f"{name}_ratio")
