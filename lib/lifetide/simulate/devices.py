"""Devices and sign-ups: since when a visitor id is known to be whose."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.simulate.arrays import each_present
from lifetide.simulate.dice import Dice
from lifetide.simulate.moments import DAY, instant
from lifetide.simulate.people import Kind
from lifetide.simulate.world import Plan

LINKED_SHARE = 0.8  # of second devices: their owner signs in on them some day
DAYS_TO_LINK = 60.0  # mean days from the sign-up to that day
UNLINKED_SHARE = 0.02  # of links: taken back, the device was somebody else's
DAYS_TO_UNLINK = 90.0  # mean days from a link to its end


def visitor_id(device: Column | int) -> Column:
    """The id that a device carries before anybody signs in, and after."""
    return F.concat(F.lit("v"), F.col("person"), F.lit("-"), F.lit(device) if isinstance(device, int) else device)


def has_second_device(plan: Plan, dice: Dice) -> Column:
    """Customers who also browse on another device."""
    return (F.col("kind") == Kind.CUSTOMER.value) & dice.is_so(
        plan.world.second_device_share, "second device", "person"
    )


def linked_wall(dice: Dice, device: Column) -> Column:
    """Second of the wall clock at which the customer signs in on the device; null for never, or no customer.

    On the first device that is the sign-up itself (`signed_up`).
    """
    wait = F.floor(dice.exponential("days to link", "person") * (DAYS_TO_LINK * DAY)).cast("bigint")
    second = F.when(dice.is_so(LINKED_SHARE, "is linked", "person"), F.col("signed_up") + wait)
    return F.when(F.col("kind") == Kind.CUSTOMER.value, F.when(device == 1, F.col("signed_up")).otherwise(second))


def identities(people: DataFrame, plan: Plan) -> DataFrame:
    """One row per link of a visitor id to a customer within the plan, columns as in the kind `identities`."""
    dice, device = Dice(plan.seed), F.col("device")
    stretch = F.floor(dice.exponential("days to unlink", "person", "device") * (DAYS_TO_UNLINK * DAY)).cast("bigint")
    end = F.when(dice.is_so(UNLINKED_SHARE, "is unlinked", "person", "device"), F.col("linked") + 1 + stretch)
    return (
        people.where(F.col("kind") == Kind.CUSTOMER.value)
        .withColumn("device", each_present(F.lit(1), (has_second_device(plan, dice), F.lit(2))))
        .withColumn("linked", linked_wall(dice, device))
        .where(F.col("linked") < plan.days * DAY)
        .select(
            visitor_id(device).alias("anonymous_id"),
            "customer_id",
            instant(plan, F.col("linked")).alias("linked_at"),
            instant(plan, F.when(end < plan.days * DAY, end)).alias("unlinked_at"),
        )
    )
