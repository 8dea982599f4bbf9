"""From days and seconds of the shop's wall clock to dates and instants."""

from __future__ import annotations

from datetime import date, timedelta

from pyspark.sql import Column
from pyspark.sql import functions as F

from lifetide.simulate.world import Plan

DAY = 86_400
OPENS, CLOSES = 7 * 3_600, 22 * 3_600  # seconds of the day; visits begin up to an hour before an order


def local_day(plan: Plan, day: Column) -> Column:
    """The local date; day 0 is the plan's first."""
    return F.date_add(F.lit(plan.first), day.cast("int"))


def instant(plan: Plan, wall: Column) -> Column:
    """The instant of a wall clock that counts seconds from the plan's first midnight.

    The zone's changes are few and known, so that this is an addition and no look-up of rules.
    """
    (_, first_offset), *changes = plan.zone_offsets()
    offset = F.lit(first_offset)
    for day, seconds in changes:
        offset = F.when(wall >= day * DAY, F.lit(seconds)).otherwise(offset)
    midnight = (plan.first - date(1970, 1, 1)) // timedelta(days=1) * DAY
    return F.timestamp_seconds(F.lit(midnight) + wall - offset)


def second_of_day(first: Column, second: Column) -> Column:
    """A second of the opening hours, most likely in mid-afternoon, from two uniform numbers."""
    return (F.lit(OPENS) + F.floor((first + second) * ((CLOSES - OPENS) / 2))).cast("bigint")
