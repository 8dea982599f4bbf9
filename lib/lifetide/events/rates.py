"""Exchange rates: typed, and each with every reason why it cannot be used."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.events.instants import local_date
from lifetide.events.judging import House, date_faults, is_given, judged, text, when
from lifetide.vocabulary import RejectReason


def clean_fx_rates(mapped: DataFrame, house: House) -> DataFrame:
    """One row per mapped rate: typed columns of `fx_rates`, `reasons` (empty = usable) and `payload`.

    `rate` is what one unit of the currency is worth in shop currency, with eight decimals.
    """
    typed = {
        "currency": F.upper(text("currency")),
        "date": local_date(when(mapped, "date", house), house.timezone),
        "rate": F.col("rate").try_cast("decimal(18,8)"),
    }
    return judged(
        mapped,
        typed,
        lambda: [
            (RejectReason.MISSING_CURRENCY, F.col("currency").isNull()),
            (RejectReason.UNKNOWN_CURRENCY, ~F.col("currency").rlike("^[A-Z]{3}$")),
            *date_faults("date", "date", F.col("date"), house),
            (RejectReason.MISSING_RATE, ~is_given("rate")),
            (RejectReason.BAD_RATE, is_given("rate") & F.coalesce(F.col("rate") <= 0, F.lit(True))),
        ],
        [],
    )
