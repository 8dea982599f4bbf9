"""Who lives in the simulated world, what each is like, and when each buys."""

from __future__ import annotations

import math

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.simulate.arrays import each_present, numbers, run_of
from lifetide.simulate.catalogue import CATEGORIES
from lifetide.simulate.dice import Dice
from lifetide.simulate.moments import DAY, second_of_day
from lifetide.simulate.season import Season, season
from lifetide.simulate.world import Plan
from lifetide.vocabulary import Word

FIRST = (
    "1L"  # the number of a person's first visit with an order, of the type that `visit` has: hashes tell types apart
)
KINDS_EACH = 3  # a customer, a guest and a visitor may have the same number


class Kind(Word):
    """What a person is to the shop."""

    CUSTOMER = "customer"
    GUEST = "guest"
    VISITOR = "visitor"


def people(session: SparkSession, plan: Plan) -> DataFrame:
    """One row per person: `plan.customers` customers, and the guests and anonymous visitors beside them.

    `person` is the number that all of the person's dice are thrown by. Moments (`born_at`, `ends_at`, `change_at`,
    `purchases`) are season time; `signed_up` is a second of the wall clock, that of the first order where there is
    one. `customer_id` is null for guests and visitors; `rate` (purchases a day of season time), `shape` and `dropout`
    mean nothing for those who never buy; `change_at` is null where no change of rate was planted,
    `purchases` where nothing is bought.
    """
    dice, year, world = Dice(plan.seed), season(plan), plan.world
    born = _all_kinds(session, plan, dice)
    first_day = day_number(plan, year, F.col("born_at")).cast("bigint")
    traits = {
        "is_buyer": (F.col("kind") == Kind.CUSTOMER.value) & ~dice.is_so(world.prospect_share, "prospect", "person"),
        "born_at": year.start + dice.uniform("birth", "person") * (year.end - year.start),
        "rate": dice.gamma(world.rate_shape, "rate", "person") / world.rate_days,
        "shape": dice.below(world.gap_shapes, "shape", "person") + 1,
        "dropout": dice.beta(world.dropout_a, world.dropout_b, "dropout", "person"),
        "category": dice.below(len(CATEGORIES), "preferred category", "person"),
        "level": F.exp(dice.normal("level", "person") * world.level_sigma),
        "currency": _currency(plan, dice),
    }
    known = born.withColumns(traits).withColumn("signed_up", first_day * DAY + order_second(dice, FIRST))
    return _with_purchases(known, plan, dice, year)


def order_second(dice: Dice, visit: str) -> Column:
    """Second of the day on which the visit's order is placed."""
    return second_of_day(dice.uniform("hour", "person", visit), dice.uniform("hours", "person", visit))


def day_number(plan: Plan, year: Season, moment: Column) -> Column:
    """The local day of a moment, 0 for the first."""
    return F.greatest(F.least(F.floor(year.day_of(moment)), F.lit(plan.days - 1)), F.lit(0)).cast("int")


def _all_kinds(session: SparkSession, plan: Plan, dice: Dice) -> DataFrame:
    """Guests and visitors lie beside customers, so that every task has its share of each."""
    world = plan.world
    kind = each_present(
        F.lit(Kind.CUSTOMER.value),
        (dice.is_so(world.guest_share, "guest", "number"), F.lit(Kind.GUEST.value)),
        (dice.is_so(world.visitor_share, "visitor", "number"), F.lit(Kind.VISITOR.value)),
    )
    place = F.when(F.col("kind") == Kind.CUSTOMER.value, 0).when(F.col("kind") == Kind.GUEST.value, 1).otherwise(2)
    customer = F.concat(F.lit("c"), F.lpad(F.col("number").cast("string"), 9, "0"))
    return (
        session.range(0, plan.customers, 1, plan.tasks)
        .select(F.col("id").alias("number"))
        .select("number", kind.alias("kind"))
        .select(
            "kind",
            (F.col("number") * KINDS_EACH + place).alias("person"),
            F.when(F.col("kind") == Kind.CUSTOMER.value, customer).alias("customer_id"),
        )
    )


