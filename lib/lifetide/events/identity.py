"""What makes a row itself: its content, its event_id, and the unit that it arrives in."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

CONTENT = (
    "event_type", "event_at", "source_id", "order_id", "refunds_order_id", "product_id", "is_product", "category",
    "quantity", "unit_price", "amount", "discount_amount", "channel",
)  # fmt: skip
"""Columns that say what happened; two rows that agree on them are identical."""


def content_hash() -> Column:
    """64 bits over CONTENT. Nulls are marked, so that (null, 'x') and ('x', null) differ."""
    nulls = F.concat(*(F.when(F.col(name).isNull(), "0").otherwise("1") for name in CONTENT))
    return F.xxhash64(nulls, *(F.col(name) for name in CONTENT))


def identified(lines: DataFrame, *, has_line_id: bool, drop_duplicates: bool) -> DataFrame:
    """One row per clean line, once: adds content_hash, event_id and unit_key.

    The unit is what a source delivers whole: the line where it has ids of its own, else the order's lines of one
    event type. Without line ids, event_id is made from order, content and occurrence among identical rows; with
    them, the highest (updated_at, content_hash) of a line wins and identical copies are one.
    """
    hashed = lines.withColumn("content_hash", content_hash())
    if has_line_id:
        named = hashed.withColumns(
            {"event_id": F.col("line_id"), "unit_key": F.concat(F.lit("l:"), F.col("line_id"))}
        )
        newest = Window.partitionBy("event_id").orderBy(
            F.col("updated_at").desc_nulls_last(), F.col("content_hash").desc()
        )
        return named.withColumn("_rank", F.row_number().over(newest)).where(F.col("_rank") == 1).drop("_rank")
    unit = F.concat(F.col("event_type"), F.lit(":"), F.col("order_id"))
    keyed = hashed.withColumn("unit_key", unit)
    whole = Window.partitionBy("unit_key")
    newest_copy = keyed.withColumn("_newest", F.max("updated_at").over(whole)).where(
        F.col("_newest").isNull() | (F.col("updated_at") == F.col("_newest"))
    )
    same = Window.partitionBy("unit_key", "content_hash").orderBy(F.col("content_hash").asc())
    counted = newest_copy.withColumn("_occurrence", F.row_number().over(same))
    if drop_duplicates:
        counted = counted.where(F.col("_occurrence") == 1)
    content = F.lower(F.lpad(F.hex("content_hash"), 16, "0"))
    return counted.withColumn(
        "event_id", F.concat_ws("-", F.col("order_id"), content, F.col("_occurrence").cast("string"))
    ).drop("_newest", "_occurrence")
