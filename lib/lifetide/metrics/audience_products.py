"""What the members of audiences buy, by three logics, each beside everyone (feature rows 001.17, 003.11)."""

from __future__ import annotations

import math
from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lifetide.counting import count_where
from lifetide.tables.model import MONEY, UNITS
from lifetide.vocabulary import ProductLogic as Logic

BEST_DAYS, RECENT_DAYS, BEFORE_DAYS, NEW_DAYS = 90, 14, 56, 30
"""Local dates that each logic looks at, as_of the last of them; BEFORE_DAYS lie before the RECENT_DAYS."""
SURE = 3.09
"""Standard deviations; chance alone brings such a rise once in a thousand products: two or three orders are none."""
_EVERYONE = "*"
_DAYS = {Logic.BEST_SELLING: BEST_DAYS, Logic.TRENDING: RECENT_DAYS, Logic.NEW: NEW_DAYS}


def audience_products(
    bought: DataFrame, first_sold: DataFrame, sizes: DataFrame, as_of: date, most: int
) -> DataFrame:
    """One row per audience (null = everyone) × logic × product, the `most` first of each, as of `as_of`.

    `bought`: one row per customer × local date × product with `audience_keys`, order_count, units_sold and
    net_revenue, of the last `BEST_DAYS` dates at least; `first_sold`: product_id, `appeared_on` (published, else
    first sold); `sizes`: audience_key (null = everyone), `size`.
    best_selling: by buyers in 90 dates. trending: the last 14 against the 56 before, only where the rise of orders
    is more than chance, by how surely. new: appeared within 30 dates, by buyers in them. Ties go by net revenue,
    then product_id. A buyer bought units on a sale dated in the logic's dates; `lift` = share of buyers among the
    members ÷ among everyone.
    """
    everyone = F.array(F.lit(_EVERYONE))
    mine = F.coalesce("audience_keys", F.array().cast("array<string>"))
    # first by what buyers have in common, so that audiences multiply few rows
    alike = _by_person(bought, as_of).groupBy("audience_keys", "product_id").agg(*_buyers())
    each = alike.withColumn("key", F.explode(F.concat(everyone, mine)))
    sums = each.groupBy("key", "product_id").agg(*(F.sum(name).alias(name) for name in _names()))
    dated = sums.join(F.broadcast(first_sold), "product_id", "left")
    told = dated.select("key", "product_id", F.explode(F.array(*_logics(as_of))).alias("one")).select(
        "key", "product_id", "one.*"
    )
    size = F.broadcast(sizes.select(F.coalesce("audience_key", F.lit(_EVERYONE)).alias("key"), "size"))
    of_everyone = F.max(F.when(F.col("key") == _EVERYONE, F.col("share"))).over(
        Window.partitionBy("logic", "product_id")
    )
    shares = told.join(size, "key").withColumn("share", F.try_divide("buyers", "size"))
    shares = shares.withColumn("base_share", of_everyone)
    in_order = Window.partitionBy("key", "logic").orderBy(
        F.col("score").desc(), F.col("net_revenue").desc_nulls_last(), F.col("product_id").asc()
    )
    is_listed = F.col("score").isNotNull() & (F.col("buyers") > 0)
    listed = shares.where(is_listed).withColumn("rank", F.row_number().over(in_order)).where(F.col("rank") <= most)
    return listed.select(
        F.lit(as_of).alias("as_of"),
        F.when(F.col("key") != _EVERYONE, F.col("key")).alias("audience_key"),
        "logic",
        "product_id",
        F.col("rank").cast("int").alias("rank"),
        F.col("buyers").cast("bigint").alias("buyers"),
        F.col("units").cast(UNITS).alias("units"),
        F.col("net_revenue").cast(MONEY).alias("net_revenue"),
        F.try_divide("share", "base_share").alias("lift"),
    )


def _by_person(bought: DataFrame, as_of: date) -> DataFrame:
    """One row per customer × product: units, money and net orders in the dates of each logic."""
    age = F.date_diff(F.lit(as_of), "local_date")
    sums = []
    for logic, days in _DAYS.items():
        is_in = (age >= 0) & (age < days)
        sums.append(F.sum(F.when(is_in, F.col("units_sold"))).alias(f"{logic}_units"))
        sums.append(F.sum(F.when(is_in, F.col("net_revenue"))).alias(f"{logic}_revenue"))
    orders = F.coalesce("order_count", F.lit(0))
    is_before = (age >= RECENT_DAYS) & (age < RECENT_DAYS + BEFORE_DAYS)
    sums.append(F.sum(F.when((age >= 0) & (age < RECENT_DAYS), orders)).alias("orders_recent"))
    sums.append(F.sum(F.when(is_before, orders)).alias("orders_before"))
    return bought.groupBy("customer_id", "audience_keys", "product_id").agg(*sums)


def _buyers() -> list[Column]:
    """Of people who are in the same audiences: the orders, and buyers, units and money by logic."""
    found = [F.coalesce(F.sum(name), F.lit(0)).alias(name) for name in ("orders_recent", "orders_before")]
    for logic in _DAYS:
        found.append(count_where(F.col(f"{logic}_units") > 0).alias(f"{logic}_buyers"))
        found += [F.sum(f"{logic}_{name}").alias(f"{logic}_{name}") for name in ("units", "revenue")]
    return found


def _names() -> list[str]:
    return ["orders_recent", "orders_before"] + [
        f"{logic}_{name}" for logic in _DAYS for name in ("buyers", "units", "revenue")
    ]


def _logics(as_of: date) -> list[Column]:
    """The figures of each logic; `score` = what it is ranked by, null = not in its list."""
    age = F.date_diff(F.lit(as_of), "appeared_on")
    buyers = {logic: F.col(f"{logic}_buyers").cast("double") for logic in _DAYS}
    rise = rise_score(F.col("orders_recent"), F.col("orders_before"))
    scores = {
        Logic.BEST_SELLING: buyers[Logic.BEST_SELLING],
        Logic.TRENDING: F.when(rise > SURE, rise),
        Logic.NEW: F.when((age >= 0) & (age < NEW_DAYS), buyers[Logic.NEW]),
    }
    return [
        F.struct(
            F.lit(str(logic)).alias("logic"),
            F.col(f"{logic}_buyers").alias("buyers"),
            F.col(f"{logic}_units").alias("units"),
            F.col(f"{logic}_revenue").alias("net_revenue"),
            score.alias("score"),
        )
        for logic, score in scores.items()
    ]


def rise_score(recent: Column, before: Column) -> Column:
    """How many standard deviations the recent rate lies above the one before; about normal where both are equal.

    Square roots of Poisson counts with Anscombe's 3/8: 2(√(k₁+3/8) − √((k₀+3/8)·t₁/t₀)) ÷ √(1+t₁/t₀), after
    Huffman, Applied Statistics 33 (1984) 224, and Ng & Tang, Statistics in Medicine 24 (2005) 955.
    """
    of_time = RECENT_DAYS / BEFORE_DAYS
    small = F.lit(3 / 8)
    difference = F.sqrt(recent + small) - F.sqrt((before + small) * F.lit(of_time))
    return 2 * difference / F.lit(math.sqrt(1 + of_time))
