"""The facts of audiences from the published tables; each read is bounded by audiences, not by customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from lifetide.explorer.audience_facts import AudienceFacts, AudiencesFacts, ClassOf, Product, Worth
from lifetide.explorer.growth_facts import active_then, growth_day
from lifetide.explorer.months import MONTHS_BACK, months_before
from lifetide.storage.bounded import rows

MOST_ROWS = 200_000
PRODUCTS_SHOWN = 5

Read = Callable[[str], DataFrame]


def audiences_facts(read: Read, as_of: date) -> AudiencesFacts:
    """The audiences as evaluated for as_of; nothing where they were not."""
    overview = rows(read("audience_overview").where(F.col("as_of") == F.lit(as_of)), at_most=MOST_ROWS)
    if not overview:
        return AudiencesFacts()
    named = {row["audience_key"]: row["name"] for row in rows(_names(read), at_most=MOST_ROWS)}
    evaluated = _by_audience(read("audience_evaluations").where(F.col("as_of") == F.lit(as_of)))
    growth = _by_audience(_growth(read("base_growth"), as_of))
    classes = _by_audience(read("audience_classes").where(F.col("as_of") == F.lit(as_of)))
    overlaps = _by_audience(read("audience_overlaps").where(F.col("as_of") == F.lit(as_of)))
    products = _by_audience(_products(read, as_of))
    found = []
    for row in sorted((one for one in overview if one["audience_key"]), key=lambda one: -one["member_count"]):
        key = row["audience_key"]
        seen = evaluated[key][0].asDict() if evaluated[key] else {}
        days = sorted((growth_day(one) for one in growth[key]), key=lambda one: one.date)
        found.append(
            AudienceFacts(
                key, named.get(key, key), _worth(row), seen.get("entered_count", 0), seen.get("left_count", 0),
                seen.get("waiting_count", 0), tuple(days), active_then(days, as_of),
                tuple(_class(one) for one in classes[key]),
                tuple(sorted(((one["other_key"], one["both_count"], one["share"]) for one in overlaps[key]),
                             key=lambda one: (-one[1], one[0]))),
                tuple(sorted((_product(one) for one in products[key]), key=lambda one: (one.logic, one.rank))),
            )
        )  # fmt: skip
    everyone = next((_worth(one) for one in overview if one["audience_key"] is None), Worth())
    return AudiencesFacts(everyone, tuple(found), as_of)


def _names(read: Read) -> DataFrame:
    return read("audience_definitions").groupBy("audience_key").agg(F.max_by("name", "version").alias("name"))


def _growth(growth: DataFrame, as_of: date) -> DataFrame:
    """Month ends, the day itself, and the days that it is compared with."""
    then = [F.lit(months_before(as_of, months)) for months in MONTHS_BACK]
    is_kept = (F.col("date") == F.last_day("date")) | F.col("date").isin(F.lit(as_of), *then)
    return growth.where(F.col("audience_key").isNotNull() & (F.col("date") <= F.lit(as_of)) & is_kept)


def _products(read: Read, as_of: date) -> DataFrame:
    listed = read("audience_products").where(
        (F.col("as_of") == F.lit(as_of)) & F.col("audience_key").isNotNull() & (F.col("rank") <= PRODUCTS_SHOWN)
    )
    names = read("products").select("product_id", F.col("name").alias("product_name"))
    return listed.join(names, "product_id", "left").withColumn("title", F.coalesce("product_name", "product_id"))


def _by_audience(frame: DataFrame) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows(frame, at_most=MOST_ROWS):
        found[row["audience_key"]].append(row)
    return found


def _worth(row: Row) -> Worth:
    return Worth(
        row["member_count"], row["ltv_per_customer"], row["average_orders"], row["average_basket_size"],
        row["annual_orders"], row["annual_revenue"], row["lost_share"], row["ltv_predicted_365d"],
        row["ltv_predicted_365d_lower"], row["ltv_predicted_365d_upper"],
    )  # fmt: skip


def _class(row: Row) -> ClassOf:
    return ClassOf(
        row["kind"], row["class_value"], row["member_count"], row["member_share"], row["lift"],
        row["potential_value"], row["potential_share"],
    )  # fmt: skip


def _product(row: Row) -> Product:
    return Product(
        row["logic"], row["rank"], row["title"], row["buyers"], row["units"], row["net_revenue"], row["lift"]
    )
