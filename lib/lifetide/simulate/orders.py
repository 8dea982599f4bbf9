"""Orders, and their lines as the shop's system delivers them: credits, re-deliveries and late ones included."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.simulate.arrays import each_of, each_present
from lifetide.simulate.catalogue import catalogue, category_name, chosen_product, product_id
from lifetide.simulate.currencies import price_factor
from lifetide.simulate.dice import Dice
from lifetide.simulate.moments import DAY, instant, local_day
from lifetide.simulate.people import Kind, day_number, order_second
from lifetide.simulate.season import YEAR, season
from lifetide.simulate.world import Plan
from lifetide.vocabulary import LineState

MOST_DAYS_TO_REFUND = 30
SALE, AGAIN, CREDIT = "sale", "again", "credit"
FULL, PARTIAL = "full", "partial"


def orders(people: DataFrame, plan: Plan) -> DataFrame:
    """One row per order: `wall` (second of the wall clock), `line_count`, `channel`, and what becomes of it.

    `credit` is cancelled, full, partial or null; `credit_day` null where it falls after the plan's last day.
    `visit` numbers a person's orders from 1.
    """
    dice, year, world = Dice(plan.seed), season(plan), plan.world
    keys = ("person", "visit")
    drawn = dice.uniform("credit", *keys)
    full, partial = world.cancelled_share + world.full_refund_share, world.partial_refund_share
    credit = (
        F.when(drawn < world.cancelled_share, str(LineState.CANCELLED))
        .when(drawn < full, FULL)
        .when(drawn < full + partial, PARTIAL)
    )
    carried = ("person", "kind", "customer_id", "category", "level", "drift", "currency", "born_at", "signed_up")
    return (
        people.select(*carried, F.posexplode_outer("purchases").alias("place", "moment"))
        .where(F.col("moment").isNotNull())
        .withColumns(
            {
                "visit": (F.col("place") + 1).cast("bigint"),
                "day": day_number(plan, year, F.col("moment")),
                "years": (F.col("moment") - F.col("born_at")) / YEAR,
            }
        )
        .withColumns(
            {
                "wall": F.col("day") * F.lit(DAY).cast("bigint") + order_second(dice, "visit"),
                "order_id": F.concat_ws("-", F.concat(F.lit("o"), "person"), "visit"),
                "line_count": dice.trials(1 - world.more_lines, "lines", *keys),
                "channel": _channel(dice),
                "credit": credit,
            }
        )
        .drop("place", "moment", "born_at")
    )


def order_lines(orders: DataFrame, plan: Plan) -> DataFrame:
    """One row per delivered line of an order, cancellation or credit note, as in the kind `order_lines`.

    `line_id` is unique but for re-deliveries; `quantity` and `amount` are negative on credit lines; `arrived_on` is
    the local date on which the row reached the shop's system, after `ordered_at` where it came late.
    """
    is_again = Dice(plan.seed).is_so(plan.world.duplicate_share, "again", "person", "visit")
    role = each_present(F.lit(SALE), (is_again, F.lit(AGAIN)), (F.col("credited") > 0, F.lit(CREDIT)))
    return _delivered(_lines(orders, plan).withColumn("role", role), plan)


def _lines(orders: DataFrame, plan: Plan) -> DataFrame:
    """One row per sold line: product, units, price, and the units that are given back within the plan."""
    dice, world, keys = Dice(plan.seed), plan.world, ("person", "visit", "line")
    noise = dice.normal("noise", *keys) * world.noise_sigma - world.noise_sigma**2 / 2
    price = (
        catalogue(plan).price(F.col("product"))
        * F.col("level")
        * F.exp(F.col("drift") * F.col("years") + noise)
        * price_factor(plan, F.col("currency"))
    )
    wait = 2 + dice.below(MOST_DAYS_TO_REFUND - 1, "wait", "person", "visit")
    credit_day = F.col("day") + F.when(F.col("credit") == str(LineState.CANCELLED), 0).otherwise(wait)
    is_half = (F.col("credit") == PARTIAL) & (F.col("line") == 1)
    returned = F.when(F.col("credit") != PARTIAL, F.col("quantity")).when(is_half, F.ceil(F.col("quantity") / 2))
    is_cheaper = dice.is_so(world.discount_share, "discount", "person", "visit")
    return (
        orders.withColumn("line", each_of(1, F.col("line_count")))
        .withColumns(
            {
                "product": chosen_product(dice, F.col("category"), world.loyal_share, *keys),
                "quantity": dice.trials(1 - world.more_units, "units", *keys),
                "credit_day": credit_day,
                "discount": F.when(is_cheaper, 0.1).otherwise(0.0),
            }
        )
        .withColumns(
            {
                "unit_price": F.greatest(F.round(price, 2), F.lit(0.01)),
                "credited": F.when(F.col("credit_day") < plan.days, returned),
            }
        )
    )


def _delivered(lines: DataFrame, plan: Plan) -> DataFrame:
    dice, is_credit = Dice(plan.seed), F.col("role") == CREDIT
    units = F.when(is_credit, F.col("credited")).otherwise(F.col("quantity"))
    gross = F.round(units * F.col("unit_price"), 2)
    discount = F.round(gross * F.col("discount"), 2)
    sign = F.when(is_credit, -1).otherwise(1)
    credit_wall = (
        F.col("wall") + (F.col("credit_day") - F.col("day")) * DAY + F.when(_is_cancelled(), 600).otherwise(0)
    )
    note = F.concat(F.when(is_credit, "r").otherwise(""), "order_id")
    state = (
        F.when(~is_credit, str(LineState.COMPLETED))
        .when(_is_cancelled(), str(LineState.CANCELLED))
        .otherwise(str(LineState.REFUNDED))
    )
    is_named = (
        (F.col("kind") == Kind.GUEST.value)
        | _is_cancelled()
        | dice.is_so(plan.world.named_refund_share, "names its order", "person", "visit")
    )
    day = F.when(is_credit, F.col("credit_day")).otherwise(F.col("day"))
    return lines.select(
        F.concat_ws("-", note, "line").alias("line_id"),
        note.alias("order_id"),
        instant(plan, F.when(is_credit, credit_wall).otherwise(F.col("wall"))).alias("ordered_at"),
        "customer_id",
        product_id(F.col("product")).alias("product_id"),
        category_name(F.col("product")).alias("category"),
        (sign * units).cast("int").alias("quantity"),
        F.col("unit_price").cast("decimal(18,2)").alias("unit_price"),
        discount.cast("decimal(18,2)").alias("discount_amount"),
        (sign * (gross - discount)).cast("decimal(18,2)").alias("amount"),
        "currency",
        "channel",
        state.alias("state"),
        F.when(is_credit & is_named, F.col("order_id")).alias("refunds_order_id"),
        local_day(plan, day + _delay(dice, plan)).alias("arrived_on"),
    )


def days_late(dice: Dice, late_share: float, purpose: str) -> Column:
    """Days between a row's date and its arrival: 0, or for the late ones 1 and more (3 in the mean)."""
    late = dice.trials(1 / 3, f"days late {purpose}", "person", "visit")
    return F.when(dice.is_so(late_share, f"is late {purpose}", "person", "visit"), late).otherwise(0)


def days_until_again(dice: Dice) -> Column:
    """Days between a delivery and the same once more: 1 to 5."""
    return 1 + dice.below(5, "days until again", "person", "visit")


def _delay(dice: Dice, plan: Plan) -> Column:
    sale, credit = (days_late(dice, plan.world.late_share, purpose) for purpose in (SALE, CREDIT))
    again = F.when(F.col("role") == AGAIN, days_until_again(dice)).otherwise(0)
    return F.when(F.col("role") == CREDIT, credit).otherwise(sale + again)


def _is_cancelled() -> Column:
    return F.coalesce(F.col("credit") == str(LineState.CANCELLED), F.lit(False))


def _channel(dice: Dice) -> Column:
    drawn = dice.uniform("channel", "person", "visit")
    return F.when(drawn < 0.6, "web").when(drawn < 0.85, "app").otherwise("store")
