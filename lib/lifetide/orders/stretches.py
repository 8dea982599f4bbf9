"""First sold, first returned: which units of which sale a credit takes back. Windows only, in any input order."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from lifetide.tables.model import UNITS

QUEUE = ("queue", "queue_key", "product_id")
"""Units are matched within one queue: the lines of one order, or one buyer's dealings in one product."""


def matched_stretches(lines: DataFrame) -> DataFrame:
    """One row per credit × sale with units: `credit_event_id, sale_event_id, units, units_before`.

    `lines` has QUEUE, `is_credit`, `phase`, `event_at`, `event_id`, `units` (above 0). In the order (phase,
    event_at, sales first, event_id), with S and C the units sold and credited so far, U = max(0, running maximum
    of C − S) are unmatched; a credit's matched units are the stretch of C − U that it adds, and they fall on the
    sales whose stretch of S they overlap. `units_before` = matched units of the same credit before this stretch.
    """
    ends = _ends(lines)
    by_end = Window.partitionBy(*QUEUE).orderBy(F.col("end").asc(), F.col("is_credit").asc(), F.col("event_id").asc())
    from_here = by_end.rowsBetween(Window.currentRow, Window.unboundedFollowing)
    nothing = F.lit(0).cast(UNITS)
    cut = ends.select(
        F.coalesce(F.lag("end").over(by_end), nothing).alias("start"),
        "end",
        F.first(F.when(F.col("is_credit"), F.struct("event_id", "begin")), ignorenulls=True)
        .over(from_here)
        .alias("credit"),
        F.first(F.when(~F.col("is_credit"), F.col("event_id")), ignorenulls=True)
        .over(from_here)
        .alias("sale_event_id"),
    )
    overlapping = (F.col("end") > F.col("start")) & F.col("credit").isNotNull() & F.col("sale_event_id").isNotNull()
    return cut.where(overlapping).select(
        F.col("credit.event_id").alias("credit_event_id"),
        "sale_event_id",
        (F.col("end") - F.col("start")).cast(UNITS).alias("units"),
        (F.col("start") - F.col("credit.begin")).cast(UNITS).alias("units_before"),
    )


def _ends(lines: DataFrame) -> DataFrame:
    """Each line's stretch (begin, end] on the axis of matched units; lines without a stretch are left out."""
    in_time = Window.partitionBy(*QUEUE).orderBy(
        F.col("phase").asc(), F.col("event_at").asc(), F.col("is_credit").asc(), F.col("event_id").asc()
    )
    so_far = in_time.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    nothing = F.lit(0).cast(UNITS)
    sold = F.sum(F.when(~F.col("is_credit"), F.col("units")).otherwise(nothing)).over(so_far).cast(UNITS)
    credited = F.sum(F.when(F.col("is_credit"), F.col("units")).otherwise(nothing)).over(so_far).cast(UNITS)
    summed = lines.withColumns({"sold": sold, "credited": credited})
    unmatched = F.greatest(nothing, F.max(F.col("credited") - F.col("sold")).over(so_far)).cast(UNITS)
    matched = summed.withColumn("matched", (F.col("credited") - unmatched).cast(UNITS))
    before = F.coalesce(F.lag("matched").over(in_time), nothing)
    placed = matched.withColumns(
        {
            "begin": F.when(F.col("is_credit"), before).otherwise((F.col("sold") - F.col("units")).cast(UNITS)),
            "end": F.when(F.col("is_credit"), F.col("matched")).otherwise(F.col("sold")),
        }
    )
    return placed.where(F.col("end") > F.col("begin"))
