"""Orders as they stand at as_of: what was sold, what was given back, what still counts."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.orders.margin import sum_if_all_known
from lifetide.tables.model import MONEY, UNITS
from lifetide.vocabulary import EventType, OrderState


def orders(sales: DataFrame, parts: DataFrame) -> DataFrame:
    """One row per order, or credit note that stands alone, from sale lines and parts of credits up to as_of.

    `voided_on` is the date of the credit that took the order's last unit, services included; null = it stands.
    Σ net_revenue = Σ amount of the events;
    it is null where neither a line nor a credit knows its amount.
    """
    return _sold(sales, parts).unionByName(_alone(parts))


def net_orders(orders_: DataFrame) -> DataFrame:
    """One row per order that counts: not voided, and no credit that stands alone."""
    return orders_.where(F.col("voided_on").isNull() & (F.col("state") != str(OrderState.CREDIT)))


def voided_orders(orders_: DataFrame) -> DataFrame:
    """One row per order whose last unit was taken back."""
    return orders_.where(F.col("voided_on").isNotNull())


def _sold(sales: DataFrame, parts: DataFrame) -> DataFrame:
    discount = F.coalesce("discount_amount", F.lit(0).cast(MONEY))
    # What is one for the whole order is grouped by as well: sums alone are aggregated by hash, texts are not.
    whole = {"source_id": "order_source_id", "customer_id": "order_customer_id", "ordered_at": "order_at",
             "order_date": "order_date", "channel": "order_channel"}  # fmt: skip
    sold = sales.groupBy("order_id", *(F.col(told).alias(name) for name, told in whole.items())).agg(
        F.sum("quantity").alias("units_sold"),
        F.sum(F.when(F.col("is_product"), F.col("quantity")).otherwise(F.lit(0).cast(UNITS))).alias("item_count"),
        F.sum(F.col("amount") + discount).alias("gross_revenue"),
        F.sum(discount).alias("discount_amount"),
        sum_if_all_known("margin").alias("margin_sold"),
    )
    joined = sold.join(_given_back(parts), "order_id", "left")
    refunded = F.coalesce(F.col("refunded_amount"), F.lit(0).cast(MONEY))
    is_voided = (F.col("units_sold") > 0) & (F.col("units_taken") >= F.col("units_sold"))
    return joined.select(
        "order_id", "source_id", "customer_id", "ordered_at", "order_date",
        F.when(is_voided, F.col("last_taken_on")).alias("voided_on"),
        _state(is_voided).alias("state"),
        F.col("item_count").cast(UNITS).alias("item_count"),
        F.col("gross_revenue").cast(MONEY).alias("gross_revenue"),
        F.col("discount_amount").cast(MONEY).alias("discount_amount"),
        refunded.cast(MONEY).alias("refunded_amount"),
        _net(refunded).cast(MONEY).alias("net_revenue"),
        "channel",
        F.when(F.col("refunded_amount").isNull(), F.col("margin_sold"))
        .otherwise(F.col("margin_sold") - F.col("margin_given_back"))
        .cast(MONEY).alias("margin"),
    )  # fmt: skip


def _net(refunded: Column) -> Column:
    """A credit's money counts also where no line of its order knows its amount."""
    sold = F.col("gross_revenue") - F.col("discount_amount")
    return F.when(F.col("refunded_amount").isNull(), sold).otherwise(
        F.coalesce(sold, F.lit(0).cast(MONEY)) - refunded
    )


def _given_back(parts: DataFrame) -> DataFrame:
    """One row per order that credits fall on.

    A line gives back no more units than it sold, even where one credit names its order and another finds it by
    units: the surplus of one line never stands in for another.
    """
    takes_units = F.col("matched_units") > 0
    taker = F.when(takes_units, F.struct("credit_date", "credit_at", "credit_event_id", "credit_type"))
    by_line = (
        parts.where(F.col("sale_event_id").isNotNull())
        .groupBy("order_id", "sale_event_id")
        .agg(
            F.sum("amount").alias("amount"),
            sum_if_all_known("margin").alias("margin"),
            F.least(F.sum("matched_units"), F.max("sale_units")).alias("units"),
            F.max(taker).alias("last_taker"),
        )
    )
    return (
        by_line.groupBy("order_id")
        .agg(
            F.sum("amount").alias("refunded_amount"),
            sum_if_all_known("margin").alias("margin_given_back"),
            F.sum("units").alias("units_taken"),
            F.max("last_taker").alias("last_taker"),
        )
        .select(
            "order_id",
            "refunded_amount",
            "margin_given_back",
            "units_taken",
            F.col("last_taker.credit_date").alias("last_taken_on"),
            F.col("last_taker.credit_type").alias("last_taken_by"),
        )
    )


def _state(is_voided: Column) -> Column:
    is_cancelled = F.col("last_taken_by") == str(EventType.ORDER_CANCELLED)
    is_touched = (F.coalesce(F.col("refunded_amount"), F.lit(0)) > 0) | (F.coalesce("units_taken", F.lit(0)) > 0)
    return (
        F.when(is_voided & is_cancelled, str(OrderState.CANCELLED))
        .when(is_voided, str(OrderState.REFUNDED))
        .when(is_touched, str(OrderState.PARTLY_REFUNDED))
        .otherwise(str(OrderState.COMPLETED))
    )


def _alone(parts: DataFrame) -> DataFrame:
    """Credit notes, or what is left of them, without a sale."""
    earliest = F.struct("credit_at", "credit_event_id")
    refunded = F.sum("amount")
    zero = F.lit(0).cast(MONEY)

    def first_known(name: str) -> Column:
        return F.min_by(name, F.when(F.col(name).isNotNull(), earliest)).alias(name.removeprefix("credit_"))

    return (
        parts.where(F.col("sale_event_id").isNull())
        .groupBy("order_id")
        .agg(
            first_known("credit_source_id"),
            first_known("credit_customer_id"),
            first_known("credit_channel"),
            F.min("credit_at").alias("ordered_at"),
            F.min("credit_date").alias("order_date"),
            refunded.cast(MONEY).alias("refunded_amount"),
            (-refunded).cast(MONEY).alias("net_revenue"),
            (-sum_if_all_known("margin")).cast(MONEY).alias("margin"),
        )
        .withColumns(
            {
                "voided_on": F.lit(None).cast("date"),
                "state": F.lit(str(OrderState.CREDIT)),
                "item_count": F.lit(0).cast(UNITS),
                "gross_revenue": zero,
                "discount_amount": zero,
            }
        )
    )
