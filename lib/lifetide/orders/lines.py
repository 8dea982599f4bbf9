"""Sale lines and credit lines, from events."""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from lifetide.tables.model import UNITS
from lifetide.vocabulary import CREDIT_EVENTS, ORDER_EVENTS, EventType


def events_until(events: DataFrame, as_of: date) -> DataFrame:
    """One row per event whose local date is not after as_of."""
    return events.where(F.col("event_date") <= F.lit(as_of))


def order_events(events: DataFrame, *, has_clicks: bool) -> DataFrame:
    """One row per event with an order's money: order lines, and a visitor's order events where no line tells of them.

    Such an event stands for one unit where it names no quantity. `has_clicks` is false where every event is a line.
    """
    of_orders = events.where(F.col("event_type").isin(*ORDER_EVENTS))
    return line_events(events).unionByName(untold_events(events)) if has_clicks else of_orders


def line_events(events: DataFrame) -> DataFrame:
    """One row per order line and credit line."""
    return events.where(F.col("event_type").isin(*ORDER_EVENTS) & F.col("state").isNotNull())


def untold_events(events: DataFrame) -> DataFrame:
    """One row per order event of a visitor where no line tells of the order."""
    told = line_events(events).select("order_id").distinct()
    of_visitors = events.where(F.col("event_type").isin(*ORDER_EVENTS) & F.col("state").isNull())
    untold = of_visitors.join(told, "order_id", "left_anti")
    one = F.when(F.col("event_type") == str(EventType.ORDER_COMPLETED), 1).otherwise(-1).cast(UNITS)
    units = {"quantity": F.coalesce("quantity", one), "is_product": F.coalesce("is_product", F.lit(True))}
    return untold.withColumns(units).select(*events.columns)


def sale_lines(events: DataFrame) -> DataFrame:
    """One row per sale line, with what is true of its whole order.

    `order_source_id`, `order_customer_id`, `order_channel`: the first known in the order of (event_at, event_id);
    null = no line has one. `order_at`, `order_date`, `first_event_id`: the order's earliest line. A null amount or
    discount is unknown.
    """
    sales = events.where(F.col("event_type") == str(EventType.ORDER_COMPLETED))
    whole_order = (
        Window.partitionBy("order_id")
        .orderBy(F.col("event_at").asc(), F.col("event_id").asc())
        .rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
    )
    return sales.select(
        "event_id", "event_at", "event_date", "order_id", "product_id", "is_product", "category", "quantity",
        "amount", "discount_amount",
        F.first("source_id", ignorenulls=True).over(whole_order).alias("order_source_id"),
        F.first("customer_id", ignorenulls=True).over(whole_order).alias("order_customer_id"),
        F.first("channel", ignorenulls=True).over(whole_order).alias("order_channel"),
        F.first("event_at").over(whole_order).alias("order_at"),
        F.first("event_date").over(whole_order).alias("order_date"),
        F.first("event_id").over(whole_order).alias("first_event_id"),
    )  # fmt: skip


def credit_lines(events: DataFrame) -> DataFrame:
    """One row per credit line, units and amount positive; `names_order_id` is the order that it may name."""
    credits_ = events.where(F.col("event_type").isin(*CREDIT_EVENTS))
    return credits_.select(
        F.col("event_id").alias("credit_event_id"),
        F.col("event_type").alias("credit_type"),
        F.col("event_at").alias("credit_at"),
        F.col("event_date").alias("credit_date"),
        F.col("order_id").alias("credit_order_id"),
        F.col("source_id").alias("credit_source_id"),
        F.col("customer_id").alias("credit_customer_id"),
        F.col("channel").alias("credit_channel"),
        "product_id",
        "is_product",
        "category",
        F.coalesce("refunds_order_id", "order_id").alias("names_order_id"),
        F.abs("quantity").alias("credit_units"),
        F.abs("amount").alias("credit_amount"),
    )
