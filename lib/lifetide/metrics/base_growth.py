"""How many customers were new, active, slipping away and lost on each day (feature row 003.6)."""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lifetide.policy import GrowthPolicy
from lifetide.vocabulary import LifecycleGroup as Group

COUNTS = ("new_count", "active_count", "slipping_away_count", "lost_count", "just_ordered_count")


def base_growth(spells: DataFrame, policy: GrowthPolicy, as_of: date) -> DataFrame:
    """One row per local date from the first net order to as_of, for everyone (audience_key null).

    Each spell adds one on the day it begins and takes one on the day it ends; counts are running sums of these.
    A customer counts as new through new_days after the first net order, and only then by group.
    """
    changes = _changes(spells, policy).withColumn("audience_key", F.lit(None).cast("string"))
    return _running(changes, as_of)


def audience_growth(spells: DataFrame, members: DataFrame, policy: GrowthPolicy, as_of: date) -> DataFrame:
    """One row per audience with a member who ever ordered × local date, from the first such order to as_of.

    The audience is that of `members` (customer_id, audience_key) on every date: how its people came and went.
    """
    return _running(_changes(spells, policy).join(members, "customer_id"), as_of)


def _running(changes: DataFrame, as_of: date) -> DataFrame:
    """One row per audience × local date from its first change to as_of: sums of all changes up to the date."""
    daily = (
        changes.where(F.col("date") <= F.lit(as_of))
        .groupBy("audience_key", "date")
        .agg(*(F.sum(name).alias(name) for name in COUNTS))
    )
    in_time = Window.partitionBy("audience_key").orderBy(F.col("date").asc())
    so_far = in_time.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    last = F.coalesce(F.date_sub(F.lead("date").over(in_time), 1), F.lit(as_of))
    sums = [F.sum(name).over(so_far).cast("bigint").alias(name) for name in COUNTS]
    summed = daily.select("audience_key", "date", last.alias("last"), *sums)
    each = summed.select("audience_key", F.explode(F.sequence("date", "last")).alias("day"), *COUNTS)
    return each.select(F.col("day").alias("date"), "audience_key", *COUNTS)


def _changes(spells: DataFrame, policy: GrowthPolicy) -> DataFrame:
    """One row per change of a count: `date` and +1 or −1 in its columns."""
    whole = Window.partitionBy("customer_id")
    known = spells.withColumn("first_date", F.min("valid_from").over(whole)).withColumn(
        "new_until", F.date_add("first_date", policy.new_days + 1)
    )
    first = known.where(F.col("valid_from") == F.col("first_date"))
    after = known.withColumn("begins", F.greatest("valid_from", "new_until")).where(
        F.col("valid_to").isNull() | (F.col("valid_to") > F.col("begins"))
    )
    return (
        first.select(F.col("first_date").alias("date"), *_counted(F.lit(1), is_new=True))
        .unionByName(first.select(F.col("new_until").alias("date"), *_counted(F.lit(-1), is_new=True)))
        .unionByName(after.select(F.col("begins").alias("date"), *_counted(F.lit(1), is_new=False)))
        .unionByName(
            after.where(F.col("valid_to").isNotNull()).select(
                F.col("valid_to").alias("date"), *_counted(F.lit(-1), is_new=False)
            )
        )
    )


def _counted(step: Column, *, is_new: bool) -> list[Column]:
    group = F.col("lifecycle_group")
    belongs = {
        "new_count": F.lit(is_new),
        "active_count": F.lit(not is_new) & group.isin(str(Group.JUST_ORDERED), str(Group.ACTIVE)),
        "slipping_away_count": F.lit(not is_new) & (group == str(Group.SLIPPING_AWAY)),
        "lost_count": F.lit(not is_new) & (group == str(Group.LOST)),
        "just_ordered_count": F.lit(not is_new) & (group == str(Group.JUST_ORDERED)),
    }
    figures = [F.when(condition, step).otherwise(F.lit(0)).alias(name) for name, condition in belongs.items()]
    return [F.col("customer_id"), *figures]
