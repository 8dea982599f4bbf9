"""Credits: the order that each names, or the sales whose units it takes back, or standing alone."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.orders.stretches import matched_stretches
from lifetide.tables.model import MONEY, UNITS

CREDIT = (
    "credit_event_id", "credit_type", "credit_at", "credit_date", "credit_order_id", "credit_source_id",
    "credit_customer_id", "credit_channel", "names_order_id", "product_id", "is_product", "category",
)  # fmt: skip
"""What a part keeps of its credit line."""


def credit_parts(sales: DataFrame, credits_: DataFrame) -> DataFrame:
    """One row per part of a credit line; the parts of a line add up to its units and its money.

    A part falls on a sale (`matched_units` above 0; `order_id` is the sale's), or on an order that the credit
    names without its units (`sale_event_id` = the order's first line, `matched_units` 0), or stands alone
    (`sale_event_id` null; `order_id` is the credit note's). `source_id` is whose money it is: the sale's, else
    the credit's own; null = a guest's. `sale_units` are the units of the sale line; null without matched units.
    """
    known = sales.groupBy(F.col("order_id").alias("named_order_id")).agg(
        F.first("first_event_id").alias("named_first_event_id"),
        F.first("order_source_id").alias("named_source_id"),
    )
    named = credits_.join(known, F.col("names_order_id") == F.col("named_order_id"), "left")
    stretches = matched_stretches(_queues(sales, named))
    return _on_sales(stretches, named, sales).unionByName(_rests(stretches, named))


def refund_matches(parts: DataFrame) -> DataFrame:
    """One row per credit event × sale event: units taken back and money given back."""
    on_sales = parts.where(
        F.col("sale_event_id").isNotNull() & ((F.col("matched_units") > 0) | (F.col("amount") != 0))
    )
    return on_sales.groupBy("credit_event_id", "sale_event_id").agg(
        F.first("credit_order_id").alias("credit_order_id"),
        F.first("order_id").alias("sale_order_id"),
        F.first("credit_date").alias("credit_date"),
        F.sum("matched_units").cast(UNITS).alias("units"),
        F.sum("amount").cast(MONEY).alias("amount"),
    )


def _queues(sales: DataFrame, named: DataFrame) -> DataFrame:
    """The lines that meet in matching: those of orders that credits name, and buyers' dealings in a product.

    Guests are one buyer here: what one of them brings back is the first of that product sold to any of them.
    """
    is_named = F.col("named_order_id").isNotNull()
    by_order = named.where(is_named)
    by_dealings = named.where(~is_named & F.col("product_id").isNotNull())
    orders_wanted = by_order.select(F.col("named_order_id").alias("order_id")).distinct()
    dealings_wanted = by_dealings.select("credit_source_id", F.col("product_id").alias("credited")).distinct()
    same_dealings = F.col("order_source_id").eqNullSafe(F.col("credit_source_id")) & (
        F.col("product_id") == F.col("credited")
    )
    in_orders = sales.join(orders_wanted, "order_id", "left_semi")
    in_dealings = sales.join(dealings_wanted, same_dealings, "left_semi")
    return (
        _credits_queued(by_order, "order", "named_order_id", phase=1)
        .unionByName(_sales_queued(in_orders, "order", "order_id"))
        .unionByName(_credits_queued(by_dealings, "dealings", "credit_source_id", phase=0))
        .unionByName(_sales_queued(in_dealings, "dealings", "order_source_id"))
    )


def _credits_queued(lines: DataFrame, queue: str, key: str, *, phase: int) -> DataFrame:
    """`phase` 1 puts credits behind all sales of the order that they name; in dealings time alone decides."""
    return lines.where(F.col("credit_units") > 0).select(
        F.lit(queue).alias("queue"),
        F.col(key).alias("queue_key"),
        "product_id",
        F.lit(True).alias("is_credit"),
        F.lit(phase).alias("phase"),
        F.col("credit_at").alias("event_at"),
        F.col("credit_event_id").alias("event_id"),
        F.col("credit_units").alias("units"),
    )


def _sales_queued(lines: DataFrame, queue: str, key: str) -> DataFrame:
    return lines.where(F.col("quantity") > 0).select(
        F.lit(queue).alias("queue"),
        F.col(key).alias("queue_key"),
        "product_id",
        F.lit(False).alias("is_credit"),
        F.lit(0).alias("phase"),
        "event_at",
        "event_id",
        F.col("quantity").alias("units"),
    )


def _on_sales(stretches: DataFrame, named: DataFrame, sales: DataFrame) -> DataFrame:
    of_sale = sales.select(
        F.col("event_id").alias("sale_event_id"),
        "order_id",
        F.col("order_source_id").alias("source_id"),
        F.col("quantity").alias("sale_units"),
    )
    before, until = F.col("units_before"), F.col("units_before") + F.col("units")
    return (
        stretches.join(named, "credit_event_id", "inner")
        .join(of_sale, "sale_event_id", "inner")
        .select(
            *CREDIT,
            "sale_event_id",
            "order_id",
            "source_id",
            F.col("units").alias("matched_units"),
            "sale_units",
            "units",
            (_money_of(until) - _money_of(before)).cast(MONEY).alias("amount"),
        )
    )


def _rests(stretches: DataFrame, named: DataFrame) -> DataFrame:
    """What no sale's units took up: on the named order, else standing alone."""
    taken = stretches.groupBy("credit_event_id").agg(F.sum("units").alias("taken"))
    left = named.join(taken, "credit_event_id", "left").withColumn(
        "taken", F.coalesce(F.col("taken"), F.lit(0)).cast(UNITS)
    )
    is_named = F.col("named_order_id").isNotNull()
    rest = left.select(
        *CREDIT,
        F.col("named_first_event_id").alias("sale_event_id"),
        F.coalesce("named_order_id", "credit_order_id").alias("order_id"),
        F.when(is_named, F.col("named_source_id")).otherwise(F.col("credit_source_id")).alias("source_id"),
        F.lit(0).cast(UNITS).alias("matched_units"),
        F.lit(None).cast(UNITS).alias("sale_units"),
        (F.col("credit_units") - F.col("taken")).cast(UNITS).alias("units"),
        (F.col("credit_amount") - _money_of(F.col("taken"))).cast(MONEY).alias("amount"),
    )
    return rest.where((F.col("units") > 0) | (F.col("amount") != 0))


def _money_of(units: Column) -> Column:
    """The credit's money that its first `units` units carry, rounded half up in whole numbers.

    Differences of it add up to the credit's money exactly, however it is split.
    """
    cents = (F.col("credit_amount") * 100).cast("decimal(18,0)")
    part, whole = (units * 1000).cast("decimal(18,0)"), (F.col("credit_units") * 1000).cast("decimal(18,0)")
    doubled = (2 * cents * part).cast("decimal(38,0)") + whole
    rounded = F.floor(F.try_divide(doubled - doubled % (2 * whole), 2 * whole))
    return F.when(whole > 0, (rounded * F.lit(0.01).cast("decimal(3,2)")).cast(MONEY)).otherwise(F.lit(0).cast(MONEY))
