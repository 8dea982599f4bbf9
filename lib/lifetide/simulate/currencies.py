"""Other currencies in which some people pay, and their daily rates."""

from __future__ import annotations

import hashlib
import math

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lifetide.simulate.dice import Dice
from lifetide.simulate.moments import local_day
from lifetide.simulate.world import Plan


def base_rate(code: str) -> float:
    """Units of shop currency for one unit of this made-up market's currency: 0.50 to 1.50, by its code."""
    return 0.5 + hashlib.blake2b(code.encode(), digest_size=1).digest()[0] / 255


def price_factor(plan: Plan, currency: Column) -> Column:
    """What a price in shop currency is multiplied by, to be one in `currency`."""
    factor = F.lit(1.0)
    for code in plan.currencies:
        factor = F.when(currency == code, 1 / base_rate(code)).otherwise(factor)
    return factor


def fx_rates(session: SparkSession, plan: Plan) -> DataFrame:
    """One row per other currency and local date, columns as in the kind `fx_rates`: a wave of 5% and daily noise."""
    dice = Dice(plan.seed)
    rate = F.lit(0.0)
    for code in plan.currencies:
        rate = F.when(F.col("currency") == code, base_rate(code)).otherwise(rate)
    wave = 1 + 0.05 * F.sin(F.col("day") * (2 * math.pi / 365)) + 0.004 * dice.normal("fx", "currency", "day")
    codes = (
        F.array(*(F.lit(code) for code in plan.currencies)) if plan.currencies else F.array().cast("array<string>")
    )
    return (
        session.range(0, plan.days, 1, 1)
        .select(F.col("id").alias("day"), F.explode(codes).alias("currency"))
        .select(
            "currency", local_day(plan, F.col("day")).alias("date"), (rate * wave).cast("decimal(18,8)").alias("rate")
        )
    )
