"""What each source id bought on each local date, product by product."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.tables.model import MONEY, UNITS

KEY = ("source_id", "local_date", "product_id")


def customer_items(
    voided_orders: DataFrame, sales: DataFrame, parts: DataFrame, products: DataFrame, clicked: DataFrame | None
) -> DataFrame:
    """One row per source_id × local date × product; guests and services are left out.

    category: of the day's latest line that has one, else of its latest click, else the product's; null = unknown.
    `clicked` = behaviour_items, None where the shop sends no clicks: then view_count and cart_count are null.
    All rows of a source id come together once; what follows sorts them once and shuffles no more.
    """
    lines = _sold(voided_orders, sales).unionByName(_credited(parts))
    of_product = F.col("source_id").isNotNull() & F.col("product_id").isNotNull() & F.col("is_product")
    items = (
        lines.where(of_product)
        .repartition("source_id")
        .groupBy(*KEY)
        .agg(
            F.max_by("category", F.when(F.col("category").isNotNull(), F.struct("at", "event_id"))).alias("of_line"),
            F.count_distinct("net_order_id").cast("int").alias("order_count"),
            F.sum("units_sold").cast(UNITS).alias("units_sold"),
            F.sum("units_credited").cast(UNITS).alias("units_credited"),
            F.sum("gross").cast(MONEY).alias("gross_revenue"),
            F.sum("money").cast(MONEY).alias("net_revenue"),
        )
    )
    known = products.select("product_id", F.col("category").alias("of_product"))
    return (
        _with_clicks(items, clicked)
        .join(known, "product_id", "left")
        .withColumn("category", F.coalesce("of_line", "clicked_category", "of_product"))
        .drop("of_line", "clicked_category", "of_product")
    )


def _with_clicks(items: DataFrame, clicked: DataFrame | None) -> DataFrame:
    if clicked is None:
        nothing = {"view_count": "int", "cart_count": "int", "clicked_category": "string"}
        return items.withColumns({name: F.lit(None).cast(type_) for name, type_ in nothing.items()})
    both = items.join(clicked, list(KEY), "full")
    zeros = {"order_count": "int", "units_sold": UNITS, "units_credited": UNITS,
             "gross_revenue": MONEY, "net_revenue": MONEY,
             "view_count": "int", "cart_count": "int"}  # fmt: skip
    return both.withColumns({name: F.coalesce(name, F.lit(0).cast(type_)) for name, type_ in zeros.items()})


def _sold(voided_orders: DataFrame, sales: DataFrame) -> DataFrame:
    voided = voided_orders.select(F.col("order_id").alias("voided_order_id"))
    return sales.join(voided, F.col("order_id") == F.col("voided_order_id"), "left").select(
        F.col("order_source_id").alias("source_id"),
        F.col("event_date").alias("local_date"),
        "product_id",
        "is_product",
        "category",
        F.col("event_at").alias("at"),
        "event_id",
        F.when(F.col("voided_order_id").isNull(), F.col("order_id")).alias("net_order_id"),
        F.col("quantity").alias("units_sold"),
        _none(UNITS).alias("units_credited"),
        (F.col("amount") + F.coalesce("discount_amount", F.lit(0))).cast(MONEY).alias("gross"),
        F.col("amount").alias("money"),
    )


def _credited(parts: DataFrame) -> DataFrame:
    return parts.select(
        "source_id",
        F.col("credit_date").alias("local_date"),
        "product_id",
        "is_product",
        "category",
        F.col("credit_at").alias("at"),
        F.col("credit_event_id").alias("event_id"),
        F.lit(None).cast("string").alias("net_order_id"),
        _none(UNITS).alias("units_sold"),
        F.col("units").alias("units_credited"),
        _none(MONEY).alias("gross"),
        (-F.col("amount")).cast(MONEY).alias("money"),
    )


def _none(type_: str) -> Column:
    return F.lit(0).cast(type_)
