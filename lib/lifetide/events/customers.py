"""Known people, the only rows with personal data: typed, and each with every reason why it cannot be used."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.events.judging import House, bad_date, bad_texts, judged, text, when
from lifetide.vocabulary import RejectReason

TEXTS = ("customer_id", "email", "phone", "first_name", "last_name", "city", "zip", "country")


def clean_customers(mapped: DataFrame, house: House) -> DataFrame:
    """One row per mapped person: typed columns of `customers`, `reasons` (empty = usable) and `payload`.

    E-mail and phone stay as given; a country of two letters is written in capitals.
    """
    country = F.when(F.length(text("country")) == 2, F.upper(text("country"))).otherwise(text("country"))
    typed = {
        **{name: text(name) for name in TEXTS},
        "country": country,
        "signed_up_at": when(mapped, "signed_up_at", house),
    }
    return judged(
        mapped,
        typed,
        lambda: [
            (RejectReason.MISSING_CUSTOMER_ID, F.col("customer_id").isNull()),
            bad_date("signed_up_at", "signed_up_at"),
        ],
        bad_texts(TEXTS, house.policy),
    )
