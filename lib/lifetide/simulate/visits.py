"""Visits, with an order in the end or without."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.simulate.arrays import each_of
from lifetide.simulate.devices import has_second_device
from lifetide.simulate.dice import Dice
from lifetide.simulate.moments import DAY, second_of_day
from lifetide.simulate.people import Kind, day_number
from lifetide.simulate.season import season
from lifetide.simulate.world import Plan

BROWSING = 1_000_000_000  # visits without an order are numbered from here, those with one from 1
STEP_SECONDS = 40  # between two clicks
LONGEST = 3_000  # seconds of a visit
DAYS_BEFORE = 20.0  # season days for which customers look around before their first order
CART_SHARE = 0.15  # of visits without an order: something is left in the cart

VISIT = (
    "person", "kind", "customer_id", "category", "signed_up", "visit", "device", "day", "begins", "view_count",
    "line_count", "order_id", "channel",
)  # fmt: skip


def visits(people: DataFrame, orders: DataFrame, plan: Plan) -> DataFrame:
    """One row per visit: `begins` (second of the wall clock), `view_count` (products merely looked at), `line_count`
    (products put into the cart), `order_id` (null: nothing was ordered), `device` 1 or 2.
    """
    return with_order(orders, plan).unionByName(browsing(people, plan))


def with_order(orders: DataFrame, plan: Plan) -> DataFrame:
    """One row per order on the web or in the app whose visit was recorded: it ends with the order, on device 1."""
    dice = Dice(plan.seed)
    views = dice.trials(0.5, "views before an order", "person", "visit") - 1
    is_tracked = dice.is_so(plan.world.tracked_share, "tracked", "person", "visit")
    return (
        orders.where((F.col("channel") != "store") & is_tracked)
        .withColumn("view_count", views)
        .withColumn("device", F.lit(1))
        .withColumn("begins", F.col("wall") - seconds_into(click_count() - 1))
        .select(*VISIT)
    )


def browsing(people: DataFrame, plan: Plan) -> DataFrame:
    """One row per visit without an order: a geometric number of them, at even moments while the person is interested.

    Those who never buy come once at least.
    """
    dice, year, keys = Dice(plan.seed), season(plan), ("person", "visit")
    is_customer = F.col("kind") == Kind.CUSTOMER.value
    start = F.greatest(F.col("born_at") - F.when(is_customer, DAYS_BEFORE).otherwise(0.0), F.lit(year.start))
    stretch = F.greatest(F.col("ends_at") - start, F.lit(0.0))
    count = dice.trials(plan.world.visit_days / (plan.world.visit_days + stretch), "visits", "person")
    moment = start + stretch * dice.uniform("visit", *keys)
    is_second = has_second_device(plan, dice) & dice.is_so(0.5, "on the second", *keys)
    hour = second_of_day(dice.uniform("visit's hour", *keys), dice.uniform("visit's hours", *keys))
    return (
        people.withColumn("number", each_of(1, count - F.col("is_buyer").cast("int")))
        .where(F.col("number").isNotNull())
        .withColumn("visit", F.lit(BROWSING) + F.col("number").cast("bigint"))
        .withColumn("day", day_number(plan, year, moment))
        .withColumns(
            {
                "device": F.when(is_second, 2).otherwise(1),
                "begins": F.col("day").cast("bigint") * DAY + hour,
                "view_count": dice.trials(0.4, "views", *keys),
                "line_count": F.when(dice.is_so(CART_SHARE, "cart", *keys), 1).otherwise(0),
                "order_id": F.lit(None).cast("string"),
                "channel": F.when(dice.is_so(0.7, "visit's channel", *keys), "web").otherwise("app"),
            }
        )
        .select(*VISIT)
    )


def click_count() -> Column:
    """Clicks of a visit: the entry, products looked at, two for each line of the cart, two more for an order."""
    checkout = F.when(F.col("order_id").isNotNull(), 2).otherwise(0)
    return 1 + F.col("view_count") + 2 * F.col("line_count") + checkout


def seconds_into(click: Column) -> Column:
    """Seconds from a visit's first click to its click of that number (0 = the first)."""
    return F.least(click * STEP_SECONDS, F.lit(LONGEST))
