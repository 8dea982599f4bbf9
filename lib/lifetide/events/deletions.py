"""Lines that a source deleted: each becomes a cancellation of what it brought, on the day of the deletion."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.events.arrivals import ARRIVAL, NEW, REPLACED
from lifetide.events.identity import content_hash, unit_key
from lifetide.events.instants import local_date
from lifetide.tables import EVENTS
from lifetide.vocabulary import EventType, LineState

PREFIX = "deleted:"
"""event_id of a cancellation = PREFIX + event_id of the line."""


def cancellations(
    deleted: DataFrame, incoming: DataFrame, known: DataFrame, *, has_line_id: bool, timezone: str, batch: str
) -> DataFrame:
    """One row per known line that is gone, as a row of `events` with its `arrival`.

    `deleted` = unit_key and deleted_at of units that lost a row; a known line of such a unit is gone where `incoming`
    does not have it, unless the unit brings something new, too: then the order has changed. A sale is cancelled by an
    event of its own; a credit that never was is taken out.
    """
    units = deleted.groupBy("unit_key").agg(F.max("deleted_at").alias("deleted_at"))
    old = known.withColumn("unit_key", unit_key(has_line_id=has_line_id)).join(units, "unit_key", "inner")
    old = old.join(_targets(known), "event_id", "left_anti")
    unknown = incoming.join(old.select("event_id"), "event_id", "left_anti").select("unit_key").distinct()
    gone = old.join(unknown, "unit_key", "left_anti").join(incoming.select("event_id"), "event_id", "left_anti")
    is_sale = F.col("event_type") == str(EventType.ORDER_COMPLETED)
    credits_ = gone.where(~is_sale).select(*EVENTS.column_names).withColumn(ARRIVAL, F.lit(REPLACED))
    return _cancelled(gone.where(is_sale), timezone, batch).unionByName(credits_)


def deletions_taken_back(incoming: DataFrame, known: DataFrame) -> DataFrame:
    """One row per known cancellation of a line that the source has again, to be taken out."""
    again = incoming.select(F.concat(F.lit(PREFIX), "event_id").alias("event_id"))
    return known.join(again, "event_id", "left_semi").withColumn(ARRIVAL, F.lit(REPLACED))


def still_there(known: DataFrame, gone: DataFrame | None) -> DataFrame:
    """The known events without lines that were deleted before, or are by `gone`."""
    left = known.join(_targets(known), "event_id", "left_anti")
    return left if gone is None else left.join(_targets(gone), "event_id", "left_anti")


def _targets(events: DataFrame) -> DataFrame:
    """event_id of each line that a cancellation speaks of, or that was taken out."""
    named = events.where(F.startswith("event_id", F.lit(PREFIX)))
    lines = named.select(F.substring("event_id", len(PREFIX) + 1, 1_000_000).alias("event_id"))
    if ARRIVAL not in events.columns:
        return lines
    return lines.unionByName(events.where(F.col(ARRIVAL) == REPLACED).select("event_id"))


def _cancelled(sales: DataFrame, timezone: str, batch: str) -> DataFrame:
    changed: dict[str, Column] = {
        "event_id": F.concat(F.lit(PREFIX), "event_id"),
        "event_type": F.lit(str(EventType.ORDER_CANCELLED)),
        "state": F.lit(str(LineState.CANCELLED)),
        "event_at": F.col("deleted_at"),
        "event_date": local_date(F.col("deleted_at"), timezone),
        "updated_at": F.lit(None).cast("timestamp"),
        "refunds_order_id": F.col("order_id"),
        "quantity": (-F.col("quantity")).cast(EVENTS.column("quantity").type),
        "amount": (-F.col("amount")).cast(EVENTS.column("amount").type),
        "discount_amount": F.lit(None).cast(EVENTS.column("discount_amount").type),
        "batch": F.lit(batch),
    }
    cancelled = sales.withColumns(changed)
    return (
        cancelled.withColumn("content_hash", content_hash())
        .select(*EVENTS.column_names)
        .withColumn(ARRIVAL, F.lit(NEW))
    )
