"""From customers to histories: the few numbers that the order models know, and how many customers share them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.ltv.cutoffs import Cut

EPOCH = date(1970, 1, 1)
HISTORY = ("frequency", "recency_days", "tenure_days", "log_gap_sum")
DIGITS = 3
"""Of log_gap_sum: the same for customers whose gaps are the same, whatever order they were summed in."""


def with_history(state: DataFrame, as_of: date) -> DataFrame:
    """One row per customer of customer_state with a net order, with the columns that name its history."""
    return state.where(F.col("last_order_date").isNotNull()).withColumns(
        {
            "frequency": F.col("gap_count").cast("int"),
            "recency_days": F.col("gap_sum_days").cast("int"),
            "tenure_days": F.date_diff(F.lit(as_of), "first_order_date"),
            "log_gap_sum": _rounded(F.col("log_gap_sum")),
        }
    )


def compressed(known: DataFrame) -> DataFrame:
    """One row per history of `with_history`, and its `customers`."""
    return known.groupBy(*HISTORY).agg(F.count(F.lit(1)).cast("double").alias("customers"))


def lessons(purchases: DataFrame, cuts: Sequence[Cut], most_customers: int, customers: int) -> DataFrame:
    """One row per cut (`cut`, its place), history known at it, and `later` purchase days; and its `customers`.

    `purchases` has customer_id and order_date, one row per purchase day; days of cuts count from 1970. Of more than
    `most_customers` a share is taken by hash, the same people in each cut. One pass gives all cuts.
    """
    slices = 1_000
    kept = min(slices, max(1, slices * most_customers // max(customers, 1)))
    sample = purchases.where(F.pmod(F.xxhash64("customer_id"), F.lit(slices)) < kept)
    ordered = sample.groupBy("customer_id").agg(F.sort_array(F.collect_list("order_date")).alias("days"))
    each = F.explode(F.array(*(_lesson(place, cut) for place, cut in enumerate(cuts))))
    found = ordered.select(each.alias("lesson")).select("lesson.*").where(F.col("frequency") >= 0)
    return found.groupBy("cut", *HISTORY, "later").agg(F.count(F.lit(1)).cast("double").alias("customers"))


def _lesson(place: int, cut: Cut) -> Column:
    """What is known of a customer at a cut, and what followed; frequency −1 where nothing was bought by then."""
    at, until = (F.lit(EPOCH + timedelta(days=day)) for day in (cut.day, cut.until))
    known = F.filter("days", lambda day: day <= at)
    first, last = F.try_element_at(known, F.lit(1)), F.try_element_at(known, F.lit(-1))
    count = F.size(known)
    gaps = F.zip_with(
        F.slice(known, F.lit(2), F.greatest(count - 1, F.lit(0))),
        F.slice(known, F.lit(1), F.greatest(count - 1, F.lit(0))),
        lambda later, earlier: F.ln(F.date_diff(later, earlier)),
    )
    log_gaps = F.aggregate(gaps, F.lit(0.0), lambda total, one: total + one)
    return F.struct(
        F.lit(place).alias("cut"),
        (count - 1).alias("frequency"),
        F.coalesce(F.date_diff(last, first), F.lit(0)).alias("recency_days"),
        F.coalesce(F.date_diff(at, first), F.lit(0)).alias("tenure_days"),
        _rounded(log_gaps).alias("log_gap_sum"),
        F.size(F.filter("days", lambda day: (day > at) & (day <= until))).alias("later"),
    )


def _rounded(value: Column) -> Column:
    return F.round(value, DIGITS)
