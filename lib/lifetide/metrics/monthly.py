"""What each customer did in each calendar month: orders, money, survey answers."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.metrics.periods import YEAR_MONTHS, Period
from lifetide.tables.model import MONEY

DONE = {"order_count": "bigint", "net_revenue": MONEY}
ANSWERED = {"answers": "bigint", "promoters": "bigint", "detractors": "bigint"}
PROMOTER_FROM, DETRACTOR_UNTIL = 9, 6


def month_of(day: str) -> Column:
    """Calendar months since year 0, as periods count them."""
    return F.year(day) * 12 + F.month(day) - 1


def monthly(days: DataFrame, answers: DataFrame | None, periods: Sequence[Period]) -> DataFrame:
    """One row per customer with anything in the periods or the year before: `months`, an array of structs.

    Each has `month` and the figures of DONE, and of ANSWERED where there are `answers` (customer_id, answered_on and
    score; None where the shop sends no surveys). `days` = person_days.
    """
    first, last = _span(periods)
    figures = DONE if answers is None else {**DONE, **ANSWERED}
    done = days.select(
        "customer_id",
        month_of("local_date").alias("month"),
        F.col("order_count").cast("bigint").alias("order_count"),
        "net_revenue",
    )
    if answers is not None:
        done = done.unionByName(_answered(answers), allowMissingColumns=True)
    # both sums of a customer are made where all of the customer's days are
    summed = (
        done.where(F.col("month").between(first, last))
        .repartition("customer_id")
        .groupBy("customer_id", "month")
        .agg(*(F.sum(name).cast(type_).alias(name) for name, type_ in figures.items()))
    )
    return summed.groupBy("customer_id").agg(F.collect_list(F.struct("month", *figures)).alias("months"))


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
    type_ = {**DONE, **ANSWERED}[figure]
    zero = F.lit(0).cast(type_)

    def added(so_far: Column, one: Column) -> Column:
        inside = one["month"].between(first, last) & one[figure].isNotNull()
        return F.when(inside, (so_far + one[figure]).cast(type_)).otherwise(so_far)

    return F.coalesce(F.aggregate("months", zero, added), zero)


def _span(periods: Sequence[Period]) -> tuple[int, int]:
    return min(one.months[0] for one in periods) - YEAR_MONTHS, max(one.months[1] for one in periods)


def _answered(answers: DataFrame) -> DataFrame:
    score = F.col("score")
    return answers.select(
        "customer_id", month_of("answered_on").alias("month"),
        F.lit(1).cast("bigint").alias("answers"), (score >= PROMOTER_FROM).cast("bigint").alias("promoters"),
        (score <= DETRACTOR_UNTIL).cast("bigint").alias("detractors"),
    )  # fmt: skip
