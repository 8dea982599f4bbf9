"""What each source id did on each local date."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.tables.model import MONEY, UNITS

ORDER_FIGURES = {"order_count": "bigint", "order_value": MONEY, "item_count": UNITS}
MONEY_FIGURES = {"gross_revenue": MONEY, "discount_amount": MONEY, "refunded_amount": MONEY}
BEHAVIOUR = ("visit_count", "product_view_count", "search_count", "cart_count")


def customer_days(net_orders: DataFrame, sales: DataFrame, parts: DataFrame) -> DataFrame:
    """One row per source_id × local date with any activity; guests are left out.

    Orders stand on the date they were placed, with their net value as known at as_of; money stands on its own
    date. Behaviour is null: the shop sends none.
    """
    placed = net_orders.select(
        "source_id",
        F.col("order_date").alias("local_date"),
        F.lit(1).cast("bigint").alias("order_count"),
        F.col("net_revenue").alias("order_value"),
        "item_count",
    )
    sold = sales.select(
        F.col("order_source_id").alias("source_id"),
        F.col("event_date").alias("local_date"),
        (F.col("amount") + F.col("discount_amount")).cast(MONEY).alias("gross_revenue"),
        "discount_amount",
    )
    given_back = parts.select(
        "source_id", F.col("credit_date").alias("local_date"), F.col("amount").alias("refunded_amount")
    )
    figures = {**ORDER_FIGURES, **MONEY_FIGURES}
    activity = placed.unionByName(sold, allowMissingColumns=True).unionByName(given_back, allowMissingColumns=True)
    sums = {name: F.coalesce(F.sum(name), F.lit(0)).cast(type_).alias(name) for name, type_ in figures.items()}
    days = activity.where(F.col("source_id").isNotNull()).groupBy("source_id", "local_date").agg(*sums.values())
    net = F.col("gross_revenue") - F.col("discount_amount") - F.col("refunded_amount")
    return days.withColumns(
        {
            "order_count": F.col("order_count").cast("int"),
            "net_revenue": net.cast(MONEY),
            "margin": F.lit(None).cast(MONEY),
            **{name: F.lit(None).cast("int") for name in BEHAVIOUR},
        }
    )
