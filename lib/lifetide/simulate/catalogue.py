"""What the shop sells: twelve categories of forty products, a few of which everybody wants."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.simulate.arrays import numbers
from lifetide.simulate.dice import Dice, Key
from lifetide.simulate.moments import instant
from lifetide.simulate.world import Plan

CATEGORIES = (
    "Tea and coffee", "Baking", "Kitchen", "Garden", "Stationery", "Toys and games", "Lights and candles", "Bath",
    "Textiles", "Jewellery", "Travel", "Ornaments",
)  # fmt: skip
PER_CATEGORY = 40
KINDS = ("classic", "small", "large", "blue", "natural", "gift set", "refill", "de luxe")


@dataclass(frozen=True)
class Catalogue:
    """Prices by product number (0 to 479; forty in a row are a category), in shop currency."""

    prices: tuple[float, ...]

    def price(self, product: Column) -> Column:
        """List price."""
        return F.get(numbers(self.prices), product)

    def mean_price(self, category: Column, loyal_share: float) -> Column:
        """Expected list price of one choice by somebody who prefers that category."""
        means = np.array(self.prices).reshape(len(CATEGORIES), PER_CATEGORY) @ np.array(popularity())
        of_category = F.get(numbers(means.tolist()), category)
        return of_category * loyal_share + float(means.mean()) * (1 - loyal_share)


def catalogue(plan: Plan) -> Catalogue:
    """Log-normal prices around 12 to 40, by seed."""
    drawn = np.random.default_rng([plan.seed & 0xFFFFFFFF, 1])
    levels = np.repeat(drawn.uniform(12, 40, len(CATEGORIES)), PER_CATEGORY)
    prices = levels * np.exp(drawn.normal(0, 0.5, len(levels)))
    return Catalogue(tuple(np.round(prices, 2).tolist()))


def popularity() -> list[float]:
    """Shares of a category's products by rank: ln((r + 1) / r) / ln(m + 1), nearly Zipf's 1 / r."""
    return [math.log((rank + 1) / rank) / math.log(PER_CATEGORY + 1) for rank in range(1, PER_CATEGORY + 1)]


def chosen_product(dice: Dice, preferred: Column, loyal_share: float, *keys: Key) -> Column:
    """A product number: mostly from the preferred category, the rank within it as ⌊(m + 1)^U⌋, see `popularity`."""
    elsewhere = dice.below(len(CATEGORIES), "other category", *keys)
    category = F.when(dice.is_so(loyal_share, "is loyal", *keys), preferred).otherwise(elsewhere)
    rank = F.floor(F.exp(dice.uniform("product", *keys) * math.log(PER_CATEGORY + 1))).cast("int")
    return category * PER_CATEGORY + F.least(rank, F.lit(PER_CATEGORY)) - 1


def product_id(product: Column) -> Column:
    """The shop's product number as its tables have it."""
    return F.concat(F.lit("p"), F.lpad(product.cast("string"), 3, "0"))


def category_name(product: Column) -> Column:
    """The category's name."""
    names = F.split(F.lit("|".join(CATEGORIES)), r"\|")
    return F.get(names, F.floor(product / PER_CATEGORY).cast("int"))


def products(session: SparkSession, plan: Plan) -> DataFrame:
    """One row per product, columns as in the kind `products`; on sale since before the first day."""
    prices = catalogue(plan).prices
    listed = [
        (one, f"{CATEGORIES[one // PER_CATEGORY]}, {KINDS[one % len(KINDS)]} no. {one % PER_CATEGORY + 1}", price)
        for one, price in enumerate(prices)
    ]
    dice, product = Dice(plan.seed), F.col("place")
    cost = F.col("price") * (0.35 + 0.3 * dice.uniform("cost", "place"))
    launched = F.lit(-int(timedelta(days=30).total_seconds())).cast("bigint")
    return session.createDataFrame(listed, "place int, name string, price double").select(
        product_id(product).alias("product_id"),
        "name",
        category_name(product).alias("category"),
        F.col("price").cast("decimal(12,2)").alias("price"),
        F.round(cost, 2).cast("decimal(12,2)").alias("unit_cost"),
        instant(plan, launched).alias("published_at"),
    )
