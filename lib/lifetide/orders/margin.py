"""What stays of the money after the goods are paid for: by unit cost, else by a rate per category."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.policy import WorthPolicy
from lifetide.tables.model import MONEY, UNITS


def with_margin(lines: DataFrame, products: DataFrame, policy: WorthPolicy, *, units: str) -> DataFrame:
    """One row per line (of a sale, or part of a credit) with `margin` in shop currency, rounded half up to cents.

    amount − `units` × unit_cost of the product; else amount × the rate of the line's category; services cost
    nothing unless their category has a rate; null = neither cost nor rate is known, or the amount is not.
    """
    known = products.select("product_id", "unit_cost", F.col("category").alias("category_of_product"))
    rates = policy.rate_by_category()
    rate = F.element_at(_map_of(rates), F.coalesce("category", "category_of_product")) if rates else F.lit(None)
    default = F.lit(policy.default_margin_rate).cast("double")
    by_rate = F.col("amount") * F.coalesce(rate.cast("double"), default).cast("decimal(9,6)")
    by_cost = F.col("amount") - (F.col(units).cast(UNITS) * F.col("unit_cost")).cast("decimal(38,9)")
    is_service = ~F.coalesce("is_product", F.lit(True)) & rate.isNull()
    margin = F.when(is_service, F.col("amount")).otherwise(F.coalesce(by_cost, by_rate))
    return (
        lines.join(known, "product_id", "left")
        .withColumn("margin", F.round(margin, 2).cast(MONEY))
        .drop("unit_cost", "category_of_product")
    )


def without_margin(lines: DataFrame) -> DataFrame:
    """The same lines where the shop gives neither costs nor rates."""
    return lines.withColumn("margin", F.lit(None).cast(MONEY))


def sum_if_all_known(name: str) -> Column:
    """Σ of the column over the group; null where one value is unknown."""
    return F.when(F.count(name) == F.count(F.lit(1)), F.sum(name)).cast(MONEY)


def _map_of(rates: dict[str, float]) -> Column:
    return F.create_map(*(F.lit(word) for pair in rates.items() for word in pair))
