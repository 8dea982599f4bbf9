"""Tables of two warehouses, row by row."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.tables import (
    BASE_GROWTH,
    CREDIT_PARTS,
    CUSTOMER_DAYS,
    CUSTOMER_ITEMS,
    CUSTOMER_STATE,
    LIFECYCLE_SPELLS,
    ORDERS,
    REFUND_MATCHES,
    SALE_LINES,
    STAGE_METRICS,
    TRANSITIONS,
    Table,
)

PUBLISHED = (
    "events", "orders", "customer_days", "customer_state", "customer_profiles", "lifecycle_spells", "base_growth",
)  # fmt: skip
"""What readers of other programs are shown of a shop that was built elsewhere."""
UNDATED = (
    SALE_LINES, CREDIT_PARTS, ORDERS, REFUND_MATCHES, CUSTOMER_DAYS, CUSTOMER_ITEMS, CUSTOMER_STATE,
    LIFECYCLE_SPELLS, BASE_GROWTH, TRANSITIONS, STAGE_METRICS,
)  # fmt: skip
"""What a current build writes besides its snapshot."""


def differing(table: Table, ours: DataFrame, theirs: DataFrame) -> int:
    """Rows that one side has and the other has not; the 10th digit behind the point of a float does not count.

    Flows between segments are those of the snapshots that were made, so they depend on the days of builds.
    """
    if table is TRANSITIONS:
        ours, theirs = (side.where(F.col("kind") != "segment") for side in (ours, theirs))
    columns = [
        F.round(column.name, 9).alias(column.name) if column.type == "double" else F.col(column.name)
        for column in table.columns
        if column.name != "batch"
    ]
    sides = ours.select(*columns, F.lit(1).alias("side")).unionByName(
        theirs.select(*columns, F.lit(-1).alias("side"))
    )
    names = [name for name in sides.columns if name != "side"]
    return sides.groupBy(*names).agg(F.sum("side").alias("side")).where("side <> 0").count()
