"""What each source id did on each local date."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.tables.model import MONEY, UNITS

ORDER_FIGURES = {"order_count": "bigint", "order_value": MONEY, "item_count": UNITS}
MONEY_FIGURES = {"gross_revenue": MONEY, "discount_amount": MONEY, "refunded_amount": MONEY}
BEHAVIOUR = ("visit_count", "product_view_count", "search_count", "cart_count")


def customer_days(net_orders: DataFrame, sales: DataFrame, parts: DataFrame, clicked: DataFrame | None) -> DataFrame:
    """One row per source_id × local date with any activity; guests are left out.

    Orders stand on the date they were placed, with their net value as known at as_of; money stands on its own
    date; `clicked` = behaviour_days, None where the shop sends no clicks: then behaviour is
    null. margin is null where that of one of the day's lines is unknown.
    """
    activity = _placed(net_orders).unionByName(_sold(sales), allowMissingColumns=True)
    activity = activity.unionByName(_given_back(parts), allowMissingColumns=True)
    figures = {**ORDER_FIGURES, **MONEY_FIGURES}
    if clicked is not None:
        activity = activity.unionByName(clicked, allowMissingColumns=True)
        figures.update(dict.fromkeys(BEHAVIOUR, "bigint"))
    sums = {name: F.coalesce(F.sum(name), F.lit(0)).cast(type_).alias(name) for name, type_ in figures.items()}
    is_margin_known = F.coalesce(F.min("knows_margin"), F.lit(True))
    margin = F.when(is_margin_known, F.coalesce(F.sum("margin"), F.lit(0))).cast(MONEY).alias("margin")
    days = (
        activity.where(F.col("source_id").isNotNull()).groupBy("source_id", "local_date").agg(*sums.values(), margin)
    )
    net = F.col("gross_revenue") - F.col("discount_amount") - F.col("refunded_amount")
    counts = {name: F.col(name) if clicked is not None else F.lit(None) for name in BEHAVIOUR}
    return days.withColumns(
        {
            "order_count": F.col("order_count").cast("int"),
            "net_revenue": net.cast(MONEY),
            **{name: count.cast("int") for name, count in counts.items()},
        }
    )


def _placed(net_orders: DataFrame) -> DataFrame:
    return net_orders.select(
        "source_id",
        F.col("order_date").alias("local_date"),
        F.lit(1).cast("bigint").alias("order_count"),
        F.col("net_revenue").alias("order_value"),
        "item_count",
    )


def _sold(sales: DataFrame) -> DataFrame:
    discount = F.coalesce("discount_amount", F.lit(0).cast(MONEY))
    return sales.select(
        F.col("order_source_id").alias("source_id"),
        F.col("event_date").alias("local_date"),
        (F.col("amount") + discount).cast(MONEY).alias("gross_revenue"),
        discount.alias("discount_amount"),
        "margin",
        F.col("margin").isNotNull().alias("knows_margin"),
    )


def _given_back(parts: DataFrame) -> DataFrame:
    return parts.select(
        "source_id",
        F.col("credit_date").alias("local_date"),
        F.col("amount").alias("refunded_amount"),
        (-F.col("margin")).alias("margin"),
        F.col("margin").isNotNull().alias("knows_margin"),
    )


def without_money(rows: DataFrame) -> DataFrame:
    """The rows of a shop that sends no money: what is unknown is null, not zero."""
    unknown = {name: F.lit(None).cast(type_) for name, type_ in rows.dtypes if type_ == MONEY}
    return rows.withColumns(unknown)
