"""What advertising cost: by channel and month, and by campaign and day; money converted by the rate of the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.events.currencies import in_shop_currency, is_larger, rate_faults, with_rate
from lifetide.events.instants import local_date
from lifetide.events.judging import (
    WIDE,
    Faults,
    House,
    as_given,
    bad_texts,
    date_faults,
    is_given,
    text,
    when,
    with_reasons,
)  # fmt: skip
from lifetide.vocabulary import RejectReason


def clean_acquisition_costs(mapped: DataFrame, house: House, rates: DataFrame | None = None) -> DataFrame:
    """One row per mapped channel and month: typed columns of `acquisition_costs`, `reasons` and `payload`.

    A month is named by any of its days; money in another currency takes the rate of the month's first day.
    """
    month = F.trunc(local_date(when(mapped, "month", house), house.timezone), "month")
    typed = {"channel": text("channel"), "month": month}
    faults = [(RejectReason.MISSING_CHANNEL, F.col("channel").isNull())]
    return _costs(mapped, typed, "month", faults, ("channel",), house, rates)


def clean_ad_results(mapped: DataFrame, house: House, rates: DataFrame | None = None) -> DataFrame:
    """One row per mapped campaign, day and audience version: typed columns of `ad_results`, `reasons`, `payload`."""
    typed = {
        "campaign": text("campaign"),
        "date": local_date(when(mapped, "date", house), house.timezone),
        "audience_key": text("audience_key"),
        "audience_version": F.col("audience_version").try_cast("int"),
        "impressions": F.col("impressions").try_cast("bigint"),
        "clicks": F.col("clicks").try_cast("bigint"),
    }
    counts = [
        (RejectReason.BAD_COUNT, is_given(name) & F.coalesce(F.col(name) < 0, F.lit(True)))
        for name in ("audience_version", "impressions", "clicks")
    ]
    faults = [(RejectReason.MISSING_CAMPAIGN, F.col("campaign").isNull()), *counts]
    return _costs(mapped, typed, "date", faults, ("campaign", "audience_key"), house, rates)


def _costs(
    mapped: DataFrame,
    typed: Mapping[str, Column],
    day: str,
    faults: Faults,
    texts: Sequence[str],
    house: House,
    rates: DataFrame | None,
) -> DataFrame:
    """Rows with a cost of zero or more in shop currency."""
    whole = as_given(mapped).withColumns({**typed, "cost": F.col("cost").try_cast(WIDE)})
    rated = with_rate(whole, rates, currency=house.currency, day=day)
    is_bad = is_given("cost") & F.coalesce(F.col("cost") < 0, F.lit(True))
    every = [
        *faults,
        *date_faults(day, day, F.col(day), house),
        (RejectReason.MISSING_COST, ~is_given("cost")),
        (RejectReason.BAD_COST, is_bad),
        (RejectReason.AMOUNT_TOO_LARGE, is_larger(F.col("cost"), house.policy.max_amount)),
        *rate_faults(day, "cost"),
        *bad_texts(texts, house.policy),
    ]
    return with_reasons(rated, every).drop("given").withColumn("cost", in_shop_currency(F.col("cost")))
