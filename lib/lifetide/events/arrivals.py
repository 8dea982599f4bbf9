"""What a batch brings against what is already known: new, changed, seen before, or refused."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.events.identity import unit_key

ARRIVAL = "arrival"
NEW, SEEN, REPLACES, CHANGED, REPLACED = "new", "seen", "replaces", "changed", "replaced"


def arrivals(incoming: DataFrame, known: DataFrame, *, has_line_id: bool) -> DataFrame:
    """One row per incoming line with its `arrival`, and one per known event that a newer copy replaces.

    A unit (see `identified`) that is not known is `new`. One whose rows are all known is `seen` again. One that
    differs `replaces` the known copy where its (updated_at, content) is higher, and the known rows it leaves out
    come out as `replaced`; without updated_at, or where an order line has the id of a visitor's event, it is
    `changed`; an older copy is `seen`.
    """
    keyed = known.withColumn("unit_key", unit_key(has_line_id=has_line_id))
    old = keyed.join(incoming.select("unit_key").distinct(), "unit_key", "left_semi")
    verdicts = _verdicts(incoming, old)
    placed = incoming.join(verdicts, "unit_key", "inner")
    gone = (
        old.join(verdicts.where(F.col(ARRIVAL) == REPLACES), "unit_key", "inner")
        .join(incoming.select("event_id"), "event_id", "left_anti")
        .withColumn(ARRIVAL, F.lit(REPLACED))
    )
    return placed.unionByName(gone, allowMissingColumns=True)


def _verdicts(incoming: DataFrame, old: DataFrame) -> DataFrame:
    """One row per incoming unit: its `arrival`."""
    copy_of_new = _copies(incoming, "new")
    copy_of_old = _copies(old, "old")
    same = (F.col("new_count") == F.col("old_count")) & (F.col("new_content") == F.col("old_content"))
    newer = F.coalesce(
        (F.col("new_updated_at") > F.col("old_updated_at"))
        | ((F.col("new_updated_at") == F.col("old_updated_at")) & (F.col("new_content") > F.col("old_content"))),
        F.col("new_updated_at").isNotNull() & F.col("old_updated_at").isNull(),
    )
    verdict = (
        F.when(F.col("old_count").isNull(), NEW)
        .when(F.col("new_is_line") != F.col("old_is_line"), CHANGED)
        .when(same, SEEN)
        .when(newer, REPLACES)
        .when(F.col("new_updated_at").isNotNull(), SEEN)
        .otherwise(CHANGED)
    )
    return copy_of_new.join(copy_of_old, "unit_key", "left").select("unit_key", verdict.alias(ARRIVAL))


def _copies(lines: DataFrame, prefix: str) -> DataFrame:
    """One row per unit: how many lines, a hash of all of them whatever their order, and when it was updated."""
    return lines.groupBy("unit_key").agg(
        F.count(F.lit(1)).alias(f"{prefix}_count"),
        F.xxhash64(F.sort_array(F.collect_list("content_hash"))).alias(f"{prefix}_content"),
        F.max("updated_at").alias(f"{prefix}_updated_at"),
        F.bool_or(F.col("state").isNotNull()).alias(f"{prefix}_is_line"),
    )
