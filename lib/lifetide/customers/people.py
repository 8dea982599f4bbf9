"""From source ids to people, and the days on which people bought."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from lifetide.tables.model import MONEY, UNITS

ANONYMOUS = "anon:"
_SUMS = {
    "order_count": "bigint", "order_value": MONEY, "item_count": UNITS, "gross_revenue": MONEY,
    "discount_amount": MONEY, "refunded_amount": MONEY, "net_revenue": MONEY, "visit_count": "bigint",
}  # fmt: skip


def resolved(rows: DataFrame, identities: DataFrame) -> DataFrame:
    """One row per input row, with `customer_id`: the person whom source_id is linked to today, else itself."""
    today = identities.where(F.col("valid_to").isNull()).select("source_id", F.col("customer_id").alias("person_id"))
    return (
        rows.join(today, "source_id", "left")
        .withColumn("customer_id", F.coalesce("person_id", "source_id"))
        .drop("person_id")
    )


def person_days(customer_days: DataFrame, identities: DataFrame) -> DataFrame:
    """One row per customer × local date with any activity: the sums over the person's source ids."""
    sums = [F.sum(name).cast(type_).alias(name) for name, type_ in _SUMS.items()]
    return resolved(customer_days, identities).groupBy("customer_id", "local_date").agg(*sums)


def purchase_days(days: DataFrame) -> DataFrame:
    """One row per customer × purchase day (a local date with a net order), as seen on that day.

    `gap_count` gaps and `recency_days` (first to this day) lie behind it; `gap_days`, the last of them, is null on
    the first day; `last_two_gap_days` sums the last two, null with fewer; `next_order_date` is null on the last.
    """
    in_time = Window.partitionBy("customer_id").orderBy(F.col("local_date").asc())
    day = F.col("local_date")
    return days.where(F.col("order_count") > 0).select(
        "customer_id",
        day.alias("order_date"),
        "order_value",
        (F.row_number().over(in_time) - 1).alias("gap_count"),
        F.date_diff(day, F.lag("local_date", 1).over(in_time)).alias("gap_days"),
        F.date_diff(day, F.lag("local_date", 2).over(in_time)).alias("last_two_gap_days"),
        F.date_diff(
            day, F.first("local_date").over(in_time.rowsBetween(Window.unboundedPreceding, Window.currentRow))
        ).alias("recency_days"),
        F.lead("local_date", 1).over(in_time).alias("next_order_date"),
    )
