"""Who the members of audiences are, class by class, and what they are worth (feature rows 003.7, 003.9)."""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lifetide.metrics.audience_means import SUMMED, means, sums
from lifetide.tables.model import MONEY

KINDS = (
    "lifecycle_group", "importance", "loyalty", "rfm_segment", "price_sensitivity", "regularity", "main_category",
    "acquisition_channel",
)  # fmt: skip
_YEAR = 365
_GRAIN = ("audience_key", "kind", "class_value")


def audience_classes(people: DataFrame, as_of: date) -> DataFrame:
    """One row per audience (null = everyone) × kind × class that a member is in, as of `as_of`.

    `people` as `audience_overview` takes them, with the columns of `KINDS`, baseline_interval_days and
    average_order_value. Potential value is what a year would bring if everybody ordered at their own baseline rate:
    365 ÷ baseline_interval_days × average_order_value, null for those without an order. `lift` = the class's share
    of the audience ÷ its share of everyone. A class that is unknown is left out.
    """
    everyone = F.array(F.lit(None).cast("string"))
    mine = F.coalesce("audience_keys", F.array().cast("array<string>"))
    classes = F.array(*(F.struct(F.lit(kind).alias("kind"), F.col(kind).alias("class_value")) for kind in KINDS))
    potential = F.try_divide(F.lit(_YEAR), F.col("baseline_interval_days")) * F.col("average_order_value").cast(
        "double"
    )
    told = people.select(
        F.concat(everyone, mine).alias("keys"), F.explode(classes).alias("one"), "order_count", "order_value_sum",
        "annual_orders", "annual_revenue", "ltv_historic", "lifecycle_group",
        F.round(potential, 2).cast(MONEY).alias("potential"),
    ).where(F.col("one.class_value").isNotNull())  # fmt: skip
    # first by what people have in common, so that audiences multiply few rows
    alike = told.groupBy("keys", "one").agg(*sums(), F.sum("potential").alias("potential"))
    each = alike.withColumn("audience_key", F.explode("keys")).select(
        "audience_key", "one.kind", "one.class_value", *_SUMS
    )
    found = each.groupBy(*_GRAIN).agg(*(F.sum(name).alias(name) for name in _SUMS))
    sizes = found.groupBy("audience_key", "kind").agg(F.sum("n").alias("size"), F.sum("potential").alias("whole"))
    base = found.where(F.col("audience_key").isNull()).select(
        "kind", "class_value", F.col("n").alias("base_n"), F.col("potential").alias("base_potential")
    )
    base_sizes = sizes.where(F.col("audience_key").isNull()).select(
        "kind", F.col("size").alias("base_size"), F.col("whole").alias("base_whole")
    )
    same = F.col("a.audience_key").eqNullSafe(F.col("b.audience_key")) & (F.col("a.kind") == F.col("b.kind"))
    beside = found.alias("a").join(sizes.alias("b"), same, "left").select("a.*", "b.size")
    beside = beside.join(base, ["kind", "class_value"], "left").join(base_sizes, "kind", "left")
    return beside.select(F.lit(as_of).alias("as_of"), *_GRAIN, *_figures())


_SUMS = (*SUMMED, "potential")


def _figures() -> list[Column]:
    n = F.col("n").cast("double")
    share = F.try_divide(n, F.col("size").cast("double"))
    base_share = F.try_divide(F.col("base_n").cast("double"), F.col("base_size").cast("double"))
    return [
        F.col("n").cast("bigint").alias("member_count"),
        share.alias("member_share"),
        F.try_divide(share, base_share).alias("lift"),
        *means(),
        F.col("potential").cast(MONEY).alias("potential_value"),
        F.try_divide(F.col("potential").cast("double"), F.col("base_whole").cast("double")).alias("potential_share"),
    ]
