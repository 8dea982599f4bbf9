"""What a change of order events touches: whole orders, and the credits whose matching may come out differently.

The unit of change is the order: its lines say together who ordered and when. The unit of matching is the queue: the
credits that name one order with that order's lines, and a buyer's credits in a product with the buyer's sales of it.
A queue is worked out anew as a whole; every other credit keeps its parts.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.orders.refunds import CREDIT
from lifetide.tables.model import MONEY, UNITS
from lifetide.vocabulary import ORDER_EVENTS


def touched_orders(touched: DataFrame) -> DataFrame:
    """One row per order_id (of orders and of credit notes) with a touched event."""
    of_orders = touched.where(F.col("event_type").isin(*ORDER_EVENTS) & F.col("order_id").isNotNull())
    return of_orders.select("order_id").distinct()


def touched_credits(parts: DataFrame, order_ids: DataFrame, fresh_credits: DataFrame, lines: DataFrame) -> DataFrame:
    """One row per known credit line (`credit_event_id`) that is matched anew.

    Those of touched credit notes; those that name a touched order, or an order that a fresh credit names; and those
    found by units in a touched dealing: buyer and product of a touched sale line (`lines`, as they were and as they
    are) or of a credit that is touched itself.
    """
    ids = order_ids.select(F.col("order_id").alias("named"))
    of_notes = parts.join(ids, F.col("credit_order_id") == F.col("named"), "left_semi")
    names = ids.unionByName(fresh_credits.select(F.col("names_order_id").alias("named")))
    naming = parts.join(names.distinct(), F.col("names_order_id") == F.col("named"), "left_semi")
    told = of_notes.unionByName(naming)
    dealings = (
        lines.select(F.col("order_source_id").alias("buyer"), F.col("product_id").alias("credited"))
        .unionByName(_dealings(told))
        .unionByName(_dealings(fresh_credits))
        .where(F.col("credited").isNotNull())
        .distinct()
    )
    by_units = parts.where(_is_by_units()).join(dealings, _same_dealing(F.col("credit_source_id")), "left_semi")
    return told.select("credit_event_id").unionByName(by_units.select("credit_event_id")).distinct()


def credit_lines_of(parts: DataFrame) -> DataFrame:
    """One row per credit line, as `credit_lines` reads it from events: its parts add up to it."""
    return parts.groupBy(*CREDIT).agg(
        F.sum("units").cast(UNITS).alias("credit_units"), F.sum("amount").cast(MONEY).alias("credit_amount")
    )


def sales_to_match(sales: DataFrame, credits_: DataFrame) -> DataFrame:
    """One row per sale line that the credits may meet: of the orders they name, and of their buyers' dealings."""
    names = credits_.select(F.col("names_order_id").alias("named")).distinct()
    of_orders = sales.join(names, F.col("order_id") == F.col("named"), "left_semi")
    dealings = _dealings(credits_).where(F.col("credited").isNotNull()).distinct()
    of_dealings = sales.join(dealings, _same_dealing(F.col("order_source_id")), "left_semi").join(
        names, F.col("order_id") == F.col("named"), "left_anti"
    )
    return of_orders.unionByName(of_dealings)


def _dealings(credits_: DataFrame) -> DataFrame:
    return credits_.select(F.col("credit_source_id").alias("buyer"), F.col("product_id").alias("credited"))


def _same_dealing(buyer: Column) -> Column:
    return buyer.eqNullSafe(F.col("buyer")) & (F.col("product_id") == F.col("credited"))


def _is_by_units() -> Column:
    """A part of a credit that names no known order: it found its sale by units, or stands alone."""
    return F.col("sale_event_id").isNull() | (F.col("order_id") != F.col("names_order_id"))
