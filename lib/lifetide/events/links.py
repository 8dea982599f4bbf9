"""Links of two ids: a visitor's to a customer's, or a customer's to another's that it was merged into."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.events.instants import local_date
from lifetide.events.judging import House, bad_date, bad_texts, date_faults, judged, text, when
from lifetide.vocabulary import RejectReason


def clean_identities(mapped: DataFrame, house: House) -> DataFrame:
    """One row per mapped link: typed columns of `identities`, `reasons` (empty = usable) and `payload`.

    source_id is 'anon:' + anonymous_id, else merged_customer_id, as events carry them. valid_to null = it holds.
    """
    visitor = F.concat(F.lit("anon:"), text("anonymous_id"))
    typed = {
        "source_id": F.coalesce(visitor, text("merged_customer_id")),
        "customer_id": text("customer_id"),
        "valid_from": when(mapped, "linked_at", house),
        "valid_to": when(mapped, "unlinked_at", house),
    }
    return judged(
        mapped,
        typed,
        lambda: [
            (RejectReason.MISSING_LINKED_ID, F.col("source_id").isNull()),
            (RejectReason.MISSING_CUSTOMER_ID, F.col("customer_id").isNull()),
            (RejectReason.LINKED_TO_ITSELF, F.col("source_id") == F.col("customer_id")),
            *date_faults("linked_at", "valid_from", local_date(F.col("valid_from"), house.timezone), house),
            bad_date("unlinked_at", "valid_to"),
            (RejectReason.UNLINKED_BEFORE_LINKED, F.col("valid_to") < F.col("valid_from")),
        ],
        bad_texts(("source_id", "customer_id"), house.policy),
    )
