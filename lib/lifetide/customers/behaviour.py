"""What visitors did: visits, views, searches and carts, from events that are no order lines."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lifetide.counting import count_where
from lifetide.vocabulary import EventType

ACTIVITY = (
    EventType.PAGE_VIEWED, EventType.PRODUCT_VIEWED, EventType.SEARCHED, EventType.CART_ADDED,
    EventType.CART_REMOVED, EventType.CHECKOUT_STARTED, EventType.ORDER_COMPLETED,
)  # fmt: skip
"""What a visitor does on the site; messages are done to them."""
VISIT_PAUSE_MINUTES = 30


def clicks(events: DataFrame) -> DataFrame:
    """One row per event that a visitor with an id caused; lines of orders are not visits."""
    did = F.col("event_type").isin([str(kind) for kind in ACTIVITY])
    return events.where(F.col("state").isNull() & did & F.col("source_id").isNotNull())


def behaviour_days(clicks_: DataFrame) -> DataFrame:
    """One row per source_id × local date with a click: visits that began, views, searches, carts.

    A visit is a session id on consecutive dates (it begins where the date before had none of it); without session
    id, activity parted by 30 minutes. Both look no further back than one date.
    """
    figures = {
        "product_view_count": _how_many(EventType.PRODUCT_VIEWED),
        "search_count": _how_many(EventType.SEARCHED),
        "cart_count": _how_many(EventType.CART_ADDED),
    }
    counts = [count.alias(name) for name, count in figures.items()]
    in_sessions = (
        clicks_.where(F.col("session_id").isNotNull()).groupBy("source_id", "session_id", "event_date").agg(*counts)
    )
    same_session = Window.partitionBy("source_id", "session_id").orderBy(F.col("event_date").asc())
    goes_on = F.coalesce(F.lag("event_date").over(same_session) == F.date_sub("event_date", 1), F.lit(False))
    alone = clicks_.where(F.col("session_id").isNull()).withColumn("visit_count", _begins_without_session())
    sums = ("visit_count", *figures)
    return (
        in_sessions.withColumn("visit_count", F.when(goes_on, 0).otherwise(1).cast("bigint"))
        .drop("session_id")
        .unionByName(alone.groupBy("source_id", "event_date").agg(F.sum("visit_count").alias("visit_count"), *counts))
        .groupBy("source_id", F.col("event_date").alias("local_date"))
        .agg(*(F.sum(name).cast("bigint").alias(name) for name in sums))
    )


def behaviour_items(clicks_: DataFrame) -> DataFrame:
    """One row per source_id × local date × product that was viewed or put in the cart."""
    return (
        clicks_.where(F.col("product_id").isNotNull())
        .repartition("source_id")
        .groupBy("source_id", F.col("event_date").alias("local_date"), "product_id")
        .agg(
            _how_many(EventType.PRODUCT_VIEWED).cast("int").alias("view_count"),
            _how_many(EventType.CART_ADDED).cast("int").alias("cart_count"),
            F.max_by("category", F.when(F.col("category").isNotNull(), F.struct("event_at", "event_id"))).alias(
                "clicked_category"
            ),
        )
        .where((F.col("view_count") > 0) | (F.col("cart_count") > 0))
    )


def _begins_without_session() -> Column:
    in_time = Window.partitionBy("source_id").orderBy(F.col("event_at").asc(), F.col("event_id").asc())
    pause = F.unix_micros("event_at") - F.unix_micros(F.lag("event_at").over(in_time))
    is_first = F.coalesce(pause > VISIT_PAUSE_MINUTES * 60 * 1_000_000, F.lit(True))
    return F.when(is_first, 1).otherwise(0)


def _how_many(kind: EventType) -> Column:
    return count_where(F.col("event_type") == str(kind))
