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
    """One row per change of a count: `date` and +1 or −1 in its columns. Spells are walked once."""
    first_date = F.min("valid_from").over(Window.partitionBy("customer_id"))
    known = spells.withColumn("first_date", first_date).withColumn(
        "new_until", F.date_add("first_date", policy.new_days + 1)
    )
    is_first = F.col("valid_from") == F.col("first_date")
    begins, ends = F.greatest("valid_from", "new_until"), F.col("valid_to")
    lasts = ends.isNull() | (ends > begins)
    group = F.col("lifecycle_group")
    changes = F.array(
        _change(is_first, F.col("first_date"), 1, _as_new()),
        _change(is_first, F.col("new_until"), -1, _as_new()),
        _change(lasts, begins, 1, _by_group(group)),
        _change(lasts & ends.isNotNull(), ends, -1, _by_group(group)),
    )
    return known.select("customer_id", F.inline(changes)).where(F.col("date").isNotNull())


def _change(happens: Column, on: Column, step: int, counted: dict[str, Column]) -> Column:
    """A change of the counts; its date is null where it does not happen."""
    figures = (F.when(counted[name], F.lit(step)).otherwise(F.lit(0)).alias(name) for name in COUNTS)
    return F.struct(F.when(happens, on).alias("date"), *figures)


def _as_new() -> dict[str, Column]:
    return {name: F.lit(name == "new_count") for name in COUNTS}


def _by_group(group: Column) -> dict[str, Column]:
    return {
        "new_count": F.lit(False),
        "active_count": group.isin(str(Group.JUST_ORDERED), str(Group.ACTIVE)),
        "slipping_away_count": group == str(Group.SLIPPING_AWAY),
        "lost_count": group == str(Group.LOST),
        "just_ordered_count": group == str(Group.JUST_ORDERED),
    }
