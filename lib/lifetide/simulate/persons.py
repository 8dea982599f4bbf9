"""What the shop knows of its customers: contact data, consents; and what only the simulation knows, the truth."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.simulate.arrays import each_present
from lifetide.simulate.catalogue import PER_CATEGORY, catalogue, category_name
from lifetide.simulate.dice import Dice, Key
from lifetide.simulate.moments import DAY, instant, local_day
from lifetide.simulate.people import Kind, day_number
from lifetide.simulate.season import season
from lifetide.simulate.world import Plan

FIRST_NAMES = (
    "Ada", "Anton", "Bea", "Carl", "Dora", "Emil", "Flora", "Georg", "Hanna", "Ivo", "Jana", "Karim", "Lena", "Mats",
    "Nora", "Oskar", "Paula", "Quirin", "Rosa", "Simon", "Tilda", "Ulf", "Vera", "Wim",
)  # fmt: skip
LAST_NAMES = (
    "Adler", "Berger", "Costa", "Dahl", "Egger", "Fischer", "Gruber", "Huber", "Ivanova", "Jansen", "Kaya", "Lang",
    "Moser", "Novak", "Olsen", "Pichler", "Reiter", "Steiner", "Toth", "Urban", "Vogel", "Wagner", "Yilmaz", "Zeman",
)  # fmt: skip
CITIES = ("Wien|1010|AT", "Graz|8010|AT", "Linz|4020|AT", "Salzburg|5020|AT", "München|80331|DE", "Bregenz|6900|AT")
CONSENT_SHARES = {"email": 0.6, "sms": 0.2, "push": 0.3, "ads": 0.5}  # of customers: say yes when they sign up
WITHDRAWN_SHARE = 0.12  # of consents: withdrawn some day
RENEWED_SHARE = 0.25  # of withdrawals: taken back some day
DAYS_TO_CHANGE = 150.0  # mean days from one word to the next


def customers(people: DataFrame, plan: Plan) -> DataFrame:
    """One row per customer: made-up personal data, columns as in the kind `customers`.

    15% have no e-mail, half have no phone; addresses end in .example, phone numbers are ones reserved for fiction.
    """
    dice = Dice(plan.seed)
    place = F.split(dice.one_of(CITIES, "city", "person"), r"\|")
    phone = F.concat(F.lit("+447700900"), F.lpad(dice.below(1_000, "phone", "person").cast("string"), 3, "0"))
    return people.where(_is_customer()).select(
        "customer_id",
        F.when(dice.is_so(0.85, "has e-mail", "person"), F.concat("customer_id", F.lit("@mail.example"))).alias(
            "email"
        ),
        F.when(dice.is_so(0.5, "has phone", "person"), phone).alias("phone"),
        dice.one_of(FIRST_NAMES, "first name", "person").alias("first_name"),
        dice.one_of(LAST_NAMES, "last name", "person").alias("last_name"),
        F.get(place, 0).alias("city"),
        F.get(place, 1).alias("zip"),
        F.get(place, 2).alias("country"),
        instant(plan, F.col("signed_up")).alias("signed_up_at"),
    )


def consents(people: DataFrame, plan: Plan) -> DataFrame:
    """One row per customer, channel and change of consent within the plan, columns as in the kind `consents`.

    The first word is said at the sign-up; those who said yes may withdraw, those who withdrew may come back.
    """
    dice, keys = Dice(plan.seed), ("person", "channel")
    said_yes = F.lit(False)
    for channel, share in CONSENT_SHARES.items():
        is_chosen = F.col("channel") == channel
        said_yes = F.when(is_chosen, dice.is_so(share, "consents", *keys)).otherwise(said_yes)
    is_withdrawn = said_yes & dice.is_so(WITHDRAWN_SHARE, "withdraws", *keys)
    withdrawn = F.col("signed_up") + _wait(dice, "withdrawal", *keys)
    is_renewed = is_withdrawn & dice.is_so(RENEWED_SHARE, "renews", *keys)
    word = each_present(
        _word(F.when(said_yes, "subscribed").otherwise("unsubscribed"), F.col("signed_up")),
        (is_withdrawn, _word(F.lit("unsubscribed"), withdrawn)),
        (is_renewed, _word(F.lit("subscribed"), withdrawn + _wait(dice, "renewal", *keys))),
    )
    channels = F.array(*(F.lit(channel) for channel in CONSENT_SHARES))
    return (
        people.where(_is_customer())
        .select("person", "customer_id", "signed_up", F.explode(channels).alias("channel"))
        .withColumn("word", word)
        .where(F.col("word.wall") < plan.days * DAY)
        .select("customer_id", "channel", "word.status", instant(plan, F.col("word.wall")).alias("changed_at"))
    )


def truth_customers(people: DataFrame, plan: Plan) -> DataFrame:
    """One row per customer: what an estimate is to be compared with. Dates are local.

    `rate_per_day`, `gap_shape` and `dropout_probability` are null for customers who never buy; `rate_per_day` is the
    year's mean while alive, before the planted change. `death_date` is the day of the last order after which the
    customer dropped out, null while alive on the last day. `change_date` and `change_factor` are null where no change
    was planted, or death came first. `ticket_mean` is the expected gross value of an order at birth, before
    discounts, in shop currency; it grows by e^`ticket_drift_per_year`.
    """
    year, buys = season(plan), F.col("is_buyer")
    died = F.when(F.col("is_dead"), day_number(plan, year, F.try_element_at("purchases", F.lit(-1))))
    changed = F.when(F.col("change_at").isNotNull(), day_number(plan, year, F.col("change_at")))
    is_seen = changed < F.coalesce(F.col("died"), F.lit(plan.days))
    world = plan.world
    per_order = 1 / ((1 - world.more_lines) * (1 - world.more_units))
    ticket = catalogue(plan).mean_price(F.col("category"), world.loyal_share) * F.col("level") * per_order
    found = people.where(_is_customer()).withColumn("died", died).withColumn("changed", F.when(is_seen, changed))
    return found.select(
        "customer_id",
        "is_buyer",
        F.when(buys, F.col("rate")).alias("rate_per_day"),
        F.when(buys, F.col("shape")).alias("gap_shape"),
        F.when(buys, F.col("dropout")).alias("dropout_probability"),
        local_day(plan, day_number(plan, year, F.col("born_at"))).alias("birth_date"),
        local_day(plan, F.col("died")).alias("death_date"),
        F.coalesce(F.size("purchases"), F.lit(0)).alias("order_count"),
        local_day(plan, F.col("changed")).alias("change_date"),
        F.when(F.col("changed").isNotNull(), F.col("change_factor")).alias("change_factor"),
        F.when(buys, ticket).alias("ticket_mean"),
        F.when(buys, F.col("drift")).alias("ticket_drift_per_year"),
        category_name(F.col("category") * PER_CATEGORY).alias("preferred_category"),
    )


def _is_customer() -> Column:
    return F.col("kind") == Kind.CUSTOMER.value


def _wait(dice: Dice, purpose: str, *keys: Key) -> Column:
    return (1 + F.floor(dice.exponential(purpose, *keys) * (DAYS_TO_CHANGE * DAY))).cast("bigint")


def _word(status: Column, wall: Column) -> Column:
    return F.struct(status.alias("status"), wall.alias("wall"))
