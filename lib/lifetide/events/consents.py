"""Changes of consent: typed, and each with every reason why it cannot be used."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.events.instants import local_date
from lifetide.events.judging import House, bad_texts, date_faults, judged, text, when
from lifetide.vocabulary import ConsentChannel, ConsentStatus, RejectReason


def clean_consents(mapped: DataFrame, house: House) -> DataFrame:
    """One row per mapped change: typed columns of `consents`, `reasons` (empty = usable) and `payload`."""
    typed = {
        "customer_id": text("customer_id"),
        "channel": F.lower(text("channel")),
        "status": F.lower(text("status")),
        "changed_at": when(mapped, "changed_at", house),
    }
    channels, statuses = [str(one) for one in ConsentChannel], [str(one) for one in ConsentStatus]
    return judged(
        mapped,
        typed,
        lambda: [
            (RejectReason.MISSING_CUSTOMER_ID, F.col("customer_id").isNull()),
            (RejectReason.MISSING_CHANNEL, F.col("channel").isNull()),
            (RejectReason.UNKNOWN_CHANNEL, ~F.col("channel").isin(channels)),
            (RejectReason.MISSING_STATUS, F.col("status").isNull()),
            (RejectReason.UNKNOWN_STATUS, ~F.col("status").isin(statuses)),
            *date_faults("changed_at", "changed_at", local_date(F.col("changed_at"), house.timezone), house),
        ],
        bad_texts(("customer_id",), house.policy),
    )
