"""How many members two audiences share."""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def audience_overlaps(people: DataFrame, as_of: date) -> DataFrame:
    """One row per audience × other audience with a common member: `both_count`, and its share of the audience.

    `people`: one row per customer with `audience_keys`. An audience is not set against itself.
    """
    alike = people.where(F.size("audience_keys") > 0).groupBy("audience_keys").agg(F.count(F.lit(1)).alias("n"))
    each = alike.withColumn("audience_key", F.explode("audience_keys"))
    sizes = each.groupBy("audience_key").agg(F.sum("n").alias("size"))
    pairs = (
        each.withColumn("other_key", F.explode("audience_keys"))
        .where(F.col("other_key") != F.col("audience_key"))
        .groupBy("audience_key", "other_key")
        .agg(F.sum("n").alias("both_count"))
    )
    return pairs.join(sizes, "audience_key").select(
        F.lit(as_of).alias("as_of"),
        "audience_key",
        "other_key",
        "both_count",
        (F.col("both_count") / F.col("size")).alias("share"),
    )