def _with_purchases(born: DataFrame, plan: Plan, dice: Dice, year: Season) -> DataFrame:
    """Adds the season times of all purchases until the person drops out or the plan ends, and what that means."""
    world = plan.world
    left = year.end - F.col("born_at")
    change = F.col("born_at") + (0.3 + 0.4 * dice.uniform("change", "person")) * left
    is_changing = F.col("is_buyer") & dice.is_so(world.change_share, "changes", "person")
    factor = F.get(numbers(world.change_factors), dice.below(len(world.change_factors), "factor", "person"))
    before = F.coalesce(F.col("change_at"), F.lit(year.end)) - F.col("born_at")
    exposure = F.col("rate") * (before + F.col("change_factor") * (left - before))
    lives = F.when(F.col("is_buyer"), dice.trials(F.col("dropout"), "orders of a life", "person")).when(
        F.col("kind") == Kind.GUEST.value, 1
    )
    drift_sign = F.when(dice.is_so(0.5, "drift's sign", "person"), 1.0).otherwise(-1.0)
    is_drifting = F.col("is_buyer") & dice.is_so(world.drift_share, "drifts", "person")
    last = F.try_element_at("purchases", F.lit(-1))
    return (
        born.withColumns(
            {
                "change_at": F.when(is_changing, change),
                "change_factor": F.when(is_changing, factor).otherwise(1.0),
                "orders_of_life": F.coalesce(lives, F.lit(0)),
                "drift": F.when(is_drifting, drift_sign * world.drift_a_year).otherwise(0.0),
            }
        )
        .withColumn("exposure", exposure)
        .withColumn("purchases", _purchases(dice, world.gap_shapes))
        .withColumn("is_dead", F.col("is_buyer") & (F.size("purchases") == F.col("orders_of_life")))
        .withColumn("ends_at", _end_of_interest(plan, dice, year, last))
        .drop("exposure", "orders_of_life")
    )


def _purchases(dice: Dice, largest: int) -> Column:
    """Moments of purchase: gaps of mean 1 are summed up, cut where the exposure ends, and stretched by the rate.

    A life of fewer orders ends sooner. The bound on the number of gaps, six standard deviations of a Poisson count
    above its mean and ten more, is passed once in 10⁹ lives.
    """
    bound = F.ceil(F.col("exposure") + 6 * F.sqrt("exposure") + 10).cast("int")
    count = F.least(F.col("orders_of_life"), bound)
    gaps = F.transform(
        run_of(1, count),
        lambda place: F.when(place == 1, 0.0).otherwise(dice.erlang(F.col("shape"), largest, "gap", "person", place)),
    )
    nothing = F.array().cast("array<double>")
    summed = F.aggregate(
        gaps,
        nothing,
        lambda sums, gap: F.concat(sums, F.array(F.coalesce(F.try_element_at(sums, F.lit(-1)), F.lit(0.0)) + gap)),
    )
    inside = F.filter(summed, lambda total: total <= F.col("exposure"))
    return F.transform(inside, lambda total: _stretched(F.col("born_at") + total / F.col("rate")))


def _stretched(moment: Column) -> Column:
    """The moment after the planted change of rate: what follows comes sooner or later by the factor."""
    is_later = F.coalesce(moment > F.col("change_at"), F.lit(False))
    after = F.col("change_at") + (moment - F.col("change_at")) / F.col("change_factor")
    return F.when(is_later, after).otherwise(moment)


def _end_of_interest(plan: Plan, dice: Dice, year: Season, last: Column) -> Column:
    """Season time after which the person no longer visits: customers who dropped out look in for two weeks more."""
    interest = dice.exponential("interest", "person") * plan.world.interest_days
    end = F.when(F.col("is_dead"), last + 14.0).when(F.col("is_buyer"), year.end)
    return F.least(F.coalesce(end, F.col("born_at") + interest), F.lit(year.end))


def _currency(plan: Plan, dice: Dice) -> Column:
    if not plan.currencies:
        return F.lit(plan.currency)
    share = plan.world.foreign_share
    drawn = dice.uniform("currency", "person")
    place = F.floor(drawn / (share or math.inf) * len(plan.currencies)).cast("int")
    codes = F.array(*(F.lit(code) for code in plan.currencies))
    return F.when(drawn < share, F.get(codes, place)).otherwise(plan.currency)
