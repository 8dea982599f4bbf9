"""`customer_profiles`: the state of each customer said in the words of tables/profiles.py."""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.tables import CUSTOMER_PROFILES
from lifetide.tables.model import MONEY

YEAR = 365


def with_ordering(state: DataFrame, as_of: date, *, knows_discounts: bool, knows_money: bool = True) -> DataFrame:
    """One row per customer: customer_state and how the customer orders; null for prospects where `tables` says so."""
    is_buyer = F.col("last_order_date").isNotNull()
    frequency = F.when(is_buyer, F.col("gap_count"))
    repeat_value = (F.col("order_value_sum") - F.col("first_day_value")).cast(MONEY)
    in_year = F.filter("last_year", lambda day: day["local_date"] > F.date_sub(F.lit(as_of), YEAR))
    discount = F.col("discount_amount") if knows_discounts else F.lit(None)
    return state.withColumns(
        {
            "cohort_month": F.trunc("first_order_date", "month"),
            "frequency": frequency,
            "recency_days": F.when(is_buyer, F.col("gap_sum_days").cast("int")),
            "tenure_days": F.date_diff(F.lit(as_of), "first_order_date"),
            "average_order_value": _share(F.col("order_value_sum"), F.col("order_count")),
            "monetary_value": _share(repeat_value, frequency),
            "annual_orders": _summed(in_year, "order_count", "bigint"),
            "annual_revenue": _summed(in_year, "net_revenue", MONEY) if knows_money else F.lit(None).cast(MONEY),
            "discount_share": F.try_divide(discount.cast("double"), F.col("gross_revenue")),
            "refund_share": F.try_divide(F.col("refunded_amount").cast("double"), F.col("gross_revenue")),
            "ltv_historic": F.col("net_revenue"),
            "ltv_historic_margin": F.col("margin"),
        }
    )


def with_has_email(customers: DataFrame, *, is_asked: bool) -> DataFrame:
    """The customers with has_email: false of whom nobody told, null where the shop sends no people (`is_asked`)."""
    told = F.coalesce("has_email", F.lit(False)) if is_asked else F.lit(None).cast("boolean")
    return customers.withColumn("has_email", told)


def profiles(described: DataFrame, *, as_of: date, parameters_as_of: date) -> DataFrame:
    """One row per customer in catalogue order; columns that a later release fills are null."""
    dated = described.withColumns({"as_of": F.lit(as_of), "parameters_as_of": F.lit(parameters_as_of)})
    return dated.select(
        *(
            (F.col(column.name) if column.name in dated.columns else F.lit(None)).cast(column.type).alias(column.name)
            for column in CUSTOMER_PROFILES.columns
        )
    )


def _share(money: Column, count: Column) -> Column:
    """Money ÷ count, rounded half up to cents; null where count is 0 or null."""
    wide = money.cast("decimal(20,4)")
    return F.round(F.try_divide(wide, count.cast("decimal(12,0)")), 2).cast(MONEY)


def _summed(days: Column, name: str, type_: str) -> Column:
    return F.aggregate(days, F.lit(0).cast(type_), lambda total, day: (total + day[name].cast(type_)).cast(type_))
