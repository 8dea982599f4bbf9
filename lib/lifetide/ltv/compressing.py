"""From customers to histories: the few numbers that the order models know, and how many customers share them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.distributions import four_digits
from lifetide.ltv.cutoffs import Cut

EPOCH = date(1970, 1, 1)
HISTORY = ("frequency", "recency_days", "tenure_days", "log_gap_sum")
SLICES = 1_000
DIGITS = 3
"""Of log_gap_sum: the same for customers whose gaps are the same, whatever order they were summed in."""


def with_history(state: DataFrame, as_of: date, days: int = 1) -> DataFrame:
    """One row per customer of customer_state with a net order, with the columns that name its history."""
    return state.where(F.col("last_order_date").isNotNull()).withColumns(history_of(as_of, days))


def history_of(as_of: date, days: int = 1) -> dict[str, Column]:
    """The columns that name a customer's history, from customer_state.

    With cells of several `days` times are the middle of their cell, and gaps are told to a tenth of their mean
    logarithm: little is lost (see `coarse`), and far fewer histories remain.
    """
    frequency = F.col("gap_count").cast("int")
    tenure = F.date_diff(F.lit(as_of), "first_order_date")
    silence = F.date_diff(F.lit(as_of), "last_order_date")
    log_gaps = _rounded(F.col("log_gap_sum"))
    if days > 1:
        tenure = _middle(tenure - silence, days) + _middle(silence, days)
        silence = _middle(silence, days)
        log_gaps = _rounded(frequency * F.round(F.try_divide(F.col("log_gap_sum"), frequency), 1))
    named = {
        "frequency": frequency,
        "recency_days": (tenure - silence).cast("int"),
        "tenure_days": tenure.cast("int"),
        "log_gap_sum": F.coalesce(log_gaps, F.lit(0.0)),
    }
    return {name: F.when(F.col("last_order_date").isNotNull(), value) for name, value in named.items()}


def valued(state: DataFrame) -> DataFrame:
    """One row per `days` and `mean` (net value of a purchase day, to four significant digits), and its `customers`.

    Of customers whose net orders are worth more than nothing.
    """
    mean = F.col("order_value_sum").cast("double") / F.col("order_day_count")
    worth = state.where((F.col("order_value_sum") > 0) & F.col("last_order_date").isNotNull())
    return worth.groupBy(F.col("order_day_count").alias("days"), four_digits(mean).alias("mean")).agg(
        F.count(F.lit(1)).cast("double").alias("customers")
    )


def _middle(days: Column, size: int) -> Column:
    """The middle of the cell; 0 stays 0, so that who bought once stays so."""
    return F.when(days <= 0, 0).otherwise(F.floor(days / size) * size + size // 2)


def compressed(known: DataFrame) -> DataFrame:
    """One row per history of `with_history`, and its `customers`."""
    return known.groupBy(*HISTORY).agg(F.count(F.lit(1)).cast("double").alias("customers"))


def lessons(purchases: DataFrame, cuts: Sequence[Cut], most_customers: int, customers: int) -> DataFrame:
    """One row per cut (`cut`, its place), history known at it, and `later` purchase days; and its `customers`.

    `purchases` has customer_id and order_date, one row per purchase day; days of cuts count from 1970. Of more than
    `most_customers` a share is taken by hash, the same people in each cut. One pass gives all cuts.
    """
    sample = sampled(purchases, most_customers, customers)
    ordered = sample.groupBy("customer_id").agg(F.sort_array(F.collect_list("order_date")).alias("days"))
    each = F.explode(F.array(*(_lesson(place, cut) for place, cut in enumerate(cuts))))
    found = ordered.select(each.alias("lesson")).select("lesson.*").where(F.col("frequency") >= 0)
    return found.groupBy("cut", *HISTORY, "later").agg(F.count(F.lit(1)).cast("double").alias("customers"))


def sampled(purchases: DataFrame, most_customers: int, customers: int) -> DataFrame:
    """The purchase days of about `most_customers` of the `customers`, chosen by hash; all of fewer."""
    kept = min(SLICES, max(1, SLICES * most_customers // max(customers, 1)))
    return purchases if kept == SLICES else purchases.where(F.pmod(F.xxhash64("customer_id"), F.lit(SLICES)) < kept)


def orders_after(purchases: DataFrame, cut: Cut, days: Sequence[int]) -> DataFrame:
    """One row per place in `days` (ascending): `times` purchase days after the cut, up to so many days after it.

    Of customers who had bought by the cut. `purchases` has recency_days, first purchase to this one.
    """
    at = F.lit(EPOCH + timedelta(days=cut.day))
    ahead = F.date_diff("order_date", at)
    is_known = F.date_sub("order_date", F.col("recency_days")) <= at
    place = F.lit(0)
    for day in days:
        place = place + F.when(ahead > day, 1).otherwise(0)
    later = purchases.where((ahead > 0) & (ahead <= days[-1]) & is_known)
    return later.groupBy(place.alias("place")).agg(F.count(F.lit(1)).alias("times"))


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
