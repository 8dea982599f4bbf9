"""Figures of a run that no table suite can say; they become its row of `run_metrics`."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.counting import count_where
from lifetide.pipelines.context import Context
from lifetide.storage import given_rows, rows
from lifetide.tables import RUN_METRICS
from lifetide.vocabulary import EventType

TRADING_DAYS = 28
FEWEST_DAYS = 7
YEAR = 365


def metrics_row(context: Context, job: str, figures: dict[str, float | int | None]) -> DataFrame:
    """One row of run_metrics; figures that the job does not have are null."""
    named = {"run_id": context.run_id, "job": job, **figures}
    row = [named.get(name) for name in RUN_METRICS.column_names]
    return given_rows(context.session, RUN_METRICS, [row])


def daily_revenue_ratio(fresh: DataFrame, known: DataFrame) -> float | None:
    """Highest daily sales of the dates in `fresh` ÷ the median of the 28 trading days before them.

    Both have event_type, event_date and amount. None with fewer than seven trading days before.
    """
    span = rows(fresh.agg(F.min("event_date"), F.max("event_date")), at_most=1)[0]
    first, last = span[0], span[1]
    if first is None:
        return None
    sales = known.where(F.col("event_date").between(F.lit(first - timedelta(days=120)), F.lit(last)))
    both = sales.select("event_type", "event_date", "amount").unionByName(
        fresh.select("event_type", "event_date", "amount")
    )
    daily = (
        both.where(F.col("event_type") == str(EventType.ORDER_COMPLETED))
        .groupBy("event_date")
        .agg(F.sum("amount").cast("double").alias("sold"))
    )
    before = daily.where(F.col("event_date") < F.lit(first)).orderBy(F.col("event_date").desc()).limit(TRADING_DAYS)
    usual = rows(before.agg(F.count(F.lit(1)), F.percentile("sold", 0.5)), at_most=1)[0]
    arrived = daily.join(fresh.select("event_date").distinct(), "event_date", "left_semi")
    highest = rows(arrived.agg(F.max("sold")), at_most=1)[0][0]
    if usual[0] < FEWEST_DAYS or not usual[1] or highest is None:
        return None
    return float(highest) / float(usual[1])


def money_differences(sold: DataFrame, booked: DataFrame, orders: DataFrame, profiles: DataFrame) -> dict[str, float]:
    """Law 6: what orders miss of events, and what customers and guests miss of orders; both 0 when money adds up.

    `sold` (amount) and `booked` (net_revenue): order events and orders, or what both gained since the last build.
    """
    of_orders = _total(orders, "net_revenue")
    of_guests = _total(orders.where(F.col("source_id").isNull()), "net_revenue")
    of_people = _total(profiles, "ltv_historic")
    return {
        "money_orders_difference": float(_total(booked, "net_revenue") - _total(sold, "amount")),
        "money_people_difference": float(of_people + of_guests - of_orders),
    }


def snapshot_figures(profiles: DataFrame, before: DataFrame | None, as_of: date) -> dict[str, float | None]:
    """What changed against the snapshot before, how large the largest segment is, and what is expected to come.

    Null where unknown.
    """
    now_alone = _of_buyers(profiles)
    if before is None:
        return {"missing_customer_share": None, "group_flip_share": None, **now_alone}
    then = before.select(
        "customer_id",
        F.col("as_of").alias("then"),
        F.col("lifecycle_group").alias("group_then"),
        F.col("last_order_date").alias("last_then"),
    )
    now = profiles.select("customer_id", "lifecycle_group", "last_order_date")
    both = then.join(now, "customer_id", "left")
    is_gone = F.col("lifecycle_group").isNull()
    flipped = ~is_gone & (F.col("group_then") != F.col("lifecycle_group"))
    silent = flipped & F.col("last_then").eqNullSafe(F.col("last_order_date"))
    seen = rows(both.agg(F.count(F.lit(1)), count_where(is_gone), count_where(silent), F.max("then")), at_most=1)[0]
    if not seen[0]:
        return {"missing_customer_share": None, "group_flip_share": None, **now_alone}
    days_between = max(1, (as_of - seen[3]).days)
    return {
        "missing_customer_share": seen[1] / seen[0],
        "group_flip_share": seen[2] / seen[0] / days_between,
        **now_alone,
    }


def _of_buyers(profiles: DataFrame) -> dict[str, float | None]:
    """The largest segment's share; expected orders ÷ last year's; what the totals miss of past and future."""
    by_segment = (
        profiles.where(F.col("order_count") > 0)
        .groupBy("rfm_segment")
        .agg(
            F.count(F.lit(1)).alias("n"),
            F.sum("expected_orders_365d").alias("expected"),
            F.sum("annual_orders").alias("last_year"),
            F.max("tenure_days").alias("days"),
            F.sum(F.col("ltv_total") - F.col("ltv_historic") - F.col("ltv_predicted_365d")).alias("missed"),
        )
    )
    sums = [F.sum(name) for name in ("n", "expected", "last_year", "missed")]
    largest, days, n, expected, last_year, missed = rows(by_segment.agg(F.max("n"), F.max("days"), *sums), at_most=1)[
        0
    ]
    is_known = expected is not None and last_year and days >= YEAR
    return {
        "largest_segment_share": largest / n if n else None,
        "expected_orders_ratio": expected / last_year if is_known else None,
        "value_total_difference": None if missed is None else float(missed),
    }


def _total(frame: DataFrame, name: str) -> Decimal:
    return Decimal(rows(frame.agg(F.coalesce(F.sum(name), F.lit(0))), at_most=1)[0][0])
