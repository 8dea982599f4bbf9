"""What each customer did in each calendar month: orders, money, survey answers."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.metrics.periods import YEAR_MONTHS, Period
from lifetide.tables.model import MONEY

DONE = ("order_count", "net_revenue")
ANSWERED = ("answers", "promoters", "detractors")
PROMOTER_FROM, DETRACTOR_UNTIL = 9, 6


def month_of(day: str) -> Column:
    """Calendar months since year 0, as periods count them."""
    return F.year(day) * 12 + F.month(day) - 1


def monthly(days: DataFrame, answers: DataFrame | None, periods: Sequence[Period]) -> DataFrame:
    """One row per customer with anything in the periods or the year before: `months`, a struct of arrays.

    By figure of DONE, and of ANSWERED where there are `answers` (customer_id, answered_on and score; None where the
    shop sends no surveys), it has the sums so far: 0, then at the end of each month, the first of which is `first`.
    Money is in cents. What came in a period is the difference of two places. `days` = person_days.
    """
    first, last = _span(periods)
    figures = DONE if answers is None else (*DONE, *ANSWERED)
    cents = (F.col("net_revenue") * 100).cast("bigint")
    done = days.select(
        "customer_id", month_of("local_date").alias("month"), "order_count", cents.alias("net_revenue")
    )
    if answers is not None:
        done = done.unionByName(_answered(answers), allowMissingColumns=True)
    in_months = done.where(F.col("month").between(first, last))
    summed = in_months.groupBy("customer_id").agg(
        *(_in_month(name, month).alias(_name(name, month)) for name in figures for month in range(first, last + 1))
    )
    sums = (_so_far(name, first, last) for name in figures)
    return summed.select("customer_id", F.struct(F.lit(first).alias("first"), *sums).alias("months"))


def has_answers(months: DataFrame) -> bool:
    """True where `monthly` was given answers."""
    return any(name in dict(months.dtypes)["months"] for name in ANSWERED)


def in_period(figure: str) -> Column:
    """Sum of a figure over the months of the row's `span`; 0 without any."""
    return _sum(figure, F.col("span.first_month"), F.col("span.last_month"))


def in_year_before(figure: str) -> Column:
    """Sum of a figure over the twelve months before the row's `span`."""
    first = F.col("span.first_month")
    return _sum(figure, first - YEAR_MONTHS, first - 1)


def _sum(figure: str, first: Column, last: Column) -> Column:
    so_far, earliest = F.col(f"months.{figure}"), F.col("months.first")
    found = F.coalesce(F.get(so_far, last - earliest + 1) - F.get(so_far, first - earliest), F.lit(0))
    return (found.cast("decimal(20,0)") / 100).cast(MONEY) if figure == "net_revenue" else found


def _span(periods: Sequence[Period]) -> tuple[int, int]:
    return min(one.months[0] for one in periods) - YEAR_MONTHS, max(one.months[1] for one in periods)


def _in_month(figure: str, month: int) -> Column:
    return F.sum(F.when(F.col("month") == month, F.col(figure)))


def _so_far(figure: str, first: int, last: int) -> Column:
    """0, then what there was at the end of each month."""
    sums, total = [F.lit(0).cast("bigint")], F.lit(0).cast("bigint")
    for month in range(first, last + 1):
        total = total + F.coalesce(F.col(_name(figure, month)), F.lit(0))
        sums.append(total)
    return F.array(*sums).alias(figure)


def _name(figure: str, month: int) -> str:
    return f"{figure}_{month}"


def _answered(answers: DataFrame) -> DataFrame:
    score = F.col("score")
    return answers.select(
        "customer_id", month_of("answered_on").alias("month"),
        F.lit(1).alias("answers"), (score >= PROMOTER_FROM).cast("int").alias("promoters"),
        (score <= DETRACTOR_UNTIL).cast("int").alias("detractors"),
    )  # fmt: skip
