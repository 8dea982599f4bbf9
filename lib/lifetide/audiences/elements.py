"""The elements of collections, all kinds in one frame, so that a run reads each table once."""

from __future__ import annotations

from collections.abc import Collection as Names
from dataclasses import dataclass
from datetime import date
from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lifetide.audiences.fields import COLLECTIONS, Collection
from lifetide.tables import EVENTS
from lifetide.vocabulary import OrderState

OF_EVENTS: tuple[Collection, ...] = tuple(one for one in COLLECTIONS if one.table is EVENTS)
OF_ORDERS = ("orders", "items")


@dataclass(frozen=True)
class Happened:
    """The tables that collections are read from, as they stand at as_of."""

    orders: DataFrame
    sale_lines: DataFrame
    customer_days: DataFrame
    events: DataFrame


def elements(happened: Happened, kinds: Names[str], since: dict[str, date | None], as_of: date) -> DataFrame | None:
    """One row per element: `source_id, kind, local_date, at` (null = only the day is known) and the kinds' fields.

    `since` = the first local date that matters, by kind. None where no kind is a collection.
    """
    found = []
    if any(kind in kinds for kind in OF_ORDERS):
        found.append(_ordered(happened, kinds, since))
    if "visits" in kinds:
        found.append(_visits(happened.customer_days, since["visits"]))
    named = [one for one in OF_EVENTS if one.name in kinds]
    if named:
        found.append(_events(happened.events, named, since))
    if not found:
        return None
    union = reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), found)
    return union.where(F.col("source_id").isNotNull() & (F.col("local_date") <= F.lit(as_of)))


def _ordered(happened: Happened, kinds: Names[str], since: dict[str, date | None]) -> DataFrame:
    """Orders that stand, and their lines of products. Lines learn from their order's row whether it stands."""
    stands = F.col("voided_on").isNull() & (F.col("state") != str(OrderState.CREDIT))
    by_name = {one.name: one for one in COLLECTIONS}
    orders = happened.orders.select(
        "source_id", F.lit("orders").alias("kind"), F.col("order_date").alias("local_date"),
        F.col("ordered_at").alias("at"), *by_name["orders"].columns, stands.alias("stands"),
    )  # fmt: skip
    if "items" not in kinds:
        return _since(orders.where("stands").drop("stands"), since["orders"])
    items = happened.sale_lines.where(F.coalesce("is_product", F.lit(True))).select(
        F.col("order_source_id").alias("source_id"), F.lit("items").alias("kind"),
        F.col("order_date").alias("local_date"), F.col("order_at").alias("at"), *by_name["items"].columns,
    )  # fmt: skip
    firsts = [since[kind] for kind in OF_ORDERS if kind in kinds]
    known = [first for first in firsts if first is not None]
    whole_order = Window.partitionBy("order_id")
    both = _since(
        orders.unionByName(items, allowMissingColumns=True), min(known) if len(known) == len(firsts) else None
    )
    standing = both.withColumn("stands", F.max("stands").over(whole_order)).where("stands").drop("stands")
    return standing if "orders" in kinds else standing.where(F.col("kind") == "items")


def _visits(days: DataFrame, since: date | None) -> DataFrame:
    """A row per visit; only its day is known."""
    each = F.explode(F.array_repeat(F.lit(1), F.col("visit_count").cast("int")))
    visited = days.where(F.col("visit_count") > 0).select(
        "source_id", F.lit("visits").alias("kind"), "local_date", each.alias("visit")
    )
    return _since(visited.drop("visit"), since)


def _events(events: DataFrame, named: list[Collection], since: dict[str, date | None]) -> DataFrame:
    """What visitors did and messages they got, in one scan; each event type belongs to one collection."""
    kind = F.lit(None).cast("string")
    for one in named:
        kind = F.when(F.col("event_type").isin([str(type_) for type_ in one.event_types]), one.name).otherwise(kind)
    types = [str(type_) for one in named for type_ in one.event_types]
    fields = list(dict.fromkeys(name for one in named for name in one.columns))
    firsts = [since[one.name] for one in named]
    known = [first for first in firsts if first is not None]
    told = events.where(F.col("state").isNull() & F.col("event_type").isin(types)).select(
        "source_id",
        kind.alias("kind"),
        F.col("event_date").alias("local_date"),
        F.col("event_at").alias("at"),
        *fields,
    )
    return _since(told, min(known) if len(known) == len(firsts) else None)


def _since(rows: DataFrame, first: date | None) -> DataFrame:
    is_in: Column = F.lit(True) if first is None else F.col("local_date") >= F.lit(first)
    return rows if first is None else rows.where(is_in)
