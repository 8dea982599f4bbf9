"""What each customer did in each calendar month: orders, money, survey answers."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.metrics.periods import YEAR_MONTHS, Period
from lifetide.tables.model import MONEY

FIGURES = {
    "order_count": "bigint", "net_revenue": MONEY, "answers": "bigint", "promoters": "bigint", "detractors": "bigint",
}  # fmt: skip
PROMOTER_FROM, DETRACTOR_UNTIL = 9, 6


def month_of(day: str) -> Column:
    """Calendar months since year 0, as periods count them."""
    return F.year(day) * 12 + F.month(day) - 1


def monthly(days: DataFrame, answers: DataFrame | None, periods: Sequence[Period]) -> DataFrame:
    """One row per customer with anything in the periods or the year before: `months`, an array of structs.

    Each has `month` and the figures of FIGURES. `days` = person_days; `answers` has customer_id, answered_on and
    score, None where the shop sends no surveys.
    """
    first, last = _span(periods)
    done = days.select(
        "customer_id",
        month_of("local_date").alias("month"),
        F.col("order_count").cast("bigint").alias("order_count"),
        "net_revenue",
        *(_none(name) for name in ("answers", "promoters", "detractors")),
    )
    if answers is not None:
        done = done.unionByName(_answered(answers))
    summed = (
        done.where(F.col("month").between(first, last))
        .groupBy("customer_id", "month")
        .agg(*(F.sum(name).cast(type_).alias(name) for name, type_ in FIGURES.items()))
    )
    return summed.groupBy("customer_id").agg(F.collect_list(F.struct("month", *FIGURES)).alias("months"))


def in_period(figure: str) -> Column:
    """Sum of a figure over the months of the row's `span`; 0 without any."""
    return _sum(figure, F.col("span.first_month"), F.col("span.last_month"))


def in_year_before(figure: str) -> Column:
    """Sum of a figure over the twelve months before the row's `span`."""
    first = F.col("span.first_month")
    return _sum(figure, first - YEAR_MONTHS, first - 1)


def _sum(figure: str, first: Column, last: Column) -> Column:
    type_ = FIGURES[figure]
    inside = F.filter("months", lambda month: month["month"].between(first, last))
    zero = F.lit(0).cast(type_)
    total = F.aggregate(inside, zero, lambda so_far, one: (so_far + F.coalesce(one[figure], zero)).cast(type_))
    return F.coalesce(total, zero)


def _span(periods: Sequence[Period]) -> tuple[int, int]:
    return min(one.months[0] for one in periods) - YEAR_MONTHS, max(one.months[1] for one in periods)


def _answered(answers: DataFrame) -> DataFrame:
    score = F.col("score")
    return answers.select(
        "customer_id", month_of("answered_on").alias("month"), _none("order_count"), _none("net_revenue"),
        F.lit(1).cast("bigint").alias("answers"), (score >= PROMOTER_FROM).cast("bigint").alias("promoters"),
        (score <= DETRACTOR_UNTIL).cast("bigint").alias("detractors"),
    )  # fmt: skip


def _none(name: str) -> Column:
    return F.lit(None).cast(FIGURES[name]).alias(name)
