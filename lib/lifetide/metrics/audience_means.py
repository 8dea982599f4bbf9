"""What members brought on average: sums of people and the means of them, the same for audiences and their classes."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.counting import count_where
from lifetide.tables.model import MONEY
from lifetide.vocabulary import LifecycleGroup as Group

SUMMED = ("n", "orders", "order_value", "annual_orders", "annual_revenue", "ltv", "lost")


def sums() -> list[Column]:
    """`SUMMED` of rows of people: how many, their orders and money, and how many are lost."""
    return [
        F.count(F.lit(1)).alias("n"), F.sum("order_count").alias("orders"),
        F.sum("order_value_sum").alias("order_value"), F.sum("annual_orders").alias("annual_orders"),
        F.sum("annual_revenue").alias("annual_revenue"), F.sum("ltv_historic").alias("ltv"),
        count_where(F.col("lifecycle_group") == str(Group.LOST)).alias("lost"),
    ]  # fmt: skip


def means() -> list[Column]:
    """Of rows with `SUMMED`; those without an order count, and money is rounded half up once."""
    n = F.col("n").cast("double")
    return [
        mean("ltv", "n").alias("ltv_per_customer"),
        F.try_divide(F.col("orders").cast("double"), n).alias("average_orders"),
        mean("order_value", "orders").alias("average_basket_size"),
        F.try_divide(F.col("annual_orders").cast("double"), n).alias("annual_orders"),
        mean("annual_revenue", "n").alias("annual_revenue"),
        F.try_divide(F.col("lost").cast("double"), n).alias("lost_share"),
    ]


def mean(money: str, count: str) -> Column:
    """Money ÷ count, rounded half up to cents; null where there is none of it."""
    wide = F.col(money).cast("decimal(24,4)")
    return F.round(F.try_divide(wide, F.col(count).cast("decimal(12,0)")), 2).cast(MONEY)
