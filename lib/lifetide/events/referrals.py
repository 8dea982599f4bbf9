"""Who recommended the shop to whom: typed, and each with every reason why it cannot be used."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.events.instants import local_date
from lifetide.events.judging import House, bad_texts, date_faults, judged, text, when
from lifetide.vocabulary import RejectReason


def clean_referrals(mapped: DataFrame, house: House) -> DataFrame:
    """One row per mapped referral: typed columns of `referrals`, `reasons` (empty = usable) and `payload`."""
    names = ("referrer_id", "referred_id")
    typed = {**{name: text(name) for name in names}, "referred_at": when(mapped, "referred_at", house)}
    return judged(
        mapped,
        typed,
        lambda: [
            (RejectReason.MISSING_REFERRER, F.col("referrer_id").isNull()),
            (RejectReason.MISSING_REFERRED, F.col("referred_id").isNull()),
            (RejectReason.LINKED_TO_ITSELF, F.col("referrer_id") == F.col("referred_id")),
            *date_faults("referred_at", "referred_at", local_date(F.col("referred_at"), house.timezone), house),
        ],
        bad_texts(names, house.policy),
    )
