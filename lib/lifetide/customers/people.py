"""From source ids to people, and the days on which people bought."""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lifetide.policy import IdentityPolicy
from lifetide.tables.model import MONEY, UNITS

ANONYMOUS = "anon:"
LONGEST_CHAIN = 4
Links = DataFrame | None
"""As `links_in_force` gives them; None = nobody is linked."""
_SUMS = {
    "order_count": "bigint", "order_value": MONEY, "item_count": UNITS, "gross_revenue": MONEY,
    "discount_amount": MONEY, "refunded_amount": MONEY, "net_revenue": MONEY, "visit_count": "bigint",
}  # fmt: skip


def links_in_force(identities: DataFrame, as_of: date, policy: IdentityPolicy) -> DataFrame:
    """One row per source_id that is linked at the end of as_of: `source_id, person_id, linked_on`.

    `identities` with `linked_on` and `unlinked_on` (exclusive), local dates; null = from the beginning, still linked.
    The newest link of an id wins. Chains are followed over four links (a link in a circle leads nowhere). An id
    that was ever linked to more than `most_people_per_id` people is shared and not linked: see `shared_ids`.
    """
    known = identities.where(F.coalesce(F.col("linked_on") <= F.lit(as_of), F.lit(True)))
    holds = F.coalesce(F.col("unlinked_on") > F.lit(as_of), F.lit(True))
    newest = Window.partitionBy("source_id").orderBy(
        F.col("valid_from").desc_nulls_last(), F.col("customer_id").desc()
    )
    direct = (
        known.where(holds)
        .join(shared_ids(identities, as_of, policy), "source_id", "left_anti")
        .withColumn("_rank", F.row_number().over(newest))
        .where(F.col("_rank") == 1)
        .select("source_id", F.col("customer_id").alias("person_id"), "linked_on")
    )
    onward = direct.select(F.col("source_id").alias("person_id"), F.col("person_id").alias("next_id"))
    links = direct
    for _ in range(LONGEST_CHAIN - 1):
        links = links.join(onward, "person_id", "left").select(
            "source_id", F.coalesce("next_id", "person_id").alias("person_id"), "linked_on"
        )
    return links


def shared_ids(identities: DataFrame, as_of: date, policy: IdentityPolicy) -> DataFrame:
    """One row per source_id that more people than the policy allows were linked to up to as_of: `people_count`."""
    known = identities.where(F.coalesce(F.col("linked_on") <= F.lit(as_of), F.lit(True)))
    return (
        known.groupBy("source_id")
        .agg(F.count_distinct("customer_id").alias("people_count"))
        .where(F.col("people_count") > policy.most_people_per_id)
    )


def resolved(rows: DataFrame, links: Links, policy: IdentityPolicy) -> DataFrame:
    """One row per input row, with `customer_id`: the person whom source_id is linked to, else itself.

    Where the policy does not claim the anonymous past, days before the link stay with the anonymous id.
    """
    if links is None:
        return rows.withColumn("customer_id", F.col("source_id"))
    is_claimed = F.lit(True)
    if not policy.claims_anonymous_past:
        before = F.startswith("source_id", F.lit(ANONYMOUS)) & (F.col("local_date") < F.col("linked_on"))
        is_claimed = ~F.coalesce(before, F.lit(False))
    person = F.when(F.col("person_id").isNotNull() & is_claimed, F.col("person_id"))
    return (
        rows.join(links, "source_id", "left")
        .withColumn("customer_id", F.coalesce(person, F.col("source_id")))
        .drop("person_id", "linked_on")
    )


def person_days(customer_days: DataFrame, links: Links, policy: IdentityPolicy) -> DataFrame:
    """One row per customer × local date with any activity: the sums over the person's source ids."""
    if links is None:
        own = [F.col(name).cast(type_).alias(name) for name, type_ in {**_SUMS, "margin": MONEY}.items()]
        return customer_days.select(F.col("source_id").alias("customer_id"), "local_date", *own)
    sums = [F.sum(name).cast(type_).alias(name) for name, type_ in _SUMS.items()]
    sums.append(margin_if_known())
    return resolved(customer_days, links, policy).groupBy("customer_id", "local_date").agg(*sums)


def margin_if_known() -> Column:
    """Σ margin over the group; null where one of its rows does not know it."""
    return F.when(F.count("margin") == F.count(F.lit(1)), F.sum("margin")).cast(MONEY).alias("margin")


def purchase_days(days: DataFrame, value_days: int) -> DataFrame:
    """One row per customer × purchase day (a local date with a net order), as seen on that day.

    `gap_count` gaps and `recency_days` (first to this day) lie behind it; `gap_days`, the last of them, is null on
    the first day; `last_two_gap_days` sums the last two, null with fewer; `next_order_date` is null on the last;
    `orders_so_far` net orders with `value_so_far` were placed by then, this day's included; `last_values` = net
    order values of the last `value_days` of them, oldest first.
    """
    in_time = Window.partitionBy("customer_id").orderBy(F.col("local_date").asc())
    so_far = in_time.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    last_few = in_time.rowsBetween(1 - value_days, Window.currentRow)
    day = F.col("local_date")
    return days.where(F.col("order_count") > 0).select(
        "customer_id",
        day.alias("order_date"),
        "order_value",
        (F.row_number().over(in_time) - 1).alias("gap_count"),
        F.date_diff(day, F.lag("local_date", 1).over(in_time)).alias("gap_days"),
        F.date_diff(day, F.lag("local_date", 2).over(in_time)).alias("last_two_gap_days"),
        F.date_diff(day, F.first("local_date").over(so_far)).alias("recency_days"),
        F.sum("order_count").over(so_far).alias("orders_so_far"),
        F.sum("order_value").over(so_far).cast(MONEY).alias("value_so_far"),
        F.lead("local_date", 1).over(in_time).alias("next_order_date"),
        F.collect_list(F.col("order_value").cast("double")).over(last_few).alias("last_values"),
    )
