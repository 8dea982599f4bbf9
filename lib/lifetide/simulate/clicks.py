"""What was clicked in each visit, as the shop's tracker delivers it."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.simulate.arrays import each_of, each_present
from lifetide.simulate.catalogue import PER_CATEGORY, category_name, chosen_product, product_id
from lifetide.simulate.devices import linked_wall, visitor_id
from lifetide.simulate.dice import Dice
from lifetide.simulate.moments import instant, local_day
from lifetide.simulate.orders import days_late, days_until_again
from lifetide.simulate.visits import click_count, seconds_into
from lifetide.simulate.world import Plan
from lifetide.vocabulary import EventType

CAMPAIGNS = ("spring sale", "newsletter", "search ads", "autumn sale")
PAGES = ("home", "new", "sale", "account")
LOOKED_AT = 1_000  # products merely looked at are numbered from here, those of the cart from 1


def clicks(visits: DataFrame, plan: Plan) -> DataFrame:
    """One row per delivered click, columns as in the kind `events`, and `arrived_on` as for order lines.

    `event_id` is unique but for visits that were delivered twice. `customer_id` is null until the customer signed in
    on that device, for ever on devices where nobody does. An `order_completed` names the order whose lines are
    delivered as order lines, and carries no money.
    """
    dice, keys = Dice(plan.seed), ("person", "visit")
    is_again = dice.is_so(plan.world.duplicate_share, "visit again", *keys)
    campaign = F.when(dice.is_so(0.2, "is from a campaign", *keys), dice.one_of(CAMPAIGNS, "campaign", *keys))
    whole = visits.withColumns(
        {
            "click_count": click_count(),
            "session_id": F.concat_ws("-", F.concat(F.lit("s"), "person"), "visit"),
            "anonymous_id": visitor_id(F.col("device")),
            "linked": linked_wall(dice, F.col("device")),
            "campaign": campaign,
            "late": days_late(dice, plan.world.late_share, "visit"),
            "is_search": dice.is_so(0.3, "search", *keys),
        }
    )
    delivered = whole.withColumn("again", each_present(F.lit(0), (is_again, days_until_again(dice))))
    each = delivered.withColumn("click", each_of(0, F.col("click_count") - 1))
    return _told(each, dice, plan)


def _told(each: DataFrame, dice: Dice, plan: Plan) -> DataFrame:
    in_cart = F.col("click") - F.col("view_count") - 1
    is_in_cart = (in_cart >= 0) & (in_cart < 2 * F.col("line_count"))
    line = F.when(is_in_cart, F.floor(in_cart / 2).cast("int") + 1).otherwise(F.col("click") + LOOKED_AT)
    product = chosen_product(dice, F.col("category"), plan.world.loyal_share, "person", "visit", "line")
    is_of_product = F.col("event_type").isin(str(EventType.PRODUCT_VIEWED), str(EventType.CART_ADDED))
    event_type = _type(in_cart, is_in_cart)
    wall = F.col("begins") + seconds_into(F.col("click"))
    shown = (
        each.withColumns({"event_type": event_type, "line": line.cast("int"), "wall": wall})
        .withColumn("product", F.when(is_of_product, product))
        .drop("line")
    )
    is_completed = F.col("event_type") == str(EventType.ORDER_COMPLETED)
    return shown.select(
        F.concat_ws("-", "session_id", "click").alias("event_id"),
        "event_type",
        instant(plan, F.col("wall")).alias("event_at"),
        F.when(F.col("wall") >= F.col("linked"), F.col("customer_id")).alias("customer_id"),
        "anonymous_id",
        "session_id",
        F.when(is_completed, F.col("order_id")).alias("order_id"),
        product_id(F.col("product")).alias("product_id"),
        category_name(F.col("product")).alias("category"),
        F.when(F.col("event_type") == str(EventType.CART_ADDED), 1).alias("quantity"),
        "channel",
        "campaign",
        F.when(F.col("event_type") == str(EventType.SEARCHED), _searched()).alias("query"),
        F.when(F.col("event_type") == str(EventType.PAGE_VIEWED), _page(dice)).alias("page"),
        local_day(plan, F.col("day") + F.col("late") + F.col("again")).alias("arrived_on"),
    )


def _type(in_cart: Column, is_in_cart: Column) -> Column:
    """The entry, products looked at, view and cart in turns, checkout and order."""
    entry = F.when(F.col("is_search"), str(EventType.SEARCHED)).otherwise(str(EventType.PAGE_VIEWED))
    in_turns = F.when(in_cart % 2 == 0, str(EventType.PRODUCT_VIEWED)).otherwise(str(EventType.CART_ADDED))
    return (
        F.when(F.col("click") == 0, entry)
        .when(is_in_cart, in_turns)
        .when(in_cart < 0, str(EventType.PRODUCT_VIEWED))
        .when(in_cart == 2 * F.col("line_count"), str(EventType.CHECKOUT_STARTED))
        .otherwise(str(EventType.ORDER_COMPLETED))
    )


def _searched() -> Column:
    """People search for what they like."""
    return F.lower(category_name(F.col("category") * PER_CATEGORY))


def _page(dice: Dice) -> Column:
    return dice.one_of(PAGES, "page", "person", "visit")
