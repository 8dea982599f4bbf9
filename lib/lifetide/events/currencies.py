"""Money in other currencies: the rate of the local day, exact products, one rounding."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lifetide.events.judging import Faults
from lifetide.tables.model import MONEY
from lifetide.vocabulary import RejectReason

FOREIGN = "decimal(19,9)"
"""Money before it is converted: times a rate of decimal(18,8) it fits 38 digits, so the product is exact."""


def daily_rates(fx_rates: DataFrame, *, max_age_days: int) -> DataFrame:
    """One row per currency and day that has a rate: `fx_currency, fx_date, fx_rate`.

    A rate holds on its own date and on the days after it without one, `max_age_days` of them at most.
    """
    in_time = Window.partitionBy("currency").orderBy(F.col("date").asc())
    last = F.least(F.date_add("date", max_age_days), F.date_sub(F.lead("date").over(in_time), 1))
    return fx_rates.withColumn("last", last).select(
        F.col("currency").alias("fx_currency"),
        F.explode(F.sequence("date", "last")).alias("fx_date"),
        F.col("rate").alias("fx_rate"),
    )


def with_rate(rows: DataFrame, rates: DataFrame | None, *, currency: str, day: str) -> DataFrame:
    """`rows` with `is_foreign` (its currency is not the shop's) and `fx_rate` of its `day`; null = none known.

    `rates` = daily_rates; None where no source of the run names a currency.
    """
    code = F.upper(F.trim(F.col("currency").cast("string")))
    named = rows.withColumn("currency", F.when(F.length(code) > 0, code))
    foreign = named.withColumn("is_foreign", F.coalesce(F.col("currency") != currency, F.lit(False)))
    if rates is None:
        return foreign.withColumn("fx_rate", F.lit(None).cast("decimal(18,8)"))
    same = (F.col("currency") == F.col("fx_currency")) & (F.col(day) == F.col("fx_date")) & F.col("is_foreign")
    return foreign.join(F.broadcast(rates), same, "left").drop("fx_currency", "fx_date")


def rate_faults(day: str, money: str) -> Faults:
    """Currencies that are no code of three letters, and days without a rate, which may come with a later delivery."""
    is_code = F.col("currency").rlike("^[A-Z]{3}$")
    is_needed = F.col("is_foreign") & is_code & F.col(day).isNotNull() & F.col(money).isNotNull()
    no_rate = is_needed & F.col("fx_rate").isNull()
    return [(RejectReason.UNKNOWN_CURRENCY, ~is_code), (RejectReason.MISSING_FX_RATE, no_rate)]


def in_shop_currency(money: Column, type_: str = MONEY) -> Column:
    """Exact money in shop currency, rounded half up once; null where the rate is unknown."""
    scale = int(type_.rstrip(")").partition(",")[2])
    converted = money.try_cast(FOREIGN) * F.col("fx_rate")
    exact = F.when(F.col("is_foreign"), F.round(converted, scale).try_cast(type_))
    return exact.otherwise(F.round(money, scale).try_cast(type_))


def is_larger(money: Column, limit: float) -> Column:
    """True where the money is above `limit` in shop currency, or above 10^10 in its own: then it is not exact."""
    foreign = money.try_cast(FOREIGN)
    beyond = (money.isNotNull() & foreign.isNull()) | (F.abs(foreign * F.col("fx_rate")) > limit)
    return F.when(F.col("is_foreign"), beyond).otherwise(F.abs(money) > limit)
