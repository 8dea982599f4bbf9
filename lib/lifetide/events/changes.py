"""A change feed of a source: what came, what went."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from lifetide.events.judging import text
from lifetide.events.mapping import CHANGES

TYPE, VERSION, AT = CHANGES
DELETE, UPDATE = "delete", "update_postimage"


def last_changes(mapped: DataFrame, id_column: str) -> DataFrame:
    """One row per id: the last thing that happened to it; rows without an id stay as they are.

    Within one commit an id that went and came is there.
    """
    named = mapped.withColumn("_name", text(id_column))
    last = Window.partitionBy("_name").orderBy(F.col(VERSION).desc(), (F.col(TYPE) == DELETE).asc())
    ranked = named.withColumn("_rank", F.row_number().over(last))
    return ranked.where(F.col("_name").isNull() | (F.col("_rank") == 1)).drop("_name", "_rank")


def whole_orders(changed: DataFrame, everything: DataFrame) -> DataFrame:
    """The rows of `everything` that belong to an order which a change speaks of: an order is judged whole."""
    orders = changed.select(text("order_id").alias("_order")).where(F.col("_order").isNotNull()).distinct()
    return (
        everything.withColumn("_order", text("order_id"))
        .join(orders, "_order", "left_semi")
        .drop("_order")
        .withColumn(TYPE, F.lit(None).cast("string"))
        .withColumn(AT, F.lit(None).cast("timestamp"))
    )


def came(changed: DataFrame) -> DataFrame:
    """Rows that are there now."""
    return changed.where(F.col(TYPE).isNull() | (F.col(TYPE) != DELETE))


def went(changed: DataFrame) -> DataFrame:
    """Rows that are gone, as they were."""
    return changed.where(F.col(TYPE) == DELETE)


def with_update_time(clean: DataFrame) -> DataFrame:
    """`updated_at` of an update that the source does not date: the instant of its commit."""
    committed = F.when(F.col(TYPE) == UPDATE, F.col(AT).cast("timestamp"))
    return clean.withColumn("updated_at", F.coalesce("updated_at", committed))
