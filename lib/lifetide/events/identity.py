"""What makes a row itself: its content, its event_id, and the unit that it arrives in."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lifetide.vocabulary import ORDER_EVENTS

CONTENT = (
    "event_type", "event_at", "source_id", "order_id", "refunds_order_id", "product_id", "is_product", "category",
    "quantity", "unit_price", "amount", "discount_amount", "channel",
)  # fmt: skip
"""Columns that say what happened to an order; two lines that agree on them are identical."""
VISITOR_CONTENT = (
    "event_type", "event_at", "source_id", "anonymous_id", "session_id", "order_id", "product_id", "category",
    "quantity", "amount", "channel", "campaign", "query", "page",
)  # fmt: skip
"""Columns that say what a visitor did."""


def content_hash(names: Sequence[str] = CONTENT, salt: str = "") -> Column:
    """64 bits over the named columns. Nulls are marked, so that (null, 'x') and ('x', null) differ."""
    nulls = F.concat(F.lit(salt), *(F.when(F.col(name).isNull(), "0").otherwise("1") for name in names))
    return F.xxhash64(nulls, *(F.col(name) for name in names))


def foreign_hash(hashed: Column) -> Column:
    """The hash of a row whose money is in another currency: in its own money, so that no rate changes the content."""
    own_money = F.xxhash64(hashed, "currency", "exact_amount")
    return F.when(F.col("is_foreign"), own_money).otherwise(hashed)


def identified(lines: DataFrame, *, has_line_id: bool, drop_duplicates: bool) -> DataFrame:
    """One row per clean line, once: adds event_id and unit_key; the line has its content_hash.

    The unit is what a source delivers whole: the line where it has ids of its own, else the order's lines of one
    event type. Without line ids, event_id is made from order, content and occurrence among identical rows; with
    them, the highest (updated_at, content_hash) of a line wins and identical copies are one.
    """
    keyed = lines.withColumn("unit_key", unit_key(has_line_id=has_line_id, id_column="line_id"))
    if has_line_id:
        ranked = keyed.withColumn("event_id", F.col("line_id")).withColumn("_rank", _rank_of_newest("event_id"))
        return ranked.where(F.col("_rank") == 1).drop("_rank")
    whole = Window.partitionBy("unit_key")
    newest_copy = keyed.withColumn("_newest", F.max("updated_at").over(whole)).where(
        F.col("_newest").isNull() | (F.col("updated_at") == F.col("_newest"))
    )
    same = Window.partitionBy("unit_key", "content_hash").orderBy(F.col("content_hash").asc())
    counted = newest_copy.withColumn("_occurrence", F.row_number().over(same))
    if drop_duplicates:
        counted = counted.where(F.col("_occurrence") == 1)
    return counted.withColumn(
        "event_id", F.concat_ws("-", F.col("order_id"), _hex("content_hash"), F.col("_occurrence").cast("string"))
    ).drop("_newest", "_occurrence")


def identified_events(events: DataFrame, *, drop_duplicates: bool) -> DataFrame:
    """One row per thing a visitor did, once: adds event_id and unit_key; the unit is the event.

    The source's event_id is the id, and of its copies the highest (updated_at, content_hash) wins. Without it the id
    is made from the content (128 bits): identical rows are one event, but those of an order are counted. An order
    event without order_id is an order of its own.
    """
    content = F.concat(_hex("content_hash"), _hex("content_check"))
    is_counted = F.col("event_id").isNull() & F.col("order_id").isNotNull() & F.lit(not drop_duplicates)
    made = F.when(F.col("order_id").isNotNull(), F.concat_ws("-", "order_id", content)).otherwise(
        F.concat(F.lit("e-"), content)
    )
    named = events.withColumns({"_name": F.coalesce("event_id", made), "_is_counted": is_counted})
    ranked = named.withColumn("_rank", _rank_of_newest("_name"))
    once = ranked.where((F.col("_rank") == 1) | F.col("_is_counted"))
    event_id = F.when(F.col("_is_counted"), F.concat_ws("-", "_name", F.col("_rank").cast("string"))).otherwise(
        F.col("_name")
    )
    is_order = F.col("event_type").isin(*ORDER_EVENTS)
    own_order = F.when(is_order, F.concat(F.lit("event:"), F.col("event_id")))
    return (
        once.withColumn("event_id", event_id)
        .withColumn("order_id", F.coalesce("order_id", own_order))
        .withColumn("unit_key", unit_key(has_line_id=True))
        .drop("_name", "_is_counted", "_rank")
    )


def unit_key(*, has_line_id: bool, id_column: str = "event_id") -> Column:
    """What a source delivers whole: a line or event with an id of its own, else an order's lines of one type."""
    if has_line_id:
        return F.concat(F.lit("l:"), F.col(id_column))
    return F.concat(F.col("event_type"), F.lit(":"), F.col("order_id"))


def _rank_of_newest(name: str) -> Column:
    """1 for the copy with the highest (updated_at, content_hash) among those that share `name`."""
    newest = Window.partitionBy(name).orderBy(F.col("updated_at").desc_nulls_last(), F.col("content_hash").desc())
    return F.row_number().over(newest)


def _hex(name: str) -> Column:
    return F.lower(F.lpad(F.hex(name), 16, "0"))
