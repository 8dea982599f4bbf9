"""What is known of people besides their events: e-mail, consents, survey answers, what winning them cost."""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.tables.model import MONEY

CHANNELS = ("email", "sms", "push", "ads")


def of_person(rows: DataFrame, links: DataFrame | None) -> DataFrame:
    """One row per input row, with customer_id replaced by the person it is linked to; None = nobody is linked."""
    if links is None:
        return rows
    person = links.select(F.col("source_id").alias("customer_id"), "person_id")
    return (
        rows.join(person, "customer_id", "left")
        .withColumn("customer_id", F.coalesce("person_id", "customer_id"))
        .drop("person_id")
    )


def contacts(customers: DataFrame, as_of: date) -> DataFrame:
    """One row per person who had signed up by as_of: has_email. Needs `signed_up_on` (null = always known)."""
    known = customers.where(F.coalesce(F.col("signed_up_on") <= F.lit(as_of), F.lit(True)))
    return known.groupBy("customer_id").agg(F.max(F.col("email").isNotNull()).alias("has_email"))


def consents_on(consents: DataFrame, as_of: date) -> DataFrame:
    """One row per person with a consent changed by the end of as_of: `consent_<channel>`; null = never asked.

    The latest change wins; of two at one instant, unsubscribed. Needs `changed_on`.
    """
    known = consents.where(F.col("changed_on") <= F.lit(as_of))
    newest = F.struct("changed_at", "status")
    return known.groupBy("customer_id").agg(
        *(
            F.max_by("status", F.when(F.col("channel") == channel, newest)).alias(f"consent_{channel}")
            for channel in CHANNELS
        )
    )


def answers_on(surveys: DataFrame, as_of: date) -> DataFrame:
    """One row per person who answered by the end of as_of: `nps_score`, the last answer. Needs `answered_on`."""
    known = surveys.where(F.col("answered_on") <= F.lit(as_of))
    return known.groupBy("customer_id").agg(F.max_by("score", F.struct("answered_at", "score")).alias("nps_score"))


def referred_on(referrals: DataFrame) -> DataFrame:
    """One row per person who was referred: `referred_on`, the first time. Needs `referred_on` of each referral."""
    return referrals.groupBy("customer_id").agg(F.min("referred_on").alias("referred_on"))


def with_acquisition_cost(customers: DataFrame, costs: DataFrame) -> DataFrame:
    """One row per customer with `acquisition_cost`: the channel's cost of the month ÷ customers it won that month.

    Needs acquisition_channel and cohort_month. Null where no cost is given for that channel and month.
    """
    won = customers.groupBy("acquisition_channel", "cohort_month").agg(F.count(F.lit(1)).alias("won"))
    share = (F.col("cost").cast("decimal(20,4)") / F.col("won").cast("decimal(12,0)")).alias("each")
    each = costs.join(
        won,
        (costs["channel"] == won["acquisition_channel"]) & (F.trunc(costs["month"], "month") == won["cohort_month"]),
    ).select("acquisition_channel", "cohort_month", F.round(share, 2).cast(MONEY).alias("acquisition_cost"))
    return customers.join(F.broadcast(each), ["acquisition_channel", "cohort_month"], "left")
