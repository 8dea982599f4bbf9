"""Answers to a survey: typed, and each with every reason why it cannot be used."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.events.instants import local_date
from lifetide.events.judging import WIDE, House, bad_texts, date_faults, is_given, judged, text, when
from lifetide.vocabulary import RejectReason

LOWEST, HIGHEST = 0, 10


def clean_surveys(mapped: DataFrame, house: House) -> DataFrame:
    """One row per mapped answer: typed columns of `surveys`, `reasons` (empty = usable) and `payload`.

    The score is a whole number from 0 to 10.
    """
    number = F.col("score").try_cast(WIDE)
    is_score = number.between(LOWEST, HIGHEST) & (number == F.round(number, 0))
    typed = {
        "customer_id": text("customer_id"),
        "score": F.when(is_score, number).try_cast("int"),
        "answered_at": when(mapped, "answered_at", house),
    }
    return judged(
        mapped,
        typed,
        lambda: [
            (RejectReason.MISSING_CUSTOMER_ID, F.col("customer_id").isNull()),
            (RejectReason.MISSING_SCORE, ~is_given("score")),
            (RejectReason.BAD_SCORE, is_given("score") & F.col("score").isNull()),
            *date_faults("answered_at", "answered_at", local_date(F.col("answered_at"), house.timezone), house),
        ],
        bad_texts(("customer_id",), house.policy),
    )
